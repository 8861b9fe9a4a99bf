//! Files to steps: halves are joined, versions are ordered, and what is there twice or missing is found.

use std::collections::BTreeMap;

use super::Tool;
use super::errors::{E902, E903, E904};
use super::script::{Script, Sql};
use crate::diagnostic::Diagnostic;

/// Numbers above this are times, in which nothing can be missing.
const COUNTED_MAX: u64 = 99_999;
/// How many missing numbers a message names.
const NAMED_MAX: usize = 5;

/// A file that a tool takes for a step, or for half of one.
#[derive(Debug, Clone)]
pub(super) struct Found {
    file: String,
    version: String,
    name: String,
    part: Part,
}

/// What of a step a file has.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// The way up.
    Up(Sql),
    /// The way down.
    Down(Sql),
    /// All of it.
    Both(Sql, Option<Sql>),
    /// A step without a version, behind those that have one.
    Repeated(Sql),
}

impl Found {
    pub(super) fn new(file: &str, version: &str, name: &str, part: Part) -> Self {
        Self { file: file.to_owned(), version: version.to_owned(), name: name.to_owned(), part }
    }

    /// Whether the file has one way of a step, and another file the other.
    pub(super) fn is_half(&self) -> bool {
        matches!(self.part, Part::Up(_) | Part::Down(_))
    }

    fn message(&self) -> String {
        let message = self.name.replace(['_', '-'], " ");
        let message = message.trim();
        if message.is_empty() { format!("version {}", self.version) } else { message.to_owned() }
    }
}

/// By what steps are ordered: the numbers of a version, of which zeros at the end say nothing.
pub(super) fn key(version: &str) -> Vec<u64> {
    let mut key: Vec<u64> = version.split('.').map(|part| part.parse().unwrap_or(u64::MAX)).collect();
    while key.last() == Some(&0) && key.len() > 1 {
        key.pop();
    }
    key
}

/// The halves of one step.
#[derive(Default)]
struct Halves {
    up: Option<(Found, Sql)>,
    down: Option<(Found, Sql)>,
}

/// The steps that files are, in the order in which they run.
pub(super) fn assemble(tool: Tool, found: Vec<Found>, gaps: bool) -> Result<Vec<Script>, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut steps: BTreeMap<Vec<u64>, Halves> = BTreeMap::new();
    let mut repeated: BTreeMap<String, (Found, Sql)> = BTreeMap::new();
    for file in found {
        let (up, down) = match file.part.clone() {
            Part::Up(sql) => (Some(sql), None),
            Part::Down(sql) => (None, Some(sql)),
            Part::Both(up, down) => (Some(up), down),
            Part::Repeated(sql) => {
                if let Some((other, _)) = repeated.insert(file.name.clone(), (file.clone(), sql)) {
                    problems.push(twice(&other, &file, &format!("`{}`", file.name)));
                }
                continue;
            }
        };
        let halves = steps.entry(key(&file.version)).or_default();
        for (place, sql) in [(&mut halves.up, up), (&mut halves.down, down)] {
            let Some(sql) = sql else { continue };
            if let Some((other, _)) = place.replace((file.clone(), sql)) {
                problems.push(twice(&other, &file, &format!("version {}", file.version)));
            }
        }
    }
    problems.extend(steps.values().filter_map(|halves| alone(tool, halves)));
    problems.extend(if gaps { None } else { missing(&steps) });
    if !problems.is_empty() {
        return Err(problems);
    }
    let numbered = steps.into_values().filter_map(|halves| {
        let (file, up) = halves.up?;
        Some(script(&file, up, halves.down.map(|(_, sql)| sql), false))
    });
    let behind = repeated.into_values().map(|(file, up)| script(&file, up, None, true));
    Ok(numbered.chain(behind).collect())
}

