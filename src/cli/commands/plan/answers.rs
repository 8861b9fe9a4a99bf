//! What a plan is told beyond the schema: answers from options, from a file, from a person, or from the revision
//! that is planned again. An answer that answers nothing is a mistake, and is reported.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::change::{Edit, Op, Step, TableEdit, is_required};
use crate::cli::errors::{E811, E812};
use crate::diagnostic::{Diagnostic, SourceId};
use crate::document::{self, Cursor, Entry, Sink};
use crate::model::{EnumType, Member, Misfit, Rename, State, Value, misfit};

/// The answers so far. Columns and values of enums are named as `table.column` and `enum.value`.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// Renames by the names before and after.
    pub(super) renames: Vec<(String, String)>,
    /// Whether everything else that looks like a rename is a drop and an add.
    pub(super) no_renames: bool,
    /// Things that are dropped, whatever comes that looks like them.
    pub(super) dropped: BTreeSet<String>,
    /// What existing rows get in a new column, or in a dropped one that comes back.
    pub(super) defaults: BTreeMap<String, Value>,
    /// Such columns that a hook fills.
    pub(super) fills: BTreeSet<String>,
    /// Tables that have no rows, or columns of such tables.
    pub(super) empty: BTreeSet<String>,
    /// What takes the place of a removed value of an enum.
    pub(super) replaced: BTreeMap<String, String>,
    /// Removed values of enums that no row has.
    pub(super) unused: BTreeSet<String>,
    /// What computes the values of a column that gets another type; `None` is a hook for a person to write.
    pub(super) converted: BTreeMap<String, Option<String>>,
    /// What computes its values on the way back.
    pub(super) converted_back: BTreeMap<String, String>,
    /// Answers that answered something.
    pub(super) used: RefCell<BTreeSet<(Kind, String)>>,
}

/// What an answer says of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Drop,
    Default,
    Fill,
    Empty,
    Replace,
    Unused,
    Convert,
    ConvertBack,
}

impl Kind {
    /// The option that gives it.
    fn option(self) -> &'static str {
        match self {
            Self::Drop => "--drop",
            Self::Default => "--default",
            Self::Fill => "--fill",
            Self::Empty => "--assume-empty",
            Self::Replace => "--replace",
            Self::Unused => "--assume-unused",
            Self::Convert => "--convert",
            Self::ConvertBack => "--convert-back",
        }
    }
}

impl Answers {
    /// Notes that the answer about this thing was used.
    pub(super) fn using(&self, kind: Kind, thing: &str) {
        self.used.borrow_mut().insert((kind, thing.to_owned()));
    }

    /// Reports the answers that nobody asked for.
    pub(super) fn unused(&self) -> Vec<Diagnostic> {
        let used = self.used.borrow();
        let of = |kind| move |thing: &String| (kind, thing.clone());
        let given = (self.dropped.iter().map(of(Kind::Drop)))
            .chain(self.defaults.keys().map(of(Kind::Default)))
            .chain(self.fills.iter().map(of(Kind::Fill)))
            .chain(self.empty.iter().map(of(Kind::Empty)))
            .chain(self.replaced.keys().map(of(Kind::Replace)))
            .chain(self.unused.iter().map(of(Kind::Unused)))
            .chain(self.converted.keys().map(of(Kind::Convert)))
            .chain(self.converted_back.keys().map(of(Kind::ConvertBack)));
        let unused = given.filter(|answer| !used.contains(answer));
        unused
            .map(|(kind, thing)| {
                let is_answered = used.iter().any(|(_, other)| *other == thing);
                let message = match is_answered {
                    true => format!("`{thing}` is answered otherwise: `{}` adds nothing", kind.option()),
                    false => format!("there is nothing to answer about `{thing}`"),
                };
                Diagnostic::error(&E812, message)
                    .help("take the answer back, or correct the name: `schemactl plan` lists the questions")
            })
            .collect()
    }

