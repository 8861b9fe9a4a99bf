//! Several projects in one configuration, and which of them a command works on.

use insta::assert_snapshot;

use crate::support::project::{Output, Project};

/// Two projects on one database of SQLite, each with a planned revision.
fn two() -> Project {
    let project = Project::empty();
    project.run(&["init", "--dialects", "sqlite"]).ok();
    project.write("schema/schema.kdl", "table users { column id bigint primary-key }\n");
    project.run(&["plan"]).ok();
    project.run(&["init", "--name", "billing"]).ok();
    project.write("billing/schema/schema.kdl", "table invoices { column id bigint primary-key }\n");
    project.run(&["plan", "--name", "billing"]).ok();
    project
}

/// The lines of `status` up to the number of pending revisions.
fn status(output: Output) -> String {
    output.ok().lines().take(2).collect::<Vec<_>>().join("\n")
}

#[test]
fn another_project_is_begun_beside_the_first() {
    let project = Project::empty();
    project.run(&["init", "--dialects", "sqlite"]).ok();
    let before = project.read("schemactl.kdl");
    assert_snapshot!(project.run(&["init", "--name", "billing"]), @"
    ----- stderr
        Extended schemactl.kdl
         Created billing/schema/schema.kdl
         Created billing/revisions/
         Created billing/snapshots/
        Extended .gitattributes
    there are several projects now: commands need `--name`, unless they are run in a project's folder or one is marked `default=#true`
    next: edit billing/schema/schema.kdl, then `schemactl plan --name billing`
    ");
    let after = project.read("schemactl.kdl");
    assert_snapshot!(after.strip_prefix(before.as_str()).unwrap(), @r#"
    project billing {
        dialects sqlite
        schema "billing/schema"
        revisions "billing/revisions"
        snapshots "billing/snapshots"
        // Its own table in each database that says what has run, so that it can share one with other projects.
        journal schemactl_journal_billing
    }
    "#);
    assert_snapshot!(project.read(".gitattributes"), @"
    # Code review tools fold what is generated. Revisions are not: they are there to be read.
    /snapshots/** linguist-generated=true gitlab-generated=true
    /billing/snapshots/** linguist-generated=true gitlab-generated=true
    ");
    assert_snapshot!(project.run(&["init", "--name", "billing"]), @"
    ----- stderr
    error[E802]: there is a project `billing` in `schemactl.kdl`
    help: give another name: a letter, then letters, digits, `_` and `-`
    explain: schemactl explain E802
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["init", "--name", "a/b"]), @"
    ----- stderr
    error[E802]: `a/b` can't be the name of a project
    help: give another name: a letter, then letters, digits, `_` and `-`
    explain: schemactl explain E802
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["init", "--name", "stock", "--from", "sqlite://x.db"]), @"
    ----- stderr
    error[E802]: `schemactl.kdl` exists: `--from` begins the first project of a folder
    help: run `schemactl init --name stock`, then `schemactl drift --pull --name stock`, which leaves out what other projects have
    explain: schemactl explain E802
    ----- exit 2
    ");
    assert_eq!(project.read("schemactl.kdl"), after);
    project.run(&["init", "--name", "stock", "--dialects", "postgres"]).ok();
    let stock = project.read("schemactl.kdl");
    assert_snapshot!(stock.strip_prefix(after.as_str()).unwrap(), @r#"
    project stock {
        dialects postgres
        schema "stock/schema"
        revisions "stock/revisions"
        snapshots "stock/snapshots"
        // Its own table in each database that says what has run, so that it can share one with other projects.
        journal schemactl_journal_stock
        // Environments in here are this project's alone; those beside it are for all.
        env dev default=#true {
            url "postgres://localhost/stock"
        }
    }
    "#);
    assert_snapshot!(project.run(&["fmt", "--check"]), @"");
}

#[test]
fn what_is_in_the_way_of_another_project_stays() {
    let project = Project::empty();
    project.run(&["init", "--dialects", "sqlite"]).ok();
    let before = project.read("schemactl.kdl");
    project.write("billing/schema/schema.kdl", "// mine\n").write("billing/revisions/x", "");
    assert_snapshot!(project.run(&["init", "--name", "billing"]), @"
    ----- stderr
    error[E802]: `billing/schema/schema.kdl` exists
    help: move it away, or begin the project elsewhere with `--project DIR`
    error[E802]: `billing/revisions` exists
    help: move it away, or begin the project elsewhere with `--project DIR`
    explain: schemactl explain E802
    ----- exit 2
    ");
    project.replace("schemactl.kdl", "// schema schema", "schema stock");
    assert_snapshot!(project.run(&["init", "--name", "stock"]), @r#"
    ----- stderr
    error[E616]: the projects `project` and `stock` share the folder `stock/schema`
       ╭─[schemactl.kdl:7:5]
     6 │     // Where things are; these are the defaults.
     7 │     schema stock
       ·     ───┬──
       ·        ╰── of `project`
     8 │     // revisions revisions
       ╰────
        ╭─[schemactl.kdl:34:5]
     33 │     dialects sqlite
     34 │     schema "stock/schema"
        ·     ───┬──
        ·        ╰── of `stock`
     35 │     revisions "stock/revisions"
        ╰────
    help: give each project folders of its own, such as `stock/schema`
    error[E616]: the projects `project` and `stock` share the folder `stock/revisions`
       ╭─[schemactl.kdl:7:5]
     6 │     // Where things are; these are the defaults.
     7 │     schema stock
       ·     ───┬──
       ·        ╰── of `project`
     8 │     // revisions revisions
       ╰────
        ╭─[schemactl.kdl:35:5]
     34 │     schema "stock/schema"
     35 │     revisions "stock/revisions"
        ·     ────┬────
        ·         ╰── of `stock`
     36 │     snapshots "stock/snapshots"
        ╰────
    help: give each project folders of its own, such as `stock/revisions`
    error[E616]: the projects `project` and `stock` share the folder `stock/snapshots`
       ╭─[schemactl.kdl:7:5]
     6 │     // Where things are; these are the defaults.
     7 │     schema stock
       ·     ───┬──
       ·        ╰── of `project`
     8 │     // revisions revisions
       ╰────
        ╭─[schemactl.kdl:36:5]
     35 │     revisions "stock/revisions"
     36 │     snapshots "stock/snapshots"
        ·     ────┬────
        ·         ╰── of `stock`
     37 │     // Its own table in each database that says what has run, so that it can share one with other projects.
        ╰────
    help: give each project folders of its own, such as `stock/snapshots`
    explain: schemactl explain E616
    ----- exit 1
    "#);
    assert_eq!(project.read("schemactl.kdl"), before.replace("// schema schema", "schema stock"));
    assert_eq!(project.read("billing/schema/schema.kdl"), "// mine\n");
}

#[test]
fn options_come_before_variables_folders_and_the_default() {
    let mut project = two();
    assert_snapshot!(project.run(&["plan"]), @"
    ----- stderr
    error[E614]: there are several projects, and none is chosen: `project`, `billing`
    help: name one with `--name NAME`, or mark one with `default=#true`
    explain: schemactl explain E614
    ----- exit 2
    ");
    assert_snapshot!(status(project.shell("cd billing/schema && schemactl status")), @"
    the database sqlite://project.db doesn't exist yet
    project    billing
    ");
    project.replace("schemactl.kdl", "project project", "project project default=#true");
    assert_snapshot!(status(project.run(&["status"])), @"
    project    project
    database   sqlite://project.db (dev)
    ");
    assert_snapshot!(status(project.shell("cd billing && schemactl status")), @"
    the database sqlite://project.db doesn't exist yet
    project    billing
    ");
    project.write(".env", "SCHEMACTL_NAME=billing\n");
    assert_snapshot!(status(project.run(&["status"])), @"
    project    billing
    database   sqlite://project.db (dev)
    ");
    project.set("SCHEMACTL_NAME", "project");
    assert_snapshot!(status(project.run(&["status"])), @"
    project    project
    database   sqlite://project.db (dev)
    ");
    assert_snapshot!(status(project.run(&["status", "--name", "billing"])), @"
    project    billing
    database   sqlite://project.db (dev)
    ");
    assert_snapshot!(project.run(&["status", "--name", "biling"]), @"
    ----- stderr
    error[E615]: unknown project `biling`, named by `--name`
    help: use `billing`
    explain: schemactl explain E615
    ----- exit 2
    ");
}

#[test]
fn each_project_has_its_own_chain_and_journal() {
    let project = two();
    assert_snapshot!(project.run(&["apply", "--name", "billing"]), @"
    0001_add_table_invoices                                 af1349b9 → e77e87d2
      +  table  invoices  1 column
    1 step: 1 to add · undo: yes
    ----- stderr
         Applied 0001_add_table_invoices ([TIME])
    ");
    assert_snapshot!(project.run(&["status", "--name", "billing"]), @"
    project    billing
    database   sqlite://project.db (dev)
    at         0001_add_table_invoices
    applied    1
    pending    0
    ");
    assert_snapshot!(project.run(&["status", "--name", "project"]), @"
    project    project
    database   sqlite://project.db (dev)
    at         base
    applied    0
    pending    1
      0001_add_table_users
    ----- stderr
    next: `schemactl apply --name project`
    ");
    assert_snapshot!(project.run(&["heads", "--name", "billing", "--format", "json"]), @r#"
    {
      "format": 1,
      "heads": [
        {
          "branches": [],
          "created": "2026-11-21T10:00:00Z",
          "from": "s1:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
          "id": "01f5779ae7b6",
          "labels": [],
          "message": "add table invoices",
          "name": "0001_add_table_invoices",
          "needed_by": [],
          "parents": [],
          "tags": [],
          "to": "s1:e77e87d2d42c709a136b603b530e29a6cee24a080d6cf441e292dc0ccbe8e269"
        }
      ],
      "project": "billing"
    }
    "#);
    assert_snapshot!(project.run(&["tag", "v1", "--name", "billing"]), @"
    ----- stderr
          Tagged 0001_add_table_invoices as v1
    ");
    assert_snapshot!(project.run(&["log", "--name", "billing"]), @"0001_add_table_invoices                                 01f5779ae7b6  2026-11-21T10:00:00Z  [v1]");
}

#[test]
fn checks_are_about_all_projects() {
    let project = two();
    assert_snapshot!(project.run(&["check"]), @"
    ----- stderr
         Checked project: 1 revision on sqlite
         Checked billing: 1 revision on sqlite
    ");
    assert_snapshot!(project.run(&["verify"]), @"
    ----- stderr
        Verified project: 1 revision
        Verified billing: 1 revision
    ");
    project.replace("billing/schema/schema.kdl", "column id", "column total int\n    column id");
    assert_snapshot!(project.run(&["check"]), @"
    ----- stderr
         Checked project: 1 revision on sqlite
    error[E820]: the schema has a change that no revision makes: `+ column invoices.total int`
    help: run `schemactl plan --name billing`, and commit the revision with the schema
    explain: schemactl explain E820
    the above is about the project `billing`
    ----- exit 4
    ");
    assert_snapshot!(project.run(&["check", "--format", "json"]), @r#"
    {
      "format": 1,
      "projects": [
        {
          "findings": [],
          "project": "project",
          "revisions": 1
        },
        {
          "findings": [
            {
              "code": "E820",
              "help": "run `schemactl plan --name billing`, and commit the revision with the schema",
              "labels": [],
              "message": "the schema has a change that no revision makes: `+ column invoices.total int`",
              "severity": "error"
            }
          ],
          "project": "billing",
          "revisions": 1
        }
      ]
    }
    ----- stderr
         Checked project: 1 revision on sqlite
    the above is about the project `billing`
    ----- exit 4
    "#);
    assert_snapshot!(project.run(&["check", "--name", "project"]), @"
    ----- stderr
         Checked project: 1 revision on sqlite
    ");
    assert_snapshot!(project.run(&["fmt", "--check"]), @"
    billing/schema/schema.kdl
    ----- stderr
    next: `schemactl fmt`
    ----- exit 4
    ");
}

#[test]
fn git_merges_the_files_of_all_projects() {
    let project = two();
    project.shell("git init -q .").ok();
    project.run(&["init", "--git"]).ok();
    assert_snapshot!(project.read(".gitattributes"), @"
    # Code review tools fold what is generated. Revisions are not: they are there to be read.
    /snapshots/** linguist-generated=true gitlab-generated=true
    /billing/snapshots/** linguist-generated=true gitlab-generated=true
    # `schemactl init --git` tells a clone what this means.
    /schema/** merge=schemactl
    /revisions/*.kdl merge=schemactl
    /billing/schema/** merge=schemactl
    /billing/revisions/*.kdl merge=schemactl
    ");
    project.run(&["init", "--name", "stock"]).ok();
    project.run(&["init", "--git"]).ok();
    assert_snapshot!(project.read(".gitattributes"), @"
    # Code review tools fold what is generated. Revisions are not: they are there to be read.
    /snapshots/** linguist-generated=true gitlab-generated=true
    /billing/snapshots/** linguist-generated=true gitlab-generated=true
    # `schemactl init --git` tells a clone what this means.
    /schema/** merge=schemactl
    /revisions/*.kdl merge=schemactl
    /billing/schema/** merge=schemactl
    /billing/revisions/*.kdl merge=schemactl
    /stock/snapshots/** linguist-generated=true gitlab-generated=true
    /stock/schema/** merge=schemactl
    /stock/revisions/*.kdl merge=schemactl
    ");
}

/// Two projects with journals of one name, each with a database of its own.
fn apart() -> Project {
    let project = Project::empty();
    let named = |name: &str| {
        format!(
            "project {name} {{\n    dialects sqlite\n    schema \"{name}/schema\"\n    revisions \"{name}/revisions\"\n    \
             snapshots \"{name}/snapshots\"\n    env dev default=#true {{ url \"sqlite://{name}.db\" }}\n}}\n"
        )
    };
    project.write("schemactl.kdl", ["shop", "billing"].map(named).concat());
    for (name, table) in [("shop", "users"), ("billing", "invoices")] {
        project.write(
            &format!("{name}/schema/schema.kdl"),
            format!("table {table} {{ column id int primary-key }}\n"),
        );
        project.run(&["plan", "-q", "-m", table, "--name", name]).ok();
        project.run(&["apply", "-q", "--name", name]).ok();
    }
    project
}

#[test]
fn a_journal_of_another_project_is_told_by_name() {
    let project = apart();
    for command in ["apply", "stamp head", "rollback"] {
        let place = ["--name", "shop", "--url", "sqlite://billing.db"];
        let words: Vec<&str> = command.split(' ').chain(place).collect();
        insta::allow_duplicates! {
            assert_snapshot!(project.run(&words), @"
            ----- stderr
            error[E722]: the journal `schemactl_journal` of this database is that of the project `billing`, not of `shop`
            help: name another database, or that project with `--name billing`; to share the database, write `journal schemactl_journal_shop` into `project shop`
            explain: schemactl explain E722
            ----- exit 5
            ");
        }
    }
}

#[test]
fn shared_environments_give_values_to_the_variables_of_all_projects() {
    let project = apart();
    let config = project.read("schemactl.kdl");
    let declared = config
        .replacen("    dialects sqlite\n", "    dialects sqlite\n    var batch type=int\n", 1)
        .replacen("project billing {\n", "project billing {\n    journal schemactl_journal_billing\n", 1);
    project
        .write("schemactl.kdl", format!("{declared}env shared {{ url \"sqlite://s.db\"; var batch 5 }}\n"));
    project.run(&["plan", "--name", "billing", "--env", "shared"]).ok();
    // A mistake of one project is no mistake about its variables.
    project.replace("schemactl.kdl", "    dialects sqlite\n    var", "    dialects sqlight\n    var");
    let said = project.run(&["plan", "--name", "billing", "--env", "shared"]).fails(1);
    assert!(said.contains("unknown dialect `sqlight`") && !said.contains("E613"), "{said}");
}
