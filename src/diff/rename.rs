//! Settles renames before anything else is compared: things move to their new names, outermost first, so that
//! all further operations speak of new names only. Whatever holds a name that a rename needs steps aside.

use crate::change::{ApplyError, Edit, Op, TableEdit};
use crate::model::{Member, Rename, State, Table};
use crate::name::{Name, ObjectName};

/// A rename that can't be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenameError {
    /// Two things are said to have been one, or one to have been two.
    #[error("{0} `{1}` takes part in two renames")]
    Twice(&'static str, String),
    /// What follows the renames can't.
    #[error("a text that follows a rename does not fit: {0}")]
    Followed(Box<ApplyError>),
    /// The new name is another kind's, or too much stands in the way.
    #[error("can't rename {kind} `{from}` to `{to}`: {why}")]
    Refused {
        /// The kind of thing.
        kind: &'static str,
        /// The name before.
        from: String,
        /// The name after.
        to: String,
        /// What stands against it.
        why: Box<ApplyError>,
    },
}

/// A thing that a rename is about, by one of its names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    Namespace(Name),
    Enum(ObjectName),
    EnumValue(ObjectName, Box<str>),
    Table(ObjectName),
    Member(ObjectName, Member, Name),
    View(ObjectName),
    Object(ObjectName),
}

/// The operations that give everything its new name, in order, and the state that they lead to. A rename whose
/// old name is gone, or still in use for something else, was made before and is left out.
pub(super) fn settle(from: &State, to: &State, renames: &[Rename]) -> Result<(Vec<Op>, State), RenameError> {
    let mut pairs: Vec<(Thing, Thing)> = renames.iter().map(ends).collect();
    pairs.sort();
    pairs.dedup();
    twice(&pairs)?;
    let mut state = from.clone();
    let mut ops = Vec::new();
    for level in 0..LEVELS {
        let of_level = pairs.iter().filter(|(source, _)| source.level() == level);
        let pending = of_level.filter(|(source, target)| {
            let moves_on = pairs.iter().any(|(_, other)| other == source);
            source.exists(&state) && target.exists(to) && (moves_on || !source.exists(to))
        });
        let pending: Vec<(Thing, Thing)> = pending.cloned().collect();
        make_namespaces(&mut state, to, &pending, &mut ops);
        settle_level(&mut state, pending, &mut ops)?;
    }
    Ok((ops, state))
}

/// What a column and its table were called before these renames.
pub(super) fn name_before(renames: &[Op], table: &ObjectName, column: &Name) -> (ObjectName, Name) {
    let (mut table, mut column) = (table.clone(), column.clone());
    for op in renames.iter().rev() {
        match op {
            Op::Table(TableEdit::Rename { from, to }) if *to == table => table = from.clone(),
            Op::Namespace(Edit::Rename { from, to }) if table.namespace.as_ref() == Some(to) => {
                table.namespace = Some(from.clone());
            }
            Op::Column { table: of, edit: Edit::Rename { from, to } } if *of == table && *to == column => {
                column = from.clone();
            }
            _ => {}
        }
    }
    (table, column)
}

/// Renames as far as targets are free; then frees one: what stands there and stays aside is dropped later, in a
/// circle of names one goes by a name in between.
fn settle_level(
    state: &mut State,
    mut pending: Vec<(Thing, Thing)>,
    ops: &mut Vec<Op>,
) -> Result<(), RenameError> {
    while !pending.is_empty() {
        if let Some(at) = pending.iter().position(|(_, target)| target.occupant(state).is_none()) {
            let (source, target) = pending.remove(at);
            rename(state, &source, &target, ops)?;
            continue;
        }
        let stays = |thing: &Thing| pending.iter().all(|(source, _)| source != thing);
        match pending.iter().find_map(|(_, target)| target.occupant(state).filter(stays)) {
            Some(doomed) => {
                let aside = doomed.aside(state);
                rename(state, &doomed, &aside, ops)?;
            }
            None => {
                let (source, target) = pending.remove(0);
                let aside = source.aside(state);
                rename(state, &source, &aside, ops)?;
                pending.push((aside, target));
            }
        }
    }
    Ok(())
}

