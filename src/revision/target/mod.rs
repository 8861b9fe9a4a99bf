//! The names by which people call a revision or a place in the chain.

mod branch;

use super::chain::{History, Link};
use super::errors::{E430, E431, E432};
use super::{RevisionId, RevisionName};
use crate::diagnostic::{Diagnostic, near};

/// How many candidates an ambiguous name lists.
const CANDIDATES_MAX: usize = 8;

/// A place in the chain: the state in which these revisions, and all that they build on, are applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Before the first revision.
    Base,
    /// One revision, or several where `heads` or the place itself means several.
    Revisions(Vec<RevisionId>),
}

impl Target {
    /// The revisions of the place; none for the base.
    #[must_use]
    pub fn ids(&self) -> &[RevisionId] {
        match self {
            Self::Base => &[],
            Self::Revisions(ids) => ids,
        }
    }

    /// Whether what a text means depends on where a database is.
    #[must_use]
    pub fn is_relative(text: &str) -> bool {
        let (start, is_counted) = counted(text).map_or((text, false), |(start, _)| (start, true));
        let of_branch = start.ends_with('@') || (!is_counted && start.ends_with("@base"));
        (is_counted && start.is_empty()) || of_branch || start.split('@').any(|word| word == "current")
    }

    fn new(ids: Vec<RevisionId>) -> Self {
        if ids.is_empty() { Self::Base } else { Self::Revisions(ids) }
    }

    /// Finds the place that a text means:
    ///
    /// | text | place |
    /// | --- | --- |
    /// | `head`, `heads` | the revision that nothing builds on, all of them |
    /// | `base` | before the first revision |
    /// | `current` | where the database is |
    /// | `+2`, `-1` | two revisions on, one back from where the database is |
    /// | `0003_split_name`, `0003_split_name.kdl`, `split_name` | by file, by slug |
    /// | `3`, `0003` | by number |
    /// | `b7c1f0e2a9d4` | by id |
    /// | `v1.2` | by tag |
    /// | `billing` | by label: the revision that the branch begins with |
    /// | `b7c1`, `0003_sp` | by a beginning of id or name that no other has |
    /// | `b7c1+1`, `head-2` | counted from any of these |
    /// | `billing@head`, `b7c1@heads` | where the branch has come to that begins there |
    /// | `billing@base` | all that the database has but for that branch |
    /// | `billing@+1`, `billing@-1` | one revision of the branch more or less than the database has |
    /// | `billing@in`, `billing@head-1` | by any of these names, on that branch |
    ///
    /// `position` are the revisions whose ancestors are applied; none of them is the base.
    ///
    /// # Errors
    /// Nothing or more than one thing goes by this name, or the count leads out of the chain.
    pub fn resolve(history: &History, text: &str, position: &[RevisionId]) -> Result<Self, Diagnostic> {
        let resolver = Resolver { history, text, position };
        if let Some(target) = resolver.named(text)? {
            return Ok(target);
        }
        if let Some((start, count)) = counted(text) {
            if let Some(branch) = start.strip_suffix('@') {
                return resolver.walk_branch(&resolver.branch(branch)?, count);
            }
            if let (Some(branch), 1..) = (start.strip_suffix("@base"), count) {
                let branch = resolver.branch(branch)?;
                return Resolver { position: &[], ..resolver }.walk_branch(&branch, count);
            }
            let start = match start {
                "" => Self::new(position.to_vec()),
                name => resolver.named(name)?.ok_or_else(|| resolver.unknown(name))?,
            };
            return resolver.walk(start, count);
        }
        Err(resolver.unknown(text))
    }
}

/// Takes a text with a count at its end apart: `b7c1+1` is `b7c1` and 1.
fn counted(text: &str) -> Option<(&str, i64)> {
    let at = text.rfind(['+', '-'])?;
    let (start, count) = text.split_at(at);
    let digits = &count[1..];
    let is_count =
        !digits.is_empty() && digits.len() <= 9 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_count { Some((start, count.parse().ok()?)) } else { None }
}

