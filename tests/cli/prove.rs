//! `schemactl prove` on databases in memory: what it says of a chain that holds, and of one that doesn't.

use insta::assert_snapshot;

use super::plan::shop;
use crate::support::project::Project;

/// A shop whose second revision moves data.
fn with_hook(down: &str) -> Project {
    let project = shop();
    project.run(&["new", "-m", "shout", "-q"]).ok();
    let revision = "revisions/0002_shout.kdl";
    let text = project.read(revision);
    let (head, _) = text.split_once("ops {").unwrap();
    let up = "up (sql)\"UPDATE users SET name = upper(name)\"";
    project.write(
        revision,
        format!("{head}ops {{\n    data shout {{\n        {up}\n        {down}\n    }}\n}}\n"),
    );
    project
}

#[test]
fn a_chain_is_proven_there_and_back() {
    let project = shop();
    project.replace(
        "schema/shop.kdl",
        "column name text nullable",
        "column full_name text nullable was=name\ncolumn age int default=18",
    );
    project.run(&["plan", "-m", "names", "-q"]).ok();
    assert_snapshot!(project.run(&["prove"]), @"
    ----- stderr
          Proved 0001_first_tables on sqlite (up, down, up; no rows)
          Proved 0002_names on sqlite (up, down, up; 6 rows)
            note not tried on postgres; name a server with `--url`
    ");
    assert_snapshot!(project.run(&["prove", "-v", "head"]), @"
    ----- stderr
    project: [PROJECT]/schemactl.kdl
          Proved 0002_names on sqlite (up, down, up; 6 rows)
            note not tried on postgres; name a server with `--url`
    ");
    assert_snapshot!(project.run(&["prove", "1..2", "--format", "json"]), @r#"
    {
      "dialect": "sqlite",
      "format": 1,
      "revisions": [
        {
          "checkpoint": false,
          "findings": [],
          "notes": [],
          "place": null,
          "revision": "0002_names",
          "rows": 6,
          "undone": true
        }
      ]
    }
    "#);
    assert!(!project.path("shop.db").exists(), "the environment's database is left alone");
}

#[test]
fn what_does_not_lead_back_is_found() {
    assert_snapshot!(with_hook("down nothing").run(&["prove", "head"]), @"
    ----- stderr
          Proved 0002_shout on sqlite (up, down, up; 6 rows)
            note 0002_shout: rows differ after the rollback, possibly by a hook: - users id=1 email=text 1 name=text 1; - users id=2 email=text 2 name=text 2; - users id=3 email=text 3 name=text 3; + users id=1 email=text 1 name=TEXT 1; + users id=2 email=text 2 name=TEXT 2; + users id=3 email=text 3 name=TEXT 3
            note not tried on postgres; name a server with `--url`
    ");
    assert_snapshot!(with_hook("down (sql)\"UPDATE user SET name = lower(name)\"").run(&["prove", "head"]), @"
      UPDATE user SET name = lower(name)
    ----- stderr
    error[E741]: `0002_shout` fails on rollback: hook `shout` failed: no such table: user
    help: mend the revision
    explain: schemactl explain E741
            note not tried on postgres; name a server with `--url`
    ----- exit 4
    ");
    assert_snapshot!(with_hook("down irreversible reason=\"case is lost\"").run(&["prove", "head"]), @"
    ----- stderr
          Proved 0002_shout on sqlite (up; 6 rows)
            note 0002_shout: not rolled back: hook `shout` can't be rolled back: case is lost
            note not tried on postgres; name a server with `--url`
    ");
}

#[test]
fn a_proof_says_how_far_it_goes() {
    let project = shop();
    project.replace("schema/shop.kdl", "index author_id", "check \"length(title) > 1000\"");
    project.run(&["plan", "-m", "long titles", "-q"]).ok();
    assert_snapshot!(project.run(&["prove", "head"]), @"
    ----- stderr
          Proved 0002_long_titles on sqlite (up, down, up; no rows)
            note 0002_long_titles: apply stops at rows that were made for it, so it is proven on empty tables: table `posts` is made anew: can't copy the rows: CHECK constraint failed: posts_title_check
            note not tried on postgres; name a server with `--url`
    ");
}

#[test]
fn nothing_and_the_impossible_are_named() {
    let project = shop();
    assert_snapshot!(project.run(&["prove", "head..head"]), @"
    ----- stderr
    error[E840]: `head..head` means no revisions
    help: name a revision, or the older one first: `FROM..TO`
    explain: schemactl explain E840
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["prove", "0007"]), @"
    ----- stderr
    error[E430]: there is no revision `0007`
    help: run `schemactl log` for a list of revisions
    explain: schemactl explain E430
    ----- exit 2
    ");
    let empty = Project::empty();
    empty.run(&["init", "-q"]).ok();
    assert_snapshot!(empty.run(&["prove"]), @"
    ----- stderr
    nothing to prove: there are no revisions
    ");
    project.replace("schemactl.kdl", "dialects sqlite postgres", "dialects postgres");
    assert_snapshot!(project.run(&["prove"]), @"
    ----- stderr
    error[E841]: the project is not for databases that can be made in memory
    help: name a server that scratch databases can be made on: `--url URL`
    explain: schemactl explain E841
    ----- exit 2
    ");
}

/// A checkpoint of two revisions, the second of which moves data.
#[test]
fn a_checkpoint_is_proven_with_the_revision_that_it_is_of() {
    let project = with_hook("down (sql)\"UPDATE users SET name = lower(name)\"");
    project.run(&["checkpoint", "-q"]).ok();
    let checkpoint = "revisions/checkpoints/0002_shout.kdl";
    assert_snapshot!(project.run(&["prove", "head"]), @"
    ----- stderr
          Proved 0002_shout on sqlite (up, down, up; 6 rows)
          Proved checkpoint 0002_shout on sqlite (up, down, up; no rows)
            note not tried on postgres; name a server with `--url`
    ");
    let right = project.read(checkpoint);
    // Somebody edits what it makes, which the chain contradicts, or its hook, which a database contradicts.
    let edits = [("column email \"varchar(320)\"", "column email text"), ("upper(name)", "upper(nam)")];
    let found = edits.map(|(old, new)| {
        assert!(right.contains(old), "{right}");
        project.write(checkpoint, right.replacen(old, new, 1));
        project.run(&["prove", "head"]).fails(4)
    });
    let [state, hook] = found;
    assert!(
        state.contains("error[E443]: the steps of the checkpoint `0002_shout` lead elsewhere"),
        "{state}"
    );
    assert!(
        hook.contains("error[E741]: `checkpoint 0002_shout` fails on apply: hook `shout` failed"),
        "{hook}"
    );
}
