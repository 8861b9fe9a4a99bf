//! Changes as files: `tests/cases/NAME` holds a schema before and after, the answers that a plan needs, and rows; beside
//! them lie the plan with its operations and, for each dialect, or for each of MySQL and MariaDB, the SQL of both directions
//! and what became of the rows. Each runs for real, up, down and up again: the catalog is that of a database created anew, and the rows
//! are there again after the way back.
//!
//! `rows.sql` is for every dialect, `rows.postgres.sql` for one; a dialect for which there are none is not asked, and MySQL
//! not for what it doesn't have.
//! `INSTA_UPDATE=always cargo test --test db cases::` writes the expected files anew; read them before you accept.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use schemactl::diagnostic::{Sources, render};
use schemactl::dialect::{Dialect, all, find};
use schemactl::model::State;
use schemactl::name::Name;
use schemactl::runner::catalog::Catalog;
use schemactl::syntax::parse;

use crate::connection::{Fresh, block_on};
use crate::stage::{Stage, differences};
use crate::strategies::build::dialect as name;
use crate::support::project::Project;
use crate::support::{mysql, sql};

/// Declares a test for each folder, and one that none is forgotten.
macro_rules! cases {
    ($($case:ident),* $(,)?) => {
        $(#[test]
        fn $case() {
            Case::open(stringify!($case)).run();
        })*

        #[test]
        fn every_folder_is_a_case() {
            let folders = fs::read_dir(folder("")).unwrap().flatten();
            let found: BTreeSet<String> =
                folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
            assert_eq!(found, BTreeSet::from([$(stringify!($case).to_owned()),*]));
        }
    };
}

cases!(
    check_over_renamed_column,
    comments,
    converted_type,
    dropped_required_column,
    dropped_type,
    enum_values,
    foreign_key_cycle,
    generated_column,
    identity,
    namespaces,
    partial_index,
    primary_key,
    rebuild_under_children,
    reference_rows,
    renamed_table_and_column,
    required_column,
    type_change,
    unique_and_index,
    view_chain,
);

/// Those about what MySQL and MariaDB don't have, and refuse in a plan: namespaces, and indexes with a condition.
const NOT_ON_MYSQL: [&str; 2] = ["namespaces", "partial_index"];

fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(case)
}

struct Case {
    folder: PathBuf,
    dialects: Vec<&'static str>,
    project: Project,
}

impl Case {
    /// Plans the case in a project of its own.
    fn open(case: &str) -> Self {
        let folder = folder(case);
        let has = |file: &str| folder.join(file).exists();
        let mut dialects = vec!["sqlite", "postgres"];
        dialects.retain(|dialect| has("rows.sql") || has(&format!("rows.{dialect}.sql")));
        if !NOT_ON_MYSQL.contains(&case) {
            dialects.push("mysql");
        }
        let project = Project::empty();
        project.write("schemactl.kdl", format!("project case {{ dialects {} }}\n", dialects.join(" ")));
        let case = Self { folder, dialects, project };
        case.project.write("schema/schema.kdl", case.text("before.kdl"));
        case.project.run(&["plan", "-m", "before"]).ok();
        case
    }

