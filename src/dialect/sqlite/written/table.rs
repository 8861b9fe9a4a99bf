//! CREATE TABLE.

use super::cursor::Cursor;
use super::{column, rule};
use crate::dialect::sqlite::definition::{ColumnDef, Constraint, Definition, Rule};
use crate::dialect::sqlite::normal::significant;

/// The table; `None` if the text is no list of columns, as for a virtual table.
pub(in crate::dialect::sqlite) fn table(sql: &str) -> Option<Definition> {
    let tokens = significant(sql);
    if tokens.iter().any(|token| !token.closed) {
        return None;
    }
    let mut cursor = Cursor::new(sql, &tokens);
    let mut table = Reader::new(head(&mut cursor, "TABLE")?);
    let body = cursor.group()?;
    table.body(body)?;
    table.options(cursor)?;
    Some(table.finish())
}

/// Takes `CREATE`, what is created and its name.
pub(super) fn head(cursor: &mut Cursor<'_, '_>, kind: &str) -> Option<String> {
    if !cursor.words(&["CREATE"]) {
        return None;
    }
    cursor.one_of(&["TEMP", "TEMPORARY"]);
    if !cursor.words(&[kind]) {
        return None;
    }
    cursor.words(&["IF", "NOT", "EXISTS"]);
    let name = cursor.name()?;
    if cursor.mark(".") { cursor.name() } else { Some(name) }
}

/// A table that is being read.
pub(super) struct Reader {
    pub(super) definition: Definition,
    /// Whether the primary key stands behind the columns.
    key_is_apart: bool,
}

impl Reader {
    fn new(name: String) -> Self {
        let definition = Definition {
            name,
            columns: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            strict: false,
            without_rowid: false,
        };
        Self { definition, key_is_apart: false }
    }

    fn body(&mut self, mut cursor: Cursor<'_, '_>) -> Option<()> {
        loop {
            column::column(&mut cursor, self)?;
            if cursor.is_at_end() {
                return Some(());
            }
            if !cursor.mark(",") {
                return None;
            }
            if CONSTRAINTS.iter().any(|word| cursor.sees(&[word])) {
                return self.constraints(cursor);
            }
        }
    }

    /// The constraints behind the columns; SQLite takes them without commas, too.
    fn constraints(&mut self, mut cursor: Cursor<'_, '_>) -> Option<()> {
        while !cursor.is_at_end() {
            let name = rule::constraint_name(&mut cursor)?;
            // SQLite takes a name with nothing behind it.
            let is_bare = cursor.is_at_end() || cursor.peek()?.is_mark(",") || cursor.sees(&["CONSTRAINT"]);
            if name.is_empty() || !is_bare {
                let read = rule::constraint(&mut cursor)?;
                self.key_is_apart |= matches!(read.rule, Rule::PrimaryKey(_));
                self.add(name, read);
            }
            if cursor.mark(",") && cursor.is_at_end() {
                return None;
            }
        }
        Some(())
    }

    /// Adds a constraint.
    pub(super) fn add(&mut self, name: String, read: rule::Read) {
        let rule::Read { rule, numbered } = read;
        let mut constraint = Constraint { name, rule };
        rule::spell_columns(&mut constraint, &self.definition.columns);
        self.definition.constraints.push(constraint);
        if numbered {
            let key = self.definition.key().to_vec();
            let columns = self.definition.columns.iter_mut();
            let is_key = |column: &&mut ColumnDef| key.iter().any(|key| key.name == column.name);
            columns.filter(is_key).for_each(|column| column.numbered = true);
        }
    }

    fn options(&mut self, mut cursor: Cursor<'_, '_>) -> Option<()> {
        loop {
            if cursor.words(&["WITHOUT", "ROWID"]) {
                self.definition.without_rowid = true;
            } else if cursor.words(&["STRICT"]) {
                self.definition.strict = true;
            } else {
                cursor.mark(";");
                return cursor.is_at_end().then_some(());
            }
            cursor.mark(",");
        }
    }

    fn finish(self) -> Definition {
        let Self { mut definition, key_is_apart } = self;
        if key_is_apart {
            definition.unsort_row_number();
        }
        definition.settle_key();
        definition
    }
}

/// What opens a constraint behind the columns. A column of such a name is quoted.
const CONSTRAINTS: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
