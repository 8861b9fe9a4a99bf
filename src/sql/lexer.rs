//! The lexer: text to tokens that cover every byte of it. It accepts any text and never fails; what is left
//! open at the end says so in its token.

use std::ops::Range;

use super::Rules;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// White space.
    Space,
    /// A line or block comment with its marks.
    Comment,
    /// A keyword or an unquoted identifier.
    Word,
    /// An identifier in quotes.
    Quoted,
    /// A string with its quotes.
    String,
    /// A number.
    Number,
    /// An operator of one or more characters.
    Operator,
    /// One of `( ) [ ] { } , ; .`, or a character that nothing else claims.
    Mark,
}

/// A piece of the text. The tokens of a text follow each other without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes in the text.
    pub span: Range<usize>,
    /// Its text.
    pub text: &'a str,
    /// Whether a string, an identifier or a comment found its end.
    pub closed: bool,
}

impl Token<'_> {
    /// Whether it is neither white space nor a comment.
    #[must_use]
    pub fn is_significant(&self) -> bool {
        !matches!(self.kind, TokenKind::Space | TokenKind::Comment)
    }

    /// Whether it is this keyword, in any case.
    #[must_use]
    pub fn is_word(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Whether it is this mark.
    #[must_use]
    pub fn is_mark(&self, mark: &str) -> bool {
        self.kind == TokenKind::Mark && self.text == mark
    }
}

/// Reads a text as tokens.
pub fn tokens<'a>(text: &'a str, rules: &Rules) -> impl Iterator<Item = Token<'a>> + use<'a> {
    let mut lexer = Lexer { text, at: 0, rules: *rules };
    std::iter::from_fn(move || lexer.token())
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    rules: Rules,
}

/// Where a piece ends, and whether it found its end.
struct End {
    at: usize,
    closed: bool,
}

impl<'a> Lexer<'a> {
    fn token(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        let first = self.byte(start)?;
        let (kind, end) = match first {
            b if is_space(b) => (TokenKind::Space, self.run(start, is_space)),
            b'-' if self.opens_dash_comment(start) => (TokenKind::Comment, self.line(start)),
            b'#' if self.rules.hash_comments => (TokenKind::Comment, self.line(start)),
            b'/' if self.byte(start + 1) == Some(b'*') => (TokenKind::Comment, self.block_comment(start)),
            b'\'' => (TokenKind::String, self.quoted(start + 1, b'\'', self.rules.backslash_escapes)),
            b'e' | b'E' if self.rules.escape_strings && self.byte(start + 1) == Some(b'\'') => {
                (TokenKind::String, self.escape_string(start + 2))
            }
            b'"' if self.rules.double_quoted_strings => {
                (TokenKind::String, self.quoted(start + 1, b'"', self.rules.backslash_escapes))
            }
            b'"' => (TokenKind::Quoted, self.quoted(start + 1, b'"', false)),
            b'`' if self.rules.backtick_identifiers => {
                (TokenKind::Quoted, self.quoted(start + 1, b'`', false))
            }
            b'[' if self.rules.bracket_identifiers => (TokenKind::Quoted, self.until(start + 1, "]")),
            b'$' if self.rules.dollar_quotes => match self.dollar_quote(start) {
                Some(end) => (TokenKind::String, end),
                None => (TokenKind::Mark, End { at: start + 1, closed: true }),
            },
            b if starts_word(b) => (TokenKind::Word, self.run(start, continues_word)),
            b if b.is_ascii_digit() => (TokenKind::Number, self.number(start)),
            b if is_operator(b) => (TokenKind::Operator, self.operator(start)),
            _ => (TokenKind::Mark, End { at: start + 1, closed: true }),
        };
        self.at = end.at;
        // Every branch stops behind an ASCII byte or at the end, which are character boundaries.
        Some(Token { kind, span: start..end.at, text: &self.text[start..end.at], closed: end.closed })
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn rest(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or("")
    }

    fn run(&self, start: usize, belongs: fn(u8) -> bool) -> End {
        let length = self.rest(start).bytes().take_while(|byte| belongs(*byte)).count();
        End { at: start + length, closed: true }
    }

    fn until(&self, from: usize, mark: &str) -> End {
        match self.rest(from).find(mark) {
            Some(offset) => End { at: from + offset + mark.len(), closed: true },
            None => End { at: self.text.len(), closed: false },
        }
    }

    fn opens_dash_comment(&self, start: usize) -> bool {
        self.byte(start + 1) == Some(b'-')
            && (!self.rules.dash_comments_need_space || self.byte(start + 2).is_none_or(is_space))
    }

    fn line(&self, start: usize) -> End {
        let returns = self.rules.return_ends_comment;
        let ends = |byte: u8| byte == b'\n' || (returns && byte == b'\r');
        let length = self.rest(start).bytes().take_while(|byte| !ends(*byte)).count();
        End { at: start + length, closed: true }
    }

    fn block_comment(&self, start: usize) -> End {
        let bytes = self.text.as_bytes();
        let mut depth = 1_usize;
        let mut at = start + 2;
        while let Some(pair) = bytes.get(at..at + 2) {
            match pair {
                b"/*" if self.rules.nested_comments => {
                    depth += 1;
                    at += 2;
                }
                b"*/" => {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        return End { at, closed: true };
                    }
                }
                _ => at += 1,
            }
        }
        End { at: self.text.len(), closed: false }
    }

