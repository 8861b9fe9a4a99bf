//! `diff`: every way to name a schema, every way to show what lies between two.

use insta::assert_snapshot;

use super::plan::shop;
use crate::support::project::Project;

/// A project whose schema has one more column than its last revision, and another table than its only commit.
fn edited() -> Project {
    let project = shop();
    for line in ["git init -q", "git add .", "git -c user.name=a -c user.email=a@b commit -qm first"] {
        project.shell(line).ok();
    }
    project.write(
        "schema/more.kdl",
        "table more {\n    column id int primary-key\n    column note text nullable\n}\n",
    );
    project
}

#[test]
fn a_schema_has_many_names() {
    let project = edited();
    let more = "  +  table  more  2 columns\n";
    for (from, to, difference) in [
        ("head", "schema", more),
        ("1", "schema", more),
        ("git:HEAD", "schema", more),
        ("git:HEAD", "head", ""),
        ("./schema", "schema", ""),
        ("schema", "schema", ""),
    ] {
        assert_eq!(project.run(&["diff", from, to, "-q"]).ok(), difference, "{from} {to}");
    }
    let state = project.read("revisions/0001_first_tables.kdl");
    let state = state.lines().find_map(|line| line.trim().strip_prefix("to ")).unwrap().trim_matches('"');
    assert_eq!(project.run(&["diff", state, "schema"]).ok(), more);
    assert_eq!(project.run(&["diff"]).ok(), more);
    assert_eq!(project.run(&["diff", "--exit-code"]).code, Some(4));
    assert_eq!(project.run(&["diff", "head", "git:HEAD", "--exit-code", "-q"]).ok(), "");
}

