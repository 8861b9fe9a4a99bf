//! As much of Python as a file needs that says what it is in assignments at its top level: strings, tuples and lists are
//! read, everything else is computed. Nothing is run.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;

/// How many brackets may stand inside each other.
const DEPTH_MAX: usize = 16;

/// What a module says at its top level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Module {
    /// The string that it begins with.
    pub(super) docstring: Option<String>,
    /// The last value that each name is given.
    pub(super) values: BTreeMap<String, Value>,
}

/// A value as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// `None`.
    None,
    /// A string.
    Text(String),
    /// A tuple, list or set.
    List(Vec<Value>),
    /// Anything that has to be run to be known.
    Computed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Name(String),
    Text(String),
    Mark(char),
    /// A number, a string with code or bytes in it.
    Other,
}

/// Reads a module.
pub(super) fn read(text: &str) -> Module {
    let mut module = Module::default();
    for (number, line) in lines(text).iter().enumerate() {
        match line.as_slice() {
            [Token::Text(text)] if number == 0 => module.docstring = Some(text.clone()),
            [Token::Name(name), Token::Mark('=' | ':'), rest @ ..] => {
                let annotated = matches!(line.get(1), Some(Token::Mark(':')));
                let value = match annotated {
                    false => Some(rest),
                    true => {
                        let at = rest.iter().position(|token| *token == Token::Mark('='));
                        at.and_then(|at| rest.get(at + 1..))
                    }
                };
                if let Some(value) = value.filter(|value| value.first() != Some(&Token::Mark('='))) {
                    module.values.insert(name.clone(), whole(value));
                }
            }
            _ => {}
        }
    }
    module
}

/// The value that tokens are, all of them.
fn whole(tokens: &[Token]) -> Value {
    let mut at = 0;
    let value = list(tokens, &mut at, None, 0);
    if at < tokens.len() { Value::Computed } else { value }
}

/// What stands between commas, up to a closing bracket or to the end. One value without a comma is no list, unless it
/// stands in brackets that make one.
fn list(tokens: &[Token], at: &mut usize, close: Option<char>, depth: usize) -> Value {
    let (mut items, mut commas) = (Vec::new(), false);
    loop {
        let next = tokens.get(*at);
        if next.is_none() || next == close.map(Token::Mark).as_ref() {
            break;
        }
        items.push(one(tokens, at, depth));
        match tokens.get(*at) {
            Some(Token::Mark(',')) => (commas, *at) = (true, *at + 1),
            Some(Token::Mark(mark)) if Some(*mark) == close => {}
            None => {}
            Some(_) => return Value::Computed,
        }
    }
    let is_bracket = close.is_some_and(|close| close != ')');
    match (items.pop(), commas || is_bracket) {
        (Some(only), false) if items.is_empty() => only,
        (last, _) => {
            items.extend(last);
            if items.contains(&Value::Computed) { Value::Computed } else { Value::List(items) }
        }
    }
}

fn one(tokens: &[Token], at: &mut usize, depth: usize) -> Value {
    let token = tokens.get(*at);
    *at += 1;
    match token {
        Some(Token::Name(name)) if name == "None" => Value::None,
        Some(Token::Text(text)) => {
            let mut text = text.clone();
            // Strings beside each other are one.
            while let Some(Token::Text(more)) = tokens.get(*at) {
                text.push_str(more);
                *at += 1;
            }
            Value::Text(text)
        }
        Some(Token::Mark(open @ ('(' | '[' | '{'))) if depth < DEPTH_MAX => {
            let close = match open {
                '(' => ')',
                '[' => ']',
                _ => '}',
            };
            let value = list(tokens, at, Some(close), depth + 1);
            if tokens.get(*at) == Some(&Token::Mark(close)) {
                *at += 1;
                value
            } else {
                Value::Computed
            }
        }
        Some(Token::Name(_) | Token::Mark(_) | Token::Other) | None => Value::Computed,
    }
}

