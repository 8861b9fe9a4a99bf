//! What a trial does on MySQL and MariaDB alone.

use schemactl::dialect::mysql::Mysql;
use schemactl::dialect::{Dialect, Product, Version};
use schemactl::model::State;
use schemactl::syntax::Parsed;

use crate::support::mysql::{self, TestDatabase};
use crate::support::sql::Session;
use crate::trial::{self, Place};

pub use crate::trial::Rows;

pub type Trial = trial::Trial<TestDatabase>;

pub fn read(text: &str) -> Parsed {
    trial::read(&Mysql, text)
}

impl Place for TestDatabase {
    const DIALECT: &dyn Dialect = &Mysql;

    fn new(name: &str) -> (Self, Session, Version) {
        let database = mysql::database(name);
        let mut session = Session::open(&database.url);
        let product = if mysql::is_mariadb() { Product::MariaDb } else { Product::MySql };
        let number = session.rows("SELECT version()").remove(0);
        let mut numbers = number.split(|c: char| !c.is_ascii_digit()).map_while(|part| part.parse().ok());
        let mut next = || numbers.next().expect("a version has three numbers");
        let version = product.version(next(), next(), next());
        (database, session, version)
    }

    fn clear(&self, session: &mut Session) {
        let name = &self.name;
        session.execute(&format!("DROP DATABASE `{name}`; CREATE DATABASE `{name}`; USE `{name}`"));
    }

    /// Every table, line by line, every view, every trigger.
    fn catalog(session: &mut Session) -> Vec<String> {
        let mut all = Vec::new();
        for table in tables(session, "BASE TABLE") {
            let text = session.rows(&format!("SHOW CREATE TABLE `{table}`")).join("\n");
            // Numbers that were given out are no difference, and neither is the order of columns.
            let lines = text.lines().map(|line| line.trim_end_matches(','));
            let counted = |line: &str| {
                let words = line.split(' ').filter(|word| !word.starts_with("AUTO_INCREMENT="));
                words.collect::<Vec<_>>().join(" ")
            };
            all.extend(lines.map(|line| format!("{table} {}", counted(line))));
        }
        for view in tables(session, "VIEW") {
            all.extend(session.rows(&format!("SHOW CREATE VIEW `{view}`")));
        }
        all.extend(session.rows(
            "SELECT trigger_name, action_statement FROM information_schema.triggers \
             WHERE trigger_schema = DATABASE() ORDER BY 1",
        ));
        all.extend(session.rows(
            "SELECT routine_name, routine_definition FROM information_schema.routines \
             WHERE routine_schema = DATABASE() ORDER BY 1",
        ));
        all.sort_unstable();
        all
    }

    fn rows(session: &mut Session) -> Vec<String> {
        let mut all = Vec::new();
        for table in tables(session, "BASE TABLE") {
            let columns = columns(session, &table);
            let columns: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
            let rows = session.rows(&format!("SELECT {} FROM `{table}` ORDER BY 1", columns.join(", ")));
            all.extend(rows.into_iter().map(|row| format!("{table} {row}")));
        }
        all
    }

    /// The tables have these columns.
    fn is_as(session: &mut Session, state: &State, other: &State, shown: &str) {
        for table in &state.tables {
            let mut wanted: Vec<String> = table.columns.keys().map(ToString::to_string).collect();
            wanted.sort_unstable();
            let found = columns(session, table.name.name.as_str());
            assert_eq!(found, wanted, "the columns of {} around\n{shown}", table.name);
        }
        for table in other.tables.keys().filter(|name| !state.tables.contains(name)) {
            let found = columns(session, table.name.as_str());
            assert!(found.is_empty(), "{table} is there around\n{shown}");
        }
    }
}

fn tables(session: &mut Session, kind: &str) -> Vec<String> {
    session.rows(&format!(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() \
         AND table_type = '{kind}' ORDER BY 1"
    ))
}

fn columns(session: &mut Session, table: &str) -> Vec<String> {
    session.rows(&format!(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() \
         AND table_name = '{table}' ORDER BY 1"
    ))
}
