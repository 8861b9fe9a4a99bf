//! The connection on real databases: what it returns, how it names what is wrong, and how it is stopped.

use std::time::{Duration, Instant};

use schemactl::runner::connection::{Connection, DatabaseError, ErrorKind, Options, Target};

use crate::support::{mysql, postgres, sql};

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// A database of any kind, gone with this value.
pub struct Fresh {
    pub url: String,
    _postgres: Option<postgres::TestDatabase>,
    _mysql: Option<mysql::TestDatabase>,
    _folder: Option<tempfile::TempDir>,
}

impl Fresh {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("shop.db").display());
        Self { url, _postgres: None, _mysql: None, _folder: Some(folder) }
    }

    pub fn postgres() -> Self {
        let database = postgres::database("connection");
        Self { url: database.url.clone(), _postgres: Some(database), _mysql: None, _folder: None }
    }

    pub fn mysql() -> Self {
        let database = mysql::database("connection");
        Self { url: database.url.clone(), _postgres: None, _mysql: Some(database), _folder: None }
    }

    pub fn at(url: String) -> Self {
        Self { url, _postgres: None, _mysql: None, _folder: None }
    }

    pub fn each() -> [Self; 2] {
        [Self::sqlite(), Self::postgres()]
    }

    /// One of each dialect.
    pub fn every() -> [Self; 3] {
        [Self::sqlite(), Self::postgres(), Self::mysql()]
    }

    pub async fn connect(&self) -> Connection {
        let options = Options { create: true, ..Options::new("test") };
        Connection::connect(&Target::parse(&self.url).unwrap(), &options).await.unwrap()
    }
}

pub async fn run(connection: &mut Connection, statements: &[&str]) {
    for statement in statements {
        connection.execute(statement).await.unwrap();
    }
}

pub async fn error(connection: &mut Connection, statement: &str) -> DatabaseError {
    connection.execute(statement).await.expect_err(statement)
}

pub async fn cell(connection: &mut Connection, query: &str) -> Option<String> {
    connection.query(query).await.unwrap().first().and_then(|row| row.get(0)).map(str::to_owned)
}

pub async fn refused(url: &str) -> String {
    let target = Target::parse(url).unwrap();
    let options = Options { connect_timeout: Duration::from_secs(2), ..Options::new("test") };
    let error = Connection::connect(&target, &options).await.expect_err(url);
    format!("{error} | {}", error.help.as_deref().unwrap_or_default())
}

#[test]
fn rows_are_text_and_null_is_told_from_empty() {
    block_on(async {
        for fresh in Fresh::each() {
            let mut connection = fresh.connect().await;
            run(&mut connection, &["CREATE TABLE t (a int, b text)"]).await;
            let changed = connection.execute("INSERT INTO t VALUES (7, ''), (NULL, 'é''\\')").await.unwrap();
            assert_eq!(changed, 2);
            let rows = connection.query("SELECT a, b, 1.5 AS c FROM t ORDER BY b").await.unwrap();
            assert_eq!(
                (rows[0].named("a"), rows[0].named("b"), rows[0].named("c")),
                (Some("7"), Some(""), Some("1.5"))
            );
            assert_eq!((rows[1].get(0), rows[1].get(1)), (None, Some("é'\\")));
            let odd = "a'b\\c\"d\n🙂 %;--";
            let echoed = format!("SELECT {}", connection.quote_literal(odd));
            assert_eq!(cell(&mut connection, &echoed).await.as_deref(), Some(odd));
            let named = format!("SELECT 1 AS {}", connection.quote_name("a\"b"));
            assert_eq!(connection.query(&named).await.unwrap()[0].columns(), ["a\"b"]);
            connection.close().await.unwrap();
        }
    });
}

