//! The ways to name a place in the chain.

use insta::assert_snapshot;

use super::{at, chain, told};
use crate::cli::branch::labelled;

#[test]
fn every_way_to_name_a_place_that_alembic_has() {
    // `0001_base`, on it `0002_invoices (billing)` with `0003_more`, and `0002_posts`.
    let project = labelled();
    let names = [
        "f9d63b8897ab",
        "f9d",
        "0002_posts",
        "heads",
        "base",
        "current",
        "billing@head",
        "f9d@head",
        "billing@base",
        "billing",
        "billing@+1",
        "billing@-1",
        "+1",
        "-1",
        "0001+1",
        "0001_base-1",
        "0003_more-1",
        "head",
        "billing@heads",
        "posts@head",
        "nope",
        "f9d63@+9",
    ];
    let mut places = Vec::new();
    for name in names {
        project.run(&["stamp", "0002_invoices", "--force", "--purge", "-q"]).ok();
        let output = project.run(&["stamp", "--force", "-q", name]);
        let place = match output.code {
            Some(0) => at(&project),
            _ => output.stderr.lines().next().unwrap_or_default().to_owned(),
        };
        places.push(format!("{name:<14} {place}"));
    }
    assert_snapshot!(places.join("\n"), @"
    f9d63b8897ab   0002_invoices
    f9d            0002_invoices
    0002_posts     0002_posts
    heads          0002_posts, 0003_more
    base           base
    current        0002_invoices
    billing@head   0003_more
    f9d@head       0003_more
    billing@base   0001_base
    billing        0002_invoices
    billing@+1     0003_more
    billing@-1     0001_base
    +1             0003_more
    -1             0001_base
    0001+1         error[E431]: `0001+1` could be `0002_invoices` (`f9d63b8897ab`), `0002_posts` (`952b0ce15411`)
    0001_base-1    base
    0003_more-1    0002_invoices
    head           error[E423]: the chain has 2 heads: `0002_posts`, `0003_more`
    billing@heads  0003_more
    posts@head     0002_posts
    nope           error[E430]: there is no revision `nope`
    f9d63@+9       error[E432]: `f9d63@+9` leads out of the chain: 1 revision lies further
    ");
}

#[test]
fn a_range_is_for_history_and_scripts() {
    let project = chain(&["a", "b"]);
    assert_snapshot!(told(
        &project,
        &["history -r 1:2", "history 1:", "history :1", "upgrade 1:2", "downgrade 2:1", "stamp 1:2"]
    ), @"
    $ schemactl history -r 1:2
    0002_a                                                  288938ce0b71  2026-11-21T10:00:00Z
    $ schemactl history 1:
    0003_b                                                  b6e2693d1b1c  2026-11-21T10:00:00Z
    0002_a                                                  288938ce0b71  2026-11-21T10:00:00Z
    $ schemactl history :1
    0001_users                                              110fad498c5a  2026-11-21T10:00:00Z
    $ schemactl upgrade 1:2
    error[E836]: `1:2` is a range, and a run begins where the database is
    help: name its end, `schemactl apply 2`, or add `--sql` for a script
    ----- exit 2
    $ schemactl downgrade 2:1
    error[E836]: `2:1` is a range, and a run begins where the database is
    help: name its end, `schemactl rollback 1`, or add `--sql` for a script
    ----- exit 2
    $ schemactl stamp 1:2
    error[E836]: `1:2` is a range, and a run begins where the database is
    help: name its end, `schemactl stamp 2`, or add `--sql` for a script
    ----- exit 2
    ");
    let script = |line: &str| {
        let script = project.shell(&format!("schemactl {line}")).ok();
        script
            .lines()
            .filter(|line| line.starts_with("-- "))
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    let lines = [
        "upgrade 1:3 --sql",
        "upgrade head --sql",
        "downgrade 3:1 --sql",
        "downgrade base --sql",
        "sql 3..base",
        "stamp 2 --sql",
    ];
    let scripts = lines.map(|line| format!("$ schemactl {line}\n{}", script(line)));
    assert_snapshot!(scripts.join(""), @"
    $ schemactl upgrade 1:3 --sql
    -- apply from 0001_users to 0003_b
    -- written by schemactl 0.1.0 for sqlite; run it with: sqlite3 DATABASE < FILE
    -- 0002_a (up)
    -- 0003_b (up)
    $ schemactl upgrade head --sql
    -- apply from base to 0003_b
    -- written by schemactl 0.1.0 for sqlite; run it with: sqlite3 DATABASE < FILE
    -- 0001_users (up)
    -- 0002_a (up)
    -- 0003_b (up)
    $ schemactl downgrade 3:1 --sql
    -- rollback from 0003_b to 0001_users
    -- written by schemactl 0.1.0 for sqlite; run it with: sqlite3 DATABASE < FILE
    -- 0003_b (down)
    -- loses the values of `users.b`
    -- 0002_a (down)
    -- loses the values of `users.a`
    $ schemactl downgrade base --sql
    -- rollback from 0003_b to base
    -- written by schemactl 0.1.0 for sqlite; run it with: sqlite3 DATABASE < FILE
    -- 0003_b (down)
    -- loses the values of `users.b`
    -- 0002_a (down)
    -- loses the values of `users.a`
    -- 0001_users (down)
    -- loses all rows of `users`
    $ schemactl sql 3..base
    -- sql from 0003_b to base
    -- written by schemactl 0.1.0 for sqlite; run it with: sqlite3 DATABASE < FILE
    -- 0003_b (down)
    -- loses the values of `users.b`
    -- 0002_a (down)
    -- loses the values of `users.a`
    -- 0001_users (down)
    -- loses all rows of `users`
    $ schemactl stamp 2 --sql
    -- stamp from base to 0002_a
    -- written by schemactl 0.1.0 for sqlite; run it with: sqlite3 DATABASE < FILE
    ");
}
