//! Scripts for the programs `mysql` and `mariadb`, which stop at the first error by themselves. Outside of a routine
//! neither server can raise an error of one's own, so what must hold is inserted into a temporary table whose constraint
//! bears the message.

use super::RULES;
use super::late;
use super::quote::ident;
use super::version::is_mariadb;
use crate::dialect::{Circumstances, Offline, Product, Version};
use crate::sql::{Token, concerned, tokens};

/// How scripts for MySQL and MariaDB are written.
pub(super) struct Script;

/// The longest name that a constraint can have, in characters.
const NAME_MAX: usize = 64;

impl Offline for Script {
    fn command(&self, version: Version) -> &'static str {
        if is_mariadb(version) {
            "mariadb --comments DATABASE < FILE"
        } else {
            "mysql --comments DATABASE < FILE"
        }
    }

    fn head(&self) -> &'static str {
        "SET NAMES utf8mb4, SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,\
         NO_ENGINE_SUBSTITUTION', SESSION time_zone = '+00:00', SESSION autocommit = 1, \
         SESSION foreign_key_checks = 1, SESSION unique_checks = 1, SESSION default_storage_engine = InnoDB, \
         SESSION lock_wait_timeout = 5;\n"
    }

    fn begin(&self, _unguarded: bool) -> Vec<String> {
        vec![
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ".to_owned(),
            "START TRANSACTION".to_owned(),
            "SET @schemactl_started = SYSDATE(6)".to_owned(),
        ]
    }

    fn commit(&self, _unguarded: bool) -> Vec<String> {
        vec!["COMMIT".to_owned()]
    }

    fn lock(&self, table: &str) -> Option<String> {
        Some(format!("SET @schemactl_rows = (SELECT count(*) FROM {table} FOR UPDATE)"))
    }

    fn assert(&self, condition: &str, message: &str) -> Vec<String> {
        let name: String = message.chars().take(NAME_MAX).collect();
        vec![
            format!(
                "CREATE TEMPORARY TABLE schemactl_check (holds boolean, CONSTRAINT {} CHECK (holds IS TRUE))",
                ident(name.trim_end())
            ),
            format!("INSERT INTO schemactl_check SELECT ({condition})"),
            "DROP TEMPORARY TABLE schemactl_check".to_owned(),
        ]
    }

    fn text(&self, value: &str) -> String {
        format!("CAST({value} AS char)")
    }

    /// A body holds semicolons, and the client would end the statement there.
    fn statement(&self, sql: &str) -> String {
        let sql = sql.trim_end().trim_end_matches(';');
        let has_body = tokens(sql, &RULES).any(|token| token.is_mark(";"));
        let ends_in_comment = tokens(sql, &RULES).last().is_some_and(|token| !Token::is_significant(&token));
        if has_body {
            let free = ["//", "$$", ";;"].into_iter().find(|mark| !sql.contains(mark)).unwrap_or("//;//");
            return format!("DELIMITER {free}\n{sql}\n{free}\nDELIMITER ;\n");
        }
        sql.to_owned() + if ends_in_comment { "\n;\n" } else { ";\n" }
    }

    fn only_if(&self, condition: &str, part: &str) -> String {
        format!("SET @schemactl_run = ({condition});\n{part}")
    }

    /// The text is chosen when it runs. MySQL prepares no statement that is about a routine, trigger or event.
    fn conditional(&self, sql: &str, version: Version) -> Option<String> {
        let sql = sql.trim_end().trim_end_matches(';');
        if version.product == Product::MySql && is_about_program(sql) {
            return None;
        }
        Some(late::only_if("@schemactl_run", sql) + ";\n")
    }

    fn circumstances(&self) -> Circumstances {
        Circumstances {
            started: "DATE_FORMAT(@schemactl_started, '%Y-%m-%dT%H:%i:%s.%fZ')",
            finished: "DATE_FORMAT(SYSDATE(6), '%Y-%m-%dT%H:%i:%s.%fZ')",
            milliseconds: "TIMESTAMPDIFF(MICROSECOND, @schemactl_started, SYSDATE(6)) DIV 1000",
            actor: "USER()",
        }
    }
}

/// Whether a statement creates, alters or drops a routine, trigger or event.
fn is_about_program(sql: &str) -> bool {
    let programs = ["trigger", "procedure", "function", "event"];
    concerned(sql, &RULES).is_some_and(|(kind, _)| programs.contains(&kind.as_str()))
}
