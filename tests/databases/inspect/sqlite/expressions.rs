//! Expressions as people write them: each is created, read, created again from what was read, and read again as the
//! same. What is read says what was written, in its own words.

use schemactl::model::{KeyPart, State, Value};

use schemactl::syntax::print;

use super::inspected;

/// A table with columns to speak of, and something in it.
fn table(part: &str) -> String {
    format!("CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT, \"c d\" REAL, \"order\" BLOB, {part})")
}

fn default_of(state: &State) -> Option<Value> {
    let table = state.tables.iter().next().unwrap_or_else(|| panic!("{}", print(state)));
    table.columns.iter().last().unwrap().default.common.clone()
}

#[test]
fn defaults() {
    let (sql, text, number) = (
        |text: &str| Some(Value::Sql(text.into())),
        |text: &str| Some(Value::Text(text.into())),
        |text: &str| Some(Value::Number(text.into())),
    );
    for (written, read) in [
        ("NULL", None),
        ("(NULL)", None),
        ("0", number("0")),
        ("(0)", number("0")),
        ("((42))", number("42")),
        ("-1.50", number("-1.50")),
        ("- 7", number("-7")),
        ("+7", sql("+7")),
        ("1e3", number("1e3")),
        ("1.5E-3", number("1.5e-3")),
        ("007", sql("007")),
        (".5", sql(".5")),
        ("0x1F", sql("0x1F")),
        ("9223372036854775807", number("9223372036854775807")),
        ("''", text("")),
        ("'it''s; -- \"odd\"'", text("it's; -- \"odd\"")),
        ("('x')", text("x")),
        ("'0'", text("0")),
        ("'two\nlines'", text("two\nlines")),
        ("'tab\tand\r\nreturn'", text("tab\tand\r\nreturn")),
        ("'🦀'", text("🦀")),
        ("x'00FF'", sql("x'00FF'")),
        ("TRUE", number("1")),
        ("false", number("0")),
        ("draft", text("draft")),
        ("\"a\"", text("a")),
        ("current_timestamp", sql("CURRENT_TIMESTAMP")),
        ("(CURRENT_DATE)", sql("CURRENT_DATE")),
        ("(datetime('now', 'localtime'))", sql("datetime('now', 'localtime')")),
        ("(strftime('%s',\n   'now') * 1000)", sql("strftime('%s', 'now') * 1000")),
        ("(lower(hex(randomblob(16))))", sql("lower(hex(randomblob(16)))")),
        ("(1 + 2 -- three\n)", sql("1 + 2")),
        ("(1 + -- two\n 2)", sql("1 + -- two\n 2")),
        ("(1 /* two */ + 2)", sql("1 /* two */ + 2")),
        ("((1) + (2))", sql("(1) + (2)")),
        (
            "(CASE WHEN random() > 0 THEN 'a' ELSE 'b' END)",
            sql("CASE WHEN random() > 0 THEN 'a' ELSE 'b' END"),
        ),
        ("(CAST('7' AS INTEGER))", sql("CAST('7' AS INTEGER)")),
        ("(-'5')", sql("-'5'")),
    ] {
        let inspection = inspected(&table(&format!("x DEFAULT {written}")));
        assert_eq!(default_of(&inspection.state), read, "{written}");
        assert_eq!(inspection.state.objects.len(), 0);
    }
}

/// Expressions over columns, and how each is read.
const OVER_COLUMNS: [(&str, &str); 34] = [
    ("a > 0", "a > 0"),
    ("(a > 0)", "a > 0"),
    ("((a) > (0))", "(a) > (0)"),
    ("(a > 0) AND (a < 9)", "(a > 0) AND (a < 9)"),
    ("a IN (1, 2, 3)", "a IN (1, 2, 3)"),
    ("b IN ('x', 'y)', 'z''')", "b IN ('x', 'y)', 'z''')"),
    ("b NOT IN ('')", "b NOT IN ('')"),
    ("a BETWEEN 1 AND 10", "a BETWEEN 1 AND 10"),
    ("b LIKE '%@%'", "b LIKE '%@%'"),
    ("b LIKE '10\\%' ESCAPE '\\'", "b LIKE '10\\%' ESCAPE '\\'"),
    ("b GLOB '[a-z]*'", "b GLOB '[a-z]*'"),
    ("length(b) > 4 OR\n      b != 'ln'", "length(b) > 4 OR b != 'ln'"),
    ("\"c d\" >= 0.5", "\"c d\" >= 0.5"),
    ("[c d] >= 0.5", "[c d] >= 0.5"),
    ("`c d` == 1", "`c d` == 1"),
    ("\"order\" IS NOT NULL", "\"order\" IS NOT NULL"),
    ("[order] NOTNULL", "[order] NOTNULL"),
    ("t.a <> 1", "t.a <> 1"),
    ("coalesce(a, 0) = 0", "coalesce(a, 0) = 0"),
    ("CASE a WHEN 1 THEN b = 'x' ELSE 1 END", "CASE a WHEN 1 THEN b = 'x' ELSE 1 END"),
    ("b = 'x' COLLATE NOCASE", "b = 'x' COLLATE NOCASE"),
    ("NOT a", "NOT a"),
    ("a & 1 = 1", "a & 1 = 1"),
    ("a << 2 | 1 > ~a", "a << 2 | 1 > ~a"),
    ("typeof(a) = 'integer'", "typeof(a) = 'integer'"),
    ("b || '-' || a <> ''", "b || '-' || a <> ''"),
    ("json_extract(b, '$.x') IS NULL", "json_extract(b, '$.x') IS NULL"),
    ("b ->> '$.x' IS NULL", "b ->> '$.x' IS NULL"),
    ("(a, b) = (1, 'x')", "(a, b) = (1, 'x')"),
    ("a IS NOT DISTINCT FROM 1", "a IS NOT DISTINCT FROM 1"),
    ("-a < - 1", "-a < - 1"),
    ("a /* of -- many */ > 0", "a /* of -- many */ > 0"),
    ("CAST(b AS INTEGER) > 0", "CAST(b AS INTEGER) > 0"),
    ("abs(a) % 2 = 0", "abs(a) % 2 = 0"),
];

