//! `schemactl log`: the chain of revisions, or what has run on a database; the newest first.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::prove::nothing;
use crate::cli::context::Context;
use crate::cli::database::{Access, Database, with_database};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::graph::{self, Row};
use crate::cli::offline;
use crate::cli::plan_view;
use crate::cli::style::{DIM, NAME, paint};
use crate::plan::HIDDEN;
use crate::revision::{History, Link, Path, RevisionId, Target};
use crate::runner::journal::{Event, Record, Used};

/// List the revisions, the newest first
///
/// With `--applied`, list what has run on the database instead, as its journal tells: what was applied, rolled back
/// or stamped, when, how long it took, and who did it.
#[derive(Debug, clap::Args)]
#[command(visible_alias = "history")]
#[command(
    after_long_help = "Examples:\n  schemactl log\n  schemactl log -n 5 --format json\n  schemactl log v1.2..\n  \
    schemactl log current..head --env prod\n  \
    schemactl log --applied --env prod"
)]
pub(crate) struct Args {
    /// Those behind one revision and up to another: `FROM..TO` or `FROM:TO`, where either may be left out; one alone
    /// lists what leads to it. `current` and `+1` ask the database
    #[arg(value_name = "RANGE", allow_negative_numbers = true, conflicts_with = "applied")]
    range: Option<String>,

    /// The same range, where it begins with `-`: `-r -3..`
    #[arg(short = 'r', long = "range", visible_alias = "rev-range", value_name = "RANGE")]
    #[arg(id = "from_option", allow_hyphen_values = true, conflicts_with_all = ["range", "applied"])]
    option: Option<String>,

    /// At most so many
    #[arg(short = 'n', long = "limit", value_name = "COUNT")]
    limit: Option<usize>,

    /// Read the journal of the database, not the files
    #[arg(long)]
    applied: bool,

    /// Draw what builds on what; with `--env` or `--url`, what the database has is marked with `●`
    #[arg(long, conflicts_with = "applied")]
    graph: bool,
}

/// Lists them.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { range, option, limit, applied, graph } = args;
    let limit = limit.unwrap_or(usize::MAX);
    if applied {
        return with_database(context, "log", Access::Read, async |context, database| {
            journal(context, &database, limit);
            Ok(Exit::DONE)
        });
    }
    let range = range.or(option);
    let range = range.as_deref();
    let is_named = context.global.env.is_some() || context.global.url.is_some();
    if graph && is_named || range.is_some_and(is_relative) {
        return with_database(
            context,
            "log",
            Access::Read,
            async |context, Database { history, standing, .. }| {
                let shown = chosen(&history, range, &standing.position)?;
                let listing = Listing { history: &history, shown, limit };
                if graph {
                    listing.draw(context, Some(&standing.applied))
                } else {
                    listing.print(context)
                }
                Ok(Exit::DONE)
            },
        );
    }
    let project = context.project()?;
    let history = project.read_history(&mut context.sources)?;
    let listing = Listing { history: &history, shown: chosen(&history, range, &[])?, limit };
    if graph {
        listing.draw(context, None)
    } else {
        listing.print(context)
    }
    Ok(Exit::DONE)
}

/// Whether a database has to say what a range means.
fn is_relative(range: &str) -> bool {
    let (from, to) = offline::range(range);
    Target::is_relative(to) || from.is_some_and(Target::is_relative)
}

/// The revisions that a range means, all where there is none.
fn chosen(
    history: &History,
    range: Option<&str>,
    position: &[RevisionId],
) -> Result<BTreeSet<RevisionId>, Failure> {
    let id = |link: &Link| link.revision.id;
    let Some(text) = range else { return Ok(history.links().iter().map(id).collect()) };
    let (from, to) = offline::range_up_to(text, "heads");
    let from = Target::resolve(history, from.unwrap_or("base"), position)?;
    let to = Target::resolve(history, to, position)?;
    let Path { back, forth } = history.path(from.ids(), to.ids());
    if forth.is_empty() && !back.is_empty() {
        return Err(nothing(text));
    }
    Ok(forth.into_iter().map(id).collect())
}

/// What is listed of a chain.
struct Listing<'h> {
    history: &'h History,
    shown: BTreeSet<RevisionId>,
    limit: usize,
}

