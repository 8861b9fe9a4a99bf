//! What people do to tables by hand: everything that a schema has words for, and what is kept beside it.

use schemactl::dialect::{Inspection, find};
use schemactl::runner::catalog::inspect;
use schemactl::syntax::print;
use url::Url;

use super::holds;
use crate::connection::{Fresh, block_on};
use crate::stage::Stage;
use crate::strategies::build::dialect as name;
use crate::support::{postgres, skipped, sql};

/// What is read of a script's schema, which can be made anew.
#[track_caller]
pub(super) fn read(script: &str) -> String {
    let mut stage = Stage::postgres();
    sql::execute(stage.url(), script);
    let found = holds(&mut stage).unwrap_or_else(|problem| panic!("{problem}"));
    shown(&found)
}

/// The schema as text, with what is unmanaged behind it.
fn shown(found: &Inspection) -> String {
    let unmanaged = found.unmanaged.iter().map(|item| {
        let definition =
            if item.definition.is_empty() { String::new() } else { format!(": {}", item.definition) };
        format!("// {} `{}` {}{definition}\n", item.kind, item.name, item.reason)
    });
    print(&found.state) + &unmanaged.collect::<String>()
}

#[test]
fn constraints_say_more_than_the_language_does() {
    let found = read(
        "CREATE TABLE p (a int, b int, c int, v varchar(10),
            CONSTRAINT p_pkey PRIMARY KEY (a) INCLUDE (b),
            CONSTRAINT p_b_key UNIQUE (b) DEFERRABLE INITIALLY DEFERRED,
            CONSTRAINT p_c_key UNIQUE (c) WITH (fillfactor = 70),
            CONSTRAINT p_bc_key UNIQUE (b, c),
            CONSTRAINT late CHECK (a > 0) NO INHERIT,
            CONSTRAINT list CHECK (v IN ('a', 'b')),
            EXCLUDE USING gist (box(point(a, b), point(c, c)) WITH &&));
        COMMENT ON CONSTRAINT p_c_key ON p IS 'one''s own';
        CREATE TABLE q (a int REFERENCES p, b int, c int REFERENCES p (c) DEFERRABLE, d int,
            CONSTRAINT full_key FOREIGN KEY (b, d) REFERENCES p (b, c) MATCH FULL,
            CONSTRAINT \"some\" FOREIGN KEY (b, d) REFERENCES p (b, c) ON DELETE SET NULL (d));
        ALTER TABLE q ADD CONSTRAINT unchecked CHECK (d > 0) NOT VALID;
        ALTER TABLE q ADD CONSTRAINT unchecked_key FOREIGN KEY (d) REFERENCES p (c) NOT VALID;
        COMMENT ON CONSTRAINT unchecked ON q IS 'later';",
    );
    insta::assert_snapshot!(found, @r###"
    table p {
        column a int
        column b int nullable
        column c int nullable unique
        column v "varchar(10)" nullable
        unique b deferrable=deferred
        unique b c name=p_bc_key
        check (sql)"v IN ('a', 'b')" name=list
    }

    table q {
        column a int nullable
        column b int nullable
        column c int nullable references=p.c deferrable
        column d int nullable
    }

    object p_box_excl {
        depends-on p
        create (sql)#"ALTER TABLE "p" ADD CONSTRAINT "p_box_excl" EXCLUDE USING gist (box(point((a)::double precision, (b)::double precision), point((c)::double precision, (c)::double precision)) WITH &&)"#
        drop (sql)#"ALTER TABLE "p" DROP CONSTRAINT "p_box_excl""#
    }

    object p_c_key_comment {
        depends-on p
        create (sql)#"COMMENT ON CONSTRAINT "p_c_key" ON "p" IS 'one''s own'"#
        drop (sql)#"COMMENT ON CONSTRAINT "p_c_key" ON "p" IS NULL"#
    }

    object p_c_key_options {
        depends-on p
        create (sql)#"ALTER INDEX "p_c_key" SET (fillfactor = '70')"#
        drop (sql)#"ALTER INDEX "p_c_key" RESET (fillfactor)"#
    }

    object p_late {
        depends-on p
        create (sql)#"ALTER TABLE "p" ADD CONSTRAINT "late" CHECK ((a > 0)) NO INHERIT"#
        drop (sql)#"ALTER TABLE "p" DROP CONSTRAINT "late""#
    }

    object p_pkey {
        depends-on p
        create (sql)#"ALTER TABLE "p" ADD CONSTRAINT "p_pkey" PRIMARY KEY (a) INCLUDE (b)"#
        drop (sql)#"ALTER TABLE "p" DROP CONSTRAINT "p_pkey""#
    }

    object q_a_fkey {
        depends-on p p_pkey q
        create (sql)#"ALTER TABLE "q" ADD CONSTRAINT "q_a_fkey" FOREIGN KEY ("a") REFERENCES "p" ("a")"#
        drop (sql)#"ALTER TABLE "q" DROP CONSTRAINT "q_a_fkey""#
    }

    object q_full_key {
        depends-on p q
        create (sql)#"ALTER TABLE "q" ADD CONSTRAINT "full_key" FOREIGN KEY (b, d) REFERENCES p(b, c) MATCH FULL"#
        drop (sql)#"ALTER TABLE "q" DROP CONSTRAINT "full_key""#
    }

    object q_some {
        depends-on p q
        create (sql)#"ALTER TABLE "q" ADD CONSTRAINT "some" FOREIGN KEY (b, d) REFERENCES p(b, c) ON DELETE SET NULL (d)"#
        drop (sql)#"ALTER TABLE "q" DROP CONSTRAINT "some""#
    }

    object q_unchecked {
        depends-on q
        create (sql)"""
            ALTER TABLE "q" ADD CONSTRAINT "unchecked" CHECK ((d > 0)) NOT VALID;
            COMMENT ON CONSTRAINT "unchecked" ON "q" IS 'later'
            """
        drop (sql)#"ALTER TABLE "q" DROP CONSTRAINT "unchecked""#
    }

    object q_unchecked_key {
        depends-on p q
        create (sql)#"ALTER TABLE "q" ADD CONSTRAINT "unchecked_key" FOREIGN KEY (d) REFERENCES p(c) NOT VALID"#
        drop (sql)#"ALTER TABLE "q" DROP CONSTRAINT "unchecked_key""#
    }
    "###);
}

#[test]
fn tables_columns_and_indexes_say_more_than_the_language_does() {
    // The views read two tables, because since 18 PostgreSQL prints columns without their table where only one is read.
    let found = read(
        "CREATE SCHEMA extra;
        CREATE COLLATION extra.\"Sorted\" (provider = icu, locale = 'de');
        CREATE UNLOGGED TABLE t (
            id int GENERATED ALWAYS AS IDENTITY (START WITH 0 MINVALUE 0 CACHE 20 CYCLE),
            down bigint GENERATED BY DEFAULT AS IDENTITY (INCREMENT BY -2 START WITH -10),
            big text COLLATE extra.\"Sorted\", small text COLLATE \"C\", grid int[][], one \"char\", v varchar)
            WITH (fillfactor = 80, autovacuum_enabled = off, toast.autovacuum_enabled = false);
        ALTER TABLE t ALTER big SET STORAGE EXTERNAL, ALTER big SET STATISTICS 500, ALTER small SET COMPRESSION pglz,
            ALTER small SET (n_distinct = -0.5), REPLICA IDENTITY FULL, ENABLE ROW LEVEL SECURITY,
            FORCE ROW LEVEL SECURITY;
        CREATE INDEX i ON t USING gin (to_tsvector('simple', big)) WITH (fastupdate = off);
        CREATE UNIQUE INDEX u ON t (small text_pattern_ops DESC, big COLLATE \"C\" NULLS FIRST, (lower(v)) COLLATE \"C\")
            INCLUDE (down) NULLS NOT DISTINCT WHERE id > 0;
        CREATE INDEX e ON t ((id + down));
        ALTER INDEX e ALTER COLUMN 1 SET STATISTICS 200;
        COMMENT ON INDEX e IS 'sum';
        ALTER TABLE t CLUSTER ON e;
        CREATE VIEW v WITH (security_barrier = true) AS SELECT a.id, a.down FROM t a JOIN t b ON b.id = a.down;
        COMMENT ON COLUMN v.id IS 'of t';
        CREATE VIEW w AS SELECT a.id FROM v a JOIN v b ON b.id = a.down;
        ALTER VIEW w ALTER COLUMN id SET DEFAULT 5;",
    );
    insta::assert_snapshot!(found, @r###"
    table t {
        (postgres)options autovacuum_enabled=off fillfactor=80 force-row-level-security=#true row-level-security=#true toast.autovacuum_enabled=#false unlogged=#true
        column big text nullable collate="\"extra\".\"Sorted\""
        column down bigint identity identity-start=-10 identity-increment=-2
        column grid "int[][]" nullable
        column id int identity=always
        column one (native)"\"char\"" nullable
        column small text nullable collate=C
        column v (native)"varchar" nullable
        index name=e comment="sum" {
            on (sql)"id + down"
        }
        index method=gin name=i {
            on (sql)"to_tsvector('simple'::regconfig, big)"
        }
        index unique nulls-not-distinct name=u {
            on small order=desc operator-class=text_pattern_ops
            on big nulls=first collate=C
            on (sql)"lower((v)::text)" collate=C
            include down
            where (sql)"id > 0"
        }
    }

    view w {
        depends-on v
        as (sql)"""
            SELECT a.id
               FROM v a
                 JOIN v b ON b.id = a.down
            """
    }

    object t_big_statistics {
        depends-on t
        create (sql)#"ALTER TABLE "t" ALTER COLUMN "big" SET STATISTICS 500"#
        drop (sql)#"ALTER TABLE "t" ALTER COLUMN "big" SET STATISTICS -1"#
    }

    object t_big_storage {
        depends-on t
        create (sql)#"ALTER TABLE "t" ALTER COLUMN "big" SET STORAGE EXTERNAL"#
        drop (sql)#"ALTER TABLE "t" ALTER COLUMN "big" SET STORAGE EXTENDED"#
    }

    object t_cluster {
        depends-on t
        create (sql)#"ALTER TABLE "t" CLUSTER ON e"#
        drop (sql)#"ALTER TABLE "t" SET WITHOUT CLUSTER"#
    }

    object t_e_1_statistics {
        depends-on t
        create (sql)#"ALTER INDEX "e" ALTER COLUMN 1 SET STATISTICS 200"#
        drop (sql)#"ALTER INDEX "e" ALTER COLUMN 1 SET STATISTICS -1"#
    }

    object t_i_options {
        depends-on t
        create (sql)#"ALTER INDEX "i" SET (fastupdate = 'off')"#
        drop (sql)#"ALTER INDEX "i" RESET (fastupdate)"#
    }

    object t_id_sequence {
        depends-on t
        create (sql)#"ALTER TABLE "t" ALTER COLUMN "id" SET MINVALUE 0 SET CACHE 20 SET CYCLE SET START WITH 0"#
        drop (sql)#"ALTER TABLE "t" ALTER COLUMN "id" SET NO MINVALUE SET CACHE 1 SET NO CYCLE SET START WITH 1"#
    }

    object t_replica_identity {
        depends-on t
        create (sql)#"ALTER TABLE "t" REPLICA IDENTITY FULL"#
        drop (sql)#"ALTER TABLE "t" REPLICA IDENTITY DEFAULT"#
    }

    object t_small_compression {
        depends-on t
        create (sql)#"ALTER TABLE "t" ALTER COLUMN "small" SET COMPRESSION pglz"#
        drop (sql)#"ALTER TABLE "t" ALTER COLUMN "small" SET COMPRESSION default"#
    }

    object t_small_options {
        depends-on t
        create (sql)#"ALTER TABLE "t" ALTER COLUMN "small" SET (n_distinct = '-0.5')"#
        drop (sql)#"ALTER TABLE "t" ALTER COLUMN "small" RESET (n_distinct)"#
    }

    object v {
        depends-on t
        create (sql)"""
            CREATE VIEW "v" WITH (security_barrier = 'true') AS
            SELECT a.id,
                a.down
               FROM t a
                 JOIN t b ON b.id = a.down
            """
        drop (sql)#"DROP VIEW "v""#
    }

    object v_id_comment {
        depends-on v
        create (sql)#"COMMENT ON COLUMN "v"."id" IS 'of t'"#
        drop (sql)#"COMMENT ON COLUMN "v"."id" IS NULL"#
    }

    object w_id_default {
        depends-on w
        create (sql)#"ALTER VIEW "w" ALTER COLUMN "id" SET DEFAULT 5"#
        drop (sql)#"ALTER VIEW "w" ALTER COLUMN "id" DROP DEFAULT"#
    }

    schema extra {
        object Sorted {
            create (sql)#"CREATE COLLATION extra."Sorted" (PROVIDER = icu, LOCALE = 'de')"#
            drop (sql)#"DROP COLLATION extra."Sorted""#
        }
    }
    "###);
}

#[test]
fn names_and_namespaces_are_what_they_are() {
    let found = read(
        "CREATE SCHEMA \"Other.one\";
        COMMENT ON SCHEMA \"Other.one\" IS 'elsewhere';
        CREATE TYPE \"Other.one\".\"order\" AS ENUM ('a''b', 'c\\d', '');
        CREATE TYPE \"select\" AS ENUM ('x');
        CREATE TABLE \"table\" (\"a.b\" int PRIMARY KEY, \"it's \"\"q\"\"\" \"select\" DEFAULT 'x', \"Ü\" \"Other.one\".\"order\"[]);
        CREATE TABLE \"Other.one\".\"table\" (\"a.b\" int PRIMARY KEY REFERENCES \"table\", o \"Other.one\".\"order\" DEFAULT 'a''b',
            CHECK (o IN ('c\\d', '')));
        CREATE INDEX \"table_o_idx\" ON \"Other.one\".\"table\" (o);
        CREATE VIEW \"Other.one\".\"View\" AS SELECT a.\"a.b\" FROM \"table\" a JOIN \"Other.one\".\"table\" b USING (\"a.b\");",
    );
    insta::assert_snapshot!(found, @r###"
    enum select x

    table table {
        column a.b int primary-key
        column #"it's "q""# (enum)"select" nullable default=x
        column Ü (enum)"\"Other.one\".order[]" nullable
    }

    schema Other.one comment="elsewhere" {
        enum order a'b #"c\d"# ""

        table table {
            column a.b int primary-key references=#"table."a.b""#
            column o (enum)"\"Other.one\".order" nullable default=a'b
            check (sql)#"o IN ('c\d', '')"#
            index o
        }

        view View {
            as (sql)"""
                SELECT a."a.b"
                   FROM "table" a
                     JOIN "Other.one"."table" b USING ("a.b")
                """
        }
    }
    "###);
}

#[test]
fn a_user_who_may_not_see_all_is_told_what() {
    let database = postgres::database("hidden");
    let role = database.url.rsplit_once('/').map(|(_, name)| format!("{name}_reader")).unwrap();
    sql::execute(&database.url, &format!("CREATE ROLE {role} LOGIN PASSWORD 'reads'"));
    sql::execute(&database.url, "REVOKE SELECT ON pg_catalog.pg_constraint FROM PUBLIC");
    let mut url: Url = database.url.parse().unwrap();
    url.set_username(&role).unwrap();
    url.set_password(Some("reads")).unwrap();
    let problem = block_on(async {
        let mut connection = Fresh::at(url.to_string()).connect().await;
        let dialect = find(&name("postgres")).unwrap();
        inspect(&mut connection, dialect).await.unwrap_err()
    });
    sql::execute(&database.url, &format!("DROP ROLE {role}"));
    assert_eq!(problem.code.id, "E750");
    assert!(problem.message.contains("permission denied for table pg_constraint"), "{problem}");
}

/// What PostgreSQL 18 brought.
#[test]
fn not_null_has_names_and_keys_have_times_since_18() {
    let mut stage = Stage::postgres();
    let version: u32 = stage.rows("SHOW server_version_num").remove(0).parse().unwrap();
    if version < 180_000 {
        return skipped("what PostgreSQL 18 brought", "the server is older");
    }
    drop(stage);
    let found = read(
        "CREATE TABLE t (a int NOT NULL, b int CONSTRAINT given NOT NULL, c int NOT NULL NO INHERIT,
            id int4range, at tsrange, CONSTRAINT t_pkey PRIMARY KEY (id, at WITHOUT OVERLAPS),
            v int GENERATED ALWAYS AS (a + 1) VIRTUAL, CONSTRAINT unforced CHECK (a > 0) NOT ENFORCED);
        CREATE TABLE u (id int4range, at tsrange, FOREIGN KEY (id, PERIOD at) REFERENCES t (id, PERIOD at));
        CREATE TABLE w (x int); ALTER TABLE w ADD CONSTRAINT later NOT NULL x NOT VALID;
        CREATE TABLE old (y int NOT NULL); ALTER TABLE old RENAME TO new;",
    );
    insta::assert_snapshot!(found, @r###"
    table new {
        column y int
    }

    table t {
        column a int
        column at (native)"tsrange"
        column b int
        column c int
        column id (native)"int4range"
        column v int nullable virtual generated=(sql)"a + 1"
    }

    table u {
        column at (native)"tsrange" nullable
        column id (native)"int4range" nullable
    }

    table w {
        column x int nullable
    }

    object t_c_not_null {
        depends-on t
        create (sql)#"ALTER TABLE "t" ALTER CONSTRAINT "t_c_not_null" NO INHERIT"#
        drop (sql)#"ALTER TABLE "t" ALTER CONSTRAINT "t_c_not_null" INHERIT"#
    }

    object t_given {
        depends-on t
        create (sql)#"ALTER TABLE "t" RENAME CONSTRAINT "t_b_not_null" TO "given""#
        drop (sql)#"ALTER TABLE "t" RENAME CONSTRAINT "given" TO "t_b_not_null""#
    }

    object t_pkey {
        depends-on t
        create (sql)#"ALTER TABLE "t" ADD CONSTRAINT "t_pkey" PRIMARY KEY (id, at WITHOUT OVERLAPS)"#
        drop (sql)#"ALTER TABLE "t" DROP CONSTRAINT "t_pkey""#
    }

    object t_unforced {
        depends-on t
        create (sql)#"ALTER TABLE "t" ADD CONSTRAINT "unforced" CHECK ((a > 0)) NOT ENFORCED"#
        drop (sql)#"ALTER TABLE "t" DROP CONSTRAINT "unforced""#
    }

    object u_id_at_fkey {
        depends-on t t_pkey u
        create (sql)#"ALTER TABLE "u" ADD CONSTRAINT "u_id_at_fkey" FOREIGN KEY (id, PERIOD at) REFERENCES t(id, PERIOD at)"#
        drop (sql)#"ALTER TABLE "u" DROP CONSTRAINT "u_id_at_fkey""#
    }

    object w_later {
        depends-on w
        create (sql)#"ALTER TABLE "w" ADD CONSTRAINT "later" NOT NULL x NOT VALID"#
        drop (sql)#"ALTER TABLE "w" DROP CONSTRAINT "later""#
    }
    "###);
}
