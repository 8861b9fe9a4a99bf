//! Makes a table anew and moves its rows, inside the transaction that is open and while foreign keys are not
//! enforced. What the state does not know is kept, or named before anything happens; a value that would change
//! silently stops the run. It never commits.

use super::connection::{Connection, DatabaseError, ErrorKind, Row};
use super::errors::{E731, E732, E733, E735};
use super::run::Failure;
use crate::diagnostic::Diagnostic;
use crate::dialect::{self, Copied, Dialect, Rebuild, Transaction};
use crate::plan::{Task, Work};

/// Whether a piece of work must run while foreign keys are not enforced.
pub(super) fn needs_foreign_keys_off(work: &Work) -> bool {
    match &work.task {
        Task::Rebuild(_) => true,
        Task::Statement(statement) => statement.transaction == Transaction::Unguarded,
        Task::Hook(_) => false,
    }
}

/// Makes the table anew, for these steps of the revision.
pub(super) async fn rebuild(
    connection: &mut Connection,
    rebuild: &Rebuild,
    steps: &[usize],
) -> Result<(), Failure> {
    let mut work = Rebuilding { connection, rebuild, steps };
    work.check_columns().await?;
    let kept = work.read_kept().await?;
    let views = work.working_views().await?;
    let before = work.census(&rebuild.table).await?;
    work.execute(&rebuild.create, "can't create the new table").await?;
    work.execute(&rebuild.copy, "can't copy the rows").await?;
    let after = work.census(&rebuild.scratch).await?;
    work.compare(&before, &after)?;
    work.check_classes().await?;
    work.check_indexes(&kept).await?;
    work.replace().await?;
    for sql in &rebuild.finish {
        work.execute(sql, "can't create an index").await?;
    }
    for Kept { name, sql, columns: _ } in &kept {
        work.execute(sql, &format!("can't restore `{name}`")).await?;
    }
    work.check_writes().await?;
    work.check_views(&views).await
}

/// Something on the old table that goes with it and comes back as it was.
struct Kept {
    name: String,
    sql: String,
    /// The columns of an index.
    columns: Vec<String>,
}

/// What a table holds: how many rows, and of each column that is copied as it is the classes of its values.
struct Census {
    rows: String,
    classes: Vec<(String, String)>,
}

struct Rebuilding<'a> {
    connection: &'a mut Connection,
    rebuild: &'a Rebuild,
    steps: &'a [usize],
}

