//! What the answers make of the operations: a column that rows need a value for is added in several steps, and rows
//! with a removed value of an enum get another one first. The state that the steps lead to stays the same.

use super::answers::Answers;
use crate::change::{Down, Edit, Expectation, Hook, Op, Script, ScriptText, Step, is_required};
use crate::model::{Column, EnumType, SqlText, State, Value};
use crate::name::{Name, ObjectName};

/// The steps for these operations on a database that is in the state `from`. `hooks` says whether hooks are added;
/// a revision that is planned again has them already.
pub(super) fn expand(ops: Vec<Op>, from: &State, answers: &Answers, hooks: bool) -> Vec<Step> {
    let mut steps = Vec::with_capacity(ops.len());
    for op in ops {
        match op {
            Op::Column { table, edit: Edit::Create(column) }
                if is_required(&column) && from.tables.contains(&table) =>
            {
                required(table, *column, answers, hooks, &mut steps);
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

/// Adds a required column: nullable until a hook has filled it, or as it is.
fn required(table: ObjectName, column: Column, answers: &Answers, hooks: bool, steps: &mut Vec<Step>) {
    let name = format!("{table}.{}", column.name);
    let value = answers.defaults.get(&name);
    if value.is_none() && !answers.fills.contains(&name) {
        steps.push(Step::Op(Op::Column { table, edit: Edit::Create(Box::new(column)) }));
        return;
    }
    let nullable = Column { nullable: true, ..column.clone() };
    let create = Edit::Create(Box::new(nullable.clone()));
    let hook = hooks.then(|| Step::Hook(fill(&table, &column, value)));
    let alter = Edit::Alter { from: Box::new(nullable), to: Box::new(column) };
    steps.push(Step::Op(Op::Column { table: table.clone(), edit: create }));
    steps.extend(hook);
    steps.push(Step::Op(Op::Column { table, edit: alter }));
}

/// The hook that fills a column: with a value, or to be written by a person. Going back there is nothing to undo: the
/// column goes.
fn fill(table: &ObjectName, column: &Column, value: Option<&Value>) -> Hook {
    let (of, name) = (object(table), identifier(column.name.as_str()));
    let text = |value| ScriptText {
        sql: SqlText::same(format!("UPDATE {of} SET {name} = {}", expression(value)).into()),
        file: None,
    };
    let query = format!("SELECT count(*) FROM {of} WHERE {name} IS NULL");
    Hook {
        name: hook_name(&["fill", table.name.as_str(), column.name.as_str()]),
        only: None,
        up: value.map_or(Script::Unfilled, |value| Script::Text(text(value))),
        down: Down::Script(Script::Nothing),
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
fn hook_name(words: &[&str]) -> Name {
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let text: String = words.join("-").chars().map(plain).collect();
    Name::new(text).expect("the words are joined by a character and hold no NUL")
}

fn object(name: &ObjectName) -> String {
    let own = identifier(name.name.as_str());
    name.namespace
        .as_ref()
        .map_or(own.clone(), |namespace| format!("{}.{own}", identifier(namespace.as_str())))
}

/// A name in SQL: as it is where every database takes it so, quoted otherwise.
fn identifier(name: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_plain = name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit());
    if is_plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
