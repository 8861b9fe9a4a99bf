//! Columns.

use std::collections::HashMap;

use super::build::Build;
use super::cells_of;
use super::{expression, value};
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::dialect::cells::Cells;
use crate::dialect::postgres::quote::{self, ident};
use crate::dialect::postgres::sequence;
use crate::dialect::postgres::types::{PgType, nested};
use crate::model::{Column, Generated, Identity, IdentityMode, Options, PerDialect, SqlText, Storage, Type};
use crate::name::{Name, ObjectName};

/// The columns of all tables, by table: what has to be known of one to read the expressions of another.
pub(super) struct Columns<'a> {
    rows: HashMap<ObjectName, Vec<Cells<'a>>>,
    /// The namespace of unqualified names.
    namespace: Option<&'a str>,
}

impl<'a> Columns<'a> {
    /// Sorts the rows by table.
    pub(super) fn new(rows: &'a CatalogRows, build: &Build<'a>) -> Result<Self, Diagnostic> {
        let mut columns: HashMap<ObjectName, Vec<Cells<'a>>> = HashMap::new();
        let mut last: Option<(&str, &str, ObjectName)> = None;
        for cells in cells_of(rows, "column") {
            let (namespace, relation) = (cells.text(0)?, cells.text(1)?);
            let known = last.as_ref().filter(|(one, two, _)| *one == namespace && *two == relation);
            let table = match known {
                Some((.., table)) => table.clone(),
                None => build.object(cells, 0)?,
            };
            columns.entry(table.clone()).or_default().push(cells);
            last = Some((namespace, relation, table));
        }
        Ok(Self { rows: columns, namespace: build.unqualified() })
    }

    /// An expression over a table's row, as people write it.
    pub(super) fn expression(&self, table: &ObjectName, text: &str) -> String {
        expression::readable(text, &|column| self.printed_type(table, column))
    }

    /// The type of a column as the server writes it behind `::`, in the namespace of unqualified names.
    fn printed_type(&self, table: &ObjectName, column: &str) -> Option<String> {
        let cells =
            self.rows.get(table)?.iter().find(|cells| cells.text(2).is_ok_and(|name| name == column))?;
        self.printed(*cells).ok()
    }

    /// The type without length or precision. Names may lack the quotes that they need.
    fn printed(&self, cells: Cells<'_>) -> Result<String, Diagnostic> {
        let text = cells.text(4)?;
        let array = if cells.optional(5)?.is_some() { "[]" } else { "" };
        if let Some(namespace) = cells.optional(3)? {
            let prefix =
                if self.namespace == Some(namespace) { String::new() } else { format!("{namespace}.") };
            return Ok(format!("{prefix}{text}{array}"));
        }
        let bare = match text.split_once('(') {
            Some((head, rest)) if !text.starts_with('"') => {
                let tail = rest.split_once(')').map_or("", |(_, tail)| tail);
                format!("{head}{tail}")
            }
            _ => text.to_owned(),
        };
        let bare = if bare == "character" { "bpchar".to_owned() } else { bare };
        Ok(format!("{bare}{array}"))
    }

    /// Adds the columns to their tables.
    pub(super) fn read(&self, build: &mut Build<'_>) -> Result<(), Diagnostic> {
        let names: Vec<ObjectName> = build.inspection.state.tables.keys().cloned().collect();
        for name in names {
            for cells in self.rows.get(&name).into_iter().flatten() {
                let column = self.column(&name, *cells, build)?;
                extras(&name, &column, *cells, build)?;
                if let Some(sequence) = serial(*cells)? {
                    let sequence = (cells.text(0)?.to_owned(), sequence.to_owned());
                    build.serials.insert(sequence, name.clone());
                }
                if let Some(table) = build.inspection.state.tables.get_mut(&name) {
                    table.columns.replace(column);
                }
            }
        }
        Ok(())
    }

    fn column(&self, table: &ObjectName, cells: Cells<'_>, build: &Build<'_>) -> Result<Column, Diagnostic> {
        let expression = cells.optional(9)?;
        let storage = match cells.optional(10)? {
            None => None,
            Some("virtual") => Some(Storage::Virtual),
            Some(_) => Some(Storage::Stored),
        };
        let (mut default, mut generated) = (None, None);
        match (expression, storage) {
            (None, _) => {}
            (Some(_), None) if serial(cells)?.is_some() => {}
            (Some(text), None) => default = Some(value::read(text, &self.printed(cells)?)),
            (Some(text), Some(storage)) => {
                let expression = SqlText::from(self.expression(table, text).as_str());
                generated = Some(Generated { expression, storage });
            }
        }
        let collation = match (cells.optional(7)?, cells.optional(8)?) {
            (Some(namespace), Some(name)) => Some(build.collation(namespace, name)),
            _ => None,
        };
        Ok(Column {
            name: cells.name(2)?,
            only: None,
            ty: PerDialect::same(ty(cells, build)?),
            nullable: cells.optional(6)?.is_none(),
            default: PerDialect::same(default),
            generated,
            identity: identity(cells)?.map(|(identity, _)| identity),
            collation: PerDialect::same(collation),
            comment: cells.kept(17)?,
            options: Options::new(),
        })
    }
}

