//! Layout: what is changed, and that nothing is lost.

use proptest::prelude::*;

use super::*;
use crate::document::format::{fmt, remove_entries};
use crate::document::lexer::{Kind, tokens};

fn formatted(text: &str) -> String {
    fmt(SourceId(0), text).unwrap()
}

/// The comments of a text, without the white space at their ends.
fn comments(text: &str) -> Vec<String> {
    let comments =
        tokens(text).into_iter().filter(|token| matches!(token.kind, Kind::LineComment | Kind::BlockComment));
    comments.map(|token| text[token.range].trim_end().to_owned()).collect()
}

#[test]
fn layout_is_normalised_and_nothing_is_lost() {
    let text = "\u{FEFF}// head\r\n\r\n\r\n\r\n// note\r\ntable   users   comment = \"People\"   { // trailing\r\n\r\n  column id bigint   \
        default=1.50 /* inline */ nullable // end\r\n     column x   \"varchar(320)\" was=foo   \\\r\n nullable\r\n\r\n  /- column y int\r\n  \
        check (sql)\"\"\"\r\n     a\r\n\r\n       b\r\n     \"\"\" ; column z int; column q int // two\r\n  // last\r\n\r\n}\r\n\
        index i {on (sql) \"lower(title)\"   order=desc;where (sql)#\"a \"b\"\"#;}\nempty {\n}\nenum a  b c // x";
    let once = formatted(text);
    assert_eq!(comments(&once), comments(text));
    assert_eq!(formatted(&once), once);
    insta::assert_snapshot!(once, @r##"
    // head

    // note
    table users comment="People" { // trailing

        column id bigint default=1.50 /* inline */ nullable // end
        column x "varchar(320)" was=foo \
            nullable

        /- column y int
        check (sql)"""
            a

              b
            """
        column z int
        column q int // two
        // last
    }
    index i { on (sql)"lower(title)" order=desc; where (sql)#"a "b""# }
    empty {}
    enum a b c // x
    "##);
}

#[test]
fn a_node_ends_behind_a_continuation() {
    assert_eq!(formatted("a \\\n; b"), "a \\\n\nb\n");
    assert_eq!(formatted("a \\\n\nb"), "a \\\n\nb\n");
    assert_eq!(formatted("a \\\n; /* c */ b"), "a \\\n    /* c */\nb\n");
    assert_eq!(formatted("a \\\n; // c\nb"), "a \\\n    // c\nb\n");
    assert_eq!(formatted("a { b \\\n; c; }"), "a {\n    b \\\n\n    c\n}\n");
}

#[test]
fn an_entry_is_removed_with_its_space() {
    let text = "column a int was=b // why\ncolumn c \\\n    was=d\ncolumn e was=\"f g\" nullable\n";
    let document = accepted(text);
    let was = |entry: &&Entry<'_>| entry.name.as_ref().is_some_and(|name| name.text == "was");
    let spans: Vec<Span> =
        document.nodes.iter().flat_map(|node| &node.entries).filter(was).map(|entry| entry.span).collect();
    assert_eq!(remove_entries(text, &spans), "column a int // why\ncolumn c\ncolumn e nullable\n");
}

#[test]
fn the_suite_keeps_its_meaning() {
    for (name, path) in suite::inputs() {
        let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
        if let Ok(once) = fmt(SourceId(0), &text) {
            assert_eq!(meaning::of(&accepted(&once)), meaning::of(&accepted(&text)), "{name}");
            assert_eq!(comments(&once), comments(&text), "{name}");
            assert_eq!(formatted(&once), once, "{name}");
        }
    }
}

proptest! {
    #[test]
    fn formatting_twice_is_formatting_once(text in differential::soup(true)) {
        if let Ok(once) = fmt(SourceId(0), &text) {
            prop_assert_eq!(comments(&once), comments(&text));
            prop_assert_eq!(formatted(&once), once);
        }
    }
}