#[test]
fn each_of_many_queries_has_its_own_rows() {
    block_on(async {
        for fresh in Fresh::each() {
            let mut connection = fresh.connect().await;
            let queries =
                ["SELECT 1 AS a UNION ALL SELECT 2 -- two", "SELECT 3 WHERE 1 = 0", "SELECT NULL, 'é' AS b"];
            let answers = connection.query_each(&queries).await.unwrap();
            let cells =
                answers.iter().map(|rows| rows.iter().map(|row| row.cells().to_vec()).collect::<Vec<_>>());
            let text = |text: &str| Some(text.to_owned());
            let expected = [vec![vec![text("1")], vec![text("2")]], vec![], vec![vec![None, text("é")]]];
            assert_eq!(cells.collect::<Vec<_>>(), expected);
            assert_eq!((answers[0][1].named("a"), answers[2][0].named("b")), (Some("2"), Some("é")));
            let wrong = ["SELECT 1", "SELECT * FROM missing", "SELECT 2"];
            let error = connection.query_each(&wrong).await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::MissingTable);
            assert!(error.position.is_none_or(|at| wrong[1][at..].starts_with("missing")), "{error:?}");
            assert_eq!(cell(&mut connection, "SELECT 4").await.as_deref(), Some("4"));
        }
    });
}

#[test]
fn bytes_are_shown_as_hexadecimal_digits() {
    block_on(async {
        for (fresh, query) in Fresh::each().iter().zip(["SELECT x'00ff'", "SELECT '\\x00ff'::bytea"]) {
            let mut connection = fresh.connect().await;
            assert_eq!(cell(&mut connection, query).await.as_deref(), Some("\\x00ff"));
        }
    });
}

#[test]
fn a_transaction_is_kept_or_undone_whole() {
    block_on(async {
        for fresh in Fresh::each() {
            let mut connection = fresh.connect().await;
            connection.begin().await.unwrap();
            run(&mut connection, &["CREATE TABLE kept (a int)"]).await;
            connection.commit().await.unwrap();
            connection.begin().await.unwrap();
            run(&mut connection, &["CREATE TABLE undone (a int)"]).await;
            connection.rollback().await.unwrap();
            connection.rollback().await.unwrap();
            assert!(connection.query("SELECT * FROM kept").await.unwrap().is_empty());
            assert_eq!(error(&mut connection, "SELECT * FROM undone").await.kind, ErrorKind::MissingTable);
        }
    });
}

/// Whichever of many fails is named, those before it ran, and of each that began somebody heard.
#[test]
fn of_statements_sent_together_the_one_that_fails_is_told() {
    block_on(async {
        for fresh in Fresh::each() {
            let mut connection = fresh.connect().await;
            for at in [0, 1, 2, 3, 4, 63, 64, 65, 199] {
                connection.execute("DROP TABLE IF EXISTS made").await.unwrap();
                connection.execute("CREATE TABLE made (number int)").await.unwrap();
                let mut statements: Vec<String> =
                    (0..200).map(|number| format!("INSERT INTO made VALUES ({number})")).collect();
                statements[1] = "SELECT * FROM made UNION ALL SELECT * FROM made".to_owned();
                statements[2] = "INSERT INTO made VALUES (2) -- with a remark".to_owned();
                statements[3] = "-- nothing but a remark".to_owned();
                statements[at] = "INSERT INTO missing VALUES (1)".to_owned();
                let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
                let mut begun = Vec::new();
                let run = connection.execute_each(&statements, &mut |at| begun.push(at)).await;
                let refused = run.expect_err("one has no table");
                assert_eq!(refused.at, at, "{}", refused.error);
                assert_eq!(refused.error.kind, ErrorKind::MissingTable, "{}", refused.error);
                assert_eq!(begun, (0..=at).collect::<Vec<usize>>());
                let before = (0..at).filter(|number| ![1, 3].contains(number)).count();
                let made = cell(&mut connection, "SELECT count(*) FROM made").await;
                assert_eq!(made, Some(before.to_string()), "refused at {at}");
            }
        }
    });
}

#[test]
fn a_commit_with_statements_is_refused_as_a_whole() {
    block_on(async {
        for fresh in Fresh::each() {
            let mut connection = fresh.connect().await;
            let parent = "CREATE TABLE parent (id int PRIMARY KEY)";
            let child = "CREATE TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)";
            run(&mut connection, &[parent, child]).await;
            let cases = [
                (
                    ["INSERT INTO parent VALUES (1)", "INSERT INTO missing VALUES (1)"],
                    1,
                    ErrorKind::MissingTable,
                ),
                (["INSERT INTO parent VALUES (1)", "INSERT INTO child VALUES (2)"], 2, ErrorKind::ForeignKey),
            ];
            for (statements, at, kind) in cases {
                connection.begin_waiting(Some(Duration::from_secs(1))).await.unwrap();
                let refused = connection.commit_after(&statements.map(str::to_owned)).await.unwrap_err();
                assert_eq!((refused.at, refused.error.kind), (at, kind), "{}", refused.error);
                connection.rollback().await.unwrap();
                assert_eq!(cell(&mut connection, "SELECT count(*) FROM parent").await.as_deref(), Some("0"));
            }
        }
    });
}

