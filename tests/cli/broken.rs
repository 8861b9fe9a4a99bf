//! Input that is broken, hostile or contradicts itself: a diagnostic with its place, the documented exit code, and
//! nothing written.

use insta::assert_snapshot;

use super::plan::shop;
use crate::support::project::{Output, Project};

/// Runs `plan` on a schema of one file and checks that nothing was written.
pub fn plan(schema: impl AsRef<[u8]>) -> Output {
    let project = Project::empty();
    project
        .write("schemactl.kdl", "project shop { dialects sqlite postgres }\n")
        .write("schema/a.kdl", schema);
    let before = project.files();
    let output = project.run(&["plan"]);
    assert_eq!(project.files(), before, "{output}");
    output
}

#[test]
fn text_that_is_no_kdl() {
    assert_snapshot!(plan("table users {\n    column id bigint\n    column name \"text\n"), @r#"
    ----- stderr
    error[E005]: a block is never closed
       ╭─[schema/a.kdl:1:13]
     1 │ table users {
       ·             ┬
       ·             ╰── opened here
     2 │     column id bigint
       ╰────
    help: add the missing `}`
    error[E006]: the string is never closed
       ╭─[schema/a.kdl:3:17]
     2 │     column id bigint
     3 │     column name "text
       ·                 ──┬──
       ·                   ╰── begins here
       ╰────
    help: end it with `"`
    explain: schemactl explain E005 E006
    ----- exit 1
    "#);
    assert_snapshot!(plan(b"table users {\n    column id bigint // caf\xe9\n}\n"), @"
    ----- stderr
    error[E002]: byte 41 is not UTF-8
       ╭─[schema/a.kdl:2:28]
     1 │ table users {
     2 │     column id bigint // caf�
       ·                            ─
     3 │ }
       ╰────
    help: save the file as UTF-8
    explain: schemactl explain E002
    ----- exit 1
    ");
}

#[test]
fn names_that_are_unknown_or_taken() {
    assert_snapshot!(plan("table users { column id bigin primary-key; column x bigint references=user.id }\n"), @r#"
    ----- stderr
    error[E103]: unknown type `bigin`
       ╭─[schema/a.kdl:1:25]
     1 │ table users { column id bigin primary-key; column x bigint references=user.id }
       ·                         ─────
       ╰────
    help: write `bigint`, or `(native)"bigin"` if the database has such a type
    error[E203]: there is no table `user`
       ╭─[schema/a.kdl:1:71]
     1 │ table users { column id bigin primary-key; column x bigint references=user.id }
       ·                                                                       ────
       ╰────
    help: write `users`
    explain: schemactl explain E103 E203
    ----- exit 1
    "#);
    assert_snapshot!(plan("table users { column id bigint; column id text }\ntable users { column a int }\n"), @"
    ----- stderr
    error[E107]: the column `id` of `users` is declared twice
       ╭─[schema/a.kdl:1:22]
     1 │ table users { column id bigint; column id text }
       ·                      ─┬                ─┬
       ·                       │                 ╰── again here
       ·                       ╰── first here
     2 │ table users { column a int }
       ╰────
    help: delete one of them, or give it another name
    error[E107]: the table `users` is declared twice
       ╭─[schema/a.kdl:1:7]
     1 │ table users { column id bigint; column id text }
       ·       ──┬──
       ·         ╰── first here
     2 │ table users { column a int }
       ·       ──┬──
       ·         ╰── again here
       ╰────
    help: delete one of them, or give it another name
    explain: schemactl explain E107
    ----- exit 1
    ");
    let long = "a".repeat(60);
    let columns = format!("column {long}_x int; column {long}_y int");
    assert_snapshot!(plan(format!("table t {{ {columns}; check \"1 = 1\" name={long}_one; check \"2 = 2\" name={long}_two }}\n")), @r#"
    ----- stderr
    error[E201]: the name `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_one` has 64 bytes, and 63 are possible
       ╭─[schema/a.kdl:1:180]
     1 │ table t { column aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_x int; column aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_y int; check "1 = 1" name=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_one; check "2 = 2" name=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_two }
       ·                                                                                                                                                                                    ────────────────────────────────────────────────────────────────
       ╰────
    help: shorten the name
    error[E201]: the name `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_two` has 64 bytes, and 63 are possible
       ╭─[schema/a.kdl:1:265]
     1 │ table t { column aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_x int; column aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_y int; check "1 = 1" name=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_one; check "2 = 2" name=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_two }
       ·                                                                                                                                                                                                                                                                         ────────────────────────────────────────────────────────────────
       ╰────
    help: shorten the name
    explain: schemactl explain E201
    ----- exit 1
    "#);
}

#[test]
fn views_in_a_circle() {
    let view = |name: &str, other: &str| {
        format!("view {name} {{\n    as (sql)\"SELECT * FROM {other}\"\n    depends-on {other}\n}}\n")
    };
    assert_snapshot!(plan(view("a", "b") + &view("b", "a")), @r#"
    ----- stderr
    error[E212]: these need each other: `a` → `b` → `a`
       ╭─[schema/a.kdl:1:6]
     1 │ view a {
       ·      ─
     2 │     as (sql)"SELECT * FROM b"
       ╰────
    help: take one of these references away
    explain: schemactl explain E212
    ----- exit 1
    "#);
}

#[test]
fn revisions_that_are_not_what_they_were() {
    let project = shop();
    project.replace("schema/shop.kdl", "varchar(80)", "varchar(90)");
    project.run(&["plan", "-q", "-m", "wider"]).ok();
    project.run(&["apply", "-q"]).ok();
    project.replace("revisions/0001_first_tables.kdl", "varchar(80)", "varchar(70)");
    let found = project.run(&["check"]);
    assert_snapshot!(found, @r#"
    ----- stderr
    error[E424]: `0001_first_tables` was changed after `0002_wider` had built on it
       ╭─[revisions/0002_wider.kdl:3:12]
     2 │     id a6c3c3a64402
     3 │     parent "0001_first_tables" digest="r1:5d6b7dd306d36895439d3408408c9eb9de6f1f68a95d417001012bfe434ae993"
       ·            ─────────┬─────────
       ·                     ╰── it was `r1:5d6b7dd306d36895439d3408408c9eb9de6f1f68a95d417001012bfe434ae993` then
     4 │     from "s1:aef2f35051bd0d8bf77ae9285710bafbdd4fa886f9dce0b3f4a2adfd64078a82"
       ╰────
       ╭─[revisions/0001_first_tables.kdl:1:10]
     1 │ revision "0001_first_tables" {
       ·          ─────────┬─────────
       ·                   ╰── it is `r1:ce611700c47bf6004fbc0523aacd54d01c9e85f20a24bbcb1cb19a201d9643db` now
     2 │     id "8a9efc16423f"
       ╰────
    help: run `git checkout -- revisions/0001_first_tables.kdl` or take the change back otherwise, and put it into a new revision
    explain: schemactl explain E424
    ----- exit 5
    "#);
    for command in ["verify", "plan", "apply"] {
        assert_eq!(project.run(&[command]).to_string(), found.to_string(), "{command}");
    }
    std::fs::remove_file(project.path("revisions/0001_first_tables.kdl")).unwrap();
    assert_snapshot!(project.run(&["plan"]), @r#"
    ----- stderr
    error[E420]: `0002_wider` builds on `0001_first_tables`, which is not there
       ╭─[revisions/0002_wider.kdl:3:12]
     2 │     id a6c3c3a64402
     3 │     parent "0001_first_tables" digest="r1:5d6b7dd306d36895439d3408408c9eb9de6f1f68a95d417001012bfe434ae993"
       ·            ───────────────────
     4 │     from "s1:aef2f35051bd0d8bf77ae9285710bafbdd4fa886f9dce0b3f4a2adfd64078a82"
       ╰────
    help: restore `0001_first_tables.kdl` from version control
    explain: schemactl explain E420
    ----- exit 5
    "#);
}

#[test]
fn snapshots_that_are_not_what_they_were() {
    let project = shop();
    let snapshot = project.files().into_iter().find(|file| file.starts_with("snapshots/")).unwrap();
    project.replace(&snapshot, "varchar(80)", "varchar(70)");
    assert_snapshot!(project.run(&["verify"]), @"
    ----- stderr
    error[E401]: `snapshots/s1-aef2f35051bd0d8b.kdl` was edited or cut short: it is not the state that its name says
    help: delete the file; `schemactl verify` writes that of a head again
    explain: schemactl explain E401
    ----- exit 5
    ");
    std::fs::remove_file(project.path(&snapshot)).unwrap();
    assert_snapshot!(project.run(&["verify"]), @"
    ----- stderr
           Wrote snapshots/s1-aef2f35051bd0d8b.kdl
        Verified 1 revision
    ");
}

#[test]
fn a_chain_with_two_heads() {
    let project = shop();
    project.replace("schema/shop.kdl", "varchar(80)", "varchar(90)");
    project.run(&["plan", "-q", "-m", "mine"]).ok();
    let mine = project.read("revisions/0002_mine.kdl");
    std::fs::remove_file(project.path("revisions/0002_mine.kdl")).unwrap();
    project.replace("schema/shop.kdl", "varchar(90)", "varchar(99)");
    project.run(&["plan", "-q", "-m", "theirs"]).ok();
    project.write("revisions/0002_mine.kdl", mine);
    assert_snapshot!(project.run(&["heads"]), @"
    0002_mine                                               354dd525cb71  2026-11-21T10:00:00Z
    0002_theirs                                             0026533aa2c4  2026-11-21T10:00:00Z
    ");
    assert_snapshot!(project.run(&["status", "-q"]).stdout, @"
    database   sqlite://shop.db (dev)
    at         base
    applied    0
    pending    3
      0001_first_tables
      0002_mine
      0002_theirs
    ");
    assert_snapshot!(project.run(&["status"]).stderr, @"
    the database sqlite://shop.db doesn't exist yet
    next: `schemactl merge`: the chain has 2 heads
    ");
    let found = project.run(&["check"]);
    assert_snapshot!(found, @r#"
    ----- stderr
    error[E423]: the chain has 2 heads: `0002_mine`, `0002_theirs`
       ╭─[revisions/0002_mine.kdl:1:10]
     1 │ revision "0002_mine" {
       ·          ─────┬─────
       ·               ╰── nothing builds on this one
     2 │     id "354dd525cb71"
       ╰────
       ╭─[revisions/0002_theirs.kdl:1:10]
     1 │ revision "0002_theirs" {
       ·          ──────┬──────
       ·                ╰── nothing builds on this one
     2 │     id "0026533aa2c4"
       ╰────
    help: join them with `schemactl merge`, or put one on top of the other with `schemactl rebase`
    explain: schemactl explain E423
    ----- exit 4
    "#);
    let found = found.to_string().replace("----- exit 4", "----- exit 3");
    assert_eq!(project.run(&["apply"]).to_string(), found);
    let (here, other) = ("help: ", "help: say which of them the revision goes on: `--parent REVISION`; or ");
    let found = found.replace(here, other).replace("or join them with", "or make one of them with");
    let found = found.replace("`, or put one on top of the other with `", "` or `");
    assert_eq!(project.run(&["plan"]).to_string(), found);
    assert!(!project.path("shop.db").exists());
}

#[test]
fn a_folder_that_is_no_project() {
    let project = Project::empty();
    for command in [&["plan"][..], &["status"], &["check"], &["fmt"], &["apply", "--sql"]] {
        assert_eq!(project.run(command).code, Some(2), "{command:?}");
    }
    assert_snapshot!(project.run(&["plan"]), @"
    ----- stderr
    error[E601]: no `schemactl.kdl` in `[PROJECT]` or above
    help: run `schemactl init` to begin a project here, or name one with `--project DIR`
    explain: schemactl explain E601
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["plan", "--project", "nowhere"]), @"
    ----- stderr
    error[E601]: there is no `schemactl.kdl` in `nowhere`
    help: name the folder that holds it, or run `schemactl init` there
    explain: schemactl explain E601
    ----- exit 2
    ");
    project.write(
        "schemactl.kdl",
        "project shop { dialects sqlite }\nenv dev default=#true { url \"sqlite://a.db\" }\n",
    );
    assert_snapshot!(project.run(&["plan"]), @"
    ----- stderr
    error[E602]: can't read `schema`: it doesn't exist
    help: make it, or correct the path
    explain: schemactl explain E602
    ----- exit 1
    ");
    std::fs::create_dir(project.path("schema")).unwrap();
    assert_snapshot!(project.run(&["plan"]), @"
    ----- stderr
    nothing to plan: the schema is what the last revision leads to
    ");
    assert_snapshot!(project.run(&["status"]), @"
    database   sqlite://a.db (dev)
    at         base
    applied    0
    pending    0
    ----- stderr
    the database sqlite://a.db doesn't exist yet
    ");
    assert_snapshot!(project.run(&["check"]), @"
    ----- stderr
         Checked 0 revisions on sqlite
    ");
    assert_snapshot!(project.run(&["apply"]), @"
    ----- stderr
    nothing to apply: there is no revision, `schemactl plan` writes one
    ");
    assert!(!project.path("a.db").exists());
}

#[test]
fn values_that_do_not_fit_their_types() {
    let schema = r#"
enum state open closed
table t {
    column id int primary-key default=abc
    column small smallint default=40000
    column part int default=1.5
    column price "decimal(5,2)" default=1234.5
    column done bool default=5
    column code "varchar(3)" default=long
    column state state default=gone
    column token uuid { default 1 (sqlite)"lower(hex(randomblob(16)))" }
    column options json default="{"
    column fine "decimal(5,2)" default="123.45"
}
data t key=id {
    row id=1 small=70000 done=#true
}
"#;
    assert_snapshot!(plan(schema), @r##"
    ----- stderr
    error[E216]: `abc` is no value of the type `int`
       ╭─[schema/a.kdl:4:31]
     3 │ table t {
     4 │     column id int primary-key default=abc
       ·                               ───────
     5 │     column small smallint default=40000
       ╰────
    help: write a whole number
    error[E216]: `40000` is out of the range of `smallint`, -32768 to 32767
       ╭─[schema/a.kdl:5:27]
     4 │     column id int primary-key default=abc
     5 │     column small smallint default=40000
       ·                           ───────
     6 │     column part int default=1.5
       ╰────
    help: write a smaller number, or make the type larger
    error[E216]: `1.5` is no value of the type `int`
       ╭─[schema/a.kdl:6:21]
     5 │     column small smallint default=40000
     6 │     column part int default=1.5
       ·                     ───────
     7 │     column price "decimal(5,2)" default=1234.5
       ╰────
    help: write a whole number, or make the type `decimal` or `double`
    error[E216]: `1234.5` has 4 digits in front of the point, and `decimal(5,2)` holds 3
       ╭─[schema/a.kdl:7:33]
     6 │     column part int default=1.5
     7 │     column price "decimal(5,2)" default=1234.5
       ·                                 ───────
     8 │     column done bool default=5
       ╰────
    help: write fewer digits, or make the type larger
    error[E216]: `5` is no value of the type `bool`
       ╭─[schema/a.kdl:8:22]
     7 │     column price "decimal(5,2)" default=1234.5
     8 │     column done bool default=5
       ·                      ───────
     9 │     column code "varchar(3)" default=long
       ╰────
    help: write `#true` or `#false`
    error[E216]: `long` has 4 characters, and `varchar(3)` holds 3
        ╭─[schema/a.kdl:9:30]
      8 │     column done bool default=5
      9 │     column code "varchar(3)" default=long
        ·                              ───────
     10 │     column state state default=gone
        ╰────
    help: shorten the value, or make the type longer
    error[E211]: `gone` is not a value of the enum `state`
        ╭─[schema/a.kdl:10:12]
      9 │     column code "varchar(3)" default=long
     10 │     column state state default=gone
        ·            ─────
     11 │     column token uuid { default 1 (sqlite)"lower(hex(randomblob(16)))" }
        ╰────
    help: write one of `open`, `closed`
    error[E216]: `1` is no value of the type `uuid`
        ╭─[schema/a.kdl:11:25]
     10 │     column state state default=gone
     11 │     column token uuid { default 1 (sqlite)"lower(hex(randomblob(16)))" }
        ·                         ───────
     12 │     column options json default="{"
        ╰────
    help: write it as `"00000000-0000-0000-0000-000000000000"`, or as SQL: `(sql)"…"`
    error[E216]: `{` is no value of the type `json`
        ╭─[schema/a.kdl:12:25]
     11 │     column token uuid { default 1 (sqlite)"lower(hex(randomblob(16)))" }
     12 │     column options json default="{"
        ·                         ───────
     13 │     column fine "decimal(5,2)" default="123.45"
        ╰────
    help: write JSON as a text: `"{}"`, or for a text in it `#""a text""#`
    error[E216]: `70000` is out of the range of `smallint`, -32768 to 32767
        ╭─[schema/a.kdl:16:14]
     15 │ data t key=id {
     16 │     row id=1 small=70000 done=#true
        ·              ─────
     17 │ }
        ╰────
    help: write a smaller number, or make the type larger
    explain: schemactl explain E216 E211
    ----- exit 1
    "##);
}

#[test]
fn a_file_that_is_cut_short_is_told_as_that_alone() {
    let project = shop();
    let config = project.read("schemactl.kdl");
    project.write("schemactl.kdl", "project shop {\n    dialects sqlite\n");
    let told = |project: &Project| {
        let words = project.run(&["status"]).fails(1);
        words.lines().filter(|line| line.starts_with("error")).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(told(&project), @"error[E005]: a block is never closed");
    project.write("schemactl.kdl", config);
    let revision = project.read("revisions/0001_first_tables.kdl");
    project.write("revisions/0001_first_tables.kdl", &revision[..revision.find("message").unwrap()]);
    assert_snapshot!(told(&project), @"error[E005]: a block is never closed");
}

#[test]
fn a_revision_that_leads_elsewhere_is_not_run() {
    let project = shop();
    project.replace(
        "schema/shop.kdl",
        "column status status",
        "column note text nullable\n column status status",
    );
    project.run(&["plan", "-q", "-m", "note"]).ok();
    project.run(&["apply", "+1", "-q"]).ok();
    project.replace("revisions/0002_note.kdl", "column note", "column nota");
    for arguments in [&["apply"][..], &["apply", "--dry-run"], &["apply", "--sql"]] {
        let words = project.run(arguments).fails(5);
        assert!(words.contains("error[E428]: the steps of `0002_note` do not lead to the state"), "{words}");
    }
    assert!(project.run(&["status"]).ok().contains("pending    1"));
}

#[test]
fn a_folder_in_place_of_a_file_is_no_empty_schema() {
    let project = shop();
    let file = project.path("schema/shop.kdl");
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(file).unwrap();
    let words = project.run(&["plan", "-m", "none"]).fails(1);
    assert!(words.contains("error[E602]: can't read `schema/shop.kdl`: it is a folder"), "{words}");
}
