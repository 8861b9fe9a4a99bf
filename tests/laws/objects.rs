//! Raw objects among the others: what tables rest on comes first, and what holds rows is never made anew unasked.

use insta::assert_snapshot;
use schemactl::change::Loss;
use schemactl::diagnostic::{Sources, render};
use schemactl::dialect::Dialect as _;
use schemactl::dialect::postgres::Postgres;
use schemactl::diff::diff;
use schemactl::syntax::{Parsed, parse};

fn read(text: &str) -> Parsed {
    let mut sources = Sources::default();
    let file = sources.add("schema.kdl", text);
    let (parsed, problems) = parse(&sources, &[file], &[Postgres.name()]);
    let shown: String = problems.iter().map(|problem| render(problem, &sources, 100, false)).collect();
    parsed.unwrap_or_else(|| panic!("{shown}"))
}

/// The operations from one schema to another in words, with what each loses.
fn changes(before: &str, after: &str) -> String {
    let (before, after) = (read(before), read(after));
    let ops = diff(&before.state, &after.state, &after.renames).unwrap();
    let line = |op: &schemactl::change::Op| match op.loss() {
        Loss::Loses(what) => format!("{} ! loses {what}\n", op.describe()),
        Loss::Nothing | Loss::MayFail(_) => format!("{}\n", op.describe()),
    };
    ops.iter().map(line).collect()
}

const TYPES: &str = r#"
object year { create (sql)"CREATE DOMAIN year AS int"; drop (sql)"DROP DOMAIN year" }
object codes { create (sql)"CREATE SEQUENCE codes"; drop (sql)"DROP SEQUENCE codes" }
object is_code { create (sql)"CREATE FUNCTION is_code(text) RETURNS bool AS $$ SELECT true $$"; drop (sql)"DROP FUNCTION is_code" }
object a_code {
    create (sql)"CREATE FUNCTION a_code() RETURNS text AS $$ SELECT $$"
    drop (sql)"DROP FUNCTION a_code"
    depends-on is_code
}
object stamp {
    create (sql)"CREATE TRIGGER stamp BEFORE UPDATE ON film EXECUTE FUNCTION a_code()"
    drop (sql)"DROP TRIGGER stamp ON film"
    depends-on film a_code
}
object count_films {
    create (sql)"CREATE FUNCTION count_films() RETURNS int AS $$ SELECT count(*) FROM film $$"
    drop (sql)"DROP FUNCTION count_films"
    depends-on film
}
view counted { as (sql)"SELECT count_films()" }
"#;

const FILM: &str = r#"
table film {
    column id int primary-key
    column released "year[]" nullable
    column code text default=(sql)"a_code()"
    column stamp int
    check "is_code(code) AND stamp > 0 AND count_films > 0" name=film_code
    column count_films int
}
"#;

#[test]
fn what_a_table_mentions_comes_before_it_and_goes_after_it() {
    let all = format!("{TYPES}{FILM}");
    assert_snapshot!(changes("", &all), @r"
    + object codes
    + object year
    + object is_code
    + object a_code
    + table film 5 columns
    + object count_films
    + view counted
    + object stamp
    ");
    assert_snapshot!(changes(&all, ""), @r"
    - view counted
    - object count_films
    - object stamp
    - table film 5 columns ! loses all rows of `film`
    - object a_code
    - object is_code
    - object codes
    - object year
    ");
}

#[test]
fn a_column_comes_after_the_function_that_it_calls() {
    let before = "table film { column id int primary-key }";
    let function = r#"object zap { create (sql)"CREATE FUNCTION zap() RETURNS int AS $$ SELECT 1 $$"; drop (sql)"DROP FUNCTION zap" }"#;
    let after = |rest: &str| format!("{function}\ntable film {{ column id int primary-key; {rest} }}");
    assert_snapshot!(changes(before, &after("column a int default=(sql)\"zap()\"")), @r"
    + object zap
    + column film.a int default zap()
    ");
    assert_snapshot!(changes(before, &after("index name=i { on (sql)\"zap()\" }")), @r"
    + object zap
    + index film.i (zap())
    ");
}

#[test]
fn what_holds_rows_stays_when_something_beneath_it_is_renamed() {
    let schema = |column: &str, extra: &str| {
        format!(
            r#"
table payment {{ column {column} int primary-key }}
object payment_2007 {{
    create (sql)"CREATE TABLE payment_2007 ({extra}) INHERITS (payment); CREATE INDEX i ON payment_2007 (id)"
    drop (sql)"DROP TABLE payment_2007"
    depends-on payment
}}
object paid {{ create (sql)"CREATE TRIGGER paid BEFORE UPDATE ON payment"; drop (sql)"DROP TRIGGER paid"; depends-on payment }}
"#
        )
    };
    assert_snapshot!(changes(&schema("id", ""), &schema("payment_id was=id", "")), @r"
    - object paid
    -> column payment.id id → payment_id
    + object paid
    ");
    assert_snapshot!(changes(&schema("id", ""), &schema("id", "CHECK (id > 0)")), @"~ object payment_2007 create ! loses all rows of `payment_2007`");
    assert_snapshot!(changes(&schema("id", ""), ""), @r"
    - object paid
    - object payment_2007 ! loses all rows of `payment_2007`
    - table payment 1 column ! loses all rows of `payment`
    ");
}
