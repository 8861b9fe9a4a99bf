//! Hostile and huge input ends in a diagnostic: no overflow of the stack, no work beyond the text's length.

use super::*;

/// The messages for a text, each once.
fn messages(text: &str) -> Vec<String> {
    let (_, diagnostics) = read(SourceId(0), text);
    let mut messages: Vec<String> = diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect();
    messages.dedup();
    messages
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "a {\n".repeat(depth), "}\n".repeat(depth));
    accepted(&nested(128));
    let too_deep = ["blocks are nested more than 128 deep"];
    assert_eq!(messages(&nested(129)), too_deep);
    assert_eq!(messages(&"a {".repeat(100_000)), too_deep);
    assert_eq!(messages(&"/- a {".repeat(100_000)), too_deep);
    assert_eq!(messages(&"a /-{".repeat(100_000)), too_deep);
    assert_eq!(
        messages(&"{".repeat(100_000)).last().map(String::as_str),
        Some("100 problems are shown, more may follow")
    );
}

#[test]
fn slashdashes_are_read_once() {
    assert_eq!(messages(&"/-".repeat(100_000)).len(), 2);
    assert_eq!(messages(&format!("a {}b", "/- ".repeat(50))).len(), 1);
    accepted(&format!("{}a\n", "/-a\n".repeat(100_000)));
    accepted(&format!("a {}", "/-{} ".repeat(100_000)));
}

#[test]
fn comments_nest_without_a_stack() {
    accepted(&format!("{}{}", "/*".repeat(1_000_000), "*/".repeat(1_000_000)));
    accepted(&format!("/* {} */", "* ".repeat(1_000_000)));
    assert_eq!(messages(&"/*".repeat(1_000_000)), ["the comment is never closed"]);
}

#[test]
fn garbage_is_reported_a_hundred_times_at_most() {
    for garbage in [
        "}", ")", "(", "\\", "\"", "=", "#", "(a", "a\"", "#\"", "\"\\u", "a=", "/-", "\u{7F}", "a(b ",
        "\"\n",
    ] {
        let (_, diagnostics) = read(SourceId(0), &garbage.repeat(100_000));
        assert!((1..=101).contains(&diagnostics.len()), "{garbage}: {} diagnostics", diagnostics.len());
    }
}

#[test]
fn duplicates_are_found_among_many_properties() {
    let mut node = "a".to_owned();
    for index in 0..100_000 {
        node += &format!(" p{index}=1");
    }
    accepted(&node);
    assert_eq!(messages(&(node + " p7=2")), ["the property `p7` is given twice"]);
}

#[test]
fn size_and_count_are_bounded() {
    let limits = Limits { bytes: 10, items: 3, ..Limits::DEFAULT };
    let first = |text| {
        read_within(SourceId(0), text, limits).1.into_iter().next().map(|diagnostic| diagnostic.message)
    };
    assert_eq!(first("a b;c"), None);
    assert_eq!(first("a b;c d").as_deref(), Some("the text holds more than 3 nodes and values"));
    assert_eq!(first("a // long comment").as_deref(), Some("the file has 17 bytes, more than 10"));

    let mut sources = Sources::default();
    let error = add_file(&mut sources, "big.kdl", vec![b' '; 100 << 20]).unwrap_err();
    assert_eq!(error.message, "the file has 104857600 bytes, more than 67108864");
}

#[test]
fn broken_utf8_is_placed() {
    let mut sources = Sources::default();
    let error = add_file(&mut sources, "latin.kdl", b"table caf\xE9 {\n}\n".to_vec()).unwrap_err();
    insta::assert_snapshot!(render(&error, &sources, 100, false), @r#"
    error[E002]: byte 9 is not UTF-8
       ╭─[latin.kdl:1:10]
     1 │ table caf� {
       ·          ─
     2 │ }
       ╰────
    help: save the file as UTF-8
    "#);
    let error = add_file(&mut sources, "wide.kdl", b"\xFF\xFEt\0".to_vec()).unwrap_err();
    assert_eq!(error.message, "the file is UTF-16, not UTF-8");
}
