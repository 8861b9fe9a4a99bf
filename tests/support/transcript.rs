//! Markdown as a test: the `console` blocks of a `transcript.md` are replayed in a copy of the folder that it lies
//! in. A line that starts with `$ ` is a command for the shell, `> ` continues it, and the lines below are what it
//! must print, with `[exit 3]` at the end if it fails. A block with a path behind its language, `kdl schema/a.kdl`, is
//! that file from there on. `SCHEMACTL_UPDATE_TRANSCRIPTS=1` rewrites the output.

use std::path::Path;
use std::{env, fs};

use super::project::Project;

/// Replays `transcript.md` in a folder of the repository and fails on the first difference, or rewrites the file.
pub fn replay(folder: &str) {
    replay_in(&Project::copy_of(folder), folder);
}

/// As [`replay`], in a project that was prepared: variables set, texts hidden.
pub fn replay_in(project: &Project, folder: &str) {
    replay_document(project, &format!("{folder}/transcript.md"));
}

/// As [`replay_in`], for a document of any name.
pub fn replay_document(project: &Project, document: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
    let expected = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let actual = replayed(project, &expected);
    if env::var_os("SCHEMACTL_UPDATE_TRANSCRIPTS").is_some() {
        fs::write(&path, actual).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return;
    }
    if let Some((line, expected, actual)) = first_difference(&expected, &actual) {
        panic!(
            "{document}:{line} differs\n  expected: {expected}\n  actual:   {actual}\n\
             run with SCHEMACTL_UPDATE_TRANSCRIPTS=1 to rewrite it, then read the difference"
        );
    }
}

/// The document with the output of each command as it is now.
pub fn replayed(project: &Project, document: &str) -> String {
    let mut out = String::new();
    let mut lines = document.lines().peekable();
    while let Some(line) = lines.next() {
        push(&mut out, line);
        if let Some(file) = file_of(line) {
            let mut content = String::new();
            while let Some(line) = lines.next_if(|line| line.trim() != "```") {
                push(&mut out, line);
                push(&mut content, line);
            }
            project.write(file, content);
        }
        if line.trim() != "```console" {
            continue;
        }
        while let Some(line) = lines.next_if(|line| line.trim() != "```") {
            let Some(command) = line.strip_prefix("$ ") else { continue };
            push(&mut out, line);
            let mut command = command.to_owned();
            while let Some(line) = lines.next_if(|line| line.starts_with("> ")) {
                push(&mut out, line);
                command = format!("{command}\n{}", &line[2..]);
            }
            let output = project.shell(&staying(&command));
            output.stdout.lines().for_each(|line| push(&mut out, line.trim_end()));
            match output.code {
                Some(0) => {}
                Some(code) => push(&mut out, &format!("[exit {code}]")),
                None => push(&mut out, "[ended by a signal]"),
            }
        }
    }
    out
}

/// A command that begins in the folder where the one before ended.
fn staying(command: &str) -> String {
    format!("cd \"$(cat ~/folder 2>/dev/null || pwd)\"\n{command}\ncode=$?; pwd > ~/folder; exit $code")
}

/// The file that a block is.
fn file_of(fence: &str) -> Option<&str> {
    let (_, file) = fence.strip_prefix("```")?.split_once(' ')?;
    file.contains(['/', '.']).then_some(file)
}

fn push(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// The first line that differs, with its number and both texts.
pub fn first_difference<'a>(expected: &'a str, actual: &'a str) -> Option<(usize, &'a str, &'a str)> {
    let mut lines = (expected.lines(), actual.lines());
    for number in 1.. {
        match (lines.0.next(), lines.1.next()) {
            (None, None) => break,
            (expected, actual) if expected == actual => {}
            (expected, actual) => {
                return Some((number, expected.unwrap_or("(nothing)"), actual.unwrap_or("(nothing)")));
            }
        }
    }
    None
}
