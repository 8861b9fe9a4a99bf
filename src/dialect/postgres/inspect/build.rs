//! What the readers of rows write into: the state so far, what is unmanaged, and raw objects that get their names when
//! all of them are known.

use std::collections::HashMap;

use crate::dialect::{Inspection, Surroundings, Unmanaged};
use crate::name::{Name, ObjectName};

use crate::diagnostic::Diagnostic;
use crate::dialect::cells::Cells;
use crate::dialect::postgres::quote;

/// An inspection in the making.
#[derive(Debug)]
pub(super) struct Build<'a> {
    /// The namespace of unqualified names.
    namespace: Option<&'a str>,
    /// What was read so far, without raw objects.
    pub(super) inspection: Inspection,
    /// Raw objects without the names that they get.
    pub(super) drafts: Vec<Draft>,
    /// The tables whose columns say all about a sequence, by its namespace and its name.
    pub(super) serials: HashMap<(String, String), ObjectName>,
    /// The same by what dependencies call the sequence.
    pub(super) follows: HashMap<String, ObjectName>,
    /// What is unmanaged, by what dependencies call it: its place in the list.
    pub(super) strangers: HashMap<String, usize>,
}

/// A raw object before its name among all raw objects is settled.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// What it is, in the words behind CREATE: `function`, `exclusion constraint`.
    pub(super) kind: &'static str,
    /// The name that it gets if no other wants it.
    pub(super) name: ObjectName,
    /// What tells it from every other one, for [`Need::Draft`].
    pub(super) key: String,
    /// SQL that creates it.
    pub(super) create: String,
    /// SQL that drops it.
    pub(super) drop: String,
    /// What must exist before it.
    pub(super) needs: Vec<Need>,
}

/// What a raw object rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    /// A table, a view or an enum.
    Named(ObjectName),
    /// Another raw object, by its key.
    Draft(String),
}

impl<'a> Build<'a> {
    pub(super) fn new(surroundings: Surroundings<'a>) -> Self {
        let Surroundings { namespace, version: _ } = surroundings;
        Self {
            namespace,
            inspection: Inspection::default(),
            drafts: Vec::new(),
            serials: HashMap::new(),
            follows: HashMap::new(),
            strangers: HashMap::new(),
        }
    }

    /// The namespace of unqualified names.
    pub(super) fn unqualified(&self) -> Option<&'a str> {
        self.namespace
    }

    /// The namespace of an object that is in this one; `None` is that of unqualified names.
    pub(super) fn namespace(&self, namespace: Name) -> Option<Name> {
        (self.namespace != Some(namespace.as_str())).then_some(namespace)
    }

    /// The object that two cells name: its namespace, then its own name.
    pub(super) fn object(&self, cells: Cells<'_>, at: usize) -> Result<ObjectName, Diagnostic> {
        Ok(ObjectName { namespace: self.namespace(cells.name(at)?), name: cells.name(at + 1)? })
    }

    /// A collation as a column or the key of an index names it.
    pub(super) fn collation(&self, namespace: &str, name: &str) -> Box<str> {
        if namespace == "pg_catalog" || self.namespace == Some(namespace) {
            name.into()
        } else {
            format!("{}.{}", quote::ident(namespace), quote::ident(name)).into()
        }
    }

    /// Lists something that there are no words for. The reason is the rest of a sentence that begins with it.
    pub(super) fn unmanaged(&mut self, kind: &str, name: &str, definition: &str, reason: &str) {
        self.inspection.unmanaged.push(Unmanaged {
            kind: kind.into(),
            name: name.into(),
            definition: definition.into(),
            reason: reason.into(),
        });
    }

    /// Keeps what is said of a table beside its definition: a clause of ALTER TABLE that says it, and one that takes
    /// it back.
    pub(super) fn altered(
        &mut self,
        table: &ObjectName,
        kind: &'static str,
        what: &str,
        set: &str,
        unset: &str,
    ) {
        let alter = |clause: &str| format!("ALTER TABLE {} {clause}", quote::object(table));
        self.belonging(table, kind, what, &alter(set), &alter(unset), Vec::new());
    }

    /// Keeps a raw object that belongs to a table; its name begins with that of the table.
    pub(super) fn belonging(
        &mut self,
        table: &ObjectName,
        kind: &'static str,
        what: &str,
        create: &str,
        drop: &str,
        mut needs: Vec<Need>,
    ) -> String {
        let name = if what.starts_with(table.name.as_str()) {
            what.to_owned()
        } else {
            format!("{}_{what}", table.name)
        };
        let key = format!("{kind} {} {what}", quote::object(table));
        needs.push(Need::Named(table.clone()));
        // It begins with a name, so it is one.
        if let Ok(name) = Name::new(name) {
            let name = table.sibling(name);
            let (create, drop) = (create.to_owned(), drop.to_owned());
            self.drafts.push(Draft { kind, name, key: key.clone(), create, drop, needs });
        }
        key
    }
}
