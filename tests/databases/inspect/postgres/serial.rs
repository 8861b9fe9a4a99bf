//! Columns over sequences: what `serial` makes is said by the column alone, all else by the sequence.

use super::kinds::read;

#[test]
fn what_serial_makes_follows_from_the_column() {
    insta::assert_snapshot!(read(
        "CREATE TABLE t (a serial PRIMARY KEY, b bigserial, c smallserial UNIQUE);
        CREATE UNLOGGED TABLE \"O'ther \\ t\" (\"a A\" serial);
        CREATE SCHEMA s;
        CREATE TABLE s.t (a serial);
        CREATE VIEW v AS SELECT count(*) AS number FROM t;
        CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM s.t $$;"
    ), @r##"
    table #"O'ther \ t"# {
        (postgres)options unlogged=#true
        column "a A" int identity=serial
    }

    table t {
        column a int identity=serial primary-key
        column b bigint identity=serial
        column c smallint identity=serial unique
    }

    view v {
        as (sql)"""
            SELECT count(*) AS number
               FROM t
            """
    }

    object f {
        depends-on s.t
        create (sql)"""
            CREATE FUNCTION f()
             RETURNS bigint
             LANGUAGE sql
            AS $function$ SELECT count(*) FROM s.t $function$
            """
        drop (sql)"DROP FUNCTION f()"
    }

    schema s {
        table t {
            column a int identity=serial
        }
    }
    "##);
}

#[test]
fn a_sequence_that_says_more_is_an_object() {
    insta::assert_snapshot!(read(
        "CREATE TABLE started (a serial);
        ALTER SEQUENCE started_a_seq START WITH 5;
        CREATE TABLE other_type (a serial);
        ALTER SEQUENCE other_type_a_seq AS bigint;
        CREATE TABLE empty (a serial);
        ALTER TABLE empty ALTER a DROP NOT NULL;
        CREATE TABLE lone (a int NOT NULL DEFAULT 0);
        CREATE SEQUENCE lone_a_seq AS int OWNED BY lone.a;
        CREATE TABLE said (a serial);
        COMMENT ON SEQUENCE said_a_seq IS 'said';
        CREATE TABLE named (a serial);
        ALTER SEQUENCE named_a_seq RENAME TO its_own;
        CREATE TABLE free (a serial);
        ALTER SEQUENCE free_a_seq OWNED BY NONE;"
    ), @r#"
    table empty {
        column a int nullable default=(sql)"nextval('empty_a_seq'::regclass)"
    }

    table free {
        column a int default=(sql)"nextval('free_a_seq'::regclass)"
    }

    table lone {
        column a int default=0
    }

    table named {
        column a int default=(sql)"nextval('its_own'::regclass)"
    }

    table other_type {
        column a int default=(sql)"nextval('other_type_a_seq'::regclass)"
    }

    table said {
        column a int default=(sql)"nextval('said_a_seq'::regclass)"
    }

    table started {
        column a int default=(sql)"nextval('started_a_seq'::regclass)"
    }

    object empty_a_seq {
        create (sql)"CREATE SEQUENCE empty_a_seq AS integer"
        drop (sql)"DROP SEQUENCE empty_a_seq"
    }

    object empty_a_seq_owner {
        depends-on empty empty_a_seq
        create (sql)"ALTER SEQUENCE empty_a_seq OWNED BY empty.a"
        drop (sql)"ALTER SEQUENCE empty_a_seq OWNED BY NONE"
    }

    object free_a_seq {
        create (sql)"CREATE SEQUENCE free_a_seq AS integer"
        drop (sql)"DROP SEQUENCE free_a_seq"
    }

    object its_own {
        create (sql)"CREATE SEQUENCE its_own AS integer"
        drop (sql)"DROP SEQUENCE its_own"
    }

    object its_own_owner {
        depends-on its_own named
        create (sql)"ALTER SEQUENCE its_own OWNED BY named.a"
        drop (sql)"ALTER SEQUENCE its_own OWNED BY NONE"
    }

    object lone_a_seq {
        create (sql)"CREATE SEQUENCE lone_a_seq AS integer"
        drop (sql)"DROP SEQUENCE lone_a_seq"
    }

    object lone_a_seq_owner {
        depends-on lone lone_a_seq
        create (sql)"ALTER SEQUENCE lone_a_seq OWNED BY lone.a"
        drop (sql)"ALTER SEQUENCE lone_a_seq OWNED BY NONE"
    }

    object other_type_a_seq {
        create (sql)"CREATE SEQUENCE other_type_a_seq"
        drop (sql)"DROP SEQUENCE other_type_a_seq"
    }

    object other_type_a_seq_owner {
        depends-on other_type other_type_a_seq
        create (sql)"ALTER SEQUENCE other_type_a_seq OWNED BY other_type.a"
        drop (sql)"ALTER SEQUENCE other_type_a_seq OWNED BY NONE"
    }

    object said_a_seq {
        create (sql)"""
            CREATE SEQUENCE said_a_seq AS integer;
            COMMENT ON SEQUENCE said_a_seq IS 'said'
            """
        drop (sql)"DROP SEQUENCE said_a_seq"
    }

    object said_a_seq_owner {
        depends-on said said_a_seq
        create (sql)"ALTER SEQUENCE said_a_seq OWNED BY said.a"
        drop (sql)"ALTER SEQUENCE said_a_seq OWNED BY NONE"
    }

    object started_a_seq {
        create (sql)"CREATE SEQUENCE started_a_seq AS integer START WITH 5"
        drop (sql)"DROP SEQUENCE started_a_seq"
    }

    object started_a_seq_owner {
        depends-on started started_a_seq
        create (sql)"ALTER SEQUENCE started_a_seq OWNED BY started.a"
        drop (sql)"ALTER SEQUENCE started_a_seq OWNED BY NONE"
    }
    "#);
}

#[test]
fn a_sequence_that_others_use_is_an_object() {
    insta::assert_snapshot!(read(
        "CREATE TABLE shared (a serial);
        CREATE TABLE another (b int NOT NULL DEFAULT nextval('shared_a_seq'));
        CREATE TABLE seen (a serial);
        CREATE VIEW position AS SELECT count(*) AS number FROM seen_a_seq;"
    ), @r#"
    table another {
        column b int default=(sql)"nextval('shared_a_seq'::regclass)"
    }

    table seen {
        column a int default=(sql)"nextval('seen_a_seq'::regclass)"
    }

    table shared {
        column a int default=(sql)"nextval('shared_a_seq'::regclass)"
    }

    view position {
        depends-on seen_a_seq
        as (sql)"""
            SELECT count(*) AS number
               FROM seen_a_seq
            """
    }

    object seen_a_seq {
        create (sql)"CREATE SEQUENCE seen_a_seq AS integer"
        drop (sql)"DROP SEQUENCE seen_a_seq"
    }

    object seen_a_seq_owner {
        depends-on seen seen_a_seq
        create (sql)"ALTER SEQUENCE seen_a_seq OWNED BY seen.a"
        drop (sql)"ALTER SEQUENCE seen_a_seq OWNED BY NONE"
    }

    object shared_a_seq {
        create (sql)"CREATE SEQUENCE shared_a_seq AS integer"
        drop (sql)"DROP SEQUENCE shared_a_seq"
    }

    object shared_a_seq_owner {
        depends-on shared shared_a_seq
        create (sql)"ALTER SEQUENCE shared_a_seq OWNED BY shared.a"
        drop (sql)"ALTER SEQUENCE shared_a_seq OWNED BY NONE"
    }
    "#);
}
