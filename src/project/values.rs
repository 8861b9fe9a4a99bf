//! The variables of a project: their declarations, what environments and the command line give them, and which value
//! counts: `--var`, else the environment's, else the default.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::config::{Config, Environment};
use super::dotenv;
use super::errors::{E604, E612, E613};
use crate::diagnostic::{Diagnostic, Span, near};
use crate::document::{Cursor, Entry, Node, Sink, Value};
use crate::name::Name;
use crate::plan::{Values, VariableType, VariableValue};

/// A variable that hooks may use: `var tenant type=text default="acme"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookVariable {
    /// Its name.
    pub name: Name,
    /// Where the name stands.
    pub span: Span,
    /// What its values are.
    pub ty: VariableType,
    /// Whether its values are never shown.
    pub is_secret: bool,
    /// Where its value comes from when nothing else gives one.
    pub default: Option<ValueSource>,
}

/// A value that an environment gives to a variable: `var tenant "acme"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenValue {
    /// The variable's name.
    pub name: Name,
    /// Where the name stands.
    pub span: Span,
    /// Where the value comes from.
    pub source: ValueSource,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueSource {
    /// It stands in the configuration, as a text or as a word or number without quotes.
    Written {
        /// The text.
        text: String,
        /// Whether it is a text in KDL, as values of the type `text` have to be.
        is_text: bool,
        /// Its place.
        span: Span,
    },
    /// It is the value of an environment variable.
    Variable(String, Span),
    /// It is the content of a file, relative to the configuration.
    File(PathBuf, Span),
}