    /// The answer about a required column, by the name that it was given under.
    pub(super) fn about_required(&self, table: &str, column: &str) -> Option<(Kind, String)> {
        let name = format!("{table}.{column}");
        if self.defaults.contains_key(&name) {
            return Some((Kind::Default, name));
        }
        if self.fills.contains(&name) {
            return Some((Kind::Fill, name));
        }
        if self.empty.contains(&name) {
            return Some((Kind::Empty, name));
        }
        self.empty.contains(table).then(|| (Kind::Empty, table.to_owned()))
    }

    /// The answer about a removed value of an enum.
    pub(super) fn about_removed(&self, value: &str) -> Option<Kind> {
        if self.replaced.contains_key(value) {
            return Some(Kind::Replace);
        }
        self.unused.contains(value).then_some(Kind::Unused)
    }

    /// Adds `--default`: a name and a value as KDL writes it; nothing is the empty text. What SQL has in quotes is refused,
    /// because KDL would take the quotes for a part of it.
    pub(super) fn add_default(&mut self, thing: &str, value: &str) -> Result<(), Diagnostic> {
        let text = if value.is_empty() { "v \"\"".to_owned() } else { format!("v {value}") };
        let (document, problems) = document::read(SourceId(0), &text);
        let entry = document.nodes.first().and_then(|node| node.entries.first());
        let is_meant = problems.is_empty() && !value.starts_with('\'');
        match entry.filter(|_| is_meant).and_then(value_of) {
            Some(value) => {
                self.defaults.insert(thing.to_owned(), value);
                Ok(())
            }
            None => Err(Diagnostic::error(&E811, format!("`{value}` is not a value"))
                .help("write `0`, `#true`, `\"text\"` or `(sql)\"now()\"`")),
        }
    }

    /// Adds the answers of a file: one node each.
    pub(super) fn read(&mut self, source: SourceId, text: &str) -> Result<(), Vec<Diagnostic>> {
        let (document, problems) = document::read(source, text);
        let mut sink = Sink::default();
        sink.extend(problems);
        for node in &document.nodes {
            let mut cursor = Cursor::new(node, &sink);
            let name =
                |cursor: &mut Cursor<'_, '_>, what| cursor.text(what).map(|text| text.text.to_string());
            match node.name.as_str() {
                "rename" => {
                    let pair = (name(&mut cursor, "name before"), name(&mut cursor, "name after"));
                    if let (Some(from), Some(to)) = pair {
                        self.renames.push((from, to));
                    }
                }
                "no-renames" => self.no_renames = true,
                "drop" => self.dropped.extend(name(&mut cursor, "name")),
                "default" => {
                    let thing = name(&mut cursor, "column");
                    let value = cursor.arg("value").and_then(|entry| {
                        value_of(entry).or_else(|| cursor.report_kind(entry, "a value or `(sql)` text"))
                    });
                    self.defaults.extend(thing.zip(value));
                }
                "fill" => self.fills.extend(name(&mut cursor, "column")),
                "assume-empty" => self.empty.extend(name(&mut cursor, "table")),
                "replace" => {
                    let (value, by) = (name(&mut cursor, "value"), name(&mut cursor, "other value"));
                    self.replaced.extend(value.zip(by));
                }
                "convert" => {
                    let thing = name(&mut cursor, "column");
                    let up = cursor.optional_arg().map(|entry| sql_of(entry, &cursor));
                    let back = cursor.prop("back").and_then(|entry| sql_of(entry, &cursor));
                    if let Some(thing) = thing {
                        self.converted_back.extend(back.map(|back| (thing.clone(), back)));
                        self.converted.insert(thing, up.flatten());
                    }
                }
                "assume-unused" => self.unused.extend(name(&mut cursor, "value")),
                _ => {
                    document::cursor::report_unknown(&sink, None, node, NODES);
                    continue;
                }
            }
            cursor.finish();
        }
        if sink.has_errors() { Err(sink.into_diagnostics()) } else { Ok(()) }
    }

