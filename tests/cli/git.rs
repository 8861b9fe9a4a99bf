//! Two people's branches brought together by git, with the driver that `init --git` sets up: whatever git leaves behind, `merge`
//! or `rebase` finishes the job.

use insta::assert_snapshot;

use crate::support::project::Project;
use crate::support::sql;

const USERS: &str = "table users {\n    column id bigint primary-key\n    column name text\n}\n";
const NOTES: &str = "table notes {\n    column id bigint primary-key\n}\n";

/// Two branches in a repository: `main`, which is checked out, and `ben`, each with what was done on it. What is done is a
/// list of schemas, each with the message of its revision.
fn branches(main: &[(&str, &str)], ben: &[(&str, &str)], more: &str) -> Project {
    let project = Project::empty();
    git(&project, "init -q -b main");
    git(&project, "config user.name Ann && git config user.email ann@example.org");
    project.run(&["init", "-q", "--git"]).ok();
    let plan = |schema: &str, message: &str| {
        project.write("schema/schema.kdl", schema);
        project.run(&["plan", "-q", "--no-renames", "-m", message]).ok();
    };
    let commit = || git(&project, "add -A && git commit -q -m work");
    plan(&format!("{USERS}{NOTES}"), "base");
    commit();
    git(&project, "switch -q -c ben");
    for (branch, done) in [("ben", ben), ("main", main)] {
        git(&project, &format!("switch -q {branch}"));
        done.iter().for_each(|(schema, message)| plan(schema, message));
        project.shell(&format!("true {more}")).ok();
        commit();
    }
    project
}

fn git(project: &Project, arguments: &str) {
    project.shell(&format!("git {arguments}")).ok();
}

/// The tables with another column.
fn with(columns: &[&str]) -> String {
    let columns: String = columns.iter().map(|name| format!("    column {name} int nullable\n")).collect();
    format!("{}{columns}}}\n{NOTES}", USERS.trim_end_matches("}\n"))
}

/// What is in a database behind the revisions in this order, and then all others.
fn columns(project: &Project, name: &str, order: &[&str]) -> Vec<String> {
    let url = project.sqlite(&format!("{name}.db"));
    let agreed = ["--allow-destructive", "all", "--url", &url];
    for target in order {
        project.run(&[&["apply", "-q", target], &agreed[..]].concat()).ok();
    }
    project.run(&[&["apply", "-q"], &agreed[..]].concat()).ok();
    let sql = "SELECT m.name || '.' || c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c \
               WHERE m.type = 'table' AND m.name NOT LIKE 'schemactl%' ORDER BY 1";
    sql::rows(&url, sql)
}

/// The work is done: everything holds, and git takes it.
fn is_whole(project: &Project) {
    project.run(&["check"]).ok();
    project.run(&["verify"]).ok();
    git(project, "add -A && git commit -q -m merged && git diff --exit-code HEAD");
}

