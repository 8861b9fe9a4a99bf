//! What belongs to tables, and tables that the schema language has no words for.

use super::{names, round_trip};

#[test]
fn triggers_policies_rules_and_statistics() {
    let found = round_trip(
        r#"
        CREATE SCHEMA "o'x";
        CREATE TABLE t (id int PRIMARY KEY, "v w" text, g int);
        ALTER TABLE t ENABLE ROW LEVEL SECURITY;
        CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
        CREATE TRIGGER "t b" BEFORE INSERT OR UPDATE OF "v w" ON t FOR EACH ROW
            WHEN (new.id > 0 AND (new.g IS NULL OR new.g = 3)) EXECUTE FUNCTION tell();
        COMMENT ON TRIGGER "t b" ON t IS 'before';
        CREATE CONSTRAINT TRIGGER checks AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION tell();
        ALTER TABLE t DISABLE TRIGGER checks;
        CREATE TRIGGER replica AFTER UPDATE ON t REFERENCING OLD TABLE AS o NEW TABLE AS n
            FOR EACH STATEMENT EXECUTE FUNCTION tell('a', 'b''c');
        ALTER TABLE t ENABLE REPLICA TRIGGER replica;
        CREATE TRIGGER always AFTER DELETE ON t EXECUTE FUNCTION tell();
        ALTER TABLE t ENABLE ALWAYS TRIGGER always;
        CREATE FUNCTION heard() RETURNS event_trigger LANGUAGE plpgsql AS 'begin end';
        CREATE FUNCTION heard(int) RETURNS int LANGUAGE sql AS 'select 1';
        CREATE EVENT TRIGGER hears ON ddl_command_end WHEN TAG IN ('CREATE CAST', 'DROP CAST')
            EXECUTE FUNCTION heard();
        ALTER EVENT TRIGGER hears DISABLE;
        COMMENT ON EVENT TRIGGER hears IS 'off';
        CREATE POLICY "p 1" ON t FOR UPDATE TO postgres, pg_monitor USING (g > 1 OR (id = 3 AND g < 4))
            WITH CHECK (EXISTS (SELECT FROM t x WHERE x.id = t.g));
        CREATE POLICY narrow ON t AS RESTRICTIVE;
        COMMENT ON POLICY narrow ON t IS 'for all';
        CREATE VIEW v AS SELECT id, g FROM t;
        CREATE RULE also AS ON INSERT TO t WHERE new.g > 3 DO ALSO UPDATE t SET g = 3 WHERE id = new.id;
        ALTER TABLE t DISABLE RULE also;
        COMMENT ON RULE also ON t IS 'rule';
        CREATE RULE nothing AS ON DELETE TO t DO INSTEAD NOTHING;
        CREATE RULE instead AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (new.id, 'x', new.g) RETURNING id, g;
        CREATE TRIGGER instead INSTEAD OF UPDATE ON v FOR EACH ROW EXECUTE FUNCTION tell();
        CREATE STATISTICS shares (ndistinct, mcv) ON id, g FROM t;
        ALTER STATISTICS shares SET STATISTICS 5;
        COMMENT ON STATISTICS shares IS 'many';
        CREATE STATISTICS "o'x".sums ON (id + g), lower("v w") FROM t;
        CREATE MATERIALIZED VIEW mat WITH (fillfactor = 70) AS SELECT id, g AS "g g" FROM v WHERE g > 1;
        CREATE UNIQUE INDEX "mat i" ON mat ("g g");
        COMMENT ON INDEX "mat i" IS 'of mat';
        COMMENT ON COLUMN mat."g g" IS 'a column';
        COMMENT ON MATERIALIZED VIEW mat IS 'kept';
        ALTER MATERIALIZED VIEW mat CLUSTER ON "mat i";
        ALTER MATERIALIZED VIEW mat ALTER COLUMN id SET STATISTICS 7;
        CREATE MATERIALIZED VIEW "o'x".mat AS SELECT * FROM mat WITH NO DATA;
        CREATE VIEW over AS SELECT * FROM mat;
        "#,
    );
    let expected = [
        "heard()",
        "heard(integer)",
        "hears",
        "mat",
        "shares",
        "t b",
        "t_also",
        "t_always",
        "t_checks",
        "t_narrow",
        "t_nothing",
        "t_p 1",
        "t_replica",
        "tell",
        "v_instead_rule",
        "v_instead_trigger",
        "o'x.mat",
        "o'x.sums",
    ];
    assert_eq!(names(&found), expected);
    assert!(found.unmanaged.is_empty(), "{:?}", found.unmanaged);
}

