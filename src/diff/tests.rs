//! The laws on hand-made pairs of states; generated ones are in the test suite.

use super::*;
use crate::change::{Step, ops as ops_of, replay};
use crate::model::*;
use crate::name::Name;

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn object(text: &str) -> ObjectName {
    ObjectName::unqualified(name(text))
}

/// A table of int columns; `a>t.b` is a column `a` with a foreign key to `t.b`.
fn table(of: &str, columns: &[&str]) -> Table {
    let mut table = Table::new(object(of));
    for column in columns {
        let (own, target) = column.split_once('>').unwrap_or((column, ""));
        table.columns.insert(Column::new(name(own), Type::Portable(Portable::Int))).unwrap();
        if let Some((other, key)) = target.split_once('.') {
            let key = ForeignKey {
                name: Name::derived(&[of, own, "fkey"]),
                only: None,
                columns: vec![name(own)],
                table: object(other),
                references: vec![name(key)],
                on_delete: Action::default(),
                on_update: Action::default(),
                deferrable: Deferrable::default(),
            };
            table.foreign_keys.insert(key).unwrap();
        }
    }
    table.primary_key = Some(PrimaryKey {
        name: Name::derived(&[of, "pkey"]),
        columns: vec![name("id")],
        options: Options::new(),
    });
    table
}

fn state(tables: Vec<Table>) -> State {
    State { tables: tables.into_iter().collect(), ..State::default() }
}

fn enums(values: &[&str]) -> State {
    let values = values.iter().map(|value| (*value).into()).collect();
    let item = EnumType { name: object("mood"), values, comment: None };
    State { enums: [item].into_iter().collect(), ..State::default() }
}

fn column(of: &str, from: &str, to: &str) -> Rename {
    Rename::Member { of: object(of), member: Member::Column, from: name(from), to: name(to) }
}

/// Checks that the operations lead there and back, and gives them in words.
fn check(from: &State, to: &State, renames: &[Rename]) -> String {
    let ops = diff(from, to, renames).unwrap();
    let mut there = from.clone();
    replay(&mut there, &ops).unwrap_or_else(|(at, error)| panic!("{}: {error}", ops[at].describe()));
    assert_eq!(there, *to);
    let back: Vec<Op> = ops.iter().rev().cloned().map(Op::inverse).collect();
    replay(&mut there, &back).unwrap_or_else(|(at, error)| panic!("back, {}: {error}", back[at].describe()));
    assert_eq!(there, *from);
    let steps: Vec<Step> = ops.into_iter().map(Step::Op).collect();
    ops_of(&steps).map(|op| op.describe().to_string() + "\n").collect()
}

#[test]
fn equal_states_have_nothing_between_them() {
    let state = state(vec![table("a", &["id", "b_id>b.id"]), table("b", &["id"])]);
    assert_eq!(check(&state, &state, &[]), "");
}

