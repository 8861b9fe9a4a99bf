//! Revisions that become one, and checkpoints: databases that have all, some or none of the old ones reach the same
//! catalog and the same rows, and go back.

use insta::assert_snapshot;

use crate::scripts::KINDS;
use crate::support::project::Project;
use crate::support::sql;

/// Schemas that follow each other, with the answers that each plan needs. The second has a hook; the third renames; the
/// last comes behind what is squashed.
const STEPS: [(&str, &[&str]); 5] = [
    ("table users {\n    column id int primary-key\n    column name \"varchar(40)\"\n}\n", &[]),
    (
        "table users {\n    column id int primary-key\n    column name \"varchar(40)\"\n    column age int\n}\n",
        &["--default", "users.age=7"],
    ),
    (
        "table people was=users {\n    column id int primary-key\n    column full_name \"varchar(40)\" was=name\n    \
         column age int\n}\n",
        &[],
    ),
    (
        "table people {\n    column id int primary-key\n    column full_name \"varchar(40)\"\n    column age int\n    \
         index age\n}\ntable pets {\n    column id int primary-key\n    column owner int references=people.id\n}\n",
        &[],
    ),
    (
        "table people {\n    column id int primary-key\n    column full_name \"varchar(40)\"\n    column age int\n    \
         index age\n}\ntable pets {\n    column id int primary-key\n    column owner int references=people.id\n    \
         column name text nullable\n}\n",
        &[],
    ),
];

pub fn project() -> Project {
    begun(STEPS.len())
}

/// A project with the first of the revisions.
pub fn begun(count: usize) -> Project {
    let project = Project::empty();
    project.run(&["init", "--dialects", "sqlite,postgres,mysql"]).ok();
    (1..=count).for_each(|number| plan(&project, number));
    project
}

/// Plans one of the revisions on top of the others.
pub fn plan(project: &Project, number: usize) {
    let (schema, answers) = STEPS[number - 1];
    project.write("schema/schema.kdl", schema);
    project.run(&[&["plan", "-q", "-m", &format!("step {number}")], answers].concat()).ok();
}

/// Every file that isn't a database.
fn files(project: &Project) -> Vec<String> {
    project.files().into_iter().filter(|file| file.starts_with("revisions/")).collect()
}

#[test]
fn databases_with_all_some_or_none_of_the_old_ones_reach_the_same() {
    for kind in KINDS {
        let project = project();
        let names = ["none", "one", "two", "three", "four", "five"];
        let databases = names.map(|name| kind(&project, name));
        for (count, database) in databases.iter().enumerate().skip(1) {
            database.run(&project, &["apply", "1"]);
            sql::execute(database.url(), "INSERT INTO users (id, name) VALUES (1, 'ann')");
            database.run(&project, &["apply", &count.to_string()]);
        }
        let dialect = databases[0].dialect();
        let wanted = databases[5].run(&project, &["inspect"]);
        project.run(&["squash", "base..4", "-m", "the first year"]).ok();
        project.run(&["check"]).ok();
        for (count, database) in databases.iter().enumerate() {
            let status = database.run(&project, &["status"]);
            assert!(!status.contains("problem"), "{dialect} {count}: {status}");
            database.run(&project, &["apply"]);
            assert_eq!(database.run(&project, &["inspect"]), wanted, "{dialect} {count}");
            if count > 0 {
                let row = sql::rows(database.url(), "SELECT id, full_name, age FROM people");
                assert_eq!(row, ["1|ann|7"], "{dialect} {count}");
            }
            let applied = sql::rows(
                database.url(),
                "SELECT name FROM schemactl_journal WHERE event = 'applied' ORDER BY seq",
            );
            let own = ["0004_the_first_year", "0005_step_5"].map(str::to_owned).to_vec();
            let old: Vec<String> = (1..=5).map(|number| format!("000{number}_step_{number}")).collect();
            assert_eq!(applied, if count == 0 { own } else { old }, "{dialect} {count}");
        }
        for database in &databases {
            database.run(&project, &["rollback", "base", "--allow-destructive", "all"]);
            assert!(!database.run(&project, &["inspect"]).contains("table"), "{dialect}");
        }
    }
}

