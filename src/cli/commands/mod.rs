//! The commands: a file each, with its arguments and what it does. A command is added by its file, its `mod` line
//! and its line in the list below; help, completions, man pages and the reference follow.

mod apply;
mod check;
mod completions;
mod diff;
mod drift;
mod edit;
mod explain;
mod fmt;
mod heads;
mod init;
mod log;
mod man;
mod new;
mod plan;
mod prove;
mod revision;
mod rollback;
mod show;
mod stamp;
mod status;
mod verify;

use clap::Subcommand;

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;

/// Declares the subcommands, in the order of `--help`: each runs what its module says.
macro_rules! commands {
    ($($variant:ident($module:ident)),+ $(,)?) => {
        /// A subcommand with its arguments.
        #[derive(Debug, Subcommand)]
        pub(crate) enum Command {
            $(
                #[allow(missing_docs, reason = "the arguments' own doc is the help text")]
                $variant($module::Args)
            ),+
        }

        impl Command {
            /// Runs it.
            ///
            /// # Errors
            /// Why it didn't do what it was asked for.
            pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Failure> {
                match self {
                    $(Self::$variant(args) => $module::run(args, context)),+
                }
            }
        }
    };
}

commands! {
    Init(init),
    Plan(plan),
    Apply(apply),
    Rollback(rollback),
    Status(status),
    Stamp(stamp),
    Drift(drift),
    Diff(diff),
    Check(check),
    Fmt(fmt),
    Log(log),
    Show(show),
    Heads(heads),
    New(new),
    Edit(edit),
    Revision(revision),
    Verify(verify),
    Prove(prove),
    Explain(explain),
    Completions(completions),
    Man(man),
}