    /// Takes over what a revision has decided already, so that planning it again asks for nothing new.
    pub(super) fn learn(&mut self, steps: &[Step]) -> Vec<Rename> {
        let mut renames = Vec::new();
        let (mut made, mut given_up) = (BTreeSet::new(), BTreeSet::new());
        for op in crate::change::ops(steps) {
            match op {
                Op::Column { table, edit: Edit::Create(column) } => {
                    made.insert((table.clone(), column.name.clone()));
                }
                // A new column took the place of one of another type.
                Op::Column { table, edit: Edit::Rename { from, to } }
                    if made.contains(&(table.clone(), from.clone())) =>
                {
                    let name = format!("{table}.{to}");
                    self.using(Kind::Convert, &name);
                    self.converted.entry(name).or_default();
                    continue;
                }
                _ => {}
            }
            renames.extend(rename_of(op));
            match op {
                Op::Table(TableEdit::Drop(table)) => {
                    self.know(Kind::Drop, |a| &mut a.dropped, table.name.to_string())
                }
                Op::Column { table, edit: Edit::Drop(column) } => {
                    let name = format!("{table}.{}", column.name);
                    if given_up.contains(&name) {
                        self.know(Kind::Fill, |a| &mut a.fills, name.clone());
                    }
                    self.know(Kind::Drop, |a| &mut a.dropped, name);
                }
                Op::Column { table, edit: Edit::Create(column) } if is_required(column) => {
                    self.know(Kind::Empty, |a| &mut a.empty, format!("{table}.{}", column.name));
                }
                Op::Column { table, edit: Edit::Alter { from, to } } => {
                    let name = format!("{table}.{}", to.name);
                    if from.nullable && is_required(to) {
                        self.know(Kind::Fill, |a| &mut a.fills, name);
                    } else if is_required(from) && to.nullable {
                        given_up.insert(name);
                    }
                }
                Op::Enum(Edit::Alter { from, to }) => {
                    for value in from.values.iter().filter(|value| !to.values.contains(value)) {
                        self.know(Kind::Unused, |a| &mut a.unused, format!("{}.{value}", to.name));
                    }
                }
                _ => {}
            }
        }
        renames
    }

    /// Adds an answer that need not be asked for.
    fn know(&mut self, kind: Kind, list: impl Fn(&mut Self) -> &mut BTreeSet<String>, thing: String) {
        self.using(kind, &thing);
        list(self).insert(thing);
    }

    /// Reports what is put in place of a removed value of an enum and is no value of it.
    pub(super) fn check_replaced(&self, to: &State) -> Vec<Diagnostic> {
        let check = |(removed, by): (&String, &String)| {
            let item = to.enums.iter().find(|item| value_of_enum(removed, item).is_some())?;
            let of = &item.name;
            if item.values.iter().any(|value| **value == **by) {
                return None;
            }
            let message = format!("`{by}` can't take the place of `{removed}`: it is not a value of `{of}`");
            let help = format!("use one of `{}`", item.values.join("`, `"));
            Some(Diagnostic::error(&E811, message).help(help))
        };
        self.replaced.iter().filter_map(check).collect()
    }

    /// Reports values that a column can't hold: a new one, or one that is dropped and comes back. The states are the one
    /// that the plan leads to, and the one that it starts from.
    pub(super) fn check_defaults(&self, states: [&State; 2]) -> Vec<Diagnostic> {
        self.defaults.keys().filter_map(|name| self.check_default(name, states).err()).collect()
    }

    /// Refuses a value that this column can't hold.
    pub(super) fn check_default(&self, name: &str, states: [&State; 2]) -> Result<(), Diagnostic> {
        let find = || {
            let (table, column) = name.rsplit_once('.')?;
            let (state, column) = states.into_iter().find_map(|state| {
                let table = state.tables.iter().find(|item| item.name.to_string() == table)?;
                Some((state, table.columns.iter().find(|item| item.name.as_str() == column)?))
            })?;
            misfit(self.defaults.get(name)?, column, state)
        };
        match find() {
            None => Ok(()),
            Some(Misfit { message, help }) => {
                let message = format!("`{name}` can't get this value: {message}");
                Err(Diagnostic::error(&E811, message).help(help))
            }
        }
    }

