//! What `squash` leaves behind on disk: the files of hooks, a chain that loads, and a way on when it was cut off.

use std::fs;

use insta::assert_snapshot;

use crate::support::project::Project;

const USERS: &str = "table users {\n    column id int primary-key\n}\n";

/// Plans a revision that adds a table with this name, and lets it have a hook whose text is in a file.
fn plan(project: &Project, name: &str, script: Option<&str>) {
    let before = fs::read_to_string(project.path("schema/schema.kdl")).unwrap_or_default();
    project.write("schema/schema.kdl", format!("{before}{}", USERS.replace("users", name)));
    project.run(&["plan", "-q", "-m", name]).ok();
    let Some(script) = script else { return };
    let files = project.files();
    let file = files.iter().find(|file| file.ends_with(&format!("_{name}.kdl"))).unwrap();
    let text = project.read(file);
    let hook =
        format!("    data fill-{name} {{\n        up file=\"{script}\"\n        down nothing\n    }}\n}}");
    let (head, _) = text.trim_end().rsplit_once('}').unwrap();
    project.write(file, format!("{head}{hook}\n"));
}

fn begun() -> Project {
    let project = Project::empty();
    project.run(&["init", "-q", "--dialects", "sqlite"]).ok();
    project.write("schema/schema.kdl", "");
    project
}

fn revisions(project: &Project) -> Vec<String> {
    project.files().into_iter().filter(|file| file.starts_with("revisions/")).collect()
}

#[test]
fn a_file_that_several_hooks_name_stays_as_long_as_one_needs_it() {
    let project = begun();
    project.write("revisions/shared.sql", "SELECT 'shared';\n");
    project.write("revisions/fill.sql", "SELECT 'first';\n");
    for (name, script) in [("a", "shared.sql"), ("b", "shared.sql"), ("c", "fill.sql"), ("d", "shared.sql")] {
        plan(&project, name, Some(script));
    }
    let old = project.sqlite("old.db");
    project.run(&["apply", "3", "-q", "--url", &old]).ok();
    project.run(&["squash", "base..3", "-q", "-m", "first"]).ok();
    assert_eq!(
        revisions(&project),
        [
            "revisions/0003_first.kdl",
            "revisions/0004_d.kdl",
            "revisions/replaced/0001_a.kdl",
            "revisions/replaced/0002_b.kdl",
            "revisions/replaced/0003_c.kdl",
            "revisions/shared.sql",
        ]
    );
    project.write("revisions/fill.sql", "SELECT 'second';\n");
    plan(&project, "e", Some("fill.sql"));
    project.run(&["squash", "3..5", "-q", "-m", "second"]).ok();
    assert!(!revisions(&project).iter().any(|file| file.ends_with(".sql")), "{:?}", revisions(&project));
    let texts = ["0003_c", "0005_e"].map(|name| project.read(&format!("revisions/replaced/{name}.kdl")));
    assert!(texts[0].contains("SELECT 'first'") && texts[1].contains("SELECT 'second'"), "{texts:?}");
    // What lies aside has the digest that the journal of the old database has.
    for url in [&old, &project.sqlite("new.db")] {
        project.run(&["apply", "-q", "--url", url]).ok();
        project.run(&["rollback", "base", "-q", "--allow-destructive=all", "--url", url]).ok();
    }
    project.run(&["check"]).ok();
}

