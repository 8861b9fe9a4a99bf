//! The program on a terminal of its own, made by `script`, with somebody who reads and types.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::project::Project;

/// How long something to read is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long somebody takes to press a key: a question stands on the screen a little before it reads keys, and what comes
/// earlier is lost.
const REACTION: Duration = Duration::from_millis(300);

/// A terminal on which the program runs.
pub struct Terminal {
    child: Child,
    keys: ChildStdin,
    parts: Receiver<Vec<u8>>,
    read: String,
}

impl Terminal {
    /// Runs `schemactl` with this line of arguments.
    pub fn start(project: &Project, arguments: &str) -> Self {
        let mut command = project.command("script");
        command.args(["-q", "-e", "-f", "-c", &format!("schemactl {arguments}"), "/dev/null"]);
        command.env("TERM", "xterm").env("SHELL", "/bin/sh").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("`script` is part of every Debian");
        let keys = child.stdin.take().expect("it is piped");
        let mut screen = child.stdout.take().expect("it is piped");
        let (send, parts) = channel();
        std::thread::spawn(move || {
            let mut part = [0; 4096];
            // The terminal is gone when the program has ended, and so may the test be.
            while let Ok(count @ 1..) = screen.read(&mut part) {
                if send.send(part[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { child, keys, parts, read: String::new() }
    }

    /// Reads until these words stand on the screen.
    #[track_caller]
    pub fn reads(&mut self, words: &str) -> &mut Self {
        let end = Instant::now() + PATIENCE;
        while !self.read.contains(words) {
            let left = end.saturating_duration_since(Instant::now());
            match self.parts.recv_timeout(left) {
                Ok(part) => self.read.push_str(&String::from_utf8_lossy(&part)),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("never: {words}\n{}", self.read)
                }
            }
        }
        self
    }

    /// Presses keys.
    pub fn types(&mut self, keys: &str) -> &mut Self {
        std::thread::sleep(REACTION);
        self.keys.write_all(keys.as_bytes()).and_then(|()| self.keys.flush()).expect("somebody reads them");
        self
    }

    /// Waits for the end; what was on the screen, and the exit code.
    #[track_caller]
    pub fn ends(mut self) -> (String, Option<i32>) {
        loop {
            match self.parts.recv_timeout(PATIENCE) {
                Ok(part) => self.read.push_str(&String::from_utf8_lossy(&part)),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it never ends\n{}", self.read),
            }
        }
        let status = self.child.wait().expect("it is a child");
        (std::mem::take(&mut self.read), status.code())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Of one that has ended nothing is left to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
