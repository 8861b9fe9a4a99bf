//! What a part of a revision ran with: the values of variables that its hooks used. The journal keeps it as the message of
//! the row, as one object of JSON: `{"variables":{"batch":"5","token":null}}`, where `null` is a secret.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Event, Journal, Record};
use crate::plan::{Segment, Values, hooks};
use crate::sql::Rules;

/// What a part of a revision ran with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// The values of variables by their names; `None` for those that are secret.
    pub variables: BTreeMap<String, Option<String>>,
}

impl Used {
    /// What segments run with.
    #[must_use]
    pub fn of<'s>(segments: impl IntoIterator<Item = &'s Segment>, values: &Values, rules: &Rules) -> Self {
        let mut used = Self::default();
        for hook in hooks(segments) {
            for (name, value) in values.used(hook, rules) {
                used.variables.insert(name.to_string(), value.shown().map(str::to_owned));
            }
        }
        used
    }

    /// The message of a row; none where nothing was used.
    #[must_use]
    pub fn message(&self) -> Option<String> {
        if *self == Self::default() {
            return None;
        }
        // A map of texts is always JSON.
        serde_json::to_string(self).ok()
    }

    /// What the message of a row says; nothing where it is another remark.
    #[must_use]
    pub fn read(message: Option<&str>) -> Self {
        message.and_then(|message| serde_json::from_str(message).ok()).unwrap_or_default()
    }
}

impl Journal {
    /// What a revision ran with that a row says to be finished: what the row itself says, and the rows of the parts before.
    #[must_use]
    pub fn used(&self, record: &Record) -> Used {
        let id = |record: &Record| record.entry.event.revision().map(|revision| revision.id.clone());
        let earlier =
            self.records.iter().rev().filter(|other| other.seq < record.seq && id(other) == id(record));
        let parts = earlier.take_while(|other| matches!(other.entry.event, Event::Part { .. }));
        let mut used = Used::default();
        for part in parts.collect::<Vec<_>>().into_iter().rev().chain([record]) {
            used.variables.extend(Used::read(part.entry.message.as_deref()).variables);
        }
        used
    }
}
