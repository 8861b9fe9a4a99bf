//! SQL that people wrote as statements: bodies without BEGIN, objects of several statements, and texts that mean something
//! else on another database.

use crate::support::mysql;
use crate::support::project::Project;
use crate::support::sql;

fn project(dialects: &str) -> (Project, mysql::TestDatabase) {
    let mut project = Project::empty();
    let database = mysql::database("script");
    project.hide(&database.url, "[URL]");
    let url = &database.url;
    project.write(
        "schemactl.kdl",
        format!("project t {{ dialects {dialects} }}\nenv dev default=#true {{ url \"{url}\" }}\n"),
    );
    (project, database)
}

const BODIES: &str = r#"
table t { column id int primary-key; column a int nullable; column b int nullable; }
object seen {
    depends-on t
    create "CREATE TRIGGER seen BEFORE INSERT ON t FOR EACH ROW IF NEW.a > IF(1, 2, 3) THEN SET NEW.b = 1; ELSE SET NEW.b = CASE NEW.a WHEN 1 THEN 5 ELSE 6 END; END IF"
    drop "DROP TRIGGER seen"
}
object counted {
    create "CREATE PROCEDURE counted() BEGIN DECLARE i int DEFAULT 0; again: LOOP SET i = i + 1; IF i > 3 THEN LEAVE again; END IF; END LOOP again; WHILE i < 9 DO SET i = i + 1; END WHILE; REPEAT SET i = i - 1; UNTIL i < 2 END REPEAT; END; CREATE PROCEDURE other(IN a int) CASE a WHEN 1 THEN SELECT 1; ELSE BEGIN END; END CASE"
    drop "DROP PROCEDURE other; DROP PROCEDURE counted"
}
"#;

#[test]
fn bodies_without_begin_and_objects_of_several_statements_come_and_go() {
    let (project, database) = project("mysql");
    project.write("schema/t.kdl", BODIES);
    project.run(&["plan", "-q", "-m", "bodies"]).ok();
    project.run(&["apply", "-q"]).ok();
    let url = &database.url;
    sql::execute(url, "INSERT INTO t (id, a) VALUES (1, 1), (2, 2), (3, 3)");
    assert_eq!(sql::rows(url, "SELECT b FROM t ORDER BY id"), ["5", "6", "1"]);
    sql::execute(url, "CALL counted(); CALL other(2)");
    project.run(&["drift"]).ok();
    project.run(&["rollback", "-q", "--allow-destructive", "all"]).ok();
    let left = "SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE()";
    assert_eq!(sql::rows(url, left).len(), 0);
    // The server's own client runs the same as a script.
    let script = project.run(&["sql", "base:head"]).ok();
    assert!(script.contains("DELIMITER //\nCREATE TRIGGER seen"), "{script}");
}

#[test]
fn a_hook_that_joins_texts_is_refused_unless_it_is_for_mysql_alone() {
    let (project, _database) = project("mysql");
    project
        .write("schema/t.kdl", "table t { column id int primary-key; column a \"varchar(20)\" nullable; }\n");
    project.run(&["plan", "-q", "-m", "one"]).ok();
    project.run(&["new", "-m", "fill", "-q"]).ok();
    let file = project.files().into_iter().find(|file| file.contains("0002")).expect("it was written");
    let write = |hook: &str| {
        let text = project.read(&file);
        let (head, _) = text.split_once("ops {").expect("it has operations");
        project.write(
            &file,
            format!("{head}ops {{\n    data fill {{\n{hook}\n        down nothing\n    }}\n}}\n"),
        );
    };
    write("        up (sql)\"UPDATE t SET a = a || 'x'\"");
    for command in ["check", "apply"] {
        let refused = project.run(&[command]);
        assert_ne!(refused.code, Some(0), "{refused}");
        let words = format!("{}{}", refused.stdout, refused.stderr);
        assert!(
            words.contains("E572") && words.contains("hook `fill` holds `||`, which means OR in MySQL"),
            "{words}"
        );
    }
    // In strings and comments it says nothing.
    write("        up (sql)\"UPDATE t SET a = 'a || b' /* a || b */ -- ||\"");
    project.run(&["check"]).ok();
    // What is written for it alone is meant.
    write("        up (mysql)\"UPDATE t SET id = 1 WHERE id = 0 || id = 2\"");
    let checked = project.run(&["check"]);
    assert!(!checked.stderr.contains("E572"), "{checked}");
}
