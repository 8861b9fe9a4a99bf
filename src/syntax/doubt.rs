//! What can be said of a schema of which parts couldn't be read: only what is wrong whatever those parts were meant to
//! say. The rest waits until they can be read.

use std::collections::HashSet;

use super::declarations::Declared;
use crate::diagnostic::{Diagnostic, Span};
use crate::model::{Member, Place, Problem, State, errors};
use crate::name::{Name, ObjectName};

/// The tables of all files, as far as their names can be read, with their places in ascending order.
pub(super) struct Tables(Vec<(Span, ObjectName)>);

impl Tables {
    pub(super) fn of(declared: &[Declared<'_, '_>]) -> Self {
        let table = |(namespace, node): &Declared<'_, '_>| {
            let first = node.entries.iter().find(|entry| entry.name.is_none())?;
            let name = Name::new(first.as_str()?).ok()?;
            Some((node.span, ObjectName { namespace: namespace.clone(), name }))
        };
        let mut tables: Vec<(Span, ObjectName)> = declared.iter().filter_map(table).collect();
        tables.sort();
        Self(tables)
    }

    /// The problems of the readable rest that are problems whatever is meant by what `errors` point at.
    pub(super) fn certain<'p>(
        &self,
        problems: &'p [Problem],
        state: &State,
        errors: &[Diagnostic],
    ) -> Vec<&'p Problem> {
        let unread = errors.iter().flat_map(|error| &error.labels).map(|label| self.around(label.span));
        let unread: Vec<Option<&ObjectName>> = unread.collect();
        // What is wrong in a template or an enum can be a part of any table.
        let is_confined = unread.iter().all(Option::is_some);
        let doubtful: HashSet<&ObjectName> = unread.into_iter().flatten().collect();
        let declared: HashSet<&ObjectName> = self.0.iter().map(|(_, name)| name).collect();
        let is_read = |name: &ObjectName| is_confined && !doubtful.contains(name);
        let is_certain = |problem: &&Problem| {
            let Place::Member(name, member, of) = &problem.place else { return false };
            let key = state.tables.get(name).and_then(|table| table.foreign_keys.get(of));
            match key.filter(|_| *member == Member::ForeignKey).map(|key| &key.table) {
                Some(target) if problem.code == &errors::E203 => !declared.contains(target),
                Some(target) => is_read(name) && is_read(target),
                None => is_read(name),
            }
        };
        problems.iter().filter(is_certain).collect()
    }

    /// The table that a place is in.
    fn around(&self, place: Span) -> Option<&ObjectName> {
        let after =
            self.0.partition_point(|(span, _)| (span.source, span.start) <= (place.source, place.start));
        let (span, name) = self.0.get(after.checked_sub(1)?)?;
        (span.source == place.source && place.end <= span.end).then_some(name)
    }
}
