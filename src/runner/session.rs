//! A database as a command meets it: connected, its dialect known, its journal found.

use super::connection::{Connection, Options, Target};
use super::journal::{Journal, Location, TABLE, Writer};
use super::newfile::Place;
use crate::diagnostic::Diagnostic;
use crate::dialect::{self, Dialect, Supported, Version};
use crate::name::{DialectName, Name};
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
    /// Connects.
    ///
    /// # Errors
    /// E703 to E705: there is no connection to be had. E719: there is no namespace to work in. E751: it is too old. E702: the build doesn't know the database's dialect.
    pub async fn open(target: &Target, options: &Options) -> Result<Self, Diagnostic> {
        let mut connection = Connection::connect(target, options).await?;
        let settled = connection.settle_namespace(TABLE).await;
        settled.map_err(|error| error.diagnostic(&format!("can't work on `{target}`")))?;
        let name = connection.dialect();
        let known = Name::new(name).ok().and_then(|name| dialect::find(&DialectName::new(name)));
        let dialect = known.ok_or_else(|| {
            Diagnostic::error(&errors::E702, format!("this build has no dialect `{name}`"))
                .help("use a build with all features")
        })?;
        recent(connection.version(), dialect)?;
        let location = Location::new(&connection, None);
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

/// # Errors
/// E751: what so old a version has and can do is not known.
fn recent(version: Version, dialect: &dyn Dialect) -> Result<(), Diagnostic> {
    let Version { product, major, minor, .. } = version;
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
    let message = format!(
        "the database is {} {major}.{minor}, and the oldest that is supported is {wanted}",
        product.title()
    );
    Err(Diagnostic::error(&errors::E751, message).help("bring the server to a later version"))
}

#[cfg(all(test, feature = "postgres"))]
mod tests {
    use super::*;
    use crate::dialect::Product;
    use crate::dialect::postgres::Postgres;

    #[test]
    fn servers_that_are_too_old_are_named() {
        let version = |major, minor| Product::Postgres.version(major, minor, 0);
        assert_eq!(recent(version(11, 0), &Postgres), Ok(()));
        let problem = recent(version(10, 23), &Postgres).unwrap_err();
        insta::assert_snapshot!(problem, @"E751: the database is PostgreSQL 10.23, and the oldest that is supported is 11");
    }
}
