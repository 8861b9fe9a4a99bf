//! The catalog of MySQL and MariaDB read back.

mod corners;
pub mod corpora;
mod expressions;
mod law;

use super::holds;
