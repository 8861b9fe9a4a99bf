//! sqlx: `VERSION_name.sql`, or `VERSION_name.up.sql` and `VERSION_name.down.sql`. What is named otherwise it passes over.

use super::{Read, file_name, numbered};
use crate::import::assemble::{Found, Part};
use crate::import::script::Sql;

pub(super) fn read(path: &str, text: Option<&str>) -> Read {
    let Some(text) = text else { return Ok(None) };
    let Some(stem) = file_name(path).strip_suffix(".sql") else { return Ok(None) };
    let Some((version, name)) = numbered(stem) else { return Ok(None) };
    let (name, part) = match (name.strip_suffix(".up"), name.strip_suffix(".down")) {
        (Some(name), _) => (name, Part::Up(Sql::script(text))),
        (_, Some(name)) => (name, Part::Down(Sql::script(text))),
        (None, None) => (name, Part::Both(Sql::script(text), None)),
    };
    Ok(Some(Found::new(path, version, name, part)))
}
