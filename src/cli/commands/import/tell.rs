//! What was done, told to people or as JSON.

use std::path::Path;

use serde_json::{Value, json};

use crate::cli::commands::init::config::{Location, VARIABLE};
use crate::cli::commands::init::{ATTRIBUTES, mark_generated, root_join};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::inspection::{Inspected, list_unmanaged, name_tools};
use crate::cli::output::counted;
use crate::cli::{plan_view, state_json};
use crate::diagnostic::Diagnostic;
use crate::dialect::{Bookkeeping, Unmanaged};
use crate::project::CONFIG_FILE;
use crate::revision::Revision;

/// The folders whose files are counted and not named.
const FOLDERS: [&str; 3] = ["schema", "revisions", "snapshots"];
/// Up to how many revisions are named one by one.
const NAMED_MAX: usize = 12;

/// What was done.
pub(super) struct Done<'a> {
    pub(super) root: &'a Path,
    pub(super) name: &'a str,
    pub(super) files: &'a [(String, String)],
    pub(super) revisions: &'a [Revision],
    /// How many of the revisions the database was recorded to have, if it was.
    pub(super) stamped: Option<usize>,
    /// The tool, as people call it.
    pub(super) tool: &'a str,
    /// What was read, in a few words.
    pub(super) read: String,
    /// The same for programs.
    pub(super) source: Value,
    /// The database that was looked at.
    pub(super) inspected: Option<&'a Inspected>,
    /// How the project finds it.
    pub(super) location: Option<&'a Location>,
    /// What a reader has to know.
    pub(super) notes: &'a [Diagnostic],
}

/// Tells it, and marks the folders that are generated.
pub(super) fn tell(done: &Done<'_>, context: &mut Context) -> Result<(), Failure> {
    let Done { root, name, files, revisions, stamped, tool, read, source, inspected, location, notes } = done;
    let attributes = mark_generated(root, &[FOLDERS[2].to_owned()])?;
    let none: (&[Unmanaged], &[Bookkeeping]) = (&[], &[]);
    let (unmanaged, tools) =
        inspected.map_or(none, |found| (&found.inspection.unmanaged, &found.bookkeeping));
    context.printer.suggest_for_project_with_url();
    context.printer.diagnostics(notes, &context.sources);
    if context.printer.is_json() {
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).chain([ATTRIBUTES]).collect();
        let names =
            |count: usize| revisions.iter().take(count).map(|one| one.name.as_str()).collect::<Vec<_>>();
        let notes: Vec<Value> =
            notes.iter().map(|note| context.printer.problem(note, &context.sources)).collect();
        context.printer.json(json!({
            "project": name,
            "source": source,
            "created": paths,
            "revisions": revisions.iter().map(plan_view::revision_json).collect::<Vec<_>>(),
            "stamped": names(stamped.unwrap_or(0)),
            "notes": notes,
            "unmanaged": state_json::unmanaged(unmanaged),
            "tools": state_json::tools(tools),
        }));
        list_unmanaged(context, unmanaged);
        return Ok(());
    }
    let printer = &mut context.printer;
    printer.status("Read", read);
    printer.status("Created", root_join(root, CONFIG_FILE).display());
    for folder in FOLDERS {
        let prefix = format!("{folder}/");
        let count = files.iter().filter(|(path, _)| path.starts_with(&prefix)).count();
        printer.status(
            "Created",
            format_args!("{}/ with {}", root_join(root, folder).display(), counted(count, "file")),
        );
    }
    printer.status(attributes, root_join(root, ATTRIBUTES).display());
    if let (Some(count), true) = (stamped, revisions.len() <= NAMED_MAX) {
        revisions.iter().take(*count).for_each(|revision| printer.status("Stamped", &revision.name));
    } else if let Some((count, last)) =
        stamped.and_then(|count| Some((count, revisions.get(count.checked_sub(1)?)?)))
    {
        printer.status("Stamped", format_args!("{}, up to {}", counted(count, "revision"), last.name));
    }
    list_unmanaged(context, unmanaged);
    let printer = &mut context.printer;
    let (own, others): (Vec<Bookkeeping>, Vec<Bookkeeping>) =
        tools.iter().cloned().partition(|books| books.tool == *tool);
    for Bookkeeping { table, .. } in own {
        printer.note(format_args!(
            "`{table}` was left alone: drop it by hand once nobody needs it, and let schemactl alone change the schema"
        ));
    }
    name_tools(printer, &others);
    if let Some(Location::Variable(_)) = location {
        printer
            .note(format_args!("the URL has a password, so set `{VARIABLE}` to it, or put it into `.env`"));
    }
    printer.next(match stamped {
        Some(count) if *count == revisions.len() => {
            "`schemactl status`, then edit the schema and `schemactl plan`"
        }
        Some(_) => "`schemactl status`, then `schemactl apply` for what is pending",
        None => "`schemactl log`, and `schemactl prove` tries every revision",
    });
    Ok(())
}
