//! Keeps a statement from taking away what revisions did not make: asks before it, and behind it, and stops.

use std::collections::BTreeMap;

use super::Failure;
use super::execute::Runner;
use crate::change::is_agreed;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Guard, Misfit, Rule, Written};
use crate::runner::connection::{ErrorKind, Row};
use crate::runner::errors::{E709, E727, E736, E737};

/// Of how many rows a message tells.
const ROWS_MAX: usize = 5;

/// A reference row by its place, with what there is to tell of it.
type Told = BTreeMap<usize, Vec<String>>;

impl Runner<'_> {
    /// Runs a statement under its guards.
    pub(super) async fn guarded(
        &mut self,
        sql: &str,
        guards: &[Guard],
        steps: &[usize],
    ) -> Result<(), Failure> {
        self.asked(guards).await.map_err(|failure| failure.at(steps, sql))?;
        self.statement(sql, steps).await?;
        for guard in guards {
            let Guard::Rows(rows) = guard else { continue };
            if self.left(rows).await.map_err(|failure| failure.at(steps, sql))? {
                self.statement(&rows.regardless, steps).await?;
            }
        }
        Ok(())
    }

    /// Asks what guards ask before a statement, and stops where one keeps it from running.
    pub(super) async fn asked(&mut self, guards: &[Guard]) -> Result<(), Failure> {
        for guard in guards {
            match guard {
                Guard::Along(query) => self.spare(query).await?,
                Guard::Fits(misfits) => self.fitting(misfits).await?,
                Guard::Rows(rows) => self.without_others(rows).await?,
            }
        }
        Ok(())
    }

    /// Runs a statement.
    pub(super) async fn statement(&mut self, sql: &str, steps: &[usize]) -> Result<(), Failure> {
        let run = self.connection.execute(sql).await;
        run.map(drop).map_err(|error| Failure::of(error, "a statement failed").at(steps, sql))
    }

    /// Stops where a statement would drop what no revision created.
    async fn spare(&mut self, query: &str) -> Result<(), Failure> {
        let rows = self.ask(query, "can't ask what would be dropped along").await?;
        let named: Vec<&str> = rows.iter().filter_map(|row| row.get(0)).collect();
        if named.is_empty() {
            return Ok(());
        }
        let message = format!("no revision created what would be dropped along: {}", named.join(", "));
        let help = "drop it by hand if nobody needs it any more, or take it into the schema";
        Err(Diagnostic::error(&E727, message).help(help).into())
    }

    /// Stops where rows contradict what a statement makes of their table.
    async fn fitting(&mut self, misfits: &[Misfit]) -> Result<(), Failure> {
        for misfit in misfits {
            let found = match self.connection.query(&format!("SELECT EXISTS ({})", misfit.query)).await {
                Ok(rows) => rows.first().and_then(|row| row.get(0)) == Some("1"),
                Err(error) if matches!(error.kind, ErrorKind::ConnectionLost | ErrorKind::Cancelled) => {
                    return Err(Failure::of(error, "can't ask whether the rows fit"));
                }
                // The database tells by the statement itself.
                Err(_) => false,
            };
            if found {
                return Err(contradiction(misfit));
            }
        }
        Ok(())
    }

    /// Stops where rows of other tables would go or change along with reference rows.
    async fn without_others(&mut self, rows: &Written) -> Result<(), Failure> {
        let doing = "can't ask what would be deleted along";
        let mut queries: Vec<String> = rows.along.iter().cloned().collect();
        if let Some(unknown) = &rows.unknown {
            let found = self.ask(unknown, doing).await?;
            queries.extend(found.iter().filter_map(|row| row.get(0).map(str::to_owned)));
        }
        let mut told = Told::new();
        for query in queries {
            for row in self.ask(&query, doing).await? {
                let (Some(place), Some(table), Some(count), Some(what)) =
                    (place(&row), row.get(1), row.get(2), row.get(3))
                else {
                    continue;
                };
                let rows = if count == "1" { "row" } else { "rows" };
                told.entry(place).or_default().push(format!("{count} {rows} of `{table}` would {what}"));
            }
        }
        let told = self.not_agreed(rows, told);
        if told.is_empty() {
            return Ok(());
        }
        let message = format!("a reference row would not go alone{}", lines(rows, &told));
        Err(Failure { lost: names(rows, &told), ..Diagnostic::error(&E737, message).into() })
    }

    /// Stops where reference rows are left because somebody changed them; true if that was agreed to.
    async fn left(&mut self, rows: &Written) -> Result<bool, Failure> {
        let found = self.ask(&rows.left, "can't ask which rows are left").await?;
        let mut told = Told::new();
        for row in &found {
            let Some(place) = place(row) else { continue };
            let changed = rows.columns.iter().enumerate().filter_map(|(at, column)| {
                let (held, written) = (row.get(2 * at + 1), row.get(2 * at + 2));
                let text = |value: Option<&str>| {
                    value.map_or_else(|| "NULL".to_owned(), |value| format!("`{}`", shortened(value)))
                };
                (held != written).then(|| format!("`{column}` is {}, was {}", text(held), text(written)))
            });
            let mut changed: Vec<String> = changed.collect();
            if changed.is_empty() {
                changed.push("it differs in digits that the database does not show".to_owned());
            }
            told.insert(place, changed);
        }
        let told = self.not_agreed(rows, told);
        if told.is_empty() {
            return Ok(!found.is_empty());
        }
        let message = format!("a reference row was changed since it was written{}", lines(rows, &told));
        Err(Failure { lost: names(rows, &told), ..Diagnostic::error(&E736, message).into() })
    }

    async fn ask(&mut self, query: &str, doing: &str) -> Result<Vec<Row>, Failure> {
        self.connection.query(query).await.map_err(|error| Failure::of(error, doing))
    }

    /// The rows that nobody agreed to lose.
    fn not_agreed(&self, rows: &Written, told: Told) -> Told {
        let agreed = |place: &usize| rows.names.get(*place).is_some_and(|name| is_agreed(self.agreed, name));
        told.into_iter().filter(|(place, _)| !agreed(place)).collect()
    }
}

