//! What a person has to agree to before a database changes: that data is lost, and that a protected environment is
//! touched at all.

use super::context::Context;
use super::errors::{E831, E832};
use super::exit::Exit;
use super::failure::Failure;
use super::prompt::Prompt;
use super::shell;
use crate::change::{Op, is_agreed, losses};
use crate::diagnostic::Diagnostic;
use crate::project::environment::Target;

/// Up to how many names are spelled out in the option that agrees.
const NAMES_MAX: usize = 6;

/// Refuses operations that lose data unless the loss was agreed to, by name or with `all`.
///
/// # Errors
/// E831: what is lost that nobody agreed to lose, and the option that agrees.
pub(crate) fn consent(ops: &[Op], allowed: &[String]) -> Result<(), Failure> {
    let (mut names, mut lost): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for (op, what) in losses(ops) {
        let name = op.subject();
        if is_agreed(allowed, &name) {
            continue;
        }
        if !names.contains(&name) {
            names.push(name);
        }
        lost.push(what);
    }
    if names.is_empty() {
        return Ok(());
    }
    let problem = Diagnostic::error(&E831, format!("this loses {}", lost.join(", ")))
        .help(format!("if {}", agreeing(&names)));
    Err(problem.into())
}

/// The words that name the option which agrees to losing these, behind an "if".
pub(crate) fn agreeing(names: &[String]) -> String {
    match names.len() > NAMES_MAX {
        true => "all of that is meant, run it with `--allow-destructive all`".to_owned(),
        false => {
            format!("that is meant, run it with `--allow-destructive {}`", shell::word(&names.join(",")))
        }
    }
}

/// Asks before a protected environment changes; `yes` is the answer given ahead.
///
/// # Errors
/// The answer was no, or nobody can be asked (E832).
pub(crate) fn protect(context: &mut Context, target: &Target, yes: bool) -> Result<(), Failure> {
    if !target.policy.protect || yes {
        return Ok(());
    }
    let name = target.environment.as_ref().map_or("this environment", |name| name.as_str());
    let Some(prompt) = Prompt::available(context) else {
        let message = format!("`{name}` is protected, and nobody can be asked");
        let problem = Diagnostic::error(&E832, message).help("run it on a terminal, or with `--yes`");
        return Err(problem.into());
    };
    if prompt.confirm(&format!("`{name}` is protected. Go on?"))? {
        return Ok(());
    }
    context.printer.note(format_args!("`{name}` was left as it is"));
    Err(Failure { exit: Exit::DECISION, diagnostics: Vec::new() })
}
