//! Atlas: `VERSION_name.sql` beside `atlas.sum`. A checkpoint repeats what the steps before it made, so it is passed over.

use super::{Read, file_name};
use crate::import::assemble::{Found, Part};
use crate::import::script::Sql;

pub(super) fn read(path: &str, text: Option<&str>) -> Read {
    let Some(text) = text else { return Ok(None) };
    let Some(stem) = file_name(path).strip_suffix(".sql") else { return Ok(None) };
    let (version, name) = stem.split_once('_').unwrap_or((stem, ""));
    let is_number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    let is_checkpoint = text
        .lines()
        .take_while(|line| line.starts_with("--"))
        .any(|line| line.trim_start_matches('-').trim_start().starts_with("atlas:checkpoint"));
    if !is_number || is_checkpoint {
        return Ok(None);
    }
    Ok(Some(Found::new(path, version, name, Part::Both(Sql::script(text), None))))
}
