//! What somebody changes in a database besides the revisions: found, named, put back, accepted, pulled into the schema.

mod changes;
mod mysql_kinds;
mod pull;
mod push;
mod upgrade;

use serde_json::Value;

use crate::support::project::{Output, Project};
use crate::support::{mysql, postgres, sql};

/// A schema with something of every kind that both databases have.
const SCHEMA: &str = r#"// The shop.

template stamps {
    column created_at timestamptz // when
}

// People.
table users comment="People" {
    column id bigint identity primary-key
    // For letters.
    column email "varchar(200)" unique default="" // trailing
    column age int nullable
    column note text nullable
    use stamps
    check (sql)"age > 0"
    index age
}

table posts {
    column id bigint identity primary-key
    column author bigint references="users.id" on-delete=cascade
    column title text
    use stamps
}

view adults { as (sql)"select id, email from users where age > 17" }
"#;

/// A project with a database of one kind that has its only revision.
struct Live {
    project: Project,
    url: String,
    _postgres: Option<postgres::TestDatabase>,
    _mysql: Option<mysql::TestDatabase>,
}

impl Live {
    fn empty(kind: &str, schema: &str) -> Self {
        let mut project = Project::empty();
        let postgres = (kind == "postgres").then(|| postgres::database("drift"));
        let mysql = (kind == "mysql").then(|| mysql::database("drift"));
        let url = postgres.as_ref().map(|database| database.url.clone());
        let url = url.or_else(|| mysql.as_ref().map(|database| database.url.clone()));
        let url = url.unwrap_or_else(|| project.sqlite("shop.db"));
        project.hide(&url, "[URL]");
        project.write(
            "schemactl.kdl",
            format!("project shop {{ dialects {kind} }}\nenv dev default=#true {{ url \"{url}\" }}\n"),
        );
        project.write("schema/shop.kdl", schema);
        Self { project, url, _postgres: postgres, _mysql: mysql }
    }

    fn new(kind: &str, schema: &str) -> Self {
        let live = Self::empty(kind, schema);
        live.project.run(&["plan", "-q", "-m", "first"]).ok();
        live.run(&["apply", "-q"]).ok();
        live
    }

    fn each() -> [Self; 3] {
        ["sqlite", "postgres", "mysql"].map(|kind| Self::new(kind, SCHEMA))
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.project.run(arguments)
    }

    fn execute(&self, statements: &str) {
        sql::execute(&self.url, statements);
    }

    #[track_caller]
    fn expect_no_drift(&self, when: &str) {
        let output = self.run(&["drift"]);
        assert_eq!(output.code, Some(0), "{when}: {output}");
    }

    /// The differences that `drift` finds: sign, kind and name of each, and the SQL that puts them back.
    fn drift(&self) -> (Vec<String>, Vec<String>) {
        let output = self.run(&["drift", "--format", "json"]);
        let document: Value = serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{output}"));
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let list = |name: &str| document[name].as_array().cloned().unwrap_or_default();
        let line = |item: &Value, name: &str| {
            format!("{} {} {}", word(&item["sign"]), word(&item["kind"]), word(&item[name]))
        };
        let mut lines: Vec<String> = list("differences").iter().map(|item| line(item, "subject")).collect();
        lines.extend(list("unmanaged").iter().map(|item| line(item, "name")));
        let statements = list("differences");
        let statements =
            statements.iter().flat_map(|item| item["put_back"].as_array().cloned().unwrap_or_default());
        let statements = statements.map(|statement| word(&statement)).collect();
        assert_eq!(output.code, Some(if lines.is_empty() { 0 } else { 4 }), "{output}");
        (lines, statements)
    }

    /// Makes a change, sees that it is found under these names, and that the SQL that is shown takes it back.
    fn expect_found(&self, change: &str, names: &[&str]) {
        self.execute(change);
        let (lines, statements) = self.drift();
        for name in names {
            assert!(lines.iter().any(|line| line == name), "{change}: {name} is not in {lines:?}");
        }
        assert_eq!(lines.len(), names.len(), "{change}: {lines:?}");
        if !statements.is_empty() {
            self.execute(&statements.iter().map(|statement| format!("{statement};\n")).collect::<String>());
        }
        let left = self.run(&["drift"]);
        assert_eq!(left.code, Some(0), "{change}\nput back with {statements:#?}\n{left}");
    }
}

/// A project whose role may make no databases; the role goes when the test has ended.
struct Guest {
    live: Live,
    role: String,
    owner: String,
}

impl Guest {
    fn new(name: &str, schema: &str) -> Self {
        let mut live = Live::empty("postgres", schema);
        let (owner, role) = (live.url.clone(), format!("drift_{name}_{}", std::process::id()));
        live.execute(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'x' NOCREATEDB; GRANT ALL ON SCHEMA public TO {role}"
        ));
        let (_, place) = owner.split_once('@').unwrap();
        live.url = format!("postgresql://{role}:x@{place}");
        let url = &live.url;
        live.project.write(
            "schemactl.kdl",
            format!("project shop {{ dialects postgres }}\nenv dev default=#true {{ url \"{url}\" }}\n"),
        );
        live.project.run(&["plan", "-q", "-m", "first"]).ok();
        live.run(&["apply", "-q"]).ok();
        Self { live, role, owner }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let Self { role, owner, .. } = self;
        sql::clean_up(owner, &format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}"));
    }
}
