//! The format of revision files: the frozen file, what is refused and how, and that nothing is lost.

use std::io;

use super::{digest, print, read};
use crate::diagnostic::{Diagnostic, Sources};
use crate::revision::Revision;

const GOLDEN: &str = include_str!("golden/0003_everything.kdl");

/// The file that the frozen revision keeps a hook's text in.
fn load(file: &str) -> io::Result<Vec<u8>> {
    match file {
        "0003_everything.up.sql" => Ok(b"\xEF\xBB\xBFUPDATE users\r\nSET a = 1;\r\n".to_vec()),
        _ => Err(io::ErrorKind::NotFound.into()),
    }
}

fn parse(name: &str, text: &str) -> Result<Revision, Vec<Diagnostic>> {
    let mut sources = Sources::default();
    let source = sources.add(format!("{name}.kdl"), text);
    let name = name.parse().expect("tests use valid names");
    read(source, text, &name, &load).map(|(revision, _)| revision)
}

fn golden() -> Revision {
    parse("0003_everything", GOLDEN).expect("the frozen file is valid")
}

/// What is said of a revision whose `ops` hold this text.
fn problems(ops: &str) -> String {
    let head = GOLDEN.split("ops {").next().expect("the frozen file has ops");
    let text = format!("{head}ops {{\n{ops}\n}}\n");
    report("0003_everything", &text)
}

fn report(name: &str, text: &str) -> String {
    let problems = parse(name, text).expect_err("the text is wrong");
    let lines = problems.iter().map(|problem| {
        let help = problem.help.as_deref().unwrap_or("no help");
        let place = problem.labels.first().map_or("", |label| &text[label.span.range()]);
        format!("{problem} [{place}] {help}\n")
    });
    lines.collect()
}

#[test]
fn the_frozen_file_is_canonical() {
    assert_eq!(print(&golden()), GOLDEN);
    insta::assert_snapshot!(digest(&golden()), @"r1:15dcd8c96e83955bef52d9f8948be8e958c706bf09a0775fd6519338ec48d376");
}

#[test]
fn layout_names_and_tags_are_no_content() {
    let text = GOLDEN.replace('\n', "\r\n").replace("ops {", "/* a comment */ ops {").replace("    ", "\t");
    let text = text.replace("    tags v1.0 spring\r\n", "").replace("0003_everything\"", "0003_other\"");
    let text = text.replace("0002_add_posts", "0002_more_posts");
    let other = parse("0003_other", &text).expect("only the layout differs");
    assert_eq!(digest(&other), digest(&golden()));
    let inline = GOLDEN.replace(
        "file=\"0003_everything.up.sql\"",
        "(sql)\"\"\"\n            UPDATE users\n            SET a = 1;\n            \"\"\"",
    );
    let inline = parse("0003_everything", &inline).expect("the file's text stands in the revision");
    assert_eq!(digest(&inline), digest(&golden()));
    let edited = GOLDEN.replace("SET first_name = 'x'", "SET first_name = 'z'");
    assert_ne!(digest(&parse("0003_everything", &edited).expect("it is valid")), digest(&golden()));
}

#[test]
fn problems_in_the_head_come_all_at_once() {
    let text = r#"revision "0004_other" format=2 {
    id B7C1
    parent "2" digest="r1:0"
    parent "0002_a"
    from "s1:12"
    created yesterday
    tags head v1 v1 12
    colour red
}
opps
"#;
    insta::assert_snapshot!(report("0003_name", text), @r#"
    E013: unknown node `opps` [opps] write `ops`
    E411: the revision's file has no `ops` [] restore the file from version control, or remove it
    E410: the revision calls itself `0004_other` and its file `0003_name` ["0004_other"] write `0003_name`
    E411: the revision is written in format 2, and this is the one for 1 [revision] update schemactl
    E412: `id` can't be read: `B7C1` is not an id: expected 12 hexadecimal digits in lower case [B7C1] restore the file from version control
    E412: `from` can't be read: `s1:12` is not a digest: expected `s1:` and 64 hexadecimal digits ["s1:12"] restore the file from version control
    E014: `revision` needs `to` [revision] restore the file from version control
    E412: `created` can't be read: failed to parse four digit integer as year: invalid digit, expected 0-9 but got y [yesterday] restore the file from version control
    E014: `revision` needs `message` [revision] restore the file from version control
    E412: `parent` can't be read: `2` is not the name of a revision: expected `NNNN_slug`, as in `0003_split_name` ["2"] restore the file from version control
    E014: `parent` needs `digest=` [parent] restore the file from version control
    E415: `head` can't be a tag: it has a meaning of its own [head] write another word, for example `v1.2`
    E415: `v1` can't be a tag: it is given twice [v1] write another word, for example `v1.2`
    E415: `12` can't be a tag: it is a number [12] write another word, for example `v1.2`
    E013: `revision` has no child `colour` [colour] use one of `created`, `depends-on`, `from`, `id`, `labels`, `message`, `parent`, `replaces`, `tags`, `to`
    "#);
}

