//! `log` with a range: what lies between two places in the chain.

use insta::assert_snapshot;

use super::chain::two;

#[test]
fn a_range_lists_what_lies_between() {
    let project = two();
    project.replace("schema/shop.kdl", "column age int", "column age int\ncolumn town text nullable");
    project.run(&["plan", "-m", "town", "-q"]).ok();
    assert_snapshot!(project.run(&["log", "1..2"]), @"0002_age                                                5f33c04b723f  2026-11-21T10:00:00Z");
    assert_snapshot!(project.run(&["history", "1:"]), @"
    0003_town                                               a19202401a7c  2026-11-21T10:00:00Z
    0002_age                                                5f33c04b723f  2026-11-21T10:00:00Z
    ");
    assert_snapshot!(project.run(&["log", "..head-1", "-n", "1"]), @"0002_age                                                5f33c04b723f  2026-11-21T10:00:00Z");
    assert_snapshot!(project.run(&["log", "2"]), @"
    0002_age                                                5f33c04b723f  2026-11-21T10:00:00Z
    0001_first_tables                                       8a9efc16423f  2026-11-21T10:00:00Z
    ");
    assert_snapshot!(project.run(&["log", "base..2", "--graph"]), @"
    ○ 0002_age                                                5f33c04b723f  2026-11-21T10:00:00Z
    ○ 0001_first_tables                                       8a9efc16423f  2026-11-21T10:00:00Z
    ");
    assert_snapshot!(project.run(&["log", "1..head", "--graph", "-n", "1"]), @"○ 0003_town                                               a19202401a7c  2026-11-21T10:00:00Z (head)");
    let names = |arguments: &[&str]| {
        let printed: serde_json::Value = serde_json::from_str(&project.run(arguments).ok()).unwrap();
        let revisions = printed["revisions"].as_array().unwrap().iter();
        revisions.map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&["log", "1..", "--format", "json"]), ["0003_town", "0002_age"]);
    assert_eq!(names(&["log", "1..2", "--graph", "--format", "json"]), ["0002_age"]);
    // Nothing between, the wrong way round, not there.
    assert_snapshot!(project.run(&["log", "head..head"]), @"
    ----- stderr
    no revisions lie between the two
    ");
    assert_snapshot!(project.run(&["log", "head..1"]), @"
    ----- stderr
    error[E840]: `head..1` means no revisions
    help: name a revision, or the older one first: `FROM..TO`
    explain: schemactl explain E840
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["log", "1..9"]), @"
    ----- stderr
    error[E430]: there is no revision `9`
    help: run `schemactl log` for a list of revisions
    explain: schemactl explain E430
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["log", "1..head-7"]), @"
    ----- stderr
    error[E432]: `head-7` leads out of the chain: 3 revisions lie back
    help: write `base` for the end of the chain
    explain: schemactl explain E432
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["log", "1..2", "--applied"]), @"
    ----- stderr
    error: the argument '[RANGE]' cannot be used with '--applied'

    Usage: schemactl log <RANGE>

    For more information, try '--help'.
    ----- exit 2
    ");
}

#[test]
fn a_range_is_counted_from_where_the_database_is() {
    let project = two();
    assert_snapshot!(project.run(&["log", "current..head"]), @"
    0002_age                                                5f33c04b723f  2026-11-21T10:00:00Z
    0001_first_tables                                       8a9efc16423f  2026-11-21T10:00:00Z
    ----- stderr
    the database sqlite://shop.db doesn't exist yet
    ");
    let url = ["--url", "sqlite://shop.db"];
    let log = |range: &str| project.run(&[&["log", range][..], &url].concat());
    project.run(&[&["apply", "1", "-q"][..], &url].concat()).ok();
    assert_snapshot!(log("current..head"), @"0002_age                                                5f33c04b723f  2026-11-21T10:00:00Z");
    assert_snapshot!(log("..+1"), @"
    0002_age                                                5f33c04b723f  2026-11-21T10:00:00Z
    0001_first_tables                                       8a9efc16423f  2026-11-21T10:00:00Z
    ");
    assert_snapshot!(log("current"), @"0001_first_tables                                       8a9efc16423f  2026-11-21T10:00:00Z");
    assert_snapshot!(project.run(&[&["log", "--graph", "current-1..head"][..], &url].concat()), @"
    ○ 0002_age                                                5f33c04b723f  2026-11-21T10:00:00Z (head)
    ● 0001_first_tables                                       8a9efc16423f  2026-11-21T10:00:00Z
    ");
    project.run(&[&["apply", "-q"][..], &url].concat()).ok();
    assert_snapshot!(log("current.."), @"
    ----- stderr
    no revisions lie between the two
    ");
}

#[test]
fn without_a_database_nothing_is_counted_from_one() {
    let project = two();
    let commands: [&[&str]; 6] = [
        &["diff", "current", "schema"],
        &["sql", "current..head"],
        &["sql", "+1..head"],
        &["squash", "current..head", "--dry-run"],
        &["prove", "current..head"],
        &["prove", "+1"],
    ];
    for command in commands {
        let words = project.run(command).fails(2);
        assert!(words.contains("error[E823]") && words.contains("no database is asked here"), "{words}");
    }
    // The target of a script is counted from where it begins.
    let script = project.run(&["sql", "1..+1", "--dialect", "sqlite"]).ok();
    assert!(script.contains("0002_age"), "{script}");
}
