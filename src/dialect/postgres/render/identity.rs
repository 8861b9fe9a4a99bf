//! Columns that number rows. The sequence of an identity goes with its column; that of a `serial` column is an object
//! of its own that follows what happens to the column.

use crate::dialect::Class;
use crate::model::{Column, Identity, IdentityMode};
use crate::name::{Name, ObjectName};

use super::super::quote::{ident, object};
use super::super::{definition, sequence};
use super::Renderer;
use super::output::Pass;

impl Renderer<'_> {
    /// Changes how a column is numbered that is numbered afterwards; its type has changed already.
    pub(super) fn alter_identity(&mut self, table: &ObjectName, from: &Column, to: &Column) {
        let (name, column) = (&to.name, ident(&to.name));
        match (&from.identity, &to.identity) {
            (_, None) => {}
            (None, Some(identity)) => self.add_identity(table, to, identity),
            (Some(before), Some(after)) if before == after => {
                if sequence::is_serial(to) && from.ty != to.ty {
                    self.out.push(sequence::retype_serial(table, to), Class::Metadata);
                }
            }
            (Some(Identity { mode: IdentityMode::Serial, .. }), Some(after)) => {
                self.serial_to_identity(table, name, after);
            }
            // The other direction has other bounds, which the sequence's position need not lie in.
            (Some(before), Some(after))
                if sequence::is_serial(to) || sequence::descends(before) != sequence::descends(after) =>
            {
                self.drop_identity(table, from);
                self.add_identity(table, to, after);
            }
            (Some(before), Some(after)) => {
                let mut changes = String::new();
                let mode = definition::identity_mode(after.mode).filter(|_| before.mode != after.mode);
                changes.extend(mode.map(|mode| format!(" SET GENERATED {mode}")));
                if before.increment != after.increment {
                    changes += &format!(" SET INCREMENT BY {}", sequence::increment(after));
                }
                if sequence::start(before) != sequence::start(after) {
                    changes += &format!(" SET START WITH {}", sequence::start(after));
                }
                let sql = format!("ALTER COLUMN {column}{changes}");
                self.clause(table, Pass::Attribute, name, sql, Class::Metadata);
            }
        }
    }

    fn add_identity(&mut self, table: &ObjectName, column: &Column, identity: &Identity) {
        let name = ident(&column.name);
        let clause = match definition::identity(identity) {
            Some(words) => format!("ALTER COLUMN {name} ADD {words}"),
            None => {
                self.out.push(sequence::create_serial(table, column), Class::Metadata);
                format!("ALTER COLUMN {name} SET DEFAULT {}", sequence::next_of_serial(table, &column.name))
            }
        };
        self.clause(table, Pass::Add, &column.name, clause, Class::Metadata);
        self.out.push(sequence::advance(table, &column.name, identity), Class::Metadata);
    }

    /// Takes the numbering from a column.
    pub(super) fn drop_identity(&mut self, table: &ObjectName, column: &Column) {
        let what = if sequence::is_serial(column) { "DEFAULT" } else { "IDENTITY" };
        let sql = format!("ALTER COLUMN {} DROP {what}", ident(&column.name));
        self.clause(table, Pass::Drop, &column.name, sql, Class::Metadata);
        if sequence::is_serial(column) {
            let sequence = sequence::of_serial(table, &column.name);
            self.out.push(format!("DROP SEQUENCE {}", object(&sequence)), Class::Metadata);
        }
    }

    /// Lets an identity go on where the sequence stands.
    fn serial_to_identity(&mut self, table: &ObjectName, column: &Name, identity: &Identity) {
        let own = sequence::of_serial(table, column);
        let aside = own.sibling(Name::derived(&[own.name.as_str(), "schemactl", "old"]));
        let clause = format!("ALTER COLUMN {} DROP DEFAULT", ident(column));
        self.clause(table, Pass::Drop, column, clause, Class::Metadata);
        // The identity's own sequence gets the name, and is the only one that the column has.
        self.out.push(format!("ALTER SEQUENCE {} OWNED BY NONE", object(&own)), Class::Metadata);
        self.rename_sequence(&own, &aside);
        let words = definition::identity(identity).unwrap_or_default();
        let clause = format!("ALTER COLUMN {} ADD {words}", ident(column));
        self.clause(table, Pass::Add, column, clause, Class::Metadata);
        // Another step or start has numbers of its own.
        if (sequence::increment(identity), sequence::start(identity)) == (1, 1) {
            self.out.push(sequence::take_over(table, column, &aside), Class::Metadata);
        }
        self.out.push(sequence::advance(table, column, identity), Class::Metadata);
        self.out.push(format!("DROP SEQUENCE {}", object(&aside)), Class::Metadata);
    }

    /// Lets the sequence follow a rename of its column.
    pub(super) fn rename_serial(&mut self, table: &ObjectName, from: &Name, to: &Name) {
        let known = self.live.tables.get(table).and_then(|table| table.columns.get(from));
        if known.is_some_and(sequence::is_serial) {
            self.rename_sequence(&sequence::of_serial(table, from), &sequence::of_serial(table, to));
        }
    }

    /// Lets the sequences of a table follow its rename, in the namespace in which it is then.
    pub(super) fn rename_serials(&mut self, from: &ObjectName, to: &ObjectName) {
        let columns = self.live.tables.get(from).into_iter().flat_map(|table| &table.columns);
        let columns: Vec<Name> =
            columns.filter(|column| sequence::is_serial(column)).map(|column| column.name.clone()).collect();
        let before = to.sibling(from.name.clone());
        for column in columns {
            self.rename_sequence(&sequence::of_serial(&before, &column), &sequence::of_serial(to, &column));
        }
    }

    fn rename_sequence(&mut self, from: &ObjectName, to: &ObjectName) {
        if from != to {
            let sql = format!("ALTER SEQUENCE {} RENAME TO {}", object(from), ident(&to.name));
            self.out.push(sql, Class::Metadata);
        }
    }
}
