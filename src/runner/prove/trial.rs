//! One revision on one scratch database: up, down, up, with looks at catalog and rows in between.

use super::rows::{self, Contents, Made};
use super::{Case, Finding, Proof, Without};
use crate::change::{Loss, Op, Step, ops};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::model::State;
use crate::plan::errors::E503;
use crate::plan::{Direction, Lowering};
use crate::runner::catalog::Catalog;
use crate::runner::connection::ErrorKind;
use crate::runner::errors;
use crate::runner::run::Failure;
use crate::runner::scratch::{Scratch, Scratches};

/// How many differences a finding shows.
const SHOWN_MAX: usize = 20;

/// What came of one trial.
pub(super) struct Outcome {
    pub(super) proof: Proof,
    /// Whether the trial ended at rows that a constraint refuses, which another without rows goes past.
    pub(super) refused_rows: bool,
}

/// Runs one trial with so many rows in each table.
pub(super) async fn run(
    case: Case<'_>,
    dialect: &dyn Dialect,
    scratches: &mut Scratches,
    count: usize,
) -> Result<Outcome, Vec<Diagnostic>> {
    let mut model = scratches.created(&case.site.state(case.after), dialect).await?;
    let expected = Catalog::read(&mut model.connection, dialect).await;
    scratches.discard(model).await;
    let expected = expected.map_err(|error| vec![error.diagnostic("can't read the catalog")])?;
    let scratch = scratches.created(&case.site.state(case.before), dialect).await?;
    let proof = Proof { revision: case.revision.name.clone(), ..Proof::default() };
    let mut trial = Trial { case, dialect, scratch, expected, proof, refused_rows: false };
    let result = trial.run(count).await;
    let Trial { scratch, proof, refused_rows, .. } = trial;
    scratches.discard(scratch).await;
    result.map(|()| Outcome { proof, refused_rows })
}

struct Trial<'a> {
    case: Case<'a>,
    dialect: &'a dyn Dialect,
    scratch: Scratch,
    /// The catalog of a database freshly created at the state that the revision leads to.
    expected: Catalog,
    proof: Proof,
    refused_rows: bool,
}

