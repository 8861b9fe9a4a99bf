//! KDL's own test suite, if `SCHEMACTL_CORPORA` says where the corpora are.

use std::path::PathBuf;

use super::*;
use crate::document::errors::E011;

/// The texts of the suite with their names.
pub(super) fn inputs() -> Vec<(String, PathBuf)> {
    let Some(corpora) = std::env::var_os("SCHEMACTL_CORPORA") else { return Vec::new() };
    let folder = PathBuf::from(corpora).join("kdl/test_cases/input");
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut inputs: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    inputs.sort();
    assert!(inputs.len() > 300, "only {} files in {}", inputs.len(), folder.display());
    inputs.into_iter().map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path)).collect()
}

#[test]
fn the_suite_reads_as_it_should() {
    let mut wrong = Vec::new();
    for (name, path) in inputs() {
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let (document, mut diagnostics) = read(SourceId(0), &text);
        // Duplicate properties are our language's rule; KDL lets the last one count.
        diagnostics.retain(|diagnostic| diagnostic.code != &E011);
        let must_fail = name.contains("_fail") || std::str::from_utf8(&bytes).is_err();
        if must_fail {
            if diagnostics.is_empty() {
                wrong.push(format!("{name}: accepted {text:?}"));
            }
            continue;
        }
        if !diagnostics.is_empty() {
            wrong.push(format!("{name}: refused {text:?}: {}", shown(&text, &diagnostics)));
            continue;
        }
        let expected_path = path.parent().unwrap().with_file_name("expected_kdl").join(format!("{name}.kdl"));
        let expected = std::fs::read_to_string(expected_path).unwrap();
        if meaning::of(&document) != meaning::of(&accepted(&expected)) {
            wrong.push(format!("{name}: {text:?} reads as {:?}", meaning::of(&document)));
        }
        match kdl::KdlDocument::parse_v2(&text) {
            Ok(theirs) if meaning::of(&document) != meaning::of_crate(&theirs) => {
                wrong
                    .push(format!("{name}: {text:?} reads as {:?} to the crate", meaning::of_crate(&theirs)));
            }
            // The crate wants a space before `/-`, which the suite doesn't.
            Err(_) if name.starts_with("zero_space_before_slashdash") => {}
            Err(_) => wrong.push(format!("{name}: the crate refuses {text:?}")),
            Ok(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_mistake_of_the_suite_is_one_diagnostic() {
    let mut wrong = Vec::new();
    for (name, path) in inputs().into_iter().filter(|(name, _)| name.contains("_fail")) {
        let text = std::fs::read_to_string(path).unwrap();
        let (_, diagnostics) = read(SourceId(0), &text);
        let mistakes = match &*name {
            "floating_point_keyword_identifier_strings_fail" => 3,
            "just_space_in_arg_type_fail" | "unicode_lri_fail" => 2,
            _ => 1,
        };
        if diagnostics.len() != mistakes {
            wrong.push(format!("{name}: {}", shown(&text, &diagnostics)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}
