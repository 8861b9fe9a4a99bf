//! Every kind of change by hand on MySQL and MariaDB is found and named, put back, and pulled where there are words for it.

use std::panic::{self, AssertUnwindSafe};

use super::Live;
use crate::support::mysql::{has_vector, is_mariadb};

/// A schema with something of every kind.
const SCHEMA: &str = r#"
table users comment="People" {
    column id bigint identity primary-key
    column email "varchar(200)" unique default="" comment="for letters"
    column age int nullable
    column note text nullable
    column points "int unsigned" default=0
    column mood "enum('low','high')" default=low
    column place "point"
    column changed_at "timestamptz(0)" default=(sql)"CURRENT_TIMESTAMP" {
        (mysql)options on-update=(sql)"CURRENT_TIMESTAMP"
    }
    column twice int nullable generated=(sql)"age * 2"
    column hidden int nullable { (mysql)options invisible=#true }
    check (sql)"age > 0"
    index age
    index age points name=pair
    index { on note prefix=20 }
    (mysql)index note method=fulltext name=words
    (mysql)index place method=spatial name=places
}
table posts {
    (mysql)options row-format=compact
    column id bigint primary-key
    column author bigint references="users.id" on-delete=cascade
    column title text
}
table plain {
    column id bigint primary-key
}
view adults { as (sql)"select id, email from users where age > 17" }
object seen {
    depends-on users
    create "CREATE TRIGGER seen BEFORE INSERT ON users FOR EACH ROW SET NEW.note = 'seen'"
    drop "DROP TRIGGER seen"
}
object twice_of {
    create "CREATE FUNCTION twice_of(a int) RETURNS int DETERMINISTIC RETURN a * 2"
    drop "DROP FUNCTION twice_of"
}
object tell {
    create "CREATE PROCEDURE tell() SELECT 1"
    drop "DROP PROCEDURE tell"
}
object nightly {
    create "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DISABLE DO DELETE FROM posts"
    drop "DROP EVENT nightly"
}
"#;

type Changes = &'static [(&'static str, &'static [&'static str])];

/// What happens to columns.
const COLUMNS: Changes = &[
    ("ALTER TABLE users ADD nick varchar(20)", &["+ column users.nick"]),
    ("ALTER TABLE users ADD nick varchar(20) FIRST", &["+ column users.nick"]),
    ("ALTER TABLE posts DROP title", &["- column posts.title"]),
    ("ALTER TABLE posts RENAME COLUMN title TO head", &["- column posts.title", "+ column posts.head"]),
    ("ALTER TABLE posts MODIFY title mediumtext NOT NULL", &["~ column posts.title"]),
    ("ALTER TABLE posts MODIFY title longtext NULL", &["~ column posts.title"]),
    ("ALTER TABLE posts MODIFY title longtext NOT NULL COMMENT 'head''s'", &["~ column posts.title"]),
    ("ALTER TABLE posts MODIFY title longtext NOT NULL DEFAULT ('x')", &["~ column posts.title"]),
    ("ALTER TABLE posts MODIFY title longtext CHARACTER SET latin1 NOT NULL", &["~ column posts.title"]),
    ("ALTER TABLE posts MODIFY title longtext COLLATE utf8mb4_bin NOT NULL", &["~ column posts.title"]),
    ("ALTER TABLE posts MODIFY title longtext NOT NULL FIRST", &[]),
    (
        "ALTER TABLE users MODIFY email varchar(100) NOT NULL DEFAULT '' COMMENT 'for letters'",
        &["~ column users.email"],
    ),
    ("ALTER TABLE users MODIFY email varchar(200) NOT NULL DEFAULT ''", &["~ column users.email"]),
    ("ALTER TABLE users ALTER email SET DEFAULT 'x'", &["~ column users.email"]),
    ("ALTER TABLE users ALTER email DROP DEFAULT", &["~ column users.email"]),
    ("ALTER TABLE users ALTER points SET DEFAULT 5", &["~ column users.points"]),
    ("ALTER TABLE users MODIFY points int NOT NULL DEFAULT 0", &["~ column users.points"]),
    ("ALTER TABLE users MODIFY points int unsigned zerofill NOT NULL DEFAULT 0", &["~ column users.points"]),
    ("ALTER TABLE users MODIFY points bigint unsigned NOT NULL DEFAULT 0", &["~ column users.points"]),
    ("ALTER TABLE users MODIFY points int unsigned NOT NULL DEFAULT (1 + 1)", &["~ column users.points"]),
    (
        "ALTER TABLE users MODIFY mood enum('low','high','odd') NOT NULL DEFAULT 'low'",
        &["~ column users.mood"],
    ),
    ("ALTER TABLE users MODIFY mood set('low','high') NOT NULL DEFAULT 'low'", &["~ column users.mood"]),
    (
        "ALTER TABLE users MODIFY changed_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP",
        &["~ column users.changed_at"],
    ),
    (
        "ALTER TABLE users MODIFY changed_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)",
        &["~ column users.changed_at"],
    ),
    (
        "ALTER TABLE users MODIFY changed_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
        &["~ column users.changed_at"],
    ),
    ("ALTER TABLE users MODIFY age int INVISIBLE", &["~ column users.age"]),
    ("ALTER TABLE users MODIFY hidden int", &["~ column users.hidden"]),
    ("ALTER TABLE users MODIFY twice int AS (age * 3) STORED", &["~ column users.twice"]),
    ("ALTER TABLE users DROP twice, ADD twice int AS (age * 2) VIRTUAL", &["~ column users.twice"]),
    ("ALTER TABLE users MODIFY twice int NULL", &["~ column users.twice"]),
    ("ALTER TABLE users ADD thrice int AS (points * 3) VIRTUAL", &["+ column users.thrice"]),
    ("SET foreign_key_checks = 0; ALTER TABLE users MODIFY id bigint NOT NULL", &["~ column users.id"]),
];

