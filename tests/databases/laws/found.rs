//! What the laws have found: each case broke one of them once.

use schemactl::change::{Step, losses};
use schemactl::diff::diff;
use schemactl::plan::Direction;

use super::{Stages, read};
use crate::stage::Stage;
use crate::strategies::{Pair, Profile};

#[track_caller]
fn holds(before: &str, after: &str) {
    let (before, after) = (read(before), read(after));
    let pair = Pair { from: before.state, to: after.state, renames: after.renames };
    for stage in [Stage::sqlite, Stage::postgres] {
        Stages::new(stage).demand(&pair);
    }
}

#[test]
fn a_column_becomes_limited_when_its_index_has_left_it() {
    holds(
        "table a { column id int; column x bool; column y text; index name=i x }",
        "table a { column id int; (sqlite)column x bool; column y text; index name=i y }",
    );
    holds(
        "table a { column id int; (postgres)column x int; (postgres)unique name=u x }",
        "table a { column id int; (sqlite)column x int; (sqlite)unique name=u x }",
    );
}

#[test]
fn a_column_called_like_a_view_is_none() {
    let table = "table a { column a2 int; column b int }\n";
    let views = |column: &str| {
        format!(
            "{table}view one {{ depends-on a; as (sql)\"SELECT {column} FROM a\" }}\n\
             view a2 {{ depends-on one; as (sql)\"SELECT count(*) AS n FROM one\" }}"
        )
    };
    holds(table, &views("a2"));
    holds(&views("a2"), &views("a2, b"));
}

#[test]
fn rows_come_when_a_required_column_that_they_lack_has_gone() {
    holds(
        "table a { column id int primary-key; column x text }",
        "table a { column id int primary-key }\ndata a key=id { row id=1 }",
    );
}

#[test]
fn a_check_is_written_in_the_names_of_its_time() {
    holds(
        "table a { column b text; column c text; column d text; check name=k (sql)\"length(c) < 9\" }",
        "table a { column x text was=b; column y text was=c; column e text; check name=k2 was=k (sql)\"length(y) < 9\" }",
    );
    holds(
        "table a { column a text; column a2 text; column a3 text; check name=k (sql)\"length(a2) < 9\" }",
        "table a { column b text was=a; column a text was=a2; column a2 text was=a3; column c text
            check name=k2 was=k (sql)\"length(a) < 9\" }",
    );
}

#[test]
fn a_numbered_column_goes_with_its_key_and_its_rows() {
    holds(
        "table a { column a int identity primary-key; column b text }\ndata a key=a { row a=100 b=x }",
        "table a { column b text }",
    );
}

#[test]
fn a_key_sorts_a_table_whose_rows_come_before_it() {
    holds(
        "table a { column x text }",
        "table a { (sqlite)options without-rowid=#true; column x text primary-key }\ndata a key=x { row x=one }",
    );
}

#[test]
fn a_numbered_column_becomes_a_text() {
    holds(
        "table a { column id int primary-key; column n int }",
        "table a { column id int primary-key; column n text }",
    );
    holds("table a { column id int identity primary-key }", "table a { column id text primary-key }");
}

#[test]
fn a_name_is_free_when_what_had_it_is_gone() {
    holds(
        "table a { column id int; index name=other id }\ntable b { column id int }",
        "table a { column id int; index name=b id }",
    );
    holds(
        "table a { column id int; unique name=b id }\ntable c { column id int }",
        "table a { column id int }\ntable b was=c { column id int }",
    );
    holds(
        "enum kind x y\ntable a { column id int; column k kind }",
        "table kind { column id int }\ntable a { column id int; column k text }",
    );
}

