//! Servers with settings that nobody would choose, and schemas that make use of what they allow: read, written, created on
//! an empty database of the same server, and found to be the same.

use crate::support::mysql::{self, Own};
use crate::support::project::Project;
use crate::support::sql;

/// Tables, keys and views of a usual application.
const SHOP: &str = "
    CREATE TABLE users (
        id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, email varchar(200) NOT NULL, age int, note text, made timestamp NULL,
        changed timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
        UNIQUE KEY users_email_key (email), CONSTRAINT users_age_check CHECK (age > 0), KEY users_note (note(20))
    );
    CREATE TABLE posts (
        id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, author bigint NOT NULL, title varchar(200) DEFAULT 'it''s',
        kind enum('a','b') CHARACTER SET latin1 NOT NULL DEFAULT 'a',
        CONSTRAINT posts_author_fkey FOREIGN KEY (author) REFERENCES users (id) ON DELETE CASCADE
    );
    CREATE VIEW adults AS SELECT id, concat(email, '!') AS shout FROM users WHERE age > 17;
    CREATE TRIGGER seen BEFORE INSERT ON users FOR EACH ROW SET NEW.note = concat('a', 'b');
    CREATE PROCEDURE tell(IN a varchar(20)) BEGIN SELECT concat(a, 'b'); END";

/// Adopts a database, goes to its base and back by the revision alone, and finds it as it was.
fn expect_same(server: &str, database: &str, when: &str) {
    let url = format!("{server}/{database}");
    let project = Project::empty();
    project.run(&["init", "--from", &url, "--stamp", "-q"]).ok();
    let run = |arguments: &[&str]| project.run(&[arguments, &["--url", &url]].concat());
    let inspected = run(&["inspect"]);
    assert!(!inspected.stderr.contains("not part of the schema"), "{when}: {inspected}");
    sql::execute(&url, "DELETE FROM schemactl_observed");
    let drift = run(&["drift"]);
    assert_eq!(drift.code, Some(0), "{when}, before: {drift}\n{}", run(&["inspect"]));
    run(&["rollback", "base", "-q", "--allow-destructive", "all"]).ok();
    assert_eq!(sql::rows(&url, "SHOW TABLES").len(), 2, "{when}");
    run(&["apply", "-q"]).ok();
    assert_eq!(run(&["inspect"]).ok(), inspected.ok(), "{when}");
    for compared in ["with what was seen", "with a scratch database"] {
        let drift = run(&["drift"]);
        assert_eq!(drift.code, Some(0), "{when}, {compared}: {drift}");
        sql::execute(&url, "DELETE FROM schemactl_observed");
    }
}

#[test]
fn names_of_all_lengths_and_letters_come_back() {
    let database = mysql::database("odd");
    let long = |letter: &str| letter.repeat(64);
    let (table, column, key) = (long("t"), long("ç"), long("k"));
    sql::execute(
        &database.url,
        &format!(
            "CREATE TABLE `{table}` (id int PRIMARY KEY, `{column}` int, `a ``b\"c` int, `select` int, `Ünï` varchar(9) DEFAULT '€',
                CONSTRAINT `{key}` CHECK (`{column}` > 0), KEY `{}` (`{column}`),
                CONSTRAINT `{}` FOREIGN KEY (`select`) REFERENCES `{table}` (id));
             CREATE VIEW `{}` AS SELECT `{column}` AS `{}` FROM `{table}`;
             CREATE TRIGGER `{}` BEFORE INSERT ON `{table}` FOR EACH ROW SET NEW.`{column}` = 1;
             CREATE TABLE `database` (`table` int PRIMARY KEY, `index` int INVISIBLE, KEY `key` (`index`))",
            long("i"),
            long("f"),
            long("v"),
            long("w"),
            long("g"),
        ),
    );
    let name = database.name.clone();
    expect_same(mysql::server(), &name, "names");
}

