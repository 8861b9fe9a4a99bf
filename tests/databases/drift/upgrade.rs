//! A server that was upgraded since its catalog was observed prints views in other words: that is no drift, and what
//! somebody changed is still found.

use schemactl::dialect::{Product, Version};
use schemactl::model::{PerDialect, View};
use schemactl::project::JournalName;
use schemactl::runner::connection::{Connection, Options, Target};
use schemactl::runner::journal::Location;
use schemactl::runner::observed::{Observation, Place};

use super::{Guest, Live, SCHEMA};
use crate::connection::block_on;

/// No server of today.
const OLD: Version = Product::Postgres.version(9, 6, 24);

/// Works on what was observed last.
fn observation<T>(url: &str, work: impl FnOnce(&mut Observation) -> T) -> T {
    block_on(async {
        let target = Target::parse(url).unwrap();
        let mut connection = Connection::connect(&target, &Options::new("test")).await.unwrap();
        let location = Location::new(&connection, None, &JournalName::default());
        let place = Place::beside(&location);
        let mut observation = place.read(&mut connection).await.unwrap().unwrap();
        let result = work(&mut observation);
        place.keep(&mut connection, &observation).await.unwrap();
        connection.close().await.unwrap();
        result
    })
}

/// Lets the last run have been on an older server, which printed the view in other words.
fn age(live: &Live, server: Option<Version>) {
    observation(&live.url, |observation| {
        let view = observation.inspection.state.views.iter_mut().next().unwrap();
        let View { query, .. } = view;
        *query = PerDialect::same("SELECT id, email FROM users WHERE ((age > 17))".into());
        observation.server = server;
    });
}

#[test]
fn an_upgrade_of_the_server_is_no_drift() {
    let live = Live::new("postgres", SCHEMA);
    let now = observation(&live.url, |observation| observation.server.unwrap());
    age(&live, Some(now));
    assert_eq!(live.drift().0, ["~ view adults"], "under one version, other words are a change");
    age(&live, Some(OLD));
    let said = live.run(&["drift"]);
    assert_eq!(said.code, Some(0), "{said}");
    let server = format!("PostgreSQL 9.6.24 then and is PostgreSQL {now} now");
    assert!(said.stderr.contains(&server) && said.stderr.contains("scratch database prints it"), "{said}");
    live.execute("ALTER TABLE users ADD COLUMN nick text; GRANT SELECT ON posts TO PUBLIC");
    assert_eq!(live.drift().0, ["+ column users.nick", "+ privileges table posts"]);
    live.execute("ALTER TABLE users DROP COLUMN nick; REVOKE SELECT ON posts FROM PUBLIC");
    live.execute("CREATE OR REPLACE VIEW adults AS SELECT id, email FROM users WHERE age > 20");
    assert_eq!(live.drift().0, ["~ view adults"], "the text is compared in the words of now");
    live.run(&["drift", "--accept", "-q"]).ok();
    assert_eq!(observation(&live.url, |observation| observation.server), Some(now));
    live.expect_no_drift("accepted");
}

#[test]
fn a_run_over_an_upgrade_is_not_stopped() {
    let live = Live::new("postgres", SCHEMA);
    age(&live, Some(OLD));
    live.project.replace("schema/shop.kdl", "age > 17", "age > 18");
    live.run(&["plan", "-q"]).ok();
    live.run(&["apply", "-q"]).ok();
    assert!(observation(&live.url, |observation| observation.server).is_some_and(|server| server != OLD));
    live.expect_no_drift("applied");
}

#[test]
fn without_a_scratch_database_texts_are_left_out() {
    let guest = Guest::new("upgrade", SCHEMA);
    let live = &guest.live;
    age(live, Some(OLD));
    let said = live.run(&["drift"]);
    assert_eq!(said.code, Some(0), "{said}");
    assert!(said.stderr.contains("are not compared, because can't create a scratch database"), "{said}");
    live.execute("ALTER TABLE users ADD COLUMN nick text");
    assert_eq!(live.drift().0, ["+ column users.nick"]);
}
