//! Parentheses that change nothing: those around all of it, two pairs around one thing, and a pair around what binds
//! tighter than all that stands beside it.

use super::Piece;

/// What ends a condition, or is looser than any comparison.
const LOOSE: [&str; 7] = ["and", "or", "xor", "when", "then", "else", "case"];
/// What stands before a whole expression, beside those.
const OPENING: [&str; 3] = ["select", "where", "having"];
/// What stands behind a whole expression, beside those.
const CLOSING: [&str; 8] = ["end", "as", "from", "group", "order", "limit", "union", "window"];
/// Inside, what is as loose as what may stand beside it, or means that it is no expression.
const OPEN: [&str; 7] = ["and", "or", "xor", "between", "select", "with", "values"];
/// Operators that are as loose.
const OPEN_OPERATORS: [&str; 3] = ["||", "&&", ":="];

/// A pair of parentheses.
struct Pair {
    start: usize,
    end: usize,
    /// Whether what is inside, not counting what is in further parentheses, is tighter than AND.
    tight: bool,
    /// Whether it is one expression, and neither a list nor a query.
    single: bool,
    /// Whether there is a BETWEEN inside, whose AND is another one.
    between: bool,
    /// The pair around it.
    around: Option<usize>,
}

/// Which pieces are to be kept; `None` if all are, or if the parentheses don't match.
pub(super) fn redundant(pieces: &[Piece<'_>]) -> Option<Vec<bool>> {
    let (pairs, between) = pairs(pieces)?;
    let mut keep = vec![true; pieces.len()];
    let mut found = false;
    // Where there are two around one thing the inner ones go first: what the outer ones hold is then looked at anew.
    let doubled = pairs.iter().any(|pair| is_doubled(pair, &pairs));
    for pair in &pairs {
        let goes = if doubled {
            is_doubled(pair, &pairs)
        } else {
            let inside_between = pair.around.map_or(between, |around| pairs[around].between);
            is_bounded(pair, pieces) || pair.tight && !inside_between && is_apart(pair, pieces)
        };
        if goes {
            keep[pair.start] = false;
            keep[pair.end] = false;
            found = true;
        }
    }
    found.then_some(keep)
}

/// Whether a pair holds nothing but an expression in another one.
fn is_doubled(pair: &Pair, pairs: &[Pair]) -> bool {
    let Some(around) = pair.around.and_then(|around| pairs.get(around)) else { return false };
    pair.single && around.start + 1 == pair.start && pair.end + 1 == around.end
}

/// Whether a pair holds all that there is, or all of a condition.
fn is_bounded(pair: &Pair, pieces: &[Piece<'_>]) -> bool {
    let before = pair.start.checked_sub(1).map(|at| &pieces[at]);
    let behind = pieces.get(pair.end + 1);
    let begins = before.is_none_or(|piece| piece.is_one_of(&["where", "having"]));
    let ends = behind.is_none_or(|piece| piece.is_mark(")") || piece.is_one_of(&CLOSING));
    pair.single && begins && ends && (before.is_some() || behind.is_none())
}

/// Whether nothing beside a pair binds as tight as what is in it.
fn is_apart(pair: &Pair, pieces: &[Piece<'_>]) -> bool {
    let before = pair.start.checked_sub(1).map(|at| &pieces[at]);
    let behind = pieces.get(pair.end + 1);
    let begins = |piece: &Piece<'_>| {
        piece.is_mark("(") || piece.is_mark(",") || piece.is_one_of(&LOOSE) || piece.is_one_of(&OPENING)
    };
    let ends = |piece: &Piece<'_>| {
        piece.is_mark(")") || piece.is_mark(",") || piece.is_one_of(&LOOSE) || piece.is_one_of(&CLOSING)
    };
    pair.tight && before.is_none_or(begins) && behind.is_none_or(ends)
}

/// All pairs, and whether there is a BETWEEN outside of all of them.
fn pairs(pieces: &[Piece<'_>]) -> Option<(Vec<Pair>, bool)> {
    let mut pairs: Vec<Pair> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut between = false;
    for (at, piece) in pieces.iter().enumerate() {
        if piece.is_mark("(") {
            let around = open.last().copied();
            open.push(pairs.len());
            pairs.push(Pair { start: at, end: at, tight: true, single: true, between: false, around });
            continue;
        }
        if piece.is_mark(")") {
            let closed = open.pop()?;
            let pair = &mut pairs[closed];
            pair.end = at;
            if pair.end == pair.start + 1 {
                (pair.tight, pair.single) = (false, false);
            }
            continue;
        }
        let is_between = piece.is_word("between");
        match open.last().map(|open| &mut pairs[*open]) {
            None => between |= is_between,
            Some(pair) => {
                pair.between |= is_between;
                let loose = piece.is_one_of(&OPEN) || OPEN_OPERATORS.contains(&&*piece.text);
                let listed = piece.is_mark(",")
                    || piece.is_one_of(&[
                        "select",
                        "with",
                        "values",
                        "as",
                        "from",
                        "partition",
                        "order",
                        "join",
                        "rows",
                    ]);
                pair.tight &= !loose && !listed;
                pair.single &= !listed;
            }
        }
    }
    open.is_empty().then_some((pairs, between))
}
