//! Sequences of rows and what they fold to. A row is written `event revision direction segment statement`, with
//! as many words as the event needs.

use super::record::COLUMNS;
use super::*;
use crate::hash::{RevisionDigest, StateHash};
use crate::plan::Direction;
use crate::runner::connection::Row;

/// The cells of a row, by column.
pub(in crate::runner) fn cells(seq: usize, text: &str) -> Vec<(&'static str, Option<String>)> {
    let mut words = text.split(' ').map(str::to_owned);
    let event = words.next().filter(|word| !word.is_empty());
    let revision = words.next();
    let of_revision = |text: &str| revision.as_ref().map(|id| format!("{text}{id}"));
    let completes = ["applied", "rolled-back", "stamped", "unstamped"];
    let state = event.as_deref().is_some_and(|event| completes.contains(&event));
    let value = |column: &str| match column {
        "seq" => Some(seq.to_string()),
        "format" => Some("j1".to_owned()),
        "run" => Some(format!("run{seq}")),
        "event" => event.clone(),
        "revision" => revision.clone(),
        "name" => of_revision("000"),
        "digest" => of_revision("").map(|id| RevisionDigest::of(&id).to_string()),
        "state" => of_revision("").filter(|_| state).map(|id| StateHash::of(&id).to_string()),
        "started" | "finished" => Some("2026-11-21T10:00:00.5Z".to_owned()),
        "duration_ms" => Some("1500".to_owned()),
        "tool" => Some("0.1.0".to_owned()),
        "actor" => Some("ann@box".to_owned()),
        "message" => (event.as_deref() == Some("failed")).then(|| "why".to_owned()),
        _ => None,
    };
    let mut cells: Vec<_> = COLUMNS.iter().map(|column| (*column, value(column))).collect();
    for column in ["direction", "segment", "statement"] {
        let value = words.next();
        cells.iter_mut().filter(|(name, _)| *name == column).for_each(|(_, cell)| cell.clone_from(&value));
    }
    cells
}

