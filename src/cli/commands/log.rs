//! `schemactl log`: the chain of revisions, or what has run on a database; the newest first.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::database::{Access, Database, with_database};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::graph::{self, Row};
use crate::cli::plan_view;
use crate::cli::style::{DIM, NAME, paint};
use crate::plan::HIDDEN;
use crate::revision::{History, RevisionId};
use crate::runner::journal::{Event, Record, Used};

/// List the revisions, the newest first
///
/// With `--applied`, list what has run on the database instead, as its journal tells: what was applied, rolled back
/// or stamped, when, how long it took, and who did it.
#[derive(Debug, clap::Args)]
#[command(visible_alias = "history")]
#[command(after_long_help = "Examples:\n  schemactl log\n  schemactl log -n 5 --format json\n  \
    schemactl log --applied --env prod")]
pub(crate) struct Args {
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
    let Args { limit, applied, graph } = args;
    let limit = limit.unwrap_or(usize::MAX);
    if applied {
        return with_database(context, "log", Access::Read, async |context, database| {
            journal(context, &database, limit);
            Ok(Exit::DONE)
        });
    }
    if graph && (context.global.env.is_some() || context.global.url.is_some()) {
        return with_database(context, "log", Access::Read, async |context, database| {
            drawing(context, &database.history, limit, Some(&database.standing.applied));
            Ok(Exit::DONE)
        });
    }
    let project = context.project()?;
    let history = project.read_history(&mut context.sources)?;
    if graph {
        drawing(context, &history, limit, None);
        return Ok(Exit::DONE);
    }
    let newest = history.links().iter().rev().take(limit);
    if context.printer.is_json() {
        let revision = |link: &crate::revision::Link| {
            let mut value = plan_view::revision_json(&link.revision);
            value["digest"] = link.digest.to_string().into();
            value
        };
        let revisions: Vec<_> = newest.map(revision).collect();
        context.printer.json(json!({ "revisions": revisions }));
        return Ok(Exit::DONE);
    }
    for link in newest {
        context.printer.line(plan_view::line(&link.revision));
    }
    if history.is_empty() {
        context.printer.note("there are no revisions yet");
        context.printer.next("`schemactl plan`");
    }
    Ok(Exit::DONE)
}

/// Draws the chain; what is applied is marked, where that is known.
fn drawing(context: &mut Context, history: &History, limit: usize, applied: Option<&BTreeSet<RevisionId>>) {
    let links = history.links();
    let is_applied = |of: usize| applied.map(|applied| applied.contains(&links[of].revision.id));
    let printer = &mut context.printer;
    if printer.is_json() {
        let newest = links.iter().enumerate().rev().take(limit);
        let revisions: Vec<Value> = newest
            .map(|(of, link)| {
                let mut value = plan_view::revision_json(&link.revision);
                value["applied"] = is_applied(of).into();
                value
            })
            .collect();
        return printer.json(json!({ "revisions": revisions }));
    }
    let mark = |of: usize| if is_applied(of) == Some(true) { '●' } else { '○' };
    let mut left = limit;
    for Row { lines, of } in graph::draw(history, mark) {
        match of {
            Some(_) if left == 0 => break,
            Some(of) => {
                left -= 1;
                let tip =
                    if history.children(links[of].revision.id).next().is_none() { " (head)" } else { "" };
                let needs: Vec<&str> =
                    links[of].revision.depends_on.iter().map(|one| one.name.as_str()).collect();
                let needs =
                    if needs.is_empty() { String::new() } else { format!(" needs {}", needs.join(", ")) };
                let line = plan_view::line(&links[of].revision);
                printer.line(format_args!("{lines} {line}{}", paint(DIM, format_args!("{needs}{tip}"))));
            }
            None => printer.line(lines),
        }
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
        printer.line(format_args!("{words}{name}  {rest}"));
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
