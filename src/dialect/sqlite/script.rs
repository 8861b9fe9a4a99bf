//! The statements of a rebuild that are about more than the table's own definition.

use super::quote;

/// Hands the numbers that the old table gave out on to the new one.
pub(super) fn sequence(table: &str, scratch: &str) -> Vec<String> {
    let (table, scratch) = (quote::text(table), quote::text(scratch));
    vec![
        format!("DELETE FROM sqlite_sequence WHERE name = {scratch}"),
        format!(
            "INSERT INTO sqlite_sequence (name, seq) \
             SELECT {scratch}, seq FROM sqlite_sequence WHERE name = {table}"
        ),
    ]
}

/// Puts the new table in the place of the old one. The old rules of ALTER TABLE leave alone what refers to the table by
/// its name: foreign keys, views and triggers of others.
pub(super) fn replacement(table: &str, scratch: &str) -> [String; 4] {
    let (table, scratch) = (quote::name(table), quote::name(scratch));
    [
        format!("DROP TABLE {table}"),
        "PRAGMA legacy_alter_table = ON".to_owned(),
        format!("ALTER TABLE {scratch} RENAME TO {table}"),
        "PRAGMA legacy_alter_table = OFF".to_owned(),
    ]
}
