//! `was=`, and the places of things.

use insta::assert_snapshot;

use super::{parsed, read};
use crate::model::{Member, Place};
use crate::name::{Name, ObjectName};

#[test]
fn everything_with_a_name_can_have_had_another_one() {
    let parsed = parsed(
        "schema s was=r { table t was=u { column a int was=b; index a was=old; unique a was=o; primary-key a was=k } }
         table moved was=\"s.gone\" { column a int; check \"a > 0\" was=c }
         enum e was=f { value x was=y; value z }
         view v was=w { as \"SELECT 1\" }
         object o was=p { create \"x\"; drop \"y\" }",
    );
    let lines: String = parsed.renames.iter().map(|rename| format!("{rename:?}\n")).collect();
    assert_snapshot!(lines, @r#"
    Namespace { from: "r", to: "s" }
    EnumValue { of: ObjectName { namespace: None, name: "e" }, from: "y", to: "x" }
    Enum { from: ObjectName { namespace: None, name: "f" }, to: ObjectName { namespace: None, name: "e" } }
    Table { from: ObjectName { namespace: Some("s"), name: "u" }, to: ObjectName { namespace: Some("s"), name: "t" } }
    Member { of: ObjectName { namespace: Some("s"), name: "t" }, member: Column, from: "b", to: "a" }
    Member { of: ObjectName { namespace: Some("s"), name: "t" }, member: PrimaryKey, from: "k", to: "t_pkey" }
    Member { of: ObjectName { namespace: Some("s"), name: "t" }, member: Unique, from: "o", to: "t_a_key" }
    Member { of: ObjectName { namespace: Some("s"), name: "t" }, member: Index, from: "old", to: "t_a_idx" }
    Table { from: ObjectName { namespace: Some("s"), name: "gone" }, to: ObjectName { namespace: None, name: "moved" } }
    Member { of: ObjectName { namespace: None, name: "moved" }, member: Check, from: "c", to: "moved_a_check" }
    View { from: ObjectName { namespace: None, name: "w" }, to: ObjectName { namespace: None, name: "v" } }
    Object { from: ObjectName { namespace: None, name: "p" }, to: ObjectName { namespace: None, name: "o" } }
    "#);
}

#[test]
fn things_are_found_where_they_stand() {
    let text = "table t {\n    column a int\n    index a\n}\n";
    let (parsed, _, sources) = read(text);
    let places = parsed.expect("the text is right").places;
    let name = |text: &str| Name::new(text).expect("the words are names");
    let table = ObjectName::unqualified(name("t"));
    let at = |place: &Place| &text[places.get(place).expect("it has a place").head.range()];
    assert_eq!(at(&Place::Table(table.clone())), "t");
    assert_eq!(at(&Place::Member(table.clone(), Member::Column, name("a"))), "a");
    let index = Place::Member(table.clone(), Member::Index, name("t_a_idx"));
    assert_eq!(at(&index), "index");
    let word = places.find(&index, "a", &sources).expect("it has a place");
    assert_eq!(word.start as usize, text.rfind('a').expect("there is one"));
    // What has no place of its own is where its table is.
    assert_eq!(at(&Place::Member(table, Member::Check, name("x"))), "t");
}
