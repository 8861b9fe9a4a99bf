//! How the reference rows that go are spelled and compared: numbers and moments as the values that the column made of
//! them, texts byte by byte, because collations take different ones for the same.

use super::quote::{ident, object, string, value};
use super::types::{
    BINARY, BIT, BLOBS, CHAR, DATETIME, DECIMAL, FLOAT, JSON, Kind, MyType, TIME, TIMESTAMP, VARBINARY,
};
use super::version;
use crate::dialect::Version;
use crate::dialect::spelling::{Counting, Spelling};
use crate::model::{Collection, Column, EnumType, Value};
use crate::name::{Name, ObjectName};

/// How rows are spelled for a version.
pub(super) struct Writing<'a> {
    pub(super) version: Version,
    /// The enums that columns speak of.
    pub(super) enums: &'a Collection<EnumType>,
}

impl Spelling for Writing<'_> {
    fn name(&self, name: &Name) -> String {
        ident(name)
    }

    fn table(&self, name: &ObjectName) -> String {
        object(name)
    }

    fn text(&self, text: &str) -> String {
        string(text)
    }

    fn value(&self, cell: &Value) -> String {
        value(cell)
    }

    fn holds(&self, column: &Column, cell: &Value) -> String {
        let ty = MyType::of(&column.ty.common, self.enums);
        let (name, literal) = (ident(&column.name), value(cell));
        if ty.is(JSON) && !version::is_mariadb(self.version) {
            return format!("{name} = CAST({literal} AS JSON)");
        }
        if ty.is_text() || ty.is(JSON) {
            let stored = string(&stored(&ty, &text_of(cell)));
            return format!("CAST(CONVERT({name} USING utf8mb4) AS BINARY) = CAST({stored} AS BINARY)");
        }
        if ty.is(FLOAT) {
            // Of the digits that were written as many are kept as fit.
            return format!("({name} = {literal} OR ABS({name} - {literal}) <= ABS({literal}) * 6e-8)");
        }
        match converted(&ty, &literal) {
            Some(converted) => format!("{name} = {converted}"),
            None => format!("{name} = {literal}"),
        }
    }

    fn held(&self, column: &Column) -> String {
        shown(&ident(&column.name), &MyType::of(&column.ty.common, self.enums))
    }

    /// Of this database: those of others are seen by few, and take long to look for.
    fn unknown(&self, counting: &Counting<'_>) -> Option<String> {
        let Counting { table, known, place, is_one, is_itself } = counting;
        let quoted = |column: &str| format!("'`', REPLACE({column}, '`', '``'), '`'");
        let [there, here, owner] = ["k.REFERENCED_COLUMN_NAME", "k.COLUMN_NAME", "k.TABLE_NAME"].map(quoted);
        let head = string(&format!("SELECT {place}, "));
        let this = string(&format!(" AS c JOIN {} AS p ON ", object(table)));
        let [is_one, is_itself] =
            [format!(" WHERE ({is_one})"), format!(" AND NOT ({is_itself})")].map(|text| string(&text));
        let name = string(table.name.as_str());
        let known = known.iter().map(|(table, key)| [table.name.as_str(), key.as_str()].map(string));
        let known: Vec<String> = known.map(|[table, key]| format!("({table}, {key})")).collect();
        let unknown = match known.as_slice() {
            [] => String::new(),
            known => format!("AND (k.TABLE_NAME, k.CONSTRAINT_NAME) NOT IN ({}) ", known.join(", ")),
        };
        Some(format!(
            "SELECT CONCAT({head}, QUOTE(k.TABLE_NAME), ', count(*), ', \
             QUOTE(IF(r.DELETE_RULE = 'CASCADE', 'be deleted', 'get NULL')), ' FROM ', {owner}, {this}, \
             GROUP_CONCAT(CONCAT('p.', {there}, ' = c.', {here}) ORDER BY k.ORDINAL_POSITION SEPARATOR ' AND '), \
             {is_one}, IF(k.TABLE_NAME = {name}, {is_itself}, ''), ' GROUP BY 1') \
             FROM information_schema.KEY_COLUMN_USAGE AS k JOIN information_schema.REFERENTIAL_CONSTRAINTS AS r \
             ON r.CONSTRAINT_SCHEMA = k.TABLE_SCHEMA AND r.TABLE_NAME = k.TABLE_NAME \
             AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME \
             WHERE k.TABLE_SCHEMA = DATABASE() AND k.REFERENCED_TABLE_SCHEMA = DATABASE() \
             AND k.REFERENCED_TABLE_NAME = {name} AND r.DELETE_RULE IN ('CASCADE', 'SET NULL') {unknown}\
             GROUP BY k.TABLE_NAME, k.CONSTRAINT_NAME, r.DELETE_RULE"
        ))
    }

    fn written(&self, column: &Column, cell: &Value) -> String {
        let ty = MyType::of(&column.ty.common, self.enums);
        let literal = if is_bytes(&ty) { shown(&value(cell), &ty) } else { string(&text_of(cell)) };
        // What is equal to it is what it was written as.
        format!("CASE WHEN {} THEN {} ELSE {literal} END", self.holds(column, cell), self.held(column))
    }
}

/// A literal as the value that a column of this type makes of it, where that can be another one.
fn converted(ty: &MyType, literal: &str) -> Option<String> {
    if literal.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let numbers = ty.numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    let digits = if numbers.is_empty() { String::new() } else { format!("({numbers})") };
    let target = match () {
        () if ty.is_integer() && ty.unsigned => "UNSIGNED".to_owned(),
        () if ty.is_integer() => "SIGNED".to_owned(),
        () if ty.is(DECIMAL) => format!("DECIMAL{digits}"),
        () if ty.is_any(&[DATETIME, TIMESTAMP]) => format!("DATETIME{digits}"),
        () if ty.is(TIME) => format!("TIME{digits}"),
        () if ty.is(BINARY) => format!("BINARY{digits}"),
        () if is_bytes(ty) => "BINARY".to_owned(),
        () => return None,
    };
    Some(format!("CAST({literal} AS {target})"))
}

fn is_bytes(ty: &MyType) -> bool {
    ty.is_any(&BLOBS) || ty.is_any(&[BINARY, VARBINARY])
}

/// A value as text for people.
fn shown(sql: &str, ty: &MyType) -> String {
    match () {
        () if is_bytes(ty) => format!("CONCAT('0x', HEX({sql}))"),
        () if ty.is(BIT) => format!("CAST({sql} + 0 AS CHAR)"),
        () if ty.is_shape() => format!("ST_AsText({sql})"),
        () => format!("CAST({sql} AS CHAR)"),
    }
}

/// A literal as the text that a column of texts takes it for.
fn text_of(cell: &Value) -> String {
    match cell {
        Value::Bool(on) => u8::from(*on).to_string(),
        Value::Number(text) | Value::Text(text) | Value::Sql(text) => text.to_string(),
        Value::Null => "NULL".to_owned(),
    }
}

/// A text as a column of this type keeps it.
fn stored(ty: &MyType, text: &str) -> String {
    match &ty.kind {
        Kind::Known(word) if *word == CHAR => text.trim_end_matches(' ').to_owned(),
        Kind::Set(values) => {
            let said: Vec<&str> = text.split(',').collect();
            let kept: Vec<&str> =
                values.iter().map(|value| &**value).filter(|value| said.contains(value)).collect();
            kept.join(",")
        }
        Kind::Known(_) | Kind::Enum(_) | Kind::Other(_) => text.to_owned(),
    }
}
