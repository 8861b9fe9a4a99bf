//! Every kind of operation, there and back.

use super::Change;

const USERS: &str = r#"
table users {
    column id bigint identity primary-key
    column email "varchar(80)" unique
    column age int nullable
}
"#;

/// A schema around a table's inside.
fn table(inside: &str) -> String {
    format!(
        "enum mood happy sad\ntable p {{\n    column id int primary-key\n}}\ntable t {{\n    column id int primary-key\n{inside}\n}}\n"
    )
}

struct Case {
    what: &'static str,
    before: &'static str,
    after: &'static str,
    rebuilds: usize,
}

const fn case(what: &'static str, before: &'static str, after: &'static str, rebuilds: usize) -> Case {
    Case { what, before, after, rebuilds }
}

const CASES: &[Case] = &[
    case("add a column", "", "column a text nullable", 0),
    case("add a column with a default", "", "column a int default=5", 0),
    case("add a column with a time", "", "column a timestamptz default=(sql)\"CURRENT_TIMESTAMP\"", 1),
    case("add a column with an enum", "", "column a mood nullable", 0),
    case("add a column with a check", "", "column a int nullable\n check \"a > 0\" name=positive", 0),
    case("add a column that refers", "", "column a int nullable references=\"p.id\"", 0),
    case("add a column that refers, with a default", "", "column a int default=1 references=\"p.id\"", 1),
    case("add a unique column", "", "column a int nullable unique", 1),
    case("add a virtual column", "", "column a int generated=(sql)\"id + 1\" virtual", 0),
    case("add a stored column", "", "column a int generated=(sql)\"id + 1\"", 1),
    case("drop a column", "column a int nullable\n column b int nullable", "column b int nullable", 0),
    case(
        "drop a column that a check needs",
        "column a int default=1\n column b int default=1\n check \"a < b + 1\" name=c",
        "column b int default=1",
        1,
    ),
    case("drop an indexed column", "column a int nullable\n index a", "", 0),
    case("rename a column", "column a int nullable", "column b int nullable was=a", 0),
    case("rename a column to a keyword", "column a int nullable", "column select int nullable was=a", 0),
    case("rename only the case", "column a int nullable", "column A int nullable was=a", 0),
    case(
        "rename a column that a check needs",
        "column a int default=1\n check \"a > 0\" name=positive",
        "column b int default=1 was=a\n check \"b > 0\" name=positive",
        0,
    ),
    case(
        "rename a column that is computed from",
        "column a int default=1\n column c int generated=(sql)\"a * 2\"",
        "column b int default=1 was=a\n column c int generated=(sql)\"b * 2\"",
        0,
    ),
    case(
        "rename a column that an index computes with",
        "column a text default=x\n index name=i { on (sql)\"lower(a)\"; where (sql)\"a <> ''\" }",
        "column b text default=x was=a\n index name=i { on (sql)\"lower(b)\"; where (sql)\"b <> ''\" }",
        0,
    ),
    case("rename a column with an enum", "column a mood nullable", "column b mood nullable was=a", 0),
    case("change a type", "column a int nullable", "column a text nullable", 1),
    case("set a default", "column a int nullable", "column a int nullable default=3", 1),
    case("require a value", "column a int nullable default=3", "column a int default=3", 1),
    case(
        "add a check",
        "column a int default=1",
        "column a int default=1\n check \"a > 0\" name=positive",
        1,
    ),
    case(
        "change a check",
        "column a int default=1\n check \"a > 0\" name=c",
        "column a int default=1\n check \"a >= 0\" name=c",
        1,
    ),
    case(
        "respell a check",
        "column a int default=1\n check \"a > 0\" name=c",
        "column a int default=1\n check \"A>0\" name=c",
        0,
    ),
    case(
        "add a foreign key",
        "column a int nullable",
        "column a int nullable references=\"p.id\" on-delete=cascade",
        1,
    ),
    case("refer to itself", "column a int nullable", "column a int nullable references=\"t.id\"", 1),
    case(
        "add a unique constraint",
        "column a int nullable\n column b int nullable",
        "column a int nullable\n column b int nullable\n unique a b",
        1,
    ),
    case(
        "add indexes",
        "column a text nullable",
        "column a text nullable\n index a\n index name=i { on (sql)\"lower(a)\" order=desc; where (sql)\"a > 'x'\" }",
        0,
    ),
    case(
        "change an index",
        "column a int nullable\n index a name=i",
        "column a int nullable\n index a id name=i",
        0,
    ),
    case(
        "say what becomes of a row that breaks a rule",
        "column a int default=3\n column b int nullable\n unique a b",
        "column a int default=3 { (sqlite)options on-conflict=ignore; }\n column b int nullable\n\
         unique a b { (sqlite)options on-conflict=replace; }",
        1,
    ),
    case(
        "say how a key is sorted and compared",
        "column a text nullable\n unique a id name=u",
        "column a text nullable\n unique a id name=u { (sqlite)options order=\"desc asc\" collate=\"NOCASE -\"; }",
        1,
    ),
    case(
        "add a column with a way out of NULL",
        "",
        "column a int default=5 { (sqlite)options on-conflict=replace; }",
        0,
    ),
    case("comments alone", "column a int nullable", "column a int nullable comment=\"for people\"", 0),
    case(
        "several at once",
        "column a int nullable\n column b text default=x",
        "column a text nullable\n column c text default=x was=b\n column d int default=1\n check \"d > 0\" name=positive",
        1,
    ),
];

