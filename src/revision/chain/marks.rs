//! What tags and labels stand for: nothing goes by two of them, and a label names the branch that begins with its
//! revision.

use std::collections::{BTreeSet, HashMap};

use super::{History, Link};
use crate::diagnostic::{Diagnostic, Span};
use crate::name::Name;
use crate::revision::{Mark, RevisionId, slug};

/// The revisions of a branch: the one that it begins with, and all that builds on it.
#[derive(Debug, Clone)]
pub struct Branch {
    /// The one that it begins with.
    pub first: RevisionId,
    /// All of them.
    pub all: BTreeSet<RevisionId>,
}

impl History {
    /// The branch that begins with a revision. A revision that joins two branches is on both.
    #[must_use]
    pub fn branch(&self, first: RevisionId) -> Branch {
        let mut all = BTreeSet::from([first]);
        // Every revision stands behind those that it builds on.
        for link in &self.links {
            if self.parents(link.revision.id).any(|parent| all.contains(&parent.revision.id)) {
                all.insert(link.revision.id);
            }
        }
        Branch { first, all }
    }

    /// The labels of the branches that a revision is on, in the order of their beginnings.
    #[must_use]
    pub fn labels(&self, id: RevisionId) -> Vec<&Name> {
        let labelled = self.links.iter().filter(|link| !link.revision.labels.is_empty());
        let on = labelled.filter(|link| self.branch(link.revision.id).all.contains(&id));
        on.flat_map(|link| &link.revision.labels).collect()
    }

    /// The heads, where each of them is meant to be there: they are on branches of different labels, and at most one of
    /// them is on none. What another head depends on isn't counted.
    ///
    /// # Errors
    /// `E423` when two heads can't be told from each other like this.
    pub fn intended_heads(&self) -> Result<Vec<&Link>, Diagnostic> {
        let heads = self.effective_heads();
        let mut known = BTreeSet::new();
        match heads.iter().all(|head| known.insert(self.labels(head.revision.id))) {
            true => Ok(heads),
            false => self.head().map(|_| heads),
        }
    }

    /// What goes by a name already that a revision is to get as a tag or label; a label is also no other revision's slug.
    #[must_use]
    pub fn taken(&self, mark: Mark, name: &Name, by: Option<RevisionId>) -> Option<Diagnostic> {
        for known in [Mark::Tag, Mark::Label] {
            let other = self.marked(known, name);
            if let Some(link) = other.filter(|link| known != mark || Some(link.revision.id) != by) {
                let word = known.word();
                let message = format!("`{}` has the {word} `{name}`", link.revision.name);
                let at = known.of(link).iter().position(|one| one == name);
                let place = at.and_then(|at| known.places(link).get(at)).copied();
                let diagnostic = Diagnostic::error(mark.code(), message);
                let diagnostic = diagnostic.at(place.unwrap_or(link.places.name), "here");
                let help = format!("choose another name, or free it: `schemactl {word} --delete {name}`");
                return Some(diagnostic.help(help));
            }
        }
        let is_called = |link: &&Link| {
            mark == Mark::Label && Some(link.revision.id) != by && link.revision.name.slug() == name.as_str()
        };
        let link = self.links.iter().find(is_called)?;
        let message = format!("`{name}` can't be a label: `{}` goes by it", link.revision.name);
        let diagnostic = Diagnostic::error(mark.code(), message).at(link.places.name, "here");
        Some(diagnostic.help("choose another name"))
    }

    /// What keeps a new revision from getting this message: its file would be called as a branch is.
    #[must_use]
    pub fn message_taken(&self, message: &str, labels: &[Name]) -> Option<Diagnostic> {
        let slug = slug(message);
        let name = Name::new(&slug).ok().filter(|name| !labels.contains(name))?;
        let link = self.marked(Mark::Label, &name)?;
        let message =
            format!("a revision can't be called `{slug}`: that is the label of `{}`", link.revision.name);
        Some(Diagnostic::error(Mark::Label.code(), message).help("choose another message"))
    }
}

/// Gives revisions the marks of those in whose place they are told, and none besides: marks are given and taken in the
/// chain, and a file that lies aside has those of its time. Which of the revisions gets one, its file says; where none does, a
/// tag is for the place behind the last, a label for the branch that begins with the first.
pub(super) fn hand_over(mark: Mark, from: &[&Link], to: &mut [Link]) {
    let of = |link: &&Link| {
        let marks = mark.of(link).iter().cloned();
        marks.zip(mark.places(link).iter().copied()).collect::<Vec<_>>()
    };
    let given: Vec<(Name, Span)> = from.iter().flat_map(of).collect();
    let had: Vec<Vec<Name>> = to.iter().map(|link| mark.of(link).to_vec()).collect();
    for link in to.iter_mut() {
        let (names, places) = mark.parts_of(link);
        names.clear();
        places.clear();
    }
    for (name, place) in given {
        let end = match mark {
            Mark::Tag => to.len().saturating_sub(1),
            Mark::Label => 0,
        };
        let at = had.iter().position(|names| names.contains(&name)).unwrap_or(end);
        let Some(link) = to.get_mut(at) else { continue };
        let (names, places) = mark.parts_of(link);
        names.push(name);
        places.push(place);
    }
}

/// Finds names that stand for two things.
pub(super) fn report(links: &[Link], problems: &mut Vec<Diagnostic>) {
    let mut known: HashMap<&Name, (Mark, &Link, Span)> = HashMap::new();
    for link in links {
        for mark in [Mark::Tag, Mark::Label] {
            for (name, span) in mark.of(link).iter().zip(mark.places(link)) {
                if let Some((first, of, place)) = known.insert(name, (mark, link, *span)) {
                    problems.push(twice(name, (first, of, place), (mark, link, *span)));
                }
            }
        }
    }
    for link in links {
        let slug = Name::new(link.revision.name.slug()).ok();
        let Some((Mark::Label, of, place)) = slug.as_ref().and_then(|slug| known.get(slug)) else { continue };
        if of.revision.id != link.revision.id {
            let (one, two) = (&of.revision.name, &link.revision.name);
            let message =
                format!("the label `{}` of `{one}` could also be `{two}`", link.revision.name.slug());
            let diagnostic = Diagnostic::error(Mark::Label.code(), message);
            let diagnostic = diagnostic.at(*place, "the label").at(link.places.name, "the revision");
            problems.push(diagnostic.help("write another label, or give the revision's file another slug"));
        }
    }
}

fn twice(name: &Name, first: (Mark, &Link, Span), again: (Mark, &Link, Span)) -> Diagnostic {
    let ((kind, one, place), (mark, two, span)) = (first, again);
    let names = (&one.revision.name, &two.revision.name);
    let (code, message, help) = match (kind, mark) {
        (Mark::Tag, Mark::Tag) | (Mark::Label, Mark::Label) => {
            let word = mark.word();
            let message = format!("`{}` and `{}` have the same {word} `{name}`", names.0, names.1);
            (mark.code(), message, format!("delete one of the two {word}s"))
        }
        (Mark::Tag, Mark::Label) | (Mark::Label, Mark::Tag) => {
            let message = format!(
                "`{name}` is a {} of `{}` and a {} of `{}`",
                kind.word(),
                names.0,
                mark.word(),
                names.1
            );
            (Mark::Label.code(), message, "delete one of the two".to_owned())
        }
    };
    Diagnostic::error(code, message).at(span, "again here").at(place, "first here").help(help)
}
