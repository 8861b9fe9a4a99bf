//! URLs of PostgreSQL servers, with the parameters of its own library.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::{Host, Url};

use super::server::{self, LOCAL, readable};
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
    let (mut url, secrets) = server::parse(text)?;
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

/// The user whom PostgreSQL's own library takes where the URL names none. The driver knows variables only, and needs the
/// user for the password file as well.
fn default_user() -> Option<String> {
    PGUSER.value().or_else(account::name)
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
            ("connect_timeout", seconds) => connect_timeout = Some(server::connect_timeout(seconds)),
            // The system's certificates are what the driver uses without the parameter.
            ("sslrootcert", "system") => {}
            _ => kept.push((name.into_owned(), value.into_owned())),
        }
    }
    Ok((kept, connect_timeout))
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

impl PostgresServer {
    /// The host and port, unless it is a socket.
    pub(in crate::runner::connection) fn place(&self) -> Option<(&str, u16)> {
        let host = self.options.get_host();
        // A path is the folder of a socket.
        let is_socket = self.options.get_socket().is_some() || host.starts_with('/');
        (!is_socket).then(|| (host, self.options.get_port()))
    }

    pub(super) fn is_local(&self) -> bool {
        self.place().is_none_or(|(host, _)| LOCAL.contains(&host))
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
