//! Variables of hooks: what their values are, and how they come into SQL: as a literal of their type, never as a piece of
//! text. Where values come from is not known here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::errors::{E506, E507, E508};
use super::{HookTask, Segment, Task};
use crate::diagnostic::{Diagnostic, near};
use crate::name::Name;
use crate::sql::{Rules, fill, placeholders};

/// What stands for a secret value wherever it is shown.
pub const HIDDEN: &str = "***";

/// What the values of a variable are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VariableType {
    /// Any text.
    Text,
    /// A whole number of 64 bits.
    Int,
    /// A number with or without a fraction, kept as it is written.
    Decimal,
    /// True or false.
    Bool,
}

impl VariableType {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Text, Self::Int, Self::Decimal, Self::Bool];

    /// The word for it in the configuration.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "int",
            Self::Decimal => "decimal",
            Self::Bool => "bool",
        }
    }

    /// Which values it has, for people.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Int => "a whole number of 64 bits",
            Self::Decimal => "a number such as `12` or `-0.5`",
            Self::Bool => "`true` or `false`",
        }
    }

    fn has(self, text: &str) -> bool {
        match self {
            Self::Text => !text.contains('\0'),
            Self::Int => text.parse::<i64>().is_ok() && !text.starts_with('+'),
            Self::Decimal => is_decimal(text),
            Self::Bool => matches!(text, "true" | "false"),
        }
    }
}

fn is_decimal(text: &str) -> bool {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    match unsigned.split_once('.') {
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
        None => is_digits(unsigned),
    }
}

/// A value of a variable. Its debug form hides what is secret.
#[derive(Clone, PartialEq, Eq)]
pub struct VariableValue {
    ty: VariableType,
    text: Box<str>,
    is_secret: bool,
}

impl VariableValue {
    /// A value from its text; `None` if the type has no such value.
    #[must_use]
    pub fn new(ty: VariableType, text: &str, is_secret: bool) -> Option<Self> {
        ty.has(text).then(|| Self { ty, text: text.into(), is_secret })
    }

    /// The value for people and for the journal; `None` if it is secret.
    #[must_use]
    pub fn shown(&self) -> Option<&str> {
        (!self.is_secret).then_some(&*self.text)
    }

    /// The value in SQL: an expression by itself, whatever stands around it.
    fn literal(&self, rules: &Rules) -> String {
        match self.ty {
            VariableType::Text => rules.literal(&self.text),
            // A sign behind another one would open a comment.
            VariableType::Int | VariableType::Decimal if self.text.starts_with('-') => {
                format!("({})", self.text)
            }
            VariableType::Int | VariableType::Decimal => self.text.to_string(),
            VariableType::Bool => self.text.to_ascii_uppercase(),
        }
    }
}

impl fmt::Debug for VariableValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.shown().unwrap_or(HIDDEN))
    }
}

/// The variables that hooks may use, and their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<Name, Result<VariableValue, String>>);

impl Values {
    /// Declares a variable with its value, or with why it has none, as a part of a sentence.
    pub fn insert(&mut self, name: Name, value: Result<VariableValue, String>) {
        self.0.insert(name, value);
    }

    /// What the variables that have this name are worth, as far as they have a value.
    pub fn get(&self, name: &str) -> Option<&VariableValue> {
        self.0.get(name)?.as_ref().ok()
    }

    /// The secret ones among the variables that hooks in these segments use.
    #[must_use]
    pub fn secrets<'s>(
        &self,
        segments: impl IntoIterator<Item = &'s Segment>,
        rules: &Rules,
    ) -> BTreeSet<Name> {
        let used = hooks(segments).flat_map(|hook| self.used(hook, rules));
        used.filter(|(_, value)| value.is_secret).map(|(name, _)| name).collect()
    }

    /// The variables that a hook uses and that have a value.
    #[must_use]
    pub fn used(&self, hook: &HookTask, rules: &Rules) -> BTreeMap<Name, VariableValue> {
        let names: BTreeSet<&str> = names(hook, rules);
        let known = self.0.iter().filter(|(name, _)| names.contains(name.as_str()));
        known.filter_map(|(name, value)| Some((name.clone(), value.as_ref().ok()?.clone()))).collect()
    }

    /// What hooks in these segments lack: placeholders that can't be filled, and values.
    #[must_use]
    pub fn lacking<'s>(
        &self,
        segments: impl IntoIterator<Item = &'s Segment>,
        rules: &Rules,
    ) -> Vec<Diagnostic> {
        hooks(segments)
            .flat_map(|hook| [self.misused(hook, rules), self.missing(hook, rules)].concat())
            .collect()
    }

    /// What is wrong with the placeholders of a hook, whatever the values are.
    #[must_use]
    pub fn misused(&self, hook: &HookTask, rules: &Rules) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for text in hook.texts() {
            for placeholder in placeholders(text, rules) {
                match (placeholder.name, placeholder.is_quoted) {
                    (Some(name), false) if !self.0.contains_key(name) => {
                        problems.push(self.undeclared(hook, name));
                    }
                    (Some(name), true) if self.0.contains_key(name) => problems.push(quoted(hook, name)),
                    (None, false) => problems.push(unreadable(hook)),
                    (Some(_), _) | (None, true) => {}
                }
            }
        }
        problems.dedup();
        problems
    }

    /// The values that a hook needs and that are not there.
    fn missing(&self, hook: &HookTask, rules: &Rules) -> Vec<Diagnostic> {
        let without = |name: &str| match self.0.get(name) {
            Some(Err(why)) => Some(missing(hook, name, why)),
            Some(Ok(_)) | None => None,
        };
        names(hook, rules).into_iter().filter_map(without).collect()
    }

    /// A hook's text with the values in it.
    #[must_use]
    pub fn fill(&self, text: &str, rules: &Rules) -> String {
        fill(text, rules, |name| self.get(name).map(|value| value.literal(rules)))
    }

    /// A text of somebody else, such as a database's message, without the secret values that a hook uses.
    #[must_use]
    pub fn masked(&self, text: &str) -> String {
        let secrets = self.0.values().flatten().filter(|value| value.is_secret && !value.text.is_empty());
        let mut forms: Vec<String> = secrets.flat_map(|secret| spellings(&secret.text)).collect();
        // One that is a part of another would leave the rest of it to be read.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.dedup();
        forms.iter().fold(text.to_owned(), |text, form| text.replace(form, HIDDEN))
    }

    fn undeclared(&self, hook: &HookTask, name: &str) -> Diagnostic {
        let message = format!("hook `{}` uses the variable `{name}`, which isn't declared", hook.name);
        let help = match near(name, self.0.keys().map(Name::as_str)) {
            Some(near) => format!("write `${{{near}}}`"),
            None => format!("declare it in `schemactl.kdl`, below `project`: `var {name} type=text`"),
        };
        Diagnostic::error(&E506, message).help(help)
    }
}

