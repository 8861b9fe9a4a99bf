//! `schemactl new`: a revision for work on data alone.

use serde_json::json;

use crate::change::{Down, Hook, Script, Step};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::placing::{Placing, dependencies};
use crate::cli::{clock, plan_view};
use crate::name::Name;
use crate::revision::{self, Revision, slug};
use crate::snapshot;

/// Write a revision that changes no schema, with a hook for work on data
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  schemactl new -m \"backfill slugs\"")]
pub(crate) struct Args {
    /// What the revision is for; its file and its hook are named after it
    #[arg(short, long, value_name = "TEXT")]
    pub(super) message: String,

    #[command(flatten)]
    pub(super) placing: Placing,
}

/// Writes it.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { message, placing } = args;
    let project = context.project()?;
    let history = project.read_history(&mut context.sources)?;
    let spot = placing.spot(&history)?;
    let state = match (spot.parent, spot.depends_on.as_slice()) {
        (Some(head), []) => head.revision.to,
        _ => snapshot::hash(&history.state_at(&spot.ids())?),
    };
    let hook = Hook {
        name: Name::new(slug(&message).replace('_', "-")).expect("a slug is never empty"),
        only: None,
        only_env: Vec::new(),
        up: Script::Unfilled,
        down: Down::Script(Script::Unfilled),
        before: Vec::new(),
        expect: Vec::new(),
        after: Vec::new(),
    };
    let parents: Vec<_> = spot.parent.into_iter().collect();
    let mut revision = Revision::new(&parents, state, state, &message, clock::now(), vec![Step::Hook(hook)]);
    revision.depends_on = dependencies(&spot.depends_on);
    placing.mark(&history, &mut revision)?;
    let path = revision::write(&project.files(), &project.revisions(), &revision)?;
    if context.printer.is_json() {
        context.printer.json(json!({ "revision": plan_view::revision_json(&revision), "written": [path] }));
        return Ok(Exit::DONE);
    }
    context.printer.status("Wrote", &path);
    context.printer.next("`schemactl edit` to write the hook");
    Ok(Exit::DONE)
}
