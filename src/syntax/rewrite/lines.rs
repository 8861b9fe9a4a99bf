//! Edits of a text by spans: nodes put in, taken out and replaced, with the indentation and the line ends that are there.

use crate::diagnostic::{SourceId, Span};
use crate::document::Node;

const INDENT: &str = "    ";

/// What stands between two places gives way to a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) source: SourceId,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
}

impl Edit {
    /// What stands in a span gives way.
    pub(super) fn replace(span: Span, text: String) -> Self {
        let range = span.range();
        Self { source: span.source, start: range.start, end: range.end, text }
    }

    /// A text comes in.
    pub(super) fn insert(source: SourceId, at: usize, text: String) -> Self {
        Self { source, start: at, end: at, text }
    }
}

/// The text with all edits; `None` if two of them put something in the same place.
pub(super) fn apply(text: &str, edits: &[&Edit]) -> Option<String> {
    let mut edits = edits.to_vec();
    // Stable: what comes in at one place keeps its order.
    edits.sort_by_key(|edit| (edit.start, edit.end));
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for Edit { source: _, start, end, text: new } in edits {
        // Two nodes that go may both take the empty line between them.
        if *start < copied && new.is_empty() {
            copied = copied.max(*end);
            continue;
        }
        out.push_str(text.get(copied..*start)?);
        out.push_str(&new.replace('\n', ending));
        copied = *end;
    }
    out.push_str(text.get(copied..)?);
    Some(out)
}

/// The white space in front of what stands at a place, if nothing else does.
pub(super) fn indentation(text: &str, at: usize) -> Option<&str> {
    let before = &text[line_start(text, at)..at];
    before.trim().is_empty().then_some(before)
}

/// A printed text as it stands behind an indentation: lines but the first get it.
pub(super) fn indented(printed: &str, indent: &str) -> String {
    let mut out = String::with_capacity(printed.len());
    for (at, line) in printed.trim_end().split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
            if !line.is_empty() {
                out.push_str(indent);
            }
        }
        out.push_str(line);
    }
    out
}

/// A new node behind one that stays.
pub(super) fn behind(text: &str, anchor: &Node<'_>, block_start: usize, printed: &str) -> Edit {
    let range = anchor.span.range();
    let on_one_line = !text[block_start..range.start].contains('\n');
    if on_one_line {
        return Edit::insert(anchor.span.source, range.end, format!("; {}", indented(printed, "")));
    }
    let indent = indentation(text, range.start).unwrap_or(INDENT);
    let at = if ends_line(&text[range.end..]) { line_end(text, range.end) } else { range.end };
    Edit::insert(anchor.span.source, at, format!("\n{indent}{}", indented(printed, indent)))
}

/// A new node below one that stays, with an empty line between them.
pub(super) fn below(text: &str, anchor: &Node<'_>, printed: &str) -> Edit {
    let range = anchor.span.range();
    let indent = indentation(text, range.start).unwrap_or_default();
    let at = if ends_line(&text[range.end..]) { line_end(text, range.end) } else { range.end };
    Edit::insert(anchor.span.source, at, format!("\n\n{indent}{}", indented(printed, indent)))
}

/// A new node at the front of a node's block, which needn't be there.
pub(super) fn first_in(text: &str, parent: &Node<'_>, printed: &str) -> Edit {
    let outer = indentation(text, parent.span.range().start).unwrap_or_default();
    let indent = format!("{outer}{INDENT}");
    let new = indented(printed, &indent);
    let source = parent.span.source;
    match &parent.block {
        None => Edit::insert(source, parent.span.range().end, format!(" {{\n{indent}{new}\n{outer}}}")),
        Some(block) if text[block.span.range()].trim_matches(['{', '}']).trim().is_empty() => {
            Edit::replace(block.span, format!("{{\n{indent}{new}\n{outer}}}"))
        }
        Some(block) => Edit::insert(source, block.span.range().start + 1, format!("\n{indent}{new}")),
    }
}

/// A node goes, with the comment that stands directly above it, and with its line if nothing else is on it. What ends
/// at `floor` stays in any case.
pub(super) fn remove(text: &str, node: &Node<'_>, floor: usize) -> Edit {
    let range = node.span.range();
    let source = node.span.source;
    let gone = |start, end| Edit { source, start, end, text: String::new() };
    if indentation(text, range.start).is_none() || !ends_line(&text[range.end..]) {
        let rest = &text[range.end..];
        let more = rest.len() - rest.trim_start_matches([' ', '\t', ';']).len();
        return gone(range.start, range.end + more);
    }
    let mut start = line_start(text, range.start);
    while let Some(above) = previous_line(text, start).filter(|above| *above >= floor)
        && text[above..start].trim_start().starts_with("//")
    {
        start = above;
    }
    let mut end = next_line(text, range.end);
    let is_blank = |from: usize, to: usize| text[from..to].trim().is_empty();
    let after = next_line(text, end);
    let above = previous_line(text, start);
    let opens =
        above.is_none_or(|above| is_blank(above, start) || text[above..start].trim_end().ends_with('{'));
    if opens && after > end && is_blank(end, after) {
        end = after;
    } else if let Some(above) = above.filter(|above| *above >= floor && is_blank(*above, start))
        && (end == text.len() || text[end..].trim_start().starts_with('}'))
    {
        start = above;
    }
    gone(start, end)
}

/// Whether nothing but a comment follows on the line.
fn ends_line(rest: &str) -> bool {
    let line = rest.split('\n').next().unwrap_or_default().trim_start_matches([' ', '\t', ';', '\r']);
    line.is_empty() || line.starts_with("//")
}

pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |found| found + 1)
}

/// Where the line ends, before the characters that end it.
fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |found| at + found);
    if text[..end].ends_with('\r') && end > at { end - 1 } else { end }
}

fn next_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |found| at + found + 1)
}

fn previous_line(text: &str, start: usize) -> Option<usize> {
    start.checked_sub(1).map(|end| line_start(text, end))
}
