//! The raw objects that a table's own SQL mentions: a domain as a column's type, a function in a check. They have
//! to be there before the table, which nobody can write down at the table. Words alone are looked at.

use std::collections::{BTreeSet, HashMap};

use super::resource::Resource;
use crate::model::{Check, Column, Index, IndexKey, KeyPart, RawObject, SqlText, State, Type, Value};
use crate::name::ObjectName;
use crate::sql::{Rules, Token, TokenKind, identifiers, tokens};

/// What a table's SQL can rest on, of all that CREATE makes: by the word behind CREATE, and how it is mentioned.
const USED_IN_TABLES: [(&str, By); 9] = [
    ("access", By::Word),
    ("aggregate", By::Word),
    ("collation", By::Word),
    ("domain", By::Word),
    ("function", By::Word),
    // Its classes are words.
    ("operator", By::Word),
    ("sequence", By::String),
    ("text", By::String),
    ("type", By::Word),
];

/// How SQL mentions something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// As a name or an operator.
    Word,
    /// Also in a string: `nextval('numbers')`.
    String,
}

/// What rests on no table, unless it says so, and so comes first and goes last.
const BENEATH_TABLES: [&str; 5] = ["extension", "domain", "type", "sequence", "collation"];

/// Whether a raw object comes before tables where nothing forces another order.
pub(super) fn is_beneath_tables(object: &RawObject) -> bool {
    object.kind().is_some_and(|kind| BENEATH_TABLES.contains(&kind.as_str()))
}

/// The raw objects that a table may rest on, by name.
pub(super) struct Mentions<'a> {
    by_word: HashMap<String, Vec<(&'a ObjectName, By)>>,
    /// What each of them rests on itself, directly or through others.
    beneath: HashMap<&'a ObjectName, BTreeSet<&'a ObjectName>>,
}

impl<'a> Mentions<'a> {
    pub(super) fn new(states: [&'a State; 2]) -> Self {
        let mut mentions = Self { by_word: HashMap::new(), beneath: HashMap::new() };
        for object in states.into_iter().flat_map(|state| &state.objects) {
            let kind = object.kind();
            let Some((_, by)) = USED_IN_TABLES.iter().find(|(used, _)| kind.as_deref() == Some(used)) else {
                continue;
            };
            // The name in SQL is another one where several have it.
            for word in [Some(object.name.name.to_string()), object.created_name()].into_iter().flatten() {
                let names = mentions.by_word.entry(word.to_lowercase()).or_default();
                if !names.contains(&(&object.name, *by)) {
                    names.push((&object.name, *by));
                }
            }
            mentions.beneath.entry(&object.name).or_default().extend(beneath(object, states));
        }
        mentions
    }

    /// The objects that some SQL of a table or view mentions; those that rest on it are left out.
    pub(super) fn within<'t>(
        &self,
        owner: &ObjectName,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Vec<Resource> {
        if self.by_word.is_empty() {
            return Vec::new();
        }
        let mut found = BTreeSet::new();
        for text in texts {
            for token in tokens(text, &Rules::SHARED).filter(Token::is_significant) {
                match token.kind {
                    TokenKind::Operator => found.extend(self.of(token.text, By::Word)),
                    TokenKind::String => {
                        for word in identifiers(token.text.trim_matches('\''), &Rules::SHARED) {
                            found.extend(self.of(&word.name, By::String));
                        }
                    }
                    TokenKind::Word | TokenKind::Quoted => {
                        for word in identifiers(token.text, &Rules::SHARED) {
                            found.extend(self.of(&word.name, By::Word));
                        }
                    }
                    TokenKind::Space | TokenKind::Comment | TokenKind::Number | TokenKind::Mark => {}
                }
            }
        }
        let free = |name: &&ObjectName| !self.beneath.get(name).is_some_and(|names| names.contains(owner));
        found.into_iter().filter(free).cloned().map(Resource::Object).collect()
    }

    /// What a word means that stands like this.
    fn of(&self, word: &str, by: By) -> impl Iterator<Item = &'a ObjectName> {
        let found = self.by_word.get(&word.to_lowercase()).into_iter().flatten();
        found.filter(move |(_, mentioned)| by == By::Word || *mentioned == By::String).map(|(name, _)| *name)
    }
}

fn beneath<'a>(object: &'a RawObject, states: [&'a State; 2]) -> BTreeSet<&'a ObjectName> {
    let mut found = BTreeSet::new();
    let mut left: Vec<&ObjectName> = object.depends_on.iter().collect();
    while let Some(name) = left.pop() {
        if found.insert(name) {
            for state in states {
                left.extend(state.objects.get(name).into_iter().flat_map(|object| &object.depends_on));
                left.extend(state.views.get(name).into_iter().flat_map(|view| &view.depends_on));
            }
        }
    }
    found
}

pub(super) fn in_column(column: &Column) -> Vec<&str> {
    let Column {
        name: _,
        only: _,
        ty,
        nullable: _,
        default,
        generated,
        identity: _,
        collation,
        comment: _,
        options: _,
    } = column;
    let mut texts: Vec<&str> = ty.values().filter_map(native).collect();
    texts.extend(default.values().flatten().filter_map(|value| match value {
        Value::Sql(text) => Some(&**text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => None,
    }));
    texts.extend(generated.iter().flat_map(|generated| in_text(&generated.expression)));
    texts.extend(collation.values().flatten().map(|text| &**text));
    texts
}

fn native(ty: &Type) -> Option<&str> {
    match ty {
        Type::Native(text) => Some(text),
        Type::Array(element) => native(element),
        Type::Portable(_) | Type::Enum(_) => None,
    }
}

pub(super) fn in_check(check: &Check) -> Vec<&str> {
    in_text(&check.expression).collect()
}

pub(super) fn in_index(index: &Index) -> Vec<&str> {
    let mut texts: Vec<&str> = index.predicate.iter().flat_map(in_text).collect();
    for IndexKey { on, order: _, nulls: _, operator_class, collation, prefix: _ } in &index.keys {
        texts.extend([operator_class, collation].into_iter().flatten().map(|text| &**text));
        if let KeyPart::Expression(text) = on {
            texts.extend(in_text(text));
        }
    }
    texts
}

pub(super) fn in_text(text: &SqlText) -> impl Iterator<Item = &str> {
    text.values().map(|text| &**text)
}
