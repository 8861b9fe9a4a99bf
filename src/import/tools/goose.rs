//! goose: `VERSION_name.sql` with marks `-- +goose Up` and `-- +goose Down`, and statements with semicolons inside between
//! `StatementBegin` and `StatementEnd`. Steps in Go are programs.

use super::{Read, file_name, numbered, program, unreadable};
use crate::diagnostic::Diagnostic;
use crate::import::assemble::{Found, Part};
use crate::import::script::Sql;

pub(super) fn read(path: &str, text: Option<&str>) -> Read {
    let Some((stem, kind)) = file_name(path).rsplit_once('.') else { return Ok(None) };
    let Some((version, name)) = numbered(stem) else { return Ok(None) };
    match (kind, text) {
        ("go", _) if !stem.ends_with("_test") => Err(program(path, "Go")),
        ("sql", Some(text)) => {
            let (up, down) = ways(path, text)?;
            Ok(Some(Found::new(path, version, name, Part::Both(up, down))))
        }
        _ => Ok(None),
    }
}

/// Reads line by line, as goose does.
fn ways(path: &str, text: &str) -> Result<(Sql, Option<Sql>), Diagnostic> {
    let mut reader = Reader::default();
    for line in text.lines() {
        let mark = line.trim().strip_prefix("--").map(str::trim_start);
        let mark = mark.and_then(|rest| rest.strip_prefix("+goose")).map(|rest| rest.trim().to_lowercase());
        match mark.as_deref() {
            Some("up") if reader.up.is_none() => reader.begin(true),
            Some("down") if reader.up.is_some() && reader.down.is_none() => reader.begin(false),
            Some("statementbegin") => reader.flush(false),
            Some("statementend") => reader.flush(true),
            Some(word) if word.starts_with("envsub") => {
                return Err(unreadable(
                    path,
                    "is filled in by goose with variables: write the values in their place",
                ));
            }
            Some("up" | "down") => {
                return Err(unreadable(path, "has its marks in an order that goose refuses"));
            }
            Some(_) => {}
            None => {
                reader.part.push_str(line);
                reader.part.push('\n');
            }
        }
    }
    reader.flush(false);
    let up = reader.up.ok_or_else(|| unreadable(path, "has no mark `-- +goose Up`"))?;
    Ok((up, reader.down))
}

#[derive(Default)]
struct Reader {
    up: Option<Sql>,
    down: Option<Sql>,
    part: String,
}

impl Reader {
    fn begin(&mut self, up: bool) {
        self.flush(false);
        // What stands in front of the first mark is for readers.
        self.part.clear();
        if up { self.up = Some(Sql::default()) } else { self.down = Some(Sql::default()) }
    }

    /// Takes what was read for a script, or for one statement.
    fn flush(&mut self, whole: bool) {
        let Some(sql) = self.down.as_mut().or(self.up.as_mut()) else { return };
        let part = std::mem::take(&mut self.part);
        if whole { sql.push_whole(&part) } else { sql.push_script(part) }
    }
}