/// Creates the namespaces that things move to.
fn make_namespaces(state: &mut State, to: &State, pending: &[(Thing, Thing)], ops: &mut Vec<Op>) {
    for (_, target) in pending {
        let Some(namespace) = target.namespace().and_then(|name| to.namespaces.get(name)) else { continue };
        if state.namespaces.insert(namespace.clone()).is_ok() {
            ops.push(Op::Namespace(Edit::Create(Box::new(namespace.clone()))));
        }
    }
}

fn rename(state: &mut State, from: &Thing, to: &Thing, ops: &mut Vec<Op>) -> Result<(), RenameError> {
    let op = from.renamed_to(to);
    op.apply(state).map_err(|why| RenameError::Refused {
        kind: op.kind(),
        from: from.text(),
        to: to.text(),
        why: Box::new(why),
    })?;
    ops.push(op);
    Ok(())
}

fn twice(pairs: &[(Thing, Thing)]) -> Result<(), RenameError> {
    let mut sources: Vec<&Thing> = pairs.iter().map(|(source, _)| source).collect();
    let mut targets: Vec<&Thing> = pairs.iter().map(|(_, target)| target).collect();
    sources.sort_unstable();
    targets.sort_unstable();
    for names in [sources, targets] {
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(RenameError::Twice(pair[0].renamed_to(pair[0]).kind(), pair[0].text()));
        }
    }
    Ok(())
}

fn ends(rename: &Rename) -> (Thing, Thing) {
    match rename {
        Rename::Namespace { from, to } => (Thing::Namespace(from.clone()), Thing::Namespace(to.clone())),
        Rename::Enum { from, to } => (Thing::Enum(from.clone()), Thing::Enum(to.clone())),
        Rename::EnumValue { of, from, to } => {
            (Thing::EnumValue(of.clone(), from.clone()), Thing::EnumValue(of.clone(), to.clone()))
        }
        Rename::Table { from, to } => (Thing::Table(from.clone()), Thing::Table(to.clone())),
        Rename::Member { of, member, from, to } => {
            (Thing::Member(of.clone(), *member, from.clone()), Thing::Member(of.clone(), *member, to.clone()))
        }
        Rename::View { from, to } => (Thing::View(from.clone()), Thing::View(to.clone())),
        Rename::Object { from, to } => (Thing::Object(from.clone()), Thing::Object(to.clone())),
    }
}

/// How many levels there are: see [`Thing::level`].
pub(super) const LEVELS: u8 = 5;

impl Thing {
    /// What lies outside is renamed first, since names of what is inside are given by the new outer name.
    pub(super) fn level(&self) -> u8 {
        match self {
            Self::Namespace(_) => 0,
            Self::Enum(_) | Self::Table(_) | Self::View(_) => 1,
            Self::EnumValue(..) => 2,
            Self::Member(..) => 3,
            Self::Object(_) => 4,
        }
    }

    /// Whether a state has it.
    pub(super) fn exists(&self, state: &State) -> bool {
        match self {
            Self::Namespace(name) => state.namespaces.contains(name),
            Self::Enum(name) => state.enums.contains(name),
            Self::EnumValue(of, value) => state.enums.get(of).is_some_and(|item| item.values.contains(value)),
            Self::Table(name) => state.tables.contains(name),
            Self::View(name) => state.views.contains(name),
            Self::Object(name) => state.objects.contains(name),
            Self::Member(of, member, name) => state.tables.get(of).is_some_and(|table| match member {
                Member::Column => table.columns.contains(name),
                Member::PrimaryKey => table.primary_key.as_ref().is_some_and(|key| key.name == *name),
                Member::Unique => table.uniques.contains(name),
                Member::ForeignKey => table.foreign_keys.contains(name),
                Member::Check => table.checks.contains(name),
                Member::Index => table.indexes.contains(name),
            }),
        }
    }

    /// What has this thing's name already, be it of another kind: tables, views and types share theirs.
    fn occupant(&self, state: &State) -> Option<Self> {
        match self {
            Self::Table(name) | Self::View(name) | Self::Enum(name) => Self::relation(name, state),
            Self::Member(of, Member::PrimaryKey | Member::Unique | Member::Index, name) => {
                Self::relation(&of.sibling(name.clone()), state)
            }
            Self::Namespace(_) | Self::EnumValue(..) | Self::Member(..) | Self::Object(_) => {
                self.exists(state).then(|| self.clone())
            }
        }
    }

