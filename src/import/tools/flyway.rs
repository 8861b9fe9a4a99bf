//! Flyway: `V1.2__name.sql` with `U1.2__name.sql` as the way back, and `R__name.sql`, which runs behind all of them.
//! Steps in Java are programs, and placeholders are filled in by Flyway alone.

use super::{Read, file_name, program, unreadable};
use crate::import::assemble::{Found, Part};
use crate::import::script::Sql;

pub(super) fn read(path: &str, text: Option<&str>) -> Read {
    let Some((stem, kind)) = file_name(path).rsplit_once('.') else { return Ok(None) };
    if let Some(name) = stem.strip_prefix("R__") {
        return match (kind, text) {
            ("java" | "kt", _) => Err(program(path, "Java")),
            ("sql", Some(text)) => {
                Ok(Some(Found::new(path, "", name, Part::Repeated(Sql::script(checked(path, text)?)))))
            }
            _ => Ok(None),
        };
    }
    let Some((prefix, rest)) = stem.split_at_checked(1) else { return Ok(None) };
    let Some((version, name)) = rest.split_once("__") else { return Ok(None) };
    // An underscore in a version stands for a dot.
    let version = version.replace('_', ".");
    let is_number =
        version.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    if !is_number || !["V", "U"].contains(&prefix) {
        return Ok(None);
    }
    let Some(text) = text.filter(|_| kind == "sql") else {
        return if ["java", "kt"].contains(&kind) { Err(program(path, "Java")) } else { Ok(None) };
    };
    let sql = Sql::script(checked(path, text)?);
    let part = if prefix == "V" { Part::Up(sql) } else { Part::Down(sql) };
    Ok(Some(Found::new(path, &version, name, part)))
}

/// Refuses what Flyway would fill in.
fn checked<'t>(path: &str, text: &'t str) -> Result<&'t str, crate::diagnostic::Diagnostic> {
    let Some((_, rest)) = text.split_once("${") else { return Ok(text) };
    let Some((name, _)) = rest.split_once('}') else { return Ok(text) };
    let why = format!(
        "has the placeholder `${{{name}}}`: write the value in its place, or import a copy of the folder"
    );
    Err(unreadable(path, &why))
}
