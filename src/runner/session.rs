//! A database as a command meets it: connected, its dialect known, its journal found.

use super::connection::{Connection, Options, Target};
use super::journal::{Journal, Location, Writer};
use super::newfile::Place;
use crate::diagnostic::Diagnostic;
use crate::dialect::{self, Dialect, Supported, Version};
use crate::name::{DialectName, Name};
use crate::project::JournalName;
use crate::runner::errors;

/// A connected database.
pub struct Session {
    /// The one connection that everything runs on.
    pub connection: Connection,
    /// What the database speaks.
    pub dialect: &'static dyn Dialect,
    /// Where its journal is.
    pub location: Location,
    place: Option<Place>,
}

impl Session {
    /// Connects; `journal` is the table that says what has run.
    ///
    /// # Errors
    /// E703 to E705: there is no connection to be had. E719: there is no namespace to work in. E751: it is too old. E702: the build doesn't know the database's dialect.
    pub async fn open(target: &Target, options: &Options, journal: &JournalName) -> Result<Self, Diagnostic> {
        let mut connection = Connection::connect(target, options).await?;
        let settled = connection.settle_namespace(journal.as_str()).await;
        settled.map_err(|error| error.diagnostic(&format!("can't work on `{target}`")))?;
        let dialect = spoken(&connection)?;
        let location = Location::new(&connection, None, journal);
        Ok(Self { connection, dialect, location, place: Place::of(target) })
    }

    /// Reads the journal, with one query.
    ///
    /// # Errors
    /// E705: the database is a file that was removed since. Otherwise see [`Location::read`].
    pub async fn journal(&mut self) -> Result<Journal, Diagnostic> {
        if let Some(place) = self.place.as_ref().filter(|place| !place.is_unchanged()) {
            let message = format!("the database `{}` was removed in the meantime", place.path().display());
            return Err(Diagnostic::error(&errors::E705, message).help("run the command again"));
        }
        self.location.read(&mut self.connection).await
    }

    /// A writer of the journal for a run.
    #[must_use]
    pub fn writer(&self, journal: &Journal, run: &str, actor: &str) -> Writer {
        Writer::new(self.location.clone(), journal, run, actor)
    }
}

/// What a database speaks.
///
/// # Errors
/// E751: it is too old. E702: the build doesn't know the dialect.
pub(super) fn spoken(connection: &Connection) -> Result<&'static dyn Dialect, Diagnostic> {
    let name = connection.dialect();
    let known = Name::new(name).ok().and_then(|name| dialect::find(&DialectName::new(name)));
    let dialect = known.ok_or_else(|| {
        Diagnostic::error(&errors::E702, format!("this build has no dialect `{name}`"))
            .help("use a build with all features")
    })?;
    recent(connection.version(), dialect)?;
    Ok(dialect)
}

/// # Errors
/// E751: what so old a version has and can do is not known.
fn recent(version: Version, dialect: &dyn Dialect) -> Result<(), Diagnostic> {
    let Version { product, major, minor, patch } = version;
    let of_product = |supported: &&Supported| supported.oldest.product == product;
    let Some(Supported { oldest, .. }) = dialect.supported().iter().find(of_product) else {
        return Ok(());
    };
    if version >= *oldest {
        return Ok(());
    }
    let wanted = match (oldest.minor, oldest.patch) {
        (0, 0) => oldest.major.to_string(),
        (minor, 0) => format!("{}.{minor}", oldest.major),
        _ => oldest.to_string(),
    };
    let product = product.title();
    let is = match (major, minor) == (oldest.major, oldest.minor) {
        true => format!("{product} {major}.{minor}.{patch}"),
        false => format!("{product} {major}.{minor}"),
    };
    let message = format!("the database is {is}, and the oldest that is supported is {wanted}");
    Err(Diagnostic::error(&errors::E751, message).help("bring the server to a later version"))
}

#[cfg(all(test, feature = "postgres", feature = "mysql"))]
mod tests {
    use super::*;
    use crate::dialect::Product;
    use crate::dialect::mysql::Mysql;
    use crate::dialect::postgres::Postgres;

    #[test]
    fn servers_that_are_too_old_are_named() {
        for (version, dialect) in [
            (Product::Postgres.version(11, 0, 0), &Postgres as &dyn Dialect),
            (Product::MySql.version(8, 0, 16), &Mysql),
            (Product::MariaDb.version(10, 6, 0), &Mysql),
        ] {
            assert_eq!(recent(version, dialect), Ok(()));
        }
        let old = [
            recent(Product::Postgres.version(10, 23, 0), &Postgres),
            recent(Product::MySql.version(5, 7, 44), &Mysql),
            recent(Product::MySql.version(8, 0, 15), &Mysql),
            recent(Product::MariaDb.version(10, 5, 29), &Mysql),
            recent(Product::MariaDb.version(5, 5, 68), &Mysql),
        ];
        let said: Vec<String> = old.into_iter().map(|problem| problem.unwrap_err().message).collect();
        insta::assert_snapshot!(said.join("\n"), @r"
        the database is PostgreSQL 10.23, and the oldest that is supported is 11
        the database is MySQL 5.7, and the oldest that is supported is 8.0.16
        the database is MySQL 8.0.15, and the oldest that is supported is 8.0.16
        the database is MariaDB 10.5, and the oldest that is supported is 10.6
        the database is MariaDB 5.5, and the oldest that is supported is 10.6
        ");
    }
}