    /// Finds out what the renames are about, beside those that the schema tells.
    ///
    /// # Errors
    /// Those that are about nothing.
    pub(super) fn resolve_renames(
        &self,
        from: &State,
        to: &State,
        told: &[Rename],
    ) -> Result<Vec<Rename>, Vec<Diagnostic>> {
        let mut found = Vec::new();
        let mut problems = Vec::new();
        let top_level = |(before, after): &(String, String)| top_level(from, to, before, after);
        let owners: Vec<Rename> =
            told.iter().cloned().chain(self.renames.iter().filter_map(top_level)).collect();
        for (before, after) in &self.renames {
            match resolve(from, to, &owners, before, after) {
                Some(rename) => found.push(rename),
                None => problems.push(
                    Diagnostic::error(&E812, format!("nothing can be renamed from `{before}` to `{after}`"))
                        .help(
                            "name a thing that the last revision has and one that the schema has: \
                         `--rename TABLE.COLUMN=TABLE.COLUMN`, with the table's name as it is now",
                        ),
                ),
            }
        }
        if problems.is_empty() { Ok(found) } else { Err(problems) }
    }
}

/// The nodes of an answers file.
const NODES: [&str; 9] = [
    "rename",
    "no-renames",
    "drop",
    "default",
    "fill",
    "assume-empty",
    "replace",
    "assume-unused",
    "convert",
];

/// SQL, marked as such or not.
fn sql_of(entry: &Entry<'_>, cursor: &Cursor<'_, '_>) -> Option<String> {
    match &entry.value {
        document::Value::String(text) if entry.annotation.is_none() || entry.is_annotated("sql") => {
            Some(text.to_string())
        }
        _ => cursor.report_kind(entry, "an SQL expression"),
    }
}

fn value_of(entry: &Entry<'_>) -> Option<Value> {
    let is_sql = entry.is_annotated("sql");
    match &entry.value {
        document::Value::String(text) if is_sql => Some(Value::Sql(text.as_ref().into())),
        _ if entry.annotation.is_some() => None,
        document::Value::String(text) => Some(Value::Text(text.as_ref().into())),
        document::Value::Number(number) => Some(Value::Number(number.to_string().into())),
        document::Value::Bool(value) => Some(Value::Bool(*value)),
        document::Value::Null => None,
    }
}

/// The rename that an operation is.
pub(super) fn rename_of(op: &Op) -> Option<Rename> {
    let member = |of: &crate::name::ObjectName, member, from: &crate::name::Name, to: &crate::name::Name| {
        Some(Rename::Member { of: of.clone(), member, from: from.clone(), to: to.clone() })
    };
    match op {
        Op::Namespace(Edit::Rename { from, to }) => {
            Some(Rename::Namespace { from: from.clone(), to: to.clone() })
        }
        Op::Enum(Edit::Rename { from, to }) => Some(Rename::Enum { from: from.clone(), to: to.clone() }),
        Op::EnumValue { of, from, to } => {
            Some(Rename::EnumValue { of: of.clone(), from: from.clone(), to: to.clone() })
        }
        Op::Table(TableEdit::Rename { from, to }) => {
            Some(Rename::Table { from: from.clone(), to: to.clone() })
        }
        Op::Column { table, edit: Edit::Rename { from, to } } => member(table, Member::Column, from, to),
        Op::PrimaryKey { table, edit: Edit::Rename { from, to } } => {
            member(table, Member::PrimaryKey, from, to)
        }
        Op::Unique { table, edit: Edit::Rename { from, to } } => member(table, Member::Unique, from, to),
        Op::ForeignKey { table, edit: Edit::Rename { from, to } } => {
            member(table, Member::ForeignKey, from, to)
        }
        Op::Check { table, edit: Edit::Rename { from, to } } => member(table, Member::Check, from, to),
        Op::Index { table, edit: Edit::Rename { from, to } } => member(table, Member::Index, from, to),
        Op::View(Edit::Rename { from, to }) => Some(Rename::View { from: from.clone(), to: to.clone() }),
        Op::Object(Edit::Rename { from, to }) => Some(Rename::Object { from: from.clone(), to: to.clone() }),
        _ => None,
    }
}

