//! Validated identifiers: [`Name`] for one part, [`ObjectName`] for an object in an optional namespace,
//! [`DialectName`] for the opaque key of a dialect. Quoting for SQL is each dialect's business, not done here.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use crate::hash::Hash;

/// The longest derived name, in bytes: the smallest limit of the databases (PostgreSQL's `NAMEDATALEN` − 1).
pub const DERIVED_BYTES_MAX: usize = 63;

/// An identifier of at least one character and without NUL; any other text is allowed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

/// Why a text is not a [`Name`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The text is empty.
    #[error("a name can't be empty")]
    Empty,
    /// The text holds U+0000, which no database stores.
    #[error("a name can't contain NUL")]
    Nul,
}

impl Name {
    /// Checks and wraps a text.
    ///
    /// # Errors
    /// The text is empty or holds NUL.
    pub fn new(text: impl AsRef<str>) -> Result<Self, NameError> {
        let text = text.as_ref();
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if text.contains('\0') {
            return Err(NameError::Nul);
        }
        Ok(Self(text.into()))
    }

    /// Joins parts with `_`, as PostgreSQL derives the names of constraints and indexes
    /// (`posts_author_id_fkey`), and shortens what is longer than [`DERIVED_BYTES_MAX`]: the head is cut at a
    /// character boundary and eight hex digits of the whole name's hash stand before the last part, so that
    /// two long names stay different and the ending stays readable.
    #[must_use]
    pub fn derived(parts: &[&str]) -> Self {
        let whole = parts.join("_");
        if whole.len() <= DERIVED_BYTES_MAX {
            return Self(whole.into());
        }
        let digest = Hash::of(whole.as_bytes()).short(8);
        let ending = parts.last().copied().filter(|last| last.len() <= 16).unwrap_or("");
        let tail = if ending.is_empty() { format!("_{digest}") } else { format!("_{digest}_{ending}") };
        let mut cut = DERIVED_BYTES_MAX - tail.len();
        while !whole.is_char_boundary(cut) {
            cut -= 1;
        }
        Self(format!("{}{tail}", &whole[..cut]).into())
    }

    /// The text of the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// The name of a top-level object, in the default namespace or in a named one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ObjectName {
    /// The namespace; `None` is the connection's default.
    pub namespace: Option<Name>,
    /// The object's own name.
    pub name: Name,
}

impl ObjectName {
    /// A name in the default namespace.
    #[must_use]
    pub fn unqualified(name: Name) -> Self {
        Self { namespace: None, name }
    }

    /// A name in a named namespace.
    #[must_use]
    pub fn qualified(namespace: Name, name: Name) -> Self {
        Self { namespace: Some(namespace), name }
    }

    /// The same namespace with another name.
    #[must_use]
    pub fn sibling(&self, name: Name) -> Self {
        Self { namespace: self.namespace.clone(), name }
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{namespace}.{}", self.name),
            None => write!(f, "{}", self.name),
        }
    }
}

/// The name of a dialect, as it stands in annotations: `(postgres)index …`. Opaque to everything but the
/// dialect registry.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct DialectName(Name);

impl DialectName {
    /// Wraps a name; whether such a dialect exists is the registry's to say.
    #[must_use]
    pub fn new(name: Name) -> Self {
        Self(name)
    }

    /// The text of the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for DialectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Borrow<str> for DialectName {
    fn borrow(&self) -> &str {
        self.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_derived_names_are_cut_and_stay_different() {
        let long = "é".repeat(60);
        let one = Name::derived(&[&long, "a", "fkey"]);
        let two = Name::derived(&[&long, "b", "fkey"]);
        assert!(one.as_str().len() <= DERIVED_BYTES_MAX && one.as_str().ends_with("_fkey"));
        assert_ne!(one, two);
    }
}
