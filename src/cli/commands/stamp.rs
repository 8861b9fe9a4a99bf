//! `schemactl stamp`: records where a database stands, and runs nothing.

use std::collections::BTreeSet;

use serde_json::json;

use crate::cli::consent::protect;
use crate::cli::context::Context;
use crate::cli::database::{Access, Database, exclusively, record, with_database};
use crate::cli::drift_view::View;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::observe;
use crate::cli::offline::{self, Offline, ScriptArgs};
use crate::cli::output::counted;
use crate::cli::style::{TITLE, paint};
use crate::diagnostic::Diagnostic;
use crate::model::State;
use crate::revision::{History, Link, RevisionId, Target};
use crate::runner::jobs::reference;
use crate::runner::journal::{Completion, Entry, Event};
use crate::snapshot;

/// Record where a database stands, and run nothing
///
/// For a database whose schema came about in another way, or whose journal is to be mended. The catalog is compared
/// with a scratch database in the state of the revision first; with differences nothing is recorded and the command
/// exits with 4, unless `--force` is given. `--purge` forgets first what the journal says, also of revisions that this
/// project doesn't have.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  schemactl stamp head\n  schemactl stamp 0003_split_name --purge")]
pub(crate) struct Args {
    /// The revision that the database has: a name or id, `head`, `base`; of several branches one of each
    #[arg(value_name = "TARGET", required = true, num_args = 1.., allow_negative_numbers = true)]
    targets: Vec<String>,

    /// Forget what the journal says before
    #[arg(long, conflicts_with = "idempotent")]
    purge: bool,

    /// Record it without a look at the schema, and record that
    #[arg(long, conflicts_with = "sql")]
    force: bool,

    /// Don't ask on a protected environment
    #[arg(long, short)]
    yes: bool,

    #[command(flatten)]
    script: ScriptArgs,
}

/// Records it.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    if args.script.sql {
        return script(context, &args);
    }
    for target in &args.targets {
        offline::no_range(target, "stamp")?;
    }
    let is_needed = |database: &Database| Ok(!entries(database, &args)?.is_empty());
    with_database(context, "stamp", Access::Create(&is_needed), async |context, mut database| {
        // What can't be recorded is told before anybody is asked.
        entries(&database, &args)?;
        protect(context, &database.target, args.yes)?;
        let timeout = database.target.policy.lock_timeout;
        exclusively(context, &mut database, "stamp", timeout, async |context, database| {
            stamp(context, database, &args).await
        })
        .await
    })
}

async fn stamp(context: &mut Context, database: &mut Database, args: &Args) -> Result<Exit, Failure> {
    database.refresh().await?;
    let entries = entries(database, args)?;
    let state = reached(database, args)?;
    if !args.force && !is_in(context, database, &state).await? {
        return Ok(Exit::FINDINGS);
    }
    record(database, "stamp", &entries).await?;
    let verified = (!args.force).then(|| snapshot::hash(&state));
    observe::observe(context, database, verified).await;
    let changes: Vec<(&str, &str)> = entries
        .iter()
        .map(|entry| {
            let event = &entry.event;
            (event.word(), event.revision().map_or("", |revision| revision.name.as_str()))
        })
        .collect();
    let printer = &mut context.printer;
    if printer.is_json() {
        let events = changes.iter().map(|(event, revision)| json!({ "event": event, "revision": revision }));
        printer.json(json!({ "events": events.collect::<Vec<_>>() }));
        return Ok(Exit::DONE);
    }
    if changes.is_empty() {
        printer.note("nothing to stamp: the journal says so already");
    }
    for (event, revision) in changes {
        let verb = match event {
            "stamped" => "Stamped",
            "unstamped" => "Unstamped",
            _ => "Purged",
        };
        printer.status(verb, if revision.is_empty() { "the journal" } else { revision });
    }
    Ok(Exit::DONE)
}

/// The state of the revisions that the database counts as having afterwards.
fn reached(database: &Database, args: &Args) -> Result<State, Failure> {
    let Database { history, standing, .. } = database;
    let target = targets(history, &args.targets, &standing.position)?;
    Ok(history.state_at(&target)?)
}