    /// What has a name that tables, views, types, keys and indexes have in common.
    fn relation(name: &ObjectName, state: &State) -> Option<Self> {
        let same = [Self::Table(name.clone()), Self::View(name.clone()), Self::Enum(name.clone())];
        let of = |table: &Table| {
            let member = |kind| Self::Member(table.name.clone(), kind, name.name.clone());
            [Member::PrimaryKey, Member::Unique, Member::Index].map(member)
        };
        let beside = state.tables.iter().filter(|table| table.name.namespace == name.namespace);
        same.into_iter().chain(beside.flat_map(of)).find(|thing| thing.exists(state))
    }

    /// A name that nothing has, for the time until this thing is dropped or gets its final name.
    fn aside(&self, state: &State) -> Self {
        let with = |suffix: &str| {
            let name = |name: &Name| Name::derived(&[name.as_str(), suffix]);
            match self {
                Self::Namespace(old) => Self::Namespace(name(old)),
                Self::Enum(old) => Self::Enum(old.sibling(name(&old.name))),
                Self::EnumValue(of, old) => Self::EnumValue(of.clone(), format!("{old}_{suffix}").into()),
                Self::Table(old) => Self::Table(old.sibling(name(&old.name))),
                Self::Member(of, member, old) => Self::Member(of.clone(), *member, name(old)),
                Self::View(old) => Self::View(old.sibling(name(&old.name))),
                Self::Object(old) => Self::Object(old.sibling(name(&old.name))),
            }
        };
        let numbered = (2..).map(|number| with(&format!("old{number}")));
        let mut candidates = std::iter::once(with("old")).chain(numbered);
        candidates.find(|thing| thing.occupant(state).is_none()).unwrap_or_else(|| self.clone())
    }

    /// The operation that gives this thing the other's name; both are of one kind.
    pub(super) fn renamed_to(&self, to: &Self) -> Op {
        match (self, to) {
            (Self::Namespace(from), Self::Namespace(to)) => Op::Namespace(renamed(from, to)),
            (Self::Enum(from), Self::Enum(to)) => Op::Enum(renamed(from, to)),
            (Self::EnumValue(of, from), Self::EnumValue(_, to)) => {
                Op::EnumValue { of: of.clone(), from: from.clone(), to: to.clone() }
            }
            (Self::Table(from), Self::Table(to)) => {
                Op::Table(TableEdit::Rename { from: from.clone(), to: to.clone() })
            }
            (Self::View(from), Self::View(to)) => Op::View(renamed(from, to)),
            (Self::Object(from), Self::Object(to)) => Op::Object(renamed(from, to)),
            (Self::Member(of, member, from), Self::Member(_, _, to)) => {
                let table = of.clone();
                match member {
                    Member::Column => Op::Column { table, edit: renamed(from, to) },
                    Member::PrimaryKey => Op::PrimaryKey { table, edit: renamed(from, to) },
                    Member::Unique => Op::Unique { table, edit: renamed(from, to) },
                    Member::ForeignKey => Op::ForeignKey { table, edit: renamed(from, to) },
                    Member::Check => Op::Check { table, edit: renamed(from, to) },
                    Member::Index => Op::Index { table, edit: renamed(from, to) },
                }
            }
            _ => unreachable!("both ends of a rename are of one kind, see `ends` and `aside`"),
        }
    }

    /// The namespace that the thing lies in.
    fn namespace(&self) -> Option<&Name> {
        match self {
            Self::Enum(name) | Self::Table(name) | Self::View(name) | Self::Object(name) => {
                name.namespace.as_ref()
            }
            Self::Namespace(_) | Self::EnumValue(..) | Self::Member(..) => None,
        }
    }

    /// Its name, with that of what it lies in.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Namespace(name) => name.to_string(),
            Self::EnumValue(of, value) => format!("{of}.{value}"),
            Self::Member(of, _, name) => format!("{of}.{name}"),
            Self::Enum(name) | Self::Table(name) | Self::View(name) | Self::Object(name) => name.to_string(),
        }
    }
}

fn renamed<T: crate::model::Named>(from: &T::Key, to: &T::Key) -> Edit<T> {
    Edit::Rename { from: from.clone(), to: to.clone() }
}