/// MySQL gives them the table's name and a number, MariaDB a number in each table.
#[test]
fn checks_without_names_stand_in_several_tables() {
    let database = mysql::database("unnamed");
    sql::execute(
        &database.url,
        "CREATE TABLE a (id int PRIMARY KEY, n int, CHECK (n > id), CHECK (n < 9));
         CREATE TABLE b (id int PRIMARY KEY, n int, CHECK (n > id), CHECK (n <> 9 OR id = 1))",
    );
    expect_same(mysql::server(), &database.name, "unnamed");
}

/// MySQL keeps the names that stand behind a view's own out of the query that it prints.
#[test]
fn views_name_their_columns() {
    let database = mysql::database("named");
    sql::execute(
        &database.url,
        "CREATE TABLE t (id int PRIMARY KEY, n varchar(20));
         CREATE VIEW a (x, `y``, z`) AS SELECT id, concat(n, ' AS `q`, ', (SELECT max(w.n) AS m FROM t AS w)) FROM t;
         CREATE VIEW b (x, y) AS SELECT id, n FROM t UNION ALL SELECT x, `y``, z` FROM a;
         CREATE VIEW c (x) AS WITH d (y, z) AS (SELECT x, y FROM b) SELECT CAST(y AS char) FROM d ORDER BY y LIMIT 3;
         CREATE VIEW e (id) AS SELECT id FROM t;
         CREATE VIEW f AS SELECT c.x, b.y, 1 + 1, CASE e.id WHEN 1 THEN 2 ELSE 3 END AS k FROM c JOIN b ON b.y = c.x CROSS JOIN e",
    );
    let columns = || {
        sql::rows(
            &database.url,
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE() \
             AND table_name IN ('a', 'b', 'c', 'e', 'f') ORDER BY table_name, ordinal_position",
        )
    };
    let before = columns();
    expect_same(mysql::server(), &database.name, "named");
    assert_eq!(columns(), before);
    let inspected = Project::empty().run(&["inspect", "--url", &database.url]).ok();
    // What has the names that its query gives it is a view of the schema.
    assert!(inspected.contains("view e {") && inspected.contains("view f {"), "{inspected}");
}

/// All words that the server knows as its own, in every place, and in expressions that it prints in its own way.
#[test]
fn every_keyword_can_be_a_name() {
    let database = mysql::database("keywords");
    let words =
        "SELECT DISTINCT lower(word) FROM information_schema.keywords WHERE word RLIKE '^[A-Za-z_]+$'";
    let words = sql::rows(&database.url, words);
    assert!(words.len() > 400, "{}", words.len());
    for (number, words) in words.chunks(60).enumerate() {
        let columns: Vec<String> = words.iter().map(|word| format!("`{word}` int")).collect();
        let positive: Vec<String> = words.iter().map(|word| format!("`{word}` > 0")).collect();
        let names: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        let (table, view) = (&words[0], &words[1]);
        sql::execute(
            &database.url,
            &format!(
                "CREATE TABLE `{table}` ({}, `twice {number}` int AS (`{table}` * 2), KEY `{view}` (`{view}`),
                    CONSTRAINT `{table}` CHECK ({}));
                 CREATE VIEW `{view}` AS SELECT {} FROM `{table}`",
                columns.join(", "),
                positive.join(" AND "),
                names.join(", "),
            ),
        );
    }
    expect_same(mysql::server(), &database.name, "keywords");
}

