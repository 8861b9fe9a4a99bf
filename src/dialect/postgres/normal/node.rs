//! Expressions as trees, and the spelling that each has when it is written out again.

use std::fmt;

use crate::dialect::postgres::inspect::is_plain_number;
use crate::dialect::postgres::quote;

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// A column, or anything else that has a name.
    Column(String),
    /// A string.
    Text(String),
    /// A number.
    Number(String),
    /// A keyword that is a value.
    Word(String),
    /// An operator between its sides, more than two of them for AND and OR.
    Infix(String, Vec<Node>),
    /// A function, or an operator in front, with what it is of.
    Call(String, Vec<Node>),
}

/// AND or OR, with all sides in one list.
pub(super) fn join(word: &str, left: Node, right: Node) -> Node {
    let mut sides = Vec::new();
    for side in [left, right] {
        match side {
            Node::Infix(operator, inner) if operator == word => sides.extend(inner),
            side => sides.push(side),
        }
    }
    Node::Infix(word.to_owned(), sides)
}

/// An operator. Rows are equal if all their members are, and differ if one does.
pub(super) fn compare(operator: &str, left: Node, right: Node) -> Node {
    let joined = match operator {
        "=" => Some("AND"),
        "<>" => Some("OR"),
        _ => None,
    };
    match (joined, left, right) {
        (Some(joined), Node::Call(one, left), Node::Call(two, right))
            if one == "ROW" && two == "ROW" && left.len() == right.len() && left.len() > 1 =>
        {
            let sides = left.into_iter().zip(right);
            let sides = sides.map(|(left, right)| Node::Infix(operator.to_owned(), vec![left, right]));
            Node::Infix(joined.to_owned(), sides.collect())
        }
        (_, left, right) => Node::Infix(operator.to_owned(), vec![left, right]),
    }
}

/// Whether something is one of a list. The server makes a comparison of a list of one.
pub(super) fn in_list(left: Node, negated: bool, mut items: Vec<Node>) -> Node {
    if items.len() == 1 {
        let operator = if negated { "<>" } else { "=" };
        return Node::Infix(operator.to_owned(), [Some(left), items.pop()].into_iter().flatten().collect());
    }
    let word = if negated { "NOT IN" } else { "IN" };
    Node::Infix(word.to_owned(), vec![left, Node::Call(String::new(), items)])
}

/// A number with a minus is a number.
pub(super) fn negative(operand: Node) -> Node {
    match operand {
        Node::Number(digits) => Node::Number(format!("-{digits}")),
        operand => Node::Call("-".to_owned(), vec![operand]),
    }
}

/// A cast. The server adds one to columns and constants wherever types differ, so that those say nothing.
pub(super) fn cast(operand: Node, ty: &str) -> Node {
    match operand {
        Node::Text(text) if is_number(ty) && is_plain_number(text.strip_prefix('-').unwrap_or(&text)) => {
            Node::Number(text)
        }
        Node::Text(_) | Node::Number(_) | Node::Word(_) | Node::Column(_) => operand,
        Node::Call(name, items) if name == "ARRAY" => Node::Call(name, items),
        operand => Node::Infix("::".to_owned(), vec![operand, Node::Word(ty.to_owned())]),
    }
}

fn is_number(ty: &str) -> bool {
    let head = ty.split('(').next().unwrap_or(ty);
    ["smallint", "integer", "bigint", "numeric", "real", "double precision"].contains(&head)
}

/// Writes parentheses around everything that has an operator.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Column(text) | Self::Number(text) | Self::Word(text) => f.write_str(text),
            Self::Text(text) => f.write_str(&quote::string(text)),
            Self::Infix(operator, sides) => {
                let sides: Vec<String> = sides.iter().map(Self::to_string).collect();
                write!(f, "({})", sides.join(&format!(" {operator} ")))
            }
            Self::Call(name, items) => {
                let items: Vec<String> = items.iter().map(Self::to_string).collect();
                write!(f, "{name}({})", items.join(", "))
            }
        }
    }
}
