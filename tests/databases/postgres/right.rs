//! Rights that are missing: the message names the GRANT that is enough.

use crate::support::project::{Output, Project};
use crate::support::{postgres, sql};

const BEFORE: &str = "table items {\n    column id int primary-key\n}\n";

/// A user who may do what is granted, and a project with two revisions.
struct Limited {
    project: Project,
    database: postgres::TestDatabase,
    /// Of the database.
    name: String,
    role: String,
    url: String,
}

impl Limited {
    fn new(name: &str) -> Self {
        let database = postgres::database(name);
        let role = format!("test_{name}_{}", std::process::id());
        sql::execute(&database.url, &format!("CREATE ROLE {role} LOGIN PASSWORD 'p'"));
        // Older servers let everybody create tables in `public`.
        sql::execute(&database.url, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        let mut url: url::Url = database.url.parse().unwrap();
        let name = url.path().trim_start_matches('/').to_owned();
        url.set_username(&role).unwrap();
        url.set_password(Some("p")).unwrap();
        let project = Project::empty();
        project.write("schemactl.kdl", "project shop { dialects postgres }\n");
        project.write("schema/shop.kdl", BEFORE);
        project.run(&["plan", "-q", "-m", "first"]).ok();
        project.write("schema/shop.kdl", BEFORE.replace("}", "    column name text nullable\n}"));
        project.run(&["plan", "-q", "-m", "second"]).ok();
        Self { project, database, name, role, url: url.into() }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.project.run(&[arguments, &["--url", &self.url]].concat())
    }

    /// What the owner of the database says.
    fn execute(&self, sql: &str) {
        sql::execute(&self.database.url, &sql.replace("ROLE", &self.role));
    }

    /// Runs what is refused, and grants what the message says.
    #[track_caller]
    fn is_granted(&self, arguments: &[&str], expected: &str) {
        let words = self.run(arguments).to_string();
        let grant = expected.replace("ROLE", &self.role).replace("DATABASE_NAME", &self.name);
        let help = format!("help: let an administrator run `{grant}`\n");
        assert!(words.contains("error[E708]") && words.contains(&help), "{help} in {words}");
        self.execute(&grant);
    }
}

impl Drop for Limited {
    fn drop(&mut self) {
        sql::clean_up(&self.database.url, &format!("DROP OWNED BY {}", self.role));
        sql::clean_up(&self.database.url, &format!("DROP ROLE {}", self.role));
    }
}

#[test]
fn each_right_that_is_missing_is_named() {
    let limited = Limited::new("rights");
    limited.execute(&format!("REVOKE CONNECT ON DATABASE {} FROM PUBLIC", limited.name));
    limited.is_granted(&["status"], "GRANT CONNECT ON DATABASE DATABASE_NAME TO ROLE");
    limited.is_granted(&["apply", "+1"], "GRANT USAGE, CREATE ON SCHEMA public TO ROLE");
    limited.project.run(&["apply", "+1", "--url", &limited.database.url]).ok();
    for table in ["schemactl_journal", "schemactl_observed"] {
        let grant = format!(r#"GRANT SELECT ON "public"."{table}" TO ROLE"#);
        limited.is_granted(&["status"], &grant);
    }
    limited.run(&["status"]).ok();
    let words = limited.run(&["apply"]).fails(1);
    assert!(words.contains("must be owner of table items"), "{words}");
    assert!(words.contains("help: connect as the owner, or as a member of that role\n"), "{words}");
}
