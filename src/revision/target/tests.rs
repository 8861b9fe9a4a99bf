//! What each way to name a revision means, and what is said when it means nothing.

use super::Target;
use crate::revision::testing::{Chain, create};
use crate::revision::{History, RevisionId};

/// Three in a row, and one beside the last.
fn chain() -> History {
    let chain = Chain::of(&["users", "add posts", "tags"]);
    chain.edit("0003_tags.kdl", |text| text.replacen("\n}", "\n    tags v1.0 v1-2\n}", 1));
    chain.history()
}

fn forked() -> History {
    let chain = Chain::of(&["users", "posts"]);
    chain.add(&["0001_users"], "comments", vec![create("comments")]);
    chain.history()
}

fn resolved(history: &History, text: &str, position: &[&str]) -> String {
    let position: Vec<RevisionId> =
        position.iter().map(|name| history.by_name(&name.parse().unwrap()).unwrap().revision.id).collect();
    match Target::resolve(history, text, &position) {
        Ok(Target::Base) => "base".to_owned(),
        Ok(Target::Revisions(ids)) => {
            let names = ids.iter().map(|id| history.get(*id).unwrap().revision.name.to_string());
            names.collect::<Vec<_>>().join(" ")
        }
        Err(error) => format!("{error}; {}", error.help.as_deref().unwrap_or_default()),
    }
}

#[test]
fn every_way_to_name_a_place() {
    let history = chain();
    let id = history.links()[1].revision.id.to_string();
    let cases = [
        ("head", "0003_tags"),
        ("heads", "0003_tags"),
        ("base", "base"),
        ("current", "0002_add_posts"),
        ("+1", "0003_tags"),
        ("-1", "0001_users"),
        ("-2", "base"),
        ("0002_add_posts", "0002_add_posts"),
        ("0002_add_posts.kdl", "0002_add_posts"),
        ("add_posts", "0002_add_posts"),
        ("2", "0002_add_posts"),
        ("0002", "0002_add_posts"),
        (&id, "0002_add_posts"),
        (&id[..5], "0002_add_posts"),
        ("0002_a", "0002_add_posts"),
        ("v1.0", "0003_tags"),
        ("v1-2", "0003_tags"),
        ("v1-2-2", "0001_users"),
        ("head-1", "0002_add_posts"),
        ("base+2", "0002_add_posts"),
        ("0001_users+2", "0003_tags"),
        ("2-1", "0001_users"),
        ("current+0", "0002_add_posts"),
    ];
    for (text, place) in cases {
        assert_eq!(resolved(&history, text, &["0002_add_posts"]), place, "{text}");
    }
}

#[test]
fn nothing_goes_by_that_name() {
    let history = chain();
    let all = ["haed", "0002_ad_posts", "zzz", "", "+", "-", "+4", "-3", "head+1", "base-1", "gone-1", "9"];
    let said: Vec<String> =
        all.iter().map(|text| format!("{text}: {}", resolved(&history, text, &["0002_add_posts"]))).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    haed: E430: there is no revision `haed`; write `head` if that is meant; `schemactl log` lists all
    0002_ad_posts: E430: there is no revision `0002_ad_posts`; write `0002_add_posts` if that is meant; `schemactl log` lists all
    zzz: E430: there is no revision `zzz`; run `schemactl log` for a list of revisions
    : E430: there is no revision ``; run `schemactl log` for a list of revisions
    +: E430: there is no revision `+`; run `schemactl log` for a list of revisions
    -: E430: there is no revision `-`; run `schemactl log` for a list of revisions
    +4: E432: `+4` leads out of the chain: 1 revision lies further; write `head` for the end of the chain
    -3: E432: `-3` leads out of the chain: 2 revisions lie back; write `base` for the end of the chain
    head+1: E432: `head+1` leads out of the chain: no revision lies further; write `head` for the end of the chain
    base-1: E432: `base-1` leads out of the chain: no revision lies back; write `base` for the end of the chain
    gone-1: E430: there is no revision `gone`; run `schemactl log` for a list of revisions
    9: E430: there is no revision `9`; run `schemactl log` for a list of revisions
    ");
    assert_eq!(resolved(&History::default(), "head", &[]), "base");
}

#[test]
fn several_go_by_that_name() {
    let history = forked();
    let all = ["head", "heads", "2", "0002_", "0001_users+1", "heads-1", "-1"];
    let said: Vec<String> = all
        .iter()
        .map(|text| format!("{text}: {}", resolved(&history, text, &["0002_posts", "0002_comments"])))
        .collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    head: E423: the chain has 2 heads: `0002_comments`, `0002_posts`; join them with `schemactl merge`, or put one on top of the other with `schemactl rebase`
    heads: 0002_comments 0002_posts
    2: E431: `2` could be `0002_comments` (`e934cfa90475`), `0002_posts` (`8673d4bc98e4`); write the id of the one that is meant
    0002_: E431: `0002_` could be `0002_comments` (`e934cfa90475`), `0002_posts` (`8673d4bc98e4`); write the id of the one that is meant
    0001_users+1: E431: `0001_users+1` could be `0002_comments` (`e934cfa90475`), `0002_posts` (`8673d4bc98e4`); write the id of the one that is meant
    heads-1: E431: `heads-1` could be `0002_comments` (`e934cfa90475`), `0002_posts` (`8673d4bc98e4`); write the id of the one that is meant
    -1: E431: `-1` could be `0002_posts` (`8673d4bc98e4`), `0002_comments` (`e934cfa90475`); write the id of the one that is meant
    ");
}