pub(in crate::runner) fn row(cells: Vec<(&'static str, Option<String>)>) -> Row {
    let columns: Vec<String> = cells.iter().map(|(name, _)| (*name).to_owned()).collect();
    Row::new(columns.into(), cells.into_iter().map(|(_, cell)| cell).collect())
}

fn fold(rows: &[&str]) -> Result<Journal, String> {
    let rows: Vec<Row> = rows.iter().enumerate().map(|(at, text)| row(cells(at + 1, text))).collect();
    Journal::from_rows(&rows).map_err(|error| error.to_string())
}

/// What matters of a journal in one line: applied revisions, then the unfinished one.
fn say(rows: &[&str]) -> String {
    let journal = match fold(rows) {
        Ok(journal) => journal,
        Err(error) => return error,
    };
    let mut said: Vec<String> = journal
        .applied
        .iter()
        .map(|applied| format!("{}{}", applied.revision.id, if applied.stamped { "*" } else { "" }))
        .collect();
    if let Some(unfinished) = journal.unfinished {
        let done: Vec<String> = unfinished.done.iter().map(ToString::to_string).collect();
        said.push(format!(
            "| {} {:?} done [{}]",
            unfinished.revision.id,
            unfinished.direction,
            done.join(", ")
        ));
        said.extend(unfinished.doubtful.map(|doubtful| format!("doubt {doubtful}")));
        said.extend(unfinished.failure.map(|failure| format!("failure {failure}")));
    }
    said.join(" ")
}

#[test]
fn finished_revisions() {
    for (rows, expected) in [
        (&[][..], ""),
        (&["applied 1", "applied 2"], "1 2"),
        (&["applied 1", "applied 2", "rolled-back 2"], "1"),
        (&["applied 1", "rolled-back 1", "applied 1"], "1"),
        (&["stamped 1", "applied 2"], "1* 2"),
        (&["applied 1", "stamped 1"], "1*"),
        (&["applied 1", "applied 2", "unstamped 2", "unstamped 1"], ""),
        (&["applied 1", "purged", "stamped 2"], "2*"),
        (&["applied 2", "applied 1", "rolled-back 2"], "1"),
    ] {
        assert_eq!(say(rows), expected, "{rows:?}");
    }
}

#[test]
fn unfinished_revisions() {
    for (rows, expected) in [
        (&["done 1 up 0"][..], "| 1 Up done [segment 0 (up)]"),
        (&["done 1 up 0", "applied 1"], "1"),
        (&["intended 1 up 0 3"], "| 1 Up done [] doubt statement 3 of segment 0 (up)"),
        (&["intended 1 up 0 3", "done 1 up 0 3"], "| 1 Up done [statement 3 of segment 0 (up)]"),
        (&["intended 1 up 0", "intended 1 up 0"], "| 1 Up done [] doubt segment 0 (up)"),
        (&["intended 1 up 0", "failed 1 up 0"], ""),
        (&["failed 1 up 0"], ""),
        (&["done 1 up 0", "failed 1 up 1"], "| 1 Up done [segment 0 (up)] failure why"),
        (&["done 1 up 0", "failed 1 up 1", "done 1 up 1", "applied 1"], "1"),
        (&["done 1 up 0", "done 1 down 0"], "| 1 Down done [segment 0 (up), segment 0 (down)]"),
        (&["done 1 up 0", "intended 1 down 0"], "| 1 Down done [segment 0 (up)] doubt segment 0 (down)"),
        (
            &["done 1 up 0", "intended 1 down 0", "failed 1 down 0"],
            "| 1 Up done [segment 0 (up)] failure why",
        ),
        (&["done 1 up 0", "done 1 down 0", "rolled-back 1"], ""),
        (&["applied 1", "done 1 down 0"], "1 | 1 Down done [segment 0 (down)]"),
        (&["applied 1", "done 1 down 0", "done 1 up 0", "applied 1"], "1"),
        (&["applied 1", "done 1 down 0", "rolled-back 1"], ""),
        (&["intended 1 up 0", "stamped 1"], "1*"),
        (&["intended 1 up 0", "unstamped 1"], ""),
        (&["intended 1 up 0", "purged"], ""),
    ] {
        assert_eq!(say(rows), expected, "{rows:?}");
    }
}

#[test]
fn rows_that_contradict_each_other_are_named() {
    for (rows, expected) in [
        (&["applied 1", "applied 1"][..], "row 2 of the journal applies `0001` a second time"),
        (&["rolled-back 1"], "row 1 of the journal rolls back `0001`, which was not applied"),
        (&["unstamped 1"], "row 1 of the journal takes back `0001`, which was not applied"),
        (&["done 1 up 0", "applied 2"], "row 2 of the journal is about `0002` while `0001` is unfinished"),
        (
            &["done 1 up 0", "intended 2 up 0"],
            "row 2 of the journal is about `0002` while `0001` is unfinished",
        ),
        (
            &["intended 1 up 0", "done 1 up 1"],
            "row 2 of the journal goes on with segment 1 (up) of `0001` while its segment 0 (up) is in doubt",
        ),
        (
            &["intended 1 up 0", "applied 1"],
            "row 2 of the journal finishes `0001` while its segment 0 (up) is in doubt",
        ),
        (&["applied 1", "reapplied 1"], "row 2 of the journal has `reapplied` as `event`"),
        (&["applied"], "row 1 of the journal has no `revision`"),
        (&["done 1 sideways 0"], "row 1 of the journal has `sideways` as `direction`"),
        (&["done 1 up -1"], "row 1 of the journal has `-1` as `segment`"),
    ] {
        assert_eq!(say(rows), format!("E715: {expected}"), "{rows:?}");
    }
}

#[test]
fn cells_that_somebody_changed_are_named() {
    let changed = |column: &'static str, value: Option<&str>| {
        let mut cells = cells(1, "applied 1");
        cells
            .iter_mut()
            .filter(|(name, _)| *name == column)
            .for_each(|(_, cell)| *cell = value.map(str::to_owned));
        Journal::from_rows(&[row(cells)]).map(drop).map_err(|error| error.to_string())
    };
    for (column, value, expected) in [
        ("seq", Some("2"), "E715: row 1 of the journal is missing: the one behind it has the number 2"),
        ("seq", None, "E715: row 1 of the journal has no `seq`"),
        ("format", Some("j2"), "E717: row 1 of the journal has the format `j2`, not `j1`"),
        ("digest", Some("r1:0"), "E715: row 1 of the journal has `r1:0` as `digest`"),
        ("state", None, "E715: row 1 of the journal has no `state`"),
        ("started", Some("now"), "E715: row 1 of the journal has `now` as `started`"),
        ("duration_ms", Some("-3"), "E715: row 1 of the journal has `-3` as `duration_ms`"),
        ("sql_digest", Some("t"), "E715: row 1 of the journal has `t` as `sql_digest`"),
        ("actor", None, "E715: row 1 of the journal has no `actor`"),
    ] {
        assert_eq!(changed(column, value), Err(expected.to_owned()));
    }
    assert_eq!(changed("message", Some("a remark")), Ok(()));
}

