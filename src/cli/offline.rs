//! `--sql`: what a command would run, as a script for the database's own client, without a connection.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use serde_json::json;

use super::alike::{Alike, Part, Way};
use super::astray::astray;
use super::chain;
use super::context::Context;
use super::errors::{E834, E835, E836, E881};
use super::failure::Failure;
use super::told::Chain;
use crate::change::{Loss, Seen};
use crate::diagnostic::Diagnostic;
use crate::dialect::{self, Dialect, Version};
use crate::name::{Name, ObjectName};
use crate::plan::{HookTask, Values};
use crate::project::{JournalName, Project};
use crate::revision::errors::E423;
use crate::revision::{History, RevisionId, Target};
use crate::runner::connection;
use crate::runner::jobs::{self, Server};
use crate::runner::journal::{Event, Journal};
use crate::runner::run::script::{Astray, For, Script, Start};
use crate::runner::run::{Job, can_share, have_values};
use crate::runner::standing::Standing;

/// How a script is written.
#[derive(Debug, Args)]
pub(crate) struct ScriptArgs {
    /// Print a script for the database's own client, and connect to nothing
    #[arg(long)]
    pub(crate) sql: bool,

    /// Where the database is that the script runs on, which the script checks; without it, `base`, or `head` for a
    /// rollback. A target `FROM:TO` says it as well
    #[arg(long, value_name = "REVISION", requires = "sql", allow_negative_numbers = true)]
    from: Option<String>,

    /// The dialect of the script; without it, that of the environment
    #[arg(long, value_name = "DIALECT", requires = "sql")]
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(dialect::products()))]
    dialect: Option<String>,

    /// Write the script for every place between where it begins and ends: what has run is left out
    #[arg(long, requires = "sql")]
    idempotent: bool,
}

impl ScriptArgs {
    /// Those of a command that does nothing but write scripts.
    pub(crate) fn always(dialect: Option<String>, idempotent: bool) -> Self {
        Self { sql: true, from: None, dialect, idempotent }
    }
}

/// A project as a script sees it, and the place in the chain that the database is taken to be at.
pub(crate) struct Offline {
    /// The revisions.
    pub(crate) history: History,
    /// The other ways to tell them that databases can know.
    tellings: Vec<History>,
    /// The revisions as a new database knows them that begins with a checkpoint.
    begun: Option<History>,
    /// Where the database is taken to be.
    pub(crate) standing: Standing,
    server: Server,
    from: String,
    idempotent: bool,
    values: Values,
    /// Whether the values of secret variables may be written into a script.
    pub(crate) with_secrets: bool,
    journal: JournalName,
}

/// What leads from where a database stands, by one telling of the chain, to a target.
type WorkOut<'w, P> = &'w dyn Fn(&History, &Standing, &[RevisionId]) -> Result<Vec<P>, Vec<Diagnostic>>;

impl Offline {
    /// Opens the project. `from` is where the database is, unless the options or a target `FROM:TO` say otherwise; one that
    /// is new begins at the newest checkpoint on the way to `begin`.
    ///
    /// # Errors
    /// The project can't be read, there is no such place, or nothing tells the dialect.
    pub(crate) fn open(
        context: &mut Context,
        args: &ScriptArgs,
        from: &str,
        begin: Option<&str>,
    ) -> Result<Self, Failure> {
        let project = context.project()?;
        let history = project.read_history(&mut context.sources)?;
        let values = context.values(&project)?;
        let (dialect, version) = choose(context, &project, args)?;
        let from = args.from.as_deref().unwrap_or(from).to_owned();
        let position = chain::place(&history, &from).map_err(|problem| match problem.code == &E423 {
            true => problem.help("say where the database is that the script runs on: `--from REVISION`"),
            false => problem,
        })?;
        let position = position.ids().to_vec();
        let applied = history.ancestors(position.iter().copied());
        let applied = applied.iter().map(|link| link.revision.id).collect();
        let environment = context.environment(&project)?;
        let environments = BTreeMap::new();
        let problems = Vec::new();
        let standing = Standing { applied, position, unfinished: None, environment, environments, problems };
        let server = Server { dialect, version };
        let (idempotent, journal) = (args.idempotent, project.journal().clone());
        let tellings = history.tellings(&project.read_aside(&mut context.sources)?)?;
        let mut begun = None;
        if let Some(target) = begin.filter(|_| standing.position.is_empty()) {
            let mut chain = Chain::new(project, history.clone());
            chain.begin(context, target)?;
            let told = chain.told(&Journal::default(), &mut context.sources)?;
            begun = Some(told)
                .filter(|told| told.links().iter().any(|link| history.get(link.revision.id).is_none()));
        }
        let with_secrets = false;
        Ok(Self {
            history,
            tellings,
            begun,
            standing,
            server,
            from,
            idempotent,
            values,
            with_secrets,
            journal,
        })
    }

