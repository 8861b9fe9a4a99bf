//! `schemactl prove`: revisions tried on scratch databases, there and back.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::change::{Site, Step};
use crate::cli::chain;
use crate::cli::context::Context;
use crate::cli::database::block_on;
use crate::cli::errors::{E840, E841};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::offline;
use crate::cli::output::Printer;
use crate::cli::progress::Progress;
use crate::cli::scratch::on_scratches;
use crate::cli::variables::VariableArgs;
use crate::diagnostic::{Diagnostic, Sources};
use crate::dialect::{self, Dialect};
use crate::model::State;
use crate::name::{DialectName, Name, ObjectName};
use crate::plan::Values;
use crate::project::Project;
use crate::revision::{History, Link, RevisionId};
use crate::runner::connection;
use crate::runner::jobs::reference;
use crate::runner::journal::RevisionRef;
use crate::runner::prove::{Case, Finding, Proof, prove};
use crate::runner::scratch::Scratches;

/// Try revisions on scratch databases: up, down and up again, with rows in the tables
///
/// After each step the catalog is compared with that of a database that was created at once in
/// the same state, and after the way back the rows with those from before. Runs on SQLite in
/// memory; with `--url`, on databases of its own beside the one that the URL names, which it drops
/// afterwards. The database of the URL itself is not touched. A revision at which rows have to
/// stop, such as a new unique key, is proven on empty tables; a note says so, and which tables
/// no rows could be made for. Notes are no findings: the exit code is 0. A checkpoint is proven
/// with the revision at which it ends: it must lead where the chain leads.
/// Without `--url`, a last note names the project's other databases, on which nothing was tried.
///
/// Examples:
///   schemactl prove
///   schemactl prove head
///   schemactl prove v1.2..head --url postgres://localhost/postgres
///   schemactl prove --url mysql://root@localhost
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// A revision, or those behind one and up to another: `FROM..TO`, where either may be left out
    #[arg(value_name = "REV|RANGE", default_value = "..")]
    what: String,

    #[command(flatten)]
    variables: VariableArgs,
}

/// Proves the revisions one after the other.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    context.variables = args.variables.by_name()?;
    let project = context.project()?;
    let history = project.read_history(&mut context.sources)?;
    let links = chosen(&history, &args.what)?;
    let checkpoints = project.read_checkpoints(&mut context.sources)?;
    let (target, dialect) = place(context, &project)?;
    block_on(on_scratches(&target, async |scratches| {
        if let Some(version) = scratches.version() {
            project.admits(dialect, version)?;
        }
        let mut proofs = all(context, &project, (&history, &links), dialect, scratches).await?;
        let ends = |checkpoint: &Link| links.iter().find(|link| history.ends(checkpoint, link)).copied();
        for (checkpoint, end) in checkpoints.iter().filter_map(|link| Some((link, ends(link)?))) {
            let begun = beginning(context, (&project, &history), (checkpoint, end), dialect, scratches);
            proofs.extend(begun.await?);
        }
        let untried = untried(context, &project, dialect, scratches);
        Ok(report(context, dialect, &proofs, &untried))
    }))
}

/// What was proven: a revision, or one that new databases begin with.
struct Proven<'h> {
    link: &'h Link,
    is_checkpoint: bool,
    proof: Proof,
}

/// The revisions that a text means, in the order in which they run.
fn chosen<'h>(history: &'h History, text: &str) -> Result<Vec<&'h Link>, Failure> {
    let (from, to) = offline::range_up_to(text, "heads");
    let to = chain::place(history, to)?;
    let Some(from) = from else {
        let links: Vec<&Link> = to.ids().iter().filter_map(|id| history.get(*id)).collect();
        return if links.is_empty() { Err(nothing(text)) } else { Ok(links) };
    };
    let from = chain::place(history, from)?;
    let before = history.ancestors(from.ids().iter().copied()).iter().map(|link| link.revision.id).collect();
    let links = history.missing(to.ids(), &before);
    if links.is_empty() && !history.is_empty() { Err(nothing(text)) } else { Ok(links) }
}

/// Says of a range or a place that no revision is meant.
pub(super) fn nothing(text: &str) -> Failure {
    let problem = Diagnostic::error(&E840, format!("`{text}` means no revisions"));
    problem.help("name a revision, or the older one first: `FROM..TO`").into()
}

