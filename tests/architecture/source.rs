//! Source files as the rules see them: whole, or without comments, strings and test code, line numbers intact.

use std::fs;
use std::path::Path;

/// A file of the repository.
#[derive(Debug, Clone)]
pub struct File {
    /// The path from the repository's root, with `/` between its parts.
    pub path: String,
    /// The content as it is.
    pub text: String,
    /// The content with comments blanked out; the strings stay.
    pub uncommented: String,
    /// The content with comments, strings and test code blanked out.
    pub code: String,
}

impl File {
    pub fn new(path: &str, text: &str) -> Self {
        let code = blank(text, true);
        let tests = test_ranges(&code);
        let uncommented = blank_ranges(&blank(text, false), &tests);
        let code = blank_ranges(&code, &tests);
        Self { path: path.to_owned(), text: text.to_owned(), uncommented, code }
    }

    /// Whether the whole file is test code.
    pub fn is_test(&self) -> bool {
        self.path.starts_with("tests/") || self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// The layer that the file belongs to: its folder or its name right below `src`.
    pub fn layer(&self) -> Option<&str> {
        let below = self.path.strip_prefix("src/")?;
        let first = below.split('/').next()?;
        Some(first.strip_suffix(".rs").unwrap_or(first))
    }
}

/// Every Rust file below a folder of the repository; none if the folder doesn't exist.
pub fn rust(folder: &str) -> Vec<File> {
    let mut files = Vec::new();
    collect(folder, &["rs"], &mut files);
    files
}

/// Everything that people read: code, documentation, tests, examples.
pub fn prose() -> Vec<File> {
    let mut files = Vec::new();
    for folder in ["src", "tests", "docs", "examples", "benches", "schema", "revisions", ".ci", ".github"] {
        collect(folder, &["rs", "md", "kdl", "sh", "run", "yml"], &mut files);
    }
    for entry in fs::read_dir(env!("CARGO_MANIFEST_DIR")).expect("the repository is there").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if [".md", ".toml", "justfile"].iter().any(|ending| name.ends_with(ending)) {
            files.push(read(&name));
        }
    }
    files
}

fn collect(folder: &str, endings: &[&str], files: &mut Vec<File>) {
    let Ok(entries) = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{folder}/{name}");
        if entry.path().is_dir() {
            collect(&path, endings, files);
        } else if endings.contains(&name.rsplit('.').next().unwrap_or_default()) {
            files.push(read(&path));
        }
    }
}

fn read(path: &str) -> File {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"));
    File::new(path, &text)
}

/// Replaces comments, and strings if asked for, by spaces; every other byte stays where it is.
fn blank(text: &str, strings: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (token, is_string) = token(rest);
        match is_string {
            Some(true) if !strings => out.push_str(token),
            None => out.push_str(token),
            Some(_) => out.extend(token.chars().flat_map(spaces)),
        }
        rest = &rest[token.len()..];
    }
    out
}

/// The next token, and whether it is a string (true), a comment (false) or neither. Words are one token, so that
/// the `r` of an identifier doesn't open a raw string.
fn token(text: &str) -> (&str, Option<bool>) {
    let until =
        |start: usize, end: &str| text[start..].find(end).map_or(text.len(), |at| start + at + end.len());
    if text.starts_with("//") {
        return (&text[..text.find('\n').unwrap_or(text.len())], Some(false));
    }
    if text.starts_with("/*") {
        return (&text[..until(2, "*/")], Some(false));
    }
    let prefix =
        ["br", "cr", "r", "b", "c", ""].into_iter().find(|p| text.starts_with(p)).unwrap_or_default();
    let after = &text[prefix.len()..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    if prefix.ends_with('r') && after[hashes..].starts_with('"') {
        let close = format!("\"{}", "#".repeat(hashes));
        return (&text[..until(prefix.len() + hashes + 1, &close)], Some(true));
    }
    if !prefix.ends_with('r') && after.starts_with('"') {
        return (&text[..prefix.len() + quoted(after, '"')], Some(true));
    }
    if text.starts_with('\'') && is_char_literal(text) {
        return (&text[..quoted(text, '\'')], Some(true));
    }
    let word = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let length = if word > 0 { word } else { text.chars().next().map_or(0, char::len_utf8) };
    (&text[..length], None)
}

/// Whether a quote opens a character and not a lifetime.
fn is_char_literal(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    matches!((chars.next(), chars.next()), (Some('\\'), _) | (Some(_), Some('\'')))
}

/// The length of a literal between quotes, with escapes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

/// The bytes of items behind `#[cfg(test)]`.
fn test_ranges(code: &str) -> Vec<(usize, usize)> {
    code.match_indices("#[cfg(test)]").map(|(start, _)| (start, item_end(code, start))).collect()
}

/// The end of the item that starts here: its closing brace, or its semicolon if that comes first.
pub fn item_end(code: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code[start..].char_indices() {
        match c {
            ';' if depth == 0 => return start + at + 1,
            '{' | '(' | '[' => depth += 1,
            '}' if depth <= 1 => return start + at + 1,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    code.len()
}

fn blank_ranges(text: &str, ranges: &[(usize, usize)]) -> String {
    let is_blank = |at: usize| ranges.iter().any(|(start, end)| (*start..*end).contains(&at));
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if is_blank(at) { out.extend(spaces(c)) } else { out.push(c) }
    }
    out
}

/// As many spaces as the character has bytes; a line break stays one.
fn spaces(c: char) -> impl Iterator<Item = char> {
    std::iter::repeat_n(if c == '\n' { c } else { ' ' }, c.len_utf8())
}

#[test]
fn comments_strings_and_tests_are_told_from_code() {
    let text = "a /* b */ \"c // d\" 'é' '\\'' &'f r#\"g\"h\"# // i\n#[cfg(test)]\nmod t { x }\nj\n";
    let file = File::new("src/a.rs", text);
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words(&file.code), "a &'f j");
    assert_eq!(words(&file.uncommented), "a \"c // d\" 'é' '\\'' &'f r#\"g\"h\"# j");
    assert_eq!(file.code.lines().count(), text.lines().count());
}
