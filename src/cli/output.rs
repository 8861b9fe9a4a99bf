//! The one way out: data goes to the standard output, words about it to the standard error. A reader that went
//! away is no error. Nothing else in the crate writes to either.

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use dialoguer::console::Term;
use serde_json::{Value, json};

use super::errors::E804;
use super::exit::Exit;
use super::fit::fitted;
use super::style::{HINT, VERB, paint};
use super::suggestion::{Place, at_place};
use crate::diagnostic::{self, Diagnostic, Severity, Sources};

/// The version of the JSON that commands print; grows only when a field changes its meaning or goes.
pub(crate) const JSON_FORMAT: u32 = 1;

/// The widest that diagnostics are laid out, in columns.
const WIDTH_MAX: usize = 110;
/// Diagnostics that people are shown at once; programs get all.
const DIAGNOSTICS_MAX: usize = 30;
/// The width where the terminal doesn't tell one, in columns.
const WIDTH: usize = 100;

/// How output is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    // Text for people.
    #[default]
    Human,
    // One JSON document on the standard output, with `"format": 1`; a line for each event of a run.
    Json,
    // The schema language.
    Kdl,
    // SQL statements.
    Sql,
}

impl Format {
    /// The word for it on the command line.
    #[must_use]
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Kdl => "kdl",
            Self::Sql => "sql",
        }
    }
}

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Color {
    // On a terminal, unless NO_COLOR or TERM=dumb says otherwise.
    #[default]
    Auto,
    // Always.
    Always,
    // Never.
    Never,
}

impl From<Color> for clap::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

/// What `--color` says, as far as it can be told before the arguments are understood: help pages and the words on wrong
/// arguments are written by then.
pub(crate) fn asked_color(arguments: impl Iterator<Item = OsString>) -> Color {
    let arguments: Vec<String> = arguments.map(|word| word.to_string_lossy().into_owned()).collect();
    let value = arguments.iter().enumerate().find_map(|(at, word)| match word.strip_prefix("--color") {
        Some("") => arguments.get(at + 1).map(String::as_str),
        Some(rest) => rest.strip_prefix('='),
        None => None,
    });
    value.and_then(|value| Color::from_str(value, true).ok()).unwrap_or_default()
}

/// Writes what a command has to say.
pub(crate) struct Printer {
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
    format: Format,
    /// Whether JSON comes as lines, an event each.
    streams: bool,
    /// How much is said: 0 is normal, less is quieter.
    volume: i8,
    /// The database that the command was given, which the commands that it suggests need as well.
    place: Place,
    /// The project that the command works on, where there are several.
    project: Option<String>,
    /// Why data couldn't be written, once it couldn't.
    lost: Option<io::Error>,
}

impl Printer {
    /// A printer for this process's streams. `volume` is 0 normally, -1 without status lines and plans,
    /// -2 with errors alone, and above 0 with details.
    #[must_use]
    pub(crate) fn new(format: Format, color: Color, volume: i8) -> Self {
        let choice = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Self {
            out: AutoStream::new(io::stdout(), choice),
            err: AutoStream::new(io::stderr(), choice),
            format,
            streams: false,
            volume,
            place: Place::default(),
            project: None,
            lost: None,
        }
    }

    /// The same for a command that was given a database, if it was.
    #[must_use]
    pub(crate) fn suggesting(self, place: Place) -> Self {
        Self { place, ..self }
    }

    /// Notes which of several projects the command works on: JSON documents say so.
    pub(crate) fn name_project(&mut self, name: &str) {
        self.project = Some(name.to_owned());
    }

    /// Leaves `--url` out of the commands that are suggested from now on and that find the URL in the project.
    pub(crate) fn suggest_for_project_with_url(&mut self) {
        self.place.is_url_known = true;
    }

    /// Puts a project's name into the commands that are suggested from now on.
    pub(crate) fn suggest_for(&mut self, project: Option<&str>) {
        self.place.name = project.map(str::to_owned);
    }

    /// How output is written.
    #[must_use]
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Whether output is one JSON document.
    #[must_use]
    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Whether status lines are wanted.
    #[must_use]
    pub(crate) fn is_quiet(&self) -> bool {
        self.volume < 0
    }

    /// Whether nothing but errors is wanted.
    #[must_use]
    pub(crate) fn is_silent(&self) -> bool {
        self.volume < -1
    }

