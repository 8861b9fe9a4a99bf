//! CREATE TABLE.

use super::cursor::Cursor;
use super::{WrittenTable, column, rule};
use crate::dialect::sqlite::definition::Definition;
use crate::dialect::sqlite::normal::significant;

/// The table; `None` if the text is no list of columns, as for a virtual table.
pub(in crate::dialect::sqlite) fn table(sql: &str) -> Option<WrittenTable> {
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
    pub(super) odd: Vec<String>,
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
        Self { definition, odd: Vec::new() }
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
        let numbered = read.numbered;
        let mut constraint = read.named(name, &mut self.odd);
        rule::spell_columns(&mut constraint, &self.definition.columns);
        self.definition.constraints.push(constraint);
        if numbered {
            let key = self.definition.key().to_vec();
            let columns = self.definition.columns.iter_mut();
            columns.filter(|column| key.contains(&column.name)).for_each(|column| column.numbered = true);
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

    fn finish(self) -> WrittenTable {
        let Self { mut definition, mut odd } = self;
        definition.settle_key();
        odd.sort_unstable();
        WrittenTable { definition, odd }
    }
}

/// What opens a constraint behind the columns. A column of such a name is quoted.
const CONSTRAINTS: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