/// What happens to keys, checks and indexes.
const MEMBERS: Changes = &[
    ("CREATE INDEX by_mood ON users (mood)", &["+ index users.by_mood"]),
    ("CREATE UNIQUE INDEX one_mood ON users (mood)", &["+ unique users.one_mood"]),
    ("CREATE UNIQUE INDEX one_note ON users (note(9))", &["+ index users.one_note"]),
    ("CREATE INDEX downward ON users (mood DESC, age)", &["+ index users.downward"]),
    ("DROP INDEX users_age_idx ON users", &["- index users.users_age_idx"]),
    ("ALTER TABLE users RENAME INDEX users_age_idx TO by_age", &["-> index users.users_age_idx"]),
    ("ALTER TABLE users DROP INDEX pair, ADD INDEX pair (points, age)", &["~ index users.pair"]),
    ("ALTER TABLE users DROP INDEX pair, ADD INDEX pair (age, points DESC)", &["~ index users.pair"]),
    (
        "ALTER TABLE users DROP INDEX pair, ADD INDEX pair (age, points) COMMENT 'of both'",
        &["~ index users.pair"],
    ),
    (
        "ALTER TABLE users DROP INDEX users_note_idx, ADD INDEX users_note_idx (note(9))",
        &["~ index users.users_note_idx"],
    ),
    ("ALTER TABLE users DROP INDEX words", &["- index users.words"]),
    ("ALTER TABLE posts ADD FULLTEXT INDEX heads (title)", &["+ index posts.heads"]),
    ("ALTER TABLE users DROP INDEX places", &["- index users.places"]),
    ("ALTER TABLE users DROP INDEX users_email_key", &["- unique users.users_email_key"]),
    ("ALTER TABLE posts DROP PRIMARY KEY", &["- primary key posts.posts_pkey"]),
    ("ALTER TABLE posts DROP PRIMARY KEY, ADD PRIMARY KEY (id, author)", &["~ primary key posts.posts_pkey"]),
    ("ALTER TABLE users ADD CONSTRAINT noted CHECK (note <> '')", &["+ check users.noted"]),
    ("ALTER TABLE users DROP CONSTRAINT users_age_check", &["- check users.users_age_check"]),
    (
        "ALTER TABLE users DROP CONSTRAINT users_age_check, ADD CONSTRAINT users_age_check CHECK (age > 1)",
        &["~ check users.users_age_check"],
    ),
    (
        "ALTER TABLE posts DROP FOREIGN KEY posts_author_fkey",
        &["- foreign key posts.posts_author_fkey", "+ index posts.posts_author_fkey"],
    ),
    (
        "ALTER TABLE posts DROP FOREIGN KEY posts_author_fkey; ALTER TABLE posts \
         ADD CONSTRAINT posts_author_fkey FOREIGN KEY (author) REFERENCES users (id) ON UPDATE CASCADE",
        &["~ foreign key posts.posts_author_fkey"],
    ),
    (
        "ALTER TABLE posts ADD CONSTRAINT again FOREIGN KEY (author) REFERENCES users (id) ON DELETE CASCADE",
        // The index that came with the other key is no more what follows from the keys.
        &["+ foreign key posts.again", "+ index posts.posts_author_fkey"],
    ),
];

