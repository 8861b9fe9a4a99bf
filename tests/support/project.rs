//! A project in a temporary folder and the binary run in it: cleared environment, fixed clock, no colour, and
//! output as one block in which nothing depends on the machine.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::{env, fs};

use regex::Regex;
use tempfile::TempDir;

/// What the clock shows to the binary in every test, through `SCHEMACTL_TEST_NOW`.
pub const NOW: &str = "2026-11-21T10:00:00Z";

/// A project folder of one test with an own home beside it, removed with this value.
pub struct Project {
    root: PathBuf,
    _folder: TempDir,
    variables: Vec<(String, String)>,
    hidden: Vec<(String, String)>,
}

impl Project {
    /// An empty folder, without a project in it yet.
    pub fn empty() -> Self {
        let folder =
            tempfile::Builder::new().prefix("schemactl-test-").tempdir().expect("a folder can be made");
        // On some systems the temporary folder is a link, and programs print where it leads.
        let root = folder.path().canonicalize().expect("the folder exists");
        let mut hidden = Vec::new();
        for (name, word) in [("home", "[HOME]"), ("project", "[PROJECT]")] {
            let path = root.join(name);
            fs::create_dir(&path).expect("the folder is new");
            hidden.push((path.display().to_string(), word.to_owned()));
        }
        Self { root, _folder: folder, variables: Vec::new(), hidden }
    }

