//! Lines that a terminal has room for. One that the terminal itself breaks is broken within a word.

use dialoguer::console::measure_text_width;

/// What a line that goes on begins with.
const INDENT: &str = "  ";

/// A line in as many columns: with its widest gap made smaller, and broken between words where that isn't enough.
pub(super) fn fitted(line: &str, columns: usize) -> String {
    match measure_text_width(line).checked_sub(columns) {
        None | Some(0) => line.to_owned(),
        Some(excess) => in_lines(&squeezed(line, excess), columns),
    }
}

/// A line without as many of the spaces of its widest gap, of which two stay.
fn squeezed(line: &str, excess: usize) -> String {
    let mut widest = 0..0;
    let mut start = 0;
    for (at, character) in line.char_indices() {
        if character != ' ' {
            start = at + character.len_utf8();
        } else if at + 1 - start > widest.len() {
            widest = start..at + 1;
        }
    }
    let kept = widest.len().saturating_sub(excess).max(widest.len().min(INDENT.len()));
    format!("{}{}{}", &line[..widest.start], " ".repeat(kept), &line[widest.end..])
}

/// A text broken between words. A word that has no room anywhere has a line to itself.
pub(super) fn in_lines(text: &str, columns: usize) -> String {
    let mut lines = String::new();
    let mut used = 0;
    for (at, word) in text.split(' ').enumerate() {
        let length = measure_text_width(word);
        if at > 0 && used + 1 + length > columns {
            lines.truncate(lines.trim_end_matches(' ').len());
            lines.push('\n');
            lines.push_str(INDENT);
            used = INDENT.len();
        } else if at > 0 {
            lines.push(' ');
            used += 1;
        }
        lines.push_str(word);
        used += length;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_broken_between_words() {
        let question = "was the column `books.title` renamed to `books.name`?";
        assert_eq!(in_lines(question, 80), question);
        assert_eq!(in_lines(question, 30), "was the column `books.title`\n  renamed to `books.name`?");
        assert_eq!(in_lines("is `a_rather_long_name` gone?", 10), "is\n  `a_rather_long_name`\n  gone?");
    }

    #[test]
    fn a_gap_shrinks_before_a_line_is_broken() {
        let line = "0001_first      6e1adfa9  today  [v1]";
        for (columns, expected) in [
            (40, line),
            (35, "0001_first    6e1adfa9  today  [v1]"),
            (30, "0001_first  6e1adfa9  today\n  [v1]"),
        ] {
            assert_eq!(fitted(line, columns), expected);
        }
        // Colours take no room.
        let painted = "\u{1b}[36mfirst\u{1b}[0m     2026";
        assert_eq!(fitted(painted, 14), painted);
        assert_eq!(fitted(painted, 12), "\u{1b}[36mfirst\u{1b}[0m   2026");
    }
}