#[test]
fn what_was_squashed_can_be_squashed_again() {
    let project = project();
    let url = |name: &str| project.sqlite(&format!("{name}.db"));
    for name in ["1", "2", "3", "5"] {
        project.run(&["apply", name, "-q", "--url", &url(name)]).ok();
    }
    project.run(&["squash", "base..2", "-m", "early"]).ok();
    project.run(&["apply", "early", "-q", "--url", &url("early")]).ok();
    project.run(&["squash", "early..4", "-m", "late"]).ok();
    project.run(&["apply", "late", "-q", "--url", &url("late")]).ok();
    project.run(&["squash", "base..4", "-m", "both"]).ok();
    assert_eq!(
        files(&project),
        [
            "revisions/0004_both.kdl",
            "revisions/0005_step_5.kdl",
            "revisions/replaced/0001_step_1.kdl",
            "revisions/replaced/0002_early.kdl",
            "revisions/replaced/0002_step_2.kdl",
            "revisions/replaced/0003_step_3.kdl",
            "revisions/replaced/0004_late.kdl",
            "revisions/replaced/0004_step_4.kdl",
        ]
    );
    let inspect = |name: &str| project.run(&["inspect", "--url", &url(name)]).ok();
    for name in ["1", "2", "3", "early", "late", "new"] {
        project.run(&["apply", "-q", "--url", &url(name)]).ok();
        assert_eq!(inspect(name), inspect("5"), "{name}");
        project.run(&["rollback", "base", "-q", "--allow-destructive=all", "--url", &url(name)]).ok();
    }
    project.run(&["check"]).ok();
    assert_snapshot!(project.run(&["apply", "0003_step_3", "--url", &url("other")]), @"
    ----- stderr
    error[E430]: there is no revision `0003_step_3`
    help: name `0004_both`, which stands in its place, or one behind it
    explain: schemactl explain E430
    ----- exit 2
    ");
    // Without the old files, who has all of them says so, and who has some is told what is missing.
    project.run(&["apply", "4", "-q", "--url", &url("6")]).ok();
    for file in files(&project).iter().filter(|file| file.contains("replaced")) {
        std::fs::remove_file(project.path(file)).unwrap();
    }
    assert_snapshot!(project.run(&["apply", "--url", &url("5")]), @"
    ----- stderr
    error[E722]: the database has `0001_step_1`, which is part of `0004_both` now, and its file is gone
    help: restore `replaced/0001_step_1.kdl` from version control, or, if the database has all of `0004_both`, run `schemactl stamp 0004_both --purge --url URL`
    error[E722]: the database has `0002_step_2`, which is part of `0004_both` now, and its file is gone
    help: restore `replaced/0002_step_2.kdl` from version control, or, if the database has all of `0004_both`, run `schemactl stamp 0004_both --purge --url URL`
    error[E722]: the database has `0003_step_3`, which is part of `0004_both` now, and its file is gone
    help: restore `replaced/0003_step_3.kdl` from version control, or, if the database has all of `0004_both`, run `schemactl stamp 0004_both --purge --url URL`
    error[E722]: the database has `0004_step_4`, which is part of `0004_both` now, and its file is gone
    help: restore `replaced/0004_step_4.kdl` from version control, or, if the database has all of `0004_both`, run `schemactl stamp 0004_both --purge --url URL`
    error[E724]: the database has `0005_step_5` but not `0004_both`, which it needs
    help: find out what the database holds, then `schemactl stamp --url URL` it
    explain: schemactl explain E722 E724
    ----- exit 5
    ");
    project.run(&["stamp", "head", "--purge", "-q", "--url", &url("5")]).ok();
    assert_snapshot!(project.run(&["status", "--url", &url("5")]), @"
    database   sqlite://[PROJECT]/5.db
    at         0005_step_5
    applied    2
    pending    0
    ");
}

#[test]
fn hooks_are_kept_or_left_out_by_name() {
    let project = project();
    assert_snapshot!(project.run(&["squash", "1..4", "--dry-run"]), @"
    0004_squashed                                           ab160dd2 → 344ed47f
      +  column       users.age              int null
      »  data         fill-users-age
      -> table        users                  users → people
      -> column       people.name            name → full_name
      -> primary key  people.users_pkey      users_pkey → people_pkey
      +  table        pets                   2 columns
      ~  column       people.age             int null → int
           ! `people.age` must have no NULL
           ! on postgres all rows are read, and their table can't be used meanwhile
      +  index        people.people_age_idx  (age)
           ! on postgres all rows are read, and their table can't be written to meanwhile
    8 steps: 3 to add, 1 to change, 3 to rename, 1 to move data · 1 transaction on sqlite and postgres, 6 statements one by one on mysql and mariadb · undo: yes
    ----- stderr
    hook `fill-users-age` of `0002_step_2` is kept
    3 revisions would become one; nothing is written
    ");
    assert_snapshot!(project.run(&["squash", "1..4", "--dry-run", "--drop-hooks", "fill-users-age"]), @"
    0004_squashed                                           ab160dd2 → 344ed47f
      -> table        users                  users → people
      -> column       people.name            name → full_name
      -> primary key  people.users_pkey      users_pkey → people_pkey
      +  table        pets                   2 columns
      +  column       people.age             int
           ! `people` must be empty: `age` is required and has no default
      +  index        people.people_age_idx  (age)
           ! on postgres all rows are read, and their table can't be written to meanwhile
    6 steps: 3 to add, 3 to rename · 1 transaction on sqlite and postgres, 6 statements one by one on mysql and mariadb · undo: yes
    ----- stderr
    hook `fill-users-age` of `0002_step_2` is left out
    3 revisions would become one; nothing is written
    ");
    assert_snapshot!(project.run(&["squash", "1..4", "--drop-hooks", "fill-users-ages"]), @"
    ----- stderr
    error[E441]: the range has no hook `fill-users-ages`
    help: write `fill-users-age` if that is meant
    explain: schemactl explain E441
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["squash", "3..3"]), @"
    ----- stderr
    error[E440]: there are no revisions in this range
    help: name it as `FROM..TO`; `schemactl log` lists the revisions
    explain: schemactl explain E440
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["squash", "1..9"]), @"
    ----- stderr
    error[E430]: there is no revision `9`
    help: run `schemactl log` for a list of revisions
    explain: schemactl explain E430
    ----- exit 2
    ");
    assert_eq!(files(&project).len(), 5);
}

#[test]
fn a_new_database_begins_at_the_newest_checkpoint() {
    for kind in KINDS {
        let project = project();
        let [plain, new, back, early, old] =
            ["plain", "new", "back", "early", "old"].map(|name| kind(&project, name));
        let dialect = plain.dialect();
        plain.run(&project, &["apply"]);
        old.run(&project, &["apply", "2"]);
        project.run(&["checkpoint", "2", "-q"]).ok();
        project.run(&["checkpoint", "4", "-q"]).ok();
        project.run(&["check"]).ok();
        let applied = |url: &str| {
            sql::rows(url, "SELECT name FROM schemactl_journal WHERE event = 'applied' ORDER BY seq")
        };
        // Nothing in front of the checkpoint is run, which is shown before.
        let foreseen = new.run(&project, &["apply", "--dry-run", "--format", "json"]);
        assert!(
            !foreseen.contains("0003_step_3") && foreseen.contains("0004_step_4"),
            "{dialect}: {foreseen}"
        );
        let foreseen = new.run(&project, &["apply", "--dry-run", "--no-checkpoint", "--format", "json"]);
        assert!(foreseen.contains("0003_step_3"), "{dialect}: {foreseen}");
        new.run(&project, &["apply"]);
        assert_eq!(applied(new.url()), ["0004_step_4", "0005_step_5"], "{dialect}");
        assert_eq!(new.run(&project, &["inspect"]), plain.run(&project, &["inspect"]), "{dialect}");
        assert_eq!(new.run(&project, &["drift"]), "", "{dialect}");
        early.run(&project, &["apply", "3"]);
        assert_eq!(applied(early.url()), ["0002_step_2", "0003_step_3"], "{dialect}");
        early.run(&project, &["apply"]);
        assert_eq!(early.run(&project, &["inspect"]), plain.run(&project, &["inspect"]), "{dialect}");
        old.run(&project, &["apply"]);
        assert_eq!(applied(old.url()).len(), 5, "{dialect}");
        // Back over the checkpoint, and everything again without it.
        back.run(&project, &["apply"]);
        back.run(&project, &["rollback", "base", "--allow-destructive", "all"]);
        back.run(&project, &["apply", "--no-checkpoint"]);
        assert_eq!(applied(back.url()).len(), 7, "{dialect}");
        assert_eq!(back.run(&project, &["inspect"]), plain.run(&project, &["inspect"]), "{dialect}");
        // What was squashed since is known by the checkpoint all the same.
        project.run(&["squash", "base..3", "-q"]).ok();
        project.run(&["check"]).ok();
        for database in [&new, &early, &old, &back, &plain] {
            let status = database.run(&project, &["status", "--format", "json"]);
            assert!(
                status.contains("\"pending\": []") && status.contains("0005_step_5"),
                "{dialect}: {status}"
            );
        }
    }
}

#[test]
fn a_checkpoint_of_another_revision_is_not_used() {
    let project = project();
    project.run(&["checkpoint", "-q"]).ok();
    project.replace("schema/schema.kdl", "column name text nullable", "column call text nullable");
    project.run(&["plan", "--amend", "--no-renames", "-q"]).ok();
    assert_snapshot!(project.run(&["apply", "--url", "sqlite://new.db"]), @"
    0001_step_1                                             af1349b9 → ab160dd2
      +  table  users  2 columns
    1 step: 1 to add · undo: yes
    0002_step_2                                             ab160dd2 → c5a52c56
      +  column  users.age       int null
      »  data    fill-users-age
      ~  column  users.age       int null → int
           ! `users.age` must have no NULL
    3 steps: 1 to add, 1 to change, 1 to move data · undo: yes
    0003_step_3                                             c5a52c56 → ba79475a
      -> table        users              users → people
      -> column       people.name        name → full_name
      -> primary key  people.users_pkey  users_pkey → people_pkey
    3 steps: 3 to rename · undo: yes
    0004_step_4                                             ba79475a → 344ed47f
      +  table  pets                   2 columns
      +  index  people.people_age_idx  (age)
    2 steps: 2 to add · undo: yes
    0005_step_5                                             344ed47f → b4dc95b7
      +  column  pets.call  text null
    1 step: 1 to add · undo: yes
    ----- stderr
    the checkpoint `0005_step_5` is of other revisions, and not used
         Applied 0001_step_1 ([TIME])
         Applied 0002_step_2 ([TIME])
         Applied 0003_step_3 ([TIME])
         Applied 0004_step_4 ([TIME])
         Applied 0005_step_5 ([TIME])
    ");
    assert_snapshot!(project.run(&["check"]), @r#"
    ----- stderr
    error[E443]: the checkpoint `0005_step_5` is of a revision that was changed since
       ╭─[revisions/checkpoints/0005_step_5.kdl:1:10]
     1 │ revision "0005_step_5" {
       ·          ─────────────
     2 │     id "03233482ab58"
       ╰────
    help: if no database began with it, run `schemactl checkpoint 0005_step_5` again
    explain: schemactl explain E443
    ----- exit 4
    "#);
    project.run(&["checkpoint", "-q"]).ok();
    project.run(&["check"]).ok();
    project.replace("revisions/checkpoints/0005_step_5.kdl", "column call text", "column call int");
    assert_snapshot!(project.run(&["verify"]), @r#"
    ----- stderr
    error[E443]: the steps of the checkpoint `0005_step_5` lead elsewhere
        ╭─[revisions/checkpoints/0005_step_5.kdl:9:8]
      8 │     from "s1:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
      9 │     to "s1:b4dc95b79afed76c047eaec456ab89e19649712a3cc71b76b7921c515e48857a"
        ·        ─────────────────────────────────────────────────────────────────────
     10 │     message "step 5"
        ╰────
    help: restore `revisions/checkpoints/0005_step_5.kdl` from version control
    explain: schemactl explain E443
    ----- exit 5
    "#);
}

#[test]
fn snapshots_that_can_be_made_again_go_and_the_others_stay() {
    let project = project();
    let snapshots =
        |project: &Project| project.files().into_iter().filter(|file| file.starts_with("snapshots/")).count();
    project.run(&["checkpoint", "2", "-q"]).ok();
    assert_eq!(snapshots(&project), 5);
    assert_snapshot!(project.run(&["snapshots", "prune", "--dry-run"]), @"
    ----- stderr
    Would remove snapshots/s1-344ed47f491bc094.kdl
    Would remove snapshots/s1-ab160dd204185021.kdl
    Would remove snapshots/s1-ba79475a60fe2b4d.kdl
    3 snapshots can be made again, 2 states stay
    ");
    assert_eq!(snapshots(&project), 5);
    assert_snapshot!(project.run(&["snapshots", "prune", "--format", "json"]), @r#"
    {
      "dry_run": false,
      "format": 1,
      "removed": [
        "snapshots/s1-344ed47f491bc094.kdl",
        "snapshots/s1-ab160dd204185021.kdl",
        "snapshots/s1-ba79475a60fe2b4d.kdl"
      ]
    }
    "#);
    assert_eq!(snapshots(&project), 2);
    project.run(&["check"]).ok();
    project.run(&["verify"]).ok();
    project.run(&["apply", "-q", "--url", "sqlite://new.db"]).ok();
    // A chain that isn't what it says proves nothing.
    let damaged = "revisions/0005_step_5.kdl";
    project.replace(damaged, "column name text nullable", "column name int nullable");
    let before = snapshots(&project);
    assert_snapshot!(project.run(&["snapshots", "prune"]), @r#"
    ----- stderr
    error[E428]: the steps of `0005_step_5` do not lead to the state that it names
       ╭─[revisions/0005_step_5.kdl:5:8]
     4 │     from "s1:344ed47f491bc094f379d25795b40313a97425894c74bec50091e09afcf5a69c"
     5 │     to "s1:01cc6305e20c8fd97202beef84d3c22c1ef2a6aef646f0b7bfa8cd6765957f05"
       ·        ──────────────────────────────────┬──────────────────────────────────
       ·                                          ╰── the steps lead to `s1:9780a5a3227f9823dee44974420af19bf0110a61da10d12d6cede3316515d24f`
     6 │     message "step 5"
       ╰────
    help: restore `revisions/0005_step_5.kdl` from version control, or plan it again if it is the head
    explain: schemactl explain E428
    ----- exit 5
    "#);
    assert_eq!(snapshots(&project), before);
}
