//! The dialects of this build.

use super::{Dialect, Version};
use crate::diagnostic::Code;
use crate::model::Naming;
use crate::name::DialectName;

/// The dialects that this build has, the default one first.
#[must_use]
pub fn all() -> &'static [&'static dyn Dialect] {
    &[
        #[cfg(feature = "sqlite")]
        &super::sqlite::Sqlite,
        #[cfg(feature = "postgres")]
        &super::postgres::Postgres,
        #[cfg(feature = "mysql")]
        &super::mysql::Mysql,
    ]
}

/// The codes of what the dialects of this build can't have.
#[must_use]
pub fn codes() -> Vec<&'static Code> {
    let all: &[&[&'static Code]] = &[
        #[cfg(feature = "sqlite")]
        super::sqlite::errors::CODES,
        #[cfg(feature = "postgres")]
        super::postgres::errors::CODES,
        #[cfg(feature = "mysql")]
        super::mysql::errors::CODES,
    ];
    all.concat()
}

/// The dialect of this name.
#[must_use]
pub fn find(name: &DialectName) -> Option<&'static dyn Dialect> {
    all().iter().copied().find(|dialect| dialect.name() == *name)
}

/// What these dialects together ask of names.
#[must_use]
pub fn naming(names: &[DialectName]) -> Naming {
    let each = |name: &DialectName| find(name).map_or(Naming::Common, Dialect::naming);
    if !names.is_empty() && names.iter().all(|name| each(name) == Naming::PerTable) {
        Naming::PerTable
    } else {
        Naming::Common
    }
}

/// The names of the dialects that this build has, the default one first.
#[must_use]
pub fn names() -> &'static [&'static str] {
    &[
        #[cfg(feature = "sqlite")]
        "sqlite",
        #[cfg(feature = "postgres")]
        "postgres",
        #[cfg(feature = "mysql")]
        "mysql",
    ]
}

/// The words for the products that this build knows, the default one first.
#[must_use]
pub fn products() -> Vec<&'static str> {
    let supported = all().iter().flat_map(|dialect| dialect.supported());
    supported.map(|supported| supported.newest.product.word()).collect()
}

/// The newest tested version of each product that speaks one of these dialects.
#[must_use]
pub fn servers(dialects: &[&'static dyn Dialect]) -> Vec<(&'static dyn Dialect, Version)> {
    let each = |dialect: &&'static dyn Dialect| {
        let dialect = *dialect;
        dialect.supported().iter().map(move |supported| (dialect, supported.newest))
    };
    dialects.iter().flat_map(each).collect()
}

/// The newest version of the product of this word that was tested, and the dialect that it speaks.
#[must_use]
pub fn find_product(word: &str) -> Option<(&'static dyn Dialect, Version)> {
    servers(all()).into_iter().find(|(_, version)| version.product.word() == word)
}
