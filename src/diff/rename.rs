//! Settles renames before anything else is compared: things move to their new names, outermost first, so that
//! all further operations speak of new names only. Whatever holds a name that a rename needs steps aside.

use std::collections::BTreeSet;

use foldhash::HashMap;

use crate::change::{ApplyError, Edit, Op, References, TableEdit};
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
    let targets: BTreeSet<&Thing> = pairs.iter().map(|(_, target)| target).collect();
    let mut state = from.clone();
    let mut ops = Vec::new();
    for level in 0..LEVELS {
        let of_level = pairs.iter().filter(|(source, _)| source.level() == level);
        let pending = of_level.filter(|(source, target)| {
            let moves_on = targets.contains(source);
            source.exists(&state) && target.exists(to) && (moves_on || !source.exists(to))
        });
        let pending: Vec<(Thing, Thing)> = pending.cloned().collect();
        if !pending.is_empty() {
            make_namespaces(&mut state, to, &pending, &mut ops);
            let mut level =
                Level { relations: Relations::of(&state), state, references: References::default(), ops };
            level.settle(pending)?;
            Level { state, ops, .. } = level;
        }
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

/// The renames of one level while they are made.
struct Level {
    state: State,
    /// What has a name in the state that things of several kinds share.
    relations: Relations,
    references: References,
    ops: Vec<Op>,
}

impl Level {
    /// Renames as far as targets are free; then frees one: what stands there and stays aside is dropped later, in a
    /// circle of names one goes by a name in between.
    fn settle(&mut self, mut pending: Vec<(Thing, Thing)>) -> Result<(), RenameError> {
        while !pending.is_empty() {
            if let Some(at) = pending.iter().position(|(_, target)| self.occupant(target).is_none()) {
                let (source, target) = pending.remove(at);
                self.rename(&source, &target)?;
                continue;
            }
            let stays = |thing: &Thing| pending.iter().all(|(source, _)| source != thing);
            match pending.iter().find_map(|(_, target)| self.occupant(target).filter(stays)) {
                Some(doomed) => {
                    let aside = self.aside(&doomed);
                    self.rename(&doomed, &aside)?;
                }
                None => {
                    let (source, target) = pending.remove(0);
                    let aside = self.aside(&source);
                    self.rename(&source, &aside)?;
                    pending.push((aside, target));
                }
            }
        }
        Ok(())
    }

    fn rename(&mut self, from: &Thing, to: &Thing) -> Result<(), RenameError> {
        let op = from.renamed_to(to);
        op.apply_along(&mut self.state, &mut self.references).map_err(|why| RenameError::Refused {
            kind: op.kind(),
            from: from.text(),
            to: to.text(),
            why: Box::new(why),
        })?;
        self.relations.rename(from, to, &self.state);
        self.ops.push(op);
        Ok(())
    }

    /// What has this thing's name already, be it of another kind.
    fn occupant(&self, thing: &Thing) -> Option<Thing> {
        match thing.relation() {
            Some(name) => self.relations.get(&name).cloned(),
            None => thing.exists(&self.state).then(|| thing.clone()),
        }
    }

    /// A name that nothing has, for the time until this thing is dropped or gets its final name.
    fn aside(&self, thing: &Thing) -> Thing {
        let numbered = (2..).map(|number| thing.with_suffix(&format!("old{number}")));
        let mut candidates = std::iter::once(thing.with_suffix("old")).chain(numbered);
        candidates.find(|thing| self.occupant(thing).is_none()).unwrap_or_else(|| thing.clone())
    }
}

/// What has each name that tables, views, types, keys and indexes have in common. Where a database keeps indexes apart
/// by table, several may have one.
struct Relations(HashMap<ObjectName, BTreeSet<Thing>>);

impl Relations {
    fn of(state: &State) -> Self {
        let mut relations = Self(HashMap::default());
        state.enums.keys().for_each(|name| relations.insert(Thing::Enum(name.clone())));
        state.views.keys().for_each(|name| relations.insert(Thing::View(name.clone())));
        for table in &state.tables {
            relations.insert(Thing::Table(table.name.clone()));
            members(table, &table.name).for_each(|member| relations.insert(member));
        }
        relations
    }

    fn get(&self, name: &ObjectName) -> Option<&Thing> {
        self.0.get(name).and_then(BTreeSet::first)
    }

    fn insert(&mut self, thing: Thing) {
        if let Some(name) = thing.relation() {
            self.0.entry(name).or_default().insert(thing);
        }
    }

    fn remove(&mut self, thing: &Thing) {
        if let Some(things) = thing.relation().and_then(|name| self.0.get_mut(&name)) {
            things.remove(thing);
        }
    }

    /// Follows a rename, on the state that it led to. A table takes its keys and indexes along.
    fn rename(&mut self, from: &Thing, to: &Thing, state: &State) {
        self.remove(from);
        self.insert(to.clone());
        if let (Thing::Table(old), Thing::Table(new)) = (from, to)
            && let Some(table) = state.tables.get(new)
        {
            members(table, old).for_each(|member| self.remove(&member));
            members(table, new).for_each(|member| self.insert(member));
        }
    }
}

/// The keys and indexes of a table that goes by this name.
fn members(table: &Table, name: &ObjectName) -> impl Iterator<Item = Thing> {
    let key = table.primary_key.iter().map(|key| (Member::PrimaryKey, &key.name));
    let uniques = table.uniques.keys().map(|name| (Member::Unique, name));
    let indexes = table.indexes.keys().map(|name| (Member::Index, name));
    let members = key.chain(uniques).chain(indexes);
    members.map(move |(kind, member)| Thing::Member(name.clone(), kind, member.clone()))
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

    /// Its name, where things of several kinds share names: tables, views, types, keys and indexes.
    fn relation(&self) -> Option<ObjectName> {
        match self {
            Self::Table(name) | Self::View(name) | Self::Enum(name) => Some(name.clone()),
            Self::Member(of, Member::PrimaryKey | Member::Unique | Member::Index, name) => {
                Some(of.sibling(name.clone()))
            }
            Self::Namespace(_) | Self::EnumValue(..) | Self::Member(..) | Self::Object(_) => None,
        }
    }

    /// The thing by a longer name.
    fn with_suffix(&self, suffix: &str) -> Self {
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
