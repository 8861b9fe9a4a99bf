//! Faults of every kind against the program itself: real processes on real databases. After each fault the database
//! is as it was, or the next run finishes the work; and the message says which.

mod alone;
mod connection;
mod crowd;
mod doubt;
mod integrity;
mod kill;
mod newfile;
mod observed;
mod refusal;
mod signal;
mod statement;
#[cfg(feature = "mysql")]
mod told;

use std::time::{Duration, Instant};

use schemactl::dialect;
use schemactl::name::{DialectName, Name};
use schemactl::runner::catalog::{Catalog, Difference};

use crate::connection::{Fresh, block_on};
use crate::support::project::{Output, Project};
use crate::support::running::Running;
use crate::support::{mysql, postgres, sql};

/// What the first revision makes.
const FIRST: &str = r#"
enum status draft published archived
table users {
    column id bigint identity primary-key
    column email "varchar(320)" unique
    column name text nullable
    column legacy text nullable
}
table posts {
    column id bigint identity primary-key
    column author_id bigint references="users.id" on-delete=cascade
    column title "varchar(80)"
    column status status default=draft
    index author_id
}
"#;

/// What the second one makes of it: tables changed, made and filled.
const SECOND: &str = r#"
enum status draft published archived
table users {
    column id bigint identity primary-key
    column email "varchar(320)" unique
    column name text nullable
    column age int
}
table posts {
    column id bigint identity primary-key
    column author_id bigint references="users.id" on-delete=cascade
    column title text
    column status status default=draft
    column slug "varchar(80)" nullable
    index author_id
    index slug
}
table likes {
    column user_id bigint references="users.id"
    column post_id bigint references="posts.id"
    primary-key user_id post_id
}
"#;

/// What its new column is in the rows that are there.
const AGE: [&str; 2] = ["--default", "users.age=18"];

/// The rows that are there before the second one runs.
const ROWS: &str = "
    INSERT INTO users (email, name) VALUES ('a@x', 'Ada'), ('b@x', NULL), ('c@x', 'Cy');
    INSERT INTO posts (author_id, title) VALUES (1, 'one'), (1, 'two'), (2, 'three');
";

/// Agrees to everything that the second revision does.
const APPLY: [&str; 3] = ["apply", "--allow-destructive", "all"];

/// A project with revisions, and a database of one kind that has the first of them, with rows.
pub struct Shop {
    pub project: Project,
    pub url: String,
    /// Dropped with the shop.
    _databases: (Option<postgres::TestDatabase>, Option<mysql::TestDatabase>),
}

/// All that can be seen of a database.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Picture {
    pub catalog: Catalog,
    pub rows: Vec<String>,
    pub journal: Vec<String>,
}

impl Shop {
    /// The files alone, with an empty database.
    pub fn empty(kind: &str) -> Self {
        let mut project = Project::empty();
        let postgres = (kind == "postgres").then(|| postgres::database("faults"));
        let mysql = (kind == "mysql").then(|| mysql::database("faults"));
        let url = match (&postgres, &mysql) {
            (Some(database), _) => database.url.clone(),
            (None, Some(database)) => database.url.clone(),
            (None, None) => project.sqlite("shop.db"),
        };
        project.hide(&url, "[URL]");
        Self { project, url, _databases: (postgres, mysql) }.planned([FIRST, SECOND], &AGE)
    }

    /// The files alone, for an empty database that is there already.
    pub fn at(url: &str) -> Self {
        let shop = Self { project: Project::empty(), url: url.to_owned(), _databases: (None, None) };
        shop.planned([FIRST, SECOND], &AGE)
    }

    /// The files alone, from one schema to another, for an empty database that is there already.
    pub fn between(url: &str, schemas: [&str; 2]) -> Self {
        let shop = Self { project: Project::empty(), url: url.to_owned(), _databases: (None, None) };
        shop.planned(schemas, &[])
    }

    fn planned(self, [first, second]: [&str; 2], answers: &[&str]) -> Self {
        let shop = self;
        shop.configure("");
        shop.project.write("schema/shop.kdl", first);
        shop.project.run(&["plan", "-m", "first", "-q"]).ok();
        shop.project.write("schema/shop.kdl", second);
        shop.project.run(&[&["plan", "-m", "second", "-q"], answers].concat()).ok();
        shop
    }

    /// With the first revision applied.
    pub fn new(kind: &str) -> Self {
        let shop = Self::empty(kind);
        shop.project.run(&["apply", "+1", "-q"]).ok();
        sql::execute(&shop.url, ROWS);
        shop
    }

    /// One of each kind.
    pub fn each() -> [Self; 2] {
        ["sqlite", "postgres"].map(Self::new)
    }

