//! Entries and what they are made of: annotations, words, numbers, keywords, quoted strings.

use std::borrow::Cow;

use super::characters::{character_length, is_keyword, newline_length, space_length};
use super::errors::{E004, E006, E009, E010, E012};
use super::reader::Reader;
use super::{Entry, Number, Text, Value, number};
use crate::diagnostic::{Diagnostic, Span, near};

/// A value whose role is not known yet: it can turn out to be a name.
pub(super) struct Scalar<'a> {
    value: Value<'a>,
    span: Span,
    /// A bare `true`, `null`, … of KDL 1: wrong as value and as name, but for different reasons.
    keyword: bool,
}

impl<'a> Reader<'a> {
    /// Reads an argument or property. Returns whether there was space behind it.
    pub(super) fn entry(&mut self) -> bool {
        let start = self.at;
        let annotation = self.annotation();
        let Some(scalar) = self.value_after(annotation.as_ref()) else { return self.skip(false) };
        let spaced = self.skip(false);
        if self.rest().first() != Some(&b'=') {
            let end = scalar.span.end as usize;
            self.push(start, end, None, annotation, scalar);
            return spaced;
        }
        let equals = self.at;
        if let Some(annotation) = &annotation {
            let diagnostic =
                Diagnostic::error(&E004, "a type annotation stands before the value, not before the name");
            let help = format!("write `name=({annotation})value`");
            self.report(diagnostic.at(annotation.span, "").help(help));
        }
        let name = self.text_of(scalar, "a property's name");
        self.at += 1;
        self.skip(false);
        let annotation = self.annotation();
        if annotation.is_none() && (self.at_end() || matches!(self.rest(), [b'{' | b'/', ..])) {
            let span = self.span(name.span.start as usize, equals + 1);
            let diagnostic =
                Diagnostic::error(&E004, format!("the property `{name}` has no value")).at(span, "");
            self.report(diagnostic.help(format!("write the value behind `{name}=`")));
        } else if let Some(scalar) = self.value_after(annotation.as_ref()) {
            let end = scalar.span.end as usize;
            self.push(start, end, Some(name), annotation, scalar);
        }
        self.skip(false)
    }

    /// Keeps an entry.
    fn push(
        &mut self,
        start: usize,
        end: usize,
        name: Option<Text<'a>>,
        annotation: Option<Text<'a>>,
        scalar: Scalar<'a>,
    ) {
        if scalar.keyword
            && let Value::String(word) = &scalar.value
        {
            let diagnostic = Diagnostic::error(&E010, format!("`{word}` is written `#{word}` in KDL 2"));
            let help = format!("write `#{word}`, or `\"{word}\"` for the text");
            self.report(diagnostic.at(scalar.span, "").help(help));
        }
        self.count();
        let span = self.span(start, end);
        self.entries.push(Entry { name, annotation, value: scalar.value, value_span: scalar.span, span });
    }

