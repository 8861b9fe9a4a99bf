//! Scripts for `psql`.

use super::quote;
use crate::dialect::{Circumstances, Offline, Version};

/// How scripts for PostgreSQL are written.
pub(super) struct Script;

impl Offline for Script {
    fn command(&self, _: Version) -> &'static str {
        "psql --file FILE"
    }

    fn head(&self) -> &'static str {
        "\\set ON_ERROR_STOP on\nSET standard_conforming_strings = on;\nSET client_min_messages = warning;\n\
         SET TimeZone = 'UTC';\nSET DateStyle = 'ISO, MDY';\n"
    }

    fn begin(&self, _unguarded: bool) -> Vec<String> {
        vec!["BEGIN".to_owned()]
    }

    fn commit(&self, _unguarded: bool) -> Vec<String> {
        vec!["COMMIT".to_owned()]
    }

    fn lock(&self, table: &str) -> Option<String> {
        Some(format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))
    }

    fn assert(&self, condition: &str, message: &str) -> Vec<String> {
        let body = format!(
            "\nBEGIN\n    IF ({condition}) IS NOT TRUE THEN\n        RAISE EXCEPTION USING MESSAGE = {};\n    END IF;\nEND\n",
            quote::string(message)
        );
        let tags = (0..).map(|number| match number {
            0 => "$schemactl$".to_owned(),
            number => format!("$schemactl{number}$"),
        });
        let free = tags.into_iter().find(|tag| !body.contains(tag.as_str()));
        let tag = free.expect("a text of finite length doesn't hold every tag");
        vec![format!("DO {tag}{body}{tag}")]
    }

    fn only_if(&self, condition: &str, part: &str) -> String {
        format!("SELECT ({condition}) IS TRUE AS schemactl_run \\gset\n\\if :schemactl_run\n{part}\\endif\n")
    }

    fn circumstances(&self) -> Circumstances {
        Circumstances {
            started: "to_char(transaction_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
            finished: "to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
            milliseconds: "(extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000)::bigint",
            actor: "session_user || '@' || coalesce(host(inet_client_addr()), 'localhost')",
        }
    }
}