#[test]
fn a_new_table_comes_after_those_that_it_refers_to() {
    let to =
        state(vec![table("a", &["id", "b_id>b.id"]), table("b", &["id", "c_id>c.id"]), table("c", &["id"])]);
    insta::assert_snapshot!(check(&State::default(), &to, &[]), @r"
    + table c 1 column
    + table b 2 columns
    + table a 2 columns
    ");
}

/// Adds reference rows with these ids, and these values in another column.
fn rows(state: &mut State, of: &str, other: Option<&str>, ids: &[&str]) {
    let row = |id: &&str| {
        let number = || Value::Number((*id).into());
        let other = other.map(|column| (name(column), number()));
        Row::everywhere(std::iter::once((name("id"), number())).chain(other).collect())
    };
    let rows = ids.iter().map(|id| (vec![Value::Number((*id).into())], row(id))).collect();
    state.data.insert(DataSet { name: object(of), key: vec![name("id")], rows }).unwrap();
}

#[test]
fn rows_stand_between_their_table_and_those_that_refer_to_it() {
    // Undone, the rows go when nothing refers to them any more, whatever rows were added by others.
    let mut to = state(vec![table("b", &["id", "a_id>a.id"]), table("a", &["id", "a_id>a.id"])]);
    rows(&mut to, "a", None, &["1"]);
    insta::assert_snapshot!(check(&State::default(), &to, &[]), @r"
    + table a 2 columns
    + row a[id=1] id=1
    + table b 2 columns
    ");
    let mut less = state(vec![table("a", &["id", "a_id>a.id"])]);
    rows(&mut less, "a", None, &["2"]);
    insta::assert_snapshot!(check(&to, &less, &[]), @r"
    - table b 2 columns
    - row a[id=1] id=1
    + row a[id=2] id=2
    ");
}

#[test]
fn rows_of_tables_that_refer_to_each_other_come_behind_both() {
    let mut to = state(vec![table("a", &["id", "b_id>b.id"]), table("b", &["id", "a_id>a.id"])]);
    rows(&mut to, "a", Some("b_id"), &["1"]);
    rows(&mut to, "b", None, &["1"]);
    insta::assert_snapshot!(check(&State::default(), &to, &[]), @r"
    + table a 2 columns
    + table b 2 columns
    + row b[id=1] id=1
    + row a[id=1] b_id=1 id=1
    + foreign key a.a_b_id_fkey (b_id) references b (id)
    ");
}

/// Limits reference rows to environments: `1=dev,test`.
fn limit(state: &mut State, of: &str, limits: &[&str]) {
    let data = state.data.get_mut(&object(of)).unwrap();
    for limit in limits {
        let (id, names) = limit.split_once('=').unwrap();
        let row = data.rows.get_mut(&vec![Value::Number(id.into())]).unwrap();
        row.only_env = names.split(',').map(name).collect();
    }
}

#[test]
fn rows_come_to_environments_and_go_from_others() {
    // Rows go before those that they refer to, and come after them, whatever else they do.
    let ids = ["1", "2", "3", "4", "5", "6"];
    let mut from = state(vec![table("a", &["id", "b_id>b.id"]), table("b", &["id"])]);
    rows(&mut from, "a", Some("b_id"), &ids);
    rows(&mut from, "b", None, &ids);
    let mut to = from.clone();
    for table in ["a", "b"] {
        limit(&mut from, table, &["1=dev", "2=dev,test", "4=dev", "5=dev,test"]);
        limit(&mut to, table, &["1=dev,test", "2=dev", "3=dev", "4=test", "5=stage,test"]);
    }
    insta::assert_snapshot!(check(&from, &to, &[]), @"
    ~ row a[id=2] only in dev, test → only in dev
    ~ row a[id=3] everywhere → only in dev
    - row a[id=4] b_id=4 id=4, only in dev
    ~ row a[id=5] only in dev, test → only in test
    ~ row b[id=2] only in dev, test → only in dev
    ~ row b[id=3] everywhere → only in dev
    - row b[id=4] id=4, only in dev
    ~ row b[id=5] only in dev, test → only in test
    ~ row b[id=1] only in dev → only in dev, test
    ~ row a[id=1] only in dev → only in dev, test
    + row b[id=4] id=4, only in test
    + row a[id=4] b_id=4 id=4, only in test
    ~ row b[id=5] only in test → only in stage, test
    ~ row a[id=5] only in test → only in stage, test
    ");
}

#[test]
fn only_foreign_keys_inside_a_cycle_are_split_off() {
    let to = state(vec![
        table("a", &["id", "b_id>b.id", "c_id>c.id"]),
        table("b", &["id", "a_id>a.id"]),
        table("c", &["id", "c_id>c.id"]),
        table("d", &["id", "a_id>a.id"]),
    ]);
    insta::assert_snapshot!(check(&State::default(), &to, &[]), @r"
    + table c 2 columns
    + table a 3 columns
    + table b 2 columns
    + table d 2 columns
    + foreign key a.a_b_id_fkey (b_id) references b (id)
    ");
}

#[test]
fn a_referenced_table_goes_after_the_foreign_key() {
    let from = state(vec![table("a", &["id", "b_id>b.id"]), table("b", &["id"])]);
    let to = state(vec![table("a", &["id", "b_id"])]);
    insta::assert_snapshot!(check(&from, &to, &[]), @r"
    - foreign key a.a_b_id_fkey (b_id) references b (id)
    - table b 1 column
    ");
}

#[test]
fn a_renamed_column_takes_its_key_and_its_constraint_names_along() {
    let from = state(vec![table("a", &["id", "b>b.id"]), table("b", &["id"])]);
    let to = state(vec![table("a", &["id", "c>b.id"]), table("b", &["id"])]);
    insta::assert_snapshot!(check(&from, &to, &[column("a", "b", "c")]), @r"
    -> column a.b b → c
    -> foreign key a.a_b_fkey a_b_fkey → a_c_fkey
    ");
}

#[test]
fn names_are_swapped_by_way_of_a_third() {
    let from = state(vec![table("t", &["id", "a", "b"])]);
    let mut to = from.clone();
    to.tables.get_mut(&object("t")).unwrap().columns.get_mut(&name("a")).unwrap().nullable = true;
    insta::assert_snapshot!(check(&from, &to, &[column("t", "a", "b"), column("t", "b", "a")]), @r"
    -> column t.a a → a_old
    -> column t.b b → a
    -> column t.a_old a_old → b
    ~ column t.a int → int null
    ");
}

#[test]
fn a_dropped_column_steps_aside_for_one_that_takes_its_name() {
    let from = state(vec![table("t", &["id", "a", "b"])]);
    let to = state(vec![table("t", &["id", "b"])]);
    insta::assert_snapshot!(check(&from, &to, &[column("t", "a", "b")]), @r"
    -> column t.b b → b_old
    -> column t.a a → b
    - column t.b_old int
    ");
}

#[test]
fn a_rename_that_was_made_before_is_left_out() {
    let state = state(vec![table("t", &["id", "b"])]);
    assert_eq!(check(&state, &state, &[column("t", "a", "b")]), "");
}

#[test]
fn an_enum_gains_values_before_it_loses_others() {
    insta::assert_snapshot!(check(&enums(&["sad", "ok", "happy"]), &enums(&["sad", "fine", "happy"]), &[]), @r"
    ~ enum mood sad ok happy → sad fine ok happy
    ~ enum mood sad fine ok happy → sad fine happy
    ");
}

#[test]
fn lookalikes_become_questions_and_required_columns_too() {
    let from = state(vec![table("t", &["id", "content"])]);
    let to = state(vec![table("t", &["id", "body"])]);
    let asked = questions(&from, &to, &[]).unwrap();
    assert_eq!(
        asked,
        [
            Question::Renamed { candidates: vec![column("t", "content", "body")] },
            Question::Required { table: object("t"), column: name("body") },
        ]
    );
    assert_eq!(questions(&from, &to, &[column("t", "content", "body")]).unwrap(), []);
}

#[test]
fn a_type_with_other_digits_may_be_the_same_column() {
    let with = |column: &str, ty: Type| {
        let mut table = table("t", &["id"]);
        table.columns.insert(Column { nullable: true, ..Column::new(name(column), ty) }).unwrap();
        state(vec![table])
    };
    let text = |length| Type::Portable(Portable::VarChar(length));
    let native = |text: &str| Type::Native(text.into());
    let asks = |from: &State, to: &State| !questions(from, to, &[]).unwrap().is_empty();
    assert!(asks(&with("price", text(10)), &with("cost", text(20))));
    assert!(asks(&with("price", native("bit(3)")), &with("cost", native("bit(4)"))));
    assert!(!asks(&with("price", text(10)), &with("cost", Type::Portable(Portable::Text))));
    assert!(!asks(&with("price", native("bit(3)")), &with("cost", native("money"))));
}

#[test]
fn a_question_names_the_likeliest_of_many_candidates() {
    let new: Vec<String> = (0..20).map(|number| format!("body_{number}")).collect();
    let columns: Vec<&str> = std::iter::once("id").chain(new.iter().map(String::as_str)).collect();
    let (from, to) = (state(vec![table("t", &["id", "body_15x"])]), state(vec![table("t", &columns)]));
    let asked = questions(&from, &to, &[]).unwrap();
    let Some(Question::Renamed { candidates }) = asked.first() else { panic!("{asked:?}") };
    assert_eq!(candidates.len(), 8);
    assert_eq!(candidates.first(), Some(&column("t", "body_15x", "body_15")));
}

#[test]
fn one_thing_is_not_renamed_twice() {
    let from = state(vec![table("t", &["id", "a"])]);
    let error = diff(&from, &from, &[column("t", "a", "b"), column("t", "a", "c")]).unwrap_err();
    assert_eq!(error.to_string(), "column `t.a` takes part in two renames");
}
