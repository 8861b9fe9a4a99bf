//! One table made anew: what is created, what is copied, and how values change on the way.

use super::tracker::Tracker;
use crate::dialect::sqlite::definition::{ColumnDef, Definition};
use crate::dialect::sqlite::normal::same_name;
use crate::dialect::sqlite::types::converted;
use crate::dialect::sqlite::{ddl, quote, script};
use crate::dialect::{Copied, Rebuild};
use crate::name::Name;

/// From the table as it is to the table as it is to be.
pub(super) struct Move<'a> {
    pub live: &'a Definition,
    pub goal: &'a Definition,
    pub tracker: &'a Tracker,
    pub triggers: Vec<String>,
}

/// The name of a table's successor until it takes its place.
pub(super) fn scratch_name(table: &str) -> String {
    Name::derived(&["_schemactl_new", table]).to_string()
}

pub(super) fn rebuild(parts: &Move<'_>) -> Rebuild {
    let Move { live, goal, tracker, triggers } = parts;
    let scratch = scratch_name(&goal.name);
    let pairs = copied_columns(live, goal, tracker);
    let copied = pairs.iter().map(|(from, to)| Copied {
        column: to.name.clone(),
        classes: (from.kind != to.kind).then(|| to.kind.classes()),
    });
    let numbered = |table: &Definition| table.columns.iter().any(|column| column.numbered);
    Rebuild {
        table: goal.name.clone(),
        columns: live.columns.iter().map(|column| column.name.clone()).collect(),
        live: ddl::create_table(live, &goal.name),
        create: ddl::create_table(goal, &scratch),
        copy: copy(parts, &scratch, &pairs),
        copied: copied.collect(),
        sequence: if numbered(live) && numbered(goal) {
            script::sequence(&goal.name, &scratch)
        } else {
            Vec::new()
        },
        replacement: script::replacement(&goal.name, &scratch),
        finish: goal.indexes.iter().map(|index| ddl::create_index(index, &goal.name)).collect(),
        known: live.indexes.iter().map(|index| index.name.clone()).collect(),
        triggers: triggers.clone(),
        ops: tracker.ops.clone(),
        scratch,
    }
}

/// The columns that are there before and after; computed ones fill themselves.
fn copied_columns<'a>(
    live: &'a Definition,
    goal: &'a Definition,
    tracker: &Tracker,
) -> Vec<(&'a ColumnDef, &'a ColumnDef)> {
    let dropped = |column: &ColumnDef| tracker.dropped.iter().any(|name| same_name(name, &column.name));
    let written = goal.columns.iter().filter(|column| column.computed.is_none());
    let pairs = written.filter_map(|to| Some((live.column(&to.name)?, to)));
    pairs.filter(|(from, _)| !dropped(from)).collect()
}

fn copy(parts: &Move<'_>, scratch: &str, pairs: &[(&ColumnDef, &ColumnDef)]) -> String {
    let Move { live, goal, tracker, triggers: _ } = parts;
    let mut targets = Vec::new();
    let mut values = Vec::new();
    if let Some(rowid) = rowid(live, goal, pairs) {
        targets.push(rowid.to_owned());
        values.push(rowid.to_owned());
    }
    for (from, to) in pairs {
        targets.push(quote::name(&to.name));
        values.push(converted(renamed_values(from, tracker), from.kind, to.kind));
    }
    if targets.is_empty() {
        // Nothing of a row stays: where there are rows, the first column has to refuse this.
        targets.extend(goal.columns.first().map(|column| quote::name(&column.name)));
        values.push("NULL".to_owned());
    }
    format!(
        "INSERT{} INTO {} ({}) SELECT {} FROM {}",
        goal.or_abort(),
        quote::name(scratch),
        quote::list(targets),
        quote::list(values),
        quote::name(&goal.name)
    )
}

/// The name under which both tables have a row number that is worth keeping, if they have one.
fn rowid(live: &Definition, goal: &Definition, pairs: &[(&ColumnDef, &ColumnDef)]) -> Option<&'static str> {
    let key_is_copied =
        || pairs.iter().any(|(_, to)| goal.key().iter().any(|key| same_name(&key.name, &to.name)));
    if live.without_rowid || goal.without_rowid || (goal.has_rowid_alias() && key_is_copied()) {
        return None;
    }
    let free = |name: &&str| live.column(name).is_none() && goal.column(name).is_none();
    ["rowid", "_rowid_", "oid"].into_iter().find(free)
}

fn renamed_values(column: &ColumnDef, tracker: &Tracker) -> String {
    let name = quote::name(&column.name);
    let Some((_, map)) = tracker.values.iter().find(|(of, _)| same_name(of, &column.name)) else {
        return name;
    };
    let cases = map.iter().filter(|(from, to)| from != to);
    let cases: String =
        cases.map(|(from, to)| format!(" WHEN {} THEN {}", quote::text(from), quote::text(to))).collect();
    if cases.is_empty() { name } else { format!("CASE {name}{cases} ELSE {name} END") }
}
