//! The lock that keeps two runs from working on one database at once. It belongs to a session of the server or
//! to a process, and is gone with it: nothing is left to clean up. It is polled, because a server that lets a
//! session wait for a lock counts that as a transaction, which a concurrent index build waits for in turn.

use std::collections::hash_map::RandomState;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::connection::{Connection, DatabaseError, LockMethod};
use super::errors;
use crate::diagnostic::Diagnostic;
use crate::hash::Hash;

/// The first pause between two tries; each further one is twice as long, up to [`PAUSE_MAX`].
const PAUSE_MIN: Duration = Duration::from_millis(50);
/// The longest pause between two tries.
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// The lock of a run, held. It has to be [released](Self::release); dropping it keeps the lock of a session until
/// the connection ends.
#[must_use = "the lock is held until it is released"]
#[derive(Debug)]
pub struct RunLock(Held);

#[derive(Debug)]
enum Held {
    Session(i64),
    File(FileLock),
    Nothing,
}

impl RunLock {
    /// Takes the lock, waiting up to `timeout` for another run to end. `scope` tells the journals in one database
    /// apart; `run` says to others who holds the lock; `waiting` hears once, if there is a wait, for whom.
    ///
    /// # Errors
    /// E706: not obtained in time, with who holds it. E711: the lock's file can't be created. E713: a cancel was
    /// requested while waiting. Otherwise what the connection says.
    pub async fn acquire(
        connection: &mut Connection,
        scope: &str,
        run: &str,
        timeout: Duration,
        waiting: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Self, Diagnostic> {
        let start = Instant::now();
        let method = connection.lock_method();
        let mut pause = PAUSE_MIN;
        loop {
            if let Some(held) = take(&method, connection, scope, run).await? {
                return Ok(Self(held));
            }
            let left = timeout.saturating_sub(start.elapsed());
            if left.is_zero() || pause == PAUSE_MIN {
                let holder = holder(&method, connection, scope).await?;
                let holder = holder.unwrap_or_else(|| "another run".to_owned());
                if left.is_zero() {
                    return Err(not_obtained(&holder, timeout));
                }
                waiting(&holder);
            }
            connection.pause(jittered(pause).min(left)).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    /// Gives the lock back, on the connection that it was taken on.
    ///
    /// # Errors
    /// E718: the session did not have it any more. Otherwise what the connection says; the lock ends with it.
    pub async fn release(self, connection: &mut Connection) -> Result<(), Diagnostic> {
        match self.0 {
            Held::Session(key) => match connection.unlock(key).await.map_err(|error| failed(&error))? {
                true => Ok(()),
                false => Err(Diagnostic::error(&errors::E718, "the session lost its lock while it worked")
                    .help("connect to the server directly, not through a pooler in transaction mode")),
            },
            Held::File(file) => {
                drop(file);
                Ok(())
            }
            Held::Nothing => Ok(()),
        }
    }
}

async fn take(
    method: &LockMethod,
    connection: &mut Connection,
    scope: &str,
    run: &str,
) -> Result<Option<Held>, Diagnostic> {
    if connection.is_cancelled() {
        return Err(Diagnostic::error(&errors::E713, "interrupted while waiting for the lock"));
    }
    match method {
        LockMethod::Session => {
            let key = key(scope);
            let taken = connection.try_lock(key).await.map_err(|error| failed(&error))?;
            Ok(taken.then_some(Held::Session(key)))
        }
        LockMethod::File(path) => match FileLock::try_take(path, run) {
            Ok(taken) => Ok(taken.map(Held::File)),
            Err(error) => {
                let message = format!("can't lock `{}`: {error}", path.display());
                Err(Diagnostic::error(&errors::E711, message)
                    .help("run as a user who may write to the folder of the database"))
            }
        },
        LockMethod::Unshared => Ok(Some(Held::Nothing)),
    }
}

async fn holder(
    method: &LockMethod,
    connection: &mut Connection,
    scope: &str,
) -> Result<Option<String>, Diagnostic> {
    let known = match method {
        LockMethod::Session => {
            let holder = connection.holder(key(scope)).await.map_err(|error| failed(&error))?;
            holder.map(|holder| match holder.since {
                Some(since) => format!("{}, connected since {since}", holder.description),
                None => holder.description,
            })
        }
        LockMethod::File(path) => fs::read_to_string(path).ok().map(|text| text.trim().to_owned()),
        LockMethod::Unshared => None,
    };
    Ok(known.filter(|known| !known.is_empty()))
}

/// Who holds the lock in the server, of whatever its process has become: the server ends a statement also for a client
/// that is gone. `None` for a file, which tells as much only to those who try to lock it.
///
/// # Errors
/// What the connection says.
pub async fn session_at_work(connection: &mut Connection, scope: &str) -> Result<Option<String>, Diagnostic> {
    match connection.lock_method() {
        LockMethod::Session => holder(&LockMethod::Session, connection, scope).await,
        LockMethod::File(_) | LockMethod::Unshared => Ok(None),
    }
}

/// The number that stands for the lock in a server; format 1.
fn key(scope: &str) -> i64 {
    let digits = Hash::of(format!("schemactl lock 1\n{scope}").as_bytes()).short(16);
    let key = u64::from_str_radix(&digits, 16).expect("a digest is written in hexadecimal digits");
    key.cast_signed()
}

/// Between half and all of a pause, so that runs that started together don't go on trying together.
pub(super) fn jittered(pause: Duration) -> Duration {
    let random = RandomState::new().build_hasher().finish() % 512;
    pause / 2 + pause * u32::try_from(random).unwrap_or(0) / 1024
}

fn failed(error: &DatabaseError) -> Diagnostic {
    error.diagnostic("can't take the lock")
}

fn not_obtained(holder: &str, timeout: Duration) -> Diagnostic {
    let message = format!("the lock was not obtained within {} s: {holder} holds it", timeout.as_secs_f32());
    Diagnostic::error(&errors::E706, message)
        .help("wait until that run has ended, or give more time with `--lock-timeout 5m`")
}

/// A lock of the operating system on a file that holds who has it. The file goes with the lock where that is
/// safe; a file that is left behind by a crash is not locked and does no harm.
#[derive(Debug)]
pub(super) struct FileLock {
    /// The lock is on this handle.
    file: File,
    path: PathBuf,
}

impl FileLock {
    /// Takes the lock, if nobody holds it.
    pub(super) fn try_take(path: &Path, run: &str) -> io::Result<Option<Self>> {
        loop {
            let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
            // The holder before may have removed the file between our opening and locking it; then others lock
            // a new one under this name.
            if !is_at(&file, path) {
                continue;
            }
            let mut lock = Self { file, path: path.to_owned() };
            let since = jiff::Timestamp::now().round(jiff::Unit::Second).map_err(io::Error::other)?;
            lock.file.set_len(0)?;
            // Words for those who wait. On a full disk the lock holds without them, and the database says what is wrong.
            let _ = write!(lock.file, "process {}, `schemactl {run}`, since {since}", std::process::id());
            return Ok(Some(lock));
        }
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Only while the lock is held, and only where a try to lock notices (see `is_at`).
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Whether the path still leads to the open file.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(named)) => (open.dev(), open.ino()) == (named.dev(), named.ino()),
        (Ok(_) | Err(_), Ok(_) | Err(_)) => false,
    }
}

/// Whether the path still leads to the open file: nothing is ever removed here.
#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_scope_never_changes() {
        // Two versions of the program have to keep out of each other's way.
        assert_eq!(key("\"public\".\"schemactl_journal\""), 6_079_834_401_200_869_365);
    }

