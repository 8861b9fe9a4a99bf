//! What the laws have found on MySQL and MariaDB: each case broke one of them once.

use schemactl::model::Naming;

use super::found::limited_rows;
use super::{Outcome, Stages, partway, read_for};
use crate::stage::Stage;
use crate::strategies::Pair;

#[track_caller]
pub fn holds(before: &str, after: &str) {
    let [before, after] = [before, after].map(|text| read_for(text, Naming::PerTable));
    let pair = Pair { from: before.state, to: after.state, renames: after.renames };
    Stages::new(Stage::mysql).demand(&pair);
    let outcome = partway::hold(&mut Stage::mysql(), &pair);
    assert_eq!(outcome.unwrap_or_else(|problem| panic!("{problem}")), Outcome::Whole);
}

#[test]
fn a_column_of_another_database_has_a_name_before() {
    holds(
        "table a { column id int; (sqlite)column a3 text; (sqlite)index name=i a3 }",
        "table a { column id int; column a3 int }",
    );
    holds("table a { column id int; column a3 int }", "table a { column id int; (sqlite)column a3 int }");
    holds(
        "table a { column id int; column a3 int }",
        "table a { column id int; (sqlite)column a3 int; column a4 int was=a3 }",
    );
}

#[test]
fn a_column_goes_while_its_foreign_key_is_over_another() {
    holds(
        "table p { column a int primary-key; column b int }
         table t { column id int; column x int nullable; foreign-key x references=p.a name=f }",
        "table p { column a int; column b int; unique a b }
         table t { column id int; column y int nullable; column z int nullable
             foreign-key y z name=f { references p a b } }",
    );
}

#[test]
fn a_new_column_takes_the_new_collation_of_its_table() {
    let plain = "table a { column b text; column n int }";
    let own = "table a { (mysql)options collation=utf8mb4_icelandic_ci; column a text }";
    holds(own, plain);
    holds(plain, own);
}

#[test]
fn a_column_that_is_made_anew_has_its_keys_and_checks_again() {
    holds(
        "table a { column users bigint; index users; index users name=other }",
        "table a { column a int; column users int nullable virtual generated=(sql)\"a + 1\"; index a; index users }",
    );
    holds(
        "table a { column users bigint; check \"users >= 0\" name=k; check \"users < 900\" name=l }",
        "table a { column a int; column users bigint nullable virtual generated=(sql)\"a + 1\"
            check \"a >= 0\" name=k; check \"users < 900\" name=l }",
    );
}

#[test]
fn reference_rows_follow_a_column_to_the_dialects_that_have_it() {
    for limits in [["", "(sqlite)"], ["(sqlite)", ""], ["(sqlite)", "(mysql)"]] {
        let [before, after] = limited_rows(limits);
        holds(&before, &after);
    }
}

#[test]
fn a_view_over_one_with_an_odd_name_comes_after_it() {
    holds(
        "table t { column id int }",
        "table t { column id int }\nview a { as (sql)\"SELECT count(*) AS n FROM `b c`\" }
         view \"b c\" { as (sql)\"SELECT 1 AS one\" }",
    );
}

#[test]
fn a_column_that_its_own_table_refers_to_gets_another_name_than_the_one_that_follows() {
    holds(
        "table a { column a int unique; column a2 text; column a3 text; column a4 text
             column \"int a\" int nullable references=a.a; check \"a >= 0\" }",
        "table a { column b int unique was=a; column a text was=a2; column a2 text was=a3; column a3 text was=a4
             column \"int a\" int nullable references=a.b; check \"b >= 0\" }",
    );
}