fn script(file: &Found, up: Sql, down: Option<Sql>, repeated: bool) -> Script {
    let (version, message) = (file.version.clone(), file.message());
    Script { version, message, file: file.file.clone(), up, down, repeated }
}

fn twice(one: &Found, other: &Found, what: &str) -> Diagnostic {
    let message = format!("`{}` and `{}` are both {what}", one.file, other.file);
    Diagnostic::error(&E902, message)
        .help("remove the one that has never run, or give it a version of its own")
}

fn alone(tool: Tool, halves: &Halves) -> Option<Diagnostic> {
    let (file, _) = halves.down.as_ref().filter(|_| halves.up.is_none())?;
    let message = format!("`{}` leads back from a step that isn't there", file.file);
    let help = format!("put the other file back; the files of {} are {}", tool.title(), tool.shape());
    Some(Diagnostic::error(&E904, message).help(help))
}

/// The numbers that are missing between the first step and the last, where steps are counted.
fn missing(steps: &BTreeMap<Vec<u64>, Halves>) -> Option<Diagnostic> {
    let numbers: Option<Vec<u64>> =
        steps.keys().map(|key| <[u64; 1]>::try_from(key.as_slice()).ok().map(|[n]| n)).collect();
    let numbers = numbers.filter(|numbers| numbers.last().is_some_and(|last| *last <= COUNTED_MAX))?;
    let neighbours = numbers.iter().zip(numbers.iter().skip(1));
    let together = neighbours.clone().filter(|(one, next)| *next - *one == 1).count();
    // Where hardly any two follow each other, gaps are how the numbers are given.
    if together * 2 < numbers.len() - 1 {
        return None;
    }
    let gone: Vec<u64> = neighbours.flat_map(|(one, next)| one + 1..*next).collect();
    if gone.is_empty() {
        return None;
    }
    let named: Vec<String> = gone.iter().take(NAMED_MAX).map(u64::to_string).collect();
    let more =
        if gone.len() > NAMED_MAX { format!(" and {} more", gone.len() - NAMED_MAX) } else { String::new() };
    let message = format!("the steps are numbered, and there is no {}{more}", named.join(", "));
    Some(
        Diagnostic::error(&E903, message).help("put the file back, or say that it never was: `--allow-gaps`"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Folder;

    fn read(tool: Tool, files: &[(&str, &str)]) -> Result<Vec<String>, Vec<String>> {
        let folder: Folder =
            files.iter().map(|(path, text)| ((*path).to_owned(), Some((*text).to_owned()))).collect();
        let shown = |script: &Script| {
            let count = |sql: &Sql| sql.statements(&crate::sql::Rules::STANDARD).unwrap().len();
            let down = script.down.as_ref().map_or(String::new(), |down| format!(", {} back", count(down)));
            format!("{} {}: {} up{down}", script.version, script.message, count(&script.up))
        };
        tool.read(&folder, false)
            .map(|scripts| scripts.iter().map(shown).collect())
            .map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    const TWO: &str = "SELECT 1; SELECT 2;";

    #[test]
    fn every_tool_has_its_own_names() {
        let dbmate = "-- migrate:up transaction:false\nSELECT 1;\n-- migrate:down\nSELECT 1; SELECT 2;\n";
        let goose = "-- about\n-- +goose Up\n-- +goose StatementBegin\nSELECT 1; SELECT 2;\n-- +goose StatementEnd\n\
                     SELECT 3;\n-- +goose Down\nSELECT 1;";
        insta::assert_debug_snapshot!([
            read(Tool::Sqlx, &[("10_b.sql", TWO), ("9_a_b.up.sql", TWO), ("9_a_b.down.sql", "SELECT 1"), ("x.sql", "")]),
            read(Tool::Refinery, &[("V2__b.sql", TWO), ("V4__c.sql", ""), ("U3__d.sql", TWO)]),
            read(Tool::Diesel, &[("2026-01-31-120000_a/up.sql", TWO), ("2026-01-31-120000_a/down.sql", TWO)]),
            read(Tool::Flyway, &[("V1_1__b.sql", ""), ("sub/V1__a.sql", TWO), ("U1__a.sql", TWO), ("R__z.sql", TWO)]),
            read(Tool::Dbmate, &[("20260131120000_a.sql", dbmate)]),
            read(Tool::GolangMigrate, &[("000001_a.up.sql", TWO), ("000001_a.down.sql", TWO)]),
            read(Tool::Goose, &[("00001_a.sql", goose)]),
            read(Tool::Atlas, &[("20260131120000_a.sql", TWO), ("20260131130000.sql", ""), ("atlas.sum", "h1:")]),
        ], @r#"
        [
            Ok(
                [
                    "9 a b: 2 up, 1 back",
                    "10 b: 2 up",
                ],
            ),
            Ok(
                [
                    "2 b: 2 up",
                    "3 d: 2 up",
                    "4 c: 0 up",
                ],
            ),
            Ok(
                [
                    "20260131120000 a: 2 up, 2 back",
                ],
            ),
            Ok(
                [
                    "1 a: 2 up, 2 back",
                    "1.1 b: 0 up",
                    " z: 2 up",
                ],
            ),
            Ok(
                [
                    "20260131120000 a: 1 up, 2 back",
                ],
            ),
            Ok(
                [
                    "000001 a: 2 up, 2 back",
                ],
            ),
            Ok(
                [
                    "00001 a: 2 up, 1 back",
                ],
            ),
            Ok(
                [
                    "20260131120000 a: 2 up",
                    "20260131130000 version 20260131130000: 0 up",
                ],
            ),
        ]
        "#);
    }

    #[test]
    fn what_is_wrong_is_named() {
        insta::assert_debug_snapshot!([
            read(Tool::Sqlx, &[("readme.md", "")]),
            read(Tool::Sqlx, &[("1_a.sql", ""), ("01_b.sql", "")]),
            read(Tool::Sqlx, &[("1_a.sql", ""), ("2_b.sql", ""), ("4_c.sql", ""), ("5_d.sql", "")]),
            read(Tool::GolangMigrate, &[("1_a.up.sql", ""), ("2_b.down.sql", "")]),
            read(Tool::Refinery, &[("V1__a.rs", "")]),
            read(Tool::Goose, &[("1_a.go", ""), ("2_b.sql", "SELECT 1")]),
            read(Tool::Flyway, &[("V1__a.sql", "CREATE TABLE ${schema}.t (a int)")]),
            read(Tool::Dbmate, &[("1_a.sql", "SELECT 1")]),
        ], @r#"
        [
            Err(
                [
                    "E901: sqlx finds no steps in the folder: its files are `VERSION_name.sql`, or `VERSION_name.up.sql` with `VERSION_name.down.sql`",
                ],
            ),
            Err(
                [
                    "E902: `01_b.sql` and `1_a.sql` are both version 1",
                ],
            ),
            Err(
                [
                    "E903: the steps are numbered, and there is no 3",
                ],
            ),
            Err(
                [
                    "E904: `2_b.down.sql` leads back from a step that isn't there",
                ],
            ),
            Err(
                [
                    "E905: `V1__a.rs` is a program in Rust, which is not run here",
                ],
            ),
            Err(
                [
                    "E905: `1_a.go` is a program in Go, which is not run here",
                    "E906: `2_b.sql` has no mark `-- +goose Up`",
                ],
            ),
            Err(
                [
                    "E906: `V1__a.sql` has the placeholder `${schema}`: write the value in its place, or import a copy of the folder",
                ],
            ),
            Err(
                [
                    "E906: `1_a.sql` has no mark where the way up begins",
                ],
            ),
        ]
        "#);
        assert!(read(Tool::Sqlx, &[("10_a.sql", ""), ("20_b.sql", ""), ("35_c.sql", "")]).is_ok());
    }
}
