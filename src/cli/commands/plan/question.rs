//! The questions of a plan in words: for a person at the terminal, for one who reads the output of a program, and for
//! programs. Every answer has an option and a line of an answers file.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Value as Json, json};

use super::answers::{Answers, Kind};
use super::convert::{self, Open};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::prompt::Prompt;
use crate::cli::shell;
use crate::cli::style::{NAME, TITLE, paint};
use crate::diff::Question;
use crate::document::write::{Line, Literal, Writer};
use crate::model::{Rename, State};

/// A question with its possible answers.
pub(super) struct Asked {
    /// What kind of question it is, for programs.
    kind: &'static str,
    /// The question.
    text: String,
    choices: Vec<Choice>,
}

/// A possible answer.
struct Choice {
    /// What it means.
    meaning: String,
    /// The option that gives it.
    option: String,
    /// The line of an answers file that gives it.
    line: String,
    answer: Answer,
}

/// What an answer adds to the answers.
#[derive(Clone)]
enum Answer {
    Rename(String, String),
    Drop(String),
    /// The value is asked for.
    Default(String),
    Fill(String),
    Empty(String),
    /// Which of the other values is asked for.
    Replace {
        removed: Vec<String>,
        left: Vec<String>,
    },
    Unused(Vec<String>),
    /// The expression is asked for, and the one for the way back.
    Convert(String),
    ConvertByHand(String),
}

/// The question in words; `None` when the answers have it already.
pub(super) fn ask(question: &Question, to: &State, answers: &Answers) -> Option<Asked> {
    match question {
        Question::Renamed { candidates } => renamed(candidates, answers),
        Question::Required { table, column } => required(&table.to_string(), column.as_str(), answers),
        Question::RemovedValues { of, values, columns } => {
            let columns: Vec<String> =
                columns.iter().map(|(table, column)| format!("{table}.{column}")).collect();
            let left = to.enums.get(of).map(|item| item.values.iter().map(ToString::to_string).collect());
            removed(&of.to_string(), values, left.unwrap_or_default(), &columns, answers)
        }
    }
}

fn renamed(candidates: &[Rename], answers: &Answers) -> Option<Asked> {
    let names: Vec<(&str, String, String)> = candidates.iter().map(Rename::names).collect();
    let (kind, before, _) = names.first()?.clone();
    if answers.no_renames {
        return None;
    }
    if answers.dropped.contains(&before) {
        answers.using(Kind::Drop, &before);
        return None;
    }
    let text = match names.as_slice() {
        [(_, _, after)] => format!("was the {kind} `{before}` renamed to `{after}`?"),
        _ => format!("was the {kind} `{before}` renamed, and to what?"),
    };
    let mut choices: Vec<Choice> = names
        .iter()
        .map(|(_, before, after)| Choice {
            meaning: format!("yes, to `{after}`: what it holds is kept"),
            option: format!("--rename {}", shell::word(&format!("{before}={after}"))),
            line: line("rename", &[before, after], |_| ()),
            answer: Answer::Rename(before.clone(), after.clone()),
        })
        .collect();
    choices.push(Choice {
        meaning: format!("no, `{before}` is dropped: what it holds is lost"),
        option: format!("--drop {}", shell::word(&before)),
        line: line("drop", &[&before], |_| ()),
        answer: Answer::Drop(before),
    });
    Some(Asked { kind: "rename", text, choices })
}

fn required(table: &str, column: &str, answers: &Answers) -> Option<Asked> {
    let name = format!("{table}.{column}");
    if let Some((kind, known)) = answers.about_required(table, column) {
        answers.using(kind, &known);
        return None;
    }
    let text = format!("what do the rows of `{table}` get in the new column `{column}`, which is required?");
    let choices = vec![
        Choice {
            meaning: "this value, in the rows that exist; new ones must bring their own".to_owned(),
            option: format!("--default {}", shell::word(&format!("{name}=VALUE"))),
            line: line("default", &[&name], |line| {
                line.arg("VALUE");
            }),
            answer: Answer::Default(name.clone()),
        },
        Choice {
            meaning: "what a hook computes: it is added for you to write, and NOT NULL follows it".to_owned(),
            option: format!("--fill {}", shell::word(&name)),
            line: line("fill", &[&name], |_| ()),
            answer: Answer::Fill(name),
        },
        Choice {
            meaning: "nothing, the table is empty; where it isn't, apply fails and changes nothing"
                .to_owned(),
            option: format!("--assume-empty {}", shell::word(table)),
            line: line("assume-empty", &[table], |_| ()),
            answer: Answer::Empty(table.to_owned()),
        },
    ];
    Some(Asked { kind: "required", text, choices })
}

