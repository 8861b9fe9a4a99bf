//! What a code of PostgreSQL means, and which right a message is about.

use std::collections::BTreeSet;

use sqlx::postgres::{PgConnectOptions, PgDatabaseError, PgErrorPosition};

use super::{DatabaseError, ErrorKind, RULES, of_driver};
use crate::sql::{Identifier, Token, identifiers, split, tokens};

pub(super) fn on_connecting(error: &sqlx::Error, options: &PgConnectOptions) -> DatabaseError {
    let mut report = classify(error, "", Some(&RULES.named(options.get_username())));
    if matches!(report.kind, ErrorKind::ConnectionLost | ErrorKind::Other | ErrorKind::MissingTable) {
        report.kind = ErrorKind::Connect;
    }
    report
}

/// What is said of statements, or of none while connecting. The role is that of the session, where it is known.
pub(super) fn classify(error: &sqlx::Error, sql: &str, role: Option<&str>) -> DatabaseError {
    let sqlx::Error::Database(database) = error else { return of_driver(error) };
    let Some(server) = database.try_downcast_ref::<PgDatabaseError>() else { return of_driver(error) };
    let mut report = DatabaseError::new(kind_of(server), server.message());
    let owned = |text: Option<&str>| text.map(str::to_owned);
    report.code = Some(server.code().to_owned());
    report.detail = owned(server.detail());
    report.hint = owned(server.hint());
    report.constraint = owned(server.constraint());
    report.table = owned(server.table());
    report.columns = server.column().map(str::to_owned).into_iter().collect();
    report.position = match server.position() {
        // Counted in characters, from one.
        Some(PgErrorPosition::Original(character)) => {
            sql.char_indices().nth(character.saturating_sub(1)).map(|(byte, _)| byte)
        }
        Some(PgErrorPosition::Internal { .. }) | None => None,
    };
    // A function that the statement called may have the rights of another role.
    if report.kind == ErrorKind::Permission && report.hint.is_none() && server.r#where().is_none() {
        report.hint = what_lets_through(server.message(), sql, role);
    }
    report
}

fn kind_of(server: &PgDatabaseError) -> ErrorKind {
    match server.code() {
        "2BP01" => ErrorKind::Dependents,
        // Said of a column that a view, a rule, a trigger or a policy uses, which the detail names.
        "0A000" if server.message().starts_with("cannot alter type of a column used") => {
            ErrorKind::Dependents
        }
        "28P01" | "28000" => ErrorKind::Auth,
        "42501" => ErrorKind::Permission,
        "55P03" => ErrorKind::LockTimeout,
        "40P01" | "40001" => ErrorKind::Deadlock,
        "23505" => ErrorKind::UniqueViolation,
        "23502" => ErrorKind::NotNull,
        // Since PostgreSQL 18, RESTRICT is refused with a code of its own.
        "23001" | "23503" => ErrorKind::ForeignKey,
        "23514" => ErrorKind::Check,
        "23P01" => ErrorKind::Exclusion,
        "22001" | "22003" => ErrorKind::Range,
        "22P02" | "22007" | "22008" => ErrorKind::Format,
        "25006" => ErrorKind::ReadOnly,
        "53100" => ErrorKind::DiskFull,
        "57014" => ErrorKind::Timeout,
        "57P01" | "57P02" | "57P03" => ErrorKind::ConnectionLost,
        "3D000" | "53300" => ErrorKind::Connect,
        "42P06" | "42P07" | "42701" | "42710" | "42723" => ErrorKind::Taken,
        "42P01" => ErrorKind::MissingTable,
        "42703" => ErrorKind::MissingColumn,
        code if code.starts_with("08") => ErrorKind::ConnectionLost,
        _ => ErrorKind::Other,
    }
}

/// Whether a statement may give the session the rights of another role.
pub(super) fn may_set_role(sql: &str) -> bool {
    let mut words = tokens(sql, &RULES).filter(Token::is_significant);
    let sets = |first: Token<'_>| ["SET", "RESET", "DISCARD"].iter().any(|word| first.is_word(word));
    words.next().is_some_and(sets)
        && (words.any(|word| ["ROLE", "AUTHORIZATION", "ALL"].iter().any(|known| word.is_word(known))))
}

/// The GRANT that is missing, or what else lets the statements through. Messages in other languages than English are
/// left to themselves.
fn what_lets_through(message: &str, sql: &str, role: Option<&str>) -> Option<String> {
    if message.starts_with("must be owner of ") {
        return Some("connect as the owner, or as a member of that role".to_owned());
    }
    let (kind, name) = message.strip_prefix("permission denied for ")?.split_once(' ')?;
    let (rights, place) = match kind {
        "database" => {
            let right = if sql.is_empty() { "CONNECT" } else { "CREATE" };
            (right.to_owned(), format!("DATABASE {}", RULES.named(name.trim_matches('"'))))
        }
        "schema" => {
            let rights = if creates(sql) { "USAGE, CREATE" } else { "USAGE" };
            (rights.to_owned(), format!("SCHEMA {}", RULES.named(name)))
        }
        "table" | "view" => rights_on(name, sql)?,
        _ => return None,
    };
    Some(format!("let an administrator run `GRANT {rights} ON {place} TO {}`", role?))
}

/// Whether a statement makes something in a schema, or gives it another name there.
fn creates(sql: &str) -> bool {
    let statements = split(sql, &RULES).unwrap_or_default();
    statements.into_iter().any(|statement| {
        let first = tokens(statement, &RULES).find(Token::is_significant);
        first.is_some_and(|first| first.is_word("CREATE") || first.is_word("ALTER"))
    })
}

