//! Values for rows, by type and constraint. Pure: whether a row is good the database says.

use crate::model::{Check, Column, ForeignKey, Portable, Row, State, Table, Type, Value};
use crate::name::Name;
use crate::sql::{Rules, TokenKind, tokens};

/// How many variants of a row are tried.
const VARIANTS: usize = 24;
/// How far a foreign key is followed to the column that gives the value.
const HOPS_MAX: usize = 16;

/// Makes rows for the tables of a state.
pub(super) struct Generator<'a> {
    state: &'a State,
}

impl<'a> Generator<'a> {
    /// For a state as the dialect sees it.
    pub(super) fn new(state: &'a State) -> Self {
        Self { state }
    }

    /// Variants of one row, the plainest first; rows of other numbers have other keys. A foreign key refers to the row
    /// of the same number.
    pub(super) fn rows<'g>(&'g self, table: &'g Table, number: usize) -> impl Iterator<Item = Row> + 'g {
        (0..VARIANTS).map(move |variant| self.row(table, number, variant))
    }

    fn row(&self, table: &Table, number: usize, variant: usize) -> Row {
        // The last variants leave out all that may be left out.
        let sparse = variant * 4 >= VARIANTS * 3;
        let columns = table.columns.iter().filter(|column| column.generated.is_none());
        let wanted = columns.filter(|column| {
            let fills_itself = column.nullable || column.default.common.is_some();
            !(sparse && fills_itself && !is_key(table, &column.name))
        });
        let cells = wanted.map(|column| (column.name.clone(), self.cell(table, column, number, variant)));
        Row::everywhere(cells.collect())
    }

    fn cell(&self, table: &Table, column: &Column, number: usize, variant: usize) -> Value {
        let refers = |column: &Name| foreign_key(table, column).is_some();
        // In a circle of foreign keys the first row can't refer to one that is still to come.
        if column.nullable && refers(&column.name) && variant % 2 == 1 {
            return Value::Null;
        }
        let (source_table, source) = self.source(table, column, 0);
        let mut candidates = checked(source_table, source, number);
        // What a reference row has already is what a foreign key can refer to.
        candidates.extend(self.candidates(&source.ty.common, number));
        // Rows that refer to this one take the first value for its key, so another one is the last resort.
        let is_fixed = refers(&column.name) || (variant < VARIANTS / 2 && self.is_referred(table, column));
        let own = if is_fixed { 0 } else { variant / 2 };
        candidates.get(own % candidates.len().max(1)).cloned().unwrap_or(Value::Null)
    }

    /// Whether foreign keys refer to a column.
    fn is_referred(&self, table: &Table, column: &Column) -> bool {
        let mut keys = self.state.tables.iter().flat_map(|other| other.foreign_keys.iter());
        keys.any(|key| key.table == table.name && key.references.contains(&column.name))
    }

    /// The column whose value a foreign key's column has.
    fn source<'s>(&'s self, table: &'s Table, column: &'s Column, hops: usize) -> (&'s Table, &'s Column) {
        let referred = || {
            let (key, at) = foreign_key(table, &column.name)?;
            let other = self.state.tables.get(&key.table)?;
            let target = other.columns.get(key.references.get(at)?)?;
            Some((other, target))
        };
        match referred() {
            Some((other, target)) if hops < HOPS_MAX => self.source(other, target, hops + 1),
            Some(_) | None => (table, column),
        }
    }

    /// Values of a type, the plainest first.
    fn candidates(&self, ty: &Type, number: usize) -> Vec<Value> {
        match ty {
            Type::Portable(portable) => portable_values(*portable, number),
            Type::Enum(name) => {
                let values = self.state.enums.get(name).map(|of| of.values.as_slice()).unwrap_or_default();
                let turned = values.iter().cycle().skip(number % values.len().max(1)).take(values.len());
                turned.map(|value| Value::Text(value.clone())).collect()
            }
            Type::Array(_) => vec![text("{}"), text("[]")],
            Type::Native(_) => native_values(number),
        }
    }
}

fn is_key(table: &Table, column: &Name) -> bool {
    table.primary_key.as_ref().is_some_and(|key| key.columns.contains(column))
        || table.uniques.iter().any(|unique| unique.columns.contains(column))
}

fn foreign_key<'t>(table: &'t Table, column: &Name) -> Option<(&'t ForeignKey, usize)> {
    table.foreign_keys.iter().find_map(|key| {
        let at = key.columns.iter().position(|own| own == column)?;
        let itself = key.table == table.name && key.references.get(at) == Some(column);
        (!itself).then_some((key, at))
    })
}

fn text(text: impl Into<Box<str>>) -> Value {
    Value::Text(text.into())
}

fn integer(value: usize) -> Value {
    Value::Number(value.to_string().into())
}

