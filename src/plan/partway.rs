//! A revision of which only a part has run, where each statement commits by itself: the state that it stopped in, and
//! the steps that lead there, so that they can be undone.

use std::collections::BTreeSet;

use super::errors::E505;
use super::lower::{in_direction, lower};
use super::touched::leave;
use super::{Direction, Segment, Task, Work};
use crate::change::{Edit, Op, Seen, Site, Step, TableEdit};
use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, Effect, Version};
use crate::diff::diff;
use crate::model::{Rename, State, Table};
use crate::name::{Name, ObjectName};

/// How far a revision came.
#[derive(Debug, Clone)]
pub struct Partway {
    /// What leads from its start to where it is, as the dialect sees it.
    pub steps: Vec<Step>,
    /// The place in the revision of each of them, as far as it is one of its own, or the half of one.
    pub places: Vec<Option<usize>>,
    /// The state that it is in, as the dialect sees it.
    pub state: State,
}

impl Partway {
    /// After so many of its segments, of how it runs at the site. `start` is the state that it began in.
    ///
    /// # Errors
    /// E505: what has run doesn't lead anywhere without what has not.
    pub fn after(
        done: usize,
        (segments, steps, direction): (&[Segment], &[Step], Direction),
        (start, site): (&State, Site<'_>),
        dialect: &dyn Dialect,
    ) -> Result<Self, Diagnostic> {
        let ran = Ran::new(segments, done);
        let mut seen = Seen::new(&site.state(start), dialect.name());
        let mut along: Vec<(Option<usize>, Step)> = Vec::new();
        let steps = in_direction(steps, direction);
        let last = steps.iter().rposition(|(place, _)| ran.is_whole(*place));
        let open = steps.iter().position(|(place, _)| ran.served.contains(place) && !ran.is_whole(*place));
        let is_rename = |step: &Step| matches!(step, Step::Op(Op::Column { edit: Edit::Rename { .. }, .. }));
        let renames = steps.iter().filter(|(_, step)| is_rename(step)).map(|(place, _)| *place).collect();
        for (position, (place, step)) in steps.into_iter().enumerate() {
            // What has no statement is done when something behind it is as a whole, or all before it: a statement before it
            // may have done it along, as a rename does with what speaks of the name.
            let is_passed =
                last.is_some_and(|last| position < last) || open.is_none_or(|open| position < open);
            let silent = !ran.served.contains(&place) && !ran.done.is_empty() && is_passed;
            let is_whole = ran.is_whole(place) || silent;
            match step {
                Step::Hook(_) if !is_whole => {}
                Step::Hook(hook) => along.push((Some(place), Step::Hook(site.hook(&hook).into_owned()))),
                Step::Op(op) => {
                    let op = if is_whole { Some(op) } else { ran.first_half(place, op, seen.state()) };
                    let Some(op) = op.and_then(|op| site.op(op)) else { continue };
                    // Of several that are half done one has taken it away.
                    let fits = |op: &Op| op.apply(&mut seen.state().clone()).is_ok();
                    if (!is_whole || ran.has_dropped(&op)) && !seen.ops(&op).iter().all(fits) {
                        continue;
                    }
                    let followed = match &op {
                        // A view that is replaced comes behind all else.
                        Op::Table(TableEdit::Drop(_)) | Op::View(Edit::Drop(_)) => {
                            seen.follow_below_views(&op)
                        }
                        _ => seen.follow(&op),
                    };
                    let ops = followed.map_err(|why| apart(&format!("{}: {why}", op.describe())))?;
                    along.extend(ops.into_iter().map(|op| (Some(place), Step::Op(op))));
                }
            }
        }
        let mut state = seen.into_state();
        let before = state.clone();
        let halves = ran.halves(&renames);
        halves.iter().for_each(|effect| leave(&mut state, effect));
        if state != before {
            let renamed = halves.iter().filter_map(|effect| effect.renamed_table());
            let rename =
                |(from, to): (&ObjectName, &ObjectName)| Rename::Table { from: from.clone(), to: to.clone() };
            let renames: Vec<Rename> = renamed.map(rename).collect();
            let ops = diff(&before, &state, &renames).map_err(|why| apart(&why.to_string()))?;
            // Of several operations that are half done nothing tells which of them it is.
            let place = ran.half_done();
            along.extend(ops.into_iter().map(|op| (place, Step::Op(op))));
        }
        let (places, steps) = along.into_iter().unzip();
        Ok(Self { steps, places, state })
    }

    /// What leads back to where the revision began, in the words of these steps.
    ///
    /// # Errors
    /// See [`lower`].
    pub fn back(&self, dialect: &dyn Dialect, version: Version) -> Result<Vec<Segment>, Vec<Diagnostic>> {
        lower(&self.steps, &self.state, Direction::Down, dialect, version)
    }
}

/// The work that has run, and the steps that it served.
struct Ran<'a> {
    work: Vec<&'a Work>,
    /// Whether there is work that has not run.
    is_cut: bool,
    /// The steps that any work serves.
    served: BTreeSet<usize>,
    /// Those that some of the work that has run served.
    done: BTreeSet<usize>,
    /// Those of them that more work serves, which has not run.
    open: BTreeSet<usize>,
}

