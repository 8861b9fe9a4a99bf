//! Names that a careless renderer stumbles over, in every place where a name or a text can stand: each schema is
//! created, changed so that tables are made anew, and rolled back, on every database.

use schemactl::dialect::Dialect;
use schemactl::dialect::mysql::Mysql;
use schemactl::dialect::postgres::Postgres;
use schemactl::dialect::sqlite::Sqlite;
use schemactl::diff::diff;
use schemactl::model::State;
use schemactl::name::Name;

use crate::laws::{Outcome, Stages, read_for};
use crate::stage::Stage;
use crate::strategies::Pair;
use crate::support::project::Project;
use crate::support::{mysql, postgres, sql};

const NAMES: &[&str] = &[
    "it's",
    "a\"b",
    "x;--",
    "'); DROP TABLE t; --",
    "/* no */",
    "select",
    "Order",
    "null",
    "a.b",
    " a  b ",
    "two\nlines",
    "$1 $$ %s {} ?",
    "\\n \\",
    "[a] `b`",
    "ünïcödé",
    "🦀 שלום",
    "1",
    "rowid",
    // As long as PostgreSQL lets them be, in one byte a character and in more.
    "abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_123456789",
    "éééééééééééééééééééééééééééééx🦀",
];

/// Names that are hard on MySQL or MariaDB alone, with one as long as both let them be.
const MYSQL_NAMES: &[&str] = &[
    "rank",
    "rows",
    "system",
    "returning",
    "lateral",
    "uuid",
    "`",
    "a`b``c",
    "# no",
    "éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé",
];

/// What shares one space of names with tables has them one at a time.
const PLACES: &[&str] = &["view", "enum", "index", "unique", "pkey"];

/// A string of KDL.
fn kdl(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('\n', "\\n"))
}

/// A reference of KDL: parts in quotes of their own.
fn reference(parts: &[&str]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| format!("\"{}\"", part.replace('"', "\"\""))).collect();
    kdl(&parts.join("."))
}

/// A schema with the name in one place of the shared space and everywhere else.
fn schema(dialect: &dyn Dialect, name: &str, place: &str, changed: bool) -> String {
    let at = |own: &'static str| if own == place { name } else { own };
    let sql = |name: &str| dialect.quoted(&Name::new(name).unwrap());
    let column = sql(name);
    let check = format!("{column} <> {}", if changed { "''" } else { "'?'" });
    let view = format!("SELECT {column}, id FROM {}", sql(at("table")));
    let ty = match (changed, dialect.name().as_str()) {
        (true, _) => "\"varchar(100)\"",
        // What is unique has an end there.
        (false, "mysql") => "\"varchar(200)\"",
        (false, _) => "text",
    };
    // The constraints of a table share their names.
    let foreign_key = if place == "table" { name } else { "fkey" };
    let check_name = if ["view", "enum", "index"].contains(&place) { name } else { "check" };
    let more = if changed { "column extra int default=1" } else { "" };
    format!(
        "enum {enum_name} {text} other comment={text}
         table {table} comment={text} {{
             column id int
             column {text} {ty} default={text} comment={text}
             column kind (enum){enum_reference} default={text}
             column parent int nullable
             {more}
             primary-key id name={pkey}
             unique {text} name={unique}
             foreign-key parent references={target} name={foreign_key}
             check (sql){check} name={check_name}
             index {text} kind name={index} comment={text}
         }}
         view {view_name} comment={text} {{ depends-on {table_reference}; as (sql){view} }}
         data {table} key=id {{ row id=100 {text}={value} kind={text} }}",
        text = kdl(name),
        value = kdl(&format!("{name}!")),
        enum_name = kdl(at("enum")),
        enum_reference = reference(&[at("enum")]),
        table = kdl(at("table")),
        table_reference = reference(&[at("table")]),
        target = reference(&[at("table"), "id"]),
        foreign_key = kdl(foreign_key),
        check_name = kdl(check_name),
        pkey = kdl(at("pkey")),
        unique = kdl(at("unique")),
        index = kdl(at("index")),
        view_name = kdl(at("view")),
        check = kdl(&check),
        view = kdl(&view),
    )
}

