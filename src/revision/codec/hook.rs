//! Hooks in a revision's file: `data NAME { up …; down …; before …; expect …; after … }`.

use std::collections::{BTreeMap, HashMap};
use std::io;

use crate::change::{Down, Expectation, Hook, Script, ScriptText, Step};
use crate::diagnostic::{Diagnostic, Span, near};
use crate::document::write::{Line, Literal, Writer};
use crate::document::{Cursor, Entry, Node, Number, Sink, Text, Value};
use crate::model::{PerDialect, SqlText};
use crate::name::{DialectName, Name};
use crate::revision::errors::{E413, E414};
use crate::revision::script::{self, UNFILLED};
use crate::syntax;

/// What generated stubs say; the line begins with [`UNFILLED`].
const UP_STUB: &str = "-- unfilled: write the SQL that `apply` runs, or `up nothing` in place of this";
const DOWN_STUB: &str =
    "-- unfilled: write the SQL that takes it back, `down nothing`, or `down irreversible reason=\"…\"`";

/// What is written for a script that stands in a file.
#[derive(Debug, Clone, Copy)]
pub(super) enum FileTexts {
    /// The file's name.
    Named,
    /// The text, as if it stood in the revision.
    Inlined,
}

/// Reads a file that stands beside the revision.
pub(super) type Load<'l> = &'l dyn Fn(&str) -> io::Result<Vec<u8>>;

/// Reads a hook.
pub(super) fn read(node: &Node<'_>, load: Load<'_>, sink: &Sink) -> Option<Hook> {
    let mut cursor = Cursor::new(node, sink);
    let only = cursor.annotation().and_then(|word| Name::new(word.as_str()).ok()).map(DialectName::new);
    let name = cursor.text("name").and_then(|text| Name::new(text.as_str()).ok());
    let only_env = cursor.text_prop("only-env").map_or_else(Vec::new, |text| environments(&text, sink));
    let up = cursor.child("up").map_or(Some(Script::Unfilled), |node| script(node, load, sink));
    let down =
        cursor.child("down").map_or(Some(Down::Script(Script::Unfilled)), |node| down(node, load, sink));
    let [before, expect, after] = ["before", "expect", "after"].map(|word| {
        let nodes = cursor.children_named(word);
        nodes.into_iter().filter_map(|node| expectation(node, sink)).collect()
    });
    cursor.finish();
    Some(Hook { name: name?, only, only_env, up: up?, down: down?, before, expect, after })
}

fn environments(text: &Text<'_>, sink: &Sink) -> Vec<Name> {
    syntax::environments(text.as_str()).unwrap_or_else(|| {
        let diagnostic = Diagnostic::error(&E413, format!("`{text}` is no list of environments"));
        sink.report(diagnostic.at(text.span, "").help(syntax::ENVIRONMENTS));
        Vec::new()
    })
}

fn down(node: &Node<'_>, load: Load<'_>, sink: &Sink) -> Option<Down> {
    let mut cursor = Cursor::new(node, sink);
    if !cursor.flag("irreversible") {
        return script(node, load, sink).map(Down::Script);
    }
    let reason = cursor.text_prop("reason");
    if cursor.node().entries.len() == 1 {
        let help = "say why nothing can be taken back: `down irreversible reason=\"…\"`";
        cursor.report_missing("`irreversible` needs a `reason=`", help);
    }
    cursor.finish();
    Some(Down::Irreversible { reason: reason?.text.into() })
}

