//! Histories that nobody here wrote, imported step by step: every revision leads to the catalog that the step's own SQL
//! leads to, and every one of them can be proven.

use std::env;
use std::fs;
use std::path::PathBuf;

use schemactl::dialect;
use schemactl::import::Sql;
use schemactl::name::{DialectName, Name};

use crate::corpora::{Database, corpus};
use crate::support::mysql;
use crate::support::project::Project;
use crate::support::sql::Session;

/// The steps of a history, written into a project as golang-migrate has them; their ways up.
pub fn steps(history: &str, project: &Project) -> Vec<String> {
    let folder = PathBuf::from(env::var_os("SCHEMACTL_CORPORA").expect("it was asked for")).join(history);
    let mut ups = Vec::new();
    for number in 1.. {
        let read = |way: &str| fs::read_to_string(folder.join(format!("{number:04}_{way}.sql")));
        let Ok(up) = read("up") else { break };
        project.write(&format!("steps/{number:04}_step.up.sql"), &up);
        if let Ok(down) = read("down") {
            project.write(&format!("steps/{number:04}_step.down.sql"), down);
        }
        ups.push(up);
    }
    assert!(!ups.is_empty(), "{history}");
    ups
}

fn follows(history: &str, database: fn() -> Database) {
    if corpus(&format!("histories/{history}/0001_up.sql")).is_none() {
        return;
    }
    let project = Project::empty();
    let ups = steps(&format!("histories/{history}"), &project);
    let (original, chain) = (database(), database());
    // A database that is a file has to be there.
    chain.execute("CREATE TABLE made (n INT); DROP TABLE made");
    chain.run(&project, &["import", "golang-migrate", "steps"]);
    let dialect = dialect::find(&DialectName::new(Name::new(chain.dialect).unwrap())).unwrap();
    for (number, up) in (1..).zip(&ups) {
        let statements = Sql::script(up).statements(dialect.rules()).unwrap();
        original.session(|session: &mut Session| {
            statements.iter().for_each(|statement| session.execute(statement));
        });
        chain.run(&project, &["apply", "+1", "--yes", "--allow-destructive", "all"]);
        chain.expect_catalog(&original.catalog(), &format!("at step {number} of {history}"));
    }
    let proved = chain.run(&project, &["prove"]);
    assert!(!proved.contains("error"), "{proved}");
    let rows = chain.contents();
    crate::corpora::expect_contents(&rows, &original.contents(), history);
}

#[test]
fn atuin_client_is_followed() {
    follows("atuin-client/sqlite", Database::sqlite);
}

#[test]
fn atuin_server_is_followed() {
    follows("atuin-server/sqlite", Database::sqlite);
    follows("atuin-server/postgres", Database::postgres);
}

#[test]
fn openfga_is_followed() {
    follows("openfga/sqlite", Database::sqlite);
    follows("openfga/postgres", Database::postgres);
    // What one of its steps says is no SQL of MariaDB's.
    if !mysql::is_mariadb() {
        follows("openfga/mysql", Database::mysql);
    }
}

#[test]
fn authelia_is_followed_on_postgres() {
    follows("authelia/postgres", Database::postgres);
}

#[test]
fn authelia_is_followed_on_mysql() {
    follows("authelia/mysql", Database::mysql);
}

#[test]
fn realworld_is_followed() {
    follows("realworld/postgres", Database::postgres);
}
