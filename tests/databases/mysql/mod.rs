//! What only MySQL and MariaDB have.

mod connection;
mod lock;
mod login;
mod settings;
