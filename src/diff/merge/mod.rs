//! Two changed copies of a state become one, object by object and attribute by attribute ([`merge`]), and what happened
//! to a state is done to another one that says the same in other words ([`carry`](fn@carry)). Pure; nothing is guessed:
//! what was renamed is renamed in all states before they are compared, which [`join`](fn@join) does.

mod carry;
mod join;
mod mix;
mod parts;
mod uses;

use std::collections::BTreeMap;

pub use carry::carry;
pub use join::{Version, join};

use crate::model::{PerDialect, Place, State};
use mix::{Judge, Sides, Thing, mix};

/// One of two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The first.
    Ours,
    /// The second.
    Theirs,
}

impl Side {
    /// The side that is not this one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Ours => Self::Theirs,
            Self::Theirs => Self::Ours,
        }
    }

    fn of<T>(self, ours: T, theirs: T) -> T {
        match self {
            Self::Ours => ours,
            Self::Theirs => theirs,
        }
    }
}

/// Which side counts for something that both have changed; `None` where nobody has decided.
pub type Choice<'c> = &'c dyn Fn(&Place) -> Option<Side>;

/// Something that was changed on both sides, and not in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// What it is about.
    pub place: Place,
    /// The attributes that differ; none where the thing as a whole was added twice, or changed here and dropped there.
    pub attributes: Vec<&'static str>,
    /// What it was, in the schema language; `None` where it wasn't there.
    pub base: Option<String>,
    /// What it is on one side.
    pub ours: Option<String>,
    /// What it is on the other side.
    pub theirs: Option<String>,
    /// The things whose SQL names it on one side, where the other side dropped it; that side shows these.
    pub users: Vec<Place>,
}

impl Conflict {
    /// The same, seen from the other side.
    #[must_use]
    pub fn swapped(self) -> Self {
        let Self { place, attributes, base, ours, theirs, users } = self;
        Self { place, attributes, base, ours: theirs, theirs: ours, users }
    }
}

/// The state that has what either side changed since `base`. It is the same whichever side comes first. What it holds
/// needn't fit together: one side may refer to what the other has dropped, which validation finds.
///
/// # Errors
/// Everything that both sides changed in different ways.
pub fn merge(base: &State, ours: &State, theirs: &State) -> Result<State, Vec<Conflict>> {
    merge_by(base, ours, theirs, &|_| None)
}

/// [`Merges`](merge), and takes a side where both changed the same and somebody has decided.
///
/// # Errors
/// Everything that both sides changed in different ways, and that nobody has decided on.
pub fn merge_by(
    base: &State,
    ours: &State,
    theirs: &State,
    choice: Choice<'_>,
) -> Result<State, Vec<Conflict>> {
    let mut judge = Fair { choice, within: Vec::new(), conflicts: Vec::new() };
    let merged = mix(&mut judge, Sides { base, ours, theirs });
    if judge.conflicts.is_empty() { Ok(merged) } else { Err(judge.conflicts) }
}

/// Takes what only one side changed.
struct Fair<'c> {
    choice: Choice<'c>,
    /// The things at hand, the innermost last.
    within: Vec<At>,
    conflicts: Vec<Conflict>,
}

/// A thing whose attributes are being decided on.
struct At {
    side: Option<Side>,
    /// The attributes that both sides changed.
    attributes: Vec<&'static str>,
}

impl Judge for Fair<'_> {
    fn pick<T: Clone + PartialEq>(&mut self, attribute: &'static str, sides: Sides<'_, T>) -> T {
        let Sides { base, ours, theirs } = sides;
        if ours == theirs || base == theirs {
            return ours.clone();
        }
        if base == ours {
            return theirs.clone();
        }
        let Some(At { side, attributes }) = self.within.last_mut() else { return theirs.clone() };
        if side.is_none() && !attributes.contains(&attribute) {
            attributes.push(attribute);
        }
        side.unwrap_or(Side::Theirs).of(ours, theirs).clone()
    }

    fn pick_per_dialect<T: Clone + PartialEq>(
        &mut self,
        attribute: &'static str,
        sides: Sides<'_, PerDialect<T>>,
        _: impl Fn(&T) -> bool,
    ) -> PerDialect<T> {
        let Sides { base, ours, theirs } = sides;
        let common = Sides { base: &base.common, ours: &ours.common, theirs: &theirs.common };
        let common = self.pick(attribute, common);
        let dialects = base.overrides.keys().chain(ours.overrides.keys()).chain(theirs.overrides.keys());
        let mut overrides = BTreeMap::new();
        for dialect in dialects {
            let side = |of: &PerDialect<T>| of.overrides.get(dialect).cloned();
            let (base, ours, theirs) = (side(base), side(ours), side(theirs));
            let picked = self.pick(attribute, Sides { base: &base, ours: &ours, theirs: &theirs });
            overrides.extend(picked.map(|value| (dialect.clone(), value)));
        }
        PerDialect { common, overrides }
    }

    fn whole<T: Thing>(
        &mut self,
        of: &T::Of,
        base: Option<&T>,
        ours: Option<&T>,
        theirs: Option<&T>,
    ) -> Option<T> {
        if ours == theirs || base == theirs {
            return ours.cloned();
        }
        if base != ours
            && let Some(any) = ours.or(theirs)
        {
            let text = |side: Option<&T>| side.map(|item| item.text(of));
            let (place, attributes) = (any.place(of), Vec::new());
            if let Some(side) = (self.choice)(&place) {
                return side.of(ours, theirs).cloned();
            }
            let (base, ours, theirs) = (text(base), text(ours), text(theirs));
            self.conflicts.push(Conflict { place, attributes, base, ours, theirs, users: Vec::new() });
        }
        theirs.cloned()
    }

    fn enter<T: Thing>(&mut self, of: &T::Of, thing: &T) {
        self.within.push(At { side: (self.choice)(&thing.place(of)), attributes: Vec::new() });
    }

    fn settle<T: Thing>(&mut self, of: &T::Of, sides: Sides<'_, T>) {
        let Some(At { side: _, attributes }) = self.within.pop() else { return };
        if attributes.is_empty() {
            return;
        }
        let Sides { base, ours, theirs } = sides;
        let place = ours.place(of);
        let (base, ours, theirs) = (Some(base.head(of)), Some(ours.head(of)), Some(theirs.head(of)));
        self.conflicts.push(Conflict { place, attributes, base, ours, theirs, users: Vec::new() });
    }
}
