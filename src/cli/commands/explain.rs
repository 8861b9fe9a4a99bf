//! `schemactl explain`: the pages of the codes.

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::errors;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::style::{NAME, TITLE, paint};
use crate::diagnostic::{Code, Diagnostic, near};

/// Explain error codes: why they are raised and what to do
///
/// Without a code, all codes are listed.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  schemactl explain E101\n  schemactl explain")]
pub(crate) struct Args {
    /// The codes, such as `E101`
    #[arg(value_name = "CODE")]
    codes: Vec<String>,
}

/// Prints the pages, or the list.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { codes } = args;
    let all = all();
    if codes.is_empty() {
        list(&all, context);
        return Ok(Exit::DONE);
    }
    let mut pages = Vec::new();
    let mut unknown = Vec::new();
    for id in codes {
        match all.iter().find(|code| code.id.eq_ignore_ascii_case(&id)) {
            Some(code) => pages.push(*code),
            None => unknown.push(not_found(&id, &all)),
        }
    }
    if !unknown.is_empty() {
        return Err(unknown.into());
    }
    print(&pages, context);
    Ok(Exit::DONE)
}

/// Every code of every layer.
#[must_use]
pub(crate) fn all() -> Vec<&'static Code> {
    let layers = [
        crate::document::errors::CODES,
        crate::syntax::errors::CODES,
        crate::model::errors::CODES,
        crate::snapshot::errors::CODES,
        crate::revision::errors::CODES,
        crate::plan::errors::CODES,
        &crate::dialect::codes(),
        crate::project::errors::CODES,
        crate::runner::errors::CODES,
        errors::CODES,
        crate::import::errors::CODES,
    ];
    layers.concat()
}

fn not_found(id: &str, all: &[&'static Code]) -> Diagnostic {
    let help = match near(&id.to_uppercase(), all.iter().map(|code| code.id)) {
        Some(near) => format!("did you mean `{near}`? `schemactl explain` lists all"),
        None => "run `schemactl explain` for the list".to_owned(),
    };
    Diagnostic::error(&errors::E801, format!("unknown code `{id}`")).help(help)
}

fn list(all: &[&'static Code], context: &mut Context) {
    if context.printer.is_json() {
        let codes: Vec<_> = all.iter().map(|code| json!({ "code": code.id, "title": code.title })).collect();
        return context.printer.json(json!({ "codes": codes }));
    }
    for code in all {
        context.printer.line(format_args!("{}  {}", paint(NAME, code.id), code.title));
    }
}

fn print(pages: &[&'static Code], context: &mut Context) {
    if context.printer.is_json() {
        let codes: Vec<_> = pages
            .iter()
            .map(|code| json!({ "code": code.id, "title": code.title, "page": page(code) }))
            .collect();
        return context.printer.json(json!({ "codes": codes }));
    }
    for (index, code) in pages.iter().enumerate() {
        if index > 0 {
            context.printer.line("");
        }
        context.printer.line(paint(TITLE, format_args!("{}: {}", code.id, code.title)));
        context.printer.line("");
        context.printer.data(page(code));
    }
}

/// A page without the space that each line of a doc comment begins with.
fn page(code: &Code) -> String {
    code.page.lines().map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect()
}