/// Reads `up (sql)"…" (other)"…"`, `up file="…"`, `up nothing`.
fn script(node: &Node<'_>, load: Load<'_>, sink: &Sink) -> Option<Script> {
    let mut cursor = Cursor::new(node, sink);
    let nothing = cursor.flag_span("nothing");
    let file = cursor.text_prop("file");
    let texts = texts(&mut cursor);
    cursor.finish();
    if let Some(span) = nothing {
        if file.is_some() || texts.common.is_some() || !texts.overrides.is_empty() {
            let diagnostic = Diagnostic::error(&E413, format!("`{}` is `nothing` and something", node.name));
            sink.report(diagnostic.at(span, "").help("delete `nothing`, or what stands beside it"));
        }
        return Some(Script::Nothing);
    }
    let Texts { mut common, overrides } = texts;
    let mut name = None;
    if let Some(file) = file {
        if let Some((_, span)) = common {
            let message = format!("`{}` has SQL and a file with SQL", node.name);
            let diagnostic = Diagnostic::error(&E413, message).at(span, "here").at(file.span, "and here");
            sink.report(diagnostic.help("keep one of the two"));
        }
        common = Some((loaded(file.as_str(), file.span, load, sink)?, file.span));
        name = Some(file.text.into());
    }
    match (common, overrides.is_empty()) {
        (None, true) => Some(Script::Unfilled),
        (Some((text, _)), true) if name.is_none() && script::is_unfilled(&text) => Some(Script::Unfilled),
        (Some((text, _)), true) if name.is_none() && text.is_empty() => Some(Script::Nothing),
        (common, _) => {
            let common = common.map_or_else(|| UNFILLED.into(), |(text, _)| text);
            Some(Script::Text(ScriptText { sql: PerDialect { common, overrides }, file: name }))
        }
    }
}

/// SQL for all dialects, and exceptions.
struct Texts {
    common: Option<(Box<str>, Span)>,
    overrides: BTreeMap<DialectName, Box<str>>,
}

/// Takes all arguments that are left: `(sql)"…" (other)"…"`, the first for every dialect that no other names.
fn texts(cursor: &mut Cursor<'_, '_>) -> Texts {
    let mut texts = Texts { common: None, overrides: BTreeMap::new() };
    for entry in cursor.args() {
        let (Some(text), Some(annotation)) = (entry.as_str(), &entry.annotation) else {
            report_text(cursor, entry);
            continue;
        };
        let text = script::normalized(text);
        let twice = match (annotation.as_str(), Name::new(annotation.as_str())) {
            ("sql", _) => texts.common.replace((text, entry.span)).is_some(),
            (_, Ok(dialect)) => texts.overrides.insert(DialectName::new(dialect), text).is_some(),
            (_, Err(_)) => continue,
        };
        if twice {
            let message = format!("`{}` has two texts for `({annotation})`", cursor.name());
            cursor.report(Diagnostic::error(&E413, message).at(entry.span, "").help("delete one of the two"));
        }
    }
    texts
}

fn report_text(cursor: &Cursor<'_, '_>, entry: &Entry<'_>) {
    let message = format!("`{}` takes SQL that is marked as such, not {}", cursor.name(), entry.value.kind());
    let help = match entry.as_str() {
        Some(word) if near(word, ["nothing"]).is_some() => "write `nothing` if there is nothing to do",
        Some(_) | None => "write `(sql)\"…\"`, or a dialect's name in place of `sql`",
    };
    cursor.report(Diagnostic::error(&E413, message).at(entry.span, "").help(help));
}

/// The text of a file beside the revision.
fn loaded(name: &str, span: Span, load: Load<'_>, sink: &Sink) -> Option<Box<str>> {
    let plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':']);
    let read = if plain {
        load(name).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => "it is not there".to_owned(),
            _ => error.to_string(),
        })
    } else {
        Err("it must be the name of a file beside the revision".to_owned())
    };
    let text = read.and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()));
    match text {
        Ok(text) => Some(script::normalized(&text)),
        Err(reason) => {
            let diagnostic =
                Diagnostic::error(&E414, format!("the hook's file `{name}` can't be read: {reason}"));
            sink.report(diagnostic.at(span, "").help("restore the file, or write the SQL into the revision"));
            None
        }
    }
}

/// Reads `expect (sql)"SELECT …" is=0`.
fn expectation(node: &Node<'_>, sink: &Sink) -> Option<Expectation> {
    let mut cursor = Cursor::new(node, sink);
    let is = cursor.prop("is");
    let Texts { common, overrides } = texts(&mut cursor);
    if common.is_none() {
        let message = format!("`{}` needs a query that holds for every dialect", cursor.name());
        cursor.report_missing(&message, "write `(sql)\"SELECT …\"` first, and exceptions behind it");
    }
    let value = match is {
        None => {
            cursor.report_missing(
                &format!("`{}` needs `is=`", cursor.name()),
                "write the value that it must have",
            );
            None
        }
        Some(entry) => value(&cursor, entry),
    };
    cursor.finish();
    let query = SqlText { common: common?.0, overrides };
    Some(Expectation { query, is: value? })
}

