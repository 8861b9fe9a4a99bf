//! A schema as a value: what a database is meant to look like, in the user's own spelling. Dialects are
//! opaque here, nothing is read or written.

mod collection;
mod dependency;
pub mod errors;
mod index;
mod key;
mod object;
mod place;
mod projection;
mod rename;
mod script;
mod table;
mod types;
mod validate;
mod value;
mod whole;

pub use collection::{Collection, Named};
pub use index::{Index, IndexKey, KeyPart, Nulls, Order};
pub use key::{Action, Check, Deferrable, ForeignKey, PrimaryKey, Unique};
pub use object::{DataSet, EnumType, Namespace, RawObject, Row, View, is_within};
pub use place::Place;
pub use projection::ForDialect;
pub use rename::{Member, Rename};
pub use table::{Column, Generated, Identity, IdentityMode, Options, Storage, Table, TableSettings};
pub use types::{Digits, Portable, Type};
pub use validate::{Misfit, Naming, Problem, misfit, validate};
pub use value::{PerDialect, SqlText, Value};
pub use whole::Wholes;

/// A whole schema. Two are equal when they hold the same, in whatever order it was declared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// Namespaces besides the connection's default.
    pub namespaces: Collection<Namespace>,
    /// Enumerated types.
    pub enums: Collection<EnumType>,
    /// Tables.
    pub tables: Collection<Table>,
    /// Views.
    pub views: Collection<View>,
    /// Objects that are known by their SQL alone.
    pub objects: Collection<RawObject>,
    /// Reference rows, by table.
    pub data: Collection<DataSet>,
}
