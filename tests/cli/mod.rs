//! The command line as people meet it: transcripts of the program's data, words and exit codes.

mod explain;
mod init;
mod reference;
mod usage;
