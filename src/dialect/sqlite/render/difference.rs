//! What differs between two definitions of a table, and whether ALTER TABLE can do it.

use crate::dialect::sqlite::definition::{ColumnDef, Constraint, Definition, IndexDef, KeyOn, Rule};
use crate::dialect::sqlite::normal::{mentions, same_name};

/// What differs between the table in the database and the one that is to be.
#[derive(Debug)]
pub(super) struct Difference<'a> {
    live: &'a Definition,
    goal: &'a Definition,
    /// Columns that come.
    pub added: Vec<&'a ColumnDef>,
    /// Columns that go.
    pub removed: Vec<&'a ColumnDef>,
    /// Something changes that ALTER TABLE never does.
    altered: bool,
    /// Constraints that go.
    gone: Vec<&'a Constraint>,
    /// Constraints that come.
    fresh: Vec<&'a Constraint>,
    /// Indexes that go.
    pub old_indexes: Vec<&'a IndexDef>,
    /// Indexes that come.
    pub new_indexes: Vec<&'a IndexDef>,
}

/// How ALTER TABLE does it: columns with the constraints that come with them, and columns that go.
#[derive(Debug)]
pub(super) struct Alters<'a> {
    pub added: Vec<(&'a ColumnDef, Vec<&'a Constraint>)>,
    pub removed: Vec<&'a ColumnDef>,
}

impl<'a> Difference<'a> {
    /// Compares; columns in `dropped` go even if one of the same name is to be.
    pub(super) fn of(live: &'a Definition, goal: &'a Definition, dropped: &[String]) -> Self {
        let is_dropped = |column: &ColumnDef| dropped.iter().any(|name| same_name(name, &column.name));
        let kept = |column: &ColumnDef| !is_dropped(column);
        let added =
            goal.columns.iter().filter(|column| !live.column(&column.name).is_some_and(kept)).collect();
        let removed =
            live.columns.iter().filter(|column| is_dropped(column) || goal.column(&column.name).is_none());
        let replaced = goal.columns.iter().filter(|column| live.column(&column.name).is_some_and(is_dropped));
        let changed = live.columns.iter().filter(|column| kept(column)).any(|column| {
            goal.column(&column.name).is_some_and(|goal| !goal.is_like(column) || goal.name != column.name)
        });
        let altered = changed
            || replaced.count() > 0
            || live.strict != goal.strict
            || live.without_rowid != goal.without_rowid;
        let without = |all: &'a [Constraint], others: &'a [Constraint]| {
            all.iter().filter(|one| !others.iter().any(|other| other.is_like(one))).collect()
        };
        let indexes = |all: &'a [IndexDef], others: &'a [IndexDef]| {
            all.iter().filter(|one| !others.iter().any(|other| other.is_like(one))).collect()
        };
        Self {
            live,
            goal,
            added,
            removed: removed.collect(),
            altered,
            gone: without(&live.constraints, &goal.constraints),
            fresh: without(&goal.constraints, &live.constraints),
            old_indexes: indexes(&live.indexes, &goal.indexes),
            new_indexes: indexes(&goal.indexes, &live.indexes),
        }
    }

    /// How ALTER TABLE does it; `None` when it can't.
    pub(super) fn alters(&self) -> Option<Alters<'a>> {
        let removable = self.removed.iter().all(|column| self.can_drop(column));
        if self.altered || !removable || !self.gone.iter().all(|constraint| self.goes_with_column(constraint))
        {
            return None;
        }
        let mut added: Vec<(&ColumnDef, Vec<&Constraint>)> =
            self.added.iter().map(|column| (*column, Vec::new())).collect();
        for constraint in &self.fresh {
            let (_, own) = added.iter_mut().rev().find(|(column, _)| self.comes_with(constraint, column))?;
            own.push(constraint);
        }
        let addable = added.iter().all(|(column, constraints)| can_add(column, constraints));
        addable.then(|| Alters { added, removed: self.removed.clone() })
    }

    /// Whether a constraint stands at a column that goes, and DROP COLUMN takes it along.
    fn goes_with_column(&self, constraint: &Constraint) -> bool {
        let place = self.live.place(constraint);
        let goes = place.is_some_and(|place| self.removed.iter().any(|column| column.name == place));
        goes && matches!(constraint.rule, Rule::ForeignKey(_) | Rule::Check { .. })
    }

    /// Whether a constraint can stand at a column that comes.
    fn comes_with(&self, constraint: &Constraint, column: &ColumnDef) -> bool {
        match &constraint.rule {
            Rule::PrimaryKey(_) | Rule::Unique(_) => false,
            Rule::ForeignKey(_) => self.goal.place(constraint) == Some(&column.name),
            Rule::Check { expression } => mentions(expression, &column.name),
        }
    }

    /// DROP COLUMN refuses what anything else in the table still uses.
    fn can_drop(&self, column: &ColumnDef) -> bool {
        let is_it = |name: &String| same_name(name, &column.name);
        let constraint_uses = |constraint: &&Constraint| match &constraint.rule {
            Rule::PrimaryKey(key) | Rule::Unique(key) => key.names().any(is_it),
            Rule::ForeignKey(reference) => {
                reference.columns.iter().any(is_it) && self.live.place(constraint) != Some(&column.name)
            }
            Rule::Check { expression } => {
                mentions(expression, &column.name) && self.live.place(constraint) != Some(&column.name)
            }
        };
        let computed_uses = |other: &&ColumnDef| {
            let text = other.computed.as_ref().map_or("", |computed| &computed.expression);
            other.name != column.name && mentions(text, &column.name)
        };
        let index_uses = |index: &&IndexDef| {
            let predicate = index.predicate.as_deref().unwrap_or("");
            mentions(predicate, &column.name)
                || index.keys.iter().any(|key| match &key.on {
                    KeyOn::Column(name) => is_it(name),
                    KeyOn::Expression(text) => mentions(text, &column.name),
                })
        };
        let kept = |index: &&IndexDef| !self.old_indexes.contains(index);
        !self.live.constraints.iter().any(|constraint| constraint_uses(&constraint))
            && !self.live.columns.iter().any(|other| computed_uses(&other))
            && !self.live.indexes.iter().filter(kept).any(|index| index_uses(&index))
    }
}

/// ADD COLUMN takes a column whose value it can tell for every row without computing it, and checks nothing but
/// the column's own rules.
fn can_add(column: &ColumnDef, constraints: &[&Constraint]) -> bool {
    let refers = constraints.iter().any(|constraint| matches!(constraint.rule, Rule::ForeignKey(_)));
    match (&column.computed, &column.default) {
        (Some(computed), _) => !computed.stored && !refers,
        (None, Some(default)) => is_constant(default) && !refers,
        (None, None) => !column.not_null,
    }
}

fn is_constant(default: &str) -> bool {
    !default.starts_with('(') && !default.starts_with("CURRENT_")
}
