//! Reference rows that go: deleted when they are as revisions wrote them, spared when somebody has made them his own.

use crate::support::project::{Output, Project};
use crate::support::{mysql, postgres, sql};

/// Words and no values: what the second revision adds its rows to.
const SCHEMA: &str = "\
table kinds {
    column code \"varchar(20)\" primary-key
    column label text
    column price \"decimal(8,2)\" nullable
    column ratio real nullable
    column extra json nullable
    column sorting int default=7
    column remark text nullable
    column seen timestamptz default=(sql)\"CURRENT_TIMESTAMP\"
}
table posts {
    column id bigint primary-key
    column kind \"varchar(20)\" references=\"kinds.code\" ACTION nullable
}
";

const ROWS: &str = "\
data kinds key=code {
    row code=note label=\"it's\" price=1.50 ratio=0.1 extra=\"{\\\"b\\\": 1, \\\"a\\\": 2}\"
    row code=article label=Article
}
";

/// A project at two revisions, the second of which inserted the rows.
struct Kinds {
    project: Project,
    url: String,
    _server: Server,
}

/// The database of a project on a server, dropped with it.
enum Server {
    None,
    Postgres(postgres::TestDatabase),
    Mysql(mysql::TestDatabase),
}

const KINDS: [&str; 3] = ["sqlite", "postgres", "mysql"];

/// An empty project, and a database for it.
fn place(kind: &str) -> (Project, String, Server) {
    let mut project = Project::empty();
    let server = match kind {
        "postgres" => Server::Postgres(postgres::database("reference")),
        "mysql" => Server::Mysql(mysql::database("reference")),
        _ => Server::None,
    };
    let url = match &server {
        Server::None => project.sqlite("kinds.db"),
        Server::Postgres(database) => database.url.clone(),
        Server::Mysql(database) => database.url.clone(),
    };
    project.hide(&url, "[URL]");
    (project, url, server)
}

impl Kinds {
    fn new(kind: &str, action: &str) -> Self {
        let (project, url, server) = place(kind);
        let config =
            format!("project kinds {{ dialects {kind} }}\nenv dev default=#true {{ url \"{url}\" }}\n");
        project.write("schemactl.kdl", config);
        let schema = SCHEMA.replace("ACTION", action);
        project.write("schema/kinds.kdl", &schema);
        project.run(&["plan", "-q", "-m", "tables"]).ok();
        project.write("schema/kinds.kdl", schema + ROWS);
        project.run(&["plan", "-q", "-m", "rows"]).ok();
        let kinds = Self { project, url, _server: server };
        kinds.run(&["apply", "-q"]).ok();
        kinds
    }

    fn each(action: &str) -> [Self; 3] {
        KINDS.map(|kind| Self::new(kind, action))
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.project.run(arguments)
    }

    fn execute(&self, statements: &str) {
        sql::execute(&self.url, statements);
    }

    fn codes(&self) -> Vec<String> {
        sql::rows(&self.url, "SELECT code FROM kinds ORDER BY code")
    }
}

#[test]
fn rows_that_nobody_changed_go_without_being_asked_for() {
    for kinds in Kinds::each("") {
        kinds.run(&["rollback"]).ok();
        assert_eq!(kinds.codes(), [""; 0]);
        kinds.run(&["apply", "-q"]).ok();
        // Planned forward it is the same.
        kinds.project.replace("schema/kinds.kdl", "    row code=note", "    // row code=note");
        kinds.run(&["plan", "-q", "-m", "less"]).ok();
        kinds.run(&["apply", "-q"]).ok();
        assert_eq!(kinds.codes(), ["article"]);
        kinds.run(&["rollback", "-q"]).ok();
        assert_eq!(kinds.codes(), ["article", "note"]);
        // One that is gone already needs nothing.
        kinds.execute("DELETE FROM kinds WHERE code = 'note'");
        kinds.run(&["rollback", "-q"]).ok();
        assert_eq!(kinds.codes(), [""; 0]);
    }
}

#[test]
fn a_row_that_somebody_changed_is_named_with_both_values() {
    for kinds in Kinds::each("") {
        kinds.execute("UPDATE kinds SET label = 'Mine', sorting = 8, remark = 'kept' WHERE code = 'note'");
        let words = kinds.run(&["rollback"]).fails(3);
        assert!(words.contains("error[E736]: `0002_rows`: a reference row was changed"), "{words}");
        assert!(
            words.contains(
                "`kinds[code='note']`: `label` is `Mine`, was `it's`, `sorting` is `8`, was `7`, \
                 `remark` is `kept`, was NULL"
            ),
            "{words}"
        );
        assert!(words.contains("the database is as it was"), "{words}");
        assert!(words.contains(r"--allow-destructive 'kinds[code='\''note'\'']'"), "{words}");
        assert_eq!(kinds.codes(), ["article", "note"]);
        // Agreeing to something else is no consent.
        kinds.run(&["rollback", "-q", "--allow-destructive", "kinds[code='article']"]).fails(3);
        kinds.run(&["rollback", "-q", "--allow-destructive", "kinds[code='note']"]).ok();
        assert_eq!(kinds.codes(), [""; 0]);
    }
}