/// Where the server tells them apart, which it does unless it is set up otherwise.
#[test]
fn names_that_differ_in_case_alone_are_names() {
    let database = mysql::database("cased");
    let mut project = Project::empty();
    project.hide(&database.url, "[URL]");
    project.write(
        "schemactl.kdl",
        format!("project shop {{ dialects mysql }}\nenv dev default=#true {{ url \"{}\" }}\n", database.url),
    );
    let schema = |users: &str, more: &str| {
        format!(
            "table {users} {{\n column id bigint identity primary-key\n column age int nullable\n index age\n{more}\n}}\n\
             table Users {{\n column id bigint identity primary-key\n column owner bigint references={}.id\n}}\n\
             view adults {{ as (sql)\"select id from {} where age > 17\"; }}\n\
             view Adults {{ as (sql)\"select id from Users\"; }}\n",
            users.split(' ').next().unwrap(),
            users.split(' ').next().unwrap(),
        )
    };
    project.write("schema/shop.kdl", schema("users", ""));
    project.run(&["plan", "-q", "-m", "first"]).ok();
    project.run(&["apply", "-q"]).ok();
    sql::execute(
        &database.url,
        "INSERT INTO users (age) VALUES (7), (18); INSERT INTO Users (owner) VALUES (1)",
    );
    let first = project.run(&["inspect"]).ok();
    for name in ["table users", "table Users", "view adults", "view Adults", "references=users.id"] {
        assert!(first.contains(name), "{name} in {first}");
    }
    project.write("schema/shop.kdl", schema("USERS was=users", " column more int nullable"));
    project.run(&["plan", "-q", "-m", "second"]).ok();
    for _ in 0..2 {
        project.run(&["apply", "-q", "--allow-destructive", "all"]).ok();
        let second = project.run(&["inspect"]).ok();
        assert!(second.contains("table USERS") && second.contains("references=USERS.id"), "{second}");
        assert_eq!(sql::rows(&database.url, "SELECT count(*) FROM USERS, Users"), ["2"]);
        project.run(&["drift"]).ok();
        sql::execute(&database.url, "DELETE FROM schemactl_observed");
        project.run(&["drift"]).ok();
        project.run(&["rollback", "-q", "--allow-destructive", "all"]).ok();
        assert_eq!(project.run(&["inspect"]).ok(), first);
    }
}

#[test]
fn a_database_has_character_sets_of_its_own() {
    for settings in ["latin1", "utf8mb4 COLLATE utf8mb4_bin", "utf8mb3", "ascii"] {
        let database = mysql::database("charset");
        sql::execute(&database.url, &format!("ALTER DATABASE `{}` CHARACTER SET {settings}", database.name));
        sql::execute(&database.url, SHOP);
        sql::execute(
            &database.url,
            "CREATE TABLE texts (
                a varchar(20), b varchar(20) CHARACTER SET latin1 COLLATE latin1_german1_ci, c varchar(20) COLLATE utf8mb4_unicode_ci,
                d char(3) CHARACTER SET binary, e text CHARACTER SET utf8mb4 DEFAULT NULL, f varchar(9) CHARACTER SET ucs2
             ) COLLATE utf8mb4_general_ci;
             ALTER TABLE texts MODIFY b varchar(30) CHARACTER SET latin1",
        );
        expect_same(mysql::server(), &database.name, settings);
    }
}

