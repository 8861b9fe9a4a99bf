//! The commands: a file each, with its arguments and what it does. A command is added by its file, its `mod` line
//! and its line in the list below; help, completions, man pages and the reference follow.

mod apply;
mod branches;
mod check;
mod checkpoint;
mod completions;
mod diff;
mod drift;
mod edit;
mod explain;
mod fmt;
mod heads;
mod import;
mod init;
mod inspect;
mod label;
mod log;
mod man;
mod merge;
mod merge_file;
mod new;
mod plan;
mod prove;
mod push;
mod rebase;
mod revision;
mod rollback;
mod show;
mod snapshots;
mod sql;
mod squash;
mod stamp;
mod status;
mod tag;
mod verify;

use clap::Subcommand;

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::output::Format;

/// Declares the subcommands, in the order of `--help`: each runs what its module says, and writes what it has to say
/// for people or as JSON, unless formats of its own are listed behind it.
macro_rules! commands {
    ($($variant:ident($module:ident) $([$($format:ident),+])?),+ $(,)?) => {
        /// A subcommand with its arguments.
        #[allow(clippy::large_enum_variant, reason = "there is one of them, for as long as the process lives")]
        #[derive(Debug, Subcommand)]
        pub(crate) enum Command {
            $(
                #[allow(missing_docs, reason = "the arguments' own doc is the help text")]
                $variant($module::Args)
            ),+
        }

        impl Command {
            /// The command's name, and the formats that it has besides those of all commands.
            fn formats(&self) -> (&'static str, &'static [Format]) {
                match self {
                    $(Self::$variant(_) => (stringify!($module), &[$($(Format::$format),+)?])),+
                }
            }

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
    Import(import),
    Inspect(inspect) [Kdl, Sql],
    Plan(plan),
    Apply(apply),
    Rollback(rollback),
    Status(status),
    Stamp(stamp),
    Drift(drift),
    Diff(diff),
    Push(push),
    Check(check),
    Fmt(fmt),
    Log(log),
    Show(show),
    Sql(sql),
    Heads(heads),
    Tag(tag),
    Label(label),
    Branches(branches),
    Merge(merge),
    Rebase(rebase),
    New(new),
    Edit(edit),
    Revision(revision),
    Squash(squash),
    Checkpoint(checkpoint),
    Snapshots(snapshots),
    Verify(verify),
    Prove(prove),
    Explain(explain),
    Completions(completions),
    Man(man),
    MergeFile(merge_file),
}

impl Command {
    /// Whether it can write its output like this.
    ///
    /// # Errors
    /// What to tell who asked for it.
    pub(crate) fn takes(&self, format: Format) -> Result<(), String> {
        let (name, own) = self.formats();
        match format {
            Format::Human | Format::Json => Ok(()),
            Format::Kdl | Format::Sql if own.contains(&format) => Ok(()),
            Format::Kdl | Format::Sql => {
                let mut known = vec![Format::Human, Format::Json];
                known.extend(own);
                let known: Vec<&str> = known.into_iter().map(Format::word).collect();
                let word = format.word();
                Err(format!("`{name}` has no format `{word}`, only `{}`", known.join("` and `")))
            }
        }
    }
}
