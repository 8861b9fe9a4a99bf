//! Diagnostics as text for people (through miette) and as JSON.

use std::fmt;

use anstyle::{AnsiColor, Style};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource};
use serde_json::{Value, json};

use super::{Diagnostic, Label, Severity, SourceId, Sources};

/// The longest line that is shown, in bytes; of longer ones only the place is named.
const LINE_MAX: usize = 400;

/// The source frame of a diagnostic, as miette sees it. What is said above and below the frame is written here
/// instead, so that a terminal shows `error[E101]: …` as compilers do.
#[derive(Debug)]
struct Frame {
    source: NamedSource<String>,
    labels: Vec<LabeledSpan>,
}

impl fmt::Display for Frame {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Frame {}

impl miette::Diagnostic for Frame {
    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// Renders a diagnostic as lines for people, `width` columns wide, coloured or plain: severity, code and message,
/// the source frame of each file that it points into, and the remedy.
#[must_use]
pub fn render(diagnostic: &Diagnostic, sources: &Sources, width: usize, color: bool) -> String {
    let Diagnostic { code, severity, message, labels, help } = diagnostic;
    let paint = |style: Style| if color { style.bold() } else { Style::new() };
    let (word, style) = match severity {
        Severity::Note => ("note", paint(AnsiColor::Cyan.on_default())),
        Severity::Warning => ("warning", paint(AnsiColor::Yellow.on_default())),
        Severity::Error => ("error", paint(AnsiColor::Red.on_default())),
    };
    let mut out = format!("{style}{word}[{}]{style:#}: {message}\n", code.id);
    let mut shown: Vec<SourceId> = Vec::new();
    for label in labels {
        let id = label.span.source;
        if !shown.contains(&id) {
            shown.push(id);
            out.push_str(&frame(
                labels.iter().filter(|label| label.span.source == id),
                id,
                sources,
                width,
                color,
            ));
        }
    }
    if let Some(help) = help {
        let style = paint(AnsiColor::Cyan.on_default());
        out.push_str(&format!("{style}help:{style:#} {help}\n"));
    }
    out
}

/// The frame of one file with the places in it.
fn frame<'a>(
    labels: impl Iterator<Item = &'a Label>,
    id: SourceId,
    sources: &Sources,
    width: usize,
    color: bool,
) -> String {
    let labels: Vec<&Label> = labels.collect();
    let source = sources.get(id);
    if let Some(label) = labels.iter().find(|label| is_long(&source.text, label.span.start as usize)) {
        let (line, column) = position(&source.text, label.span.start as usize);
        return format!("  --> {}:{line}:{column}\n", source.path.display());
    }
    let labels = labels.into_iter().map(|label| {
        let text = (!label.text.is_empty()).then(|| label.text.clone());
        LabeledSpan::new(text, label.span.start as usize, label.span.range().len())
    });
    let frame = Frame {
        source: NamedSource::new(source.path.display().to_string(), source.text.to_string()),
        labels: labels.collect(),
    };
    let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let mut out = String::new();
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width);
    if handler.render_report(&mut out, &frame).is_err() {
        return format!("  --> {}\n", source.path.display());
    }
    // The first line is the handler's own for the message, which is empty here.
    out.lines().skip(1).filter(|line| !line.trim().is_empty()).map(|line| format!("{line}\n")).collect()
}

/// Whether a line that a frame would show, the one of the place or one beside it, is too long to be read.
fn is_long(text: &str, place: usize) -> bool {
    let bytes = text.as_bytes();
    let (before, after) = bytes.split_at(place.min(bytes.len()));
    let lines_of = |near: &mut dyn Iterator<Item = &u8>| {
        let mut lengths = [0_usize; 2];
        let mut line = 0;
        for byte in near.take(2 * LINE_MAX) {
            match (byte, lengths.get_mut(line)) {
                (b'\n', _) => line += 1,
                (_, Some(length)) => *length += 1,
                (_, None) => break,
            }
        }
        lengths
    };
    let [own, above] = lines_of(&mut before.iter().rev());
    let [rest, below] = lines_of(&mut after.iter());
    [own + rest, above, below].into_iter().any(|length| length > LINE_MAX)
}

/// The line and column of a place, from 1.
fn position(text: &str, place: usize) -> (usize, usize) {
    let before = text.get(..place).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// A diagnostic as JSON: `code`, `severity`, `message`, `help`, and `labels` with path, byte range and text.
#[must_use]
pub fn to_json(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let labels: Vec<Value> = diagnostic
        .labels
        .iter()
        .map(|label| {
            let source = sources.get(label.span.source);
            let (line, column) = position(&source.text, label.span.start as usize);
            json!({
                "path": source.path.display().to_string(),
                "line": line,
                "column": column,
                "start": label.span.start,
                "end": label.span.end,
                "text": label.text,
            })
        })
        .collect();
    json!({
        "code": diagnostic.code.id,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "labels": labels,
    })
}