#[test]
fn a_difference_is_shown_in_many_ways() {
    let project = edited();
    assert_snapshot!(project.run(&["diff", "--ops"]), @"
    ops {
        create-table more {
            column id int primary-key
            column note text nullable
        }
    }
    ");
    assert_snapshot!(project.run(&["diff", "--sql", "--dialect=sqlite"]), @r#"
    BEGIN;
    CREATE TABLE "more" (
        "id" int NOT NULL CONSTRAINT "more_pkey" PRIMARY KEY,
        "note" text
    );
    COMMIT;
    "#);
    assert_snapshot!(project.run(&["diff", "--format=json", "--sql"]), @r#"
    {
      "format": 1,
      "from": "head",
      "sql": [
        {
          "dialect": "sqlite",
          "statements": [
            "CREATE TABLE \"more\" (\n    \"id\" int NOT NULL CONSTRAINT \"more_pkey\" PRIMARY KEY,\n    \"note\" text\n)"
          ]
        },
        {
          "dialect": "postgres",
          "statements": [
            "CREATE TABLE \"more\" (\n    \"id\" integer NOT NULL,\n    \"note\" text,\n    CONSTRAINT \"more_pkey\" PRIMARY KEY (\"id\")\n)"
          ]
        }
      ],
      "steps": [
        {
          "detail": "2 columns",
          "kind": "table",
          "sign": "+",
          "subject": "more"
        }
      ],
      "to": "schema",
      "unmanaged": []
    }
    "#);
}

#[test]
fn what_is_no_schema_is_told() {
    let project = edited();
    project.write("empty/readme.txt", "");
    assert_snapshot!(project.run(&["diff", "git:nowhere", "schema"]), @"
    ----- stderr
    error[E610]: the schema can't be read from the commit `nowhere`: fatal: Not a valid object name nowhere
    help: name a commit, branch or tag of the repository that the project lies in
    explain: schemactl explain E610
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["diff", "s1:12", "schema"]), @"
    ----- stderr
    error[E853]: there is no snapshot `s1:12`: this is no hash of a state
    help: give the whole hash as a revision's `from` or `to` has it
    explain: schemactl explain E853
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["diff", "empty/", "schema"]), @"
    ----- stderr
    error[E852]: `empty/` holds no `.kdl` files
    help: name a folder with a schema
    explain: schemactl explain E852
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["diff", "missing/", "schema"]), @"
    ----- stderr
    error[E602]: can't read `missing/`: it doesn't exist
    help: make it, or correct the path
    explain: schemactl explain E602
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["diff", "hed", "schema"]), @"
    ----- stderr
    error[E430]: there is no revision `hed`
    help: write `head` if that is meant; `schemactl log` lists all
    explain: schemactl explain E430
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["diff", "env:prod", "schema"]), @"
    ----- stderr
    error[E606]: unknown environment `prod`, named by `env:prod`
    help: use one of `dev`
    explain: schemactl explain E606
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["diff", "mongo://x", "schema"]), @"
    ----- stderr
    error[E702]: there is no kind of database named `mongo`
    help: write one of `sqlite://path/to/file.db`, `postgres://user@host/database`, `mysql://user@host/database`
    explain: schemactl explain E702
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["diff", "sqlite://missing.db", "schema"]), @"
    ----- stderr
    error[E705]: the database `missing.db` doesn't exist
    help: correct the URL: a database that is only looked at is not made
    explain: schemactl explain E705
    ----- exit 1
    ");
    project.write("schema/more.kdl", "table more {");
    assert_snapshot!(project.run(&["diff"]), @"
    ----- stderr
    error[E005]: a block is never closed
       ╭─[schema/more.kdl:1:12]
     1 │ table more {
       ·            ┬
       ·            ╰── opened here
       ╰────
    help: add the missing `}`
    explain: schemactl explain E005
    ----- exit 1
    ");
}

#[test]
fn sql_for_a_database_that_the_project_is_not_for_is_refused() {
    let project = super::plan::shop();
    let commands: [&[&str]; 3] =
        [&["diff", "base", "head", "--sql"], &["show", "--sql"], &["plan", "--dry-run", "--sql"]];
    for command in commands {
        let words = project.run(&[command, &["--dialect", "mysql"]].concat()).fails(2);
        assert!(words.contains("error[E834]: the project is not for `mysql`"), "{words}");
        assert!(words.contains("name one of `sqlite`, `postgres`"), "{words}");
    }
    // A database has SQL of its own kind, whatever was asked for.
    project.run(&["apply", "-q"]).ok();
    project.replace("schema/shop.kdl", "column name text nullable", "");
    let shown = project.run(&["diff", "env:dev", "schema", "--sql", "--dialect", "postgres"]).ok();
    assert!(shown.contains("DROP COLUMN \"name\""), "{shown}");
}

#[test]
fn folders_may_lie_beside_the_configuration() {
    let project = Project::empty();
    for (folder, schema) in [("app", "./../schema/."), ("hidden", ".db/schema")] {
        let config = format!(
            "project {folder} {{\n    dialects sqlite\n    schema \"{schema}\"\n    revisions \"../{folder}-revisions\"\n    \
             snapshots \"x/../../{folder}-states\"\n}}\nenv dev default=#true {{ url \"sqlite://shop.db\" }}\n"
        );
        project.write(&format!("{folder}/schemactl.kdl"), config);
        let table = format!("table {folder} {{\n    column id int primary-key\n}}\n");
        project.write(&format!("{folder}/{schema}/a.kdl"), table);
    }
    project.write("hidden/.db/schema/.draft.kdl", "not yet");
    for folder in ["app", "hidden"] {
        let run = |line: &str| project.shell(&format!("cd {folder} && {line}")).ok();
        run("schemactl plan -q -m first && schemactl apply -q && schemactl check -q && schemactl verify -q");
        run("git init -q .. && git add -A .. && git -c user.name=a -c user.email=a@b commit -qm first");
        assert_eq!(run("schemactl diff git:HEAD schema"), "no difference between `git:HEAD` and `schema`\n");
    }
    let files = project.files().into_iter().filter(|file| !file.starts_with(".git/"));
    assert_snapshot!(files.collect::<Vec<_>>().join("\n"), @"
    app-revisions/0001_first.kdl
    app-states/s1-00fbbaadadea5d9a.kdl
    app/schemactl.kdl
    app/shop.db
    hidden-revisions/0001_first.kdl
    hidden-states/s1-3e625828c56573dd.kdl
    hidden/.db/schema/.draft.kdl
    hidden/.db/schema/a.kdl
    hidden/schemactl.kdl
    hidden/shop.db
    schema/a.kdl
    ");
}

#[test]
fn what_the_chain_has_renamed_is_renamed_between_its_revisions() {
    let project = shop();
    project.replace("schema/shop.kdl", "column name text", "column full_name was=name text");
    project.run(&["plan", "-q"]).ok();
    project.replace("schema/shop.kdl", "table users", "table people was=users");
    project.replace("schema/shop.kdl", "references=users.id", "references=people.id");
    project.replace("schema/shop.kdl", "column full_name", "column whole_name was=full_name");
    project.run(&["plan", "-q"]).ok();
    assert_snapshot!(project.run(&["diff", "1", "head"]), @"
    -> table        users                   users → people
    -> column       people.name             name → whole_name
    -> primary key  people.users_pkey       users_pkey → people_pkey
    -> unique       people.users_email_key  users_email_key → people_email_key
    ");
    assert_snapshot!(project.run(&["diff", "head", "2"]), @"
    -> table        people                  people → users
    -> column       users.whole_name        whole_name → full_name
    -> primary key  users.people_pkey       people_pkey → users_pkey
    -> unique       users.people_email_key  people_email_key → users_email_key
    ");
    assert_snapshot!(project.run(&["diff", "1", "2", "--sql", "--dialect", "sqlite"]), @r#"
    BEGIN;
    ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";
    COMMIT;
    "#);
    // Otherwise states are compared.
    assert_snapshot!(project.run(&["diff", "1", "schema"]), @"
    +  table        people                      3 columns
    ~  foreign key  posts.posts_author_id_fkey  (author_id) references users (id) → (author_id) references people (id)
         ! every row of `posts` must have its row in `people`
    -  table        users                       3 columns
         ! loses all rows of `users`
    ");
}
