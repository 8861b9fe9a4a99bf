//! Names that want to be something else.

use schemactl::name::{Name, ObjectName};
use schemactl::syntax::object_reference;

use super::trial::{Rows, Trial};

#[test]
fn odd_names_stand_in_every_position() {
    let mut trial = Trial::new("names");
    let long = "é".repeat(31);
    let names = ["a\"b", "a'b", "x\"; DROP TABLE users; --", "select", "Ünïcode 🚀", "a\\b", "$$", "%I"];
    for name in names.into_iter().chain([long.as_str()]) {
        let (old, new) = (raw(name), named(name, "new"));
        trial.change(
            &schema(name, &old, &old, ""),
            "",
            &schema(name, &format!("{new} was={old}"), &new, "column more int identity"),
            Rows::Kept,
        );
    }
}

/// A schema in which nearly everything has the name; the column is given as it is declared and referred to.
fn schema(name: &str, declared: &str, column: &str, more: &str) -> String {
    let quoted = raw(name);
    let part = |text: String| Name::new(text).unwrap();
    let ty = ObjectName::qualified(part(name.to_owned()), part(short(name, "type")));
    format!(
        r##"
schema {quoted} comment={quoted} {{
    enum {enumeration} {quoted} other comment={quoted}
    table {quoted} comment={quoted} {{
        column {declared} int comment={quoted}
        column other text default={quoted}
        column flag bool default=#true
        column kind {ty} default={quoted}
        primary-key {column} name={primary_key}
        unique other name={unique}
        index other {column} name={index} comment={quoted}
        check "flag" name={check}
        {more}
    }}
}}
"##,
        enumeration = named(name, "type"),
        ty = raw(&object_reference(&ty)),
        primary_key = named(name, "key"),
        unique = named(name, "unique"),
        index = named(name, "index"),
        check = named(name, "check"),
    )
}

/// A text as a raw string of KDL.
fn raw(text: &str) -> String {
    format!("##\"{text}\"##")
}

fn named(name: &str, ending: &str) -> String {
    raw(&short(name, ending))
}

/// A name of at most 63 bytes with another ending.
fn short(name: &str, ending: &str) -> String {
    name.chars().take(28).collect::<String>() + ending
}
