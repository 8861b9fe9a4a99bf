//! A history run again on a scratch database, step by step: after each piece its catalog says what the piece was. Beside
//! it, what was understood is run on a second one, and both have to look the same.

use std::collections::BTreeSet;

use super::hook::{self, Back, Part};
use super::lead::{Steps, lead};
use crate::change::{Site, Step};
use crate::cli::failure::Failure;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, set_aside};
use crate::hash::RevisionDigest;
use crate::import::errors::{E906, E910, E913, E915, E916};
use crate::import::{
    Purpose, Script, copies, creates_table, dropped, drops, emptied, purpose, renames, subject, temporary,
};
use crate::model::State;
use crate::plan::Values;
use crate::runner::journal::RevisionRef;
use crate::runner::prove::{Case, prove};
use crate::runner::scratch::{Scratch, Scratches};
use crate::sql::implicit_commit;

/// How many differences a message shows, and how many characters of a statement.
const SHOWN_MAX: usize = 5;
const SQL_CHARS_MAX: usize = 400;

/// A step as it was understood.
pub(super) struct Traced {
    /// What it does.
    pub(super) steps: Vec<Step>,
    /// The schema behind it.
    pub(super) after: State,
}

/// What came of a history.
#[derive(Default)]
pub(super) struct Trace {
    /// The steps, in order.
    pub(super) steps: Vec<Traced>,
    /// What a reader has to know.
    pub(super) notes: Vec<Diagnostic>,
}

/// Runs a history again.
pub(super) async fn retrace(
    scripts: &[Script],
    dialect: &'static dyn Dialect,
    scratches: &mut Scratches,
    mut begins: impl FnMut(&Script),
) -> Result<Trace, Failure> {
    let (original, copy) = (scratches.empty().await?, scratches.empty().await?);
    let state = State::default();
    let (known, temporary) = (BTreeSet::new(), BTreeSet::new());
    let mut walk = Walk { dialect, original, copy, state, known, temporary, notes: Vec::new() };
    let mut trace = Trace::default();
    for script in scripts {
        begins(script);
        let before = walk.state.clone();
        let parts = walk.run(script).await?;
        let rules = dialect.rules();
        let mut steps = hook::steps(&parts, script, Back::Unknown, rules);
        if let Some(back) = way_back(script, &parts, dialect)? {
            let tried = hook::steps(&parts, script, Back::Groups(&back), rules);
            if holds(script, &tried, &before, &walk.state, dialect, scratches).await? {
                steps = tried;
            } else {
                let message =
                    format!("the way back of `{}` doesn't fit: its rows don't come back", script.file);
                let help = "write `down` of the hook by hand: `schemactl edit`";
                walk.notes.push(Diagnostic::warning(&E916, message).help(help));
            }
        }
        walk.repeat(script, &steps, &before).await?;
        trace.steps.push(Traced { steps, after: walk.state.clone() });
    }
    trace.notes = walk.notes;
    scratches.discard(walk.original).await;
    scratches.discard(walk.copy).await;
    Ok(trace)
}

/// The statements that a tool has for the way back of a step's rows.
fn way_back(
    script: &Script,
    parts: &[Part],
    dialect: &dyn Dialect,
) -> Result<Option<Vec<Vec<String>>>, Diagnostic> {
    let Some(down) = &script.down else { return Ok(None) };
    if !parts.iter().any(|part| matches!(part, Part::Rows(_))) {
        return Ok(None);
    }
    let rules = dialect.rules();
    let down = down.statements(rules).map_err(|error| unreadable(script, dialect, &error.to_string()))?;
    let groups = hook::groups(&down, rules);
    Ok((!groups.is_empty()).then_some(groups))
}

/// Whether steps run up, down and up again.
async fn holds(
    script: &Script,
    steps: &[Step],
    before: &State,
    after: &State,
    dialect: &dyn Dialect,
    scratches: &mut Scratches,
) -> Result<bool, Failure> {
    let revision = reference(script);
    let proof = prove(
        Case { revision: &revision, steps, site: Site::Any, before, after, values: &Values::default() },
        dialect,
        scratches,
    )
    .await;
    Ok(proof.is_ok_and(|proof| proof.findings.is_empty()))
}

