//! The connection to MySQL and MariaDB: what it returns, how it names what is wrong, and how it is stopped.

use std::time::{Duration, Instant};

use schemactl::runner::connection::ErrorKind;

use crate::connection::{Fresh, block_on, cell, error, run};
use crate::support::{mysql, sql};

#[test]
fn rows_are_text_of_every_type() {
    block_on(async {
        let fresh = Fresh::mysql();
        let mut connection = fresh.connect().await;
        run(
            &mut connection,
            &["CREATE TABLE t (i int, u bigint unsigned, d decimal(5,2), f double, b boolean, s varchar(9), \
               x text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, l varchar(9) CHARACTER SET latin1, e enum('a','é'), \
               da date, dt datetime(6), ti time, ts timestamp NULL, y year, j json, bits bit(9), bin binary(2), \
               blo blob, g point)"],
        )
        .await;
        let changed = connection
            .execute(
                "INSERT INTO t VALUES (-7, 18446744073709551615, 1.50, 1.5, true, '', 'é''\\\\', 'é', 'é', \
                 '2024-02-29', '2024-02-29 12:34:56.000007', '-838:59:59', '2024-02-29 12:34:56', 2024, \
                 '{\"a\": 1}', b'100000001', x'00ff', x'00ff', ST_GeomFromText('POINT(1 2)')), \
                 (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
                 NULL, NULL, NULL)",
            )
            .await
            .unwrap();
        assert_eq!(changed, 2);
        let rows = connection.query("SELECT * FROM t ORDER BY i IS NULL").await.unwrap();
        let shown: Vec<&str> = rows[0].cells().iter().map(|cell| cell.as_deref().unwrap()).collect();
        insta::assert_snapshot!(shown.join("\n"), @r#"
        -7
        18446744073709551615
        1.50
        1.5
        1

        é'\
        é
        é
        2024-02-29
        2024-02-29 12:34:56.000007
        -838:59:59
        2024-02-29 12:34:56
        2024
        {"a": 1}
        \x0101
        \x00ff
        \x00ff
        \x000000000101000000000000000000f03f0000000000000040
        "#);
        assert!(rows[1].cells().iter().all(Option::is_none));
        connection.close().await.unwrap();
    });
}