#[test]
fn values_are_compared_as_they_were_stored() {
    for kinds in Kinds::each("") {
        // The same values once more, and times that nobody wrote down.
        kinds.execute("UPDATE kinds SET price = 1.50, ratio = ratio, seen = '2020-01-01 00:00:00'");
        kinds.execute("UPDATE kinds SET price = NULL, ratio = NULL WHERE code = 'article'");
        kinds.run(&["rollback", "-q"]).ok();
    }
}

#[test]
fn a_default_that_changes_meanwhile_is_no_change_of_the_row() {
    for kinds in Kinds::each("") {
        kinds.project.replace("schema/kinds.kdl", "    row code=note", "    // row code=note");
        kinds.project.replace("schema/kinds.kdl", "default=7", "default=8");
        kinds.run(&["plan", "-q", "-m", "less"]).ok();
        kinds.run(&["apply", "-q"]).ok();
        assert_eq!(kinds.codes(), ["article"]);
        kinds.run(&["rollback", "-q"]).ok();
        kinds.execute("UPDATE kinds SET sorting = 9 WHERE code = 'note'");
        let words = kinds.run(&["apply"]).fails(3);
        assert!(words.contains("`sorting` is `9`, was "), "{words}");
    }
}

#[test]
fn a_default_that_an_earlier_revision_changed_is_no_change_of_the_row() {
    for kinds in Kinds::each("") {
        let edit = |from: &str, to: &str| kinds.project.replace("schema/kinds.kdl", from, to);
        edit("default=7", "default=8");
        kinds.run(&["plan", "-q", "-m", "eight"]).ok();
        edit("sorting", "place");
        kinds.run(&["plan", "-q", "-m", "name", "--rename", "kinds.sorting=place"]).ok();
        kinds.run(&["apply", "-q"]).ok();
        edit("    row code=note", "    // row code=note");
        kinds.run(&["plan", "-q", "-m", "less"]).ok();
        kinds.execute("UPDATE kinds SET place = 9 WHERE code = 'note'");
        let words = kinds.run(&["apply"]).fails(3);
        assert!(words.contains("`place` is `9`, was `8`"), "{words}");
        kinds.execute("UPDATE kinds SET place = 7 WHERE code = 'note'");
        kinds.run(&["apply", "-q"]).ok();
        assert_eq!(kinds.codes(), ["article"]);
        // From the beginning, in one run.
        kinds.run(&["rollback", "-q", "base", "--allow-destructive", "all"]).ok();
        kinds.run(&["apply", "-q"]).ok();
        assert_eq!(kinds.codes(), ["article"]);
    }
}

#[test]
fn a_small_change_is_one() {
    for (change, told) in [
        ("price = 1.51", "`price` is `1.51`"),
        ("ratio = 0.1001", "`ratio` is `0.1001`, was `0.1`"),
        ("extra = '{\"a\": 2}'", "`extra` is `{\"a\": 2}`"),
        ("label = 'IT''S'", "`label` is `IT'S`, was `it's`"),
    ] {
        for kinds in Kinds::each("") {
            kinds.execute(&format!("UPDATE kinds SET {change} WHERE code = 'note'"));
            let words = kinds.run(&["rollback"]).fails(3);
            assert!(words.contains(told), "{change}: {words}");
        }
    }
}

#[test]
fn rows_that_would_go_along_are_counted() {
    for (action, told) in [
        ("on-delete=cascade", "2 rows of `posts` would be deleted"),
        ("on-delete=set-null", "2 rows of `posts` would get NULL"),
    ] {
        for kinds in Kinds::each(action) {
            kinds.execute("INSERT INTO posts VALUES (1, 'note'), (2, 'note'), (3, NULL)");
            let words = kinds.run(&["rollback"]).fails(3);
            assert!(words.contains("error[E737]"), "{words}");
            assert!(words.contains(&format!("`kinds[code='note']`: {told}")), "{words}");
            assert_eq!(sql::rows(&kinds.url, "SELECT count(kind) FROM posts"), ["2"]);
            kinds.run(&["rollback", "-q", "--allow-destructive", "all"]).ok();
            assert_eq!(sql::rows(&kinds.url, "SELECT count(kind) FROM posts"), ["0"]);
        }
    }
}

#[test]
fn rows_that_still_refer_to_one_are_found_by_a_query() {
    for kinds in Kinds::each("") {
        kinds.execute("INSERT INTO posts VALUES (1, 'note'), (3, NULL)");
        let output = kinds.run(&["rollback", "--allow-destructive", "all"]);
        let words = output.fails(1);
        assert!(words.contains("error[E709]"), "{words}");
        let query = words.lines().find_map(|line| line.split_once("the rows: "));
        let (_, query) = query.unwrap_or_else(|| panic!("no query: {words}"));
        assert_eq!(sql::rows(&kinds.url, query), ["1|note"], "{query}");
        assert_eq!(kinds.codes(), ["article", "note"]);
    }
}