/// What the database would have said of rows that contradict a rule.
fn contradiction(Misfit { what, query, rule, table, constraint, columns }: &Misfit) -> Failure {
    let kind = match rule {
        Rule::Unique => ErrorKind::UniqueViolation,
        Rule::NotNull => ErrorKind::NotNull,
        Rule::ForeignKey => ErrorKind::ForeignKey,
        Rule::Check => ErrorKind::Check,
        Rule::Type => ErrorKind::Range,
    };
    let diagnostic = Diagnostic::error(&E709, what.clone());
    let mut failure = Failure::of_rows(diagnostic, kind, table, columns.clone());
    failure.rows = Some(query.clone());
    if let Some(error) = &mut failure.error {
        error.constraint.clone_from(constraint);
    }
    failure
}

/// The place of the reference row that a row is about.
fn place(row: &Row) -> Option<usize> {
    row.get(0)?.parse().ok()
}

/// What is told of the first rows, a line for each.
fn lines(rows: &Written, told: &Told) -> String {
    let mut text = String::new();
    for (name, what) in named(rows, told).take(ROWS_MAX) {
        text.push_str(&format!("\n`{name}`: {}", what.join(", ")));
    }
    if told.len() > ROWS_MAX {
        text.push_str(&format!("\n… and {} more", told.len() - ROWS_MAX));
    }
    text
}

fn names(rows: &Written, told: &Told) -> Vec<String> {
    named(rows, told).map(|(name, _)| name.clone()).collect()
}

fn named<'a>(rows: &'a Written, told: &'a Told) -> impl Iterator<Item = (&'a String, &'a Vec<String>)> {
    told.iter().filter_map(|(place, what)| Some((rows.names.get(*place)?, what)))
}

/// The beginning of a value that is too long for a message.
fn shortened(value: &str) -> String {
    const MAX: usize = 60;
    if value.chars().count() <= MAX {
        return value.to_owned();
    }
    value.chars().take(MAX).chain(std::iter::once('…')).collect()
}
