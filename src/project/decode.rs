//! The configuration read from its document, with everything that is wrong in it. What it means is `config`'s.

use std::time::Duration;

use super::config::{Config, Environment, LOCK_TIMEOUT, Policy, UrlSource};
use super::journal::JournalName;
use super::url::DatabaseUrl;
use super::values::{self, HookVariable};
use super::{errors, several};
use crate::diagnostic::{Diagnostic, Span, near};
use crate::dialect::{self, Product};
use crate::document::{Cursor, Document, Entry, Node, Sink, Text, Value, cursor};
use crate::name::{DialectName, Name};

/// Reads the projects of a configuration from its document, in their order; there is at least one. `dialects` are the
/// names that this build knows; `whole` is the place to point at when there is no project in it. Reports everything that
/// is wrong.
pub fn decode(document: &Document<'_>, whole: Span, dialects: &[&str], sink: &Sink) -> Option<Vec<Config>> {
    let named = |name| document.nodes.iter().filter(move |node| node.name.as_str() == name);
    for node in &document.nodes {
        if !["project", "env"].contains(&node.name.as_str()) {
            cursor::report_unknown(sink, None, node, ["project", "env"]);
        }
    }
    if named("project").next().is_none() {
        let problem = Diagnostic::error(&errors::E604, "there is no `project` in the configuration");
        sink.report(problem.at(whole, "").help("write `project NAME { dialects … }`"));
        return None;
    }
    let mut projects: Vec<Config> = Vec::new();
    let mut timeouts = Vec::new();
    for node in named("project") {
        if let Some((project, lock_timeout)) = decode_project(node, dialects, sink) {
            check_against(&projects, &project, sink);
            projects.push(project);
            timeouts.push(lock_timeout);
        }
    }
    // Also those of a project with mistakes, which were reported.
    let variables: Vec<HookVariable> = named("project").flat_map(variables_of).collect();
    let shared = decode_environments(&named("env").collect::<Vec<_>>(), &variables, sink);
    for (project, lock_timeout) in projects.iter_mut().zip(timeouts) {
        share(project, &shared, lock_timeout);
    }
    several::check(&projects, sink);
    (!projects.is_empty()).then_some(projects)
}

/// The variables that a project declares.
fn variables_of(node: &Node<'_>) -> Vec<HookVariable> {
    let sink = Sink::default();
    values::declarations(&Cursor::new(node, &sink).children_named("var"), &sink)
}

fn decode_project(node: &Node<'_>, known: &[&str], sink: &Sink) -> Option<(Config, Duration)> {
    let mut cursor = Cursor::new(node, sink);
    let name = cursor.text("name").and_then(|text| name_of(&text, sink));
    let span = node.entries.first().map_or(node.name.span, |entry| entry.span);
    let is_default = cursor.bool_prop("default").unwrap_or(false);
    let dialects = cursor.child("dialects").map(|node| decode_dialects(node, known, sink));
    if dialects.as_ref().is_none_or(Vec::is_empty) {
        cursor.report_missing(
            "`project` names no dialects",
            "write `dialects` and the databases that it is for",
        );
    }
    let servers = cursor.child("servers").map(|node| decode_servers(node, dialects.as_deref(), sink));
    let mut folder = |name: &'static str| {
        let node = cursor.child(name);
        let path = node.and_then(|node| decode_folder(node, sink));
        (path.unwrap_or_else(|| name.to_owned()), node.map_or(span, |node| node.name.span))
    };
    let folders = (folder("schema"), folder("revisions"), folder("snapshots"));
    let ((schema, of_schema), (revisions, of_revisions), (snapshots, of_snapshots)) = folders;
    let journal = cursor.child("journal").and_then(|node| decode_journal(node, sink));
    let lock_timeout = cursor.child("lock-timeout").and_then(|node| duration(node, sink));
    let variables = values::declarations(&cursor.children_named("var"), sink);
    let own = decode_environments(&cursor.children_named("env"), &variables, sink);
    cursor.finish();
    let lock_timeout = lock_timeout.unwrap_or(LOCK_TIMEOUT);
    let config = Config {
        name: name?,
        span,
        is_default,
        journal: journal.unwrap_or((JournalName::default(), span)),
        dialects: dialects?,
        servers: servers.unwrap_or_default(),
        schema: schema.into(),
        revisions,
        snapshots,
        variables,
        folder_spans: [of_schema, of_revisions, of_snapshots],
        environments: own.iter().map(|own| own.waiting(lock_timeout)).collect(),
    };
    Some((config, lock_timeout))
}

