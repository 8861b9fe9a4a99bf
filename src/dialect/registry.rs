//! The dialects of this build.

/// The names of the dialects that this build has, the default one first.
#[must_use]
pub fn names() -> &'static [&'static str] {
    &[
        #[cfg(feature = "sqlite")]
        "sqlite",
        #[cfg(feature = "postgres")]
        "postgres",
    ]
}
