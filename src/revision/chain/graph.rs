//! Puts revisions in order and finds what is wrong with the way they are linked.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{History, Link, marks};
use crate::diagnostic::{Diagnostic, near};
use crate::hash::{RevisionDigest, StateHash};
use crate::model::State;
use crate::revision::errors::{E420, E421, E422, E424, E425, E426, E445, E446};
use crate::revision::{Dependency, Parent, RevisionId, RevisionName};
use crate::snapshot;

impl History {
    /// Links revisions. `unread` are the names of files that are there but can't be understood: they are missed by
    /// nobody.
    ///
    /// # Errors
    /// Everything that is wrong with the links, in the order of the files.
    pub fn link(links: Vec<Link>, unread: &[RevisionName]) -> Result<Self, Vec<Diagnostic>> {
        Self::link_known(links, unread, None)
    }

    /// Links revisions that others may name by one which ends where one of them does, if the chain is told otherwise than it
    /// is: then their numbers are those of the chain as it is.
    ///
    /// # Errors
    /// As those of [`link`](Self::link).
    pub(super) fn link_known(
        links: Vec<Link>,
        unread: &[RevisionName],
        told: Option<&[Alias<'_>]>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let aliases = told.unwrap_or_default();
        let mut problems = report_both(&links);
        if !problems.is_empty() {
            // All else that is wrong comes of it.
            return Err(problems);
        }
        let names = names(&links, aliases);
        report_repeated(&links, &mut problems);
        marks::report(&links, &mut problems);
        let ids = ids(&links, aliases);
        let (mut parents, mut needs) = (Vec::with_capacity(links.len()), Vec::with_capacity(links.len()));
        for link in &links {
            let mut found = Vec::new();
            for (position, parent) in link.revision.parents.iter().enumerate() {
                match names.get(&parent.name).copied().map(|named| pinned(&links, aliases, named, parent)) {
                    Some(index) => found.push(index),
                    None if unread.contains(&parent.name) => {}
                    None => problems.push(missing_parent(link, position, parent, &links)),
                }
            }
            let mut all = found.clone();
            for (position, dependency) in link.revision.depends_on.iter().enumerate() {
                match ids.get(&dependency.id).copied() {
                    Some(index) => all.push(index),
                    None if unread.contains(&dependency.name) => {}
                    None => problems.push(missing_dependency(link, position, &links)),
                }
            }
            parents.push(found);
            needs.push(all);
        }
        let Some(order) = topological(&links, &needs) else {
            problems.extend(circles(&links, &needs));
            return Err(problems);
        };
        let is_numbered = unread.is_empty() && told.is_none();
        check_links((&links, aliases), &parents, &order, is_numbered, &mut problems);
        if problems.is_empty() { Ok(arrange(links, &needs, &order)) } else { Err(problems) }
    }
}

/// A revision by which others know one that stands in its place, since both end alike.
pub(super) struct Alias<'l> {
    /// The one that is known.
    pub(super) known: &'l Link,
    /// The one that is there.
    pub(super) id: RevisionId,
}

impl Alias<'_> {
    fn stands_for(&self, link: &Link, digest: RevisionDigest) -> bool {
        self.id == link.revision.id && self.known.digest == digest
    }
}

