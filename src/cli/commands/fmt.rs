//! `schemactl fmt`: the one layout of KDL files. Comments stay, and so does what the files say.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::diagnostic::{Diagnostic, SourceId};
use crate::document;
use crate::project::{CONFIG_FILE, Project, files};

/// Lay out the schema's files and `schemactl.kdl`; comments stay
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  schemactl fmt\n  schemactl fmt --check")]
pub(crate) struct Args {
    /// Change nothing; name the files that would change, and exit with 4 if there are any
    #[arg(long)]
    check: bool,

    /// Only these files, relative to the project
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Lays out the files.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { check, files } = args;
    let projects = context.projects()?;
    let Some(root) = projects.first().map(Project::root) else { return Ok(Exit::DONE) };
    let found = if files.is_empty() {
        let mut found = vec![files::read(root, Path::new(CONFIG_FILE), &mut context.sources)?];
        for project in &projects {
            found.extend(files::read_folder(root, &project.config().schema, &mut context.sources)?);
        }
        found
    } else {
        read(root, &files, context)?
    };
    let mut changed = Vec::new();
    let mut problems: Vec<Diagnostic> = Vec::new();
    for source in found {
        let file = context.sources.get(source);
        match document::format::fmt(source, &file.text) {
            Ok(text) if *text == *file.text => {}
            Ok(text) => changed.push((file.path.clone(), text)),
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    if !check {
        for (path, text) in &changed {
            files::write(root, path, text)?;
        }
    }
    report(check, &changed, context);
    Ok(if check && !changed.is_empty() { Exit::FINDINGS } else { Exit::DONE })
}

fn read(root: &Path, paths: &[PathBuf], context: &mut Context) -> Result<Vec<SourceId>, Failure> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        match files::read(root, path, &mut context.sources) {
            Ok(source) => found.push(source),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems.into()) }
}

fn report(check: bool, changed: &[(PathBuf, String)], context: &mut Context) {
    let paths: Vec<String> = changed.iter().map(|(path, _)| path.display().to_string()).collect();
    if context.printer.is_json() {
        return context.printer.json(json!({ if check { "unformatted" } else { "formatted" }: paths }));
    }
    for path in paths {
        if check {
            context.printer.line(path);
        } else {
            context.printer.status("Formatted", path);
        }
    }
    if check && !changed.is_empty() {
        context.printer.next("`schemactl fmt`");
    }
}
