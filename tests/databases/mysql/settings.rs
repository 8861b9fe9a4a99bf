//! What every session of ours has on MySQL and MariaDB, whatever the server's settings are, and what it shows.

use schemactl::runner::connection::{Connection, ErrorKind};

use crate::connection::{Fresh, block_on, cell, error, run};
use crate::support::project::Project;
use crate::support::{mysql, sql};

async fn settings(connection: &mut Connection) -> String {
    let isolation = if mysql::is_mariadb() { "tx_isolation" } else { "transaction_isolation" };
    let rows = connection
        .query(&format!(
            "SELECT @@sql_mode, @@foreign_key_checks, @@unique_checks, @@autocommit, @@time_zone, \
             @@sql_quote_show_create, @@{isolation}, @@group_concat_max_len, @@character_set_client, \
             @@character_set_results, @@character_set_connection"
        ))
        .await
        .unwrap();
    rows[0].cells().iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

const SETTINGS: &str = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION \
    1 1 1 +00:00 1 REPEATABLE-READ 16777216 utf8mb4 utf8mb4 utf8mb4";

#[test]
fn a_session_has_its_settings_whatever_the_server_has() {
    block_on(async {
        let server = mysql::Own::like_server("");
        for set in [
            "SET GLOBAL sql_mode = ''",
            "SET GLOBAL time_zone = '+05:00'",
            "SET GLOBAL group_concat_max_len = 64",
            "CREATE DATABASE shop",
        ] {
            sql::execute(&server.url, set);
        }
        let url = format!("{}/shop", server.url);
        let mut connection = Fresh::at(url.clone()).connect().await;
        assert_eq!(settings(&mut connection).await, SETTINGS);
        run(&mut connection, &["CREATE TABLE t (a tinyint)"]).await;
        assert_eq!(error(&mut connection, "INSERT INTO t VALUES (1000)").await.kind, ErrorKind::Range);
        assert_eq!(error(&mut connection, "CREATE TABLE u (a int) ENGINE=Nope").await.kind, ErrorKind::Other);
        // The database's own collation of utf8mb4, not the driver's choice.
        let collation = cell(&mut connection, "SELECT @@collation_connection").await.unwrap();
        let names = "SET NAMES utf8mb4; SELECT @@collation_connection";
        assert_eq!(sql::rows(&url, names), [collation]);
    });
}

#[test]
fn a_session_has_its_settings_where_the_server_checks_nothing() {
    block_on(async {
        let server = mysql::Own::start(
            "--sql-mode=ANSI,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT --max-statement-time=100",
        );
        for set in [
            "CREATE DATABASE shop CHARACTER SET latin1",
            "SET GLOBAL foreign_key_checks = 0",
            "SET GLOBAL unique_checks = 0",
            "SET GLOBAL time_zone = '+05:00'",
            "SET GLOBAL tx_isolation = 'READ-COMMITTED'",
            "SET GLOBAL sql_quote_show_create = 0",
            "SET GLOBAL explicit_defaults_for_timestamp = 0",
            "SET GLOBAL lock_wait_timeout = 1",
            "SET GLOBAL autocommit = 0",
            "SET GLOBAL innodb_strict_mode = 0",
        ] {
            sql::execute(&server.url, set);
        }
        let mut connection = Fresh::at(format!("{}/shop", server.url)).connect().await;
        if mysql::is_mariadb() {
            assert_eq!(settings(&mut connection).await, SETTINGS);
        }
        let rows = connection
            .query("SELECT @@max_statement_time, @@explicit_defaults_for_timestamp, @@lock_wait_timeout, @@innodb_strict_mode")
            .await
            .unwrap();
        assert_eq!(rows[0].cells().iter().flatten().collect::<Vec<_>>(), ["0.000000", "1", "31536000", "1"]);
        let odd = "a'b\\c";
        let echoed = format!("SELECT {}, 1 || 0", connection.quote_literal(odd));
        let rows = connection.query(&echoed).await.unwrap();
        assert_eq!((rows[0].get(0), rows[0].get(1)), (Some(odd), Some("1")));
    });
}

/// Who has no right to settings of the server still gets no column that sets itself.
#[test]
fn a_session_gives_columns_nothing_that_nobody_wrote() {
    let server = mysql::Own::like_server("");
    for statement in [
        "CREATE DATABASE shop",
        "CREATE USER app@'%' IDENTIFIED BY 'x'",
        "GRANT ALL ON shop.* TO app@'%'",
        "SET GLOBAL explicit_defaults_for_timestamp = 0",
    ] {
        sql::execute(&server.url, statement);
    }
    let project = Project::empty();
    let config = "project shop { dialects mysql }\nenv dev default=#true { url \"URL/shop\" }\n";
    project.write("schemactl.kdl", config.replace("URL", &server.url.replace("root@", "app:x@")));
    project.write("schema/t.kdl", "table t { column id int primary-key; column at timestamptz; }");
    project.run(&["plan", "-q"]).ok();
    project.run(&["apply", "-q"]).ok();
    let columns = "SELECT coalesce(column_default, 'none'), extra FROM information_schema.columns \
                   WHERE table_schema = 'shop' AND column_name = 'at'";
    assert_eq!(sql::rows(&server.url, columns), ["none|"]);
}

/// What is stored of a statement is the server's own, without what we put before it.
#[test]
fn the_tag_is_shown_beside_a_statement_and_not_stored_with_it() {
    block_on(async {
        let fresh = Fresh::mysql();
        let mut connection = fresh.connect().await;
        let shown = "SELECT info FROM information_schema.processlist WHERE id = connection_id()";
        assert_eq!(cell(&mut connection, shown).await.unwrap(), format!("/* schemactl test */ {shown}"));
        connection.tag("apply 7, segment 2 */ x'").await.unwrap();
        assert!(
            cell(&mut connection, shown)
                .await
                .unwrap()
                .starts_with("/* schemactl apply 7, segment 2 / x' */ ")
        );
        run(
            &mut connection,
            &[
                "CREATE TABLE t (a int)",
                "CREATE VIEW v AS SELECT a || 1 AS b FROM t",
                "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.a = 2; END",
                "CREATE PROCEDURE p() BEGIN SELECT 1; END",
                "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1",
                "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1",
            ],
        )
        .await;
        for (kind, name) in
            [("VIEW", "v"), ("TRIGGER", "g"), ("PROCEDURE", "p"), ("FUNCTION", "f"), ("EVENT", "e")]
        {
            let created = connection.query(&format!("SHOW CREATE {kind} {name}")).await.unwrap();
            let all: Vec<&str> = created[0].cells().iter().flatten().map(String::as_str).collect();
            assert!(!all.join("\n").contains("schemactl"), "{all:?}");
            assert!(!all.join("\n").contains("PIPES_AS_CONCAT"), "{all:?}");
            assert!(!all.join("\n").contains("IGNORE_SPACE"), "{all:?}");
        }
    });
}
