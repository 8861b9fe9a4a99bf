//! What is read back from databases: the schema that was created, and nothing else.

#[cfg(feature = "postgres")]
mod objects;
#[cfg(feature = "postgres")]
mod postgres;
