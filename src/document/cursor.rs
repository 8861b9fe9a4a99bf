//! Decoding of nodes: take what is understood, and everything that is left over is reported with a suggestion.
//!
//! ```
//! use schemactl::diagnostic::SourceId;
//! use schemactl::document::{Cursor, Sink, read};
//!
//! let (document, _) = read(SourceId(0), "column id bigint nulable default=0");
//! let sink = Sink::default();
//! let mut column = Cursor::new(&document.nodes[0], &sink);
//! let name = column.text("name");
//! let ty = column.text("type");
//! let nullable = column.flag("nullable");
//! let default = column.prop("default");
//! assert_eq!(name.as_ref().map(|name| name.as_str()), Some("id"));
//! assert_eq!(ty.as_ref().map(|ty| ty.as_str()), Some("bigint"));
//! assert!(!nullable && default.is_some());
//! column.finish();
//! assert_eq!(sink.into_diagnostics()[0].message, "`column` has no flag `nulable`");
//! ```

use std::cell::RefCell;

use super::errors::{E013, E014, E015, E016};
use super::{Entry, Node, Text, Value};
use crate::diagnostic::{Diagnostic, Severity, Span, near};

/// Gathers diagnostics. Shared by all cursors of a text, so that one can be at work while another is held.
#[derive(Debug, Default)]
pub struct Sink(RefCell<Vec<Diagnostic>>);

impl Sink {
    /// Keeps a diagnostic.
    pub fn report(&self, diagnostic: Diagnostic) {
        self.0.borrow_mut().push(diagnostic.shortened());
    }

    /// Whether an error has been reported.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.borrow().iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// What has been reported, in that order.
    #[must_use]
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.0.into_inner()
    }
}

impl Extend<Diagnostic> for Sink {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: T) {
        self.0.get_mut().extend(diagnostics);
    }
}

/// What a word was asked for as; what is left over is compared with these.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Flag,
    Prop,
    Child,
}

/// Most nodes are asked for no more words than this.
const KNOWN_WORDS: usize = 16;

/// Takes a node apart. Ask for arguments by position first, then for flags, properties and children in any order,
/// then [`finish`](Self::finish).
pub struct Cursor<'d, 'a> {
    node: &'d Node<'a>,
    sink: &'d Sink,
    taken_entries: Taken,
    taken_children: Taken,
    annotation_taken: bool,
    known: Vec<(Role, &'d str)>,
}

impl<'d, 'a> Cursor<'d, 'a> {
    /// Begins with a node of which nothing is taken.
    #[must_use]
    pub fn new(node: &'d Node<'a>, sink: &'d Sink) -> Self {
        Self {
            node,
            sink,
            taken_entries: Taken::default(),
            taken_children: Taken::default(),
            annotation_taken: false,
            known: Vec::with_capacity(KNOWN_WORDS),
        }
    }

    /// The node.
    #[must_use]
    pub fn node(&self) -> &'d Node<'a> {
        self.node
    }

    /// The node's name: what kind of node it is.
    #[must_use]
    pub fn name(&self) -> &'d str {
        self.node.name.as_str()
    }

    /// Where the node's name stands: the place for what concerns the node as a whole.
    #[must_use]
    pub fn span(&self) -> Span {
        self.node.name.span
    }

