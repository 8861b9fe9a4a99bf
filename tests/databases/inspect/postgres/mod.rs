//! PostgreSQL's catalog read back.

mod changing;
mod corpora;
mod expressions;
mod kinds;
mod law;
mod serial;
mod strangers;

use super::holds;
