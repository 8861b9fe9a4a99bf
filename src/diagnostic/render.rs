//! Diagnostics as text for people (through miette) and as JSON.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource};
use serde_json::{Value, json};

use super::{Diagnostic, Severity, Sources};

/// How a diagnostic looks to miette.
#[derive(Debug)]
struct Report<'a> {
    diagnostic: &'a Diagnostic,
    source: Option<NamedSource<String>>,
    labels: Vec<LabeledSpan>,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.diagnostic.code.id))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Note => miette::Severity::Advice,
            Severity::Warning => miette::Severity::Warning,
            Severity::Error => miette::Severity::Error,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.diagnostic.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.source.as_ref().map(|source| source as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// Renders a diagnostic with its source frame, `width` columns wide, coloured or plain.
#[must_use]
pub fn render(diagnostic: &Diagnostic, sources: &Sources, width: usize, color: bool) -> String {
    let main = diagnostic.labels.first().map(|label| label.span.source);
    let labels = diagnostic
        .labels
        .iter()
        .filter(|label| Some(label.span.source) == main)
        .map(|label| {
            let text = (!label.text.is_empty()).then(|| label.text.clone());
            LabeledSpan::new(text, label.span.start as usize, label.span.range().len())
        })
        .collect();
    let source = main.map(|id| {
        let source = sources.get(id);
        NamedSource::new(source.path.display().to_string(), source.text.to_string())
    });
    let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let mut out = String::new();
    let report = Report { diagnostic, source, labels };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width);
    if handler.render_report(&mut out, &report).is_err() {
        return diagnostic.to_string();
    }
    out
}

/// A diagnostic as JSON: `code`, `severity`, `message`, `help`, and `labels` with path, byte range and text.
#[must_use]
pub fn to_json(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let labels: Vec<Value> = diagnostic
        .labels
        .iter()
        .map(|label| {
            json!({
                "path": sources.get(label.span.source).path.display().to_string(),
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
