//! Partitioned tables, which are raw objects: their CREATE TABLE with what the catalog says of the partitions behind it.

use std::collections::BTreeMap;

use super::build::{Build, Draft, Rests};
use super::{cells_of, expression::readable};
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::dialect::cells::Cells;
use crate::dialect::mysql::definition::Writer;
use crate::dialect::mysql::quote::{ident, string};
use crate::model::Value;
use crate::name::ObjectName;

/// Makes raw objects of the tables that have partitions.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    let mut partitioned: BTreeMap<ObjectName, Vec<Cells<'_>>> = BTreeMap::new();
    for cells in cells_of(rows, "partition") {
        partitioned.entry(ObjectName::unqualified(cells.name(0)?)).or_default().push(cells);
    }
    for (name, parts) in partitioned {
        let Some(table) = build.inspection.state.tables.remove(&name) else { continue };
        let writer = Writer { version: build.version, enums: &build.inspection.state.enums };
        let create = format!("{}\n{}", writer.create_table(&table), clause(&parts)?);
        let drop = format!("DROP TABLE {}", ident(&name.name));
        let defaults = table.columns.iter().filter_map(|column| match &column.default.common {
            Some(Value::Sql(text)) => Some(&**text),
            _ => None,
        });
        let rests = Rests::Mentioned(defaults.collect::<Vec<_>>().join(" "));
        build.draft(Draft { kind: "table", name: name.name, create, drop, rests });
    }
    Ok(())
}

/// `PARTITION BY …`
fn clause(parts: &[Cells<'_>]) -> Result<String, Diagnostic> {
    let Some(first) = parts.first() else { return Ok(String::new()) };
    let by = |method: &str, expression: Option<&str>| {
        // The columns of a list of columns are printed in it; an expression loses its own parentheses.
        format!("{method} ({})", readable(expression.unwrap_or_default()))
    };
    let mut clause = format!("PARTITION BY {}", by(first.text(5)?, first.optional(7)?));
    if let Some(method) = first.optional(6)? {
        clause += &format!("\nSUBPARTITION BY {}", by(method, first.optional(8)?));
    }
    let subparts = parts.iter().filter(|part| part.optional(1).ok() == first.optional(1).ok()).count();
    let whole: Vec<&Cells<'_>> = parts.iter().step_by(subparts.max(1)).collect();
    if parts
        .iter()
        .zip(0..)
        .all(|(part, at)| is_usual(*part, at / subparts.max(1), at % subparts.max(1)).unwrap_or(false))
    {
        if first.optional(6)?.is_some() {
            clause += &format!("\nSUBPARTITIONS {subparts}");
        }
        if first.optional(9)?.is_none() {
            return Ok(format!("{clause}\nPARTITIONS {}", whole.len()));
        }
    } else if first.optional(6)?.is_some()
        && parts.iter().zip(0..).all(|(part, at)| usual_subpart(*part, at % subparts).unwrap_or(false))
    {
        clause += &format!("\nSUBPARTITIONS {subparts}");
    }
    let named = clause.contains("\nSUBPARTITIONS") || first.optional(6)?.is_none();
    let mut lines = Vec::new();
    for (at, part) in whole.iter().enumerate() {
        let mut line = format!("PARTITION {}", ident(part.text(3)?));
        if let Some(values) = part.optional(9)? {
            line += &match first.text(5)? {
                method if method.starts_with("LIST") => format!(" VALUES IN ({values})"),
                _ if values == "MAXVALUE" && first.text(5)? == "RANGE" => {
                    " VALUES LESS THAN MAXVALUE".to_owned()
                }
                _ => format!(" VALUES LESS THAN ({values})"),
            };
        }
        line.extend(part.optional(10)?.map(|comment| format!(" COMMENT = {}", string(comment))));
        if !named {
            let own = parts.iter().skip(at * subparts).take(subparts);
            let own = own.map(|part| Ok(format!("SUBPARTITION {}", ident(part.text(4)?))));
            line += &format!(" ({})", own.collect::<Result<Vec<_>, Diagnostic>>()?.join(", "));
        }
        lines.push(line);
    }
    Ok(format!("{clause}\n({})", lines.join(",\n ")))
}

/// Whether a partition has the names that the server gives by itself, and says nothing more.
fn is_usual(part: Cells<'_>, at: usize, sub: usize) -> Result<bool, Diagnostic> {
    let named = part.text(3)? == format!("p{at}");
    Ok(named && part.optional(10)?.is_none() && (part.optional(6)?.is_none() || usual_subpart(part, sub)?))
}

fn usual_subpart(part: Cells<'_>, sub: usize) -> Result<bool, Diagnostic> {
    Ok(part.optional(4)? == Some(format!("{}sp{sub}", part.text(3)?).as_str()))
}
