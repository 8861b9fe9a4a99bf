//! SQLite files read back as schemas.

mod corpora;
mod expressions;
mod law;

use schemactl::dialect::Inspection;

use super::holds;
use crate::stage::Stage;

/// What is read from a database that a script makes, after all that has to hold did.
#[track_caller]
fn inspected(script: &str) -> Inspection {
    let mut stage = Stage::sqlite();
    stage.execute(script);
    holds(&mut stage).unwrap_or_else(|problem| panic!("{problem}\nof {script}"))
}
