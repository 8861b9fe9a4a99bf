//! Sequences of rows and what they fold to.
