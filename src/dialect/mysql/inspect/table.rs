//! Tables as a whole: their options, and which of them are left alone.

use std::collections::BTreeMap;

use super::build::{Build, Draft, Rests, options};
use super::cells_of;
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::dialect::cells::Cells;
use crate::dialect::mysql::RULES;
use crate::dialect::mysql::options::{
    COLLATION, KEY_BLOCK_SIZE, ROW_FORMAT, STATS_AUTO_RECALC, STATS_PERSISTENT, STATS_SAMPLE_PAGES,
};
use crate::dialect::mysql::quote::ident;
use crate::model::{Table, TableSettings, Value};
use crate::name::{Name, ObjectName};
use crate::sql::{Token, TokenKind, tokens};

/// Options that are raw objects, with what takes them back.
const RAW: [(&str, &str); 8] = [
    ("avg_row_length", "0"),
    ("checksum", "0"),
    ("delay_key_write", "0"),
    ("max_rows", "0"),
    ("min_rows", "0"),
    ("pack_keys", "DEFAULT"),
    ("page_checksum", "DEFAULT"),
    ("transactional", "DEFAULT"),
];

/// Tables, without columns yet.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    let created = created(rows)?;
    for cells in cells_of(rows, "table") {
        let (name, kind) = (cells.name(0)?, cells.text(1)?);
        if kind == "SEQUENCE" {
            continue;
        }
        let engine = cells.optional(2)?;
        if let Some(text) = created.get(cells.text(0)?)
            && (kind == "SYSTEM VERSIONED" || has_period(text))
        {
            build.draft(raw(name, text, build));
            continue;
        }
        let reason = match (kind, engine) {
            ("SYSTEM VERSIONED", _) => Some("keeps the history of its rows, which schemas have no words for"),
            (_, Some(engine)) if engine.eq_ignore_ascii_case("innodb") => None,
            (_, Some(_)) => Some("has a storage engine that can't undo what failed"),
            (_, None) => Some("can't be opened by the server"),
        };
        if let Some(reason) = reason {
            build.unmanaged_table(rows, name.as_str(), reason);
            continue;
        }
        let settings = settings(cells, build)?;
        build
            .inspection
            .state
            .tables
            .replace(Table { settings, ..Table::new(ObjectName::unqualified(name)) });
    }
    Ok(())
}

/// The texts of tables that the server was asked for.
fn created(rows: &CatalogRows) -> Result<BTreeMap<&str, &str>, Diagnostic> {
    cells_of(rows, "created").map(|cells| Ok((cells.text(0)?, cells.text(1)?))).collect()
}

fn has_period(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with("PERIOD FOR "))
}

/// A table as the server prints it, but for its counter.
fn raw(name: Name, text: &str, build: &Build<'_>) -> Draft {
    let text = build.qualifier.stripped(text);
    let tokens: Vec<Token<'_>> = tokens(&text, &RULES).filter(Token::is_significant).collect();
    let counter = tokens.windows(3).rev().find(|three| {
        three[0].is_word("AUTO_INCREMENT") && three[1].text == "=" && three[2].kind == TokenKind::Number
    });
    let mut create = text.to_string();
    if let Some([word, _, number]) = counter {
        create.replace_range(word.span.start..number.span.end, "");
    }
    let behind =
        |word: &'static str| tokens.windows(2).filter(move |two| two[0].is_word(word)).map(|two| two[1].text);
    let rests = behind("REFERENCES").collect::<Vec<_>>().join(" ");
    let drop = format!("DROP TABLE {}", ident(&name));
    Draft { kind: "table", name, create, drop, rests: Rests::Mentioned(rests) }
}

fn settings(cells: Cells<'_>, build: &mut Build<'_>) -> Result<TableSettings, Diagnostic> {
    let mut known = Vec::new();
    if let Some(collation) = cells.optional(3)?.filter(|collation| *collation != build.collation) {
        known.push((COLLATION, Value::Text(collation.into())));
    }
    let name = cells.name(0)?;
    for (key, value) in pairs(cells.optional(4)?.unwrap_or_default()) {
        let plain = key.trim_matches('`').to_ascii_lowercase();
        if let Some((word, value)) = catalogued(&plain, &value) {
            known.push((word, value));
        } else if let Some((_, reset)) = RAW.iter().find(|(known, _)| *known == plain) {
            build.altered(&name, &plain, &format!("{key}={value}"), &format!("{key}={reset}"));
        } else if key.starts_with('`') {
            build.altered(&name, &plain, &format!("{key}={value}"), &format!("{key}=DEFAULT"));
        } else if plain != "partitioned" {
            let reason = "says how the server keeps rows, which schemas don't";
            build.unmanaged("table option", &format!("{name} {key}"), &value, reason);
        }
    }
    Ok(TableSettings { only: None, comment: cells.kept(5)?, options: options(known) })
}

/// `a=1 DATA DIRECTORY='/x' partitioned` as keys and values.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut key: Vec<&str> = Vec::new();
    let mut tokens = tokens(text, &RULES).filter(Token::is_significant);
    while let Some(token) = tokens.next() {
        if token.kind == TokenKind::Operator && token.text == "=" {
            let value = tokens.next().map_or("", |token| token.text);
            pairs.push((key.join(" "), value.to_owned()));
            key.clear();
        } else {
            key.push(token.text);
        }
    }
    pairs.extend(key.into_iter().map(|flag| (flag.to_owned(), String::new())));
    pairs
}

/// The option of the schema language that a key of the catalog is.
fn catalogued(key: &str, value: &str) -> Option<(&'static str, Value)> {
    let number = || Value::Number(value.into());
    let switch = || match value {
        "0" => Some(Value::Bool(false)),
        "1" => Some(Value::Bool(true)),
        _ => None,
    };
    match key {
        "row_format" => Some((ROW_FORMAT, Value::Text(value.to_ascii_lowercase().into()))),
        "key_block_size" => Some((KEY_BLOCK_SIZE, number())),
        "stats_persistent" => Some((STATS_PERSISTENT, switch()?)),
        "stats_auto_recalc" => Some((STATS_AUTO_RECALC, switch()?)),
        "stats_sample_pages" => Some((STATS_SAMPLE_PAGES, number())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_cut_at_their_values() {
        let read = pairs(
            "max_rows=5 row_format=COMPRESSED `page_compressed`='ON' DATA DIRECTORY='/a b/' partitioned",
        );
        let read: Vec<String> = read.iter().map(|(key, value)| format!("{key}|{value}")).collect();
        assert_eq!(
            read,
            [
                "max_rows|5",
                "row_format|COMPRESSED",
                "`page_compressed`|'ON'",
                "DATA DIRECTORY|'/a b/'",
                "partitioned|"
            ]
        );
    }
}
