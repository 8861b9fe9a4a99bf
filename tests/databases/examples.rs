//! The examples that need a server, replayed as their pages say.

use crate::support::project::Project;
use crate::support::{mysql, postgres, sql, transcript};

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

/// The page replays it on SQLite.
#[test]
fn names_are_split_and_put_together_on_every_server() {
    let (postgres, mysql) = (postgres::database("members"), mysql::database("members"));
    for url in [&postgres.url, &mysql.url] {
        let project = Project::copy_of("examples/rename_with_backfill");
        let run = |arguments: &[&str]| project.run(&[arguments, &["--url", url]].concat()).ok();
        let before = "SELECT id, name, email, joined_on FROM members ORDER BY id";
        run(&["apply", "3", "-q"]);
        let whole = sql::rows(url, before);
        run(&["apply", "-q", "--allow-destructive", "members.name"]);
        let split = sql::rows(url, "SELECT given_name, family_name FROM members ORDER BY id");
        assert_eq!(split, ["Ada|King Lovelace", "Grace|Hopper", "Plato|NULL"], "{url}");
        run(&["prove", "4"]);
        run(&["drift"]);
        run(&["rollback", "-q", "--allow-destructive", "members.given_name,members.family_name"]);
        assert_eq!(sql::rows(url, before), whole, "{url}");
    }
}