fn portable_values(portable: Portable, number: usize) -> Vec<Value> {
    let nth = number + 1;
    let small = |values: &[usize]| values.iter().map(|base| integer(base + nth)).collect();
    let short = |length: u32| -> Vec<Value> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let letter = char::from(b'a' + u8::try_from(number % 26).unwrap_or(0));
        let fits = |value: &Value| matches!(value, Value::Text(text) if text.chars().count() <= length);
        let mut values: Vec<Value> = words(number).into_iter().filter(fits).collect();
        values.push(text(letter.to_string()));
        values.push(text(letter.to_string().repeat(length.min(64))));
        values
    };
    match portable {
        Portable::Bool => vec![Value::Bool(number.is_multiple_of(2)), Value::Bool(!number.is_multiple_of(2))],
        Portable::SmallInt | Portable::Int | Portable::BigInt => small(&[0, 100, 1000, 2000]),
        Portable::Real | Portable::Double => vec![Value::Number(format!("{nth}.5").into()), integer(nth)],
        Portable::Decimal(None) => vec![Value::Number(format!("{nth}.25").into())],
        Portable::Decimal(Some(digits)) if digits.precision == digits.scale => {
            vec![Value::Number(format!("0.{}", nth % 10).into()), integer(0)]
        }
        Portable::Decimal(Some(_)) => vec![integer(nth % 10), integer(nth)],
        Portable::Char(length) | Portable::VarChar(length) => short(length),
        Portable::Text => words(number),
        Portable::Bytes => {
            vec![text(format!("b{nth}")), Value::Sql(format!("CAST('b{nth}' AS blob)").into())]
        }
        Portable::Date => vec![text(format!("2026-01-{:02}", nth % 28 + 1))],
        Portable::Time(_) => vec![text(format!("10:{:02}:00", nth % 60))],
        Portable::Timestamp(_) => vec![text(format!("2026-01-{:02} 10:00:00", nth % 28 + 1))],
        // SQLite's functions read an offset only with its minutes, MariaDB none.
        Portable::TimestampTz(_) => {
            let moment = format!("2026-01-{:02} 10:00:00", nth % 28 + 1);
            vec![text(format!("{moment}+00:00")), text(moment)]
        }
        Portable::Interval => vec![text(format!("{nth} days"))],
        Portable::Uuid => vec![text(format!("00000000-0000-4000-8000-{nth:012}"))],
        Portable::Json => vec![text(format!("{{\"n\": {nth}}}")), text("[]")],
    }
}

/// Texts that checks often ask for.
fn words(number: usize) -> Vec<Value> {
    let nth = number + 1;
    let letter = char::from(b'A' + u8::try_from(number % 26).unwrap_or(0));
    [
        format!("text {nth}"),
        format!("user{nth}@example.org"),
        format!("word{nth}"),
        format!("{letter}{letter}{letter}"),
        format!("{nth}"),
        format!("https://example.org/{nth}"),
    ]
    .into_iter()
    .map(text)
    .collect()
}

/// Texts that many native types read.
fn native_values(number: usize) -> Vec<Value> {
    let nth = number + 1;
    let texts = [
        format!("{nth}"),
        format!("10.0.0.{}", nth % 250),
        "{}".to_owned(),
        "empty".to_owned(),
        format!("({nth},{nth})"),
        format!("word{nth}"),
        format!("08:00:2b:01:02:{:02}", nth % 100),
        "1".to_owned(),
        "<a/>".to_owned(),
    ];
    std::iter::once(integer(nth)).chain(texts.into_iter().map(text)).collect()
}

/// Values that the constants of a column's checks suggest.
fn checked(table: &Table, column: &Column, number: usize) -> Vec<Value> {
    let mentions = |check: &&Check| {
        let tokens = tokens(&check.expression.common, &Rules::STANDARD);
        let mut words = tokens.filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Quoted));
        words.any(|word| word.text.trim_matches('"').eq_ignore_ascii_case(column.name.as_str()))
    };
    let mut values = Vec::new();
    for check in table.checks.iter().filter(mentions) {
        let constants: Vec<Value> = tokens(&check.expression.common, &Rules::STANDARD)
            .filter_map(|token| match token.kind {
                TokenKind::String => Some(pattern(token.text, number)),
                TokenKind::Number => Some(Value::Number(token.text.into())),
                _ => None,
            })
            .collect();
        let length = constants.len().max(1);
        for constant in constants.into_iter().cycle().skip(number % length).take(length) {
            match constant {
                Value::Number(limit) => values.extend(around(&limit, &column.ty.common, number)),
                other => values.push(other),
            }
        }
    }
    values
}

/// A text of the form that a pattern asks for.
fn pattern(literal: &str, number: usize) -> Value {
    let inner = literal.trim_start_matches(|c: char| c != '\'').trim_matches('\'').replace("''", "'");
    text(inner.replace('%', &format!("x{}", number + 1)).replace('_', "x"))
}

/// Values at a limit: numbers on both sides of it, texts of that length.
fn around(limit: &str, ty: &Type, number: usize) -> Vec<Value> {
    let Ok(limit) = limit.parse::<i64>() else { return Vec::new() };
    let step = i64::try_from(number).unwrap_or(0);
    let is_text = matches!(ty, Type::Portable(Portable::Text | Portable::Char(_) | Portable::VarChar(_)));
    if is_text {
        let length = usize::try_from(limit.clamp(0, 64)).unwrap_or(0);
        let letter = char::from(b'a' + u8::try_from(number % 26).unwrap_or(0));
        return vec![text(letter.to_string().repeat(length)), text(letter.to_string().repeat(length + 1))];
    }
    let values = [limit.saturating_add(step), limit.saturating_add(1 + step), limit.saturating_sub(1 + step)];
    values.into_iter().map(|value| Value::Number(value.to_string().into())).collect()
}