impl<'a> Ran<'a> {
    fn new(segments: &'a [Segment], done: usize) -> Self {
        let places = |segments: &[Segment]| -> BTreeSet<usize> {
            segments.iter().flat_map(|part| &part.work).flat_map(|work| &work.steps).copied().collect()
        };
        let (ran, left) = segments.split_at(done.min(segments.len()));
        let is_cut = !left.is_empty();
        let (done, left) = (places(ran), places(left));
        let open = done.intersection(&left).copied().collect();
        let served = done.union(&left).copied().collect();
        Self { work: ran.iter().flat_map(|segment| &segment.work).collect(), is_cut, served, done, open }
    }

    /// Whether a step is done, or as good as done: what only transactions know of is not taken apart.
    fn is_whole(&self, place: usize) -> bool {
        let of_it = |work: &&&Work| work.steps.contains(&place);
        self.done.contains(&place)
            && (!self.open.contains(&place)
                || self.work.iter().filter(of_it).any(|work| effect(work).is_none()))
    }

    /// The half that has run of an operation: of one that takes a part of a table away and makes another of it, since others
    /// may rest on that it is gone; and the name of a column, whose values would else be taken for those of another.
    fn first_half(&self, place: usize, op: Op, state: &State) -> Option<Op> {
        if !self.done.contains(&place) {
            return None;
        }
        let name = op.table()?.clone();
        let now = self.now(&name)?;
        match op {
            Op::Column { table, edit: Edit::Rename { from, to } }
                if self.renames_column(place, &from, &to) =>
            {
                Some(Op::Column { table, edit: Edit::Rename { from, to } })
            }
            Op::PrimaryKey { table, edit: Edit::Alter { from, .. } } if now.primary_key.is_none() => {
                Some(Op::PrimaryKey { table, edit: Edit::Drop(from) })
            }
            Op::Unique { table, edit: Edit::Alter { from, .. } } if !now.uniques.contains(&from.name) => {
                Some(Op::Unique { table, edit: Edit::Drop(from) })
            }
            Op::ForeignKey { table, edit: Edit::Alter { from, .. } }
                if !now.foreign_keys.contains(&from.name) =>
            {
                Some(Op::ForeignKey { table, edit: Edit::Drop(from) })
            }
            Op::Check { table, edit: Edit::Alter { from, .. } } if !now.checks.contains(&from.name) => {
                Some(Op::Check { table, edit: Edit::Drop(from) })
            }
            Op::Index { table, edit: Edit::Alter { from, .. } } if !now.indexes.contains(&from.name) => {
                Some(Op::Index { table, edit: Edit::Drop(from) })
            }
            Op::ForeignKey { table, edit: Edit::Rename { from, to } }
                if ![&from, &to].iter().any(|name| now.foreign_keys.contains(*name)) =>
            {
                let known = state.tables.get(&name)?.foreign_keys.get(&from)?.clone();
                Some(Op::ForeignKey { table, edit: Edit::Drop(Box::new(known)) })
            }
            Op::Check { table, edit: Edit::Rename { from, to } }
                if ![&from, &to].iter().any(|name| now.checks.contains(*name)) =>
            {
                let known = state.tables.get(&name)?.checks.get(&from)?.clone();
                Some(Op::Check { table, edit: Edit::Drop(Box::new(known)) })
            }
            _ => None,
        }
    }

