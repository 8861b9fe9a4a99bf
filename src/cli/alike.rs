//! Databases that stand at one place in the chain and know it by different revisions: what a script for all of them takes them
//! to have, and which of its parts is for which. No connection here.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::plan::Direction;
use crate::revision::{History, Link, RevisionId};
use crate::runner::jobs::reference;
use crate::runner::journal::{Completion, Event, RevisionRef};
use crate::runner::run::Job;
use crate::runner::run::script::{For, Group, Held};

/// What a script does about one revision.
pub(crate) trait Part {
    /// The revision.
    fn revision(&self) -> Option<&RevisionRef>;
    /// Whether the database has it afterwards.
    fn comes(&self) -> bool;
}

impl Part for Job {
    fn revision(&self) -> Option<&RevisionRef> {
        Some(&self.revision)
    }

    fn comes(&self) -> bool {
        self.direction == Direction::Up
    }
}

impl Part for Event {
    fn revision(&self) -> Option<&RevisionRef> {
        Self::revision(self)
    }

    fn comes(&self) -> bool {
        match self {
            Self::Completed { completion, .. } => {
                matches!(completion, Completion::Applied | Completion::Stamped)
            }
            Self::Part { .. } | Self::Purged => false,
        }
    }
}

/// The way of a script from one place to another.
#[derive(Debug, Clone)]
pub(crate) struct Way<P> {
    /// Its parts, in order, each with the databases that it is for.
    pub(crate) parts: Vec<(P, For)>,
    /// Where it leads, for people.
    pub(crate) target: Vec<RevisionId>,
    /// What a database has that is where the way begins; with several beginnings, what it has at each of them.
    pub(crate) held: Held,
    /// What keeps the script from being for some databases, in words.
    pub(crate) limits: Vec<String>,
}

impl<P> Way<P> {
    /// Whether databases differ in what it does for them.
    pub(crate) fn varies(&self) -> bool {
        self.parts.iter().any(|(_, on)| !on.others.is_empty())
    }
}

/// The ways to tell a chain, and a way along it.
pub(crate) struct Alike<'a> {
    /// The chain as it is.
    pub(crate) plain: &'a History,
    /// The other ways to tell it.
    pub(crate) others: &'a [History],
    /// The chain as a database knows it that begins with a checkpoint on this way.
    pub(crate) begun: Option<&'a History>,
    /// Where the way begins, and where it ends.
    pub(crate) way: (&'a [RevisionId], &'a [RevisionId]),
    /// Whether it is for every place between the two as well.
    pub(crate) between: bool,
}

/// The revisions that stand for each part.
type StandsFor<'l> = BTreeMap<RevisionId, Vec<&'l Link>>;

/// What is found out for one telling of the chain: its parts from the revisions that are applied, to a target.
type WorkOut<'w, P> =
    &'w dyn Fn(&History, &BTreeSet<RevisionId>, &[RevisionId]) -> Result<Vec<P>, Vec<Diagnostic>>;

