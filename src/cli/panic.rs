//! What people see if the program breaks: that it isn't their fault, and where to say so.

use std::io::Write;
use std::panic;

/// Replaces the default message of a panic; the process still ends with 101.
pub(crate) fn install() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |place| format!(" at {place}"));
        let message = info.payload_as_str().unwrap_or("no message");
        let mut err = anstream::stderr().lock();
        let _ = writeln!(
            err,
            "schemactl has a bug: {message}{place}\n\
             help: report it at {}/issues with the command and, if you can, the files; version {}",
            env!("CARGO_PKG_REPOSITORY"),
            env!("CARGO_PKG_VERSION"),
        );
    }));
}
