//! Schemas of real programs, read, written and created anew.

use std::path::Path;
use std::{env, fs};

use super::holds;
use crate::stage::Stage;
use crate::support::sql;

#[test]
fn schemas_of_real_programs_are_read_and_made_anew() {
    let Some(folder) = env::var_os("SCHEMACTL_CORPORA") else { return };
    let mut stage = Stage::postgres();
    let files = ["chinook.sql", "northwind.sql"].map(|name| Path::new(&folder).join("postgres").join(name));
    let mut failed = Vec::new();
    for file in files {
        let name = file.display().to_string();
        stage.clear();
        // In a session of its own, because a dump leaves settings behind.
        sql::execute(stage.url(), &fs::read_to_string(&file).unwrap());
        match holds(&mut stage) {
            Ok(found) => assert_eq!(found.unmanaged, [], "{name}"),
            Err(error) => failed.push(format!("{name}: {error}")),
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}
