//! Who else is at work on the server: who holds a lock, and who is in the way of a statement.

use std::collections::HashSet;

use super::{DatabaseError, ErrorKind, Holder, Row, Session};

/// How many sessions are named that are in the way.
const BLOCKERS_MAX: usize = 3;

/// Who holds locks on tables of the database, as MySQL's own accounts of it say.
const LOCKS: &str = "SELECT m.OBJECT_NAME, t.PROCESSLIST_ID, t.PROCESSLIST_USER, t.PROCESSLIST_HOST, \
    t.PROCESSLIST_COMMAND, t.PROCESSLIST_TIME, t.PROCESSLIST_INFO FROM performance_schema.metadata_locks AS m \
    JOIN performance_schema.threads AS t ON t.THREAD_ID = m.OWNER_THREAD_ID \
    WHERE m.OBJECT_TYPE = 'TABLE' AND m.LOCK_STATUS = 'GRANTED' AND m.OBJECT_SCHEMA = DATABASE() \
    AND t.PROCESSLIST_ID <> CONNECTION_ID() ORDER BY t.PROCESSLIST_TIME DESC, t.PROCESSLIST_ID";

/// Who has a transaction open or a statement under way in the database, where nobody says what it locks.
const TRANSACTIONS: &str = "SELECT NULL, p.ID, p.USER, p.HOST, p.COMMAND, p.TIME, p.INFO \
    FROM information_schema.PROCESSLIST AS p \
    LEFT JOIN information_schema.INNODB_TRX AS t ON t.trx_mysql_thread_id = p.ID \
    WHERE p.ID <> CONNECTION_ID() AND p.DB = DATABASE() \
    AND (t.trx_mysql_thread_id IS NOT NULL OR p.COMMAND NOT IN ('Sleep', 'Daemon')) \
    ORDER BY coalesce(t.trx_started, now()), p.TIME DESC, p.ID";

/// The same for those who may not see transactions: whoever is connected to the database.
const PROCESSES: &str = "SELECT NULL, ID, USER, HOST, COMMAND, TIME, INFO FROM information_schema.PROCESSLIST \
    WHERE ID <> CONNECTION_ID() AND DB = DATABASE() ORDER BY COMMAND = 'Sleep', TIME DESC, ID";

impl Session {
    pub(in super::super) async fn holder(&mut self, key: i64) -> Result<Option<Holder>, DatabaseError> {
        let name = self.lock_name(key);
        let rows = self
            .query(&format!(
                "SELECT NULL, l.id, p.USER, p.HOST, p.COMMAND, p.TIME, p.INFO \
                 FROM (SELECT IS_USED_LOCK({name}) AS id) AS l \
                 LEFT JOIN information_schema.PROCESSLIST AS p ON p.ID = l.id WHERE l.id IS NOT NULL",
            ))
            .await?;
        Ok(rows.first().map(|row| Holder { description: self.process(row), since: None }))
    }

    pub(in super::super) async fn blockers(&mut self, sql: &str) -> Result<Vec<String>, DatabaseError> {
        let rows = if self.is_mariadb() { self.query(TRANSACTIONS).await } else { self.query(LOCKS).await };
        let rows = match rows {
            Err(error) if error.kind == ErrorKind::Permission => {
                let own = self.query(PROCESSES).await?;
                if own.is_empty() {
                    return Ok(vec![format!("who is in the way, {} lets be seen", self.sight())]);
                }
                own
            }
            rows => rows?,
        };
        let is_named = |row: &&Row| row.get(0).is_some_and(|table| sql.contains(table));
        // A foreign key's other table is locked without being named.
        let anywhere = !rows.iter().any(|row| is_named(&row));
        let mut seen = HashSet::new();
        let rows = rows.iter().filter(|row| anywhere || is_named(row));
        let rows = rows.filter(|row| seen.insert(row.get(1)));
        Ok(rows
            .take(BLOCKERS_MAX)
            .map(|row| match row.get(0) {
                Some(table) => format!("`{table}` is in use by {}", self.process(row)),
                None => format!("the database is in use by {}", self.process(row)),
            })
            .collect())
    }

    /// What lets the sessions of other users be seen.
    fn sight(&self) -> String {
        format!("`GRANT PROCESS ON *.* TO {}`", self.server.account.as_deref().unwrap_or("this user"))
    }

    /// A session of the server in words; without the right to see it, nothing but its number is known.
    fn process(&self, row: &Row) -> String {
        let cell = |at: usize| row.get(at).filter(|text| !text.is_empty());
        let id = cell(1).unwrap_or("?");
        let Some(user) = cell(2) else {
            return format!("process {id}, which {} lets be seen", self.sight());
        };
        let name = cell(6).and_then(tagged).map(|name| format!(", `{name}`")).unwrap_or_default();
        let host = cell(3).map_or("this host", |host| host.rsplit_once(':').map_or(host, |(host, _)| host));
        let state = match (cell(4), cell(5)) {
            (Some("Sleep"), Some(seconds)) => format!(", idle for {seconds} s"),
            (Some(_), Some(seconds)) => format!(", at a statement for {seconds} s"),
            _ => String::new(),
        };
        format!("process {id}{name} as `{user}` from {host}{state}")
    }
}

/// The run that a statement is part of.
fn tagged(statement: &str) -> Option<&str> {
    statement
        .strip_prefix("/* ")?
        .split_once(" */")
        .map(|(run, _)| run)
        .filter(|run| run.starts_with("schemactl"))
}