#[test]
fn a_part_is_done_until_the_revision_turns_round() {
    let journal = fold(&["done 1 up 0", "done 1 up 1", "done 1 down 1"]).unwrap();
    let unfinished = journal.unfinished.unwrap();
    let done = |direction, segment| unfinished.is_done(Place { direction, segment, statement: None });
    assert!(done(Direction::Down, 1) && !done(Direction::Down, 0));
    assert!(!done(Direction::Up, 0) && !done(Direction::Up, 1));
}

#[test]
fn the_state_is_that_of_the_last_finished_revision() {
    let state = |rows: &[&str]| fold(rows).unwrap().state;
    assert_eq!(state(&[]), None);
    assert_eq!(state(&["applied 1", "done 2 up 0"]), Some(StateHash::of("1")));
    assert_eq!(state(&["applied 1", "applied 2", "rolled-back 2"]), Some(StateHash::of("2")));
    assert_eq!(state(&["applied 1", "purged"]), None);
}

#[test]
fn who_and_when_are_kept() {
    let journal = fold(&["applied 1"]).unwrap();
    let applied = journal.applied("1").unwrap();
    assert_eq!(applied.started.to_string(), "2026-11-21T10:00:00.5Z");
    assert_eq!((applied.duration.as_millis(), applied.run.as_str()), (1500, "run1"));
    assert_eq!((applied.actor.as_str(), applied.tool.as_str()), ("ann@box", "0.1.0"));
    assert!(journal.applied("2").is_none());
}

#[test]
fn a_revision_of_several_parts_takes_from_the_first_start_to_the_last_finish() {
    // Each row begins a minute after the one before it, and takes a second and a half.
    let span = |rows: &[&str]| {
        let at = |(at, text): (usize, &&str)| {
            let mut cells = cells(at + 1, text);
            let started = format!("2026-11-21T10:{at:02}:00Z");
            let of_start = cells.iter_mut().filter(|(name, _)| *name == "started");
            of_start.for_each(|(_, cell)| *cell = Some(started.clone()));
            row(cells)
        };
        let rows: Vec<Row> = rows.iter().enumerate().map(at).collect();
        let journal = Journal::from_rows(&rows).unwrap();
        let entry = &journal.records.last().unwrap().entry;
        (entry.started.strftime("%M").to_string(), entry.duration.as_millis())
    };
    for (rows, start, duration) in [
        (&["applied 1"][..], "00", 1_500),
        (&["intended 1 up 0", "done 1 up 0", "done 1 up 1", "applied 1"], "00", 181_500),
        // What left nothing behind was no beginning.
        (&["intended 1 up 0", "failed 1 up 0", "done 1 up 0", "applied 1"], "02", 61_500),
        (&["done 1 up 0", "done 1 down 0", "rolled-back 1"], "01", 61_500),
        (&["done 1 up 0", "applied 1", "rolled-back 1"], "02", 1_500),
    ] {
        assert_eq!(span(rows), (start.to_owned(), duration), "{rows:?}");
    }
}
