//! Behaviour of the language, by example and by property.

mod habit;
mod language;
mod mistakes;
mod renames;

use super::{Parsed, parse, print};
use crate::diagnostic::{Diagnostic, Sources, render};
use crate::name::{DialectName, Name};

fn dialects() -> Vec<DialectName> {
    ["postgres", "sqlite"].map(|word| DialectName::new(Name::new(word).expect("the words are names"))).into()
}

fn read(text: &str) -> (Option<Parsed>, Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let file = sources.add("schema.kdl", text);
    let (parsed, diagnostics) = parse(&sources, &[file], &dialects());
    (parsed, diagnostics, sources)
}

fn parsed(text: &str) -> Parsed {
    let (parsed, diagnostics, sources) = read(text);
    let shown: String = diagnostics.iter().map(|problem| render(problem, &sources, 80, false)).collect();
    parsed.unwrap_or_else(|| panic!("the text has errors:\n{shown}"))
}

/// The canonical form of a text; it must read back as the same state.
fn canonical(text: &str) -> String {
    let state = parsed(text).state;
    let printed = print(&state);
    assert_eq!(parsed(&printed).state, state, "the canonical form says something else:\n{printed}");
    assert_eq!(print(&parsed(&printed).state), printed);
    printed
}

/// The problems of a text: code, the words pointed at, message, remedy.
fn problems(text: &str) -> String {
    let (parsed, diagnostics, _) = read(text);
    assert!(parsed.is_none(), "the text has no errors");
    let lines = diagnostics.iter().map(|problem| {
        let at = problem.labels.first().map_or("", |label| &text[label.span.range()]);
        let help = problem.help.as_deref().unwrap_or("");
        format!("{} `{at}`: {}\n     {help}\n", problem.code.id, problem.message)
    });
    lines.collect()
}
