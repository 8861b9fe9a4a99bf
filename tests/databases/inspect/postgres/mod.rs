//! PostgreSQL's catalog read back.

mod corpora;
mod expressions;
mod law;

use super::holds;
