//! A column of CREATE TABLE with the rules that stand at it.

use super::cursor::{Cursor, is_name};
use super::expression::{self, is_sign};
use super::rule::{self, Read};
use super::table::Reader;
use crate::dialect::sqlite::definition::{ColumnDef, Computed, Key, KeyColumn, Rule};
use crate::dialect::sqlite::normal::significant;
use crate::dialect::sqlite::quote;
use crate::dialect::sqlite::types::kind_of;
use crate::model::Deferrable;
use crate::sql::TokenKind;

/// Reads a column and its constraints into the table. `None` if it is none that SQLite has.
pub(super) fn column(cursor: &mut Cursor<'_, '_>, table: &mut Reader) -> Option<()> {
    let name = cursor.name()?;
    let declared = declared(cursor)?;
    let column = ColumnDef {
        name,
        kind: kind_of(&declared),
        declared,
        not_null: false,
        conflict: None,
        default: None,
        computed: None,
        collation: None,
        numbered: false,
    };
    let mut rules = Rules { column, found: Vec::new() };
    while !cursor.is_at_end() && !cursor.peek()?.is_mark(",") {
        rules.rule(cursor)?;
    }
    let Rules { column, found } = rules;
    table.definition.columns.push(column);
    found.into_iter().for_each(|(name, read)| table.add(name, read));
    Some(())
}

/// What opens a rule at a column.
const RULES: [&[&str]; 12] = [
    &["CONSTRAINT"],
    &["PRIMARY"],
    &["NOT"],
    &["NULL"],
    &["UNIQUE"],
    &["CHECK"],
    &["DEFAULT"],
    &["COLLATE"],
    &["REFERENCES"],
    &["GENERATED", "ALWAYS"],
    &["AS"],
    &["DEFERRABLE"],
];

/// A type by itself, with one space between its words. `None` if it is none that SQLite takes.
pub(in crate::dialect::sqlite) fn declared_type(text: &str) -> Option<String> {
    let tokens = significant(text);
    let mut cursor = Cursor::new(text, &tokens);
    let declared = declared(&mut cursor)?;
    let is_whole = cursor.is_at_end() && tokens.iter().all(|token| token.closed);
    Some(declared).filter(|_| is_whole)
}

/// The declared type, with one space between its words; none is empty.
fn declared(cursor: &mut Cursor<'_, '_>) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    while let Some(token) = cursor.peek().filter(|token| is_name(token)) {
        if RULES.iter().any(|words| cursor.sees(words)) {
            break;
        }
        cursor.next();
        words.push(token.text);
    }
    let mut declared = words.join(" ");
    if !words.is_empty() && cursor.peek().is_some_and(|token| token.is_mark("(")) {
        let numbers: Option<Vec<String>> = cursor.group()?.pieces().map(number).collect();
        declared.push_str(&format!("({})", numbers?.join(",")));
    }
    Some(declared)
}

/// A number behind a type, with or without a sign.
fn number(piece: Cursor<'_, '_>) -> Option<String> {
    match piece.tokens() {
        [number] if number.kind == TokenKind::Number => Some(number.text.to_owned()),
        [sign, number] if is_sign(sign) && number.kind == TokenKind::Number => {
            Some(format!("{}{}", sign.text, number.text))
        }
        _ => None,
    }
}

/// What stands at a column.
struct Rules {
    column: ColumnDef,
    found: Vec<(String, Read)>,
}