/// The statements at the top level, each as its tokens. What stands inside of blocks is left out.
fn lines(text: &str) -> Vec<Vec<Token>> {
    let mut reader = Reader { rest: text.chars().peekable() };
    let (mut lines, mut line, mut depth) = (Vec::new(), Vec::new(), 0_usize);
    let (mut begins, mut indented) = (true, false);
    while let Some(c) = reader.rest.next() {
        let token = match c {
            '#' => {
                while reader.rest.next_if(|c| *c != '\n').is_some() {}
                continue;
            }
            '\n' | ';' if depth == 0 => {
                let line = std::mem::take(&mut line);
                if !line.is_empty() && !indented {
                    lines.push(line);
                }
                // Behind a semicolon goes on what its line is.
                begins = c == '\n';
                indented &= !begins;
                continue;
            }
            '\\' if reader.rest.next_if_eq(&'\n').is_some() => continue,
            c if c.is_whitespace() => {
                indented |= begins && matches!(c, ' ' | '\t');
                continue;
            }
            '\'' | '"' => reader.string(c, true).map_or(Token::Other, Token::Text),
            c if c.is_alphabetic() || c == '_' => reader.word(c),
            c if c.is_ascii_digit() => {
                while reader.rest.next_if(|c| c.is_alphanumeric() || *c == '.').is_some() {}
                Token::Other
            }
            c => {
                match c {
                    '(' | '[' | '{' => depth += 1,
                    ')' | ']' | '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                Token::Mark(c)
            }
        };
        begins = false;
        line.push(token);
    }
    if !line.is_empty() && !indented {
        lines.push(line);
    }
    lines
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    /// A name, or a string with letters in front of it.
    fn word(&mut self, first: char) -> Token {
        let mut word = String::from(first);
        while let Some(c) = self.rest.next_if(|c| c.is_alphanumeric() || *c == '_') {
            word.push(c);
        }
        let is_prefix = word.len() <= 2 && word.chars().all(|c| "rRbBuUfF".contains(c));
        let Some(quote) = self.rest.next_if(|c| is_prefix && matches!(c, '\'' | '"')) else {
            return Token::Name(word);
        };
        let is_raw = word.contains(['r', 'R']);
        let text = self.string(quote, !is_raw);
        let is_plain = !word.contains(['b', 'B', 'f', 'F']);
        text.filter(|_| is_plain).map_or(Token::Other, Token::Text)
    }

    /// The text of a string whose first quote was read; nothing if it has no end.
    fn string(&mut self, quote: char, escapes: bool) -> Option<String> {
        let mut text = String::new();
        let mut long = false;
        if self.rest.next_if_eq(&quote).is_some() {
            if self.rest.next_if_eq(&quote).is_none() {
                return Some(text);
            }
            long = true;
        }
        loop {
            let c = self.rest.next()?;
            match c {
                '\\' => {
                    let next = self.rest.next()?;
                    match (escapes, next) {
                        (false, _) => text.extend([c, next]),
                        (true, '\n') => {}
                        (true, 'n') => text.push('\n'),
                        (true, 't') => text.push('\t'),
                        (true, '\\' | '\'' | '"') => text.push(next),
                        (true, _) => text.extend([c, next]),
                    }
                }
                '\n' if !long => return None,
                c if c == quote && !long => return Some(text),
                c if c == quote => {
                    let mut count = 1;
                    while count < 3 && self.rest.next_if_eq(&quote).is_some() {
                        count += 1;
                    }
                    if count == 3 {
                        return Some(text);
                    }
                    text.extend(std::iter::repeat_n(quote, count));
                }
                c => text.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn what_is_written_out_is_read() {
        let module = read(concat!(
            "#!/usr/bin/env python\n\"\"\"add users\n\nRevision ID: 1975\n\"\"\"\n",
            "from alembic import op\n\n# revision identifiers\nrevision: str = '19' \"75\"\n",
            "down_revision: Union[str, None] = None  # the first\n",
            "branch_labels = (\n    'a', # one\n    r'b\\c',\n)\ndepends_on = [\"x\"]; other = 'y'\n",
            "single = ('z')\npair = 'p', 'q'\n\n",
            "def upgrade():\n    revision = 'wrong'\n    op.execute('''\nrevision = 'wrong too'\n''')\n",
        ));
        assert_eq!(module.docstring.as_deref(), Some("add users\n\nRevision ID: 1975\n"));
        let values = [
            ("revision", text("1975")),
            ("down_revision", Value::None),
            ("branch_labels", Value::List(vec![text("a"), text("b\\c")])),
            ("depends_on", Value::List(vec![text("x")])),
            ("other", text("y")),
            ("single", text("z")),
            ("pair", Value::List(vec![text("p"), text("q")])),
        ];
        for (name, expected) in values {
            assert_eq!(module.values.get(name), Some(&expected), "{name}");
        }
    }

    #[test]
    fn what_is_computed_is_known_as_such() {
        for code in
            ["make()", "f'{x}'", "'a' + 'b'", "b'a'", "NAME", "('a', make())", "'a", "[", "'a' if x else 'b'"]
        {
            let module = read(&format!("revision = {code}\n"));
            assert_eq!(module.values.get("revision"), Some(&Value::Computed), "{code}");
        }
        assert_eq!(read("revision == 'a'\nrevision: str\n  revision = 'b'\n").values, BTreeMap::new());
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for code in ["", "(", ")", "'''", "\\", "x = (((((((((((((((((((((((((((", "\"\"\"a\"\"", "x = 'a\\"]
        {
            read(code);
        }
        assert_eq!(read("x = 1\r\ny = 'a'\r\n").values.get("y"), Some(&text("a")));
    }
}
