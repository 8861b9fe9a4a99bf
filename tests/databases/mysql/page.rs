//! docs/mysql.md, replayed as it stands there, and what it says of rights and types.

use crate::support::project::Project;
use crate::support::{mysql, skipped, sql, transcript};

const PAGE: &str = include_str!("../../../docs/mysql.md");

#[test]
fn the_page_on_mysql_and_mariadb_is_true() {
    // It shows the words and the algorithms of MariaDB; MySQL has others.
    if !mysql::is_mariadb() {
        return skipped("docs/mysql.md", "this is MySQL");
    }
    let database = mysql::database("page");
    let mut project = Project::empty();
    project.set("DATABASE_URL", &database.url);
    let mut shown: url::Url = database.url.parse().expect("the server's URL was used to connect");
    if shown.password().is_some() {
        shown.set_password(Some("***")).expect("it has a host");
    }
    project.hide(shown.as_str(), "mysql://shop@db.example.org/shop");
    transcript::replay_document(&project, "docs/mysql.md");
}

/// A user of a test, dropped with this value.
struct User(String);

impl User {
    fn new() -> Self {
        let name = format!("page_{}", std::process::id());
        sql::execute(mysql::server(), &format!("CREATE USER {name}@'%' IDENTIFIED BY 'x'"));
        Self(name)
    }

    fn grant(&self, rights: &str, place: &str) {
        sql::execute(mysql::server(), &format!("GRANT {rights} ON {place} TO {}@'%'", self.0));
    }
}

impl Drop for User {
    fn drop(&mut self) {
        sql::clean_up(mysql::server(), &format!("DROP USER {}@'%'", self.0));
    }
}

const NODES: &str = "enum mood sad ok
table p {\n column id bigint identity primary-key\n column name \"varchar(40)\" unique\n}
table t {\n column id bigint identity primary-key\n column a int default=1\n column mood mood default=ok
 column p_id bigint nullable references=p.id\n index a\n check \"a > 0\" name=a_ok\n}
view v { as (sql)\"SELECT id, a FROM t\"; }
data p key=id { row id=1 name=one; }
";
const CHANGED: &str = "enum mood sad ok odd
table parents was=p {\n column id bigint identity primary-key\n column title \"varchar(80)\" unique was=name\n}
table t {\n column id bigint identity primary-key\n column a bigint default=2\n column mood mood default=sad
 column b int nullable\n column p_id bigint nullable references=parents.id on-delete=cascade\n index a b name=t_both
 check \"a > 1 OR b > 0\" name=a_ok\n}
table u {\n column id bigint identity primary-key\n column t_id bigint references=t.id\n}
view v { as (sql)\"SELECT id, b FROM t\"; }
data parents key=id { row id=1 title=first; row id=2 title=second; }
";
const OBJECTS: &str = r#"
object seen {
    create "CREATE TRIGGER seen BEFORE INSERT ON t FOR EACH ROW SET NEW.a = NEW.a + 1"
    drop "DROP TRIGGER seen"
    depends-on t
}
object f { create "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1"; drop "DROP FUNCTION f"; }
object q { create "CREATE PROCEDURE q() SELECT 1"; drop "DROP PROCEDURE q"; }
object e { create "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM t"; drop "DROP EVENT e"; }
"#;

#[test]
fn the_rights_on_the_page_are_enough() {
    let (database, user) = (mysql::database("rights"), User::new());
    let granted = PAGE.lines().find_map(|line| line.strip_prefix("GRANT ")).unwrap();
    let rights = granted.split_once(" ON shop.* TO app").unwrap().0;
    let row = PAGE.lines().find(|line| line.starts_with("| triggers; procedures")).unwrap();
    let more = row.rsplit('|').nth(1).unwrap().replace(['`', ' '], " ").replace(';', ",");
    let mut url: url::Url = database.url.parse().unwrap();
    url.set_username(&user.0).unwrap();
    url.set_password(Some("x")).unwrap();
    let project = Project::empty();
    project.write("schemactl.kdl", "project shop { dialects mysql }\n");
    for (name, schema) in [("one", NODES), ("two", CHANGED), ("three", &format!("{CHANGED}{OBJECTS}"))] {
        project.write("schema/shop.kdl", schema);
        project.run(&["plan", "-q", "-m", name]).ok();
    }
    let run = |arguments: &[&str]| {
        project.run(&[arguments, &["-q", "--allow-destructive", "all", "--url", url.as_str()]].concat()).ok()
    };
    let of_database = format!("`{}`.*", database.name);
    user.grant(rights, &of_database);
    run(&["apply", "0001_one"]);
    sql::execute(&database.url, "INSERT INTO t (a, p_id) VALUES (7, 1)");
    run(&["apply", "0002_two"]);
    run(&["rollback", "0001_one"]);
    run(&["apply", "0002_two"]);
    user.grant(&more, &of_database);
    run(&["apply"]);
    run(&["rollback", "base"]);
    assert_eq!(sql::rows(&database.url, "SHOW TABLES").len(), 2);
}

#[test]
fn timestamps_end_where_the_page_says() {
    let database = mysql::database("ends");
    sql::execute(&database.url, "CREATE TABLE t (a timestamp NULL)");
    let version = sql::rows(&database.url, "SELECT version()").concat();
    let numbers: Vec<u32> = version.split(['.', '-']).map_while(|part| part.parse().ok()).collect();
    let is_longer = mysql::is_mariadb() && numbers >= vec![11, 5];
    let mut session = sql::Session::open(&database.url);
    session.execute("SET time_zone = '+00:00'; INSERT INTO t VALUES ('2038-01-19 03:14:07')");
    assert_eq!(session.try_rows("INSERT INTO t VALUES ('2038-01-19 03:14:08')").is_ok(), is_longer);
}
