//! What the readers of rows write into: the state so far, what is unmanaged, and raw objects that get their names when
//! all of them are known.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::cells_of;
use super::qualifier::Qualifier;
use crate::diagnostic::Diagnostic;
use crate::dialect::mysql::quote::ident;
use crate::dialect::mysql::{NAME, RULES, catalog};
use crate::dialect::{CatalogRows, Inspection, Surroundings, Unmanaged, Version};
use crate::model::{Options, RawObject, SqlText, Value};
use crate::name::{Name, ObjectName};
use crate::sql::identifiers;

/// The queries with rows that belong to a table, which their first cell names.
const OF_TABLES: [&str; 6] = ["table", "partition", "column", "index", "foreign_key", "check"];

/// An inspection in the making.
pub(super) struct Build<'a> {
    /// The version that printed the rows.
    pub(super) version: Version,
    /// The collation that tables have if nothing is said of it.
    pub(super) collation: &'a str,
    /// The name of the database in front of other names.
    pub(super) qualifier: Qualifier,
    /// What was read so far, without raw objects.
    pub(super) inspection: Inspection,
    drafts: Vec<Draft>,
}

/// A raw object before its name among all raw objects is settled.
pub(super) struct Draft {
    /// What it is, in the words behind CREATE.
    pub(super) kind: &'static str,
    /// The name that it gets if no other wants it.
    pub(super) name: Name,
    /// SQL that creates it.
    pub(super) create: String,
    /// SQL that drops it.
    pub(super) drop: String,
    /// What it can't be created without.
    pub(super) rests: Rests,
}

/// What a raw object rests on.
pub(super) enum Rests {
    /// Nothing: what it mentions is looked up when it runs.
    Free,
    /// A table, or what is mentioned in its stead.
    On(Name),
    /// A table, behind another trigger of it.
    Behind(Name, String),
    /// Whatever this text mentions.
    Mentioned(String),
}

impl<'a> Build<'a> {
    pub(super) fn new(rows: &'a CatalogRows, surroundings: Surroundings<'_>) -> Result<Self, Diagnostic> {
        let Surroundings { namespace: _, version } = surroundings;
        let (mut collation, mut database) = ("", "");
        for cells in cells_of(rows, "database") {
            (database, collation) = (cells.text(0)?, cells.text(2)?);
        }
        let (inspection, drafts) = (Inspection::default(), Vec::new());
        Ok(Self { version, collation, qualifier: Qualifier::new(database), inspection, drafts })
    }

    /// Whether there is such a table, be it a raw object.
    pub(super) fn has_table(&self, name: &Name) -> bool {
        self.inspection.state.tables.contains(&ObjectName::unqualified(name.clone()))
            || self.drafts.iter().any(|draft| draft.kind == "table" && draft.name == *name)
    }

    /// Keeps a raw object.
    pub(super) fn draft(&mut self, draft: Draft) {
        self.drafts.push(draft);
    }

