//! Schemas of real programs, read, written and created anew.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use super::holds;
use crate::stage::Stage;
use crate::support::sql;

/// What every table and view is created with, as the server says it, without the counters and what says nothing.
fn created(stage: &mut Stage) -> BTreeMap<String, String> {
    let names = stage.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name NOT LIKE 'schemactl%'");
    let text = |stage: &mut Stage, name: &str| stage.rows(&format!("SHOW CREATE TABLE `{name}`")).join("\n");
    names.into_iter().map(|name| (name.clone(), settled(&text(stage, &name)))).collect()
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

/// Runs a script of the servers' own client in a database that is there already.
fn load(url: &str, script: &str) {
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
    let Some(folder) = env::var_os("SCHEMACTL_CORPORA") else { return };
    let mut stage = Stage::mysql();
    let mut files: Vec<_> = fs::read_dir(Path::new(&folder).join("mysql")).unwrap().flatten().collect();
    files.sort_by_key(fs::DirEntry::file_name);
    let mut failed = Vec::new();
    for file in files {
        let name = file.file_name().into_string().unwrap();
        stage.clear();
        // Sakila names the database that it makes; here it is the test's.
        load(stage.url(), &fs::read_to_string(file.path()).unwrap().replace("sakila.", ""));
        let before = created(&mut stage);
        match holds(&mut stage) {
            Ok(found) => {
                assert_eq!(found.unmanaged, [], "{name}");
                assert_eq!(before, created(&mut stage), "{name}");
            }
            Err(error) => failed.push(format!("{name}: {error}")),
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}
