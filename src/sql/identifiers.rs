//! The identifiers of a text: every word and quoted name, with keywords among them. Which of them mean an
//! object is for the caller to say, who knows the objects.

use std::borrow::Cow;
use std::ops::Range;

use super::{Case, Rules, Token, TokenKind, tokens};

/// A word or quoted name in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier<'a> {
    /// Its bytes in the text, quotes included.
    pub span: Range<usize>,
    /// The name that it stands for: unquoted, and in lower case where the database reads it so.
    pub name: Cow<'a, str>,
    /// Whether it stands in quotes, and so is surely no keyword.
    pub quoted: bool,
    /// Whether it is a word of the language that is no name here.
    pub reserved: bool,
}

impl Identifier<'_> {
    /// Whether it stands for this name.
    #[must_use]
    pub fn is(&self, name: &str, rules: &Rules) -> bool {
        let same = match rules.case {
            Case::FoldsToLower => self.name == name,
            Case::Ignored => self.name.eq_ignore_ascii_case(name),
        };
        same && !self.reserved
    }
}

/// The identifiers of a text, in order; not what stands in strings and comments.
pub fn identifiers<'a>(text: &'a str, rules: &Rules) -> impl Iterator<Item = Identifier<'a>> + use<'a> {
    let rules = *rules;
    let mut is_part = false;
    tokens(text, &rules).filter(Token::is_significant).filter_map(move |token| {
        let found = identifier(&token, is_part, &rules);
        is_part = token.is_mark(".");
        found
    })
}

/// The identifier that a token is; `is_part` says that it follows a dot, behind which every word is a name.
pub(super) fn identifier<'a>(token: &Token<'a>, is_part: bool, rules: &Rules) -> Option<Identifier<'a>> {
    let reserved = || rules.reserved.iter().any(|word| token.is_word(word));
    match token.kind {
        TokenKind::Word | TokenKind::Quoted => Some(Identifier {
            span: token.span.clone(),
            name: name_of(token, rules),
            quoted: token.kind == TokenKind::Quoted,
            reserved: token.kind == TokenKind::Word && !is_part && reserved(),
        }),
        TokenKind::Space
        | TokenKind::Comment
        | TokenKind::String
        | TokenKind::Number
        | TokenKind::Operator
        | TokenKind::Mark => None,
    }
}

/// The name that a word or a quoted token stands for.
pub(super) fn name_of<'a>(token: &Token<'a>, rules: &Rules) -> Cow<'a, str> {
    if token.kind == TokenKind::Quoted {
        return unquote(token);
    }
    let folds = rules.case == Case::FoldsToLower && token.text.bytes().any(|byte| byte.is_ascii_uppercase());
    if folds { token.text.to_ascii_lowercase().into() } else { token.text.into() }
}

fn unquote<'a>(token: &Token<'a>) -> Cow<'a, str> {
    let end = token.text.len() - usize::from(token.closed);
    let inner = token.text.get(1..end).unwrap_or("");
    let doubled = match token.text.as_bytes().first() {
        Some(b'"') => "\"\"",
        Some(b'`') => "``",
        // A bracketed name can't hold its closing bracket.
        Some(_) | None => return inner.into(),
    };
    if inner.contains(doubled) { inner.replace(doubled, &doubled[1..]).into() } else { inner.into() }
}
