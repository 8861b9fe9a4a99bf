//! The walk over three states at once: every attribute of everything is put before a judge.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Collection, Named, PerDialect, Place, State};
use crate::name::DialectName;

/// The three versions of something that all of them have.
pub(super) struct Sides<'s, T> {
    pub(super) base: &'s T,
    pub(super) ours: &'s T,
    pub(super) theirs: &'s T,
}

impl<'s, T> Sides<'s, T> {
    /// A part of each.
    pub(super) fn part<P>(&self, part: impl Fn(&'s T) -> &'s P) -> Sides<'s, P> {
        Sides { base: part(self.base), ours: part(self.ours), theirs: part(self.theirs) }
    }
}

/// Who decides between three versions.
pub(super) trait Judge {
    /// Decides on an attribute.
    fn pick<T: Clone + PartialEq>(&mut self, attribute: &'static str, sides: Sides<'_, T>) -> T;

    /// Decides on an attribute that may differ by dialect; `portable` tells whether a value suits all of them.
    fn pick_per_dialect<T: Clone + PartialEq>(
        &mut self,
        attribute: &'static str,
        sides: Sides<'_, PerDialect<T>>,
        portable: impl Fn(&T) -> bool,
    ) -> PerDialect<T>;

    /// Decides on a thing that one of the states at least doesn't have.
    fn whole<T: Thing>(
        &mut self,
        of: &T::Of,
        base: Option<&T>,
        ours: Option<&T>,
        theirs: Option<&T>,
    ) -> Option<T>;

    /// Hears that the attributes of a thing are about to be decided on.
    fn enter<T: Thing>(&mut self, of: &T::Of, thing: &T);

    /// Hears that all attributes of a thing were decided on.
    fn settle<T: Thing>(&mut self, of: &T::Of, sides: Sides<'_, T>);
}

/// Something with a place and attributes of its own.
pub(super) trait Thing: Clone + PartialEq {
    /// What it belongs to.
    type Of;

    /// Decides on all its attributes.
    fn mix<J: Judge>(judge: &mut J, of: &Self::Of, sides: &Sides<'_, Self>) -> Self;

    /// Where it is in a state.
    fn place(&self, of: &Self::Of) -> Place;

    /// All of it in the schema language.
    fn text(&self, of: &Self::Of) -> String;

    /// It in the schema language, without things that have places of their own.
    fn head(&self, of: &Self::Of) -> String {
        self.text(of)
    }

    /// It as one that only this dialect has, if it is of a kind that others couldn't read.
    #[must_use]
    fn limited(self, _: &DialectName) -> Self {
        self
    }
}

/// Decides on everything in three states.
pub(super) fn mix<J: Judge>(judge: &mut J, sides: Sides<'_, State>) -> State {
    State {
        namespaces: collection(judge, &(), sides.part(|state| &state.namespaces)),
        enums: collection(judge, &(), sides.part(|state| &state.enums)),
        tables: collection(judge, &(), sides.part(|state| &state.tables)),
        views: collection(judge, &(), sides.part(|state| &state.views)),
        objects: collection(judge, &(), sides.part(|state| &state.objects)),
        data: collection(judge, &(), sides.part(|state| &state.data)),
    }
}

/// Decides on things by their names: in our order, what only they have at the end.
pub(super) fn collection<T: Thing + Named, J: Judge>(
    judge: &mut J,
    of: &T::Of,
    sides: Sides<'_, Collection<T>>,
) -> Collection<T> {
    let Sides { base, ours, theirs } = sides;
    if base == theirs || ours == theirs {
        return ours.clone();
    }
    let known: BTreeSet<&T::Key> = ours.keys().collect();
    let mut later: BTreeSet<&T::Key> = BTreeSet::new();
    let others = theirs.keys().chain(base.keys()).filter(|key| !known.contains(*key) && later.insert(*key));
    let others: Vec<&T::Key> = others.collect();
    let keys = ours.keys().chain(others);
    keys.filter_map(|key| one(judge, of, base.get(key), ours.get(key), theirs.get(key))).collect()
}

/// Decides on one thing, which any of the states may lack.
pub(super) fn one<T: Thing, J: Judge>(
    judge: &mut J,
    of: &T::Of,
    base: Option<&T>,
    ours: Option<&T>,
    theirs: Option<&T>,
) -> Option<T> {
    let (Some(base), Some(ours), Some(theirs)) = (base, ours, theirs) else {
        return judge.whole(of, base, ours, theirs);
    };
    if base == theirs || ours == theirs {
        return Some(ours.clone());
    }
    let sides = Sides { base, ours, theirs };
    judge.enter(of, ours);
    let mixed = T::mix(judge, of, &sides);
    judge.settle(of, sides);
    Some(mixed)
}

/// Decides on the values of a map one by one.
pub(super) fn map<K: Ord + Clone, V: Clone + PartialEq, J: Judge>(
    judge: &mut J,
    attribute: &'static str,
    sides: Sides<'_, BTreeMap<K, V>>,
) -> BTreeMap<K, V> {
    let Sides { base, ours, theirs } = sides;
    let keys: BTreeSet<&K> = base.keys().chain(ours.keys()).chain(theirs.keys()).collect();
    let mut mixed = BTreeMap::new();
    for key in keys {
        let (base, ours, theirs) = (base.get(key), ours.get(key), theirs.get(key));
        let picked = judge.pick(attribute, Sides { base: &base, ours: &ours, theirs: &theirs });
        mixed.extend(picked.map(|value| (key.clone(), value.clone())));
    }
    mixed
}

/// What belongs to a set is decided on one by one, which leaves nothing to argue about.
pub(super) fn set<T: Ord + Clone>(sides: Sides<'_, Vec<T>>) -> Vec<T> {
    let Sides { base, ours, theirs } = sides;
    let kept = ours.iter().filter(|item| theirs.contains(item) || !base.contains(item));
    let added = theirs.iter().filter(|item| !base.contains(item) && !ours.contains(item));
    let mut mixed: Vec<T> = kept.chain(added).cloned().collect();
    mixed.sort();
    mixed
}
