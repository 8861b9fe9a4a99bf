//! Rendering for PostgreSQL on a server: what a change leads to equals what is made anew, the way back leads to
//! where it began, and rows that needn't be lost are there.

mod column;
mod constraint;

mod enumeration;
mod name;
mod object;
mod program;
mod right;
mod row;
mod serial;
mod trial;
mod view;
