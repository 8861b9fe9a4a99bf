//! Diesel: a folder `VERSION_name` for each step, with `up.sql` and, where there is a way back, `down.sql`.

use super::{Read, numbered};
use crate::import::assemble::{Found, Part};
use crate::import::script::Sql;

pub(super) fn read(path: &str, text: Option<&str>) -> Read {
    let Some((folder, file)) = path.rsplit_once('/') else { return Ok(None) };
    let Some(text) = text else { return Ok(None) };
    let folder = folder.rsplit('/').next().unwrap_or(folder);
    let Some((version, name)) = folder.split_once('_') else { return Ok(None) };
    // Books have the version without the hyphens of `2026-01-31-120000`.
    let plain = format!("{}_", version.replace('-', ""));
    let Some((version, _)) = numbered(&plain) else { return Ok(None) };
    let part = match file {
        "up.sql" => Part::Up(Sql::script(text)),
        "down.sql" => Part::Down(Sql::script(text)),
        _ => return Ok(None),
    };
    Ok(Some(Found::new(path, version, name, part)))
}
