//! `schemactl init`: a new project. Makes new files, and adds lines to `.gitattributes`.

mod another;
pub(in crate::cli::commands) mod config;
pub(in crate::cli::commands) mod from;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::errors;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::inspection::Split;
use crate::diagnostic::{Diagnostic, SourceId};
use crate::dialect;
use crate::document::{self, write::Literal};
use crate::project::{CONFIG_FILE, Project, files, git};

/// The folders that a new project has besides that of its schema.
pub(in crate::cli::commands) const FOLDERS: [&str; 2] = ["revisions", "snapshots"];

/// Begin a project in this folder, or in the one that `--project` names
///
/// Writes a commented `schemactl.kdl`, a folder `schema` with a first table, and the folders for revisions and
/// snapshots. Nothing that exists is changed, except that `.gitattributes` gets lines that mark the snapshots as
/// generated. In a folder that has a project, `--name` begins another one beside it. With `--from`, the schema is that of a database, and a first revision leads to it; `--stamp` records in
/// the database that it has that revision. All of it is written, or nothing.
#[derive(Debug, clap::Args)]
#[command(after_long_help = include_str!("help.txt").trim_end())]
pub(crate) struct Args {
    /// The databases that the schema is for; the first is the one for development. Without it, that of `--from`, or
    /// the first of those below
    #[arg(long, value_name = "DIALECT", value_delimiter = ',')]
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(dialect::names()))]
    dialects: Vec<String>,

    /// Begin with the schema of the database at this URL; `--env` is what its environment is called
    #[arg(long, value_name = "URL")]
    from: Option<String>,

    /// Record in the database that it has the first revision, without asking
    #[arg(long, requires = "from")]
    stamp: bool,

    /// Tell git how to merge the project's files, in this clone; of a project that is there already, nothing else changes
    #[arg(long)]
    git: bool,

    /// How the schema of the database is spread over files
    #[arg(long, value_name = "HOW", value_enum, default_value_t, requires = "from")]
    split: Split,
}

/// Writes the files.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { dialects, from, stamp, git, split } = args;
    let mut seen = Vec::new();
    for dialect in dialects {
        if !seen.contains(&dialect) {
            seen.push(dialect);
        }
    }
    let root = context.global.project.clone().unwrap_or_else(|| PathBuf::from("."));
    if git && from.is_none() && root.join(CONFIG_FILE).exists() {
        let added = merge_by_git(&root, context)?;
        if context.printer.is_json() {
            let extended = if added { vec![ATTRIBUTES] } else { Vec::new() };
            context.printer.json(json!({ "created": [], "extended": extended }));
        }
        return Ok(Exit::DONE);
    }
    let name = context.global.name.clone();
    if let Some(name) = &name {
        another::plain(name)?;
    }
    let exit = match (from, name) {
        (Some(_), Some(name)) if root.join(CONFIG_FILE).exists() => return Err(beside(&name).into()),
        (Some(url), _) => from::run(&root, &url, seen, split, stamp, context)?,
        (None, Some(name)) if root.join(CONFIG_FILE).exists() => another::add(&root, &name, seen, context)?,
        (None, _) => begin(&root, &called(context, &root), seen, context)?,
    };
    if git && exit == Exit::DONE {
        merge_by_git(&root, context)?;
    }
    Ok(exit)
}

/// What a new project is called: as `--name` says, or like its folder.
pub(in crate::cli::commands) fn called(context: &Context, root: &Path) -> String {
    context.global.name.clone().unwrap_or_else(|| name_of(root))
}

/// E802, for a project that is to begin with a database in a folder that has one.
fn beside(name: &str) -> Diagnostic {
    let message = format!("`{CONFIG_FILE}` exists: `--from` begins the first project of a folder");
    Diagnostic::error(&errors::E802, message).help(format!(
        "run `schemactl init --name {name}`, then `schemactl drift --pull`, which leaves out what other projects have"
    ))
}

/// Tells git how to merge the project's files. Returns whether the file of attributes got lines for that.
fn merge_by_git(root: &Path, context: &mut Context) -> Result<bool, Failure> {
    let projects = Project::open_all(Some(root), &mut context.sources)?;
    git::set_up(root)?;
    let mut lines = "# `schemactl init --git` tells a clone what this means.\n".to_owned();
    // Attributes say nothing of files beside or above them.
    let is_below = |folder: &String| !folder.starts_with("../");
    let mut snapshots = Vec::new();
    for project in projects {
        snapshots.extend(Some(project.snapshots()).filter(is_below));
        let schema = project.config().schema.display().to_string();
        for (folder, files) in [(schema, "**"), (project.revisions(), "*.kdl")] {
            if is_below(&folder) {
                let _ = writeln!(lines, "/{folder}/{files} merge=schemactl");
            }
        }
    }
    mark_generated(root, &snapshots)?;
    let added = files::append(root, Path::new(ATTRIBUTES), &lines)?;
    let verb = if added { "Extended" } else { "Kept" };
    context.printer.status(verb, root_join(root, ATTRIBUTES).display());
    context.printer.status("Configured", "git in this clone: `merge.schemactl`");
    Ok(added)
}