/// The rights on a table that statements need, and the table as they name it. Nothing, if they don't name it: a view has
/// the rights of its owner.
fn rights_on(table: &str, sql: &str) -> Option<(String, String)> {
    let mut rights = BTreeSet::new();
    let mut named = None;
    for statement in split(sql, &RULES).ok()? {
        let words: Vec<Identifier<'_>> = identifiers(statement, &RULES).collect();
        for (at, _) in words.iter().enumerate().filter(|(_, word)| word.name == table) {
            let Some((path, needed)) = use_of(statement, &words, at) else { continue };
            named.get_or_insert_with(|| path.to_owned());
            rights.extend(needed);
        }
    }
    let rights: Vec<&str> = rights.into_iter().collect();
    Some((rights.join(", "), named?))
}

/// What a statement needs of the table whose name is the word at this place, with all that qualifies the name.
fn use_of<'s>(
    statement: &'s str,
    words: &[Identifier<'_>],
    at: usize,
) -> Option<(&'s str, Vec<&'static str>)> {
    let between = |first: usize, second: usize| {
        let (first, second) = (words.get(first)?, words.get(second)?);
        statement.get(first.span.end..second.span.start).map(str::trim)
    };
    if between(at, at + 1) == Some(".") {
        return None;
    }
    let mut start = at;
    while start.checked_sub(1).is_some_and(|before| between(before, start) == Some(".")) {
        start -= 1;
    }
    let path = statement.get(words.get(start)?.span.start..words.get(at)?.span.end)?;
    let mut before = words[..start].iter().rev().map(|word| if word.quoted { "" } else { &*word.name });
    let before = [before.next().unwrap_or_default(), before.next().unwrap_or_default()];
    let needed: &[&str] = match before {
        ["into", "insert"] => &["SELECT", "INSERT"],
        ["update", _] => &["SELECT", "UPDATE"],
        ["from", "delete"] => &["SELECT", "DELETE"],
        ["truncate", _] | ["table", "truncate"] => &["TRUNCATE"],
        ["references", _] => &["REFERENCES"],
        ["from" | "join", _] if is_locking(words) => &["SELECT", "UPDATE"],
        ["from" | "join", _] => &["SELECT"],
        _ => return None,
    };
    Some((path, needed.to_vec()))
}

/// Whether a query locks the rows that it reads: `FOR UPDATE`, `FOR NO KEY UPDATE`, `FOR SHARE`, `FOR KEY SHARE`.
fn is_locking(words: &[Identifier<'_>]) -> bool {
    let locks = |word: &Identifier<'_>| ["update", "no", "share", "key"].contains(&&*word.name);
    words.windows(2).any(|pair| matches!(pair, [first, second] if first.name == "for" && locks(second)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_is_named_with_what_it_is_on() {
        let cases = [
            ("table items", "SELECT id FROM items", "SELECT ON items"),
            ("table items", "SELECT id FROM items FOR NO KEY UPDATE", "SELECT, UPDATE ON items"),
            ("table items", "INSERT INTO shop.items (items) VALUES (1)", "INSERT, SELECT ON shop.items"),
            ("table items", "UPDATE \"items\" SET a = 1", "SELECT, UPDATE ON \"items\""),
            ("table b", "DELETE FROM a WHERE id IN (SELECT id FROM b)", "SELECT ON b"),
            ("table a", "DELETE FROM a WHERE id IN (SELECT id FROM b)", "DELETE, SELECT ON a"),
            ("table a", "SELECT 1; TRUNCATE TABLE a", "TRUNCATE ON a"),
            ("table b", "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES s.b (id)", "REFERENCES ON s.b"),
            ("schema s", "CREATE TABLE s.a ()", "USAGE, CREATE ON SCHEMA s"),
            ("schema My", "SELECT 1 FROM \"My\".a", "USAGE ON SCHEMA \"My\""),
            ("database shop", "CREATE SCHEMA s", "CREATE ON DATABASE shop"),
            ("database \"shop\"", "", "CONNECT ON DATABASE shop"),
        ];
        for (of, sql, expected) in cases {
            let help = what_lets_through(&format!("permission denied for {of}"), sql, Some("app"));
            let expected = format!("let an administrator run `GRANT {expected} TO app`");
            assert_eq!(help.as_deref(), Some(&*expected), "{sql}");
        }
    }

    #[test]
    fn no_right_is_guessed() {
        for (message, sql) in [
            ("permission denied for table hidden", "SELECT 1 FROM view_on_it"),
            ("permission denied for table items", "LOCK TABLE items"),
            ("permission denied for function f", "SELECT f()"),
            ("keine Berechtigung für Tabelle items", "SELECT 1 FROM items"),
        ] {
            assert_eq!(what_lets_through(message, sql, Some("app")), None, "{sql}");
        }
        assert_eq!(what_lets_through("permission denied for table a", "SELECT 1 FROM a", None), None);
    }

    #[test]
    fn statements_that_change_the_role_are_known() {
        for sql in ["SET ROLE owner", "set session authorization 'a'", "SET LOCAL ROLE a", "RESET ALL"] {
            assert!(may_set_role(sql), "{sql}");
        }
        for sql in ["SET lock_timeout = 1", "SELECT role FROM a", "ALTER ROLE a SET x = 1"] {
            assert!(!may_set_role(sql), "{sql}");
        }
    }
}