/// What a trial knows a step by.
fn reference(script: &Script) -> RevisionRef {
    let name = script.file.clone();
    RevisionRef { id: name.clone(), digest: RevisionDigest::of(&name), name }
}

struct Walk {
    dialect: &'static dyn Dialect,
    /// Runs what the history says.
    original: Scratch,
    /// Runs what was understood of it.
    copy: Scratch,
    /// The schema of the first.
    state: State,
    /// In what the two differ already.
    known: BTreeSet<String>,
    /// The tables that are the session's alone, in small letters: no catalog tells what becomes of them.
    temporary: BTreeSet<String>,
    notes: Vec<Diagnostic>,
}

/// A step that is being read.
#[derive(Default)]
struct Reading {
    parts: Vec<Part>,
    /// What ran since the catalog was last looked at.
    since: Vec<String>,
}

impl Reading {
    fn rows(&mut self, sql: String) {
        match self.parts.last_mut() {
            Some(Part::Rows(statements)) => statements.push(sql),
            _ => self.parts.push(Part::Rows(vec![sql])),
        }
    }
}

impl Walk {
    /// Runs a step, and says what it consists of.
    async fn run(&mut self, script: &Script) -> Result<Vec<Part>, Failure> {
        let rules = self.dialect.rules();
        let statements = script.up.statements(rules);
        let statements = statements.map_err(|error| unreadable(script, self.dialect, &error.to_string()))?;
        let mut reading = Reading::default();
        for sql in statements {
            match self.purpose(&sql) {
                Purpose::Transaction => {}
                Purpose::Session => self.execute(script, &sql).await?,
                Purpose::Schema => {
                    // Under the old name of a table another may stand from now on.
                    if creates_table(&sql, rules) && !renames(&reading.since, rules, None).is_empty() {
                        self.look(script, &mut reading).await?;
                    }
                    self.execute(script, &sql).await?;
                    let rows = copies(&sql, rules);
                    reading.since.push(sql);
                    if let Some(rows) = rows {
                        self.look(script, &mut reading).await?;
                        reading.rows(rows);
                    }
                }
                Purpose::Rows => {
                    self.look(script, &mut reading).await?;
                    self.execute(script, &sql).await?;
                    let commits = implicit_commit(&sql, rules).is_some();
                    let other = || emptied(&sql, rules).or_else(|| dropped(&sql, rules));
                    reading.rows(commits.then(other).flatten().unwrap_or(sql));
                }
                Purpose::Unknown => self.unknown(script, sql, &mut reading).await?,
            }
        }
        self.look(script, &mut reading).await?;
        Ok(reading.parts)
    }

    /// What a statement is for: one about a table of the session alone belongs to the rows that go through it.
    fn purpose(&mut self, sql: &str) -> Purpose {
        let rules = self.dialect.rules();
        let purpose = purpose(sql, rules);
        if let Some(table) = temporary(sql, rules) {
            self.temporary.insert(table.to_lowercase());
            return purpose;
        }
        let Some(table) = subject(sql, rules).map(|table| table.to_lowercase()) else { return purpose };
        if !self.temporary.contains(&table) || creates_table(sql, rules) {
            return purpose;
        }
        if drops(sql, rules) {
            self.temporary.remove(&table);
        }
        Purpose::Rows
    }

    /// Runs a statement whose effect only the catalog tells.
    async fn unknown(&mut self, script: &Script, sql: String, reading: &mut Reading) -> Result<(), Failure> {
        self.look(script, reading).await?;
        let before = self.original.catalog(self.dialect).await?;
        self.execute(script, &sql).await?;
        reading.since.push(sql.clone());
        if self.look(script, reading).await? {
            return Ok(());
        }
        let now = self.original.catalog(self.dialect).await?;
        if before.differences(&now).is_empty() {
            reading.rows(sql);
        } else {
            let message =
                format!("`{}`: no part of a schema, so it is left out: {}", script.file, shown(&sql));
            let help = "keep it where the database is set up";
            self.notes.push(Diagnostic::warning(&E915, message).help(help));
            self.known = self.differences().await?;
        }
        Ok(())
    }