/// Writes the files of a project without a database.
fn begin(root: &Path, name: &str, mut dialects: Vec<String>, context: &mut Context) -> Result<Exit, Failure> {
    if dialects.is_empty() {
        dialects.push(dialect::names()[0].to_owned());
    }
    let config = configuration(name, &dialects);
    let new = [(CONFIG_FILE, config.as_str()), ("schema/schema.kdl", include_str!("schema.kdl"))];
    refuse_to_overwrite(root, &new.map(|(path, _)| path), &FOLDERS)?;
    for (path, text) in new {
        files::write(root, Path::new(path), text)?;
        context.printer.status("Created", root_join(root, path).display());
    }
    let verb = mark_generated(root, &[FOLDERS[1].to_owned()])?;
    context.printer.status(verb, root_join(root, ATTRIBUTES).display());
    for folder in FOLDERS {
        files::create_folder(root, Path::new(folder))?;
        context.printer.status("Created", format_args!("{}/", root_join(root, folder).display()));
    }
    if context.printer.is_json() {
        let paths: Vec<&str> = new.iter().map(|(path, _)| *path).chain([ATTRIBUTES]).collect();
        context.printer.json(json!({ "project": name, "created": paths }));
    }
    let schema = root_join(root, "schema/schema.kdl");
    context.printer.next(format_args!("edit {}, then `schemactl plan`", schema.display()));
    Ok(Exit::DONE)
}

/// The file that tells git and code review tools which folders are generated.
pub(in crate::cli::commands) const ATTRIBUTES: &str = ".gitattributes";

/// Marks folders of snapshots as generated. A repository often has such a file already; what is in it stays. Returns the
/// verb for what was done.
pub(in crate::cli::commands) fn mark_generated(
    root: &Path,
    folders: &[String],
) -> Result<&'static str, Failure> {
    let path = Path::new(ATTRIBUTES);
    let lines: Vec<String> =
        folders.iter().map(|folder| include_str!("gitattributes").replace("{snapshots}", folder)).collect();
    if !root.join(path).exists() {
        files::write(root, path, "")?;
        lines.iter().try_for_each(|lines| files::append(root, path, lines).map(drop))?;
        return Ok("Created");
    }
    let mut added = false;
    for lines in lines {
        added |= files::append(root, path, &lines)?;
    }
    Ok(if added { "Extended" } else { "Kept" })
}

/// Names everything that is in the way, if anything is: files, and folders that something is in.
pub(in crate::cli::commands) fn refuse_to_overwrite(
    root: &Path,
    new: &[&str],
    folders: &[&str],
) -> Result<(), Failure> {
    if new.contains(&CONFIG_FILE) && root.join(CONFIG_FILE).exists() {
        files::refuse_folder(root, Path::new(CONFIG_FILE))?;
        let message =
            format!("`{}` exists: there is a project already", root_join(root, CONFIG_FILE).display());
        return Err(Diagnostic::error(&errors::E802, message)
            .help("work on that one, or begin the project elsewhere with `--project DIR`")
            .into());
    }
    let holds_something =
        |folder: &str| fs::read_dir(root.join(folder)).is_ok_and(|mut entries| entries.next().is_some());
    let in_the_way = new.iter().filter(|path| root.join(path).exists());
    let folders = folders.iter().filter(|folder| holds_something(folder));
    let problems: Vec<Diagnostic> = in_the_way
        .chain(folders)
        .map(|path| {
            Diagnostic::error(&errors::E802, format!("`{}` exists", root_join(root, path).display()))
                .help("move it away, or begin the project elsewhere with `--project DIR`")
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

/// The path to show: relative to the current folder.
pub(in crate::cli::commands) fn root_join(root: &Path, path: &str) -> PathBuf {
    if root == Path::new(".") { path.into() } else { root.join(path) }
}

/// The folder's name as a plain word.
fn name_of(root: &Path) -> String {
    let folder = std::path::absolute(root)
        .ok()
        .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let name: String = folder.unwrap_or_default().chars().map(plain).collect();
    let name = name.trim_start_matches(|c: char| c == '_' || c.is_ascii_digit()).to_owned();
    if name.is_empty() { "app".to_owned() } else { name }
}

/// The configuration of a project without a database yet; the first dialect is the one for development.
pub(in crate::cli::commands) fn configuration(name: &str, dialects: &[String]) -> String {
    let url = dialects.first().map(|dialect| development_url(dialect).replace("{name}", name));
    include_str!("schemactl.kdl")
        .replace("{project}", &Literal::from(name).to_string())
        .replace("{dialects}", &dialects.join(" "))
        .replace("{url}", &url.unwrap_or_default())
}

/// The URL for development on a dialect, with `{name}` in it.
fn development_url(dialect: &str) -> String {
    let (document, _) = document::read(SourceId(0), include_str!("urls.kdl"));
    let of = document.nodes.iter().find(|node| node.name.as_str() == dialect);
    of.and_then(|node| node.entries.first()?.as_str()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_has_a_url_for_development() {
        for dialect in dialect::names() {
            assert!(development_url(dialect).contains("{name}"), "{dialect}");
        }
    }
}
