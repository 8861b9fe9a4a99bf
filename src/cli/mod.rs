//! The command line: arguments, words, exit codes. All work is done by the layers below; this one alone talks to a
//! terminal.

mod actor;
mod alike;
mod astray;
mod chain;
pub mod clock;
mod commands;
mod consent;
mod context;
mod cost;
mod database;
mod dialects;
mod drift_view;
mod environments;
pub mod errors;
pub mod exit;
mod failure;
mod fit;
mod graph;
mod inspection;
mod intended;
mod interrupt;
mod joining;
mod lifecycle;
mod locate;
mod marking;
mod observe;
mod offending;
mod offline;
mod operand;
mod others;
mod output;
mod panic;
mod placing;
mod plan_view;
mod progress;
mod prompt;
mod pull;
pub mod reference;
mod reference_rows;
mod resume;
mod running;
mod scratch;
mod selection;
mod shell;
mod sql_view;
mod state_json;
mod stopped;
mod style;
mod suggestion;
mod told;
mod unfinished;
mod unseen;
mod upgrade;
mod usage;
mod variables;
mod wording;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser};

use commands::Command;
use context::{Context, Global};
use exit::Exit;
use failure::Failure;

use crate::diagnostic::Diagnostic;

/// Keep a database schema as code
///
/// Edit the desired state in `schema/`, let `plan` write a revision that leads to it, and `apply` that revision to
/// every database that still lacks it. `rollback` undoes it.
#[derive(Debug, Parser)]
#[command(name = "schemactl", version, max_term_width = 100, after_long_help = after_help())]
#[command(subcommand_required = true, arg_required_else_help = true, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    global: Global,

    #[command(subcommand)]
    command: Command,
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    panic::install();
    let definition = definition().color(output::asked_color(std::env::args_os()).into());
    let parsed = definition.try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            let error = usage::explained(error, std::env::args_os());
            // A reader that went away is no error; there is nobody to tell.
            let _ = error.print();
            return if error.use_stderr() { Exit::USAGE } else { Exit::DONE }.into();
        }
    };
    if let Err(message) = cli.command.takes(cli.global.format) {
        let _ = Cli::command().error(ErrorKind::InvalidValue, message).print();
        return Exit::USAGE.into();
    }
    let mut context = Context::new(cli.global);
    let outcome = cli.command.run(&mut context);
    let Context { printer, sources, .. } = &mut context;
    let (exit, problems) = match outcome {
        Ok(exit) => (exit, Vec::new()),
        Err(Failure { exit, diagnostics }) => {
            printer.failure(exit, &diagnostics, sources);
            (exit, diagnostics)
        }
    };
    match printer.finish(exit) {
        Ok(()) => exit,
        Err(lost) => {
            // Nobody has read what was written to where nothing arrives.
            let unread = problems.into_iter().filter(|_| printer.is_json());
            let unread: Vec<Diagnostic> = unread.chain([lost]).collect();
            printer.diagnostics(&unread, sources);
            if exit == Exit::DONE { Exit::FAILED } else { exit }
        }
    }
    .into()
}

/// The whole definition of the command line, for help pages, completions and the reference.
fn definition() -> clap::Command {
    Cli::command()
}

fn after_help() -> String {
    format!(
        "Exit codes:\n{}\nErrors have codes: `schemactl explain E101` says why one is raised and what to do.\n\
         Environment variables are listed in docs/environment.md.",
        Exit::table()
    )
}
