//! CREATE TABLE, cut into facts. A constraint that stands at a column and the same constraint behind the columns
//! are one fact. Whatever is not understood stays in the facts as text, so that no difference gets lost.

use crate::dialect::sqlite::normal::{join, significant, unquoted};
use crate::sql::Token;

/// One thing that a table has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fact {
    /// `table`, `column` or `constraint`.
    pub about: &'static str,
    /// The name of the column or constraint; empty if it has none.
    pub name: String,
    /// What is said of it.
    pub text: String,
}

/// The facts; `None` if the text is no list of columns, as for a virtual table.
pub(super) fn facts(sql: &str) -> Option<Vec<Fact>> {
    let tokens = significant(sql);
    if !tokens.get(1)?.is_word("TABLE") {
        return None;
    }
    let open = tokens.iter().position(|token| token.is_mark("("))?;
    let close = group_end(&tokens, open)?;
    let options = sorted(items(tokens.get(close + 1..)?).map(join));
    let mut facts = vec![Fact { about: "table", name: String::new(), text: options }];
    for item in items(tokens.get(open + 1..close)?) {
        match item.first() {
            Some(first) if RULES.iter().any(|word| first.is_word(word)) => facts.push(rule(item)),
            Some(first) => column(unquoted(first), &item[1..], &mut facts),
            None => {}
        }
    }
    Some(facts)
}

/// What opens a constraint behind the columns. A column of such a name would be quoted.
const RULES: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// What opens a rule at a column.
const COLUMN_RULES: &[&str] = &[
    "CONSTRAINT",
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "GENERATED",
    "AS",
];

/// The place of the parenthesis that closes the one at `open`.
fn group_end(tokens: &[Token<'_>], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.is_mark("(") {
            depth += 1;
        } else if token.is_mark(")") {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// The pieces between commas outside of parentheses.
fn items<'t, 'a>(tokens: &'t [Token<'a>]) -> impl Iterator<Item = &'t [Token<'a>]> {
    let mut depth = 0_usize;
    tokens.split(move |token| {
        if token.is_mark("(") {
            depth += 1;
        } else if token.is_mark(")") {
            depth = depth.saturating_sub(1);
        }
        depth == 0 && token.is_mark(",")
    })
}

fn sorted(texts: impl Iterator<Item = String>) -> String {
    let mut texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    texts.sort_unstable();
    texts.join(", ")
}

/// The name of a constraint, if it has one, and what stands behind it.
fn named<'t, 'a>(tokens: &'t [Token<'a>]) -> (String, &'t [Token<'a>]) {
    match tokens {
        [constraint, name, rest @ ..] if constraint.is_word("CONSTRAINT") => (unquoted(name), rest),
        _ => (String::new(), tokens),
    }
}

