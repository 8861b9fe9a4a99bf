//! URLs of PostgreSQL servers, with the parameters of its own library.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::{Host, Url};

use super::{Kind, Target, invalid, unknown_parameter};
use crate::diagnostic::{Diagnostic, near};
use crate::project::variable::PGUSER;
use crate::runner::account;

/// A server and how to reach it.
#[derive(Clone)]
pub(in crate::runner::connection) struct PostgresServer {
    /// Holds the password, so it is never printed.
    options: PgConnectOptions,
    connect_timeout: Option<Duration>,
}

const PARAMETERS: [&str; 14] = [
    "application_name",
    "connect_timeout",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
];
/// The port that is not worth showing.
const PORT: u16 = 5432;
const SSL_MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

pub(super) fn parse(text: &str) -> Result<Target, Diagnostic> {
    let mut url = Url::parse(&with_user_behind(text)).map_err(|error| {
        invalid(format!("the database URL is not valid: {error}"))
            .help("write `@ : / ? # %` in a password as `%40 %3A %2F %3F %23 %25`")
    })?;
    refuse_split_password(&url)?;
    let secrets = secrets(&url);
    let (mut kept, connect_timeout) = parameters(&url)?;
    if url.username().is_empty() && !kept.iter().any(|(name, _)| name == "user") {
        kept.extend(default_user().map(|user| ("user".to_owned(), user)));
    }
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    // Every part was checked above, so what is left is not worth a message with parts of the URL in it.
    let options = PgConnectOptions::from_str(url.as_str());
    let mut options = options.map_err(|_| invalid("the database URL has a part that can't be read"))?;
    if let Some(Host::Ipv6(address)) = url.host() {
        options = options.host(&address.to_string());
    }
    let shown = shown(&options);
    let secrets = secrets.into_iter().filter(|secret| !shown.contains(secret.as_str())).collect();
    Ok(Target { kind: Kind::Postgres(Box::new(PostgresServer { options, connect_timeout })), shown, secrets })
}

/// A URL without a host, such as `postgres://user:password@/database?host=/run/postgresql`, with its user, password
/// and port as parameters: PostgreSQL takes them in either place, and readers of URLs want a host behind `@`.
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

/// The user whom PostgreSQL's own library takes where the URL names none. The driver knows variables only, and needs the
/// user for the password file as well.
fn default_user() -> Option<String> {
    PGUSER.value().or_else(account::name)
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
        return Err(invalid("the database URL has a `#`, `/`, `?` or `@` where none can be")
            .help("write `@ : / ? # %` in a password as `%40 %3A %2F %3F %23 %25`"));
    }
    Ok(())
}

fn secrets(url: &Url) -> Vec<String> {
    let written = url.password().map(str::to_owned);
    // Decoding as a form would read `+` as a space, so that one is kept as it is.
    let decoded = written.as_ref().and_then(|password| {
        let form = format!("p={}", password.replace('+', "%2B"));
        url::form_urlencoded::parse(form.as_bytes()).next().map(|(_, value)| value.into_owned())
    });
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

type Kept = Vec<(String, String)>;

/// The parameters that the driver takes, and the one that it doesn't.
fn parameters(url: &Url) -> Result<(Kept, Option<Duration>), Diagnostic> {
    let mut kept = Vec::new();
    let mut connect_timeout = None;
    for (name, value) in url.query_pairs() {
        let is_option = name.starts_with("options[") && name.ends_with(']');
        if !is_option && !PARAMETERS.contains(&name.as_ref()) {
            return Err(unknown_parameter(&name, &PARAMETERS));
        }
        let fits = match name.as_ref() {
            "sslmode" => PgSslMode::from_str(&value).is_ok(),
            "port" => value.parse::<u16>().is_ok(),
            "hostaddr" => value.parse::<std::net::IpAddr>().is_ok(),
            "connect_timeout" | "statement-cache-capacity" => value.parse::<u32>().is_ok(),
            "sslrootcert" if value == "system" => true,
            "sslrootcert" | "sslcert" | "sslkey" => {
                readable(&name, &value)?;
                true
            }
            _ => true,
        };
        if !fits {
            return Err(unfit(&name, &value));
        }
        match (name.as_ref(), value.as_ref()) {
            // Zero means no limit there; a day is as good as none.
            ("connect_timeout", seconds) => {
                let seconds = seconds.parse().ok().filter(|seconds| *seconds > 0).unwrap_or(86_400);
                connect_timeout = Some(Duration::from_secs(seconds));
            }
            // The system's certificates are what the driver uses without the parameter.
            ("sslrootcert", "system") => {}
            _ => kept.push((name.into_owned(), value.into_owned())),
        }
    }
    Ok((kept, connect_timeout))
}

/// The driver would not say which file it can't read.
fn readable(name: &str, path: &str) -> Result<(), Diagnostic> {
    let opened = std::fs::File::open(path).map(drop);
    opened.map_err(|error| {
        invalid(format!("can't read the file `{path}` that `{name}` of the database URL names: {error}"))
            .help("give the path of a file in PEM format")
    })
}

fn unfit(name: &str, value: &str) -> Diagnostic {
    let diagnostic =
        invalid(format!("the parameter `{name}` of the database URL has a value that it can't have"));
    match name {
        "sslmode" => match near(value, SSL_MODES) {
            Some(mode) => diagnostic.help(format!("write `sslmode={mode}`")),
            None => diagnostic.help(format!("use one of {}", SSL_MODES.join(", "))),
        },
        "hostaddr" => diagnostic.help("write an IP address"),
        _ => diagnostic.help("write a number"),
    }
}

fn shown(options: &PgConnectOptions) -> String {
    let user = options.get_username();
    let database = options.get_database().unwrap_or(user);
    let (host, port) = (options.get_host(), options.get_port());
    let socket = |folder: &dyn fmt::Display| {
        let port = if port == PORT { String::new() } else { format!("&port={port}") };
        format!("postgres://{user}@/{database}?host={folder}{port}")
    };
    match options.get_socket() {
        Some(folder) => socket(&folder.display()),
        // Without a host the driver looks for the socket's folder, which begins with a slash.
        None if host.starts_with('/') => socket(&host),
        None if host.contains(':') => format!("postgres://{user}@[{host}]:{port}/{database}"),
        None => format!("postgres://{user}@{host}:{port}/{database}"),
    }
}

/// Names of this computer.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

impl PostgresServer {
    pub(super) fn is_local(&self) -> bool {
        let host = self.options.get_host();
        // A path is the folder of a socket.
        self.options.get_socket().is_some() || host.starts_with('/') || LOCAL.contains(&host)
    }

    pub(in crate::runner::connection) fn options(&self) -> PgConnectOptions {
        self.options.clone()
    }

    pub(super) fn in_database(&self, name: &str) -> Self {
        Self { options: self.options.clone().database(name), connect_timeout: self.connect_timeout }
    }

    pub(super) fn shown(&self) -> String {
        shown(&self.options)
    }

    pub(in crate::runner::connection) fn connect_timeout(&self) -> Option<Duration> {
        self.connect_timeout
    }
}
