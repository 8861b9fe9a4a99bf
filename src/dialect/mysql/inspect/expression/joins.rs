//! Tables with commas between them. The servers print a comma as a join, but other than a join: each join has parentheses
//! of its own, tables with commas stand side by side.

use std::borrow::Cow;

use super::Piece;
use crate::sql::TokenKind;

/// What stands behind the tables of a query.
const BEHIND: [&str; 12] = [
    "where",
    "group",
    "having",
    "order",
    "limit",
    "union",
    "except",
    "intersect",
    "window",
    "procedure",
    "for",
    "into",
];
/// What a join has that is no comma.
const OF_JOINS: [&str; 8] = ["on", "using", "left", "right", "inner", "cross", "natural", "straight_join"];

/// Tables side by side, within the same parentheses.
#[derive(Default)]
struct Tables {
    joins: Vec<usize>,
    /// Whether they stand behind FROM, and not in parentheses of their own.
    from: bool,
    /// Whether one of the joins says more.
    joined: bool,
}

/// Writes commas where they were.
pub(super) fn put_commas(pieces: &mut [Piece<'_>]) {
    let mut commas = Vec::new();
    let mut open = vec![Tables::default()];
    for (at, piece) in pieces.iter().enumerate() {
        let Some(last) = open.last_mut() else { break };
        if piece.is_mark("(") {
            open.push(Tables::default());
        } else if piece.is_mark(")") {
            commas.extend(std::mem::take(last).commas());
            open.pop();
        } else if piece.is_word("from") {
            *last = Tables { from: true, ..Tables::default() };
        } else if piece.is_one_of(&BEHIND) {
            commas.extend(std::mem::take(last).commas());
        } else if piece.is_word("join") {
            last.joins.push(at);
        } else if piece.is_one_of(&OF_JOINS) {
            last.joined = true;
        }
    }
    commas.extend(open.into_iter().flat_map(Tables::commas));
    for at in commas {
        if let Some(piece) = pieces.get_mut(at) {
            *piece = Piece { kind: TokenKind::Mark, text: Cow::Borrowed(","), spaced: false };
        }
    }
}

impl Tables {
    /// The joins that are commas.
    fn commas(self) -> Vec<usize> {
        let fewest = if self.from { 1 } else { 2 };
        if self.joined || self.joins.len() < fewest { Vec::new() } else { self.joins }
    }
}