#[test]
fn every_change_of_a_table_leads_there_and_back() {
    for Case { what, before, after, rebuilds } in CASES {
        let mut change = Change::new(
            &table(before),
            "INSERT INTO p VALUES (1); INSERT INTO t (id) VALUES (1), (7)",
            &table(after),
        );

        assert_eq!(change.rebuilds(), *rebuilds, "{what}:\n{}", change.sql());
        change.there_and_back();
        assert_eq!(change.rows("SELECT id FROM t ORDER BY id"), ["1", "7"], "{what}");
    }
}

#[test]
fn tables_come_go_and_get_names() {
    let posts = format!(
        "{USERS}table posts {{\n column id int primary-key\n column author_id bigint nullable references=\"users.id\" on-delete=cascade\n}}\n"
    );
    let mut change = Change::new(USERS, "INSERT INTO users (email) VALUES ('a')", &posts);
    change.there_and_back();
    assert_eq!(change.rows("SELECT id, email FROM users"), ["1|a"]);
    let people = posts.replace("users.id", "people.id").replace("table users {", "table people was=users {");
    let mut change = Change::new(
        &posts,
        "INSERT INTO users (email) VALUES ('a'); INSERT INTO posts VALUES (5, 1)",
        &people,
    );
    change.there_and_back();
    assert_eq!(change.rows("SELECT author_id FROM posts"), ["1"]);
}

#[test]
fn foreign_keys_in_a_circle_are_part_of_new_tables() {
    let circle = "table a {\n column id int primary-key\n column b_id int nullable references=\"b.id\"\n}\ntable b {\n column id int primary-key\n column a_id int references=\"a.id\"\n}\n";
    let mut change = Change::new("", "SELECT 1", circle);
    assert_eq!(change.rebuilds(), 0, "{}", change.sql());
    change.there_and_back();
}

#[test]
fn values_of_an_enum_follow_their_names() {
    let with = |values: &str, default: &str| {
        format!(
            "enum mood {values}\ntable t {{\n column id int primary-key\n column m mood default={default}\n}}\n"
        )
    };
    let mut change = Change::new(
        &with("happy sad", "happy"),
        "INSERT INTO t VALUES (1, 'happy'), (2, 'sad')",
        &with("happy sad calm", "happy"),
    );
    assert_eq!(change.rebuilds(), 1);
    change.there_and_back();
    change = Change::new(
        &with("happy sad", "happy"),
        "INSERT INTO t VALUES (1, 'happy'), (2, 'sad')",
        &with("glad sad", "glad"),
    );
    // Renames of values are told by flag; here they are given as the operation.
    change.rename_value("mood", "happy", "glad");
    change.up().unwrap();
    assert_eq!(change.rows("SELECT m FROM t ORDER BY id"), ["glad", "sad"]);
    change.down().unwrap();
    assert_eq!(change.rows("SELECT m FROM t ORDER BY id"), ["happy", "sad"]);
    change.there_and_back();
}

#[test]
fn reference_rows_follow_the_table() {
    let mut change = Change::new(
        "table k {\n column id int primary-key\n column old text nullable\n}\ndata k key=id {\n row id=1 old=note\n row id=2 old=article\n}\n",
        "SELECT 1",
        "table k {\n column id int primary-key\n column name text nullable\n column hot bool default=#false\n}\ndata k key=id {\n row id=1 name=\"it's\" hot=#true\n row id=3 name=z\n}\n",
    );

    change.there_and_back();
    assert_eq!(change.rows("SELECT id, old FROM k ORDER BY id"), ["1|note", "2|article"]);
    change.up().unwrap();
    assert_eq!(change.rows("SELECT id, name, hot FROM k ORDER BY id"), ["1|it's|1", "3|z|0"]);
}
