//! Unique keys that no tree has room for. MariaDB keeps a hash of their values, in a hidden virtual column, and changes
//! nothing of a table with one but by copying it: seen on 10.11. MySQL has no such keys.

use super::super::options;
use super::super::types::{BINARY, CHAR, MyType, VARBINARY, VARCHAR};
use super::super::version;
use super::algorithm::bytes;
use super::change::Key;
use super::difference::keys;
use crate::dialect::Version;
use crate::model::{Collection, Column, EnumType, KeyPart, Table};
use crate::name::Name;

/// What a tree of InnoDB has room for in the row formats that MariaDB makes by default, by its manual.
const KEY_BYTES_MAX: u32 = 3072;
/// What no number, time or choice exceeds: the longest decimal takes 30.
const OTHER_BYTES_MAX: u32 = 32;

/// Whether MariaDB may keep a hash for a unique key of the table, as far as is told what characters its texts are of.
pub(super) fn has_hash(table: &Table, enums: &Collection<EnumType>, version: Version) -> bool {
    let column_bytes = |name: &Name, prefix: Option<u32>| {
        let column = table.columns.get(name);
        column.map_or(0, |column| column_bytes(column, prefix, table, enums))
    };
    let key_bytes = |key: Key| match key {
        Key::Unique(unique) => unique.columns.iter().map(|name| column_bytes(name, None)).sum(),
        Key::Index(index) if index.unique => {
            let parts = index.keys.iter().map(|key| match &key.on {
                KeyPart::Column(name) => column_bytes(name, key.prefix),
                KeyPart::Expression(_) => 0,
            });
            parts.sum()
        }
        Key::Index(_) => 0_u64,
    };
    version::is_mariadb(version) && keys(table).into_iter().any(|key| key_bytes(key) > KEY_BYTES_MAX.into())
}

/// How many bytes a column may take in a key.
fn column_bytes(column: &Column, prefix: Option<u32>, table: &Table, enums: &Collection<EnumType>) -> u64 {
    let ty = MyType::of(&column.ty.common, enums);
    let widths = if ty.is_text() { options::widths(column, &table.settings) } else { &[1] };
    let width = widths.iter().max().copied().unwrap_or(1);
    let bytes = match prefix {
        Some(length) => length.saturating_mul(width),
        None if ty.is_long() => u32::MAX,
        None if ty.is_any(&[CHAR, VARCHAR, BINARY, VARBINARY]) => bytes(&ty, width),
        None => OTHER_BYTES_MAX,
    };
    bytes.into()
}
