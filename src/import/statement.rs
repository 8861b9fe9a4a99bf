//! What a statement of a step is for: the schema, rows, the session, or something that only running it can tell.
//! Lexical: no statement is understood beyond its first words.

use std::iter::Peekable;

use crate::sql::{Rules, Token, TokenKind, tokens};

/// What a statement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It changes the schema: what it did is read from the catalog.
    Schema,
    /// It changes rows: it is kept as it is.
    Rows,
    /// It begins or ends a transaction, which revisions do by themselves.
    Transaction,
    /// It sets something for the session, which is over before a revision runs.
    Session,
    /// It could do anything: `SELECT f()`, `DO`, `CALL`, `GRANT`.
    Unknown,
}

/// The words that a statement begins with and that tell what it is for.
const WORDS: &[(&str, Purpose)] = &[
    ("CREATE", Purpose::Schema),
    ("ALTER", Purpose::Schema),
    ("DROP", Purpose::Schema),
    ("RENAME", Purpose::Schema),
    ("COMMENT", Purpose::Schema),
    ("INSERT", Purpose::Rows),
    ("UPDATE", Purpose::Rows),
    ("DELETE", Purpose::Rows),
    ("REPLACE", Purpose::Rows),
    ("MERGE", Purpose::Rows),
    ("TRUNCATE", Purpose::Rows),
    ("BEGIN", Purpose::Transaction),
    ("START", Purpose::Transaction),
    ("COMMIT", Purpose::Transaction),
    ("END", Purpose::Transaction),
    ("ROLLBACK", Purpose::Transaction),
    ("SAVEPOINT", Purpose::Transaction),
    ("RELEASE", Purpose::Transaction),
    ("PRAGMA", Purpose::Session),
    ("SET", Purpose::Session),
    ("RESET", Purpose::Session),
    ("USE", Purpose::Session),
    ("ANALYZE", Purpose::Session),
    ("VACUUM", Purpose::Session),
    ("REINDEX", Purpose::Session),
    ("OPTIMIZE", Purpose::Session),
    ("LOCK", Purpose::Session),
    ("UNLOCK", Purpose::Session),
];

/// What a statement is for.
#[must_use]
pub fn purpose(statement: &str, rules: &Rules) -> Purpose {
    let words = significant(statement, rules);
    let Some(first) = words.first() else { return Purpose::Session };
    if (first.is_word("CREATE") || first.is_word("DROP")) && words.iter().skip(1).take(3).any(is_temporary) {
        return Purpose::Rows;
    }
    if first.is_word("WITH") {
        let writes = ["INSERT", "UPDATE", "DELETE", "MERGE"];
        let changes = words.iter().any(|word| writes.iter().any(|verb| word.is_word(verb)));
        return if changes { Purpose::Rows } else { Purpose::Session };
    }
    let known = WORDS.iter().find(|(word, _)| first.is_word(word));
    known.map_or(Purpose::Unknown, |(_, purpose)| *purpose)
}

fn is_temporary(word: &Token<'_>) -> bool {
    word.is_word("TEMPORARY") || word.is_word("TEMP")
}

/// The table that a statement creates for its session alone, without quotes and namespace.
#[must_use]
pub fn temporary(statement: &str, rules: &Rules) -> Option<String> {
    let words = significant(statement, rules);
    let is_temporary = words.first()?.is_word("CREATE") && words.iter().skip(1).take(3).any(is_temporary);
    if is_temporary { table(&words) } else { None }
}

/// The table that a statement changes, drops or gives an index, without quotes and namespace, if its first words tell.
#[must_use]
pub fn subject(statement: &str, rules: &Rules) -> Option<String> {
    let words = significant(statement, rules);
    let verbs = ["ALTER", "DROP", "CREATE"];
    if verbs.iter().any(|verb| words.first().is_some_and(|word| word.is_word(verb))) {
        table(&words)
    } else {
        None
    }
}

/// Whether a statement drops something.
#[must_use]
pub fn drops(statement: &str, rules: &Rules) -> bool {
    significant(statement, rules).first().is_some_and(|word| word.is_word("DROP"))
}

/// `DROP TABLE` of a table of the session as a statement that doesn't end a transaction.
#[must_use]
pub fn dropped(statement: &str, rules: &Rules) -> Option<String> {
    let words = significant(statement, rules);
    let [first, second, ..] = words.as_slice() else { return None };
    (first.is_word("DROP") && second.is_word("TABLE")).then_some(())?;
    Some(format!("DROP TEMPORARY {}", statement.get(second.span.start..)?))
}

