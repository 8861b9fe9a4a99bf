//! One change of one table: how ALTER TABLE says it, and what the table is afterwards.

use super::super::definition::{self, Writer, foreign_key, primary_key};
use super::super::implied::Implied;
use super::super::options;
use super::super::quote::{ident, string};
use super::super::version::is_mariadb;
use crate::dialect::Version;
use crate::model::{
    Check, Column, ForeignKey, Index, IndexKey, KeyPart, Options, Order, PrimaryKey, Table, TableSettings,
    Unique,
};
use crate::name::Name;

/// A key with a name of its own: to the server a unique constraint is an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    Unique(Unique),
    Index(Index),
}

impl Key {
    /// The index that a foreign key brings along, as if it were declared.
    pub(super) fn of(implied: &Implied) -> Self {
        let Implied { name, columns } = implied;
        let keys = columns.iter().map(|column| IndexKey {
            on: KeyPart::Column(column.clone()),
            order: Order::Ascending,
            nulls: None,
            operator_class: None,
            collation: None,
            prefix: None,
        });
        Self::Index(Index {
            name: name.clone(),
            only: None,
            keys: keys.collect(),
            unique: false,
            nulls_not_distinct: false,
            predicate: None,
            include: Vec::new(),
            method: None,
            comment: None,
            options: Options::new(),
        })
    }

    pub(super) fn name(&self) -> &Name {
        match self {
            Self::Unique(unique) => &unique.name,
            Self::Index(index) => &index.name,
        }
    }

    fn sql(&self, writer: &Writer<'_>) -> String {
        match self {
            Self::Unique(unique) => definition::unique(unique),
            Self::Index(index) => writer.index(index),
        }
    }

    pub(super) fn add_to(&self, table: &mut Table) {
        match self {
            Self::Unique(unique) => drop(table.uniques.replace(unique.clone())),
            Self::Index(index) => drop(table.indexes.replace(index.clone())),
        }
    }
}

/// A change of a table.
#[derive(Debug, Clone)]
pub(super) enum Change {
    /// An index comes that a foreign key needs from now on.
    AddImplied(Implied),
    /// An index goes that no foreign key needs any more.
    DropImplied(Name),
    /// A foreign key goes, with the index that came with it.
    DropForeignKey {
        name: Name,
        with_index: bool,
    },
    AddForeignKey {
        key: ForeignKey,
        index: Option<Implied>,
    },
    DropCheck(Check),
    ReplaceCheck(Check),
    AddCheck(Check),
    DropPrimaryKey,
    ReplacePrimaryKey(PrimaryKey),
    AddPrimaryKey(PrimaryKey),
    DropKey(Name),
    ReplaceKey(Key),
    AddKey(Key),
    /// An index is used by queries from now on, or no more. Dropped and added, it would stay as it is.
    ShowKey(Index),
    RenameKey {
        from: Name,
        to: Name,
    },
    DropColumn(Name),
    AddColumn(Column),
    /// A column gets another definition; `from` is the one that it had.
    SetColumn {
        from: Box<Column>,
        to: Box<Column>,
    },
    /// A column is dropped, and comes with another definition.
    ReplaceColumn(Column),
    /// The settings change, and with them the columns that take over the table's character set.
    Settings {
        to: Box<TableSettings>,
        options: options::Changes,
        columns: Vec<Column>,
    },
    Comment(Option<Box<str>>),
    /// The next number that an identity column gives.
    Start(i64),
    /// Changes that the server takes only in one go.
    Together(Vec<Change>),
}

