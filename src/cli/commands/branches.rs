//! `schemactl branches`: where the chain forks, and where each branch has come to.

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::plan_view;
use crate::cli::style::{DIM, NAME, TITLE, paint};
use crate::revision::{History, Link};

/// List where the chain forks, and the heads that each branch has come to
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  schemactl branches")]
pub(crate) struct Args {}

/// Lists them.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args {} = args;
    let project = context.project()?;
    let history = project.read_history(&mut context.sources)?;
    let forks = history.links().iter().filter(|link| history.children(link.revision.id).count() > 1);
    let forks: Vec<&Link> = forks.collect();
    let printer = &mut context.printer;
    if printer.is_json() {
        let fork = |link: &&Link| {
            let branches: Vec<_> = history
                .children(link.revision.id)
                .map(
                    |child| json!({ "first": child.revision.name.as_str(), "labels": labels(child), "heads": names(&history, child) }),
                )
                .collect();
            json!({ "fork": plan_view::revision_json(&link.revision), "branches": branches })
        };
        printer.json(json!({ "forks": forks.iter().map(fork).collect::<Vec<_>>() }));
        return Ok(Exit::DONE);
    }
    for link in forks {
        printer.lines(format_args!("{}\n", plan_view::line(&link.revision)));
        for child in history.children(link.revision.id) {
            let label: String = labels(child).iter().map(|label| format!(" ({label})")).collect();
            let name = format!("{}{}", paint(NAME, &child.revision.name), paint(TITLE, label));
            let heads = names(&history, child);
            let leads = heads.join(", ");
            match heads.as_slice() {
                [only] if *only == child.revision.name.as_str() => printer.line(format_args!("  {name}")),
                _ => printer.line(format_args!("  {name} {}", paint(DIM, format_args!("→ {leads}")))),
            }
        }
    }
    Ok(Exit::DONE)
}

fn labels(link: &Link) -> Vec<&str> {
    link.revision.labels.iter().map(|label| label.as_str()).collect()
}

/// The heads that build on a revision.
fn names<'h>(history: &'h History, link: &Link) -> Vec<&'h str> {
    let heads = history.heads().into_iter();
    let on = heads.filter(|head| {
        history.ancestors([head.revision.id]).iter().any(|below| below.revision.id == link.revision.id)
    });
    on.map(|head| head.revision.name.as_str()).collect()
}
