//! Bodies as they were written. `information_schema` has their strings without what escapes in them: `'it''s'` is
//! `'it's'` on MySQL, and `'\\'` is `'\'` on both products, which is another text or none at all. SHOW CREATE prints
//! what was written.

use crate::dialect::mysql::RULES;
use crate::dialect::mysql::quote::ident;
use crate::dialect::{CatalogRow, CatalogRows, DefinitionQuery};
use crate::sql::{Token, tokens};

use super::BODIES;

/// What SHOW CREATE prints between the parameters of a routine and its body, each on a line of its own.
const CHARACTERISTICS: [&str; 8] = [
    "COMMENT ",
    "CONTAINS SQL",
    "DETERMINISTIC",
    "LANGUAGE ",
    "MODIFIES SQL DATA",
    "NO SQL",
    "READS SQL DATA",
    "SQL SECURITY ",
];
const INDENT: &str = "    ";

/// What to ask for the bodies with strings in them.
pub(in crate::dialect::mysql) fn definitions(rows: &CatalogRows) -> Vec<DefinitionQuery> {
    let of_kind = |(kind, cell, _): (&'static str, usize, usize)| {
        let has_strings = move |row: &CatalogRow| {
            row.get(cell).and_then(Option::as_deref).is_some_and(|body| body.contains(['\'', '"', '\\']))
        };
        rows.of(kind).iter().enumerate().filter(move |(_, row)| has_strings(row)).filter_map(
            move |(at, row)| {
                let (what, name, answer, part) = printed(kind, row)?;
                Some(DefinitionQuery {
                    sql: format!("SHOW CREATE {what} {}", ident(name)),
                    answer,
                    part,
                    kind,
                    row: at,
                    cell,
                })
            },
        )
    };
    BODIES.into_iter().flat_map(of_kind).collect()
}

/// How the body of a definition is found.
type Part = fn(&str) -> Option<&str>;

/// The word behind SHOW CREATE, the name, the cell that has the definition, and where its body is. `None` if nothing is put
/// together from the body.
fn printed<'a>(kind: &str, row: &'a CatalogRow) -> Option<(&'a str, &'a str, usize, Part)> {
    let text = |cell: usize| row.get(cell).and_then(Option::as_deref);
    match kind {
        "trigger" => Some(("TRIGGER", text(0)?, 2, of_trigger)),
        "event" => Some(("EVENT", text(0)?, 3, of_event)),
        _ => {
            let is_sql = text(7).is_none();
            let word = text(0).filter(|word| is_sql && ["FUNCTION", "PROCEDURE"].contains(word))?;
            Some((word, text(1)?, 2, of_routine))
        }
    }
}

/// What follows FOR EACH ROW. The servers leave out which trigger this one comes behind or before.
fn of_trigger(definition: &str) -> Option<&str> {
    let mut tokens = tokens(definition, &RULES).filter(Token::is_significant);
    for word in ["FOR", "EACH", "ROW"] {
        tokens.find(|token| token.is_word(word))?;
    }
    definition.get(tokens.next()?.span.start..)
}

/// What follows DO.
fn of_event(definition: &str) -> Option<&str> {
    let mut tokens = tokens(definition, &RULES).filter(Token::is_significant);
    tokens.find(|token| token.is_word("DO"))?;
    definition.get(tokens.next()?.span.start..)
}

/// What follows the parameters, the type of what a function returns, and the characteristics.
fn of_routine(definition: &str) -> Option<&str> {
    let mut open = 0_usize;
    let end = tokens(definition, &RULES).find_map(|token| {
        if token.is_mark("(") {
            open += 1;
        } else if token.is_mark(")") {
            open = open.checked_sub(1)?;
            return (open == 0).then_some(token.span.end);
        }
        None
    })?;
    let (_, mut rest) = definition.get(end..)?.split_once('\n')?;
    while let Some((line, others)) = rest.split_once('\n') {
        let said = line.strip_prefix(INDENT);
        if !said.is_some_and(|said| CHARACTERISTICS.iter().any(|known| said.starts_with(known))) {
            break;
        }
        rest = others;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_what_stands_behind_all_that_the_catalog_tells() {
        let cases: [(Part, &str, &str); 6] = [
            (
                of_trigger,
                "CREATE DEFINER=`a`@`%` TRIGGER `for each row` BEFORE INSERT ON `t` FOR EACH ROW set @a = 'x'",
                "set @a = 'x'",
            ),
            (
                of_trigger,
                "create trigger b after update on t for\neach /* row */ row BEGIN SET @a = ''; END",
                "BEGIN SET @a = ''; END",
            ),
            (
                of_event,
                "CREATE EVENT `do` ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01 00:00:00' ENABLE COMMENT 'do' DO set @a = ''",
                "set @a = ''",
            ),
            (of_routine, "CREATE PROCEDURE `p(`(IN a decimal(8,2))\nselect 'x'", "select 'x'"),
            (
                of_routine,
                "CREATE FUNCTION `f`() RETURNS varchar(9) CHARSET utf8mb4\n    NO SQL\n    DETERMINISTIC\n    COMMENT 'it''s'\nreturn 'x'",
                "return 'x'",
            ),
            (of_routine, "CREATE PROCEDURE `p`()\nBEGIN\n    SELECT '';\nEND", "BEGIN\n    SELECT '';\nEND"),
        ];
        for (part, definition, body) in cases {
            assert_eq!(part(definition), Some(body), "{definition}");
        }
    }
}
