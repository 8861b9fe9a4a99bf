//! `schemactl completions`: the script that teaches a shell the commands and options.

use clap_complete::Shell;

use crate::cli::context::Context;
use crate::cli::definition;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// Print the completion script of a shell
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  schemactl completions bash > ~/.local/share/bash-completion/completions/schemactl\n  schemactl completions fish > ~/.config/fish/completions/schemactl.fish"
)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { shell } = args;
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut definition(), "schemactl", &mut script);
    context.printer.data(String::from_utf8_lossy(&script));
    Ok(Exit::DONE)
}
