//! Two changed copies of a state become one, object by object and attribute by attribute ([`merge`]), and what happened
//! to a state is done to another one that says the same in other words ([`carry`](fn@carry)). Pure; nothing is guessed:
//! what was renamed is renamed in all states before they come here.

mod carry;
mod mix;
mod parts;

use std::collections::BTreeMap;

pub use carry::carry;

use crate::model::{PerDialect, Place, State};
use mix::{Judge, Sides, Thing, mix};

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
}

/// The state that has what either side changed since `base`. It is the same whichever side comes first. What it holds
/// needn't fit together: one side may refer to what the other has dropped, which validation finds.
///
/// # Errors
/// Everything that both sides changed in different ways.
pub fn merge(base: &State, ours: &State, theirs: &State) -> Result<State, Vec<Conflict>> {
    let mut judge = Fair::default();
    let merged = mix(&mut judge, Sides { base, ours, theirs });
    if judge.conflicts.is_empty() { Ok(merged) } else { Err(judge.conflicts) }
}

/// Takes what only one side changed.
#[derive(Default)]
struct Fair {
    /// The attributes of the thing at hand that both sides changed.
    attributes: Vec<&'static str>,
    conflicts: Vec<Conflict>,
}

impl Judge for Fair {
    fn pick<T: Clone + PartialEq>(&mut self, attribute: &'static str, sides: Sides<'_, T>) -> T {
        let Sides { base, ours, theirs } = sides;
        if ours == theirs || base == theirs {
            return ours.clone();
        }
        if base != ours && !self.attributes.contains(&attribute) {
            self.attributes.push(attribute);
        }
        theirs.clone()
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
            let (base, ours, theirs) = (text(base), text(ours), text(theirs));
            self.conflicts.push(Conflict { place, attributes, base, ours, theirs });
        }
        theirs.cloned()
    }

    fn settle<T: Thing>(&mut self, of: &T::Of, sides: Sides<'_, T>) {
        let attributes = std::mem::take(&mut self.attributes);
        if attributes.is_empty() {
            return;
        }
        let Sides { base, ours, theirs } = sides;
        let place = ours.place(of);
        let (base, ours, theirs) = (Some(base.head(of)), Some(ours.head(of)), Some(theirs.head(of)));
        self.conflicts.push(Conflict { place, attributes, base, ours, theirs });
    }
}
