//! Connections that the server ends in the middle: what it rolled back is said to be as it was, and what is not known
//! is said to be not known.

use insta::assert_snapshot;

use super::Shop;
use crate::support::sql;

const SECOND: &str = "revisions/0002_second.kdl";

#[test]
fn a_connection_that_ends_in_a_statement_has_changed_nothing() {
    let shop = Shop::new("postgres");
    let before = shop.picture();
    let hook = "data gone { up (sql)\"SELECT pg_terminate_backend(pg_backend_pid())\"; down nothing }";
    let revision = shop.project.read(SECOND);
    shop.insert_hook(SECOND, usize::MAX, hook);
    assert_snapshot!(shop.apply().fails(1), @"
    error[E714]: `0002_second` (hook gone): hook `gone` failed: terminating connection due to administrator command
    statement: SELECT pg_terminate_backend(pg_backend_pid())
    everything was rolled back: the database is as it was
    explain: schemactl explain E714
    ");
    shop.is_still(&before, "ended in a statement");
    shop.project.write(SECOND, revision);
    shop.apply().ok();
    shop.is_whole(&shop.whole(), "afterwards");
}

#[test]
fn a_connection_that_ends_behind_a_whole_revision_is_told_once() {
    let shop = Shop::new("postgres");
    shop.project.run(&["rollback", "base", "-q", "--allow-destructive", "all"]).ok();
    let hook = "data gone { up (sql)\"SELECT pg_terminate_backend(pg_backend_pid())\"; down nothing }";
    shop.insert_hook(SECOND, usize::MAX, hook);
    assert_snapshot!(shop.apply().fails(7), @"
         Applied 0001_first ([TIME])
    error[E714]: `0002_second` (hook gone): hook `gone` failed: terminating connection due to administrator command
    statement: SELECT pg_terminate_backend(pg_backend_pid())
    `0001_first` ran before and stays
    help: go on with `schemactl apply`, or undo what ran with `schemactl rollback`
    explain: schemactl explain E714
    ");
}

#[test]
fn a_connection_that_ends_in_a_commit_leaves_the_answer_to_the_journal() {
    let shop = Shop::new("postgres");
    let before = shop.picture();
    sql::execute(
        &shop.url,
        "CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
         CREATE CONSTRAINT TRIGGER gone AFTER INSERT ON schemactl_journal DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION gone();",
    );
    assert_snapshot!(shop.apply().fails(7), @"
    error[E714]: `0002_second`: the commit was refused: terminating connection due to administrator command
    whether the last transaction was committed, the journal tells at the next run
    help: see what ran: `schemactl status`
    explain: schemactl explain E714
    ");
    sql::execute(&shop.url, "DROP FUNCTION gone CASCADE");
    shop.is_still(&before, "ended in the commit");
    shop.apply().ok();
    shop.is_whole(&shop.whole(), "afterwards");
}
