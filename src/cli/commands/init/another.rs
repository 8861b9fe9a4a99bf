//! `schemactl init --name`: another project in a configuration that holds one already. Its text is added behind the
//! others; nothing that is there is changed.

use std::path::Path;

use serde_json::json;

use super::{ATTRIBUTES, FOLDERS, development_url, mark_generated, refuse_to_overwrite, root_join};
use crate::cli::context::Context;
use crate::cli::errors::E802;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::diagnostic::{Diagnostic, Sources};
use crate::document::write::{Literal, Writer};
use crate::name::Name;
use crate::project::config::UrlSource;
use crate::project::{CONFIG_FILE, JournalName, Project, files};

/// Adds it. Without dialects it has those of the first project.
pub(super) fn add(
    root: &Path,
    name: &str,
    mut dialects: Vec<String>,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let projects = Project::open_all(Some(root), &mut context.sources)?;
    let name = named(name, &projects)?;
    if dialects.is_empty() {
        let first = projects.first().map(Project::dialect_names).unwrap_or_default();
        dialects.extend(first.iter().map(ToString::to_string));
    }
    let schema = format!("{name}/schema/schema.kdl");
    let folders = FOLDERS.map(|folder| format!("{name}/{folder}"));
    refuse_to_overwrite(root, &[&schema], &folders.each_ref().map(String::as_str))?;
    extend(root, &block(&name, &dialects, &projects), &mut context.sources)?;
    context.printer.status("Extended", root_join(root, CONFIG_FILE).display());
    // A table of the template might have the name of one that another project has.
    let template = include_str!("schema.kdl").lines().take_while(|line| line.starts_with("//"));
    let template: String = template.map(|line| format!("{line}\n")).collect();
    files::write(root, Path::new(&schema), &template)?;
    context.printer.status("Created", root_join(root, &schema).display());
    for folder in &folders {
        files::create_folder(root, Path::new(folder))?;
        context.printer.status("Created", format_args!("{}/", root_join(root, folder).display()));
    }
    let [_, snapshots] = folders;
    let verb = mark_generated(root, &[snapshots])?;
    context.printer.status(verb, root_join(root, ATTRIBUTES).display());
    if context.printer.is_json() {
        context
            .printer
            .json(json!({ "project": name.as_str(), "created": [schema], "extended": [CONFIG_FILE] }));
    }
    let is_chosen = projects.iter().any(|project| project.config().is_default);
    if !is_chosen {
        context.printer.note(
            "there are several projects now: commands need `--name`, unless they are run in a project's folder or one is marked `default=#true`",
        );
    }
    let schema = root_join(root, &schema);
    context.printer.next(format_args!("edit {}, then `schemactl plan`", schema.display()));
    Ok(Exit::DONE)
}

/// The name, if no project has it.
fn named(name: &str, projects: &[Project]) -> Result<Name, Diagnostic> {
    if projects.iter().any(|project| project.config().name.as_str() == name) {
        let message = format!("there is a project `{name}` in `{CONFIG_FILE}`");
        return Err(Diagnostic::error(&E802, message).help(HELP));
    }
    plain(name)
}

/// The name, if it can be that of a project and its folder.
pub(super) fn plain(name: &str) -> Result<Name, Diagnostic> {
    let is_plain = |letter: char| letter.is_alphanumeric() || "_-".contains(letter);
    let begins = |letter: char| letter.is_alphabetic();
    match Name::new(name) {
        Ok(found) if name.starts_with(begins) && name.chars().all(is_plain) => Ok(found),
        _ => Err(Diagnostic::error(&E802, format!("`{name}` can't be the name of a project")).help(HELP)),
    }
}

/// What a name is made of.
const HELP: &str = "give another name: a letter, then letters, digits, `_` and `-`";

/// The project as text. It has an environment of its own where that of the others speaks another dialect.
fn block(name: &Name, dialects: &[String], projects: &[Project]) -> String {
    let journals: Vec<&JournalName> = projects.iter().map(Project::journal).collect();
    let mut journal = JournalName::of_project(name);
    for number in 2.. {
        if !journals.contains(&&journal) {
            break;
        }
        journal = JournalName::new(&format!("{}_{number}", JournalName::DEFAULT)).unwrap_or_default();
    }
    let mut w = Writer::new();
    w.node("project").arg(name).children(|w| {
        w.node("dialects").args(dialects);
        for folder in ["schema", FOLDERS[0], FOLDERS[1]] {
            w.node(folder).arg(Literal::quoted(&format!("{name}/{folder}")));
        }
        w.comment("Its own table in each database that says what has run, so that it can share one with other projects.");
        w.node("journal").arg(journal.as_str());
        if let Some(first) = dialects.first().filter(|dialect| !speaks(projects, dialect)) {
            w.comment("Environments in here are this project's alone; those beside it are for all.");
            w.node("env").arg("dev").prop("default", true).children(|w| {
                w.node("url").arg(Literal::quoted(&development_url(first).replace("{name}", name.as_str())));
            });
        }
    });
    w.finish()
}

/// Whether the default environment is for all projects and may well speak a dialect.
fn speaks(projects: &[Project], dialect: &str) -> bool {
    let mut all = projects.iter().flat_map(|project| &project.config().environments);
    all.any(|environment| match &environment.url {
        Some(UrlSource::Text(url)) => environment.is_default && url.scheme().starts_with(dialect),
        Some(UrlSource::Variable(..) | UrlSource::File(..)) | None => false,
    })
}

/// Adds a block to the configuration, if what comes of it can be read.
fn extend(root: &Path, block: &str, sources: &mut Sources) -> Result<(), Failure> {
    let path = Path::new(CONFIG_FILE);
    let mut plain = Sources::default();
    let read = files::read(root, path, &mut plain)?;
    let old = &plain.get(read).text;
    files::write(root, path, &format!("{}\n\n{block}", old.trim_end()))?;
    if let Err(problems) = Project::open_all(Some(root), sources) {
        files::write(root, path, old)?;
        return Err(problems.into());
    }
    Ok(())
}
