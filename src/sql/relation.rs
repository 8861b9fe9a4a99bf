//! The names in a query that may be those of tables and views.

use super::{Rules, Token, TokenKind, identifiers::identifier, tokens};

/// Words that a relation's name follows directly. Behind any other word, a name is an alias.
const BEFORE: [&str; 8] = ["from", "in", "join", "lateral", "oj", "only", "straight_join", "table"];

/// What parentheses of a conversion begin with: the name behind AS in them is a type, which each table has in PostgreSQL.
const CONVERSIONS: [&str; 2] = ["cast", "try_cast"];

/// The names in a query that may be those of relations: all but aliases, and what stands in front of a dot, which is
/// an alias, a namespace or the name of a relation that stands elsewhere by itself.
pub fn may_be_relations(query: &str, rules: &Rules) -> Vec<String> {
    let tokens: Vec<Token<'_>> = tokens(query, rules).filter(Token::is_significant).collect();
    let mut found = Vec::new();
    // For each open parenthesis, whether it is that of a conversion.
    let mut open: Vec<bool> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        if token.is_mark("(") {
            open.push(before.is_some_and(|word| CONVERSIONS.iter().any(|known| word.is_word(known))));
        } else if token.is_mark(")") {
            open.pop();
        }
        let is_part = before.is_some_and(|before| before.is_mark("."));
        let Some(identifier) = identifier(token, is_part, rules).filter(|found| !found.reserved) else {
            continue;
        };
        let in_conversion = open.last().is_some_and(|conversion| *conversion);
        let is_alias = before.is_some_and(|before| is_before_alias(before, in_conversion));
        let qualifies = tokens.get(at + 1).is_some_and(|next| next.is_mark("."));
        if !is_alias && !qualifies {
            found.push(identifier.name.into_owned());
        }
    }
    found
}

/// Whether a name behind this is an alias, or a name of something else that is no relation.
fn is_before_alias(token: &Token<'_>, in_conversion: bool) -> bool {
    match token.kind {
        TokenKind::Word if token.is_word("as") => !in_conversion,
        TokenKind::Word => !BEFORE.iter().any(|word| token.is_word(word)),
        TokenKind::Quoted => true,
        _ => token.is_mark(")"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_stand_where_a_query_reads_from() {
        let cases: [(&str, &[&str]); 9] = [
            ("SELECT b.id FROM t AS b", &["id", "t"]),
            (
                "select `b`.`id` AS `x` from (`t` `b` join `u` on(`b`.`id` = `u`.`id`))",
                &["id", "t", "u", "id", "id"],
            ),
            ("SELECT 1 FROM ns.t, ONLY u v", &["t", "only", "u"]),
            (
                "SELECT 1 FROM t NATURAL JOIN \"u\" CROSS JOIN LATERAL f(w) x",
                &["t", "u", "lateral", "f", "w"],
            ),
            ("WITH r AS (SELECT 1 FROM t) TABLE r", &["with", "t", "r"]),
            ("SELECT id AS b FROM b", &["b"]),
            ("SELECT CAST(x AS b), (1 + y) AS c FROM t", &["x", "b", "y", "t"]),
            ("SELECT x::b FROM t WHERE x IN u", &["b", "t", "u"]),
            ("SELECT 1 FROM a STRAIGHT_JOIN b UNION TABLE c", &["a", "b", "c"]),
        ];
        for (query, names) in cases {
            assert_eq!(may_be_relations(query, &Rules::SHARED), names, "{query}");
        }
    }
}