    /// Works out the way to a target; as it is in the chain alone if it can't differ between databases.
    fn way<P: Part>(
        &self,
        target: &[RevisionId],
        can_differ: bool,
        work_out: WorkOut<'_, P>,
    ) -> Result<Way<P>, Failure> {
        let alike = Alike {
            plain: &self.history,
            others: if can_differ { &self.tellings } else { &[] },
            begun: self.begun.as_ref(),
            way: (&self.standing.position, target),
            between: self.idempotent,
        };
        let from = |history: &History, applied: &BTreeSet<RevisionId>, target: &[RevisionId]| {
            let (applied, position) = (applied.clone(), history.tips(applied));
            work_out(history, &Standing { applied, position, ..self.standing.clone() }, target)
        };
        Ok(alike.way(&from)?)
    }

    /// The jobs that lead forward to a target.
    ///
    /// # Errors
    /// It lies behind, or a revision can't run.
    pub(crate) fn forward(&self, target: &str) -> Result<Way<Job>, Failure> {
        let target = self.target(target)?;
        if self.history.missing(&target, &self.standing.applied).is_empty()
            && !self.history.surplus(&target, &self.standing.applied).is_empty()
        {
            return Err(self.wrong_way("behind", "rollback"));
        }
        self.way(&target, true, &|history, standing, target| {
            jobs::forward(history, standing, target, self.server)
        })
    }

    /// The jobs that lead back to a target.
    ///
    /// # Errors
    /// It lies ahead, or a revision can't be undone.
    pub(crate) fn back(&self, target: &str, as_one: bool) -> Result<Way<Job>, Failure> {
        let target = self.target(target)?;
        if self.history.surplus(&target, &self.standing.applied).is_empty()
            && !self.history.missing(&target, &self.standing.applied).is_empty()
        {
            return Err(self.wrong_way("ahead of", "apply"));
        }
        self.way(&target, !as_one, &|history, standing, target| {
            jobs::back(history, standing, target, self.server)
        })
    }

    /// The jobs that lead to a target wherever it lies: back as far as needed, then forward.
    ///
    /// # Errors
    /// A revision can't run, or can't be undone.
    pub(crate) fn either(&self, target: &str, as_one: bool) -> Result<Way<Job>, Failure> {
        let target = self.target(target)?;
        self.way(&target, !as_one, &|history, standing, target| {
            let mut jobs = jobs::back(history, standing, target, self.server)?;
            let mut left = standing.clone();
            for link in history.surplus(target, &standing.applied) {
                left.applied.remove(&link.revision.id);
            }
            left.position = history.tips(&left.applied);
            jobs.extend(jobs::forward(history, &left, target, self.server)?);
            Ok(jobs)
        })
    }

    /// The events that lead to a target, worked out from the revisions that are applied.
    ///
    /// # Errors
    /// A state can't be worked out.
    pub(crate) fn events(
        &self,
        target: &[RevisionId],
        work_out: impl Fn(&History, &[RevisionId], &BTreeSet<RevisionId>) -> Result<Vec<Event>, Diagnostic>,
    ) -> Result<Way<Event>, Failure> {
        self.way(target, true, &|history, standing, target| {
            work_out(history, target, &standing.applied).map_err(|problem| vec![problem])
        })
    }

    fn wrong_way(&self, lies: &str, command: &str) -> Failure {
        let message = format!("the target lies {lies} `{}`, where the script begins", self.from);
        let help = format!("use `schemactl {command} --sql`, or name another beginning with `--from`");
        Diagnostic::error(&E835, message).help(help).into()
    }