/// The name behind `TABLE`, or behind the `ON` of an index.
fn table(words: &[Token<'_>]) -> Option<String> {
    let at = |word: &str, within: usize| words.iter().take(within).position(|token| token.is_word(word));
    let behind = match at("INDEX", 4) {
        Some(index) => index + words.get(index..)?.iter().position(|token| token.is_word("ON"))?,
        None => at("TABLE", 5)?,
    };
    let skipped = ["IF", "NOT", "EXISTS", "ONLY"];
    let rest = words.get(behind + 1..)?.iter();
    name(&mut rest.skip_while(|token| skipped.iter().any(|skip| token.is_word(skip))).peekable())
}

/// Whether a statement creates a table.
#[must_use]
pub fn creates_table(statement: &str, rules: &Rules) -> bool {
    let words = significant(statement, rules);
    words.first().is_some_and(|word| word.is_word("CREATE"))
        && words.iter().skip(1).take(2).any(|word| word.is_word("TABLE"))
}

/// The rows that a statement copies into the table that it creates, as a statement of its own: `CREATE TABLE … AS SELECT`.
#[must_use]
pub fn copies(statement: &str, rules: &Rules) -> Option<String> {
    let words = significant(statement, rules);
    let is = |at: usize, word: &str| words.get(at).is_some_and(|token| token.is_word(word));
    let mut at = 2 + usize::from(is(1, "UNLOGGED"));
    if !is(0, "CREATE") || !is(at - 1, "TABLE") {
        return None;
    }
    if is(at, "IF") {
        at += 3;
    }
    let begin = words.get(at)?;
    let mut end = begin;
    while words.get(at + 1).is_some_and(|token| token.is_mark(".")) {
        end = words.get(at + 2)?;
        at += 2;
    }
    if !is(at + 1, "AS") {
        return None;
    }
    let (table, query) = (statement.get(begin.span.start..end.span.end)?, words.get(at + 2)?.span.start);
    Some(format!("INSERT INTO {table} {}", statement.get(query..)?))
}

/// `TRUNCATE` of one table as a statement that doesn't end a transaction.
#[must_use]
pub fn emptied(statement: &str, rules: &Rules) -> Option<String> {
    let words = significant(statement, rules);
    let rest = match words.as_slice() {
        [first, second, rest @ ..] if first.is_word("TRUNCATE") && second.is_word("TABLE") => rest,
        [first, rest @ ..] if first.is_word("TRUNCATE") => rest,
        _ => return None,
    };
    let (first, last) = (rest.first()?, rest.last()?);
    (!rest.iter().any(|word| word.is_mark(","))).then_some(())?;
    Some(format!("DELETE FROM {}", statement.get(first.span.start..last.span.end)?))
}

/// The table whose rows a statement changes, without quotes and namespace, if its first words tell.
#[must_use]
pub fn target(statement: &str, rules: &Rules) -> Option<String> {
    let words = significant(statement, rules);
    let skipped = ["INSERT", "REPLACE", "OR", "IGNORE", "INTO", "UPDATE", "DELETE", "FROM", "ONLY", "MERGE"];
    let conflicts = ["ABORT", "FAIL", "ROLLBACK"];
    let of_table = ["TRUNCATE", "TABLE", "LOW_PRIORITY"];
    let is_skipped = |word: &&Token<'_>| {
        [&skipped[..], &conflicts, &of_table].iter().any(|list| list.iter().any(|skip| word.is_word(skip)))
    };
    name(&mut words.iter().skip_while(is_skipped).peekable())
}

/// The name that comes next, without quotes and namespace.
fn name<'t>(rest: &mut Peekable<impl Iterator<Item = &'t Token<'t>>>) -> Option<String> {
    let mut name = rest.next()?;
    while rest.next_if(|token| token.is_mark(".")).is_some() {
        name = rest.next()?;
    }
    let text = match name.kind {
        TokenKind::Word => name.text,
        TokenKind::Quoted => name.text.get(1..name.text.len().saturating_sub(1))?,
        TokenKind::Space
        | TokenKind::Comment
        | TokenKind::String
        | TokenKind::Number
        | TokenKind::Operator
        | TokenKind::Mark => return None,
    };
    Some(text.to_owned())
}

