//! What a statement creates, by the kind and the name that its SQL says.

use super::identifiers::identifier;
use super::{Rules, Token, tokens};

/// What can have a name of its own beside tables that are declared.
const KINDS: [&str; 7] = ["EVENT", "FUNCTION", "PROCEDURE", "SEQUENCE", "TABLE", "TRIGGER", "VIEW"];

/// How many words can stand between `CREATE` and the kind, `OR REPLACE DEFINER = 'user'@'host'` among them.
const WORDS_MAX: usize = 12;

/// The kind and the name of what a script creates first, both in small letters: `("procedure", "tidy")`. The part of a
/// name in front of its dot is left out.
#[must_use]
pub fn created(script: &str, rules: &Rules) -> Option<(String, String)> {
    let mut words = tokens(script, rules).filter(Token::is_significant);
    words.next().filter(|first| first.is_word("CREATE"))?;
    let kind =
        words.by_ref().take(WORDS_MAX).find_map(|token| KINDS.into_iter().find(|kind| token.is_word(kind)));
    let mut words = words.skip_while(|token| ["IF", "NOT", "EXISTS"].iter().any(|word| token.is_word(word)));
    let mut name = words.next()?;
    while words.next().is_some_and(|token| token.is_mark(".")) {
        name = words.next()?;
    }
    let name = identifier(&name, true, rules)?.name.to_lowercase();
    Some((kind?.to_ascii_lowercase(), name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_stands_behind_the_kind() {
        let told = |script: &str| {
            let rules = Rules { backtick_identifiers: true, ..Rules::STANDARD };
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
            ("ALTER TABLE t ADD COLUMN a int", None),
            ("CREATE", None),
            ("CREATE TABLE", None),
            ("", None),
        ] {
            assert_eq!(told(script).as_deref(), expected, "{script}");
        }
    }
}
