//! The table of types in docs/schema.md: what each dialect makes of each portable type.

use std::fmt::Write as _;

use schemactl::change::{Earlier, Op, TableEdit};
use schemactl::dialect::{Action, Batch, Dialect, all};
use schemactl::model::{Digits, Portable, Table};
use schemactl::name::{Name, ObjectName};

use super::blocks::state;
use super::{pages, settle};

const PAGE: &str = "docs/schema.md";
const BEGIN: &str = "<!-- types: made of the dialects' code -->\n";
const END: &str = "<!-- end of types -->\n";

/// Every portable type once, with a word on what it holds.
const TYPES: &[(Portable, &str)] = &[
    (Portable::Bool, "true or false"),
    (Portable::SmallInt, "a whole number of 16 bits"),
    (Portable::Int, "of 32 bits"),
    (Portable::BigInt, "of 64 bits"),
    (Portable::Real, "floating point, 32 bits"),
    (Portable::Double, "64 bits"),
    (Portable::Decimal(None), "an exact number of any size"),
    (Portable::Decimal(Some(Digits { precision: 10, scale: 2 })), "10 digits, 2 of them behind the point"),
    (Portable::Char(2), "2 characters, padded"),
    (Portable::VarChar(200), "at most 200 characters"),
    (Portable::Text, "text of any length"),
    (Portable::Bytes, "bytes of any length"),
    (Portable::Date, "a day"),
    (Portable::Time(None), "a time of day; `time(3)` with 3 digits of a second's fraction"),
    (Portable::Timestamp(None), "day and time without a zone; `timestamp(3)`"),
    (Portable::TimestampTz(None), "a point in time; `timestamptz(3)`"),
    (Portable::Interval, "a span of time"),
    (Portable::Uuid, "a UUID"),
    (Portable::Json, "JSON"),
];

/// The place of a type's kind in [`TYPES`]; a kind that is added has to be listed there.
fn number(ty: Portable) -> usize {
    match ty {
        Portable::Bool => 0,
        Portable::SmallInt => 1,
        Portable::Int => 2,
        Portable::BigInt => 3,
        Portable::Real => 4,
        Portable::Double => 5,
        Portable::Decimal(None) => 6,
        Portable::Decimal(Some(_)) => 7,
        Portable::Char(_) => 8,
        Portable::VarChar(_) => 9,
        Portable::Text => 10,
        Portable::Bytes => 11,
        Portable::Date => 12,
        Portable::Time(_) => 13,
        Portable::Timestamp(_) => 14,
        Portable::TimestampTz(_) => 15,
        Portable::Interval => 16,
        Portable::Uuid => 17,
        Portable::Json => 18,
    }
}

/// What stands behind the column's name in the dialect's CREATE TABLE.
fn rendered(dialect: &dyn Dialect, column: &str, options: &str) -> String {
    let text = format!("enum mood sad ok\ntable t {{\n    {options}\n    column c {column}\n}}\n");
    let state = state(&text).for_dialect(&dialect.name());
    let mut before = state.clone();
    let table: Table = before.tables.remove(&name()).expect("it was declared");
    let ops = [Op::Table(TableEdit::Create(Box::new(table)))];
    let earlier = &Earlier::default();
    let batch = Batch { before: &before, ops: &ops, after: &state, earlier };
    let actions = dialect.render(batch, dialect.newest()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let Some(Action::Statement(create)) = actions.into_iter().next() else {
        panic!("{column}: no statement")
    };
    let sql = create.sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let behind = ["( \"c\" ", "(\"c\" ", "( `c` "].iter().find_map(|before| sql.split_once(before));
    let (_, behind) = behind.unwrap_or_else(|| panic!("{sql}"));
    let end = behind.find(" NOT NULL").or_else(|| behind.find(" CONSTRAINT")).unwrap_or(behind.len());
    let numbered = if behind.contains(" AUTO_INCREMENT") { " AUTO_INCREMENT" } else { "" };
    format!("{}{numbered}", &behind[..end])
}

fn name() -> ObjectName {
    ObjectName::unqualified(Name::new("t").unwrap())
}

fn quoted(ty: &str) -> String {
    if ty.contains(['(', '[']) { format!("\"{ty}\"") } else { ty.to_owned() }
}

fn row(out: &mut String, ty: &str, column: &str, meaning: &str) {
    let [sqlite, postgres, mysql] = ["sqlite", "postgres", "mysql"].map(|word| {
        *all()
            .iter()
            .find(|dialect| dialect.name().as_str() == word)
            .expect("all dialects are built for tests")
    });
    let refused = ty.ends_with("[]");
    let on_sqlite = |options| {
        if refused { "–".to_owned() } else { format!("`{}`", rendered(sqlite, column, options)) }
    };
    let strict = on_sqlite("(sqlite)options strict=#true");
    let loose = on_sqlite("");
    let postgres = rendered(postgres, column, "");
    let mysql = if refused || ty == "interval" {
        "–".to_owned()
    } else {
        format!("`{}`", rendered(mysql, column, ""))
    };
    writeln!(out, "| `{ty}` | {meaning} | {loose} | {strict} | `{postgres}` | {mysql} |").unwrap();
}

fn table() -> String {
    let mut out =
        "\n| type | holds | SQLite | SQLite, `strict` | PostgreSQL | MySQL, MariaDB |\n|---|---|---|---|---|---|\n".to_owned();
    for (ty, meaning) in TYPES {
        let ty = ty.to_string();
        row(&mut out, &ty, &quoted(&ty), meaning);
    }
    row(&mut out, "mood", "mood", "one of the values of `enum mood …`");
    row(&mut out, "text[]", "\"text[]\"", "an array, of any of the types above");
    row(&mut out, "bigint identity", "bigint identity primary-key", "a whole number that the database gives");
    out.push('\n');
    out
}

#[test]
fn the_table_of_types_is_what_the_dialects_render() {
    let (_, page) = pages().into_iter().find(|(path, _)| path == PAGE).expect("the page is there");
    let (head, rest) = page.split_once(BEGIN).expect("the table has a beginning");
    let (_, tail) = rest.split_once(END).expect("the table has an end");
    settle(PAGE, &format!("{head}{BEGIN}{}{END}{tail}", table()));
}

#[test]
fn every_portable_type_is_in_the_table() {
    let numbers: Vec<usize> = TYPES.iter().map(|(ty, _)| number(*ty)).collect();
    assert_eq!(numbers, (0..TYPES.len()).collect::<Vec<_>>());
    assert_eq!(number(Portable::Json) + 1, TYPES.len());
}
