//! Whether two texts are the same SQL but for spelling. No understanding of what either means.

use super::identifiers::name_of;
use super::{Case, Rules, Token, TokenKind, tokens};

/// Compares two texts token by token: white space, comments, the case of unquoted words and needless quotes
/// of a name don't count. A quoted keyword counts as the name that it is elsewhere, so `"user"` equals `user`.
#[must_use]
pub fn same_tokens(a: &str, b: &str, rules: &Rules) -> bool {
    let mut left = tokens(a, rules).filter(Token::is_significant);
    let mut right = tokens(b, rules).filter(Token::is_significant);
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(one), Some(two)) if same(&one, &two, rules) => {}
            (Some(_) | None, Some(_) | None) => return false,
        }
    }
}

fn same(one: &Token<'_>, two: &Token<'_>, rules: &Rules) -> bool {
    let names = [TokenKind::Word, TokenKind::Quoted];
    if names.contains(&one.kind) && names.contains(&two.kind) {
        let (one, two) = (name_of(one, rules), name_of(two, rules));
        return match rules.case {
            Case::FoldsToLower => one == two,
            Case::Ignored => one.eq_ignore_ascii_case(&two),
        };
    }
    one.kind == two.kind && one.text == two.text
}
