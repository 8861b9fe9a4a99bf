//! Links between the pages lead to files and headings that exist.

use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use super::{pages, root};

/// The anchors of a page's headings, as they are made by hosts of code.
fn anchors(page: &str) -> Vec<String> {
    let mut fenced = false;
    let headings = page.lines().filter(move |line| {
        fenced ^= line.trim_start().starts_with("```");
        !fenced && line.starts_with('#')
    });
    let kept = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    headings
        .map(|line| line.trim_start_matches('#').trim().to_lowercase())
        .map(|text| text.chars().filter(|c| kept(*c)).collect::<String>().replace(' ', "-"))
        .collect()
}

/// The targets of a page's links.
fn links(page: &str) -> Vec<String> {
    static LINK: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\]\(([^)\s]+)\)").expect("it is a valid pattern"));
    let mut fenced = false;
    let lines = page.lines().filter(move |line| {
        fenced ^= line.trim_start().starts_with("```");
        !fenced
    });
    lines
        .flat_map(|line| LINK.captures_iter(line).map(|found| found[1].to_owned()).collect::<Vec<_>>())
        .collect()
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut path, part| {
        match part {
            Component::ParentDir => drop(path.pop()),
            Component::CurDir => {}
            Component::Normal(_) | Component::Prefix(_) | Component::RootDir => path.push(part),
        }
        path
    })
}

#[test]
fn links_lead_somewhere() {
    let pages = pages();
    let mut wrong = String::new();
    for (page, text) in &pages {
        for link in links(text).iter().filter(|link| !link.contains("://")) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let folder = Path::new(page).parent().expect("a file lies in a folder");
            let target = if path.is_empty() { PathBuf::from(page) } else { plain(&folder.join(path)) };
            let known = |(other, text): &(String, String)| {
                Path::new(other) == target
                    && (anchor.is_empty() || anchors(text).contains(&anchor.to_owned()))
            };
            let exists = anchor.is_empty() && root().join(&target).exists();
            if !exists && !pages.iter().any(known) {
                writeln!(wrong, "{page}: {link}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