/// The revisions by their names, and by those under which children go on pinning them: that of the last of those that
/// they stand in place of, and of others that end there.
fn names(links: &[Link], aliases: &[Alias<'_>]) -> HashMap<RevisionName, usize> {
    let place = |id: RevisionId| links.iter().position(|link| link.revision.id == id);
    let known =
        aliases.iter().filter_map(|alias| Some((alias.known.revision.name.clone(), place(alias.id)?)));
    let mut names: HashMap<RevisionName, usize> = known.collect();
    let last = |link: &Link| link.revision.replaces.last().map(|last| last.name.clone());
    names.extend(links.iter().enumerate().filter_map(|(index, link)| Some((last(link)?, index))));
    names.extend(links.iter().enumerate().map(|(index, link)| (link.revision.name.clone(), index)));
    names
}

/// Finds revisions that are there although another stands in their place.
fn report_both(links: &[Link]) -> Vec<Diagnostic> {
    let own: HashMap<RevisionId, &Link> = links.iter().map(|link| (link.revision.id, link)).collect();
    let both = links.iter().flat_map(|link| {
        let there = link.revision.replaces.iter().filter_map(|part| own.get(&part.id));
        there.map(move |part| (link, *part))
    });
    both.map(|(link, part)| {
        let (name, old) = (&link.revision.name, &part.revision.name);
        let message = format!("`{name}` stands in place of `{old}`, which is still there");
        Diagnostic::error(&E446, message)
            .at(link.places.name, "stands in its place")
            .at(part.places.name, "still there")
            .help(format!("remove `{}`, of which `squash` has put a copy into `replaced`", part.path))
    })
    .collect()
}

/// Finds ids that stand for two revisions.
fn report_repeated(links: &[Link], problems: &mut Vec<Diagnostic>) {
    let mut ids = HashMap::new();
    for link in links {
        if let Some(first) = ids.insert(link.revision.id, link) {
            let (one, two) = (&first.revision.name, &link.revision.name);
            let message = format!("`{one}` and `{two}` have the same id `{}`", link.revision.id);
            let diagnostic = Diagnostic::error(&E421, message);
            let diagnostic = diagnostic.at(link.places.id, "again here").at(first.places.id, "first here");
            problems.push(diagnostic.help(
                "remove the older one if an amend or a rebase was cut off, or the copy if a file was copied",
            ));
        }
    }
}

/// The revision that is meant by a name which another one may have by now: the digest tells.
fn pinned(links: &[Link], aliases: &[Alias<'_>], named: usize, parent: &Parent) -> usize {
    if links[named].digest == parent.digest {
        return named;
    }
    let itself = links.iter().position(|link| link.digest == parent.digest);
    let known = |link: &Link| aliases.iter().any(|alias| alias.stands_for(link, parent.digest));
    itself.or_else(|| links.iter().position(known)).unwrap_or(named)
}

fn missing_parent(link: &Link, position: usize, parent: &Parent, links: &[Link]) -> Diagnostic {
    let Parent { name, digest, wins: _ } = parent;
    let message = format!("`{}` builds on `{name}`, which is not there", link.revision.name);
    let diagnostic = Diagnostic::error(&E420, message).at(link.places.parents[position], "");
    if let Some(renamed) = links.iter().find(|other| other.digest == *digest) {
        let new = &renamed.revision.name;
        return diagnostic.help(format!(
            "rename `{}` back to `{}`, it is the same revision",
            new.file(),
            name.file()
        ));
    }
    let others = links.iter().map(|other| &other.revision.name).filter(|other| **other != link.revision.name);
    match near(name.as_str(), others.map(RevisionName::as_str)) {
        Some(near) => {
            diagnostic.help(format!("write `{near}` if that is meant, or restore `{}`", name.file()))
        }
        None => diagnostic.help(format!("restore `{}` from version control", name.file())),
    }
}

/// The revisions by their ids, and by those of others that they stand in place of or end with.
fn ids(links: &[Link], aliases: &[Alias<'_>]) -> HashMap<RevisionId, usize> {
    let place = |id: RevisionId| links.iter().position(|link| link.revision.id == id);
    let known = aliases.iter().filter_map(|alias| Some((alias.known.revision.id, place(alias.id)?)));
    let parts = links
        .iter()
        .enumerate()
        .flat_map(|(index, link)| link.revision.replaces.iter().map(move |part| (part.id, index)));
    let own = links.iter().enumerate().map(|(index, link)| (link.revision.id, index));
    known.chain(parts).chain(own).collect()
}

fn missing_dependency(link: &Link, position: usize, links: &[Link]) -> Diagnostic {
    let Dependency { name, id } = &link.revision.depends_on[position];
    let message = format!("`{}` depends on `{name}` (`{id}`), which is not there", link.revision.name);
    let diagnostic = Diagnostic::error(&E445, message).at(link.places.depends_on[position], "");
    match links.iter().find(|other| other.revision.name == *name) {
        Some(other) => diagnostic.help(format!("write `id={}` if that one is meant", other.revision.id)),
        None => diagnostic.help(format!("restore `{}` from version control", name.file())),
    }
}

/// The order in which revisions run: what they need first, then the smaller depth, then the name. `None` when there is none.
fn topological(links: &[Link], parents: &[Vec<usize>]) -> Option<Vec<usize>> {
    let depths = depths(links, parents)?;
    let mut order: Vec<usize> = (0..links.len()).collect();
    order.sort_by_key(|index| (depths[*index], &links[*index].revision.name));
    Some(order)
}

/// How deep in the chain each revision stands, from 1. `None` when they run in circles.
fn depths(links: &[Link], parents: &[Vec<usize>]) -> Option<Vec<u32>> {
    let mut depths = vec![0; parents.len()];
    let mut waiting: Vec<usize> = parents.iter().map(Vec::len).collect();
    let mut ready: Vec<usize> = (0..parents.len()).filter(|index| waiting[*index] == 0).collect();
    let children = children(parents);
    let mut done = 0;
    while let Some(index) = ready.pop() {
        done += 1;
        let below: u32 = parents[index].iter().map(|parent| depths[*parent]).max().unwrap_or(0);
        depths[index] = below.saturating_add(height(&links[index]));
        for child in &children[index] {
            waiting[*child] -= 1;
            if waiting[*child] == 0 {
                ready.push(*child);
            }
        }
    }
    (done == parents.len()).then_some(depths)
}

/// How many numbers a revision takes: one, or those of all that it stands in place of.
fn height(link: &Link) -> u32 {
    match link.revision.replaces.as_slice() {
        [] => 1,
        [first, ..] => link.revision.name.number().saturating_sub(first.name.number()).saturating_add(1),
    }
}

fn children(parents: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut children = vec![Vec::new(); parents.len()];
    for (child, parents) in parents.iter().enumerate() {
        for parent in parents {
            children[*parent].push(child);
        }
    }
    children
}

/// One diagnostic for each circle.
fn circles(links: &[Link], parents: &[Vec<usize>]) -> Vec<Diagnostic> {
    let mut graph = petgraph::graph::DiGraph::<usize, ()>::new();
    let nodes: Vec<_> = (0..links.len()).map(|index| graph.add_node(index)).collect();
    for (child, parents) in parents.iter().enumerate() {
        for parent in parents {
            graph.add_edge(nodes[child], nodes[*parent], ());
        }
    }
    let mut found = Vec::new();
    for component in petgraph::algo::tarjan_scc(&graph) {
        let mut members: Vec<usize> = component.iter().map(|node| graph[*node]).collect();
        let builds_on_itself = |index: usize| parents[index].contains(&index);
        if members.len() == 1 && !members.iter().any(|index| builds_on_itself(*index)) {
            continue;
        }
        members.sort_by_key(|index| &links[*index].revision.name);
        let names: Vec<String> =
            members.iter().map(|index| format!("`{}`", links[*index].revision.name)).collect();
        let depends = members.iter().any(|index| !links[*index].revision.depends_on.is_empty());
        let message = match (names.as_slice(), depends) {
            ([one], false) => format!("{one} builds on itself"),
            ([one], true) => format!("{one} depends on itself"),
            (several, false) => format!("{} build on each other in a circle", several.join(", ")),
            (several, true) => format!("{} need each other in a circle", several.join(", ")),
        };
        let mut diagnostic = Diagnostic::error(&E422, message);
        for index in members {
            for (parent, place) in links[index].revision.parents.iter().zip(&links[index].places.parents) {
                if names.contains(&format!("`{}`", parent.name)) {
                    diagnostic = diagnostic.at(*place, "");
                }
            }
            for (needed, place) in
                links[index].revision.depends_on.iter().zip(&links[index].places.depends_on)
            {
                if names.contains(&format!("`{}`", needed.name)) {
                    diagnostic = diagnostic.at(*place, "depends on it");
                }
            }
        }
        let what = if depends { "parents or dependencies" } else { "parents" };
        found.push(
            diagnostic.help(format!("restore the files from version control, or correct one of the {what}")),
        );
    }
    found
}

/// Checks what each revision says of its parents: digest, depth, state.
fn check_links(
    (links, aliases): (&[Link], &[Alias<'_>]),
    parents: &[Vec<usize>],
    order: &[usize],
    is_numbered: bool,
    problems: &mut Vec<Diagnostic>,
) {
    let mut depths: BTreeMap<usize, u32> = BTreeMap::new();
    let empty = snapshot::hash(&State::default());
    for index in order.iter().copied() {
        let link = &links[index];
        let below = parents[index].iter().map(|parent| depths[parent]).max().unwrap_or(0);
        let depth = below.saturating_add(height(link));
        depths.insert(index, depth);
        if parents[index].len() < link.revision.parents.len() {
            // A parent is missing or unread, which is reported elsewhere.
            depths.insert(index, link.revision.name.number());
            continue;
        }
        if link.revision.name.number() != depth && is_numbered {
            problems.push(wrong_number(link, depth));
        }
        for (position, parent) in parents[index].iter().enumerate() {
            let Link { revision, digest, .. } = &links[*parent];
            let pinned = link.revision.parents[position].digest;
            let replaced = revision.replaces.last().is_some_and(|last| last.digest == pinned);
            let known = aliases.iter().any(|alias| alias.stands_for(&links[*parent], pinned));
            if *digest != pinned && !replaced && !known {
                problems.push(edited_parent(link, position, &links[*parent]));
            }
        }
        match parents[index].as_slice() {
            [] if link.revision.from != empty && link.revision.depends_on.is_empty() => {
                problems.push(wrong_start(link, None, empty))
            }
            // What several lead to together only a replay can tell.
            _ if !link.revision.depends_on.is_empty() => {}
            [parent] if link.revision.from != links[*parent].revision.to => {
                problems.push(wrong_start(link, Some(&links[*parent]), links[*parent].revision.to));
            }
            _ => {}
        }
    }
}

fn wrong_number(link: &Link, depth: u32) -> Diagnostic {
    let name = &link.revision.name;
    let message = format!("`{name}` is number {depth} in the chain, not {}", name.number());
    let right = RevisionName::new(depth, name.slug());
    Diagnostic::error(&E425, message)
        .at(link.places.name, "")
        .help(format!("rename it to `{right}`, in the file, in the file's name and in its children"))
}

fn edited_parent(link: &Link, position: usize, parent: &Link) -> Diagnostic {
    let (name, changed) = (&link.revision.name, &parent.revision.name);
    let message = format!("`{changed}` was changed after `{name}` had built on it");
    Diagnostic::error(&E424, message)
        .at(
            link.places.parents[position],
            format!("it was `{}` then", link.revision.parents[position].digest),
        )
        .at(parent.places.name, format!("it is `{}` now", parent.digest))
        .help(format!(
            "run `git checkout -- {}` or take the change back otherwise, and put it into a new revision",
            parent.path
        ))
}

fn wrong_start(link: &Link, parent: Option<&Link>, expected: StateHash) -> Diagnostic {
    let name = &link.revision.name;
    match parent {
        Some(parent) => {
            let message =
                format!("`{name}` does not start from the state that `{}` leads to", parent.revision.name);
            Diagnostic::error(&E426, message)
                .at(link.places.from, "starts from this state")
                .at(parent.places.to, "leads to this state")
                .help("restore the two files from version control")
        }
        None => {
            let message = format!("`{name}` is the first revision and does not start from the empty state");
            Diagnostic::error(&E426, message)
                .at(link.places.from, "")
                .help(format!("write `from \"{expected}\"`, or restore the revision that it built on"))
        }
    }
}

fn arrange(links: Vec<Link>, needs: &[Vec<usize>], order: &[usize]) -> History {
    let mut places = vec![0; order.len()];
    for (place, index) in order.iter().enumerate() {
        places[*index] = place;
    }
    let moved = |index: &usize| needs[*index].iter().map(|parent| places[*parent]).collect::<Vec<_>>();
    let needs: Vec<Vec<usize>> = order.iter().map(moved).collect();
    let mut links: Vec<Option<Link>> = links.into_iter().map(Some).collect();
    let links: Vec<Link> = order.iter().filter_map(|index| links[*index].take()).collect();
    let ids = links.iter().enumerate().map(|(index, link)| (link.revision.id, index)).collect();
    History { needed_by: children(&needs), links, needs, ids, inner: BTreeSet::new() }
}
