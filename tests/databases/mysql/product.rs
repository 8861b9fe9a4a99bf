//! What one of the two products has alone: a project that is for both is told, and one that says which it is for has it.

use crate::support::mysql;
use crate::support::project::Project;
use crate::support::sql;

/// A table with what the server at hand has alone, the word for the server, and the other one's title.
fn own() -> (&'static str, &'static str, &'static str) {
    if mysql::is_mariadb() {
        ("CREATE TABLE t (id int PRIMARY KEY, c varchar(20) COMPRESSED)", "mariadb", "MySQL")
    } else {
        (
            "CREATE TABLE t (id int PRIMARY KEY, v varchar(20), s point NOT NULL SRID 4326, SPATIAL KEY sp (s),
                KEY low ((lower(v))), CONSTRAINT loose CHECK (id > 0) NOT ENFORCED)",
            "mysql",
            "MariaDB",
        )
    }
}

#[test]
fn a_database_with_what_one_product_has_is_adopted_for_that_product() {
    let (table, word, other) = own();
    let mut project = Project::empty();
    let database = mysql::database("product");
    let url = &database.url;
    project.hide(url, "[URL]").set("DATABASE_URL", url);
    sql::execute(url, table);
    let created = sql::rows(url, "SHOW CREATE TABLE t");
    project.run(&["init", "--from", url, "--stamp", "-q"]).ok();
    let config = project.read("schemactl.kdl");
    assert!(config.contains(&format!("    dialects mysql\n    // Other servers that speak the dialect can't have the schema.\n    servers {word}\n")), "{config}");
    for command in ["check", "verify", "drift"] {
        project.run(&[command]).ok();
    }
    let script = project.run(&["sql", "base:head"]).ok();
    let made = if word == "mariadb" { "COMPRESSED" } else { "SRID 4326" };
    assert!(script.contains("CREATE TABLE `t`") && script.contains(made), "{script}");
    project.run(&["rollback", "base", "-q", "--allow-destructive", "all"]).ok();
    project.run(&["apply", "-q"]).ok();
    assert_eq!(sql::rows(url, "SHOW CREATE TABLE t"), created);
    project.run(&["drift"]).ok();
    // For both it can't be.
    project.replace("schemactl.kdl", &format!("    servers {word}\n"), "");
    let refused = project.run(&["check"]).fails(4);
    assert!(refused.contains("error[E569]") && refused.contains(&format!("which {other} ")), "{refused}");
    assert!(refused.contains(&format!("write `servers {word}` beside `dialects`")), "{refused}");
    // The other one alone can have it even less.
    let others = if word == "mysql" { "mariadb" } else { "mysql" };
    project.replace("schemactl.kdl", "dialects mysql\n", &format!("dialects mysql\n    servers {others}\n"));
    assert!(project.run(&["check"]).fails(4).contains("error[E569]"));
}

#[test]
fn a_database_that_both_products_can_have_is_adopted_for_both() {
    let mut project = Project::empty();
    let database = mysql::database("product");
    project.hide(&database.url, "[URL]").set("DATABASE_URL", &database.url);
    sql::execute(&database.url, "CREATE TABLE t (id int PRIMARY KEY, v varchar(20), KEY (v(3)))");
    project.run(&["init", "--from", &database.url, "--stamp", "-q"]).ok();
    let config = project.read("schemactl.kdl");
    assert!(!config.contains("servers"), "{config}");
}

#[test]
fn a_server_that_the_project_is_not_for_is_refused_before_anything_runs() {
    let ((word, title), (other, others)) = match mysql::is_mariadb() {
        true => (("mariadb", "MariaDB"), ("mysql", "MySQL")),
        false => (("mysql", "MySQL"), ("mariadb", "MariaDB")),
    };
    let mut project = Project::empty();
    let database = mysql::database("product");
    let url = &database.url;
    project.hide(url, "[URL]").set("DATABASE_URL", url);
    let config = format!(
        "project shop {{\n    dialects mysql\n    servers {other}\n}}\nenv dev default=#true {{\n    url (env)\"DATABASE_URL\"\n}}\n"
    );
    project.write("schemactl.kdl", config);
    project.write("schema/shop.kdl", "table t {\n    column id int primary-key\n}\n");
    project.run(&["plan", "-q", "-m", "first"]).ok();
    let commands: [&[&str]; 7] = [
        &["apply"],
        &["push"],
        &["stamp", "head", "--yes"],
        &["rollback", "base"],
        &["status"],
        &["drift"],
        &["prove", "--env", "dev"],
    ];
    for command in commands {
        let refused = project.run(command).fails(2);
        let said = format!("error[E619]: the project is for {others} alone, and the server is {title} ");
        assert!(refused.contains(&said), "{command:?}: {refused}");
        assert!(refused.contains("schemactl.kdl:3:13"), "{command:?}: {refused}");
        assert!(refused.contains(&format!("or write `servers {word}`")), "{command:?}: {refused}");
    }
    assert_eq!(sql::rows(url, "SHOW TABLES"), [""; 0]);
    project.replace("schemactl.kdl", &format!("servers {other}"), &format!("servers {word}"));
    project.run(&["apply", "-q"]).ok();
    project.run(&["prove", "--env", "dev", "-q"]).ok();
}