    /// Takes a scalar as a name; what can't be one is reported and taken by its spelling.
    pub(super) fn text_of(&mut self, scalar: Scalar<'a>, role: &str) -> Text<'a> {
        let written = &self.text[scalar.span.range()];
        if scalar.keyword || !matches!(scalar.value, Value::String(_)) {
            let what = if scalar.keyword { "a reserved word" } else { scalar.value.kind() };
            let diagnostic = Diagnostic::error(&E004, format!("{role} can't be {what}"));
            self.report(diagnostic.at(scalar.span, "").help(format!("write `\"{written}\"`")));
        }
        let text = match scalar.value {
            Value::String(text) => text,
            Value::Number(_) | Value::Bool(_) | Value::Null => Cow::Borrowed(written),
        };
        Text { text, span: scalar.span }
    }

    /// Reads a value; reports if an annotation has none.
    fn value_after(&mut self, annotation: Option<&Text<'a>>) -> Option<Scalar<'a>> {
        if let Some(annotation) = annotation
            && (self.at_end() || matches!(self.rest(), [b'{', ..] | [b'/', b'-', ..]))
        {
            self.report_nothing_behind(annotation);
            return None;
        }
        if self.at_end() || self.rest().first() == Some(&b'{') {
            return None;
        }
        self.scalar(false)
    }

    pub(super) fn report_nothing_behind(&mut self, annotation: &Text<'a>) {
        let diagnostic =
            Diagnostic::error(&E012, format!("the type annotation `({annotation})` has nothing behind it"));
        self.report(diagnostic.at(annotation.span, "").help("write the value behind it"));
    }

    /// Reads `(word)` and the space behind it, if it is there. A broken one is reported and left out.
    pub(super) fn annotation(&mut self) -> Option<Text<'a>> {
        if self.rest().first() != Some(&b'(') {
            return None;
        }
        let start = self.at;
        self.at += 1;
        self.skip(false);
        let problems = self.problems();
        let text = match self.rest() {
            [b')', ..] => None,
            _ if self.at_end() => None,
            _ => self.scalar(true).map(|scalar| self.text_of(scalar, "a type annotation")),
        };
        self.skip(false);
        if self.rest().first() == Some(&b')') {
            self.at += 1;
            self.end = self.at;
            let span = self.span(start, self.at);
            if text.is_none() && problems == self.problems() {
                self.report(
                    Diagnostic::error(&E004, "a type annotation can't be empty")
                        .at(span, "")
                        .help("delete it"),
                );
            }
            self.skip(false);
            return text.map(|text| Text { span, ..text });
        }
        if problems == self.problems() {
            self.report_broken_annotation(start);
        }
        None
    }

    /// Reports an annotation that doesn't end behind its word, and skips to where it seems to end.
    fn report_broken_annotation(&mut self, start: usize) {
        let line = self.rest().iter().take_while(|byte| !matches!(byte, b'\n'..=b'\r' | b'{' | b'}' | b';'));
        let diagnostic = match line.clone().position(|byte| *byte == b')') {
            Some(length) => {
                self.at += length + 1;
                let written = &self.text[start + 1..self.at - 1];
                Diagnostic::error(&E004, "a type annotation is one word")
                    .help(format!("write `(\"{written}\")`"))
            }
            None => Diagnostic::error(&E006, "the type annotation is never closed").help("end it with `)`"),
        };
        let span = self.span(start, self.at);
        self.report(diagnostic.at(span, ""));
    }

    /// Reads a string, number or keyword. `None` if there is none; that is reported, and the text skipped.
    pub(super) fn scalar(&mut self, in_annotation: bool) -> Option<Scalar<'a>> {
        let start = self.at;
        let mut keyword = false;
        let value = match self.rest() {
            [b'"', ..] => Value::String(self.quoted(0)),
            [b'#', ..] => self.hashed()?,
            _ => {
                let word = self.word();
                if word.is_empty() || self.is_glued(word, in_annotation) {
                    self.unquoted(word)?
                } else {
                    keyword = is_keyword(word);
                    self.at += word.len();
                    self.bare(word)
                }
            }
        };
        self.end = self.at;
        Some(Scalar { value, span: self.span(start, self.at), keyword })
    }

    /// What a bare word says.
    fn bare(&mut self, word: &'a str) -> Value<'a> {
        if Self::is_name(word) || is_keyword(word) {
            return Value::String(Cow::Borrowed(word));
        }
        match (Number::new(word), number::check(word)) {
            (Some(number), _) => Value::Number(number),
            (None, problem) => {
                let span = self.span(self.at - word.len(), self.at);
                let diagnostic = Diagnostic::error(&E009, format!("`{word}` is not a number"));
                let why = problem.err().unwrap_or_default();
                self.report(
                    diagnostic.at(span, why).help(format!("correct it, or write `\"{word}\"` for a text")),
                );
                Value::String(Cow::Borrowed(word))
            }
        }
    }

    /// Reads what begins with `#`: a raw string or a keyword.
    fn hashed(&mut self) -> Option<Value<'a>> {
        let start = self.at;
        let hashes = self.rest().iter().take_while(|byte| **byte == b'#').count();
        self.at += hashes;
        if self.rest().first() == Some(&b'"') {
            return Some(Value::String(self.quoted(hashes)));
        }
        let word = self.word();
        self.at += word.len();
        let written = &self.text[start..self.at];
        match written {
            "#true" => return Some(Value::Bool(true)),
            "#false" => return Some(Value::Bool(false)),
            "#null" => return Some(Value::Null),
            "#inf" | "#-inf" | "#nan" => return Number::new(written).map(Value::Number),
            _ => {}
        }
        let diagnostic = Diagnostic::error(&E004, format!("`{written}` is not a keyword"));
        let help = match near(written, ["#true", "#false", "#null", "#inf", "#-inf", "#nan"]) {
            Some(keyword) => format!("write `{keyword}`"),
            None => format!("write `\"{written}\"` for a text"),
        };
        let span = self.span(start, self.at);
        self.report(diagnostic.at(span, "").help(help));
        None
    }