/// Where to prove: beside the database that the command line names, otherwise in memory.
fn place(
    context: &mut Context,
    project: &Project,
) -> Result<(connection::Target, &'static dyn Dialect), Failure> {
    let named = context.global.url.is_some() || context.global.env.is_some();
    let target = if named {
        let target = context.target(project)?;
        connection::Target::parse_server(target.url.expose())?.in_folder(&target.base)
    } else {
        in_memory(project)?
    };
    let declared = |name: &DialectName| project.dialect_names().contains(name);
    let name = Name::new(target.dialect()).ok().map(DialectName::new);
    let dialect = name.filter(declared).and_then(|name| dialect::find(&name)).ok_or_else(|| {
        let message = format!("the project is not for databases of the kind `{}`", target.dialect());
        Diagnostic::error(&E841, message).help("name another database, or add it to `dialects`")
    })?;
    Ok((target, dialect))
}

fn in_memory(project: &Project) -> Result<connection::Target, Failure> {
    connection::Target::in_memory()
        .filter(|target| project.dialect_names().iter().any(|name| name.as_str() == target.dialect()))
        .ok_or_else(|| {
            Diagnostic::error(&E841, "the project is not for databases that can be made in memory")
                .help("name a server that scratch databases can be made on: `--url URL`")
                .into()
        })
}

/// The dialects of the project that nothing was tried on, where it was left to the program which one to try.
fn untried(
    context: &Context,
    project: &Project,
    dialect: &dyn Dialect,
    scratches: &Scratches,
) -> Vec<DialectName> {
    let is_own_choice = scratches.version().is_none() && context.global.url.is_none();
    let mut names = project.dialect_names();
    names.retain(|name| is_own_choice && *name != dialect.name());
    names
}

async fn all<'h>(
    context: &mut Context,
    project: &Project,
    (history, links): (&History, &[&'h Link]),
    dialect: &'static dyn Dialect,
    scratches: &mut Scratches,
) -> Result<Vec<Proven<'h>>, Failure> {
    let progress = Progress::start(&context.printer, "proving");
    let mut proofs = Vec::with_capacity(links.len());
    let mut last: Option<(RevisionId, State)> = None;
    let mut told = BTreeSet::new();
    for link in links {
        let id = link.revision.id;
        progress.message(&format!("proving {}", link.revision.name));
        let parents: Vec<RevisionId> = history.needs(id).map(|parent| parent.revision.id).collect();
        // Most often the state before is the one that the revision proven just now leads to.
        let before = match last.take() {
            Some((of, state)) if parents == [of] => state,
            Some(_) | None => history.state_at(&parents)?,
        };
        let after = history.state_at(&[id])?;
        let revision = reference(link);
        let steps = &link.revision.steps;
        for Place { name, environment, values } in places(context, project, link)? {
            let site = Site::In(environment.as_ref());
            let case =
                Case { revision: &revision, steps, site, before: &before, after: &after, values: &values };
            let proof = Proof { place: name, ..prove(case, dialect, scratches).await? };
            progress.suspend(|| show(context, dialect, &proof, &mut told));
            proofs.push(Proven { link, is_checkpoint: false, proof });
        }
        last = Some((id, after));
    }
    Ok(proofs)
}

/// Proves a checkpoint: from nothing to where the chain leads that it stands in place of.
async fn beginning<'h>(
    context: &mut Context,
    (project, history): (&Project, &History),
    (link, end): (&'h Link, &Link),
    dialect: &'static dyn Dialect,
    scratches: &mut Scratches,
) -> Result<Vec<Proven<'h>>, Failure> {
    let progress = Progress::start(&context.printer, "proving");
    let plain = reference(link);
    let revision = RevisionRef { name: format!("checkpoint {}", plain.name), ..plain };
    progress.message(&format!("proving {}", revision.name));
    let (before, after) = (State::default(), history.state_at(&[end.revision.id])?);
    let mut found = Vec::new();
    if let Some(diagnostic) = history.doubts(link) {
        let findings = vec![Finding { diagnostic, details: Vec::new() }];
        found.push(Proof { revision: revision.name, findings, ..Proof::default() });
    } else {
        for Place { name, environment, values } in places(context, project, link)? {
            let (steps, site) = (&link.revision.steps, Site::In(environment.as_ref()));
            let case =
                Case { revision: &revision, steps, site, before: &before, after: &after, values: &values };
            found.push(Proof { place: name, ..prove(case, dialect, scratches).await? });
        }
    }
    let mut told = BTreeSet::new();
    progress.suspend(|| found.iter().for_each(|proof| show(context, dialect, proof, &mut told)));
    Ok(found.into_iter().map(|proof| Proven { link, is_checkpoint: true, proof }).collect())
}

