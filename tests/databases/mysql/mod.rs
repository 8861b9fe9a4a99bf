//! What only MySQL and MariaDB have.

mod alias;
mod change;
mod check;
mod connection;
mod date;
mod fit;
mod key;
pub mod kind;
mod lock;
mod login;
mod odd;
mod option;
mod page;
mod product;
mod refused;
mod row;
mod script;
mod settings;
mod trial;
mod unseen;
mod zero;