    /// Where the diagnostics go.
    #[must_use]
    pub fn sink(&self) -> &'d Sink {
        self.sink
    }

    /// Keeps a diagnostic.
    pub fn report(&self, diagnostic: Diagnostic) {
        self.sink.report(diagnostic);
    }

    /// Takes the node's annotation.
    pub fn annotation(&mut self) -> Option<&'d Text<'a>> {
        self.annotation_taken = true;
        self.node.annotation.as_ref()
    }

    /// The arguments that are not taken yet.
    fn left_args(&self) -> impl Iterator<Item = (usize, &'d Entry<'a>)> {
        let entries = self.node.entries.iter().enumerate();
        entries.filter(|(index, entry)| entry.name.is_none() && !self.taken_entries.contains(*index))
    }

    /// Takes the next argument of any kind, if there is one.
    pub fn optional_arg(&mut self) -> Option<&'d Entry<'a>> {
        let (index, entry) = self.left_args().next()?;
        self.taken_entries.insert(index);
        Some(entry)
    }

    /// Takes the next argument of any kind; reports if there is none. `what` it is, as in "`column` needs a `name`".
    pub fn arg(&mut self, what: &str) -> Option<&'d Entry<'a>> {
        let entry = self.optional_arg();
        if entry.is_none() {
            self.report_missing(
                &format!("`{}` needs a {what}", self.name()),
                &format!("write the {what} behind it"),
            );
        }
        entry
    }

    /// Takes the next argument as text; reports if there is none or it isn't plain text.
    pub fn text(&mut self, what: &str) -> Option<Text<'d>> {
        let entry = self.arg(what)?;
        self.text_of(entry)
    }

    /// Takes all arguments that are left.
    pub fn args(&mut self) -> Vec<&'d Entry<'a>> {
        let (taken, entries): (Vec<usize>, _) = self.left_args().unzip();
        self.taken_entries.extend(taken);
        entries
    }

    /// Takes all arguments that are left, as texts; reports those that aren't plain text.
    pub fn texts(&mut self) -> Vec<Text<'d>> {
        self.args().into_iter().filter_map(|entry| self.text_of(entry)).collect()
    }

    /// Takes a flag: an argument that is just this word. Returns whether it stands there.
    pub fn flag(&mut self, word: &'d str) -> bool {
        self.flag_span(word).is_some()
    }

    /// Takes a flag. Returns where it stands.
    pub fn flag_span(&mut self, word: &'d str) -> Option<Span> {
        self.known.push((Role::Flag, word));
        let mut first: Option<Span> = None;
        for (index, entry) in self.node.entries.iter().enumerate() {
            let is_flag = entry.name.is_none() && entry.annotation.is_none() && entry.as_str() == Some(word);
            if !is_flag || self.taken_entries.contains(index) {
                continue;
            }
            self.taken_entries.insert(index);
            match first {
                None => first = Some(entry.span),
                Some(first) => self.report_repeated(&format!("the flag `{word}`"), first, entry.span),
            }
        }
        first
    }

    /// Takes a property with whatever value and annotation it has.
    pub fn prop(&mut self, name: &'d str) -> Option<&'d Entry<'a>> {
        self.known.push((Role::Prop, name));
        // Should it stand twice (which the reader reports), the last one counts, as KDL has it.
        let named = |entry: &Entry<'_>| entry.name.as_ref().is_some_and(|text| text.text == name);
        let mut found = None;
        for (index, entry) in self.node.entries.iter().enumerate().filter(|(_, entry)| named(entry)) {
            self.taken_entries.insert(index);
            found = Some(entry);
        }
        found
    }

    /// Takes a property as text; reports if it isn't plain text.
    pub fn text_prop(&mut self, name: &'d str) -> Option<Text<'d>> {
        let entry = self.prop(name)?;
        self.text_of(entry)
    }

    /// Takes a property as a whole number; reports if it isn't one.
    pub fn integer_prop(&mut self, name: &'d str) -> Option<i64> {
        let entry = self.prop(name)?;
        self.integer_of(entry)
    }

    /// Takes a property as a boolean; reports if it isn't one.
    pub fn bool_prop(&mut self, name: &'d str) -> Option<bool> {
        let entry = self.prop(name)?;
        match entry.value {
            Value::Bool(value) if entry.annotation.is_none() => Some(value),
            _ => self.report_kind(entry, "`#true` or `#false`"),
        }
    }

    /// Takes all properties that are left, with their names.
    pub fn props(&mut self) -> Vec<(&'d Text<'a>, &'d Entry<'a>)> {
        let mut props = Vec::new();
        for (index, entry) in self.node.entries.iter().enumerate() {
            if let (Some(name), false) = (&entry.name, self.taken_entries.contains(index)) {
                self.taken_entries.insert(index);
                props.push((name, entry));
            }
        }
        props
    }

    /// Takes the child of this name; reports if there are several.
    pub fn child(&mut self, name: &'d str) -> Option<&'d Node<'a>> {
        let children = self.children_named(name);
        let (first, others) = children.split_first()?;
        for other in others {
            self.report_repeated(&format!("`{name}`"), first.name.span, other.name.span);
        }
        Some(first)
    }

    /// Takes the children of this name.
    pub fn children_named(&mut self, name: &'d str) -> Vec<&'d Node<'a>> {
        self.known.push((Role::Child, name));
        let mut found = Vec::new();
        for (index, child) in self.node.children().iter().enumerate() {
            if child.name.text == name {
                self.taken_children.insert(index);
                found.push(child);
            }
        }
        found
    }

    /// Takes all children that are left. Match on their names; give those that don't fit to
    /// [`report_unknown`].
    pub fn children(&mut self) -> Vec<&'d Node<'a>> {
        let children = self.node.children().iter().enumerate();
        let (taken, found): (Vec<usize>, _) =
            children.filter(|(index, _)| !self.taken_children.contains(*index)).unzip();
        self.taken_children.extend(taken);
        found
    }

    /// Reads an entry as text, without an annotation; reports if it is something else.
    pub fn text_of(&self, entry: &'d Entry<'a>) -> Option<Text<'d>> {
        match &entry.value {
            Value::String(text) if entry.annotation.is_none() => {
                Some(Text { text: text.as_ref().into(), span: entry.value_span })
            }
            Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => {
                self.report_kind(entry, "a name or text")
            }
        }
    }

    /// Reads an entry as a whole number, without an annotation; reports if it is something else.
    pub fn integer_of(&self, entry: &'d Entry<'a>) -> Option<i64> {
        match entry.value {
            Value::Number(number) if entry.annotation.is_none() => {
                number.as_i64().or_else(|| self.report_kind(entry, "a whole number of up to 64 bits"))
            }
            _ => self.report_kind(entry, "a whole number"),
        }
    }

    /// Reports that an entry is not what is expected there: "a number". Returns `None`, to end a closure with it.
    pub fn report_kind<T>(&self, entry: &Entry<'_>, expected: &str) -> Option<T> {
        let what = match (&entry.annotation, &entry.name) {
            (Some(annotation), _) => format!("a value marked `({annotation})`"),
            (None, _) => entry.value.kind().to_owned(),
        };
        let role = entry.name.as_ref().map_or_else(String::new, |name| format!(" as `{name}`"));
        let message = format!("`{}` takes {expected}{role}, not {what}", self.name());
        let help = match &entry.value {
            Value::Number(number) if entry.annotation.is_none() => {
                format!("write `\"{number}\"` if a text is meant")
            }
            _ => format!("write {expected}"),
        };
        self.report(Diagnostic::error(&E015, message).at(entry.span, "").help(help));
        None
    }

    /// Reports that the node lacks something.
    pub fn report_missing(&self, message: &str, help: &str) {
        self.report(Diagnostic::error(&E014, message).at(self.span(), "").help(help));
    }

    fn report_repeated(&self, what: &str, first: Span, again: Span) {
        let message = format!("{what} is given twice in `{}`", self.name());
        let diagnostic = Diagnostic::error(&E016, message).at(again, "again here").at(first, "first here");
        self.report(diagnostic.help("delete one of them"));
    }

    /// Reports everything that has not been taken, with the word that was probably meant.
    pub fn finish(self) {
        if let (Some(annotation), false) = (&self.node.annotation, self.annotation_taken) {
            let message = format!("`{}` takes no annotation `({annotation})`", self.name());
            self.report(Diagnostic::error(&E013, message).at(annotation.span, "").help("delete it"));
        }
        for (index, entry) in self.node.entries.iter().enumerate() {
            if !self.taken_entries.contains(index) {
                self.report(self.leftover(entry));
            }
        }
        for (index, child) in self.node.children().iter().enumerate() {
            if !self.taken_children.contains(index) {
                report_unknown(self.sink, Some(self.name()), child, self.known_as(Role::Child));
            }
        }
    }

    /// The words that were asked for in this role.
    fn known_as(&self, role: Role) -> impl Iterator<Item = &'d str> {
        self.known.iter().filter(move |(known, _)| *known == role).map(|(_, word)| *word)
    }

    /// What to say of an entry that nobody asked for.
    fn leftover(&self, entry: &Entry<'_>) -> Diagnostic {
        let node = self.name();
        let (role, word) = match (&entry.name, entry.as_str()) {
            (Some(name), _) => (Role::Prop, name.as_str()),
            (None, Some(word)) if entry.annotation.is_none() => (Role::Flag, word),
            (None, _) => {
                let message = format!("`{node}` takes no further argument");
                return Diagnostic::error(&E013, message).at(entry.span, "").help("delete it");
            }
        };
        let has = |role| self.known_as(role).any(|known| known == word);
        let (kind, help) = match role {
            Role::Prop if has(Role::Flag) && entry.value == Value::Bool(false) => {
                ("property", "delete it: without the word it is off".to_owned())
            }
            Role::Prop if has(Role::Flag) => ("property", format!("write `{word}` without a value")),
            Role::Prop if has(Role::Child) => ("property", format!("write `{word}` as a child, in braces")),
            Role::Prop => ("property", suggest(word, self.known_as(Role::Prop), "delete it")),
            Role::Flag if has(Role::Prop) => ("flag", format!("write `{word}=` with its value")),
            Role::Flag if has(Role::Child) => ("flag", format!("write `{word}` as a child, in braces")),
            Role::Flag | Role::Child if self.known_as(Role::Flag).next().is_none() => {
                let message = format!("`{node}` takes no further argument");
                return Diagnostic::error(&E013, message).at(entry.span, "").help("delete it");
            }
            Role::Flag | Role::Child => ("flag", suggest(word, self.known_as(Role::Flag), "delete it")),
        };
        let span = entry.name.as_ref().map_or(entry.span, |name| name.span);
        Diagnostic::error(&E013, format!("`{node}` has no {kind} `{word}`")).at(span, "").help(help)
    }
}