/// Where a revision is something else than elsewhere.
struct Place {
    /// What people call it, if there are several.
    name: Option<String>,
    /// The environment.
    environment: Option<Name>,
    /// What the variables of its hooks are worth there.
    values: Values,
}

/// Where a revision is to be proven: in the environment that `--env` names; otherwise in each that a hook or a row
/// is for, and elsewhere.
fn places(context: &Context, project: &Project, link: &Link) -> Result<Vec<Place>, Failure> {
    let named: BTreeSet<&Name> = link.revision.steps.iter().flat_map(Step::environments).collect();
    let own = context.environment(project)?;
    if named.is_empty() || context.global.env.is_some() {
        return Ok(vec![Place { name: None, environment: own, values: context.values(project)? }]);
    }
    let mut places: Vec<Place> = Vec::new();
    for name in named.into_iter().map(Some).chain([None]) {
        let values = context.values_in(project, name.or(own.as_ref()))?;
        let words = name.map_or_else(|| "elsewhere".to_owned(), |name| format!("in {name}"));
        places.push(Place { name: Some(words), environment: name.cloned(), values });
    }
    Ok(places)
}

/// Says what came of one revision, as soon as it is known. Of the tables for which no rows could be
/// made, those that were `told` before are named alone.
fn show(context: &mut Context, dialect: &dyn Dialect, proof: &Proof, told: &mut BTreeSet<ObjectName>) {
    let Proof { revision, place, rows, undone, findings, without, notes } = proof;
    let place = place.as_ref().map(|place| format!(" {place}")).unwrap_or_default();
    let printer = &mut context.printer;
    if printer.is_json() {
        return;
    }
    if findings.is_empty() {
        let way = if *undone { "up, down, up" } else { "up" };
        let rows = match rows {
            0 => "no rows".to_owned(),
            1 => "1 row".to_owned(),
            many => format!("{many} rows"),
        };
        printer.status("Proved", format_args!("{revision}{place} on {} ({way}; {rows})", dialect.name()));
    }
    let (again, new): (Vec<_>, Vec<_>) = without.iter().partition(|none| told.contains(&none.table));
    told.extend(new.iter().map(|none| none.table.clone()));
    let mut all: Vec<String> = new.into_iter().map(ToString::to_string).collect();
    if !again.is_empty() {
        let tables: Vec<String> = again.iter().map(|none| format!("`{}`", none.table)).collect();
        all.push(format!("as before, no rows could be made for {}", tables.join(", ")));
    }
    for note in all.iter().chain(notes) {
        printer.note(format_args!("{:>12} {revision}{place}: {note}", "note"));
    }
    for Finding { diagnostic, details } in findings {
        printer.diagnostics(std::slice::from_ref(diagnostic), &context.sources);
        for line in details.iter().flat_map(|detail| detail.lines()) {
            printer.line(format_args!("  {line}"));
        }
    }
}

fn report(
    context: &mut Context,
    dialect: &dyn Dialect,
    proofs: &[Proven<'_>],
    untried: &[DialectName],
) -> Exit {
    let found = proofs.iter().map(|proven| proven.proof.findings.len()).sum::<usize>();
    let printer = &mut context.printer;
    if printer.is_json() {
        let json = |proven| to_json(proven, printer, &context.sources);
        let revisions: Vec<Value> = proofs.iter().map(json).collect();
        printer.json(json!({ "dialect": dialect.name().as_str(), "revisions": revisions }));
    } else if proofs.is_empty() {
        printer.note("nothing to prove: there are no revisions");
    } else if !untried.is_empty() {
        let names: Vec<&str> = untried.iter().map(DialectName::as_str).collect();
        let names = names.join(", ");
        printer.note(format_args!("{:>12} not tried on {names}; name a server with `--url`", "note"));
    }
    if found == 0 { Exit::DONE } else { Exit::FINDINGS }
}

fn to_json(proven: &Proven<'_>, printer: &Printer, sources: &Sources) -> Value {
    let Proven { link, is_checkpoint, proof } = proven;
    let Proof { revision: _, place, rows, undone, findings, without, notes } = proof;
    let notes: Vec<String> = without.iter().map(ToString::to_string).chain(notes.iter().cloned()).collect();
    let findings: Vec<Value> = findings
        .iter()
        .map(|Finding { diagnostic, details }| {
            json!({ "diagnostic": printer.problem(diagnostic, sources), "details": details })
        })
        .collect();
    json!({
        "revision": link.revision.name.as_str(),
        "checkpoint": is_checkpoint,
        "place": place,
        "rows": rows,
        "undone": undone,
        "findings": findings,
        "notes": notes,
    })
}
