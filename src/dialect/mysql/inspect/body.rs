//! Triggers, procedures, functions and events: raw objects with the bodies that people wrote. Who defined them is left out,
//! as other privileges are.

use std::collections::HashMap;

use super::build::{Build, Draft, Rests};
use super::cells_of;
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::dialect::cells::Cells;
use crate::dialect::mysql::quote::{ident, string};

/// The modes that change how a body is read, or what it does.
const MATTERING: [&str; 10] = [
    "ANSI_QUOTES",
    "HIGH_NOT_PRECEDENCE",
    "IGNORE_SPACE",
    "NO_BACKSLASH_ESCAPES",
    "NO_UNSIGNED_SUBTRACTION",
    "ORACLE",
    "PAD_CHAR_TO_FULL_LENGTH",
    "PIPES_AS_CONCAT",
    "REAL_AS_FLOAT",
    "SIMULTANEOUS_ASSIGNMENT",
];

/// What makes statements refuse values that don't fit.
const STRICT: [&str; 2] = ["STRICT_TRANS_TABLES", "STRICT_ALL_TABLES"];

/// What is unusual about a mode that a body was written in; empty if it is read and does as in the mode of a connection
/// of ours.
pub(in crate::dialect::mysql) fn matters(mode: &str) -> String {
    let modes: Vec<&str> = mode.split(',').collect();
    let mut unusual: Vec<&str> = MATTERING.into_iter().filter(|known| modes.contains(known)).collect();
    if !modes.iter().any(|mode| STRICT.contains(mode)) {
        unusual.push("not strict");
    }
    unusual.join(",")
}

/// A body without the mark behind it, which a client may have sent with others as one text, and MySQL keeps.
pub(in crate::dialect::mysql) fn unended(body: &str) -> &str {
    body.trim_end_matches(|end: char| end == ';' || end.is_whitespace())
}

/// Reads all of them.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    triggers(rows, build)?;
    routines(rows, build)?;
    events(rows, build)
}

/// The statement in the mode that it was written in.
fn in_mode(create: String, mode: &str) -> String {
    if matters(mode).is_empty() {
        return create;
    }
    format!(
        "SET @schemactl_mode = @@sql_mode;\nSET sql_mode = {};\n{create};\nSET sql_mode = @schemactl_mode",
        string(mode)
    )
}

fn triggers(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    let mut before: HashMap<(&str, &str, &str), &str> = HashMap::new();
    for cells in cells_of(rows, "trigger") {
        let (name, table, timing, event) = (cells.name(0)?, cells.name(1)?, cells.text(2)?, cells.text(3)?);
        let Some(body) = cells.optional(5)?.map(unended) else {
            let reason = "can't be read by this user, who has no right to TRIGGER";
            build.unmanaged("trigger", name.as_str(), "", reason);
            continue;
        };
        let earlier = before.insert((cells.text(1)?, timing, event), cells.text(0)?);
        let follows = earlier.map(|earlier| format!(" FOLLOWS {}", ident(earlier))).unwrap_or_default();
        let create = format!(
            "CREATE TRIGGER {} {timing} {event} ON {} FOR EACH ROW{follows}\n{body}",
            ident(&name),
            ident(&table)
        );
        let managed = build.has_table(&table);
        if !managed {
            let reason = "belongs to a table that is not part of the schema";
            build.unmanaged("trigger", name.as_str(), &create, reason);
            continue;
        }
        let drop = format!("DROP TRIGGER {}", ident(&name));
        let rests = match earlier {
            Some(earlier) => Rests::Behind(table, earlier.to_owned()),
            None => Rests::On(table),
        };
        build.draft(Draft { kind: "trigger", name, create: in_mode(create, cells.text(6)?), drop, rests });
    }
    Ok(())
}

