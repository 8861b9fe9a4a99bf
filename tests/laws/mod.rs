//! The laws that everything rests on, on schemas that nobody wrote.

mod changes;
mod fork;
mod generator;
mod merge;
mod mutation;
mod objects;
mod text;