#[test]
fn violations_are_named_with_table_and_constraint() {
    block_on(async {
        for fresh in Fresh::each() {
            let mut connection = fresh.connect().await;
            run(
                &mut connection,
                &[
                    "CREATE TABLE p (id int PRIMARY KEY)",
                    "CREATE TABLE t (id int NOT NULL, a int CONSTRAINT t_a_positive CHECK (a > 0), \
                     p int REFERENCES p (id), CONSTRAINT t_key UNIQUE (id))",
                    "INSERT INTO t VALUES (1, 1, NULL)",
                ],
            )
            .await;
            let unique = error(&mut connection, "INSERT INTO t VALUES (1, 1, NULL)").await;
            assert_eq!((unique.kind, unique.table.as_deref()), (ErrorKind::UniqueViolation, Some("t")));
            let required = error(&mut connection, "INSERT INTO t VALUES (NULL, 1, NULL)").await;
            assert_eq!(
                (required.kind, required.columns.clone()),
                (ErrorKind::NotNull, vec!["id".to_owned()])
            );
            let check = error(&mut connection, "INSERT INTO t VALUES (2, -1, NULL)").await;
            assert_eq!((check.kind, check.constraint.as_deref()), (ErrorKind::Check, Some("t_a_positive")));
            let foreign = error(&mut connection, "INSERT INTO t VALUES (3, 1, 9)").await;
            assert_eq!(foreign.kind, ErrorKind::ForeignKey);
            assert_eq!(error(&mut connection, "SELECT nope FROM t").await.kind, ErrorKind::MissingColumn);
        }
    });
}

#[test]
fn postgres_tells_everything_that_the_server_says() {
    block_on(async {
        let fresh = Fresh::postgres();
        let mut connection = fresh.connect().await;
        run(
            &mut connection,
            &["CREATE TABLE t (a int, CONSTRAINT t_key UNIQUE (a))", "INSERT INTO t VALUES (1)"],
        )
        .await;
        let unique = error(&mut connection, "INSERT INTO t VALUES (1)").await;
        assert_eq!((unique.code.as_deref(), unique.constraint.as_deref()), (Some("23505"), Some("t_key")));
        assert_eq!(
            unique.diagnostic("can't add a row").to_string(),
            "E709: can't add a row: duplicate key value violates unique constraint \"t_key\"; Key (a)=(1) already exists."
        );
        let statement = "SELECT 'é', nope()";
        let missing = error(&mut connection, statement).await;
        assert!(statement[missing.position.unwrap()..].starts_with("nope"), "{missing:?}");
        assert!(missing.hint.as_deref().unwrap().starts_with("No function matches"));
        let copy = error(&mut connection, "COPY t FROM STDIN").await;
        assert_eq!(copy.message, "`COPY` is a command of a client program, not of the server");
        assert_eq!(cell(&mut connection, "SELECT count(*) FROM t").await.as_deref(), Some("1"));
    });
}

#[test]
fn versions_and_names_are_known() {
    block_on(async {
        let [sqlite, postgres] = Fresh::each();
        let (mut one, mut two) = (sqlite.connect().await, postgres.connect().await);
        assert_eq!((one.dialect(), one.namespace()), ("sqlite", None));
        assert!(one.version().major == 3 && one.version().minor > 40);
        assert_eq!((two.dialect(), two.namespace()), ("postgres", Some("public")));
        assert!(two.version().major >= 11);
        assert_eq!(cell(&mut two, "SHOW application_name").await.as_deref(), Some("schemactl test"));
        two.tag("apply 7, segment 2 'x'").await.unwrap();
        assert_eq!(
            cell(&mut two, "SHOW application_name").await.as_deref(),
            Some("schemactl apply 7, segment 2 'x'")
        );
        one.tag("no effect").await.unwrap();
    });
}

