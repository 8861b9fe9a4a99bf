//! The commands that words suggest, in the words' own backticks: they work where the command at hand works.

use std::borrow::Cow;

/// How a command stands in words.
const BEGINNING: &str = "`schemactl ";
/// The commands that work on the database of an environment.
const ON_DATABASES: [&str; 6] = ["apply", "drift", "push", "rollback", "stamp", "status"];

/// Words with `--env NAME` in each command of theirs that works on a database, where this one was given it.
pub(super) fn on_environment<'w>(words: &'w str, environment: Option<&str>) -> Cow<'w, str> {
    let Some(environment) = environment else { return Cow::Borrowed(words) };
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some((before, command, after)) = next(rest) {
        out.push_str(before);
        out.push_str(command);
        let verb = command.trim_start_matches(BEGINNING).split(' ').next().unwrap_or_default();
        if ON_DATABASES.contains(&verb) {
            out.push_str(" --env ");
            out.push_str(environment);
        }
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
        assert_eq!(
            on_environment(words, Some("prod")),
            "run `schemactl drift --accept --env prod`, `schemactl plan`, then `schemactl apply --env prod`"
        );
        assert_eq!(on_environment(words, None), words);
        assert_eq!(on_environment("an open `schemactl apply", Some("prod")), "an open `schemactl apply");
    }
}