    /// A copy of a folder of the repository, such as `examples/chinook`, without the databases in it.
    pub fn copy_of(folder: &str) -> Self {
        let project = Self::empty();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &project.path(""));
        project
    }

    /// A copy of the repository's own project, the bookshop.
    pub fn sample() -> Self {
        let project = Self::empty();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        fs::copy(root.join("schemactl.kdl"), project.path("schemactl.kdl")).expect("the sample is there");
        for folder in ["schema", "revisions", "snapshots"] {
            fs::create_dir(project.path(folder)).expect("the folder is new");
            copy(&root.join(folder), &project.path(folder));
        }
        project
    }

    /// Sets a variable for every following command.
    pub fn set(&mut self, variable: &str, value: &str) -> &mut Self {
        self.variables.push((variable.to_owned(), value.to_owned()));
        self
    }

    /// Shows `word` in place of `text` in every following output: for URLs with a port in them, and the like.
    pub fn hide(&mut self, text: &str, word: &str) -> &mut Self {
        self.hidden.push((text.to_owned(), word.to_owned()));
        self
    }

    /// The path of a file in the project; of the project itself for an empty text.
    pub fn path(&self, file: &str) -> PathBuf {
        let project = self.root.join("project");
        if file.is_empty() { project } else { project.join(file) }
    }

    /// The URL of a SQLite database in the project.
    pub fn sqlite(&self, file: &str) -> String {
        format!("sqlite://{}", self.path(file).display())
    }

    /// Writes a file, with the folders above it.
    pub fn write(&self, file: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("it lies in the project")).expect("folders can be made");
        fs::write(&path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        self
    }

    /// The content of a file.
    pub fn read(&self, file: &str) -> String {
        let path = self.path(file);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Replaces a text that occurs in a file exactly once.
    pub fn replace(&self, file: &str, from: &str, to: &str) -> &Self {
        let content = self.read(file);
        assert_eq!(content.matches(from).count(), 1, "`{from}` must occur once in {file}");
        self.write(file, content.replace(from, to))
    }

    /// Every file of the project with its path below it, sorted: a listing for snapshots, or two to compare.
    pub fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let mut folders = vec![self.path("")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("it was found a moment ago").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let below = path.strip_prefix(self.path("")).expect("it was found in the project");
                    files.push(below.display().to_string());
                }
            }
        }
        files.sort();
        files
    }

    /// Runs `schemactl` with these arguments.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.output(self.command(env!("CARGO_BIN_EXE_schemactl")).args(arguments))
    }

    /// Runs a line of shell, with `schemactl` on the path and both streams in one.
    pub fn shell(&self, line: &str) -> Output {
        self.output(self.command("sh").arg("-c").arg(format!("exec 2>&1\n{line}")))
    }

    /// A command in this project that isn't started yet, for tests that signal it or run many at once.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let binaries =
            Path::new(env!("CARGO_BIN_EXE_schemactl")).parent().expect("a program lies in a folder");
        let mut path = binaries.as_os_str().to_owned();
        path.push(":");
        path.push(env::var_os("PATH").unwrap_or_default());
        let mut command = Command::new(program);
        command.env_clear().current_dir(self.path("")).stdin(Stdio::null());
        command.env("PATH", path).env("HOME", self.root.join("home")).env("NO_COLOR", "1");
        command.env("LC_ALL", "C.UTF-8").env("TZ", "UTC").env("COLUMNS", "100").env("USER", "tester");
        command.env("SCHEMACTL_TEST_NOW", NOW);
        command.envs(self.variables.iter().map(|(variable, value)| (variable, value)));
        command
    }

    fn output(&self, command: &mut Command) -> Output {
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Output {
            stdout: self.stable(&output.stdout),
            stderr: self.stable(&output.stderr),
            code: output.status.code(),
        }
    }

    /// The text without what differs from run to run: folders, hidden texts, what it took, the host, and moments that the
    /// clock of the tests doesn't show.
    fn stable(&self, bytes: &[u8]) -> String {
        // What something took stands in parentheses, or behind a moment in a table. A limit is shown.
        static DURATION: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"(\(|\dZ +)\d+(\.\d+)? (ns|µs|ms|s|min)(\)| )"));
        static MILLISECONDS: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(_ms": ?)\d+"#));
        static RUN: LazyLock<Regex> = LazyLock::new(|| pattern(r#"("run": ")[^"]+"#));
        static ACTOR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\btester@[\w.-]+"));
        static MOMENT: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"));
        let mut text = String::from_utf8_lossy(bytes).into_owned();
        for (hidden, word) in &self.hidden {
            text = text.replace(hidden, word);
        }
        let text = DURATION.replace_all(&text, "${1}[TIME]$4");
        let text = MILLISECONDS.replace_all(&text, "$1[TIME]");
        let text = RUN.replace_all(&text, "$1[RUN]");
        let text = ACTOR.replace_all(&text, "tester@[HOST]");
        let moment = |found: &regex::Captures<'_>| match &found[0] {
            NOW => NOW.to_owned(),
            _ => "[MOMENT]".to_owned(),
        };
        MOMENT.replace_all(&text, moment).into_owned()
    }
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("it is a valid pattern")
}

/// What a command said and how it ended; as text, one block for a snapshot.
#[derive(Debug, PartialEq, Eq)]
pub struct Output {
    /// Its data.
    pub stdout: String,
    /// Its words.
    pub stderr: String,
    /// Its exit code, if no signal ended it.
    pub code: Option<i32>,
}

impl Output {
    /// Checks that the command exited with 0 and returns its data.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{self}");
        self.stdout
    }

    /// Checks that the command exited with this code and returns its words.
    #[track_caller]
    pub fn fails(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{self}");
        self.stderr
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.stdout)?;
        if !self.stderr.is_empty() {
            write!(f, "----- stderr\n{}", self.stderr)?;
        }
        match self.code {
            Some(0) => Ok(()),
            Some(code) => writeln!(f, "----- exit {code}"),
            None => writeln!(f, "----- ended by a signal"),
        }
    }
}

fn copy(from: &Path, to: &Path) {
    let entries = fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    for entry in entries.flatten() {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            fs::create_dir(&target).expect("the folder is new");
            copy(&source, &target);
        } else if source.extension() != Some(OsStr::new("db")) {
            fs::copy(&source, &target).unwrap_or_else(|error| panic!("{}: {error}", source.display()));
        }
    }
}
