//! The tables in which other tools write down what they have run: what to ask of them, and how many steps that is.

use std::collections::BTreeSet;

use super::assemble::key;
use super::errors::E909;
use super::{Script, Tool};
use crate::diagnostic::Diagnostic;

/// Where a database stands in a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// How many of the steps it has, from the first on.
    pub applied: usize,
}

impl Tool {
    /// The query of what the tool has run, in the order in which it did; `table` is its table, quoted.
    #[must_use]
    pub fn query(self, table: &str) -> String {
        match self {
            Self::Sqlx => format!("SELECT version, success FROM {table} ORDER BY version"),
            Self::Refinery | Self::Diesel | Self::Dbmate => format!("SELECT version FROM {table}"),
            Self::Flyway => {
                format!("SELECT version, success, type, script FROM {table} ORDER BY installed_rank")
            }
            Self::GolangMigrate => format!("SELECT version, dirty FROM {table}"),
            Self::Goose => format!("SELECT version_id, is_applied FROM {table} ORDER BY id"),
            Self::Atlas => format!("SELECT version, applied, total, type FROM {table} ORDER BY version"),
        }
    }
}

/// What a tool's books say.
#[derive(Default)]
struct Said {
    versions: BTreeSet<Vec<u64>>,
    /// Everything up to this one counts as run.
    up_to: Option<Vec<u64>>,
    /// The files of steps without a version.
    repeated: BTreeSet<String>,
}

/// Where a database stands of whose books these are the rows.
///
/// # Errors
/// E909: the rows don't fit the steps.
pub fn standing(
    tool: Tool,
    rows: &[Vec<Option<String>>],
    scripts: &[Script],
) -> Result<Standing, Diagnostic> {
    let wrong = |what: String| {
        Diagnostic::error(&E909, format!("the books of {} {what}", tool.title()))
            .help(format!("let {} finish or mend its work first, then import again", tool.title()))
    };
    let said = said(tool, rows).map_err(wrong)?;
    let is_run = |script: &Script| match script.repeated {
        true => said.repeated.iter().any(|file| script.file.ends_with(file.as_str())),
        false => {
            let key = key(&script.version);
            said.versions.contains(&key) || said.up_to.as_ref().is_some_and(|last| key <= *last)
        }
    };
    let known: BTreeSet<Vec<u64>> = scripts.iter().map(|script| key(&script.version)).collect();
    if let Some(unknown) = said.versions.iter().chain(&said.up_to).find(|key| !known.contains(*key)) {
        let version: Vec<String> = unknown.iter().map(u64::to_string).collect();
        return Err(wrong(format!("have version {}, which isn't in the folder", version.join("."))));
    }
    let applied = scripts.iter().take_while(|script| is_run(script)).count();
    let later = scripts.iter().skip(applied).find(|script| !script.repeated && is_run(script));
    if let (Some(first), Some(later)) = (scripts.get(applied), later) {
        return Err(wrong(format!("have `{}` and lack `{}`, which comes before", later.file, first.file)));
    }
    Ok(Standing { applied })
}

fn said(tool: Tool, rows: &[Vec<Option<String>>]) -> Result<Said, String> {
    let mut said = Said::default();
    for row in rows {
        let cell = |at: usize| row.get(at).and_then(Option::as_deref);
        let version = cell(0).unwrap_or_default();
        let failed = || format!("say that version {version} stopped half-way");
        match tool {
            Tool::Sqlx if !is_true(cell(1)) => return Err(failed()),
            Tool::GolangMigrate if is_true(cell(1)) => return Err(failed()),
            Tool::Atlas if cell(1) != cell(2) => return Err(failed()),
            Tool::Flyway if !is_true(cell(1)) => return Err(failed()),
            Tool::Goose if !is_true(cell(1)) => drop(said.versions.remove(&key(version))),
            // The first row of its books stands for nothing.
            Tool::Goose if key(version) == [0] => {}
            // Books have rows about themselves.
            Tool::Atlas if version.starts_with('.') => {}
            Tool::GolangMigrate => said.up_to = Some(key(version)),
            Tool::Atlas if cell(3) == Some("1") => said.up_to = Some(key(version)),
            Tool::Flyway => said.flyway(cell(0), cell(2).unwrap_or_default(), cell(3).unwrap_or_default()),
            Tool::Sqlx | Tool::Refinery | Tool::Diesel | Tool::Dbmate | Tool::Goose | Tool::Atlas => {
                said.versions.insert(key(version));
            }
        }
    }
    Ok(said)
}