/// Each name as a table's, where it stands in most places, and in one of the others, which take turns.
fn hold_on(mut stages: Stages, dialect: &dyn Dialect, names: &[&str], places: &[&str]) {
    assert_eq!(
        NAMES.iter().filter(|name| name.len() == 63).count(),
        2,
        "both of the longest are as long as can be"
    );
    for (turn, name) in names.iter().enumerate() {
        for place in ["table", places[turn % places.len()]] {
            let [before, after] = [false, true]
                .map(|changed| read_for(&schema(dialect, name, place, changed), dialect.naming()).state);
            let change = Pair { from: before.clone(), to: after, renames: Vec::new() };
            let creation = Pair { from: State::default(), to: before, renames: Vec::new() };
            // Creating is part of changing, so that its way back is tried in one place only.
            let pairs = if place == "table" { vec![change, creation] } else { vec![change] };
            for pair in pairs {
                assert!(!diff(&pair.from, &pair.to, &[]).unwrap().is_empty());
                let outcome = stages.hold(&pair);
                let outcome =
                    outcome.unwrap_or_else(|problem| panic!("{name:?} as {place}: {problem}\n{pair:?}"));
                assert_eq!(outcome, Outcome::Whole, "{name:?} as {place}");
            }
        }
    }
}

#[test]
fn sqlite_takes_every_name_everywhere() {
    hold_on(Stages::new(Stage::sqlite), &Sqlite, NAMES, PLACES);
}

#[test]
fn postgres_takes_every_name_everywhere() {
    hold_on(Stages::new(Stage::postgres), &Postgres, NAMES, PLACES);
}

/// Both take no character of four bytes in a name, and no space at its end; enums and primary keys have no names there.
#[test]
fn mysql_takes_every_name_everywhere() {
    let possible =
        |name: &&str| !name.ends_with(' ') && name.chars().all(|character| character.len_utf8() < 4);
    let names: Vec<&str> = NAMES.iter().chain(MYSQL_NAMES).copied().filter(possible).collect();
    assert_eq!(MYSQL_NAMES.last().map(|name| name.chars().count()), Some(64));
    hold_on(Stages::new(Stage::mysql), &Mysql, &names, &["view", "index"]);
}

#[test]
fn hooks_that_a_plan_writes_give_rows_what_was_said() {
    let postgres = postgres::database("hooks");
    let mysql = mysql::database("hooks");
    let project = Project::empty();
    project.write("schemactl.kdl", "project shop { dialects sqlite postgres mysql }\n");
    let before = "table Order { column id bigint primary-key }\n";
    project.write("schema/shop.kdl", before);
    project.run(&["plan", "-q", "-m", "first"]).ok();
    let after = "table Order {\n    column id bigint primary-key\n    column rank int\n    \
                 column Path \"varchar(20)\"\n}\n";
    project.write("schema/shop.kdl", after);
    let answers = ["--default", r#"Order.Path="C:\\new'""#, "--default", "Order.rank=7"];
    project.run(&[&["plan", "-q", "-m", "second"], &answers[..]].concat()).ok();
    for (url, quote) in
        [(project.sqlite("shop.db"), '"'), (postgres.url.clone(), '"'), (mysql.url.clone(), '`')]
    {
        project.run(&["apply", "1", "-q", "--url", &url]).ok();
        let table = format!("{quote}Order{quote}");
        sql::execute(&url, &format!("INSERT INTO {table} VALUES (1)"));
        project.run(&["apply", "-q", "--url", &url]).ok();
        let rows = sql::rows(&url, &format!("SELECT {quote}Path{quote} FROM {table}"));
        assert_eq!(rows, [r"C:\new'"], "{url}");
    }
}