fn removed(
    of: &str,
    values: &[Box<str>],
    left: Vec<String>,
    columns: &[String],
    answers: &Answers,
) -> Option<Asked> {
    let names: Vec<String> = values.iter().map(|value| format!("{of}.{value}")).collect();
    let mut open = Vec::new();
    for name in names {
        match answers.about_removed(&name) {
            Some(kind) => answers.using(kind, &name),
            None => open.push(name),
        }
    }
    if open.is_empty() {
        return None;
    }
    let list = |names: &[String]| format!("`{}`", names.join("`, `"));
    let place = if columns.is_empty() { String::new() } else { format!(" in {}", list(columns)) };
    let text = format!("what becomes of rows with {}{place}?", list(&open));
    let each = |option: &str, suffix: &str| {
        let words = open.iter().map(|name| format!("{option} {}", shell::word(&format!("{name}{suffix}"))));
        words.collect::<Vec<_>>().join(" ")
    };
    let lines = |node: &str, value: Option<&str>| {
        let lines = open.iter().map(|name| {
            line(node, &[name], |line| {
                line.args(value);
            })
        });
        lines.collect::<Vec<_>>().join("; ")
    };
    let choices = vec![
        Choice {
            meaning: "they get this value instead".to_owned(),
            option: each("--replace", "=VALUE"),
            line: lines("replace", Some("VALUE")),
            answer: Answer::Replace { removed: open.clone(), left },
        },
        Choice {
            meaning: "there are none; where there are, apply fails and changes nothing".to_owned(),
            option: each("--assume-unused", ""),
            line: lines("assume-unused", None),
            answer: Answer::Unused(open),
        },
    ];
    Some(Asked { kind: "removed-values", text, choices })
}

/// The question about a column whose values a database can't convert.
pub(super) fn conversion(open: &Open) -> Asked {
    let Open { column, dialect } = open;
    let name = convert::name(column);
    let (from, to) = (&column.from.ty.common, &column.to.ty.common);
    let choices = vec![
        Choice {
            meaning: format!(
                "what this SQL makes of a row; `--convert-back {}` says the same for the way back",
                shell::word(&format!("{name}=SQL"))
            ),
            option: format!("--convert {}", shell::word(&format!("{name}=SQL"))),
            line: line("convert", &[&name], |line| {
                let sql = Literal::quoted("SQL").annotated("sql");
                line.arg(sql).prop("back", sql);
            }),
            answer: Answer::Convert(name.clone()),
        },
        Choice {
            meaning: "what a hook computes: it is added for you to write, for both ways".to_owned(),
            option: format!("--convert {}", shell::word(&name)),
            line: line("convert", &[&name], |_| ()),
            answer: Answer::ConvertByHand(name.clone()),
        },
        Choice {
            meaning: "nothing: the column is dropped and added anew, what it holds is lost".to_owned(),
            option: format!("--drop {}", shell::word(&name)),
            line: line("drop", &[&name], |_| ()),
            answer: Answer::Drop(name.clone()),
        },
    ];
    let text = format!(
        "how do the values of `{name}` get from `{from}` to `{to}`? {dialect} does not convert one to the other"
    );
    Asked { kind: "convert", text, choices }
}

