//! What a server says about itself: which product it is, in which version, and who is connected to which database.

use super::{DatabaseError, ErrorKind, Row};
use crate::dialect::{Product, Version};

/// Asks for everything that [`Server`] keeps.
pub(super) const IDENTIFY: &str = "SELECT CONNECTION_ID(), VERSION(), @@version_comment, DATABASE(), CURRENT_USER(), \
    @@lower_case_table_names";

/// Products that speak the protocol and are something else.
const OTHERS: [&str; 9] =
    ["TiDB", "Vitess", "Dolt", "SingleStore", "MemSQL", "OceanBase", "StarRocks", "Doris", "MatrixOne"];

/// A server, and a session on it.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) version: Version,
    /// The number of the connection.
    pub(super) process: String,
    /// The database of the session, as the server compares names of databases.
    pub(super) database: String,
    /// The account that the session has the rights of, as a GRANT names it.
    pub(super) account: Option<String>,
}

impl Server {
    /// # Errors
    /// It is none of the two.
    pub(super) fn of(row: Option<&Row>) -> Result<Self, DatabaseError> {
        let cell = |at: usize| row.and_then(|row| row.get(at)).unwrap_or("");
        let (version, comment) = (cell(1), cell(2));
        let version = parse(version, comment)?;
        let database = if cell(5) == "0" { cell(3).to_owned() } else { cell(3).to_lowercase() };
        Ok(Self { version, process: cell(0).to_owned(), database, account: account(cell(4)) })
    }
}

/// The account `user@host` as SQL has it.
fn account(text: &str) -> Option<String> {
    let (user, host) = text.rsplit_once('@')?;
    Some(format!("'{}'@'{host}'", user.replace('\'', "''")))
}

/// # Errors
/// It is neither MySQL nor MariaDB.
fn parse(version: &str, comment: &str) -> Result<Version, DatabaseError> {
    let said = format!("{version} {comment}").to_ascii_lowercase();
    if let Some(other) = OTHERS.iter().find(|other| said.contains(&other.to_ascii_lowercase())) {
        let message = format!("the server is {other}, which is neither MySQL nor MariaDB");
        return Err(DatabaseError::new(ErrorKind::OtherProduct, message));
    }
    let is_mariadb = said.contains("mariadb");
    let product = if is_mariadb { Product::MariaDb } else { Product::MySql };
    // What MariaDB puts before its version for old clients, and some proxies leave there.
    let numbers = version.strip_prefix("5.5.5-").filter(|_| is_mariadb).unwrap_or(version);
    let numbers = numbers.split(|c: char| c != '.' && !c.is_ascii_digit()).next().unwrap_or("");
    let mut numbers = numbers.split('.').map(|number| number.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    Ok(product.version(next(), next(), next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_versions_are_told() {
        let told = |version: &str, comment: &str| match parse(version, comment) {
            Ok(version) => format!("{} {version}", version.product.title()),
            Err(error) => error.message.clone(),
        };
        for (version, comment, expected) in [
            ("10.11.19-MariaDB-0+deb12u1", "Debian 12", "MariaDB 10.11.19"),
            ("5.5.5-10.6.12-MariaDB-log", "mariadb.org binary distribution", "MariaDB 10.6.12"),
            ("11.8.2-MariaDB", "", "MariaDB 11.8.2"),
            ("12.0.1", "MariaDB Server", "MariaDB 12.0.1"),
            ("9.7.4-2", "(Debian)", "MySQL 9.7.4"),
            ("8.0.36-28.1", "Percona XtraDB Cluster (GPL)", "MySQL 8.0.36"),
            ("8.0.35", "Source distribution", "MySQL 8.0.35"),
            ("5.7.44-log", "MySQL Community Server (GPL)", "MySQL 5.7.44"),
            (
                "8.0.11-TiDB-v7.5.0",
                "TiDB Server (Apache License 2.0)",
                "the server is TiDB, which is neither MySQL nor MariaDB",
            ),
            ("8.0.30-Vitess", "", "the server is Vitess, which is neither MySQL nor MariaDB"),
            ("", "", "MySQL 0.0.0"),
        ] {
            assert_eq!(told(version, comment), expected, "{version} {comment}");
        }
    }

    #[test]
    fn an_account_is_quoted_in_its_parts() {
        assert_eq!(account("app@10.0.%").as_deref(), Some("'app'@'10.0.%'"));
        assert_eq!(account("a@b'c@%").as_deref(), Some("'a@b''c'@'%'"));
    }
}
