//! Every way in which a chain can be broken, what is said of it, and how one moves along a whole one.

use std::collections::BTreeSet;

use super::Path;
use crate::diagnostic::Sources;
use crate::revision::testing::{Chain, add, create, describe};
use crate::revision::{Link, RevisionId};
use crate::snapshot::Files;

fn names(links: &[&Link]) -> Vec<String> {
    links.iter().map(|link| link.revision.name.to_string()).collect()
}

/// A base, two branches and a revision that joins them.
fn diamond() -> Chain {
    let chain = Chain::of(&["a"]);
    chain.add(&["0001_a"], "b", vec![create("b")]);
    chain.add(&["0001_a"], "c", vec![create("c")]);
    chain.add(&["0002_c"], "d", vec![add("c", "x")]);
    chain.add(&["0002_b", "0003_d"], "join", vec![]);
    chain
}

fn id(chain: &Chain, name: &str) -> RevisionId {
    let name = name.parse().unwrap();
    chain.history().by_name(&name).unwrap().revision.id
}

#[test]
fn a_whole_chain_has_no_faults() {
    assert_eq!(Chain::default().faults(), "");
    assert_eq!(Chain::of(&["a", "b", "c"]).faults(), "");
    assert_eq!(diamond().faults(), "");
}

#[test]
fn a_revision_without_its_parent() {
    let chain = Chain::of(&["users", "posts", "tags"]);
    chain.files.remove("revisions/0002_posts.kdl").unwrap();
    insta::assert_snapshot!(chain.faults(), @r#"
    E420: `0003_tags` builds on `0002_posts`, which is not there
      revisions/0003_tags.kdl ["0002_posts"] 
      = restore `0002_posts.kdl` from version control
    "#);
}

#[test]
fn a_parent_under_another_name() {
    let chain = Chain::of(&["users", "posts", "tags"]);
    chain.rename("0002_posts.kdl", "0002_articles.kdl");
    chain.edit("0002_articles.kdl", |text| text.replace("0002_posts", "0002_articles"));
    insta::assert_snapshot!(chain.faults(), @r#"
    E420: `0003_tags` builds on `0002_posts`, which is not there
      revisions/0003_tags.kdl ["0002_posts"] 
      = rename `0002_articles.kdl` back to `0002_posts.kdl`, it is the same revision
    "#);
}

#[test]
fn a_copied_revision() {
    let chain = Chain::of(&["users", "posts"]);
    let copy = chain.files.read("revisions/0002_posts.kdl").unwrap();
    chain.files.write_new("revisions/0002_copy.kdl", &copy).unwrap();
    insta::assert_snapshot!(chain.faults(), @r#"
    E410: the revision calls itself `0002_posts` and its file `0002_copy`
      revisions/0002_copy.kdl ["0002_posts"] 
      = write `0002_copy`
    "#);
    chain.edit("0002_copy.kdl", |text| text.replace("0002_posts", "0002_copy"));
    insta::assert_snapshot!(chain.faults(), @r#"
    E421: `0002_copy` and `0002_posts` have the same id `8673d4bc98e4`
      revisions/0002_posts.kdl ["8673d4bc98e4"] again here
      revisions/0002_copy.kdl ["8673d4bc98e4"] first here
      = remove the older one if an amend or a rebase was cut off, or the copy if a file was copied
    "#);
}

#[test]
fn a_tag_for_two_revisions() {
    let chain = Chain::of(&["users", "posts"]);
    for file in ["0001_users.kdl", "0002_posts.kdl"] {
        chain.edit(file, |text| text.replacen("\n}", "\n    tags v1\n}", 1));
    }
    insta::assert_snapshot!(chain.faults(), @r"
    E415: `0001_users` and `0002_posts` have the same tag `v1`
      revisions/0002_posts.kdl [v1] again here
      revisions/0001_users.kdl [v1] first here
      = delete one of the two tags
    ");
}

#[test]
fn revisions_in_a_circle() {
    let chain = Chain::of(&["users", "posts", "tags"]);
    let parent = format!("parent \"0003_tags\" digest=\"r1:{}\"\n    from", "0".repeat(64));
    chain.edit("0001_users.kdl", |text| text.replacen("from", &parent, 1));
    insta::assert_snapshot!(chain.faults(), @r#"
    E422: `0001_users`, `0002_posts`, `0003_tags` build on each other in a circle
      revisions/0001_users.kdl ["0003_tags"] 
      revisions/0002_posts.kdl ["0001_users"] 
      revisions/0003_tags.kdl ["0002_posts"] 
      = restore the files from version control, or correct one of the parents
    "#);
    let chain = Chain::of(&["users"]);
    let parent = format!("parent \"0001_users\" digest=\"r1:{}\"\n    from", "0".repeat(64));
    chain.edit("0001_users.kdl", |text| text.replacen("from", &parent, 1));
    insta::assert_snapshot!(chain.faults(), @r#"
    E422: `0001_users` builds on itself
      revisions/0001_users.kdl ["0001_users"] 
      = restore the files from version control, or correct one of the parents
    "#);
}

#[test]
fn two_heads_are_a_fault_where_one_is_asked_for() {
    let chain = Chain::of(&["users", "posts"]);
    chain.add(&["0001_users"], "comments", vec![create("comments")]);
    assert_eq!(chain.faults(), "");
    let mut sources = Sources::default();
    let history = super::History::load(&chain.files, "revisions", &mut sources).unwrap();
    assert_eq!(names(&history.heads()), ["0002_comments", "0002_posts"]);
    let error = history.head().unwrap_err();
    insta::assert_snapshot!(describe(&[error], &sources), @r#"
    E423: the chain has 2 heads: `0002_comments`, `0002_posts`
      revisions/0002_comments.kdl ["0002_comments"] nothing builds on this one
      revisions/0002_posts.kdl ["0002_posts"] nothing builds on this one
      = join them with `schemactl merge`, or put one on top of the other with `schemactl rebase`
    "#);
}

#[test]
fn a_parent_that_was_edited() {
    let chain = Chain::of(&["users", "posts", "tags"]);
    chain.edit("0002_posts.kdl", |text| text.replace("message \"posts\"", "message \"articles\""));
    insta::assert_snapshot!(chain.faults(), @r#"
    E424: `0002_posts` was changed after `0003_tags` had built on it
      revisions/0003_tags.kdl ["0002_posts"] it was `r1:07fe7f…` then
      revisions/0002_posts.kdl ["0002_posts"] it is `r1:ac2021…` now
      = run `git checkout -- revisions/0002_posts.kdl` or take the change back otherwise, and put it into a new revision
    "#);
}

#[test]
fn a_head_may_be_edited() {
    let chain = Chain::of(&["users", "posts"]);
    chain.edit("0002_posts.kdl", |text| text.replace("message \"posts\"", "message \"articles\""));
    chain.edit("0001_users.kdl", |text| format!("// with a comment\r\n{}", text.replace('\n', "\r\n")));
    assert_eq!(chain.faults(), "");
}

#[test]
fn a_number_that_is_not_the_depth() {
    let chain = Chain::of(&["users", "posts"]);
    chain.rename("0002_posts.kdl", "0004_posts.kdl");
    chain.edit("0004_posts.kdl", |text| text.replace("0002_posts", "0004_posts"));
    insta::assert_snapshot!(chain.faults(), @r#"
    E425: `0004_posts` is number 2 in the chain, not 4
      revisions/0004_posts.kdl ["0004_posts"] 
      = rename it to `0002_posts`, in the file, in the file's name and in its children
    "#);
}

#[test]
fn a_start_that_is_not_the_parents_end() {
    let zeros = "0".repeat(64);
    let from = |text: String| {
        let at = text.find("from \"s1:").unwrap() + "from \"s1:".len();
        format!("{}{zeros}{}", &text[..at], &text[at + 64..])
    };
    let chain = Chain::of(&["users", "posts"]);
    chain.edit("0002_posts.kdl", from);
    insta::assert_snapshot!(chain.faults(), @r#"
    E426: `0002_posts` does not start from the state that `0001_users` leads to
      revisions/0002_posts.kdl ["s1:000000…"] starts from this state
      revisions/0001_users.kdl ["s1:83fdfc…"] leads to this state
      = restore the two files from version control
    "#);
    let chain = Chain::of(&["users"]);
    chain.edit("0001_users.kdl", from);
    insta::assert_snapshot!(chain.faults(), @r#"
    E426: `0001_users` is the first revision and does not start from the empty state
      revisions/0001_users.kdl ["s1:000000…"] 
      = write `from "s1:af1349…"`, or restore the revision that it built on
    "#);
}

#[test]
fn a_step_that_does_not_fit() {
    let chain = Chain::of(&["users", "posts"]);
    chain.edit("0002_posts.kdl", |text| text.replace("create-table posts", "create-table users"));
    insta::assert_snapshot!(chain.faults(), @r"
    E427: step 1 of `0002_posts` can't run: table `users` exists already
      revisions/0002_posts.kdl [create-table] 
      = restore `revisions/0002_posts.kdl` from version control, or plan it again if it is the head
    ");
}

#[test]
fn steps_that_lead_elsewhere() {
    let chain = Chain::of(&["users", "posts"]);
    chain.edit("0002_posts.kdl", |text| text.replace("column id bigint", "column id int"));
    insta::assert_snapshot!(chain.faults(), @r#"
    E428: the steps of `0002_posts` do not lead to the state that it names
      revisions/0002_posts.kdl ["s1:b55fea…"] the steps lead to `s1:d85d97…`
      = restore `revisions/0002_posts.kdl` from version control, or plan it again if it is the head
    "#);
}

#[test]
fn files_that_are_no_revisions() {
    let chain = Chain::of(&["users", "posts"]);
    chain.files.write_new("revisions/notes.txt", b"").unwrap();
    chain.files.write_new("revisions/0002_posts.up.sql", b"").unwrap();
    assert_eq!(chain.faults(), "");
    chain.files.write_new("revisions/draft.kdl", b"").unwrap();
    chain.files.write_new("revisions/0003_latin.kdl", b"revision \xE9").unwrap();
    chain.edit("0001_users.kdl", |text| text.replace("ops", "opps"));
    insta::assert_snapshot!(chain.faults(), @r"
    E013: unknown node `opps`
      revisions/0001_users.kdl [opps] 
      = write `ops`
    E411: the revision's file has no `ops`
      revisions/0001_users.kdl [] 
      = restore the file from version control, or remove it
    E002: byte 9 is not UTF-8
      revisions/0003_latin.kdl [�] 
      = save the file as UTF-8
    E410: `revisions/draft.kdl` is not named like a revision
      = name it `NNNN_slug.kdl`, or move it out of the folder
    ");
}

#[test]
fn a_way_leads_back_and_forth() {
    let chain = diamond();
    let history = chain.history();
    let [a, b, d, join] = ["0001_a", "0002_b", "0003_d", "0004_join"].map(|name| id(&chain, name));
    let way = |from: &[RevisionId], to: &[RevisionId]| {
        let Path { back, forth } = history.path(from, to);
        (names(&back), names(&forth))
    };
    assert_eq!(names(&history.ancestors([join])), ["0001_a", "0002_b", "0002_c", "0003_d", "0004_join"]);
    let strings = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(way(&[], &[d]), (vec![], strings(&["0001_a", "0002_c", "0003_d"])));
    assert_eq!(way(&[d], &[b]), (strings(&["0003_d", "0002_c"]), strings(&["0002_b"])));
    assert_eq!(way(&[join], &[]), (strings(&["0004_join", "0003_d", "0002_c", "0002_b", "0001_a"]), vec![]));
    assert_eq!(way(&[b, d], &[join]), (vec![], strings(&["0004_join"])));
    assert_eq!(history.tips(&BTreeSet::from([a, b])), [b]);
    let state = history.checked_state(join).unwrap();
    assert_eq!(state.tables.len(), 3);
}

#[test]
fn a_long_chain_is_read_by_several_threads_in_order() {
    let tables: Vec<String> = (0..100).map(|number| format!("t{number}")).collect();
    let chain = Chain::of(&tables.iter().map(String::as_str).collect::<Vec<_>>());
    let history = chain.history();
    assert!(history.links().iter().zip(1..).all(|(link, number)| link.revision.name.number() == number));
    let head = history.head().unwrap().unwrap().revision.id;
    assert_eq!(history.checked_state(head).unwrap().tables.len(), 100);
}
