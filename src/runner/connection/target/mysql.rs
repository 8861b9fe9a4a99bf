//! URLs of MySQL and MariaDB servers, with the parameters that their own programs have as options.

use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use url::{Host, Url};

use super::server::{self, LOCAL, readable};
use super::{Kind, Target, invalid, unknown_parameter};
use crate::diagnostic::{Diagnostic, near};
use crate::runner::account;

/// A server, a database on it, and how to reach them.
#[derive(Clone)]
pub(in crate::runner::connection) struct MysqlServer {
    /// Holds the password, so it is never printed.
    options: MySqlConnectOptions,
    database: String,
    connect_timeout: Option<Duration>,
}

const PARAMETERS: [&str; 10] = [
    "charset",
    "connect_timeout",
    "password",
    "port",
    "socket",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "user",
];
/// The modes as they are told to people, and as the driver names them.
const SSL_MODES: [(&str, MySqlSslMode); 5] = [
    ("disabled", MySqlSslMode::Disabled),
    ("preferred", MySqlSslMode::Preferred),
    ("required", MySqlSslMode::Required),
    ("verify_ca", MySqlSslMode::VerifyCa),
    ("verify_identity", MySqlSslMode::VerifyIdentity),
];

pub(super) fn parse(text: &str) -> Result<Target, Diagnostic> {
    let target = parse_server(text)?;
    match &target.kind {
        Kind::Mysql(server) if server.database.is_empty() => {
            Err(invalid("the database URL names no database").help("write `mysql://user@host/database`"))
        }
        _ => Ok(target),
    }
}

/// The database may be left out.
pub(super) fn parse_server(text: &str) -> Result<Target, Diagnostic> {
    let (url, secrets) = server::parse(text)?;
    let database = server::decoded(url.path().trim_start_matches('/'));
    let mut options = MySqlConnectOptions::new();
    match url.host() {
        Some(Host::Ipv6(address)) => options = options.host(&address.to_string()),
        Some(Host::Domain(host)) if !host.is_empty() => options = options.host(host),
        Some(Host::Ipv4(address)) => options = options.host(&address.to_string()),
        Some(Host::Domain(_)) | None => {}
    }
    if let Some(port) = url.port() {
        options = options.port(port);
    }
    let user = Some(server::decoded(url.username())).filter(|user| !user.is_empty()).or_else(account::name);
    if let Some(user) = user {
        options = options.username(&user);
    }
    if let Some(password) = url.password() {
        options = options.password(&server::decoded(password));
    }
    let (options, connect_timeout) = with_parameters(options, &url)?;
    let options = if database.is_empty() { options } else { options.database(&database) };
    let server = MysqlServer { options, database, connect_timeout };
    let shown = server.shown();
    let secrets = secrets.into_iter().filter(|secret| !shown.contains(secret.as_str())).collect();
    Ok(Target { kind: Kind::Mysql(Box::new(server)), shown, secrets })
}

fn with_parameters(
    mut options: MySqlConnectOptions,
    url: &Url,
) -> Result<(MySqlConnectOptions, Option<Duration>), Diagnostic> {
    let mut connect_timeout = None;
    let mut ssl_mode = None;
    for (name, value) in url.query_pairs() {
        let value = value.as_ref();
        let unfit = || unfit(&name, value);
        match name.as_ref() {
            "user" => options = options.username(value),
            "password" => options = options.password(value),
            "port" => options = options.port(value.parse().map_err(|_| unfit())?),
            "socket" => options = options.socket(value),
            "ssl-mode" => ssl_mode = Some(mode(value).ok_or_else(unfit)?),
            "ssl-ca" => {
                readable(&name, value)?;
                options = options.ssl_ca(value);
                // As their own programs have it: who names an authority wants it asked.
                ssl_mode = ssl_mode.or(Some(MySqlSslMode::VerifyCa));
            }
            "ssl-cert" => {
                readable(&name, value)?;
                options = options.ssl_client_cert(value);
            }
            "ssl-key" => {
                readable(&name, value)?;
                options = options.ssl_client_key(value);
            }
            "connect_timeout" => {
                value.parse::<u32>().map_err(|_| unfit())?;
                connect_timeout = Some(server::connect_timeout(value));
            }
            // What is spoken anyway.
            "charset" if value.eq_ignore_ascii_case("utf8mb4") => {}
            "charset" => return Err(unfit()),
            _ => return Err(unknown_parameter(&name, &PARAMETERS)),
        }
    }
    let options = ssl_mode.into_iter().fold(options, MySqlConnectOptions::ssl_mode);
    Ok((options, connect_timeout))
}

fn mode(value: &str) -> Option<MySqlSslMode> {
    let value = value.to_ascii_lowercase().replace('-', "_");
    SSL_MODES.into_iter().find(|(name, _)| *name == value).map(|(_, mode)| mode)
}

fn unfit(name: &str, value: &str) -> Diagnostic {
    let diagnostic =
        invalid(format!("the parameter `{name}` of the database URL has a value that it can't have"));
    let modes = SSL_MODES.map(|(name, _)| name);
    match name {
        "ssl-mode" => match near(&value.to_ascii_lowercase(), modes) {
            Some(mode) => diagnostic.help(format!("write `ssl-mode={mode}`")),
            None => diagnostic.help(format!("use one of {}", modes.join(", "))),
        },
        "charset" => diagnostic.help("leave it out, or write `charset=utf8mb4`"),
        _ => diagnostic.help("write a number"),
    }
}

impl MysqlServer {
    pub(super) fn is_local(&self) -> bool {
        self.place().is_none_or(|(host, _)| LOCAL.contains(&host))
    }

    /// The host and port, unless it is a socket.
    pub(in crate::runner::connection) fn place(&self) -> Option<(&str, u16)> {
        let is_socket = self.options.get_socket().is_some();
        (!is_socket).then(|| (self.options.get_host(), self.options.get_port()))
    }

    pub(in crate::runner::connection) fn options(&self) -> MySqlConnectOptions {
        self.options.clone()
    }

    pub(super) fn in_database(&self, name: &str) -> Self {
        let options = self.options.clone().database(name);
        Self { options, database: name.to_owned(), connect_timeout: self.connect_timeout }
    }

    pub(super) fn shown(&self) -> String {
        let (user, database) = (self.options.get_username(), &self.database);
        let (host, port) = (self.options.get_host(), self.options.get_port());
        match self.options.get_socket() {
            Some(socket) => format!("mysql://{user}@/{database}?socket={}", socket.display()),
            None if host.contains(':') => format!("mysql://{user}@[{host}]:{port}/{database}"),
            None => format!("mysql://{user}@{host}:{port}/{database}"),
        }
    }

    pub(in crate::runner::connection) fn connect_timeout(&self) -> Option<Duration> {
        self.connect_timeout
    }
}
