//! What a raw object's script drops: the kind of thing and its name, as far as its words tell. No grammar.

use crate::dialect::postgres::{RULES, script};
use crate::sql::{Token, identifiers, tokens};

/// A kind of thing to which people can give something by hand that would go with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A view or a sequence: what stands in `pg_class`.
    Relation,
    /// A materialized view, which can have indexes.
    Materialized,
    /// A function, procedure or aggregate.
    Routine,
    /// A type or domain.
    Type,
}

/// The words behind `DROP`, with the kind of thing.
const KINDS: [(&[&str], Kind); 9] = [
    (&["MATERIALIZED", "VIEW"], Kind::Materialized),
    (&["VIEW"], Kind::Relation),
    (&["SEQUENCE"], Kind::Relation),
    (&["FUNCTION"], Kind::Routine),
    (&["PROCEDURE"], Kind::Routine),
    (&["ROUTINE"], Kind::Routine),
    (&["AGGREGATE"], Kind::Routine),
    (&["DOMAIN"], Kind::Type),
    (&["TYPE"], Kind::Type),
];

/// A thing that a statement drops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dropped {
    /// What kind of thing.
    pub(super) kind: Kind,
    /// The words for it.
    pub(super) words: String,
    /// How SQL names it: with the types of a routine's arguments, if the statement says them.
    pub(super) named: String,
    /// Its namespace, if the statement says it.
    pub(super) namespace: Option<String>,
    /// Its name, as it stands in the catalog.
    pub(super) name: String,
    /// The types of a routine's arguments, without white space.
    pub(super) arguments: Option<String>,
}

impl Dropped {
    /// What the only statement of a script drops that has such a kind.
    pub(super) fn by(text: &str) -> Option<Self> {
        let statements = script::statements("", text).ok()?;
        let mut found = statements.into_iter().filter_map(Self::by_statement);
        found.next().filter(|_| found.next().is_none())
    }

    fn by_statement(statement: &str) -> Option<Self> {
        let tokens: Vec<Token<'_>> = tokens(statement, &RULES).filter(Token::is_significant).collect();
        let [drop, rest @ ..] = tokens.as_slice() else { return None };
        if !drop.is_word("DROP") {
            return None;
        }
        let begins = |tokens: &[Token<'_>], words: &[&str]| {
            words.len() <= tokens.len() && words.iter().zip(tokens).all(|(word, token)| token.is_word(word))
        };
        let (words, kind) = *KINDS.iter().find(|(words, _)| begins(rest, words))?;
        let mut rest = rest.get(words.len()..)?;
        if begins(rest, &["IF", "EXISTS"]) {
            rest = rest.get(2..)?;
        }
        let ends = |token: &Token<'_>| token.is_word("CASCADE") || token.is_word("RESTRICT");
        let rest = rest.get(..rest.iter().position(ends).unwrap_or(rest.len()))?;
        let opens = rest.iter().position(|token| token.is_mark("("));
        let (name, arguments) = rest.split_at(opens.unwrap_or(rest.len()));
        // Several have several lists of arguments.
        let is_one = match arguments {
            [] => true,
            [first @ .., last] => {
                last.is_mark(")") && kind == Kind::Routine && !first.iter().any(|token| token.is_mark(")"))
            }
        };
        let joined = |tokens: &[Token<'_>], between: &str| {
            tokens.iter().map(|token| token.text).collect::<Vec<_>>().join(between)
        };
        let part = |token: &Token<'_>| Some(identifiers(token.text, &RULES).next()?.name.into_owned());
        let (namespace, plain) = match name {
            [name] => (None, part(name)?),
            [namespace, dot, name] if dot.is_mark(".") => (Some(part(namespace)?), part(name)?),
            _ => return None,
        };
        let inner = arguments.get(1..arguments.len().saturating_sub(1)).filter(|_| !arguments.is_empty());
        is_one.then(|| Self {
            kind,
            words: words.join(" "),
            named: joined(name, "") + &joined(arguments, " "),
            namespace,
            name: plain,
            arguments: inner.map(|inner| joined(inner, "").to_lowercase()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(script: &str) -> String {
        match Dropped::by(script) {
            Some(Dropped { kind, words, named, namespace, name, arguments }) => {
                format!("{kind:?} {words} {named}: {namespace:?} {name} {arguments:?}")
            }
            None => "nothing".to_owned(),
        }
    }

    #[test]
    fn a_drop_says_what_it_is_about() {
        let scripts = [
            "DROP FUNCTION IF EXISTS a.\"F x\"(int, Double Precision) CASCADE",
            "drop function f",
            "DROP PROCEDURE p()",
            "DROP MATERIALIZED VIEW m",
            "DROP TRIGGER t ON x; DROP DOMAIN IF EXISTS d",
            "DROP TABLE t",
            "DROP FUNCTION f(int), g(int)",
            "DROP VIEW v, w",
            "DROP VIEW v; DROP VIEW w",
        ];
        insta::assert_snapshot!(scripts.map(told).join("\n"), @r#"
        Routine FUNCTION a."F x"( int , Double Precision ): Some("a") F x Some("int,doubleprecision")
        Routine FUNCTION f: None f None
        Routine PROCEDURE p( ): None p Some("")
        Materialized MATERIALIZED VIEW m: None m None
        Type DOMAIN d: None d None
        nothing
        nothing
        nothing
        nothing
        "#);
    }
}
