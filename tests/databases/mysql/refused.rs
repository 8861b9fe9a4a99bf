//! What is refused before anything runs: servers that are too old, schemas without transactions. And a revision that stops
//! half-way because a right is missing, and can't be undone because another is: both ways stay open.

use crate::support::gate::Gate;
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
        let user = database.name.clone();
        sql::execute(mysql::server(), &format!("CREATE USER {user}@'%' IDENTIFIED BY 'x'"));
        let mut url: url::Url = database.url.parse().unwrap();
        url.set_username(&user).unwrap();
        url.set_password(Some("x")).unwrap();
        project.hide(&database.name, "shop");
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
        sql::clean_up(mysql::server(), &format!("DROP USER {}@'%'", self.user));
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
            "; for the way back, let an administrator run `GRANT DROP ON ",
            "; then go on with `schemactl apply --url URL`, or undo what ran with `schemactl rollback --url URL`",
        ] {
            assert!(words.contains(part), "{part} in {words}");
        }
        let status = limited.run(&["status"]).ok();
        assert!(status.contains("unfinished 0002_second (up)\n  1 of 3 statements are done\n"), "{status}");
        // Who goes on and comes no further leaves what ran before.
        let words = limited.run(&[next, "--allow-destructive", "all"]).fails(7);
        assert!(words.contains("a part of it ran before and stays"), "{next}: {words}");
        assert!(words.contains(&format!("go on with `schemactl {next} --url URL`")), "{next}: {words}");
        limited.grant("ALTER, INDEX, DROP");
        limited.run(&[next, "--allow-destructive", "all"]).ok();
        let tables = sql::rows(&limited.database.url, "SHOW TABLES LIKE 'tags'");
        assert_eq!(tables.len(), usize::from(next == "apply"), "{next}");
        assert!(!limited.run(&["status"]).ok().contains("unfinished"));
    }
}

#[test]
fn the_right_that_a_routine_or_an_event_lacks_is_named() {
    for (object, right) in [
        (
            "create \"CREATE DEFINER=CURRENT_USER PROCEDURE tell() SELECT 1\"; drop \"DROP PROCEDURE tell\"",
            "CREATE ROUTINE",
        ),
        (
            "create \"CREATE FUNCTION one() RETURNS int DETERMINISTIC RETURN 1\"; drop \"DROP FUNCTION one\"",
            "CREATE ROUTINE",
        ),
        (
            "create \"CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1\"; drop \"DROP EVENT nightly\"",
            "EVENT",
        ),
    ] {
        let limited = Limited::new();
        limited.project.write("schema/object.kdl", format!("(mysql)object one {{ {object} }}\n"));
        limited.project.run(&["plan", "-q", "-m", "third"]).ok();
        limited.grant("SELECT, INSERT, UPDATE, DELETE, CREATE, REFERENCES, ALTER, INDEX, DROP");
        let words = limited.run(&["apply"]).fails(7);
        assert!(words.contains(&format!("`GRANT {right} ON `shop`.* TO ")), "{words}");
    }
}

#[test]
fn what_could_not_be_written_down_for_want_of_a_right_is_said_with_the_right() {
    let limited = Limited::new();
    limited.grant("SELECT, INSERT, UPDATE, CREATE, REFERENCES, ALTER, INDEX, DROP");
    let applied = limited.run(&["apply"]);
    let words = &applied.stderr;
    assert!(words.contains("warning[E729]"), "{words}");
    assert!(
        words.contains("let an administrator run `GRANT DELETE ON `shop`.`schemactl_observed` TO "),
        "{words}"
    );
    applied.ok();
}

#[test]
fn the_right_to_see_who_is_in_the_way_is_named() {
    let limited = Limited::new();
    limited.grant("SELECT, INSERT, UPDATE, DELETE, CREATE, REFERENCES, ALTER, INDEX, DROP");
    limited.run(&["apply", "+1", "-q"]).ok();
    let mut user = sql::Session::open(&limited.database.url);
    user.execute("START TRANSACTION");
    user.rows("SELECT * FROM items");
    let words = limited.run(&["apply", "-q", "--lock-timeout", "1s"]).fails(6);
    assert!(words.contains("; who is in the way, `GRANT PROCESS ON *.* TO "), "{words}");
}

