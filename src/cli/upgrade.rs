//! A server that was upgraded since its catalog was observed: it may print the same things in other words now, so that
//! what was observed is put into these words before anything is compared.

use std::fmt;

use serde_json::{Value, json};

use super::database::Database;
use super::observe;
use crate::dialect::{Inspection, Version};
use crate::runner::observed::Observation;
use crate::runner::reworded::{named_alike, reworded};

/// How what was observed under another version was made comparable.
pub(crate) struct Upgrade {
    from: Version,
    to: Version,
    /// Why no scratch database told how the server prints it now; `None` if one did.
    by_rules: Option<String>,
}

/// The observation in the words of the server as it is now, and how it was put into them if that was needed.
pub(super) async fn in_words_of_now(
    database: &Database,
    mut seen: Observation,
    now: &Inspection,
) -> (Observation, Option<Upgrade>) {
    let to = database.session.connection.version();
    let Some(from) = seen.server.filter(|from| !to.prints_as(*from)) else { return (seen, None) };
    let by_rules = match observe::fresh(database, &seen.inspection.state, now).await {
        Ok(fresh) => {
            let unmanaged = named_alike(seen.inspection.unmanaged, &now.unmanaged);
            seen.inspection = Inspection { unmanaged, ..fresh };
            None
        }
        Err(failure) => {
            seen.inspection = reworded(&seen.inspection, now);
            Some(failure.diagnostics.first().map_or_else(String::new, |problem| problem.message.clone()))
        }
    };
    (seen, Some(Upgrade { from, to, by_rules }))
}

impl Upgrade {
    /// As JSON.
    pub(crate) fn json(&self) -> Value {
        let Self { from, to, by_rules } = self;
        let named =
            |version: &Version| json!({ "product": version.product.word(), "version": version.to_string() });
        json!({ "from": named(from), "to": named(to), "texts_compared": by_rules.is_none(), "reason": by_rules })
    }
}

/// Writes what has happened, and what that means for the comparison.
impl fmt::Display for Upgrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to, by_rules } = self;
        let (was, is) = (from.product.title(), to.product.title());
        write!(
            f,
            "the server was {was} {from} then and is {is} {to} now, which may print the same in other words: "
        )?;
        match by_rules {
            None => f.write_str("what it was is compared as a scratch database prints it"),
            Some(reason) => {
                write!(
                    f,
                    "the texts of views, checks, defaults and objects are not compared, because {reason}"
                )
            }
        }
    }
}