    /// What people call a place.
    fn name(&self, ids: &[RevisionId]) -> String {
        let links = ids.iter().filter_map(|id| self.history.get(*id));
        let names: Vec<&str> = links.map(|link| link.revision.name.as_str()).collect();
        if names.is_empty() { "base".to_owned() } else { names.join(", ") }
    }

    fn target(&self, text: &str) -> Result<Vec<RevisionId>, Diagnostic> {
        Ok(Target::resolve(&self.history, text, &self.standing.position)?.ids().to_vec())
    }

    /// Prints the script of a run.
    ///
    /// # Errors
    /// The revisions are to share a transaction and can't.
    pub(crate) fn print(
        &self,
        context: &mut Context,
        command: &str,
        way: &Way<Job>,
        as_one: bool,
    ) -> Result<(), Failure> {
        let jobs: Vec<Job> = way.parts.iter().map(|(job, _)| job.clone()).collect();
        self.ready(&jobs)?;
        let astray = match self.idempotent {
            true => {
                let tellings = std::iter::once(&self.history).chain(&self.tellings);
                astray(tellings, &self.history.parts(&self.standing.position), way)
            }
            false => Vec::new(),
        };
        let mut script = self.begin(command, way, astray);
        if as_one && !jobs.is_empty() {
            can_share(&jobs)?;
            script.jobs_as_one(&jobs);
        } else {
            way.parts.iter().for_each(|(job, on)| script.job(job, on, &self.remarks(job)));
        }
        self.finish(context, script)
    }

