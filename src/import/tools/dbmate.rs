//! dbmate: `VERSION_name.sql` with the two ways behind the marks `-- migrate:up` and `-- migrate:down`.

use super::{Read, Way, file_name, numbered, two_ways};
use crate::import::assemble::{Found, Part};

pub(super) fn read(path: &str, text: Option<&str>) -> Read {
    let Some(text) = text else { return Ok(None) };
    let Some(stem) = file_name(path).strip_suffix(".sql") else { return Ok(None) };
    let Some((version, name)) = numbered(stem) else { return Ok(None) };
    let (up, down) = two_ways(path, text, way)?;
    Ok(Some(Found::new(path, version, name, Part::Both(up, down))))
}

fn way(line: &str) -> Option<Way> {
    let rest = line.strip_prefix("--")?.trim_start().strip_prefix("migrate:")?;
    match rest.split_whitespace().next()? {
        "up" => Some(Way::Up),
        "down" => Some(Way::Down),
        _ => None,
    }
}