#[test]
fn checks() {
    for (written, read) in OVER_COLUMNS {
        let state = inspected(&table(&format!("CHECK ({written})"))).state;
        let table = state.tables.iter().next().unwrap();
        let check = table.checks.iter().next().unwrap();
        assert_eq!(&*check.expression.common, read);
    }
}

#[test]
fn computed_columns() {
    for (written, read) in OVER_COLUMNS.into_iter().filter(|(written, _)| !written.starts_with("t.")) {
        let state = inspected(&table(&format!("x ANY AS ({written}), y INT AS ({written}) STORED"))).state;
        let table = state.tables.iter().next().unwrap();
        let mut found = table.columns.iter().filter_map(|column| column.generated.as_ref());
        assert!(found.all(|generated| &*generated.expression.common == read), "{written}");
    }
}

#[test]
fn indexes_and_their_rows() {
    for (written, read) in OVER_COLUMNS.into_iter().filter(|(written, _)| !written.starts_with("t.")) {
        // A row value is nothing to be indexed.
        let key = if written.starts_with("(a, b)") { "a" } else { written };
        let index = format!("{}; CREATE INDEX i ON t ({key}, b) WHERE {written}", table("x INT"));
        let state = inspected(&index).state;
        let index = state.tables.iter().next().unwrap().indexes.iter().next().unwrap();
        assert_eq!(index.predicate.as_ref().map(|text| &*text.common), Some(read));
        if let KeyPart::Expression(text) = &index.keys[0].on
            && !written.contains("COLLATE")
        {
            assert_eq!(&*text.common, read);
        }
    }
}

#[test]
fn views() {
    for query in [
        "SELECT * FROM t",
        "SELECT a, b AS \"b b\" FROM [t] WHERE `a` > 0 -- the last",
        "SELECT count(*) OVER (PARTITION BY a ORDER BY b) FROM t",
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 9)\n\tSELECT i FROM n",
        "VALUES (1, 'x;y'), (2, NULL)",
        "SELECT 1 UNION ALL SELECT 2\r\nORDER BY 1",
        "SELECT u.a FROM t AS u LEFT JOIN \"t\" USING (a) GROUP BY 1 HAVING count(*) > 1 LIMIT 3",
        "SELECT '\"\"\"', '#', 'ä🦀' /* end */",
    ] {
        let state = inspected(&format!("{}; CREATE VIEW v AS {query};", table("x INT"))).state;
        assert_eq!(&*state.views.iter().next().unwrap().query.common, query);
    }
}

#[test]
fn defaults_are_literals_where_the_type_has_such() {
    for (declared, read) in [
        ("BOOLEAN DEFAULT 0", Value::Bool(false)),
        ("BOOLEAN DEFAULT TRUE", Value::Bool(true)),
        ("BOOLEAN DEFAULT 2", Value::Sql("2".into())),
        ("BOOL DEFAULT 1", Value::Number("1".into())),
        ("INT DEFAULT FALSE", Value::Number("0".into())),
        ("INT DEFAULT 'x'", Value::Sql("'x'".into())),
        ("TEXT DEFAULT 0", Value::Number("0".into())),
        ("VARCHAR(2) DEFAULT 'abc'", Value::Sql("'abc'".into())),
        ("TIMESTAMP DEFAULT 0", Value::Sql("0".into())),
    ] {
        let inspection = inspected(&table(&format!("x {declared}")));
        assert_eq!(default_of(&inspection.state), Some(read), "{declared}");
    }
}