/// How a text can stand in a message: as it is, and as a literal spells it, with backslashes for the database to read or not.
fn spellings(text: &str) -> [String; 4] {
    let escaped = text.replace('\\', r"\\");
    let quoted = |text: &str| text.replace('\'', "''");
    [quoted(&escaped), quoted(text), text.to_owned(), escaped]
}

/// The hooks in segments, in order.
pub fn hooks<'s>(segments: impl IntoIterator<Item = &'s Segment>) -> impl Iterator<Item = &'s HookTask> {
    segments.into_iter().flat_map(|segment| &segment.work).filter_map(|work| match &work.task {
        Task::Hook(hook) => Some(hook),
        Task::Statement(_) | Task::Rebuild(_) => None,
    })
}

/// The names in a hook's placeholders.
fn names<'h>(hook: &'h HookTask, rules: &Rules) -> BTreeSet<&'h str> {
    let found = hook.texts().flat_map(|text| placeholders(text, rules));
    found.filter(|found| !found.is_quoted).filter_map(|found| found.name).collect()
}

fn missing(hook: &HookTask, name: &str, why: &str) -> Diagnostic {
    let message = format!("hook `{}` needs a value for the variable `{name}`: {why}", hook.name);
    Diagnostic::error(&E507, message).help(format!("give it one: `--var {name}=…`"))
}

fn quoted(hook: &HookTask, name: &str) -> Diagnostic {
    let message = format!("hook `{}` has `${{{name}}}` in quotes, where it is nothing but text", hook.name);
    Diagnostic::error(&E508, message)
        .help(format!("write `${{{name}}}` without quotes around it: the value brings its own"))
}

fn unreadable(hook: &HookTask) -> Diagnostic {
    let message = format!("hook `{}` has a `${{` that no name and `}}` follow", hook.name);
    Diagnostic::error(&E508, message).help("write the name of a variable: `${name}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(ty: VariableType, text: &str) -> Option<String> {
        let rules = Rules { escape_strings: true, ..Rules::STANDARD };
        VariableValue::new(ty, text, false).map(|value| value.literal(&rules))
    }

    #[test]
    fn a_value_is_a_literal_of_its_type() {
        let cases = [
            (VariableType::Text, "o'hara", Some("'o''hara'")),
            (VariableType::Text, "'; DROP TABLE t; --", Some("'''; DROP TABLE t; --'")),
            (VariableType::Text, r"a\'b", Some(r"E'a\\''b'")),
            (VariableType::Text, "", Some("''")),
            (VariableType::Text, "a\0", None),
            (VariableType::Int, "5", Some("5")),
            (VariableType::Int, "-5", Some("(-5)")),
            (VariableType::Int, "+5", None),
            (VariableType::Int, "5 OR 1", None),
            (VariableType::Int, "9223372036854775808", None),
            (VariableType::Decimal, "-0.50", Some("(-0.50)")),
            (VariableType::Decimal, "1e3", None),
            (VariableType::Decimal, ".5", None),
            (VariableType::Bool, "true", Some("TRUE")),
            (VariableType::Bool, "1", None),
        ];
        for (ty, text, expected) in cases {
            assert_eq!(value(ty, text).as_deref(), expected, "{ty:?} {text}");
        }
    }

    #[test]
    fn a_secret_is_shown_nowhere() {
        let value = VariableValue::new(VariableType::Text, "s3cret", true).unwrap();
        assert_eq!((value.shown(), format!("{value:?}").as_str()), (None, HIDDEN));
        let mut values = Values::default();
        values.insert(Name::new("token").unwrap(), Ok(value));
        assert_eq!(values.masked("no row for s3cret"), "no row for ***");
        assert!(!format!("{values:?}").contains("s3cret"));
    }

    #[test]
    fn a_secret_is_masked_in_every_spelling_and_whole() {
        let mut values = Values::default();
        for (name, text) in [("a", "it"), ("b", "it's-SECRET"), ("c", r"back\slash's")] {
            values.insert(
                Name::new(name).unwrap(),
                VariableValue::new(VariableType::Text, text, true).ok_or_else(String::new),
            );
        }
        for (text, expected) in [
            ("Key (a)=(it's-SECRET) is there", "Key (a)=(***) is there"),
            ("near 'it''s-SECRET'", "near '***'"),
            (r"near E'back\\slash''s'", "near E'***'"),
            (r"near 'back\slash''s'", "near '***'"),
            (r"near back\slash's", "near ***"),
        ] {
            assert_eq!(values.masked(text), expected);
        }
    }
}