    /// Whether the words go to a terminal.
    #[must_use]
    pub(crate) fn is_terminal(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// Whether the words are coloured.
    #[must_use]
    pub(crate) fn is_colored(&self) -> bool {
        self.err.current_choice() != ColorChoice::Never
    }

    /// Writes data as it is.
    pub(crate) fn data(&mut self, text: impl Display) {
        if let Err(error) = write!(self.out, "{text}") {
            self.lose(error);
        }
    }

    /// Writes a line of data.
    pub(crate) fn line(&mut self, text: impl Display) {
        self.data(format_args!("{text}\n"));
    }

    /// Writes lines for people; a terminal gets them as it has room.
    pub(crate) fn lines(&mut self, text: impl Display) {
        let text = text.to_string();
        match io::stdout().is_terminal() {
            true => text.lines().for_each(|line| self.line(fitted(line, width()))),
            false => self.data(text),
        }
    }

    /// Notes that data couldn't be written. That the reader went away is no error; there is nobody to tell.
    fn lose(&mut self, error: io::Error) {
        if error.kind() != io::ErrorKind::BrokenPipe {
            self.lost.get_or_insert(error);
        }
    }

    /// Writes what is still to be written. `exit` is how the command ended.
    ///
    /// # Errors
    /// E804: some of the data never reached its reader.
    pub(crate) fn finish(&mut self, exit: Exit) -> Result<(), Diagnostic> {
        if let Err(error) = self.out.flush() {
            self.lose(error);
        }
        match self.lost.take() {
            None => Ok(()),
            Some(error) => {
                let done = if exit == Exit::DONE { "\nthe command itself ended well" } else { "" };
                let message = format!("can't write the output: {error}{done}");
                let help =
                    "make room where the output goes, or send it elsewhere, then run the command again";
                Err(Diagnostic::error(&E804, message).help(help))
            }
        }
    }

    /// Writes JSON as lines from now on, an event each, because what is told takes its time.
    pub(crate) fn stream(&mut self) {
        self.streams = true;
    }

    /// Writes a JSON document with the format's version in it; `document` is an object.
    pub(crate) fn json(&mut self, mut document: Value) {
        if let Some(fields) = document.as_object_mut() {
            fields.insert("format".to_owned(), JSON_FORMAT.into());
            if let Some(project) = &self.project {
                fields.entry("project").or_insert_with(|| project.as_str().into());
            }
        }
        match self.streams {
            true => self.line(document),
            false => self.line(format_args!("{document:#}")),
        }
    }

    /// Writes the documents of several projects as one under this name, and one document as it is.
    pub(crate) fn json_of_each(&mut self, mut documents: Vec<Value>, name: &str) {
        match documents.pop() {
            Some(only) if documents.is_empty() => self.json(only),
            last => {
                documents.extend(last);
                self.json(json!({ name: documents }));
            }
        }
    }

    /// Says what was done: a verb of at most 12 letters, and to what.
    pub(crate) fn status(&mut self, verb: &str, object: impl Display) {
        if self.volume >= 0 {
            let _ = writeln!(self.err, "{} {object}", paint(VERB, format!("{verb:>12}")));
        }
    }

    /// Says something about the run.
    pub(crate) fn note(&mut self, text: impl Display) {
        if self.volume >= 0 {
            let _ = writeln!(self.err, "{text}");
        }
    }

    /// Writes words that have to be read, whatever the volume.
    pub(crate) fn words(&mut self, text: impl Display) {
        let _ = write!(self.err, "{text}");
    }

    /// Says what the obvious next command is.
    pub(crate) fn next(&mut self, command: impl Display) {
        if self.volume >= 0 {
            let command = command.to_string();
            let command = at_place(&command, &self.place);
            let _ = writeln!(self.err, "{} {command}", paint(HINT, "next:"));
        }
    }

    /// Says something that is wanted with `-v` only.
    pub(crate) fn detail(&mut self, text: impl Display) {
        if self.volume > 0 {
            let _ = writeln!(self.err, "{text}");
        }
    }

    /// Writes diagnostics with their source frames, for people.
    pub(crate) fn diagnostics(&mut self, diagnostics: &[Diagnostic], sources: &Sources) {
        let color = self.is_colored();
        let mut codes = Vec::new();
        let wanted = diagnostics.iter().filter(|one| one.severity >= Severity::Error || self.volume > -2);
        let wanted: Vec<&Diagnostic> = wanted.collect();
        for diagnostic in wanted.iter().take(DIAGNOSTICS_MAX) {
            let diagnostic = self.suggested(diagnostic);
            let text = diagnostic::render(&diagnostic, sources, width(), color);
            let _ = writeln!(self.err, "{}", text.trim_end());
            if !codes.contains(&diagnostic.code.id) {
                codes.push(diagnostic.code.id);
            }
        }
        if let Some(more @ 1..) = wanted.len().checked_sub(DIAGNOSTICS_MAX) {
            let _ = writeln!(self.err, "and {more} more");
        }
        if !codes.is_empty() {
            let _ = writeln!(self.err, "{} schemactl explain {}", paint(HINT, "explain:"), codes.join(" "));
        }
    }

    /// A diagnostic as JSON.
    #[must_use]
    pub(crate) fn problem(&self, diagnostic: &Diagnostic, sources: &Sources) -> Value {
        diagnostic::to_json(&self.suggested(diagnostic), sources)
    }

    /// A diagnostic whose help names commands as they have to be called here.
    fn suggested(&self, diagnostic: &Diagnostic) -> Diagnostic {
        let mut diagnostic = diagnostic.clone();
        let suggested = |help: String| at_place(&help, &self.place).into_owned();
        diagnostic.help = diagnostic.help.map(suggested);
        diagnostic
    }

    /// Ends a failed run: writes why, in the run's format.
    pub(crate) fn failure(&mut self, exit: Exit, diagnostics: &[Diagnostic], sources: &Sources) {
        if diagnostics.is_empty() {
            // The command has said it itself.
            return;
        }
        match self.format {
            Format::Human | Format::Kdl | Format::Sql => self.diagnostics(diagnostics, sources),
            Format::Json => {
                let list: Vec<Value> = diagnostics.iter().map(|one| self.problem(one, sources)).collect();
                let mut document = json!({ "exit": exit.code(), "diagnostics": list });
                if self.streams {
                    document["event"] = "failed".into();
                }
                self.json(document);
            }
        }
    }
}

/// The width to lay out for, in columns.
fn width() -> usize {
    crate::project::variable::COLUMNS
        .value()
        .and_then(|columns| columns.parse().ok())
        .or_else(|| Term::stderr().size_checked().map(|(_, columns)| columns.into()))
        .unwrap_or(WIDTH)
        .clamp(40, WIDTH_MAX)
}

/// A count with its word: `1 revision`, `2 revisions`.
pub(crate) fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
