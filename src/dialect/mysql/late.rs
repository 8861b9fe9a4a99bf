//! Statements whose text is chosen when they run, where neither server takes what a variable or a condition says, and
//! those that a setting of the session goes around; and the name of a run in front of each.

use super::RULES;
use super::quote::{object, string};
use crate::name::ObjectName;
use crate::sql::split;

const SET: &str = "SET @schemactl_sql = ";
const RUN: &str = ";\nPREPARE schemactl_step FROM @schemactl_sql;\nEXECUTE schemactl_step;\n\
    DEALLOCATE PREPARE schemactl_step";

const ZEROS: &str = "SET @schemactl_mode = @@sql_mode;\n\
    SET sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO');\n";
const NUMBERS: &str = ";\nSET sql_mode = @schemactl_mode";

const REOPEN: &str = " ENABLE KEYS";

/// Runs the statement that an expression is the text of.
fn run(text: &str) -> String {
    format!("{SET}{text}{RUN}")
}

/// An ALTER TABLE that also gives the table the character set and collation of its database, as a new one gets them.
pub(super) fn with_charset_of_database(alter: &str) -> String {
    let alter = string(&format!("{alter},\n    DEFAULT CHARSET="));
    run(&format!("CONCAT({alter}, @@character_set_database, ' COLLATE=', @@collation_database)"))
}

/// A statement that takes a 0 for a number, where a column that numbers its rows would take it for none.
pub(super) fn with_zeros(sql: &str) -> String {
    format!("{ZEROS}{sql}{NUMBERS}")
}

/// A statement that finds a table as nobody has opened it before: enabling keys changes nothing of InnoDB's tables, and lets
/// go of every handle. MariaDB keeps them, with the alias that a query gave the table, and where that isn't its name, renames
/// no column that a check, a default or a computed column speaks of (errors 1054; seen on 10.11 and 11.8).
pub(super) fn opened_anew(table: &ObjectName, sql: &str) -> String {
    format!("ALTER TABLE {}{REOPEN};\n{sql}", object(table))
}

/// Whether a statement finds a table opened anew. Queries can have opened it again in between.
#[must_use]
pub fn reopens(sql: &str) -> bool {
    reopening(sql).is_some()
}

/// The two statements of one that finds a table opened anew.
fn reopening(sql: &str) -> Option<[&str; 2]> {
    let statements: [&str; 2] = split(sql, &RULES).ok()?.try_into().ok()?;
    statements[0].ends_with(REOPEN).then_some(statements)
}

/// A statement that runs only if a condition holds; it may be one of these itself.
pub(super) fn only_if(condition: &str, sql: &str) -> String {
    if let Some(both) = reopening(sql) {
        return both.map(|sql| only_if(condition, sql)).join(";\n");
    }
    if let Some(sql) = sql.strip_prefix(ZEROS).and_then(|sql| sql.strip_suffix(NUMBERS)) {
        return with_zeros(&only_if(condition, sql));
    }
    let chosen = sql.strip_prefix(SET).and_then(|sql| sql.strip_suffix(RUN));
    let text = chosen.map_or_else(|| string(sql), str::to_owned);
    run(&format!("IF({condition}, {text}, 'DO 0')"))
}

/// The statements of a text, each with a comment in front of it. A server shows each by itself to whoever looks what is
/// running, and what is chosen when it runs under the text that was chosen. `None` where there is but one.
pub fn each_behind(comment: &str, text: &str) -> Option<String> {
    // What can't be read is for the server to refuse.
    let statements = text.contains(';').then(|| split(text, &RULES).ok()).flatten()?;
    if statements.len() < 2 {
        return None;
    }
    let behind = |statement: &str| match statement.strip_prefix(SET) {
        Some(chosen) => format!("{comment}{SET}CONCAT({}, {chosen})", string(comment)),
        None => format!("{comment}{statement}"),
    };
    // A comment at the end of one would hold the semicolon.
    Some(statements.into_iter().map(behind).collect::<Vec<_>>().join("\n;\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Name;

    #[test]
    fn each_statement_of_a_text_bears_the_comment() {
        let told = |text: &str| each_behind("/* me */ ", text).unwrap_or_default();
        assert_eq!(told("SELECT ';'"), "");
        assert_eq!(told("SELECT 1;"), "");
        assert_eq!(told("SELECT 'open; SELECT 2"), "");
        insta::assert_snapshot!(told("SET a = 1; SELECT 2 -- two"), @"
        /* me */ SET a = 1
        ;
        /* me */ SELECT 2 -- two
        ");
        insta::assert_snapshot!(told(&with_charset_of_database("ALTER TABLE t")), @r"
        /* me */ SET @schemactl_sql = CONCAT('/* me */ ', CONCAT('ALTER TABLE t,
            DEFAULT CHARSET=', @@character_set_database, ' COLLATE=', @@collation_database))
        ;
        /* me */ PREPARE schemactl_step FROM @schemactl_sql
        ;
        /* me */ EXECUTE schemactl_step
        ;
        /* me */ DEALLOCATE PREPARE schemactl_step
        ");
    }

    #[test]
    fn a_table_is_opened_anew_under_the_same_condition() {
        let name = ObjectName::unqualified(Name::new("a; b").unwrap());
        let text = opened_anew(&name, "ALTER TABLE `a; b` RENAME COLUMN x TO y");
        assert!(reopens(&text) && !reopens("ALTER TABLE a ENABLE KEYS"));
        insta::assert_snapshot!(only_if("TRUE", &text), @r"
        SET @schemactl_sql = IF(TRUE, 'ALTER TABLE `a; b` ENABLE KEYS', 'DO 0');
        PREPARE schemactl_step FROM @schemactl_sql;
        EXECUTE schemactl_step;
        DEALLOCATE PREPARE schemactl_step;
        SET @schemactl_sql = IF(TRUE, 'ALTER TABLE `a; b` RENAME COLUMN x TO y', 'DO 0');
        PREPARE schemactl_step FROM @schemactl_sql;
        EXECUTE schemactl_step;
        DEALLOCATE PREPARE schemactl_step
        ");
    }
}
