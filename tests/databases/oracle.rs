//! A second opinion: what schemactl creates, and reads back, is what sea-schema, which shares nothing with it, finds in
//! the database. On plain schemas only, since quotes in names, namespaces and equal names of constraints lead sea-schema
//! astray.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use schemactl::diagnostic::{Sources, render};
use schemactl::dialect::all;
use schemactl::model::State;
use schemactl::syntax::parse;
use sea_schema::{postgres, sqlite};
use sqlx::{PgPool, SqlitePool};

use crate::connection::block_on;
use crate::stage::Stage;

/// Tables, columns, primary and foreign keys, one in each line.
type Facts = BTreeSet<String>;

fn column(table: &str, column: &str, required: bool) -> String {
    format!("{table}.{column} {}", if required { "required" } else { "nullable" })
}

/// Which order a primary key has, sea-schema doesn't say on SQLite.
fn primary_key<'a>(table: &str, columns: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut columns: Vec<&str> = columns.collect();
    columns.sort_unstable();
    (!columns.is_empty()).then(|| format!("{table} key {}", columns.join(", ")))
}

fn foreign_key(table: &str, columns: &[String], other: &str, references: &[String]) -> String {
    format!("{table} ({}) refers to {other} ({})", columns.join(", "), references.join(", "))
}

/// What the schema says.
fn wanted(state: &State) -> Facts {
    let mut facts = Facts::new();
    let texts = |names: &[schemactl::name::Name]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    for table in &state.tables {
        let of = table.name.name.as_str();
        facts.insert(of.to_owned());
        facts.extend(table.columns.iter().map(|item| column(of, item.name.as_str(), !item.nullable)));
        let key = table.primary_key.iter().flat_map(|key| &key.columns);
        facts.extend(primary_key(of, key.map(|name| name.as_str())));
        facts.extend(table.foreign_keys.iter().map(|key| {
            foreign_key(of, &texts(&key.columns), key.table.name.as_str(), &texts(&key.references))
        }));
    }
    facts
}

async fn found_in_sqlite(url: &str) -> Facts {
    let pool = SqlitePool::connect(url).await.unwrap();
    let schema = sqlite::discovery::SchemaDiscovery::new(pool.clone()).discover().await.unwrap();
    pool.close().await;
    let mut facts = Facts::new();
    for table in schema.tables {
        let of = table.name.as_str();
        facts.insert(of.to_owned());
        facts.extend(table.columns.iter().map(|item| column(of, &item.name, item.not_null)));
        let key = table.columns.iter().filter(|column| column.primary_key);
        facts.extend(primary_key(of, key.map(|column| column.name.as_str())));
        facts.extend(table.foreign_keys.iter().map(|key| foreign_key(of, &key.from, &key.table, &key.to)));
    }
    facts
}

async fn found_in_postgres(url: &str) -> Facts {
    let pool = PgPool::connect(url).await.unwrap();
    let schema = postgres::discovery::SchemaDiscovery::new(pool.clone(), "public").discover().await.unwrap();
    pool.close().await;
    let mut facts = Facts::new();
    for table in schema.tables {
        let of = table.info.name.as_str();
        facts.insert(of.to_owned());
        facts.extend(table.columns.iter().map(|item| column(of, &item.name, item.not_null.is_some())));
        for key in &table.primary_key_constraints {
            facts.extend(primary_key(of, key.columns.iter().map(String::as_str)));
        }
        facts.extend(
            table
                .reference_constraints
                .iter()
                .map(|key| foreign_key(of, &key.columns, &key.table, &key.foreign_columns)),
        );
    }
    facts
}

/// The schemas of the case files and of the sample, by the path of their file or folder.
fn schemas() -> Vec<(PathBuf, State)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cases = fs::read_dir(root.join("tests/cases")).unwrap().flatten();
    let files = cases.flat_map(|case| ["before.kdl", "after.kdl"].map(|file| case.path().join(file)));
    let mut paths: Vec<PathBuf> =
        files.chain(["schema", "examples/chinook/schema"].map(|folder| root.join(folder))).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), read(&path))).collect()
}

fn read(path: &Path) -> State {
    let mut sources = Sources::default();
    let files: Vec<PathBuf> = match fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
        Err(_) => vec![path.to_owned()],
    };
    let files: Vec<_> = files
        .iter()
        .map(|file| sources.add(file.display().to_string(), fs::read_to_string(file).unwrap()))
        .collect();
    let dialects: Vec<_> = all().iter().map(|dialect| dialect.name()).collect();
    let (parsed, problems) = parse(&sources, &files, &dialects);
    let shown: String = problems.iter().map(|problem| render(problem, &sources, 100, false)).collect();
    parsed.unwrap_or_else(|| panic!("{shown}")).state
}

fn agree(mut stage: Stage, found: impl AsyncFn(&str) -> Facts) {
    let mut compared = 0;
    for (path, state) in schemas().into_iter().filter(|(_, state)| state.namespaces.is_empty()) {
        stage.create(&state).unwrap_or_else(|refused| panic!("{}: {refused}", path.display()));
        let wanted = wanted(&state.for_dialect(&stage.dialect.name()));
        let mut found = block_on(found(stage.url()));
        found.retain(|fact| !fact.starts_with("schemactl_journal"));
        let missing: Vec<&String> = wanted.difference(&found).collect();
        let added: Vec<&String> = found.difference(&wanted).collect();
        assert!(missing.is_empty() && added.is_empty(), "{}: - {missing:#?}\n+ {added:#?}", path.display());
        let mut read = self::wanted(&stage.inspect().state);
        read.retain(|fact| !fact.starts_with("schemactl_journal"));
        assert_eq!(read, found, "{}: what is read back", path.display());
        compared += 1;
    }
    assert!(compared > 20, "{compared} schemas were compared");
}

#[test]
fn sea_schema_sees_in_sqlite_what_was_created() {
    agree(Stage::sqlite_file(), found_in_sqlite);
}

#[test]
fn sea_schema_sees_in_postgres_what_was_created() {
    agree(Stage::postgres(), found_in_postgres);
}
