//! `--var`: what the command line says of the variables that hooks use.

use std::collections::BTreeMap;

use clap::Args;

use super::errors::E880;
use super::failure::Failure;
use crate::diagnostic::Diagnostic;

/// The values of variables.
#[derive(Debug, Args)]
pub(crate) struct VariableArgs {
    /// What a variable that hooks use is worth, before what the environment and the configuration say
    #[arg(long = "var", value_name = "NAME=VALUE")]
    variables: Vec<String>,
}

impl VariableArgs {
    /// The values by their names.
    ///
    /// # Errors
    /// E880: one has no `=`, or a name stands twice.
    pub(crate) fn by_name(&self) -> Result<BTreeMap<String, String>, Failure> {
        let mut found = BTreeMap::new();
        for text in &self.variables {
            let Some((name, value)) = text.split_once('=') else {
                // It may be a secret without its name.
                return Err(Diagnostic::error(&E880, "what stands behind `--var` is no name with a value")
                    .help("write `--var NAME=VALUE`")
                    .into());
            };
            if found.insert(name.to_owned(), value.to_owned()).is_some() {
                return Err(Diagnostic::error(&E880, format!("`--var` names `{name}` twice"))
                    .help("leave one of them out")
                    .into());
            }
        }
        Ok(found)
    }
}
