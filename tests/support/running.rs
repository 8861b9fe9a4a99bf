//! A process of the program that goes on beside the test, and what it says meanwhile.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use super::project::Project;

/// How long the program has to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process of the program.
pub struct Running {
    child: Child,
    data: BufReader<ChildStdout>,
    words: BufReader<ChildStderr>,
    /// The words that were read.
    said: String,
}

impl Running {
    /// Starts it, with its data and its words to be read line by line.
    pub fn start(project: &Project, arguments: &[&str]) -> Self {
        let mut command = project.command(env!("CARGO_BIN_EXE_schemactl"));
        let command = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it was built for the tests");
        let data = BufReader::new(child.stdout.take().expect("it is piped"));
        let words = BufReader::new(child.stderr.take().expect("it is piped"));
        Self { child, data, words, said: String::new() }
    }

    /// Reads its data until a line holds this text; false when it ended first.
    pub fn reads(&mut self, text: &str) -> bool {
        line_with(&mut self.data, text).0
    }

    /// Reads its words until a line holds this text; false when it ended first.
    pub fn says(&mut self, text: &str) -> bool {
        let (found, read) = line_with(&mut self.words, text);
        self.said += &read;
        found
    }

    /// Sends a signal, such as `INT`.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Whether it has not ended.
    pub fn goes_on(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Ends it as a crash does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end and returns the exit code, if no signal ended it, and what it said: its data since the last line
    /// that was read, and its words.
    #[track_caller]
    pub fn ends(mut self) -> (Option<i32>, String) {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait().unwrap() {
                let mut all = String::new();
                self.data.read_to_string(&mut all).unwrap();
                all += &self.said;
                self.words.read_to_string(&mut all).unwrap();
                return (status.code(), all);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        self.child.kill().unwrap();
        panic!("it went on for a minute");
    }
}

/// Reads until a line holds a text; whether there was one, and all that was read.
fn line_with(from: &mut impl BufRead, text: &str) -> (bool, String) {
    let mut read = String::new();
    loop {
        let begin = read.len();
        if from.read_line(&mut read).unwrap() == 0 {
            return (false, read);
        }
        if read[begin..].contains(text) {
            return (true, read);
        }
    }
}
