//! SQL that people wrote as statements: cut apart, refused where the runner's transaction or connection would suffer.

use super::RULES;
use super::errors::E567;
use crate::diagnostic::Diagnostic;
use crate::sql::{Token, client_command, split, tokens, transaction_control};

/// The statements of a script.
///
/// # Errors
/// Something is never closed, ends the transaction, or is meant for a client program; `what` names the object.
pub(super) fn statements<'a>(what: &str, script: &'a str) -> Result<Vec<&'a str>, Diagnostic> {
    let refuse = |problem: String, help: &str| {
        Err(Diagnostic::error(&E567, format!("the SQL of {what} {problem}")).help(help))
    };
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
    fn a_body_is_one_statement_and_needs_no_delimiter() {
        let script = "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.b = 2; END;\n\
                      INSERT INTO t VALUES (1)";
        let found = statements("object `x`", script).unwrap();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(!changes_rows(found[0]) && changes_rows(found[1]));
        let message =
            |script| statements("object `x`", script).map_err(|problem| problem.message).unwrap_err();
        insta::assert_snapshot!(message("DELIMITER //\nSELECT 1//"), @"the SQL of object `x` holds `DELIMITER`, which only a client program runs");
        insta::assert_snapshot!(message("SELECT 1; COMMIT"), @"the SQL of object `x` holds `COMMIT`, but its transaction is the revision's");
    }
}