    /// The dialect of its database.
    fn kind(&self) -> &'static str {
        match self.url.split(':').next() {
            Some("postgresql" | "postgres") => "postgres",
            Some("mysql") => "mysql",
            _ => "sqlite",
        }
    }

    pub fn is_postgres(&self) -> bool {
        self.kind() == "postgres"
    }

    /// Writes the configuration, with these lines in the environment.
    pub fn configure(&self, lines: &str) {
        let url = &self.url;
        let dialects = if self.kind() == "mysql" { "mysql" } else { "sqlite postgres" };
        self.project.write(
            "schemactl.kdl",
            format!(
                "project shop {{ dialects {dialects} }}\n\
                 env dev default=#true {{\n    url \"{url}\"\n    lock-timeout \"60s\"\n{lines}\n}}\n"
            ),
        );
    }

    /// Plans a third revision, which adds a value to an enum and uses it: on a server that is a transaction of its own.
    pub fn with_new_status(self) -> Self {
        let schema = SECOND.replace("published archived", "published archived deleted");
        let schema =
            schema.replace("column status status default=draft", "column status status default=deleted");
        self.project.write("schema/shop.kdl", schema);
        self.project.run(&["plan", "-m", "third", "-q"]).ok();
        self
    }

    /// Writes a hook into the head: before the step with this number, from 0, of those that there are.
    pub fn insert_hook(&self, file: &str, place: usize, hook: &str) {
        let text = self.project.read(file);
        let (head, ops) = text.split_once("ops {\n").unwrap();
        // Steps begin at four spaces; what is deeper belongs to the step above it.
        let begins: Vec<usize> = ops
            .match_indices("    ")
            .filter(|(at, _)| *at == 0 || ops[..*at].ends_with('\n'))
            .filter(|(at, _)| !ops[at + 4..].starts_with([' ', '}']))
            .map(|(at, _)| at)
            .collect();
        let at = begins.get(place).copied().unwrap_or(ops.rfind('}').unwrap());
        self.project.write(file, format!("{head}ops {{\n{}    {hook}\n{}", &ops[..at], &ops[at..]));
    }

    pub fn apply(&self) -> Output {
        self.project.run(&APPLY)
    }

    /// All that can be seen of the database.
    pub fn picture(&self) -> Picture {
        let dialect = dialect::find(&DialectName::new(Name::new(self.kind()).unwrap())).unwrap();
        let catalog = block_on(async {
            let mut connection = Fresh::at(self.url.clone()).connect().await;
            Catalog::read(&mut connection, dialect).await.unwrap()
        });
        let mut session = sql::Session::open(&self.url);
        let tables = session.rows(match self.kind() {
            "postgres" => "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1",
            "mysql" => "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY 1",
            _ => "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1",
        });
        let mut rows = Vec::new();
        for table in tables.iter().filter(|table| !table.starts_with("schemactl_")) {
            let mut found = session.rows(&format!("SELECT * FROM {table}"));
            found.sort_unstable();
            rows.extend(found.into_iter().map(|row| format!("{table}: {row}")));
        }
        let journal = match tables.iter().any(|table| table == "schemactl_journal") {
            true => session
                .rows("SELECT seq, event, name, segment, statement FROM schemactl_journal ORDER BY seq"),
            false => Vec::new(),
        };
        Picture { catalog, rows, journal }
    }

    /// Checks that nothing changed.
    #[track_caller]
    pub fn is_still(&self, before: &Picture, when: &str) {
        let now = self.picture();
        assert_eq!(now.journal, before.journal, "{when}");
        assert_eq!(now.rows, before.rows, "{when}");
        same_catalog(&now.catalog, &before.catalog, when);
    }

    /// Checks that it holds what a run without a fault leads to, whatever the journal has seen.
    #[track_caller]
    pub fn is_whole(&self, whole: &Picture, when: &str) {
        let now = self.picture();
        assert_eq!(now.rows, whole.rows, "{when}");
        same_catalog(&now.catalog, &whole.catalog, when);
        assert_eq!(self.project.run(&["status", "--check", "-q"]).code, Some(0), "{when}");
    }

    /// What a run without a fault leads to.
    pub fn whole(&self) -> Picture {
        let mut other = Self::new(self.kind());
        if self.project.files().contains(&"revisions/0003_third.kdl".to_owned()) {
            other = other.with_new_status();
        }
        other.apply().ok();
        other.picture()
    }

    /// Whether a run holds the lock.
    pub fn is_locked(&self) -> bool {
        if self.is_postgres() {
            let held = "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
                        WHERE datname = current_database() AND locktype = 'advisory' AND granted AND objsubid = 1";
            return sql::rows(&self.url, held) != ["0"];
        }
        if self.kind() == "mysql" {
            return !sql::rows(&self.url, BEFORE_RUN).is_empty();
        }
        std::fs::read_to_string(self.project.path("shop.db-schemactl.lock"))
            .is_ok_and(|text| text.contains("process"))
    }

    /// Whether a commit waits for readers of the file: new ones are refused.
    pub fn is_committing(&self) -> bool {
        // From a process of its own: connections of one share what they have locked.
        self.project.shell("sqlite3 shop.db 'SELECT count(*) FROM users'").code != Some(0)
    }

    /// Waits for something that a process brings about.
    #[track_caller]
    pub fn wait_until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        while !is_so(self) {
            assert!(Instant::now() < end, "never: {what}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Whether a statement with these words waits for a lock of the server, PostgreSQL.
    pub fn is_waiting(&self, words: &str) -> bool {
        let waiting = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
             AND wait_event_type = 'Lock' AND query LIKE '%{words}%'"
        );
        sql::rows(&self.url, &waiting) != ["0"]
    }

    /// Starts the program, with what it says to be read line by line.
    pub fn start(&self, arguments: &[&str]) -> Running {
        Running::start(&self.project, arguments)
    }
}

#[track_caller]
fn same_catalog(now: &Catalog, expected: &Catalog, when: &str) {
    let differences: Vec<String> = expected.differences(now).iter().map(Difference::to_string).collect();
    assert!(differences.is_empty(), "{when}:\n{}", differences.join("\n"));
}

/// The process of a run on MySQL that sleeps before its revisions, with the lock.
const BEFORE_RUN: &str = "SELECT id FROM information_schema.processlist WHERE db = DATABASE() \
    AND info LIKE '/* schemactl apply */ DO sleep(%'";
/// A query that SQLite never finishes.
const FOREVER: &str = "WITH RECURSIVE forever(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM forever) SELECT count(*) FROM forever";
