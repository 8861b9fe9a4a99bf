//! The schemas of docs/schema.md on real databases: each is created, taken back and created again.

use std::fs;
use std::path::Path;

use crate::support::markdown::blocks;
use crate::support::project::Project;
use crate::support::{postgres, sql};

/// A type of an extension that a plain server doesn't have.
const BEYOND: &str = "geometry(";

/// The environments that the page names.
const CONFIG: &str = "project docs { dialects sqlite postgres }\n\
    env dev { url \"sqlite://dev.db\" }\nenv test { url \"sqlite://test.db\" }\n";

#[test]
fn the_schemas_of_the_documentation_can_be_created_and_taken_back() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema.md")).unwrap();
    let mut tried = 0;
    for block in blocks(&page).iter().filter(|block| block.info == "kdl") {
        let project = Project::empty();
        project.write("schemactl.kdl", CONFIG);
        project.write("schema/schema.kdl", &block.text);
        let prove = |arguments: &[&str]| {
            let output = project.run(arguments);
            assert_eq!(output.code, Some(0), "docs/schema.md:{}: {output}", block.line);
        };
        prove(&["plan", "-m", "all"]);
        prove(&["prove"]);
        if block.text.contains(" virtual ") && !has_virtual_columns() {
            let refused = project.run(&["prove", "--url", postgres::server()]);
            assert!(refused.stderr.contains("E530"), "docs/schema.md:{}: {refused}", block.line);
        } else if !block.text.contains(BEYOND) {
            prove(&["prove", "--url", postgres::server()]);
        }
        tried += 1;
    }
    assert!(tried > 10, "the page has {tried} schemas");
}

fn has_virtual_columns() -> bool {
    sql::rows(postgres::server(), "SELECT current_setting('server_version_num')::int >= 180000") == ["t"]
}
