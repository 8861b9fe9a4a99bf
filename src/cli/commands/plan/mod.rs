//! `schemactl plan`: from the schema's files to a revision. Needs no database, and writes only what it has shown and
//! proven.

mod answers;
mod convert;
mod draft;
mod expand;
mod question;
mod write;

use std::path::PathBuf;

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::cost::Cost;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::placing::Placing;
use crate::cli::plan_view::View;
use crate::cli::sql_view::{self, Lowered};
use crate::cli::{dialects, plan_view};
use crate::diagnostic::Diagnostic;
use crate::project::files;
use answers::Answers;
use draft::{Draft, Kind};

/// Plan the next revision: what leads from the last one to the schema
///
/// Compares the state that the chain of revisions ends in with the files in `schema/`, shows the steps, and writes
/// them as a revision with a snapshot of the state. Asks no database. What can't be known is asked: whether
/// something was renamed, what existing rows get in a required column, how values get from one type to another. Without a terminal the questions are printed
/// with the options that answer them, the exit code is 3, and nothing is written.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  schemactl plan -m \"add posts\"\n  \
    schemactl plan --rename posts.content=posts.body\n  schemactl plan --dry-run --sql")]
pub(crate) struct Args {
    /// What the revision is for; its file is named after it
    #[arg(short, long, value_name = "TEXT")]
    pub(super) message: Option<String>,

    /// Show the plan and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,

    /// Plan the last revision again, in its place; its hooks stay where they were
    #[arg(long, conflicts_with_all = ["empty", "parent", "depends_on"])]
    pub(super) amend: bool,

    /// Write a revision without operations
    #[arg(long)]
    pub(super) empty: bool,

    #[command(flatten)]
    pub(super) placing: Placing,

    /// Take a drop and an add for a rename: `posts.content=posts.body`, `articles=posts`
    #[arg(long = "rename", value_name = "OLD=NEW")]
    renames: Vec<String>,

    /// Take whatever else looks like a rename for a drop and an add
    #[arg(long)]
    no_renames: bool,

    /// Drop this, whatever is added that looks like it
    #[arg(long = "drop", value_name = "NAME")]
    drops: Vec<String>,

    /// Give existing rows this value in a new required column, or in a dropped one when it comes back: `users.age=0`
    #[arg(long = "default", value_name = "COLUMN=VALUE")]
    defaults: Vec<String>,

    /// Fill a new required column, or a dropped one when it comes back, with a hook, which is added for you to write
    #[arg(long = "fill", value_name = "COLUMN")]
    fills: Vec<String>,

    /// Add required columns to this table as they are, because it has no rows
    #[arg(long = "assume-empty", value_name = "TABLE")]
    empty_tables: Vec<String>,

    /// Give rows with a removed value of an enum another one: `status.archived=draft`
    #[arg(long = "replace", value_name = "OLD=VALUE")]
    replaced: Vec<String>,

    /// Remove this value of an enum as it is, because no row has it
    #[arg(long = "assume-unused", value_name = "VALUE")]
    unused: Vec<String>,

    /// Compute the values of a column that gets another type: `devices.code=upper(code)`; without SQL, a hook is added
    /// for you to write
    #[arg(long = "convert", value_name = "COLUMN[=SQL]")]
    converted: Vec<String>,

    /// Compute them on the way back: `devices.code=lower(code)`
    #[arg(long = "convert-back", value_name = "COLUMN=SQL", requires = "converted")]
    converted_back: Vec<String>,

    /// Read answers from a file: `rename "posts.content" "posts.body"`, one on each line
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,

    /// Show the SQL of both directions as well
    #[arg(long)]
    sql: bool,

    /// Show the SQL for this database only
    #[arg(long, value_name = "DIALECT", requires = "sql")]
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(crate::dialect::products()))]
    dialect: Option<String>,
}

impl Args {
    fn kind(&self) -> Kind {
        match (self.amend, self.empty) {
            (true, _) => Kind::Amend,
            (false, true) => Kind::Empty,
            (false, false) => Kind::New,
        }
    }
}

