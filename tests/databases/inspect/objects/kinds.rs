//! One kind after the other, with names that need quotes, comments, and settings that are not the usual ones.

use super::{names, round_trip, unmanaged};
use crate::stage::Stage;

#[test]
fn types() {
    let found = round_trip(
        r#"
        CREATE SCHEMA "o'x";
        CREATE DOMAIN "Ema il" AS varchar(20) COLLATE "C" DEFAULT 'a''\b' NOT NULL
            CONSTRAINT "x y" CHECK (value ~ '@') CONSTRAINT b CHECK (length(value) > 1);
        COMMENT ON DOMAIN "Ema il" IS 'a "domain"';
        COMMENT ON CONSTRAINT b ON DOMAIN "Ema il" IS 'long';
        CREATE DOMAIN late AS int;
        ALTER DOMAIN late ADD CONSTRAINT later CHECK (value > 0) NOT VALID;
        CREATE DOMAIN date AS int;
        COMMENT ON DOMAIN public.date IS 'shadowed';
        CREATE TYPE pair AS (a int, "b c" text COLLATE "C", d "Ema il"[]);
        COMMENT ON COLUMN pair."b c" IS 'of a pair';
        COMMENT ON TYPE pair IS 'two';
        CREATE TYPE "o'x".pair AS (of public.pair);
        CREATE TYPE nothing AS ();
        CREATE TYPE floats AS RANGE (subtype = float8, subtype_diff = float8mi);
        CREATE TYPE "te xts" AS RANGE (subtype = text, collation = "C", multirange_type_name = "many te xts");
        CREATE DOMAIN several AS "many te xts"[];
        CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        CREATE COLLATION "o'x"."po six" FROM "C";
        COMMENT ON COLLATION nocase IS 'of letters';
        CREATE DOMAIN folded AS text COLLATE nocase;
        "#,
    );
    let expected = [
        "Ema il",
        "date",
        "floats",
        "folded",
        "late",
        "nocase",
        "nothing",
        "pair",
        "several",
        "te xts",
        "o'x.pair",
        "o'x.po six",
    ];
    assert_eq!(names(&found), expected);
}

#[test]
fn functions() {
    let found = round_trip(
        r#"
        CREATE SCHEMA "o'x";
        CREATE FUNCTION f(a int, OUT b int) LANGUAGE plpgsql AS $x$
begin
  b := a; -- $function$ 	tab
end
$x$;
        CREATE FUNCTION f(a text, VARIADIC b int[] DEFAULT '{1}') RETURNS text
            LANGUAGE sql STRICT SECURITY DEFINER COST 7 SET search_path = '' RETURN a;
        CREATE FUNCTION "o'x".f(a int) RETURNS SETOF int LANGUAGE sql ROWS 3
            BEGIN ATOMIC SELECT 1; SELECT public.f(a); END;
        CREATE PROCEDURE "Pr oc"(a int, INOUT c int) LANGUAGE plpgsql AS 'begin c := 1; end';
        COMMENT ON PROCEDURE "Pr oc" IS 'it''s one';
        CREATE FUNCTION zero() RETURNS int LANGUAGE sql AS 'SELECT 0';
        CREATE FUNCTION asks() RETURNS int LANGUAGE sql AS 'SELECT zero() + "o''x".f(1)';
        CREATE FUNCTION sums(int, int) RETURNS int LANGUAGE sql AS 'select $1+$2';
        CREATE AGGREGATE agg(int) (
            sfunc = sums, stype = int, initcond = '0', parallel = safe, msfunc = sums, minvfunc = sums, mstype = int,
            minitcond = '5');
        CREATE AGGREGATE counts(*) (sfunc = int8inc, stype = int8, initcond = '0');
        CREATE AGGREGATE middle(float8 ORDER BY anyelement) (
            sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_disc_final, finalfunc_extra);
        COMMENT ON AGGREGATE middle(float8 ORDER BY anyelement) IS 'ordered';
        CREATE FUNCTION nth(int) RETURNS int LANGUAGE internal WINDOW IMMUTABLE AS 'window_row_number';
        CREATE FUNCTION told() RETURNS event_trigger LANGUAGE plpgsql AS 'begin end';
        "#,
    );
    let expected = [
        "Pr oc",
        "agg",
        "asks",
        "counts",
        "f(integer)",
        "f(text, integer[])",
        "middle",
        "nth",
        "sums",
        "told",
        "zero",
        "o'x.f",
    ];
    assert_eq!(names(&found), expected);
    let asks = found.state.objects.sorted()[2];
    let needed: Vec<String> = asks.depends_on.iter().map(ToString::to_string).collect();
    assert_eq!(needed, ["zero", "o'x.f"]);
}