/// Reports a project whose name is taken, and a second default.
fn check_against(others: &[Config], project: &Config, sink: &Sink) {
    if let Some(other) = others.iter().find(|other| other.name == project.name) {
        report_twice(sink, &format!("the project `{}` stands twice", project.name), project.span, other.span);
    }
    if let Some(other) = others.iter().find(|other| other.is_default && project.is_default) {
        let message = format!("`{}` and `{}` are both the default", other.name, project.name);
        report_twice(sink, &message, project.span, other.span);
    }
}

/// A folder of the project, without `.` and `..` where these can be left out. It may lie beside the configuration or above
/// it, as in a repository of many things, but not on one machine alone, nor around everything else of the project.
fn decode_folder(node: &Node<'_>, sink: &Sink) -> Option<String> {
    let text = only_text(node, "folder", sink)?;
    let refuse = |why: &str, help: &str| {
        let span = node.entries.first().map_or(node.name.span, |entry| entry.span);
        let message = format!("`{text}` can't be a folder of the project: {why}");
        sink.report(Diagnostic::error(&errors::E604, message).at(span, "").help(help));
        None
    };
    if text.starts_with(['/', '\\']) || text.contains(':') {
        return refuse("it is not the same place on every machine", "write it as seen from `schemactl.kdl`");
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    if parts.last().is_none_or(|last| *last == "..") {
        return refuse("`schemactl.kdl` lies in it", "name a folder that holds nothing else");
    }
    Some(parts.join("/"))
}

fn decode_journal(node: &Node<'_>, sink: &Sink) -> Option<(JournalName, Span)> {
    let text = only_text(node, "table", sink)?;
    let span = node.entries.first().map_or(node.name.span, |entry| entry.span);
    let Some(name) = JournalName::new(&text) else {
        let message = format!("`{text}` can't be the name of a journal");
        let help = format!(
            "write `{default}`, or `{default}_` and a word of small letters and digits, {} letters at most",
            JournalName::LETTERS_MAX,
            default = JournalName::DEFAULT
        );
        sink.report(Diagnostic::error(&errors::E618, message).at(span, "").help(help));
        return None;
    };
    Some((name, span))
}

fn decode_dialects(node: &Node<'_>, known: &[&str], sink: &Sink) -> Vec<(DialectName, Span)> {
    let mut cursor = Cursor::new(node, sink);
    let mut found: Vec<(DialectName, Span)> = Vec::new();
    for text in cursor.texts() {
        if !known.iter().any(|known| *known == text.text) {
            let problem = Diagnostic::error(&errors::E603, format!("unknown dialect `{text}`"));
            let spoken = dialect::find_product(&text.text).map(|(dialect, _)| dialect.name());
            let help = match near(&text.text, known.iter().copied()) {
                _ if let Some(name) = spoken => {
                    format!(
                        "write `{name}`, which is for both; `servers {text}` behind it is for this one alone"
                    )
                }
                Some(near) => format!("write `{near}`"),
                None => format!("use some of `{}`", known.join("`, `")),
            };
            sink.report(problem.at(text.span, "").help(help));
        } else if let Some(name) = name_of(&text, sink).map(DialectName::new) {
            match found.iter().find(|(other, _)| *other == name) {
                Some((_, first)) => {
                    report_twice(sink, &format!("`{name}` stands twice"), text.span, *first);
                }
                None => found.push((name, text.span)),
            }
        }
    }
    cursor.finish();
    found
}

/// The products that the project is for, each of one of its dialects.
fn decode_servers(
    node: &Node<'_>,
    dialects: Option<&[(DialectName, Span)]>,
    sink: &Sink,
) -> Vec<(Product, Span)> {
    let mut cursor = Cursor::new(node, sink);
    let mut found: Vec<(Product, Span)> = Vec::new();
    for text in cursor.texts() {
        let Some((dialect, version)) = dialect::find_product(&text.text) else {
            let problem = Diagnostic::error(&errors::E603, format!("unknown server `{text}`"));
            let help = format!("use some of `{}`", dialect::products().join("`, `"));
            sink.report(problem.at(text.span, "").help(help));
            continue;
        };
        let speaks = dialect.name();
        if dialects.is_some_and(|dialects| dialects.iter().all(|(name, _)| *name != speaks)) {
            let message = format!("`{text}` speaks `{speaks}`, which `dialects` leaves out");
            let problem = Diagnostic::error(&errors::E603, message).at(text.span, "");
            sink.report(problem.help(format!("add `{speaks}` to `dialects`, or remove `{text}`")));
        }
        match found.iter().find(|(other, _)| *other == version.product) {
            Some((_, first)) => report_twice(sink, &format!("`{text}` stands twice"), text.span, *first),
            None => found.push((version.product, text.span)),
        }
    }
    cursor.finish();
    found
}

/// An environment before it is known for which project.
struct Declared {
    environment: Environment,
    /// Whether it says itself how long to wait for locks.
    has_timeout: bool,
}

impl Declared {
    /// The environment, with the time to wait for locks that a project says.
    fn waiting(&self, lock_timeout: Duration) -> Environment {
        let mut environment = self.environment.clone();
        if !self.has_timeout {
            environment.policy.lock_timeout = lock_timeout;
        }
        environment
    }
}

/// Adds the environments of all projects, unless the project has its own of that name. Its own default has precedence.
fn share(project: &mut Config, shared: &[Declared], lock_timeout: Duration) {
    let has_default = project.environments.iter().any(|environment| environment.is_default);
    for environment in shared.iter().map(|shared| shared.waiting(lock_timeout)) {
        if project.environment(environment.name.as_str()).is_none() {
            let is_default = environment.is_default && !has_default;
            project.environments.push(Environment { is_default, ..environment });
        }
    }
}

/// Reads environments that stand beside each other; their names differ, and one at most is the default.
fn decode_environments(nodes: &[&Node<'_>], variables: &[HookVariable], sink: &Sink) -> Vec<Declared> {
    let mut found: Vec<Declared> = Vec::new();
    for declared in nodes.iter().filter_map(|node| decode_environment(node, variables, sink)) {
        let environment = &declared.environment;
        let others = || found.iter().map(|other| &other.environment);
        if let Some(other) = others().find(|other| other.name == environment.name) {
            let message = format!("the environment `{}` stands twice", environment.name);
            report_twice(sink, &message, environment.span, other.span);
        }
        if let Some(other) = others().find(|other| other.is_default && environment.is_default) {
            let message = format!("`{}` and `{}` are both the default", other.name, environment.name);
            report_twice(sink, &message, environment.span, other.span);
        }
        found.push(declared);
    }
    found
}

fn decode_environment(node: &Node<'_>, variables: &[HookVariable], sink: &Sink) -> Option<Declared> {
    let mut cursor = Cursor::new(node, sink);
    let name = cursor.text("name").and_then(|text| name_of(&text, sink));
    let span = node.entries.first().map_or(node.name.span, |entry| entry.span);
    let is_default = cursor.bool_prop("default").unwrap_or(false);
    let url = cursor.child("url").and_then(|node| decode_url(node, sink));
    let protect = cursor.child("protect").is_some_and(|node| switch(node, sink));
    let create = cursor.child("create").map(|node| switch(node, sink));
    let own_timeout = cursor.child("lock-timeout").and_then(|node| duration(node, sink));
    let mut scripts =
        |name| cursor.children_named(name).into_iter().filter_map(|node| script(node, sink)).collect();
    let (before_run, after_run) = (scripts("before-run"), scripts("after-run"));
    let values = values::given(&cursor.children_named("var"), variables, sink);
    cursor.finish();
    let policy = Policy {
        protect,
        create: create.unwrap_or(!protect),
        lock_timeout: own_timeout.unwrap_or(LOCK_TIMEOUT),
        before_run,
        after_run,
    };
    let environment = Environment { name: name?, span, is_default, url, values, policy };
    Some(Declared { environment, has_timeout: own_timeout.is_some() })
}

fn decode_url(node: &Node<'_>, sink: &Sink) -> Option<UrlSource> {
    let mut cursor = Cursor::new(node, sink);
    let entry = cursor.arg("URL")?;
    cursor.finish();
    let text = entry.as_str().map(str::to_owned);
    let annotation = entry.annotation.as_ref().map(|annotation| annotation.as_str());
    let expected = "a URL, `(env)` with a variable or `(file)` with a path";
    match (annotation, text) {
        (None, Some(text)) => Some(UrlSource::Text(DatabaseUrl::new(text))),
        (Some("env"), Some(text)) => Some(UrlSource::Variable(text, entry.span)),
        (Some("file"), Some(text)) => Some(UrlSource::File(text.into(), entry.span)),
        _ => Cursor::new(node, sink).report_kind(entry, expected),
    }
}

/// A child that is a word by itself, or a word with `#true` or `#false`.
fn switch(node: &Node<'_>, sink: &Sink) -> bool {
    let mut cursor = Cursor::new(node, sink);
    let entry = cursor.optional_arg();
    let value = match entry {
        None => true,
        Some(Entry { value: Value::Bool(value), annotation: None, .. }) => *value,
        Some(entry) => cursor.report_kind(entry, "`#true` or `#false`").unwrap_or(true),
    };
    cursor.finish();
    value
}

/// A child with SQL as its one argument.
fn script(node: &Node<'_>, sink: &Sink) -> Option<String> {
    let mut cursor = Cursor::new(node, sink);
    let entry = cursor.arg("SQL text")?;
    cursor.finish();
    match entry.as_str().filter(|_| entry.is_annotated("sql")) {
        Some(sql) => Some(sql.to_owned()),
        None => Cursor::new(node, sink).report_kind(entry, "SQL, marked `(sql)`"),
    }
}

/// A child with a text as its one argument.
fn only_text(node: &Node<'_>, what: &str, sink: &Sink) -> Option<String> {
    let mut cursor = Cursor::new(node, sink);
    let text = cursor.text(what).map(|text| text.text.into_owned());
    cursor.finish();
    text
}

/// A child with a duration as its one argument.
fn duration(node: &Node<'_>, sink: &Sink) -> Option<Duration> {
    let text = only_text(node, "duration", sink)?;
    let parsed = parse_duration(&text);
    if parsed.is_none() {
        let span = node.entries.first().map_or(node.name.span, |entry| entry.span);
        let problem = Diagnostic::error(&errors::E605, format!("`{text}` is not a duration"));
        sink.report(
            problem.at(span, "").help("write a whole number with a unit: `\"500ms\"`, `\"10s\"`, `\"5min\"`"),
        );
    }
    parsed
}

/// Reads `500ms`, `10s`, `5min`, `1h`; `None` for anything else.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    match unit.trim_start() {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "min" => number.checked_mul(60).map(Duration::from_secs),
        "h" => number.checked_mul(3600).map(Duration::from_secs),
        _ => None,
    }
}

fn name_of(text: &Text<'_>, sink: &Sink) -> Option<Name> {
    Name::new(&text.text)
        .map_err(|error| sink.report(Diagnostic::error(&errors::E604, error.to_string()).at(text.span, "")))
        .ok()
}

fn report_twice(sink: &Sink, message: &str, again: Span, first: Span) {
    let problem = Diagnostic::error(&errors::E604, message).at(again, "again here").at(first, "first here");
    sink.report(problem.help("delete one of them"));
}