impl Alike<'_> {
    /// The way with all its parts.
    ///
    /// # Errors
    /// Why it can't be gone by a database that has the revisions as they are in the chain.
    pub(crate) fn way<P: Part>(&self, work_out: WorkOut<'_, P>) -> Result<Way<P>, Vec<Diagnostic>> {
        let (start, end) = (self.plain.parts(self.way.0), self.plain.parts(self.way.1));
        let mut limits = Vec::new();
        let mut found: Vec<(P, &Link)> = Vec::new();
        let mut orders: Vec<Vec<RevisionId>> = Vec::new();
        // A new database begins with the checkpoint; another one at the same place isn't new.
        let begun = self.begun.filter(|_| start.is_empty());
        let first = match begun {
            Some(begun) if !self.between => begun,
            Some(_) | None => self.plain,
        };
        for telling in std::iter::once(first).chain(begun).chain(self.others) {
            let is_first = std::ptr::eq(telling, first);
            let (from, to) = (telling.made_of(&start), telling.made_of(&end));
            let to = telling.tips(&to);
            let is_whole = parts(telling, &from) == start && telling.parts(&to) == end;
            if !is_whole || (is_first && !found.is_empty()) {
                continue;
            }
            let works = match work_out(telling, &from, &to) {
                Ok(works) => works,
                Err(problems) if is_first => return Err(problems),
                Err(problems) => {
                    limits.extend(problems.into_iter().map(|problem| problem.message));
                    continue;
                }
            };
            let links = works.into_iter().filter_map(|part| Some((link(telling, &part)?, part)));
            let links: Vec<(&Link, P)> = links.collect();
            orders.push(links.iter().map(|(link, _)| link.revision.id).collect());
            for (link, part) in links {
                let is_known = found.iter().any(|(_, known)| known.revision.id == link.revision.id);
                let is_meant = is_first || !part.comes() || self.comes(link, begun);
                if !is_known && is_meant {
                    found.push((part, link));
                }
            }
        }
        self.sort(&mut found);
        for order in &orders {
            keep_in_order(order, &mut found, self.plain);
        }
        let allowed = self.allowed(&start, &end, &found);
        let mut stands_for: StandsFor<'_> = BTreeMap::new();
        for link in &allowed {
            link.parts().into_iter().for_each(|part| stands_for.entry(part).or_default().push(link));
        }
        let groups = match self.between {
            true => groups(self.plain, &start.intersection(&end).copied().collect(), &stands_for),
            false => groups(self.plain, &start, &stands_for),
        };
        let held = Held { groups, known: allowed.iter().map(|link| reference(link)).collect() };
        let new = begun.filter(|_| self.between);
        let parts = found.into_iter().map(|(part, link)| {
            let on = self.on(&part, link, &stands_for, new);
            (part, on)
        });
        Ok(Way { parts: parts.collect(), target: self.way.1.to_vec(), held, limits })
    }

    /// Whether a run would bring a revision that lies aside to a database: what is left of some that became one, or the
    /// checkpoint that a new one begins with.
    fn comes(&self, link: &Link, begun: Option<&History>) -> bool {
        let is_checkpoint = begun.is_some_and(|begun| begun.get(link.revision.id).is_some());
        self.between && (link.revision.replaces.is_empty() || is_checkpoint)
    }

    /// Puts parts in an order in which each telling's stand as in it: first back, then forth.
    fn sort<P: Part>(&self, found: &mut [(P, &Link)]) {
        let ranks = self.plain.ranks();
        let rank = |part: Option<&RevisionId>| part.and_then(|part| ranks.get(part)).copied();
        found.sort_by_key(|(part, link)| {
            let parts = link.parts();
            match part.comes() {
                false => (false, Reverse(rank(parts.last())), None, Reverse(0)),
                true => (true, Reverse(None), rank(parts.first()), Reverse(parts.len())),
            }
        });
    }

    /// The revisions that a database can have which the script is for.
    fn allowed<'l, P: Part>(
        &'l self,
        start: &BTreeSet<RevisionId>,
        end: &BTreeSet<RevisionId>,
        found: &[(P, &Link)],
    ) -> Vec<&'l Link> {
        let reach = if self.between { start | end } else { start.clone() };
        let goes = start - end;
        let mut ids = BTreeSet::new();
        let all = std::iter::once(self.plain).chain(self.begun).chain(self.others);
        let all = all.flat_map(History::links).filter(|link| ids.insert(link.revision.id));
        let is_allowed = |link: &&Link| {
            let parts: BTreeSet<RevisionId> = link.parts().into_iter().collect();
            let (is_going, is_staying) = (!parts.is_disjoint(&goes), !parts.is_disjoint(end));
            let can_go = || found.iter().any(|(_, known)| known.revision.id == link.revision.id);
            parts.is_subset(&reach) && (!is_going || (!is_staying && can_go()))
        };
        all.filter(is_allowed).collect()
    }

    /// Which databases a part is for.
    fn on<P: Part>(&self, part: &P, link: &Link, stands_for: &StandsFor<'_>, new: Option<&History>) -> For {
        let is_aside = self.plain.get(link.revision.id).is_none();
        let new = part.comes() && is_aside && new.is_some_and(|new| new.get(link.revision.id).is_some());
        if part.comes() && !self.between {
            return For { others: Vec::new(), new };
        }
        let mut ids = BTreeSet::from([link.revision.id]);
        let others = link.parts().into_iter().filter_map(|part| stands_for.get(&part)).flatten();
        let others = others.filter(|other| ids.insert(other.revision.id));
        For { others: others.map(|other| reference(other)).collect(), new }
    }
}

/// The single revisions that some of a telling stand for.
fn parts(telling: &History, ids: &BTreeSet<RevisionId>) -> BTreeSet<RevisionId> {
    ids.iter().filter_map(|id| telling.get(*id)).flat_map(Link::parts).collect()
}

fn link<'h, P: Part>(telling: &'h History, part: &P) -> Option<&'h Link> {
    telling.get(part.revision()?.id.parse().ok()?)
}

/// Leaves out what lies aside of a telling whose parts don't stand as they run there.
fn keep_in_order<P: Part>(order: &[RevisionId], found: &mut Vec<(P, &Link)>, plain: &History) {
    let at = |id: &RevisionId| found.iter().position(|(_, link)| link.revision.id == *id);
    if !order.iter().filter_map(at).is_sorted() {
        found.retain(|(_, link)| plain.get(link.revision.id).is_some() || !order.contains(&link.revision.id));
    }
}

/// What a database has that has all of these parts, each by a revision that can be there.
fn groups(plain: &History, all: &BTreeSet<RevisionId>, stands_for: &StandsFor<'_>) -> Vec<Group> {
    let ranks = plain.ranks();
    let mut order: Vec<RevisionId> = all.iter().copied().collect();
    order.sort_by_key(|part| ranks.get(part));
    // Parts that the same others stand for share a group.
    let mut groups: Vec<((bool, Vec<RevisionId>), Group)> = Vec::new();
    for part in order {
        let (own, coarse): (Vec<&Link>, Vec<&Link>) = match stands_for.get(&part).map(Vec::as_slice) {
            Some([one]) => (vec![*one], Vec::new()),
            Some(links) => links.iter().partition(|link| link.revision.id == part),
            None => (Vec::new(), Vec::new()),
        };
        // Where nothing but others can be there, that is another group.
        let key = (own.is_empty(), coarse.iter().map(|link| link.revision.id).collect());
        let at = groups.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            let or = coarse.iter().map(|link| reference(link)).collect();
            groups.push((key, Group { each: Vec::new(), or }));
            groups.len() - 1
        });
        let own = own.first().map(|link| reference(link));
        if let Some((_, group)) = groups.get_mut(at) {
            group.each.extend(own.filter(|own| group.each.last() != Some(own)));
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}