/// What a hook with this statement is called: its verb and its table.
#[must_use]
pub fn named(statement: &str, rules: &Rules) -> String {
    let verb = significant(statement, rules).first().map_or("sql", |word| word.text).to_lowercase();
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let table = match purpose(statement, rules) {
        Purpose::Rows if !["with", "create", "drop"].contains(&&*verb) => target(statement, rules),
        Purpose::Rows | Purpose::Schema | Purpose::Transaction | Purpose::Session | Purpose::Unknown => None,
    };
    let name = table.map_or(verb.clone(), |table| format!("{verb}-{table}"));
    name.chars().map(plain).collect()
}

pub(super) fn significant<'a>(statement: &'a str, rules: &Rules) -> Vec<Token<'a>> {
    tokens(statement, rules).filter(Token::is_significant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &Rules = &Rules::STANDARD;

    #[test]
    fn the_first_words_tell() {
        for (sql, expected) in [
            ("-- why\ncreate index i on t (a)", Purpose::Schema),
            ("CREATE TEMP TABLE t (a int)", Purpose::Rows),
            ("CREATE OR REPLACE TEMPORARY TABLE t (a int)", Purpose::Rows),
            ("DROP TEMPORARY TABLE t", Purpose::Rows),
            ("DROP TABLE t", Purpose::Schema),
            ("CREATE OR REPLACE VIEW v AS SELECT 1", Purpose::Schema),
            ("WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", Purpose::Rows),
            ("WITH x AS (SELECT 1) SELECT * FROM x", Purpose::Session),
            ("PRAGMA foreign_keys = OFF", Purpose::Session),
            ("BEGIN", Purpose::Transaction),
            ("SELECT f('t')", Purpose::Unknown),
            ("GRANT SELECT ON t TO x", Purpose::Unknown),
            ("-- nothing", Purpose::Session),
        ] {
            assert_eq!(purpose(sql, RULES), expected, "{sql}");
        }
    }

    #[test]
    fn rows_that_come_with_a_table_are_said_apart() {
        let copied = |sql| copies(sql, RULES);
        assert_eq!(
            copied("CREATE TABLE IF NOT EXISTS s.\"b\" AS SELECT * FROM a").as_deref(),
            Some("INSERT INTO s.\"b\" SELECT * FROM a")
        );
        assert_eq!(copied("CREATE TABLE b (a int)"), None);
        assert_eq!(copied("CREATE VIEW b AS SELECT 1"), None);
        assert_eq!(emptied("TRUNCATE TABLE `x`.y", RULES).as_deref(), Some("DELETE FROM `x`.y"));
        assert_eq!(emptied("TRUNCATE a, b", RULES), None);
    }

    #[test]
    fn tables_of_a_session_are_told() {
        for (sql, expected) in [
            ("CREATE TEMP TABLE IF NOT EXISTS \"T\" (a int)", Some("T")),
            ("create local temporary table t as select 1", Some("t")),
            ("CREATE TABLE t (a int)", None),
        ] {
            assert_eq!(temporary(sql, RULES).as_deref(), expected, "{sql}");
        }
        assert_eq!(dropped("DROP TABLE t", RULES).as_deref(), Some("DROP TEMPORARY TABLE t"));
        for (sql, expected) in [
            ("DROP TABLE IF EXISTS pg_temp.t CASCADE", Some("t")),
            ("ALTER TABLE ONLY t ADD COLUMN b int", Some("t")),
            ("CREATE UNIQUE INDEX i ON t (a)", Some("t")),
            ("DROP VIEW t", None),
            ("INSERT INTO t VALUES (1)", None),
        ] {
            assert_eq!(subject(sql, RULES).as_deref(), expected, "{sql}");
        }
    }

    #[test]
    fn a_hook_is_named_after_what_it_does() {
        for (sql, expected) in [
            ("INSERT OR IGNORE INTO main.\"Users\" VALUES (1)", "insert-Users"),
            ("update only users set a = 1", "update-users"),
            ("DELETE FROM a.b", "delete-b"),
            ("DO $$ BEGIN END $$", "do"),
            ("WITH x AS (SELECT 1) DELETE FROM t", "with"),
        ] {
            assert_eq!(named(sql, RULES), expected, "{sql}");
        }
    }
}
