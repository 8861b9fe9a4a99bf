//! A revision that stops half-way because a right is missing, and can't be undone because another is: both ways stay open.

use crate::support::mysql::{self, TestDatabase};
use crate::support::project::{Output, Project};
use crate::support::sql;

const BEFORE: &str = "table items {\n column id bigint identity primary-key\n column code int default=0\n}\n";
const AFTER: &str = "table items {\n column id bigint identity primary-key\n column code bigint default=0\n index code\n}\n\
                     table tags {\n column id bigint identity primary-key\n column item_id bigint references=items.id\n}\n";

/// A database with the first of two revisions, and a user with rights that are given one by one.
struct Limited {
    project: Project,
    database: TestDatabase,
    user: String,
    url: String,
}

impl Limited {
    fn new() -> Self {
        let mut project = Project::empty();
        let database = mysql::database("refused");
        let user = format!("refused_{}", std::process::id());
        sql::execute(mysql::server(), &format!("CREATE USER {user}@'%' IDENTIFIED BY 'x'"));
        let mut url: url::Url = database.url.parse().unwrap();
        url.set_username(&user).unwrap();
        url.set_password(Some("x")).unwrap();
        project.hide(&database.name, "shop").hide(&user, "app");
        project.write("schemactl.kdl", "project shop { dialects mysql }\n");
        project.write("schema/shop.kdl", BEFORE);
        project.run(&["plan", "-q", "-m", "first"]).ok();
        project.write("schema/shop.kdl", AFTER);
        project.run(&["plan", "-q", "-m", "second"]).ok();
        Self { project, database, user, url: url.into() }
    }

    fn grant(&self, rights: &str) {
        let (name, user) = (&self.database.name, &self.user);
        sql::execute(mysql::server(), &format!("GRANT {rights} ON `{name}`.* TO {user}@'%'"));
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.project.run(&[arguments, &["--url", &self.url]].concat())
    }
}

impl Drop for Limited {
    fn drop(&mut self) {
        sql::execute(mysql::server(), &format!("DROP USER {}@'%'", self.user));
    }
}

#[test]
fn what_cant_be_undone_for_want_of_a_right_can_be_finished_or_undone_later() {
    for next in ["apply", "rollback"] {
        let limited = Limited::new();
        limited.grant("SELECT, INSERT, UPDATE, DELETE");
        let words = limited.run(&["apply", "+1"]).fails(1);
        assert!(words.contains("error[E716]") && words.contains("GRANT CREATE ON `shop`"), "{words}");
        limited.grant("CREATE, REFERENCES");
        limited.run(&["apply", "+1"]).ok();
        let words = limited.run(&["apply"]).fails(7);
        for part in [
            "error[E708]: `0002_second` (~ column items.code int default 0 → bigint default 0): a statement failed",
            "GRANT ALTER ON",
            "to undo it was tried, and stopped: a statement failed: DROP command denied",
            "; then go on with `schemactl apply --url URL`, or undo what ran with `schemactl rollback --url URL`",
        ] {
            assert!(words.contains(part), "{part} in {words}");
        }
        let status = limited.run(&["status"]).ok();
        assert!(status.contains("unfinished 0002_second (up)\n  1 of 3 statements are done\n"), "{status}");
        limited.grant("ALTER, INDEX, DROP");
        limited.run(&[next, "--allow-destructive", "all"]).ok();
        let tables = sql::rows(&limited.database.url, "SHOW TABLES LIKE 'tags'");
        assert_eq!(tables.len(), usize::from(next == "apply"), "{next}");
        assert!(!limited.run(&["status"]).ok().contains("unfinished"));
    }
}
