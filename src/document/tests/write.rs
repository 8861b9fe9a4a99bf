//! The writer: how it spells, and that what is written reads back.

use proptest::prelude::*;

use super::*;
use crate::document::write::{self, Literal, Writer};

#[test]
fn each_value_has_one_spelling() {
    let mut writer = Writer::new();
    writer.comment("generated\n\nby hand").blank();
    writer
        .node("table")
        .arg("users")
        .flag("strict")
        .flag_if("temporary", false)
        .prop("comment", "")
        .children(|table| {
            table
                .node("column")
                .arg("id")
                .arg("varchar(3)")
                .prop_if("default", Some(-5))
                .prop_if("was", None::<&str>);
            table.annotated("postgres", "index").args(["a", "b c", "true", "1st", "-", "-1", "text[]"]);
            table.node("limit").arg(Number::new("1.50").unwrap()).arg(true).arg(Literal::NULL).arg(7_u64);
            table.node("up").arg(Literal::quoted("SELECT 1\n  FROM \"a\"\n\nWHERE b").annotated("sql"));
            table.node("down").arg(Literal::from("none").annotated("sql"));
            table
                .node("raw")
                .arg("a\"b\\")
                .prop("lines", "a \\\n\"\"\"# b")
                .arg("\"x\"")
                .arg("tab\there\u{200E}");
            table.node("odd").arg("one\n  \ntwo").arg("cr\r\nlf").arg("end\n");
            table.node("empty").children(|_| {});
        });
    let text = writer.finish();
    accepted(&text);
    insta::assert_snapshot!(text, @r###"
    // generated
    //
    // by hand

    table users strict comment="" {
        column id "varchar(3)" default=-5
        (postgres)index a "b c" "true" "1st" - "-1" "text[]"
        limit 1.50 #true #null 7
        up (sql)"""
            SELECT 1
              FROM "a"

            WHERE b
            """
        down (sql)"none"
        raw #"a"b\"# lines=##"""
            a \
            """# b
            """## "\"x\"" "tab\there\u{200E}"
        odd "one\n  \ntwo" "cr\r\nlf" """
            end

            """
        empty
    }
    "###);
}

/// A piece of text that is likely to be mistaken for syntax.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<char>().prop_map(String::from),
        prop::sample::select(vec![
            "\"", "\"\"\"", "#", "\"#", "\\", "\n", "\r\n", "\n    ", " ", "\t", "a", "true", "-", "+", ".",
            "5", "inf", "/-", "//", "(", ")", "{", "}", "=", ";", "\u{FEFF}", "\u{2028}", "\u{85}", "\u{A0}",
            "\u{3000}", "\0", "é", "𝕏", "/*", "r", "\\n",
        ])
        .prop_map(String::from),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..8).prop_map(|pieces| pieces.concat())
}

fn value() -> impl Strategy<Value = Value<'static>> {
    prop_oneof![
        4 => text().prop_map(|text| Value::String(text.into())),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => Just(Value::Null),
        1 => prop::sample::select(vec!["0", "1.50", "-1e400", "0xFF", "1_0", "#inf", "99999999999999999999999999"])
            .prop_map(|number| Value::Number(Number::new(number).unwrap())),
    ]
}

fn head() -> impl Strategy<Value = Head> {
    let props = prop::collection::btree_map(text(), value(), 0..3);
    let args = prop::collection::vec((prop::option::of(text()), value()), 0..4);
    (prop::option::of(text()), text(), props, args)
}

fn node() -> impl Strategy<Value = Node<'static>> {
    head().prop_map(|head| build(head, Vec::new())).prop_recursive(4, 24, 4, |child| {
        (head(), prop::collection::vec(child, 0..4)).prop_map(|(head, children)| build(head, children))
    })
}

type Head = (
    Option<String>,
    String,
    std::collections::BTreeMap<String, Value<'static>>,
    Vec<(Option<String>, Value<'static>)>,
);

const NOWHERE: Span = Span { source: SourceId(0), start: 0, end: 0 };

fn build((annotation, name, props, args): Head, children: Vec<Node<'static>>) -> Node<'static> {
    let text = |text: String| Text { text: text.into(), span: NOWHERE };
    let entry =
        |name, annotation, value| Entry { name, annotation, value, value_span: NOWHERE, span: NOWHERE };
    let props = props.into_iter().map(|(name, value)| entry(Some(text(name)), None, value));
    let args = args.into_iter().map(|(annotation, value)| entry(None, annotation.map(text), value));
    Node {
        annotation: annotation.map(text),
        name: text(name),
        entries: args.chain(props).collect(),
        block: Some(Block { nodes: children, span: NOWHERE }),
        span: NOWHERE,
    }
}

pub(super) fn documents() -> impl Strategy<Value = Document<'static>> {
    prop::collection::vec(node(), 0..4).prop_map(|nodes| Document { nodes, is_whole: true })
}

proptest! {
    #[test]
    fn what_is_written_reads_back(document in documents()) {
        let written = write::document(&document);
        let read = accepted(&written);
        prop_assert_eq!(meaning::of(&read), meaning::of(&document));
        prop_assert_eq!(write::document(&read), &*written);
        // The crate is a witness that this is KDL and not a dialect of ours.
        let theirs = kdl::KdlDocument::parse_v2(&written).map_err(|error| TestCaseError::fail(format!("{written:?}: {error:?}")))?;
        prop_assert_eq!(meaning::of_crate(&theirs), meaning::of(&document));
    }
}
