//! Differences between two catalogs as a command shows them: a line for each, and the SQL that puts it back.

use anstyle::Style;
use serde_json::{Value, json};

use super::output::Printer;
use super::sql_view;
use super::style::{ADD, CHANGE, DIM, DROP, paint};
use crate::change::{Op, Sign, Step};
use crate::dialect::Unmanaged;
use crate::model::State;
use crate::runner::drift::{Drift, Strange};
use crate::runner::jobs::Server;

/// Differences, with the way back.
pub(crate) struct View<'d> {
    drift: &'d Drift,
    /// The statements that undo each difference, or why there are none; the last difference first, so that they work in
    /// the order in which they are shown.
    put_back: Vec<Result<Vec<String>, String>>,
}

impl<'d> View<'d> {
    /// Of differences that have led to this state on this server.
    pub(crate) fn new(drift: &'d Drift, now: &State, server: Server) -> Self {
        let undo: Vec<Step> = drift.ops.iter().rev().cloned().map(Op::inverse).map(Step::Op).collect();
        let put_back = match sql_view::by_step(&undo, now, server.dialect, server.version) {
            Ok(statements) => statements.into_iter().map(Ok).collect(),
            Err(problems) => {
                let why = problems.first().map_or_else(String::new, |problem| problem.message.clone());
                drift.ops.iter().map(|_| Err(why.clone())).collect()
            }
        };
        Self { drift, put_back }
    }

    /// Prints them for people.
    pub(crate) fn print(&self, printer: &mut Printer) {
        for (op, statements) in self.drift.ops.iter().rev().zip(&self.put_back) {
            let line = op.describe();
            printer.line(paint(style(line.sign), format_args!("  {line}")));
            match statements {
                Ok(statements) => {
                    for statement in statements {
                        let text = statement.trim_end().replace('\n', "\n                 ");
                        printer.line(paint(DIM, format_args!("      put back:  {text};")));
                    }
                }
                Err(why) => printer.line(paint(DIM, format_args!("      put back:  by hand: {why}"))),
            }
        }
        for strange in &self.drift.unmanaged {
            let (sign, Unmanaged { kind, name, .. }) = strange.signed();
            printer.line(paint(style(sign), format_args!("  {sign} {kind} {name}")));
            for (sign, line) in lines(strange) {
                printer.line(paint(style(sign), format_args!("      {sign} {line}")));
            }
            printer.line(paint(DIM, "      not managed: put it back by hand"));
        }
    }

    /// The differences as JSON: `differences` and `unmanaged`.
    pub(crate) fn json(&self) -> Value {
        let differences = self.drift.ops.iter().rev().zip(&self.put_back).map(|(op, statements)| {
            let line = op.describe();
            let (statements, why) = match statements {
                Ok(statements) => (Some(statements), None),
                Err(why) => (None, Some(why)),
            };
            json!({
                "sign": line.sign.to_string(), "kind": line.kind, "subject": line.subject,
                "detail": line.detail, "put_back": statements, "no_way_back": why,
            })
        });
        let unmanaged = self.drift.unmanaged.iter().map(strange_json);
        json!({
            "differences": differences.collect::<Vec<_>>(),
            "unmanaged": unmanaged.collect::<Vec<_>>(),
        })
    }
}

/// The lines of the definitions that only one of two sides has.
fn lines(strange: &Strange) -> Vec<(Sign, &str)> {
    let (from, to) = match strange {
        Strange::Added(to) => ("", &*to.definition),
        Strange::Gone(from) => (&*from.definition, ""),
        Strange::Changed { from, to } => (&*from.definition, &*to.definition),
    };
    let has = |text: &str, line: &str| text.lines().any(|known| known == line);
    let gone = from.lines().filter(|line| !has(to, line)).map(|line| (Sign::Drop, line));
    let new = to.lines().filter(|line| !has(from, line)).map(|line| (Sign::Create, line));
    gone.chain(new).collect()
}

/// A difference in what is not managed, as JSON.
pub(crate) fn strange_json(strange: &Strange) -> Value {
    match strange {
        Strange::Added(to) => {
            json!({ "sign": "+", "kind": to.kind, "name": to.name, "to": to.definition })
        }
        Strange::Gone(from) => {
            json!({ "sign": "-", "kind": from.kind, "name": from.name, "from": from.definition })
        }
        Strange::Changed { from, to } => json!({
            "sign": "~", "kind": to.kind, "name": to.name, "from": from.definition, "to": to.definition,
        }),
    }
}

fn style(sign: Sign) -> Style {
    match sign {
        Sign::Create => ADD,
        Sign::Drop => DROP,
        Sign::Alter | Sign::Rename => CHANGE,
    }
}