fn routines(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    let mut parameters: HashMap<(&str, &str), Vec<Cells<'_>>> = HashMap::new();
    for cells in cells_of(rows, "parameter") {
        parameters.entry((cells.text(0)?, cells.text(1)?)).or_default().push(cells);
    }
    for cells in cells_of(rows, "routine") {
        let (word, name) = (cells.text(0)?, cells.name(1)?);
        let kind = match word {
            "FUNCTION" => "function",
            "PROCEDURE" => "procedure",
            _ => "package",
        };
        let body = cells.optional(2)?.map(unended);
        let reason = match (kind, body, cells.optional(7)?) {
            ("package", ..) => Some("is a package, which can't be put together from the catalog"),
            (_, None, _) => Some("can't be read by this user, who neither owns it nor may see routines"),
            (_, _, Some(_)) => Some("is written in a language other than SQL"),
            (_, Some(body), None) if is_aggregate(body) => {
                Some("is an aggregate, which the catalog doesn't tell")
            }
            (_, Some(_), None) => None,
        };
        if let Some(reason) = reason {
            build.unmanaged(kind, name.as_str(), body.unwrap_or_default(), reason);
            continue;
        }
        let own = parameters.get(&(word, cells.text(1)?)).map_or(&[][..], Vec::as_slice);
        let create = routine(cells, word, own, build)?;
        let drop = format!("DROP {word} {}", ident(&name));
        let create = in_mode(create, cells.text(8)?);
        build.draft(Draft { kind, name, create, drop, rests: Rests::Free });
    }
    Ok(())
}

/// Whether a function takes rows one by one, as those do that are created with AGGREGATE.
fn is_aggregate(body: &str) -> bool {
    body.to_ascii_uppercase().contains("FETCH GROUP NEXT ROW")
}

fn routine(
    cells: Cells<'_>,
    word: &str,
    parameters: &[Cells<'_>],
    build: &Build<'_>,
) -> Result<String, Diagnostic> {
    let (mut taken, mut returned) = (Vec::new(), String::new());
    for parameter in parameters {
        let mut ty = parameter.text(5)?.to_owned();
        if let (Some(charset), Some(collation)) = (parameter.optional(6)?, parameter.optional(7)?)
            && collation != build.collation
        {
            ty += &format!(" CHARSET {charset} COLLATE {collation}");
        }
        match parameter.optional(4)? {
            Some(name) => {
                let mode = parameter.optional(3)?.filter(|mode| *mode != "IN");
                let mode = mode.map(|mode| format!("{mode} ")).unwrap_or_default();
                taken.push(format!("{mode}{} {ty}", ident(name)));
            }
            None => returned = format!(" RETURNS {ty}"),
        }
    }
    let mut create = format!("CREATE {word} {}({}){returned}", ident(cells.text(1)?), taken.join(", "));
    create.extend(cells.optional(3)?.map(|_| "\nDETERMINISTIC"));
    let access = Some(cells.text(4)?).filter(|access| *access != "CONTAINS SQL");
    create.extend(access.map(|access| format!("\n{access}")));
    create.extend(cells.optional(5)?.map(|_| "\nSQL SECURITY INVOKER"));
    create.extend(cells.optional(6)?.map(|comment| format!("\nCOMMENT {}", string(comment))));
    Ok(format!("{create}\n{}", unended(cells.text(2)?)))
}

fn events(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    for cells in cells_of(rows, "event") {
        let name = cells.name(0)?;
        let mut create = format!("CREATE EVENT {} ON SCHEDULE", ident(&name));
        if let Some(at) = cells.optional(2)? {
            create += &format!(" AT {}", string(at));
        } else {
            let (every, unit) = (cells.text(3)?, cells.text(4)?);
            let plain = every.bytes().all(|byte| byte.is_ascii_digit());
            create += &format!(
                " EVERY {} {unit}",
                if plain { every.to_owned() } else { string(every.trim_matches('\'')) }
            );
            for (word, at) in [("STARTS", 5), ("ENDS", 6)] {
                create.extend(cells.optional(at)?.map(|moment| format!(" {word} {}", string(moment))));
            }
        }
        create.extend(
            Some("\nON COMPLETION PRESERVE").filter(|_| cells.text(8).is_ok_and(|kept| kept == "PRESERVE")),
        );
        create += match cells.text(7)? {
            "ENABLED" => "",
            "DISABLED" => "\nDISABLE",
            _ => "\nDISABLE ON SLAVE",
        };
        create.extend(cells.optional(9)?.map(|comment| format!("\nCOMMENT {}", string(comment))));
        create += &format!("\nDO {}", unended(cells.text(10)?));
        let drop = format!("DROP EVENT {}", ident(&name));
        build.draft(Draft {
            kind: "event",
            name,
            create: in_mode(create, cells.text(11)?),
            drop,
            rests: Rests::Free,
        });
    }
    Ok(())
}
