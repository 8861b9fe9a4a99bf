//! Files as they are in a commit of the repository that the project lies in, and files of two branches merged. Asks the
//! `git` program, which knows where the repository is and how it is stored.

use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::errors::{E610, E611};
use super::files::is_schema_file;
use crate::diagnostic::{Diagnostic, SourceId, Sources};
use crate::document;

/// Reads every `*.kdl` file under `root`/`folder` as it is in a commit, in the order of their paths.
///
/// # Errors
/// E610: git can't be run, or knows no such commit. All files that can't be read.
pub fn read_folder(
    root: &Path,
    folder: &Path,
    commit: &str,
    sources: &mut Sources,
) -> Result<Vec<SourceId>, Vec<Diagnostic>> {
    let paths = list(root, folder, commit).map_err(|problem| vec![problem])?;
    let contents = contents(root, commit, &paths).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let mut found = Vec::new();
    for (path, content) in paths.iter().zip(contents) {
        let shown = PathBuf::from(format!("{commit}:{path}"));
        match document::add_file(sources, &shown, content) {
            Ok(source) => found.push(source),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// The paths of the schema's files, from the root of the project.
fn list(root: &Path, folder: &Path, commit: &str) -> Result<Vec<String>, Diagnostic> {
    let mut git = Command::new("git");
    git.arg("-C").arg(root).args(["ls-tree", "-r", "-z", "--name-only", "--end-of-options", commit, "--"]);
    let output = run(git.arg(folder), commit)?;
    let listed = String::from_utf8_lossy(&output).into_owned();
    let below = |path: &str| Path::new(path).strip_prefix(folder).is_ok_and(is_schema_file);
    let mut paths: Vec<String> = listed.split('\0').map(str::to_owned).collect();
    paths.retain(|path| below(path) && !path.contains('\n'));
    paths.sort();
    Ok(paths)
}

/// What the files hold, by one process for all of them.
fn contents(root: &Path, commit: &str, paths: &[String]) -> Result<Vec<Vec<u8>>, Diagnostic> {
    let failed = |error: std::io::Error| unreadable(commit, &error.to_string());
    let mut wanted = tempfile::tempfile().map_err(failed)?;
    for path in paths {
        writeln!(wanted, "{commit}:./{path}").map_err(failed)?;
    }
    wanted.rewind().map_err(failed)?;
    let mut git = Command::new("git");
    git.arg("-C").arg(root).args(["cat-file", "--batch"]).stdin(Stdio::from(wanted));
    let output = run(&mut git, commit)?;
    let mut rest = output.as_slice();
    let mut contents = Vec::with_capacity(paths.len());
    for path in paths {
        let (content, behind) =
            entry(rest).ok_or_else(|| unreadable(commit, &format!("`{path}` is no file")))?;
        contents.push(content.to_vec());
        rest = behind;
    }
    Ok(contents)
}

/// Takes `<id> blob <size>`, a line end, so many bytes and a line end off the front.
fn entry(output: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = output.iter().position(|byte| *byte == b'\n')?;
    let mut header = std::str::from_utf8(&output[..end]).ok()?.split(' ').rev();
    let size: usize = header.next()?.parse().ok()?;
    if header.next()? != "blob" {
        return None;
    }
    let (content, behind) = output.get(end + 1..)?.split_at_checked(size)?;
    Some((content, behind.get(1..)?))
}

/// Tells the repository's git, in this clone, which program merges the project's files.
///
/// # Errors
/// E611: there is no repository, or git can't be run.
pub fn set_up(root: &Path) -> Result<(), Diagnostic> {
    let settings = [
        ("merge.schemactl.name", "schemas and revisions of schemactl"),
        ("merge.schemactl.driver", "schemactl merge-file %O %A %B %P"),
    ];
    for (name, value) in settings {
        let output = Command::new("git").arg("-C").arg(root).args(["config", name, value]).output();
        let why = match output {
            Ok(output) if output.status.success() => continue,
            Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            Err(error) => error.to_string(),
        };
        return Err(not_set_up(&why));
    }
    Ok(())
}

/// What comes of three versions of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merged {
    /// A text with what both changed.
    Whole(Vec<u8>),
    /// A text with both versions of what both changed, between markers; of what is no text ours alone.
    Conflicting(Vec<u8>),
}

/// Merges three versions of a file by text.
///
/// # Errors
/// E611: git can't be run, or can't read them.
pub fn merge_text(base: &Path, ours: &Path, theirs: &Path) -> Result<Merged, Diagnostic> {
    let output = Command::new("git").args(["merge-file", "-p"]).args([ours, base, theirs]).output();
    let output = output.map_err(|error| unmerged(&error.to_string()))?;
    match output.status.code() {
        Some(0) => Ok(Merged::Whole(output.stdout)),
        // So many conflicts, or more than can be counted.
        Some(1..=127) => Ok(Merged::Conflicting(output.stdout)),
        Some(_) | None => match [ours, base, theirs].map(std::fs::read) {
            // As git tells what is no text.
            [Ok(own), Ok(base), Ok(theirs)]
                if [&own, &base, &theirs].iter().any(|text| text.contains(&0)) =>
            {
                Ok(Merged::Conflicting(own))
            }
            _ => Err(unmerged(String::from_utf8_lossy(&output.stderr).trim())),
        },
    }
}

fn not_set_up(why: &str) -> Diagnostic {
    failed(why).help("run `git init` first, or leave `--git` out")
}

fn unmerged(why: &str) -> Diagnostic {
    failed(why).help("merge the file by hand")
}

fn failed(why: &str) -> Diagnostic {
    Diagnostic::error(&E611, format!("git can't do its part: {why}"))
}

fn run(git: &mut Command, commit: &str) -> Result<Vec<u8>, Diagnostic> {
    let output = git.output().map_err(|error| unreadable(commit, &format!("`git` can't be run: {error}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(unreadable(commit, words.trim().lines().next().unwrap_or("git says nothing")))
}

fn unreadable(commit: &str, why: &str) -> Diagnostic {
    Diagnostic::error(&E610, format!("the schema can't be read from the commit `{commit}`: {why}"))
        .help("name a commit, branch or tag of the repository that the project lies in")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_follow_each_other_whatever_they_hold() {
        let output = b"0a blob 3\na\nb\n0b blob 0\n\nx:./y missing\n";
        let (first, rest) = entry(output).unwrap();
        let (second, rest) = entry(rest).unwrap();
        assert_eq!((first, second), (&b"a\nb"[..], &b""[..]));
        assert_eq!(entry(rest), None);
        assert_eq!(entry(b"0a blob 9\nabc\n"), None);
    }
}
