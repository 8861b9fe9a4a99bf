//! Tables: what is said of the table as a whole, its columns and the rest of its block, templates included.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::column::{self, ColumnDraft, Shorthands, draft_column};
use super::draft::Draft;
use super::errors::{E106, E112};
use super::places::Spot;
use super::reading::{Reading, Scope};
use super::template::Templates;
use super::types::Marks;
use super::{derive, habit, index, key, options, settle};
use crate::diagnostic::{Diagnostic, Span};
use crate::document::write::{Literal, Writer};
use crate::document::{Cursor, Node};
use crate::model::{
    Check, Collection, Column, Deferrable, ForeignKey, Index, PrimaryKey, Table, TableSettings, Unique,
};
use crate::name::{Name, ObjectName};

/// What can stand in the block of a table.
pub(super) const CHILDREN: &[&str] =
    &["options", "column", "primary-key", "unique", "foreign-key", "check", "index", "use"];

/// A table as it was read: the names of constraints and indexes can still collide.
pub(super) struct TableDraft {
    pub(super) name: ObjectName,
    pub(super) was: Option<ObjectName>,
    pub(super) spot: Spot,
    pub(super) settings: TableSettings,
    pub(super) columns: Vec<Draft<Column>>,
    pub(super) primary_key: Option<Draft<PrimaryKey>>,
    pub(super) uniques: Vec<Draft<Unique>>,
    pub(super) foreign_keys: Vec<Draft<ForeignKey>>,
    pub(super) checks: Vec<Draft<Check>>,
    pub(super) indexes: Vec<Draft<Index>>,
}

/// Reads a table from a node of any name; its first argument is the table's name, as a reference.
pub fn read_table<'d>(node: &'d Node<'_>, cx: &Reading<'d>) -> Option<Table> {
    let mut draft = [draft_table(node, Scope::Reference, &Templates::default(), cx)?];
    settle::number(&mut draft, &[], cx);
    let [draft] = draft;
    Some(settle::settle(draft, cx).table)
}

/// Reads `from comment="…" { (sqlite)options strict=#true }`: what is said of a table as a whole.
pub fn read_settings<'d>(node: &'d Node<'_>, cx: &Reading<'d>) -> TableSettings {
    let mut cursor = Cursor::new(node, cx.sink);
    let only = cx.only(&mut cursor);
    let comment = cx.text_prop(&mut cursor, "comment");
    let mut settings = TableSettings { only, comment, options: BTreeMap::new() };
    for node in cursor.children_named("options") {
        options::read(node, &mut settings.options, cx);
    }
    cursor.finish();
    settings
}

pub(super) fn draft_table<'d, 'a>(
    node: &'d Node<'a>,
    scope: Scope<'_>,
    templates: &Templates<'d, 'a>,
    cx: &Reading<'d>,
) -> Option<TableDraft> {
    let mut cursor = Cursor::new(node, cx.sink);
    let only = cx.only(&mut cursor);
    let declared = cx.declared(&mut cursor, scope);
    let comment = cx.text_prop(&mut cursor, "comment");
    let was = cx.was_object(&mut cursor, scope);
    let children = cursor.children();
    cursor.finish();
    let (name, head) = declared?;
    let settings = TableSettings { only, comment, options: BTreeMap::new() };
    let mut draft = TableDraft::new(name, was, Spot::named(node, head), settings);
    draft.read(children, templates, cx);
    Some(draft)
}

/// What is known while the block of a table is read.
#[derive(Default)]
struct Progress<'d, 'a> {
    /// The templates that the node stands in.
    open: Vec<&'d str>,
    /// The templates that stand in the block, each with the place that says so.
    used: BTreeMap<&'d str, Span>,
    /// A check waits until all columns are known, since they decide on its name.
    checks: Vec<&'d Node<'a>>,
}

impl TableDraft {
    pub(super) fn new(
        name: ObjectName,
        was: Option<ObjectName>,
        spot: Spot,
        settings: TableSettings,
    ) -> Self {
        Self {
            name,
            was,
            spot,
            settings,
            columns: Vec::new(),
            primary_key: None,
            uniques: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            indexes: Vec::new(),
        }
    }

    /// Reads the nodes of the table's block.
    pub(super) fn read<'d, 'a>(
        &mut self,
        nodes: impl IntoIterator<Item = &'d Node<'a>>,
        templates: &Templates<'d, 'a>,
        cx: &Reading<'d>,
    ) {
        let mut progress = Progress::default();
        let nodes = nodes.into_iter();
        self.columns.reserve(nodes.size_hint().0);
        for node in nodes {
            self.read_node(node, templates, &mut progress, cx);
        }
        let checks = progress.checks;
        if checks.is_empty() {
            return;
        }
        let columns: Collection<Column> = self.columns.iter().map(|draft| draft.item.clone()).collect();
        let drafts = checks.iter().filter_map(|node| key::draft_check(node, &self.name, &columns, cx));
        self.checks.extend(drafts);
    }

