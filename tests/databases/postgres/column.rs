//! Columns: types with all that rests on them, defaults, identities, generated columns.

use super::trial::{Rows, Trial, problems};

#[test]
fn columns_come_change_and_go() {
    Trial::new("columns").change(
        r#"
table users comment="People" {
    column id bigint identity primary-key
    column name text nullable comment="called so"
    column age int default=1
    column gone text nullable
}
"#,
        "INSERT INTO users (name, age) VALUES ('a', 1), (NULL, 2)",
        r#"
table users comment="Persons" {
    column id bigint identity primary-key
    column full_name text nullable was=name comment="named so"
    column age int
    column created timestamptz default=(sql)"now()"
    column note "varchar(20)" default="it's \\ here"
    column tags "text[]" nullable
}
"#,
        Rows::Changed,
    );
}

#[test]
fn a_type_changes_under_everything_that_rests_on_it() {
    let mut trial = Trial::new("types");
    let sql = trial.change(
        r#"
table items {
    column id int primary-key
    column code "varchar(20)" default=x
    column price int default=1
    column twice int generated=(sql)"price * 2"
    unique code
    check "code IN ('x', 'y', '1', '2')" name=items_code
    check "price > 0" name=items_price
    index price name=items_part { where (sql)"code <> 'y'" }
    index name=items_lower { on (sql)"lower(code)" }
    index twice
}
table parts {
    column id int primary-key
    column item int references=items.id
    column code "varchar(20)" references=items.code nullable
}
view cheap { as (sql)"SELECT id, code FROM items WHERE price < 10" }
view cheaper { as (sql)"SELECT * FROM cheap WHERE id > 0" }
"#,
        "INSERT INTO items (id, code, price) VALUES (1, 'x', 5), (2, '1', 6); INSERT INTO parts VALUES (1, 1, 'x')",
        r#"
table items {
    column id bigint primary-key
    column code text default=x
    column price bigint default=2
    column twice int generated=(sql)"price * 2"
    unique code
    check "code IN ('x', 'y', '1', '2')" name=items_code
    check "price > 0" name=items_price
    index price name=items_part { where (sql)"code <> 'y'" }
    index name=items_lower { on (sql)"lower(code)" }
    index twice
}
table parts {
    column id int primary-key
    column item bigint references=items.id
    column code text references=items.code nullable
}
view cheap { as (sql)"SELECT id, code FROM items WHERE price < 10" }
view cheaper { as (sql)"SELECT * FROM cheap WHERE id > 0" }
"#,
        Rows::Kept,
    );
    assert_eq!(sql.matches("ALTER TABLE \"parts\"").count(), 1, "one statement changes both columns:\n{sql}");
}

#[test]
fn keys_of_different_kinds_change_together() {
    Trial::new("keys").change(
        "table a { column id text primary-key }\ntable b { column id int primary-key; column a_id text references=a.id }",
        "INSERT INTO a VALUES ('8f0e8c0a-0000-4000-8000-000000000001'); INSERT INTO b SELECT 1, id FROM a",
        "table a { column id uuid primary-key }\ntable b { column id int primary-key; column a_id uuid references=a.id }",
        Rows::Kept,
    );
}

#[test]
fn identities_come_change_and_go() {
    let mut trial = Trial::new("identity");
    trial.change(
        "table a { column id int primary-key }\ntable b { column id bigint identity primary-key }",
        "INSERT INTO a VALUES (7); INSERT INTO b DEFAULT VALUES",
        "table a { column id int identity=always identity-start=5 identity-increment=5 primary-key }\n\
         table b { column id bigint identity identity-start=-1 identity-increment=-1 primary-key }",
        Rows::Kept,
    );
    trial.query("INSERT INTO a DEFAULT VALUES");
    assert_eq!(trial.query("SELECT max(id) FROM a"), ["12"], "the sequence goes on behind the rows");
}

