//! What time it is. The one place to ask, so that a test can set the clock.

use jiff::Timestamp;

use crate::project::variable;

/// The current time to the second; `SCHEMACTL_TEST_NOW` where it is set to a time.
#[must_use]
pub fn now() -> Timestamp {
    let fixed = variable::TEST_NOW.value().and_then(|text| text.parse().ok());
    let now: Timestamp = fixed.unwrap_or_else(Timestamp::now);
    Timestamp::from_second(now.as_second()).expect("a time without its fraction is a time")
}
