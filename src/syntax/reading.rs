//! What every reader of a node is given: where problems go, which dialects may be named, which enums there are.

use std::borrow::Cow;
use std::collections::HashSet;

use super::errors::{E101, E102, E104, E105, E108};
use super::reference;
use crate::diagnostic::{Diagnostic, Span, near};
use crate::document::{Cursor, Entry, Sink, Text};
use crate::name::{DialectName, Name, ObjectName};

/// Which dialects may be named.
#[derive(Debug, Clone, Copy)]
pub enum Dialects<'d> {
    /// Any: texts that schemactl wrote may be older than the list of dialects.
    Any,
    /// These.
    Declared(&'d [DialectName]),
}

/// How the name of an object stands in its node.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope<'n> {
    /// As it is, dots and all, in this namespace.
    In(Option<&'n Name>),
    /// As a reference.
    Reference,
}

impl Scope<'_> {
    /// How an object's name is written.
    pub(super) fn text<'t>(self, name: &'t ObjectName) -> Cow<'t, str> {
        match self {
            Self::In(_) => Cow::Borrowed(name.name.as_str()),
            Self::Reference => reference::write_object(name).into(),
        }
    }
}

/// What every reader of a node is given.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'d> {
    pub(super) sink: &'d Sink,
    pub(super) dialects: Dialects<'d>,
    /// The enums that a type without a mark can mean; `None` where only `(enum)` makes one.
    pub(super) enums: Option<&'d HashSet<ObjectName>>,
}

impl<'d> Reading<'d> {
    /// Reads the canonical form: every dialect may be named, and a type is an enum only where it says so.
    #[must_use]
    pub fn canonical(sink: &'d Sink) -> Self {
        Self { sink, dialects: Dialects::Any, enums: None }
    }