    /// The table behind all that has run.
    fn now(&self, name: &ObjectName) -> Option<&'a Table> {
        let effects = self.work.iter().rev().filter_map(|work| effect(work));
        effects.filter_map(|effect| effect.after.tables.get(name)).next()
    }

    /// Whether what an operation drops is not there, be it because half of giving it another name has run.
    fn has_dropped(&self, op: &Op) -> bool {
        match op {
            Op::ForeignKey { table, edit: Edit::Drop(key) } => {
                self.now(table).is_some_and(|now| !now.foreign_keys.contains(&key.name))
            }
            Op::Check { table, edit: Edit::Drop(check) } => {
                self.now(table).is_some_and(|now| !now.checks.contains(&check.name))
            }
            _ => false,
        }
    }

    /// Whether a statement of a step gave a column its other name.
    fn renames_column(&self, place: usize, from: &Name, to: &Name) -> bool {
        let of_it = self.work.iter().filter(|work| work.steps.contains(&place));
        of_it.filter_map(|work| effect(work)).any(|Effect { before, after }| {
            before.tables.iter().any(|table| {
                let Some(after) = after.tables.get(&table.name) else { return false };
                table.columns.contains(from) && after.columns.contains(to) && !after.columns.contains(from)
            })
        })
    }

    /// The step that is half done, if it is one alone.
    fn half_done(&self) -> Option<usize> {
        let mut half = self.open.iter().copied();
        half.next().filter(|_| half.next().is_none())
    }

    /// What the statements did to objects that steps of which others have not run left as they are: a step that counts
    /// as whole may have its last statements before it. Expressions follow the rename of a column at once, and the steps that
    /// say so come behind all renames.
    fn halves(&self, renames: &BTreeSet<usize>) -> Vec<&'a Effect> {
        let is_half = |place: &usize| self.open.contains(place) || (self.is_cut && renames.contains(place));
        let is_half = |work: &&&Work| work.steps.iter().any(is_half);
        let half = self.work.iter().filter(is_half).filter_map(|work| effect(work));
        let mut names: BTreeSet<&ObjectName> = half.flat_map(objects).collect();
        let all = self.work.iter().filter_map(|work| effect(work));
        loop {
            let touches = |effect: &&Effect| objects(effect).any(|name| names.contains(name));
            let halves: Vec<&Effect> = all.clone().filter(touches).collect();
            let known = names.len();
            // What had one of these names may go on under another.
            names.extend(halves.iter().flat_map(|effect| objects(effect)));
            if names.len() == known {
                return halves;
            }
        }
    }
}

/// The objects that a statement makes, changes or drops; enums are there for what they are in columns.
fn objects(Effect { before, after }: &Effect) -> impl Iterator<Item = &ObjectName> {
    [before, after]
        .into_iter()
        .flat_map(|state| state.tables.keys().chain(state.views.keys()).chain(state.objects.keys()))
}

/// What a piece of work does to the schema, where that is known.
pub fn effect(work: &Work) -> Option<&Effect> {
    match &work.task {
        Task::Statement(statement) => statement.effect.as_deref(),
        Task::Rebuild(_) | Task::Hook(_) => None,
    }
}