/// What happens to tables as such, and to what is no part of the schema.
const TABLES: Changes = &[
    ("CREATE TABLE tags (id bigint PRIMARY KEY, name text)", &["+ table tags"]),
    ("CREATE TABLE `odd; ``name` (`a b` int, `select` text, `ä` int)", &["+ table odd; `name"]),
    (
        "DROP VIEW adults; RENAME TABLE posts TO articles",
        &["- view adults", "- table posts", "+ table articles"],
    ),
    ("DROP TABLE posts", &["- table posts"]),
    ("ALTER TABLE posts COMMENT 'texts'", &["~ table posts"]),
    ("ALTER TABLE users COMMENT ''", &["~ table users"]),
    ("ALTER TABLE posts ROW_FORMAT=DYNAMIC", &["~ table posts"]),
    ("ALTER TABLE users ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8", &["~ table users"]),
    ("ALTER TABLE posts STATS_PERSISTENT=1 STATS_SAMPLE_PAGES=9", &["~ table posts"]),
    // The columns stay as they are, which now has to be said of them.
    ("ALTER TABLE posts CHARACTER SET latin1", &["~ table posts", "~ column posts.title"]),
    ("ALTER TABLE posts COLLATE utf8mb4_bin", &["~ table posts", "~ column posts.title"]),
    ("ALTER TABLE posts CONVERT TO CHARACTER SET latin1", &["~ table posts"]),
    ("ALTER TABLE posts MAX_ROWS=1000", &["+ object posts_max_rows"]),
    ("ALTER TABLE users AUTO_INCREMENT=1000", &[]),
    ("INSERT INTO users (email, place) VALUES ('a', ST_GeomFromText('POINT(1 1)'))", &[]),
    ("ALTER TABLE users FORCE", &[]),
    ("ANALYZE TABLE users", &[]),
    ("CREATE TEMPORARY TABLE mine (a int)", &[]),
    ("CREATE TABLE parts (a int PRIMARY KEY) PARTITION BY HASH (a) PARTITIONS 3", &["+ object parts"]),
];

/// What happens to views and to what has a body.
const OBJECTS: Changes = &[
    ("DROP VIEW adults", &["- view adults"]),
    ("CREATE VIEW names AS SELECT email FROM users", &["+ view names"]),
    ("CREATE OR REPLACE VIEW adults AS SELECT id, email FROM users WHERE age > 20", &["~ view adults"]),
    ("CREATE TRIGGER noted BEFORE INSERT ON users FOR EACH ROW SET NEW.note = 'a'", &["+ object noted"]),
    (
        "CREATE TRIGGER gone AFTER DELETE ON posts FOR EACH ROW BEGIN DECLARE a int; SET a = 1; END",
        &["+ object gone"],
    ),
    ("DROP TRIGGER seen", &["- object seen"]),
    (
        "DROP TRIGGER seen; CREATE TRIGGER seen BEFORE INSERT ON users FOR EACH ROW SET NEW.note = 'b'",
        &["~ object seen"],
    ),
    (
        "DROP TRIGGER seen; CREATE TRIGGER seen BEFORE UPDATE ON users FOR EACH ROW SET NEW.note = 'seen'",
        &["~ object seen"],
    ),
    ("CREATE FUNCTION f() RETURNS int NO SQL RETURN 1", &["+ object f"]),
    ("DROP FUNCTION twice_of", &["- object twice_of"]),
    (
        "DROP FUNCTION twice_of; CREATE FUNCTION twice_of(a int) RETURNS int DETERMINISTIC RETURN a + a",
        &["~ object twice_of"],
    ),
    (
        "DROP FUNCTION twice_of; CREATE FUNCTION twice_of(a bigint) RETURNS int DETERMINISTIC RETURN a * 2",
        &["~ object twice_of"],
    ),
    (
        "DROP FUNCTION twice_of; CREATE FUNCTION twice_of(a int) RETURNS bigint DETERMINISTIC RETURN a * 2",
        &["~ object twice_of"],
    ),
    ("CREATE PROCEDURE p(IN a int, OUT b varchar(20)) BEGIN SET b = a; END", &["+ object p"]),
    ("ALTER PROCEDURE tell COMMENT 'one' SQL SECURITY INVOKER", &["~ object tell"]),
    ("DROP PROCEDURE tell; CREATE PROCEDURE tell() SELECT 2", &["~ object tell"]),
    ("CREATE EVENT e ON SCHEDULE AT '2030-01-01 00:00:00' DISABLE DO DELETE FROM posts", &["+ object e"]),
    ("ALTER EVENT nightly ENABLE", &["~ object nightly"]),
    ("ALTER EVENT nightly ON SCHEDULE EVERY 2 DAY STARTS '2030-01-01 00:00:00'", &["~ object nightly"]),
    ("ALTER EVENT nightly COMMENT 'by night'", &["~ object nightly"]),
    ("ALTER EVENT nightly DO DELETE FROM posts WHERE id < 9", &["~ object nightly"]),
    ("DROP EVENT nightly", &["- object nightly"]),
];

