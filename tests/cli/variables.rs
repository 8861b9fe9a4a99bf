//! Variables of hooks: declared and given in the configuration, said with `--var`, filled in when a hook runs.

use insta::assert_snapshot;

use crate::support::project::Project;
use crate::support::sql;

/// A project with these nodes in its `project`, and in its environment; its second revision has a hook that does this.
fn project(declared: &str, given: &str, up: &str) -> Project {
    let project = Project::empty();
    project.write(
        "schemactl.kdl",
        format!(
            "project shop {{\n    dialects sqlite postgres\n{declared}\n}}\nenv dev default=#true {{\n    url \"sqlite://shop.db\"\n{given}\n}}\n"
        ),
    );
    project.write(
        "schema/shop.kdl",
        "table notes { column id int primary-key; column tenant text; column size int }",
    );
    project.run(&["plan", "-q", "-m", "notes"]).ok();
    project.run(&["new", "-q", "-m", "fill"]).ok();
    let revision = "revisions/0002_fill.kdl";
    let text = project.read(revision);
    let (head, _) = text.split_once("ops {").unwrap();
    let hook =
        format!("data fill {{\n        up (sql)\"{up}\"\n        down (sql)\"DELETE FROM notes\"\n    }}");
    project.write(revision, format!("{head}ops {{\n    {hook}\n}}\n"));
    project
}

const INSERT: &str = "INSERT INTO notes (id, tenant, size) VALUES (1, ${tenant}, ${size})";

fn notes(project: &Project) -> Vec<String> {
    sql::rows(&project.sqlite("shop.db"), "SELECT id, tenant, size FROM notes")
}

#[test]
fn a_value_comes_from_the_command_line_else_the_environment_else_the_default() {
    let project = project("    var tenant default=\"acme\"\n    var size type=int default=1", "", INSERT);
    project.run(&["check"]).ok();
    project.run(&["apply", "-q"]).ok();
    assert_eq!(notes(&project), ["1|acme|1"]);
    project.run(&["rollback", "-q"]).ok();
    project.replace("schemactl.kdl", "sqlite://shop.db\"", "sqlite://shop.db\"\n    var size 20");
    project.run(&["apply", "-q", "--var", "tenant=o'hara; -- \\"]).ok();
    assert_eq!(notes(&project), ["1|o'hara; -- \\|20"]);
    assert_snapshot!(project.run(&["log", "--applied"]), @r#"
    applied     0002_fill   [MOMENT]     [TIME]  tester@[HOST]  size=20  tenant="o'hara; -- \\"
    rolled-back 0002_fill   [MOMENT]     [TIME]  tester@[HOST]
    applied     0002_fill   [MOMENT]     [TIME]  tester@[HOST]  size=1  tenant=acme
    applied     0001_notes  [MOMENT]     [TIME]  tester@[HOST]
    "#);
    let log = project.run(&["log", "--applied", "-n1", "--format=json"]).ok();
    assert!(
        log.contains(
            r#""variables": {
        "size": "20",
        "tenant": "o'hara; -- \\"
      }"#
        ),
        "{log}"
    );
    project.run(&["rollback", "-q"]).ok();
    project.run(&["apply", "-q", "--url=sqlite://shop.db", "--var=tenant=", "--var", "size=-3"]).ok();
    assert_eq!(notes(&project), ["1||-3"]);
    let newest = project.run(&["log", "--applied", "-n1"]).ok();
    assert!(newest.trim_end().ends_with("  size=-3  tenant=\"\""), "{newest}");
}

#[test]
fn without_a_value_nothing_runs() {
    let project = project("    var tenant\n    var size type=int default=(env)\"SIZE\"", "", INSERT);
    for command in ["apply", "sql", "prove"] {
        project.run(&[command]).fails(1);
    }
    assert_snapshot!(project.run(&["apply"]), @"
    ----- stderr
    error[E507]: `0002_fill`: hook `fill` needs a value for the variable `size`: it is taken from `SIZE`, which is not set
    help: give it one: `--var size=…`
    error[E507]: `0002_fill`: hook `fill` needs a value for the variable `tenant`: neither the environment `dev` nor a default gives one
    help: give it one: `--var tenant=…`
    explain: schemactl explain E507
    ----- exit 1
    ");
    assert!(!project.path("shop.db").exists());
    assert_snapshot!(project.run(&["apply", "--var", "tenant=a", "--var", "size=big"]), @"
    ----- stderr
    error[E612]: `big` is no value of the type `int` of the variable `size`
    help: give it a whole number of 64 bits
    explain: schemactl explain E612
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["apply", "--var", "tenant"]), @"
    ----- stderr
    error[E880]: what stands behind `--var` is no name with a value
    help: write `--var NAME=VALUE`
    explain: schemactl explain E880
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["apply", "--var", "tenant=a", "--var", "tenant=b"]), @"
    ----- stderr
    error[E880]: `--var` names `tenant` twice
    help: leave one of them out
    explain: schemactl explain E880
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["apply", "--var", "tenent=a"]), @"
    ----- stderr
    error[E613]: there is no variable `tenent`
    help: write `tenant`
    explain: schemactl explain E613
    ----- exit 2
    ");
    project.write(".env", "SIZE=many\n");
    assert_snapshot!(project.run(&["apply", "--var", "tenant=a"]), @"
    ----- stderr
    error[E507]: `0002_fill`: hook `fill` needs a value for the variable `size`: `many` is no value of the type `int`
    help: give it one: `--var size=…`
    explain: schemactl explain E507
    ----- exit 1
    ");
    project.write(".env", "SIZE=7\n");
    project.run(&["prove", "--var", "tenant=a"]).ok();
    project.run(&["apply", "-q", "--var", "tenant=a"]).ok();
    assert_eq!(notes(&project), ["1|a|7"]);
}

