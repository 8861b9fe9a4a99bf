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

#[test]
fn a_sequence_keeps_the_name_that_a_rename_or_another_left_it() {
    insta::assert_snapshot!(read(
        "CREATE TABLE former (id serial PRIMARY KEY, was serial);
        ALTER TABLE former RENAME TO latter;
        ALTER TABLE latter RENAME COLUMN was TO became;
        CREATE TABLE former (id serial PRIMARY KEY REFERENCES latter, was serial);
        CREATE TABLE a_b (c serial);
        CREATE TABLE a (b_c serial, d int DEFAULT nextval('a_b_c_seq1'));
        CREATE SEQUENCE later_n_seq;
        CREATE TABLE later (n bigserial, m bigint DEFAULT nextval('later_n_seq'));
        CREATE SCHEMA s;
        CREATE TABLE s.moved (id smallserial);
        ALTER TABLE s.moved SET SCHEMA public;
        ALTER SEQUENCE moved_id_seq RENAME TO \"Moved id\";"
    ), @r##"
    table a {
        column b_c int default=(sql)"nextval('a_b_c_seq1'::regclass)"
        column d int nullable default=(sql)"nextval('a_b_c_seq1'::regclass)"
    }

    table a_b {
        column c int identity=serial
    }

    table former {
        column id int default=(sql)"nextval('former_id_seq1'::regclass)" references=latter.id
        column was int default=(sql)"nextval('former_was_seq1'::regclass)"
        primary-key id name=former_pkey1
    }

    table later {
        column m bigint nullable default=(sql)"nextval('later_n_seq'::regclass)"
        column n bigint default=(sql)"nextval('later_n_seq1'::regclass)"
    }

    table latter {
        column became int default=(sql)"nextval('former_was_seq'::regclass)"
        column id int default=(sql)"nextval('former_id_seq'::regclass)"
        primary-key id name=former_pkey
    }

    table moved {
        column id smallint default=(sql)#"nextval('"Moved id"'::regclass)"#
    }

    object "Moved id" {
        create (sql)#"CREATE SEQUENCE "Moved id" AS smallint"#
        drop (sql)#"DROP SEQUENCE "Moved id""#
    }

    object "Moved id_owner" {
        depends-on "Moved id" moved
        create (sql)#"ALTER SEQUENCE "Moved id" OWNED BY moved.id"#
        drop (sql)#"ALTER SEQUENCE "Moved id" OWNED BY NONE"#
    }

    object a_b_c_seq1 {
        create (sql)"CREATE SEQUENCE a_b_c_seq1 AS integer"
        drop (sql)"DROP SEQUENCE a_b_c_seq1"
    }

    object a_b_c_seq1_owner {
        depends-on a a_b_c_seq1
        create (sql)"ALTER SEQUENCE a_b_c_seq1 OWNED BY a.b_c"
        drop (sql)"ALTER SEQUENCE a_b_c_seq1 OWNED BY NONE"
    }

    object former_id_seq {
        create (sql)"CREATE SEQUENCE former_id_seq AS integer"
        drop (sql)"DROP SEQUENCE former_id_seq"
    }

    object former_id_seq1 {
        create (sql)"CREATE SEQUENCE former_id_seq1 AS integer"
        drop (sql)"DROP SEQUENCE former_id_seq1"
    }

    object former_id_seq1_owner {
        depends-on former former_id_seq1
        create (sql)"ALTER SEQUENCE former_id_seq1 OWNED BY former.id"
        drop (sql)"ALTER SEQUENCE former_id_seq1 OWNED BY NONE"
    }

    object former_id_seq_owner {
        depends-on former_id_seq latter
        create (sql)"ALTER SEQUENCE former_id_seq OWNED BY latter.id"
        drop (sql)"ALTER SEQUENCE former_id_seq OWNED BY NONE"
    }

    object former_was_seq {
        create (sql)"CREATE SEQUENCE former_was_seq AS integer"
        drop (sql)"DROP SEQUENCE former_was_seq"
    }

    object former_was_seq1 {
        create (sql)"CREATE SEQUENCE former_was_seq1 AS integer"
        drop (sql)"DROP SEQUENCE former_was_seq1"
    }

    object former_was_seq1_owner {
        depends-on former former_was_seq1
        create (sql)"ALTER SEQUENCE former_was_seq1 OWNED BY former.was"
        drop (sql)"ALTER SEQUENCE former_was_seq1 OWNED BY NONE"
    }

    object former_was_seq_owner {
        depends-on former_was_seq latter
        create (sql)"ALTER SEQUENCE former_was_seq OWNED BY latter.became"
        drop (sql)"ALTER SEQUENCE former_was_seq OWNED BY NONE"
    }

    object later_n_seq {
        create (sql)"CREATE SEQUENCE later_n_seq"
        drop (sql)"DROP SEQUENCE later_n_seq"
    }

    object later_n_seq1 {
        create (sql)"CREATE SEQUENCE later_n_seq1"
        drop (sql)"DROP SEQUENCE later_n_seq1"
    }

    object later_n_seq1_owner {
        depends-on later later_n_seq1
        create (sql)"ALTER SEQUENCE later_n_seq1 OWNED BY later.n"
        drop (sql)"ALTER SEQUENCE later_n_seq1 OWNED BY NONE"
    }

    schema s
    "##);
}
