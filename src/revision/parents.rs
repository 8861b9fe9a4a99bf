//! Names of parents: a file that got another name, as one of two of the same name does when branches come together, leaves
//! children behind that pin it under the old one. The digest tells which is meant; their files get the name that it has.

use super::RevisionName;
use super::chain::{History, Link};
use super::mark::replace;
use crate::diagnostic::{Diagnostic, Sources, Span};
use crate::document::write::Writer;
use crate::snapshot::Files;

/// Writes the names of parents as they are now, in files whose content stays what it is.
///
/// # Errors
/// `E435` when a file can't be written.
pub fn name_parents<'h>(
    files: &dyn Files,
    sources: &Sources,
    history: &History,
    links: impl IntoIterator<Item = &'h Link>,
) -> Result<(), Diagnostic> {
    for link in links {
        let parents =
            link.revision.parents.iter().zip(&link.places.parents).zip(history.parents(link.revision.id));
        let mut stale: Vec<(&RevisionName, Span)> = Vec::new();
        for ((said, span), parent) in parents {
            // A child goes on pinning the last of those that a squashed revision stands in place of.
            let is_last = parent.revision.replaces.last().is_some_and(|last| last.name == said.name);
            if said.name != parent.revision.name && !is_last {
                stale.push((&parent.revision.name, *span));
            }
        }
        if stale.is_empty() {
            continue;
        }
        let mut text = sources.get(link.source).text.to_string();
        stale.sort_by_key(|(_, span)| std::cmp::Reverse(*span));
        for (name, span) in stale {
            let mut w = Writer::new();
            w.node("parent").arg(name.as_str());
            text.replace_range(span.range(), w.finish().trim_end().trim_start_matches("parent "));
        }
        replace(files, link, &text)?;
    }
    Ok(())
}
