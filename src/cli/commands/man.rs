//! `schemactl man`: the manual pages.

use std::io;
use std::path::{Path, PathBuf};

use clap_mangen::Man;

use crate::cli::context::Context;
use crate::cli::definition;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::project::files;

/// Print the manual page, or write the pages of all commands
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  schemactl man | man -l -\n  schemactl man --out /usr/local/share/man/man1"
)]
pub(crate) struct Args {
    /// Write one page per command into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints or writes the pages.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { out } = args;
    let mut root = definition();
    root.build();
    match out {
        None => context.printer.data(page(&root)),
        Some(folder) => {
            for command in std::iter::once(&root).chain(root.get_subcommands()).filter(|c| !c.is_hide_set()) {
                let name = match command.get_name() {
                    "schemactl" => "schemactl.1".to_owned(),
                    name => format!("schemactl-{name}.1"),
                };
                files::write(&folder, Path::new(&name), &page(command))?;
                context.printer.status("Wrote", folder.join(name).display());
            }
        }
    }
    Ok(Exit::DONE)
}

/// The page of a command in the format of `man`.
fn page(command: &clap::Command) -> String {
    let mut page = Vec::new();
    let rendered: io::Result<()> = Man::new(command.clone()).render(&mut page);
    rendered.expect("memory takes all that is written to it");
    String::from_utf8_lossy(&page).into_owned()
}
