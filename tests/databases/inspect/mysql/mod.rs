//! The catalog of MySQL and MariaDB read back.

mod corpora;
mod expressions;
mod law;

use super::holds;