const MARIADB: Changes = &[
    ("ALTER TABLE users ALTER INDEX users_age_idx IGNORED", &["~ index users.users_age_idx"]),
    ("ALTER TABLE posts MODIFY title longtext COMPRESSED NOT NULL", &["~ column posts.title"]),
    ("ALTER TABLE posts MODIFY title longtext NOT NULL CHECK (title <> '')", &["+ check posts.title"]),
    ("ALTER TABLE posts PAGE_COMPRESSED=1", &["+ object posts_page_compressed"]),
    ("CREATE TABLE long_ones (a text UNIQUE, b inet6, c uuid)", &["+ table long_ones"]),
    ("CREATE SEQUENCE numbers START WITH 7 INCREMENT BY 2", &["+ object numbers"]),
    ("CREATE TABLE kept (a int, b text) WITH SYSTEM VERSIONING", &["+ object kept"]),
    ("CREATE TABLE stays (a date, b date, PERIOD FOR stay (a, b))", &["+ object stays"]),
    ("ALTER TABLE users MODIFY changed_at timestamp NULL DEFAULT NULL", &["~ column users.changed_at"]),
];

const MYSQL: Changes = &[
    ("ALTER TABLE users ALTER INDEX users_age_idx INVISIBLE", &["~ index users.users_age_idx"]),
    ("ALTER TABLE users ALTER CHECK users_age_check NOT ENFORCED", &["~ check users.users_age_check"]),
    ("CREATE INDEX lowered ON users ((lower(email)))", &["+ index users.lowered"]),
    (
        "ALTER TABLE users ADD tags json, ADD INDEX tagged ((CAST(tags AS UNSIGNED ARRAY)))",
        &["+ column users.tags", "+ index users.tagged"],
    ),
    (
        "ALTER TABLE users DROP INDEX places; ALTER TABLE users MODIFY place point NOT NULL SRID 4326",
        &["~ column users.place", "- index users.places"],
    ),
    ("ALTER TABLE users ALTER COLUMN age SET INVISIBLE", &["~ column users.age"]),
];

const VECTOR: Changes = &[("ALTER TABLE posts ADD v vector(3)", &["+ column posts.v"])];

/// Makes each change, and says at the end which were not found or could not be put back.
fn found(changes: &[Changes]) {
    let mut live = Live::new("mysql", SCHEMA);
    let mut failed = Vec::new();
    for (change, names) in changes.iter().copied().flatten() {
        let tried = panic::catch_unwind(AssertUnwindSafe(|| live.expect_found(change, names)));
        if let Err(why) = tried {
            let why = why.downcast_ref::<String>().cloned().unwrap_or_default();
            failed.push(format!("{change}: {why}"));
            live = Live::new("mysql", SCHEMA);
        }
    }
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n\n"));
}

#[test]
fn manual_changes_of_columns_are_found_and_put_back() {
    found(&[COLUMNS]);
}

#[test]
fn manual_changes_of_keys_and_indexes_are_found_and_put_back() {
    found(&[MEMBERS]);
}

#[test]
fn manual_changes_of_tables_are_found_and_put_back() {
    found(&[TABLES]);
}

#[test]
fn manual_changes_of_objects_are_found_and_put_back() {
    found(&[OBJECTS]);
}

