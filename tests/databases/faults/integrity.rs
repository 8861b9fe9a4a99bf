//! Files and journals that don't fit each other: nothing runs, and the message says what to do.

use insta::assert_snapshot;

use super::Shop;
use crate::support::project::Output;
use crate::support::sql;

const SECOND: &str = "revisions/0002_second.kdl";

/// Breaks something on a database of each kind that both revisions have run on, and shows what `apply` says, which is
/// the same on both.
#[track_caller]
fn broken(break_it: impl Fn(&Shop)) -> String {
    let outputs = Shop::each().map(|shop| {
        shop.apply().ok();
        break_it(&shop);
        refused(&shop).to_string()
    });
    assert_eq!(outputs[0], outputs[1], "the databases answer in the same words");
    let [output, _] = outputs;
    output
}

/// What `apply` says of a database, on which it changes nothing.
#[track_caller]
fn refused(shop: &Shop) -> Output {
    let before = shop.picture();
    let output = shop.apply();
    shop.is_still(&before, &output.to_string());
    output
}

/// Runs SQL on the journal, with the time of each row settled.
fn journal(shop: &Shop, change: &str) {
    sql::execute(&shop.url, change);
    sql::execute(
        &shop.url,
        "UPDATE schemactl_journal SET started = '2026-11-21T10:00:00Z', actor = 'tester@host'",
    );
}