impl Change {
    /// The clauses of ALTER TABLE, after which the table is as given.
    pub(super) fn clauses(&self, writer: &Writer<'_>, table: &Table) -> Vec<String> {
        let one = |clause: String| vec![clause];
        match self {
            Self::AddImplied(implied) => one(add_implied(implied)),
            Self::DropImplied(name) | Self::DropKey(name) => one(drop_key(name)),
            Self::DropForeignKey { name, with_index } => {
                let mut clauses = one(format!("DROP FOREIGN KEY {}", ident(name)));
                clauses.extend(with_index.then(|| drop_key(name)));
                clauses
            }
            Self::AddForeignKey { key, index } => {
                let mut clauses: Vec<String> = index.iter().map(add_implied).collect();
                clauses.push(format!("ADD {}", foreign_key(key)));
                clauses
            }
            Self::DropCheck(check) | Self::ReplaceCheck(check) | Self::AddCheck(check)
                if let Some(column) = writer.column_of(table, check) =>
            {
                one(modify(writer, table, column))
            }
            Self::DropCheck(check) => one(drop_check(&check.name, writer.version)),
            Self::ReplaceCheck(check) => vec![drop_check(&check.name, writer.version), add_check(check)],
            Self::AddCheck(check) => one(add_check(check)),
            Self::DropPrimaryKey => one("DROP PRIMARY KEY".to_owned()),
            Self::ReplacePrimaryKey(key) => {
                vec!["DROP PRIMARY KEY".to_owned(), format!("ADD {}", primary_key(key))]
            }
            Self::AddPrimaryKey(key) => one(format!("ADD {}", primary_key(key))),
            Self::ReplaceKey(key) => vec![drop_key(key.name()), format!("ADD {}", key.sql(writer))],
            Self::AddKey(key) => one(format!("ADD {}", key.sql(writer))),
            Self::ShowKey(index) => {
                let hidden = options::switch(&index.options, options::INVISIBLE, false);
                let word = match (is_mariadb(writer.version), hidden) {
                    (true, true) => "IGNORED",
                    (true, false) => "NOT IGNORED",
                    (false, true) => "INVISIBLE",
                    (false, false) => "VISIBLE",
                };
                one(format!("ALTER INDEX {} {word}", ident(&index.name)))
            }
            Self::RenameKey { from, to } => one(format!("RENAME INDEX {} TO {}", ident(from), ident(to))),
            Self::DropColumn(name) => one(format!("DROP COLUMN {}", ident(name))),
            Self::AddColumn(column) => one(format!("ADD COLUMN {}", writer.column(table, column))),
            Self::SetColumn { from, to } => one(modify(writer, table, to) + &place(writer, table, from, to)),
            Self::ReplaceColumn(column) => {
                vec![
                    format!("DROP COLUMN {}", ident(&column.name)),
                    format!("ADD COLUMN {}", writer.column(table, column)),
                ]
            }
            Self::Settings { to: _, options, columns } => {
                let columns = columns.iter().map(|column| modify(writer, table, column));
                columns.chain(options.clauses.iter().cloned()).collect()
            }
            Self::Comment(comment) => {
                one(format!("COMMENT={}", string(comment.as_deref().unwrap_or_default())))
            }
            Self::Start(start) => one(format!("AUTO_INCREMENT={start}")),
            Self::Together(changes) => {
                changes.iter().flat_map(|change| change.clauses(writer, table)).collect()
            }
        }
    }

    /// Whether a column with values numbers its rows from now on.
    pub(super) fn numbers_rows(&self) -> bool {
        match self {
            Self::SetColumn { from, to } => from.identity.is_none() && to.identity.is_some(),
            Self::Together(changes) => changes.iter().any(Self::numbers_rows),
            _ => false,
        }
    }

    /// Whether it gives the table the character set of its database.
    pub(super) fn inherits_charset(&self) -> bool {
        matches!(self, Self::Settings { options, .. } if options.inherits)
    }

    /// The columns that are added, changed or dropped.
    pub(super) fn columns(&self) -> Vec<&Name> {
        match self {
            Self::DropColumn(name) => vec![name],
            Self::AddColumn(column) | Self::ReplaceColumn(column) => vec![&column.name],
            Self::SetColumn { from: _, to } => vec![&to.name],
            // It can be a part of the column of its name.
            Self::DropCheck(check) | Self::ReplaceCheck(check) | Self::AddCheck(check) => vec![&check.name],
            Self::Together(changes) => changes.iter().flat_map(Self::columns).collect(),
            _ => Vec::new(),
        }
    }

