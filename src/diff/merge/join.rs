//! Two versions of a state become one, wherever they renamed things: all three get the names of the joined state first,
//! and are compared then.

use super::{Choice, Conflict, Side, merge_by, uses};
use crate::change::{ApplyError, Edit, Op, References, TableEdit};
use crate::diff::lineage::Lineage;
use crate::diff::rename::{LEVELS, Thing};
use crate::diff::{DiffError, diff};
use crate::model::{KeyPart, Place, Rename, SqlText, State};
use crate::name::ObjectName;
use crate::sql::{Rules, identifiers, rename_column, rename_table};

/// A state, and what the things in it were called at first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Version {
    /// The state.
    pub state: State,
    /// Its names.
    pub lineage: Lineage,
}

/// The version that has what either side changed since `base`, names among it. It is the same whichever side comes
/// first. SQL of one side that uses a name which the other side changed gets the new name.
///
/// # Errors
/// Everything that both sides changed in different ways, and that nobody has decided on.
pub fn join(
    base: &Version,
    ours: &Version,
    theirs: &Version,
    choice: Choice<'_>,
) -> Result<Version, Vec<Conflict>> {
    let mut naming = Naming {
        begun: base.clone(),
        base: base.clone(),
        ours: ours.clone(),
        theirs: theirs.clone(),
        choice,
        conflicts: Vec::new(),
    };
    naming.settle();
    let Naming { begun: _, base, mut ours, mut theirs, choice: _, mut conflicts } = naming;
    conflicts.extend(uses::settle(&base.state, &mut ours.state, &mut theirs.state, choice));
    let merged = merge_by(&base.state, &ours.state, &theirs.state, choice);
    match merged {
        Ok(state) if conflicts.is_empty() => {
            Ok(Version { state, lineage: ours.lineage.union(theirs.lineage) })
        }
        Ok(_) => Err(conflicts),
        Err(others) => {
            conflicts.extend(others);
            Err(conflicts)
        }
    }
}

/// What becomes of a name that another thing has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blocked {
    Waits,
    Conflicts,
}

/// The three versions on the way to common names.
struct Naming<'c> {
    /// The base as it was, with all its names.
    begun: Version,
    base: Version,
    ours: Version,
    theirs: Version,
    choice: Choice<'c>,
    conflicts: Vec<Conflict>,
}

impl Naming<'_> {
    /// Gives everything its joined name, from the outside to the inside; what takes the name of another thing waits
    /// until that has got its own.
    fn settle(&mut self) {
        let renamed = Lineage::renamed([&self.base.lineage, &self.ours.lineage, &self.theirs.lineage]);
        for level in 0..LEVELS {
            let mut open: Vec<&Thing> = renamed.iter().filter(|first| first.level() == level).collect();
            loop {
                let count = open.len();
                open.retain(|first| !self.settle_one(first, Blocked::Waits));
                if open.len() == count {
                    break;
                }
            }
            for first in open {
                self.settle_one(first, Blocked::Conflicts);
            }
        }
    }

    /// False where it has to wait.
    fn settle_one(&mut self, first: &Thing, blocked: Blocked) -> bool {
        let Some(base) = self.base.find(first) else { return true };
        let (ours, theirs) = (self.ours.find(first), self.theirs.find(first));
        // What lies outside has the same name in all three by now, so these differ by their own names alone.
        let is_gone = ours.is_none() || theirs.is_none();
        let (one, two) = (ours.as_ref().unwrap_or(&base), theirs.as_ref().unwrap_or(&base));
        if *one == base && *two == base {
            return true;
        }
        // What lies outside may have its joined name by now; a decision may speak of the name from before.
        let before = self.begun.find(first).and_then(|thing| (self.choice)(&thing.place()));
        let chosen = (self.choice)(&base.place()).or(before);
        let side = match (is_gone, one == two, *one == base, *two == base) {
            (false, true, _, _) | (false, _, _, true) => Side::Ours,
            (false, _, true, _) => Side::Theirs,
            // Renamed on both sides to different names, or here renamed and there dropped.
            (true, ..) | (false, false, false, false) => match chosen {
                Some(side) => side,
                None => {
                    self.report(&base, ours.as_ref(), theirs.as_ref());
                    return true;
                }
            },
        };
        let target = match side {
            Side::Ours => one.clone(),
            Side::Theirs => two.clone(),
        };
        let is_taken = |version: &Version| {
            version.find(first).is_some_and(|thing| thing != target && target.exists(&version.state))
        };
        if blocked == Blocked::Waits && [&self.base, &self.ours, &self.theirs].into_iter().any(is_taken) {
            return false;
        }
        let versions = [&mut self.base, &mut self.ours, &mut self.theirs];
        let refused = versions.map(|version| version.rename(first, &target)).iter().any(Result::is_err);
        if refused {
            self.report(&base, ours.as_ref(), theirs.as_ref());
        }
        true
    }

    fn report(&mut self, base: &Thing, ours: Option<&Thing>, theirs: Option<&Thing>) {
        let place = base.place();
        if self.conflicts.iter().any(|known| known.place == place) {
            return;
        }
        let text = |thing: &Thing| thing.text();
        self.conflicts.push(Conflict {
            place,
            attributes: vec!["name"],
            base: Some(base.text()),
            ours: ours.map(text),
            theirs: theirs.map(text),
            users: Vec::new(),
        });
    }
}

impl Version {
    /// What was called so at first, by its name now.
    fn find(&self, first: &Thing) -> Option<Thing> {
        self.lineage.now(first).filter(|thing| thing.exists(&self.state))
    }

