//! Who runs the program, for the journal: what the system tells, and nothing else.

use std::fs;

use crate::project::variable::{LOGNAME, USER, USERNAME};

/// `user@host`; a part that is not known is left out.
pub(super) fn actor() -> String {
    let named = [&USER, &LOGNAME, &USERNAME].into_iter().find_map(|variable| variable.value());
    described(named.or_else(of_process), host())
}

fn described(user: Option<String>, host: Option<String>) -> String {
    let host = host.map(|host| format!("@{host}")).unwrap_or_default();
    user.unwrap_or_default() + &host
}

/// The user whom the process belongs to: by name, or by number where there is no name, as in many containers.
#[cfg(unix)]
fn of_process() -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let id = fs::metadata("/proc/self").ok()?.uid();
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    Some(name_in(&users, id).map_or_else(|| format!("uid {id}"), str::to_owned))
}

#[cfg(not(unix))]
fn of_process() -> Option<String> {
    None
}

/// The name of a user in the system's list.
#[cfg(unix)]
fn name_in(users: &str, id: u32) -> Option<&str> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(id)).then_some(name)
    })
}

fn host() -> Option<String> {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_left_out() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(described(text("ada"), text("vm")), "ada@vm");
        assert_eq!(described(None, text("vm")), "@vm");
        assert_eq!(described(text("ada"), None), "ada");
    }

    #[cfg(unix)]
    #[test]
    fn a_user_has_the_name_that_the_system_lists() {
        let users = "root:x:0:0:root:/root:/bin/sh\n# a comment\nada:x:1000:1000::/home/ada:/bin/sh\n";
        assert_eq!(name_in(users, 1000), Some("ada"));
        assert_eq!(name_in(users, 7), None);
    }
}
