//! Collects statements and folds adjacent changes of one table into one ALTER TABLE.

use std::collections::BTreeSet;

use crate::dialect::{Action, Carry, Class, Guard, Hazard, Lock, Pass as RowPass, Statement, Transaction};
use crate::name::ObjectName;

use super::super::quote::object;
use super::guard;

/// When a clause of ALTER TABLE takes effect: PostgreSQL goes through them in passes, whatever their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pass {
    /// Constraints go first, so that nothing holds on to what goes next.
    DropConstraint,
    /// Columns, defaults, NOT NULL, identities go.
    Drop,
    /// Types change.
    Type,
    /// Columns come.
    AddColumn,
    /// NOT NULL comes, identities change.
    Attribute,
    /// Constraints, defaults and identities come.
    Add,
    /// Options of the table change.
    Option,
}

/// One clause of ALTER TABLE.
pub(super) struct Clause {
    pub(super) pass: Pass,
    /// The column or constraint that it is about; empty for the table itself.
    pub(super) subject: String,
    pub(super) sql: String,
    pub(super) class: Class,
    pub(super) lock: Lock,
}

/// An ALTER TABLE that may still get clauses.
struct Open {
    table: ObjectName,
    clauses: Vec<Clause>,
    ops: BTreeSet<usize>,
    hazards: Vec<(usize, Hazard)>,
    /// The columns that go.
    gone: Vec<String>,
    /// What revisions created on the table, by name.
    known: BTreeSet<String>,
    /// Comments that come behind it, each with the column that it is about; empty for anything else.
    comments: Vec<(String, Statement)>,
}

/// The statements so far.
#[derive(Default)]
pub(super) struct Output {
    statements: Vec<Statement>,
    open: Option<Open>,
    /// The operations that the next statements serve.
    pub(super) serving: BTreeSet<usize>,
}

impl Output {
    /// Adds a clause to the open ALTER TABLE, or begins one.
    pub(super) fn alter(&mut self, table: &ObjectName, clause: Clause) {
        let joins = self.open.as_ref().is_some_and(|open| open.table == *table && open.takes(&clause));
        if !joins {
            self.close();
        }
        let open = self.open.get_or_insert_with(|| Open {
            table: table.clone(),
            clauses: Vec::new(),
            ops: BTreeSet::new(),
            hazards: Vec::new(),
            gone: Vec::new(),
            known: BTreeSet::new(),
            comments: Vec::new(),
        });
        open.hazards.extend(hazards(clause.class, clause.lock, &self.serving));
        open.clauses.push(clause);
        open.ops.extend(&self.serving);
    }

    /// Adds a comment, behind the open ALTER TABLE, which stays open.
    pub(super) fn comment(&mut self, column: &str, sql: String) {
        let statement = self.statement(sql, Class::Metadata, Transaction::Inside);
        match &mut self.open {
            Some(open) => open.comments.push((column.to_owned(), statement)),
            None => self.statements.push(statement),
        }
    }

    /// Drops a view or an index, before the open ALTER TABLE where it needs nothing of it, which stays open.
    pub(super) fn drop_first(&mut self, sql: String) {
        // A unique index goes only after the foreign keys that rest on it.
        let waits = |open: &Open| open.clauses.iter().any(|clause| clause.pass == Pass::DropConstraint);
        if self.open.as_ref().is_some_and(waits) {
            self.close();
        }
        let statement = self.statement(sql, Class::Metadata, Transaction::Inside);
        self.statements.push(statement);
    }

    /// Lets the statement that was added last carry something.
    pub(super) fn carry(&mut self, carry: Carry) {
        if let Some(last) = self.statements.last_mut() {
            last.carry = Some(carry);
        }
    }

    /// Guards the statement that was added last.
    pub(super) fn guard(&mut self, guard: Guard) {
        if let Some(last) = self.statements.last_mut() {
            last.guards.push(guard);
        }
    }

    /// Saves nothing under a number after all.
    pub(super) fn save_nothing(&mut self, unused: usize) {
        for statement in &mut self.statements {
            if matches!(statement.carry, Some(Carry::Save { slot, .. }) if slot == unused) {
                statement.carry = None;
            }
        }
    }

