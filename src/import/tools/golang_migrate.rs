//! golang-migrate: `VERSION_name.up.sql` and `VERSION_name.down.sql`.

use super::{Read, sqlx_cli};
use crate::import::assemble::Found;

/// As sqlx names the files of steps that can be taken back; there are no others.
pub(super) fn read(path: &str, text: Option<&str>) -> Read {
    Ok(sqlx_cli::read(path, text)?.filter(Found::is_half))
}
