//! What each tool takes for a step: the names of its files and the marks in them.

mod atlas;
mod dbmate;
mod diesel;
mod flyway;
mod golang_migrate;
mod goose;
mod refinery;
mod sqlx_cli;

use super::assemble::Found;
use super::errors::{E901, E905, E906};
use super::script::Sql;
use super::{Folder, Tool};
use crate::diagnostic::Diagnostic;

/// The steps that a tool finds in a folder, in no order.
pub(super) fn find(tool: Tool, folder: &Folder) -> Result<Vec<Found>, Vec<Diagnostic>> {
    let reader = match tool {
        Tool::Sqlx => sqlx_cli::read,
        Tool::Refinery => refinery::read,
        Tool::Diesel => diesel::read,
        Tool::Flyway => flyway::read,
        Tool::Dbmate => dbmate::read,
        Tool::GolangMigrate => golang_migrate::read,
        Tool::Goose => goose::read,
        Tool::Atlas => atlas::read,
    };
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for (path, text) in folder.iter().filter(|(path, _)| tool.recurses() || !path.contains('/')) {
        match reader(path, text.as_deref()) {
            Ok(step) => found.extend(step),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if found.is_empty() {
        let message =
            format!("{} finds no steps in the folder: its files are {}", tool.title(), tool.shape());
        let help = "name the folder that the files are in, and the tool that wrote them";
        return Err(vec![Diagnostic::error(&E901, message).help(help)]);
    }
    Ok(found)
}

/// What one file is to a tool: a step, half of one, or nothing.
type Read = Result<Option<Found>, Diagnostic>;

/// The file's name without the folders that it lies in.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// `VERSION_name` at the place of its first underscore, if the version is a number.
fn numbered(stem: &str) -> Option<(&str, &str)> {
    let (version, name) = stem.split_once('_')?;
    let is_number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some((version, name))
}

/// E905.
fn program(path: &str, language: &str) -> Diagnostic {
    let message = format!("`{path}` is a program in {language}, which is not run here");
    Diagnostic::error(&E905, message).help(
        "let the tool run everything it has pending, then begin with the database: `schemactl init --from URL`",
    )
}

/// E906.
fn unreadable(path: &str, why: &str) -> Diagnostic {
    Diagnostic::error(&E906, format!("`{path}` {why}"))
        .help("mend the file as its tool asks, and import again")
}

/// The two ways of a file that has both, told apart by lines that begin with a mark: what follows the mark says which.
/// Anything in front of the first mark is for readers.
fn two_ways(
    path: &str,
    text: &str,
    mark: impl Fn(&str) -> Option<Way>,
) -> Result<(Sql, Option<Sql>), Diagnostic> {
    let (mut up, mut down): (Option<Vec<&str>>, Option<Vec<&str>>) = (None, None);
    let mut current = None;
    for line in text.lines() {
        match mark(line.trim()) {
            Some(way) => {
                let part = match way {
                    Way::Up => &mut up,
                    Way::Down => &mut down,
                };
                if part.replace(Vec::new()).is_some() {
                    return Err(unreadable(path, "has the same mark twice"));
                }
                current = Some(way);
            }
            None => match (&current, &mut up, &mut down) {
                (Some(Way::Up), Some(lines), _) | (Some(Way::Down), _, Some(lines)) => lines.push(line),
                _ => {}
            },
        }
    }
    let Some(up) = up else { return Err(unreadable(path, "has no mark where the way up begins")) };
    Ok((Sql::script(&up.join("\n")), down.map(|lines| Sql::script(&lines.join("\n")))))
}

/// Up or down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}
