//! A user without rights on part of the catalog is told what he can't see, with the GRANT that is missing, and nothing
//! is taken for missing that he can't see.

use crate::support::mysql::{self, TestDatabase, is_mariadb};
use crate::support::project::{Output, Project};
use crate::support::sql;

/// What the documentation asks for.
const DOCUMENTED: &str =
    "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW";

const SCHEMA: &str = r#"
table users { column id bigint primary-key; column age int; }
table posts { column id bigint primary-key; column author bigint references=users.id; }
view adults { as (sql)"select id from users where age > 17" }
object seen {
    depends-on users
    create "CREATE TRIGGER seen BEFORE INSERT ON users FOR EACH ROW SET NEW.age = 1"
    drop "DROP TRIGGER seen"
}
object tell { create "CREATE PROCEDURE tell() SELECT 1"; drop "DROP PROCEDURE tell"; }
object nightly {
    create "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM posts"
    drop "DROP EVENT nightly"
}
"#;

/// A database that has a schema, and a user besides the one who made it.
struct Looked {
    project: Project,
    database: TestDatabase,
    user: String,
    url: String,
}

impl Looked {
    fn new(name: &str, schema: &str) -> Self {
        let mut project = Project::empty();
        let database = mysql::database(name);
        let user = format!("unseen_{name}_{}", std::process::id());
        sql::execute(mysql::server(), &format!("CREATE USER {user}@'%' IDENTIFIED BY 'x'"));
        let mut url: url::Url = database.url.parse().unwrap();
        url.set_username(&user).unwrap();
        url.set_password(Some("x")).unwrap();
        project.hide(&database.name, "shop").hide(&user, "app");
        project.write(
            "schemactl.kdl",
            format!(
                "project shop {{ dialects mysql }}\nenv dev default=#true {{ url \"{}\" }}\n",
                database.url
            ),
        );
        project.write("schema/shop.kdl", schema);
        project.run(&["plan", "-q", "-m", "first"]).ok();
        project.run(&["apply", "-q"]).ok();
        Self { project, database, user, url: url.into() }
    }

    /// Gives rights on the database; scratch databases may be made as well.
    fn grant(&self, rights: &str) {
        self.grant_there(rights);
        sql::execute(mysql::server(), &format!("GRANT ALL ON `schemactl\\_%`.* TO {}@'%'", self.user));
    }

    /// Gives rights on the database alone.
    fn grant_there(&self, rights: &str) {
        let (name, user) = (&self.database.name, &self.user);
        sql::execute(mysql::server(), &format!("GRANT {rights} ON `{name}`.* TO {user}@'%'"));
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.project.run(&[arguments, &["--url", &self.url]].concat())
    }
}

impl Drop for Looked {
    fn drop(&mut self) {
        sql::clean_up(mysql::server(), &format!("DROP USER {}@'%'", self.user));
    }
}

#[test]
fn what_a_user_cant_see_is_said_with_the_grant() {
    let looked = Looked::new("told", SCHEMA);
    looked.grant(DOCUMENTED);
    let said = looked.run(&["inspect"]);
    let of_routines = if is_mariadb() { "SELECT ON mysql.proc" } else { "SHOW_ROUTINE ON *.*" };
    let expected = format!(
        "this user can't see all triggers, events, and procedures and functions, which would be shown after `GRANT TRIGGER \
         ON `shop`.* TO 'app'@'%'`, `GRANT EVENT ON `shop`.* TO 'app'@'%'`, `GRANT {of_routines} TO 'app'@'%'`\n"
    );
    assert!(said.stderr.contains(&expected), "{said}");
    assert!(said.stdout.contains("view adults") && said.stdout.contains("references=users.id"), "{said}");
    for command in ["drift", "drift --accept", "drift --pull", "push", "stamp head --purge"] {
        let refused = looked.run(&command.split(' ').collect::<Vec<_>>()).fails(1);
        assert!(refused.contains("E750"), "{command}: {refused}");
    }
    let refused = looked.project.run(&["diff", "schema", &looked.url]).fails(1);
    assert!(refused.contains("E750"), "{refused}");
    let refused = looked.run(&["drift"]).fails(1);
    assert!(
        refused.contains(
            "error[E750]: this user can't see all triggers, events, and procedures and functions: what"
        ),
        "{refused}"
    );
    assert!(
        refused.contains("help: let an administrator run `GRANT TRIGGER ON `shop`.* TO 'app'@'%'`"),
        "{refused}"
    );
    // With the rights that were named nothing is missing.
    looked.grant("TRIGGER, EVENT");
    sql::execute(mysql::server(), &format!("GRANT {of_routines} TO {}@'%'", looked.user));
    assert_eq!(looked.run(&["drift"]).code, Some(0), "{}", looked.run(&["drift"]));
    assert!(!looked.run(&["inspect"]).stderr.contains("can't see"));
}

