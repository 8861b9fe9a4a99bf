//! Decoding with a cursor: what is taken, and what is said of the rest.

use super::*;

/// Decodes a column as the schema language does.
fn column(text: &str) -> String {
    let document = accepted(text);
    let sink = Sink::default();
    let mut cursor = Cursor::new(&document.nodes[0], &sink);
    let decoded = format!(
        "{:?} {:?} nullable={} default={:?} length={:?} checks={}",
        cursor.text("name").map(|name| name.to_string()),
        cursor.text("type").map(|ty| ty.to_string()),
        cursor.flag("nullable"),
        cursor.prop("default").map(|default| default.value.clone()),
        cursor.integer_prop("length"),
        cursor.child("check").map_or(0, |check| check.entries.len()),
    );
    cursor.finish();
    format!("{decoded}\n{}", shown(text, &sink.into_diagnostics()))
}

#[test]
fn what_is_understood_is_taken() {
    insta::assert_snapshot!(column("column id bigint nullable default=0 length=0x10 { check a b }"), @r#"Some("id") Some("bigint") nullable=true default=Some(Number(Number("0"))) length=Some(16) checks=2"#);
}

#[test]
fn what_is_left_is_reported_with_the_word_that_was_meant() {
    insta::assert_snapshot!(column("(pg)column id bigint nulable defualt=0 { chekc }"), @r#"
    Some("id") Some("bigint") nullable=false default=None length=None checks=0
    error[E013]: `column` takes no annotation `(pg)`
       ╭─[schema.kdl:1:1]
     1 │ (pg)column id bigint nulable defualt=0 { chekc }
       · ────
       ╰────
    help: delete it
    error[E013]: `column` has no flag `nulable`
       ╭─[schema.kdl:1:22]
     1 │ (pg)column id bigint nulable defualt=0 { chekc }
       ·                      ───────
       ╰────
    help: write `nullable`
    error[E013]: `column` has no property `defualt`
       ╭─[schema.kdl:1:30]
     1 │ (pg)column id bigint nulable defualt=0 { chekc }
       ·                              ───────
       ╰────
    help: write `default`
    error[E013]: `column` has no child `chekc`
       ╭─[schema.kdl:1:42]
     1 │ (pg)column id bigint nulable defualt=0 { chekc }
       ·                                          ─────
       ╰────
    help: write `check`
    "#);
    insta::assert_snapshot!(column("column id bigint default nullable=#true length=\"3\" { check; check }"), @r#"
    Some("id") Some("bigint") nullable=false default=None length=None checks=0
    error[E015]: `column` takes a whole number as `length`, not a string
       ╭─[schema.kdl:1:41]
     1 │ column id bigint default nullable=#true length="3" { check; check }
       ·                                         ──────────
       ╰────
    help: write a whole number
    error[E016]: `check` is given twice in `column`
       ╭─[schema.kdl:1:54]
     1 │ column id bigint default nullable=#true length="3" { check; check }
       ·                                                      ──┬──  ──┬──
       ·                                                        │      ╰── again here
       ·                                                        ╰── first here
       ╰────
    help: delete one of them
    error[E013]: `column` has no flag `default`
       ╭─[schema.kdl:1:18]
     1 │ column id bigint default nullable=#true length="3" { check; check }
       ·                  ───────
       ╰────
    help: write `default=` with its value
    error[E013]: `column` has no property `nullable`
       ╭─[schema.kdl:1:26]
     1 │ column id bigint default nullable=#true length="3" { check; check }
       ·                          ────────
       ╰────
    help: write `nullable` without a value
    "#);
    insta::assert_snapshot!(column("column 5"), @r#"
    None None nullable=false default=None length=None checks=0
    error[E015]: `column` takes a name or text, not a number
       ╭─[schema.kdl:1:8]
     1 │ column 5
       ·        ─
       ╰────
    help: write `"5"` if a text is meant
    error[E014]: `column` needs a type
       ╭─[schema.kdl:1:1]
     1 │ column 5
       · ──────
       ╰────
    help: write the type behind it
    "#);
}

#[test]
fn more_than_sixty_four_entries_are_told_apart() {
    let words: Vec<String> = (0..200).map(|index| format!("w{index}")).collect();
    let text = format!("a {}", words.join(" "));
    let document = accepted(&text);
    let sink = Sink::default();
    let mut cursor = Cursor::new(&document.nodes[0], &sink);
    assert!(cursor.flag("w0") && cursor.flag("w63") && cursor.flag("w64") && cursor.flag("w199"));
    assert_eq!(cursor.texts().len(), 196);
    cursor.finish();
    assert!(!sink.has_errors());
}
