//! `schemactl explain`.

use insta::assert_snapshot;

use crate::support::project::Project;

#[test]
fn a_page_says_why_and_what_to_do() {
    let project = Project::empty();
    assert_snapshot!(project.run(&["explain", "e605"]), @"
    E605: not a duration

    A duration is a whole number with a unit: `500ms`, `10s`, `5min`, `1h`.
    ");
    assert_snapshot!(project.run(&["explain", "E605", "--format", "json"]), @r#"
    {
      "codes": [
        {
          "code": "E605",
          "page": "A duration is a whole number with a unit: `500ms`, `10s`, `5min`, `1h`.\n",
          "title": "not a duration"
        }
      ],
      "format": 1
    }
    "#);
}

#[test]
fn codes_are_listed() {
    let list = Project::empty().run(&["explain"]).ok();
    assert!(list.contains("E601  no project found\n"), "{list}");
    let json: serde_json::Value =
        serde_json::from_str(&Project::empty().run(&["explain", "--format", "json"]).ok()).unwrap();
    assert_eq!(json["codes"].as_array().unwrap().len(), list.lines().count());
}

#[test]
fn an_unknown_code_is_refused() {
    let project = Project::empty();
    assert_snapshot!(project.run(&["explain", "E60", "x"]), @"
    ----- stderr
    error[E801]: unknown code `E60`
    help: did you mean `E560`? `schemactl explain` lists all
    error[E801]: unknown code `x`
    help: run `schemactl explain` for the list
    explain: schemactl explain E801
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["explain", "x", "--format=json"]), @r#"
    {
      "diagnostics": [
        {
          "code": "E801",
          "help": "run `schemactl explain` for the list",
          "labels": [],
          "message": "unknown code `x`",
          "severity": "error"
        }
      ],
      "exit": 2,
      "format": 1
    }
    ----- exit 2
    "#);
}
