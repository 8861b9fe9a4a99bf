//! What operations become on a dialect: actions, most of them one SQL statement.

use std::time::Duration;

use crate::change::{Edit, Op, TableEdit};
use crate::model::{Collection, Named, State, Table};
use crate::name::ObjectName;

/// One thing to do on a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Run a statement.
    Statement(Statement),
    /// Make a table anew and move its rows.
    Rebuild(Box<Rebuild>),
}

/// One SQL statement with what a runner must know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The SQL, without a final semicolon.
    pub sql: String,
    /// The operations of the batch that it serves, by index.
    pub ops: Vec<usize>,
    /// What it costs others.
    pub class: Class,
    /// The operations for which it reads or writes rows that are there already, and what that costs others.
    pub hazards: Vec<(usize, Hazard)>,
    /// What is asked around it, and can keep it from running.
    pub guards: Vec<Guard>,
    /// What is carried from an object that goes to the one that comes back in its place.
    pub carry: Option<Carry>,
    /// Whether it can share a transaction.
    pub transaction: Transaction,
    /// What it does to the schema, where the catalog has to tell what became of it when it was cut off.
    pub effect: Option<Box<Effect>>,
}

/// What one statement does to the schema: the database either did all of it, or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The objects that it touches, as they are before it; those that they refer to are left out, but for enums.
    pub before: State,
    /// The same objects as they are after it.
    pub after: State,
}

impl Effect {
    /// Whether it is another matter after it than before what an operation within a table is about; of other operations
    /// nothing more is known than that they are served.
    #[must_use]
    pub fn concerns(&self, op: &Op) -> bool {
        match op {
            Op::Column { table, edit } => self.differs(table, edit, |table| &table.columns),
            Op::Unique { table, edit } => self.differs(table, edit, |table| &table.uniques),
            Op::ForeignKey { table, edit } => self.differs(table, edit, |table| &table.foreign_keys),
            Op::Check { table, edit } => self.differs(table, edit, |table| &table.checks),
            Op::Index { table, edit } => self.differs(table, edit, |table| &table.indexes),
            Op::PrimaryKey { table, edit: _ } => {
                self.both(table).is_none_or(|[before, after]| before.primary_key != after.primary_key)
            }
            Op::Table(TableEdit::Alter { table, .. }) => {
                self.both(table).is_none_or(|[before, after]| before.settings != after.settings)
            }
            Op::Table(TableEdit::Create(_) | TableEdit::Drop(_) | TableEdit::Rename { .. })
            | Op::Namespace(_)
            | Op::Enum(_)
            | Op::EnumValue { .. }
            | Op::View(_)
            | Op::Object(_)
            | Op::Row { .. } => true,
        }
    }

    /// The table that gets another name by it: its names before and after.
    #[must_use]
    pub fn renamed_table(&self) -> Option<(&ObjectName, &ObjectName)> {
        let mut gone = self.before.tables.keys().filter(|name| !self.after.tables.contains(*name));
        let mut come = self.after.tables.keys().filter(|name| !self.before.tables.contains(*name));
        match (gone.next(), come.next(), gone.next(), come.next()) {
            (Some(from), Some(to), None, None) => Some((from, to)),
            _ => None,
        }
    }

    /// Whether it takes a part of a table away.
    #[must_use]
    pub fn takes_away(&self) -> bool {
        self.before.tables.iter().any(|before| {
            let Some(after) = self.after.tables.get(&before.name) else { return false };
            lacks(&after.uniques, &before.uniques)
                || lacks(&after.foreign_keys, &before.foreign_keys)
                || lacks(&after.checks, &before.checks)
                || lacks(&after.indexes, &before.indexes)
        })
    }

    /// Whether it takes away what an operation changes, which then makes it again.
    #[must_use]
    pub fn is_half_of(&self, op: &Op) -> bool {
        match op {
            Op::Unique { table, edit } => self.takes(table, edit, |table| &table.uniques),
            Op::ForeignKey { table, edit } => self.takes(table, edit, |table| &table.foreign_keys),
            Op::Check { table, edit } => self.takes(table, edit, |table| &table.checks),
            Op::Index { table, edit } => self.takes(table, edit, |table| &table.indexes),
            Op::Column { .. }
            | Op::PrimaryKey { .. }
            | Op::Table(_)
            | Op::Namespace(_)
            | Op::Enum(_)
            | Op::EnumValue { .. }
            | Op::View(_)
            | Op::Object(_)
            | Op::Row { .. } => false,
        }
    }

