//! The format of revision files, version 1: KDL that reads like a list of commands.
//!
//! ```kdl
//! revision "0003_split_name" {
//!     id b7c1f0e2a9d4
//!     parent "0002_add_posts" digest="r1:…"
//!     from "s1:…"
//!     to "s1:…"
//!     message "split the name into first and last"
//!     created "2026-11-21T10:00:00Z"
//!     tags v1.0
//!     labels billing
//! }
//! ops {
//!     add-column users {
//!         column first_name text nullable
//!     }
//!     data split-name {
//!         up (sql)"UPDATE users SET first_name = …"
//!         down irreversible reason="first names are not kept apart before"
//!     }
//!     drop-column users {
//!         column name text nullable
//!     }
//! }
//! ```
//!
//! A revision that stands in place of others names them, in their order, behind its id:
//! `replaces "0001_users" id=… digest="r1:…"`. There is one `parent` for each revision that this one builds on, and one `depends-on "0002_add_posts" id=…` for each that
//! must have run before besides. Where
//! branches are joined that changed the same, it says which of them counts for what:
//! `parent "0002_add_posts" digest="r1:…" { wins "users.name" }`. What [`print`](fn@print) writes is canonical: the same
//! revision gives the same bytes. The definitions inside of steps are those of the schema language. Steps are
//!
//! | node | holds |
//! | --- | --- |
//! | `create-X`, `drop-X` for `schema enum table view object` | the definition, with the name as its argument |
//! | `add-X TABLE`, `drop-X TABLE` for `column primary-key unique foreign-key check index` | `{ X … }` |
//! | `alter-X …` | `{ from …; to … }` |
//! | `rename-X FROM TO`, `rename-X TABLE FROM TO`, `rename-enum-value ENUM FROM TO` | |
//! | `rows TABLE key=COLUMN` | `{ insert c=v …; delete c=v …; update { from c=v …; to c=v … } }` |
//! | `data NAME` | a hook, see [`Hook`](crate::change::Hook) |
//!
//! A revision's digest, `r1:`, is the hash of its canonical text without the names of the revision and its
//! parents and without its tags and labels, and with the text of files in their place. So white space, comments, line ends, a new
//! name for a file, a tag and a label change nothing; what a revision does and what it builds on does.
//!
//! The frozen file is `golden/0003_everything.kdl` beside this module. A change that alters it needs another version.

mod definition;
mod header;
mod hook;
mod op;
mod row;
#[cfg(test)]
mod tests;

use std::io;

use super::errors::E411;
use super::{Dependency, Parent, Replaced, Revision, RevisionName};
use crate::change::{Op, Step};
use crate::diagnostic::{Diagnostic, Severity, SourceId, Span};
use crate::document::write::{Line, Literal, Writer};
use crate::document::{self, Cursor, Document, Node, Sink};
use crate::hash::RevisionDigest;
use hook::FileTexts;

/// Where the parts of a revision stand in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Its name.
    pub name: Span,
    /// Its id.
    pub id: Span,
    /// The names of its parents.
    pub parents: Vec<Span>,
    /// The names of what must have run before it.
    pub depends_on: Vec<Span>,
    /// The state that it starts from.
    pub from: Span,
    /// The state that it leads to.
    pub to: Span,
    /// Its tags.
    pub tags: Vec<Span>,
    /// Its labels.
    pub labels: Vec<Span>,
    /// Its steps.
    pub steps: Vec<Span>,
}

/// Reads the file of a revision; `name` is the name that the file gives it, `load` reads a file that stands beside it.
///
/// # Errors
/// Everything that is wrong with the text.
pub fn read(
    source: SourceId,
    text: &str,
    name: &RevisionName,
    load: &dyn Fn(&str) -> io::Result<Vec<u8>>,
) -> Result<(Revision, Places), Vec<Diagnostic>> {
    let (document, diagnostics) = document::read(source, text);
    if !document.is_whole {
        return Err(diagnostics);
    }
    let mut sink = Sink::default();
    sink.extend(diagnostics);
    let (head, ops) = parts(&document, source, text, &sink);
    let head = head.and_then(|head| header::read(head, name, &sink));
    let steps = ops.map(|ops| steps(ops, load, &sink));
    let read = head.zip(steps).map(|((head, mut places), steps)| {
        let header::Header { id, replaces, parents, depends_on, from, to, message, created, tags, labels } =
            head;
        let (steps, spans) = steps.into_iter().unzip();
        places.steps = spans;
        let name = name.clone();
        (
            Revision {
                name,
                id,
                replaces,
                parents,
                depends_on,
                from,
                to,
                message,
                created,
                tags,
                labels,
                steps,
            },
            places,
        )
    });
    let problems = sink.into_diagnostics();
    match read {
        Some(read) if !problems.iter().any(|problem| problem.severity == Severity::Error) => Ok(read),
        Some(_) | None => Err(problems),
    }
}

/// The two nodes of a file.
fn parts<'d, 'a>(
    document: &'d Document<'a>,
    source: SourceId,
    text: &str,
    sink: &Sink,
) -> (Option<&'d Node<'a>>, Option<&'d Node<'a>>) {
    let find = |word: &'static str| {
        let mut found = document.nodes.iter().filter(|node| node.name.as_str() == word);
        let first = found.next();
        for again in found {
            let message = format!("a revision's file has one `{word}`");
            sink.report(
                Diagnostic::error(&E411, message).at(again.name.span, "").help("delete one of the two"),
            );
        }
        if first.is_none() {
            let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
            let diagnostic = Diagnostic::error(&E411, format!("the revision's file has no `{word}`"));
            let diagnostic = diagnostic.at(Span { source, start: end, end }, "");
            sink.report(diagnostic.help("restore the file from version control, or remove it"));
        }
        first
    };
    for node in &document.nodes {
        if !["revision", "ops"].contains(&node.name.as_str()) {
            document::cursor::report_unknown(sink, None, node, ["revision", "ops"]);
        }
    }
    (find("revision"), find("ops"))
}