    /// Whether the open ALTER TABLE adds columns.
    pub(super) fn adds_columns(&self) -> bool {
        let adds = |open: &Open| open.clauses.iter().any(|clause| clause.pass == Pass::AddColumn);
        self.open.as_ref().is_some_and(adds)
    }

    /// Says of the clause that was added last that it drops a column, and what on the table may go with it.
    pub(super) fn drops(&mut self, column: &str, known: BTreeSet<String>) {
        if let Some(open) = &mut self.open {
            open.gone.push(column.to_owned());
            open.known.extend(known);
        }
    }

    /// The table whose ALTER TABLE is open.
    pub(super) fn open_table(&self) -> Option<&ObjectName> {
        self.open.as_ref().map(|open| &open.table)
    }

    /// Adds a statement of its own.
    pub(super) fn push(&mut self, sql: impl Into<String>, class: Class) {
        self.push_in(sql, class, Transaction::Inside);
    }

    /// Adds a statement of its own with a place outside or at the end of the transaction.
    pub(super) fn push_in(&mut self, sql: impl Into<String>, class: Class, transaction: Transaction) {
        self.close();
        let statement = self.statement(sql.into(), class, transaction);
        self.statements.push(statement);
    }

    fn statement(&self, sql: String, class: Class, transaction: Transaction) -> Statement {
        let ops: Vec<usize> = self.serving.iter().copied().collect();
        // Building an index is the one slow thing that is not ALTER TABLE, and lets others read.
        let hazards = hazards(class, Lock::Writers, &self.serving).collect();
        Statement { sql, ops, class, hazards, guards: Vec::new(), carry: None, transaction, effect: None }
    }

    /// Ends the open ALTER TABLE.
    pub(super) fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let Open { table, mut clauses, ops, hazards, gone, mut known, comments } = open;
        // What the statement itself drops is still there when the question is asked.
        let dropped = clauses.iter().filter(|clause| clause.pass == Pass::DropConstraint);
        known.extend(dropped.map(|clause| clause.subject.clone()));
        let along = (!gone.is_empty()).then(|| Guard::Along(guard::columns(&table, &gone, &known)));
        clauses.sort_by_key(|clause| clause.pass);
        let class = clauses.iter().map(|clause| clause.class).max().unwrap_or(Class::Metadata);
        let clauses: Vec<&str> = clauses.iter().map(|clause| clause.sql.as_str()).collect();
        let sql = match clauses.as_slice() {
            [clause] => format!("ALTER TABLE {} {clause}", object(&table)),
            clauses => format!("ALTER TABLE {}\n    {}", object(&table), clauses.join(",\n    ")),
        };
        let (ops, transaction) = (ops.into_iter().collect(), Transaction::Inside);
        self.statements.push(Statement {
            sql,
            ops,
            class,
            hazards,
            guards: along.into_iter().collect(),
            carry: None,
            transaction,
            effect: None,
        });
        self.statements.extend(comments.into_iter().map(|(_, comment)| comment));
    }

    /// The statements as actions.
    pub(super) fn finish(mut self) -> Vec<Action> {
        self.close();
        self.statements.into_iter().map(Action::Statement).collect()
    }
}

/// That others wait for operations, if they do for the longer the more rows there are.
fn hazards(class: Class, lock: Lock, ops: &BTreeSet<usize>) -> impl Iterator<Item = (usize, Hazard)> {
    let pass = match class {
        Class::Validate => Some(RowPass::Read),
        Class::Rewrite => Some(RowPass::Write),
        Class::Metadata | Class::Concurrent | Class::Batch => None,
    };
    pass.into_iter().flat_map(move |pass| ops.iter().map(move |op| (*op, Hazard { pass, lock })))
}

impl Open {
    /// Whether the clause does the same in this statement as in one after it: none of the same subject takes
    /// effect in a later pass, none adds the column that this one is about, and no column that goes is commented on.
    fn takes(&self, clause: &Clause) -> bool {
        let commented = self.comments.iter().any(|(column, _)| *column == clause.subject);
        if commented && clause.pass <= Pass::Drop {
            return false;
        }
        self.clauses.iter().all(|earlier| {
            earlier.subject != clause.subject
                || (earlier.pass <= clause.pass && earlier.pass != Pass::AddColumn)
        })
    }
}
