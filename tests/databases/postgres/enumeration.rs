//! The life of an enum.

use super::trial::{Rows, Trial};

fn schema(values: &str, default: &str, more: &str) -> String {
    format!(
        r#"
enum mood {values} comment=c
table people {{
    column id int primary-key
    column mood mood default={default}
    column moods "mood[]" nullable
    column text text default=(sql)"'glad'::mood::text"
    column loud bool generated=(sql)"mood > 'glad'"
    check "mood <> 'glad' OR id > 0" name=people_mood
    index mood name=people_part {{ where (sql)"mood <> 'glad'" }}
    unique mood id
    index loud
}}
table friends {{
    column id int primary-key
    column people_id int
    column mood mood
    foreign-key mood people_id references=people on="mood id"
}}
view glad {{ as (sql)"SELECT id, mood FROM people WHERE mood = 'glad'" }}
view constant {{ as (sql)"SELECT 'glad'::mood AS m" }}
{more}
"#
    )
    .replace(
        r#"foreign-key mood people_id references=people on="mood id""#,
        "foreign-key mood people_id { references people mood id }",
    )
}

const ROWS: &str = "INSERT INTO people (id, mood, moods) VALUES (1, 'glad', '{glad,sad}'), (2, 'sad', NULL);
    INSERT INTO friends VALUES (1, 1, 'glad')";

#[test]
fn values_are_added_in_their_places_and_used_at_once() {
    let sql = Trial::new("enum_add").change(
        &schema("sad glad", "sad", ""),
        ROWS,
        &schema("awful sad meh fine glad great", "great", ""),
        Rows::Kept,
    );
    assert!(sql.starts_with("ALTER TYPE \"mood\" ADD VALUE 'awful' BEFORE 'sad'"), "{sql}");
}

#[test]
fn values_go_and_change_places() {
    let mut trial = Trial::new("enum_swap");
    trial.change(&schema("sad glad gone", "gone", ""), ROWS, &schema("glad sad", "sad", ""), Rows::Kept);
    let error = trial.attempt("INSERT INTO people (id, mood) VALUES (9, 'gone')").unwrap_err();
    assert!(error.contains("invalid input value for enum"), "{error}");
}

#[test]
fn a_value_gets_another_name() {
    let mut trial = Trial::new("enum_value");
    trial.change(
        "enum mood sad glad\ntable t { column m mood default=sad }",
        "INSERT INTO t VALUES ('sad')",
        "enum mood { value low was=sad; value glad }\ntable t { column m mood default=low }",
        Rows::Kept,
    );
    assert_eq!(trial.query("SELECT m FROM t"), ["low"]);
}

#[test]
fn an_enum_comes_gets_another_name_and_goes() {
    let mut trial = Trial::new("enum_kind");
    let table = |ty: &str| format!("table t {{ column m {ty} }}");
    trial.change(
        &format!("enum mood sad glad\n{}", table("mood")),
        "INSERT INTO t VALUES ('sad')",
        &format!("enum feeling sad glad was=mood comment=c\n{}", table("feeling")),
        Rows::Kept,
    );
    trial.change(
        &table("text"),
        "INSERT INTO t VALUES ('sad')",
        &format!("enum mood sad glad\n{}", table("mood")),
        Rows::Kept,
    );
}

/// What follows the commit may fail, so nothing stands before it, whatever gets another name meanwhile.
#[test]
fn values_are_added_before_everything_else() {
    let schema = |namespace: &str, was: &str, table: &str, values: &str| {
        format!(
            "schema {namespace} {was} {{ enum mood {values} }}\n\
             table people {{ column id {table} primary-key; column mood {namespace}.mood }}\n\
             view moods {{ as (sql)\"SELECT mood FROM people\" }}"
        )
    };
    let sql = Trial::new("enum_first").change(
        &schema("old", "", "int", "sad glad"),
        "INSERT INTO people VALUES (1, 'sad')",
        &schema("new", "was=old", "bigint", "sad meh glad"),
        Rows::Kept,
    );
    assert!(sql.starts_with("ALTER TYPE \"old\".\"mood\" ADD VALUE 'meh' AFTER 'sad';\n"), "{sql}");
}