/// Reads the declarations of a project.
pub(super) fn declarations(nodes: &[&Node<'_>], sink: &Sink) -> Vec<HookVariable> {
    let mut found: Vec<HookVariable> = Vec::new();
    for variable in nodes.iter().filter_map(|node| declaration(node, sink)) {
        match found.iter().find(|other| other.name == variable.name) {
            Some(first) => report_twice(&variable.name, variable.span, first.span, sink),
            None => found.push(variable),
        }
    }
    found
}

fn declaration(node: &Node<'_>, sink: &Sink) -> Option<HookVariable> {
    let mut cursor = Cursor::new(node, sink);
    let (name, span) = name(&mut cursor)?;
    let ty = cursor.text_prop("type");
    let default = cursor.prop("default").and_then(|entry| source(&cursor, entry));
    let is_secret = cursor.flag("secret");
    let words = || VariableType::ALL.map(VariableType::word);
    let ty = match ty {
        None => Some(VariableType::Text),
        Some(text) => {
            let found = VariableType::ALL.into_iter().find(|ty| ty.word() == text.as_str());
            if found.is_none() {
                let problem = Diagnostic::error(&E612, format!("`{text}` is not a type of variables"));
                let help = match near(text.as_str(), words()) {
                    Some(near) => format!("write `type={near}`"),
                    None => format!("use one of `{}`", words().join("`, `")),
                };
                sink.report(problem.at(text.span, "").help(help));
            }
            found
        }
    };
    cursor.finish();
    let variable = HookVariable { name, span, ty: ty?, is_secret, default };
    check_written(&variable, variable.default.as_ref(), sink);
    Some(variable)
}

/// Reads what an environment gives to variables of the project.
pub(super) fn given(nodes: &[&Node<'_>], declared: &[HookVariable], sink: &Sink) -> Vec<GivenValue> {
    let mut found: Vec<GivenValue> = Vec::new();
    for node in nodes {
        let mut cursor = Cursor::new(node, sink);
        let named = name(&mut cursor);
        let source = cursor.arg("value").and_then(|entry| source(&cursor, entry));
        cursor.finish();
        let (Some((name, span)), Some(source)) = (named, source) else { continue };
        match declared.iter().find(|variable| variable.name == name) {
            Some(variable) => check_written(variable, Some(&source), sink),
            None => sink.report(undeclared(declared, name.as_str()).at(span, "")),
        }
        match found.iter().find(|other| other.name == name) {
            Some(first) => report_twice(&name, span, first.span, sink),
            None => found.push(GivenValue { name, span, source }),
        }
    }
    found
}

fn name(cursor: &mut Cursor<'_, '_>) -> Option<(Name, Span)> {
    let text = cursor.text("name")?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !text.as_str().chars().all(is_word) {
        let problem = Diagnostic::error(&E612, format!("`{text}` can't be the name of a variable"));
        cursor.report(problem.at(text.span, "").help("use letters, digits, `_` and `-`"));
        return None;
    }
    Some((Name::new(text.as_str()).ok()?, text.span))
}

fn source(cursor: &Cursor<'_, '_>, entry: &Entry<'_>) -> Option<ValueSource> {
    let annotation = entry.annotation.as_ref().map(|annotation| annotation.as_str());
    let written =
        |text: &str, is_text| Some(ValueSource::Written { text: text.to_owned(), is_text, span: entry.span });
    match (annotation, &entry.value) {
        (None, Value::String(text)) => written(text, true),
        (None, Value::Number(number)) => written(number.as_str(), false),
        (None, Value::Bool(value)) => written(if *value { "true" } else { "false" }, false),
        (Some("env"), Value::String(text)) => Some(ValueSource::Variable(text.to_string(), entry.span)),
        (Some("file"), Value::String(text)) => Some(ValueSource::File(text.as_ref().into(), entry.span)),
        _ => cursor.report_kind(entry, "a value, `(env)` with a variable or `(file)` with a path"),
    }
}

/// Reports a value in the configuration that its variable can't have.
fn check_written(variable: &HookVariable, source: Option<&ValueSource>, sink: &Sink) {
    let Some(ValueSource::Written { text, is_text, span }) = source else { return };
    let HookVariable { name, ty, .. } = variable;
    if variable.is_secret {
        let message = format!("the variable `{name}` is secret, and its value stands in the configuration");
        // Without its place, which would show it.
        sink.report(
            Diagnostic::error(&E612, message)
                .help("take it from a variable or a file: `(env)\"NAME\"`, `(file)\"PATH\"`"),
        );
    } else if !is_text && *ty == VariableType::Text || VariableValue::new(*ty, text, false).is_none() {
        sink.report(misfit(variable, text).at(*span, ""));
    }
}

fn misfit(variable: &HookVariable, text: &str) -> Diagnostic {
    let HookVariable { name, ty, .. } = variable;
    let quotes = if *ty == VariableType::Text { ", in quotes" } else { "" };
    Diagnostic::error(&E612, format!("{} of the variable `{name}`", no_value(variable, text)))
        .help(format!("give it {}{quotes}", ty.describe()))
}

fn no_value(HookVariable { ty, is_secret, .. }: &HookVariable, text: &str) -> String {
    let shown = if *is_secret { "what it is given".to_owned() } else { format!("`{text}`") };
    format!("{shown} is no value of the type `{}`", ty.word())
}

fn undeclared(declared: &[HookVariable], name: &str) -> Diagnostic {
    let help = match near(name, declared.iter().map(|variable| variable.name.as_str())) {
        Some(near) => format!("write `{near}`"),
        None => format!("declare it in `schemactl.kdl`, below `project`: `var {name} type=text`"),
    };
    Diagnostic::error(&E613, format!("there is no variable `{name}`")).help(help)
}

fn report_twice(name: &Name, again: Span, first: Span, sink: &Sink) {
    let problem = Diagnostic::error(&E604, format!("the variable `{name}` stands twice"));
    sink.report(problem.at(again, "again here").at(first, "first here").help("delete one of them"));
}

/// The variables of a project, without values: for what is checked before there is a run.
#[must_use]
pub fn declared(config: &Config) -> Values {
    let mut values = Values::default();
    for variable in &config.variables {
        values.insert(variable.name.clone(), Err("values come with a run".to_owned()));
    }
    values
}

/// The variables of a project with the values that count for a run: those of the command line, by their names, else those of
/// the environment, else the defaults.
///
/// # Errors
/// E612: a value is none of its variable's type. E613: the command line names a variable that there isn't.
pub fn values(
    root: &Path,
    config: &Config,
    environment: Option<&Environment>,
    said: &BTreeMap<String, String>,
    process: &dotenv::Variables,
) -> Result<Values, Vec<Diagnostic>> {
    let mut values = Values::default();
    let mut problems: Vec<Diagnostic> = said
        .keys()
        .filter(|name| !config.variables.iter().any(|variable| variable.name.as_str() == **name))
        .map(|name| undeclared(&config.variables, name))
        .collect();
    for variable in &config.variables {
        let given = environment.into_iter().flat_map(|environment| &environment.values);
        let given = given.filter(|given| given.name == variable.name).map(|given| &given.source).next();
        let text = match (said.get(variable.name.as_str()), given.or(variable.default.as_ref())) {
            (Some(said), _) => Ok(said.clone()),
            (None, Some(source)) => read(root, source, process),
            (None, None) => Err(match environment {
                Some(environment) => {
                    format!("neither the environment `{}` nor a default gives one", environment.name)
                }
                None => "no default gives one".to_owned(),
            }),
        };
        let value = text.and_then(|text| {
            let value = VariableValue::new(variable.ty, &text, variable.is_secret);
            value.ok_or_else(|| no_value(variable, &text))
        });
        if let Some(said) = said.get(variable.name.as_str()).filter(|_| value.is_err()) {
            problems.push(misfit(variable, said));
        }
        values.insert(variable.name.clone(), value);
    }
    if problems.is_empty() { Ok(values) } else { Err(problems) }
}

/// The text that a source gives, or why it gives none.
fn read(root: &Path, source: &ValueSource, process: &dotenv::Variables) -> Result<String, String> {
    match source {
        ValueSource::Written { text, .. } => Ok(text.clone()),
        ValueSource::Variable(variable, _) => process
            .get(variable)
            .map(str::to_owned)
            .ok_or_else(|| format!("it is taken from `{variable}`, which is not set")),
        ValueSource::File(path, _) => {
            let text = fs::read_to_string(root.join(path))
                .map_err(|error| format!("`{}` can't be read: {error}", path.display()))?;
            Ok(text.trim_end_matches(['\r', '\n']).to_owned())
        }
    }
}
