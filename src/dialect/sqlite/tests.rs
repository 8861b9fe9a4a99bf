//! What SQLite refuses, and how it says so.

use insta::assert_snapshot;

use super::Sqlite;
use crate::diagnostic::Sources;
use crate::dialect::Dialect;
use crate::syntax::parse;

fn problems(text: &str) -> String {
    let mut sources = Sources::default();
    let file = sources.add("schema.kdl", text);
    let (parsed, problems) = parse(&sources, &[file], &[Sqlite.name()]);
    let state = parsed.unwrap_or_else(|| panic!("{problems:?}")).state.for_dialect(&Sqlite.name());
    let lines = Sqlite.check(&state).into_iter().map(|problem| {
        let help = problem.help.as_deref().unwrap_or_default().to_owned();
        format!("{problem}\n    {help}\n")
    });
    lines.collect()
}

#[test]
fn what_sqlite_cannot_have_is_refused_all_at_once() {
    assert_snapshot!(problems(r#"
        schema billing { table invoices { column id int primary-key; }; }
        table Users { column id int primary-key; column ID int nullable; }
        table t {
            (sqlite)options strikt=#true strict=1
            column id int primary-key
            column n int identity
            column tags "text[]"
            column c text nullable collate=de_DE
            unique c nulls-not-distinct name=u
            index c name=users method=gin
        }
        table sqlite_x { column id int primary-key; }
    "#), @r#"
    E511: `billing` is a namespace, and SQLite has none
        leave it out, or take `sqlite` out of the project's `dialects`
    E511: table `billing.invoices` is in a namespace, and SQLite has none
        move it out of its `schema` node, or take `sqlite` out of the project's `dialects`
    E517: columns `id` and `ID` of `Users` have one name
        rename `ID`
    E513: table `t`: the option `strict` is not on or off
        write `strict=#true` or `strict=#false`
    E513: table `t`: `strikt` is no option of SQLite
        write `strict`, or remove it
    E512: `t.n` is to number itself and is not the whole primary key
        make it the integer primary key with nothing but `identity`, or leave `identity` away
    E510: `t.tags` is an array, which SQLite does not have
        say what SQLite stores instead: `column tags "text[]" sqlite=text`
    E514: `t.c` uses the collation `de_DE`
        use BINARY, NOCASE or RTRIM on SQLite, for example `sqlite=NOCASE`
    E515: unique `u` of `t` takes two NULLs for equal
        limit it with `(postgres)unique`
    E516: index `users` of `t` uses the method `gin`
        limit it with `(postgres)index`
    E517: table `sqlite_x` has a name that SQLite keeps for itself
        choose a name without `sqlite_` in front
    E517: index `users` has the name of table `Users`
        give the index another name
    "#);
}

#[test]
fn a_type_of_another_database_is_refused_where_it_is_shared() {
    let text = r#"
        table t {
            column a inet
            column b inet sqlite=text
            column c (native)datetime
            column d (native)untyped
            (sqlite)column e inet
            column f "geometry(Polygon,4326)" sqlite=text
        }
        (sqlite)table u { column a inet; }
    "#;
    assert_snapshot!(problems(text), @"");
    let mut sources = Sources::default();
    let file = sources.add("schema.kdl", text);
    let (parsed, _) = parse(&sources, &[file], &[Sqlite.name()]);
    let shared = Sqlite.check_shared(&parsed.unwrap().state).into_iter().map(|problem| problem.to_string());
    let shared: Vec<String> = shared.collect();
    assert_eq!(shared, ["E510: `t.a` has the type `inet`, which SQLite does not know"]);
}

#[test]
fn a_key_that_holds_null_is_refused_where_it_never_does() {
    assert_snapshot!(problems(r#"
        table a { column id text nullable primary-key; }
        table b { column id (native)INTEGER nullable primary-key; }
        table c { (sqlite)options strict=#true; column id text nullable primary-key; }
        table d { column x int nullable; column y int; primary-key x y; }
    "#), @r"
    E515: `b.id` is nullable and part of a primary key without NULL
        remove `nullable`
    E515: `c.id` is nullable and part of a primary key without NULL
        remove `nullable`
    ");
}