#[test]
fn foreign_keys_are_switched_only_outside_of_a_transaction() {
    block_on(async {
        let fresh = Fresh::sqlite();
        let mut connection = fresh.connect().await;
        assert_eq!(cell(&mut connection, "PRAGMA foreign_keys").await.as_deref(), Some("1"));
        connection.enforce_foreign_keys(false).await.unwrap();
        assert_eq!(cell(&mut connection, "PRAGMA foreign_keys").await.as_deref(), Some("0"));
        connection.begin().await.unwrap();
        let error = connection.enforce_foreign_keys(true).await.unwrap_err();
        assert_eq!(error.message, "foreign keys can't be switched while a transaction is open");
        connection.rollback().await.unwrap();
        connection.enforce_foreign_keys(true).await.unwrap();
    });
}

/// A statement that runs for minutes.
const ENDLESS: [&str; 2] = [
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000000) SELECT max(i) FROM n",
    "SELECT pg_sleep(300)",
];

#[test]
fn a_cancel_stops_the_statement_and_the_transaction_can_be_rolled_back() {
    block_on(async {
        for (fresh, endless) in Fresh::each().iter().zip(ENDLESS) {
            let mut connection = fresh.connect().await;
            let canceller = connection.canceller();
            connection.begin().await.unwrap();
            run(&mut connection, &["CREATE TABLE undone (a int)"]).await;
            let start = Instant::now();
            let (done, asked) = tokio::join!(connection.query(endless), async {
                tokio::time::sleep(Duration::from_millis(100)).await;
                canceller.cancel().await
            });
            asked.unwrap();
            assert_eq!(done.unwrap_err().kind, ErrorKind::Cancelled);
            assert!(start.elapsed() < Duration::from_secs(30), "it was stopped");
            assert_eq!(error(&mut connection, "SELECT 1").await.kind, ErrorKind::Cancelled);
            connection.rollback().await.unwrap();
            assert!(connection.is_cancelled());
            connection.clear_cancel();
            assert_eq!(error(&mut connection, "SELECT * FROM undone").await.kind, ErrorKind::MissingTable);
        }
    });
}

#[test]
fn a_timeout_of_the_server_is_told_from_a_cancel() {
    block_on(async {
        let fresh = Fresh::postgres();
        let mut connection = fresh.connect().await;
        run(&mut connection, &["CREATE TABLE t (a int)", "SET statement_timeout = 20"]).await;
        assert_eq!(error(&mut connection, "SELECT pg_sleep(300)").await.kind, ErrorKind::Timeout);
        let mut other = fresh.connect().await;
        other.begin().await.unwrap();
        run(&mut other, &["LOCK TABLE t"]).await;
        run(&mut connection, &["SET statement_timeout = 0", "SET lock_timeout = 20"]).await;
        let blocked = error(&mut connection, "ALTER TABLE t ADD b int").await;
        assert!(blocked.kind == ErrorKind::LockTimeout && blocked.kind.is_transient());
    });
}

#[test]
fn a_file_that_another_connection_writes_to_is_busy() {
    block_on(async {
        let fresh = Fresh::sqlite();
        let mut writer = fresh.connect().await;
        writer.begin().await.unwrap();
        let target = Target::parse(&fresh.url).unwrap();
        let options = Options { busy_timeout: Duration::from_millis(50), ..Options::new("test") };
        let mut second = Connection::connect(&target, &options).await.unwrap();
        let busy = second.begin().await.unwrap_err();
        assert!(busy.kind == ErrorKind::Busy && busy.kind.is_transient());
        assert_eq!(busy.diagnostic("can't begin").to_string(), "E710: can't begin: database is locked");
    });
}

#[test]
fn a_connection_that_the_server_ended_is_lost() {
    block_on(async {
        let fresh = Fresh::postgres();
        let mut connection = fresh.connect().await;
        let process = cell(&mut connection, "SELECT pg_backend_pid()").await.unwrap();
        sql::execute(&fresh.url, &format!("SELECT pg_terminate_backend({process})"));
        assert_eq!(error(&mut connection, "SELECT 1").await.kind, ErrorKind::ConnectionLost);
    });
}