    fn takes<T: Named + PartialEq>(
        &self,
        table: &ObjectName,
        edit: &Edit<T>,
        of: impl Fn(&Table) -> &Collection<T>,
    ) -> bool {
        let (Some([before, after]), Edit::Alter { from, .. }) = (self.both(table), edit) else {
            return false;
        };
        of(before).contains(from.key()) && !of(after).contains(from.key())
    }

    /// A table before and after, if it is there both times.
    fn both(&self, name: &ObjectName) -> Option<[&Table; 2]> {
        Some([self.before.tables.get(name)?, self.after.tables.get(name)?])
    }

    fn differs<T: Named + PartialEq>(
        &self,
        table: &ObjectName,
        edit: &Edit<T>,
        of: impl Fn(&Table) -> &Collection<T>,
    ) -> bool {
        let Some([before, after]) = self.both(table) else { return true };
        let differs = |key: &T::Key| of(before).get(key) != of(after).get(key);
        match edit {
            // One that goes may come again under its name, by another operation.
            Edit::Create(_) => of(after).contains(edit.key()) && differs(edit.key()),
            Edit::Drop(_) => of(before).contains(edit.key()) && differs(edit.key()),
            Edit::Alter { .. } => differs(edit.key()),
            Edit::Rename { from, to } => differs(from) || differs(to),
        }
    }
}

fn lacks<T: Named>(after: &Collection<T>, before: &Collection<T>) -> bool {
    before.keys().any(|key| !after.contains(key))
}

/// What is asked around a statement, and can keep it from running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guard {
    /// A query to ask before: its rows name what would be dropped along although no revision created it. Only without
    /// any does the statement run.
    Along(String),
    /// The statement deletes reference rows as revisions wrote them, and no others.
    Rows(Box<Written>),
    /// What rows can contradict: the statement runs only if none does.
    Fits(Vec<Misfit>),
}

/// What rows can contradict, so that the database refuses a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// What is wrong with them, as a sentence.
    pub what: String,
    /// The query that finds them. Where it can't run before the statement, the database is left to tell.
    pub query: String,
    /// What they contradict.
    pub rule: Rule,
    /// The table.
    pub table: String,
    /// The name of the rule, if it has one.
    pub constraint: Option<String>,
    /// The columns that it is about, where it has no name.
    pub columns: Vec<String>,
}

/// A kind of rule that rows can contradict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// No two rows are the same in some columns.
    Unique,
    /// A column is never NULL.
    NotNull,
    /// What is referred to is there.
    ForeignKey,
    /// A condition holds.
    Check,
    /// A value fits its column's type.
    Type,
}

/// Reference rows that are deleted if they are still as revisions wrote them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The rows, by the names under which a loss is agreed to.
    pub names: Vec<String>,
    /// The columns that are compared.
    pub columns: Vec<String>,
    /// A query to ask before, if rows of other tables go or change along with these by themselves: of each row its place
    /// in `names`, the other table, how many rows of it, and what the database does with them.
    pub along: Option<String>,
    /// A query for foreign keys to the table that the schema doesn't have: each of its rows is a query like that.
    pub unknown: Option<String>,
    /// A query to ask behind: of each row that is left its place in `names`, and for each column what it holds and what
    /// was written; both are the same in the columns that nobody changed.
    pub left: String,
    /// Deletes them as they are.
    pub regardless: String,
}

/// A part of what somebody gave to an object by hand, carried over its drop: grants, an owner, comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carry {
    /// Before the statement, which drops the object.
    Save {
        /// The number under which it is kept.
        slot: usize,
        /// The query: its rows are statements with [`PLACE`](Carry::PLACE) for the object's name, each with the column
        /// that it is about, if it is about one.
        query: String,
    },
    /// After the statement, which creates the object.
    Restore {
        /// The number under which it is kept.
        slot: usize,
        /// The object's name in SQL.
        name: String,
        /// The query for the columns that the object has now; what is about others is dropped.
        columns: String,
    },
}

impl Carry {
    /// Stands in statements for the name of the object.
    pub const PLACE: &str = "{schemactl-object}";
}

/// That others wait for a statement, for the longer the more rows there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hazard {
    /// What is done with the rows.
    pub pass: Pass,
    /// Who waits.
    pub lock: Lock,
}

/// What is done with all rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pass {
    /// They are read.
    Read,
    /// They are written anew.
    Write,
}