impl Rebuilding<'_> {
    fn name(&self, name: &str) -> String {
        self.connection.quote_name(name)
    }

    fn text(&self, text: &str) -> String {
        self.connection.quote_literal(text)
    }

    async fn execute(&mut self, sql: &str, doing: &str) -> Result<(), Failure> {
        let done = self.connection.execute(sql).await;
        done.map(drop).map_err(|error| self.failure(error, doing).at(self.steps, sql))
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<Row>, Failure> {
        let rows = self.connection.query(sql).await;
        rows.map_err(|error| self.failure(error, "can't read the table").at(self.steps, sql))
    }

    /// The database names the scratch table where people know the table.
    fn failure(&self, mut error: DatabaseError, doing: &str) -> Failure {
        let Rebuild { table, scratch, .. } = self.rebuild;
        error.message = error.message.replace(scratch.as_str(), table);
        if error.table.as_ref().is_none_or(|named| named == scratch) {
            error.table = Some(table.clone());
        }
        let contradicts = error.kind.is_constraint() || error.kind == ErrorKind::Format;
        let mut failure = Failure::of(error, &format!("table `{table}` is made anew: {doing}"));
        if contradicts {
            failure.diagnostic.help = Some("correct the rows in a hook in front of this step".to_owned());
        }
        failure
    }

    /// Stops before a column gets lost that no revision created.
    async fn check_columns(&mut self) -> Result<(), Failure> {
        let Rebuild { table, scratch, columns: known, .. } = self.rebuild;
        let live = self.columns(table).await?;
        let missing_in = |one: &[String], other: &[String]| {
            let has = |name: &&String| other.iter().any(|other| other.eq_ignore_ascii_case(name));
            one.iter()
                .filter(|name| !has(name))
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let (unknown, lost) = (missing_in(&live, known), missing_in(known, &live));
        let message = if live.is_empty() {
            format!("there is no table `{table}`")
        } else if !unknown.is_empty() {
            format!("table `{table}` has columns that no revision created: {unknown}")
        } else if !lost.is_empty() {
            format!("table `{table}` lacks columns that revisions created: {lost}")
        } else {
            let sql = format!("SELECT 1 FROM sqlite_schema WHERE name = {}", self.text(scratch));
            if self.query(&sql).await?.is_empty() {
                return self.check_constraints().await;
            }
            format!("a table `{scratch}` is in the way")
        };
        let help = "take the change into the schema, or undo it in the database";
        Err(Diagnostic::error(&E731, message).help(help).into())
    }

    /// Stops before a constraint gets lost that no revision created.
    async fn check_constraints(&mut self) -> Result<(), Failure> {
        let Rebuild { table, live: known, .. } = self.rebuild;
        let sql = format!(
            "SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower({})",
            self.text(table)
        );
        let live = texts(&self.query(&sql).await?);
        let live = live.first().map_or("", String::as_str);
        let speaks = |dialect: &&&dyn Dialect| dialect.name().as_str() == self.connection.dialect();
        let dialect = dialect::all().iter().find(speaks);
        let unknown = dialect.map(|dialect| dialect.unknown_constraints(live, known)).unwrap_or_default();
        if unknown.is_empty() {
            return Ok(());
        }
        let list: Vec<String> = unknown.iter().map(|text| format!("`{text}`")).collect();
        let message =
            format!("table `{table}` has constraints that no revision created: {}", list.join(", "));
        let help = "take them into the schema, or make the table without them";
        Err(Diagnostic::error(&E731, message).help(help).into())
    }

    async fn columns(&mut self, table: &str) -> Result<Vec<String>, Failure> {
        let sql = format!("SELECT name FROM pragma_table_xinfo({}) ORDER BY cid", self.text(table));
        Ok(texts(&self.query(&sql).await?))
    }

    /// The triggers of the table, and the indexes that the state does not know.
    async fn read_kept(&mut self) -> Result<Vec<Kept>, Failure> {
        let sql = format!(
            "SELECT name, sql FROM sqlite_schema \
             WHERE type IN ('index', 'trigger') AND lower(tbl_name) = lower({}) AND sql IS NOT NULL \
             ORDER BY rowid",
            self.text(&self.rebuild.table)
        );
        let mut kept = Vec::new();
        for row in self.query(&sql).await? {
            let (Some(name), Some(sql)) = (row.get(0), row.get(1)) else { continue };
            if self.rebuild.known.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                continue;
            }
            let columns = format!("SELECT name FROM pragma_index_info({})", self.text(name));
            let columns = texts(&self.query(&columns).await?);
            kept.push(Kept { name: name.to_owned(), sql: sql.to_owned(), columns });
        }
        Ok(kept)
    }

    async fn census(&mut self, table: &str) -> Result<Census, Failure> {
        let same = self.rebuild.copied.iter().filter(|copied| copied.classes.is_none());
        let columns: Vec<String> = same.map(|copied| copied.column.clone()).collect();
        let counts = columns.iter().map(|column| {
            let column = self.name(column);
            let count = |class: &str| format!("count(CASE typeof({column}) WHEN '{class}' THEN 1 END)");
            ["integer", "real", "text", "blob"].map(count).join(" || ' ' || ")
        });
        let counts: Vec<String> = counts.collect();
        let counted = ["count(*)".to_owned()].into_iter().chain(counts).collect::<Vec<_>>().join(", ");
        let rows = self.query(&format!("SELECT {counted} FROM {}", self.name(table))).await?;
        let cell = |at| rows.first().and_then(|row| row.get(at)).unwrap_or_default().to_owned();
        let classes = columns.into_iter().enumerate().map(|(at, column)| (column, cell(at + 1)));
        Ok(Census { rows: cell(0), classes: classes.collect() })
    }

    fn compare(&self, before: &Census, after: &Census) -> Result<(), Diagnostic> {
        let table = &self.rebuild.table;
        if before.rows != after.rows {
            let message = format!("of the {} rows of `{table}`, {} were copied", before.rows, after.rows);
            return Err(Diagnostic::error(&E733, message).help("report this with the revision"));
        }
        let mut columns = before.classes.iter().zip(&after.classes);
        let Some(((column, _), _)) = columns.find(|(before, after)| before != after) else { return Ok(()) };
        let message = format!("values of `{table}.{column}` would become of another type");
        let help = "compare the column's type in the database with the one in the schema";
        Err(Diagnostic::error(&E732, message).help(help))
    }

    /// Values that could not be converted stay as they were; they are what is looked for.
    async fn check_classes(&mut self) -> Result<(), Failure> {
        for Copied { column, classes } in &self.rebuild.copied {
            let Some(classes) = classes.filter(|classes| !classes.is_empty()) else { continue };
            let quoted = self.name(column);
            let allowed: Vec<String> = classes.iter().map(|class| format!("'{class}'")).collect();
            let sql = format!(
                "SELECT count(*), min({quoted}) FROM {} WHERE typeof({quoted}) NOT IN ('null', {})",
                self.name(&self.rebuild.scratch),
                allowed.join(", ")
            );
            let rows = self.query(&sql).await?;
            let cell = |at| rows.first().and_then(|row| row.get(at)).unwrap_or("0");
            if cell(0) != "0" {
                let values = if cell(0) == "1" { "value" } else { "values" };
                let message = format!(
                    "{} {values} of `{}.{column}` can't become {}, for example `{}`",
                    cell(0),
                    self.rebuild.table,
                    classes.join(" or "),
                    cell(1).chars().take(40).collect::<String>()
                );
                let help = "correct them in a hook in front of this step";
                let problem = Diagnostic::error(&E732, message).help(help);
                let (table, columns) = (&self.rebuild.table, vec![column.clone()]);
                return Err(Failure::of_rows(problem, ErrorKind::Range, table, columns));
            }
        }
        Ok(())
    }

    /// An index that no revision created must find its columns again: a missing one would be read as a string.
    async fn check_indexes(&mut self, kept: &[Kept]) -> Result<(), Failure> {
        let columns = self.columns(&self.rebuild.scratch).await?;
        for Kept { name, sql: _, columns: indexed } in kept {
            let lost = |column: &&String| !columns.iter().any(|other| other.eq_ignore_ascii_case(column));
            if let Some(column) = indexed.iter().find(lost) {
                return Err(self.would_break("index", name, &format!("it needs the column `{column}`")));
            }
        }
        Ok(())
    }

    fn would_break(&self, kind: &str, name: &str, reason: &str) -> Failure {
        let message = format!(
            "{kind} `{name}`, which no revision created, would not work with the new `{}`: {reason}",
            self.rebuild.table
        );
        Diagnostic::error(&E735, message).help(format!("drop or change the {kind} first")).into()
    }

    async fn replace(&mut self) -> Result<(), Failure> {
        for sql in &self.rebuild.sequence {
            self.execute(sql, "can't keep the numbering").await?;
        }
        let [drop, legacy, rename, modern] = &self.rebuild.replacement;
        self.execute(drop, "can't drop the old table").await?;
        self.execute(legacy, "can't prepare the rename").await?;
        let renamed = self.execute(rename, "can't put the new table in its place").await;
        // The switch is the connection's and outlives a rollback.
        self.execute(modern, "can't end the rename").await?;
        renamed
    }

    /// The views that can be read now.
    async fn working_views(&mut self) -> Result<Vec<String>, Failure> {
        let rows = self.query("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY rowid").await?;
        let mut views = Vec::new();
        for view in texts(&rows) {
            if self.explain_view(&view).await.is_ok() {
                views.push(view);
            }
        }
        Ok(views)
    }

    async fn explain_view(&mut self, view: &str) -> Result<(), DatabaseError> {
        let sql = format!("EXPLAIN SELECT * FROM {}", self.name(view));
        self.connection.query(&sql).await.map(drop)
    }

    async fn check_views(&mut self, working: &[String]) -> Result<(), Failure> {
        for view in working {
            if let Err(error) = self.explain_view(view).await {
                return Err(self.would_break("view", view, &error.message));
            }
        }
        Ok(())
    }

    /// The triggers are compiled with the statements that fire them.
    async fn check_writes(&mut self) -> Result<(), Failure> {
        let table = self.name(&self.rebuild.table);
        for sql in [format!("INSERT INTO {table} DEFAULT VALUES"), format!("DELETE FROM {table}")] {
            let explained = self.connection.query(&format!("EXPLAIN {sql}")).await;
            if let Err(error) = explained {
                return Err(self.would_break("a trigger on", &self.rebuild.table, &error.message));
            }
        }
        Ok(())
    }
}

/// The first cells of rows.
fn texts(rows: &[Row]) -> Vec<String> {
    rows.iter().filter_map(|row| row.get(0)).map(str::to_owned).collect()
}
