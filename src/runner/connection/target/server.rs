//! What the URLs of servers have in common: a user and a password that may be cut in the wrong place, files that are
//! named, names of this computer.

use std::borrow::Cow;
use std::time::Duration;

use url::Url;

use super::invalid;
use crate::diagnostic::Diagnostic;

/// Names of this computer.
pub(super) const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// What to do about a URL that is cut in the wrong place.
const ESCAPES: &str = "write `@ : / ? # %` in a password as `%40 %3A %2F %3F %23 %25`";

/// A URL in its parts, and the texts of it that must never be shown.
pub(super) fn parse(text: &str) -> Result<(Url, Vec<String>), Diagnostic> {
    let url = Url::parse(&with_user_behind(text))
        .map_err(|error| invalid(format!("the database URL is not valid: {error}")).help(ESCAPES))?;
    refuse_split_password(&url)?;
    let secrets = secrets(&url);
    Ok((url, secrets))
}

/// The time to connect. Zero means no limit; a day is as good as none.
pub(super) fn connect_timeout(seconds: &str) -> Duration {
    Duration::from_secs(seconds.parse().ok().filter(|seconds| *seconds > 0).unwrap_or(86_400))
}

/// A URL without a host, such as `mysql://user:password@/database?socket=/run/mysqld.sock`, with its user, password
/// and port as parameters: readers of URLs want a host behind `@`.
fn with_user_behind(text: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = text.split_once("://") else { return Cow::Borrowed(text) };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let Some((user, host)) = authority.rsplit_once('@') else { return Cow::Borrowed(text) };
    let port = host.strip_prefix(':');
    if user.contains('@') || !(host.is_empty() || port.is_some()) {
        return Cow::Borrowed(text);
    }
    // A form's text reads a plus sign as a space.
    let parameter = |name: &str, value: &str| format!("{name}={}", value.replace('+', "%2B"));
    let (user, password) = user.split_once(':').map_or((user, None), |(user, secret)| (user, Some(secret)));
    let mut added = vec![parameter("user", user)];
    added.extend(password.map(|password| parameter("password", password)));
    added.extend(port.map(|port| parameter("port", port)));
    let sign = if rest.contains('?') { '&' } else { '?' };
    Cow::Owned(format!("{scheme}://{rest}{sign}{}", added.join("&")))
}

/// A password with an unescaped `#`, `/` or `?` is cut there, and its parts would be taken for a host and a
/// database and be shown. What follows the cut gives it away.
fn refuse_split_password(url: &Url) -> Result<(), Diagnostic> {
    let path = url.path().trim_start_matches('/');
    let strays = url.fragment().is_some()
        || path.contains(['@', '/'])
        || url
            .query()
            .unwrap_or("")
            .split('&')
            .any(|pair| pair.split('=').next().unwrap_or("").contains('@'));
    if strays {
        return Err(invalid("the database URL has a `#`, `/`, `?` or `@` where none can be").help(ESCAPES));
    }
    Ok(())
}

fn secrets(url: &Url) -> Vec<String> {
    let written = url.password().map(str::to_owned);
    let decoded = written.as_deref().map(decoded);
    let parameter =
        url.query_pairs().find(|(name, _)| name == "password").map(|(_, value)| value.into_owned());
    let as_sent = url.query().unwrap_or("").split('&').find_map(|pair| pair.strip_prefix("password="));
    let mut secrets: Vec<String> = [written, decoded, parameter, as_sent.map(str::to_owned)]
        .into_iter()
        .flatten()
        .filter(|secret| !secret.is_empty())
        .collect();
    secrets.dedup();
    secrets
}

/// A part of a URL without its escapes.
pub(super) fn decoded(part: &str) -> String {
    // Decoding as a form would read `+` as a space, so that one is kept as it is.
    let form = format!("p={}", part.replace('+', "%2B"));
    url::form_urlencoded::parse(form.as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// The driver would not say which file it can't read.
pub(super) fn readable(name: &str, path: &str) -> Result<(), Diagnostic> {
    let opened = std::fs::File::open(path).map(drop);
    opened.map_err(|error| {
        invalid(format!("can't read the file `{path}` that `{name}` of the database URL names: {error}"))
            .help("give the path of a file in PEM format")
    })
}
