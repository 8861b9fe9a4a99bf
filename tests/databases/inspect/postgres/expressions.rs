//! Expressions as people write them, as the server prints them, and as the rules say that the two are the same.

use schemactl::model::State;

use super::holds;
use crate::stage::Stage;

/// What every table has.
const COLUMNS: &str = r#"
    column id int primary-key
    column a int default=1
    column b int nullable
    column s smallint default=2
    column big bigint default=3
    column n "decimal(10,2)" default=4
    column r real default=5
    column v "varchar(20)" default="v"
    column t text nullable
    column c "char(3)" default="abc"
    column d date nullable
    column ts timestamp nullable
    column tz timestamptz nullable
    column span interval nullable
    column j json nullable
    column f bool default=#false
    column tags "text[]" nullable
    column numbers "int[]" nullable
    column u uuid nullable
    column mood moods default="good"
    column "Odd \"one\"" int nullable
"#;

/// Conditions: each is a check and the predicate of an index.
const CONDITIONS: &[&str] = &[
    "a > 0",
    "a>0 and b<10 AND s <> 3",
    "(a > 0 OR b > 0) AND NOT f",
    "a BETWEEN 1 AND 10",
    "a NOT BETWEEN 1 AND 10",
    "a IN (1, 2, 3)",
    "a NOT IN (1, 2)",
    "s IN (1, 2)",
    "big IN (1, 2)",
    "n IN (1, 2.5)",
    "v IN ('a', 'b')",
    "v NOT IN ('a', 'it''s')",
    "v = 'a'",
    "t IN ('a', 'b')",
    "t = ANY (ARRAY['a', 'b'])",
    "c IN ('abc', 'def')",
    "mood IN ('good', 'bad')",
    "mood <> 'bad'",
    "lower(v) IN ('a', 'b')",
    "v IN ('only')",
    "t LIKE 'a%'",
    "v LIKE '%@%'",
    "t NOT LIKE 'a%' AND t ILIKE 'b%'",
    "t ~ '^[a-z]+$'",
    "t ~* 'x' AND t !~ 'y'",
    "t IS NOT NULL",
    "t IS NULL OR length(t) > 3",
    "(a IS NULL) = (b IS NULL)",
    "a IS DISTINCT FROM b",
    "f IS TRUE",
    "f",
    "NOT f",
    "n > 0",
    "n >= 1.50 AND n < 100",
    "r > 0.5",
    "a > -1",
    "a + b * 2 - s > 10",
    "a - (b - s) > 0",
    "(a + b) % 2 = 0",
    "-a < b",
    "big > 10000000000",
    "coalesce(b, 0) >= 0",
    "nullif(a, b) IS NOT NULL",
    "greatest(a, b) < 100",
    "char_length(v) <= 10",
    "length(trim(t)) > 0",
    "substr(t, 1, 1) = 'x'",
    "t || 'x' <> 'yx'",
    "t COLLATE \"C\" < 'm'",
    "d > '2020-01-01'",
    "d >= DATE '2020-01-01'",
    "ts < tz AT TIME ZONE 'UTC'",
    "span > interval '1 day'",
    "extract(year FROM d) > 2000",
    "j ->> 'kind' = 'x'",
    "j @> '{\"a\": 1}'",
    "j ? 'key'",
    "(j ->> 'n')::int > 3",
    "CAST(t AS integer) > 3",
    "CASE WHEN f THEN a > 1 ELSE b > 1 END",
    "CASE mood WHEN 'good' THEN 1 END = 1",
    "'x' = ANY (tags)",
    "tags @> ARRAY['a', 'b']",
    "cardinality(numbers) < 5 AND numbers[1] > 0",
    "\"Odd \"\"one\"\"\" > 0",
    "E'back\\\\slash' <> t",
    "u <> '00000000-0000-0000-0000-000000000000'",
    "(a, b) <> (1, 2)",
    "((a))>(0)",
];

