//! refinery: `V1__name.sql`; `U1__name.sql` may run out of order. Steps in Rust are programs.

use super::{Read, file_name, program};
use crate::import::assemble::{Found, Part};
use crate::import::script::Sql;

pub(super) fn read(path: &str, text: Option<&str>) -> Read {
    let name = file_name(path);
    let Some((stem, kind)) = name.rsplit_once('.') else { return Ok(None) };
    let Some((version, name)) = stem.strip_prefix(['V', 'U']).and_then(|rest| rest.split_once("__")) else {
        return Ok(None);
    };
    let is_number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match (kind, text) {
        ("rs", _) if is_number => Err(program(path, "Rust")),
        ("sql", Some(text)) if is_number => {
            Ok(Some(Found::new(path, version, name, Part::Both(Sql::script(text), None))))
        }
        _ => Ok(None),
    }
}
