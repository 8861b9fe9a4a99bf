//! Renamed objects inside SQL that is kept as text. Lexical: where the text alone can't tell what a name
//! means, the functions say what they assume. Strings, comments and the names of functions are never touched.

use std::collections::BTreeMap;

use super::identifiers::identifier;
use super::spelling::spell;
use super::{Identifier, Rules, Token, TokenKind, tokens};

/// Renames every identifier that stands for `from`, qualified or not.
#[must_use]
pub fn rename_identifier(text: &str, from: &str, to: &str, rules: &Rules) -> String {
    let words = Words::read(text, rules);
    words.replace(from, to, |at| !words.is_call(at))
}

/// Renames a table in a query: where a table is expected (behind `FROM`, `JOIN`, `INTO`, `UPDATE`, `TABLE`,
/// `REFERENCES`, `ON`, and behind commas in a `FROM` list) and where it qualifies a column. A table in a
/// namespace is renamed if the caller's table is the only one of its name.
#[must_use]
pub fn rename_table(text: &str, from: &str, to: &str, rules: &Rules) -> String {
    let words = Words::read(text, rules);
    let sources = words.sources();
    let shadowed = sources.iter().any(|at| words.alias(*at).is_some_and(|alias| alias.is(from, rules)));
    words.replace(from, to, |at| {
        // The first of three parts is a namespace.
        let qualifies = words.qualifies(at) && !words.qualifies(at + 2);
        sources.contains(&at) || (qualifies && !shadowed)
    })
}

/// Renames a column of `table`: unqualified, or qualified by the table, by an alias that the text gives it, or
/// by `NEW` and `OLD` in a trigger on it. An unqualified name is taken for this column's wherever it stands, and left
/// alone behind `AS` and where it is a type's: behind `::` and in front of a string.
#[must_use]
pub fn rename_column(text: &str, table: &str, from: &str, to: &str, rules: &Rules) -> String {
    let words = Words::read(text, rules);
    let found = words.columns(table, from);
    words.replace(from, to, |at| found.contains_key(&at))
}

/// How surely a name is a column's of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mention {
    /// It stands alone, so it may also be the column of another table that the text is about.
    Bare,
    /// The table or an alias of it stands in front.
    Qualified,
}

/// Whether a text names a column of `table`, as [`rename_column`] finds it, and how surely.
#[must_use]
pub fn mention_of_column(text: &str, table: &str, column: &str, rules: &Rules) -> Option<Mention> {
    Words::read(text, rules).columns(table, column).into_values().max()
}

/// The significant tokens of a text, with what stands around each.
struct Words<'a> {
    text: &'a str,
    rules: Rules,
    tokens: Vec<Token<'a>>,
}

impl<'a> Words<'a> {
    fn read(text: &'a str, rules: &Rules) -> Self {
        Self { text, rules: *rules, tokens: tokens(text, rules).filter(Token::is_significant).collect() }
    }

    /// Where a column of a table is named.
    fn columns(&self, table: &str, column: &str) -> BTreeMap<usize, Mention> {
        let rules = &self.rules;
        let sources = self.sources();
        let (mut aliases, mut is_trigger) = (Vec::new(), false);
        for at in &sources {
            if self.name(*at).is_some_and(|name| name.is(table, rules)) {
                aliases.extend(self.alias(*at));
                is_trigger |= self.is_word(*at, 1, "ON");
            }
        }
        let stands_for_table = |qualifier: &Identifier<'_>| {
            let row = ["new", "old"].iter().any(|row| qualifier.name.eq_ignore_ascii_case(row));
            let aliased = aliases.iter().any(|alias| qualifier.is(&alias.name, rules));
            qualifier.is(table, rules) || aliased || (is_trigger && row)
        };
        let mention = |at: usize| {
            self.name(at).filter(|name| name.is(column, rules))?;
            if self.is_call(at) || sources.contains(&at) || self.qualifies(at) || self.is_word(at, 1, "AS") {
                return None;
            }
            if self.is_type(at) {
                return None;
            }
            match self.qualifier(at) {
                None => (!self.is_qualified(at)).then_some(Mention::Bare),
                Some(qualifier) => stands_for_table(&qualifier).then_some(Mention::Qualified),
            }
        };
        (0..self.tokens.len()).filter_map(|at| Some((at, mention(at)?))).collect()
    }

    /// The text with every chosen identifier that stands for `from` replaced.
    fn replace(&self, from: &str, to: &str, chosen: impl Fn(usize) -> bool) -> String {
        let mut renamed = String::with_capacity(self.text.len());
        let mut copied = 0;
        for (at, token) in self.tokens.iter().enumerate() {
            let Some(found) = self.name(at) else { continue };
            if found.is(from, &self.rules) && chosen(at) {
                renamed.push_str(&self.text[copied..found.span.start]);
                renamed.push_str(&spell(to, token, &self.rules));
                copied = found.span.end;
            }
        }
        renamed.push_str(&self.text[copied..]);
        renamed
    }

    fn get(&self, at: usize) -> Option<&Token<'a>> {
        self.tokens.get(at)
    }

    fn name(&self, at: usize) -> Option<Identifier<'a>> {
        self.get(at).and_then(|token| identifier(token, self.is_qualified(at), &self.rules))
    }

    /// Whether the token `back` places in front is this keyword.
    fn is_word(&self, at: usize, back: usize, keyword: &str) -> bool {
        at.checked_sub(back).and_then(|at| self.get(at)).is_some_and(|token| token.is_word(keyword))
    }

    /// Whether a name is the type that something is cast to.
    fn is_type(&self, at: usize) -> bool {
        let behind_cast =
            at.checked_sub(1).and_then(|at| self.get(at)).is_some_and(|token| token.text == "::");
        let of_literal = self.get(at + 1).is_some_and(|token| token.kind == TokenKind::String);
        behind_cast || of_literal
    }

    fn is_qualified(&self, at: usize) -> bool {
        at.checked_sub(1).and_then(|at| self.get(at)).is_some_and(|token| token.is_mark("."))
    }

    fn qualifies(&self, at: usize) -> bool {
        self.get(at + 1).is_some_and(|token| token.is_mark("."))
    }

    fn qualifier(&self, at: usize) -> Option<Identifier<'a>> {
        if self.is_qualified(at) { at.checked_sub(2).and_then(|at| self.name(at)) } else { None }
    }

    /// A name in front of `(` calls a function, unless a keyword says that a list of columns follows.
    fn is_call(&self, at: usize) -> bool {
        let opens = self.get(at + 1).is_some_and(|token| token.is_mark("("));
        opens && !["INTO", "REFERENCES", "TABLE", "ON", "VIEW"].iter().any(|word| self.is_word(at, 1, word))
    }
}

