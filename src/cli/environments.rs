//! Environments that hooks and reference rows name: the project must have them.

use std::collections::BTreeSet;

use super::errors::E882;
use crate::diagnostic::{Diagnostic, near};
use crate::model::Place;
use crate::name::Name;
use crate::project::Project;
use crate::syntax::Parsed;

/// What is wrong with the environments that something is limited to; `what` says which thing that is.
pub(super) fn unknown(project: &Project, what: &str, names: Vec<&Name>) -> Vec<Diagnostic> {
    let config = project.config();
    let names: BTreeSet<&Name> = names.into_iter().collect();
    let unknown = names.into_iter().filter(|name| config.environment(name.as_str()).is_none());
    let diagnose = |name: &Name| {
        let message = format!("{what} is only for the environment `{name}`, which there isn't");
        let known = config.environments.iter().map(|environment| environment.name.as_str());
        let help = match near(name.as_str(), known) {
            Some(near) => format!("write `only-env={near}`"),
            None => format!("declare it in `schemactl.kdl`: `env {name} {{ url … }}`"),
        };
        Diagnostic::error(&E882, message).help(help)
    };
    unknown.map(diagnose).collect()
}

/// Whether the project has the environments that the schema's reference rows are for. A name is told once for a table.
pub(super) fn check(project: &Project, parsed: &Parsed) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for data in &parsed.state.data {
        let mut told: BTreeSet<&[Name]> = BTreeSet::new();
        for (key, row) in &data.rows {
            if !told.insert(&row.only_env) {
                continue;
            }
            let place = Place::Row(data.name.clone(), key.clone());
            let problems = unknown(project, &place.to_string(), row.only_env.iter().collect());
            let spot = parsed.places.get(&place);
            let at = |problem: Diagnostic| match spot {
                Some(spot) => problem.at(spot.head, ""),
                None => problem,
            };
            found.extend(problems.into_iter().map(at));
        }
    }
    found
}