/// A schema at a state before and at one behind a change of types.
fn retyped(kind: &str, before: &str, after: &str, answers: &[&str]) -> Kinds {
    let (project, url, server) = place(kind);
    let config = format!("project kinds {{ dialects {kind} }}\nenv dev default=#true {{ url \"{url}\" }}\n");
    project.write("schemactl.kdl", config);
    project.write("schema/t.kdl", before);
    project.run(&["plan", "-q", "-m", "before"]).ok();
    project.run(&["apply", "-q"]).ok();
    project.write("schema/t.kdl", after);
    project.run(&[&["plan", "-q", "-m", "after"][..], answers].concat()).ok();
    Kinds { project, url, _server: server }
}

#[test]
fn cells_of_a_column_that_is_converted_are_written_by_the_schema() {
    let before = r#"
table grades {
    column id int primary-key
    column grade text
    column old text nullable
}
data grades { row id=1 grade=one old=x; row id=2 grade=two old=#null; row id=3 grade=gone }
"#;
    let after = r#"
table grades {
    column id int primary-key
    column grade int
    column old int nullable
}
data grades { row id=1 grade=10 old=#null; row id=2 grade=20 old=22; row id=4 grade=40 old=4 }
"#;
    let answers = [
        "--convert=grades.grade=length(grade)",
        "--convert-back=grades.grade=concat('was ', grade)",
        "--convert=grades.old=length(old)",
        "--convert-back=grades.old='o'",
    ];
    for kind in KINDS {
        let grades = retyped(kind, before, after, &answers);
        let rows = || sql::rows(&grades.url, "SELECT id, grade, old FROM grades ORDER BY id");
        grades.execute("INSERT INTO grades VALUES (9, 'mine', 'four')");
        let first = rows();
        assert_eq!(first, ["1|one|x", "2|two|NULL", "3|gone|NULL", "9|mine|four"]);
        let forward = ["apply", "-q", "--allow-destructive", "grades.grade,grades.old"];
        grades.run(&forward).ok();
        let second = rows();
        assert_eq!(second, ["1|10|NULL", "2|20|22", "4|40|4", "9|4|4"], "{kind}");
        grades.run(&["rollback", "-q", "--allow-destructive", "grades.grade_new,grades.old_new"]).ok();
        assert_eq!(rows(), ["1|one|x", "2|two|NULL", "3|gone|NULL", "9|was 4|o"], "{kind}");
        grades.run(&forward).ok();
        assert_eq!(rows(), ["1|10|NULL", "2|20|22", "4|40|4", "9|5|1"], "{kind}");
        let prove = if kind == "sqlite" { vec!["prove"] } else { vec!["prove", "--url", &grades.url] };
        grades.run(&prove).ok();
    }
}

#[test]
fn rows_that_are_told_apart_by_a_converted_column_come_anew() {
    let before = r#"
table states { column code "varchar(20)" primary-key; column label text; }
table orders { column id int primary-key; column state "varchar(20)" references=states.code }
data states { row code=open label=Open; row code=done label=Done }
"#;
    let after = r#"
table states { column code int primary-key; column label text; }
table orders { column id int primary-key; column state int references=states.code }
data states { row code=1 label=Open; row code=2 label=Done }
"#;
    let number = "CASE COLUMN WHEN 'open' THEN 1 ELSE 2 END";
    let word = "CASE COLUMN WHEN 1 THEN 'open' ELSE 'done' END";
    let answer = |option: &str, table: &str, column: &str, text: &str| {
        format!("--{option}={table}.{column}={}", text.replace("COLUMN", column))
    };
    let answers = [
        answer("convert", "states", "code", number),
        answer("convert-back", "states", "code", word),
        answer("convert", "orders", "state", number),
        answer("convert-back", "orders", "state", word),
    ];
    let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
    for kind in KINDS {
        let states = retyped(kind, before, after, &answers);
        let rows = || {
            let joined = "SELECT o.id, s.code, s.label FROM orders AS o JOIN states AS s ON s.code = o.state";
            (
                sql::rows(&states.url, joined),
                sql::rows(&states.url, "SELECT code, label FROM states ORDER BY code DESC"),
            )
        };
        states.execute("INSERT INTO orders VALUES (7, 'done')");
        let first = rows();
        states.run(&["apply", "-q", "--allow-destructive", "all"]).ok();
        assert_eq!(rows().0, ["7|2|Done"], "{kind}");
        assert_eq!(rows().1, ["2|Done", "1|Open"], "{kind}");
        states.run(&["rollback", "-q", "--allow-destructive", "states.code_new,orders.state_new"]).ok();
        assert_eq!(rows(), first, "{kind}");
    }
}