/// Who has to wait for a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lock {
    /// Who writes to the table.
    Writers,
    /// Who reads the table, or writes to it.
    Everybody,
}

/// What a statement costs others, which settles its timeouts and retries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Changes the catalog alone: a short, strong lock.
    Metadata,
    /// Reads the table to check it.
    Validate,
    /// Builds beside the running application; must run outside of a transaction.
    Concurrent,
    /// Changes rows.
    Batch,
    /// Writes the table anew under a strong lock.
    Rewrite,
}

impl Class {
    /// How long a statement waits for locks of others, at this try of its transaction (from 0); `None` means as long
    /// as it takes. Whoever uses the table meanwhile queues behind a strong lock that is waited for, so those waits
    /// begin short. A build beside the application waits for all of its transactions, and one that is broken off
    /// leaves an invalid index.
    #[must_use]
    pub fn lock_wait(self, attempt: u32) -> Option<Duration> {
        const SHORT: [u64; 5] = [100, 200, 500, 1000, 2000];
        const LONG: u64 = 5000;
        let milliseconds = match self {
            Self::Metadata => {
                let attempt = usize::try_from(attempt).unwrap_or(usize::MAX);
                SHORT.get(attempt).copied().unwrap_or(LONG)
            }
            Self::Validate | Self::Rewrite => LONG,
            Self::Batch => 2000,
            Self::Concurrent => return None,
        };
        Some(Duration::from_millis(milliseconds))
    }
}

/// Whether a statement can share a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transaction {
    /// It runs in the revision's transaction.
    Inside,
    /// It runs in the revision's transaction, which must not enforce foreign keys where they can be switched off.
    Unguarded,
    /// It runs in the revision's transaction, and what follows needs its commit first.
    CommitAfter,
    /// It runs alone, outside of any transaction.
    Outside,
}

/// How to find out what became of a statement that ran outside of a transaction and was cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// It needs not be known: running the statement again does no harm.
    Repeat,
    /// The catalog tells.
    Ask {
        /// A query with one value: `done`, `open` (nothing of it is there) or `broken` (half of it is).
        query: String,
        /// The statement that removes the half, so that the whole can run again.
        repair: String,
    },
    /// Nothing tells.
    Unknown,
}

/// A table made anew under its name: for a change that the database has no ALTER for. Foreign keys must not be
/// enforced meanwhile, or dropping the old table would delete the rows that refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuild {
    /// The table, unquoted.
    pub table: String,
    /// The name that the new table has until it takes the old one's place, unquoted.
    pub scratch: String,
    /// The columns that the old table has, unquoted; if it has others, they must not get lost.
    pub columns: Vec<String>,
    /// Creates the old table, as revisions made it; if it has other constraints, they must not get lost.
    pub live: String,
    /// Creates the new table under its scratch name.
    pub create: String,
    /// Copies the rows.
    pub copy: String,
    /// The columns that are copied, with what becomes of their values.
    pub copied: Vec<Copied>,
    /// Hands the numbers that the old table gave out on to the new one, if it numbers its rows.
    pub sequence: Vec<String>,
    /// Puts the new table in the place of the old one: drops that, prepares the rename, renames, ends what was
    /// prepared. The last must run even if the rename fails.
    pub replacement: [String; 4],
    /// What is created on the new table afterwards: its indexes.
    pub finish: Vec<String>,
    /// Indexes of the old table that the state knows, unquoted; others are read from the live table and kept.
    pub known: Vec<String>,
    /// Creates the triggers of the table that the state knows: for scripts, because a run reads all triggers from
    /// the live table and keeps them.
    pub triggers: Vec<String>,
    /// The operations of the batch that it serves, by index.
    pub ops: Vec<usize>,
}

impl Rebuild {
    /// The statements in order, for a script; they run in one transaction.
    #[must_use]
    pub fn statements(&self) -> Vec<String> {
        let mut statements = vec![self.create.clone(), self.copy.clone()];
        statements.extend(self.sequence.iter().cloned());
        statements.extend(self.replacement.iter().cloned());
        statements.extend(self.finish.iter().cloned());
        statements.extend(self.triggers.iter().cloned());
        statements
    }
}

/// A column that a rebuild copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The column, unquoted; it has the same name in the old and in the new table.
    pub column: String,
    /// The storage classes that its values may have afterwards, NULL apart; `None`: each the one that it had.
    pub classes: Option<&'static [&'static str]>,
}
