//! Raw objects: what they are called, how they are created and dropped, and what they mention.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::dialect::Unmanaged;
use crate::dialect::sqlite::catalog::Object;
use crate::dialect::sqlite::ddl;
use crate::dialect::sqlite::normal::{RULES, normal, significant, statement, unquoted};
use crate::model::{RawObject, SqlText};
use crate::name::{Name, ObjectName};
use crate::sql::{Rules, TokenKind, identifiers, split};

/// The names of raw objects, which are different from those of tables, views and enums.
#[derive(Debug)]
pub(super) struct RawNames(HashSet<String>);

impl RawNames {
    /// With these names taken.
    pub(super) fn new(taken: HashSet<String>) -> Self {
        Self(taken)
    }

    /// The name of a raw object: its own, or one like it when that is taken.
    pub(super) fn name(&mut self, object: &Object) -> Option<ObjectName> {
        let Object { name, kind, .. } = object;
        let own = Name::new(name).ok()?;
        let others = (1..).map(|number| match number {
            1 => format!("{name}_{kind}"),
            number => format!("{name}_{kind}_{number}"),
        });
        let free = std::iter::once(own.to_string()).chain(others).find(|name| self.0.insert(name.clone()))?;
        Name::new(free).ok().map(ObjectName::unqualified)
    }
}

/// The raw object; `None` if its text is not one statement.
pub(super) fn object(
    object: &Object,
    name: ObjectName,
    depends_on: BTreeSet<ObjectName>,
) -> Option<RawObject> {
    let create = statement(&object.sql);
    if !matches!(split(create, &RULES).as_deref(), Ok([_])) {
        return None;
    }
    let drop = ddl::drop(&object.kind.to_ascii_uppercase(), &object.name);
    Some(RawObject {
        name,
        only: None,
        create: SqlText::from(create),
        drop: SqlText::from(drop.as_str()),
        depends_on: depends_on.into_iter().collect(),
    })
}

/// What is left alone.
pub(super) fn unmanaged(object: &Object, reason: &str) -> Unmanaged {
    Unmanaged {
        kind: object.kind.as_str().into(),
        name: object.name.as_str().into(),
        definition: normal(&object.sql).into(),
        reason: reason.into(),
    }
}

/// The tables and views of a database by their names in small letters.
#[derive(Debug, Default)]
pub(super) struct Relations(pub(super) HashMap<String, ObjectName>);

/// Words behind which a string is a name.
const BEFORE_NAMES: [&str; 5] = ["FROM", "JOIN", "INTO", "UPDATE", "ON"];

impl Relations {
    pub(super) fn get(&self, name: &str) -> Option<&ObjectName> {
        self.0.get(&name.to_ascii_lowercase())
    }

    /// Those that a statement mentions, but for the one that it makes.
    pub(super) fn mentioned(&self, sql: &str, own: &str) -> BTreeSet<ObjectName> {
        let tokens = significant(sql);
        let mut found = BTreeSet::new();
        let mut names_follow = false;
        for token in &tokens {
            let is_name = match token.kind {
                TokenKind::Word | TokenKind::Quoted => true,
                TokenKind::String => names_follow,
                TokenKind::Space
                | TokenKind::Comment
                | TokenKind::Number
                | TokenKind::Operator
                | TokenKind::Mark => false,
            };
            if is_name {
                found.extend(self.get(&unquoted(token)).cloned());
            }
            names_follow = BEFORE_NAMES.iter().any(|word| token.is_word(word));
        }
        if let Some(own) = self.get(own) {
            found.remove(own);
        }
        found
    }
}

/// The words of a query that are names wherever it is read, in small letters: what they mean needs no other mention.
pub(super) fn plain_words(query: &str) -> HashSet<String> {
    identifiers(query, &Rules::STANDARD).map(|identifier| identifier.name.to_lowercase()).collect()
}