fn apart(why: &str) -> Diagnostic {
    let message = format!("what has run of the revision can't be told from what has not: {why}");
    Diagnostic::error(&E505, message).help("finish it with `schemactl apply`, then roll it back")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{Down, Hook, Line, Script};
    use crate::dialect::{Class, Statement, Transaction, all};
    use crate::model::{Column, Portable, Type};
    use crate::name::Name;
    use crate::plan::HookTask;

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    /// A state of tables, each with its columns: `a.x a.y b`.
    fn state(text: &str) -> State {
        let mut state = State::default();
        for word in text.split_whitespace() {
            let (table, column) = word.split_once('.').map_or((word, None), |(table, of)| (table, Some(of)));
            let table = ObjectName::unqualified(name(table));
            if !state.tables.contains(&table) {
                state.tables.replace(Table::new(table.clone()));
            }
            let table = state.tables.get_mut(&table).unwrap();
            column.map(|column| table.columns.replace(self::column(column)));
        }
        state
    }

    fn column(text: &str) -> Column {
        Column::new(name(text), Type::Portable(Portable::Int))
    }

    fn segment(work: Work) -> Segment {
        Segment { transactional: !matches!(work.task, Task::Statement(_)), work: vec![work] }
    }

    fn statement(steps: &[usize], before: &str, after: &str) -> Segment {
        let task = Task::Statement(Statement {
            sql: format!("{before} -> {after}"),
            ops: Vec::new(),
            class: Class::Metadata,
            hazards: Vec::new(),
            guards: Vec::new(),
            carry: None,
            transaction: Transaction::Outside,
            effect: Some(Box::new(Effect { before: state(before), after: state(after) })),
        });
        segment(Work { steps: steps.to_vec(), hazards: Vec::new(), task })
    }

    fn add(table: &str, column: &str) -> Step {
        let table = ObjectName::unqualified(name(table));
        Step::Op(Op::Column { table, edit: Edit::Create(Box::new(self::column(column))) })
    }

    /// What leads to where it is after so many statements, and where that is.
    fn after(done: usize, steps: &[Step], segments: &[Segment], start: &str) -> (Vec<String>, State) {
        let dialect = *all().first().unwrap();
        let partway =
            Partway::after(done, (segments, steps, Direction::Up), (&state(start), Site::Any), dialect)
                .unwrap();
        let words = partway.steps.iter().zip(&partway.places).map(|(step, place)| {
            let place = place.map_or("-".to_owned(), |place| place.to_string());
            match step {
                Step::Op(op) => {
                    let Line { sign, kind, subject, detail: _ } = op.describe();
                    format!("{place} {sign:?} {kind} {subject}")
                }
                Step::Hook(hook) => format!("{place} hook {}", hook.name),
            }
        });
        (words.collect(), partway.state)
    }

    #[test]
    fn what_is_done_is_told_by_its_statements() {
        // Two columns of one table in one statement, although another table comes between them.
        let steps = [add("a", "x"), add("b", "y"), add("a", "z")];
        let segments = [statement(&[0, 2], "a", "a.x a.z"), statement(&[1], "b", "b.y")];
        assert_eq!(after(0, &steps, &segments, "a b"), (vec![], state("a b")));
        let (words, reached) = after(1, &steps, &segments, "a b");
        assert_eq!(words, ["0 Create column a.x", "2 Create column a.z"]);
        assert_eq!(reached, state("a.x a.z b"));
        assert_eq!(after(2, &steps, &segments, "a b").1, state("a.x a.z b.y"));
    }

    #[test]
    fn half_an_operation_is_told_by_what_its_statements_did() {
        let table = state("c.x c.y").tables.iter().next().unwrap().clone();
        let steps = [add("a", "x"), Step::Op(Op::Table(TableEdit::Create(Box::new(table))))];
        let segments =
            [statement(&[0], "a", "a.x"), statement(&[1], "", "c.x"), statement(&[1], "c.x", "c.x c.y")];
        let (words, reached) = after(2, &steps, &segments, "a");
        assert_eq!(words, ["0 Create column a.x", "1 Create table c"]);
        assert_eq!(reached, state("a.x c.x"));
        assert_eq!(after(3, &steps, &segments, "a").0, ["0 Create column a.x", "1 Create table c"]);
    }

    #[test]
    fn a_table_that_got_its_name_is_not_dropped() {
        let (from, to) = (ObjectName::unqualified(name("a")), ObjectName::unqualified(name("b")));
        let steps = [Step::Op(Op::Table(TableEdit::Rename { from, to }))];
        let segments = [statement(&[0], "a.x", "b.x"), statement(&[0], "b.x", "b.x")];
        assert_eq!(after(1, &steps, &segments, "a.x").0, ["0 Rename table a"]);
    }

    #[test]
    fn hooks_are_done_in_their_turn() {
        let hook = Hook {
            name: name("fill"),
            only: None,
            only_env: Vec::new(),
            up: Script::Nothing,
            down: Down::Script(Script::Nothing),
            before: Vec::new(),
            expect: Vec::new(),
            after: Vec::new(),
        };
        let steps = [add("a", "x"), Step::Hook(hook), add("a", "y")];
        let task = HookTask {
            name: name("fill"),
            only_env: Vec::new(),
            before: Vec::new(),
            statements: vec!["UPDATE a SET x = 1".to_owned()],
            after: Vec::new(),
        };
        let hooked = segment(Work { steps: vec![1], hazards: Vec::new(), task: Task::Hook(task) });
        let segments = [statement(&[0], "a", "a.x"), hooked, statement(&[2], "a.x", "a.x a.y")];
        assert_eq!(after(1, &steps, &segments, "a").0, ["0 Create column a.x"]);
        assert_eq!(after(2, &steps, &segments, "a").0, ["0 Create column a.x", "1 hook fill"]);
    }
}
