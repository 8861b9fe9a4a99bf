//! Runs a hook: what must hold before, the statements, what must hold after. The values of variables come into its SQL
//! here, and failures are placed at the SQL without them.

use super::Failure;
use crate::diagnostic::Diagnostic;
use crate::plan::{Check, HookTask, Values};
use crate::runner::connection::Connection;
use crate::runner::errors;
use crate::sql::Rules;

/// Runs a hook in the transaction that is open.
pub(super) async fn run(
    connection: &mut Connection,
    hook: &HookTask,
    (values, rules): (&Values, &Rules),
    steps: &[usize],
) -> Result<(), Failure> {
    let HookTask { name, only_env: _, before, statements, after } = hook;
    for check in before {
        let query = values.fill(&check.query, rules);
        let held = expect(connection, name.as_str(), check, &query).await;
        held.map_err(|failure| failure.at(steps, &check.query))?;
    }
    for sql in statements {
        let doing = format!("hook `{name}` failed");
        let ran = connection.execute(&values.fill(sql, rules)).await;
        ran.map_err(|error| Failure::of(error, &doing).at(steps, sql))?;
    }
    for check in after {
        let query = values.fill(&check.query, rules);
        let held = expect(connection, name.as_str(), check, &query).await;
        held.map_err(|failure| failure.at(steps, &check.query))?;
    }
    Ok(())
}

async fn expect(connection: &mut Connection, hook: &str, check: &Check, query: &str) -> Result<(), Failure> {
    let rows = connection
        .query(query)
        .await
        .map_err(|error| Failure::of(error, &format!("an expectation of hook `{hook}` can't be checked")))?;
    let [row] = rows.as_slice() else {
        let message = format!("an expectation of hook `{hook}` gave {} rows, not one", rows.len());
        return Err(Diagnostic::error(&errors::E720, message)
            .help("write a query with one row and one column, such as `SELECT count(*) …`")
            .into());
    };
    if holds(row.get(0), check.is.as_deref()) {
        return Ok(());
    }
    let shown = |value: Option<&str>| value.map_or_else(|| "NULL".to_owned(), |value| format!("`{value}`"));
    let message = format!(
        "an expectation of hook `{hook}` does not hold: it is {}, not {}",
        shown(row.get(0)),
        shown(check.is.as_deref())
    );
    let help = format!("look at the rows behind `{}`, then mend them or the hook", check.query.trim());
    Err(Diagnostic::error(&errors::E720, message).help(help).into())
}

/// Compares as text; truth values are the same however a database prints them.
fn holds(value: Option<&str>, is: Option<&str>) -> bool {
    match (value, is) {
        (Some(value), Some("true")) => ["true", "t", "1"].contains(&value),
        (Some(value), Some("false")) => ["false", "f", "0"].contains(&value),
        (value, is) => value == is,
    }
}
