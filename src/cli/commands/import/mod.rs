//! `schemactl import`: a project that goes on where another tool's history ends. All of it is written, or nothing.

mod alembic;
mod chain;
mod folder;
mod hook;
mod lead;
mod retrace;
mod steps;
mod tell;
mod versions;

use std::path::{Path, PathBuf};

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::inspection::Split;
use crate::diagnostic::{Diagnostic, near};
use crate::import::Tool;
use crate::import::errors::E914;

/// What Alembic is called on the command line.
const ALEMBIC: &str = "alembic";

/// Begin a project with the history of another tool
///
/// Reads the tool's files in DIR and writes a project beside them. Steps that are SQL are run one after the other on a
/// scratch database; what each of them makes of the schema becomes the operations of a revision, and statements that move
/// rows become hooks, so the chain has as many revisions as there are steps. The chain is run on a second scratch database
/// and compared with the first. Alembic's versions are Python: their graph is read, and the first revision is what the
/// database of `--url` has. In that database, where the tool's own table says what has run, the same is recorded; nothing
/// else in it changes. Without `--url` the steps are tried on SQLite in memory.
#[derive(Debug, clap::Args)]
#[command(after_long_help = include_str!("help.txt").trim_end())]
pub(crate) struct Args {
    /// The tool, and the folder that its files are in
    #[arg(value_names = ["TOOL", "DIR"], required = true, num_args = 1..=2)]
    words: Vec<String>,

    /// The tool, where only the folder is named otherwise
    #[arg(long, value_name = "TOOL")]
    from: Option<String>,

    /// Take it as it is that numbers are missing between the steps
    #[arg(long)]
    allow_gaps: bool,

    /// How the schema is spread over files
    #[arg(long, value_name = "HOW", value_enum, default_value_t)]
    split: Split,
}

/// Reads the history and writes the project.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { words, from, allow_gaps, split } = args;
    let (tool, folder) = named(&words, from.as_deref())?;
    let root = context.global.project.clone().unwrap_or_else(|| PathBuf::from("."));
    let folder = Path::new(folder);
    if tool == ALEMBIC {
        return alembic::run(&root, folder, split, context);
    }
    let tool = Tool::ALL.iter().copied().find(|known| known.word() == tool).ok_or_else(|| unknown(tool))?;
    let scripts = tool.read(&folder::read(folder)?, allow_gaps)?;
    steps::run(&root, &steps::History { tool, scripts: &scripts }, split, context)
}

/// The tool and the folder that the words mean.
fn named<'w>(words: &'w [String], from: Option<&'w str>) -> Result<(&'w str, &'w str), Failure> {
    match (words, from) {
        ([tool, folder], None) => Ok((tool, folder)),
        ([folder], Some(tool)) => Ok((tool, folder)),
        ([tool, folder], Some(from)) if tool == from => Ok((tool, folder)),
        ([_, _], Some(from)) => {
            Err(misused(format!("`--from {from}` names a tool, and so do the words behind `import`")))
        }
        (words, _) => {
            let word = words.first().map_or("", String::as_str);
            Err(misused(format!("`{word}` alone doesn't say which tool wrote which folder")))
        }
    }
}

fn misused(message: String) -> Failure {
    let help = format!("write `schemactl import TOOL DIR`, where TOOL is one of {}", tools().join(", "));
    Failure::from(Diagnostic::error(&E914, message).help(help)).exit(Exit::USAGE)
}

fn unknown(tool: &str) -> Failure {
    let message = format!("`{tool}` is no tool whose files are known");
    let help = match near(tool, tools()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "name one of {}, or begin with a database: `schemactl init --from URL`",
            tools().join(", ")
        ),
    };
    Failure::from(Diagnostic::error(&E914, message).help(help)).exit(Exit::USAGE)
}

fn tools() -> Vec<&'static str> {
    std::iter::once(ALEMBIC).chain(Tool::ALL.iter().map(|tool| tool.word())).collect()
}
