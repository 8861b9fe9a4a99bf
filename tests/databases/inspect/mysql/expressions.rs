//! Expressions as people write them and as the server prints them, read back and written again without a difference.

use super::holds;
use crate::stage::Stage;
use crate::support::mysql::is_mariadb;

/// What every table has.
const COLUMNS: &str = r#"
    column id int primary-key
    column a int default=1
    column b int nullable
    column n "decimal(10,2)" default=4
    column r real default=5
    column v "varchar(20)" default="v"
    column t text nullable
    column c "char(3)" default="abc"
    column d date nullable
    column ts timestamp nullable
    column j json nullable
    column f bool default=#false
    column order int nullable
    column "odd `name`" int nullable
"#;

/// Conditions, each a check.
const CONDITIONS: &[&str] = &[
    "a > 0",
    "a>0 and b<10 AND n <> 3",
    "(a > 0 OR b > 0) AND NOT f = 1",
    "a > 0 OR b > 0 AND n > 0",
    "NOT (a > 0 AND b > 0)",
    "a BETWEEN 1 AND 10",
    "a NOT BETWEEN 1 AND b + 1",
    "a BETWEEN 1 AND 10 AND b <> 5",
    "a IN (1, 2, 3)",
    "a NOT IN (1, 2)",
    "(a, b) IN ((1, 2), (3, 4))",
    "v IN ('a', 'it''s')",
    "v <> 'back\\\\slash'",
    "v <> 'line\\nbreak'",
    "v <> 'naïve €'",
    "v <> \"double\"",
    "v LIKE '%@%'",
    "v NOT LIKE 'a\\_%'",
    "v LIKE 'x%' ESCAPE '!'",
    "v REGEXP '^[a-z]+$'",
    "t IS NOT NULL",
    "t IS NULL OR char_length(t) < 100",
    "a <=> b",
    "a IS TRUE",
    "(a > 1) XOR (b > 1)",
    "CASE WHEN a > 0 THEN b > 0 ELSE n > 0 END = 1",
    "CASE a WHEN 1 THEN 2 ELSE 3 END > 1",
    "IF(a > 0, b, n) > 0",
    "coalesce(a, b, 1) > 0",
    "a * (b + 1) > 3",
    "a - (b - 1) > 3",
    "-a < 5",
    "a % 2 = 0",
    "a DIV 2 > 0",
    "(a | b) & 3 > 0",
    "a << 2 > 3",
    "lower(trim(v)) = v",
    "v COLLATE utf8mb4_bin = 'a'",
    "CAST(a AS CHAR(10)) = '1'",
    "d > DATE '2020-01-01'",
    "d + INTERVAL 1 DAY > '2020-01-01'",
    "year(d) > 2000 AND extract(month FROM d) > 1",
    "substring(v, 1, 2) = 'ab'",
    "json_extract(j, '$.kind') = 'x'",
    "concat_ws(',', v, c) <> ''",
    "`order` > 0",
    "`odd ``name``` > 0",
    "a = 1.50 OR a = 1e3 OR a = 0x41",
];

/// What stands behind a column's name.
const COLUMN_TEXTS: &[&str] = &[
    r#"int default=(sql)"1 + 2""#,
    r#"int default=(sql)"(1 + 2) * 3""#,
    r#""varchar(40)" default=(sql)"concat('a', 'it''s')""#,
    r#""varchar(40)" default=(sql)"uuid()""#,
    r#""varchar(40)" default="it's \\ \"q\"""#,
    r#""varchar(40)" default="""#,
    r#""varchar(40)" default="NULL""#,
    r#"text default="long""#,
    r#"json default="{}""#,
    r#"bytes default=(sql)"x'00ff'""#,
    r#""bit(8)" default=(sql)"b'101'""#,
    r#""binary(3)" default="abc""#,
    r#"timestamp default=(sql)"CURRENT_TIMESTAMP""#,
    r#""timestamptz(0)" default=(sql)"CURRENT_TIMESTAMP" { (mysql)options on-update=(sql)"CURRENT_TIMESTAMP" }"#,
    r#"date default="2020-01-01""#,
    r#""time(3)" default="10:00:00""#,
    r#"double default=-2.5"#,
    r#""decimal(10,2)" default=1.5"#,
    r#"bool default=#true"#,
    r##"#"enum('a','it''s','b\\\\')"# default="it's""##,
    r#""set('x','y')" default="x,y""#,
    r#"int nullable generated=(sql)"a + 1" virtual"#,
    r#"int nullable generated=(sql)"a * (b + 1)""#,
    r##""varchar(60)" nullable generated=(sql)#"concat(v, 'é', 'it''s\\\\')"#"##,
    r#""varchar(60)" nullable generated=(sql)"CASE WHEN a > 0 AND b > 0 THEN 'x' ELSE v END""#,
    r#"uuid nullable"#,
    r#""varchar(10)" collate=latin1_swedish_ci"#,
    r#"int nullable { (mysql)options invisible=#true }"#,
];

