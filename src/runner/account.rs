//! The account that the process belongs to: who runs it, for the journal, and PostgreSQL's user where a URL names none.

use std::fs;

use crate::project::variable::{LOGNAME, USER, USERNAME, Variable};

/// The name that the environment says; without one, that of the account, or its number where it has no name, as in
/// many containers.
#[must_use]
pub fn person() -> Option<String> {
    said().or_else(|| number().map(|id| listed(id).unwrap_or_else(|| format!("uid {id}"))))
}

/// The name of the account, as PostgreSQL's own library finds it: the system's, whatever the environment says. That
/// counts where the system's list doesn't have the account.
#[must_use]
pub fn name() -> Option<String> {
    number().and_then(listed).or_else(said)
}

fn said() -> Option<String> {
    [&USER, &LOGNAME, &USERNAME].into_iter().find_map(Variable::value)
}

/// The number of the account.
#[cfg(unix)]
fn number() -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").ok().map(|process| process.uid())
}

#[cfg(not(unix))]
fn number() -> Option<u32> {
    None
}

fn listed(id: u32) -> Option<String> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    name_in(&users, id).map(str::to_owned)
}

/// The name of a user in the system's list.
fn name_in(users: &str, id: u32) -> Option<&str> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(id)).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_the_name_that_the_system_lists() {
        let users = "root:x:0:0:root:/root:/bin/sh\n# a comment\nada:x:1000:1000::/home/ada:/bin/sh\n";
        assert_eq!(name_in(users, 1000), Some("ada"));
        assert_eq!(name_in(users, 7), None);
    }
}
