//! Many revisions as one: its operations are found from the states, its hooks are those of the many, in their order. The
//! one names those that it stands in place of, and goes on where they ended, so that what builds on them needs no change.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::chain::{History, Link};
use super::errors::{E440, E441, E442, E447};
use super::{Parent, Replaced, Revision, RevisionId, RevisionName};
use crate::change::{Down, Hook, Op, Script, ScriptText, Step, replay};
use crate::diagnostic::{Diagnostic, Sources, Span, near};
use crate::diff;
use crate::hash::StateHash;
use crate::model::State;
use crate::name::Name;
use crate::snapshot;

/// A hook of one of the many revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The revision.
    pub revision: RevisionName,
    /// The hook.
    pub hook: Name,
}

/// Many revisions as one.
#[derive(Debug, Clone)]
pub struct Squashed {
    /// The one.
    pub revision: Revision,
    /// The many.
    pub range: Vec<RevisionId>,
    /// The hooks that it has.
    pub kept: Vec<Moved>,
    /// The hooks that were left out on request.
    pub dropped: Vec<Moved>,
}

impl History {
    /// The revisions between two places as one. `drop` names hooks to leave out: `NAME`, `REVISION/NAME` or `all`.
    ///
    /// # Errors
    /// `E440` when a branch leads into the range or out of it, `E441` when there is no such hook, and what a replay finds.
    pub fn squash(
        &self,
        from: &[RevisionId],
        to: RevisionId,
        drop: &[String],
        message: &str,
        created: Timestamp,
    ) -> Result<Squashed, Diagnostic> {
        let links = self.row(from, to)?;
        let (Some(first), Some(last)) = (links.first(), links.last()) else {
            return Err(Diagnostic::error(&E440, "there are no revisions in this range".to_owned())
                .help("name it as `FROM..TO`; `schemactl log` lists the revisions"));
        };
        let start = self.state_at(from)?;
        let mut row = Row::new(&start, drop);
        let mut applied: BTreeSet<RevisionId> =
            self.ancestors(from.iter().copied()).iter().map(|link| link.revision.id).collect();
        for link in &links {
            // Behind another branch a revision does what it would do on a database that has that one.
            row.take(link, &self.steps_on(link, &applied)?)?;
            applied.insert(link.revision.id);
        }
        let Row { steps, kept, dropped, .. } = row.finish()?;
        let (begin, end) = (first.revision.from, last.revision.to);
        let mut reached = start;
        let replayed = replay(&mut reached, crate::change::ops(&steps)).map_err(|(_, why)| why.to_string());
        if replayed.is_err() || snapshot::hash(&reached) != end {
            let why = replayed.err().unwrap_or_else(|| "they lead to another state".to_owned());
            return Err(Diagnostic::error(
                &E442,
                format!("the steps of the squashed revision don't hold: {why}"),
            )
            .help("report it with the revisions"));
        }
        let revision = Revision {
            name: RevisionName::new(last.revision.name.number(), message),
            id: self.free_id(&first.revision.parents, end, message, created),
            replaces: links.iter().flat_map(|link| replaced(link)).collect(),
            parents: first.revision.parents.clone(),
            // Whatever else begins there needs the same.
            depends_on: first.revision.depends_on.clone(),
            from: begin,
            to: end,
            message: message.into(),
            created: Timestamp::from_second(created.as_second()).unwrap_or(created),
            tags: last.revision.tags.clone(),
            labels: links.iter().flat_map(|link| link.revision.labels.iter().cloned()).collect(),
            steps,
        };
        let range = links.iter().map(|link| link.revision.id).collect();
        Ok(Squashed { revision, range, kept, dropped })
    }

    /// The chain with one revision in place of many. `aside` are those that lie aside already.
    ///
    /// # Errors
    /// `E447` when its name is taken, a revision builds on one that is squashed already, or a tag would name nothing any more;
    /// otherwise what is wrong with the chain, as it is or as databases know it.
    pub fn squashed(
        &self,
        folder: &str,
        Squashed { revision, range, kept: _, dropped: _ }: &Squashed,
        mut aside: Vec<Link>,
        sources: &mut Sources,
    ) -> Result<Self, Vec<Diagnostic>> {
        if let Some(link) = self.by_name(&revision.name) {
            let message = format!("`{}` is there already", revision.name);
            let diagnostic = Diagnostic::error(&E447, message).at(link.places.name, "");
            return Err(vec![diagnostic.help("choose another message: `schemactl squash -m TEXT`")]);
        }
        let called = self.message_taken(&revision.message, &revision.labels);
        let kept = || range.last().and_then(|last| self.kept_by(*last));
        if let Some(problem) = called.or_else(kept) {
            return Err(vec![problem]);
        }
        let lost = self.tags_within(range);
        if !lost.is_empty() {
            return Err(lost);
        }
        let (old, mut links): (Vec<Link>, Vec<Link>) =
            self.links().iter().cloned().partition(|link| range.contains(&link.revision.id));
        links.push(Link::unwritten(folder, revision, sources)?);
        let chain = Self::link(links, &[])?;
        aside.extend(old);
        chain.tellings(&aside)?;
        Ok(chain)
    }