#[test]
fn sequences_of_columns_and_what_tables_rest_on() {
    let found = round_trip(
        r#"
        CREATE SCHEMA "o'x";
        CREATE TABLE "o'x"."T a" (id serial, "b c" bigserial PRIMARY KEY);
        CREATE SEQUENCE shared;
        CREATE SEQUENCE owned;
        CREATE FUNCTION twice(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'select $1 * 2';
        CREATE FUNCTION twice(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'select $1 || $1';
        CREATE DOMAIN plus AS int CHECK (twice(value) > 0);
        CREATE TYPE pair AS (a int, b plus);
        CREATE FUNCTION alike(pair, pair) RETURNS bool IMMUTABLE LANGUAGE sql AS 'select true';
        CREATE OPERATOR === (function = alike, leftarg = pair, rightarg = pair);
        CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        CREATE FUNCTION compare(text, text) RETURNS int IMMUTABLE LANGUAGE sql AS 'select 1';
        CREATE OPERATOR CLASS odd_ops FOR TYPE text USING btree AS
            OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 compare(text, text);
        CREATE TABLE uses (
            a int DEFAULT nextval('shared'), b bigint DEFAULT nextval('"o''x"."T a_b c_seq"'::regclass) + 1,
            c plus[], d pair, e text COLLATE nocase, f int DEFAULT twice(2), g int GENERATED ALWAYS AS (twice(f)) STORED,
            CHECK (d === (1, 2)::pair), CHECK (twice(e) <> 'x'));
        ALTER SEQUENCE owned OWNED BY uses.a;
        CREATE INDEX ON uses (twice(a));
        CREATE INDEX ON uses (e odd_ops);
        CREATE FUNCTION latest() RETURNS uses LANGUAGE plpgsql
            AS 'declare found uses%rowtype; begin return found; end';
        CREATE FUNCTION counted() RETURNS bigint LANGUAGE sql AS 'select count(*) from uses';
        CREATE VIEW v AS SELECT latest() AS l, counted() AS c, 1 OPERATOR(pg_catalog.+) 2 AS d;
        "#,
    );
    let needs = |name: &str| {
        let object =
            found.state.objects.sorted().into_iter().find(|object| object.name.name.as_str() == name);
        object.unwrap().depends_on.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(needs("owned_owner"), ["owned", "uses"]);
    assert_eq!(needs("latest"), ["uses"]);
    assert_eq!(needs("counted"), ["uses"]);
    assert!(found.unmanaged.is_empty(), "{:?}", found.unmanaged);
}

#[test]
fn partitions() {
    let found = round_trip(
        r#"
        CREATE SCHEMA "o'x";
        CREATE TABLE customer (id int PRIMARY KEY);
        CREATE TABLE "P t" (
            id int GENERATED BY DEFAULT AS IDENTITY (START WITH 5), day date, c int NOT NULL DEFAULT 3 CHECK (c > 0),
            note text COLLATE "C", customer int REFERENCES customer,
            CONSTRAINT "pk 1" PRIMARY KEY (id, day), CONSTRAINT uq UNIQUE (day, c)) PARTITION BY RANGE (day);
        CREATE INDEX "ix only" ON "P t" (note);
        COMMENT ON TABLE "P t" IS 'in parts';
        COMMENT ON COLUMN "P t".note IS 'a note';
        COMMENT ON CONSTRAINT uq ON "P t" IS 'unique';
        COMMENT ON INDEX "ix only" IS 'an index';
        CREATE TABLE "P 1" PARTITION OF "P t" (CONSTRAINT own CHECK (c < 100), note DEFAULT 'x' NOT NULL)
            FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        CREATE INDEX "own i" ON "P 1" (c);
        ALTER TABLE "P 1" ALTER COLUMN note SET STORAGE EXTERNAL, ALTER COLUMN c SET STATISTICS 9,
            ALTER COLUMN c SET (n_distinct = 5);
        CREATE TABLE "P 2" (
            note text COLLATE "C", day date NOT NULL, c int NOT NULL DEFAULT 4 CONSTRAINT "P t_c_check" CHECK (c > 0),
            id int NOT NULL, customer int);
        CREATE INDEX weird ON "P 2" (note);
        ALTER TABLE "P t" ATTACH PARTITION "P 2" FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
        CREATE TABLE "P d" PARTITION OF "P t" DEFAULT WITH (fillfactor = 80);
        ALTER TABLE "P d" ENABLE ROW LEVEL SECURITY;
        CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
        CREATE TRIGGER tells AFTER INSERT ON "P t" FOR EACH ROW EXECUTE FUNCTION tell();
        ALTER TABLE "P 1" DISABLE TRIGGER tells;
        CREATE TRIGGER of_one AFTER INSERT ON "P 1" FOR EACH ROW EXECUTE FUNCTION tell();
        CREATE TABLE refers (a int, b date, CONSTRAINT far FOREIGN KEY (a, b) REFERENCES "P t" ON DELETE CASCADE);
        COMMENT ON CONSTRAINT far ON refers IS 'to many';
        CREATE TABLE hashed (a int, b text, PRIMARY KEY (a, b)) PARTITION BY HASH (a);
        CREATE TABLE "o'x".hashed0 PARTITION OF hashed FOR VALUES WITH (modulus 2, remainder 0) PARTITION BY LIST (b);
        CREATE TABLE "o'x".hashed0a PARTITION OF "o'x".hashed0 FOR VALUES IN ('a', 'b');
        CREATE INDEX ON hashed (lower(b), a);
        CREATE TABLE back (id int PRIMARY KEY, a int, b text, FOREIGN KEY (a, b) REFERENCES hashed)
            PARTITION BY RANGE (id);
        ALTER TABLE hashed ADD FOREIGN KEY (a) REFERENCES back;
        CREATE VIEW v AS SELECT * FROM "P t" JOIN hashed ON hashed.a = "P t".id;
        CREATE TEMP TABLE gone (a int) PARTITION BY LIST (a);
        "#,
    );
    let expected = [
        "P 1",
        "P 1_of_one",
        "P 1_tells_state",
        "P 2",
        "P d",
        "P t",
        "P t_tells",
        "back",
        "back_a_b_fkey",
        "hashed",
        "hashed_a_fkey",
        "refers_far",
        "tell",
        "o'x.hashed0",
        "o'x.hashed0a",
    ];
    assert_eq!(names(&found), expected);
    assert!(found.unmanaged.is_empty(), "{:?}", found.unmanaged);
    let tables: Vec<String> = found.state.tables.keys().map(ToString::to_string).collect();
    assert_eq!(tables, ["customer", "refers"]);
}

#[test]
fn children_foreign_tables_and_tables_of_a_type() {
    let found = round_trip(
        r#"
        CREATE TABLE par (a int DEFAULT 1, b text NOT NULL, CONSTRAINT ck CHECK (a > 0), x int);
        CREATE TABLE par2 (z int);
        CREATE TABLE kid (c int PRIMARY KEY, a int DEFAULT 2, CONSTRAINT kk CHECK (c > 0)) INHERITS (par, par2);
        ALTER TABLE kid ALTER b SET DEFAULT 'q', ALTER x SET NOT NULL, REPLICA IDENTITY FULL;
        CREATE INDEX ON kid (a);
        CREATE TABLE kidkid () INHERITS (kid);
        ALTER TABLE kidkid ALTER a DROP DEFAULT;
        CREATE TYPE pair AS (a int, b text);
        CREATE TABLE typed OF pair (a WITH OPTIONS PRIMARY KEY, CHECK (a > 1));
        CREATE TABLE bare OF pair;
        CREATE EXTENSION postgres_fdw;
        CREATE SERVER "s 1" FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h');
        CREATE FOREIGN TABLE far (
            a int OPTIONS (column_name 'A b'), b text NOT NULL DEFAULT 'x', CHECK (a > 0))
            SERVER "s 1" OPTIONS (table_name 't''t');
        COMMENT ON FOREIGN TABLE far IS 'there';
        COMMENT ON COLUMN far.a IS 'there, too';
        CREATE TABLE parted (a int, b text) PARTITION BY LIST (a);
        CREATE FOREIGN TABLE part PARTITION OF parted FOR VALUES IN (1) SERVER "s 1";
        CREATE VIEW v AS SELECT far.a, kid.b FROM far, kid;
        "#,
    );
    let expected = ["bare", "far", "kid", "kidkid", "pair", "part", "parted", "postgres_fdw", "s 1", "typed"];
    assert_eq!(names(&found), expected);
    assert!(found.unmanaged.is_empty(), "{:?}", found.unmanaged);
}