#[test]
fn a_schema_without_what_cant_be_seen_is_compared() {
    let schema = SCHEMA.split("object seen").next().unwrap();
    let looked = Looked::new("plain", schema);
    looked.grant(DOCUMENTED);
    assert_eq!(looked.run(&["drift"]).code, Some(0), "{}", looked.run(&["drift"]));
    sql::execute(&looked.database.url, "DELETE FROM schemactl_observed");
    assert_eq!(looked.run(&["drift"]).code, Some(0), "{}", looked.run(&["drift"]));
    looked.project.replace(
        "schema/shop.kdl",
        "column age int;",
        "column age int; column nick text nullable;",
    );
    looked.project.run(&["plan", "-q"]).ok();
    looked.run(&["apply", "-q"]).ok();
    looked.run(&["rollback", "-1", "-q", "--allow-destructive", "all"]).ok();
    // Somebody else's trigger is none of its business, and no fault of the catalog.
    sql::execute(
        &looked.database.url,
        "CREATE TRIGGER other BEFORE INSERT ON users FOR EACH ROW SET NEW.age = 1",
    );
    assert_eq!(looked.run(&["inspect"]).code, Some(0), "{}", looked.run(&["inspect"]));
}

#[test]
fn one_who_may_only_read_is_told() {
    let looked = Looked::new("reads", SCHEMA.split("object seen").next().unwrap());
    looked.grant("SELECT");
    let refused = looked.run(&["drift"]).fails(1);
    let what = if is_mariadb() { "views, and foreign keys" } else { "views" };
    assert!(refused.contains(&format!("this user can't see all {what}: what")), "{refused}");
    assert!(refused.contains("run `GRANT SHOW VIEW ON `shop`.* TO 'app'@'%'`\n"), "{refused}");
    looked.grant("SHOW VIEW");
    assert_eq!(looked.run(&["drift"]).code, Some(0), "{}", looked.run(&["drift"]));
}

#[test]
fn rights_of_a_role_count() {
    let looked = Looked::new("role", SCHEMA.split("object tell").next().unwrap());
    let role = format!("{}_role", looked.user);
    sql::execute(mysql::server(), &format!("CREATE ROLE {role}"));
    let of_database = format!("GRANT {DOCUMENTED}, TRIGGER ON `{}`.* TO {role}", looked.database.name);
    let default = if is_mariadb() {
        format!("SET DEFAULT ROLE {role} FOR {}@'%'", looked.user)
    } else {
        format!("SET DEFAULT ROLE {role} TO {}@'%'", looked.user)
    };
    sql::execute(mysql::server(), &format!("{of_database}; GRANT {role} TO {}@'%'; {default}", looked.user));
    let said = looked.run(&["drift"]);
    sql::execute(mysql::server(), &format!("DROP ROLE {role}"));
    assert_eq!(said.code, Some(0), "{said}");
}

#[test]
fn without_scratch_databases_all_but_what_views_say_is_compared() {
    let schema = r#"
        enum mood sad ok
        table users {
            column id bigint identity primary-key
            column age int nullable default=18
            column mood mood default=ok
            column born date default=(sql)"(curdate())"
            column twice int nullable { generated (sql)"age * 2 + 1"; }
            column seen timestamptz default=(sql)"CURRENT_TIMESTAMP"
            check (sql)"age > 0 AND (age < 200 OR mood = 'ok')"
            index age
        }
        view adults { as (sql)"select * from users where age > 17" }
    "#;
    let looked = Looked::new("scratchless", schema);
    looked.grant_there(DOCUMENTED);
    sql::execute(&looked.database.url, "DELETE FROM schemactl_observed");
    let note = "not compared: what `adults` say (can't create a scratch database: Access denied for user ";
    let way = "; to compare it, let an administrator run `GRANT ALL ON `schemactl\\_%`.* TO 'app'@'%'`";
    for command in ["drift", "stamp head --purge"] {
        let said = looked.run(&command.split(' ').collect::<Vec<_>>());
        assert_eq!(said.code, Some(0), "{command}: {said}");
        assert!(said.stderr.contains(note) && said.stderr.contains(way), "{command}: {said}");
        sql::execute(&looked.database.url, "DELETE FROM schemactl_observed");
    }
    let words = looked.run(&["prove"]).fails(1);
    assert!(words.contains("error[E740]: can't create a scratch database: Access denied"), "{words}");
    assert!(words.contains("help: let an administrator run `GRANT ALL ON `schemactl\\_%`.*"), "{words}");
    sql::execute(&looked.database.url, "ALTER TABLE users ALTER age SET DEFAULT 19");
    let said = looked.run(&["stamp", "head", "--purge"]);
    assert!(said.code == Some(4) && said.stdout.contains("column users.age"), "{said}");
    assert!(said.stdout.contains("1 difference"), "{said}");
    // With the right, a view is compared as well.
    looked.grant(DOCUMENTED);
    sql::execute(&looked.database.url, "ALTER TABLE users ALTER age SET DEFAULT 18");
    sql::execute(&looked.database.url, "CREATE OR REPLACE VIEW adults AS SELECT * FROM users");
    let said = looked.run(&["drift"]);
    assert!(said.code == Some(4) && said.stdout.contains("~ view adults"), "{said}");
}