impl Trial<'_> {
    async fn run(&mut self, count: usize) -> Result<(), Vec<Diagnostic>> {
        let before = self.case.before.for_dialect(&self.dialect.name());
        let start = self.catalog().await?;
        if count > 0 {
            let Made { rows, without } =
                rows::make(&mut self.scratch.connection, self.dialect, &before, count).await;
            self.proof.rows = rows;
            // The name of a scratch database says nothing to anybody.
            let qualifier = self.scratch.name().map(|name| format!("`{name}`."));
            self.proof.without = without;
            for (Without { why, .. }, qualifier) in
                self.proof.without.iter_mut().zip(qualifier.iter().cycle())
            {
                *why = why.replace(qualifier, "");
            }
        }
        let contents = self.contents(&before).await?;
        if !self.step(Direction::Up).await? {
            return Ok(());
        }
        let catalog = self.catalog().await?;
        self.compare(&self.expected.clone(), &catalog, "is not that of the state that it leads to", false);
        if !self.step(Direction::Down).await? {
            return Ok(());
        }
        let catalog = self.catalog().await?;
        self.compare(&start, &catalog, "is not what it was, after the rollback", true);
        let now = self.contents(&before).await?;
        self.compare_rows(&before, &contents, &now);
        self.proof.undone = true;
        if self.step(Direction::Up).await? {
            let catalog = self.catalog().await?;
            let what = "is not that of the state that it leads to, the second time";
            self.compare(&self.expected.clone(), &catalog, what, false);
        }
        Ok(())
    }

    /// Runs the revision one way; false when the trial ends here.
    async fn step(&mut self, direction: Direction) -> Result<bool, Vec<Diagnostic>> {
        let Case { revision, steps, site, before, after, values } = self.case;
        let start = match direction {
            Direction::Up => before,
            Direction::Down => after,
        };
        let version = self.scratch.connection.version();
        let lowered = Lowering::new(start, self.dialect, version).revision(steps, site, direction);
        let segments = match lowered {
            Ok(segments) => segments,
            Err(problems) if problems.iter().all(|problem| problem.code.id == E503.id) => {
                let why = problems.iter().map(|problem| problem.message.clone());
                self.proof.notes.push(format!("not rolled back: {}", why.collect::<Vec<_>>().join("; ")));
                return Ok(false);
            }
            Err(problems) => {
                let found =
                    problems.into_iter().map(|diagnostic| Finding { diagnostic, details: Vec::new() });
                self.proof.findings.extend(found);
                return Ok(false);
            }
        };
        let lacking = values.lacking(&segments, self.dialect.rules());
        if !lacking.is_empty() {
            return Err(lacking);
        }
        match self.scratch.run(self.dialect, revision, direction, segments, values).await {
            Ok(()) => Ok(true),
            Err(failure) => {
                self.refused(*failure, direction);
                Ok(false)
            }
        }
    }

    /// A revision that says of itself that rows can stand in its way is right to stop at them.
    fn refused(&mut self, failure: Failure, direction: Direction) {
        let Failure { diagnostic, error: _, at, rows: _, lost, job: _, in_doubt: _ } = &failure;
        let way = match direction {
            Direction::Up => "apply",
            Direction::Down => "rollback",
        };
        let by_rows = failure.kind().is_some_and(ErrorKind::is_constraint)
            || [&errors::E732, &errors::E734].iter().any(|code| code.id == diagnostic.code.id)
            || !lost.is_empty()
            || self.losses(direction).any(|loss| loss != Loss::Nothing);
        if self.proof.rows > 0 && by_rows {
            self.refused_rows = true;
            self.proof.notes.push(format!(
                "{way} stops at rows that were made for it, so it is proven on empty tables: {}",
                diagnostic.message
            ));
            return;
        }
        let details = at.iter().map(|at| at.sql.clone()).collect();
        let message = format!("`{}` fails on {way}: {}", self.case.revision.name, diagnostic.message);
        let help = diagnostic.help.clone().unwrap_or_else(|| "mend the revision".to_owned());
        let diagnostic = Diagnostic::error(&errors::E741, message).help(help);
        self.proof.findings.push(Finding { diagnostic, details });
    }

    fn losses(&self, direction: Direction) -> impl Iterator<Item = Loss> {
        ops(self.case.steps).map(move |op| match direction {
            Direction::Up => op.loss(),
            Direction::Down => op.clone().inverse().loss(),
        })
    }

    async fn catalog(&mut self) -> Result<Catalog, Vec<Diagnostic>> {
        let read = Catalog::read(&mut self.scratch.connection, self.dialect).await;
        read.map_err(|error| vec![error.diagnostic("can't read the catalog")])
    }

    async fn contents(&mut self, state: &State) -> Result<Contents, Vec<Diagnostic>> {
        let read = rows::read(&mut self.scratch.connection, state).await;
        read.map_err(|error| vec![error.diagnostic("can't read the rows")])
    }

    fn compare(&mut self, expected: &Catalog, actual: &Catalog, what: &str, back: bool) {
        let differences = expected.differences(actual);
        if differences.is_empty() {
            return;
        }
        let code = if back { &errors::E743 } else { &errors::E742 };
        let message = format!("the catalog {what}: `{}`", self.case.revision.name);
        let details = shortened(differences.iter().map(ToString::to_string));
        let diagnostic = Diagnostic::error(code, message)
            .help("look at the lines: `+` is too much in the database, `-` is missing from it");
        self.proof.findings.push(Finding { diagnostic, details });
    }

    fn compare_rows(&mut self, before: &State, expected: &Contents, actual: &Contents) {
        let hooks = self.case.steps.iter().any(|step| matches!(step, Step::Hook(_)));
        let details = rows::differences(before, &declared_losses(self.case.steps), expected, actual);
        if details.is_empty() {
            return;
        }
        if hooks {
            // Rows that nobody wrote need not be what a hook's SQL expects of rows.
            let note = format!("rows differ after the rollback, possibly by a hook: {}", details.join("; "));
            self.proof.notes.push(note);
            return;
        }
        let message =
            format!("rows are not what they were after the rollback of `{}`", self.case.revision.name);
        let diagnostic = Diagnostic::error(&errors::E745, message)
            .help("declare the loss with an operation that has it, or report this as a defect");
        self.proof.findings.push(Finding { diagnostic, details: shortened(details.into_iter()) });
    }
}

/// The operations that say of themselves that data goes.
fn declared_losses(steps: &[Step]) -> Vec<&Op> {
    ops(steps).filter(|op| matches!(op.loss(), Loss::Loses(_))).collect()
}

fn shortened(lines: impl ExactSizeIterator<Item = String>) -> Vec<String> {
    let count = lines.len();
    let mut shown: Vec<String> = lines.take(SHOWN_MAX).collect();
    if count > SHOWN_MAX {
        shown.push(format!("… and {} more", count - SHOWN_MAX));
    }
    shown
}
