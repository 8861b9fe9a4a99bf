//! Wrong usage: tips for words that Alembic and other tools have and this program has under another name, and for places
//! in the chain that begin with `-`. Every other tip is clap's.

use std::ffi::OsString;

use clap::Error;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What is here in place of an option or a command of another tool: Alembic's, then those of Prisma, Atlas, Drizzle,
/// Flyway and others.
const INSTEAD: [(&[&str], &str); 20] = [
    (&["-c", "--config"], "`--project DIR` names the folder that has `schemactl.kdl`"),
    (&["-n"], "`--name NAME` chooses a project in `schemactl.kdl`, `--env NAME` an environment"),
    (&["-x"], "`--var NAME=VALUE` says what a variable of hooks is worth, where hooks run"),
    (&["--raiseerr"], "`schemactl explain CODE` says more of an error"),
    (&["-t", "--template", "--package"], "there is one layout; `--dialects` chooses the databases"),
    (
        &["--rev-id"],
        "an id is made of what the revision is; `schemactl tag NAME REVISION` gives it another name",
    ),
    (&["--version-path"], "a project has one folder of revisions; `--name NAME` works on another project"),
    (&["--tag"], "no code runs that could read it; `schemactl tag NAME REVISION` names a revision"),
    (&["-i", "--indicate-current"], "`schemactl log --graph --env NAME` marks what the database has"),
    (&["ensure_version"], "the journal is made by the first run that needs it"),
    (&["list_templates"], "there is one layout, that of `schemactl init`"),
    (&["--branch-label"], "`schemactl label NAME REVISION` names the branch, once the revision is there"),
    (&["--splice"], "`schemactl plan --parent REVISION --fork` begins a branch behind any revision"),
    (&["migrate", "schema", "generate"], "`schemactl plan` writes a revision, `schemactl apply` runs it"),
    (
        &["db"],
        "`schemactl push` brings a database to the schema, `schemactl drift --pull` takes its changes over",
    ),
    (&["lint"], "`schemactl check` renders every revision for every database, `schemactl prove` tries them"),
    (&["validate"], "`schemactl verify` says whether the revisions are what they were"),
    (&["info"], "`schemactl status` says where the database is"),
    (
        &["baseline"],
        "`schemactl init --from URL` begins with a database, `schemactl stamp` records what it has",
    ),
    (&["help"], "`schemactl --help`, and `schemactl COMMAND --help` for one command"),
];

/// The error with a tip, where there is one.
pub(super) fn explained(mut error: Error, arguments: impl Iterator<Item = OsString>) -> Error {
    let kind = match error.kind() {
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        _ => return error,
    };
    let Some(ContextValue::String(word)) = error.get(kind) else { return error };
    let arguments: Vec<String> = arguments.filter_map(|text| text.into_string().ok()).collect();
    let folder = || folder(word, &arguments).filter(|_| kind == ContextKind::InvalidArg);
    let tip = place(word, &arguments).or_else(folder).or_else(|| instead(word));
    let Some(tip) = tip else { return error };
    for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand] {
        error.remove(kind);
    }
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(tip)]));
    error
}

fn instead(word: &str) -> Option<String> {
    let (_, tip) = INSTEAD.into_iter().find(|(words, _)| words.contains(&word))?;
    Some(tip.to_owned())
}

/// For a place that is counted from where the database is, of which clap has read the first digit as an option.
fn place(word: &str, arguments: &[String]) -> Option<String> {
    let is_counted =
        |text: &str| text.strip_prefix('-')?.starts_with(|c: char| c.is_ascii_digit()).then_some(());
    is_counted(word)?;
    let whole = arguments.iter().find(|text| text.starts_with(word))?;
    Some(format!(
        "write it from where the database is: `current{whole}`, or put `--` before it: `-- {whole}`"
    ))
}

/// For a folder that `init` is given as a word of its own.
fn folder(word: &str, arguments: &[String]) -> Option<String> {
    let is_folder = !word.starts_with('-') && arguments.iter().any(|argument| argument == "init");
    is_folder.then(|| format!("`schemactl init --project {word}` begins a project in that folder"))
}