    /// Reads one node of the block, or of a template that stands in it.
    fn read_node<'d, 'a>(
        &mut self,
        node: &'d Node<'a>,
        templates: &Templates<'d, 'a>,
        progress: &mut Progress<'d, 'a>,
        cx: &Reading<'d>,
    ) {
        match node.name.as_str() {
            "options" => options::read(node, &mut self.settings.options, cx),
            "column" => self.add_column(draft_column(node, &self.name, cx), cx),
            "primary-key" => self.add_primary_key(key::draft_primary_key(node, &self.name, cx), cx),
            "unique" => self.uniques.extend(key::draft_unique(node, &self.name, cx)),
            "foreign-key" => self.foreign_keys.extend(key::draft_foreign_key(node, &self.name, cx)),
            "check" => progress.checks.push(node),
            "index" => self.indexes.extend(index::draft_index(node, &self.name, cx)),
            "use" => self.expand(node, templates, progress, cx),
            _ => habit::report_in_table(node, cx),
        }
    }

    /// Reads the templates that a `use` names, as if their nodes stood in its place.
    fn expand<'d, 'a>(
        &mut self,
        node: &'d Node<'a>,
        templates: &Templates<'d, 'a>,
        progress: &mut Progress<'d, 'a>,
        cx: &Reading<'d>,
    ) {
        let mut cursor = Cursor::new(node, cx.sink);
        let first = cursor.text("template");
        let names = first.into_iter().chain(cursor.texts());
        for text in names {
            let Some((name, nodes)) = templates.get(text.as_str()) else {
                templates.report_unknown(&text, cx);
                continue;
            };
            if progress.open.contains(&name) {
                let message = format!("the template `{name}` uses itself");
                let diagnostic = Diagnostic::error(&E106, message).at(text.span, "");
                cx.report(diagnostic.help("delete this `use`"));
                continue;
            }
            if let Some(first) = progress.used.get(name) {
                let message = format!("the template `{name}` is used twice");
                let diagnostic = Diagnostic::error(&E106, message).at(text.span, "again here");
                cx.report(diagnostic.at(*first, "first here").help("delete one of them"));
                continue;
            }
            progress.used.insert(name, text.span);
            progress.open.push(name);
            for node in nodes {
                self.read_node(node, templates, progress, cx);
            }
            progress.open.pop();
        }
        cursor.finish();
    }

    fn add_column(&mut self, draft: Option<ColumnDraft>, cx: &Reading<'_>) {
        let Some(ColumnDraft { column, primary_key, unique, foreign_key }) = draft else { return };
        self.columns.push(column);
        self.add_primary_key(primary_key, cx);
        self.uniques.extend(unique);
        self.foreign_keys.extend(foreign_key);
    }

    fn add_primary_key(&mut self, draft: Option<Draft<PrimaryKey>>, cx: &Reading<'_>) {
        let Some(draft) = draft else { return };
        let Some(first) = &self.primary_key else {
            self.primary_key = Some(draft);
            return;
        };
        let message = format!("`{}` has two primary keys", self.name);
        let columns: Vec<&str> =
            first.item.columns.iter().chain(&draft.item.columns).map(Name::as_str).collect();
        let help = format!("for one key of both write `primary-key {}`", columns.join(" "));
        let diagnostic = Diagnostic::error(&E112, message).at(draft.spot.head, "the second one");
        cx.report(diagnostic.at(first.spot.head, "the first one").help(help));
    }
}

/// In which order the columns of a table are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnOrder {
    /// By name: the order of declarations leaves no trace.
    Name,
    /// As they were declared: the order that a new table gets.
    Declared,
}

/// Writes a table as a node of any name; its first argument is the table's name, as a reference.
pub fn write_table(w: &mut Writer, word: &str, table: &Table, order: ColumnOrder) {
    write_in(w, word, table, Style { order, scope: Scope::Reference, marks: Marks::Always });
}

/// Writes what is said of a table as a whole, as a node of any name.
pub fn write_settings(w: &mut Writer, word: &str, settings: &TableSettings) {
    let TableSettings { only, comment, options } = settings;
    let mut line = key::start(w, only.as_ref(), word);
    line.prop_if("comment", comment.as_deref().map(Literal::quoted));
    line.children(|w| options::write(w, options));
}

