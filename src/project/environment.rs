//! Which database a command works on, and by which policies. The first of these that is given counts:
//!
//! 1. `--url URL`, with the policies of `--env` where that is given as well, and of no environment otherwise;
//! 2. `--env NAME`;
//! 3. the variable `SCHEMACTL_ENV`, of the process or of `.env`;
//! 4. the environment marked `default=#true`.
//!
//! Nothing else is looked at: `DATABASE_URL` counts only where an environment says `url (env)"DATABASE_URL"`.

use std::fs;
use std::path::{Path, PathBuf};

use super::config::{Config, Environment, Policy, UrlSource};
use super::dotenv::Variables;
use super::files::io_error;
use super::url::DatabaseUrl;
use super::{errors, variable};
use crate::diagnostic::{Diagnostic, near};
use crate::name::Name;

/// What the command line says of the database.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choice<'a> {
    /// `--url`.
    pub url: Option<&'a str>,
    /// The name of an environment.
    pub environment: Option<&'a str>,
    /// What said that name: `--env`.
    pub said_by: &'a str,
}

/// A database to work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The environment whose policies hold, if any.
    pub environment: Option<Name>,
    /// Where the database is.
    pub url: DatabaseUrl,
    /// What a relative path in the URL is relative to.
    pub base: PathBuf,
    /// What holds for runs.
    pub policy: Policy,
    /// Where the URL comes from, for people.
    pub origin: String,
}

/// Finds the database to work on in the project in `root`.
///
/// # Errors
/// None is named, an unknown environment is named, or it has no URL.
pub fn resolve(
    root: &Path,
    config: &Config,
    choice: Choice<'_>,
    variables: &Variables,
) -> Result<Target, Diagnostic> {
    let named =
        choice.environment.map(|name| find(config, name, &format!("`{}`", choice.said_by))).transpose()?;
    if let Some(url) = choice.url {
        return Ok(Target {
            environment: named.map(|environment| environment.name.clone()),
            url: DatabaseUrl::new(url),
            base: PathBuf::new(),
            policy: named.map_or_else(Policy::default, |environment| environment.policy.clone()),
            origin: "`--url`".to_owned(),
        });
    }
    let environment = match (named, variables.get(variable::ENV.name)) {
        (Some(environment), _) => environment,
        (None, Some(name)) => find(config, name, &format!("`{}`", variable::ENV.name))?,
        (None, None) => default(config)?,
    };
    let (url, origin) = url_of(root, environment, variables)?;
    Ok(Target {
        environment: Some(environment.name.clone()),
        url,
        base: root.to_owned(),
        policy: environment.policy.clone(),
        origin,
    })
}

/// The environment that a command works in, by the same rule, whether it has a URL or not; `None` where a database is
/// named by its URL alone, or nothing names an environment.
///
/// # Errors
/// E606: the environment is unknown.
pub fn chosen<'c>(
    config: &'c Config,
    choice: Choice<'_>,
    variables: &Variables,
) -> Result<Option<&'c Environment>, Diagnostic> {
    match (choice.environment, choice.url, variables.get(variable::ENV.name)) {
        (Some(name), _, _) => find(config, name, &format!("`{}`", choice.said_by)).map(Some),
        (None, Some(_), _) => Ok(None),
        (None, None, Some(name)) => find(config, name, &format!("`{}`", variable::ENV.name)).map(Some),
        (None, None, None) => Ok(config.environments.iter().find(|environment| environment.is_default)),
    }
}

fn find<'c>(config: &'c Config, name: &str, said_by: &str) -> Result<&'c Environment, Diagnostic> {
    config.environment(name).ok_or_else(|| {
        let names = || config.environments.iter().map(|environment| environment.name.as_str());
        let help = match near(name, names()) {
            Some(near) => format!("use `{near}`"),
            None if config.environments.is_empty() => {
                "declare it in `schemactl.kdl`: `env NAME { url … }`".to_owned()
            }
            None => format!("use one of `{}`", names().collect::<Vec<_>>().join("`, `")),
        };
        Diagnostic::error(&errors::E606, format!("unknown environment `{name}`, named by {said_by}"))
            .help(help)
    })
}

fn default(config: &Config) -> Result<&Environment, Diagnostic> {
    config.environments.iter().find(|environment| environment.is_default).ok_or_else(|| {
        Diagnostic::error(&errors::E607, "no environment is chosen, and none is the default")
            .help("name one with `--env NAME`, or a database with `--url URL`")
    })
}

/// The URL of an environment, and where it comes from.
fn url_of(
    root: &Path,
    environment: &Environment,
    variables: &Variables,
) -> Result<(DatabaseUrl, String), Diagnostic> {
    let name = &environment.name;
    match &environment.url {
        Some(UrlSource::Text(url)) => Ok((url.clone(), format!("environment `{name}`"))),
        Some(UrlSource::Variable(variable, span)) => match variables.get(variable) {
            Some(url) => {
                Ok((DatabaseUrl::new(url), format!("environment `{name}`, from the variable `{variable}`")))
            }
            None => Err(Diagnostic::error(
                &errors::E608,
                format!("the environment `{name}` takes its URL from `{variable}`, which is not set"),
            )
            .at(*span, "")
            .help(format!("set `{variable}`, or put it into `.env`"))),
        },
        Some(UrlSource::File(path, span)) => {
            let text = fs::read_to_string(root.join(path))
                .map_err(|error| io_error("read", path, &error).at(*span, ""))?;
            match text.trim() {
                "" => Err(Diagnostic::error(&errors::E608, format!("`{}` is empty", path.display()))
                    .at(*span, "")
                    .help("write the URL into it")),
                url => {
                    Ok((DatabaseUrl::new(url), format!("environment `{name}`, from `{}`", path.display())))
                }
            }
        }
        None => Err(Diagnostic::error(&errors::E608, format!("the environment `{name}` has no URL"))
            .at(environment.span, "")
            .help("give it one: `url \"…\"` or `url (env)\"…\"`, or name one with `--url`")),
    }
}