#[test]
fn nothing_takes_half_a_revision_for_what_somebody_means() {
    let limited = Limited::new();
    limited.grant("SELECT, INSERT, UPDATE, DELETE, CREATE, REFERENCES");
    limited.run(&["apply", "+1", "-q"]).ok();
    limited.run(&["apply", "-q"]).fails(7);
    let before = limited.project.files();
    let commands: [&[&str]; 5] = [
        &["push"],
        &["push", "--dry-run"],
        &["drift", "--pull"],
        &["drift", "--pull", "--dry-run"],
        &["drift", "--accept"],
    ];
    for command in commands {
        let words = limited.project.run(&[command, &["--url", &limited.database.url]].concat()).fails(5);
        assert!(
            words.contains("error[E726]: the apply of `0002_second` is unfinished"),
            "{command:?}: {words}"
        );
    }
    assert_eq!(limited.project.files(), before);
    // What ran of it may be known from the end of that run.
    sql::execute(&limited.database.url, "DELETE FROM schemactl_observed");
    let drift = limited.project.run(&["drift", "--url", &limited.database.url]);
    assert!(drift.stdout.contains("table tags"), "{drift}");
    let words = drift.fails(4);
    assert!(
        words.contains("`0002_second` is unfinished: what ran of it is among the differences"),
        "{words}"
    );
    assert!(
        words.contains("next: `schemactl apply --url URL`, or `schemactl rollback --url URL`"),
        "{words}"
    );
}

#[test]
fn what_ran_as_other_sql_is_not_counted_on() {
    let limited = Limited::new();
    limited.grant("SELECT, INSERT, UPDATE, DELETE, CREATE, REFERENCES");
    limited.run(&["apply", "+1"]).ok();
    limited.run(&["apply"]).fails(7);
    limited.grant("ALTER, INDEX, DROP");
    let told = |digest: &str| {
        let condition = "event IN ('intended', 'done') AND segment = 0 AND name = '0002_second'";
        let update = format!("UPDATE schemactl_journal SET sql_digest = {digest} WHERE {condition}");
        sql::execute(&limited.database.url, &update);
    };
    told(&format!("'t1:{}'", "0".repeat(64)));
    for command in [&["apply"][..], &["rollback", "--allow-destructive", "all"]] {
        let words = limited.run(command).fails(5);
        assert!(words.contains("error[E739]: part 1 of `0002_second` has run as other SQL"), "{words}");
    }
    let status = limited.run(&["status"]);
    assert!(status.stdout.contains("unfinished 0002_second (up)\npending"), "{}", status.stdout);
    let words = status.fails(5);
    assert!(words.contains("error[E739]: part 1 of `0002_second`"), "{words}");
    // A script may have been written for another product.
    sql::execute(
        &limited.database.url,
        "UPDATE schemactl_journal SET run = 'script' WHERE name = '0002_second'",
    );
    let product = if mysql::is_mariadb() { "mariadb" } else { "mysql" };
    for command in [&["apply"][..], &["status"]] {
        let words = limited.run(command).fails(5);
        let help = format!("written with `--dialect {product}`");
        assert!(words.contains("than it would run as now: by a script") && words.contains(&help), "{words}");
    }
    // Of older rows nothing is known.
    told("NULL");
    limited.run(&["apply"]).ok();
    assert!(!limited.run(&["status"]).ok().contains("unfinished"));
}