    /// Keeps what is said of a table beside its definition: a clause of ALTER TABLE that says it, and one that takes
    /// it back.
    pub(super) fn altered(&mut self, table: &Name, what: &str, set: &str, unset: &str) {
        let alter = |clause: &str| format!("ALTER TABLE {} {clause}", ident(table));
        // It begins with a name, so it is one.
        if let Ok(name) = Name::new(format!("{table}_{what}")) {
            let (create, drop) = (alter(set), alter(unset));
            self.drafts.push(Draft { kind: "option", name, create, drop, rests: Rests::On(table.clone()) });
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

    /// Lists a table, with all that the catalog says of it.
    pub(super) fn unmanaged_table(&mut self, rows: &CatalogRows, table: &str, reason: &str) {
        let mut lines = Vec::new();
        for kind in OF_TABLES {
            let own = rows
                .of(kind)
                .iter()
                .filter(|row| row.first().is_some_and(|cell| cell.as_deref() == Some(table)));
            for row in catalog::normalise(kind, own.cloned().collect()) {
                let cells = row.iter().skip(1).flatten().map(String::as_str);
                lines.push(std::iter::once(kind).chain(cells).collect::<Vec<_>>().join(" "));
            }
        }
        self.unmanaged("table", table, &lines.join("\n"), reason);
    }

    /// Gives raw objects their names, and says what rests on what.
    pub(super) fn finish(self) -> Inspection {
        let Self { version: _, collation: _, qualifier: _, mut inspection, drafts } = self;
        let drafts = settle(drafts, &inspection);
        // What can be mentioned: relations and functions by the names that they have in SQL.
        let mut raw: BTreeMap<String, ObjectName> = BTreeMap::new();
        let mut triggers: BTreeMap<String, ObjectName> = BTreeMap::new();
        for (draft, name) in &drafts {
            let name = ObjectName::unqualified(name.clone());
            if ["table", "view", "function", "sequence"].contains(&draft.kind) {
                raw.insert(draft.name.as_str().to_lowercase(), name.clone());
            }
            if draft.kind == "trigger" {
                triggers.insert(draft.name.to_string(), name);
            }
        }
        let state = &mut inspection.state;
        for view in state.views.iter_mut() {
            view.depends_on = mentioned(&view.query.common, &raw).into_iter().collect();
        }
        let mut all = raw;
        for name in state.tables.keys().chain(state.views.keys()) {
            all.insert(name.name.as_str().to_lowercase(), name.clone());
        }
        for (draft, name) in drafts {
            let Draft { kind: _, name: own, create, drop, rests } = draft;
            let name = ObjectName::unqualified(name);
            let mut depends_on = match rests {
                Rests::Free => BTreeSet::new(),
                Rests::On(table) => all.get(&table.as_str().to_lowercase()).cloned().into_iter().collect(),
                Rests::Behind(table, trigger) => {
                    let table = all.get(&table.as_str().to_lowercase());
                    table.into_iter().chain(triggers.get(&trigger)).cloned().collect()
                }
                Rests::Mentioned(text) => mentioned(&text, &all),
            };
            depends_on.remove(&name);
            depends_on.retain(|other| other.name != own);
            state.objects.replace(RawObject {
                name,
                only: None,
                create: SqlText::from(create.as_str()),
                drop: SqlText::from(drop.as_str()),
                depends_on: depends_on.into_iter().collect(),
            });
        }
        inspection
    }
}

/// The objects whose names stand in a text.
fn mentioned(text: &str, objects: &BTreeMap<String, ObjectName>) -> BTreeSet<ObjectName> {
    if objects.is_empty() {
        return BTreeSet::new();
    }
    let names = identifiers(text, &RULES);
    names.filter_map(|found| objects.get(&found.name.to_lowercase()).cloned()).collect()
}

/// The drafts with names that no table, view or other raw object has: the database's own where only one wants it,
/// otherwise with the kind behind it. The same drafts get the same names, whatever their order.
fn settle(mut drafts: Vec<Draft>, inspection: &Inspection) -> Vec<(Draft, Name)> {
    drafts.sort_by(|a, b| (&a.name, a.kind, &a.create).cmp(&(&b.name, b.kind, &b.create)));
    let mut wanted: HashMap<Name, usize> = HashMap::new();
    for draft in &drafts {
        *wanted.entry(draft.name.clone()).or_default() += 1;
    }
    let state = &inspection.state;
    let relations = state.tables.keys().chain(state.views.keys()).map(|name| name.name.clone());
    let mut taken: HashSet<Name> = relations.collect();
    let is_free = |name: &Name, taken: &HashSet<Name>| !taken.contains(name) && wanted[name] == 1;
    let free: Vec<bool> = drafts.iter().map(|draft| is_free(&draft.name, &taken)).collect();
    taken.extend(drafts.iter().zip(&free).filter(|(_, free)| **free).map(|(draft, _)| draft.name.clone()));
    let named = drafts.into_iter().zip(free).map(|(draft, free)| {
        let base = format!("{}_{}", draft.name, draft.kind);
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let mut others =
            std::iter::once(base.clone()).chain(numbered).filter_map(|name| Name::new(name).ok());
        let name = if free {
            draft.name.clone()
        } else {
            others.find(|name| !taken.contains(name)).expect("numbers don't end")
        };
        taken.insert(name.clone());
        (draft, name)
    });
    named.collect()
}

/// Options for this dialect; none where there are no words.
pub(super) fn options(words: impl IntoIterator<Item = (&'static str, Value)>) -> Options {
    let words: BTreeMap<Box<str>, Value> =
        words.into_iter().map(|(word, value)| (word.into(), value)).collect();
    if words.is_empty() { Options::new() } else { Options::from([(NAME.clone(), words)]) }
}