struct Resolver<'h> {
    history: &'h History,
    text: &'h str,
    position: &'h [RevisionId],
}

impl Resolver<'_> {
    /// What a text without a count means; `None` when nothing goes by this name.
    fn named(&self, text: &str) -> Result<Option<Target>, Diagnostic> {
        let id = |link: &Link| link.revision.id;
        match text {
            "head" => {
                return self.history.head().map(|head| Some(Target::new(head.map(id).into_iter().collect())));
            }
            "heads" => return Ok(Some(Target::new(self.history.heads().into_iter().map(id).collect()))),
            "base" => return Ok(Some(Target::Base)),
            "current" => return Ok(Some(Target::new(self.position.to_vec()))),
            _ => {}
        }
        match text.rsplit_once('@') {
            // What is counted on a branch, the caller takes apart.
            Some((_, "")) => Ok(None),
            Some((_, place)) if counted(place).is_some_and(|(start, _)| start.is_empty()) => Ok(None),
            Some((branch, place)) => self.on_branch(&self.branch(branch)?, place),
            None => self.one_of(text, &|_| true),
        }
    }

    /// The one revision of those that a text means.
    fn one_of(&self, text: &str, is_meant: &dyn Fn(&Link) -> bool) -> Result<Option<Target>, Diagnostic> {
        let text = text.strip_suffix(".kdl").unwrap_or(text);
        let number = text.parse::<u32>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        let exact = |link: &Link| {
            let name = &link.revision.name;
            name.as_str() == text
                || link.revision.id.to_string() == text
                || link.revision.tags.iter().chain(&link.revision.labels).any(|mark| mark.as_str() == text)
                || link.revision.replaces.last().is_some_and(|last| last.name.as_str() == text)
        };
        let by_number = |link: &Link| number == Some(link.revision.name.number());
        let by_slug = |link: &Link| link.revision.name.slug() == text;
        let by_beginning = |link: &Link| {
            link.revision.name.as_str().starts_with(text) || link.revision.id.to_string().starts_with(text)
        };
        let ways: [&dyn Fn(&Link) -> bool; 4] = [&exact, &by_number, &by_slug, &by_beginning];
        if text.is_empty() {
            return Ok(None);
        }
        for way in ways {
            let found: Vec<&Link> = {
                let links = self.history.links().iter();
                links.filter(|link| way(link) && is_meant(link)).collect()
            };
            match found.as_slice() {
                [] => {}
                [one] => return Ok(Some(Target::new(vec![one.revision.id]))),
                several => return Err(self.ambiguous(text, several)),
            }
        }
        Ok(None)
    }

    /// Counts revisions from a place, one by one. On the way back, what a revision depended on stays; behind a merge lie
    /// all branches that it joined, from which nobody can count on.
    fn walk(&self, start: Target, count: i64) -> Result<Target, Diagnostic> {
        let mut place = start;
        let mut kept: Vec<RevisionId> = Vec::new();
        for step in 0..count.abs() {
            let from = match place.ids() {
                [] => None,
                [id] => Some(*id),
                several => return Err(self.several_starts(several)),
            };
            let next: Vec<&Link> = match (from, count > 0) {
                (None, true) => {
                    let links = self.history.links().iter();
                    links.filter(|link| link.revision.parents.is_empty()).collect()
                }
                (None, false) => return Err(self.outside(step)),
                (Some(id), true) => self.history.children(id).collect(),
                (Some(id), false) => {
                    let parents: Vec<&Link> = self.history.parents(id).collect();
                    let depends_on = self.history.needs(id).skip(parents.len());
                    kept.extend(depends_on.map(|link| link.revision.id));
                    parents
                }
            };
            match next.as_slice() {
                [] if count > 0 => return Err(self.outside(step)),
                [_, _, ..] if count > 0 => return Err(self.ambiguous(self.text, &next)),
                _ => place = Target::new(next.iter().map(|link| link.revision.id).collect()),
            }
        }
        if kept.is_empty() {
            return Ok(place);
        }
        let all = self.history.ancestors(place.ids().iter().copied().chain(kept));
        Ok(Target::new(self.history.tips(&all.iter().map(|link| link.revision.id).collect())))
    }

    fn links(&self, ids: &[RevisionId]) -> Vec<&Link> {
        ids.iter().filter_map(|id| self.history.get(*id)).collect()
    }

    fn unknown(&self, text: &str) -> Diagnostic {
        if let Some((branch, place)) = text.rsplit_once('@').filter(|(_, place)| !place.is_empty()) {
            let message = format!("there is no revision `{place}` on the branch `{branch}`");
            return Diagnostic::error(&E430, message).help("run `schemactl log --graph` to see the branches");
        }
        let diagnostic = Diagnostic::error(&E430, format!("there is no revision `{text}`"));
        let is_in = |link: &&Link| link.revision.replaces.iter().any(|part| part.name.as_str() == text);
        if let Some(whole) = self.history.links().iter().find(is_in) {
            let name = &whole.revision.name;
            return diagnostic.help(format!("name `{name}`, which stands in its place, or one behind it"));
        }
        let words = ["head", "heads", "base", "current"];
        let revisions = self.history.links().iter().map(|link| &link.revision);
        let names = revisions.flat_map(|revision| {
            let marks = revision.tags.iter().chain(&revision.labels).map(AsRef::as_ref);
            [revision.name.as_str(), revision.name.slug()].into_iter().chain(marks)
        });
        match near(text, words.into_iter().chain(names)) {
            Some(near) => {
                diagnostic.help(format!("write `{near}` if that is meant; `schemactl log` lists all"))
            }
            None => diagnostic.help("run `schemactl log` for a list of revisions"),
        }
    }

    fn ambiguous(&self, text: &str, found: &[&Link]) -> Diagnostic {
        let entry = |link: &&Link| format!("`{}` (`{}`)", link.revision.name, link.revision.id);
        let mut names: Vec<String> = found.iter().take(CANDIDATES_MAX).map(entry).collect();
        if found.len() > CANDIDATES_MAX {
            names.push(format!("{} more", found.len() - CANDIDATES_MAX));
        }
        let message = format!("`{text}` could be {}", names.join(", "));
        Diagnostic::error(&E431, message).help("write the id of the one that is meant")
    }

    fn several_starts(&self, ids: &[RevisionId]) -> Diagnostic {
        let names: Vec<String> =
            self.links(ids).iter().map(|link| format!("`{}`", link.revision.name)).collect();
        let message =
            format!("`{}` would be counted from several revisions at once: {}", self.text, names.join(", "));
        Diagnostic::error(&E431, message)
            .help("name the place itself; `schemactl log --graph` shows what lies around it")
    }

    fn outside(&self, possible: i64) -> Diagnostic {
        let (text, way) = (self.text, if self.text.contains('+') { "further" } else { "back" });
        let message = match possible {
            0 => format!("`{text}` leads out of the chain: no revision lies {way}"),
            1 => format!("`{text}` leads out of the chain: 1 revision lies {way}"),
            many => format!("`{text}` leads out of the chain: {many} revisions lie {way}"),
        };
        let end = if way == "further" { "head" } else { "base" };
        Diagnostic::error(&E432, message).help(format!("write `{end}` for the end of the chain"))
    }
}

/// Why a text can't be a tag or a label; `None` when it can.
pub(super) fn mark_fault(text: &str) -> Option<&'static str> {
    let is_word = ["head", "heads", "base", "current"].contains(&text);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if is_word {
        Some("it has a meaning of its own")
    } else if text.starts_with(['-', '.']) || !text.chars().all(plain) || text.ends_with(".kdl") {
        Some("such names are letters, digits, `_`, `-` and `.`, and begin with none of the last two")
    } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
        Some("it is a number")
    } else if text.parse::<RevisionId>().is_ok() {
        Some("it looks like an id")
    } else if text.parse::<RevisionName>().is_ok() {
        Some("it looks like the name of a revision")
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