    fn text(&self, file: &str) -> String {
        let path = self.folder.join(file);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The rows for a dialect.
    fn rows(&self, dialect: &str) -> String {
        let own = format!("rows.{dialect}.sql");
        self.text(if self.folder.join(&own).exists() { &own } else { "rows.sql" })
    }

    fn state(&self, file: &str) -> State {
        let mut sources = Sources::default();
        let file = sources.add(file, self.text(file));
        let dialects: Vec<_> = all().iter().map(|dialect| dialect.name()).collect();
        let (parsed, problems) = parse(&sources, &[file], &dialects);
        let shown: String = problems.iter().map(|problem| render(problem, &sources, 100, false)).collect();
        parsed.unwrap_or_else(|| panic!("{shown}")).state
    }

    fn run(&self) {
        self.project.write("schema/schema.kdl", self.text("after.kdl"));
        let mut arguments = vec!["plan", "-m", "after"];
        if self.folder.join("answers.kdl").exists() {
            self.project.write("answers.kdl", self.text("answers.kdl"));
            arguments.extend(["--answers", "answers.kdl"]);
        }
        let plan = self.project.run(&arguments).ok();
        let revision = self.project.read("revisions/0002_after.kdl");
        let (_, ops) = revision.split_once("\nops ").expect("a revision has operations");
        self.expect("plan", &format!("{plan}\nops {ops}"));
        for dialect in &self.dialects {
            self.run_on(dialect);
        }
    }

    fn run_on(&self, dialect: &str) {
        let (before, after) = (self.state("before.kdl"), self.state("after.kdl"));
        let database = match dialect {
            "sqlite" => Fresh::sqlite(),
            "mysql" => Fresh::mysql(),
            _ => Fresh::postgres(),
        };
        let url = &database.url;
        let run = |arguments: &[&str]| {
            let common = ["--allow-destructive", "all", "--url", url];
            self.project.run(&[arguments, &common].concat()).ok();
        };
        run(&["apply", "+1"]);
        sql::execute(url, &self.rows(dialect));
        let contents_before = contents(url, &before, dialect);
        let mut expected = None;
        for round in ["first", "second"] {
            run(&["apply"]);
            same(&database, &after, dialect, &format!("{round} up"));
            let contents_after = contents(url, &after, dialect);
            let expected = expected.get_or_insert_with(|| contents_after.clone());
            assert_eq!(*expected, contents_after, "rows {round} up on {dialect}");
            run(&["rollback", "-1"]);
            same(&database, &before, dialect, &format!("{round} down"));
            assert_eq!(contents_before, contents(url, &before, dialect), "rows {round} down on {dialect}");
        }
        // Of the two that speak one dialect, the one at hand.
        let server = if dialect == "mysql" && mysql::is_mariadb() { "mariadb" } else { dialect };
        let shown = self.project.run(&["show", "head", "--sql", "--dialect", server]).ok();
        let (_, sql) = shown.split_once("-- ").expect("the SQL follows the steps");
        self.expect(server, &format!("-- {sql}\n-- rows after apply\n{}", expected.unwrap_or_default()));
    }

    fn expect(&self, name: &str, text: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&self.folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
}

/// Holds the catalog against that of a database that is created in this state.
fn same(database: &Fresh, state: &State, dialect: &str, when: &str) {
    let known: &dyn Dialect = find(&name(dialect)).expect("all dialects are built for tests");
    let mut stage = stage(dialect);
    stage.create(state).unwrap_or_else(|refused| panic!("{refused}"));
    let now = block_on(async { Catalog::read(&mut database.connect().await, known).await.unwrap() });
    let differences = differences(&stage.catalog(), &now);
    assert!(differences.is_empty(), "{when} on {dialect}:\n{differences}");
}

fn stage(dialect: &str) -> Stage {
    match dialect {
        "sqlite" => Stage::sqlite(),
        "mysql" => Stage::mysql(),
        _ => Stage::postgres(),
    }
}

/// Every row of every table.
fn contents(url: &str, state: &State, dialect: &str) -> String {
    let known: &dyn Dialect = find(&name(dialect)).expect("all dialects are built for tests");
    let quoted = |name: &Name| known.quoted(name);
    let state = state.for_dialect(&name(dialect));
    let mut text = String::new();
    for table in state.tables.sorted() {
        let columns: Vec<String> = table.columns.keys().map(&quoted).collect();
        let names: Vec<&str> = table.columns.keys().map(|name| name.as_str()).collect();
        text.push_str(&format!("{}: {}\n", table.name, names.join("|")));
        let parts = table.name.namespace.iter().chain([&table.name.name]);
        let from = parts.map(&quoted).collect::<Vec<_>>().join(".");
        let query = format!("SELECT {} FROM {from}", columns.join(", "));
        let mut rows = sql::rows(url, &query);
        rows.sort();
        text.extend(rows.iter().map(|row| format!("  {row}\n")));
    }
    text
}
