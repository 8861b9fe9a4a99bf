//! The examples that need a server, replayed as their pages say.

use crate::support::project::Project;
use crate::support::{postgres, transcript};

#[test]
fn one_chain_serves_sqlite_and_postgres() {
    let production = postgres::database("logbook");
    let mut project = Project::copy_of("examples/sqlite_dev_postgres_prod");
    project.set("DATABASE_URL", &production.url).set("TEST_URL", postgres::server());
    // What is shown of a URL has no password.
    let mut shown: url::Url = production.url.parse().expect("the server's URL was used to connect");
    if shown.password().is_some() {
        shown.set_password(Some("***")).expect("it has a host");
    }
    project.hide(shown.as_str(), "postgres://logbook@db.example.org/logbook");
    transcript::replay_document(&project, "examples/sqlite_dev_postgres_prod/README.md");
}
