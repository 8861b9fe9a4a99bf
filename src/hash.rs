//! blake3 digests with a tag that names what was hashed and how, so that an algorithm can change and old
//! digests still verify. Texts are hashed as their UTF-8 bytes; nothing is mixed in.

use std::fmt;
use std::str::FromStr;

/// A blake3 digest of 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

/// Why a text is not a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a digest: expected `{1}:` and 64 hexadecimal digits")]
pub struct HashError(String, &'static str);

impl Hash {
    /// Hashes bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// The first `digits` hexadecimal digits (at most 64).
    #[must_use]
    pub fn short(&self, digits: usize) -> String {
        self.to_string().chars().take(digits).collect()
    }

    fn parse(text: &str) -> Option<Self> {
        blake3::Hash::from_hex(text).ok().map(|hash| Self(*hash.as_bytes()))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

macro_rules! tagged {
    ($(#[$doc:meta])* $name:ident, $tag:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Hash);

        impl $name {
            /// Hashes a canonical text.
            #[must_use]
            pub fn of(text: &str) -> Self {
                Self(Hash::of(text.as_bytes()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($tag, ":{}"), self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }

        impl FromStr for $name {
            type Err = HashError;

            fn from_str(text: &str) -> Result<Self, HashError> {
                text.strip_prefix(concat!($tag, ":"))
                    .and_then(Hash::parse)
                    .map(Self)
                    .ok_or_else(|| HashError(text.to_owned(), $tag))
            }
        }
    };
}

tagged!(
    /// The identity of a state: the digest of its canonical text, written `s1:<hex>`.
    StateHash,
    "s1"
);
tagged!(
    /// The digest of a revision's parsed content, written `r1:<hex>`.
    RevisionDigest,
    "r1"
);
tagged!(
    /// The digest of a text that is kept for comparison only (SQL that ran, a catalog), written `t1:<hex>`.
    TextDigest,
    "t1"
);
