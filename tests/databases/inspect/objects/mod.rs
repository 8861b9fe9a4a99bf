//! What PostgreSQL has besides tables, views and enums: read as raw objects, created anew and dropped again.

mod corpora;
mod kinds;
mod tables;

use schemactl::change::Step;
use schemactl::dialect::Inspection;
use schemactl::diff::diff;
use schemactl::model::State;
use schemactl::plan::Direction;
use schemactl::syntax::{print, print_readable};

use crate::stage::{Stage, differences};

/// Reads a database on which these statements ran. What is read is created on an empty database, which is the same
/// then; dropped, it leaves nothing.
fn round_trip(sql: &str) -> Inspection {
    let mut first = Stage::postgres();
    first.clear();
    first.execute(sql);
    let found = first.inspect();
    let text = print(&found.state);
    let state = crate::laws::read(&print_readable(&found.state)).state;
    assert_eq!(print(&state), text, "what is printed is read differently");
    let mut second = Stage::postgres();
    second.clear();
    let empty = second.catalog();
    second.create(&state).unwrap_or_else(|refused| panic!("{refused}\nwhen making\n{text}"));
    let again = second.inspect();
    assert_eq!(print(&again.state), text, "what is read a second time differs");
    let differences_ = differences(&first.catalog(), &second.catalog());
    assert!(differences_.is_empty(), "the catalog differs:\n{differences_}of\n{text}");
    let ops = diff(&state, &State::default(), &[]).expect("dropping asks nothing");
    let steps: Vec<Step> = ops.into_iter().map(Step::Op).collect();
    let dropped = second.run(&steps, &state, Direction::Up);
    dropped.unwrap_or_else(|refused| panic!("{refused}\nwhen dropping\n{text}"));
    let left = differences(&empty, &second.catalog());
    assert!(left.is_empty(), "this is left:\n{left}of\n{text}");
    found
}

/// The raw objects by name.
fn names(found: &Inspection) -> Vec<String> {
    found.state.objects.sorted().iter().map(|object| object.name.to_string()).collect()
}

/// What is unmanaged, a line each.
fn unmanaged(found: &Inspection) -> Vec<String> {
    found.unmanaged.iter().map(|item| format!("{} {} {}", item.kind, item.name, item.reason)).collect()
}
