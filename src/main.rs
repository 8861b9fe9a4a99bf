//! Parses the arguments, runs the command, exits with its code.

fn main() {}
