//! What private servers of the tests have in common: a free port, and an account to run as.

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// The longest wait for a server to accept connections, on a machine that is busy compiling.
pub const START_SECONDS_MAX: u64 = 60;

/// A port of the loopback interface that nobody uses; somebody may take it before it is used.
pub fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(text)?;
    listener.local_addr().map(|address| address.port()).map_err(text)
}

/// Tries what somebody else may spoil, up to three times.
pub fn three_times<T>(attempt: impl Fn() -> Result<T, String>) -> Result<T, String> {
    attempt().or_else(|_| attempt()).or_else(|_| attempt())
}

/// Whom a server runs as. None of them is to be root.
pub struct Account(Option<(u32, u32)>);

impl Account {
    /// The account of this process, or for root this one.
    pub fn unprivileged(name: &str) -> Result<Self, String> {
        if id(&["-u"]) != Some(0) {
            return Ok(Self(None));
        }
        [name, "nobody"]
            .iter()
            .find_map(|name| Some((id(&["-u", name])?, id(&["-g", name])?)))
            .map(|ids| Self(Some(ids)))
            .ok_or_else(|| format!("this is root, and there is no user `{name}` or `nobody` to run it as"))
    }

    /// Makes it the owner of a folder.
    pub fn own(&self, folder: &Path) -> Result<(), String> {
        match self.0 {
            Some((user, group)) => std::os::unix::fs::chown(folder, Some(user), Some(group)).map_err(text),
            None => Ok(()),
        }
    }

    /// Lets a command run as this account.
    pub fn run_as<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        match self.0 {
            Some((user, group)) => command.uid(user).gid(group),
            None => command,
        }
    }
}

fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// An error in words.
#[allow(clippy::needless_pass_by_value, reason = "it is for `map_err`")]
pub fn text(error: std::io::Error) -> String {
    error.to_string()
}