#[test]
fn generated_columns_come_change_and_go() {
    let mut trial = Trial::new("generated");
    trial.change(
        r#"
table t {
    column a int
    column becomes_generated int nullable
    column becomes_plain int generated=(sql)"a + 1" comment=c
    column changes int generated=(sql)"a + 2"
    index changes becomes_plain
    unique a changes
}
view v { as (sql)"SELECT changes, becomes_plain FROM t" }
"#,
        "INSERT INTO t (a) VALUES (1), (2)",
        r#"
table t {
    column a int
    column becomes_generated int generated=(sql)"a + 5" nullable
    column becomes_plain int comment=c
    column changes int generated=(sql)"a + 3"
    column comes int generated=(sql)"a * later"
    column later int default=1
    index changes becomes_plain
    unique a changes
    check "comes > 0"
}
view v { as (sql)"SELECT changes, becomes_plain FROM t" }
"#,
        Rows::Changed,
    );
    assert_eq!(trial.query("SELECT becomes_plain FROM t ORDER BY a"), ["2", "3"], "the values stayed");
}

#[test]
fn virtual_columns_need_18_and_are_as_good_there() {
    let before = "table t { column a int }";
    let after = "table t { column a int; column b int generated=(sql)\"a + 1\" virtual }";
    let refused = problems(before, after, 17);
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].message, "the virtual column `t.b` needs PostgreSQL 18, and this is 17");
    let mut trial = Trial::new("virtual");
    if trial.version.major >= 18 {
        trial.change(before, "INSERT INTO t VALUES (1)", after, Rows::Kept);
        let plain = "table t { column a int; column b int }";
        trial.change(after, "INSERT INTO t VALUES (1)", plain, Rows::Kept);
        assert_eq!(trial.query("SELECT b FROM t"), ["2"]);
    }
}

#[test]
fn every_cast_that_has_a_rule_works() {
    let mut trial = Trial::new("casts");
    for (from, to, value) in [
        ("smallint", "bigint", "1"),
        ("bigint", "smallint", "1"),
        ("int", "double", "1"),
        ("double", "decimal(10,2)", "1.5"),
        ("decimal(10,2)", "int", "3"),
        ("int", "bool", "1"),
        ("bool", "smallint", "true"),
        ("bool", "decimal(5,1)", "true"),
        ("bigint", "bool", "1"),
        ("bool", "text", "true"),
        ("text", "bool", "true"),
        ("text", "int", "12"),
        ("text", "decimal(5,2)", "1.25"),
        ("varchar(20)", "varchar(10)", "abc"),
        ("text", "char(3)", "abc"),
        ("text", "uuid", "8f0e8c0a-0000-4000-8000-000000000001"),
        ("text", "json", "{\"a\": 1}"),
        ("text", "bytes", "abc"),
        ("text", "date", "2020-01-02"),
        ("text", "interval", "1 day"),
        ("date", "timestamp", "2020-01-02"),
        ("date", "timestamptz", "2020-01-02"),
        ("timestamp", "timestamptz", "2020-01-02 03:04:05"),
        ("timestamptz(3)", "timestamptz", "2020-01-02 03:04:05Z"),
        ("time", "interval", "03:04:05"),
        ("text[]", "varchar(5)[]", "{a,b}"),
        ("int[]", "bigint[]", "{1,2}"),
        ("int[]", "text", "{1,2}"),
        ("text[]", "int[]", "{1,2}"),
        ("bool[]", "int[]", "{t,f}"),
        ("inet", "cidr", "10.0.0.0/8"),
        ("bit(3)", "varbit(5)", "101"),
        ("jsonb", "pg_catalog.json", "{\"a\": 1}"),
        ("numeric", "money", "1.50"),
        ("int", "money", "2"),
        ("money", "int", "2"),
    ] {
        trial.change(
            &format!("table t {{ column v \"{from}\" nullable }}"),
            &format!("INSERT INTO t VALUES ('{value}'), (NULL)"),
            &format!("table t {{ column v \"{to}\" nullable }}"),
            Rows::Kept,
        );
    }
}

