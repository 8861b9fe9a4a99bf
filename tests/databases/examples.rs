//! The examples that need a server, replayed as their pages say.

use crate::support::project::Project;
use crate::support::{mysql, postgres, transcript};

#[test]
fn one_chain_serves_four_databases() {
    let production = postgres::database("logbook");
    let mut project = Project::copy_of("examples/one_chain_four_databases");
    let customer = mysql::database("customer");
    project.set("DATABASE_URL", &production.url).set("TEST_URL", postgres::server());
    project.set("MYSQL_URL", &customer.url);
    // What is shown of a URL has no password.
    let mut shown: url::Url = production.url.parse().expect("the server's URL was used to connect");
    if shown.password().is_some() {
        shown.set_password(Some("***")).expect("it has a host");
    }
    project.hide(shown.as_str(), "postgres://logbook@db.example.org/logbook");
    transcript::replay_document(&project, "examples/one_chain_four_databases/README.md");
}
