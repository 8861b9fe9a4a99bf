//! docs/schema.md knows every word of the schema language, and docs/configuration.md every one of `schemactl.kdl`.

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use regex::Regex;

use super::{pages, root};
use crate::support::markdown::blocks;

/// The words that the language's readers ask for: nodes, properties, flags, and the values that are words.
fn words() -> BTreeSet<String> {
    static ASKED: LazyLock<Regex> = LazyLock::new(|| {
        let call =
            r"(?:flag|flag_span|prop|text_prop|name_prop|word_prop|child|children_named|number|required_sql)";
        Regex::new(&format!(r#"\b{call}\((?:&mut )?(?:\w+, )*"([a-z-]+)""#)).expect("it is a valid pattern")
    });
    static LISTED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"\("([a-z-]+)", |"([a-z-]+)"(?: \| "[a-z-]+")* =>"#).expect("it is a valid pattern")
    });
    let mut words = BTreeSet::new();
    for entry in fs::read_dir(root().join("src/syntax")).expect("the folder is there").flatten() {
        let Ok(text) = fs::read_to_string(entry.path()) else { continue };
        let code: String = text.split("#[cfg(test)]").next().into_iter().collect();
        for pattern in [&*ASKED, &*LISTED] {
            let found =
                pattern.captures_iter(&code).filter_map(|found| found.get(1).or_else(|| found.get(2)));
            words.extend(found.map(|word| word.as_str().to_owned()));
        }
    }
    words
}

#[test]
fn every_word_of_the_language_is_explained() {
    let (_, page) =
        pages().into_iter().find(|(path, _)| path == "docs/schema.md").expect("the page is there");
    let said: BTreeSet<&str> = page
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .filter(|word| !word.is_empty())
        .collect();
    let words = words();
    for sure in
        ["table", "was", "depends-on", "identity-increment", "set-default", "nulls-not-distinct", "key"]
    {
        assert!(words.contains(sure), "`{sure}` isn't found in src/syntax: {words:?}");
    }
    let missing: Vec<&String> = words.iter().filter(|word| !said.contains(word.as_str())).collect();
    assert!(missing.is_empty(), "docs/schema.md doesn't mention {missing:?}");
}

#[test]
fn every_node_of_the_configuration_is_explained() {
    static ASKED: LazyLock<Regex> = LazyLock::new(|| {
        let call = "(?:child|children_named|folder|scripts|flag|prop|text_prop|bool_prop)";
        Regex::new(&format!(r#"\b{call}\("([a-z-]+)""#)).expect("it is a valid pattern")
    });
    let page = fs::read_to_string(root().join("docs/configuration.md")).unwrap();
    let (_, tables) = page.split_once("\n## Every node of `schemactl.kdl`\n").unwrap();
    let mut words = BTreeSet::new();
    for file in ["src/project/decode.rs", "src/project/values.rs"] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        words.extend(ASKED.captures_iter(&text).map(|found| found[1].to_owned()));
    }
    assert!(["create", "journal", "schema", "before-run", "secret"].iter().all(|word| words.contains(*word)));
    let is_said = |word: &String| {
        tables.split(|c: char| !(c.is_ascii_lowercase() || c == '-')).any(|said| said == word)
    };
    let missing: Vec<&String> = words.iter().filter(|word| !is_said(word)).collect();
    assert!(missing.is_empty(), "docs/configuration.md doesn't mention {missing:?}");
}

/// The nodes that stand for operations, as their reader lists them.
fn operations() -> Vec<String> {
    let text = fs::read_to_string(root().join("src/revision/codec/op.rs")).unwrap();
    let list = text.split("const WORDS: &[&str] = &[").nth(1).and_then(|rest| rest.split("];").next());
    list.expect("the reader has a list").split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_operation_has_an_example() {
    let (_, page) =
        pages().into_iter().find(|(path, _)| path == "docs/revisions.md").expect("the page is there");
    let blocks = blocks(&page);
    let steps = blocks.iter().filter(|block| block.info == "kdl ops").flat_map(|block| block.text.lines());
    let shown: BTreeSet<&str> = steps.map(|line| line.split(' ').next().unwrap_or_default()).collect();
    let operations = operations();
    assert!(operations.len() > 40, "{operations:?}");
    let missing: Vec<&String> = operations.iter().filter(|word| !shown.contains(word.as_str())).collect();
    assert!(missing.is_empty(), "docs/revisions.md has no example of {missing:?}");
}

#[test]
fn every_command_has_its_documents_in_the_table() {
    let page = |name: &str| pages().into_iter().find(|(path, _)| path == name).expect("the page is there").1;
    let (commands, page) = (page("docs/commands.md"), page("docs/json.md"));
    let commands: Vec<&str> =
        commands.lines().filter_map(|line| line.strip_prefix("## schemactl ")).collect();
    assert!(commands.contains(&"plan"), "{commands:?}");
    let table = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let told: BTreeSet<&str> = table
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(|name| name.split(' ').next().unwrap_or_default())
        .chain(["completions", "man"])
        .collect();
    let missing: Vec<&&str> = commands.iter().filter(|name| !told.contains(**name)).collect();
    assert!(missing.is_empty(), "docs/json.md doesn't say what {missing:?} write");
}
