//! One spelling for SQL that means the same: white space, comments, the case of words and needless quotes gone.
//! Lexical only.

use crate::sql::{Case, Rules, Token, TokenKind, identifiers, tokens};

/// How SQLite reads SQL.
pub(super) static RULES: Rules = Rules {
    nested_comments: false,
    bracket_identifiers: true,
    backtick_identifiers: true,
    atomic_bodies: false,
    trigger_bodies: true,
    case: Case::Ignored,
    ..Rules::STANDARD
};

/// The text in the one spelling: equal texts are the same tokens.
pub(super) fn normal(text: &str) -> String {
    join(&significant(text))
}

/// The tokens that mean something.
pub(super) fn significant(text: &str) -> Vec<Token<'_>> {
    tokens(text, &RULES).filter(Token::is_significant).collect()
}

/// Tokens in the one spelling, with a space between each two.
pub(super) fn join(tokens: &[Token<'_>]) -> String {
    tokens.iter().map(spelled).collect::<Vec<_>>().join(" ")
}

fn spelled(token: &Token<'_>) -> String {
    match token.kind {
        TokenKind::Word => token.text.to_ascii_lowercase(),
        TokenKind::Quoted => {
            let name = unquoted(token).to_ascii_lowercase();
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            let bare = name.bytes().all(plain) && !name.starts_with(|first: char| first.is_ascii_digit());
            if bare && !name.is_empty() { name } else { super::quote::name(&name) }
        }
        TokenKind::Operator if token.text == "==" => "=".to_owned(),
        TokenKind::Operator if token.text == "!=" => "<>".to_owned(),
        TokenKind::Space
        | TokenKind::Comment
        | TokenKind::String
        | TokenKind::Number
        | TokenKind::Operator
        | TokenKind::Mark => token.text.to_owned(),
    }
}

/// The name that a word, a quoted name or a string stands for, in the case in which it is written.
pub(super) fn unquoted(token: &Token<'_>) -> String {
    if token.kind == TokenKind::String {
        let inner = token.text.strip_prefix('\'').unwrap_or(token.text);
        return inner.strip_suffix('\'').unwrap_or(inner).replace("''", "'");
    }
    identifiers(token.text, &RULES)
        .next()
        .map_or_else(|| token.text.to_owned(), |found| found.name.into_owned())
}

/// Whether the text names this: as a whole word or quoted name, in any case.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    identifiers(text, &RULES).any(|found| found.is(name, &RULES))
}

/// Whether two names are the same to SQLite.
pub(super) fn same_name(one: &str, two: &str) -> bool {
    one.eq_ignore_ascii_case(two)
}

/// The text without the semicolons and white space at its end.
pub(super) fn statement(text: &str) -> &str {
    text.trim().trim_end_matches([';', ' ', '\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_count_and_meaning_does() {
        for (one, two, same) in [
            ("[Total]>0 -- x", "\"total\" > 0", true),
            ("a==1", "A = 1", true),
            ("'a'", "'A'", false),
            ("\"a b\"", "a b", false),
            ("a <> 1", "a != 1", true),
        ] {
            assert_eq!(normal(one) == normal(two), same, "{one} | {two}");
        }
    }
}
