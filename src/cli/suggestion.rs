//! The commands that words suggest, in the words' own backticks: they work where the command at hand works.

use std::borrow::Cow;
use std::path::PathBuf;

use super::shell;

/// How a command stands in words.
const BEGINNING: &str = "`schemactl ";
/// The commands that work on the database of an environment.
const ON_DATABASES: [&str; 7] = ["apply", "drift", "prove", "push", "rollback", "stamp", "status"];

/// The commands that need no project, or say where they make one.
const WITHOUT_PROJECT: [&str; 3] = ["explain", "init", "inspect"];

/// The database that the command at hand was told to work on.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// What `--env` says.
    pub(super) environment: Option<String>,
    /// What `--project` says.
    pub(super) project: Option<PathBuf>,
    /// What `--name` says.
    pub(super) name: Option<String>,
    /// Whether there is a `--url`, which may hold a password and is not repeated.
    pub(super) has_url: bool,
    /// Whether the project has that URL by now.
    pub(super) is_url_known: bool,
}

impl Place {
    /// The options that say so, for a command.
    fn options(&self, verb: &str) -> String {
        let needs_project = !WITHOUT_PROJECT.contains(&verb);
        let project = self.project.iter().filter(|_| needs_project);
        let project =
            project.map(|folder| format!(" --project {}", shell::word(&folder.display().to_string())));
        let name = self.name.iter().filter(|_| needs_project);
        let project = project.chain(name.map(|name| format!(" --name {}", shell::word(name))));
        if !ON_DATABASES.contains(&verb) {
            return project.collect();
        }
        let environment = self.environment.iter().map(|name| format!(" --env {name}"));
        // A proof asks no environment unless one is named.
        let needs_url = self.has_url && (!self.is_url_known || verb == "prove");
        let url = needs_url.then(|| " --url URL".to_owned());
        project.chain(environment).chain(url).collect()
    }
}

/// Words with `--project DIR` in each command of theirs, and `--env NAME` and `--url URL` in those that work on a
/// database, where this one was given them.
pub(super) fn at_place<'w>(words: &'w str, place: &Place) -> Cow<'w, str> {
    if place.options("prove").is_empty() {
        return Cow::Borrowed(words);
    }
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some((before, command, after)) = next(rest) {
        out.push_str(before);
        out.push_str(command);
        let verb = command.trim_start_matches(BEGINNING).split(' ').next().unwrap_or_default();
        out.push_str(&place.options(verb));
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// What stands before the next command, the command up to its closing backtick, and the rest.
fn next(words: &str) -> Option<(&str, &str, &str)> {
    let start = words.find(BEGINNING)?;
    let (before, command) = words.split_at(start);
    let end = BEGINNING.len() + command.get(BEGINNING.len()..)?.find('`')?;
    let (command, after) = command.split_at(end);
    Some((before, command, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_on_databases_say_the_environment() {
        let words = "run `schemactl drift --accept`, `schemactl plan`, then `schemactl apply`";
        let mut prod = Place { environment: Some("prod".to_owned()), ..Place::default() };
        assert_eq!(
            at_place(words, &prod),
            "run `schemactl drift --accept --env prod`, `schemactl plan`, then `schemactl apply --env prod`"
        );
        assert_eq!(at_place(words, &Place::default()), words);
        assert_eq!(at_place("an open `schemactl apply", &prod), "an open `schemactl apply");
        prod.has_url = true;
        assert_eq!(at_place("`schemactl status`", &prod), "`schemactl status --env prod --url URL`");
        let written = Place { has_url: true, is_url_known: true, ..Place::default() };
        let words = "`schemactl status`, `schemactl prove`";
        assert_eq!(at_place(words, &written), "`schemactl status`, `schemactl prove --url URL`");
        let words = "`schemactl plan`, `schemactl apply +1`, `schemactl explain E707`";
        let elsewhere = Place { project: Some("my shop".into()), ..Place::default() };
        assert_eq!(
            at_place(words, &elsewhere),
            "`schemactl plan --project 'my shop'`, `schemactl apply +1 --project 'my shop'`, `schemactl explain E707`"
        );
        let one = Place { name: Some("billing".to_owned()), ..Place::default() };
        assert_eq!(
            at_place(words, &one),
            "`schemactl plan --name billing`, `schemactl apply +1 --name billing`, `schemactl explain E707`"
        );
    }
}
