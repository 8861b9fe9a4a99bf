//! What every command has at hand: the global options, the printer, the sources of diagnostics, the project.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{ArgAction, Args};

use super::failure::Failure;
use super::output::{Color, Format, Printer};
use super::suggestion::Place;
use crate::diagnostic::Sources;
use crate::name::Name;
use crate::plan::Values;
use crate::project::dotenv::Variables;
use crate::project::environment::{self, Choice, Target};
use crate::project::{self, Project, values};

/// The options that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Work on the project in this folder instead of the one around the current folder
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) project: Option<PathBuf>,

    /// Work on this project of a `schemactl.kdl` that holds several, not on SCHEMACTL_NAME or the one around the current
    /// folder or the default one
    // Arguments of commands are called so as well.
    #[arg(id = "project_name", long = "name", global = true, value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// Work on this environment of `schemactl.kdl`, not on SCHEMACTL_ENV or the default one
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) env: Option<String>,

    /// Work on the database at this URL, whatever the environment's is
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) url: Option<String>,

    /// How output is written; `kdl` and `sql` by `inspect` alone
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        hide_possible_values = false
    )]
    pub(crate) format: Format,

    /// When output is coloured
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: Color,

    /// Say less: no status lines, and of a plan only what it loses; twice: errors only
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) quiet: u8,

    /// Say more
    #[arg(short, long, global = true, action = ArgAction::Count, conflicts_with = "quiet")]
    pub(crate) verbose: u8,
}

/// What a command works with.
pub(crate) struct Context {
    /// The global options.
    pub(crate) global: Global,
    /// The way out.
    pub(crate) printer: Printer,
    /// What `--var` says, by name.
    pub(crate) variables: BTreeMap<String, String>,
    /// The texts that diagnostics point into.
    pub(crate) sources: Sources,
}

impl Context {
    /// A context of which nothing is opened yet.
    #[must_use]
    pub(crate) fn new(global: Global) -> Self {
        let volume =
            i8::try_from(global.verbose).unwrap_or(i8::MAX) - i8::try_from(global.quiet).unwrap_or(i8::MAX);
        let place = Place {
            environment: global.env.clone(),
            project: global.project.clone(),
            name: global.name.clone(),
            has_url: global.url.is_some(),
            is_url_known: false,
        };
        let printer = Printer::new(global.format, global.color, volume).suggesting(place);
        Self { global, printer, variables: BTreeMap::new(), sources: Sources::default() }
    }

    /// Opens the project.
    ///
    /// # Errors
    /// There is none, or its configuration is broken.
    pub(crate) fn project(&mut self) -> Result<Project, Failure> {
        let Global { project, name, .. } = &self.global;
        let project = Project::open(project.as_deref(), name.as_deref(), &mut self.sources)?;
        let file = project.root().join(project::CONFIG_FILE);
        match project.name_among_several() {
            None => self.printer.detail(format_args!("project: {}", file.display())),
            Some(name) => {
                self.printer.detail(format_args!("project: {name} of {}", file.display()));
                self.printer.name_project(name);
            }
        }
        Ok(project)
    }

    /// Opens the project that is named, or all of them.
    ///
    /// # Errors
    /// There is none, or the configuration is broken.
    pub(crate) fn projects(&mut self) -> Result<Vec<Project>, Failure> {
        match self.global.name {
            Some(_) => Ok(vec![self.project()?]),
            None => Ok(Project::open_all(self.global.project.as_deref(), &mut self.sources)?),
        }
    }

    /// Finds the database to work on.
    ///
    /// # Errors
    /// None is named, or it has no URL.
    pub(crate) fn target(&mut self, project: &Project) -> Result<Target, Failure> {
        let variables = Variables::load(project.root())?;
        let target = environment::resolve(project.root(), project.config(), self.choice(), &variables)?;
        self.printer.detail(format_args!("database: {} ({})", target.url, target.origin));
        Ok(target)
    }

    /// The environment that the command works in, if any.
    ///
    /// # Errors
    /// It is unknown.
    pub(crate) fn environment(&self, project: &Project) -> Result<Option<Name>, Failure> {
        let process = Variables::load(project.root())?;
        let environment = environment::chosen(project.config(), self.choice(), &process)?;
        Ok(environment.map(|environment| environment.name.clone()))
    }

    fn choice(&self) -> Choice<'_> {
        let (url, environment) = (self.global.url.as_deref(), self.global.env.as_deref());
        Choice { url, environment, said_by: "--env" }
    }

    /// The variables of hooks with the values that count here.
    ///
    /// # Errors
    /// The environment is unknown, or `--var` gives a value that there is no place for.
    pub(crate) fn values(&self, project: &Project) -> Result<Values, Failure> {
        let environment = self.environment(project)?;
        self.values_in(project, environment.as_ref())
    }

    /// The variables of hooks with the values that count in an environment.
    ///
    /// # Errors
    /// `--var` gives a value that there is no place for.
    pub(crate) fn values_in(&self, project: &Project, name: Option<&Name>) -> Result<Values, Failure> {
        let process = Variables::load(project.root())?;
        let environment = name.and_then(|name| project.config().environment(name.as_str()));
        Ok(values::values(project.root(), project.config(), environment, &self.variables, &process)?)
    }
}
