//! What the answers make of the operations: a column that rows need a value for is added in several steps, and rows
//! with a removed value of an enum get another one first; a required column that goes gives its NOT NULL up first, so that
//! the way back has room for a hook, too. The state that the steps lead to stays the same.

use std::collections::BTreeMap;

use super::answers::Answers;
use crate::change::{Down, Edit, Expectation, Hook, Op, Script, ScriptText, Step, is_required};
use crate::model::{Column, EnumType, SqlText, State, Value};
use crate::name::{Name, ObjectName};

/// The steps for these operations on a database that is in the state `from`. `hooks` says whether hooks are added;
/// a revision that is planned again has them already.
pub(super) fn expand(ops: Vec<Op>, from: &State, answers: &Answers, hooks: bool) -> Vec<Step> {
    let mut steps = Vec::with_capacity(ops.len());
    let going = going(&ops, answers);
    for (at, op) in ops.into_iter().enumerate() {
        let beside: Vec<Column> =
            going.iter().filter(|going| going.hook == at).map(|going| going.column.clone()).collect();
        match op {
            Op::Column { table, edit: Edit::Create(column) }
                if is_required(&column) && from.tables.contains(&table) =>
            {
                let down = if beside.is_empty() { Script::Nothing } else { Script::Unfilled };
                let alters =
                    beside.into_iter().map(|column| alter_null(&table, column.clone(), nullable(&column)));
                steps.extend(alters.map(Step::Op));
                required(table, *column, answers, hooks.then_some(down), &mut steps);
            }
            Op::Column { table, edit: Edit::Drop(column) } if going.iter().any(|going| going.drop == at) => {
                let edit = Edit::Drop(Box::new(nullable(&column)));
                steps.push(Step::Op(Op::Column { table, edit }));
            }
            Op::Column { table, edit: Edit::Drop(column) } if is_required(&column) => {
                given_up(table, *column, answers, hooks, &mut steps);
            }
            Op::Enum(Edit::Alter { from: before, to }) => {
                if hooks {
                    replaced(from, &before, &to, answers, &mut steps);
                }
                steps.push(Step::Op(Op::Enum(Edit::Alter { from: before, to })));
            }
            op => steps.push(Step::Op(op)),
        }
    }
    steps
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
    hook: Option<Script>,
    steps: &mut Vec<Step>,
) {
    let name = format!("{table}.{}", column.name);
    let value = answers.defaults.get(&name);
    if value.is_none() && !answers.fills.contains(&name) {
        steps.push(Step::Op(Op::Column { table, edit: Edit::Create(Box::new(column)) }));
        return;
    }
    let create = Edit::Create(Box::new(nullable(&column)));
    let hook = hook.map(|down| Step::Hook(fill(&table, &column, value, down)));
    let alter = alter_null(&table, nullable(&column), column);
    steps.push(Step::Op(Op::Column { table, edit: create }));
    steps.extend(hook);
    steps.push(Step::Op(alter));
}

/// Drops a required column. Where an answer says what rows get when it comes back, its NOT NULL goes before, so that
/// the way back has room for the hook that gives it to them.
fn given_up(table: ObjectName, column: Column, answers: &Answers, hooks: bool, steps: &mut Vec<Step>) {
    let name = format!("{table}.{}", column.name);
    let value = answers.defaults.get(&name);
    if value.is_none() && !answers.fills.contains(&name) {
        return steps.push(Step::Op(Op::Column { table, edit: Edit::Drop(Box::new(column)) }));
    }
    answers.using(&name);
    let drop = Edit::Drop(Box::new(nullable(&column)));
    let hook = hooks.then(|| Step::Hook(refill(&table, &column, value)));
    steps.push(Step::Op(alter_null(&table, column.clone(), nullable(&column))));
    steps.extend(hook);
    steps.push(Step::Op(Op::Column { table, edit: drop }));
}

/// The hook that fills a column which comes back.
fn refill(table: &ObjectName, column: &Column, value: Option<&Value>) -> Hook {
    let Hook { name: _, only, only_env, up, down: _, before, expect, after: _ } =
        fill(table, column, value, Script::Nothing);
    Hook {
        name: hook_name(&["refill", table.name.as_str(), column.name.as_str()]),
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
fn fill(table: &ObjectName, column: &Column, value: Option<&Value>, down: Script) -> Hook {
    let (of, name) = (object(table), identifier(column.name.as_str()));
    let text = |value| ScriptText {
        sql: SqlText::same(format!("UPDATE {of} SET {name} = {}", expression(value)).into()),
        file: None,
    };
    let query = format!("SELECT count(*) FROM {of} WHERE {name} IS NULL");
    Hook {
        name: hook_name(&["fill", table.name.as_str(), column.name.as_str()]),
        only: None,
        only_env: Vec::new(),
        up: value.map_or(Script::Unfilled, |value| Script::Text(text(value))),
        down: Down::Script(down),
        before: Vec::new(),
        expect: vec![Expectation { query: query.as_str().into(), is: Some("0".into()) }],
        after: Vec::new(),
    }
}

/// A value as every database writes it.
fn expression(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => literal(text),
        Value::Sql(sql) => sql.to_string(),
    }
}

/// Moves rows away from the values that an enum loses.
fn replaced(state: &State, before: &EnumType, after: &EnumType, answers: &Answers, steps: &mut Vec<Step>) {
    for value in before.values.iter().filter(|value| !after.values.contains(value)) {
        let Some(by) = answers.replaced.get(&format!("{}.{value}", after.name)) else { continue };
        let updates = state.columns_of_enum(&before.name).into_iter().map(|(table, column)| {
            let (table, column) = (object(&table), identifier(column.as_str()));
            format!("UPDATE {table} SET {column} = {} WHERE {column} = {}", literal(by), literal(value))
        });
        let sql = updates.collect::<Vec<_>>().join(";\n");
        if sql.is_empty() {
            continue;
        }
        steps.push(Step::Hook(Hook {
            name: hook_name(&["replace", after.name.name.as_str(), value]),
            only: None,
            only_env: Vec::new(),
            up: Script::Text(ScriptText { sql: SqlText::same(sql.into()), file: None }),
            // Which rows had the other value is not known any more.
            down: Down::Script(Script::Nothing),
            before: Vec::new(),
            expect: Vec::new(),
            after: Vec::new(),
        }));
    }
}

/// A name for a hook, from words.
pub(super) fn hook_name(words: &[&str]) -> Name {
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let text: String = words.join("-").chars().map(plain).collect();
    Name::new(text).expect("the words are joined by a character and hold no NUL")
}

pub(super) fn object(name: &ObjectName) -> String {
    let own = identifier(name.name.as_str());
    name.namespace
        .as_ref()
        .map_or(own.clone(), |namespace| format!("{}.{own}", identifier(namespace.as_str())))
}

/// A name in SQL: as it is where every database takes it so, quoted otherwise.
pub(super) fn identifier(name: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_plain = name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit());
    if is_plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
