//! Statements that move rows, as hooks among the operations around them.

use std::collections::BTreeSet;

use crate::change::{Down, Hook, Op, Script as HookScript, ScriptText, Step, TableEdit};
use crate::import::{Purpose, Script, drops, named, purpose, subject, target, temporary};
use crate::model::SqlText;
use crate::name::Name;
use crate::sql::Rules;

/// A piece of a step: what it makes of the schema, or rows that it moves.
pub(super) enum Part {
    /// An operation.
    Op(Op),
    /// Statements that belong together.
    Rows(Vec<String>),
}

/// How hooks are undone.
#[derive(Clone, Copy)]
pub(super) enum Back<'a> {
    /// By these statements, each group for one hook, those of the last hook first.
    Groups(&'a [Vec<String>]),
    /// Where tables go that the revision made, nothing is to do; elsewhere nothing is known.
    Unknown,
}

/// The groups of a step's way back that move rows, as they are told apart by changes of the schema.
pub(super) fn groups(down: &[String], rules: &Rules) -> Vec<Vec<String>> {
    let mut groups: Vec<Vec<String>> = vec![Vec::new()];
    for statement in down {
        match (purpose(statement, rules), groups.last_mut()) {
            (Purpose::Rows, Some(group)) => group.push(statement.clone()),
            (Purpose::Schema | Purpose::Unknown, Some(group)) if !group.is_empty() => groups.push(Vec::new()),
            (
                Purpose::Rows | Purpose::Schema | Purpose::Unknown | Purpose::Transaction | Purpose::Session,
                _,
            ) => {}
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// The steps of a revision.
pub(super) fn steps(parts: &[Part], script: &Script, back: Back<'_>, rules: &Rules) -> Vec<Step> {
    let count = parts.iter().filter(|part| matches!(part, Part::Rows(_))).count();
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut created: BTreeSet<String> = BTreeSet::new();
    let mut passing: BTreeSet<String> = BTreeSet::new();
    let (mut steps, mut number) = (Vec::new(), 0);
    for part in parts {
        let statements = match part {
            Part::Op(op) => {
                if let Op::Table(TableEdit::Create(table)) = op {
                    created.insert(table.name.name.as_str().to_lowercase());
                }
                steps.push(Step::Op(op.clone()));
                continue;
            }
            Part::Rows(statements) => statements,
        };
        number += 1;
        let down = match back {
            Back::Groups(groups) if groups.len() == count => {
                Down::Script(text(groups.get(count - number).map_or(&[][..], Vec::as_slice)))
            }
            Back::Groups(groups) if number == count => Down::Script(text(&groups.concat())),
            Back::Groups(_) => Down::Script(HookScript::Nothing),
            Back::Unknown if go(statements, &created, &mut passing, rules) => {
                Down::Script(HookScript::Nothing)
            }
            Back::Unknown => Down::Irreversible {
                reason: format!("`{}` doesn't say how its rows come back", script.file).into(),
            },
        };
        let moves = |sql: &&String| purpose(sql, rules) == Purpose::Rows;
        let first = statements.iter().find(moves).or(statements.first());
        let wanted = first.map_or_else(|| "rows".to_owned(), |sql| named(sql, rules));
        let name = (1..).map(|at| if at == 1 { wanted.clone() } else { format!("{wanted}-{at}") });
        let name = name.into_iter().find(|name| names.insert(name.clone())).expect("names don't run out");
        steps.push(Step::Hook(Hook {
            name: Name::new(name).expect("its characters are letters, digits and hyphens"),
            only: None,
            only_env: Vec::new(),
            up: text(statements),
            down,
            before: Vec::new(),
            expect: Vec::new(),
            after: Vec::new(),
        }));
    }
    steps
}

/// Whether nothing of what statements did is left when the tables go that were created. Those `passing` are the session's
/// own, and go by themselves.
fn go(
    statements: &[String],
    created: &BTreeSet<String>,
    passing: &mut BTreeSet<String>,
    rules: &Rules,
) -> bool {
    let folded = |table: String| table.to_lowercase();
    statements.iter().all(|statement| {
        passing.extend(temporary(statement, rules).map(folded));
        if drops(statement, rules)
            && let Some(table) = subject(statement, rules).map(folded)
        {
            passing.remove(&table);
        }
        match purpose(statement, rules) {
            // A temporary table. What else changes a schema among rows is about one as well.
            Purpose::Rows if ["create", "drop"].contains(&&*named(statement, rules)) => true,
            Purpose::Schema => true,
            Purpose::Rows => target(statement, rules)
                .map(folded)
                .is_some_and(|table| created.contains(&table) || passing.contains(&table)),
            // A query that only asks.
            Purpose::Unknown => named(statement, rules) == "select",
            Purpose::Transaction | Purpose::Session => false,
        }
    })
}

fn text(statements: &[String]) -> HookScript {
    if statements.is_empty() {
        return HookScript::Nothing;
    }
    let ended = statements.iter().map(|sql| {
        let is_comment = sql.lines().last().is_some_and(|line| line.contains("--") || line.contains('#'));
        if is_comment { format!("{sql}\n;") } else { format!("{sql};") }
    });
    let sql = ended.collect::<Vec<_>>().join("\n");
    HookScript::Text(ScriptText { sql: SqlText::from(sql.as_str()), file: None })
}