    /// Refuses a script that a value is missing for, or that would tell a secret.
    fn ready(&self, jobs: &[Job]) -> Result<(), Failure> {
        let rules = self.server.dialect.rules();
        have_values(jobs, &self.values, rules)?;
        let secrets = self.values.secrets(jobs.iter().flat_map(|job| &job.segments), rules);
        match secrets.first() {
            Some(name) if !self.with_secrets => {
                let message = format!("the script would hold the value of the secret variable `{name}`");
                Err(Diagnostic::error(&E881, message)
                    .help("keep the script safe, and agree with `--with-secrets`")
                    .into())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Prints the script of events without work.
    ///
    /// # Errors
    /// The script can't be written.
    pub(crate) fn print_events(
        &self,
        context: &mut Context,
        command: &str,
        way: &Way<Event>,
    ) -> Result<(), Failure> {
        let mut script = self.begin(command, way, Vec::new());
        script.events(&way.parts);
        self.finish(context, script)
    }

    /// Prints the script of events for a database wherever it is.
    ///
    /// # Errors
    /// The script can't be written.
    pub(crate) fn print_anywhere(
        &self,
        context: &mut Context,
        command: &str,
        target: &[RevisionId],
        events: Vec<Event>,
    ) -> Result<(), Failure> {
        let mut script = self.script(command, target, Start::Anywhere);
        let events: Vec<(Event, For)> = events.into_iter().map(|event| (event, For::default())).collect();
        script.events(&events);
        self.finish(context, script)
    }

    fn begin<P: Part>(&self, command: &str, way: &Way<P>, astray: Vec<Astray>) -> Script {
        let held = way.held.clone();
        let from = self.name(&self.standing.position);
        let start = match self.idempotent {
            true => {
                let name = format!("from {from} to {}", self.name(&way.target));
                Start::Between { held, astray, name }
            }
            false => Start::At { held, name: from, varies: way.varies() },
        };
        let mut script = self.script(command, &way.target, start);
        way.limits.iter().for_each(|why| script.remark(&format!("not for every database there: {why}")));
        script
    }

    fn script(&self, command: &str, to: &[RevisionId], start: Start) -> Script {
        let title = format!("{command} from {} to {}", self.name(&self.standing.position), self.name(to));
        let Server { dialect, version } = self.server;
        Script::new(dialect, version, &self.journal, start, &title, self.values.clone())
    }

    fn finish(&self, context: &mut Context, script: Script) -> Result<(), Failure> {
        let script = script.finish()?;
        let printer = &mut context.printer;
        if printer.is_json() {
            printer.json(json!({ "dialect": self.server.dialect.name().as_str(), "script": script }));
        } else {
            printer.data(script);
        }
        Ok(())
    }

    /// What a job takes away for good.
    fn remarks(&self, job: &Job) -> Vec<String> {
        let mut seen = Seen::new(&job.start, self.server.dialect.name());
        let ops = chain::operations(&job.steps, job.direction);
        ops.iter()
            .flat_map(|op| seen.pass(op))
            .filter_map(|op| match op.loss() {
                Loss::Loses(what) => Some(format!("loses {what}")),
                Loss::Nothing | Loss::MayFail(_) => None,
            })
            .chain(left_out(job))
            .collect()
    }
}

/// The hooks and rows that a run leaves out, in words.
pub(super) fn left_out(job: &Job) -> Vec<String> {
    let place = match &job.environment {
        Some(environment) => format!("this is `{environment}`"),
        None => "this is no environment".to_owned(),
    };
    let words = |hook: &HookTask| {
        let names: Vec<&str> = hook.only_env.iter().map(Name::as_str).collect();
        format!("hook `{}` is left out: it is for `{}`, and {place}", hook.name, names.join("`, `"))
    };
    let rows = |(table, (count, only_env)): (&ObjectName, (usize, BTreeSet<&Name>))| {
        let names: Vec<&str> = only_env.into_iter().map(Name::as_str).collect();
        let (rows, they) = match count {
            1 => ("1 row".to_owned(), "is left out: it is"),
            many => (format!("{many} rows"), "are left out: they are"),
        };
        format!("{rows} of `{table}` {they} for `{}`, and {place}", names.join("`, `"))
    };
    let hooks = job.left_out().into_iter().map(words);
    hooks.chain(job.rows_left_out().into_iter().map(rows)).collect()
}

/// The dialect of a script: the one that is named, or that of the database, or the only one.
fn choose(
    context: &mut Context,
    project: &Project,
    args: &ScriptArgs,
) -> Result<(&'static dyn Dialect, Version), Failure> {
    if let Some(name) = &args.dialect {
        return find(name);
    }
    // Of the products that speak a dialect the first one that the project is for.
    let servers = project.servers();
    let speaks = |word: &str| servers.iter().find(|(dialect, _)| dialect.name().as_str() == word).copied();
    match (context.target(project), project.dialects().as_slice()) {
        (Ok(target), _) => {
            let target = connection::Target::parse(target.url.expose())?;
            speaks(target.dialect()).map_or_else(|| find(target.dialect()), Ok)
        }
        (Err(_), [only]) => Ok(speaks(only.name().as_str()).unwrap_or((*only, only.newest()))),
        (Err(failure), _) => {
            let why = failure.diagnostics.into_iter().next().map(|problem| problem.message);
            let message = format!("nothing tells the dialect of the script: {}", why.unwrap_or_default());
            Err(Diagnostic::error(&E834, message).help("name it with `--dialect`").into())
        }
    }
}

fn find(name: &str) -> Result<(&'static dyn Dialect, Version), Failure> {
    dialect::find_product(name).ok_or_else(|| {
        let message = format!("this build has no dialect `{name}`");
        Diagnostic::error(&E834, message).help("name another one with `--dialect`").into()
    })
}

/// The target of a run, which can't be a range.
///
/// # Errors
/// It is one.
pub(crate) fn no_range<'t>(target: &'t str, command: &str) -> Result<&'t str, Diagnostic> {
    let (Some(_), to) = range(target) else { return Ok(target) };
    let message = format!("`{target}` is a range, and a run begins where the database is");
    Err(Diagnostic::error(&E836, message)
        .help(format!("name its end, `schemactl {command} {to}`, or add `--sql` for a script")))
}

/// A target `FROM:TO` or `FROM..TO` taken apart; what is not such a pair is the target alone.
pub(crate) fn range(text: &str) -> (Option<&str>, &str) {
    range_up_to(text, "head")
}

/// The same with another end for a range that names none.
pub(crate) fn range_up_to<'t>(text: &'t str, end: &'t str) -> (Option<&'t str>, &'t str) {
    match text.split_once("..").or_else(|| text.split_once(':')) {
        Some((from, to)) => {
            (Some(if from.is_empty() { "base" } else { from }), if to.is_empty() { end } else { to })
        }
        None => (None, text),
    }
}