/// Reads the steps, each with its place; what can't be understood is reported and left out.
fn steps(node: &Node<'_>, load: hook::Load<'_>, sink: &Sink) -> Vec<(Step, Span)> {
    let mut cursor = Cursor::new(node, sink);
    let mut steps: Vec<(Step, Span)> = Vec::new();
    for child in cursor.children() {
        match child.name.as_str() {
            "data" => {
                let hook = hook::read(child, load, sink);
                steps.extend(hook.map(|hook| (Step::Hook(hook), child.name.span)));
            }
            "rows" => {
                let rows = row::read(child, sink);
                steps.extend(rows.into_iter().map(|(op, span)| (Step::Op(op), span)));
            }
            _ => steps.extend(op::read(child, sink).map(|op| (Step::Op(op), child.name.span))),
        }
    }
    cursor.finish();
    hook::report_repeated(&steps, sink);
    steps
}

/// Writes the canonical text of a revision's file.
#[must_use]
pub fn print(revision: &Revision) -> String {
    print_with(revision, FileTexts::Named)
}

/// Writes the text of a revision's file with all texts of its hooks in it. It is the same revision, of the same digest.
#[must_use]
pub fn print_inlined(revision: &Revision) -> String {
    print_with(revision, FileTexts::Inlined)
}

fn print_with(revision: &Revision, files: FileTexts) -> String {
    let Revision { name, id, replaces, parents, depends_on, from, to, message, created, tags, labels, steps } =
        revision;
    let mut w = Writer::new();
    w.node("revision").arg(Literal::quoted(name.as_str())).children(|w| {
        w.node("id").arg(&id.to_string());
        write_replaced(w, replaces);
        for Parent { name, digest, wins } in parents {
            let digest = digest.to_string();
            let mut line = w.node("parent");
            write_wins(
                line.arg(Literal::quoted(name.as_str())).prop("digest", Literal::quoted(&digest)),
                wins,
            );
        }
        for Dependency { name, id } in depends_on {
            w.node("depends-on").arg(Literal::quoted(name.as_str())).prop("id", &id.to_string());
        }
        w.node("from").arg(Literal::quoted(&from.to_string()));
        w.node("to").arg(Literal::quoted(&to.to_string()));
        w.node("message").arg(Literal::quoted(message));
        w.node("created").arg(Literal::quoted(&created.to_string()));
        if !tags.is_empty() {
            w.node("tags").args(tags);
        }
        if !labels.is_empty() {
            w.node("labels").args(labels);
        }
    });
    w.node("ops").children(|w| write_steps(w, steps, files));
    w.finish()
}

/// Writes steps as the file of a revision has them.
#[must_use]
pub fn print_steps(steps: &[Step]) -> String {
    let mut w = Writer::new();
    w.node("ops").children(|w| write_steps(w, steps, FileTexts::Named));
    w.finish()
}

/// The digest of a revision's content.
#[must_use]
pub fn digest(revision: &Revision) -> RevisionDigest {
    // The names are for people, and tags and labels come later: none of them is content.
    let Revision {
        name: _,
        id,
        replaces,
        parents,
        depends_on,
        from,
        to,
        message,
        created,
        tags: _,
        labels: _,
        steps,
    } = revision;
    let mut w = Writer::new();
    w.node("id").arg(&id.to_string());
    write_replaced(&mut w, replaces);
    for Parent { name: _, digest, wins } in parents {
        write_wins(w.node("parent").arg(Literal::quoted(&digest.to_string())), wins);
    }
    for Dependency { name: _, id } in depends_on {
        w.node("depends-on").arg(&id.to_string());
    }
    w.node("from").arg(Literal::quoted(&from.to_string()));
    w.node("to").arg(Literal::quoted(&to.to_string()));
    w.node("message").arg(Literal::quoted(message));
    w.node("created").arg(Literal::quoted(&created.to_string()));
    w.node("ops").children(|w| write_steps(w, steps, FileTexts::Inlined));
    RevisionDigest::of(&w.finish())
}

fn write_replaced(w: &mut Writer, replaces: &[Replaced]) {
    for Replaced { name, id, digest } in replaces {
        let mut line = w.node("replaces");
        line.arg(Literal::quoted(name.as_str())).prop("id", &id.to_string());
        line.prop("digest", Literal::quoted(&digest.to_string()));
    }
}

/// Writes behind a parent what it decides.
fn write_wins(node: &mut Line<'_>, wins: &[Box<str>]) {
    if !wins.is_empty() {
        node.children(|w| {
            w.node("wins").args(wins.iter().map(|object| Literal::quoted(object)));
        });
    }
}

/// Writes steps; reference rows of one table that follow each other stand in one block.
fn write_steps(w: &mut Writer, steps: &[Step], files: FileTexts) {
    let mut rest = steps;
    while let Some((first, others)) = rest.split_first() {
        rest = others;
        match first {
            Step::Hook(hook) => hook::write(w, hook, files),
            Step::Op(Op::Row { table, key, edit }) => {
                let (mut edits, only_env) = (vec![edit], row::only_env(edit));
                while let Some((Step::Op(Op::Row { table: of, key: by, edit }), others)) = rest.split_first()
                    && (of, by, row::only_env(edit)) == (table, key, only_env)
                {
                    edits.push(edit);
                    rest = others;
                }
                row::write(w, table, key, &edits);
            }
            Step::Op(op) => op::write(w, op),
        }
    }
}