    /// Where problems go.
    #[must_use]
    pub fn sink(&self) -> &'d Sink {
        self.sink
    }

    pub(super) fn report(&self, diagnostic: Diagnostic) {
        self.sink.report(diagnostic);
    }

    /// The dialect of this name; reports if it is unknown.
    pub(super) fn dialect(&self, word: &Text<'_>) -> Option<DialectName> {
        let known = match self.dialects {
            Dialects::Any => return self.name(word).map(DialectName::new),
            Dialects::Declared(known) => known,
        };
        if let Some(dialect) = known.iter().find(|dialect| dialect.as_str() == word.as_str()) {
            return Some(dialect.clone());
        }
        let names: Vec<&str> = known.iter().map(DialectName::as_str).collect();
        let help = match near(word.as_str(), names.iter().copied()) {
            Some(near) => format!("write `{near}`"),
            None if names.is_empty() => "declare the project's `dialects` in `schemactl.kdl`".to_owned(),
            None => format!("use `{}`, or declare it in `schemactl.kdl`", names.join("` or `")),
        };
        let message = format!("`{word}` is not a dialect of this project");
        self.report(Diagnostic::error(&E101, message).at(word.span, "").help(help));
        None
    }

    /// Takes the node's annotation: the only dialect that has the object.
    pub(super) fn only(&self, cursor: &mut Cursor<'_, '_>) -> Option<DialectName> {
        cursor.annotation().and_then(|word| self.dialect(word))
    }

    /// A name; reports if it can't be one.
    pub fn name(&self, text: &Text<'_>) -> Option<Name> {
        match Name::new(text.as_str()) {
            Ok(name) => Some(name),
            Err(error) => {
                let diagnostic = Diagnostic::error(&E104, error.to_string()).at(text.span, "");
                self.report(diagnostic.help("write a name of at least one character"));
                None
            }
        }
    }

    /// Names; those that can't be one are reported and left out.
    pub(super) fn names(&self, texts: &[Text<'_>]) -> Vec<Name> {
        texts.iter().filter_map(|text| self.name(text)).collect()
    }

    /// Takes a property as a name.
    pub(super) fn name_prop(&self, cursor: &mut Cursor<'d, '_>, prop: &'d str) -> Option<Name> {
        let text = cursor.text_prop(prop)?;
        self.name(&text)
    }

    /// Takes a property as a comment or another text for which no rule holds.
    pub(super) fn text_prop(&self, cursor: &mut Cursor<'d, '_>, prop: &'d str) -> Option<Box<str>> {
        cursor.text_prop(prop).map(|text| text.as_str().into())
    }

    /// Takes `was=`, the name before. The canonical form has no such thing.
    pub(super) fn was(&self, cursor: &mut Cursor<'d, '_>) -> Option<Name> {
        self.enums?;
        self.name_prop(cursor, "was")
    }

    /// Takes `was=` of an object: its old name in the same namespace, or a reference with the old namespace.
    pub(super) fn was_object(&self, cursor: &mut Cursor<'d, '_>, scope: Scope<'_>) -> Option<ObjectName> {
        self.enums?;
        let was = cursor.text_prop("was").and_then(|text| self.object(&text))?;
        Some(match scope {
            Scope::In(namespace) if was.namespace.is_none() => {
                ObjectName { namespace: namespace.cloned(), ..was }
            }
            Scope::In(_) | Scope::Reference => was,
        })
    }

    /// Takes the next argument as an object's name. Returns where it stands, too.
    pub(super) fn declared(
        &self,
        cursor: &mut Cursor<'d, '_>,
        scope: Scope<'_>,
    ) -> Option<(ObjectName, Span)> {
        let text = cursor.text("name")?;
        let name = match scope {
            Scope::In(namespace) => ObjectName { namespace: namespace.cloned(), name: self.name(&text)? },
            Scope::Reference => self.object(&text)?,
        };
        Some((name, text.span))
    }

    /// A reference to an object; reports if it isn't one.
    pub fn object(&self, text: &Text<'_>) -> Option<ObjectName> {
        let object = reference::read_object(text.as_str());
        if object.is_none() {
            let message = format!("`{text}` does not refer to an object");
            let help = "write its name, or its namespace and its name: `billing.invoices`";
            self.report(Diagnostic::error(&E102, message).at(text.span, "").help(help));
        }
        object
    }

    /// A reference to a column; reports if it isn't one.
    pub(super) fn column(&self, text: &Text<'_>) -> Option<(ObjectName, Name)> {
        let column = reference::read_column(text.as_str());
        if column.is_none() {
            let message = format!("`{text}` does not refer to a column");
            let help = match reference::read_object(text.as_str()) {
                Some(table) => format!("write the column, too, for example `\"{table}.id\"`"),
                None => "write the table and the column: `\"users.id\"`".to_owned(),
            };
            self.report(Diagnostic::error(&E102, message).at(text.span, "").help(help));
        }
        column
    }

    /// One of some words; reports if it is another.
    pub(super) fn one_of<T: Copy>(&self, what: &str, text: &Text<'_>, words: &[(&str, T)]) -> Option<T> {
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.as_str()) {
            return Some(*value);
        }
        let known = || words.iter().map(|(word, _)| *word);
        let help = match near(text.as_str(), known()) {
            Some(near) => format!("write `{near}`"),
            None => format!("write one of `{}`", known().collect::<Vec<_>>().join("`, `")),
        };
        self.report(
            Diagnostic::error(&E105, format!("`{what}` can't be `{text}`")).at(text.span, "").help(help),
        );
        None
    }

    /// Takes a property as one of some words.
    pub(super) fn word_prop<T: Copy>(
        &self,
        cursor: &mut Cursor<'d, '_>,
        prop: &'d str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let text = cursor.text_prop(prop)?;
        self.one_of(prop, &text, words)
    }

    /// Reports an attribute that means nothing without another one.
    pub(super) fn report_alone(&self, attribute: &str, span: Span, needed: &str) {
        let message = format!("`{attribute}` means nothing without `{needed}`");
        let help = format!("add `{needed}`, or delete `{attribute}`");
        self.report(Diagnostic::error(&E108, message).at(span, "").help(help));
    }

    /// Takes the exceptions that stand as properties, each named by its dialect.
    pub(super) fn dialect_props<'a>(&self, cursor: &mut Cursor<'d, 'a>) -> Vec<(DialectName, &'d Entry<'a>)> {
        match self.dialects {
            Dialects::Any => {
                let props = cursor.props();
                props.into_iter().filter_map(|(name, entry)| Some((self.dialect(name)?, entry))).collect()
            }
            Dialects::Declared(known) => known
                .iter()
                .filter_map(|dialect| Some((dialect.clone(), cursor.prop(dialect.as_str())?)))
                .collect(),
        }
    }
}