#[test]
fn what_one_product_alone_has_is_found_and_put_back() {
    found(&[if is_mariadb() { MARIADB } else { MYSQL }, if has_vector() { VECTOR } else { &[] }]);
}

#[test]
fn another_engine_is_found_and_left_to_hands() {
    let live = Live::new("mysql", SCHEMA);
    live.execute("ALTER TABLE plain ENGINE=MyISAM; CREATE TABLE other (a int PRIMARY KEY) ENGINE=MyISAM");
    let (lines, _) = live.drift();
    assert_eq!(lines, ["- table plain", "+ table other", "+ table plain"]);
    let said = live.run(&["drift"]).stdout;
    assert_eq!(said.matches("+ table BASE TABLE MyISAM").count(), 2, "{said}");
    assert_eq!(said.matches("not managed: put it back by hand").count(), 2, "{said}");
    live.execute("ALTER TABLE plain ENGINE=InnoDB; DROP TABLE other");
    live.expect_no_drift("by hand");
}

/// Much of it at once, for which schemas have words.
const MUCH: &str = "
    ALTER TABLE users ADD nick varchar(20) INVISIBLE, DROP INDEX words, DROP INDEX pair, COMMENT 'Men',
        MODIFY email varchar(100) COLLATE utf8mb4_bin NULL COMMENT 'mail', MODIFY points int NOT NULL DEFAULT 7,
        MODIFY mood enum('low','high','odd') NOT NULL DEFAULT 'low',
        MODIFY changed_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
        MODIFY hidden int, DROP twice, ADD twice int AS (age * 3) STORED,
        DROP CONSTRAINT users_age_check, ADD CONSTRAINT noted CHECK (note <> ''),
        ADD INDEX pair (age DESC, points) COMMENT 'of both', ADD UNIQUE INDEX one_note (note(9)),
        ROW_FORMAT=COMPRESSED, KEY_BLOCK_SIZE=8;
    DROP VIEW adults;
    CREATE VIEW adults AS SELECT id, nick FROM users WHERE age > 20;
    ALTER TABLE posts DROP FOREIGN KEY posts_author_fkey;
    ALTER TABLE posts DROP PRIMARY KEY, ADD PRIMARY KEY (id, author), ADD FULLTEXT INDEX heads (title),
        ADD CONSTRAINT posts_author_fkey FOREIGN KEY (author) REFERENCES users (id) ON UPDATE CASCADE,
        MODIFY title longtext CHARACTER SET latin1 NOT NULL;
    CREATE TABLE tags (a int PRIMARY KEY, b int, CONSTRAINT up FOREIGN KEY (b) REFERENCES tags (a)) COMMENT 'Tags';
    CREATE TABLE parts (a int PRIMARY KEY) PARTITION BY RANGE (a)
        (PARTITION low VALUES LESS THAN (10) COMMENT 'few', PARTITION high VALUES LESS THAN MAXVALUE);
    DROP FUNCTION twice_of;
    DROP PROCEDURE tell;
    CREATE PROCEDURE tell(INOUT a int) COMMENT 'one' BEGIN IF a > 1 THEN SET a = 1; END IF; END;
    CREATE TRIGGER noted BEFORE INSERT ON users FOR EACH ROW FOLLOWS seen SET NEW.note = 'a';
    ALTER EVENT nightly ON SCHEDULE EVERY 2 HOUR STARTS '2030-01-01 00:00:00' COMMENT 'by night';
";

#[test]
fn manual_changes_are_pulled_and_go_back() {
    let live = Live::new("mysql", SCHEMA);
    live.execute(MUCH);
    if is_mariadb() {
        live.execute("CREATE SEQUENCE numbers; CREATE TABLE kept (a int) WITH SYSTEM VERSIONING");
    }
    live.run(&["drift", "--pull", "-q"]).ok();
    live.expect_no_drift("pulled");
    live.run(&["plan", "-q", "-m", "second", "--no-renames"]).ok();
    let said = live.run(&["apply"]).to_string();
    assert!(said.contains("Recorded 0002_second"), "{said}");
    for (way, back) in [(["rollback", "-1"], "rolled back"), (["apply", "+1"], "applied")] {
        live.run(&[&way[..], &["-q", "--allow-destructive", "all"]].concat()).ok();
        live.expect_no_drift(back);
        live.execute("DELETE FROM schemactl_observed");
        live.expect_no_drift(&format!("{back}, by a scratch database"));
    }
}
