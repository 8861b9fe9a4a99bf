//! What the steps of a revision cost others while they run, as far as the dialect knows before it meets a database.

use std::collections::BTreeMap;

use super::Segment;
use crate::dialect::Hazard;

/// The hazards by the place of the step in the revision, the worst of each.
#[must_use]
pub fn hazards(segments: &[Segment]) -> BTreeMap<usize, Hazard> {
    let mut hazards: BTreeMap<usize, Hazard> = BTreeMap::new();
    let work = segments.iter().flat_map(|segment| &segment.work);
    for (step, hazard) in work.flat_map(|work| &work.hazards) {
        let worst = hazards.entry(*step).or_insert(*hazard);
        *worst = (*worst).max(*hazard);
    }
    hazards
}
