//! The rules of the code as tests: layers, bans, sizes, words, codes. Each rule is a function from files to
//! violations, tried on planted ones beside it, and applied here to the repository.

mod bans;
mod codes;
mod layers;
mod size;
mod source;
mod words;

use source::File;

/// Where a rule is broken.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    place: String,
    what: String,
}

impl Violation {
    fn new(file: &File, line: usize, what: impl Into<String>) -> Self {
        Self { place: format!("{}:{line}", file.path), what: what.into() }
    }
}

/// Fails with all violations, one per line.
fn expect_none(mut violations: Vec<Violation>) {
    violations.sort();
    let lines: Vec<String> = violations.iter().map(|v| format!("  {} {}", v.place, v.what)).collect();
    assert!(lines.is_empty(), "{} violations\n{}", lines.len(), lines.join("\n"));
}

/// Tries a rule on planted files and returns what it finds, one violation per line.
fn planted(rule: impl Fn(&[File]) -> Vec<Violation>, files: &[(&str, &str)]) -> String {
    let files: Vec<File> = files.iter().map(|(path, text)| File::new(path, text)).collect();
    let mut violations = rule(&files);
    violations.sort();
    violations.iter().map(|v| format!("{} {}\n", v.place, v.what)).collect()
}

#[test]
fn imports_point_down() {
    expect_none(layers::check(&source::rust("src")));
}

#[test]
fn every_layer_keeps_to_its_means() {
    expect_none(bans::check(&source::rust("src")));
}

#[test]
fn files_and_functions_are_short_and_files_say_what_they_are_for() {
    let files = [source::rust("src"), source::rust("tests"), source::rust("benches")].concat();
    expect_none(size::check(&files));
}

#[test]
fn every_file_is_part_of_the_build() {
    let files = [source::rust("src"), source::rust("tests")].concat();
    expect_none(size::forgotten(&files));
}

#[test]
fn one_word_per_thing() {
    expect_none(words::check(&source::prose()));
}

#[test]
fn codes_are_unique_in_their_layer_and_raised() {
    expect_none(codes::check(&source::rust("src")));
}
