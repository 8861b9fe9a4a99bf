//! A place among the tokens of a statement.

use crate::dialect::sqlite::normal::unquoted;
use crate::sql::{Token, TokenKind};

/// A place among tokens. What is taken is what stands there; nothing moves where it doesn't.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'t, 'a> {
    /// The statement.
    sql: &'a str,
    /// The tokens that are left.
    tokens: &'t [Token<'a>],
}

impl<'t, 'a> Cursor<'t, 'a> {
    /// Stands in front of tokens of a statement.
    pub(super) fn new(sql: &'a str, tokens: &'t [Token<'a>]) -> Self {
        Self { sql, tokens }
    }

    /// Whether nothing is left.
    pub(super) fn is_at_end(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The next token.
    pub(super) fn peek(&self) -> Option<&'t Token<'a>> {
        self.tokens.first()
    }

    /// Takes the next token.
    pub(super) fn next(&mut self) -> Option<&'t Token<'a>> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    /// Whether these words come next.
    pub(super) fn sees(&self, words: &[&str]) -> bool {
        let mut tokens = self.tokens.iter();
        words.iter().all(|word| tokens.next().is_some_and(|token| token.is_word(word)))
    }

    /// Takes these words.
    pub(super) fn words(&mut self, words: &[&str]) -> bool {
        let sees = self.sees(words);
        if sees {
            self.tokens = self.tokens.get(words.len()..).unwrap_or_default();
        }
        sees
    }

    /// Takes one of these words, and says which.
    pub(super) fn one_of<'w>(&mut self, words: &[&'w str]) -> Option<&'w str> {
        words.iter().copied().find(|word| self.words(&[word]))
    }

    /// Takes a mark.
    pub(super) fn mark(&mut self, mark: &str) -> bool {
        let is_next = self.peek().is_some_and(|token| token.is_mark(mark));
        if is_next {
            self.next();
        }
        is_next
    }

    /// Takes a name, whatever its quotes.
    pub(super) fn name(&mut self) -> Option<String> {
        let token = self.peek().filter(|token| is_name(token))?;
        self.next();
        Some(unquoted(token))
    }

    /// Takes a group in parentheses, and gives what is in it.
    pub(super) fn group(&mut self) -> Option<Self> {
        self.peek().filter(|first| first.is_mark("("))?;
        let mut depth = 0_usize;
        for (at, token) in self.tokens.iter().enumerate() {
            if token.is_mark("(") {
                depth += 1;
            } else if token.is_mark(")") {
                depth -= 1;
            }
            if depth == 0 {
                let inner = self.tokens.get(1..at)?;
                self.tokens = self.tokens.get(at + 1..)?;
                return Some(Self { sql: self.sql, tokens: inner });
            }
        }
        None
    }

    /// The pieces between commas outside of parentheses; one at least.
    pub(super) fn pieces(self) -> impl Iterator<Item = Self> {
        let mut depth = 0_usize;
        let split = self.tokens.split(move |token| {
            if token.is_mark("(") {
                depth += 1;
            } else if token.is_mark(")") {
                depth = depth.saturating_sub(1);
            }
            depth == 0 && token.is_mark(",")
        });
        split.map(move |tokens| Self { sql: self.sql, tokens })
    }

    /// Takes a word off the end, if it is one of these.
    pub(super) fn last_word<'w>(&mut self, words: &[&'w str]) -> Option<&'w str> {
        let (last, rest) = self.tokens.split_last()?;
        let found = words.iter().copied().find(|word| last.is_word(word))?;
        self.tokens = rest;
        Some(found)
    }

    /// Takes `COLLATE` and a name off the end, if what is in front of them is one operand.
    pub(super) fn last_collation(&mut self) -> Option<String> {
        let at = self.tokens.len().checked_sub(2)?;
        let (front, end) = self.tokens.split_at(at);
        let [collate, name] = end else { return None };
        if !collate.is_word("COLLATE") || !is_name(name) || !is_operand(front) {
            return None;
        }
        self.tokens = front;
        Some(unquoted(name))
    }

    /// What stands between this place and a later one.
    pub(super) fn before(&self, later: &Self) -> Self {
        let length = self.tokens.len().saturating_sub(later.tokens.len());
        Self { sql: self.sql, tokens: self.tokens.get(..length).unwrap_or_default() }
    }

    /// The tokens that are left.
    pub(super) fn tokens(&self) -> &'t [Token<'a>] {
        self.tokens
    }

    /// What is left, as it is written.
    pub(super) fn text(&self) -> &'a str {
        match self.tokens {
            [] => "",
            [first, ..] => {
                let end = self.tokens.last().map_or(first.span.end, |last| last.span.end);
                self.sql.get(first.span.start..end).unwrap_or_default()
            }
        }
    }

    /// Without the parentheses around all of it.
    pub(super) fn without_parentheses(self) -> Self {
        let mut whole = self;
        match whole.group() {
            Some(inner) if whole.is_at_end() && !inner.is_at_end() => inner.without_parentheses(),
            Some(_) | None => self,
        }
    }
}

/// Whether a token can be a name. SQLite takes a string for one where nothing else can stand.
pub(super) fn is_name(token: &Token<'_>) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::Quoted | TokenKind::String)
}

/// Whether an operator behind these tokens applies to all of them: a name, a call, or a group.
fn is_operand(tokens: &[Token<'_>]) -> bool {
    let group = match tokens {
        [only] => return matches!(only.kind, TokenKind::Word | TokenKind::Quoted),
        [first, rest @ ..] if first.kind == TokenKind::Word => rest,
        all => all,
    };
    let mut cursor = Cursor::new("", group);
    cursor.group().is_some() && cursor.is_at_end()
}
