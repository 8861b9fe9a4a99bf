//! What Alembic 1.20 was seen to do wrong, each point done right on a real database. A test's name says what holds;
//! the comment in it says what Alembic does.

mod change;
mod kind;
#[cfg(feature = "sqlite")]
mod rebuild;
mod run;

use super::connection::Fresh;
use crate::support::project::{Output, Project};
use crate::support::sql;

/// A project with an empty database of its own.
struct Bench {
    project: Project,
    fresh: Fresh,
    dialect: &'static str,
}

impl Bench {
    fn new(dialect: &'static str, fresh: Fresh) -> Self {
        let mut project = Project::empty();
        project.write(
            "schemactl.kdl",
            format!("project bench {{ dialects {dialect} }}\nenv dev default=#true {{ url (env)\"URL\" }}\n"),
        );
        project.set("URL", &fresh.url);
        Self { project, fresh, dialect }
    }

    #[cfg(feature = "sqlite")]
    fn sqlite() -> Self {
        Self::new("sqlite", Fresh::sqlite())
    }

    #[cfg(feature = "postgres")]
    fn postgres() -> Self {
        Self::new("postgres", Fresh::postgres())
    }

    /// Each kind of database.
    fn each() -> Vec<Self> {
        vec![
            #[cfg(feature = "sqlite")]
            Self::sqlite(),
            #[cfg(feature = "postgres")]
            Self::postgres(),
        ]
    }

    fn is(&self, dialect: &str) -> bool {
        self.dialect == dialect
    }

    /// Makes this the schema, plans what leads there and applies it. Returns what the plan shows.
    #[track_caller]
    fn reach(&self, schema: &str, answers: &[&str]) -> String {
        let shown = self.plan(schema, answers);
        self.run(&["apply", "--allow-destructive", "all"]).ok();
        shown
    }

    /// Makes this the schema and plans what leads there.
    #[track_caller]
    fn plan(&self, schema: &str, answers: &[&str]) -> String {
        self.project.write("schema/schema.kdl", schema);
        self.run(&[&["plan", "-m", "change"], answers].concat()).ok()
    }

    /// Checks that a revision was made for this schema, that it runs, and that it runs again after it was undone.
    #[track_caller]
    fn there_and_back(&self, schema: &str, answers: &[&str]) {
        self.reach(schema, answers);
        self.back();
        self.run(&["apply", "--allow-destructive", "all"]).ok();
        let again = self.run(&["plan"]);
        assert!(again.stderr.contains("nothing to plan"), "{again}");
    }

    #[track_caller]
    fn back(&self) {
        self.run(&["rollback", "--allow-destructive", "all"]).ok();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.project.run(arguments)
    }

    #[track_caller]
    fn execute(&self, statements: &str) {
        sql::execute(&self.fresh.url, statements);
    }

    #[track_caller]
    fn rows(&self, query: &str) -> Vec<String> {
        sql::rows(&self.fresh.url, query)
    }

    /// Checks that the database refuses a statement.
    #[track_caller]
    fn refuses(&self, statement: &str) {
        let refused = sql::Session::open(&self.fresh.url).try_rows(statement);
        assert!(refused.is_err(), "{} takes {statement}", self.dialect);
    }
}
