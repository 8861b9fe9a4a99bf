//! `schemactl init`.

use insta::assert_snapshot;

use crate::support::project::Project;

#[test]
fn a_project_is_begun() {
    let project = Project::empty();
    assert_snapshot!(project.run(&["init", "--dialects", "sqlite,postgres"]), @"
    ----- stderr
         Created schemactl.kdl
         Created schema/schema.kdl
         Created .gitattributes
         Created revisions/
         Created snapshots/
    next: edit schema/schema.kdl, then `schemactl plan`
    ");
    assert_snapshot!(project.files().join("\n"), @"
    .gitattributes
    schema/schema.kdl
    schemactl.kdl
    ");
    assert_snapshot!(project.run(&["apply"]), @"
    ----- stderr
    nothing to apply: there is no revision, `schemactl plan` writes one
    ");
    assert_snapshot!(project.read("schemactl.kdl"), @r#"
    // The project. All paths are relative to this file.
    project project {
        // The databases that every revision must run on.
        dialects sqlite postgres

        // Where things are; these are the defaults.
        // schema schema
        // revisions revisions
        // snapshots snapshots

        // How long a run waits for another one that is at work on the same database.
        // lock-timeout "60s"
    }

    // Named targets. `--env NAME` or SCHEMACTL_ENV chooses one; this is the one without either.
    env dev default=#true {
        url "sqlite://project.db"
    }

    env prod {
        // The URL is the value of a variable, of the process or of a file `.env` beside this one.
        url (env)"DATABASE_URL"

        // Ask before anything changes.
        protect

        // SQL on the connection of a run, before its first and after its last change.
        // before-run (sql)"SET ROLE owner"
        // after-run (sql)"ANALYZE"
    }
    "#);
    assert_snapshot!(project.read("schema/schema.kdl"), @r#"
    // The desired state: what the database is meant to look like. Every `*.kdl` file in this folder is read.
    // Change it, then run `schemactl plan` to get a revision that leads there.

    table users comment="People who can sign in" {
        column id bigint identity primary-key
        column email "varchar(320)" unique
        column name text nullable
        column created_at timestamptz default=(sql)"CURRENT_TIMESTAMP"
    }
    "#);
    assert_snapshot!(project.read(".gitattributes"), @"
    # Code review tools fold what is generated. Revisions are not: they are there to be read.
    /snapshots/** linguist-generated=true gitlab-generated=true
    ");
}

#[test]
fn the_first_dialect_is_the_one_for_development() {
    let project = Project::empty();
    project.run(&["init", "--dialects", "postgres", "--project", "shop-2", "-q"]).ok();
    let config = project.read("shop-2/schemactl.kdl");
    assert!(config.contains("project shop_2 {\n"), "{config}");
    assert!(config.contains("    dialects postgres\n"), "{config}");
    assert!(config.contains("    url \"postgres://localhost/shop_2\"\n"), "{config}");
}

#[test]
fn nothing_is_overwritten() {
    let project = Project::empty();
    project.write("schemactl.kdl", "mine").write("revisions/0001_mine.kdl", "mine");
    assert_snapshot!(project.run(&["init"]), @"
    ----- stderr
    error[E802]: `schemactl.kdl` exists: there is a project already
    help: work on that one, or begin the project elsewhere with `--project DIR`
    explain: schemactl explain E802
    ----- exit 2
    ");
    assert_eq!(project.files(), ["revisions/0001_mine.kdl", "schemactl.kdl"]);
    assert_eq!(project.read("schemactl.kdl"), "mine");
}

#[test]
fn attributes_that_a_repository_has_already_stay_in_front_of_the_new_ones() {
    let project = Project::empty();
    project.write(".gitattributes", "*.png binary");
    assert_snapshot!(project.run(&["init"]), @"
    ----- stderr
         Created schemactl.kdl
         Created schema/schema.kdl
        Extended .gitattributes
         Created revisions/
         Created snapshots/
    next: edit schema/schema.kdl, then `schemactl plan`
    ");
    assert_snapshot!(project.read(".gitattributes"), @"
    *.png binary
    # Code review tools fold what is generated. Revisions are not: they are there to be read.
    /snapshots/** linguist-generated=true gitlab-generated=true
    ");
    project.run(&["init", "--project", "sub"]).ok();
    std::fs::remove_file(project.path("sub/schemactl.kdl")).expect("it was made");
    std::fs::remove_file(project.path("sub/schema/schema.kdl")).expect("it was made");
    assert_snapshot!(project.run(&["init", "--project", "sub"]), @"
    ----- stderr
         Created sub/schemactl.kdl
         Created sub/schema/schema.kdl
            Kept sub/.gitattributes
         Created sub/revisions/
         Created sub/snapshots/
    next: edit sub/schema/schema.kdl, then `schemactl plan --project sub`
    ");
}

#[test]
fn an_unknown_dialect_is_refused() {
    assert_snapshot!(Project::empty().run(&["init", "--dialects", "oracle"]), @"
    ----- stderr
    error: invalid value 'oracle' for '--dialects <DIALECT>'
      [possible values: sqlite, postgres, mysql]

    For more information, try '--help'.
    ----- exit 2
    ");
}

#[test]
fn what_was_made_can_be_told_as_json() {
    assert_snapshot!(Project::empty().run(&["init", "--format", "json", "--quiet"]), @r#"
    {
      "created": [
        "schemactl.kdl",
        "schema/schema.kdl",
        ".gitattributes"
      ],
      "format": 1,
      "project": "project"
    }
    "#);
}

#[test]
fn a_folder_of_any_name_makes_a_project() {
    for name in ["true", "null", "inf", "nan"] {
        let project = Project::empty();
        project.run(&["init", "-q", "--project", name]).ok();
        project.run(&["plan", "-q", "--project", name]).ok();
        let config = project.read(&format!("{name}/schemactl.kdl"));
        assert!(config.contains(&format!("sqlite://{name}.db")), "{config}");
    }
}

#[test]
fn a_folder_in_place_of_the_configuration_is_told() {
    let project = Project::empty();
    std::fs::create_dir(project.path("schemactl.kdl")).unwrap();
    for command in ["status", "plan", "fmt"] {
        let words = project.run(&[command]).fails(1);
        assert!(words.contains("error[E602]: can't read `schemactl.kdl`: it is a folder"), "{words}");
    }
    for command in [&["init"][..], &["init", "--name", "shop"], &["init", "--git"]] {
        let words = project.run(command).fails(1);
        assert!(words.contains("`schemactl.kdl`: it is a folder"), "{words}");
    }
}
