//! A revision's id: short, derived from what the revision was at first, and fixed from then on.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use super::Parent;
use crate::hash::{Hash, StateHash};

/// How many hexadecimal digits an id has.
const DIGITS: usize = 12;

/// Twelve hexadecimal digits that tell a revision apart in a chain and in a database's journal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionId(u64);

/// Why a text is not a [`RevisionId`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an id: expected {DIGITS} hexadecimal digits in lower case")]
pub struct RevisionIdError(String);

impl RevisionId {
    /// Derives the id of a new revision, so that the same revision written twice gets the same one and no
    /// randomness is needed. The bytes are a tag, the parents' digests, the state, the message and the time, one
    /// line each, with the message last because it may have lines of its own.
    #[must_use]
    pub fn derive(parents: &[Parent], to: StateHash, message: &str, created: Timestamp) -> Self {
        let mut text = "revision-id 1\n".to_owned();
        for parent in parents {
            text.push_str(&format!("{}\n", parent.digest));
        }
        text.push_str(&format!("{to}\n{created}\n{message}\n"));
        let digits = Hash::of(text.as_bytes()).short(DIGITS);
        Self(u64::from_str_radix(&digits, 16).expect("a digest is written in hexadecimal digits"))
    }
}

impl FromStr for RevisionId {
    type Err = RevisionIdError;

    fn from_str(text: &str) -> Result<Self, RevisionIdError> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let value = u64::from_str_radix(text, 16).ok();
        let value = value.filter(|_| text.len() == DIGITS && text.bytes().all(is_digit));
        value.map(Self).ok_or_else(|| RevisionIdError(text.to_owned()))
    }
}

impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0DIGITS$x}", self.0)
    }
}

impl fmt::Debug for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_frozen_and_read_back() {
        let created = "2026-11-21T10:00:00Z".parse().unwrap();
        let id = RevisionId::derive(&[], StateHash::of(""), "the first", created);
        insta::assert_snapshot!(id, @"d686f94dae65");
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in ["", "b7c1f0e2a9d", "b7c1f0e2a9d4a", "B7C1F0E2A9D4", "+7c1f0e2a9d4", "b7c1f0e2a9dg"] {
            assert!(text.parse::<RevisionId>().is_err(), "{text}");
        }
        assert_eq!("00000000000a".parse::<RevisionId>().unwrap().to_string(), "00000000000a");
    }
}
