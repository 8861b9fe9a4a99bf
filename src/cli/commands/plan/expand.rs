//! What the answers make of the operations: a column that rows need a value for is added in several steps, and rows
//! with a removed value of an enum get another one first; a required column that goes gives its NOT NULL up first, so that
//! the way back has room for a hook, too. The state that the steps lead to stays the same.

use std::collections::BTreeMap;

use super::answers::{Answers, Kind, rename_of};
use crate::change::{Down, Edit, Expectation, Hook, Op, Script, ScriptText, Step, is_required, replay};
use crate::cli::wording::{self, Dialects, expression, object};
use crate::dialect::Dialect;
use crate::model::{Column, EnumType, SqlText, State, Value};
use crate::name::{DialectName, Name, ObjectName};

/// The steps for these operations on a database that is in the state `from`. `hooks` are the databases that hooks are
/// added for; a revision that is planned again has them already.
pub(super) fn expand(ops: Vec<Op>, from: &State, answers: &Answers, hooks: Option<&Dialects>) -> Vec<Step> {
    let mut steps = Vec::with_capacity(ops.len());
    let state = &renamed(from, &ops);
    let going = going(&ops, answers);
    for (at, op) in ops.into_iter().enumerate() {
        let beside: Vec<Column> =
            going.iter().filter(|going| going.hook == at).map(|going| going.column.clone()).collect();
        match op {
            Op::Column { table, edit: Edit::Create(column) }
                if is_required(&column) && state.tables.contains(&table) =>
            {
                let down = if beside.is_empty() { Script::Nothing } else { Script::Unfilled };
                let alters =
                    beside.into_iter().map(|column| alter_null(&table, column.clone(), nullable(&column)));
                steps.extend(alters.map(Step::Op));
                let hook = hooks.map(|dialects| (down, Readers::of(state, &table, &column, dialects)));
                required(table, *column, answers, hook, &mut steps);
            }
            Op::Column { table, edit: Edit::Drop(column) } if going.iter().any(|going| going.drop == at) => {
                let edit = Edit::Drop(Box::new(nullable(&column)));
                steps.push(Step::Op(Op::Column { table, edit }));
            }
            Op::Column { table, edit: Edit::Drop(column) } if is_required(&column) => {
                let readers = hooks.map(|dialects| Readers::of(state, &table, &column, dialects));
                given_up(table, *column, answers, readers, &mut steps);
            }
            Op::Enum(Edit::Alter { from: before, to }) => {
                if let Some(dialects) = hooks {
                    replaced(state, (&before, &to), answers, dialects, &mut steps);
                }
                steps.push(Step::Op(Op::Enum(Edit::Alter { from: before, to })));
            }
            op => steps.push(Step::Op(op)),
        }
    }
    steps
}

/// A state with the names that its things have later: renames come first, and all else speaks of new names.
fn renamed(from: &State, ops: &[Op]) -> State {
    let mut state = from.clone();
    let renames: Vec<&Op> = ops.iter().filter(|op| rename_of(op).is_some()).collect();
    // One that doesn't fit is told by the proof of the plan.
    let _ = replay(&mut state, renames);
    state
}

/// The databases that have a column.
pub(super) struct Readers {
    /// The only one; `None` is all of them.
    pub(super) only: Option<DialectName>,
    pub(super) dialects: Vec<&'static dyn Dialect>,
}

impl Readers {
    /// Those of a column that a table has, or gets.
    pub(super) fn of(state: &State, table: &ObjectName, column: &Column, dialects: &Dialects) -> Self {
        let whole = || state.tables.get(table).and_then(|table| table.settings.only.clone());
        Self::only(column.only.clone().or_else(whole), dialects)
    }

    fn only(only: Option<DialectName>, dialects: &Dialects) -> Self {
        let is_meant =
            |dialect: &&&'static dyn Dialect| only.as_ref().is_none_or(|only| *only == dialect.name());
        let dialects = dialects.iter().filter(is_meant).copied().collect();
        Self { only, dialects }
    }

