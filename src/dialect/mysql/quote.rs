//! Names and values as MySQL and MariaDB read them. Every name is quoted, so that none is taken for a keyword;
//! nothing here knows what a name stands for.

/// A name in quotes.
pub(super) fn ident(name: impl AsRef<str>) -> String {
    format!("`{}`", name.as_ref().replace('`', "``"))
}

/// A string literal, with backslashes as the escapes that they are.
pub(super) fn string(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}