#[test]
fn problems_in_steps_come_all_at_once() {
    let ops = r#"
    add-colum users { column a int }
    add-column users { colum a int }
    add-column users { column a vachar(20) }
    alter-column users { from { column a int } }
    alter-column users { from { column a int }; to { column b int } }
    rename-column users a
    rows kinds { insert id=1 }
    rows kinds key=id { insrt id=1; insert name=x; update { from id=1; to id=2 } }
    create-table "a..b"
"#;
    insta::assert_snapshot!(problems(ops), @r#"
    E004: `vachar(20)` must be quoted [vachar(20)] write `"vachar(20)"`
    E013: `ops` has no child `add-colum` [add-colum] write `add-column`
    E417: `add-column` needs the definition of the column [add-column] write it in braces: `{ column … }`
    E013: `add-column` has no child `colum` [colum] write `column`
    E103: unknown type `vachar(20)` [vachar(20)] write `"varchar(20)"`, or `(native)"vachar(20)"` if the database has such a type
    E417: `alter-column` lacks `to` [alter-column] write what it was as `from` and what it becomes as `to`
    E417: `alter-column` is about `a` first and `b` then [alter-column] write the same name on both sides; a rename is a step of its own
    E014: `rename-column` needs a new name [rename-column] write the new name behind it
    E014: `rows` needs a key [rows] write `key=id`, or `{ key a b }` for several columns
    E013: `rows` has no child `insrt` [insrt] write `insert`
    E416: the row has no value for `id`, which is in its key [insert] write `id=` and the value
    E416: `update` changes the key of a row [update] delete the one row and insert the other
    E102: `a..b` does not refer to an object ["a..b"] write its name, or its namespace and its name: `billing.invoices`
    "#);
}

#[test]
fn rows_say_the_environments_that_they_are_for() {
    let rows = r#"    rows kinds key=id {
        insert id=1
        update from-env=dev {
            from id=2
            to id=2
        }
    }
    rows kinds key=id only-env=dev,test {
        insert id=3
        update {
            from id=4 name=a
            to id=4 name=b
        }
        delete id=5
    }
    rows kinds key=id {
        update from-env=dev,test to-env=dev {
            from id=6
            to id=6
        }
    }
"#;
    let head = GOLDEN.split("ops {").next().expect("the frozen file has ops");
    let text = format!("{head}ops {{\n{rows}}}\n");
    let revision = parse("0003_everything", &text).expect("the rows are well written");
    assert_eq!(print(&revision), text);
    let shuffled = text.replace("dev,test", "\" test, dev\"");
    assert_eq!(digest(&parse("0003_everything", &shuffled).expect("so they are")), digest(&revision));
    let other = text.replace("from-env=dev", "from-env=test");
    assert_ne!(digest(&parse("0003_everything", &other).expect("so they are")), digest(&revision));
    insta::assert_snapshot!(problems(
        "rows kinds key=id only-env=\",\" { insert id=1 }
         rows kinds key=id only-env=dev { update to-env=test { from id=1; to id=1 } }"
    ), @r#"
    E416: `,` is no list of environments [","] write their names with commas between: `only-env="dev,test"`
    E416: `update` names environments, and so does its block [update] write it into a block without `only-env`
    "#);
}

#[test]
fn problems_in_hooks_come_all_at_once() {
    let ops = r#"
    data a { up "SELECT 1"; down irreversible }
    data a { up nothng; down nothing (sql)"SELECT 1" }
    data b { up file="../up.sql"; down file="gone.sql" }
    data c { up (sql)"a" (sql)"b"; down file="0003_everything.up.sql" (sql)"b"; expct (sql)"a" is=1 }
    data d { up nothing; down nothing; expect (postgres)"a"; after (sql)"a" is=(sql)"b" }
"#;
    insta::assert_snapshot!(problems(ops), @r#"
    E413: `up` takes SQL that is marked as such, not a string ["SELECT 1"] write `(sql)"…"`, or a dialect's name in place of `sql`
    E014: `irreversible` needs a `reason=` [down] say why nothing can be taken back: `down irreversible reason="…"`
    E413: `up` takes SQL that is marked as such, not a string [nothng] write `nothing` if there is nothing to do
    E413: `down` is `nothing` and something [nothing] delete `nothing`, or what stands beside it
    E414: the hook's file `../up.sql` can't be read: it must be the name of a file beside the revision ["../up.sql"] restore the file, or write the SQL into the revision
    E414: the hook's file `gone.sql` can't be read: it is not there ["gone.sql"] restore the file, or write the SQL into the revision
    E413: `up` has two texts for `(sql)` [(sql)"b"] delete one of the two
    E413: `down` has SQL and a file with SQL [(sql)"b"] keep one of the two
    E013: `data` has no child `expct` [expct] write `expect`
    E014: `expect` needs a query that holds for every dialect [expect] write `(sql)"SELECT …"` first, and exceptions behind it
    E014: `expect` needs `is=` [expect] write the value that it must have
    E015: `after` takes a value as `is`, not a value marked `(sql)` [is=(sql)"b"] write a value
    "#);
}
