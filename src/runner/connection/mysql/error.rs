//! What a number of MySQL or MariaDB means, and what a message names.

use sqlx::mysql::MySqlDatabaseError;

use super::server::Server;
use super::{DatabaseError, ErrorKind, RULES, of_driver};
use crate::dialect::mysql::reopens;
use crate::sql::created;

pub(super) fn on_connecting(error: &sqlx::Error) -> DatabaseError {
    let mut report = classify(error, "", None);
    if let sqlx::Error::Protocol(message) = error
        && message.contains("authentication plugin")
    {
        report.kind = ErrorKind::Auth;
    }
    if matches!(report.kind, ErrorKind::ConnectionLost | ErrorKind::Other | ErrorKind::MissingTable) {
        report.kind = ErrorKind::Connect;
    }
    report
}

/// What is said of a statement. The server is known once it has been asked.
pub(super) fn classify(error: &sqlx::Error, sql: &str, on: Option<&Server>) -> DatabaseError {
    if let sqlx::Error::Protocol(message) = error
        && message.contains("unknown column type")
    {
        let message = "the result has a column of a type that can't be read, such as `vector`";
        let mut report = DatabaseError::new(ErrorKind::Other, message);
        report.hint = Some("select it as text, such as `hex(column)`".to_owned());
        return report;
    }
    let sqlx::Error::Database(database) = error else { return of_driver(error) };
    let Some(server) = database.try_downcast_ref::<MySqlDatabaseError>() else { return of_driver(error) };
    let message = server.message();
    let kind = match server.number() {
        1054 if reopens(sql) => ErrorKind::Aliased,
        number => kind_of(number, message),
    };
    let mut report = DatabaseError::new(kind, message);
    report.code = Some(server.number().to_string());
    match report.kind {
        ErrorKind::UniqueViolation => name_key(&mut report, message),
        ErrorKind::ForeignKey => name_reference(&mut report, message),
        ErrorKind::Check => name_check(&mut report, message),
        ErrorKind::MissingTable => report.table = first(message, '\'').map(|name| last_part(name).to_owned()),
        ErrorKind::NotNull | ErrorKind::Range | ErrorKind::Format | ErrorKind::MissingColumn => {
            report.columns = column(message).into_iter().collect();
        }
        ErrorKind::Permission => report.hint = grant(server.number(), message, sql, on),
        _ => {}
    }
    report
}

fn kind_of(number: u16, message: &str) -> ErrorKind {
    match number {
        1045 | 1130 | 1251 | 1524 | 1698 | 1820 | 1862 | 3118 | 4151 => ErrorKind::Auth,
        3159 => ErrorKind::Tls,
        1044 | 1142 | 1143 | 1227 | 1370 | 1419 => ErrorKind::Permission,
        1040 | 1049 | 1129 | 1203 | 1226 => ErrorKind::Connect,
        1205 | 3572 => ErrorKind::LockTimeout,
        1020 | 1213 | 3058 => ErrorKind::Deadlock,
        1022 | 1062 | 1169 | 1586 | 1859 => ErrorKind::UniqueViolation,
        // Said of a table that is dropped, where no row is meant.
        1217 | 1451 if !message.contains('(') => ErrorKind::Dependents,
        1048 | 1138 | 1263 | 1364 => ErrorKind::NotNull,
        1216 | 1217 | 1451 | 1452 | 1834 => ErrorKind::ForeignKey,
        3819 => ErrorKind::Check,
        // MySQL has another meaning for this number of MariaDB's.
        4025 if message.starts_with("CONSTRAINT ") => ErrorKind::Check,
        1264 | 1406 | 1690 => ErrorKind::Range,
        1265 | 1292 | 1366 | 3140 => ErrorKind::Format,
        1036 | 1792 | 1836 => ErrorKind::ReadOnly,
        1290 if message.contains("read-only") || message.contains("read_only") => ErrorKind::ReadOnly,
        1021 | 1114 => ErrorKind::DiskFull,
        _ if message.contains("errno: 28") || message.contains("error 28") => ErrorKind::DiskFull,
        1028 | 1317 | 1969 | 3024 => ErrorKind::Timeout,
        1053 | 1077..=1080 | 1152 | 1154..=1161 | 1184 | 1927 | 2006 | 2013 | 3169 | 4031 => {
            ErrorKind::ConnectionLost
        }
        1553 | 1828 | 1829 | 1833 | 3108 | 3730 | 3837 | 3959 => ErrorKind::Dependents,
        1050 | 1060 | 1061 | 1304 | 1359 => ErrorKind::Taken,
        1051 | 1146 => ErrorKind::MissingTable,
        1054 => ErrorKind::MissingColumn,
        _ => ErrorKind::Other,
    }
}

/// From `Duplicate entry '1' for key 't.t_key'`; MariaDB leaves the table out, and the entry may hold anything.
fn name_key(report: &mut DatabaseError, message: &str) {
    let Some((_, key)) = message.rsplit_once(" for key '") else { return };
    let key = key.trim_end_matches('\'');
    let (table, key) = key.split_once('.').map_or((None, key), |(table, key)| (Some(table), key));
    report.table = table.filter(|table| !is_temporary(table)).map(str::to_owned);
    report.constraint = Some(key.to_owned());
}

