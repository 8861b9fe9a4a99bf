//! Keys that foreign keys rest on: the server never lets them be without one.

use super::trial::{Rows, Trial};
use crate::faults::Shop;
use crate::support::mysql;

const SECOND: &str = "revisions/0002_second.kdl";

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
fn a_column_that_numbers_rows_comes_with_its_key_while_other_tables_change() {
    let schema =
        |u: &str, v: &str| format!("table u {{ column x int; {u} }}\ntable v {{ column x int; {v} }}");
    for u in [
        "column id bigint identity primary-key",
        "column id bigint identity identity-start=50; index unique id",
        "column id bigint identity; index id; primary-key x id",
        "column id bigint identity primary-key; column twice bigint nullable { generated (sql)\"x * 2\" }
         check (sql)\"x > 0\" name=some; index x id",
    ] {
        Trial::new("numbers").change(
            &schema("", ""),
            "INSERT INTO u VALUES (1), (2); INSERT INTO v VALUES (1)",
            &schema(u, "column y int nullable"),
            Rows::Kept,
        );
    }
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

#[test]
fn a_hook_between_a_key_and_the_next_is_told_before_anything_runs() {
    let shop = |key: &str| {
        format!(
            "table parent {{ column id int primary-key; column code int; {key} }}
             table child {{ column id int primary-key; column code int references=parent.code }}"
        )
    };
    let schemas = [shop("unique name=one code"), shop("index name=two unique code")];
    let database = mysql::database("between");
    let shop = Shop::between(&database.url, [&schemas[0], &schemas[1]]);
    let text = shop.project.read(SECOND);
    let with_hook = |place: usize| {
        shop.project.write(SECOND, &text);
        let sql = "UPDATE parent SET code = 1 WHERE id = 1";
        shop.insert_hook(SECOND, place, &format!("data fill {{ up (sql)\"{sql}\"; down nothing }}"));
        shop.project.run(&["apply", "--dry-run", "--allow-destructive", "all"])
    };
    with_hook(0).ok();
    with_hook(2).ok();
    let words = with_hook(1).fails(1);
    let said = "`child_code_fkey` of `child` refers to `code` of `parent`, whose key goes in front of a hook \
                and the next one comes behind it";
    assert!(words.contains("error[E573]") && words.contains(said), "{words}");
}

#[test]
fn a_hook_between_a_column_that_numbers_rows_and_its_key_is_told_before_anything_runs() {
    let schemas = [
        "table t { column a int; column b int; primary-key a b }",
        "table t { column a int; column b int; column id bigint identity; primary-key id; unique a b }",
    ];
    let database = mysql::database("numbered");
    let shop = Shop::between(&database.url, schemas);
    let text = shop.project.read(SECOND);
    let with_hook = |place: usize| {
        shop.project.write(SECOND, &text);
        shop.insert_hook(SECOND, place, "data fill { up (sql)\"UPDATE t SET b = 1\"; down nothing }");
        shop.project.run(&["apply", "--dry-run", "--allow-destructive", "all"])
    };
    with_hook(0).ok();
    let words = with_hook(1).fails(1);
    let said = "`t.id` numbers the rows, and a hook stands between it and the key that begins with it";
    assert!(words.contains("error[E574]") && words.contains(said), "{words}");
}
