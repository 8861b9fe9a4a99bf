//! Schemas of real programs, read, written and created anew.

use super::holds;
use crate::corpora::corpora;
use crate::stage::Stage;
use crate::support::sql;

/// What no schema has words for, by file.
const UNMANAGED: &[(&str, &str)] = &[("sakila.sql", "privileges namespace public")];

#[test]
fn schemas_of_real_programs_are_read_and_made_anew() {
    let mut stage = Stage::postgres();
    let mut failed = Vec::new();
    for (name, script) in corpora("postgres") {
        stage.clear();
        // In a session of its own, because a dump leaves settings behind.
        sql::execute(stage.url(), &script);
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
