//! Who runs the program, for the journal: what the system tells, and nothing else.

use std::fs;

use crate::runner::account;

/// `user@host`; a part that is not known is left out.
pub(super) fn actor() -> String {
    described(account::person(), host())
}

fn described(user: Option<String>, host: Option<String>) -> String {
    let host = host.map(|host| format!("@{host}")).unwrap_or_default();
    user.unwrap_or_default() + &host
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
}
