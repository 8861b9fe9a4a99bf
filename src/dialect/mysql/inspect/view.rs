//! Views. One with options is a raw object, because the schema language has no words for them.

use super::build::{Build, Draft, Rests};
use super::cells_of;
use super::expression::readable;
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::dialect::mysql::RULES;
use crate::dialect::mysql::quote::ident;
use crate::model::{SqlText, View};
use crate::name::ObjectName;
use crate::sql::{Token, TokenKind, tokens};

/// All views.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    for cells in cells_of(rows, "view") {
        let name = cells.name(0)?;
        let printed = cells.optional(1)?.unwrap_or_default();
        if printed.is_empty() {
            let reason = "can't be read by this user, who has no right to SHOW VIEW";
            build.unmanaged("view", name.as_str(), "", reason);
            continue;
        }
        let query = readable(&build.qualifier.stripped(printed));
        let (check, security, algorithm) = (cells.optional(2)?, cells.optional(3)?, cells.optional(4)?);
        let columns = cells.optional(5)?.filter(|columns| are_its_own(columns, printed));
        if check.is_none() && security.is_none() && algorithm.is_none() && columns.is_none() {
            build.inspection.state.views.replace(View {
                name: ObjectName::unqualified(name),
                only: None,
                query: SqlText::from(query.as_str()),
                depends_on: Vec::new(),
                comment: None,
            });
            continue;
        }
        let mut create = "CREATE".to_owned();
        create.extend(algorithm.map(|algorithm| format!(" ALGORITHM={algorithm}")));
        create.extend(security.map(|_| " SQL SECURITY INVOKER"));
        create += &format!(" VIEW {}", ident(&name));
        create.extend(columns.map(|columns| format!(" ({columns})")));
        create += &format!(" AS\n{query}");
        create.extend(check.map(|check| format!("\nWITH {check} CHECK OPTION")));
        let drop = format!("DROP VIEW {}", ident(&name));
        build.draft(Draft { kind: "view", name, create, drop, rests: Rests::Mentioned(query) });
    }
    Ok(())
}

/// Whether a view has named its columns itself, and not as its query does.
fn are_its_own(columns: &str, query: &str) -> bool {
    let named = names(query);
    let count = tokens(columns, &RULES).filter(|token| token.kind == TokenKind::Quoted).count();
    named.len() == count && named.join(", ") != columns
}

/// The names that a query gives its columns. The server prints each behind an AS, which stands within parentheses
/// elsewhere.
fn names(query: &str) -> Vec<&str> {
    let tokens = tokens(query, &RULES).filter(Token::is_significant).skip_while(|token| token.is_mark("("));
    let (mut names, mut depth) = (Vec::new(), 0_u32);
    let (mut behind_as, mut behind_name) = (false, false);
    for token in tokens {
        if behind_name && !token.is_mark(",") {
            break;
        }
        behind_name = behind_as && depth == 0 && token.kind == TokenKind::Quoted;
        if behind_name {
            names.push(token.text);
        }
        behind_as = token.is_word("as");
        if token.is_mark("(") {
            depth += 1;
        } else if token.is_mark(")") {
            depth = depth.saturating_sub(1);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_a_query_are_those_of_its_first_select() {
        for (query, expected) in [
            ("select `t`.`a` AS `a`,max(`t`.`b`) AS `b,c` from `t` AS `u`", &["`a`", "`b,c`"][..]),
            ("(select 1 AS `1`) union (select 2 AS `2`)", &["`1`"]),
            (
                "with `c` (`x`) as (select 1 AS `1`) select `c`.`x` AS `x`,(select 1 AS `n`) AS `y`",
                &["`x`", "`y`"],
            ),
            ("select cast(`t`.`a` as char(3)) AS `a``s`,' AS `b`, ' AS `d` limit 1", &["`a``s`", "`d`"]),
            ("", &[]),
        ] {
            assert_eq!(names(query), expected, "{query}");
        }
    }

    #[test]
    fn names_of_its_own_are_those_that_the_query_does_not_give() {
        assert!(!are_its_own("`a`, `b`", "select 1 AS `a`,2 AS `b`"));
        assert!(are_its_own("`a`, `c`", "select 1 AS `a`,2 AS `b`"));
        // A query that is not read to its end tells nothing.
        assert!(!are_its_own("`a`, `c`", "select 1,2 AS `b`"));
    }
}