    #[test]
    fn a_file_is_locked_once_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.db-schemactl.lock");
        let first = FileLock::try_take(&path, "apply 1").unwrap().expect("nobody holds it");
        assert!(FileLock::try_take(&path, "apply 2").unwrap().is_none());
        let holder = fs::read_to_string(&path).unwrap();
        assert!(holder.starts_with(&format!("process {}, `schemactl apply 1`, since 2", std::process::id())));
        drop(first);
        assert!(!path.exists());
        assert!(FileLock::try_take(&path, "apply 3").unwrap().is_some());
    }

    #[test]
    fn a_file_that_a_crash_left_behind_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        fs::write(&path, "process 1, which wrote much more than the next holder does, since 1999-01-01")
            .unwrap();
        let _lock = FileLock::try_take(&path, "apply").unwrap().expect("the process is gone");
        assert!(!fs::read_to_string(&path).unwrap().contains("1999"));
    }

    #[test]
    fn of_many_who_try_at_once_one_at_a_time_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let holders = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        if let Some(lock) = FileLock::try_take(&path, "apply").unwrap() {
                            assert_eq!(holders.fetch_add(1, std::sync::atomic::Ordering::SeqCst), 0);
                            std::thread::yield_now();
                            holders.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                            drop(lock);
                        }
                    }
                });
            }
        });
        assert!(!path.exists());
    }
}
