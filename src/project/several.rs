//! Several projects in one configuration: what must not be the same in two of them, and which one a command works on.
//! The first of these that is given counts:
//!
//! 1. `--name NAME`;
//! 2. the variable `SCHEMACTL_NAME`, of the process or of `.env`;
//! 3. the project whose folders the current folder lies in;
//! 4. the project marked `default=#true`.

use std::env;
use std::path::Path;

use super::config::{Config, Environment, UrlSource};
use super::dotenv::Variables;
use super::{errors, variable};
use crate::diagnostic::{Diagnostic, near};
use crate::document::Sink;

/// Reports folders of two projects that overlap, and a journal that two of them keep on one database.
pub(super) fn check(projects: &[Config], sink: &Sink) {
    for (at, project) in projects.iter().enumerate() {
        for other in &projects[..at] {
            overlapping(other, project, sink);
            one_journal(other, project, sink);
        }
    }
}

fn overlapping(first: &Config, second: &Config, sink: &Sink) {
    for (path, span) in second.folders() {
        let overlaps = |other: &Path| path.starts_with(other) || other.starts_with(path);
        let other = first.folders().into_iter().find(|(other, _)| overlaps(other));
        let Some((other, other_span)) = other else { continue };
        let message = format!(
            "the projects `{}` and `{}` share the folder `{}`",
            first.name,
            second.name,
            if path.starts_with(other) { path.display() } else { other.display() }
        );
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let help = format!("give each project folders of its own, such as `{}/{name}`", second.name);
        let problem = Diagnostic::error(&errors::E616, message);
        let of = |project: &Config| format!("of `{}`", project.name);
        sink.report(problem.at(span, of(second)).at(other_span, of(first)).help(help));
    }
}

/// Where they also share an environment, each would take the other's revisions for its own.
fn one_journal(first: &Config, second: &Config, sink: &Sink) {
    if first.journal.0 != second.journal.0 {
        return;
    }
    let Some(shared) = second.shared_with(first) else { return };
    let message = format!(
        "`{}` and `{}` both keep the journal `{}` on the database of `{}`",
        first.name, second.name, second.journal.0, shared.name
    );
    let name = super::JournalName::of_project(&second.name);
    let help = format!("give one of them its own: write `journal {name}` into `project {}`", second.name);
    let problem = Diagnostic::error(&errors::E617, message);
    sink.report(
        problem.at(second.journal.1, "of this one").at(first.journal.1, "and of this one").help(help),
    );
}

impl Config {
    /// Whether two projects are on one database, as far as the configuration tells.
    #[must_use]
    pub fn shares_database(&self, other: &Self) -> bool {
        self.shared_with(other).is_some()
    }

    /// The first environment whose database is that of one of another project.
    fn shared_with(&self, other: &Self) -> Option<&Environment> {
        self.environments.iter().find(|own| {
            other.environments.iter().any(|other| same_place(own.url.as_ref(), other.url.as_ref()))
        })
    }
}

/// Whether two URLs are the same, as far as the configuration tells.
fn same_place(one: Option<&UrlSource>, two: Option<&UrlSource>) -> bool {
    match (one, two) {
        (Some(UrlSource::Text(one)), Some(UrlSource::Text(two))) => one == two,
        (Some(UrlSource::Variable(one, _)), Some(UrlSource::Variable(two, _))) => one == two,
        (Some(UrlSource::File(one, _)), Some(UrlSource::File(two, _))) => one == two,
        (Some(UrlSource::Text(_) | UrlSource::Variable(..) | UrlSource::File(..)) | None, _) => false,
    }
}

/// The place in the list of the project to work on.
///
/// # Errors
/// E614: nothing tells which. E615: there is none of that name. E609: `.env` can't be read.
pub(super) fn choose(root: &Path, projects: &[Config], name: Option<&str>) -> Result<usize, Diagnostic> {
    if let Some(name) = name {
        return find(projects, name, "`--name`");
    }
    if projects.len() == 1 {
        return Ok(0);
    }
    if let Some(name) = Variables::load(root)?.get(variable::NAME.name) {
        return find(projects, name, &format!("`{}`", variable::NAME.name));
    }
    let default = || projects.iter().position(|project| project.is_default);
    around(root, projects).or_else(default).ok_or_else(|| {
        Diagnostic::error(
            &errors::E614,
            format!("there are several projects, and none is chosen: {}", names(projects)),
        )
        .help("name one with `--name NAME`, or mark one with `default=#true`")
    })
}

fn find(projects: &[Config], name: &str, said_by: &str) -> Result<usize, Diagnostic> {
    projects.iter().position(|project| project.name.as_str() == name).ok_or_else(|| {
        let help = match near(name, projects.iter().map(|project| project.name.as_str())) {
            Some(near) => format!("use `{near}`"),
            None => format!("use one of {}", names(projects)),
        };
        Diagnostic::error(&errors::E615, format!("unknown project `{name}`, named by {said_by}")).help(help)
    })
}

fn names(projects: &[Config]) -> String {
    let names: Vec<String> = projects.iter().map(|project| format!("`{}`", project.name)).collect();
    names.join(", ")
}

/// The project whose folders the current folder lies in, or in what is around its folders alone.
fn around(root: &Path, projects: &[Config]) -> Option<usize> {
    let here = env::current_dir().ok()?.canonicalize().ok()?;
    let below = here.strip_prefix(root.canonicalize().ok()?).ok()?;
    if below.as_os_str().is_empty() {
        return None;
    }
    let is_near = |project: &Config| {
        let folders = project.folders();
        folders.iter().any(|(folder, _)| below.starts_with(folder) || folder.starts_with(below))
    };
    let mut near = projects.iter().enumerate().filter(|(_, project)| is_near(project));
    match (near.next(), near.next()) {
        (Some((found, _)), None) => Some(found),
        (_, _) => None,
    }
}