#[test]
fn operators() {
    let found = round_trip(
        r#"
        CREATE FUNCTION same(int, text) RETURNS bool IMMUTABLE LANGUAGE sql AS 'select true';
        CREATE FUNCTION same(text, int) RETURNS bool IMMUTABLE LANGUAGE sql AS 'select true';
        CREATE OPERATOR === (function = same, leftarg = int, rightarg = text, commutator = ===, restrict = eqsel);
        CREATE OPERATOR === (function = same, leftarg = text, rightarg = int, commutator = ===);
        COMMENT ON OPERATOR ===(int, text) IS 'alike';
        CREATE FUNCTION before(text) RETURNS int LANGUAGE sql AS 'select 1';
        CREATE OPERATOR !!! (function = before, rightarg = text);
        CREATE FUNCTION compare(text, text) RETURNS int IMMUTABLE LANGUAGE sql AS 'select 1';
        CREATE OPERATOR CLASS "my ops" FOR TYPE text USING btree AS
            OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 compare(text, text);
        COMMENT ON OPERATOR CLASS "my ops" USING btree IS 'mine';
        CREATE OPERATOR FAMILY family USING hash;
        ALTER OPERATOR FAMILY family USING hash ADD OPERATOR 1 =(int, int), FUNCTION 1 hashint4(int);
        CREATE DOMAIN odd AS text CHECK (value === 1);
        "#,
    );
    let expected = [
        "!!!",
        "===(integer, text)",
        "===(text, integer)",
        "before",
        "compare",
        "family",
        "my ops_operator_class",
        "my ops_operator_family",
        "odd",
        "same(integer, text)",
        "same(text, integer)",
    ];
    assert_eq!(names(&found), expected);
}

#[test]
fn text_search_and_languages() {
    let found = round_trip(
        r#"
        CREATE TEXT SEARCH TEMPLATE "tem plate" (init = dsimple_init, lexize = dsimple_lexize);
        CREATE TEXT SEARCH PARSER parser (
            start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype,
            headline = prsd_headline);
        CREATE TEXT SEARCH DICTIONARY "o'x" (template = "tem plate", stopwords = 'english');
        CREATE TEXT SEARCH CONFIGURATION "c fg" (parser = parser);
        ALTER TEXT SEARCH CONFIGURATION "c fg" ADD MAPPING FOR word, asciiword, int WITH "o'x", simple;
        ALTER TEXT SEARCH CONFIGURATION "c fg" ADD MAPPING FOR float WITH simple;
        COMMENT ON TEXT SEARCH CONFIGURATION "c fg" IS 'ts';
        COMMENT ON TEXT SEARCH DICTIONARY "o'x" IS 'words';
        CREATE TRUSTED LANGUAGE mine HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler
            VALIDATOR plpgsql_validator;
        CREATE FUNCTION told() RETURNS int LANGUAGE mine AS 'begin return 1; end';
        CREATE ACCESS METHOD "my tree" TYPE INDEX HANDLER bthandler;
        CREATE TYPE pair AS (a int, b int);
        CREATE CAST (pair AS text) WITH INOUT AS ASSIGNMENT;
        COMMENT ON CAST (pair AS text) IS 'shown';
        CREATE FUNCTION first(pair) RETURNS int LANGUAGE sql AS 'select $1.a';
        CREATE CAST (pair AS int) WITH FUNCTION first(pair) AS IMPLICIT;
        CREATE DEFAULT CONVERSION latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
        CREATE TYPE told AS RANGE (subtype = int);
        "#,
    );
    let expected = [
        "c fg",
        "first",
        "latin",
        "mine",
        "my tree",
        "o'x",
        "pair",
        "pair as integer",
        "pair as text",
        "parser",
        "tem plate",
        "told_function",
        "told_range_type",
    ];
    assert_eq!(names(&found), expected);
}

