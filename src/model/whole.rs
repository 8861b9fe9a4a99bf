//! Which table or view a raw object is a part of, as people see it: the object comes and goes with it.

use std::collections::HashMap;

use super::script::{RULES, statements};
use super::{RawObject, State, Value};
use crate::name::ObjectName;
use crate::sql::{Token, TokenKind, identifiers, tokens};

/// Kinds of objects that are part of a table or a view, with the word in front of its name.
const PARTS: [(&str, &str); 4] = [("index", "on"), ("policy", "on"), ("rule", "to"), ("trigger", "on")];

/// The tables and views of a state, ready to be asked for their parts.
pub struct Wholes<'s> {
    state: &'s State,
    /// The table whose defaults mention a word, be it in a string as a sequence's name is; `None` if several do.
    mentioned: HashMap<&'s str, Option<&'s ObjectName>>,
}

impl State {
    /// Makes ready to ask which table or view a raw object is a part of.
    #[must_use]
    pub fn wholes(&self) -> Wholes<'_> {
        let mut mentioned: HashMap<&str, Option<&ObjectName>> = HashMap::new();
        for table in &self.tables {
            let defaults = table.columns.iter().flat_map(|column| column.default.values().flatten());
            for word in defaults.flat_map(words) {
                let known = mentioned.entry(word).or_insert(Some(&table.name));
                if *known != Some(&table.name) {
                    *known = None;
                }
            }
        }
        Wholes { state: self, mentioned }
    }
}

impl<'s> Wholes<'s> {
    /// The table or view that a raw object is a part of: that of a trigger or a policy, and the one table whose rows a
    /// sequence numbers, as well of what ties the two together.
    #[must_use]
    pub fn of(&self, part: &RawObject) -> Option<&'s ObjectName> {
        let Some(kind) = part.kind() else { return self.tied_by(part) };
        if kind == "sequence" {
            return self.mentioned.get(part.name.name.as_str()).copied().flatten();
        }
        let (_, word) = PARTS.iter().find(|(known, _)| *known == kind)?;
        let State { tables, views, .. } = self.state;
        let sources = part.depends_on.iter().filter_map(|name| {
            let table = tables.get(name).map(|table| &table.name);
            table.or_else(|| views.get(name).map(|view| &view.name))
        });
        let sources: Vec<&ObjectName> = sources.collect();
        if let [only] = sources.as_slice() {
            return Some(only);
        }
        let named = name_behind(word, statements(&part.create.common).first()?)?;
        sources.into_iter().find(|source| source.name.as_str().eq_ignore_ascii_case(&named))
    }
}

impl<'s> Wholes<'s> {
    /// The table that SQL which creates nothing rests on, if it rests on nothing else but sequences of that table.
    fn tied_by(&self, part: &RawObject) -> Option<&'s ObjectName> {
        let tables = &self.state.tables;
        let table = part.depends_on.iter().find_map(|name| tables.get(name))?;
        let is_own = |name: &ObjectName| {
            *name == table.name || self.mentioned.get(name.name.as_str()) == Some(&Some(&table.name))
        };
        (part.depends_on.len() > 1 && part.depends_on.iter().all(is_own)).then_some(&table.name)
    }
}

/// What can be a name in an expression: its words, and what stands in quotes.
fn words(value: &Value) -> Vec<&str> {
    let inside = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    match value {
        Value::Sql(text) => text.split(|c| !inside(c)).chain(text.split(['\'', '"'])).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => Vec::new(),
    }
}

/// The last part of the name behind a word.
fn name_behind(word: &str, statement: &str) -> Option<String> {
    let mut tokens = tokens(statement, &RULES).filter(Token::is_significant);
    tokens.find(|token| token.kind == TokenKind::Word && token.text.eq_ignore_ascii_case(word))?;
    loop {
        let token = tokens.next()?;
        let name = identifiers(token.text, &RULES).next()?.name.into_owned();
        if tokens.next().is_none_or(|token| token.text != ".") {
            return Some(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, PerDialect, Portable, SqlText, Table, Type};
    use crate::name::Name;

    #[test]
    fn a_trigger_is_a_part_of_the_table_that_it_is_on() {
        let name = |text: &str| ObjectName::unqualified(Name::new(text).unwrap());
        let state = State {
            tables: ["a", "b"].map(|text| Table::new(name(text))).into_iter().collect(),
            ..State::default()
        };
        for (script, depends_on, whole) in [
            ("CREATE TRIGGER x UPDATE ON b BEGIN DELETE FROM a; END", &["a", "b"][..], Some("b")),
            ("CREATE TRIGGER x UPDATE OF c ON main.\"b\" BEGIN DELETE FROM a; END", &["a", "b"], Some("b")),
            ("CREATE TRIGGER x UPDATE ON elsewhere EXECUTE FUNCTION f()", &["a", "f"], Some("a")),
            ("CREATE RULE x AS ON INSERT TO a DO ALSO INSERT INTO b VALUES (1)", &["a", "b"], Some("a")),
            ("CREATE FUNCTION x() RETURNS int AS $$ SELECT 1 FROM a $$", &["a"], None),
            ("CREATE POLICY x ON c", &[], None),
        ] {
            let (create, drop) = (SqlText::from(script), SqlText::from(""));
            let depends_on = depends_on.iter().map(|text| name(text)).collect();
            let part = RawObject { name: name("x"), only: None, create, drop, depends_on };
            assert_eq!(state.wholes().of(&part), whole.map(name).as_ref(), "{script}");
        }
    }

    #[test]
    fn a_sequence_is_a_part_of_the_one_table_that_it_numbers() {
        let name = |text: &str| ObjectName::unqualified(Name::new(text).unwrap());
        let numbered = |table: &str, default: &str| {
            let mut column = Column::new(Name::new("id").unwrap(), Type::Portable(Portable::Int));
            column.default = PerDialect::same(Some(Value::Sql(default.into())));
            Table { columns: [column].into_iter().collect(), ..Table::new(name(table)) }
        };
        let tables = [
            numbered("a", "nextval('a_seq'::regclass)"),
            numbered("b", r#"nextval('shop."The Seq"'::regclass)"#),
            numbered("c", "nextval('both_seq'::regclass)"),
            numbered("d", "nextval('both_seq'::regclass)"),
        ];
        let state = State { tables: tables.into_iter().collect(), ..State::default() };
        for (sequence, whole) in
            [("a_seq", Some("a")), ("The Seq", Some("b")), ("both_seq", None), ("seq", None)]
        {
            let (create, drop) = (SqlText::from("CREATE SEQUENCE s"), SqlText::from(""));
            let part = RawObject { name: name(sequence), only: None, create, drop, depends_on: Vec::new() };
            assert_eq!(state.wholes().of(&part), whole.map(name).as_ref(), "{sequence}");
            let tie = RawObject {
                create: SqlText::from("ALTER SEQUENCE s OWNED BY a.id"),
                depends_on: vec![name(whole.unwrap_or("a")), name(sequence)],
                ..part
            };
            assert_eq!(state.wholes().of(&tie), whole.map(name).as_ref(), "the tie of {sequence}");
        }
    }
}
