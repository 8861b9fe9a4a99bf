//! A step of another tool: its version, its message, and its SQL cut into statements.

use crate::sql::{Rules, SplitError, Token, first, first_until, split, tokens};

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
    /// A script.
    #[must_use]
    pub fn script(text: &str) -> Self {
        let mut sql = Self::default();
        sql.push_script(text.to_owned());
        sql
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

    /// The statements, in order. Where bodies hold statements, a script may name delimiters of its own, as clients of
    /// MySQL understand them.
    ///
    /// # Errors
    /// Something is never closed.
    pub fn statements(&self, rules: &Rules) -> Result<Vec<String>, SplitError> {
        let mut statements = Vec::new();
        for piece in &self.0 {
            match piece {
                Piece::Script(text) if rules.compound_bodies => cut(text, rules, &mut statements)?,
                Piece::Script(text) => statements.extend(split(text, rules)?.into_iter().map(str::to_owned)),
                Piece::Whole(text) => statements.push(text.clone()),
            }
        }
        Ok(statements)
    }
}

/// Cuts a script at the delimiters that hold at each place.
fn cut(script: &str, rules: &Rules, statements: &mut Vec<String>) -> Result<(), SplitError> {
    let (mut rest, mut delimiter) = (script, ";");
    while !rest.is_empty() {
        if let Some((next, behind)) = delimiter_command(rest, rules) {
            (delimiter, rest) = (next, behind);
            continue;
        }
        let start = script.len() - rest.len();
        let first = if delimiter == ";" { first(rest, rules) } else { first_until(rest, delimiter, rules) };
        let (statement, behind) = first.map_err(|error| SplitError { at: start + error.at, ..error })?;
        statements.extend(statement.map(str::to_owned));
        rest = behind;
    }
    Ok(())
}

/// The word behind `DELIMITER`, if the next statement is that, and what follows its line.
fn delimiter_command<'s>(script: &'s str, rules: &Rules) -> Option<(&'s str, &'s str)> {
    let command = tokens(script, rules).find(Token::is_significant)?;
    let line = script.get(command.span.end..).filter(|_| command.is_word("DELIMITER"))?;
    let (line, behind) = line.split_once('\n').unwrap_or((line, ""));
    Some((line.split_whitespace().next()?, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MYSQL: Rules = Rules { compound_bodies: true, dash_comments_need_space: true, ..Rules::STANDARD };

    fn statements(text: &str, rules: &Rules) -> Vec<String> {
        Sql::script(text).statements(rules).unwrap()
    }

    #[test]
    fn a_script_is_cut_at_semicolons_and_at_delimiters_of_its_own() {
        assert_eq!(statements("CREATE TABLE a (b int);\n-- end\n", &MYSQL), ["CREATE TABLE a (b int)"]);
        let text = "SELECT 1;\n-- now\nDELIMITER //\nBEGIN a; SELECT 'http://x'; END//\nBEGIN b; END; // -- //\n\
                    delimiter ;\nSELECT 2; SELECT 3";
        assert_eq!(
            statements(text, &MYSQL),
            ["SELECT 1", "BEGIN a; SELECT 'http://x'; END", "BEGIN b; END", "SELECT 2", "SELECT 3"]
        );
        assert_eq!(
            statements("DELIMITER $$\nBEGIN a; END$$\nSELECT 1$$", &MYSQL),
            ["BEGIN a; END", "SELECT 1"]
        );
        let error = Sql::script("SELECT 1;\nSELECT 'x").statements(&MYSQL).unwrap_err();
        assert_eq!(error.at, 17);
    }

    #[test]
    fn a_delimiter_within_a_statement_or_of_another_database_is_a_name() {
        let text = "CREATE TABLE a (\n    delimiter text\n);\nSELECT 1";
        for rules in [MYSQL, Rules::STANDARD] {
            assert_eq!(statements(text, &rules), ["CREATE TABLE a (\n    delimiter text\n)", "SELECT 1"]);
        }
        assert_eq!(statements("DELIMITER //\nSELECT 1", &Rules::STANDARD), ["DELIMITER //\nSELECT 1"]);
    }
}
