//! SQL that people wrote as statements: cut apart, refused where the runner's transaction or connection would
//! suffer, and classed by what its first words say.

use super::RULES;
use super::errors::E535;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Class, Transaction};
use crate::sql::{Token, client_command, split, tokens, transaction_control};

/// The statements of a script.
///
/// # Errors
/// Something is never closed, ends the transaction, or is meant for a client program; `what` names the object.
pub(super) fn statements<'a>(what: &str, script: &'a str) -> Result<Vec<&'a str>, Diagnostic> {
    let refuse = |problem: String, help: &str| {
        Err(Diagnostic::error(&E535, format!("the SQL of {what} {problem}")).help(help))
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
            return refuse(format!("holds `{command}`, which only a client program runs"), "write plain SQL");
        }
    }
    Ok(statements)
}

fn words(statement: &str, count: usize) -> Vec<String> {
    let significant = tokens(statement, &RULES).filter(Token::is_significant);
    significant.take(count).map(|token| token.text.to_ascii_uppercase()).collect()
}

/// Whether PostgreSQL takes the statement inside of a transaction.
pub(super) fn transaction(statement: &str) -> Transaction {
    let words = words(statement, 8);
    let has = |word: &str| words.iter().any(|found| found == word);
    let first = |words_of: &[&str]| words_of.iter().zip(&words).all(|(one, other)| one == other);
    let concurrent = has("CONCURRENTLY") && (has("INDEX") || first(&["REINDEX"]) || has("DETACH"));
    let alone = [
        &["VACUUM"][..],
        &["CREATE", "DATABASE"],
        &["DROP", "DATABASE"],
        &["CREATE", "TABLESPACE"],
        &["DROP", "TABLESPACE"],
        &["ALTER", "SYSTEM"],
    ];
    if concurrent || alone.iter().any(|head| first(head)) {
        Transaction::Outside
    } else if first(&["ALTER", "TYPE"]) && has("ADD") && has("VALUE") {
        Transaction::CommitAfter
    } else {
        Transaction::Inside
    }
}

/// What the statement costs others, as far as its first words tell.
pub(super) fn class(statement: &str) -> Class {
    let words = words(statement, 8);
    if words.iter().any(|word| word == "CONCURRENTLY") {
        return Class::Concurrent;
    }
    match words.first().map_or("", String::as_str) {
        "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "WITH" | "SELECT" | "COPY" | "REFRESH" | "DO" | "CALL" => {
            Class::Batch
        }
        "VACUUM" | "CLUSTER" | "REINDEX" => Class::Rewrite,
        _ if words.iter().any(|word| word == "INDEX" || word == "MATERIALIZED") => Class::Validate,
        _ => Class::Metadata,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_that_need_their_own_place_are_known() {
        assert_eq!(transaction("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)"), Transaction::Outside);
        assert_eq!(transaction("/* x */ vacuum t"), Transaction::Outside);
        assert_eq!(transaction("ALTER TYPE mood ADD VALUE 'x'"), Transaction::CommitAfter);
        assert_eq!(transaction("CREATE TABLE concurrently (a int)"), Transaction::Inside);
    }

    #[test]
    fn a_script_must_leave_the_transaction_alone() {
        let message = |script| statements("object `x`", script).map_err(|problem| problem.message);
        assert_eq!(message("SELECT 1; SELECT 2").map(|list| list.len()), Ok(2));
        insta::assert_snapshot!(message("SELECT 1; COMMIT").unwrap_err(), @"the SQL of object `x` holds `COMMIT`, but its transaction is the revision's");
        insta::assert_snapshot!(message("SELECT 'a").unwrap_err(), @"the SQL of object `x` can't be read: a string that opens at byte 7 is never closed");
    }
}
