//! The exit codes: what a script may rely on. Documented in `--help` and in docs/commands.md.

use std::process::ExitCode;

/// How a run ended, as the process tells its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit(u8);

impl Exit {
    /// Done, or nothing to do.
    pub const DONE: Self = Self(0);
    /// Failed, be it that the schema or a revision is wrong or that a database can't have it; the database is as it was.
    pub const FAILED: Self = Self(1);
    /// Wrong usage: the call has to change, not the project.
    pub const USAGE: Self = Self(2);
    /// A decision is needed: questions, or consent to destructive operations.
    pub const DECISION: Self = Self(3);
    /// Pending changes, drift or findings, from a command that checks.
    pub const FINDINGS: Self = Self(4);
    /// Integrity: digest mismatch, unknown revision in the database, diverged chain.
    pub const INTEGRITY: Self = Self(5);
    /// The lock was not obtained in time.
    pub const LOCKED: Self = Self(6);
    /// Stopped between two revisions; the output says what ran and what continues or undoes it.
    pub const PARTIAL: Self = Self(7);
    /// Interrupted, and rolled back.
    pub const INTERRUPTED: Self = Self(130);

    /// Every exit code with what it means, in ascending order.
    pub const ALL: &[(Self, &str)] = &[
        (Self::DONE, "done, or nothing to do"),
        (Self::FAILED, "failed, or the files say what can't be; the database is as it was"),
        (Self::USAGE, "wrong usage: an option, an answer, a name or a URL"),
        (Self::DECISION, "a decision is needed: questions, or destructive operations without consent"),
        (Self::FINDINGS, "pending changes, drift or findings, from a command that checks"),
        (Self::INTEGRITY, "integrity: digest mismatch, unknown revision in the database, diverged chain"),
        (Self::LOCKED, "lock not obtained in time"),
        (Self::PARTIAL, "stopped between two revisions: what ran, and the command that continues or undoes"),
        (Self::INTERRUPTED, "interrupted, rolled back"),
    ];

    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        self.0
    }

    /// The table of exit codes, as `--help` shows it.
    #[must_use]
    pub fn table() -> String {
        Self::ALL.iter().map(|(exit, meaning)| format!("  {:>3}  {meaning}\n", exit.code())).collect()
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.0.into()
    }
}