/// The place of a walk through the clauses of a query, one for each open parenthesis.
#[derive(Clone, Copy, Default)]
struct Clause {
    /// The next name is a table's.
    expects: bool,
    /// A comma is followed by another table.
    lists: bool,
    /// These are arguments of a function in which `FROM` names no table.
    arguments: bool,
}

impl Words<'_> {
    /// Where tables are named: the place of the last part of each such name.
    fn sources(&self) -> Vec<usize> {
        let mut sources = Vec::new();
        let mut outer = Vec::new();
        let mut clause = Clause::default();
        for (at, token) in self.tokens.iter().enumerate() {
            if token.is_mark("(") {
                outer.push(Clause { expects: false, ..clause });
                let arguments = ["EXTRACT", "SUBSTRING", "TRIM", "OVERLAY", "POSITION"];
                let arguments = arguments.iter().any(|word| self.is_word(at, 1, word));
                clause = Clause { arguments, lists: clause.expects, ..clause };
            } else if token.is_mark(")") {
                clause = outer.pop().unwrap_or_default();
            } else if token.is_mark(",") {
                clause.expects = clause.lists;
            } else if let Some(next) = self.clause_at(at, clause) {
                clause = next;
            } else if clause.expects && self.name(at).is_some() && !self.qualifies(at) {
                clause.expects = false;
                if !self.is_call(at) {
                    sources.push(at);
                }
            }
        }
        sources
    }

    /// The clause that a keyword opens, if it opens one.
    fn clause_at(&self, at: usize, clause: Clause) -> Option<Clause> {
        let token = self.get(at)?;
        let is = |words: &[&str]| words.iter().any(|word| token.is_word(word));
        if self.is_qualified(at) || self.qualifies(at) {
            None
        } else if is(&["FROM"]) {
            let names_table = !clause.arguments && !self.is_word(at, 1, "DISTINCT");
            Some(if names_table { Clause { expects: true, lists: true, ..clause } } else { clause })
        } else if is(&["JOIN"]) {
            Some(Clause { expects: true, lists: true, ..clause })
        } else if is(&["INTO", "UPDATE", "TABLE", "REFERENCES"]) {
            Some(Clause { expects: true, lists: false, ..clause })
        } else if is(&["ON"]) {
            // In a list of tables it opens a condition; elsewhere (indexes, triggers) it names the table.
            Some(Clause { expects: !clause.lists, ..clause })
        } else if is(&["USING"]) {
            Some(Clause { expects: false, ..clause })
        } else if is(&["ONLY", "LATERAL", "IF", "NOT", "EXISTS"]) {
            clause.expects.then_some(clause)
        } else if is(&CLAUSES) {
            Some(Clause { expects: false, lists: false, ..clause })
        } else {
            None
        }
    }

    /// The alias of the table that is named at this place: the name behind it. A keyword that stands there
    /// does no harm, since nothing is qualified by one.
    fn alias(&self, at: usize) -> Option<Identifier<'_>> {
        let next = self.get(at + 1)?;
        self.name(if next.is_word("AS") { at + 2 } else { at + 1 })
    }
}

/// Keywords behind which no list of tables goes on.
const CLAUSES: [&str; 16] = [
    "SELECT",
    "WHERE",
    "GROUP",
    "ORDER",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "SET",
    "VALUES",
    "RETURNING",
    "WINDOW",
    "BEGIN",
];
