//! The schema language: KDL files to a state with the places of everything in it ([`parse`]), a state to its canonical
//! text ([`print`](fn@print)), and both for single nodes, of which revisions are made. No I/O here.
//!
//! `docs/schema.md` is the reference of the language. Three rules hold for all of it. Names of objects are as they are
//! written where the object is declared; where it is referred to, they are dotted references from the top. SQL is
//! marked `(sql)`, and an exception for one database bears that database's name. What can be left out is left out in
//! the canonical form.

mod column;
mod data;
mod declarations;
pub(crate) mod derive;
mod doubt;
mod draft;
pub mod errors;
mod files;
mod habit;
mod hint;
mod index;
mod key;
mod object;
mod options;

mod parse;
mod places;
mod printer;
mod readable;
mod reading;
mod reference;
mod rewrite;
mod settle;
mod table;
mod template;
#[cfg(test)]
mod tests;
mod types;
mod value;

pub use column::{read_column, write_column};
pub use data::{
    ENVIRONMENTS, environments, read_key, read_row, write_environments, write_key, write_only_env, write_row,
};
pub use files::{Split, print_files};
pub use hint::rename_hints;
pub use index::{read_index, write_index};
pub use key::{
    read_check, read_foreign_key, read_primary_key, read_unique, write_check, write_foreign_key,
    write_primary_key, write_unique,
};
pub use object::{read_enum, read_object, read_view, write_enum, write_object, write_view};
pub use parse::{Parsed, parse, parse_canonical, parse_for};
pub use places::{Places, Spot};
pub use printer::{Printer, print, print_in_order};
pub use readable::print_readable;
pub use reading::{Dialects, Reading};
pub use reference::{write_column as column_reference, write_object as object_reference};
pub use rewrite::{Care, Rewritten, rewrite};
pub use table::{ColumnOrder, read_settings, read_table, write_settings, write_table};
pub use types::spelling;