#[test]
fn extensions_with_what_uses_them() {
    let found = round_trip(
        r#"
        CREATE SCHEMA ext;
        CREATE EXTENSION citext SCHEMA ext;
        COMMENT ON EXTENSION citext IS 'mine';
        CREATE EXTENSION "uuid-ossp";
        CREATE DOMAIN mail AS ext.citext[];
        CREATE TYPE pair AS (a ext.citext);
        CREATE FUNCTION fresh() RETURNS uuid LANGUAGE sql RETURN uuid_generate_v4();
        CREATE EXTENSION postgres_fdw;
        CREATE SERVER "s 1" TYPE 't' VERSION '1' FOREIGN DATA WRAPPER postgres_fdw
            OPTIONS (host 'h', use_remote_estimate 'true');
        COMMENT ON SERVER "s 1" IS 'it''s far';
        CREATE USER MAPPING FOR public SERVER "s 1" OPTIONS (user 'u');
        CREATE FOREIGN DATA WRAPPER own OPTIONS (a 'b', "x y" 'c''d');
        "#,
    );
    let needs = |name: &str| {
        let object =
            found.state.objects.sorted().into_iter().find(|object| object.name.name.as_str() == name);
        object.unwrap().depends_on.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let expected =
        ["citext", "fresh", "mail", "own", "pair", "postgres_fdw", "s 1", "s 1_public", "uuid-ossp"];
    assert_eq!(names(&found), expected);
    assert_eq!(needs("mail"), ["citext"]);
    assert_eq!(needs("pair"), ["citext"]);
    assert_eq!(needs("fresh"), ["uuid-ossp"]);
    assert_eq!(needs("s 1_public"), ["s 1"]);
}

#[test]
fn sequences() {
    let found = round_trip(
        r#"
        CREATE SCHEMA "o'x";
        CREATE SEQUENCE "My Seq" AS smallint INCREMENT -2 MINVALUE -100 MAXVALUE -3 START -4 CACHE 3 CYCLE;
        COMMENT ON SEQUENCE "My Seq" IS 'it''s \n';
        CREATE SEQUENCE "o'x".plain START 5;
        CREATE SEQUENCE down INCREMENT -1;
        "#,
    );
    assert_eq!(names(&found), ["My Seq", "down", "o'x.plain"]);
    let texts: Vec<&str> = found.state.objects.sorted().iter().map(|object| &*object.create.common).collect();
    assert_eq!(
        texts[1..],
        ["CREATE SEQUENCE down INCREMENT BY -1", "CREATE SEQUENCE \"o'x\".plain START WITH 5"]
    );
}

#[test]
fn what_has_secrets_or_no_statement_is_listed() {
    let mut stage = Stage::postgres();
    stage.clear();
    stage.execute(
        r#"
        CREATE TYPE later;
        CREATE EXTENSION postgres_fdw;
        CREATE SERVER near FOREIGN DATA WRAPPER postgres_fdw;
        CREATE USER MAPPING FOR public SERVER near OPTIONS (user 'u', password 'geheim');
        CREATE FOREIGN DATA WRAPPER loose;
        CREATE SERVER loose FOREIGN DATA WRAPPER loose OPTIONS (token 'geheim');
        CREATE FOREIGN TABLE far (a int OPTIONS (secret 'geheim')) SERVER loose OPTIONS (password 'geheim');
        CREATE PUBLICATION pub FOR ALL TABLES;
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1';
        REVOKE ALL ON FUNCTION f FROM public;
        CREATE SCHEMA open;
        GRANT USAGE ON SCHEMA open TO public;
        ALTER DEFAULT PRIVILEGES IN SCHEMA open GRANT SELECT ON TABLES TO public;
        "#,
    );
    let found = stage.inspect();
    insta::assert_snapshot!(unmanaged(&found).join("\n"), @r"
    base type later is made of functions that need the type before it exists
    foreign table far has options that may be secrets, which are not read
    privileges default privileges on tables of postgres in open is about roles, which a schema does not have
    privileges function f() is about roles, which a schema does not have
    privileges namespace open is about roles, which a schema does not have
    publication pub is part of replication, which is set up outside of the schema
    server loose has options that may be secrets, which are not read
    user mapping near_public has options that may be secrets, which are not read
    ");
    assert!(!format!("{found:?}{:?}", stage.catalog()).contains("geheim"));
}
