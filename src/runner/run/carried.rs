//! Keeps what somebody gave by hand to objects that go for a moment, and gives it to those that come in their place.

use std::collections::BTreeMap;

use super::Failure;
use crate::dialect::Carry;
use crate::runner::connection::{Connection, Row};

/// What is kept: statements by number, each with the column that it is about.
#[derive(Default)]
pub(super) struct Carried(BTreeMap<usize, Vec<(String, Option<String>)>>);

impl Carried {
    /// What has to be done before a statement.
    pub(super) async fn save(
        &mut self,
        connection: &mut Connection,
        carry: Option<&Carry>,
    ) -> Result<(), Failure> {
        let Some(Carry::Save { slot, query }) = carry else { return Ok(()) };
        let rows = connection.query(query).await;
        let rows = rows.map_err(|error| Failure::of(error, "can't read what an object has been given"))?;
        let kept = |row: &Row| Some((row.get(0)?.to_owned(), row.get(1).map(str::to_owned)));
        self.0.insert(*slot, rows.iter().filter_map(kept).collect());
        Ok(())
    }

    /// What has to be done after a statement.
    pub(super) async fn restore(
        &mut self,
        connection: &mut Connection,
        carry: Option<&Carry>,
        steps: &[usize],
    ) -> Result<(), Failure> {
        let Some(Carry::Restore { slot, name, columns }) = carry else { return Ok(()) };
        let kept = self.0.remove(slot).unwrap_or_default();
        if kept.is_empty() {
            return Ok(());
        }
        let found = connection.query(columns).await;
        let found = found.map_err(|error| Failure::of(error, "can't read the columns of an object"))?;
        let has = |column: &String| found.iter().any(|row| row.get(0) == Some(column));
        for (sql, _) in kept.iter().filter(|(_, column)| column.as_ref().is_none_or(has)) {
            let sql = sql.replace(Carry::PLACE, name);
            let given = connection.execute(&sql).await;
            given
                .map_err(|error| Failure::of(error, "can't give back what an object had").at(steps, &sql))?;
        }
        Ok(())
    }
}