/// Reports a node that has no meaning where it stands: at the top, or as a child of `parent`.
pub fn report_unknown<'k>(
    sink: &Sink,
    parent: Option<&str>,
    node: &Node<'_>,
    known: impl IntoIterator<Item = &'k str>,
) {
    let name = &node.name;
    let message = match parent {
        Some(parent) => format!("`{parent}` has no child `{name}`"),
        None => format!("unknown node `{name}`"),
    };
    let help = suggest(name.as_str(), known, "delete it");
    sink.report(Diagnostic::error(&E013, message).at(name.span, "").help(help));
}

/// The word that was probably meant, or all that are possible, or `otherwise`.
fn suggest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>, otherwise: &str) -> String {
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_unstable();
    known.dedup();
    match near(word, known.iter().copied()) {
        Some(near) => format!("write `{near}`"),
        None if known.is_empty() => otherwise.to_owned(),
        None if known.len() == 1 => format!("use `{}`", known.concat()),
        None => format!("use one of `{}`", known.join("`, `")),
    }
}

/// A set of indices; nodes with more than 64 entries are rare.
#[derive(Default)]
struct Taken {
    few: u64,
    many: Vec<u64>,
}

impl Taken {
    fn insert(&mut self, index: usize) {
        match index / 64 {
            0 => self.few |= 1 << index,
            word => {
                if self.many.len() < word {
                    self.many.resize(word, 0);
                }
                self.many[word - 1] |= 1 << (index % 64);
            }
        }
    }

    fn contains(&self, index: usize) -> bool {
        let word = match index / 64 {
            0 => self.few,
            word => self.many.get(word - 1).copied().unwrap_or(0),
        };
        word & (1 << (index % 64)) != 0
    }

    fn extend(&mut self, indices: Vec<usize>) {
        for index in indices {
            self.insert(index);
        }
    }
}
