//! Schemas of real programs, read, written and created anew.

use std::collections::BTreeMap;

use super::holds;
use crate::corpora::corpora;
use crate::stage::Stage;
use crate::support::sql;

/// What every table and view is created with, as the server says it, without the counters and what says nothing.
pub fn created(url: &str) -> BTreeMap<String, String> {
    let mut session = sql::Session::open(url);
    let names = session.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name NOT LIKE 'schemactl%'");
    let mut text = |name: &str| session.rows(&format!("SHOW CREATE TABLE `{name}`")).join("\n");
    names.into_iter().map(|name| (name.clone(), settled(&text(&name)))).collect()
}

/// Without the counter, the definer, the two ways to refuse that are one, and the character sets of literals, which
/// `information_schema` leaves out of views.
fn settled(text: &str) -> String {
    let mut text = text.to_owned();
    text = text.replace("_utf8mb3'", "'");
    for said in [" ON DELETE NO ACTION", " ON UPDATE NO ACTION", " ON DELETE RESTRICT", " ON UPDATE RESTRICT"]
    {
        text = text.replace(said, "");
    }
    let words =
        text.split(' ').filter(|word| !word.starts_with("AUTO_INCREMENT=") && !word.starts_with("DEFINER="));
    let mut lines: Vec<String> = words
        .collect::<Vec<_>>()
        .join(" ")
        .lines()
        .map(|line| line.trim_end_matches(',').to_owned())
        .collect();
    // The order of columns is kept; that of keys follows from the order in which they came.
    lines.sort();
    lines.join("\n")
}

/// The scripts, by the names of their files.
pub fn scripts() -> Vec<(String, String)> {
    // Sakila names the database that it makes; here it is the test's.
    let unnamed = |(name, script): (String, String)| (name, script.replace("sakila.", ""));
    corpora("mysql").into_iter().map(unnamed).collect()
}

/// Runs a script of the servers' own client in a database that is there already.
pub fn load(url: &str, script: &str) {
    let mut session = sql::Session::open(url);
    let (mut mark, mut statement) = (";".to_owned(), String::new());
    for line in script.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["DELIMITER", other] => mark = (*other).to_owned(),
            ["DROP" | "CREATE", "SCHEMA", ..] | ["USE", ..] | ["--", ..] => {}
            _ => {
                statement += line;
                statement.push('\n');
                if let Some(whole) = statement.trim_end().strip_suffix(&mark) {
                    session.execute(whole);
                    statement.clear();
                }
            }
        }
    }
}

#[test]
fn schemas_of_real_programs_are_read_and_made_anew() {
    let mut stage = Stage::mysql();
    let mut failed = Vec::new();
    for (name, script) in scripts() {
        stage.clear();
        load(stage.url(), &script);
        let before = created(stage.url());
        match holds(&mut stage) {
            Ok(found) => {
                assert_eq!(found.unmanaged, [], "{name}");
                assert_eq!(before, created(stage.url()), "{name}");
            }
            Err(error) => failed.push(format!("{name}: {error}")),
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}