    /// What keeps a squashed revision from being squashed with others: that one builds on it, and not on the last of those
    /// whose place it has taken, by which alone it is known afterwards.
    fn kept_by(&self, last: RevisionId) -> Option<Diagnostic> {
        let link = self.get(last).filter(|link| !link.revision.replaces.is_empty())?;
        let child = self.needed_by(last).find(|child| {
            let Revision { parents, depends_on, .. } = &child.revision;
            parents.iter().any(|parent| parent.digest == link.digest)
                || depends_on.iter().any(|needed| needed.id == last)
        })?;
        let (name, child_name) = (&link.revision.name, &child.revision.name);
        let message = format!("`{child_name}` builds on `{name}`, which stands in place of others itself");
        let help = format!("end the range behind `{child_name}`, or before `{name}`");
        Some(Diagnostic::error(&E447, message).at(child.places.name, "not in the range").help(help))
    }

    /// The tags of places that the chain would have no longer: that of the last of the many goes on as that of the one.
    fn tags_within(&self, range: &[RevisionId]) -> Vec<Diagnostic> {
        let Some((last, inner)) = range.split_last() else { return Vec::new() };
        let end = self.get(*last).map_or("REVISION", |link| link.revision.name.as_str());
        let links = inner.iter().filter_map(|id| self.get(*id));
        let tagged = links.flat_map(|link| {
            link.revision.tags.iter().zip(&link.places.tags).map(move |(tag, place)| (link, tag, place))
        });
        let problem = |(link, tag, place): (&Link, &Name, &Span)| {
            let name = &link.revision.name;
            let message =
                format!("the tag `{tag}` names `{name}`, which is a place within the squashed revision");
            Diagnostic::error(&E447, message).at(*place, "in the range").help(format!(
                "end a range at `{name}`, move the tag with `schemactl tag {tag} {end} --move`, or delete it with \
                 `schemactl tag --delete {tag}`"
            ))
        };
        tagged.map(problem).collect()
    }

    /// An id that no revision has: one that stands for a first revision alone would have its id, were both written in one
    /// second.
    fn free_id(&self, parents: &[Parent], to: StateHash, message: &str, created: Timestamp) -> RevisionId {
        let derive = |text: &str| RevisionId::derive(parents, to, text, created);
        let others = (2..).map(|number| derive(&format!("{message} {number}")));
        let mut ids = std::iter::once(derive(message)).chain(others);
        ids.find(|id| self.get(*id).is_none()).unwrap_or_else(|| derive(message))
    }

    /// The revisions behind one place, up to and with another, if all branches between them begin and end there.
    fn row(&self, from: &[RevisionId], to: RevisionId) -> Result<Vec<&Link>, Diagnostic> {
        let before: BTreeSet<RevisionId> =
            self.ancestors(from.iter().copied()).iter().map(|link| link.revision.id).collect();
        let links = self.missing(&[to], &before);
        let range: BTreeSet<RevisionId> = links.iter().map(|link| link.revision.id).collect();
        for link in &links {
            let id = link.revision.id;
            let parents: BTreeSet<RevisionId> = self.needs(id).map(|parent| parent.revision.id).collect();
            let begins = parents == from.iter().copied().collect();
            let is_within = parents.is_subset(&range) && !parents.is_empty();
            if !begins && !is_within {
                let message = format!("`{}` is on a branch that begins before the range", link.revision.name);
                let diagnostic = Diagnostic::error(&E440, message).at(link.places.name, "");
                return Err(diagnostic.help("begin the range where the branches part, or behind their merge"));
            }
            let outside = self.needed_by(id).find(|child| !range.contains(&child.revision.id));
            if let Some(child) = outside.filter(|_| id != to) {
                let name = &link.revision.name;
                let message = format!("`{}` builds on `{name}`, within the range", child.revision.name);
                let diagnostic = Diagnostic::error(&E440, message).at(child.places.name, "not in the range");
                return Err(diagnostic
                    .help(format!("join the branches with `schemactl merge`, or squash up to `{name}`")));
            }
        }
        Ok(links)
    }
}