impl<'h> Listing<'h> {
    /// The revisions that are listed, the newest first.
    fn newest(&self) -> impl Iterator<Item = &'h Link> {
        let links = self.history.links().iter().rev();
        links.filter(|link| self.shown.contains(&link.revision.id)).take(self.limit)
    }

    /// Prints a line or an object for each.
    fn print(&self, context: &mut Context) {
        let printer = &mut context.printer;
        if printer.is_json() {
            let revision = |link: &Link| {
                let mut value = plan_view::revision_json(&link.revision);
                value["digest"] = link.digest.to_string().into();
                value
            };
            let revisions: Vec<_> = self.newest().map(revision).collect();
            return printer.json(json!({ "revisions": revisions }));
        }
        for link in self.newest() {
            printer.lines(format_args!("{}\n", plan_view::line(&link.revision)));
        }
        self.note_none(context);
    }

    /// Says so where there is nothing to list.
    fn note_none(&self, context: &mut Context) {
        if self.history.is_empty() {
            context.printer.note("there are no revisions yet");
            context.printer.next("`schemactl plan`");
        } else if self.shown.is_empty() {
            context.printer.note("no revisions lie between the two");
        }
    }

    /// Draws them; what is applied is marked, where that is known.
    fn draw(&self, context: &mut Context, applied: Option<&BTreeSet<RevisionId>>) {
        let is_applied = |link: &Link| applied.map(|applied| applied.contains(&link.revision.id));
        let links = self.history.links();
        if context.printer.is_json() {
            let revision = |link: &Link| {
                let mut value = plan_view::revision_json(&link.revision);
                value["applied"] = is_applied(link).into();
                value
            };
            let revisions: Vec<Value> = self.newest().map(revision).collect();
            return context.printer.json(json!({ "revisions": revisions }));
        }
        let mark = |of: usize| {
            let link = &links[of];
            let sign = if is_applied(link) == Some(true) { '●' } else { '○' };
            self.shown.contains(&link.revision.id).then_some(sign)
        };
        let mut left = self.limit;
        for Row { lines, of } in graph::draw(self.history, mark) {
            match of {
                Some(_) if left == 0 => break,
                Some(of) => {
                    left -= 1;
                    let behind = self.behind(&links[of]);
                    let line = plan_view::line(&links[of].revision);
                    context.printer.lines(format_args!("{lines} {line}{}\n", paint(DIM, behind)));
                }
                None => context.printer.line(lines),
            }
        }
        self.note_none(context);
    }

    /// What a drawing says behind a revision: what of another branch it needs, and whether it is a head.
    fn behind(&self, link: &Link) -> String {
        let is_head = self.history.children(link.revision.id).next().is_none();
        let needs: Vec<&str> = link.revision.depends_on.iter().map(|one| one.name.as_str()).collect();
        let needs = if needs.is_empty() { String::new() } else { format!(" needs {}", needs.join(", ")) };
        format!("{needs}{}", if is_head { " (head)" } else { "" })
    }
}

/// Lists what has run on the database.
fn journal(context: &mut Context, database: &Database, limit: usize) {
    // What a revision went through on the way is told by `status` while it matters.
    let is_end = |record: &&Record| !matches!(record.entry.event, Event::Part { .. });
    let journal = &database.journal;
    let newest: Vec<&Record> = journal.records.iter().rev().filter(is_end).take(limit).collect();
    let printer = &mut context.printer;
    if printer.is_json() {
        let events: Vec<_> =
            newest.into_iter().map(|record| record_json(record, &journal.used(record))).collect();
        return printer.json(json!({ "events": events }));
    }
    if newest.is_empty() {
        printer.note("nothing has run on this database");
    }
    let name = |record: &Record| {
        record.entry.event.revision().map_or("", |revision| revision.name.as_str()).to_owned()
    };
    let width = newest.iter().map(|record| name(record).chars().count()).max().unwrap_or(0);
    for record in newest {
        let words = format!("{:<11} ", record.entry.event.word());
        let name = paint(NAME, format_args!("{:<width$}", name(record)));
        let seconds = record.entry.duration.as_secs_f32();
        let (started, actor) = (record.entry.started.strftime("%Y-%m-%dT%H:%M:%SZ"), &record.actor);
        let used = with(&journal.used(record));
        let rest = paint(DIM, format_args!("{started}  {seconds:>7.2} s  {actor}{used}"));
        printer.lines(format_args!("{words}{name}  {rest}\n"));
    }
}

/// What a revision ran with, for people.
fn with(Used { variables, environment }: &Used) -> String {
    let one = |(name, value): (&String, &Option<String>)| match value.as_deref() {
        None => format!("  {name}={HIDDEN}"),
        Some(text) if text.is_empty() || text.contains(|c: char| c.is_whitespace() || c == '"') => {
            format!("  {name}={text:?}")
        }
        Some(text) => format!("  {name}={text}"),
    };
    let place = environment.as_deref().map(|name| match name {
        "" => "  in no environment".to_owned(),
        name => format!("  in {name}"),
    });
    place.into_iter().chain(variables.iter().map(one)).collect()
}

fn record_json(record: &Record, Used { variables, environment }: &Used) -> Value {
    let Record { seq, run, entry, tool, actor } = record;
    let duration_ms = u64::try_from(entry.duration.as_millis()).unwrap_or(u64::MAX);
    json!({
        "seq": seq,
        "event": record.entry.event.word(),
        "revision": record.entry.event.revision().map(|revision| revision.name.as_str()),
        "id": record.entry.event.revision().map(|revision| revision.id.as_str()),
        "digest": record.entry.event.revision().map(|revision| revision.digest.to_string()),
        "started": entry.started.to_string(),
        "duration_ms": duration_ms,
        "actor": actor,
        "run": run,
        "tool": tool,
        "variables": variables,
        "environment": environment,
    })
}