/// From ``… constraint fails (`shop`.`t`, CONSTRAINT `t_p` FOREIGN KEY (`p`) REFERENCES `p` (`id`))``.
fn name_reference(report: &mut DatabaseError, message: &str) {
    let Some((table, rest)) = message.split_once(" (`").and_then(|(_, rest)| rest.split_once("`, ")) else {
        return;
    };
    let table = table.rsplit_once("`.`").map_or(table, |(_, table)| table).replace("``", "`");
    report.table = Some(table).filter(|table| !is_temporary(table));
    let Some((constraint, columns)) = rest.split_once(" FOREIGN KEY (") else { return };
    report.constraint = first(constraint, '`').map(str::to_owned);
    let columns = columns.split_once(") REFERENCES").map_or("", |(columns, _)| columns);
    report.columns = columns.split(", ").map(|name| name.trim_matches('`').replace("``", "`")).collect();
}

/// From ``CONSTRAINT `t_a` failed for `shop`.`t` ``, or MySQL's `Check constraint 't_a' is violated.`
fn name_check(report: &mut DatabaseError, message: &str) {
    report.constraint = first(message, '`').or_else(|| first(message, '\'')).map(str::to_owned);
    let table = message.split_once("failed for ").map(|(_, name)| name.trim_matches('`'));
    report.table = table.and_then(|name| name.split_once("`.`")).map(|(_, table)| table.replace("``", "`"));
}

/// The column in `Column 'a' …`, `Field 'a' …`, `… for column 'a' at row 1`, or ``… for column `shop`.`t`.`a` at row 1``.
fn column(message: &str) -> Option<String> {
    let begins = ["Column '", "Field '", "Unknown column '"];
    let start = begins.iter().find_map(|begin| message.strip_prefix(begin));
    let name = match start.or_else(|| message.rsplit_once("column '").map(|(_, rest)| rest)) {
        Some(rest) => rest.split('\'').next(),
        None => message.rsplit_once("column `").and_then(|(_, rest)| {
            let path = rest.split("` ").next()?;
            path.rsplit("`.`").next()
        }),
    };
    name.map(|name| last_part(name).to_owned()).filter(|name| !name.is_empty())
}

/// The GRANT that is missing, or what else lets the statement through.
fn grant(number: u16, message: &str, sql: &str, on: Option<&Server>) -> Option<String> {
    if number == 1419 {
        return Some("let an administrator run `SET GLOBAL log_bin_trust_function_creators = 1`".to_owned());
    }
    // The message names the host that the client came from, and the server knows the account by its own.
    let said = || message.split_once("user ").map(|(_, rest)| account(rest));
    let account = on.and_then(|server| server.account.clone()).or_else(said)?;
    let (right, place) = match number {
        1044 => (
            right_to_create(sql),
            format!("{}.*", RULES.quoted(message.rsplit_once("database '")?.1.trim_end_matches('\''))),
        ),
        1142 => {
            let (right, rest) = message.split_once(" command denied to user ")?;
            let table = rest.split_once(" for table ")?.1.trim_matches(['\'', '`']).replace("`.`", ".");
            let place = match table.split_once('.') {
                Some((database, table)) => format!("{}.{}", RULES.quoted(database), RULES.quoted(table)),
                None => format!("{}.{}", RULES.quoted(&on?.database), RULES.quoted(&table)),
            };
            (right, place)
        }
        1370 => {
            let (right, rest) = message.split_once(" command denied to user ")?;
            let database = rest.split_once(" for routine '")?.1.split('.').next()?;
            return Some(format!(
                "let an administrator run `GRANT {} ON {}.* TO {account}`",
                right.to_ascii_uppercase(),
                RULES.quoted(database)
            ));
        }
        1227 => {
            let (_, rights) = message.split_once("(at least one of) the ")?;
            let right = rights.split_once(" privilege")?.0.split(" or ").next()?.split(", ").next()?;
            (right, "*.*".to_owned())
        }
        _ => return None,
    };
    Some(format!("let an administrator run `GRANT {right} ON {place} TO {account}`"))
}

/// The right on a database that a statement needs, where the message doesn't say it.
fn right_to_create(sql: &str) -> &'static str {
    match created(sql, &RULES) {
        Some((kind, _)) if ["procedure", "function"].contains(&&*kind) => "CREATE ROUTINE",
        Some((kind, _)) if kind == "event" => "EVENT",
        Some(_) | None => "ALL",
    }
}

/// `'app'@'host'` at the beginning of a text.
fn account(text: &str) -> String {
    text.split([' ', ',']).next().unwrap_or(text).to_owned()
}

/// The name that the first two quotes enclose.
fn first(text: &str, quote: char) -> Option<&str> {
    text.split(quote).nth(1)
}

fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The copy of a table that a change of it works on.
fn is_temporary(table: &str) -> bool {
    table.starts_with("#sql")
}