#[test]
fn an_edited_revision_is_refused() {
    assert_snapshot!(broken(|shop| {
        shop.project.replace(SECOND, "SET age = 18", "SET age = 21");
        journal(shop, "SELECT 1");
    }), @"
    ----- stderr
    error[E723]: `0002_second` was edited, or amended by `plan --amend`, after it was applied at 2026-11-21T10:00:00Z
    help: restore `0002_second.kdl` as it was and plan the change as a revision of its own; or roll it back with the checkout that applied it; or stamp the database if both do the same: `schemactl stamp 0002_second`
    explain: schemactl explain E723
    ----- exit 5
    ");
    // White space and comments say nothing.
    for shop in Shop::each() {
        shop.apply().ok();
        shop.project.write(SECOND, shop.project.read(SECOND).replace("    ", "  ") + "// checked\n");
        assert_eq!(shop.apply().code, Some(0));
    }
}

#[test]
fn a_missing_file_is_refused() {
    assert_snapshot!(broken(|shop| std::fs::remove_file(shop.project.path("revisions/0001_first.kdl")).unwrap()), @r#"
    ----- stderr
    error[E420]: `0002_second` builds on `0001_first`, which is not there
       ╭─[revisions/0002_second.kdl:3:12]
     2 │     id c68efc898bc5
     3 │     parent "0001_first" digest="r1:e9fe6aefbf8e1726f24e1a222396b0a57fb0618e91668b69f4caf5142f62c20f"
       ·            ────────────
     4 │     from "s1:e3a644495800af427e212d48362702a107f371b370b4b673b7924eee5cef9b66"
       ╰────
    help: restore `0001_first.kdl` from version control
    explain: schemactl explain E420
    ----- exit 5
    "#);
    assert_snapshot!(broken(|shop| {
        std::fs::remove_file(shop.project.path(SECOND)).unwrap();
        journal(shop, "SELECT 1");
        sql::execute(&shop.url, "UPDATE schemactl_journal SET revision = 'aaaaaaaaaaaa' WHERE seq = 2");
    }), @"
    ----- stderr
    error[E722]: the database has revision `0002_second` (aaaaaaaaaaaa), which is not in this project; tester@[HOST] applied it at 2026-11-21T10:00:00Z
    help: get the newest revisions, or use the checkout that applied it
    explain: schemactl explain E722
    ----- exit 5
    ");
    // Snapshots are for planning; what a revision leads to follows from the chain.
    for shop in Shop::each() {
        std::fs::remove_dir_all(shop.project.path("snapshots")).unwrap();
        shop.apply().ok();
    }
}

#[test]
fn two_heads_are_refused() {
    let heads = Shop::each().map(|shop| {
        let other = shop.project.read(SECOND).replace("0002_second", "0002_other");
        let id = other.lines().find(|line| line.trim().starts_with("id ")).unwrap().to_owned();
        shop.project.write("revisions/0002_other.kdl", other.replace(&id, "    id \"bbbbbbbbbbbb\""));
        refused(&shop).to_string()
    });
    assert_eq!(heads[0], heads[1]);
    assert_snapshot!(heads[0], @r#"
    ----- stderr
    error[E423]: the chain has 2 heads: `0002_other`, `0002_second`
       ╭─[revisions/0002_other.kdl:1:10]
     1 │ revision "0002_other" {
       ·          ──────┬─────
       ·                ╰── nothing builds on this one
     2 │     id "bbbbbbbbbbbb"
       ╰────
       ╭─[revisions/0002_second.kdl:1:10]
     1 │ revision "0002_second" {
       ·          ──────┬──────
       ·                ╰── nothing builds on this one
     2 │     id c68efc898bc5
       ╰────
    help: join them with `schemactl merge`, or put one on top of the other with `schemactl rebase`
    explain: schemactl explain E423
    ----- exit 3
    "#);
}

#[test]
fn a_journal_that_was_tampered_with_is_refused() {
    assert_snapshot!(broken(|shop| journal(shop, "DELETE FROM schemactl_journal WHERE seq = 1")), @"
    ----- stderr
    error[E715]: row 1 of the journal is missing: the one behind it has the number 2
    help: run `schemactl explain E715` for the ways out
    explain: schemactl explain E715
    ----- exit 5
    ");
    assert_snapshot!(broken(|shop| journal(shop, "UPDATE schemactl_journal SET digest = 'r1:00' WHERE seq = 1")), @"
    ----- stderr
    error[E715]: row 1 of the journal has `r1:00` as `digest`
    help: run `schemactl explain E715` for the ways out
    explain: schemactl explain E715
    ----- exit 5
    ");
    assert_snapshot!(broken(|shop| journal(shop, "UPDATE schemactl_journal SET format = 'j9' WHERE seq = 2")), @"
    ----- stderr
    error[E717]: row 2 of the journal has the format `j9`, not `j1`
    help: use the version of schemactl that wrote it, or a newer one
    explain: schemactl explain E717
    ----- exit 5
    ");
    assert_snapshot!(
        broken(|shop| journal(shop, "UPDATE schemactl_journal SET event = 'unstamped' WHERE seq = 1")),
        @"
    ----- stderr
    error[E715]: row 1 of the journal takes back `0001_first`, which was not applied
    help: run `schemactl explain E715` for the ways out
    explain: schemactl explain E715
    ----- exit 5
    "
    );
}

#[test]
fn a_database_ahead_of_the_files_is_refused() {
    let outputs = Shop::each().map(|shop| {
        shop.apply().ok();
        journal(&shop, "SELECT 1");
        std::fs::remove_file(shop.project.path(SECOND)).unwrap();
        let refusals = ["apply", "rollback"].map(|command| shop.project.run(&[command]).to_string());
        assert_eq!(shop.project.run(&["status"]).code, Some(5));
        refusals.concat()
    });
    let ids = regex::Regex::new(r"\([0-9a-f]{12}\)").unwrap();
    let outputs = outputs.map(|output| ids.replace_all(&output, "([ID])").into_owned());
    assert_eq!(outputs[0], outputs[1]);
    assert_snapshot!(outputs[0], @"
    ----- stderr
    error[E722]: the database has revision `0002_second` ([ID]), which is not in this project; tester@[HOST] applied it at 2026-11-21T10:00:00Z
    help: get the newest revisions, or use the checkout that applied it
    explain: schemactl explain E722
    ----- exit 5
    ----- stderr
    error[E722]: the database has revision `0002_second` ([ID]), which is not in this project; tester@[HOST] applied it at 2026-11-21T10:00:00Z
    help: get the newest revisions, or use the checkout that applied it
    explain: schemactl explain E722
    ----- exit 5
    ");
}