#[test]
fn revisions_of_the_same_names_stand_beside_each_other() {
    let (a, ad, b, bc) = (with(&["a"]), with(&["a", "d"]), with(&["b"]), with(&["b", "c"]));
    let names = [(&*a, "more"), (&*ad, "even more")];
    let theirs = [(&*b, "more"), (&*bc, "even more")];
    let project = branches(&names, &theirs, "");
    assert_snapshot!(project.shell("git merge ben; git status --short"), @"
    schema/schema.kdl: both branches changed the same lines; yours stay until `schemactl merge` or `schemactl rebase` has written what both say
    error[E875]: both branches have a revision `0003_even_more`; theirs is `revisions/0003_even_more_67ab00.kdl` now
    help: run `git add` for both files, then `schemactl merge` or `schemactl rebase`
    explain: schemactl explain E875
    error[E875]: both branches have a revision `0002_more`; theirs is `revisions/0002_more_c7ba7c.kdl` now
    help: run `git add` for both files, then `schemactl merge` or `schemactl rebase`
    explain: schemactl explain E875
    Auto-merging revisions/0002_more.kdl
    CONFLICT (add/add): Merge conflict in revisions/0002_more.kdl
    Auto-merging revisions/0003_even_more.kdl
    CONFLICT (add/add): Merge conflict in revisions/0003_even_more.kdl
    Auto-merging schema/schema.kdl
    Automatic merge failed; fix conflicts and then commit the result.
    AA revisions/0002_more.kdl
    AA revisions/0003_even_more.kdl
    A  snapshots/s1-4d8d4a1b963dc2ad.kdl
    A  snapshots/s1-b322d55ec9fa7d25.kdl
    ?? revisions/0002_more_c7ba7c.kdl
    ?? revisions/0003_even_more_67ab00.kdl
    ");
    git(&project, "add -A");
    assert_snapshot!(project.run(&["merge"]), @"
    0004_merge_even_more_and_even_more_67ab00               90387385 → 90387385
    no steps · undo: yes
    ----- stderr
          Proved either order of the branches leads to this state
           Wrote snapshots/s1-90387385910b3beb.kdl
           Wrote revisions/0004_merge_even_more_and_even_more_67ab00.kdl
         Updated schema/schema.kdl
    next: `schemactl apply`
    ");
    is_whole(&project);
    assert_snapshot!(project.shell("grep -h '^    parent' revisions/*.kdl | cut -c1-40"), @r#"
    parent "0001_base" digest="r1:0a93d3
    parent "0001_base" digest="r1:0a93d3
    parent "0002_more" digest="r1:251b1d
    parent "0002_more_c7ba7c" digest="r1
    parent "0003_even_more" digest="r1:1
    parent "0003_even_more_67ab00" diges
    "#);
    let whole = ["notes.id", "users.a", "users.b", "users.c", "users.d", "users.id", "users.name"];
    assert_eq!(columns(&project, "one", &["0003_even_more"]), whole);
    assert_eq!(columns(&project, "two", &["0003_even_more_67ab00"]), whole);
    // The other way: mine on top of theirs, whose names then say what they build on.
    let project = branches(&names, &theirs, "");
    project.shell("git merge -q ben; git add -A");
    assert_snapshot!(project.run(&["rebase", "0003_even_more"]), @"
    0004_more                                               4d8d4a1b → 3f56b849
      +  column  users.a  int null
    1 step: 1 to add · undo: yes
    0005_even_more                                          3f56b849 → 90387385
      +  column  users.d  int null
    1 step: 1 to add · undo: yes
    ----- stderr
           Moved 0002_more to 0004_more
           Moved 0003_even_more to 0005_even_more
         Updated schema/schema.kdl
    next: `schemactl apply`
    ");
    is_whole(&project);
    assert_snapshot!(project.shell("grep -h '^    parent' revisions/*.kdl | cut -c1-40"), @r#"
    parent "0001_base" digest="r1:0a93d3
    parent "0002_more_c7ba7c" digest="r1
    parent "0003_even_more_67ab00" diges
    parent "0004_more" digest="r1:4f488d
    "#);
    assert_eq!(columns(&project, "three", &["0002_more_c7ba7c"]), whole);
}

#[test]
fn the_same_number_or_slug_alone_is_no_trouble() {
    let (a, b, c) = (with(&["a"]), with(&["b"]), with(&["b", "c"]));
    let project = branches(&[(&a, "notes")], &[(&b, "other"), (&c, "notes")], "");
    assert_snapshot!(project.shell("git merge -q --no-edit ben; git status --short"), @"
    schema/schema.kdl: both branches changed the same lines; yours stay until `schemactl merge` or `schemactl rebase` has written what both say
    Auto-merging schema/schema.kdl
    ");
    project.run(&["merge", "-q"]).ok();
    is_whole(&project);
    assert_eq!(columns(&project, "one", &["0003_notes"]), columns(&project, "two", &["0002_notes"]));
}

#[test]
fn what_both_drop_is_dropped_once() {
    let (bare, nullable) = (USERS.to_owned(), USERS.replace("name text", "name text nullable"));
    let done: (&[_], &[_]) = (&[(&*nullable, "drop notes")], &[(&*bare, "no notes")]);
    let project = branches(done.0, done.1, "");
    project.shell("git merge -q --no-edit ben").ok();
    assert_snapshot!(project.run(&["merge"]), @"
    0003_merge_drop_notes_and_no_notes                      0c0a37cb → 0c0a37cb
    no steps · undo: yes
    ----- stderr
          Proved either order of the branches leads to this state
           Wrote revisions/0003_merge_drop_notes_and_no_notes.kdl
    next: `schemactl apply`
    ");
    is_whole(&project);
    for order in ["0002_drop_notes", "0002_no_notes"] {
        assert_eq!(columns(&project, order, &[order]), ["users.id", "users.name"]);
    }
    let project = branches(done.0, done.1, "");
    project.shell("git merge -q --no-edit ben").ok();
    assert_snapshot!(project.run(&["rebase", "0002_drop_notes"]), @"
    0003_drop_notes                                         b379c88a → 0c0a37cb
      ~  column  users.name  text → text null
    1 step: 1 to change · undo: yes, but `users.name` must have no NULL
    ----- stderr
           Moved 0002_drop_notes to 0003_drop_notes
    next: `schemactl apply`
    ");
    is_whole(&project);
    assert_eq!(columns(&project, "last", &["0002_no_notes"]), ["users.id", "users.name"]);
}

#[test]
fn two_names_for_one_thing_are_decided_once() {
    let named = |name: &str| format!("{}{NOTES}", USERS.replace("users", &format!("{name} was=users")));
    let (members, people) = (named("members"), named("people"));
    let done: (&[_], &[_]) = (&[(&*members, "members")], &[(&*people, "people")]);
    let project = branches(done.0, done.1, "");
    project.shell("git merge -q --no-edit ben").ok();
    let said = project.run(&["merge"]).fails(3);
    assert!(said.contains("decide with `schemactl merge --ours users` for `0002_members`"), "{said}");
    assert_snapshot!(project.run(&["merge", "--theirs", "users"]), @"
    0003_merge_members_and_people                           778869c9 → 778869c9
    no steps · undo: yes
    ----- stderr
          Proved either order of the branches leads to this state
           Wrote revisions/0003_merge_members_and_people.kdl
         Updated schema/schema.kdl
    next: `schemactl apply`
    ");
    is_whole(&project);
    let whole = ["notes.id", "people.id", "people.name"];
    assert_eq!(columns(&project, "one", &["0002_members"]), whole);
    assert_eq!(columns(&project, "two", &["0002_people"]), whole);
    let project = branches(done.0, done.1, "");
    project.shell("git merge -q --no-edit ben").ok();
    project.run(&["rebase", "0002_members"]).fails(3);
    assert_snapshot!(project.run(&["rebase", "0002_members", "--mine", "users"]), @"
    0003_members                                            778869c9 → b7ef066b
      -> table        people               people → members
      -> primary key  members.people_pkey  people_pkey → members_pkey
    2 steps: 2 to rename · undo: yes
    ----- stderr
           Moved 0002_members to 0003_members
    next: `schemactl apply`
    ");
    is_whole(&project);
    assert_eq!(columns(&project, "three", &["0002_people"]), ["members.id", "members.name", "notes.id"]);
}

#[test]
fn snapshots_that_git_mixed_are_written_again() {
    // Both remove the snapshot of the same state and add one of their own: git takes it for a rename on both sides.
    let (b, c) = (with(&["b"]), with(&["c"]));
    for command in [&["merge"][..], &["rebase", "0002_c"]] {
        let project = branches(&[(&c, "c")], &[(&b, "b")], "&& schemactl snapshots prune -q");
        let said = project.shell("git merge -q ben; git add -A; true").ok();
        assert!(said.contains("CONFLICT (rename/rename): snapshots/"), "{said}");
        project.run(&[command, &["-q"]].concat()).ok();
        is_whole(&project);
        assert_eq!(columns(&project, "one", &[]).len(), 5);
    }
}

#[test]
fn a_revision_that_both_branches_marked_stays_one() {
    // What git can bring together by text it does; what it can't stays for a person, in the one file.
    let project = branches(&[(&with(&["a"]), "a")], &[(&with(&["a"]), "a")], "");
    git(&project, "switch -q -c one main && git switch -q -c two");
    project.run(&["tag", "v1.0", "0001"]).ok();
    git(&project, "commit -qam tag && git switch -q one");
    project.run(&["label", "core", "0001"]).ok();
    git(&project, "commit -qam label");
    assert_snapshot!(project.shell("git merge two; git status --short"), @"
    revisions/0001_base.kdl: both branches changed the same lines of this revision; write what both say, then `schemactl check`
    Auto-merging revisions/0001_base.kdl
    CONFLICT (content): Merge conflict in revisions/0001_base.kdl
    Automatic merge failed; fix conflicts and then commit the result.
    UU revisions/0001_base.kdl
    ");
    project.shell("sed -i '/^[<=>]\\{7\\}/d' revisions/0001_base.kdl").ok();
    is_whole(&project);
    let listed = project.run(&["log"]).ok();
    assert!(listed.contains("v1.0") && listed.contains("core"), "{listed}");
    // On one branch alone it is no conflict at all, nor where both are far from each other.
    git(&project, "switch -q -c three");
    project.run(&["tag", "v1.1", "0001"]).ok();
    git(&project, "commit -qam tag && git switch -q one");
    project.replace("revisions/0001_base.kdl", "create-table notes {", "// Notes.\n    create-table notes {");
    git(&project, "commit -qam comment");
    project.shell("git merge -q --no-edit three").ok();
    project.run(&["verify"]).ok();
    let text = project.read("revisions/0001_base.kdl");
    assert!(text.contains("v1.1") && text.contains("// Notes."), "{text}");
}

#[test]
fn what_git_cannot_merge_stays_as_it_is() {
    let project = Project::empty();
    for (file, content) in [("base", "a\0"), ("ours", "b\0"), ("theirs", "c\0")] {
        project.write(file, content);
    }
    assert_snapshot!(project.run(&["merge-file", "base", "ours", "theirs", "schema/plan.png"]), @"
    ----- stderr
    schema/plan.png: both branches changed the same lines; yours stay until `schemactl merge` or `schemactl rebase` has written what both say
    ");
    assert_eq!(project.read("ours"), "b\0");
    let schema = "schema/schema.kdl";
    project.write(schema, USERS);
    let words = project.run(&["merge-file", "none", schema, schema, schema]).fails(1);
    assert!(words.contains("help: merge the file by hand"), "{words}");
}