    /// A text as they read it.
    fn text(&self, write: impl Fn(&'static dyn Dialect) -> String) -> SqlText {
        wording::text(&self.dialects, write)
    }

    /// That each row has a value.
    pub(super) fn none_missing(&self, table: &ObjectName, column: &Name) -> Expectation {
        let query = self.text(|dialect| {
            let (table, column) = (object(table, dialect.rules()), dialect.rules().named(column.as_str()));
            format!("SELECT count(*) FROM {table} WHERE {column} IS NULL")
        });
        Expectation { query, is: Some("0".into()) }
    }
}

/// A required column that goes while a hook fills another one of its table.
struct Going {
    column: Column,
    /// The operation that adds the column with the hook.
    hook: usize,
    /// The operation that drops this one.
    drop: usize,
}

/// The required columns that go behind a hook of their table. On the way back the hook has to fill them, which it
/// can only between their coming and their NOT NULL.
fn going(ops: &[Op], answers: &Answers) -> Vec<Going> {
    let mut hooks: BTreeMap<&ObjectName, usize> = BTreeMap::new();
    let mut going = Vec::new();
    for (at, op) in ops.iter().enumerate() {
        match op {
            Op::Column { table, edit: Edit::Create(column) }
                if is_required(column) && answers.fills.contains(&format!("{table}.{}", column.name)) =>
            {
                hooks.entry(table).or_insert(at);
            }
            Op::Column { table, edit: Edit::Drop(column) } if is_required(column) => {
                let hook = hooks.get(table).map(|hook| Going {
                    column: column.as_ref().clone(),
                    hook: *hook,
                    drop: at,
                });
                going.extend(hook.filter(|_| !was_key(ops, table, column)));
            }
            _ => {}
        }
    }
    going
}

/// Whether a column was part of a primary key, which has no NULLs; the key has to change for the column to go.
fn was_key(ops: &[Op], of: &ObjectName, column: &Column) -> bool {
    ops.iter().any(|op| match op {
        Op::PrimaryKey { table, edit: Edit::Drop(key) } => table == of && key.columns.contains(&column.name),
        Op::PrimaryKey { table, edit: Edit::Alter { from, .. } } => {
            table == of && from.columns.contains(&column.name)
        }
        _ => false,
    })
}

fn nullable(column: &Column) -> Column {
    Column { nullable: true, ..column.clone() }
}

fn alter_null(table: &ObjectName, from: Column, to: Column) -> Op {
    Op::Column { table: table.clone(), edit: Edit::Alter { from: Box::new(from), to: Box::new(to) } }
}

/// Adds a required column: nullable until a hook has filled it, or as it is. The hook is made with this way back, or
/// is there already.
fn required(
    table: ObjectName,
    column: Column,
    answers: &Answers,
    hook: Option<(Script, Readers)>,
    steps: &mut Vec<Step>,
) {
    let name = format!("{table}.{}", column.name);
    let value = answers.defaults.get(&name);
    if value.is_none() && !answers.fills.contains(&name) {
        steps.push(Step::Op(Op::Column { table, edit: Edit::Create(Box::new(column)) }));
        return;
    }
    let create = Edit::Create(Box::new(nullable(&column)));
    let hook = hook.map(|(down, readers)| Step::Hook(fill(&table, &column, value, down, &readers)));
    let alter = alter_null(&table, nullable(&column), column);
    steps.push(Step::Op(Op::Column { table, edit: create }));
    steps.extend(hook);
    steps.push(Step::Op(alter));
}

/// Drops a required column. Where an answer says what rows get when it comes back, its NOT NULL goes before, so that
/// the way back has room for the hook that gives it to them.
fn given_up(
    table: ObjectName,
    column: Column,
    answers: &Answers,
    hook: Option<Readers>,
    steps: &mut Vec<Step>,
) {
    let name = format!("{table}.{}", column.name);
    let value = answers.defaults.get(&name);
    if value.is_none() && !answers.fills.contains(&name) {
        return steps.push(Step::Op(Op::Column { table, edit: Edit::Drop(Box::new(column)) }));
    }
    answers.using(if value.is_some() { Kind::Default } else { Kind::Fill }, &name);
    let drop = Edit::Drop(Box::new(nullable(&column)));
    let hook = hook.map(|readers| Step::Hook(refill(&table, &column, value, &readers)));
    steps.push(Step::Op(alter_null(&table, column.clone(), nullable(&column))));
    steps.extend(hook);
    steps.push(Step::Op(Op::Column { table, edit: drop }));
}

/// The hook that fills a column which comes back.
fn refill(table: &ObjectName, column: &Column, value: Option<&Value>, readers: &Readers) -> Hook {
    let Hook { name: _, only, only_env, up, down: _, before, expect, after: _ } =
        fill(table, column, value, Script::Nothing, readers);
    Hook {
        name: Hook::named(&["refill", table.name.as_str(), column.name.as_str()]),
        only,
        only_env,
        up: Script::Nothing,
        down: Down::Script(up),
        before,
        expect: Vec::new(),
        after: expect,
    }
}

/// The hook that fills a column: with a value, or to be written by a person.
fn fill(table: &ObjectName, column: &Column, value: Option<&Value>, down: Script, readers: &Readers) -> Hook {
    let name = column.name.as_str();
    let update = |value| {
        let sql = readers.text(|dialect| {
            let rules = dialect.rules();
            format!(
                "UPDATE {} SET {} = {}",
                object(table, rules),
                rules.named(name),
                expression(value, rules)
            )
        });
        Script::Text(ScriptText { sql, file: None })
    };
    Hook {
        name: Hook::named(&["fill", table.name.as_str(), column.name.as_str()]),
        only: readers.only.clone(),
        only_env: Vec::new(),
        up: value.map_or(Script::Unfilled, update),
        down: Down::Script(down),
        before: Vec::new(),
        expect: vec![readers.none_missing(table, &column.name)],
        after: Vec::new(),
    }
}

/// Moves rows away from the values that an enum loses.
fn replaced(
    state: &State,
    (before, after): (&EnumType, &EnumType),
    answers: &Answers,
    dialects: &Dialects,
    steps: &mut Vec<Step>,
) {
    let mut columns: BTreeMap<Option<DialectName>, Vec<(ObjectName, Name)>> = BTreeMap::new();
    for (table, column) in state.columns_of_enum(&before.name) {
        let found = state.tables.get(&table).and_then(|table| table.columns.get(&column));
        let only = found.and_then(|column| Readers::of(state, &table, column, dialects).only);
        columns.entry(only).or_default().push((table, column));
    }
    for value in before.values.iter().filter(|value| !after.values.contains(value)) {
        let Some(by) = answers.replaced.get(&format!("{}.{value}", after.name)) else { continue };
        for (only, columns) in &columns {
            let readers = Readers::only(only.clone(), dialects);
            let sql = readers.text(|dialect| {
                let rules = dialect.rules();
                let updates = columns.iter().map(|(table, column)| {
                    let (table, column) = (object(table, rules), rules.named(column.as_str()));
                    let (by, value) = (rules.literal(by), rules.literal(value));
                    format!("UPDATE {table} SET {column} = {by} WHERE {column} = {value}")
                });
                updates.collect::<Vec<_>>().join(";\n")
            });
            steps.push(Step::Hook(Hook {
                name: Hook::replacing(&after.name, value, only.as_ref()),
                only: only.clone(),
                only_env: Vec::new(),
                up: Script::Text(ScriptText { sql, file: None }),
                // Which rows had the other value is not known any more.
                down: Down::Script(Script::Nothing),
                before: Vec::new(),
                expect: Vec::new(),
                after: Vec::new(),
            }));
        }
    }
}