#[test]
fn check_finds_placeholders_that_can_not_be_filled() {
    let up = "INSERT INTO notes VALUES (1, '${tenant} ${other}', ${sise}) /* ${x} */, (2, ${, ${size})";
    let project = project("    var tenant\n    var size type=int", "", up);
    assert_snapshot!(project.run(&["check"]), @r#"
    ----- stderr
    error[E508]: hook `fill` has `${tenant}` in quotes, where it is nothing but text
        ╭─[revisions/0002_fill.kdl:10:5]
      9 │ ops {
     10 │     data fill {
        ·     ────
     11 │         up (sql)"INSERT INTO notes VALUES (1, '${tenant} ${other}', ${sise}) /* ${x} */, (2, ${, ${size})"
        ╰────
    help: write `${tenant}` without quotes around it: the value brings its own
    error[E506]: hook `fill` uses the variable `sise`, which isn't declared
        ╭─[revisions/0002_fill.kdl:10:5]
      9 │ ops {
     10 │     data fill {
        ·     ────
     11 │         up (sql)"INSERT INTO notes VALUES (1, '${tenant} ${other}', ${sise}) /* ${x} */, (2, ${, ${size})"
        ╰────
    help: write `${size}`
    error[E508]: hook `fill` has a `${` that no name and `}` follow
        ╭─[revisions/0002_fill.kdl:10:5]
      9 │ ops {
     10 │     data fill {
        ·     ────
     11 │         up (sql)"INSERT INTO notes VALUES (1, '${tenant} ${other}', ${sise}) /* ${x} */, (2, ${, ${size})"
        ╰────
    help: write the name of a variable: `${name}`
    explain: schemactl explain E508 E506
    ----- exit 4
    "#);
    project.replace("revisions/0002_fill.kdl", up, "INSERT INTO notes VALUES (1, '${x}', ${y})");
    assert_snapshot!(project.run(&["check"]), @r#"
    ----- stderr
    error[E506]: hook `fill` uses the variable `y`, which isn't declared
        ╭─[revisions/0002_fill.kdl:10:5]
      9 │ ops {
     10 │     data fill {
        ·     ────
     11 │         up (sql)"INSERT INTO notes VALUES (1, '${x}', ${y})"
        ╰────
    help: declare it in `schemactl.kdl`, below `project`: `var y type=text`
    explain: schemactl explain E506
    ----- exit 4
    "#);
    assert_snapshot!(project.run(&["apply", "--dry-run"]), @"
    ----- stderr
    the database sqlite://shop.db doesn't exist yet
    error[E506]: `0002_fill`: hook `fill` uses the variable `y`, which isn't declared
    help: declare it in `schemactl.kdl`, below `project`: `var y type=text`
    explain: schemactl explain E506
    ----- exit 1
    ");
}

#[test]
fn what_the_configuration_says_is_checked() {
    let project = Project::empty();
    project.write(
        "schemactl.kdl",
        "project shop {
    dialects sqlite
    var a type=string
    var b type=int default=\"x\"
    var c default=5
    var c
    var d type=text secret default=\"s\"
    var \"e f\"
    var g type=bool default=#true
    var i default=#null
}
env dev {
    var b (env)\"B\"
    var g yes
    var b 5
    var h 1
    var d \"s\"
}
",
    );
    assert_snapshot!(project.run(&["check"]), @r#"
    ----- stderr
    error[E612]: `string` is not a type of variables
       ╭─[schemactl.kdl:3:16]
     2 │     dialects sqlite
     3 │     var a type=string
       ·                ──────
     4 │     var b type=int default="x"
       ╰────
    help: use one of `text`, `int`, `decimal`, `bool`
    error[E612]: `x` is no value of the type `int` of the variable `b`
       ╭─[schemactl.kdl:4:20]
     3 │     var a type=string
     4 │     var b type=int default="x"
       ·                    ───────────
     5 │     var c default=5
       ╰────
    help: give it a whole number of 64 bits
    error[E612]: `5` is no value of the type `text` of the variable `c`
       ╭─[schemactl.kdl:5:11]
     4 │     var b type=int default="x"
     5 │     var c default=5
       ·           ─────────
     6 │     var c
       ╰────
    help: give it a text, in quotes
    error[E604]: the variable `c` stands twice
       ╭─[schemactl.kdl:5:9]
     4 │     var b type=int default="x"
     5 │     var c default=5
       ·         ┬
       ·         ╰── first here
     6 │     var c
       ·         ┬
       ·         ╰── again here
     7 │     var d type=text secret default="s"
       ╰────
    help: delete one of them
    error[E612]: the variable `d` is secret, and its value stands in the configuration
    help: take it from a variable or a file: `(env)"NAME"`, `(file)"PATH"`
    error[E612]: `e f` can't be the name of a variable
       ╭─[schemactl.kdl:8:9]
     7 │     var d type=text secret default="s"
     8 │     var "e f"
       ·         ─────
     9 │     var g type=bool default=#true
       ╰────
    help: use letters, digits, `_` and `-`
    error[E015]: `var` takes a value, `(env)` with a variable or `(file)` with a path as `default`, not `#null`
        ╭─[schemactl.kdl:10:11]
      9 │     var g type=bool default=#true
     10 │     var i default=#null
        ·           ─────────────
     11 │ }
        ╰────
    help: write a value, `(env)` with a variable or `(file)` with a path
    error[E612]: `yes` is no value of the type `bool` of the variable `g`
        ╭─[schemactl.kdl:14:11]
     13 │     var b (env)"B"
     14 │     var g yes
        ·           ───
     15 │     var b 5
        ╰────
    help: give it `true` or `false`
    error[E604]: the variable `b` stands twice
        ╭─[schemactl.kdl:13:9]
     12 │ env dev {
     13 │     var b (env)"B"
        ·         ┬
        ·         ╰── first here
     14 │     var g yes
     15 │     var b 5
        ·         ┬
        ·         ╰── again here
     16 │     var h 1
        ╰────
    help: delete one of them
    error[E613]: there is no variable `h`
        ╭─[schemactl.kdl:16:9]
     15 │     var b 5
     16 │     var h 1
        ·         ─
     17 │     var d "s"
        ╰────
    help: declare it in `schemactl.kdl`, below `project`: `var h type=text`
    error[E612]: the variable `d` is secret, and its value stands in the configuration
    help: take it from a variable or a file: `(env)"NAME"`, `(file)"PATH"`
    explain: schemactl explain E612 E604 E015 E613
    ----- exit 2
    "#);
}

#[test]
fn a_secret_is_shown_nowhere() {
    let declared = "    var tenant secret default=(file)\"token\"\n    var size type=int default=5";
    let project = project(declared, "", INSERT);
    project.write("token", "s3cret\n");
    assert_snapshot!(project.run(&["sql", "1..2"]), @"
    ----- stderr
    error[E881]: the script would hold the value of the secret variable `tenant`
    help: keep the script safe, and agree with `--with-secrets`
    explain: schemactl explain E881
    ----- exit 1
    ");
    let script = project.run(&["sql", "1..2", "--with-secrets"]).ok();
    assert!(script.contains("VALUES (1, 's3cret', 5)"), "{script}");
    let (_, row) = script.split_once("INSERT INTO \"schemactl_journal\"").unwrap();
    assert!(row.contains(r#"{"variables":{"size":"5","tenant":null}}"#) && !row.contains("s3cret"), "{row}");
    let mut said = String::new();
    for command in [
        "apply",
        "log --applied",
        "rollback",
        "apply --format json",
        "log --applied --format json",
        "show --sql",
    ] {
        let arguments: Vec<&str> = command.split(' ').collect();
        said += &project.run(&arguments).to_string();
    }
    assert_eq!(notes(&project), ["1|s3cret|5"]);
    assert!(said.contains("tenant=***"), "{said}");
    let url = project.sqlite("shop.db");
    said += &sql::rows(&url, "SELECT * FROM schemactl_journal").join("\n");
    // What the database says of a failure is nobody else's to read either.
    sql::execute(
        &url,
        "CREATE TRIGGER t BEFORE INSERT ON notes BEGIN SELECT raise(ABORT, 'not s3cret'); END",
    );
    project.run(&["rollback", "-q"]).ok();
    let failed = project.run(&["apply"]).fails(1);
    assert!(failed.contains("not ***"), "{failed}");
    assert!(!(said + &failed).contains("s3cret"));
}
