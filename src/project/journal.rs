//! The name of the table in which a project keeps what has run on a database, and that of the one beside it: projects
//! that share a database have a pair each.

use std::fmt;

use crate::name::Name;

/// The name of a journal's table. Inspection leaves out every table whose name begins with the default.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JournalName(String);

impl JournalName {
    /// The name without a word on it.
    pub const DEFAULT: &str = "schemactl_journal";
    /// How the name of the table begins that holds what was observed.
    pub const OBSERVED: &str = "schemactl_observed";
    /// The longest name, in letters: with it, the primary keys of both tables have names that every database keeps whole.
    pub const LETTERS_MAX: usize = 57;

    /// Takes a name: `schemactl_journal`, or that with `_` and a word behind it. Databases differ in what capital letters
    /// mean, so there are none.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(Self::DEFAULT)?;
        let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        let is_whole = rest.is_empty() || rest.strip_prefix('_').is_some_and(|word| !word.is_empty());
        let fits = text.len() <= Self::LETTERS_MAX && rest.chars().all(is_plain);
        (is_whole && fits).then(|| Self(text.to_owned()))
    }

    /// The name that tells a project's journal from that of others.
    #[must_use]
    pub fn of_project(project: &Name) -> Self {
        let plain = |letter: char| match letter.to_ascii_lowercase() {
            letter if letter.is_ascii_alphanumeric() => letter,
            _ => '_',
        };
        let word: String = project.as_str().chars().map(plain).collect();
        let mut name = format!("{}_{word}", Self::DEFAULT);
        name.truncate(Self::LETTERS_MAX);
        Self(name)
    }

    /// The journal beside which a table of observations stands.
    #[must_use]
    pub fn of_observed(table: &str) -> Option<Self> {
        let rest = table.strip_prefix(Self::OBSERVED)?;
        Self::new(&format!("{}{rest}", Self::DEFAULT))
    }

    /// The table.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The table beside it that holds what was observed.
    #[must_use]
    pub fn observed(&self) -> String {
        format!("{}{}", Self::OBSERVED, &self.0[Self::DEFAULT.len()..])
    }
}

impl Default for JournalName {
    fn default() -> Self {
        Self(Self::DEFAULT.to_owned())
    }
}

impl fmt::Display for JournalName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_tools_own_and_come_in_pairs() {
        for text in ["schemactl_journal", "schemactl_journal_billing", "schemactl_journal_2"] {
            let name = JournalName::new(text).unwrap();
            assert_eq!(name.as_str(), text);
            assert_eq!(JournalName::of_observed(&name.observed()), Some(name));
        }
        assert_eq!(JournalName::default().observed(), "schemactl_observed");
        let long = format!("schemactl_journal_{}", "x".repeat(40));
        for text in
            ["", "journal", "schemactl_journalx", "schemactl_journal_", "schemactl_journal_A b", &long]
        {
            assert_eq!(JournalName::new(text), None, "{text}");
        }
    }

    #[test]
    fn every_project_has_one() {
        for project in ["billing", "My Shop", "größe", &"x".repeat(60)] {
            let name = JournalName::of_project(&Name::new(project).unwrap());
            assert_eq!(JournalName::new(name.as_str()), Some(name), "{project}");
        }
    }
}