#[test]
fn a_column_of_a_foreign_key_gets_another_name_beside_what_speaks_of_it() {
    let parent = |column: &str, more: &str| {
        format!("table p {{ column id int; column {column} unique; column at date nullable; {more} }}\n")
    };
    let child = |column: &str, name: &str, more: &str| {
        format!("table c {{ column {column} nullable; foreign-key {name} name=f references=p.REF; {more} }}")
    };
    let pair = |before: (String, String), after: (String, String), refs: [&str; 2]| {
        let [before, after] = [before, after].map(|(parent, child)| parent + &child);
        holds(&before.replace("REF", refs[0]), &after.replace("REF", refs[1]));
    };
    // Checks, on either side, and one that has nothing to do with the column.
    for more in ["check name=k \"COL > 0\"", "check name=k \"at > '2000-01-01'\""] {
        let p = |name: &str, was: &str| parent(&format!("{name} int{was}"), &more.replace("COL", name));
        let c = child("x int", "x", "");
        pair((p("a", ""), c.clone()), (p("b", " was=a"), c), ["a", "b"]);
    }
    let p = || parent("a int", "");
    let c = |name: &str, was: &str| {
        child(&format!("{name} int{was}"), name, &format!("check name=k \"{name} > 0\""))
    };
    pair((p(), c("x", "")), (p(), c("y", " was=x")), ["a", "a"]);
    // Computed columns.
    for storage in ["virtual nullable", ""] {
        let g = |name: &str| format!("column g int {storage} {{ generated (sql)\"{name} + 1\" }}; ");
        let p = |name: &str, was: &str| parent(&format!("{name} int{was}"), &g(name));
        let c = child("x int", "x", "");
        pair((p("a", ""), c.clone()), (p("b", " was=a"), c), ["a", "b"]);
    }
    // Both, on both sides.
    let p = |name: &str, was: &str| {
        let more = format!("column g int {{ generated (sql)\"{name} + 1\" }}; check name=l \"{name} > 0\"");
        parent(&format!("{name} int{was}"), &more)
    };
    pair((p("a", ""), c("x", "")), (p("b", " was=a"), c("y", " was=x")), ["a", "b"]);
}

#[test]
fn a_key_that_is_referred_to_is_no_primary_key_any_more() {
    holds(
        "table a { column a smallint primary-key }\ntable a2 { column a text }
         table a3 { column x smallint references=a.a }",
        "table a { column a smallint nullable unique }\ntable a2 { column b bytes; column a text }
         table a3 { column x smallint references=a.a }",
    );
    // Another table changes between the column and the next key.
    holds(
        "table a { column a smallint primary-key }\ntable a3 { column x smallint references=a.a }
         table a4 { column b text; column a text }",
        "table a { column a smallint nullable unique }\ntable a3 { column x smallint references=a.a }
         table a4 { column a text }",
    );
}

#[test]
fn a_column_becomes_computed_from_computed_ones_behind_it() {
    holds(
        "table a { column a text }",
        "table a { column a text nullable generated=(sql)\"lower(b)\"; column b text default=x }",
    );
    holds(
        "table a { column a int; column b int; column c int nullable virtual generated=(sql)\"b + 1\" }",
        "table a { column a int nullable generated=(sql)\"c + d\"; column b int
            column c int nullable virtual generated=(sql)\"b + 1\"; column d int default=(sql)\"1 + 1\" }",
    );
    holds(
        "table a { column a int nullable virtual generated=(sql)\"b + 1\"; column b int
            column c int nullable virtual generated=(sql)\"b + 2\" }",
        "table a { column a int nullable virtual generated=(sql)\"c + d\"; column b int
            column c int nullable virtual generated=(sql)\"b + 2\"; column d int nullable virtual generated=(sql)\"b + 3\" }",
    );
    holds(
        "table a { column a int nullable virtual generated=(sql)\"c + 1\"; column b int
            column c int nullable virtual generated=(sql)\"b + 2\" }",
        "table a { column a int nullable virtual generated=(sql)\"b + 1\"; column b int }",
    );
    holds(
        "table a { column a int nullable virtual generated=(sql)\"c + 1\"; column b int
            column c int nullable virtual generated=(sql)\"b + 2\" }",
        "table a { column a int nullable virtual generated=(sql)\"c + 1\"; column b int
            column c int nullable generated=(sql)\"b + 2\" }",
    );
    holds(
        "table a { column b int; column c int nullable virtual generated=(sql)\"b + 2\"
            column d int nullable virtual generated=(sql)\"b + 3\"; column e int nullable virtual generated=(sql)\"c + 1\" }",
        "table a { column b int; column c int nullable generated=(sql)\"b + 2\"
            column d int nullable virtual generated=(sql)\"b + 4\"; column e int nullable virtual generated=(sql)\"c + 1\" }",
    );
}

