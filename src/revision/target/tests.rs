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
    heads-1: E431: `heads-1` would be counted from several revisions at once: `0002_comments`, `0002_posts`; name the place itself; `schemactl log --graph` shows what lies around it
    -1: E431: `-1` would be counted from several revisions at once: `0002_posts`, `0002_comments`; name the place itself; `schemactl log --graph` shows what lies around it
    ");
}

/// Two branches on one revision, one of them called `billing` and three long, and a revision that joins them.
fn labelled() -> Chain {
    let chain = Chain::of(&["users"]);
    chain.add(&["0001_users"], "invoices", vec![create("invoices")]);
    chain.edit("0002_invoices.kdl", |text| text.replacen("\n}", "\n    labels billing\n}", 1));
    chain.add(&["0002_invoices"], "lines", vec![create("lines")]);
    chain.add(&["0003_lines"], "refunds", vec![create("refunds")]);
    chain.add(&["0001_users"], "posts", vec![create("posts")]);
    chain
}

#[test]
fn places_on_a_branch() {
    let chain = labelled();
    let history = chain.history();
    let told = |position: &[&str], places: &[&str]| {
        let told = places.iter().map(|text| format!("{text}: {}", resolved(&history, text, position)));
        told.collect::<Vec<_>>().join("\n")
    };
    let places = [
        "billing",
        "billing+1",
        "billing@head",
        "billing@heads",
        "billing@head-1",
        "billing@base",
        "billing@base+1",
        "billing@current",
        "billing@+1",
        "billing@+2",
        "billing@+9",
        "billing@-1",
        "billing@-2",
        "billing@-9",
        "billing@3",
        "billing@re",
        "0003_lines@head",
        "2@head",
    ];
    insta::assert_snapshot!(told(&["0003_lines", "0002_posts"], &places), @"
    billing: 0002_invoices
    billing+1: 0003_lines
    billing@head: 0004_refunds
    billing@heads: 0004_refunds
    billing@head-1: 0003_lines
    billing@base: 0002_posts
    billing@base+1: 0002_invoices
    billing@current: 0003_lines
    billing@+1: 0002_posts 0004_refunds
    billing@+2: E432: `billing@+2` leads out of the chain: 1 revision lies further; write `head` for the end of the chain
    billing@+9: E432: `billing@+9` leads out of the chain: 1 revision lies further; write `head` for the end of the chain
    billing@-1: 0002_invoices 0002_posts
    billing@-2: 0002_posts
    billing@-9: E432: `billing@-9` leads out of the chain: 2 revisions lie back; write `base` for the end of the chain
    billing@3: 0003_lines
    billing@re: E430: there is no revision `re` on the branch `billing`; run `schemactl log --graph` to see the branches
    0003_lines@head: 0004_refunds
    2@head: E431: `2` could be `0002_invoices` (`92ec36e76164`), `0002_posts` (`8673d4bc98e4`); write the id of the one that is meant
    ");
    insta::assert_snapshot!(told(&["0002_posts"], &["billing@base", "billing@+1", "billing@-1", "billing@current"]), @"
    billing@base: 0002_posts
    billing@+1: 0002_invoices 0002_posts
    billing@-1: E432: `billing@-1` leads out of the chain: no revision lies back; write `base` for the end of the chain
    billing@current: base
    ");
    insta::assert_snapshot!(told(&[], &["billing@base", "billing@+1", "billing@-1"]), @"
    billing@base: 0001_users
    billing@+1: 0002_invoices
    billing@-1: E432: `billing@-1` leads out of the chain: no revision lies back; write `base` for the end of the chain
    ");
    let wrong = ["posts", "", "+"]
        .map(|place| format!("billing@{place}"))
        .into_iter()
        .chain(["biling", "", "users", "base", "heads"].map(|branch| format!("{branch}@head")));
    let wrong: Vec<String> = wrong.collect();
    let wrong: Vec<&str> = wrong.iter().map(String::as_str).collect();
    insta::assert_snapshot!(told(&[], &wrong), @"
    billing@posts: E430: there is no revision `posts` on the branch `billing`; run `schemactl log --graph` to see the branches
    billing@: E430: there is no revision `billing@`; write `billing` if that is meant; `schemactl log` lists all
    billing@+: E430: there is no revision `+` on the branch `billing`; run `schemactl log --graph` to see the branches
    biling@head: E430: there is no revision `biling`; write `billing` if that is meant; `schemactl log` lists all
    @head: E430: there is no revision ``; run `schemactl log` for a list of revisions
    users@head: E423: `users@head` means 2 heads: `0002_posts`, `0004_refunds`; name one of them, join them with `schemactl merge`, or write `heads` behind the `@`
    base@head: E430: `base@head` means no branch: `base` is before all of them; write a label or a revision before the `@`
    heads@head: E431: `heads` could be `0002_posts` (`8673d4bc98e4`), `0004_refunds` (`40a2a905c59d`); write the id of the one that is meant
    ");
    chain.add(&["0004_refunds", "0002_posts"], "join", vec![]);
    let history = chain.history();
    assert_eq!(resolved(&history, "billing@head", &[]), "0005_join");
    assert_eq!(resolved(&history, "posts@head", &[]), "0005_join");
    assert_eq!(resolved(&history, "billing@-1", &["0005_join"]), "0002_posts 0004_refunds");
    assert_eq!(resolved(&history, "billing@base", &["0005_join"]), "0002_posts");
}
