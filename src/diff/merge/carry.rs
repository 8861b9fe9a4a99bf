//! What happened between two inspections of a database, done to the state that a person declared for it.

use super::mix::{Judge, Sides, Thing, mix};
use crate::model::{Collection, DataSet, PerDialect, State};
use crate::name::DialectName;

/// The declared state with what happened between two inspections of a database that was in it. What didn't change stays
/// in its own words; of `dialects` the database has `dialect`, and what only that one understands is said for it alone.
#[must_use]
pub fn carry(
    before: &State,
    after: &State,
    declared: &State,
    dialect: &DialectName,
    dialects: &[DialectName],
) -> State {
    let alone = dialects.iter().all(|other| other == dialect);
    let sides = Sides { base: before, ours: declared, theirs: after };
    let mut carried = mix(&mut Latest { dialect, alone }, sides);
    let left: Collection<DataSet> =
        carried.data.iter().filter_map(|data| data.within(carried.tables.get(&data.name)?)).collect();
    if left != carried.data {
        carried.data = left;
    }
    carried
}

/// Takes what happened last.
struct Latest<'d> {
    dialect: &'d DialectName,
    /// Whether the project has no other dialect.
    alone: bool,
}

impl Judge for Latest<'_> {
    fn pick<T: Clone + PartialEq>(&mut self, _: &'static str, sides: Sides<'_, T>) -> T {
        let Sides { base, ours, theirs } = sides;
        if base == theirs { ours.clone() } else { theirs.clone() }
    }

    fn pick_per_dialect<T: Clone + PartialEq>(
        &mut self,
        _: &'static str,
        sides: Sides<'_, PerDialect<T>>,
        portable: impl Fn(&T) -> bool,
    ) -> PerDialect<T> {
        let Sides { base, ours, theirs } = sides;
        let latest = theirs.get(self.dialect);
        let mut picked = ours.clone();
        if base.get(self.dialect) == latest || ours.get(self.dialect) == latest {
            return picked;
        }
        if !ours.overrides.contains_key(self.dialect) && (self.alone || portable(latest)) {
            picked.common = latest.clone();
        } else if ours.common == *latest {
            picked.overrides.remove(self.dialect);
        } else {
            picked.overrides.insert(self.dialect.clone(), latest.clone());
        }
        picked
    }

    fn whole<T: Thing>(
        &mut self,
        _: &T::Of,
        base: Option<&T>,
        ours: Option<&T>,
        theirs: Option<&T>,
    ) -> Option<T> {
        match (base == theirs, ours, theirs) {
            (true, ours, _) => ours.cloned(),
            (false, None, Some(new)) if !self.alone => Some(new.clone().limited(self.dialect)),
            (false, _, theirs) => theirs.cloned(),
        }
    }

    fn enter<T: Thing>(&mut self, _: &T::Of, _: &T) {}

    fn settle<T: Thing>(&mut self, _: &T::Of, _: Sides<'_, T>) {}
}
