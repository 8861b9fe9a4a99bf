//! What a document means, apart from its spelling: for comparing it with other readings of the same text.

use std::collections::BTreeMap;

use super::super::{Document, Node, Value};

/// A node's meaning: annotation, name, arguments, properties (the last of a name counts), children.
#[derive(Debug, PartialEq, Clone)]
pub(super) struct Meaning {
    annotation: Option<String>,
    name: String,
    args: Vec<(Option<String>, Is)>,
    props: BTreeMap<String, (Option<String>, Is)>,
    children: Vec<Meaning>,
}

/// A value's meaning. Whole numbers beyond 128 bits are compared as text.
#[derive(Debug, PartialEq, Clone)]
pub(super) enum Is {
    Text(String),
    Whole(i128),
    Float(u64),
    Bool(bool),
    Null,
}

/// What our reading means.
pub(super) fn of(document: &Document<'_>) -> Vec<Meaning> {
    document.nodes.iter().map(node).collect()
}

fn node(node: &Node<'_>) -> Meaning {
    let mut meaning = Meaning {
        annotation: node.annotation.as_ref().map(ToString::to_string),
        name: node.name.to_string(),
        args: Vec::new(),
        props: BTreeMap::new(),
        children: node.children().iter().map(self::node).collect(),
    };
    for entry in &node.entries {
        let value = match &entry.value {
            Value::String(text) => Is::Text(text.to_string()),
            Value::Number(number) => match number.as_i128() {
                Some(whole) => Is::Whole(whole),
                None => float(number.as_f64()),
            },
            Value::Bool(value) => Is::Bool(*value),
            Value::Null => Is::Null,
        };
        meaning.put(
            entry.name.as_ref().map(ToString::to_string),
            entry.annotation.as_ref().map(ToString::to_string),
            value,
        );
    }
    meaning
}

/// What the `kdl` crate's reading means.
pub(super) fn of_crate(document: &kdl::KdlDocument) -> Vec<Meaning> {
    document.nodes().iter().map(crate_node).collect()
}

fn crate_node(node: &kdl::KdlNode) -> Meaning {
    let mut meaning = Meaning {
        annotation: node.ty().map(|ty| ty.value().to_owned()),
        name: node.name().value().to_owned(),
        args: Vec::new(),
        props: BTreeMap::new(),
        children: node.children().map(of_crate).unwrap_or_default(),
    };
    for entry in node.entries() {
        let value = match entry.value() {
            kdl::KdlValue::String(text) => Is::Text(text.clone()),
            kdl::KdlValue::Integer(whole) => Is::Whole(*whole),
            kdl::KdlValue::Float(value) => float(*value),
            kdl::KdlValue::Bool(value) => Is::Bool(*value),
            kdl::KdlValue::Null => Is::Null,
        };
        meaning.put(
            entry.name().map(|name| name.value().to_owned()),
            entry.ty().map(|ty| ty.value().to_owned()),
            value,
        );
    }
    meaning
}

fn float(value: f64) -> Is {
    // `#nan` equals itself here, and so does zero with either sign.
    Is::Float(if value == 0.0 { 0 } else { value.to_bits() })
}

impl Meaning {
    fn put(&mut self, name: Option<String>, annotation: Option<String>, value: Is) {
        match name {
            Some(name) => drop(self.props.insert(name, (annotation, value))),
            None => self.args.push((annotation, value)),
        }
    }
}