    /// Whether a sign stands behind a bare word that would have to be quoted together with it.
    fn is_glued(&self, word: &str, in_annotation: bool) -> bool {
        match &self.rest()[word.len()..] {
            [b')', ..] => !in_annotation,
            [b'(' | b'[' | b']' | b'#', ..] => true,
            [b'"', ..] => word == "r",
            [b'/', next, ..] => !matches!(next, b'/' | b'*' | b'-'),
            [b'\\', behind @ ..] => {
                !matches!(behind, [] | [b'/', ..]) && space_length(behind) + newline_length(behind) == 0
            }
            _ => false,
        }
    }

    /// Reads `primary-key(id)`, a node's name with its values in parentheses, as other languages write them.
    pub(super) fn called(&mut self) -> Option<Text<'a>> {
        let (start, word) = (self.at, self.word());
        if word.is_empty() || self.rest().get(word.len()) != Some(&b'(') {
            return None;
        }
        self.at += unquoted_length(self.rest());
        let written = &self.text[start..self.at];
        let values: Vec<&str> = written[word.len()..].split(['(', ')', ',', ' ']).collect();
        let values: Vec<&str> = values.into_iter().filter(|value| !value.is_empty()).collect();
        let help = format!("write `{word} {}`", values.join(" "));
        let message = format!("the values of `{word}` stand behind it, without parentheses");
        let span = self.span(start, self.at);
        self.report(Diagnostic::error(&E004, message).at(span, "").help(help));
        self.end = self.at;
        Some(Text { text: Cow::Borrowed(word), span: self.span(start, start + word.len()) })
    }

    /// Reads text that had to be quoted: `varchar(320)`, `text[]`, `r"…"` of KDL 1.
    fn unquoted(&mut self, word: &'a str) -> Option<Value<'a>> {
        let start = self.at;
        if word == "r" && self.text[start + 1..].trim_start_matches('#').starts_with('"') {
            self.at += 1;
            let hashes = self.rest().iter().take_while(|byte| **byte == b'#').count();
            self.at += hashes;
            let text = self.raw_line(hashes);
            let sign = "#".repeat(hashes.max(1));
            let diagnostic = Diagnostic::error(&E010, "raw strings are written without `r` in KDL 2");
            let span = self.span(start, self.at);
            self.report(diagnostic.at(span, "").help(format!("write `{sign}\"…\"{sign}`")));
            return Some(Value::String(text));
        }
        self.at += unquoted_length(self.rest());
        let written = &self.text[start..self.at];
        let span = self.span(start, self.at);
        let help = match self.text.as_bytes()[start] {
            b'\\' => "end the line behind `\\`, or delete it".to_owned(),
            b'=' => "write a name before `=`".to_owned(),
            b'/' => "begin a comment with `//`".to_owned(),
            _ => format!("write {}", quote(written)),
        };
        let message = match word {
            "" => format!("unexpected `{written}`"),
            _ => format!("`{written}` must be quoted"),
        };
        self.report(Diagnostic::error(&E004, message).at(span, "").help(help));
        (!word.is_empty()).then_some(Value::String(Cow::Borrowed(written)))
    }
}

/// A text in quotes and backticks, for a message.
fn quote(written: &str) -> String {
    if written.contains(['"', '\\']) { format!("`#\"{written}\"#`") } else { format!("`\"{written}\"`") }
}

/// How far text without quotes seems to reach: to the next space outside of parentheses, or the line end. At least
/// one character.
fn unquoted_length(bytes: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut first_space = None;
    let mut at = bytes.first().map_or(0, |first| match first {
        b'(' | b'[' => 0,
        _ => character_length(*first),
    });
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        if newline_length(rest) > 0 {
            break;
        }
        let space = space_length(rest) > 0;
        if space {
            first_space.get_or_insert(at);
        }
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            b';' | b'{' | b'}' | b'"' | b'=' => break,
            b'/' if matches!(rest, [_, b'/' | b'*' | b'-', ..]) => break,
            _ if space => break,
            _ => {}
        }
        at += character_length(byte);
    }
    let end = if depth > 0 { first_space.unwrap_or(at) } else { at };
    end.clamp(1.min(bytes.len()), bytes.len())
}