/// What a server can be started with.
#[test]
fn what_a_server_is_set_to_makes_no_difference() {
    const CASED: &str = "CREATE TABLE Cased (id int PRIMARY KEY) ENGINE=InnoDB; CREATE TABLE cased (id int PRIMARY KEY) ENGINE=InnoDB;";
    const FOLDED: &str = "CREATE TABLE Upper (Id int PRIMARY KEY, Parent int, KEY Mixed (Parent),
            CONSTRAINT UpOne FOREIGN KEY (Parent) REFERENCES UPPER (id)) ENGINE=InnoDB;
         CREATE VIEW Lower AS SELECT Id FROM UPPER;";
    const OF_MARIADB: &str = "CREATE SEQUENCE numbers; CREATE TABLE history (id int PRIMARY KEY) ENGINE=InnoDB WITH SYSTEM VERSIONING;";
    let mariadb = [
        (
            "--sql-mode=ANSI --character-set-server=latin1 --collation-server=latin1_german2_ci --default-storage-engine=Aria \
             --innodb-default-row-format=compact --explicit-defaults-for-timestamp=0 --innodb-strict-mode=0",
            OF_MARIADB,
        ),
        (
            "--sql-mode= --lower-case-table-names=1 --character-set-server=utf8mb4 --collation-server=utf8mb4_uca1400_ai_ci",
            FOLDED,
        ),
        (
            "--sql-mode=NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT --old-mode= --character-set-server=utf8mb4 --collation-server=utf8mb4_nopad_bin",
            CASED,
        ),
    ];
    let mysql = [
        (
            "--sql-mode=ANSI --character-set-server=latin1 --collation-server=latin1_german2_ci --default-storage-engine=MyISAM \
             --innodb-default-row-format=compact --explicit-defaults-for-timestamp=0 --innodb-strict-mode=0",
            CASED,
        ),
        ("--sql-mode= --lower-case-table-names=1 --sql-generate-invisible-primary-key=1", FOLDED),
    ];
    let settings = if Own::is_of_mysql() { &mysql[..] } else { &mariadb };
    for (options, more) in settings {
        let own = Own::like_server(options);
        sql::execute(&own.url, "CREATE DATABASE shop");
        let url = format!("{}/shop", own.url);
        // The tables are in InnoDB, which the settings are not to choose for them.
        sql::execute(
            &url,
            &SHOP
                .replace("    );", "    ) ENGINE=InnoDB;")
                .replace("BEGIN SELECT concat(a, 'b'); END", "SELECT 1"),
        );
        sql::execute(&url, more);
        expect_same(&own.url, "shop", options);
    }
}

/// `information_schema` has their strings without what escapes in them.
#[test]
fn bodies_come_back_with_what_escapes_in_their_strings() {
    let database = mysql::database("escaped");
    let said = r#"'it''s', 'a\'b', "e'f", "g\"h", 'i\nj', 'k\\l', '\\', '\%', N'q\'r', '\\'''"#;
    sql::execute(&database.url, "CREATE TABLE t (id int PRIMARY KEY, x text)");
    for create in [
        format!("CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.x = concat_ws('|', {said})"),
        format!(
            "CREATE TRIGGER h BEFORE INSERT ON t FOR EACH ROW FOLLOWS g SET NEW.x = concat_ws('+', NEW.x, {said})"
        ),
        format!(
            "CREATE PROCEDURE p(IN a varchar(20)) COMMENT 'it''s' READS SQL DATA BEGIN SELECT concat_ws('|', {said}) AS said; END"
        ),
        format!(
            "CREATE FUNCTION f(a enum('x','y')) RETURNS text DETERMINISTIC RETURN concat_ws('|', a, {said})"
        ),
        format!("CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DISABLE DO UPDATE t SET x = concat_ws('|', {said})"),
    ] {
        sql::execute(&database.url, &create);
    }
    let says = || {
        let rows = sql::rows(&database.url, "SELECT f('x')");
        sql::execute(&database.url, "INSERT INTO t (id) VALUES (1)");
        let inserted = sql::rows(&database.url, "SELECT x FROM t");
        sql::execute(&database.url, "DELETE FROM t");
        (rows, inserted)
    };
    let before = says();
    let name = database.name.clone();
    let project = Project::empty();
    project.run(&["init", "--from", &database.url, "--stamp", "-q"]).ok();
    let run = |arguments: &[&str]| project.run(&[arguments, &["--url", &database.url]].concat());
    let inspected = run(&["inspect"]).ok();
    assert_eq!(inspected.matches(said).count(), 5, "{name}: {inspected}");
    run(&["rollback", "base", "-q", "--allow-destructive", "all"]).ok();
    run(&["apply", "-q"]).ok();
    assert_eq!(run(&["inspect"]).ok(), inspected);
    assert_eq!(says(), before);
    let drift = run(&["drift"]);
    assert_eq!(drift.code, Some(0), "{drift}");
}
