//! Schemas that nobody wrote: what is read of a database that was created with one is that schema, but for what a file
//! can't keep, and a database that is created with what was read is the same.

use std::fmt;

use proptest::prelude::*;
use schemactl::model::State;
use schemactl::name::{DERIVED_BYTES_MAX, ObjectName};
use schemactl::syntax::print;

use crate::inspect::holds;
use crate::laws::{Outcome, create, try_out};
use crate::stage::Stage;
use crate::strategies::{Profile, cases, state};

/// Shown as the file that a person would write.
#[derive(Clone)]
struct Written(State);

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", print(&self.0))
    }
}

/// Whether the check that lists an enum's values can't be named after it in full, so that it stays a check.
fn is_long(name: &ObjectName) -> bool {
    name.name.as_str().len() + "_enum".len() > DERIVED_BYTES_MAX
}

/// What has to be read as it was created.
fn same_skeleton(state: &State, read: &State) {
    let names = |state: &State| state.views.keys().cloned().collect::<Vec<_>>();
    let sorted = |mut names: Vec<_>| {
        names.sort();
        names
    };
    assert_eq!(sorted(names(read)), sorted(names(state)));
    assert_eq!(read.tables.len(), state.tables.len());
    for table in &state.tables {
        let found = read.tables.get(&table.name).unwrap_or_else(|| panic!("`{}` is not there", table.name));
        let columns = table.columns.keys().collect::<Vec<_>>();
        assert_eq!(found.columns.keys().collect::<Vec<_>>(), columns);
        for column in &table.columns {
            let read = found.columns.get(&column.name).unwrap();
            assert_eq!(read.nullable, column.nullable, "{}", column.name);
            assert_eq!(read.identity.is_some(), column.identity.is_some(), "{}", column.name);
            assert_eq!(read.generated.is_some(), column.generated.is_some(), "{}", column.name);
            if !column.ty.common.enum_name().is_some_and(is_long) {
                assert_eq!(read.ty.common.enum_name(), column.ty.common.enum_name(), "{}", column.name);
            }
        }
        assert_eq!(found.primary_key, table.primary_key);
        assert_eq!(found.uniques, table.uniques);
        assert_eq!(found.foreign_keys, table.foreign_keys);
        let long = table.columns.iter().filter(|column| column.ty.common.enum_name().is_some_and(is_long));
        assert_eq!(found.checks.len(), table.checks.len() + long.count());
        assert_eq!(found.indexes.len(), table.indexes.len());
    }
}

#[test]
fn what_is_created_is_read() {
    let mut stage = Stage::sqlite();
    try_out(cases(192), &state(Profile::Sqlite).prop_map(Written), 50, |Written(state)| {
        let seen = state.for_dialect(&stage.dialect.name());
        if create(&mut stage, &state)? == Outcome::Impossible {
            return Ok(Outcome::Impossible);
        }
        let inspection = holds(&mut stage)?;
        assert_eq!(inspection.unmanaged, []);
        same_skeleton(&seen, &inspection.state);
        let mut read = stage.dialect.normal(&inspection.state);
        let declared = stage.dialect.normal(&state);
        read.data.clone_from(&declared.data);
        prop_assert_eq!(print(&read), print(&declared), "in a common spelling");
        Ok(Outcome::Whole)
    });
}