impl Rules {
    fn rule(&mut self, cursor: &mut Cursor<'_, '_>) -> Option<()> {
        let name = rule::constraint_name(cursor)?;
        if !name.is_empty()
            && (cursor.is_at_end() || cursor.peek()?.is_mark(",") || cursor.sees(&["CONSTRAINT"]))
        {
            // SQLite takes a name with nothing behind it.
            return Some(());
        }
        if let Some(deferrable) = rule::deferrable(cursor) {
            self.defer(deferrable)
        } else if cursor.words(&["NOT", "NULL"]) {
            self.column.not_null = true;
            self.column.conflict = rule::conflict(cursor)?;
            Some(())
        } else if cursor.words(&["NULL"]) {
            rule::conflict(cursor).map(drop)
        } else if cursor.words(&["PRIMARY", "KEY"]) {
            self.primary_key(name, cursor)
        } else if cursor.words(&["UNIQUE"]) {
            let key = Key { conflict: rule::conflict(cursor)?, ..Key::plain(&self.column.name) };
            self.found.push((name, Read::plain(Rule::Unique(key))));
            Some(())
        } else if cursor.words(&["CHECK"]) {
            let expression = expression::text(cursor.group()?);
            self.found.push((name, Read::plain(Rule::Check { expression })));
            Some(())
        } else if cursor.words(&["REFERENCES"]) {
            let reference = rule::reference(cursor, vec![self.column.name.clone()])?;
            self.found.push((name, Read::plain(Rule::ForeignKey(reference))));
            Some(())
        } else {
            self.attribute(cursor)
        }
    }

    fn primary_key(&mut self, name: String, cursor: &mut Cursor<'_, '_>) -> Option<()> {
        let descending = cursor.one_of(&["ASC", "DESC"]) == Some("DESC");
        let column = KeyColumn { descending, ..KeyColumn::plain(&self.column.name) };
        let key = Key { columns: vec![column], conflict: rule::conflict(cursor)? };
        let numbered = cursor.words(&["AUTOINCREMENT"]);
        self.found.push((name, Read { rule: Rule::PrimaryKey(key), numbered }));
        Some(())
    }

    /// Says when the foreign key in front is checked.
    fn defer(&mut self, deferrable: Deferrable) -> Option<()> {
        match &mut self.found.last_mut()?.1.rule {
            Rule::ForeignKey(reference) => reference.deferrable = deferrable,
            Rule::PrimaryKey(_) | Rule::Unique(_) | Rule::Check { .. } => return None,
        }
        Some(())
    }

    /// What is no constraint.
    fn attribute(&mut self, cursor: &mut Cursor<'_, '_>) -> Option<()> {
        if cursor.words(&["DEFAULT"]) {
            self.column.default = default(cursor)?;
        } else if cursor.words(&["COLLATE"]) {
            // The default needs no words.
            let collation = cursor.name()?;
            self.column.collation = Some(collation).filter(|name| !name.eq_ignore_ascii_case("BINARY"));
        } else if cursor.words(&["GENERATED", "ALWAYS", "AS"]) || cursor.words(&["AS"]) {
            let expression = expression::text(cursor.group()?);
            let stored = cursor.one_of(&["STORED", "VIRTUAL"]) == Some("STORED");
            self.column.computed = Some(Computed { expression, stored });
        } else {
            return None;
        }
        Some(())
    }
}

/// What stands behind DEFAULT, as it is printed. `None` if that is nothing which SQLite takes.
fn default(cursor: &mut Cursor<'_, '_>) -> Option<Option<String>> {
    let value = match cursor.peek()? {
        open if open.is_mark("(") => expression::of_default(cursor.group()?, true),
        _ => expression::of_default(literal(cursor)?, false),
    };
    Some(value.as_ref().and_then(quote::default))
}

/// Takes a literal: one token, with a sign in front, or the `x` of bytes, or the point of a number.
fn literal<'t, 'a>(cursor: &mut Cursor<'t, 'a>) -> Option<Cursor<'t, 'a>> {
    let start = *cursor;
    if cursor.peek().is_some_and(is_sign) {
        cursor.next();
    }
    let first = cursor.next()?;
    let joined = |kind: TokenKind| {
        cursor.peek().is_some_and(|next| next.kind == kind && next.span.start == first.span.end)
    };
    let is_point = first.is_mark(".") && joined(TokenKind::Number);
    if is_point || (first.is_word("x") && joined(TokenKind::String)) {
        cursor.next();
    }
    Some(start.before(cursor))
}