/// Columns with their type and default or expression.
const COLUMN_TEXTS: &[&str] = &[
    r#"text default=(sql)"lower('X')""#,
    r#"timestamptz default=(sql)"now()""#,
    r#"timestamptz default=(sql)"current_timestamp""#,
    r#"timestamp default=(sql)"now() + interval '1 day'""#,
    r#"date default=(sql)"CURRENT_DATE""#,
    r#"text default=(sql)"CURRENT_USER""#,
    r#"uuid default=(sql)"gen_random_uuid()""#,
    r#"int default=(sql)"1 + 2 * 3""#,
    r#"int default=-5"#,
    r#"bigint default=-5000000000"#,
    r#""decimal(10,2)" default=-1.50"#,
    r#"double default=0.25"#,
    r#"bool default=#true"#,
    r#"text default="it's""#,
    r#"text default="back\\slash""#,
    r#"text default="""#,
    r#""varchar(5)" default="x""#,
    r#""varchar(5)" default=#null nullable"#,
    r#"json default="{}""#,
    r#"(native)json default="[]""#,
    r#"date default="2020-01-01""#,
    r#""text[]" default=(sql)"'{}'""#,
    r#""text[]" default=(sql)"ARRAY[]::text[]""#,
    r#""int[]" default=(sql)"ARRAY[1, 2]""#,
    r#"moods default="bad""#,
    r#""moods[]" default=(sql)"'{good}'""#,
    r#"(native)inet default="127.0.0.1""#,
    r#"(native)"bit(3)" default="101""#,
    r#"int generated=(sql)"a * 2""#,
    r#"text generated=(sql)"lower(t)""#,
    r#"text generated=(sql)"t || '!'""#,
    r#"int generated=(sql)"coalesce(a, 0) + 1""#,
    r#"bool generated=(sql)"v in ('a', 'b')""#,
    r#""decimal(10,2)" generated=(sql)"n * 1.1""#,
];

/// What indexes are of.
const KEYS: &[&str] = &[
    "lower(t)",
    "lower(v)",
    "a + b",
    "(a)",
    "coalesce(t, '')",
    "j ->> 'kind'",
    "(tz AT TIME ZONE 'UTC')::date",
    "date_trunc('day', ts)",
    "t COLLATE \"C\"",
    "CASE WHEN f THEN a END",
];

/// Queries over one table.
const QUERIES: &[&str] = &[
    "SELECT id, a FROM base WHERE a > 0",
    "SELECT id, a AS amount FROM base WHERE v = 'x' ORDER BY id DESC LIMIT 10",
    "SELECT v, count(*) AS n, sum(a) AS total FROM base GROUP BY v HAVING count(*) > 1",
    "SELECT DISTINCT t FROM base WHERE t IS NOT NULL",
    "SELECT id, lower(t) AS low FROM base",
];

fn schema() -> String {
    let quoted = |text: &str| format!("#\"{text}\"#");
    let mut text = format!("enum moods good bad\ntable base {{{COLUMNS}}}\n");
    for (number, condition) in CONDITIONS.iter().enumerate() {
        let condition = quoted(condition);
        text += &format!(
            "table condition{number} {{{COLUMNS}    check {condition} name=c{number}\n    \
             index name=i{number} {{ on a; where {condition} }}\n}}\n"
        );
    }
    for (number, column) in COLUMN_TEXTS.iter().enumerate() {
        text += &format!("table column{number} {{{COLUMNS}    column x {column}\n}}\n");
    }
    for (number, key) in KEYS.iter().enumerate() {
        text += &format!(
            "table key{number} {{{COLUMNS}    index name=k{number} {{ on (sql){} }}\n}}\n",
            quoted(key)
        );
    }
    for (number, query) in QUERIES.iter().enumerate() {
        text += &format!("view view{number} {{ as (sql){} }}\n", quoted(query));
    }
    text
}

/// What of two states differs, a line for each.
fn differing(declared: &State, found: &State) -> Vec<String> {
    let mut differing = Vec::new();
    for table in &declared.tables {
        let other = found.tables.get(&table.name);
        if other != Some(table) {
            let members = |table: &schemactl::model::Table| {
                format!("{:?} {:?} {:?}", table.columns.iter().last(), table.checks, table.indexes)
            };
            differing.push(format!("{}\n  {}\n  {:?}", table.name, members(table), other.map(members)));
        }
    }
    for view in &declared.views {
        if found.views.get(&view.name) != Some(view) {
            differing.push(format!("{view:?}\n{:?}", found.views.get(&view.name)));
        }
    }
    differing
}

#[test]
fn expressions_are_read_back_and_are_the_same_by_the_rules() {
    assert!(CONDITIONS.len() + COLUMN_TEXTS.len() + KEYS.len() + QUERIES.len() >= 60);
    let declared = crate::laws::read(&schema()).state;
    let mut stage = Stage::postgres();
    stage.create(&declared).unwrap_or_else(|refused| panic!("{refused}"));
    let found = holds(&mut stage).unwrap_or_else(|problem| panic!("{problem}"));
    let (declared, found) = (stage.dialect.normal(&declared), stage.dialect.normal(&found.state));
    let differing = differing(&declared, &found);
    assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n"));
    assert_eq!(declared, found);
}