#[test]
fn a_constraint_with_a_name_like_the_server_s_own_keeps_it_when_its_table_gets_another() {
    let table = |name: &str, mark: &str, more: &str| {
        format!(
            "table p {{ column id int primary-key }}
             table {name} {{ column id int primary-key; column a int; column b int; column c int; index b
                 foreign-key a references=p.id name={mark}_ibfk_1; foreign-key b references=p.id name={mark}_ibfk_2
                 foreign-key c references=\"{}\" name=own; check \"a > 0\" name={mark}_chk_1; {more} }}",
            name.split(' ').next().unwrap_or_default().to_owned() + ".id",
        )
    };
    holds(&table("t", "t", ""), &table("u was=t", "t", ""));
    holds(&table("t", "t", ""), &table("u was=t", "t", "column d int nullable; index a"));
    holds(&table("t", "u", ""), &table("u was=t", "u", ""));
    holds(&table("t", "t", ""), &table("u was=t", "t", "").replace("a > 0", "a > 1"));
    // With its table, as the server would have it.
    let renamed = table("u was=t", "u", "")
        .replace("name=u_ibfk_1", "name=u_ibfk_1 was=t_ibfk_1")
        .replace("name=u_ibfk_2", "name=u_ibfk_2 was=t_ibfk_2")
        .replace("name=u_chk_1", "name=u_chk_1 was=t_chk_1");
    holds(&table("t", "t", ""), &renamed);
}

#[test]
fn a_column_that_is_referred_to_takes_no_null_in_a_table_that_is_copied() {
    let table = |nullable: &str, more: &str| {
        format!(
            "table a {{ column a date{nullable} unique; column b date nullable references=a.a; column c text; {more} }}"
        )
    };
    for more in ["check \"a > '2000-01-01'\"", "index c method=fulltext"] {
        holds(&table(" nullable", more), &table("", more));
    }
}

#[test]
fn a_foreign_key_comes_when_all_its_columns_have_their_types() {
    holds(
        "table a { column a text }
         table b { column a real unique; column x real nullable; foreign-key x references=b.a name=f }",
        "table a { column c text }
         table b { column a int unique; column y int nullable; foreign-key y references=b.a name=f }",
    );
    holds(
        "table a { column id int primary-key }\ntable z { column id int }",
        "table a { column id bigint primary-key }\ntable b { column a_id bigint references=a.id }\ntable z { column id2 int }",
    );
    // A column of its own gets its type only when another foreign key has let go of it.
    holds(
        "table a { column id int primary-key }
         table b { column x int nullable; column y date unique; foreign-key x references=a.id name=f }
         table c { column k date nullable; column m int nullable; foreign-key k references=b.y name=z }",
        "table a { column id int primary-key }
         table b { column x int nullable; column y int unique; foreign-key y references=a.id name=f }
         table c { column k date nullable; column m int nullable; foreign-key m references=a.id name=z }",
    );
}

#[test]
fn a_foreign_key_follows_the_order_of_the_key_that_it_refers_to() {
    let table = |key: &str, new: &str, own: &str| {
        format!(
            "table b {{ column a real; column b int; column {new} int nullable; column y real nullable
                 unique {key} name=k; foreign-key {own} name=f {{ references b {key} }} }}"
        )
    };
    // Another table changes between the two.
    holds(
        &format!("table a {{ column a text; index {{ on a prefix=10 }} }}\n{}", table("a b", "x", "y x")),
        &format!("table a {{ column a int; index a }}\n{}", table("b a", "z", "z y")),
    );
}

#[test]
fn a_referred_primary_key_waits_for_the_unique_key_that_takes_its_place() {
    let table =
        |more: &str| format!("table p {{ column a int {more} }}\ntable c {{ column x int references=p.a }}");
    holds(
        &format!("{}\ntable z {{ column a text nullable }}", table("unique; column b int primary-key")),
        &format!("{}\ntable z {{ column a text }}", table("primary-key")),
    );
}

#[test]
fn a_key_that_orders_the_rows_comes_to_words_that_are_indexed() {
    holds(
        "table t { column a text; index a method=fulltext }",
        "table t { column a text; column b int; index a method=fulltext; index b unique }",
    );
}

#[test]
fn columns_of_one_enum_get_its_values_together() {
    holds(
        "enum e a b\ntable t { column x e default=a; column y e nullable; column z int }",
        "enum e c b a\ntable t { column x e default=a; column y e nullable; column z int }",
    );
}

#[test]
fn a_column_becomes_too_long_for_the_primary_key_that_it_leaves() {
    holds(
        "table a { column a int primary-key; column b text nullable; column c text }",
        "table a { column c int primary-key }",
    );
}

#[test]
fn a_key_that_may_order_the_rows_changes_beside_another_one() {
    holds(
        "table a { column a int; unique a name=k }",
        "table a { column a int; column b int; unique b name=k; unique a name=l }",
    );
}

#[test]
fn a_column_becomes_virtual_as_it_leaves_the_primary_key() {
    holds(
        "table a { column b int primary-key }",
        "table a { column a int primary-key; column b int nullable virtual generated=(sql)\"a + 1\" }",
    );
    holds(
        "table a { column b int primary-key }",
        "table a { column a int primary-key; column b int nullable generated=(sql)\"a + 1\" }",
    );
}

