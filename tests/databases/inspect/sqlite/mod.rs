//! SQLite files read back as schemas.

mod broken;
mod corpora;
mod expressions;
mod law;
mod odd;

use schemactl::dialect::Inspection;
use schemactl::syntax::print;

use super::holds;
use crate::stage::Stage;

/// What is read from a database that a script makes, after all that has to hold did.
#[track_caller]
fn inspected(script: &str) -> Inspection {
    let mut stage = Stage::sqlite();
    stage.execute(script);
    holds(&mut stage).unwrap_or_else(|problem| panic!("{problem}\nof {script}"))
}

/// The same as KDL, with nothing else in the database.
#[track_caller]
fn shown(script: &str) -> String {
    let inspection = inspected(script);
    assert_eq!(inspection.unmanaged, []);
    print(&inspection.state)
}