#[test]
fn a_file_that_can_not_be_opened_says_why() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let missing = refused(&format!("sqlite://{}", path("a.db"))).await;
        let expected = format!(
            "E705: the database `{}` doesn't exist | run `schemactl apply` to create it",
            path("a.db")
        );
        assert_eq!(missing, expected);
        assert!(!folder.path().join("a.db").exists(), "nothing was created");
        assert!(
            refused(&format!("sqlite://{}", folder.path().display())).await.starts_with("E703: can't open")
        );
        std::fs::write(folder.path().join("b.db"), "this is a text and no database at all".repeat(40))
            .unwrap();
        let text = refused(&format!("sqlite://{}", path("b.db"))).await;
        assert!(
            text.starts_with("E703: can't connect to `sqlite://") && text.contains("not a database"),
            "{text}"
        );
        let target = Target::parse(&format!("sqlite://{}/no/c.db", folder.path().display())).unwrap();
        let options = Options { create: true, ..Options::new("test") };
        let error = Connection::connect(&target, &options).await.unwrap_err();
        assert!(error.to_string().ends_with("its folder doesn't exist"), "{error}");
    });
}

#[test]
fn a_file_opened_for_reading_is_read_only() {
    block_on(async {
        let fresh = Fresh::sqlite();
        run(&mut fresh.connect().await, &["CREATE TABLE t (a int)"]).await;
        let target = Target::parse(&format!("{}?mode=ro", fresh.url)).unwrap();
        let mut connection = Connection::connect(&target, &Options::new("test")).await.unwrap();
        assert_eq!(error(&mut connection, "INSERT INTO t VALUES (1)").await.kind, ErrorKind::ReadOnly);
    });
}

#[test]
fn a_full_disk_is_told_and_the_transaction_is_gone() {
    block_on(async {
        let fresh = Fresh::sqlite();
        let mut connection = fresh.connect().await;
        run(&mut connection, &["CREATE TABLE t (a blob)", "PRAGMA max_page_count = 4"]).await;
        connection.begin().await.unwrap();
        let full = error(&mut connection, "INSERT INTO t VALUES (zeroblob(100000))").await;
        assert_eq!(full.diagnostic("can't copy").to_string(), "E712: can't copy: database or disk is full");
        connection.rollback().await.unwrap();
        connection.begin().await.unwrap();
    });
}

#[test]
fn a_server_that_can_not_be_reached_says_why_and_never_the_password() {
    block_on(async {
        let fresh = Fresh::postgres();
        let mut url: url::Url = fresh.url.parse().unwrap();
        url.set_path("no such");
        let missing = refused(url.as_str()).await;
        assert!(missing.starts_with("E703") && missing.contains("does not exist"), "{missing}");
        let role = format!("test_{}_nologin", std::process::id());
        sql::execute(&fresh.url, &format!("CREATE ROLE {role}"));
        url.set_username(&role).unwrap();
        url.set_password(Some("p@ss:/?#[]'\"w")).unwrap();
        let login = refused(url.as_str()).await;
        assert!(login.starts_with("E704: can't connect to `postgres://test_"), "{login}");
        assert!(login.ends_with("| check the user and the password of the URL"), "{login}");
        sql::execute(&fresh.url, &format!("DROP ROLE {role}"));
        let unreachable = refused("postgres://u:p%40ssw0rd@127.0.0.1:1/d").await;
        assert!(
            unreachable.starts_with("E703: can't connect to `postgres://u@127.0.0.1:1/d`"),
            "{unreachable}"
        );
        let unknown = refused("postgres://u:p%40ssw0rd@no-such-host.invalid/d").await;
        assert!(unknown.starts_with("E703"), "{unknown}");
        for said in [login, unreachable, unknown] {
            assert!(!said.contains("p@ss") && !said.contains("p%40ss"), "{said}");
        }
    });
}

#[test]
fn a_host_that_never_answers_is_given_up() {
    block_on(async {
        let silent = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = silent.local_addr().unwrap().port();
        let said = refused(&format!("postgres://u@127.0.0.1:{port}/d?connect_timeout=1")).await;
        assert!(said.contains("no answer within 1 s"), "{said}");
    });
}
