//! What a part of a revision ran with: the values of variables that its hooks used. The journal keeps it as the message of
//! the row, as one object of JSON: `{"variables":{"batch":"5","token":null}}`, where `null` is a secret;
//! and the environment, where something in the revision is for some of them: `{"environment":"dev"}`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Completion, Event, Journal, Record};
use crate::name::Name;
use crate::plan::{Segment, Values, hooks};
use crate::sql::Rules;

/// What a part of a revision ran with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// The values of variables by their names; `None` for those that are secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, Option<String>>,
    /// The environment, where something in the revision is for some alone; empty where it ran in none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
}

impl Used {
    /// What segments run with; `environment` where it matters, `Some(None)` for none.
    #[must_use]
    pub fn of<'s>(
        segments: impl IntoIterator<Item = &'s Segment>,
        environment: Option<Option<&Name>>,
        values: &Values,
        rules: &Rules,
    ) -> Self {
        let environment = environment.map(|name| name.map(Name::to_string).unwrap_or_default());
        let mut used = Self { environment, ..Self::default() };
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
    /// The environment that a revision ran in which the database has, or a part of which it has, where that matters to the
    /// revision; empty if it ran in none.
    #[must_use]
    pub fn environment(&self, id: &str) -> Option<String> {
        let is_own = |record: &&Record| record.entry.event.revision().is_some_and(|own| own.id == id);
        for record in self.records.iter().rev().filter(is_own) {
            let used = Used::read(record.entry.message.as_deref());
            match &record.entry.event {
                Event::Completed { completion: Completion::Applied, .. } | Event::Part { .. } => {}
                Event::Completed { .. } | Event::Purged => return None,
            }
            if used.environment.is_some() {
                return used.environment;
            }
        }
        None
    }

    /// What a revision ran with that a row says to be finished: what the row itself says, and the rows of the parts before.
    #[must_use]
    pub fn used(&self, record: &Record) -> Used {
        let id = |record: &Record| record.entry.event.revision().map(|revision| revision.id.clone());
        let earlier =
            self.records.iter().rev().filter(|other| other.seq < record.seq && id(other) == id(record));
        let parts = earlier.take_while(|other| matches!(other.entry.event, Event::Part { .. }));
        let mut used = Used::default();
        for part in parts.collect::<Vec<_>>().into_iter().rev().chain([record]) {
            let Used { variables, environment } = Used::read(part.entry.message.as_deref());
            used.variables.extend(variables);
            used.environment = environment.or(used.environment);
        }
        used
    }
}
