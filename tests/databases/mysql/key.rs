//! Keys that foreign keys rest on: the server never lets them be without one.

use super::trial::{Rows, Trial};

const ROWS: &str =
    "INSERT INTO parent VALUES (1, 1, 10), (2, 2, 20); INSERT INTO child VALUES (1, 1, 1), (2, 2, 2)";

#[test]
fn a_key_that_is_referred_to_gives_way_to_another() {
    let parent = |keys: &str| {
        format!(
            "table parent {{ column id int; column code int; column n int; {keys} }}
             table child {{ column id int primary-key; column parent int references=parent.id
                 column code int references=parent.code }}"
        )
    };
    let shapes = [
        ["primary-key id; unique code", "primary-key code; unique id"],
        ["primary-key id; unique name=u code", "primary-key code; unique name=u id"],
        ["unique id; unique code n; unique code", "primary-key code; unique id n; unique name=v id"],
        ["unique name=u id; unique name=v code", "unique name=u code; unique name=v id"],
        [
            "index unique name=u id; unique name=v code",
            "unique name=w id; index unique name=x code; index code n",
        ],
    ];
    for [before, after] in shapes {
        Trial::new("keys").change(&parent(before), ROWS, &parent(after), Rows::Kept);
    }
}

#[test]
fn a_key_stays_until_the_next_is_there_while_other_tables_change() {
    let schema = |parent: &str, child: &str| {
        format!(
            "table parent {{ column id int primary-key; column code int; column n int; {parent} }}
             table child {{ column id int primary-key; column parent int references=parent.code
                 column n int; {child} }}"
        )
    };
    Trial::new("stays").change(
        &schema("unique code", "index parent"),
        ROWS,
        &schema("index unique code", "column more int nullable; index parent n"),
        Rows::Kept,
    );
    Trial::new("primary").change(
        "table parent { column id int; column code int; column n int; primary-key code }
         table child { column id int primary-key; column parent int references=parent.code; column n int }",
        ROWS,
        "table parent { column id int; column code int; column n int; unique code }
         table child { column id int primary-key; column parent int references=parent.code; column n int
             column more int nullable }",
        Rows::Kept,
    );
}

#[test]
fn a_view_that_changes_comes_behind_those_that_it_reads() {
    let views = |column: &str| {
        format!(
            "table t {{ column id int primary-key }}
             view z {{ depends-on t; as (sql)\"SELECT id AS {column} FROM t\" }}
             view m {{ depends-on z; as (sql)\"SELECT {column} FROM z\" }}
             view a {{ depends-on m; as (sql)\"SELECT {column} FROM m\" }}"
        )
    };
    Trial::new("views").change(&views("one"), "SELECT 1", &views("two"), Rows::Kept);
}