#[test]
fn what_the_first_depends_on_the_one_depends_on() {
    let project = begun();
    plan(&project, "base", None);
    let base = project.read("schema/schema.kdl");
    plan(&project, "left", None);
    let (left, left_schema) = (project.read("revisions/0002_left.kdl"), project.read("schema/schema.kdl"));
    fs::remove_file(project.path("revisions/0002_left.kdl")).unwrap();
    project.write("schema/schema.kdl", &base);
    project.write("schema/schema.kdl", format!("{base}{}", USERS.replace("users", "right")));
    project.run(&["plan", "-q", "-m", "right", "--label", "right"]).ok();
    project.write("revisions/0002_left.kdl", left);
    let both = format!("{left_schema}{}", USERS.replace("users", "right"));
    project.write("schema/schema.kdl", format!("{both}{}", USERS.replace("users", "more")));
    let plan = ["plan", "-q", "-m", "dep", "--parent", "0002_left", "--depends-on", "0002_right"];
    project.run(&plan).ok();
    project.write("schema/schema.kdl", format!("{both}{0}{1}", USERS.replace("users", "more"), USERS));
    project.run(&["plan", "-q", "-m", "last", "--parent", "0003_dep"]).ok();
    project.run(&["squash", "0003_dep-1..0004_last", "-q", "-m", "one"]).ok();
    assert!(project.read("revisions/0004_one.kdl").contains("depends-on \"0002_right\""));
    project.run(&["check"]).ok();
    project.run(&["apply", "heads", "-q", "--url", &project.sqlite("new.db")]).ok();
}

