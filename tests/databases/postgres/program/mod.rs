//! The program as people use it on PostgreSQL: from the command line to the catalog, on servers, roles and schemas that
//! are not as the book has them.

mod access;
mod adopt;
mod busy;
mod foreign;
mod place;
mod script;
mod whole;

use crate::support::postgres::{self, TestDatabase};
use crate::support::project::{Output, Project};
use crate::support::running::Running;
use crate::support::sql::Session;

/// A project with one database of its own.
pub struct Shop {
    project: Project,
    pub database: TestDatabase,
}

impl Shop {
    /// A project with this schema and nothing planned.
    pub fn new(name: &str, schema: &str) -> Self {
        let database = postgres::database(name);
        let mut project = Project::empty();
        project.hide(&database.url, "[URL]");
        project.run(&["init", "--dialects", "postgres"]).ok();
        project.write("schema/schema.kdl", schema);
        Self { project, database }
    }

    /// Plans from this schema, with these answers.
    pub fn plan(&self, schema: &str, answers: &[&str]) -> &Self {
        self.project.write("schema/schema.kdl", schema);
        let mut arguments = vec!["plan", "-m", "step"];
        arguments.extend(answers);
        self.project.run(&arguments).ok();
        self
    }

    /// Runs a command on the database.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.run_at(&self.database.url, arguments)
    }

    /// Runs a command on the database at another URL.
    pub fn run_at(&self, url: &str, arguments: &[&str]) -> Output {
        let mut all = arguments.to_vec();
        all.extend(["--url", url]);
        self.project.run(&all)
    }

    /// Starts a command on the database, with what it says to be read line by line.
    pub fn start(&self, arguments: &[&str]) -> Running {
        Running::start(&self.project, &[arguments, &["--url", &self.database.url]].concat())
    }

    /// Applies everything, whatever it loses.
    #[track_caller]
    pub fn apply(&self) -> &Self {
        self.run(&["apply", "--allow-destructive", "all"]).ok();
        self
    }

    /// A session beside the program's.
    pub fn session(&self) -> Session {
        Session::open(&self.database.url)
    }

    /// The URL with other parameters.
    pub fn with(&self, parameters: &str) -> String {
        format!("{}?{parameters}", self.database.url)
    }
}
