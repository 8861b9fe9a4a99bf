//! Finds the project that a folder lies in.

use std::env;
use std::path::{Path, PathBuf};

use super::errors;
use super::files::io_error;
use super::variable;
use crate::diagnostic::Diagnostic;

/// The file that makes a folder a project.
pub const CONFIG_FILE: &str = "schemactl.kdl";

/// What marks the root of a repository; the search ends there.
const REPOSITORY_MARKS: [&str; 3] = [".git", ".hg", ".jj"];

/// The root of the project in `folder`; without one, in `SCHEMACTL_PROJECT` or above the current folder.
pub(super) fn root(folder: Option<&Path>) -> Result<PathBuf, Diagnostic> {
    let named = folder.map(Path::to_owned).or_else(|| variable::PROJECT.value_os().map(PathBuf::from));
    if let Some(folder) = named {
        return if is_project(&folder) {
            Ok(folder)
        } else {
            let message = format!("there is no `{CONFIG_FILE}` in `{}`", folder.display());
            Err(Diagnostic::error(&errors::E601, message)
                .help("name the folder that holds it, or run `schemactl init` there"))
        };
    }
    let start = env::current_dir().map_err(|error| io_error("find", Path::new("."), &error))?;
    above(&start).map(Path::to_owned).ok_or_else(|| {
        let message = format!("no `{CONFIG_FILE}` in `{}` or above", start.display());
        Diagnostic::error(&errors::E601, message)
            .help("run `schemactl init` to begin a project here, or name one with `--project DIR`")
    })
}

/// The nearest folder from `start` upwards that is a project, within the repository that `start` lies in.
fn above(start: &Path) -> Option<&Path> {
    for folder in start.ancestors() {
        if is_project(folder) {
            return Some(folder);
        }
        if REPOSITORY_MARKS.iter().any(|mark| folder.join(mark).exists()) {
            return None;
        }
    }
    None
}

/// Whether a folder holds the file, or another folder in its place: one that can't be read, not nothing.
fn is_project(folder: &Path) -> bool {
    let file = folder.join(CONFIG_FILE);
    file.is_file() || file.is_dir()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_search_ends_at_the_repository() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("repository/a/b");
        fs::create_dir_all(&deep).unwrap();
        fs::write(root.path().join(CONFIG_FILE), "").unwrap();
        assert_eq!(above(&deep), Some(root.path()));
        fs::create_dir(root.path().join("repository/.git")).unwrap();
        assert_eq!(above(&deep), None);
        fs::write(root.path().join("repository").join(CONFIG_FILE), "").unwrap();
        assert_eq!(above(&deep), Some(root.path().join("repository").as_path()));
    }
}
