//! The catalog of MySQL and MariaDB read back.

pub mod corpora;
mod expressions;
mod law;

use super::holds;