impl Asked {
    /// Asks the person at the terminal and takes down the answer. A value that the column can't hold is refused at once.
    pub(super) fn put(
        &self,
        prompt: &Prompt,
        answers: &mut Answers,
        states: [&State; 2],
        context: &mut Context,
    ) -> Result<(), Failure> {
        let meanings: Vec<String> = self.choices.iter().map(|choice| choice.meaning.clone()).collect();
        let chosen = prompt.choose(&self.text, &meanings)?;
        match self.choices[chosen].answer.clone() {
            Answer::Rename(before, after) => answers.renames.push((before, after)),
            Answer::Drop(name) => drop(answers.dropped.insert(name)),
            Answer::Default(name) => loop {
                let text = prompt.text("which value? (`0`, `#true`, `\"text\"`, `(sql)\"now()\"`)")?;
                match answers.add_default(&name, &text).and_then(|()| answers.check_default(&name, states)) {
                    Ok(()) => break,
                    Err(refused) => context.printer.diagnostics(&[refused], &context.sources),
                }
            },
            Answer::Fill(name) => drop(answers.fills.insert(name)),
            Answer::Empty(table) => drop(answers.empty.insert(table)),
            Answer::Replace { removed, left } => {
                for name in removed {
                    let by = prompt.choose(&format!("which value in place of `{name}`?"), &left)?;
                    answers.replaced.insert(name, left[by].clone());
                }
            }
            Answer::Unused(names) => answers.unused.extend(names),
            Answer::Convert(name) => {
                let up = prompt.text("which SQL expression, of the columns of a row?")?;
                let back = prompt.optional_text("and on the way back? (empty: there is none)")?;
                answers.converted_back.extend(back.map(|back| (name.clone(), back)));
                answers.converted.insert(name, Some(up));
            }
            Answer::ConvertByHand(name) => drop(answers.converted.insert(name, None)),
        }
        Ok(())
    }

    /// The column that the question is about, if it asks what rows get there.
    fn new_column(&self) -> Option<&str> {
        self.choices.iter().find_map(|choice| match &choice.answer {
            Answer::Default(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// What has to be new for the question to remain: another one asks whether it had another name.
    fn condition(&self, all: &[Self]) -> Option<&str> {
        let mut targets = all.iter().flat_map(|other| &other.choices).filter_map(Choice::target);
        self.new_column().filter(|name| targets.any(|target| target == *name))
    }

    /// The question for programs.
    pub(super) fn json(&self) -> Json {
        let choices = self.choices.iter().map(
            |choice| json!({ "meaning": choice.meaning, "option": choice.option, "answer": choice.line }),
        );
        json!({ "kind": self.kind, "question": self.text, "choices": choices.collect::<Vec<_>>() })
    }
}

impl Choice {
    /// What something is renamed to, if that is the answer.
    fn target(&self) -> Option<&str> {
        match &self.answer {
            Answer::Rename(_, after) => Some(after),
            _ => None,
        }
    }
}

/// All questions as text, with what answers them.
pub(super) fn list(asked: &[Asked]) -> String {
    let likely = together(asked);
    let count = match likely.len() {
        1 => "a question has".to_owned(),
        count => format!("{count} questions have"),
    };
    let mut out = format!("{count} to be answered first:\n");
    for one in asked {
        let Asked { kind: _, text, choices } = one;
        let condition = one.condition(asked).map(|name| format!("if `{name}` is new: ")).unwrap_or_default();
        let _ = write!(out, "\n  {}\n", paint(TITLE, format!("{condition}{text}")));
        for Choice { meaning, option, line: _, answer: _ } in choices {
            let _ = writeln!(out, "    {}\n        {meaning}", paint(NAME, option));
        }
    }
    let lines: Vec<String> = likely.iter().map(|choice| format!("    {}\n", choice.line)).collect();
    let _ = write!(
        out,
        "\nAnswer with these options, or on a terminal, or by lines of a file for `--answers FILE`:\n\n{}",
        lines.concat()
    );
    out
}

/// For each question its first answer that goes with those before it. One that they settle has none: what something is
/// renamed to is not new, and nothing else is.
fn together(asked: &[Asked]) -> Vec<&Choice> {
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let mut answers = Vec::new();
    for one in asked {
        if one.new_column().is_some_and(|name| taken.contains(name)) {
            continue;
        }
        let fits = |choice: &&Choice| choice.target().is_none_or(|after| !taken.contains(after));
        if let Some(choice) = one.choices.iter().find(fits) {
            taken.extend(choice.target());
            answers.push(choice);
        }
    }
    answers
}

/// A line of an answers file: a node with names, and what else it has.
fn line(node: &str, names: &[&str], more: impl FnOnce(&mut Line<'_>)) -> String {
    let mut writer = Writer::new();
    let mut line = writer.node(node);
    line.args(names.iter().map(|name| Literal::quoted(name)));
    more(&mut line);
    writer.finish().trim_end().to_owned()
}
