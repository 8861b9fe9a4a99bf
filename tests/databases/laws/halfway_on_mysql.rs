//! Halves of revisions that could not be told or undone once, on MySQL and MariaDB: each case broke the law of statements
//! that commit by themselves.

use super::found_on_mysql::holds;

#[test]
fn a_check_that_a_column_takes_along_comes_back_from_halfway() {
    holds(
        "table a { column x int nullable; check name=c \"x IS NULL OR x > 0\" }
         table b { column y int }",
        "table a { column x2 int nullable; check name=c \"x2 IS NULL OR x2 > 0\" }
         table b { column y int unique }",
    );
}

#[test]
fn an_object_that_gets_another_name_comes_back_from_halfway() {
    holds(
        "table n { column id int }\nobject f { create \"CREATE PROCEDURE f() BEGIN END\"; drop \"DROP PROCEDURE f\" }",
        "table n { column id int }\nobject g was=f { create \"CREATE PROCEDURE g() BEGIN END\"; drop \"DROP PROCEDURE g\" }",
    );
}

#[test]
fn a_view_is_replaced_when_what_it_read_is_gone() {
    let view = |column: &str| format!("view v {{ depends-on t; as (sql)\"SELECT id, {column} FROM t\" }}");
    holds(
        &format!("table t {{ column id int primary-key; column a int }}\n{}", view("a")),
        &format!("table t {{ column id int primary-key; column b text nullable }}\n{}", view("b")),
    );
    // And dropped.
    let over = "view w { depends-on v; as (sql)\"SELECT count(*) AS n FROM v\" }";
    holds(
        &format!("table t {{ column id int primary-key; column a int }}\n{}\n{over}", view("a")),
        &format!(
            "table t {{ column id int primary-key; column b text nullable }}\n(sqlite){}\n(sqlite){over}",
            view("b")
        ),
    );
}

#[test]
fn a_foreign_key_that_gets_another_name_is_gone_for_a_while() {
    holds(
        "table b { column a int unique }
         table t { column x int nullable references=b.a; column c int; check \"c > 0\" }",
        "table b { column a int unique }
         table t { column y int nullable; foreign-key y references=b.a on-delete=cascade was=t_x_fkey
             column d int; check \"d > 0\" was=t_c_check }",
    );
}

#[test]
fn a_foreign_key_that_comes_again_under_its_name_is_gone_for_a_while() {
    let table = |key: &str| {
        format!(
            "table t {{ column a int nullable; column {key} int; primary-key {key} name=p
                 foreign-key a references=t.{key} name=f; check name=c \"{key} IS NOT NULL\" }}"
        )
    };
    holds(&table("x"), &table("y"));
}

#[test]
fn a_view_that_is_replaced_when_what_it_read_is_gone_comes_back_from_halfway() {
    for gone in ["table x { column id int }", "view x { as (sql)\"SELECT 1 AS id\" }"] {
        holds(
            &format!("{gone}; view v {{ depends-on x; as (sql)\"SELECT count(*) AS n FROM x\" }}"),
            "table t { column id int }; view v { depends-on t; as (sql)\"SELECT count(*) AS n FROM t\" }",
        );
    }
}

#[test]
fn a_foreign_key_that_gets_another_name_and_other_columns_is_gone_for_a_while() {
    holds(
        "table t { column p int; column q int; column x int nullable; column y int nullable; column z int nullable
             unique p z; unique q p; foreign-key x y { references t q p; }; }",
        "table t { column p int; column q int; column x2 int nullable; column y2 int nullable
             unique p q was=t_q_p_key; unique q p was=t_p_z_key
             foreign-key x2 y2 was=t_x_y_fkey { references t p q; }; }",
    );
}

#[test]
fn a_view_is_replaced_when_the_columns_are_there_that_it_reads() {
    holds(
        "table t { column a int }
         view v { as (sql)\"SELECT a FROM t\" }
         view w { as (sql)\"SELECT count(*) AS n FROM v\" }",
        "table t { column b int }
         view u { as (sql)\"SELECT b FROM t\" }
         view w { as (sql)\"SELECT count(*) AS n FROM u\" }",
    );
}

#[test]
fn a_table_that_is_referred_to_gets_another_name_while_the_foreign_key_is_gone() {
    holds(
        "table c { column o timestamptz unique; column x smallint; column n timestamptz nullable
             foreign-key x references=p.a; foreign-key n references=c.o name=k }
         table p { column a smallint nullable unique; column b bigint nullable; column s smallint nullable; column t timestamptz nullable
             foreign-key t references=c.o name=f; foreign-key s references=p.a name=g }",
        "table c { column o timestamptz unique; column y bigint; column y2 bigint; column z smallint; column z2 smallint
             foreign-key y z { references q b a; }; foreign-key y2 z2 name=k { references q b a; }; }
         table q was=p { column a smallint nullable; column b bigint nullable; column r bigint nullable; column s smallint nullable
             column t timestamptz nullable; unique b a was=p_a_key
             foreign-key t references=c.o name=f; foreign-key r s name=h was=g { references q b a; }; }",
    );
}

#[test]
fn a_view_comes_with_a_column_that_is_called_like_a_broken_view() {
    holds(
        "table t { column a int }
         view v { as (sql)\"SELECT a FROM t\" }
         view w { depends-on v; as (sql)\"SELECT count(*) AS n FROM v\" }",
        "table t { column w int }
         view u { depends-on t; as (sql)\"SELECT w FROM t\" }
         view w { depends-on u; as (sql)\"SELECT count(*) AS n FROM u\" }",
    );
}

#[test]
fn a_foreign_key_leads_elsewhere_while_a_column_of_its_key_gets_another_type() {
    holds(
        "table t { column a \"char(3)\" nullable; column b \"varchar(20)\" nullable; column c \"char(3)\"; column d \"varchar(20)\"
             unique c d; foreign-key a b name=k { references t c d; }; }",
        "table t { column e \"varchar(20)\" nullable; column f \"char(3)\" nullable; column c json; column d \"varchar(20)\"
             column g \"char(3)\"; primary-key d g; foreign-key e f name=k { references t d g; }; }",
    );
}

#[test]
fn foreign_keys_of_one_table_come_back_one_after_the_other() {
    let table = |ty: &str, more: &str| {
        format!(
            "table t {{ column a {ty} unique {more}; column b_{ty} {ty} nullable references=t.a on-update=cascade
                 column c_{ty} {ty} nullable; foreign-key c_{ty} references=t.a name=z; index a b_{ty} }}"
        )
    };
    holds(&table("date", "nullable"), &table("int", "default=3"));
}

#[test]
fn a_key_leaves_a_column_that_becomes_virtual() {
    holds(
        "enum e aa
         table t { column s (enum)e default=aa; column o real; column p double nullable; column v \"varchar(20)\"
             unique p o; unique v o name=k; index o unique; index s name=j; check \"s IS NOT NULL AND o IS NOT NULL\" name=c
             index unique name=z { on o order=desc; on p order=desc; }; }",
        "table t { column s text default=\"3\"; column o real; column p double nullable
             column v text nullable virtual generated=(sql)\"lower(s)\"; unique p o; unique o p name=k; index o unique
             check \"p IS NULL OR p IS NOT NULL\" name=d was=c; index name=j { on s prefix=10; }
             index unique name=z { on p order=desc; on o order=desc; }; }",
    );
}
