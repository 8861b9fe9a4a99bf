//! A rebuild as SQL text, for people who run it by other means. What only a run can see (unknown columns,
//! indexes and triggers) is not in it.

use super::quote;
use crate::dialect::Rebuild;

impl Rebuild {
    /// The rebuild as a script that runs alone: foreign keys are switched off before the transaction begins, since
    /// SQLite ignores the switch inside of one.
    #[must_use]
    pub fn script(&self) -> String {
        let mut lines = vec!["PRAGMA foreign_keys = OFF".to_owned(), "BEGIN IMMEDIATE".to_owned()];
        lines.extend(self.statements());
        lines.extend(["PRAGMA foreign_key_check", "COMMIT", "PRAGMA foreign_keys = ON"].map(str::to_owned));
        lines.into_iter().map(|line| line + ";\n").collect()
    }
}

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