/// Whether the catalog is that of a state; if not, the differences are shown.
async fn is_in(context: &mut Context, database: &mut Database, state: &State) -> Result<bool, Failure> {
    let now = observe::now(database).await?;
    let (drift, now) = observe::from_state(context, database, state, &now).await?;
    if drift.is_empty() {
        return Ok(true);
    }
    let view = View::new(&drift, &now, database.server());
    let printer = &mut context.printer;
    if printer.is_json() {
        printer.json(view.json());
    } else {
        let count = counted(drift.ops.len(), "difference");
        printer.line(paint(TITLE, format_args!("{count} from the state to be stamped: nothing is recorded")));
        view.print(printer);
        printer.next("put back what differs, or record it all the same with `--force`");
    }
    Ok(false)
}

/// Prints the script of it, without a connection.
fn script(context: &mut Context, args: &Args) -> Result<Exit, Failure> {
    let (from, named) = match args.targets.as_slice() {
        [one] => {
            let (from, target) = offline::range(one);
            (from, vec![target.to_owned()])
        }
        several => (None, several.to_vec()),
    };
    let offline = Offline::open(context, &args.script, from.unwrap_or("base"), None)?;
    let target = targets(&offline.history, &named, &offline.standing.position)?;
    if args.purge {
        let events = events(&offline.history, &target, &BTreeSet::new(), true, &|_| false)?;
        return offline.print_anywhere(context, "stamp", &target, events).map(|()| Exit::DONE);
    }
    let way = offline
        .events(&target, |history, target, applied| events(history, target, applied, false, &|_| false))?;
    offline.print_events(context, "stamp", &way)?;
    Ok(Exit::DONE)
}

/// What the journal of a database has to be told.
///
/// # Errors
/// There is no such revision, or the database has one that isn't here, which only a purge forgets.
fn entries(database: &Database, args: &Args) -> Result<Vec<Entry>, Failure> {
    let none = BTreeSet::new();
    let Database { history, standing, journal, .. } = database;
    let applied = if args.purge { &none } else { &standing.applied };
    let target = targets(history, &args.targets, &standing.position)?;
    if !args.purge && journal.applied.len() > standing.applied.len() {
        return Err(Failure::from(standing.problems.clone()).exit(Exit::INTEGRITY));
    }
    let is_edited = |link: &Link| {
        let known = journal.applied(&link.revision.id.to_string());
        known.is_some_and(|known| known.revision.digest != link.digest)
    };
    let events = events(history, &target, applied, args.purge, &is_edited)?;
    let message = args.force.then(|| "forced: the schema was not looked at".to_owned());
    Ok(events.into_iter().map(|event| Entry { message: message.clone(), ..Entry::now(event) }).collect())
}

/// The place in the chain that several names mean together.
fn targets(
    history: &History,
    named: &[String],
    position: &[RevisionId],
) -> Result<Vec<RevisionId>, Diagnostic> {
    let mut ids = Vec::new();
    for name in named {
        ids.extend_from_slice(Target::resolve(history, name, position)?.ids());
    }
    let below = history.ancestors(ids);
    Ok(history.tips(&below.iter().map(|link| link.revision.id).collect()))
}

/// What leads from the revisions that are applied to a target.
fn events(
    history: &History,
    target: &[RevisionId],
    applied: &BTreeSet<RevisionId>,
    purge: bool,
    is_edited: &dyn Fn(&Link) -> bool,
) -> Result<Vec<Event>, Diagnostic> {
    let mut events = if purge { vec![Event::Purged] } else { Vec::new() };
    let mut left = applied.clone();
    for link in history.surplus(target, applied) {
        left.remove(&link.revision.id);
        events.push(event(history, link, Completion::Unstamped, &left)?);
    }
    for link in history.ancestors(target.iter().copied()) {
        if !applied.contains(&link.revision.id) || is_edited(link) {
            left.insert(link.revision.id);
            events.push(event(history, link, Completion::Stamped, &left)?);
        }
    }
    Ok(events)
}

fn event(
    history: &History,
    link: &Link,
    completion: Completion,
    left: &BTreeSet<RevisionId>,
) -> Result<Event, Diagnostic> {
    let state = match history.tips(left).as_slice() {
        // A revision says itself where it leads.
        [id] if let Some(last) = history.get(*id) => last.revision.to,
        several => snapshot::hash(&history.state_at(several)?),
    };
    Ok(Event::Completed { completion, revision: reference(link), state })
}