    async fn execute(&mut self, script: &Script, sql: &str) -> Result<(), Failure> {
        self.original.execute(sql).await.map_err(|error| {
            let detail = error.detail.as_deref().map_or(String::new(), |detail| format!("; {detail}"));
            let message = format!(
                "`{}` fails on a scratch database: {}{detail}\nstatement: {}",
                script.file,
                error.message,
                shown(sql)
            );
            let help = "mend the step, or make the scratch database a server of the right kind with `--url`";
            Diagnostic::error(&E910, message)
                .help(error.hint.clone().unwrap_or_else(|| help.to_owned()))
                .into()
        })
    }

    /// Looks at the catalog, and adds the operations that lead to it; whether there are any.
    async fn look(&mut self, script: &Script, reading: &mut Reading) -> Result<bool, Failure> {
        let since = std::mem::take(&mut reading.since);
        if since.is_empty() {
            return Ok(false);
        }
        let mut inspection = self.original.inspect(self.dialect).await?;
        set_aside(&mut inspection);
        let now = inspection.state;
        let found = renames(&since, self.dialect.rules(), self.original.namespace());
        let Steps { ops, behind } =
            lead(&self.state, &now, &found, self.dialect).map_err(|why| unsaid(script, &why))?;
        self.state = now;
        let changed = !ops.is_empty();
        reading.parts.extend(ops.into_iter().map(Part::Op));
        behind.into_iter().for_each(|sql| reading.rows(sql));
        Ok(changed)
    }

    /// Runs what was understood, and compares.
    async fn repeat(&mut self, script: &Script, steps: &[Step], before: &State) -> Result<(), Failure> {
        let ran = self.copy.apply(self.dialect, &reference(script), steps, before).await;
        ran.map_err(|problems| {
            let why: Vec<String> = problems.iter().map(|problem| problem.message.clone()).collect();
            unsaid(script, &why.join("; "))
        })?;
        let differences = self.differences().await?;
        let new: Vec<&String> = differences.iter().filter(|line| !self.known.contains(*line)).collect();
        if !new.is_empty() {
            let mut lines: Vec<&str> = new.iter().take(SHOWN_MAX).map(|line| line.as_str()).collect();
            lines.extend((new.len() > SHOWN_MAX).then_some("…"));
            let message = format!(
                "`{}` leaves a catalog that its revision doesn't lead to (`-` is missing, `+` is too much):\n  {}",
                script.file,
                lines.join("\n  ")
            );
            self.notes.push(Diagnostic::warning(&E915, message).help("keep it where the database is set up"));
        }
        self.known = differences;
        Ok(())
    }

    async fn differences(&mut self) -> Result<BTreeSet<String>, Diagnostic> {
        let original = self.original.catalog(self.dialect).await?;
        let copy = self.copy.catalog(self.dialect).await?;
        Ok(original.differences(&copy).iter().map(ToString::to_string).collect())
    }
}

fn unreadable(script: &Script, dialect: &dyn Dialect, why: &str) -> Diagnostic {
    let message = format!("`{}`, read by the rules of {}: {why}", script.file, dialect.name());
    Diagnostic::error(&E906, message)
        .help("mend the file, or name a server of the kind that it is for with `--url`, and import again")
}

fn unsaid(script: &Script, why: &str) -> Diagnostic {
    Diagnostic::error(&E913, format!("`{}` can't be said as a revision: {why}", script.file)).help(
        "please report it with the file; `schemactl init --from URL` begins with what the steps lead to",
    )
}

/// A statement, cut where it is too long to be read in a message.
fn shown(sql: &str) -> String {
    let cut: String = sql.trim().chars().take(SQL_CHARS_MAX).collect();
    if cut.len() < sql.trim().len() { format!("{cut}…") } else { cut }
}