/// Plans, shows and writes.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let answers = given(&args, context)?;
    let project = context.project()?;
    let is_asked = dialects::asked(&project.servers(), args.dialect.as_deref())?;
    let Some(draft) = draft::draft(&project, args.kind(), &args.placing, answers, context)? else {
        return Ok(nothing(context));
    };
    let mut revision = draft.revision(args.message.as_deref());
    args.placing.mark(&draft.history, &mut revision)?;
    let lowered = draft.render(&project)?;
    draft.prove_text(&revision)?;
    draft.prove_place(&project, &revision, context)?;
    let sql: Vec<&Lowered> =
        lowered.iter().filter(|lowered| args.sql && is_asked(&lowered.dialect)).collect();
    show(&draft, &revision, &dialects::costs(&lowered), &sql, context);
    let (mut written, mut updated) = (Vec::new(), Vec::new());
    if !args.dry_run {
        written = write::write(&project, &draft, &revision)?;
        updated = project.remove_rename_hints(&context.sources)?;
    }
    if context.printer.is_json() {
        let sql = args.sql.then(|| sql.iter().map(|lowered| sql_view::json(lowered)).collect::<Vec<_>>());
        context.printer.json(json!({
            "revision": plan_view::revision_json(&revision),
            "steps": plan_view::json(&revision.steps, &dialects::costs(&lowered)),
            "sql": sql,
            "written": written,
            "updated": updated,
        }));
    }
    for path in &written {
        context.printer.status(if args.amend { "Amended" } else { "Wrote" }, path);
    }
    for path in &updated {
        let what = "`was=` is taken out, the revision has the rename";
        context.printer.status("Updated", format_args!("{}: {what}", path.display()));
    }
    if !written.is_empty() {
        let unfilled = plan_view::unfilled(&revision.steps);
        let next = if unfilled { "`schemactl edit` to write the hook" } else { "`schemactl apply`" };
        context.printer.next(next);
    }
    // The process ends: the states go with it, faster than piece by piece.
    std::mem::forget(draft);
    Ok(Exit::DONE)
}

/// What the options and the file of answers say.
fn given(args: &Args, context: &mut Context) -> Result<Answers, Failure> {
    let mut answers = Answers { no_renames: args.no_renames, ..Answers::default() };
    let mut problems = Vec::new();
    let mut pairs = |option: &str, texts: &[String]| -> Vec<(String, String)> {
        let pair = |text: &String| match text.split_once('=') {
            Some((before, after)) if !before.is_empty() && (!after.is_empty() || option == "--default") => {
                Some((before.to_owned(), after.to_owned()))
            }
            _ => {
                problems.push(answers::not_a_pair(option, text));
                None
            }
        };
        texts.iter().filter_map(pair).collect()
    };
    answers.renames = pairs("--rename", &args.renames);
    let defaults = pairs("--default", &args.defaults);
    answers.converted_back.extend(pairs("--convert-back", &args.converted_back));
    let (by_sql, by_hand): (Vec<String>, Vec<String>) =
        args.converted.iter().cloned().partition(|text| text.contains('='));
    answers.converted.extend(by_hand.into_iter().map(|column| (column, None)));
    let by_sql = pairs("--convert", &by_sql).into_iter();
    answers.converted.extend(by_sql.map(|(column, sql)| (column, Some(sql))));
    answers.replaced.extend(pairs("--replace", &args.replaced));
    for (thing, value) in defaults {
        problems.extend(answers.add_default(&thing, &value).err());
    }
    answers.dropped.extend(args.drops.iter().cloned());
    answers.fills.extend(args.fills.iter().cloned());
    answers.empty.extend(args.empty_tables.iter().cloned());
    answers.unused.extend(args.unused.iter().cloned());
    if let Some(path) = &args.answers {
        let source = files::read(".".as_ref(), path, &mut context.sources)
            .map_err(|problem| Failure::from(problem).exit(Exit::USAGE))?;
        let text = context.sources.get(source).text.clone();
        problems.extend(answers.read(source, &text).err().unwrap_or_default());
    }
    if problems.is_empty() { Ok(answers) } else { Err(Failure::from(problems).exit(Exit::USAGE)) }
}

fn nothing(context: &mut Context) -> Exit {
    if context.printer.is_json() {
        context
            .printer
            .json(json!({ "revision": null, "steps": [], "sql": null, "written": [], "updated": [] }));
    } else {
        context.printer.note("nothing to plan: the schema is what the last revision leads to");
    }
    Exit::DONE
}

/// Shows the plan, and the SQL that is asked for.
fn show(
    draft: &Draft,
    revision: &crate::revision::Revision,
    costs: &[Cost],
    sql: &[&Lowered],
    context: &mut Context,
) {
    context.printer.diagnostics(&draft.warnings, &context.sources);
    if context.printer.is_json() {
        return;
    }
    let crate::revision::Revision { name, from, to, steps, .. } = revision;
    View { name: name.as_str(), from: *from, to: *to, steps, costs, is_summed: true }
        .print(&mut context.printer);
    for lowered in sql {
        context.printer.line("");
        context.printer.data(sql_view::text(lowered));
    }
}

/// The diagnostics of a fault that only a programmer can mend.
fn broken(message: String) -> Diagnostic {
    Diagnostic::error(&crate::cli::errors::E814, message)
        .help("please report it with the schema; `schemactl plan --empty` gives a revision to write by hand")
}
