//! The command line as people meet it: transcripts of the program's data, words and exit codes.

mod answer;
mod branch;
mod broken;
mod chain;
mod check;
mod convert;
mod diff;
mod environment;
mod explain;
mod fmt;
mod import;
mod init;
mod inspect;
mod json;
mod knot;
mod merge;
mod offline;
mod plan;
mod prove;
mod reference;
mod rename;
mod run;
mod several;
mod terminal;
mod usage;
mod variables;
