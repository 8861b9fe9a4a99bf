//! What a statement creates or is about otherwise, by the kind and the name that its SQL says.

use super::identifiers::identifier;
use super::{Rules, Token, tokens};

/// What a statement can be about. What has no name of its own beside declared tables is here because its name, or what
/// comes behind it, may be one of the other words.
const KINDS: [&str; 12] = [
    "DATABASE",
    "EVENT",
    "FUNCTION",
    "INDEX",
    "PROCEDURE",
    "ROLE",
    "SCHEMA",
    "SEQUENCE",
    "TABLE",
    "TRIGGER",
    "USER",
    "VIEW",
];

/// How many words can stand between `CREATE` and the kind, `OR REPLACE DEFINER = 'user'@'host'` among them.
const WORDS_MAX: usize = 12;

/// The kind and the name of what a script creates first, both in small letters: `("procedure", "tidy")`. The part of a
/// name in front of its dot is left out. What settings stand in front of it doesn't matter.
#[must_use]
pub fn created(script: &str, rules: &Rules) -> Option<(String, String)> {
    let mut words = tokens(script, rules).filter(Token::is_significant);
    let mut is_first = true;
    words.find(|token| std::mem::replace(&mut is_first, token.is_mark(";")) && token.is_word("CREATE"))?;
    named(words, rules)
}

/// The kind and the name of what a statement creates, alters or drops.
#[must_use]
pub fn concerned(statement: &str, rules: &Rules) -> Option<(String, String)> {
    let mut words = tokens(statement, rules).filter(Token::is_significant);
    words.next().filter(|verb| ["CREATE", "ALTER", "DROP"].iter().any(|word| verb.is_word(word)))?;
    named(words, rules)
}

fn named<'a>(mut words: impl Iterator<Item = Token<'a>>, rules: &Rules) -> Option<(String, String)> {
    let mut head = words.by_ref().take(WORDS_MAX).take_while(|token| !token.is_mark("("));
    let kind = head.find_map(|token| KINDS.into_iter().find(|kind| token.is_word(kind)))?;
    let mut words = words.skip_while(|token| ["IF", "NOT", "EXISTS"].iter().any(|word| token.is_word(word)));
    let mut name = words.next()?;
    while words.next().is_some_and(|token| token.is_mark(".")) {
        name = words.next()?;
    }
    let name = identifier(&name, true, rules)?.name.to_lowercase();
    Some((kind.to_ascii_lowercase(), name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_about_what_it_names() {
        let told = |statement: &str| concerned(statement, &Rules::STANDARD).map(|(kind, _)| kind);
        for (statement, expected) in [
            ("DROP TRIGGER IF EXISTS t", Some("trigger")),
            ("ALTER DEFINER = a@b EVENT e DISABLE", Some("event")),
            ("ALTER TABLE t DROP TRIGGER", Some("table")),
            ("INSERT INTO t VALUES (1)", None),
        ] {
            assert_eq!(told(statement).as_deref(), expected, "{statement}");
        }
    }

    #[test]
    fn the_name_stands_behind_the_kind() {
        let told = |script: &str| {
            let rules = Rules::SHARED;
            created(script, &rules).map(|(kind, name)| format!("{kind} {name}"))
        };
        for (script, expected) in [
            ("CREATE PROCEDURE Tidy() BEGIN END", Some("procedure tidy")),
            (
                "/* one */ create or replace definer = `a`@`b` function shop.`sum up`(a int)",
                Some("function sum up"),
            ),
            ("CREATE TRIGGER IF NOT EXISTS t BEFORE INSERT ON users", Some("trigger t")),
            ("CREATE TABLE t (a int); CREATE TABLE u (a int)", Some("table t")),
            ("SET a = 1;\nSET b = 2;\nCREATE TRIGGER t BEFORE INSERT ON u", Some("trigger t")),
            ("CREATE UNIQUE INDEX event ON t (a)", Some("index event")),
            ("INSERT INTO t SELECT create FROM table", None),
            ("ALTER TABLE t ADD COLUMN a int", None),
            ("CREATE", None),
            ("CREATE TABLE", None),
            ("", None),
        ] {
            assert_eq!(told(script).as_deref(), expected, "{script}");
        }
    }
}