/// How a table is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style<'s> {
    pub(super) order: ColumnOrder,
    pub(super) scope: Scope<'s>,
    pub(super) marks: Marks<'s>,
}

impl<'s> Style<'s> {
    /// That of the canonical text, in a namespace.
    pub(super) fn canonical(namespace: Option<&'s Name>) -> Self {
        Self { order: ColumnOrder::Name, scope: Scope::In(namespace), marks: Marks::Always }
    }
}

pub(super) fn write_in(w: &mut Writer, word: &str, table: &Table, style: Style<'_>) {
    let Style { order, scope, marks } = style;
    let Table { name, settings, columns, primary_key, uniques, foreign_keys, checks, indexes } = table;
    let TableSettings { only, comment, options } = settings;
    let short = Short::of(table);
    let mut line = key::start(w, only.as_ref(), word);
    line.arg(&*scope.text(name)).prop_if("comment", comment.as_deref().map(Literal::quoted));
    line.children(|w| {
        options::write(w, options);
        let columns = match order {
            ColumnOrder::Name => columns.sorted(),
            ColumnOrder::Declared => columns.iter().collect(),
        };
        for column in columns {
            column::write_with(w, column, short.behind(&column.name), marks);
        }
        if let Some(key) = primary_key.as_ref().filter(|_| short.primary_key.is_none()) {
            key::write_primary_key(w, name, key);
        }
        for unique in uniques.sorted().into_iter().filter(|unique| !short.holds_unique(unique)) {
            key::write_unique(w, name, unique);
        }
        for key in foreign_keys.sorted().into_iter().filter(|key| !short.holds_foreign_key(key)) {
            key::write_foreign_key(w, name, key);
        }
        for check in checks.sorted() {
            let derived = derive::check(name, &check.expression.common, &table.columns);
            key::write_check_named(w, check, key::unless_derived(&check.name, &derived));
        }
        for index in indexes.sorted() {
            index::write_index(w, name, index);
        }
    });
}

/// The constraints that are written behind a column: those of one column that say nothing which can't be said there.
pub(super) struct Short<'t> {
    primary_key: Option<&'t Name>,
    uniques: HashMap<&'t Name, &'t Unique>,
    foreign_keys: HashMap<&'t Name, &'t ForeignKey>,
}

impl<'t> Short<'t> {
    pub(super) fn of(table: &'t Table) -> Self {
        let Table { name, settings: _, columns, primary_key, uniques, foreign_keys, checks: _, indexes: _ } =
            table;
        let column = |names: &'t [Name]| match names {
            [name] => columns.get(name),
            _ => None,
        };
        let primary_key = primary_key.as_ref().and_then(|key| {
            let PrimaryKey { name: own, columns, options } = key;
            let plain = options.is_empty() && derive::primary_key(name).is(own);
            column(columns).filter(|_| plain).map(|column| &column.name)
        });
        let uniques = uniques.iter().filter_map(|unique| {
            let Unique { name: own, only, columns, nulls_not_distinct, deferrable, options } = unique;
            let column = column(columns).filter(|column| column.only == *only)?;
            let plain = !nulls_not_distinct && *deferrable == Deferrable::No && options.is_empty();
            (plain && derive::unique(name, columns).is(own)).then_some((&column.name, unique))
        });
        let foreign_keys = foreign_keys.iter().filter_map(|key| {
            let ForeignKey { name: own, only, columns, table: _, references, .. } = key;
            let column = column(columns).filter(|column| column.only == *only)?;
            let plain = references.len() == 1 && derive::foreign_key(name, columns).is(own);
            plain.then_some((&column.name, key))
        });
        Self { primary_key, uniques: uniques.collect(), foreign_keys: foreign_keys.collect() }
    }

    /// What is written behind a column.
    pub(super) fn behind(&self, column: &Name) -> Shorthands<'t> {
        Shorthands {
            primary_key: self.primary_key == Some(column),
            unique: self.uniques.contains_key(column),
            foreign_key: self.foreign_keys.get(column).copied(),
        }
    }

    pub(super) fn holds_unique(&self, unique: &Unique) -> bool {
        unique
            .columns
            .first()
            .and_then(|column| self.uniques.get(column))
            .is_some_and(|held| held.name == unique.name)
    }

    pub(super) fn holds_foreign_key(&self, key: &ForeignKey) -> bool {
        key.columns
            .first()
            .and_then(|column| self.foreign_keys.get(column))
            .is_some_and(|held| held.name == key.name)
    }
}
