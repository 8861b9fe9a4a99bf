//! What the readers of rows write into: the state so far, what is unmanaged, and raw objects that get their names when
//! all of them are known.

use crate::dialect::{Inspection, Surroundings, Unmanaged, Version};
use crate::name::{Name, ObjectName};

use super::cells::Cells;
use crate::diagnostic::Diagnostic;

/// An inspection in the making.
#[derive(Debug)]
pub(super) struct Build<'a> {
    /// The namespace of unqualified names.
    namespace: Option<&'a str>,
    /// The version of the server.
    pub(super) version: Version,
    /// What was read so far, without raw objects.
    pub(super) inspection: Inspection,
    /// Raw objects without the names that they get.
    pub(super) drafts: Vec<Draft>,
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
        let Surroundings { namespace, version } = surroundings;
        Self { namespace, version, inspection: Inspection::default(), drafts: Vec::new() }
    }

    /// The namespace of an object that is in this one; `None` is that of unqualified names.
    pub(super) fn namespace(&self, namespace: Name) -> Option<Name> {
        (self.namespace != Some(namespace.as_str())).then_some(namespace)
    }

    /// The object that two cells name: its namespace, then its own name.
    pub(super) fn object(&self, cells: Cells<'_>, at: usize) -> Result<ObjectName, Diagnostic> {
        Ok(ObjectName { namespace: self.namespace(cells.name(at)?), name: cells.name(at + 1)? })
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
}
