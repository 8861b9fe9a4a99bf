//! Runs a hook: what must hold before, the statements, what must hold after.

use super::Failure;
use crate::diagnostic::Diagnostic;
use crate::plan::{Check, HookTask};
use crate::runner::connection::Connection;
use crate::runner::errors;

/// Runs a hook in the transaction that is open.
pub(super) async fn run(
    connection: &mut Connection,
    hook: &HookTask,
    steps: &[usize],
) -> Result<(), Failure> {
    let HookTask { name, before, statements, after } = hook;
    for check in before {
        expect(connection, name.as_str(), check).await.map_err(|failure| failure.at(steps, &check.query))?;
    }
    for sql in statements {
        let doing = format!("hook `{name}` failed");
        connection.execute(sql).await.map_err(|error| Failure::of(error, &doing).at(steps, sql))?;
    }
    for check in after {
        expect(connection, name.as_str(), check).await.map_err(|failure| failure.at(steps, &check.query))?;
    }
    Ok(())
}

async fn expect(connection: &mut Connection, hook: &str, check: &Check) -> Result<(), Failure> {
    let rows = connection
        .query(&check.query)
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