/// The rename between these names, if there are such things before and after.
fn resolve(from: &State, to: &State, owners: &[Rename], before: &str, after: &str) -> Option<Rename> {
    top_level(from, to, before, after).or_else(|| within(from, to, owners, before, after)).or_else(|| {
        // The table need not be said twice: `--rename posts.content=body`.
        let mut tables = before.match_indices('.').filter_map(|(dot, _)| before.get(..dot));
        tables.find_map(|table| within(from, to, owners, before, &format!("{table}.{after}")))
    })
}

/// The value that a name like `status.v1.0` is about, if it is one of this enum.
fn value_of_enum<'t>(name: &'t str, item: &EnumType) -> Option<&'t str> {
    name.strip_prefix(&item.name.to_string())?.strip_prefix('.')
}

/// A rename of a value of an enum, which goes by its name after or by the one that it had before.
fn value_within<'s>(
    from: &'s State,
    to: &State,
    owners: &[Rename],
    before: &str,
    after: &str,
) -> Option<Rename> {
    let from_enums = &from.enums;
    to.enums.iter().find_map(|of| {
        let new = value_of_enum(after, of)?;
        let to = of.values.iter().find(|value| ***value == *new)?;
        let was = owners.iter().find_map(|rename| match rename {
            Rename::Enum { from: was, to } if *to == of.name => from.enums.get(was),
            _ => None,
        });
        let find = |was: &'s EnumType, name: &EnumType| {
            let old = value_of_enum(before, name)?;
            was.values.iter().find(|value| ***value == *old)
        };
        let from = was.and_then(|was| find(was, of));
        let from = from.or_else(|| from_enums.iter().find_map(|was| find(was, was)))?;
        Some(Rename::EnumValue { of: of.name.clone(), from: from.clone(), to: to.clone() })
    })
}

fn top_level(from: &State, to: &State, before: &str, after: &str) -> Option<Rename> {
    macro_rules! find {
        ($field:ident, $variant:ident) => {
            let from = from.$field.keys().find(|key| key.to_string() == before);
            let to = to.$field.keys().find(|key| key.to_string() == after);
            if let (Some(from), Some(to)) = (from, to) {
                return Some(Rename::$variant { from: from.clone(), to: to.clone() });
            }
        };
    }
    find!(tables, Table);
    find!(enums, Enum);
    find!(views, View);
    find!(objects, Object);
    find!(namespaces, Namespace);
    None
}

/// A rename inside a table or enum, which goes by its name after or by the one that it had before.
fn within(from: &State, to: &State, owners: &[Rename], before: &str, after: &str) -> Option<Rename> {
    value_within(from, to, owners, before, after).or_else(|| member_within(from, to, owners, before, after))
}

/// A rename inside a table.
fn member_within(from: &State, to: &State, owners: &[Rename], before: &str, after: &str) -> Option<Rename> {
    let (owner, old) = before.rsplit_once('.')?;
    let (now, new) = after.rsplit_once('.')?;
    let table = to.tables.iter().find(|table| table.name.to_string() == now)?;
    let was = owners.iter().find_map(|rename| match rename {
        Rename::Table { from: was, to } if *to == table.name => from.tables.get(was),
        _ => None,
    });
    let was = was.or_else(|| from.tables.iter().find(|table| table.name.to_string() == owner))?;
    macro_rules! find {
        ($field:ident, $member:ident) => {
            let from = was.$field.keys().find(|key| key.as_str() == old);
            let to = table.$field.keys().find(|key| key.as_str() == new);
            if let (Some(from), Some(to)) = (from, to) {
                let (from, to) = (from.clone(), to.clone());
                return Some(Rename::Member { of: table.name.clone(), member: Member::$member, from, to });
            }
        };
    }
    find!(columns, Column);
    find!(uniques, Unique);
    find!(foreign_keys, ForeignKey);
    find!(checks, Check);
    find!(indexes, Index);
    None
}

/// Says that an option needs two parts.
pub(super) fn not_a_pair(option: &str, text: &str) -> Diagnostic {
    let help = match option {
        "--default" => "write the column and its value: `--default COLUMN=VALUE`".to_owned(),
        _ => format!("write what was and what it becomes: `{option} OLD=NEW`"),
    };
    Diagnostic::error(&E811, format!("`{option} {text}` lacks a part")).help(help)
}