#[test]
fn a_text_that_only_follows_a_rename_changes_with_it() {
    let before = "table a { column b text; column d int; check name=k \"b <> ''\"
        index name=i { on (sql)\"lower(b)\" } }";
    let after = "table a { column c text was=b; column d int; check name=k2 \"c <> ''\"
        index name=i { on (sql)\"lower(c)\" }; column e int }";
    holds(before, after);
    let (before, after) = (read(before), read(after));
    let ops = diff(&before.state, &after.state, &after.renames).unwrap();
    let described: Vec<String> = ops.iter().map(|op| op.describe().to_string()).collect();
    insta::assert_snapshot!(described.join("\n"), @r"
    -> column a.b b → c
    ~ check a.k b <> '' → c <> ''
    ~ index a.i (lower(b)) → (lower(c))
    + column a.e int
    -> check a.k k → k2
    ");
}

#[test]
fn a_generated_column_becomes_a_plain_one_of_another_type() {
    holds(
        "table a { column id int primary-key; column t text nullable; column g text nullable generated=(sql)\"lower(t)\" }",
        "table a { column id int primary-key; column t text nullable; column g \"varchar(40)\" nullable }",
    );
    holds(
        "enum e draft\ntable a { column t (enum)e; column g int }",
        "table a { column t text; column g text generated=(sql)\"lower(t)\" }",
    );
}

/// Reference rows with a column that is limited to dialects, before and after the limits change.
pub(super) fn limited_rows([before, after]: [&str; 2]) -> [String; 2] {
    [(before, "two"), (after, "three")].map(|(limit, cell)| {
        format!(
            "table a {{ column id int primary-key; {limit}column x text nullable; {limit}column n int }}
             data a key=id {{ row id=100 x=one n=1; row id=200 x={cell} n=2 }}"
        )
    })
}

#[test]
fn reference_rows_follow_a_column_to_the_dialects_that_have_it() {
    for limits in [["", "(sqlite)"], ["", "(postgres)"], ["(sqlite)", ""], ["(sqlite)", "(postgres)"]] {
        let [before, after] = limited_rows(limits);
        holds(&before, &after);
    }
}

#[test]
fn reference_rows_are_known_where_their_key_is() {
    let with = |limit: &str, key: &str| {
        format!(
            "table a {{ column id int primary-key; {limit}column x text nullable; {limit}unique name=u x }}
             data a key={key} {{ row id=100 x=one; row id=200 x=two }}"
        )
    };
    for limit in ["(sqlite)", "(postgres)"] {
        holds(&with("", "x"), &with(limit, "x"));
        holds(&with(limit, "x"), &with("", "id"));
    }
}

#[test]
fn cells_come_back_with_their_column() {
    let text = |limit: &str| {
        format!(
            "table a {{ column id int primary-key; {limit}column x text }}
             data a key=id {{ row id=100 x=one; row id=200 x=two }}"
        )
    };
    for mut stage in [Stage::sqlite(), Stage::postgres()] {
        let limited = format!("({})", if stage.profile == Profile::Sqlite { "postgres" } else { "sqlite" });
        let (with, without) = (read(&text("")).state, read(&text(&limited)).state);
        let ops = diff(&with, &without, &[]).unwrap();
        let lost: Vec<String> = losses(&ops).into_iter().map(|(_, what)| what).collect();
        assert_eq!(
            lost,
            [format!("the values of `a.x` on databases other than {}", &limited[1..limited.len() - 1])]
        );
        let steps: Vec<Step> = ops.into_iter().map(Step::Op).collect();
        stage.create(&with).unwrap();
        stage.run(&steps, &with, Direction::Up).unwrap();
        assert_eq!(stage.rows("SELECT * FROM a ORDER BY 1"), ["100", "200"]);
        stage.run(&steps, &without, Direction::Down).unwrap();
        assert_eq!(stage.rows("SELECT x FROM a ORDER BY id"), ["one", "two"]);
    }
}

#[test]
fn reference_rows_fill_a_required_column_that_comes() {
    let with = "table a { column id int primary-key; column x text unique }
        data a key=id { row id=100 x=one; row id=200 x=two }";
    let without = "table a { column id int primary-key }\ndata a key=id { row id=100; row id=200 }";
    let (with, without) = (read(with).state, read(without).state);
    let steps: Vec<Step> = diff(&with, &without, &[]).unwrap().into_iter().map(Step::Op).collect();
    for mut stage in [Stage::sqlite(), Stage::postgres()] {
        stage.create(&with).unwrap();
        stage.run(&steps, &with, Direction::Up).unwrap();
        stage.run(&steps, &without, Direction::Down).unwrap();
        assert_eq!(stage.rows("SELECT x FROM a ORDER BY id"), ["one", "two"]);
    }
}

#[test]
fn a_foreign_key_waits_until_its_key_is_looked_at_at_once() {
    let before = read("table a { column x text nullable; unique x deferrable }");
    let after =
        read("table a { column x text nullable unique }\ntable b { column x text nullable references=a.x }");
    let pair = Pair { from: before.state, to: after.state, renames: Vec::new() };
    Stages::new(Stage::postgres).demand(&pair);
}

#[test]
fn a_column_is_computed_when_it_has_left_the_key() {
    holds(
        "table a { column a real nullable; column b text primary-key; column c text }
         data a key=b { row b=\"100\" c=\"100\" }",
        "table a { column a \"varchar(20)\" primary-key; column b text generated=(sql)\"lower(a)\"; column c text }
         data a key=a { row a=\"100\" c=\"100\" }",
    );
}

#[test]
fn a_foreign_key_comes_when_what_it_refers_to_has_its_type() {
    holds(
        "table a { column id int primary-key }",
        "table a { column id text primary-key }\ntable b { column a_id text references=a.id }",
    );
    holds(
        "table a { column id int primary-key; column x int nullable; foreign-key x references=a.id name=f }",
        "table a { column id text primary-key; column y text nullable; foreign-key y references=a.id name=f }",
    );
}