/// What stands for a revision where another takes its place: itself, or those whose place it has taken.
fn replaced(link: &Link) -> Vec<Replaced> {
    let Revision { name, id, replaces, .. } = &link.revision;
    match replaces.as_slice() {
        [] => vec![Replaced { name: name.clone(), id: *id, digest: link.digest }],
        parts => parts.to_vec(),
    }
}

/// Steps in the making: operations are gathered until a hook stands behind them.
struct Row<'d> {
    drop: &'d [String],
    used: BTreeSet<&'d str>,
    state: State,
    ops: Vec<Op>,
    steps: Vec<Step>,
    kept: Vec<Moved>,
    dropped: Vec<Moved>,
}

impl<'d> Row<'d> {
    fn new(start: &State, drop: &'d [String]) -> Self {
        Self {
            drop,
            used: BTreeSet::new(),
            state: start.clone(),
            ops: Vec::new(),
            steps: Vec::new(),
            kept: Vec::new(),
            dropped: Vec::new(),
        }
    }

    fn take(&mut self, link: &Link, steps: &[Step]) -> Result<(), Diagnostic> {
        for step in steps {
            match step {
                Step::Op(op) => self.ops.push(op.clone()),
                Step::Hook(hook) => {
                    let moved = Moved { revision: link.revision.name.clone(), hook: hook.name.clone() };
                    let qualified = format!("{}/{}", moved.revision, moved.hook);
                    let names = [qualified.as_str(), moved.hook.as_str(), "all"];
                    let found = self.drop.iter().find(|word| names.contains(&word.as_str()));
                    match found {
                        Some(word) => {
                            self.used.insert(word);
                            self.dropped.push(moved);
                        }
                        None => {
                            self.flush()?;
                            self.steps.push(Step::Hook(self.renamed(hook)));
                            self.kept.push(moved);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Puts the operations since the last hook into the steps, as few as they come to.
    fn flush(&mut self) -> Result<(), Diagnostic> {
        let ops = diff::condense(&self.state, &std::mem::take(&mut self.ops));
        replay(&mut self.state, &ops).map_err(|(_, why)| {
            Diagnostic::error(&E442, format!("a step does not fit: {why}")).help("run `schemactl verify`")
        })?;
        self.steps.extend(ops.into_iter().map(Step::Op));
        Ok(())
    }

    /// The hook under a name that no other has, with its SQL in the revision itself.
    fn renamed(&self, hook: &Hook) -> Hook {
        let is_taken = |name: &str| {
            self.steps.iter().any(|step| matches!(step, Step::Hook(other) if other.name.as_str() == name))
        };
        let numbered = (2..).map(|number| format!("{}-{number}", hook.name));
        let mut names = std::iter::once(hook.name.to_string()).chain(numbered);
        let free = names.find(|name| !is_taken(name)).and_then(|name| Name::new(&name).ok());
        let inline = |script: &Script| match script {
            Script::Text(ScriptText { sql, file: _ }) => {
                Script::Text(ScriptText { sql: sql.clone(), file: None })
            }
            Script::Unfilled | Script::Nothing => script.clone(),
        };
        let down = match &hook.down {
            Down::Script(script) => Down::Script(inline(script)),
            Down::Irreversible { reason: _ } => hook.down.clone(),
        };
        let name = free.unwrap_or_else(|| hook.name.clone());
        Hook { name, up: inline(&hook.up), down, ..hook.clone() }
    }

    fn finish(mut self) -> Result<Self, Diagnostic> {
        self.flush()?;
        let unused = self.drop.iter().find(|word| !self.used.contains(word.as_str()));
        if let Some(word) = unused {
            let names = || self.kept.iter().map(|moved| moved.hook.as_str());
            let help = match near(word, names()) {
                Some(near) => format!("write `{near}` if that is meant"),
                None if self.kept.is_empty() => "leave the option out".to_owned(),
                None => format!("use some of `{}`", names().collect::<Vec<_>>().join("`, `")),
            };
            return Err(Diagnostic::error(&E441, format!("the range has no hook `{word}`")).help(help));
        }
        Ok(self)
    }
}
