//! Reference rows that are for some environments alone.

use std::fs;

use insta::assert_snapshot;

use crate::support::project::Project;
use crate::support::sql;

const USERS: &str = "table users { column id int primary-key; column name text }\n";

/// A project with the environments `dev` and `prod`, and one revision.
fn users() -> Project {
    let project = Project::empty();
    let env = |name: &str| format!("env {name} {{\n    url \"sqlite://{name}.db\"\n}}\n");
    project.write(
        "schemactl.kdl",
        format!("project shop {{\n    dialects sqlite\n}}\n{}{}", env("dev"), env("prod")),
    );
    let rows = "data users { row id=1 name=root }\ndata users only-env=dev { row id=2 name=ann; row id=3 name=bob }\n";
    project.write("schema/users.kdl", format!("{USERS}{rows}"));
    project.run(&["plan", "-q", "-m", "users"]).ok();
    project
}

fn names(project: &Project, name: &str) -> Vec<String> {
    sql::rows(&project.sqlite(&format!("{name}.db")), "SELECT name FROM users ORDER BY id")
}

#[test]
fn a_row_is_in_its_environments_alone() {
    let project = users();
    assert_snapshot!(project.read("revisions/0001_users.kdl").split_once("ops").unwrap().1, @"
     {
        create-table users {
            column id int primary-key
            column name text
        }
        rows users key=id {
            insert id=1 name=root
        }
        rows users key=id only-env=dev {
            insert id=2 name=ann
            insert id=3 name=bob
        }
    }
    ");
    assert_snapshot!(project.run(&["apply", "--env=dev"]), @"
    0001_users                                              af1349b9 → fb5519b2
      +  table  users        2 columns
      +  row    users[id=1]  id=1 name='root'
      +  row    users[id=2]  id=2 name='ann', only in dev
      +  row    users[id=3]  id=3 name='bob', only in dev
    4 steps: 4 to add · undo: yes
    ----- stderr
         Applied 0001_users ([TIME])
    ");
    assert_snapshot!(project.run(&["apply", "--env=prod"]), @"
    0001_users                                              af1349b9 → fb5519b2
      +  table  users        2 columns
      +  row    users[id=1]  id=1 name='root'
      +  row    users[id=2]  id=2 name='ann', only in dev
      +  row    users[id=3]  id=3 name='bob', only in dev
    4 steps: 4 to add · undo: yes
    ----- stderr
    `0001_users`: 2 rows of `users` are left out: they are for `dev`, and this is `prod`
         Applied 0001_users ([TIME])
    ");
    assert_eq!(names(&project, "dev"), ["root", "ann", "bob"]);
    assert_eq!(names(&project, "prod"), ["root"]);
    assert_snapshot!(project.run(&["log", "--applied", "--env=prod"]), @"applied     0001_users  [MOMENT]     [TIME]  tester@[HOST]  in prod");
    for name in ["dev", "prod"] {
        project.run(&["drift", "--env", name]).ok();
    }
    // One row comes to more environments, one changes where it is, and one goes from some.
    project.write("schema/users.kdl", format!("{USERS}data users {{ row id=2 name=ann }}\ndata users only-env=dev {{ row id=1 name=root; row id=3 name=rob }}\n"));
    assert_snapshot!(project.run(&["plan", "-m", "more"]), @"
    0002_more                                               fb5519b2 → 3832e8d8
      ~  row  users[id=1]  everywhere → only in dev
      ~  row  users[id=2]  only in dev → everywhere
      ~  row  users[id=3]  name='bob' → name='rob', only in dev
    3 steps: 3 to change · 1 transaction · undo: yes
    ----- stderr
           Wrote snapshots/s1-3832e8d8ba7ef777.kdl
           Wrote revisions/0002_more.kdl
    next: `schemactl apply`
    ");
    assert_snapshot!(project.run(&["show", "head", "--sql"]), @r#"
    message  more
    id       fd578dfffe3b
    parent   0001_users
    created  2026-11-21T10:00:00Z

    0002_more                                               fb5519b2 → 3832e8d8
      ~  row  users[id=1]  everywhere → only in dev
      ~  row  users[id=2]  only in dev → everywhere
      ~  row  users[id=3]  name='bob' → name='rob', only in dev
    3 steps: 3 to change · 1 transaction · undo: yes

    -- sqlite: apply
    BEGIN;
    UPDATE "users" SET "name" = 'rob' WHERE "id" = 3;
    COMMIT;

    -- sqlite: rollback
    BEGIN;
    UPDATE "users" SET "name" = 'bob' WHERE "id" = 3;
    COMMIT;
    "#);
    assert_snapshot!(project.run(&["apply", "--env=dev", "-q"]), @"");
    assert_snapshot!(project.run(&["apply", "--env=prod", "-q"]), @"");
    assert_eq!(names(&project, "dev"), ["root", "ann", "rob"]);
    assert_eq!(names(&project, "prod"), ["ann"]);
    project.run(&["check"]).ok();
    assert_snapshot!(project.run(&["prove"]), @"
    ----- stderr
          Proved 0001_users in dev on sqlite (up, down, up; no rows)
          Proved 0001_users elsewhere on sqlite (up, down, up; no rows)
          Proved 0002_more in dev on sqlite (up, down, up; 3 rows)
          Proved 0002_more elsewhere on sqlite (up, down, up; no rows)
            note 0002_more elsewhere: apply stops at rows that were made for it, so it is proven on empty tables: a statement failed: UNIQUE constraint failed: users.id
    ");
    // The way back is that of the environment it was applied in, whatever this one is.
    project.run(&["rollback", "-q", "--env=dev", "--url=sqlite://prod.db"]).ok();
    assert_eq!(names(&project, "prod"), ["root"]);
    project.run(&["rollback", "-q", "base", "--env=dev", "--allow-destructive=all"]).ok();
    project.run(&["apply", "-q", "--url=sqlite://none.db"]).ok();
    assert_eq!(names(&project, "none"), ["ann"]);
}

#[test]
fn fewer_revisions_put_the_same_rows_where_they_belong() {
    let project = users();
    project.write(
        "schema/users.kdl",
        format!(
            "{USERS}data users {{ row id=2 name=ann }}\ndata users only-env=dev {{ row id=1 name=root }}\n"
        ),
    );
    project.run(&["plan", "-q", "-m", "more"]).ok();
    project.run(&["apply", "1", "-q", "--env=prod"]).ok();
    project.run(&["checkpoint"]).ok();
    project.run(&["apply", "-q", "--env=dev"]).ok();
    assert_eq!(names(&project, "dev"), ["root", "ann"]);
    project.run(&["squash", "base..head", "-m", "all"]).ok();
    assert_snapshot!(project.run(&["show", "head"]), @"
    message  all
    id       bc7e3330720c
    created  2026-11-21T10:00:00Z
    replaces 2 revisions, 0001_users to 0002_more

    0002_all                                                af1349b9 → 211af8ea
      +  table  users        2 columns
      +  row    users[id=1]  id=1 name='root', only in dev
      +  row    users[id=2]  id=2 name='ann'
    3 steps: 3 to add · 1 transaction · undo: yes
    ");
    project.run(&["apply", "-q", "--env=prod"]).ok();
    assert_eq!(names(&project, "prod"), ["ann"]);
    project.run(&["apply", "-q", "--env=prod", "--url=sqlite://other.db"]).ok();
    assert_eq!(names(&project, "other"), ["ann"]);
}

#[test]
fn a_push_puts_the_rows_of_its_environment() {
    let project = users();
    project.run(&["push", "-q", "--env=dev"]).ok();
    project.run(&["push", "-q", "--env=prod"]).ok();
    assert_eq!(names(&project, "dev"), ["root", "ann", "bob"]);
    assert_eq!(names(&project, "prod"), ["root"]);
}

#[test]
fn a_push_tells_what_it_changed() {
    let project = users();
    let push = |options: &[&str]| {
        let output = project.run(&[&["push", "--env=dev"], options].concat());
        assert_eq!(output.code, Some(0), "{output}");
        output.stderr
    };
    assert_eq!(push(&["--dry-run"]), "the database sqlite://dev.db doesn't exist yet\n");
    let next = "next: `schemactl plan` when the schema is right\n";
    assert_eq!(push(&[]), format!("      Pushed 1 step and 3 rows\n{next}"));
    assert_eq!(push(&[]), "nothing to push: the database has the schema\n");
    project.replace("schema/users.kdl", "name=ann", "name=anna");
    let words = push(&["--dry-run"]);
    assert!(words.starts_with("no steps: "), "{words}");
    assert_eq!(push(&[]), format!("      Pushed 1 row\n{next}"));
    let told: serde_json::Value =
        serde_json::from_str(&project.run(&["push", "--env=dev", "--format", "json"]).ok()).unwrap();
    assert_eq!(told["rows"], 0);
    assert_eq!(names(&project, "dev"), ["root", "anna", "bob"]);
}

#[test]
fn the_environments_of_rows_must_be_there() {
    let project = users();
    project.replace("schema/users.kdl", "only-env=dev", "only-env=\"def,dev\"");
    assert_snapshot!(project.run(&["plan"]), @r#"
    ----- stderr
    error[E882]: the row 2 of `users` is only for the environment `def`, which there isn't
       ╭─[schema/users.kdl:3:33]
     2 │ data users { row id=1 name=root }
     3 │ data users only-env="def,dev" { row id=2 name=ann; row id=3 name=bob }
       ·                                 ───
       ╰────
    help: write `only-env=dev`
    explain: schemactl explain E882
    ----- exit 1
    "#);
    project.replace("schemactl.kdl", "env dev", "env tset");
    assert_snapshot!(project.run(&["check"]), @r#"
    ----- stderr
    error[E882]: `users[id=2]` is only for the environment `dev`, which there isn't
        ╭─[revisions/0001_users.kdl:17:9]
     16 │     rows users key=id only-env=dev {
     17 │         insert id=2 name=ann
        ·         ──────
     18 │         insert id=3 name=bob
        ╰────
    help: declare it in `schemactl.kdl`: `env dev { url … }`
    error[E820]: the schema has 2 changes that no revision makes: `~ row users[id=2] only in dev → only in def, dev`, …
    help: run `schemactl plan`, and commit the revision with the schema
    error[E882]: the row 2 of `users` is only for the environment `def`, which there isn't
       ╭─[schema/users.kdl:3:33]
     2 │ data users { row id=1 name=root }
     3 │ data users only-env="def,dev" { row id=2 name=ann; row id=3 name=bob }
       ·                                 ───
       ╰────
    help: declare it in `schemactl.kdl`: `env def { url … }`
    error[E882]: the row 2 of `users` is only for the environment `dev`, which there isn't
       ╭─[schema/users.kdl:3:33]
     2 │ data users { row id=1 name=root }
     3 │ data users only-env="def,dev" { row id=2 name=ann; row id=3 name=bob }
       ·                                 ───
       ╰────
    help: declare it in `schemactl.kdl`: `env dev { url … }`
    explain: schemactl explain E882 E820
    ----- exit 4
    "#);
}

#[test]
fn both_sides_of_a_merge_say_where_rows_are() {
    let project = users();
    let data = |rows: &str| project.write("schema/users.kdl", format!("{USERS}{rows}"));
    let plan = |name: &str, rows: &str| {
        data(rows);
        project.run(&["plan", "-q", "-m", name]).ok();
        let revision = format!("revisions/0002_{name}.kdl");
        let text = project.read(&revision);
        fs::remove_file(project.path(&revision)).unwrap();
        (revision, text)
    };
    let theirs = "data users { row id=1 name=root }\ndata users only-env=dev { row id=2 name=anna; row id=3 name=rob }\n\
                  data users only-env=prod { row id=4 name=dan }\n";
    let mine = "data users { row id=1 name=root; row id=3 name=bob }\ndata users only-env=dev { row id=2 name=ann }\n";
    let revisions = [plan("theirs", theirs), plan("mine", mine)];
    for (revision, text) in &revisions {
        project.write(revision, text);
    }
    assert_snapshot!(project.run(&["merge"]), @"
    0003_merge_mine_and_theirs                              75542c22 → 75542c22
    no steps · undo: yes
    ----- stderr
          Proved either order of the branches leads to this state
           Wrote snapshots/s1-75542c22ebda7324.kdl
           Wrote revisions/0003_merge_mine_and_theirs.kdl
         Updated schema/users.kdl
    next: `schemactl apply`
    ");
    assert_snapshot!(project.read("schema/users.kdl"), @"
    table users { column id int primary-key; column name text }
    data users { row id=1 name=root; row id=3 name=rob }
    data users only-env=dev { row id=2 name=anna }

    data users key=id only-env=prod {
        row id=4 name=dan
    }
    ");
    for (order, name) in [(["mine", "theirs"], "dev"), (["theirs", "mine"], "prod")] {
        for revision in order {
            project.run(&["apply", "-q", revision, "--env", name]).ok();
        }
        project.run(&["apply", "-q", "--env", name]).ok();
    }
    assert_eq!(names(&project, "dev"), ["root", "anna", "rob"]);
    assert_eq!(names(&project, "prod"), ["root", "rob", "dan"]);
    project.run(&["prove"]).ok();
}
