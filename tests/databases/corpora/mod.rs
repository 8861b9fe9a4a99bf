//! Schemas and rows that nobody here wrote. `SCHEMACTL_CORPORA` names the folder that holds them; without it, the
//! parts that need them are left out, which a line on standard error says, and the rest runs.

mod chinook;
#[cfg(feature = "mysql")]
mod mysql;
mod sakila;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs};

use schemactl::dialect;
use schemactl::name::{DialectName, Name};
use schemactl::runner::catalog::Catalog;

use super::connection::{Fresh, block_on};
use crate::support::project::Project;
use crate::support::skipped;
use crate::support::sql::Session;

/// The folder of the corpora; `None` without the variable, and `what` is said to be left out.
fn folder(what: &str) -> Option<PathBuf> {
    let folder = env::var_os("SCHEMACTL_CORPORA");
    if folder.is_none() {
        skipped(what, "SCHEMACTL_CORPORA is not set");
    }
    folder.map(PathBuf::from)
}

/// The text of a file of the corpora; `None` without the variable.
pub fn corpus(file: &str) -> Option<String> {
    let path = folder(file)?.join(file);
    Some(fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// The names and texts of all files of a folder of the corpora; none without the variable.
pub fn corpora(of: &str) -> Vec<(String, String)> {
    let Some(folder) = folder(of) else { return Vec::new() };
    let mut files: Vec<_> = fs::read_dir(folder.join(of)).unwrap().flatten().collect();
    files.sort_by_key(fs::DirEntry::file_name);
    assert!(!files.is_empty(), "{of}");
    let text = |file: &fs::DirEntry| fs::read_to_string(file.path()).unwrap();
    files.iter().map(|file| (file.file_name().into_string().unwrap(), text(file))).collect()
}

/// A database that the command line works on.
pub struct Database {
    fresh: Fresh,
    pub dialect: &'static str,
}

impl Database {
    pub fn sqlite() -> Self {
        Self { fresh: Fresh::sqlite(), dialect: "sqlite" }
    }

    pub fn postgres() -> Self {
        Self { fresh: Fresh::postgres(), dialect: "postgres" }
    }

    pub fn mysql() -> Self {
        Self { fresh: Fresh::mysql(), dialect: "mysql" }
    }

    pub fn execute(&self, sql: &str) {
        crate::support::sql::execute(&self.fresh.url, sql);
    }

    /// Works on one connection, on which what a statement sets lasts for those behind it.
    pub fn session(&self, work: impl FnOnce(&mut Session)) {
        work(&mut Session::open(&self.fresh.url));
    }

    pub fn rows(&self, sql: &str) -> Vec<String> {
        crate::support::sql::rows(&self.fresh.url, sql)
    }

    /// Runs `schemactl` on it and expects success.
    #[track_caller]
    pub fn run(&self, project: &Project, arguments: &[&str]) -> String {
        project.run(&[arguments, &["--url", &self.fresh.url]].concat()).ok()
    }

    pub fn catalog(&self) -> Catalog {
        let dialect = dialect::find(&DialectName::new(Name::new(self.dialect).unwrap())).unwrap();
        block_on(async { Catalog::read(&mut self.fresh.connect().await, dialect).await.unwrap() })
    }

    #[track_caller]
    pub fn expect_catalog(&self, expected: &Catalog, when: &str) {
        let now = self.catalog();
        let differences: Vec<String> = expected.differences(&now).iter().map(ToString::to_string).collect();
        assert!(differences.is_empty(), "{} {when}:\n{}", self.dialect, differences.join("\n"));
    }

    /// All rows of all tables, as text that tells values of different types apart. A table's columns are read in
    /// the order of their names, because a column that came back stands behind the others.
    pub fn contents(&self) -> BTreeMap<String, Vec<String>> {
        let columns = match self.dialect {
            "sqlite" => {
                "SELECT t.name, c.name FROM pragma_table_list t, pragma_table_xinfo(t.name) c \
                 WHERE t.type = 'table' AND t.name NOT IN ('sqlite_schema', 'sqlite_temp_schema', 'sqlite_sequence') \
                 ORDER BY 1, 2"
            }
            "mysql" => {
                "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables \
                 USING (table_schema, table_name) WHERE table_type = 'BASE TABLE' AND table_schema = DATABASE() \
                 ORDER BY 1, 2"
            }
            _ => {
                "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables \
                 USING (table_schema, table_name) WHERE table_type = 'BASE TABLE' AND table_schema = 'public' \
                 ORDER BY 1, 2"
            }
        };
        let mut session = Session::open(&self.fresh.url);
        let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in session.rows(columns) {
            let (table, column) = row.split_once('|').expect("the query has two columns");
            tables.entry(table.to_owned()).or_default().push(column.to_owned());
        }
        tables.retain(|table, _| !table.starts_with("schemactl_"));
        let read = |(table, columns): (String, Vec<String>)| {
            let quote = if self.dialect == "mysql" { '`' } else { '"' };
            let cell = |column: &String| match self.dialect {
                "sqlite" => format!("quote(\"{column}\")"),
                _ => format!("{quote}{column}{quote}"),
            };
            let cells = columns.iter().map(cell).collect::<Vec<_>>().join(", ");
            let mut rows = session.rows(&format!("SELECT {cells} FROM {quote}{table}{quote}"));
            rows.sort_unstable();
            (table, rows)
        };
        tables.into_iter().map(read).collect()
    }
}

/// Compares the rows of two times, and names the first that differs.
#[track_caller]
pub fn expect_contents(
    now: &BTreeMap<String, Vec<String>>,
    before: &BTreeMap<String, Vec<String>>,
    when: &str,
) {
    let names = |of: &BTreeMap<String, Vec<String>>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(now), names(before), "{when}");
    for (table, rows) in before {
        let now = &now[table];
        assert_eq!(now.len(), rows.len(), "{when}: rows of {table}");
        let different = rows.iter().zip(now).find(|(before, now)| before != now);
        assert_eq!(different, None, "{when}: rows of {table}");
    }
}