fn rule(item: &[Token<'_>]) -> Fact {
    let (name, rest) = named(item);
    Fact { about: "constraint", name, text: join(rest) }
}

fn column(name: String, tokens: &[Token<'_>], facts: &mut Vec<Fact>) {
    let ends: Vec<usize> = starts(tokens);
    let declared = join(&tokens[..ends.first().copied().unwrap_or(tokens.len())]);
    let mut attributes = Vec::new();
    let quoted = spelled(&name);
    for (place, start) in ends.iter().enumerate() {
        let end = ends.get(place + 1).copied().unwrap_or(tokens.len());
        let (constraint, rest) = named(&tokens[*start..end]);
        let Some(first) = rest.first() else { continue };
        let text = if first.is_word("PRIMARY") {
            format!("primary key ( {quoted} ){}", behind(&rest[2.min(rest.len())..]))
        } else if first.is_word("UNIQUE") {
            format!("unique ( {quoted} ){}", behind(&rest[1..]))
        } else if first.is_word("REFERENCES") {
            format!("foreign key ( {quoted} ) {}", join(rest))
        } else if first.is_word("CHECK") {
            join(rest)
        } else {
            attributes.push(attribute(&constraint, rest));
            continue;
        };
        facts.push(Fact { about: "constraint", name: constraint, text });
    }
    let attributes = sorted(attributes.into_iter());
    let text = [declared, attributes].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>();
    facts.push(Fact { about: "column", name, text: text.join(", ") });
}

fn spelled(name: &str) -> String {
    crate::dialect::sqlite::normal::normal(&crate::dialect::sqlite::quote::name(name))
}

fn behind(tokens: &[Token<'_>]) -> String {
    if tokens.is_empty() { String::new() } else { format!(" {}", join(tokens)) }
}

/// A rule that is no constraint with a meaning of its own; `GENERATED ALWAYS` and `VIRTUAL` may be left out.
fn attribute(constraint: &str, tokens: &[Token<'_>]) -> String {
    let name = if constraint.is_empty() { String::new() } else { format!("constraint {constraint} ") };
    let noise = ["GENERATED", "ALWAYS", "VIRTUAL"];
    let computed = tokens.first().is_some_and(|first| first.is_word("GENERATED") || first.is_word("AS"));
    let says = |token: &&Token<'_>| !computed || !noise.iter().any(|word| token.is_word(word));
    let kept: Vec<Token<'_>> = tokens.iter().filter(says).cloned().collect();
    name + &join(&kept)
}

/// Where rules of a column begin.
fn starts(tokens: &[Token<'_>]) -> Vec<usize> {
    let mut starts = Vec::new();
    let (mut at, mut named) = (0, false);
    while let Some(token) = tokens.get(at) {
        if token.is_mark("(") {
            at = group_end(tokens, at).unwrap_or(tokens.len()) + 1;
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        // `SET NULL`, `SET DEFAULT`, `NOT NULL`, `DEFAULT NULL`, `ALWAYS AS`, `NOT DEFERRABLE` belong together.
        let follows = |word: &str| before.is_some_and(|before| before.is_word(word));
        let continues = ["SET", "NOT", "DEFAULT", "ALWAYS", "COLLATE"].iter().any(|word| follows(word))
            || (token.is_word("NOT") && tokens.get(at + 1).is_some_and(|next| next.is_word("DEFERRABLE")));
        if COLUMN_RULES.iter().any(|word| token.is_word(word)) && !continues && !named {
            starts.push(at);
        }
        named = false;
        if token.is_word("CONSTRAINT") && !continues {
            // The name, whatever it is, and the rule behind it belong to this start.
            at += 1;
            named = true;
        }
        at += 1;
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted_facts(sql: &str) -> Vec<String> {
        let mut facts = facts(sql).unwrap();
        facts.sort();
        facts.iter().map(|Fact { about, name, text }| format!("{about} {name}: {text}")).collect()
    }

    #[test]
    fn the_place_of_a_constraint_does_not_count() {
        let at_columns = "CREATE TABLE t (\"A b\" int NOT NULL CONSTRAINT k PRIMARY KEY AUTOINCREMENT, \
             b text DEFAULT NULL CONSTRAINT f REFERENCES u (x) ON DELETE SET NULL NOT DEFERRABLE \
             CONSTRAINT c CHECK (b <> ',' AND (b) > 0) COLLATE nocase, d int AS (b + 1))";
        let behind = "create table [t](d int GENERATED ALWAYS AS (b+1) VIRTUAL, \"A b\" int NOT NULL, \
             b text COLLATE NOCASE DEFAULT NULL, CONSTRAINT c CHECK (b <> ',' AND (b) > 0), \
             CONSTRAINT f FOREIGN KEY (b) REFERENCES u (x) ON DELETE SET NULL NOT DEFERRABLE, \
             CONSTRAINT k PRIMARY KEY (\"A b\") AUTOINCREMENT)";
        assert_eq!(sorted_facts(at_columns), sorted_facts(behind));
        assert_eq!(
            sorted_facts(at_columns),
            [
                "column A b: int, not null",
                "column b: text, collate nocase, default null",
                "column d: int, as ( b + 1 )",
                "constraint c: check ( b <> ',' and ( b ) > 0 )",
                "constraint f: foreign key ( b ) references u ( x ) on delete set null not deferrable",
                "constraint k: primary key ( \"a b\" ) autoincrement",
                "table : ",
            ]
        );
    }

    #[test]
    fn differences_are_seen() {
        let base = sorted_facts("CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0))");
        for other in [
            "CREATE TABLE t (a int CONSTRAINT d CHECK (a > 0))",
            "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 1))",
            "CREATE TABLE t (a bigint CONSTRAINT c CHECK (a > 0))",
            "CREATE TABLE t (a int NOT NULL CONSTRAINT c CHECK (a > 0))",
            "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0)) STRICT",
            "CREATE TABLE t (a int UNIQUE CONSTRAINT c CHECK (a > 0))",
        ] {
            assert_ne!(base, sorted_facts(other), "{other}");
        }
    }
}
