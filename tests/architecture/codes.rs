//! Diagnostic codes: one meaning each, numbered by layer, with a page that explains, and raised by somebody.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::Violation;
use super::source::File;

/// The first digit of a layer's codes.
const DIGITS: &[(&str, char)] = &[
    ("document", '0'),
    ("syntax", '1'),
    ("model", '2'),
    ("change", '3'),
    ("diff", '3'),
    ("snapshot", '4'),
    ("revision", '4'),
    ("plan", '5'),
    ("dialect", '5'),
    ("project", '6'),
    ("runner", '7'),
    ("cli", '8'),
    ("import", '9'),
];

/// A page must say more than the title does.
const PAGE_WORDS_MIN: usize = 12;

/// A code where it is declared.
struct Declared<'a> {
    file: &'a File,
    line: usize,
    id: &'a str,
    page: Vec<&'a str>,
}

/// Finds codes that are declared twice or in the wrong layer, explain nothing, or are never raised.
pub fn check(files: &[File]) -> Vec<Violation> {
    let declared: Vec<Declared> = files.iter().filter(|file| !file.is_test()).flat_map(declared_in).collect();
    let mut violations = Vec::new();
    let mut first: BTreeMap<&str, &Declared> = BTreeMap::new();
    for code in &declared {
        let Declared { file, line, id, page } = code;
        let mut violation =
            |what: String| violations.push(Violation::new(file, *line, format!("`{id}` {what}")));
        if let Some(other) = first.insert(id, code) {
            violation(format!("is declared at {}:{} already", other.file.path, other.line));
        }
        let layer = file.layer().unwrap_or_default();
        match DIGITS.iter().find(|(name, _)| *name == layer) {
            Some((_, digit)) if id[1..].starts_with(*digit) => {}
            Some((_, digit)) => {
                violation(format!("belongs to another layer; those of `{layer}` are E{digit}xx"))
            }
            None => violation(format!("`{layer}` has no codes")),
        }
        let words: usize = page.iter().map(|line| line.split_whitespace().count()).sum();
        if words < PAGE_WORDS_MIN {
            violation(format!("has a page of {words} words; say why it is raised and how to get rid of it"));
        }
        if !is_raised(files, id) {
            violation("is never raised".to_owned());
        }
    }
    violations
}

/// Every `E123: "title";` of a `codes!` with the doc comment above it.
fn declared_in(file: &File) -> Vec<Declared<'_>> {
    static CODE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"^\s*(E\d{3}): "#).expect("it is valid"));
    let mut found = Vec::new();
    let mut page = Vec::new();
    for (line, text) in (1..).zip(file.text.lines()) {
        if let Some(doc) = text.trim_start().strip_prefix("///") {
            page.push(doc);
        } else if let Some(id) = CODE.captures(text).and_then(|captures| captures.get(1)) {
            found.push(Declared { file, line, id: id.as_str(), page: std::mem::take(&mut page) });
        } else {
            page.clear();
        }
    }
    found
}

fn is_raised(files: &[File], id: &str) -> bool {
    let declares = format!("{id}: ");
    let raises = |line: &str| line.contains(id) && !line.trim_start().starts_with(&declares);
    files.iter().filter(|file| !file.is_test()).any(|file| file.code.lines().any(raises))
}

#[test]
fn planted_violations_are_found() {
    let page = "/// Two files declare the same name, and one of them has to go: rename it.\n    ";
    let codes = |list: &str| format!("//! Codes.\ncodes! {{\n    {}}}\n", list.replace("page ", page));
    let model = codes(
        "page E201: \"duplicate\";\n    page E202: \"unused\";\n    /// Short.\n    E203: \"short\";\n",
    );
    let change = codes("page E201: \"again\";\n    page E303: \"fine\";\n");
    let files = [
        ("src/model/errors.rs", model.as_str()),
        ("src/change/errors.rs", change.as_str()),
        ("src/model/mod.rs", "fn f() { error(&errors::E201); error(&E203); error(&E303) } // E202\n"),
        ("src/model/tests.rs", "E202\n"),
    ];
    insta::assert_snapshot!(super::planted(check, &files), @r"
    src/change/errors.rs:4 `E201` belongs to another layer; those of `change` are E3xx
    src/change/errors.rs:4 `E201` is declared at src/model/errors.rs:4 already
    src/model/errors.rs:6 `E202` is never raised
    src/model/errors.rs:8 `E203` has a page of 1 words; say why it is raised and how to get rid of it
    ");
}