/// Keys that are expressions, which MySQL alone has.
const KEYS: &[&str] =
    &["lower(v)", "a + 1", "coalesce(b, a) * 2", "CASE WHEN a > 0 THEN b END", "concat(v, 'é')"];

/// Queries over one table.
const QUERIES: &[&str] = &[
    "SELECT id, a FROM base WHERE a > 0",
    "SELECT id, a AS amount FROM base WHERE v = 'x' ORDER BY id DESC LIMIT 10",
    "SELECT v, count(*) AS n, sum(a) AS total FROM base GROUP BY v HAVING count(*) > 1 AND sum(a) > 2",
    "SELECT DISTINCT t FROM base WHERE t IS NOT NULL",
    "SELECT id, lower(t) AS low, `order` FROM base",
    "SELECT x.id, y.a FROM base x JOIN base y ON x.id = y.id AND x.a > 1 LEFT JOIN base z ON z.id = y.id",
    "SELECT id FROM base WHERE EXISTS (SELECT 1 FROM base i WHERE i.a = base.id) OR id IN (SELECT b FROM base)",
    "SELECT a FROM base UNION ALL SELECT b FROM base WHERE a > 1 OR b > 1",
    "SELECT id, row_number() OVER (PARTITION BY v ORDER BY a) AS n FROM base",
    "SELECT s.m FROM (SELECT max(a) AS m FROM base) s WHERE s.m IS NOT NULL",
    "WITH w AS (SELECT id FROM base) SELECT id FROM w",
    "SELECT 1 AS n FROM base, base x WHERE x.a > 1",
    "SELECT 1 AS n FROM base x JOIN base y",
    "SELECT 1 AS n FROM base JOIN base x JOIN base y ORDER BY x.id",
    "SELECT 1 AS n FROM base, base x, base y",
    "SELECT 1 AS n FROM base, base x LEFT JOIN base y ON y.id = x.id",
    "SELECT 1 AS n FROM base x JOIN base y ON y.id = x.id, base z, (SELECT 1 AS o FROM base q, base r, base s) p",
    "SELECT 1 AS n FROM base x LEFT JOIN (base y, base z, base w) ON x.id = y.id AND z.a IN (SELECT q.a FROM base q, base r)",
    "SELECT 1 AS n FROM base x, base y STRAIGHT_JOIN base z, base w GROUP BY x.a UNION SELECT 2 FROM base, base x, base y",
    "SELECT CASE WHEN a > 1 AND b > 2 THEN 'it''s' ELSE \"y\" END AS c, a IS NULL AS n FROM base",
];

fn schema() -> String {
    let quoted = |text: &str| format!("##\"{text}\"##");
    let mut text = format!("table base {{{COLUMNS}}}\n");
    for (number, condition) in CONDITIONS.iter().enumerate() {
        let condition = quoted(condition);
        text += &format!("table condition{number} {{{COLUMNS}    check {condition} name=c{number}\n}}\n");
    }
    for (number, column) in COLUMN_TEXTS.iter().enumerate() {
        text += &format!("table column{number} {{{COLUMNS}    column x {column}\n}}\n");
    }
    for (number, key) in KEYS.iter().enumerate().filter(|_| !is_mariadb()) {
        let key = quoted(key);
        text += &format!("table key{number} {{{COLUMNS}    index name=k{number} {{ on (sql){key} }}\n}}\n");
    }
    for (number, query) in QUERIES.iter().enumerate() {
        text += &format!("view view{number} {{ as (sql){} }}\n", quoted(query));
    }
    text
}

#[test]
fn expressions_are_read_back_and_written_again() {
    assert!(CONDITIONS.len() + COLUMN_TEXTS.len() + QUERIES.len() >= 60);
    let declared = crate::laws::read(&schema()).state;
    let mut stage = Stage::mysql();
    stage.lay(&declared).unwrap_or_else(|refused| panic!("{refused}"));
    let found = holds(&mut stage).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(found.unmanaged, []);
    // What isn't an expression is the same by the rules.
    let (declared, found) = (stage.dialect.normal(&declared), stage.dialect.normal(&found.state));
    for table in &declared.tables {
        let other = found.tables.get(&table.name).unwrap();
        for column in &table.columns {
            let read = other.columns.get(&column.name).unwrap();
            assert_eq!(
                (&read.ty, read.nullable, &read.options),
                (&column.ty, column.nullable, &column.options),
                "{}",
                table.name
            );
            assert_eq!(read.collation, column.collation, "{}", table.name);
        }
        assert!(table.checks.keys().eq(other.checks.keys()), "{}", table.name);
        assert!(table.indexes.keys().eq(other.indexes.keys()), "{}", table.name);
    }
}
