//! The database's own name in front of other names: the servers print it in views and defaults, and it is another one in
//! each database.

use std::borrow::Cow;
use std::ops::Range;

use crate::dialect::mysql::RULES;
use crate::dialect::mysql::quote::ident;
use crate::sql::{Token, TokenKind, tokens};

/// What stands behind these is the name of a table.
const BEFORE_TABLES: [&str; 3] = ["from", "join", "straight_join"];
/// What these are given is the name of a sequence.
const OF_SEQUENCES: [&str; 3] = ["nextval", "lastval", "setval"];

/// A database as a qualifier.
pub(in crate::dialect::mysql) struct Qualifier {
    name: String,
}

impl Qualifier {
    /// That of the database of this name.
    pub(in crate::dialect::mysql) fn new(database: &str) -> Self {
        Self { name: ident(database) }
    }

    /// The text without it. An alias can have the name of the database, so it goes only from where a database's name
    /// alone can stand.
    pub(in crate::dialect::mysql) fn stripped<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !text.contains(&self.name) {
            return Cow::Borrowed(text);
        }
        let tokens: Vec<Token<'_>> = tokens(text, &RULES).filter(Token::is_significant).collect();
        let removed: Vec<Range<usize>> = (0..tokens.len())
            .filter(|at| self.qualifies(&tokens, *at))
            .filter_map(|at| Some(tokens[at].span.start..tokens.get(at + 1)?.span.end))
            .collect();
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for Range { start, end } in removed {
            out.push_str(&text[done..start]);
            done = end;
        }
        out.push_str(&text[done..]);
        Cow::Owned(out)
    }

    fn qualifies(&self, tokens: &[Token<'_>], at: usize) -> bool {
        let is = |at: usize, mark: &str| tokens.get(at).is_some_and(|token| token.is_mark(mark));
        let is_name = |at: usize| tokens.get(at).is_some_and(|token| token.kind == TokenKind::Quoted);
        let before = |distance: usize| at.checked_sub(distance).and_then(|at| tokens.get(at));
        if tokens[at].text != self.name || !is(at + 1, ".") || !is_name(at + 2) {
            return false;
        }
        if before(1).is_some_and(|token| token.is_mark(".")) {
            return false;
        }
        if is(at + 3, ".") || is(at + 3, "(") {
            return true;
        }
        let of_sequence = before(1).is_some_and(|token| token.is_mark("("))
            && before(2).is_some_and(|token| OF_SEQUENCES.iter().any(|word| token.is_word(word)));
        let opened = tokens[..at].iter().rev().find(|token| !token.is_mark("("));
        of_sequence || opened.is_some_and(|token| BEFORE_TABLES.iter().any(|word| token.is_word(word)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_goes() {
        let qualifier = Qualifier::new("shop");
        for (text, stripped) in [
            ("select `shop`.`t`.`id` AS `id` from `shop`.`t`", "select `t`.`id` AS `id` from `t`"),
            ("select `shop`.`id` from `shop`.`shop`", "select `shop`.`id` from `shop`"),
            ("select '`shop`.`t`', `shop`.`f`(1)", "select '`shop`.`t`', `f`(1)"),
            (
                "from (`shop`.`a` join `shop`.`b` on(`a`.`x` = `b`.`x`))",
                "from (`a` join `b` on(`a`.`x` = `b`.`x`))",
            ),
            ("nextval(`shop`.`numbers`)", "nextval(`numbers`)"),
            ("select `t`.`shop` from `other`.`t`", "select `t`.`shop` from `other`.`t`"),
        ] {
            assert_eq!(qualifier.stripped(text), stripped);
        }
    }
}
