//! Constraints, indexes, tables as a whole.

use super::trial::{Rows, Trial, problems};

#[test]
fn constraints_come_change_and_go() {
    Trial::new("constraints").change(
        r#"
table a { column id int primary-key; column x int; column y int nullable; unique y name=ay; unique x name=ax; check "x > 0" name=ac }
table b {
    column id int primary-key
    column x int nullable references=a.x on-delete=cascade
    column y int nullable
    check "y > 0" name=gone
    unique y
    index y name=by
}
"#,
        "INSERT INTO a VALUES (1, 1, 1), (2, 2, 2); INSERT INTO b VALUES (1, 1, 1)",
        r#"
table a {
    column id int
    column x int
    column y int
    primary-key id x
    unique x name=ax
    unique y deferrable=deferred name=ay
    check "x > 0 OR y > 0" name=ac
}
table b {
    column id int primary-key
    column x int nullable references=a.x on-delete=set-null on-update=cascade deferrable
    column y int nullable
    unique y name=renamed was=b_y_key
    index name=by comment=c { on y order=desc }
    index id unique name=covering { include y }
}
"#,
        Rows::Kept,
    );
}

/// The change of another table keeps both from being one statement.
#[test]
fn a_column_leaves_the_primary_key_before_it_may_hold_null() {
    Trial::new("key_column").change(
        r#"
table t { column a int primary-key; column b int nullable }
table u { column a "varchar(9)" }
"#,
        "INSERT INTO t VALUES (1, 1); INSERT INTO u VALUES ('x')",
        r#"
table t { column a int nullable default=4; column b int primary-key }
table u { column a text }
"#,
        Rows::Kept,
    );
}

#[test]
fn nulls_not_distinct_needs_15() {
    let before = "table t { column a int nullable }";
    let after =
        "table t { column a int nullable; unique a nulls-not-distinct; index a unique nulls-not-distinct }";
    assert_eq!(problems(before, after, 14).len(), 2);
    Trial::new("nulls").change(before, "INSERT INTO t VALUES (NULL)", after, Rows::Kept);
}

#[test]
fn tables_that_refer_to_each_other_come_and_go() {
    Trial::new("cycle").change(
        "",
        "",
        r#"
table a { column id int primary-key; column b_id int nullable references=b.id; column up int nullable references=a.id }
table b { column id int primary-key; column c_id int nullable references=c.id }
table c { column id int primary-key; column a_id int nullable references=a.id }
"#,
        Rows::Kept,
    );
}

#[test]
fn a_referenced_table_goes_and_tables_move() {
    Trial::new("moves").change(
        r#"
namespace billing
table a { column id int primary-key }
table b { column id bigint identity primary-key; column a_id int references=a.id; index a_id }
namespace_less
"#
        .replace("namespace_less\n", "")
        .replace("namespace billing\n", "schema billing\n")
        .as_str(),
        "INSERT INTO a VALUES (1); INSERT INTO b (a_id) VALUES (1)",
        r#"
schema billing { table c was=b { column id bigint identity primary-key; column a_id int; index a_id } }
"#,
        Rows::Changed,
    );
}

#[test]
fn options_change() {
    Trial::new("options").change(
        "table t { column a int; (postgres)options fillfactor=70 autovacuum_enabled=#false }",
        "INSERT INTO t VALUES (1)",
        "table t { column a int; (postgres)options unlogged=#true fillfactor=80 row-level-security=#true }",
        Rows::Kept,
    );
}