#[test]
fn a_cast_without_a_rule_is_refused() {
    for (from, to) in [("bool", "date"), ("uuid", "int"), ("json", "timestamp"), ("int[]", "int")] {
        let table = |ty| format!("table t {{ column v \"{ty}\" }}");
        let refused = problems(&table(from), &table(to), 18);
        assert_eq!(
            refused.iter().map(|problem| problem.code.id).collect::<Vec<_>>(),
            ["E531"],
            "{from} {to}"
        );
    }
}

/// What a table is written anew for shares one statement, whatever stands between in the plan.
#[test]
fn changes_of_one_table_share_one_statement() {
    let mut trial = Trial::new("one_statement");
    let sql = trial.change(
        r#"
table items {
    column a int default=1 comment=a
    column b text comment=b
    column c int
    column d int nullable
    column total int generated=(sql)"a * c" comment=t
    index name=items_b { on (sql)"lower(b)" }
}
table other { column a int }
view shown { as (sql)"SELECT c FROM items" }
"#,
        "INSERT INTO items (a, b, c, d) VALUES (2, 'x', 3, 4)",
        r#"
table items {
    column a bigint default=2 comment=aa
    column b "varchar(50)" comment=bb
    column c bigint comment=cc
    column d int
    column more int default=0 comment=m
    column total int generated=(sql)"a * c + more" comment=t
    index name=items_b { on (sql)"lower(b)" }
}
table other { column a bigint }
view shown { as (sql)"SELECT c FROM items" }
"#,
        Rows::Changed,
    );
    assert_eq!(sql.matches("ALTER TABLE \"items\"").count(), 1, "{sql}");
    insta::assert_snapshot!(sql, @r#"
    DROP INDEX "items_b";
    DROP VIEW "shown";
    ALTER TABLE "items"
        DROP COLUMN "total",
        ALTER COLUMN "a" DROP DEFAULT,
        ALTER COLUMN "a" TYPE bigint,
        ALTER COLUMN "b" TYPE varchar(50),
        ALTER COLUMN "c" TYPE bigint,
        ADD COLUMN "more" integer DEFAULT 0 NOT NULL,
        ADD COLUMN "total" integer GENERATED ALWAYS AS (a * c + more) STORED NOT NULL,
        ALTER COLUMN "d" SET NOT NULL,
        ALTER COLUMN "a" SET DEFAULT 2;
    COMMENT ON COLUMN "items"."more" IS 'm';
    COMMENT ON COLUMN "items"."a" IS 'aa';
    COMMENT ON COLUMN "items"."b" IS 'bb';
    COMMENT ON COLUMN "items"."c" IS 'cc';
    COMMENT ON COLUMN "items"."total" IS 't';
    ALTER TABLE "other" ALTER COLUMN "a" TYPE bigint;
    CREATE INDEX "items_b" ON "items" ((lower(b)));
    CREATE VIEW "shown" AS
    SELECT c FROM items;
    "#);
}

#[test]
fn an_expression_takes_up_a_new_column() {
    let mut trial = Trial::new("expression");
    trial.change(
        "table t { column a int; column sum int generated=(sql)\"a + 1\" }",
        "INSERT INTO t VALUES (1)",
        "table t { column a int; column b int default=5; column sum int generated=(sql)\"a + b\" }",
        Rows::Changed,
    );
    assert_eq!(trial.query("SELECT sum FROM t"), ["6"]);
}

#[test]
fn an_expression_follows_a_rename_on_the_way_back_as_well() {
    let table = |column: &str, expression: &str| {
        format!(
            "table t {{ column id int primary-key; column {column}; column b bigint generated=(sql)\"{expression}\" }}"
        )
    };
    let mut trial = Trial::new("followed");
    let rows = "INSERT INTO t (id, a) VALUES (1, 5)";
    trial.change(&table("a bigint", "a + 2"), rows, &table("z bigint was=a", "z + 2"), Rows::Kept);
    let mut trial = Trial::new("followed_and_changed");
    trial.change(&table("a bigint", "a + 2"), rows, &table("z bigint was=a", "z * 2"), Rows::Kept);
}