    /// From behind the opening quote to behind the closing one; a doubled quote stands for itself.
    fn quoted(&self, from: usize, quote: u8, backslash: bool) -> End {
        let mut at = from;
        while let Some(byte) = self.byte(at) {
            if byte == b'\\' && backslash {
                at += 2;
            } else if byte != quote {
                at += 1;
            } else if self.byte(at + 1) == Some(quote) {
                at += 2;
            } else {
                return End { at: at + 1, closed: true };
            }
        }
        End { at: self.text.len(), closed: false }
    }

    /// An escape string goes on, with its escapes, in a further quoted piece on a later line.
    fn escape_string(&self, from: usize) -> End {
        let mut end = self.quoted(from, b'\'', true);
        while end.closed {
            let gap = self.run(end.at, is_space).at;
            let breaks = self.text[end.at..gap].contains(['\n', '\r']);
            if !breaks || self.byte(gap) != Some(b'\'') {
                break;
            }
            end = self.quoted(gap + 1, b'\'', true);
        }
        end
    }

    /// `$tag$ … $tag$`, or nothing where no tag stands here.
    fn dollar_quote(&self, start: usize) -> Option<End> {
        let tag = self.rest(start + 1).split_once('$')?.0;
        let starts = tag.bytes().next().is_none_or(starts_word);
        if !starts || !tag.bytes().all(|byte| byte != b'$' && continues_word(byte)) {
            return None;
        }
        let mark = &self.text[start..start + tag.len() + 2];
        Some(self.until(start + mark.len(), mark))
    }

    fn number(&self, start: usize) -> End {
        let mut at = start;
        while let Some(byte) = self.byte(at) {
            let exponent = matches!(byte, b'e' | b'E') && !self.rest(start).starts_with("0x");
            let sign = usize::from(matches!(self.byte(at + 1), Some(b'+' | b'-')));
            if exponent && sign == 1 && self.byte(at + 2).is_some_and(|next| next.is_ascii_digit()) {
                at += 2;
            } else if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.' {
                at += 1;
            } else {
                break;
            }
        }
        End { at, closed: true }
    }

    /// A run of operator characters, without a comment that opens in it, and without a sign at its end
    /// (`a=-1` holds two operators), unless the run is of those that may end so.
    fn operator(&self, start: usize) -> End {
        let mut at = start + 1;
        while self.byte(at).is_some_and(is_operator) {
            let comment = self.rest(at).starts_with("/*") || self.rest(at).starts_with("--");
            if comment || (self.rules.hash_comments && self.byte(at) == Some(b'#')) {
                break;
            }
            at += 1;
        }
        let run = &self.text[start..at];
        if !run.contains(['~', '!', '@', '#', '%', '^', '&', '|', '?']) {
            let kept = run.trim_end_matches(['+', '-']).len().max(1);
            // An arrow (`->`, `->>`) ends in `>` and is kept whole; a lone sign is one operator.
            at = start + kept;
        }
        End { at, closed: true }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// Bytes of characters beyond ASCII belong to words, as in every database here.
fn starts_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii()
}

fn continues_word(byte: u8) -> bool {
    starts_word(byte) || byte.is_ascii_digit() || byte == b'$'
}

fn is_operator(byte: u8) -> bool {
    matches!(
        byte,
        b'+' | b'-'
            | b'*'
            | b'/'
            | b'<'
            | b'>'
            | b'='
            | b'~'
            | b'!'
            | b'@'
            | b'#'
            | b'%'
            | b'^'
            | b'&'
            | b'|'
            | b'?'
            | b':'
    )
}