#[test]
fn a_virtual_column_with_an_index_gets_a_comment() {
    let table = |more: &str| {
        format!(
            "table t {{ column a int; column b int nullable virtual generated=(sql)\"a + 1\" {more}; index b }}"
        )
    };
    holds(&table(""), &table("comment=said"));
}

#[test]
fn a_virtual_column_goes_before_plain_ones() {
    holds(
        "table t { column a \"varchar(320)\" }",
        "table t { column b text; column c text nullable virtual generated=(sql)\"lower(b)\" }",
    );
}

#[test]
fn a_table_is_copied_while_a_unique_key_is_too_long_for_a_tree() {
    holds(
        "table a { column a int; column b int; column c text; unique a name=k }",
        "table a { column a text nullable generated=(sql)\"lower(c)\"; column b int; column c text; unique b name=k }",
    );
    if crate::support::mysql::is_mariadb() {
        let named = |column: &str, was: &str, more: &str| {
            format!(
                "table a {{ column {column} \"varchar(1000)\"{was}; unique {column} name=k; column b int; {more} }}"
            )
        };
        let table = |more: &str| named("a", "", more);
        let long = table("check name=c \"b > 0\"; index b name=i");
        holds(&long, &table("column d int; index d name=i"));
        holds(&long, &named("x", " was=a", "unique b name=l"));
        holds(&long, &long.replace("1000", "1001").replace("table a", "table a comment=said"));
        holds("table a { column a \"varchar(1000)\"; column b int }", &table("column d int nullable"));
    }
}

#[test]
fn a_unique_key_gets_the_name_of_a_check_that_goes() {
    for key in ["unique a", "index a unique"] {
        holds(
            &format!("table a {{ column a int; check \"a >= 0\" name=k; {key} name=j }}"),
            &format!("table a {{ column a int; {key} name=k was=j }}"),
        );
        holds(
            &format!("table a {{ column a int; check \"a >= 0\" name=k; {key} name=j }}"),
            &format!("table a {{ column a int; check \"a >= 0\" name=l was=k; {key} name=k was=j }}"),
        );
    }
}

#[test]
fn a_table_refers_to_a_key_of_its_own_that_comes_along() {
    let before = "table t { column a text; column b int }";
    holds(before, "table t { column a int identity primary-key; column b int references=t.a }");
    holds(
        before,
        "table t { column a int unique; column b int references=t.a; column c int { generated (sql)\"a\" } }",
    );
    holds(
        "table t { column a bigint unique; column b int }",
        "table t { column a int unique; column b int references=t.a }",
    );
}

#[test]
fn a_foreign_key_gets_the_name_of_one_in_another_table() {
    let tables = |keys: [&str; 2]| {
        let [one, two] = keys.map(|key| {
            if key.is_empty() { String::new() } else { format!("foreign-key b references=o.a {key}") }
        });
        format!(
            "table o {{ column a int primary-key }}; table p {{ column b int; {one} }}; table q {{ column b int; {two} }}"
        )
    };
    for before in [["name=j", "name=k"], ["name=k", "name=j"]] {
        holds(&tables(before), &tables(before.map(|key| if key == "name=j" { "name=k was=j" } else { "" })));
        holds(
            &tables(before),
            &tables(before.map(|key| if key == "name=j" { "name=k was=j" } else { "name=j was=k" })),
        );
        holds(
            &tables(before),
            &tables(before.map(|key| if key == "name=j" { "name=k was=j" } else { "name=l was=k" })),
        );
    }
    let new =
        "table o { column a int primary-key }; table r { column b int; foreign-key b references=o.a name=k }";
    holds(&tables(["name=k", "name=j"]), new);
    holds(&tables(["name=k", "name=j"]), &new.replace("table r", "table p was=q"));
}

#[test]
fn a_column_comes_to_a_table_with_several_indexes_of_words() {
    let words = "index a method=fulltext name=i; index a method=fulltext name=j";
    holds(
        &format!("table t {{ column a text; {words} }}"),
        &format!("table t {{ column a text; column b text; column c int nullable; {words} }}"),
    );
}

#[test]
fn a_check_leaves_a_column_that_numbers_the_rows_from_then_on() {
    holds(
        "table t { column a int identity primary-key; column b text; check (sql)\"length(b) < 9\" name=k }",
        "table t { column a text; column b int; column c text; check \"b >= 0\" name=l
             check (sql)\"length(a) < 9\" name=k }",
    );
}

#[test]
fn a_key_that_its_own_table_refers_to_numbers_the_rows_no_more() {
    holds(
        "table t { column a int unique; column b int nullable references=t.a }; table u { column a text }",
        "table t { column a int identity primary-key; column b int nullable references=t.a }
         table u { column a text default=\"1\" }",
    );
}
