//! What the catalog tells of a statement that ran outside of a transaction and was cut off.

use super::RULES;
use super::quote::string;
use crate::dialect::Doubt;
use crate::sql::{Token, tokens};

/// How to find out what became of the statement.
pub(super) fn doubt(sql: &str) -> Doubt {
    let words: Vec<&str> =
        tokens(sql, &RULES).filter(Token::is_significant).map(|token| token.text).collect();
    let mut words = Words(&words);
    match () {
        () if words.take(&["CREATE"]) => {
            words.take(&["UNIQUE"]);
            created_index(words)
        }
        () if words.take(&["DROP", "INDEX", "CONCURRENTLY"]) => dropped_index(words),
        () if words.take(&["ALTER", "TYPE"]) => added_value(words),
        // Both do the same when they are done twice.
        () if words.take(&["VACUUM"]) || words.take(&["REINDEX"]) => Doubt::Repeat,
        () => Doubt::Unknown,
    }
}

/// `INDEX CONCURRENTLY [IF NOT EXISTS] name ON [ONLY] table`: it stays behind, not valid, if it was not built.
fn created_index(mut words: Words<'_>) -> Doubt {
    if !words.take(&["INDEX", "CONCURRENTLY"]) {
        return Doubt::Unknown;
    }
    words.take(&["IF", "NOT", "EXISTS"]);
    let index = words.name();
    if index.is_empty() || !words.take(&["ON"]) {
        return Doubt::Unknown;
    }
    words.take(&["ONLY"]);
    let table = words.name();
    // An index has no namespace of its own.
    let index = match table.rsplit_once('.') {
        Some((namespace, _)) => format!("{namespace}.{index}"),
        None => index,
    };
    let query = format!(
        "SELECT coalesce((SELECT CASE WHEN indisvalid THEN 'done' ELSE 'broken' END FROM pg_catalog.pg_index \
         WHERE indexrelid = pg_catalog.to_regclass({})), 'open')",
        string(&index)
    );
    Doubt::Ask { query, repair: format!("DROP INDEX CONCURRENTLY IF EXISTS {index}") }
}

/// `[IF EXISTS] name`: one that is half dropped can be dropped again.
fn dropped_index(mut words: Words<'_>) -> Doubt {
    words.take(&["IF", "EXISTS"]);
    let index = words.name();
    let query = format!(
        "SELECT CASE WHEN pg_catalog.to_regclass({}) IS NULL THEN 'done' ELSE 'open' END",
        string(&index)
    );
    Doubt::Ask { query, repair: format!("DROP INDEX CONCURRENTLY IF EXISTS {index}") }
}

/// `name ADD VALUE [IF NOT EXISTS] 'value'`: it is there as a whole or not at all.
fn added_value(mut words: Words<'_>) -> Doubt {
    let name = words.name();
    if !words.take(&["ADD", "VALUE"]) {
        return Doubt::Unknown;
    }
    words.take(&["IF", "NOT", "EXISTS"]);
    let Some(value) = words.0.first() else { return Doubt::Unknown };
    let query = format!(
        "SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_enum WHERE \
         enumtypid = pg_catalog.to_regtype({}) AND enumlabel = {value}) THEN 'done' ELSE 'open' END",
        string(&name)
    );
    Doubt::Ask { query, repair: "SELECT".to_owned() }
}

/// The words of a statement that are left.
struct Words<'a>(&'a [&'a str]);

impl Words<'_> {
    /// Takes these words if they come next.
    fn take(&mut self, words: &[&str]) -> bool {
        let come = self
            .0
            .get(..words.len())
            .is_some_and(|next| next.iter().zip(words).all(|(next, word)| next.eq_ignore_ascii_case(word)));
        if come {
            self.0 = &self.0[words.len()..];
        }
        come
    }

    /// Takes a name with what qualifies it, as it is written.
    fn name(&mut self) -> String {
        let mut name = String::new();
        while let [first, rest @ ..] = self.0 {
            let dotted = name.is_empty() || name.ends_with('.') || *first == ".";
            if !dotted {
                break;
            }
            name.push_str(first);
            self.0 = rest;
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(sql: &str) -> (String, String) {
        match doubt(sql) {
            Doubt::Ask { query, repair } => (query, repair),
            other @ (Doubt::Repeat | Doubt::Unknown) => panic!("{other:?} of {sql}"),
        }
    }

    #[test]
    fn an_index_is_looked_for_beside_its_table() {
        let (query, repair) =
            asked("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"a b\" ON ONLY shop.\"T\" (x)");
        assert!(query.contains("to_regclass('shop.\"a b\"')"), "{query}");
        assert_eq!(repair, "DROP INDEX CONCURRENTLY IF EXISTS shop.\"a b\"");
        assert!(asked("create index concurrently i on t (a)").0.contains("to_regclass('i')"));
        assert!(asked("DROP INDEX CONCURRENTLY IF EXISTS s.i").0.contains("to_regclass('s.i')"));
    }

    #[test]
    fn a_value_is_looked_for_in_its_type() {
        let (query, _) = asked("ALTER TYPE \"s\".\"mood\" ADD VALUE 'it''s' AFTER 'x'");
        assert!(query.contains("to_regtype('\"s\".\"mood\"')"), "{query}");
        assert!(query.contains("enumlabel = 'it''s')"), "{query}");
    }

    #[test]
    fn what_the_catalog_cannot_tell_is_unknown() {
        assert_eq!(doubt("VACUUM t"), Doubt::Repeat);
        assert_eq!(doubt("REINDEX TABLE CONCURRENTLY t"), Doubt::Repeat);
        for sql in ["CREATE DATABASE x", "CREATE INDEX CONCURRENTLY ON t (a)", "ALTER TYPE t RENAME TO u", ""]
        {
            assert_eq!(doubt(sql), Doubt::Unknown, "{sql}");
        }
    }
}