/// The value that a query must have, as the text that the database gives it.
fn value(cursor: &Cursor<'_, '_>, entry: &Entry<'_>) -> Option<Option<Box<str>>> {
    if entry.annotation.is_some() {
        return cursor.report_kind(entry, "a value");
    }
    Some(match &entry.value {
        Value::String(text) => Some(text.as_ref().into()),
        Value::Number(number) => Some(number.as_str().into()),
        Value::Bool(value) => Some(value.to_string().into()),
        Value::Null => None,
    })
}

/// Finds hooks that have the name of another.
pub(super) fn report_repeated(steps: &[(Step, Span)], sink: &Sink) {
    let mut names: HashMap<&Name, Span> = HashMap::new();
    for (step, span) in steps {
        let Step::Hook(hook) = step else { continue };
        if let Some(first) = names.insert(&hook.name, *span) {
            let message = format!("two hooks are called `{}`", hook.name);
            let diagnostic =
                Diagnostic::error(&E413, message).at(*span, "again here").at(first, "first here");
            sink.report(diagnostic.help("give one of them another name"));
        }
    }
}

/// Writes a hook.
pub(super) fn write(w: &mut Writer, hook: &Hook, files: FileTexts) {
    let Hook { name, only, only_env, up, down, before, expect, after } = hook;
    let mut line = match only {
        Some(dialect) => w.annotated(dialect.as_str(), "data"),
        None => w.node("data"),
    };
    line.arg(name);
    syntax::write_only_env(&mut line, only_env);
    line.children(|w| {
        before.iter().for_each(|expectation| write_expectation(w, "before", expectation));
        write_script(w, "up", up, files, UP_STUB);
        expect.iter().for_each(|expectation| write_expectation(w, "expect", expectation));
        match down {
            Down::Script(script) => write_script(w, "down", script, files, DOWN_STUB),
            Down::Irreversible { reason } => {
                w.node("down").flag("irreversible").prop("reason", Literal::quoted(reason));
            }
        }
        after.iter().for_each(|expectation| write_expectation(w, "after", expectation));
    });
}

fn write_script(w: &mut Writer, name: &str, script: &Script, files: FileTexts, stub: &str) {
    let mut line = w.node(name);
    match script {
        Script::Nothing => {
            line.flag("nothing");
        }
        Script::Unfilled => {
            line.arg(Literal::quoted(stub).annotated("sql"));
        }
        Script::Text(ScriptText { sql, file }) => {
            let is_partial = !sql.overrides.is_empty() && *sql.common == *UNFILLED;
            match (file, files) {
                (Some(file), FileTexts::Named) => {
                    line.prop("file", Literal::quoted(file));
                }
                (Some(_), FileTexts::Inlined) | (None, _) if is_partial => {}
                (Some(_), FileTexts::Inlined) | (None, _) => {
                    line.arg(Literal::quoted(&script::normalized(&sql.common)).annotated("sql"));
                }
            }
            write_exceptions(&mut line, sql);
        }
    }
}

fn write_exceptions(line: &mut Line<'_>, sql: &SqlText) {
    for (dialect, text) in &sql.overrides {
        line.arg(Literal::quoted(&script::normalized(text)).annotated(dialect.as_str()));
    }
}

fn write_expectation(w: &mut Writer, name: &str, expectation: &Expectation) {
    let Expectation { query, is } = expectation;
    let mut line = w.node(name);
    line.arg(Literal::quoted(&script::normalized(&query.common)).annotated("sql"));
    write_exceptions(&mut line, query);
    match is.as_deref() {
        None => line.prop("is", Literal::NULL),
        Some("true") => line.prop("is", true),
        Some("false") => line.prop("is", false),
        Some(text) => match Number::new(text).filter(|number| number.as_i64().is_some()) {
            Some(number) => line.prop("is", number),
            None => line.prop("is", text),
        },
    };
}
