//! What SQLite takes and other databases don't, and what the schema language has no words for.

use insta::assert_snapshot;

use super::{inspected, shown};
use crate::stage::Stage;

#[test]
fn names_in_any_quotes() {
    assert_snapshot!(shown(r#"
        CREATE TABLE "select" ("from" int, [group by] text, `ta``ble` blob, 'str' int, "q""q" int, 日本 text, "🦀;--" real);
        CREATE INDEX "i;--" ON "SELECT" (FROM_ COLLATE NOCASE DESC, "Q""Q") WHERE [FROM] > 0;
    "#.replace("FROM_", "\"FROM\"").as_str()), @r##"
    table select {
        column from int nullable
        column "group by" text nullable
        column #"q"q"# int nullable
        column str int nullable
        column ta`ble bytes nullable
        column 日本 text nullable
        column "🦀;--" real nullable
        index name="i;--" {
            on from order=desc collate=NOCASE
            on #"q"q"#
            where (sql)"[FROM] > 0"
        }
    }
    "##);
}

#[test]
fn keys_that_may_be_null_and_keys_that_number_rows() {
    assert_snapshot!(shown("
        CREATE TABLE a (id TEXT PRIMARY KEY);
        CREATE TABLE b (id INTEGER PRIMARY KEY);
        CREATE TABLE c (id INTEGER, PRIMARY KEY (id AUTOINCREMENT));
        CREATE TABLE d (x NOT NULL, y INT, PRIMARY KEY (x, y));
        CREATE TABLE e (x, y INT, PRIMARY KEY (x, y)) WITHOUT ROWID;
        CREATE TABLE f (id TEXT PRIMARY KEY, n ANY) STRICT;
        CREATE TABLE g (id INT PRIMARY KEY NOT NULL);
    "), @r#"
    table a {
        column id text nullable primary-key
    }

    table b {
        (sqlite)options autoincrement=#false
        column id bigint identity primary-key
    }

    table c {
        column id bigint identity primary-key
    }

    table d {
        column x (native)"untyped"
        column y int nullable
        primary-key x y
    }

    table e {
        (sqlite)options without-rowid=#true
        column x (native)"untyped"
        column y int
        primary-key x y
    }

    table f {
        (sqlite)options strict=#true
        column id text primary-key
        column n (native)"ANY" nullable
    }

    table g {
        column id int primary-key
    }
    "#);
}

#[test]
fn references() {
    assert_snapshot!(shown("
        CREATE TABLE parent (id INTEGER PRIMARY KEY, Code TEXT UNIQUE);
        CREATE TABLE child (
            a REFERENCES parent,
            b TEXT REFERENCES PARENT (code) ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
            c INT REFERENCES parent (code) MATCH FULL NOT DEFERRABLE,
            d INT CONSTRAINT named REFERENCES 'parent' ON DELETE RESTRICT DEFERRABLE
        );
    "), @r#"
    table child {
        column a (native)"untyped" nullable references=parent.id
        column b text nullable references=parent.Code deferrable=deferred on-delete=set-null on-update=cascade
        column c (native)"INT" nullable references=parent.Code
        column d int nullable
        foreign-key d references=parent.id deferrable on-delete=restrict name=named
    }

    table parent {
        (sqlite)options autoincrement=#false
        column Code text nullable unique
        column id bigint identity primary-key
    }
    "#);
}

#[test]
fn constraints_without_a_name_and_with_one_that_is_taken() {
    assert_snapshot!(shown("
        CREATE TABLE one (a INT CONSTRAINT k PRIMARY KEY, b TEXT UNIQUE, CHECK (a > 0), CHECK (a > 0), CHECK (a > 1));
        CREATE UNIQUE INDEX one_b_key ON one (b);
        CREATE TABLE two (a INT CONSTRAINT k PRIMARY KEY, b TEXT CONSTRAINT k CHECK (b <> '') CONSTRAINT alone,
            UNIQUE (a, b) CHECK (a < 9), CONSTRAINT alone_too);
    "), @r##"
    table one {
        column a int nullable
        column b text nullable
        primary-key a name=k
        unique b name=one_b_key1
        check (sql)"a > 0"
        check (sql)"a > 0" name=one_a_check1
        check (sql)"a > 1" name=one_a_check2
        index b unique name=one_b_key
    }

    table two {
        column a int nullable primary-key
        column b text nullable
        unique a b
        check (sql)"b <> ''" name=k
        check (sql)"a < 9"
    }
    "##);
}

#[test]
fn enums_are_read_from_checks_that_look_like_ours_and_agree() {
    assert_snapshot!(shown("
        CREATE TABLE a (x TEXT CONSTRAINT mood_enum CHECK (\"x\" IN ('good', 'it''s')) DEFAULT 'good',
            y TEXT CONSTRAINT mood_enum CHECK (\"y\" IN ('good', 'it''s')));
        CREATE TABLE b (x TEXT CONSTRAINT state_enum CHECK (\"x\" IN ('on', 'off')));
        CREATE TABLE c (x TEXT CONSTRAINT state_enum CHECK (\"x\" IN ('off', 'on')), z TEXT CHECK (z IN ('a', 'b')));
    "), @r##"
    enum mood good it's

    table a {
        column x (enum)"mood" nullable default=good
        column y (enum)"mood" nullable
    }

    table b {
        column x text nullable
        check (sql)"\"x\" IN ('on', 'off')"
    }

    table c {
        column x text nullable
        column z text nullable
        check (sql)"\"x\" IN ('off', 'on')"
        check (sql)"z IN ('a', 'b')"
    }
    "##);
}

#[test]
fn what_renames_and_additions_leave() {
    assert_snapshot!(shown("
        CREATE TABLE parent (id INTEGER PRIMARY KEY);
        CREATE TABLE before (old INT CHECK (old > 0), b INT AS (old + 1)) -- a comment
        ;
        CREATE VIEW v AS SELECT old FROM before;
        ALTER TABLE before RENAME COLUMN old TO \"new name\";
        ALTER TABLE before RENAME TO renamed;
        ALTER TABLE renamed ADD COLUMN c TEXT DEFAULT 'x' /* why */ REFERENCES parent;
        CREATE TABLE copy AS SELECT *, 1 AS one, 'x' AS t FROM parent;
    "), @r##"
    table copy {
        column id int nullable
        column one (native)"untyped" nullable
        column t (native)"untyped" nullable
    }

    table parent {
        (sqlite)options autoincrement=#false
        column id bigint identity primary-key
    }

    table renamed {
        column b int nullable virtual generated=(sql)"\"new name\" + 1"
        column c (native)"TEXT" nullable default=x references=parent.id
        column "new name" int nullable
        check (sql)"\"new name\" > 0"
    }

    view v {
        as (sql)#"SELECT "new name" FROM "renamed""#
    }
    "##);
}

#[test]
fn what_becomes_of_a_row_that_breaks_a_rule_is_an_option() {
    assert_snapshot!(shown("
        CREATE TABLE a (i INTEGER PRIMARY KEY ON CONFLICT REPLACE AUTOINCREMENT, n INT NOT NULL ON CONFLICT IGNORE,
            u TEXT UNIQUE ON CONFLICT FAIL, v NULL ON CONFLICT IGNORE, w NOT NULL ON CONFLICT ABORT UNIQUE ON CONFLICT ABORT,
            CHECK (n > 0) ON CONFLICT IGNORE, UNIQUE (u, v) ON CONFLICT ROLLBACK);
        CREATE TABLE b (i INTEGER PRIMARY KEY DESC ON CONFLICT IGNORE, j REFERENCES a (i));
        CREATE TABLE c (i INTEGER, t TEXT, PRIMARY KEY (i COLLATE NOCASE DESC) ON CONFLICT FAIL, UNIQUE (t COLLATE nocase));
        CREATE TABLE d (i INTEGER, t TEXT, PRIMARY KEY (t DESC, i COLLATE RTRIM), UNIQUE ([i] ASC, \"t\" COLLATE NOCASE DESC))
            WITHOUT ROWID;
        CREATE TABLE e (i INTEGER REFERENCES b, PRIMARY KEY (i DESC)) WITHOUT ROWID;
    "), @r#"
    table a {
        column i bigint identity
        column n int {
            (sqlite)options on-conflict=ignore
        }
        column u text nullable
        column v (native)"untyped" nullable
        column w (native)"untyped" unique
        primary-key i {
            (sqlite)options on-conflict=replace
        }
        unique u {
            (sqlite)options on-conflict=fail
        }
        unique u v {
            (sqlite)options on-conflict=rollback
        }
        check (sql)"n > 0"
    }

    table b {
        column i (native)"INTEGER" nullable
        column j (native)"untyped" nullable references=a.i
        primary-key i {
            (sqlite)options on-conflict=ignore order=desc
        }
    }

    table c {
        (sqlite)options autoincrement=#false
        column i bigint identity
        column t text nullable
        primary-key i {
            (sqlite)options on-conflict=fail
        }
        unique t {
            (sqlite)options collate=NOCASE
        }
    }

    table d {
        (sqlite)options without-rowid=#true
        column i int
        column t text
        primary-key t i {
            (sqlite)options collate="- RTRIM" order="desc asc"
        }
        unique i t {
            (sqlite)options collate="- NOCASE" order="asc desc"
        }
    }

    table e {
        (sqlite)options without-rowid=#true
        column i int references=b.i
        primary-key i {
            (sqlite)options order=desc
        }
    }
    "#);
}

#[test]
fn what_there_are_no_words_for_is_kept_as_it_is() {
    assert_snapshot!(shown("
        CREATE TABLE dangling (a INTEGER PRIMARY KEY REFERENCES nowhere (x), b UNIQUE);
        CREATE INDEX dangling_b ON dangling (b);
        CREATE TABLE about (w TEXT REFERENCES dangling (b), x INTEGER REFERENCES Dangling);
        CREATE TABLE cased (a TEXT COLLATE NOCASE, UNIQUE (a COLLATE BINARY));
        CREATE TABLE uncased (a TEXT REFERENCES cased (a));
        CREATE TABLE t (a INT);
        CREATE VIEW w (one, two) AS SELECT 1, a FROM t;
        CREATE VIEW z AS SELECT * FROM w, [t];
        CREATE TRIGGER w_insert INSTEAD OF INSERT ON w BEGIN INSERT INTO t VALUES (new.one); SELECT CASE WHEN 1 THEN 2 END; END;
        CREATE TRIGGER t AFTER DELETE ON t BEGIN DELETE FROM z; END;
        CREATE VIRTUAL TABLE f USING fts5(body);
        CREATE TABLE f_notes (a int);
        CREATE TEMP TABLE temporary (a);
        ANALYZE;
    "), @r##"
    table about {
        column w text nullable references=dangling.b
        column x int nullable references=dangling.a
    }

    table cased {
        column a text nullable collate=NOCASE
        unique a {
            (sqlite)options collate=BINARY
        }
    }

    table f_notes {
        column a int nullable
    }

    table t {
        column a int nullable
    }

    view z {
        depends-on w
        as (sql)"SELECT * FROM w, [t]"
    }

    object dangling {
        create (sql)"CREATE TABLE dangling (a INTEGER PRIMARY KEY REFERENCES nowhere (x), b UNIQUE)"
        drop (sql)#"DROP TABLE "dangling""#
    }

    object dangling_b {
        depends-on dangling
        create (sql)"CREATE INDEX dangling_b ON dangling (b)"
        drop (sql)#"DROP INDEX "dangling_b""#
    }

    object f {
        create (sql)"CREATE VIRTUAL TABLE f USING fts5(body)"
        drop (sql)#"DROP TABLE "f""#
    }

    object t_trigger {
        depends-on t z
        create (sql)"CREATE TRIGGER t AFTER DELETE ON t BEGIN DELETE FROM z; END"
        drop (sql)#"DROP TRIGGER "t""#
    }

    object uncased {
        create (sql)"CREATE TABLE uncased (a TEXT REFERENCES cased (a))"
        drop (sql)#"DROP TABLE "uncased""#
    }

    object w {
        depends-on t
        create (sql)"CREATE VIEW w (one, two) AS SELECT 1, a FROM t"
        drop (sql)#"DROP VIEW "w""#
    }

    object w_insert {
        depends-on t w
        create (sql)"CREATE TRIGGER w_insert INSTEAD OF INSERT ON w BEGIN INSERT INTO t VALUES (new.one); SELECT CASE WHEN 1 THEN 2 END; END"
        drop (sql)#"DROP TRIGGER "w_insert""#
    }
    "##);
}

#[test]
fn types_are_portable_where_they_are_the_same() {
    assert_snapshot!(shown("
        CREATE TABLE t (a DATETIME, b STRING, c \"quoted type\" ( 3 ), d DOUBLE   PRECISION, e UNSIGNED BIG INT,
            f DECIMAL(10), g DECIMAL (10, 2), h VARCHAR(020), i varchar(20), j BOOLEAN, k BOOL, l INTEGER, m Int,
            n Blob, o FLOAT, p TIMESTAMP, q, r FOO(-1, +2), s UUID, t JSON, u CHAR, v ANY, w TIME, x DATE);
    "), @r#"
    table t {
        column a timestamp nullable
        column b (native)"STRING" nullable
        column c (native)"\"quoted type\"(3)" nullable
        column d (native)"DOUBLE PRECISION" nullable
        column e (native)"UNSIGNED BIG INT" nullable
        column f (native)"DECIMAL(10)" nullable
        column g "decimal(10,2)" nullable
        column h (native)"VARCHAR(020)" nullable
        column i "varchar(20)" nullable
        column j bool nullable
        column k (native)"BOOL" nullable
        column l int nullable
        column m int nullable
        column n bytes nullable
        column o (native)"FLOAT" nullable
        column p timestamptz nullable
        column q (native)"untyped" nullable
        column r (native)"FOO(-1,+2)" nullable
        column s (native)"UUID" nullable
        column t (native)"JSON" nullable
        column u (native)"CHAR" nullable
        column v (native)"ANY" nullable
        column w time nullable
        column x date nullable
    }
    "#);
}

#[test]
fn a_name_that_cannot_be_written_down_is_listed() {
    let mut stage = Stage::sqlite();
    stage.execute("CREATE TABLE \"\" (a int); CREATE TABLE t (\"\" int, b int)");
    let inspection = stage.inspect();
    let shown = inspection.unmanaged.iter();
    let shown = shown.map(|one| format!("{} `{}` {}: {}", one.kind, one.name, one.reason, one.definition));
    assert_snapshot!(shown.collect::<Vec<_>>().join("\n"), @r##"table `` has a name that can't be written down: create table "" ( a int )"##);
    // A column without a name is in the text of its table.
    assert_eq!(inspection.state.objects.len(), 1);
}

#[test]
fn names_that_are_too_long_stay() {
    let long = "l".repeat(100);
    let inspection = inspected(&format!(
        "CREATE TABLE {long} (a int); CREATE TABLE t (a int CONSTRAINT {long} UNIQUE); CREATE INDEX i{long} ON t (a); \
         CREATE TABLE u ({long} int); CREATE VIEW v{long} AS SELECT 1;"
    ));
    let names: Vec<_> =
        inspection.state.objects.sorted().iter().map(|object| object.name.to_string()).collect();
    assert_eq!(names, [format!("i{long}"), long.clone(), "u".to_owned(), format!("v{long}")]);
    assert_eq!(inspection.state.tables.len(), 1);
}