    /// Gives a thing another name, and the texts that use it; what isn't there stays away.
    fn rename(&mut self, first: &Thing, target: &Thing) -> Result<(), ()> {
        let Some(thing) = self.find(first).filter(|thing| thing != target) else { return Ok(()) };
        let op = thing.renamed_to(target);
        op.apply(&mut self.state).map_err(drop)?;
        self.lineage.rename(&thing, target);
        reword(&mut self.state, &op);
        Ok(())
    }

    /// Follows an operation; see [`Op::apply_along`] and [`Lineage::follow`].
    ///
    /// # Errors
    /// It doesn't fit.
    pub fn follow(&mut self, op: &Op, references: &mut References, mark: &str) -> Result<(), ApplyError> {
        op.apply_along(&mut self.state, references)?;
        self.lineage.follow(op, mark);
        Ok(())
    }

    /// What has another name in a later version, outermost first.
    #[must_use]
    pub fn renames(&self, later: &Self) -> Vec<Rename> {
        let renamed = Lineage::renamed([&self.lineage, &later.lineage]);
        let pair = |first: &Thing| {
            let (before, now) = (self.find(first)?, later.find(first)?);
            let moved = now.outer().map_or_else(|| before.clone(), |outer| before.within(&outer));
            (moved != now).then(|| moved.rename(now))
        };
        let mut renames: Vec<(u8, Rename)> =
            renamed.iter().filter_map(|first| Some((first.level(), pair(first)?))).collect();
        renames.sort();
        renames.into_iter().map(|(_, rename)| rename).collect()
    }

    /// The operations that lead to a later version.
    ///
    /// # Errors
    /// See [`DiffError`].
    pub fn lead(&self, later: &Self) -> Result<Vec<Op>, DiffError> {
        diff(&self.state, &later.state, &self.renames(later))
    }
}

/// Lets the SQL of a state follow a rename.
fn reword(state: &mut State, op: &Op) {
    match op {
        Op::Table(TableEdit::Rename { from, to }) => {
            let rename =
                |text: &str| rename_table(text, from.name.as_str(), to.name.as_str(), &Rules::SHARED);
            reword_table(state, to, &rename);
            reword_bodies(state, from, &rename);
        }
        Op::Column { table, edit: Edit::Rename { from, to } } => {
            let (of, from, to) = (table.name.as_str(), from.as_str(), to.as_str());
            let rename = |text: &str| rename_column(text, of, from, to, &Rules::SHARED);
            reword_table(state, table, &rename);
            reword_bodies(state, table, &rename);
        }
        _ => {}
    }
}

fn reword_text(text: &mut SqlText, rename: &dyn Fn(&str) -> String) {
    for text in std::iter::once(&mut text.common).chain(text.overrides.values_mut()) {
        let renamed = rename(text);
        if *renamed != **text {
            *text = renamed.into();
        }
    }
}

/// The texts that belong to a table.
fn reword_table(state: &mut State, table: &ObjectName, rename: &dyn Fn(&str) -> String) {
    let Some(table) = state.tables.get_mut(table) else { return };
    for column in table.columns.iter_mut() {
        if let Some(generated) = &mut column.generated {
            reword_text(&mut generated.expression, rename);
        }
    }
    table.checks.iter_mut().for_each(|check| reword_text(&mut check.expression, rename));
    for index in table.indexes.iter_mut() {
        index.predicate.iter_mut().for_each(|text| reword_text(text, rename));
        for key in &mut index.keys {
            if let KeyPart::Expression(text) = &mut key.on {
                reword_text(text, rename);
            }
        }
    }
}

/// The texts of views and objects that speak of a table.
fn reword_bodies(state: &mut State, table: &ObjectName, rename: &dyn Fn(&str) -> String) {
    let speaks = |text: &SqlText| {
        text.values().any(|text| {
            identifiers(text, &Rules::SHARED).any(|found| found.is(table.name.as_str(), &Rules::SHARED))
        })
    };
    for view in state.views.iter_mut().filter(|view| speaks(&view.query)) {
        reword_text(&mut view.query, rename);
    }
    for object in state.objects.iter_mut().filter(|object| speaks(&object.create)) {
        reword_text(&mut object.create, rename);
        reword_text(&mut object.drop, rename);
    }
}

impl Thing {
    /// That this is called otherwise now; both lie in the same.
    fn rename(self, now: Self) -> Rename {
        match (self, now) {
            (Self::Namespace(from), Self::Namespace(to)) => Rename::Namespace { from, to },
            (Self::Enum(from), Self::Enum(to)) => Rename::Enum { from, to },
            (Self::EnumValue(_, from), Self::EnumValue(of, to)) => Rename::EnumValue { of, from, to },
            (Self::Table(from), Self::Table(to)) => Rename::Table { from, to },
            (Self::Member(_, member, from), Self::Member(of, _, to)) => {
                Rename::Member { of, member, from, to }
            }
            (Self::View(from), Self::View(to)) => Rename::View { from, to },
            (Self::Object(from), Self::Object(to)) => Rename::Object { from, to },
            _ => unreachable!("a thing stays of its kind, see `Lineage`"),
        }
    }

    /// Where it is; the value of an enum is in the enum.
    fn place(&self) -> Place {
        match self {
            Self::Namespace(name) => Place::Namespace(name.clone()),
            Self::Enum(name) | Self::EnumValue(name, _) => Place::Enum(name.clone()),
            Self::Table(name) => Place::Table(name.clone()),
            Self::Member(of, member, name) => Place::Member(of.clone(), *member, name.clone()),
            Self::View(name) => Place::View(name.clone()),
            Self::Object(name) => Place::Object(name.clone()),
        }
    }
}