#[test]
fn nothing_is_written_that_would_not_load() {
    let project = begun();
    for name in ["a", "b", "c"] {
        plan(&project, name, None);
    }
    project.run(&["label", "billing", "3"]).ok();
    let before = revisions(&project);
    assert_snapshot!(project.run(&["squash", "base..2", "-m", "billing"]), @"
    ----- stderr
    error[E444]: a revision can't be called `billing`: that is the label of `0003_c`
    help: choose another message
    explain: schemactl explain E444
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["squash", "base..2", "-m", "b"]), @r#"
    ----- stderr
    error[E447]: `0002_b` is there already
       ╭─[revisions/0002_b.kdl:1:10]
     1 │ revision "0002_b" {
       ·          ────────
     2 │     id aafe3bbbfe5b
       ╰────
    help: choose another message: `schemactl squash -m TEXT`
    explain: schemactl explain E447
    ----- exit 1
    "#);
    project.run(&["squash", "1..2", "-q", "-m", "one"]).ok();
    assert_ne!(revisions(&project), before);
    plan(&project, "d", None);
    project.run(&["squash", "2..4", "-q", "-m", "two"]).ok();
    plan(&project, "e", None);
    let before = revisions(&project);
    assert_snapshot!(project.run(&["squash", "base..4"]), @r#"
    ----- stderr
    error[E447]: `0005_e` builds on `0004_two`, which stands in place of others itself
       ╭─[revisions/0005_e.kdl:1:10]
     1 │ revision "0005_e" {
       ·          ────┬───
       ·              ╰── not in the range
     2 │     id b66e46b35662
       ╰────
    help: end the range behind `0005_e`, or before `0004_two`
    explain: schemactl explain E447
    ----- exit 1
    "#);
    assert_eq!(revisions(&project), before);
    project.run(&["squash", "-q"]).ok();
    project.run(&["check"]).ok();
}

#[test]
fn a_squash_that_was_cut_off_says_how_to_end_it() {
    let project = begun();
    for name in ["a", "b", "c"] {
        plan(&project, name, None);
    }
    let old = ["revisions/0001_a.kdl", "revisions/0002_b.kdl"];
    let texts = old.map(|file| project.read(file));
    project.run(&["squash", "base..2", "-q", "-m", "all"]).ok();
    let restore = || {
        for (file, text) in old.iter().zip(&texts) {
            project.write(file, text);
        }
    };
    // Behind the new file, and between two removals.
    restore();
    assert_snapshot!(project.run(&["check"]), @r#"
    ----- stderr
    error[E446]: `0002_all` stands in place of `0001_a`, which is still there
       ╭─[revisions/0002_all.kdl:1:10]
     1 │ revision "0002_all" {
       ·          ─────┬────
       ·               ╰── stands in its place
     2 │     id "3d2aaa95671d"
       ╰────
       ╭─[revisions/0001_a.kdl:1:10]
     1 │ revision "0001_a" {
       ·          ────┬───
       ·              ╰── still there
     2 │     id "5c686debc60d"
       ╰────
    help: remove `revisions/0001_a.kdl`, of which `squash` has put a copy into `replaced`
    error[E446]: `0002_all` stands in place of `0002_b`, which is still there
       ╭─[revisions/0002_all.kdl:1:10]
     1 │ revision "0002_all" {
       ·          ─────┬────
       ·               ╰── stands in its place
     2 │     id "3d2aaa95671d"
       ╰────
       ╭─[revisions/0002_b.kdl:1:10]
     1 │ revision "0002_b" {
       ·          ────┬───
       ·              ╰── still there
     2 │     id aafe3bbbfe5b
       ╰────
    help: remove `revisions/0002_b.kdl`, of which `squash` has put a copy into `replaced`
    explain: schemactl explain E446
    ----- exit 5
    "#);
    fs::remove_file(project.path(old[0])).unwrap();
    assert_snapshot!(project.run(&["status", "--url", "sqlite://new.db"]), @r#"
    ----- stderr
    error[E446]: `0002_all` stands in place of `0002_b`, which is still there
       ╭─[revisions/0002_all.kdl:1:10]
     1 │ revision "0002_all" {
       ·          ─────┬────
       ·               ╰── stands in its place
     2 │     id "3d2aaa95671d"
       ╰────
       ╭─[revisions/0002_b.kdl:1:10]
     1 │ revision "0002_b" {
       ·          ────┬───
       ·              ╰── still there
     2 │     id aafe3bbbfe5b
       ╰────
    help: remove `revisions/0002_b.kdl`, of which `squash` has put a copy into `replaced`
    explain: schemactl explain E446
    ----- exit 5
    "#);
    fs::remove_file(project.path(old[1])).unwrap();
    project.run(&["check"]).ok();
    // Before the new file the copies harm nobody, and the next attempt finds them.
    fs::remove_file(project.path("revisions/0002_all.kdl")).unwrap();
    restore();
    project.run(&["check"]).ok();
    project.run(&["apply", "-q", "--url", "sqlite://some.db"]).ok();
    project.run(&["squash", "base..2", "-q", "-m", "all"]).ok();
    project.run(&["check"]).ok();
    project.run(&["status", "--url", "sqlite://some.db"]).ok();
}

#[test]
fn a_tag_of_the_last_goes_over_to_the_one() {
    let project = begun();
    for name in ["a", "b", "c"] {
        plan(&project, name, None);
    }
    project.run(&["tag", "v1", "2"]).ok();
    let (part, new) = (project.sqlite("part.db"), project.sqlite("new.db"));
    project.run(&["apply", "1", "-q", "--url", &part]).ok();
    project.run(&["squash", "base..2", "-q", "-m", "first"]).ok();
    assert!(project.read("revisions/0002_first.kdl").contains("tags v1"));
    for url in [&part, &new] {
        project.run(&["apply", "v1", "-q", "--url", url]).ok();
    }
    // Where the tag stands now counts, for those too that know the revision under the file that lies aside.
    project.run(&["tag", "v1", "3", "--move"]).ok();
    for url in [&part, &new] {
        project.run(&["apply", "v1", "-q", "--url", url]).ok();
        let status = project.run(&["status", "--url", url]).ok();
        assert!(status.contains("0003_c"), "{status}");
    }
}

#[test]
fn a_tag_within_the_range_is_not_lost() {
    let project = begun();
    for name in ["a", "b", "c"] {
        plan(&project, name, None);
    }
    project.run(&["tag", "v1", "1"]).ok();
    project.run(&["tag", "v2", "2"]).ok();
    let before = project.files();
    assert_snapshot!(project.run(&["squash"]), @r#"
    ----- stderr
    error[E447]: the tag `v1` names `0001_a`, which is a place within the squashed revision
       ╭─[revisions/0001_a.kdl:7:10]
     6 │     created "2026-11-21T10:00:00Z"
     7 │     tags v1
       ·          ─┬
       ·           ╰── in the range
     8 │ }
       ╰────
    help: end a range at `0001_a`, move the tag with `schemactl tag v1 0003_c --move`, or delete it with `schemactl tag --delete v1`
    error[E447]: the tag `v2` names `0002_b`, which is a place within the squashed revision
       ╭─[revisions/0002_b.kdl:8:10]
     7 │     created "2026-11-21T10:00:00Z"
     8 │     tags v2
       ·          ─┬
       ·           ╰── in the range
     9 │ }
       ╰────
    help: end a range at `0002_b`, move the tag with `schemactl tag v2 0003_c --move`, or delete it with `schemactl tag --delete v2`
    explain: schemactl explain E447
    ----- exit 1
    "#);
    assert_eq!(project.files(), before);
    project.run(&["tag", "v1", "3", "--move"]).ok();
    project.run(&["tag", "--delete", "v2"]).ok();
    project.run(&["squash", "-q"]).ok();
    assert!(project.read("revisions/0003_squashed.kdl").contains("tags v1"));
}

#[test]
fn a_checkpoint_leaves_the_tags_to_the_chain() {
    let project = begun();
    for name in ["a", "b"] {
        plan(&project, name, None);
    }
    project.run(&["tag", "v1", "1"]).ok();
    project.run(&["checkpoint", "-q", "1"]).ok();
    assert!(!project.read("revisions/checkpoints/0001_a.kdl").contains("tags"));
    let url = project.sqlite("new.db");
    project.run(&["apply", "v1", "-q", "--url", &url]).ok();
    project.run(&["tag", "v1", "2", "--move"]).ok();
    project.run(&["apply", "v1", "-q", "--url", &url]).ok();
}

#[test]
fn a_tag_of_a_place_within_a_checkpoint_names_none_where_a_database_began_with_it() {
    let project = begun();
    for name in ["a", "b"] {
        plan(&project, name, None);
    }
    project.run(&["tag", "v1", "1"]).ok();
    project.run(&["checkpoint", "-q"]).ok();
    let url = project.sqlite("new.db");
    project.run(&["apply", "-q", "--url", &url]).ok();
    assert_snapshot!(project.run(&["rollback", "v1", "--url", &url]), @"
    ----- stderr
    error[E430]: there is no revision `v1`
    help: run `schemactl log` for a list of revisions
    explain: schemactl explain E430
    ----- exit 2
    ");
}

#[test]
fn a_branch_from_within_a_checkpoint_depends_on_what_was_squashed_since() {
    let project = begun();
    for name in ["a", "b", "c", "d"] {
        plan(&project, name, None);
    }
    project.run(&["checkpoint", "-q"]).ok();
    let url = project.sqlite("began.db");
    project.run(&["apply", "-q", "--url", &url]).ok();
    project.run(&["squash", "0001_a..0003_c", "-q", "-m", "middle"]).ok();
    for (name, place) in [
        ("x", &["--parent", "0001_a", "--fork"][..]),
        ("y", &["--parent", "0002_x", "--depends-on", "0003_middle"]),
    ] {
        let schema = project.read("schema/schema.kdl");
        project.write("schema/schema.kdl", schema + &USERS.replace("users", name));
        project.run(&[&["plan", "-q", "-m", name], place].concat()).ok();
    }
    project.run(&["merge", "-q"]).ok();
    project.run(&["apply", "-q", "--url", &url]).ok();
    project.run(&["drift", "--url", &url]).ok();
}

#[test]
fn a_label_is_where_the_chain_has_it() {
    let project = begun();
    for name in ["a", "b", "c"] {
        plan(&project, name, None);
    }
    let (began, part) = (project.sqlite("began.db"), project.sqlite("part.db"));
    project.run(&["checkpoint", "-q", "2"]).ok();
    project.run(&["apply", "2", "-q", "--url", &began]).ok();
    project.run(&["apply", "1", "-q", "--no-checkpoint", "--url", &part]).ok();
    // The checkpoint was written without it.
    project.run(&["label", "side", "1"]).ok();
    project.run(&["apply", "side@head", "-q", "--url", &began]).ok();
    // The file that lies aside goes on having it.
    project.run(&["squash", "base..2", "-q", "-m", "first"]).ok();
    project.run(&["label", "side", "3", "--move"]).ok();
    project.run(&["apply", "side@head", "-q", "--url", &part]).ok();
    for url in [&began, &part] {
        let status = project.run(&["status", "--url", url]).ok();
        assert!(status.contains("0003_c"), "{status}");
    }
}