    /// The columns that go, be it for a moment.
    pub(super) fn gone(&self) -> Vec<&Name> {
        match self {
            Self::DropColumn(name) => vec![name],
            Self::ReplaceColumn(column) => vec![&column.name],
            Self::Together(changes) => changes.iter().flat_map(Self::gone).collect(),
            _ => Vec::new(),
        }
    }

    /// Takes other changes into the same statement.
    pub(super) fn join(&mut self, more: impl IntoIterator<Item = Self>) {
        let mut changes = match std::mem::replace(self, Self::Together(Vec::new())) {
            Self::Together(changes) => changes,
            one => vec![one],
        };
        changes.extend(more);
        *self = Self::Together(changes);
    }

    /// Changes the table likewise.
    pub(super) fn apply(&self, table: &mut Table) {
        match self {
            Self::AddImplied(_) | Self::DropImplied(_) | Self::Start(_) => {}
            Self::DropForeignKey { name, with_index: _ } => drop(table.foreign_keys.remove(name)),
            Self::AddForeignKey { key, index: _ } => drop(table.foreign_keys.replace(key.clone())),
            Self::DropCheck(check) => drop(table.checks.remove(&check.name)),
            Self::ReplaceCheck(check) | Self::AddCheck(check) => drop(table.checks.replace(check.clone())),
            Self::DropPrimaryKey => table.primary_key = None,
            Self::ReplacePrimaryKey(key) | Self::AddPrimaryKey(key) => table.primary_key = Some(key.clone()),
            Self::DropKey(name) => {
                table.uniques.remove(name);
                table.indexes.remove(name);
            }
            Self::ReplaceKey(key) => {
                table.uniques.remove(key.name());
                table.indexes.remove(key.name());
                key.add_to(table);
            }
            Self::AddKey(key) => key.add_to(table),
            Self::ShowKey(index) => drop(table.indexes.replace(index.clone())),
            Self::RenameKey { from, to } => {
                table.uniques.rename(from, to.clone());
                table.indexes.rename(from, to.clone());
            }
            Self::DropColumn(name) => drop(table.columns.remove(name)),
            Self::AddColumn(column) | Self::ReplaceColumn(column) => {
                table.columns.replace(column.clone());
            }
            Self::SetColumn { from: _, to } => drop(table.columns.replace((**to).clone())),
            Self::Settings { to, options: _, columns: _ } => {
                let comment = table.settings.comment.take();
                table.settings = TableSettings { comment, ..(**to).clone() };
            }
            Self::Comment(comment) => table.settings.comment.clone_from(comment),
            Self::Together(changes) => changes.iter().for_each(|change| change.apply(table)),
        }
    }
}

fn modify(writer: &Writer<'_>, table: &Table, column: &Column) -> String {
    format!("MODIFY COLUMN {}", writer.column(table, column))
}

/// Where the server wants a column to be from now on, if it matters.
fn place(writer: &Writer<'_>, table: &Table, from: &Column, to: &Column) -> String {
    let source = if from.generated == to.generated { None } else { writer.last_source(table, to) };
    source.map(|source| format!(" AFTER {}", ident(source))).unwrap_or_default()
}

fn add_implied(implied: &Implied) -> String {
    format!("ADD {}", definition::implied_index(implied))
}

fn drop_key(name: &Name) -> String {
    format!("DROP KEY {}", ident(name))
}

fn drop_check(name: &Name, version: Version) -> String {
    // Only MySQL has `DROP CHECK`, and needs it where a key has the same name.
    let word = if is_mariadb(version) { "CONSTRAINT" } else { "CHECK" };
    format!("DROP {word} {}", ident(name))
}

fn add_check(check: &Check) -> String {
    format!("ADD {}", definition::check(check))
}

/// Whether a column takes its character set from its table.
pub(super) fn inherits_charset(column: &Column) -> bool {
    column.collation.common.is_none() && options::get(&column.options, options::CHARSET).is_none()
}
