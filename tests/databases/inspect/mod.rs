//! What is read back from databases: the schema that was created, and nothing else.

#[cfg(feature = "mysql")]
pub mod mysql;
#[cfg(feature = "postgres")]
mod objects;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use schemactl::dialect::Inspection;
use schemactl::syntax::print;

use crate::stage::{Stage, differences};
use crate::strategies::Profile;

/// What was read is made anew on an empty database, which then is the same to the eye and to the reader.
fn holds(stage: &mut Stage) -> Result<Inspection, TestCaseError> {
    let (catalog, found) = (stage.catalog(), stage.inspect());
    let text = print(&found.state);
    let parsed = crate::laws::read_for(&text, stage.dialect.naming()).state;
    prop_assert_eq!(&print(&parsed), &text, "what is printed is read differently");
    prop_assert!(parsed == found.state, "what is printed is read differently:\n{}", text);
    let when =
        |problem: &dyn std::fmt::Display| TestCaseError::fail(format!("{problem}\nwhen making\n{text}"));
    let made = match stage.profile {
        Profile::Mysql => stage.lay(&parsed),
        _ => stage.create(&parsed).map_err(|refused| refused.to_string()),
    };
    made.map_err(|refused| when(&refused))?;
    let differences = differences(&catalog, &stage.catalog());
    // Who may do what is no part of a schema: it is named as such, and gone.
    let differs =
        differences.lines().any(|line| line.starts_with(['-', '+']) && !line.starts_with("- privilege"));
    prop_assert!(!differs, "the catalog differs:\n{}\nof\n{}", differences, text);
    let again = stage.inspect();
    prop_assert_eq!(&print(&again.state), &text, "what is read a second time differs");
    let lost = found.unmanaged.iter().filter(|item| !again.unmanaged.contains(item));
    prop_assert_eq!(lost.filter(|item| &*item.kind != "privileges").count(), 0, "{:?}", found.unmanaged);
    Ok(found)
}
