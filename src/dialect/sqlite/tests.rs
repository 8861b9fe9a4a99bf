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

#[test]
fn options_that_a_part_of_a_table_cannot_have_are_refused() {
    assert_snapshot!(problems(r#"
        table a {
            column id int identity
            column n int nullable { (sqlite)options on-conflict=ignore; }
            column m int { (sqlite)options on-conflict=abort; }
            column o int { (sqlite)options invisible=#true onconflict=ignore; }
            column p text
            primary-key id { (sqlite)options order=desc; }
            unique m o { (sqlite)options order=desc collate="NOCASE de_DE"; }
            unique o { (sqlite)options on-conflict=#true order=down; }
            check "m > 0" { (sqlite)options on-conflict=ignore; }
            index p { (sqlite)options on-conflict=ignore; }
        }
        table b {
            column x text collate=NOCASE
            column y text nullable references=b.x
            unique x { (sqlite)options collate=BINARY on-conflict=fail; }
            unique x name=other { (sqlite)options collate=BINARY on-conflict=ignore; }
        }
    "#), @r#"
    E513: column `n` of `a` is nullable, so that NULL is no conflict
        remove `nullable`, or the option `on-conflict`
    E513: column `m` of `a` can't have this value for `on-conflict`
        remove it: the statement is aborted anyway
    E513: column `o` of `a` has an option `invisible`, which SQLite doesn't know
        remove it
    E513: column `o` of `a` has an option `onconflict`, which SQLite doesn't know
        write `on-conflict`
    E513: `order` of unique `a_m_o_key` of `a` does not have a word for each column
        write as many words as it has columns: `order="desc asc"`
    E514: `a.a_m_o_key` uses the collation `de_DE`
        use BINARY, NOCASE or RTRIM on SQLite, for example `sqlite=NOCASE`
    E513: unique `a_o_key` of `a` can't have this value for `on-conflict`
        write one of `ignore`, `replace`, `fail`, `rollback`
    E513: `down` is no order of unique `a_o_key` of `a`
        write `asc` or `desc` for each column
    E513: check `a_m_check` of `a` has an option `on-conflict`, which SQLite doesn't know
        remove it
    E513: index `a_p_idx` of `a` has an option `on-conflict`, which SQLite doesn't know
        remove it
    E512: `a.id` is the number of the row, and its key says how to sort it
        remove the options `order` and `collate` of the key
    E515: `b_x_key` and `other` of `b` are one key and differ in `on-conflict`
        drop `other`
    E515: foreign key `b_y_fkey` of `b` refers to what is unique in another collation than its own
        give `b` a `unique` of these columns that says no `collate`
    "#);
}
