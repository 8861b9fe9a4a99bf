//! What commands that read a database's schema share: the reading, how the schema is split over files, and the list of
//! what no schema has words for.

use std::collections::BTreeMap;
use std::fmt::Write;

use clap::ValueEnum;

use super::context::Context;
use super::errors::E862;
use super::output::{Printer, counted};
use crate::diagnostic::{Diagnostic, SourceId, Sources};
use crate::dialect::{Bookkeeping, Dialect, Inspection, Unmanaged, naming, set_aside};
use crate::model::State;
use crate::name::DialectName;
use crate::runner::catalog;
use crate::runner::session::Session;
use crate::syntax::{self, Parsed};

/// The longest name of a kind in the list of what is unmanaged, in columns.
const KIND_COLUMNS_MAX: usize = 20;

/// How a schema is spread over files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Split {
    /// One file, `schema.kdl`
    #[default]
    One,
    /// A file for each table with its triggers and policies; one for views, enums and other objects each
    PerTable,
    /// A file for each schema of the database
    PerSchema,
}

/// A schema as a database has it.
pub(crate) struct Inspected {
    /// The schema, and what isn't part of it.
    pub(crate) inspection: Inspection,
    /// The tables of other tools among what is unmanaged.
    pub(crate) bookkeeping: Vec<Bookkeeping>,
    /// What the database speaks.
    pub(crate) dialect: &'static dyn Dialect,
    /// What the database calls the namespace of unqualified names.
    pub(crate) namespace: Option<String>,
}

impl Inspected {
    /// Reads a database; the tables of other tools are set aside.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn read(session: &mut Session) -> Result<Self, Diagnostic> {
        let Session { connection, dialect, .. } = session;
        let mut inspection = catalog::inspect(connection, *dialect).await?;
        let bookkeeping = set_aside(&mut inspection);
        let namespace = connection.namespace().map(str::to_owned);
        Ok(Self { inspection, bookkeeping, dialect: *dialect, namespace })
    }
}

/// A schema as files, which were read again and say the same.
pub(crate) struct Written {
    /// Their paths below the folder of the schema, and their texts.
    pub(crate) files: Vec<(String, String)>,
    /// What they say, with the places.
    pub(crate) parsed: Parsed,
}

impl Written {
    /// Writes a schema in the words of these dialects.
    ///
    /// # Errors
    /// The files say something else, which is a fault of the program.
    pub(crate) fn new(
        state: &State,
        split: Split,
        dialects: &[DialectName],
        sources: &mut Sources,
    ) -> Result<Self, Diagnostic> {
        let split = match split {
            Split::One => syntax::Split::One,
            Split::PerTable => syntax::Split::PerTable,
            Split::PerSchema => syntax::Split::PerSchema,
        };
        let files: Vec<(String, String)> = syntax::print_files(state, split).into_iter().collect();
        // A place in them has to be told from one in a file that is there.
        let shown = |path: &str| format!("{path}, not written");
        let ids: Vec<SourceId> =
            files.iter().map(|(path, text)| sources.add(shown(path), text.as_str())).collect();
        let why = match syntax::parse_for(sources, &ids, dialects, naming(dialects)) {
            (Some(parsed), _) if parsed.state == *state => return Ok(Self { files, parsed }),
            (Some(_), _) => String::new(),
            (None, problems) => problems.first().map_or_else(String::new, |problem| format!(": {problem}")),
        };
        let message = format!("the schema that was written is not the one of the database{why}");
        let help = "please report it with the database's schema; `--exclude` can leave out what causes it";
        Err(Diagnostic::error(&E862, message).help(help))
    }
}

/// Names what no schema has words for, and why; nobody can turn that off.
pub(crate) fn list_unmanaged(context: &mut Context, unmanaged: &[Unmanaged]) {
    if !unmanaged.is_empty() {
        context.printer.words(listed(unmanaged));
    }
}

fn listed(unmanaged: &[Unmanaged]) -> String {
    let width = unmanaged.iter().map(|one| one.kind.chars().count()).max().unwrap_or(0).min(KIND_COLUMNS_MAX);
    let mut list = format!("{} not part of the schema:\n", is_or_are(unmanaged.len()));
    for Unmanaged { kind, name, definition: _, reason } in unmanaged {
        let _ = writeln!(list, "  {kind:width$}  {name}: {reason}");
    }
    list
}

fn is_or_are(count: usize) -> String {
    let things = counted(count, "thing");
    if count == 1 { format!("{things} in the database is") } else { format!("{things} in the database are") }
}

/// Says whose tables were left alone, and what to do with them.
pub(crate) fn name_tools(printer: &mut Printer, bookkeeping: &[Bookkeeping]) {
    let mut tools: BTreeMap<&str, (Vec<String>, &str)> = BTreeMap::new();
    for Bookkeeping { table, tool, catch_up } in bookkeeping {
        let (tables, _) = tools.entry(tool).or_insert_with(|| (Vec::new(), catch_up));
        tables.push(format!("`{table}`"));
    }
    for (tool, (tables, catch_up)) in &tools {
        printer.note(format_args!(
            "{} left alone: {tool} keeps there what it has run\n  \
             if {tool} has something pending, run it (`{catch_up}`) and begin again",
            tables.join(" and ") + if tables.len() == 1 { " was" } else { " were" },
        ));
    }
    if !tools.is_empty() {
        printer.note(
            "  from here on, let schemactl alone change the schema, and drop such tables by hand once nobody needs them",
        );
    }
}
