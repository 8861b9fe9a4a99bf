//! The variables of a run: the process's own, and behind them those of the file `.env` beside the configuration. The
//! process's environment is never changed, and no value is ever shown.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs, io};

use super::errors;
use super::files::io_error;
use crate::diagnostic::Diagnostic;

/// The file's name.
const FILE: &str = ".env";

/// What variables are set to. Not shown in any form: some of it is secret.
#[derive(Default)]
pub struct Variables {
    process: BTreeMap<String, String>,
    file: BTreeMap<String, String>,
}

impl Variables {
    /// The process's variables, and those of `.env` in `root` if there is one.
    ///
    /// # Errors
    /// The file can't be read or understood; what it says is not told.
    pub fn load(root: &Path) -> Result<Self, Diagnostic> {
        let process = env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        match fs::read(root.join(FILE)) {
            Ok(bytes) => Ok(Self { process, file: parse(&bytes)? }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Self { process, file: BTreeMap::new() })
            }
            Err(error) => Err(io_error("read", Path::new(FILE), &error)),
        }
    }

    /// What a variable is set to. One of the process hides the file's, even when it is empty; an empty value counts
    /// as none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.process.get(name).or_else(|| self.file.get(name))?;
        (!value.is_empty()).then_some(value)
    }

    /// Variables for a test.
    #[cfg(test)]
    pub(super) fn of(process: &[(&str, &str)], file: &str) -> Self {
        let process = process.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { process, file: parse(file.as_bytes()).unwrap() }
    }
}

/// Reads a file's variables; the first value of a name counts.
fn parse(bytes: &[u8]) -> Result<BTreeMap<String, String>, Diagnostic> {
    let mut variables = BTreeMap::new();
    for item in dotenvy::from_read_iter(bytes) {
        match item {
            Ok((name, value)) => {
                variables.entry(name).or_insert(value);
            }
            Err(_) => return Err(broken(bytes)),
        }
    }
    Ok(variables)
}

/// Says which line is broken, and nothing of what stands there: the first that can't be read by itself.
fn broken(bytes: &[u8]) -> Diagnostic {
    let is_broken = |line: &&[u8]| dotenvy::from_read_iter(*line).any(|item| item.is_err());
    let lines = bytes.split(|byte| *byte == b'\n');
    let place = match (1..).zip(lines).find(|(_, line)| is_broken(line)) {
        Some((number, _)) => format!("line {number} of "),
        None => String::new(),
    };
    Diagnostic::error(&errors::E609, format!("{place}`{FILE}` can't be read"))
        .help("write `NAME=value`, and quote a value with spaces or signs: `NAME='value'`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_comes_first_and_empty_is_none() {
        let variables = Variables::of(
            &[("A", "process"), ("EMPTY", "")],
            "A=file\nB=\"file b\"\nEMPTY=file\nNONE=\n# comment\nexport C=c\n",
        );
        assert_eq!(variables.get("A"), Some("process"));
        assert_eq!(variables.get("B"), Some("file b"));
        assert_eq!(variables.get("C"), Some("c"));
        assert_eq!(variables.get("EMPTY"), None);
        assert_eq!(variables.get("NONE"), None);
        assert_eq!(variables.get("OTHER"), None);
    }

    #[test]
    fn a_broken_line_is_named_and_not_shown() {
        let problem = parse(b"A=1\nURL=postgres://anna:s3cret x y@db\n").unwrap_err();
        assert_eq!(problem.message, "line 2 of `.env` can't be read");
        assert!(!format!("{problem:?}").contains("s3cret"));
    }
}
