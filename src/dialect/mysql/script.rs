//! SQL that people wrote as statements: cut apart, refused where the runner's transaction or connection would suffer.

use super::RULES;
use super::errors::E567;
use crate::diagnostic::Diagnostic;
use crate::sql::{Token, client_command, executable_comment, split, tokens, transaction_control};

/// The statements of a script.
///
/// # Errors
/// Something is never closed, ends the transaction, or is meant for a client program; `what` names the object.
pub(super) fn statements<'a>(what: &str, script: &'a str) -> Result<Vec<&'a str>, Diagnostic> {
    let refuse = |problem: String, help: &str| {
        Err(Diagnostic::error(&E567, format!("the SQL of {what} {problem}")).help(help))
    };
    if let Some(mark) = executable_comment(script, &RULES) {
        let problem = format!("holds an executable comment, `{mark}`");
        return refuse(problem, "write its SQL without the comment");
    }
    let statements = match split(script, &RULES) {
        Ok(statements) => statements,
        Err(error) => return refuse(format!("can't be read: {error}"), "close it"),
    };
    for statement in &statements {
        if let Some(word) = transaction_control(statement, &RULES) {
            return refuse(
                format!("holds `{word}`, but its transaction is the revision's"),
                "remove the statement",
            );
        }
        if let Some(command) = client_command(statement, &RULES) {
            return refuse(
                format!("holds `{command}`, which only a client program runs"),
                "remove it: a body from `BEGIN` to `END` is read as a whole",
            );
        }
    }
    Ok(statements)
}

/// A statement of a script, as it is sent.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// The statement, with what sets the session around it: a run that goes on where another one stopped has a session
    /// of its own.
    pub(super) sql: String,
    /// The script in front of it.
    pub(super) before: &'a str,
    /// The script up to its end, which the last one has behind it as a whole.
    pub(super) with: Option<&'a str>,
    /// Whether it changes rows alone, so that it commits with others.
    pub(super) changes_rows: bool,
}

/// The statements of a script as they are sent.
///
/// # Errors
/// As for [`statements`].
pub(super) fn parts<'a>(what: &str, script: &'a str) -> Result<Vec<Part<'a>>, Diagnostic> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    let (mut settings, mut end) = (String::new(), 0);
    for statement in statements(what, script)? {
        if is_setting(statement) {
            settings += &format!("{statement};\n");
            parts.iter_mut().rev().take(1).for_each(|last| last.sql += &format!(";\n{statement}"));
            continue;
        }
        let before = script.get(..end).unwrap_or_default();
        // They stand in the script in this order.
        let at = script.get(end..).and_then(|rest| rest.find(statement)).unwrap_or_default();
        end += at + statement.len();
        let with = script.get(..end);
        let sql = format!("{settings}{statement}");
        parts.push(Part { sql, before, with, changes_rows: changes_rows(statement) });
    }
    match parts.last_mut() {
        Some(last) => last.with = None,
        None if settings.is_empty() => {}
        None => parts.push(Part { sql: settings, before: "", with: None, changes_rows: true }),
    }
    Ok(parts)
}

fn is_setting(statement: &str) -> bool {
    first_word(statement).eq_ignore_ascii_case("SET")
}

fn first_word(statement: &str) -> &str {
    tokens(statement, &RULES).find(Token::is_significant).map_or("", |token| token.text)
}

/// Whether a statement changes rows alone, so that it commits with others.
pub(super) fn changes_rows(statement: &str) -> bool {
    let word = first_word(statement).to_ascii_uppercase();
    ["INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "SELECT", "SET", "DO"].contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sets_the_session_goes_with_each_statement() {
        let sent = |script: &'static str| {
            let parts = parts("object `x`", script).unwrap();
            let line = |part: &Part<'_>| format!("{:?} {:?} {:?}", part.before, part.sql, part.with);
            parts.iter().map(line).collect::<Vec<_>>().join("\n")
        };
        insta::assert_snapshot!(sent("SET a = 1; CREATE VIEW v AS SELECT 1; SET a = 2; INSERT INTO t VALUES (1);"), @r#"
        "" "SET a = 1;\nCREATE VIEW v AS SELECT 1;\nSET a = 2" Some("SET a = 1; CREATE VIEW v AS SELECT 1")
        "SET a = 1; CREATE VIEW v AS SELECT 1" "SET a = 1;\nSET a = 2;\nINSERT INTO t VALUES (1)" None
        "#);
        insta::assert_snapshot!(sent("SET a = 1"), @r#""" "SET a = 1;\n" None"#);
    }

    #[test]
    fn a_body_is_one_statement_and_needs_no_delimiter() {
        let script = "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.b = 2; END;\n\
                      INSERT INTO t VALUES (1)";
        let found = statements("object `x`", script).unwrap();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(!changes_rows(found[0]) && changes_rows(found[1]));
        let message =
            |script| statements("object `x`", script).map_err(|problem| problem.message).unwrap_err();
        insta::assert_snapshot!(message("DELIMITER //\nSELECT 1//"), @"the SQL of object `x` holds `DELIMITER`, which only a client program runs");
        let dumped = "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER x BEFORE INSERT ON t FOR EACH ROW \
                      SET NEW.a = 1 */;";
        insta::assert_snapshot!(message(dumped), @"the SQL of object `x` holds an executable comment, `/*!`");
        insta::assert_snapshot!(message("SELECT 1 /*M! + 1 */"), @"the SQL of object `x` holds an executable comment, `/*M!`");
        insta::assert_snapshot!(message("SELECT 1; COMMIT"), @"the SQL of object `x` holds `COMMIT`, but its transaction is the revision's");
    }
}