fn ty(cells: Cells<'_>, build: &Build<'_>) -> Result<Type, Diagnostic> {
    let dimensions = cells.number(5)?.and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
    match cells.optional(3)? {
        None => Ok(PgType::printed(cells.text(4)?, dimensions)),
        Some(_) => {
            let name = ObjectName { namespace: build.namespace(cells.name(3)?), name: cells.name(4)? };
            Ok(nested(Type::Enum(name), dimensions))
        }
    }
}

/// The sequence of a column that is as `serial` makes it. Another name than the derived one would get lost.
fn serial<'a>(cells: Cells<'a>) -> Result<Option<&'a str>, Diagnostic> {
    let derived = sequence::serial_name(cells.text(1)?, cells.text(2)?);
    Ok(cells.optional(18)?.filter(|name| *name == derived))
}

/// What is unusual about an identity's sequence: a clause for it, and one that takes it back.
type Unusual = Option<(String, String)>;

fn identity(cells: Cells<'_>) -> Result<Option<(Identity, Unusual)>, Diagnostic> {
    let mode = match cells.optional(11)? {
        None if serial(cells)?.is_some() => {
            let serial = Identity { mode: IdentityMode::Serial, start: None, increment: None };
            return Ok(Some((serial, None)));
        }
        None => return Ok(None),
        Some("always") => IdentityMode::Always,
        Some(_) => IdentityMode::ByDefault,
    };
    let plain = Identity { mode, start: None, increment: None };
    let Some(definition) = cells.optional(12)? else { return Ok(Some((plain, None))) };
    let definition: Result<(String, i64, i64, i64, i64, i64, bool), _> = serde_json::from_str(definition);
    let Ok((ty, start, increment, low, high, cache, cycle)) = definition else {
        return Err(cells.damaged(12, "is no sequence"));
    };
    let mut identity = Identity { increment: Some(increment).filter(|step| *step != 1), ..plain };
    let (lowest, highest) = match ty.as_str() {
        "smallint" => (i16::MIN.into(), i16::MAX.into()),
        "integer" => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    };
    let (usual_low, usual_high) = if increment < 0 { (lowest, -1) } else { (1, highest) };
    let (mut set, mut unset) = (String::new(), String::new());
    let mut unusual = |is: bool, clause: String, back: &str| {
        if is {
            set += &format!(" {clause}");
            unset += &format!(" {back}");
        }
    };
    unusual(low != usual_low, format!("SET MINVALUE {low}"), "SET NO MINVALUE");
    unusual(high != usual_high, format!("SET MAXVALUE {high}"), "SET NO MAXVALUE");
    unusual(cache != 1, format!("SET CACHE {cache}"), "SET CACHE 1");
    unusual(cycle, "SET CYCLE".to_owned(), "SET NO CYCLE");
    let usual_start = sequence::start(&identity);
    if start != usual_start {
        if (usual_low..=usual_high).contains(&start) {
            identity.start = Some(start);
        } else {
            // The server takes it only together with the bound that it lies in.
            unusual(true, format!("SET START WITH {start}"), &format!("SET START WITH {usual_start}"));
        }
    }
    Ok(Some((identity, (!set.is_empty()).then_some((set, unset)))))
}

/// What is said of a column beside its definition.
fn extras(
    table: &ObjectName,
    column: &Column,
    cells: Cells<'_>,
    build: &mut Build<'_>,
) -> Result<(), Diagnostic> {
    let name: &Name = &column.name;
    let mut alter = |kind: &'static str, what: &str, set: &str, unset: &str| {
        let clause = |rest: &str| format!("ALTER COLUMN {} {}", ident(name), rest.trim_start());
        build.altered(table, kind, &format!("{name}_{what}"), &clause(set), &clause(unset));
    };
    if let Some((_, Some((set, unset)))) = identity(cells)? {
        alter("sequence options", "sequence", &set, &unset);
    }
    if let Some(storage) = cells.optional(13)? {
        let mut words = storage.chars().map(|letter| match letter {
            'p' => "PLAIN",
            'e' => "EXTERNAL",
            'm' => "MAIN",
            _ => "EXTENDED",
        });
        let (own, usual) = (words.next().unwrap_or("EXTENDED"), words.next().unwrap_or("EXTENDED"));
        alter("storage", "storage", &format!("SET STORAGE {own}"), &format!("SET STORAGE {usual}"));
    }
    if let Some(compression) = cells.optional(14)? {
        let set = format!("SET COMPRESSION {compression}");
        alter("compression", "compression", &set, "SET COMPRESSION default");
    }
    if let Some(target) = cells.optional(15)? {
        alter("statistics target", "statistics", &format!("SET STATISTICS {target}"), "SET STATISTICS -1");
    }
    let options: Vec<String> = cells.list(16)?;
    if !options.is_empty() {
        let pairs = options.iter().map(|option| option.split_once('=').unwrap_or((option, "")));
        let set: Vec<String> =
            pairs.clone().map(|(key, value)| format!("{key} = {}", quote::string(value))).collect();
        let unset: Vec<&str> = pairs.map(|(key, _)| key).collect();
        alter(
            "column options",
            "options",
            &format!("SET ({})", set.join(", ")),
            &format!("RESET ({})", unset.join(", ")),
        );
    }
    Ok(())
}