impl Said {
    fn flyway(&mut self, version: Option<&str>, kind: &str, script: &str) {
        match (version, kind) {
            (Some(version), "BASELINE") => self.up_to = Some(key(version)),
            (Some(version), "UNDO_SQL" | "DELETE") => drop(self.versions.remove(&key(version))),
            (Some(version), _) => drop(self.versions.insert(key(version))),
            (None, "SQL") => drop(self.repeated.insert(script.to_owned())),
            (None, _) => {}
        }
    }
}

/// A truth value as one of the databases prints it.
fn is_true(cell: Option<&str>) -> bool {
    matches!(cell, Some("1" | "t" | "true" | "TRUE" | "\\x01"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Sql;

    fn scripts(versions: &[&str]) -> Vec<Script> {
        let script = |version: &&str| Script {
            version: (*version).to_owned(),
            message: String::new(),
            file: format!("{version}_x.sql"),
            up: Sql::default(),
            down: None,
            repeated: version.is_empty(),
        };
        versions.iter().map(script).collect()
    }

    fn at(tool: Tool, rows: &[&[&str]], versions: &[&str]) -> Result<usize, String> {
        let cell = |cell: &&str| (*cell != "NULL").then(|| (*cell).to_owned());
        let rows: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
        let found = standing(tool, &rows, &scripts(versions));
        found.map(|standing| standing.applied).map_err(|problem| problem.message)
    }

    #[test]
    fn each_tool_says_it_in_its_own_way() {
        let of = ["1", "2", "3"];
        assert_eq!(at(Tool::Sqlx, &[&["1", "1"], &["2", "t"]], &of), Ok(2));
        assert_eq!(at(Tool::Diesel, &[&["20260131120000"]], &["20260131120000"]), Ok(1));
        assert_eq!(at(Tool::Dbmate, &[&["0001"], &["0002"], &["0003"]], &of), Ok(3));
        assert_eq!(at(Tool::GolangMigrate, &[&["2", "f"]], &of), Ok(2));
        assert_eq!(at(Tool::GolangMigrate, &[], &of), Ok(0));
        assert_eq!(at(Tool::Goose, &[&["0", "t"], &["1", "t"], &["2", "t"], &["2", "f"]], &of), Ok(1));
        assert_eq!(at(Tool::Atlas, &[&[".x", "0", "0", "2"], &["2", "0", "0", "1"]], &of), Ok(2));
        let flyway: &[&[&str]] =
            &[&["1", "1", "BASELINE", "x"], &["2.0", "1", "SQL", "y"], &["NULL", "1", "SQL", "_x.sql"]];
        assert_eq!(at(Tool::Flyway, flyway, &["1", "2", ""]), Ok(3));
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let of = ["1", "2", "3"];
        insta::assert_debug_snapshot!([
            at(Tool::Sqlx, &[&["1", "0"]], &of),
            at(Tool::GolangMigrate, &[&["2", "1"]], &of),
            at(Tool::Dbmate, &[&["1"], &["3"]], &of),
            at(Tool::Refinery, &[&["7"]], &of),
            at(Tool::Atlas, &[&["1", "2", "3", "2"]], &of),
        ], @r#"
        [
            Err(
                "the books of sqlx say that version 1 stopped half-way",
            ),
            Err(
                "the books of golang-migrate say that version 2 stopped half-way",
            ),
            Err(
                "the books of dbmate have `3_x.sql` and lack `2_x.sql`, which comes before",
            ),
            Err(
                "the books of refinery have version 7, which isn't in the folder",
            ),
            Err(
                "the books of Atlas say that version 1 stopped half-way",
            ),
        ]
        "#);
    }
}
