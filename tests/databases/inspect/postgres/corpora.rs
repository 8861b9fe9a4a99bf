//! Schemas of real programs, read, written and created anew.

use std::path::Path;
use std::{env, fs};

use super::holds;
use crate::stage::Stage;
use crate::support::sql;

/// What no schema has words for, by file.
const UNMANAGED: &[(&str, &str)] = &[("sakila.sql", "privileges namespace public")];

#[test]
fn schemas_of_real_programs_are_read_and_made_anew() {
    let Some(folder) = env::var_os("SCHEMACTL_CORPORA") else { return };
    let mut stage = Stage::postgres();
    let mut files: Vec<_> = fs::read_dir(Path::new(&folder).join("postgres")).unwrap().flatten().collect();
    files.sort_by_key(fs::DirEntry::file_name);
    let mut failed = Vec::new();
    for file in files {
        let name = file.file_name().into_string().unwrap();
        stage.clear();
        // In a session of its own, because a dump leaves settings behind.
        sql::execute(stage.url(), &fs::read_to_string(file.path()).unwrap());
        match holds(&mut stage) {
            Ok(found) => {
                let found = found.unmanaged.iter().map(|item| format!("{} {}", item.kind, item.name));
                let wanted =
                    UNMANAGED.iter().filter(|(file, _)| *file == name).map(|(_, item)| (*item).to_owned());
                assert_eq!(found.collect::<Vec<_>>(), wanted.collect::<Vec<_>>(), "{name}");
            }
            Err(error) => failed.push(format!("{name}: {error}")),
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}
