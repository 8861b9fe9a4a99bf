//! Which version of which product can do what. Facts are from the manuals of MySQL 8.0 to 9.7 and of MariaDB 10.6 to
//! 11.8, and measured on MariaDB 10.11 and MySQL 9.7.

use crate::dialect::{Product, Supported, Version};

/// The versions that this dialect is for.
pub(super) const SUPPORTED: &[Supported] = &[
    Supported { oldest: Product::MySql.version(8, 0, 0), newest: Product::MySql.version(9, 7, 0) },
    Supported { oldest: Product::MariaDb.version(10, 6, 0), newest: Product::MariaDb.version(10, 11, 0) },
];

/// Whether it is MariaDB.
pub(super) fn is_mariadb(version: Version) -> bool {
    version.product == Product::MariaDb
}

/// Whether there is a type `uuid`.
pub(super) fn has_uuid(version: Version) -> bool {
    is_mariadb(version) && version.is_at_least(10, 7, 0)
}
