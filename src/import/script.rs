//! A step of another tool: its version, its message, and its SQL cut into statements.

use crate::sql::{Rules, SplitError, split};

/// One step of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The version as the tool writes it into its books.
    pub version: String,
    /// What it is for, in the words of its file's name.
    pub message: String,
    /// Its file.
    pub file: String,
    /// What leads to it.
    pub up: Sql,
    /// What leads back, where the tool has it.
    pub down: Option<Sql>,
    /// Whether the tool runs it again whenever its text changes; it has no version then.
    pub repeated: bool,
}

/// SQL as a file has it: pieces that are cut at semicolons, and pieces that are one statement each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sql(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Script(String),
    Whole(String),
}

impl Sql {
    /// A script. Where it names delimiters of its own, as clients of MySQL understand them, they are followed.
    #[must_use]
    pub fn script(text: &str) -> Self {
        let mut sql = Self::default();
        let (mut delimiter, mut part) = (";".to_owned(), String::new());
        for line in text.lines() {
            let mut words = line.split_whitespace();
            let is_delimiter = words.next().is_some_and(|word| word.eq_ignore_ascii_case("DELIMITER"));
            if let (true, Some(next)) = (is_delimiter, words.next()) {
                sql.flush(&delimiter, &mut part);
                next.clone_into(&mut delimiter);
            } else {
                part.push_str(line);
                part.push('\n');
            }
        }
        sql.flush(&delimiter, &mut part);
        sql
    }

    fn flush(&mut self, delimiter: &str, part: &mut String) {
        let text = std::mem::take(part);
        if delimiter == ";" {
            self.push_script(text);
        } else {
            text.split(delimiter).for_each(|statement| self.push_whole(statement));
        }
    }

    pub(super) fn push_script(&mut self, text: String) {
        if !text.trim().is_empty() {
            self.0.push(Piece::Script(text));
        }
    }

    pub(super) fn push_whole(&mut self, text: &str) {
        let text = text.trim().trim_end_matches(';').trim_end();
        if !text.is_empty() {
            self.0.push(Piece::Whole(text.to_owned()));
        }
    }

    /// The statements, in order.
    ///
    /// # Errors
    /// Something is never closed.
    pub fn statements(&self, rules: &Rules) -> Result<Vec<String>, SplitError> {
        let mut statements = Vec::new();
        for piece in &self.0 {
            match piece {
                Piece::Script(text) => statements.extend(split(text, rules)?.into_iter().map(str::to_owned)),
                Piece::Whole(text) => statements.push(text.clone()),
            }
        }
        Ok(statements)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_cut_at_semicolons_and_at_delimiters_of_its_own() {
        let statements = |text: &str| Sql::script(text).statements(&Rules::STANDARD).unwrap();
        assert_eq!(statements("CREATE TABLE a (b int);\n-- end\n"), ["CREATE TABLE a (b int)"]);
        assert_eq!(
            statements("SELECT 1;\nDELIMITER //\nBEGIN a; END//\ndelimiter ;\nSELECT 2"),
            ["SELECT 1", "BEGIN a; END", "SELECT 2"]
        );
        assert!(Sql::script("SELECT 'x").statements(&Rules::STANDARD).is_err());
    }
}