#[test]
fn types_of_one_vendor_are_text() {
    block_on(async {
        let fresh = Fresh::mysql();
        let mut connection = fresh.connect().await;
        if mysql::is_mariadb() {
            run(
                &mut connection,
                &[
                    "CREATE TABLE t (u uuid, i inet6, f inet4)",
                    "INSERT INTO t VALUES ('6ccd780c-baba-1026-9564-5b8c656024db', '::1', '127.0.0.1')",
                ],
            )
            .await;
            let rows = connection.query("SELECT u, i, f FROM t").await.unwrap();
            let cells: Vec<_> = rows[0].cells().iter().flatten().collect();
            assert_eq!(cells, ["6ccd780c-baba-1026-9564-5b8c656024db", "::1", "127.0.0.1"]);
        } else {
            let json = "SELECT JSON_OBJECT('a', 'é'), CAST('[1]' AS JSON), JSON_ARRAYAGG('é')";
            let rows = connection.query(json).await.unwrap();
            let cells: Vec<_> = rows[0].cells().iter().flatten().collect();
            assert_eq!(cells, [r#"{"a": "é"}"#, "[1]", r#"["é"]"#]);
            if mysql::has_vector() {
                run(
                    &mut connection,
                    &["CREATE TABLE t (v vector(2))", "INSERT INTO t VALUES (TO_VECTOR('[1,2]'))"],
                )
                .await;
                let unread = connection.query("SELECT v FROM t").await.unwrap_err();
                insta::assert_snapshot!(unread.diagnostic("can't look"), @"E707: can't look: the result has a column of a type that can't be read, such as `vector`");
                let vector = cell(&mut connection, "SELECT hex(v) FROM t").await;
                assert_eq!(vector.as_deref(), Some("0000803F00000040"));
            }
        }
    });
}

/// On MySQL the driver takes the texts of the catalog for bytes.
#[test]
fn the_catalog_is_text() {
    block_on(async {
        let fresh = Fresh::mysql();
        let mut connection = fresh.connect().await;
        run(&mut connection, &["CREATE TABLE t (a enum('x','é') NOT NULL DEFAULT 'é' COMMENT 'ü')"]).await;
        let sql = "SELECT column_name, column_type, column_default, column_comment, table_schema = database() \
                   FROM information_schema.columns WHERE table_name = 't' AND table_schema = database()";
        let rows = connection.query(sql).await.unwrap();
        let default = if mysql::is_mariadb() { "'é'" } else { "é" };
        assert_eq!(
            rows[0].cells().iter().flatten().collect::<Vec<_>>(),
            ["a", "enum('x','é')", default, "ü", "1"]
        );
        let created = connection.query("SHOW CREATE TABLE t").await.unwrap();
        assert!(created[0].get(1).unwrap().contains("enum('x','é')"), "{created:?}");
    });
}

#[test]
fn changed_rows_are_those_that_were_found() {
    block_on(async {
        let fresh = Fresh::mysql();
        let mut connection = fresh.connect().await;
        run(&mut connection, &["CREATE TABLE t (a int)", "INSERT INTO t VALUES (1), (2)"]).await;
        assert_eq!(connection.execute("UPDATE t SET a = 1").await.unwrap(), 2);
    });
}

#[test]
fn quotes_hold_everything() {
    block_on(async {
        let fresh = Fresh::mysql();
        let mut connection = fresh.connect().await;
        let odd = "a'b\\c\"d\n🙂 %;-- \\' /* \\0";
        let echoed = format!("SELECT {}", connection.quote_literal(odd));
        assert_eq!(cell(&mut connection, &echoed).await.as_deref(), Some(odd));
        let named = format!("SELECT 1 AS {}", connection.quote_name("a`b\"c\\"));
        assert_eq!(connection.query(&named).await.unwrap()[0].columns(), ["a`b\"c\\"]);
    });
}

#[test]
fn violations_are_named() {
    block_on(async {
        let fresh = Fresh::mysql();
        let mut connection = fresh.connect().await;
        run(
            &mut connection,
            &[
                "CREATE TABLE p (id int PRIMARY KEY)",
                "CREATE TABLE t (id int NOT NULL, a int, CONSTRAINT t_a_positive CHECK (a > 0), p int, \
                 e enum('x'), s varchar(2), CONSTRAINT t_key UNIQUE (id), \
                 CONSTRAINT t_p FOREIGN KEY (p) REFERENCES p (id))",
                "INSERT INTO t VALUES (1, 1, NULL, NULL, NULL)",
                "INSERT INTO p VALUES (1)",
                "INSERT INTO t VALUES (9, 1, 1, NULL, NULL)",
            ],
        )
        .await;
        let mut said = String::new();
        for statement in [
            "INSERT INTO t (id) VALUES (1)",
            "INSERT INTO t (id) VALUES (NULL)",
            "INSERT INTO t (a) VALUES (1)",
            "INSERT INTO t (id, a) VALUES (2, -1)",
            "INSERT INTO t (id, p) VALUES (3, 9)",
            "DELETE FROM p",
            "INSERT INTO t (id) VALUES (3000000000)",
            "INSERT INTO t (id, s) VALUES (4, 'long')",
            "INSERT INTO t (id) VALUES ('x')",
            "INSERT INTO t (id, e) VALUES (5, 'y')",
            "ALTER TABLE t ADD UNIQUE INDEX t_a (a)",
            "ALTER TABLE t MODIFY a int NOT NULL, MODIFY p int NOT NULL",
            "ALTER TABLE t ADD CONSTRAINT t_small CHECK (id < 2)",
            "ALTER TABLE t ADD CONSTRAINT t_a FOREIGN KEY (id) REFERENCES p (id)",
            "DROP TABLE p",
            "ALTER TABLE t DROP INDEX t_p",
            "SELECT nope FROM t",
            "SELECT * FROM nope",
            "SELEC",
        ] {
            let error = error(&mut connection, statement).await;
            said.push_str(&format!(
                "{:?} table {:?} constraint {:?} columns {:?}\n",
                error.kind,
                error.table.as_deref().unwrap_or("-"),
                error.constraint.as_deref().unwrap_or("-"),
                error.columns,
            ));
        }
        if mysql::is_mariadb() {
            insta::assert_snapshot!(said, @r#"
            UniqueViolation table "-" constraint "t_key" columns []
            NotNull table "-" constraint "-" columns ["id"]
            NotNull table "-" constraint "-" columns ["id"]
            Check table "t" constraint "t_a_positive" columns []
            ForeignKey table "t" constraint "t_p" columns ["p"]
            ForeignKey table "t" constraint "t_p" columns ["p"]
            Range table "-" constraint "-" columns ["id"]
            Range table "-" constraint "-" columns ["s"]
            Format table "-" constraint "-" columns ["id"]
            Format table "-" constraint "-" columns ["e"]
            UniqueViolation table "-" constraint "t_a" columns []
            Format table "-" constraint "-" columns ["p"]
            Check table "t" constraint "t_small" columns []
            ForeignKey table "-" constraint "t_a" columns ["id"]
            Dependents table "-" constraint "-" columns []
            Dependents table "-" constraint "-" columns []
            MissingColumn table "-" constraint "-" columns ["nope"]
            MissingTable table "nope" constraint "-" columns []
            Other table "-" constraint "-" columns []
            "#);
        } else {
            insta::assert_snapshot!(said, @r#"
            UniqueViolation table "t" constraint "t_key" columns []
            NotNull table "-" constraint "-" columns ["id"]
            NotNull table "-" constraint "-" columns ["id"]
            Check table "-" constraint "t_a_positive" columns []
            ForeignKey table "t" constraint "t_p" columns ["p"]
            ForeignKey table "t" constraint "t_p" columns ["p"]
            Range table "-" constraint "-" columns ["id"]
            Range table "-" constraint "-" columns ["s"]
            Format table "-" constraint "-" columns ["id"]
            Format table "-" constraint "-" columns ["e"]
            UniqueViolation table "t" constraint "t_a" columns []
            NotNull table "-" constraint "-" columns []
            Check table "-" constraint "t_small" columns []
            ForeignKey table "-" constraint "t_a" columns ["id"]
            Dependents table "-" constraint "-" columns []
            Dependents table "-" constraint "-" columns []
            MissingColumn table "-" constraint "-" columns ["nope"]
            MissingTable table "nope" constraint "-" columns []
            Other table "-" constraint "-" columns []
            "#);
        }
    });
}

#[test]
fn every_statement_of_a_text_is_answered() {
    block_on(async {
        let fresh = Fresh::mysql();
        let mut connection = fresh.connect().await;
        run(&mut connection, &["CREATE TABLE p (id int PRIMARY KEY)"]).await;
        for (second, at, kind) in [
            ("INSERT INTO missing VALUES (1)", 1, ErrorKind::MissingTable),
            ("INSERT INTO p VALUES (1)", 1, ErrorKind::UniqueViolation),
        ] {
            connection.begin_waiting(Some(Duration::from_millis(1))).await.unwrap();
            let statements = ["INSERT INTO p VALUES (1)", second].map(str::to_owned);
            let refused = connection.commit_after(&statements).await.unwrap_err();
            assert_eq!((refused.at, refused.error.kind), (at, kind), "{}", refused.error);
            connection.rollback().await.unwrap();
            assert_eq!(cell(&mut connection, "SELECT count(*) FROM p").await.as_deref(), Some("0"));
        }
        connection.begin().await.unwrap();
        connection.commit_after(&["INSERT INTO p VALUES (1)".to_owned()]).await.unwrap();
        connection.rollback().await.unwrap();
        assert_eq!(cell(&mut connection, "SELECT count(*) FROM p").await.as_deref(), Some("1"));
        let mut begun = Vec::new();
        let statements = ["INSERT INTO p VALUES (2)", "INSERT INTO p VALUES (2)", "INSERT INTO p VALUES (3)"];
        let refused = connection.execute_each(&statements, &mut |at| begun.push(at)).await.unwrap_err();
        assert_eq!((refused.at, begun), (1, vec![0, 1]));
    });
}

#[test]
fn a_change_of_the_schema_commits_what_came_before_it() {
    block_on(async {
        let fresh = Fresh::mysql();
        let mut connection = fresh.connect().await;
        assert!(!connection.transactional_ddl());
        run(&mut connection, &["CREATE TABLE t (a int)"]).await;
        connection.begin().await.unwrap();
        run(&mut connection, &["INSERT INTO t VALUES (1)", "CREATE TABLE u (a int)"]).await;
        connection.rollback().await.unwrap();
        assert_eq!(cell(&mut connection, "SELECT count(*) FROM t").await.as_deref(), Some("1"));
        assert!(connection.query("SELECT * FROM u").await.unwrap().is_empty());
    });
}

#[test]
fn foreign_keys_are_switched_for_the_session() {
    block_on(async {
        let fresh = Fresh::mysql();
        let mut connection = fresh.connect().await;
        run(
            &mut connection,
            &[
                "CREATE TABLE p (id int PRIMARY KEY)",
                "CREATE TABLE c (id int, FOREIGN KEY (id) REFERENCES p (id))",
            ],
        )
        .await;
        connection.enforce_foreign_keys(false).await.unwrap();
        run(&mut connection, &["INSERT INTO c VALUES (1)"]).await;
        connection.enforce_foreign_keys(true).await.unwrap();
        assert_eq!(error(&mut connection, "INSERT INTO c VALUES (2)").await.kind, ErrorKind::ForeignKey);
    });
}

#[test]
fn reading_sees_one_moment_and_writes_nothing() {
    block_on(async {
        let fresh = Fresh::mysql();
        let mut connection = fresh.connect().await;
        run(&mut connection, &["CREATE TABLE t (a int)"]).await;
        connection.begin_reading().await.unwrap();
        sql::execute(&fresh.url, "INSERT INTO t VALUES (1)");
        assert_eq!(cell(&mut connection, "SELECT count(*) FROM t").await.as_deref(), Some("0"));
        assert_eq!(error(&mut connection, "INSERT INTO t VALUES (2)").await.kind, ErrorKind::ReadOnly);
        connection.rollback().await.unwrap();
        assert_eq!(cell(&mut connection, "SELECT count(*) FROM t").await.as_deref(), Some("1"));
    });
}

#[test]
fn a_cancel_stops_the_statement_and_the_transaction_can_be_rolled_back() {
    block_on(async {
        let fresh = Fresh::mysql();
        let mut connection = fresh.connect().await;
        run(&mut connection, &["CREATE TABLE t (a int)"]).await;
        let canceller = connection.canceller();
        connection.begin().await.unwrap();
        run(&mut connection, &["INSERT INTO t VALUES (1)"]).await;
        let start = Instant::now();
        let endless = "SELECT count(*) FROM information_schema.columns a, information_schema.columns b, \
                       information_schema.columns c";
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
        assert_eq!(cell(&mut connection, "SELECT count(*) FROM t").await.as_deref(), Some("0"));
    });
}

#[test]
fn whoever_is_in_the_way_is_named() {
    block_on(async {
        let fresh = Fresh::mysql();
        let (mut one, mut two) = (fresh.connect().await, fresh.connect().await);
        run(&mut one, &["CREATE TABLE t (a int)", "CREATE TABLE other (a int)"]).await;
        one.begin().await.unwrap();
        run(&mut one, &["INSERT INTO t VALUES (1)"]).await;
        two.wait_for_locks(Some(Duration::from_millis(10))).await.unwrap();
        let statement = "ALTER TABLE t ADD b int";
        let blocked = error(&mut two, statement).await;
        assert!(blocked.kind == ErrorKind::LockTimeout && blocked.kind.is_transient(), "{blocked:?}");
        let named = two.blockers(statement).await.unwrap();
        let begin = if mysql::is_mariadb() {
            "the database is in use by process "
        } else {
            "`t` is in use by process "
        };
        assert!(named.len() == 1 && named[0].starts_with(begin), "{named:?}");
        assert!(named[0].contains(", idle for "), "{named:?}");
        one.rollback().await.unwrap();
        two.execute(statement).await.unwrap();
    });
}

#[test]
fn rows_that_others_hold_are_waited_for_and_a_deadlock_is_told() {
    block_on(async {
        let fresh = Fresh::mysql();
        let (mut one, mut two) = (fresh.connect().await, fresh.connect().await);
        run(&mut one, &["CREATE TABLE t (a int PRIMARY KEY, b int)", "INSERT INTO t VALUES (1, 0), (2, 0)"])
            .await;
        one.begin().await.unwrap();
        run(&mut one, &["UPDATE t SET b = 1 WHERE a = 1"]).await;
        two.begin_waiting(Some(Duration::from_millis(10))).await.unwrap();
        let blocked = error(&mut two, "UPDATE t SET b = 2 WHERE a = 1").await;
        assert_eq!(blocked.kind, ErrorKind::LockTimeout);
        two.rollback().await.unwrap();
        two.begin_waiting(None).await.unwrap();
        run(&mut two, &["UPDATE t SET b = 2 WHERE a = 2"]).await;
        let (first, second) = tokio::join!(one.execute("UPDATE t SET b = 1 WHERE a = 2"), async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let done = two.execute("UPDATE t SET b = 2 WHERE a = 1").await;
            two.rollback().await.unwrap();
            done
        });
        let failed: Vec<ErrorKind> =
            [first, second].into_iter().filter_map(Result::err).map(|error| error.kind).collect();
        assert_eq!(failed, [ErrorKind::Deadlock]);
    });
}

#[test]
fn a_connection_that_the_server_ended_is_lost() {
    block_on(async {
        let fresh = Fresh::mysql();
        let mut connection = fresh.connect().await;
        let process = cell(&mut connection, "SELECT connection_id()").await.unwrap();
        sql::execute(&fresh.url, &format!("KILL {process}"));
        assert_eq!(error(&mut connection, "SELECT 1").await.kind, ErrorKind::ConnectionLost);
        let mut busy = fresh.connect().await;
        let process = cell(&mut busy, "SELECT connection_id()").await.unwrap();
        let (done, ()) = tokio::join!(busy.query("SELECT sleep(60)"), async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let mut other = fresh.connect().await;
            other.execute(&format!("KILL {process}")).await.unwrap();
        });
        assert_eq!(done.unwrap_err().kind, ErrorKind::ConnectionLost);
    });
}

/// What was committed is there again, and nothing of a transaction that was open.
#[test]
fn a_server_that_crashes_keeps_what_was_committed() {
    block_on(async {
        let server = mysql::Own::like_server("");
        sql::execute(&server.url, "CREATE DATABASE shop");
        let fresh = Fresh::at(format!("{}/shop", server.url));
        let mut connection = fresh.connect().await;
        run(&mut connection, &["CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)"]).await;
        assert!(connection.try_lock(7).await.unwrap());
        connection.begin().await.unwrap();
        run(&mut connection, &["INSERT INTO t VALUES (2)"]).await;
        server.crash();
        let lost = error(&mut connection, "COMMIT").await;
        let said = lost.diagnostic("can't commit").to_string();
        let (closed, reset) = ("the server closed the connection", "Connection reset by peer (os error 104)");
        assert!([closed, reset].iter().any(|why| said == format!("E714: can't commit: {why}")), "{said}");
        let mut again = fresh.connect().await;
        assert_eq!(cell(&mut again, "SELECT count(*) FROM t").await.as_deref(), Some("1"));
        assert!(again.try_lock(7).await.unwrap());
        server.stop();
        assert_eq!(error(&mut again, "SELECT 1").await.kind, ErrorKind::ConnectionLost);
    });
}
