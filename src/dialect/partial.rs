//! What is said of parts of a table for the databases that can do it, told to those that can't.

use crate::model::Index;

/// Whether an index tells rows apart by the beginning of a value alone. Where whole values are indexed it would allow
/// more; an index that isn't unique only finds the same rows in less or more time.
pub(super) fn is_unique_by_prefix(index: &Index) -> bool {
    index.unique && index.keys.iter().any(|key| key.prefix.is_some())
}