#[test]
fn what_is_unfinished_goes_on_in_the_environment_that_it_began_in() {
    let limited = Limited::new();
    let config = limited.project.read("schemactl.kdl");
    let environments =
        ["dev", "stage"].map(|name| format!("env {name} {{ url \"mysql://localhost/{name}\" }}\n"));
    limited.project.write("schemactl.kdl", config + &environments.concat());
    let rows = "data tags only-env=dev {\n row id=1 item_id=5\n}\n";
    limited.project.write("schema/shop.kdl", AFTER.to_owned() + rows);
    limited.project.run(&["plan", "-q", "--amend"]).ok();
    limited.grant("SELECT, INSERT, UPDATE, DELETE, CREATE, REFERENCES");
    limited.run(&["apply", "+1", "--env", "dev"]).ok();
    sql::execute(&limited.database.url, "INSERT INTO items (id) VALUES (5)");
    limited.run(&["apply", "--env", "dev"]).fails(7);
    limited.grant("ALTER, INDEX, DROP");
    limited.run(&["apply", "--env", "stage"]).ok();
    assert_eq!(sql::rows(&limited.database.url, "SELECT id, item_id FROM tags"), ["1|5"]);
}

#[test]
fn a_server_that_is_too_old_is_refused_before_anything_runs() {
    let limited = Limited::new();
    let gate = Gate::before(&limited.database.url);
    let version = sql::rows(&limited.database.url, "SELECT version()").remove(0);
    let numbers: Vec<&str> = version.splitn(3, '.').collect();
    let (old, told) = if mysql::is_mariadb() {
        (format!("{}.05.", numbers[0]), "MariaDB 10.5, and the oldest that is supported is 10.6")
    } else {
        ("5.7.".to_owned(), "MySQL 5.7, and the oldest that is supported is 8.0.16")
    };
    gate.alter(&format!("{}.{}.", numbers[0], numbers[1]), &old);
    for command in [&["apply"][..], &["status"], &["inspect"], &["push"], &["prove"]] {
        let words = limited.project.run(&[command, &["--url", &gate.url]].concat()).fails(1);
        assert!(words.contains("error[E751]") && words.contains(told), "{command:?}: {words}");
    }
    assert_eq!(sql::rows(&limited.database.url, "SHOW TABLES"), Vec::<String>::new());
}

#[test]
fn an_engine_without_transactions_is_refused_where_it_is_written() {
    let limited = Limited::new();
    for engine in ["MyISAM", "memory"] {
        let table =
            format!("table kept {{\n (mysql)options engine={engine}\n column id int primary-key\n}}\n");
        limited.project.write("schema/kept.kdl", table);
        let before = limited.project.files();
        let words = limited.project.run(&["plan", "-m", "third"]).fails(1);
        let told = format!("table `kept` has the engine `{engine}`, which can't undo what failed");
        assert!(words.contains("error[E570]") && words.contains(&told), "{words}");
        assert_eq!(limited.project.files(), before);
    }
}

#[test]
fn no_index_that_somebody_created_loses_a_column() {
    let table =
        |columns: &str| format!("table items {{\n column id bigint identity primary-key\n{columns}\n}}\n");
    for (goes, stays) in [
        (" column code int default=0\n index code", ""),
        // It is made anew, and its index with it.
        (
            " column one int\n column code int nullable { generated (sql)\"one + 1\"; }",
            " column one int\n column code int virtual nullable { generated (sql)\"one + 1\" }",
        ),
    ] {
        let database = mysql::database("along");
        let project = Project::empty();
        project
            .write("schemactl.kdl", "project shop { dialects mysql }\n")
            .write("schema/t.kdl", table(goes));
        project.run(&["plan", "-q", "-m", "first"]).ok();
        project.run(&["apply", "--url", &database.url]).ok();
        sql::execute(&database.url, "CREATE INDEX mine ON items (code, id)");
        project.write("schema/t.kdl", table(stays));
        project.run(&["plan", "-q", "-m", "second"]).ok();
        let apply = ["apply", "--url", &database.url, "--allow-destructive", "all", "--allow-drift"];
        let words = project.run(&apply).fails(1);
        assert!(words.contains("error[E727]") && words.contains("along: index of items: mine"), "{words}");
        sql::execute(&database.url, "DROP INDEX mine ON items");
        project.run(&apply).ok();
    }
}
