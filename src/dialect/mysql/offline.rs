//! Scripts for the programs `mysql` and `mariadb`.

use super::quote::{ident, string};
use crate::dialect::{Circumstances, Offline, Rebuild};

/// How scripts for MySQL and MariaDB are written.
pub(super) struct Script;

impl Offline for Script {
    fn command(&self) -> &'static str {
        "mysql DATABASE < FILE"
    }

    fn head(&self) -> &'static str {
        ""
    }

    fn begin(&self, _unguarded: bool) -> Vec<String> {
        vec!["START TRANSACTION".to_owned()]
    }

    fn commit(&self, _unguarded: bool) -> Vec<String> {
        vec!["COMMIT".to_owned()]
    }

    fn lock(&self, table: &str) -> Option<String> {
        Some(format!("SELECT 1 FROM {} FOR UPDATE", ident(table)))
    }

    fn assert(&self, condition: &str, message: &str) -> Vec<String> {
        vec![format!("SELECT IF({condition}, 1, {})", string(message))]
    }

    fn rebuild(&self, rebuild: &Rebuild) -> Vec<String> {
        rebuild.statements()
    }

    fn circumstances(&self) -> Circumstances {
        Circumstances {
            started: "NOW(6)",
            finished: "SYSDATE(6)",
            milliseconds: "0",
            actor: "CURRENT_USER()",
        }
    }
}
