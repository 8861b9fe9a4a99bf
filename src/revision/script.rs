//! What a hook's script says: whether it is written yet, and its one spelling. No SQL is understood here.

use crate::change::{Down, Hook, Script, ScriptText};
use crate::name::DialectName;

/// How the text of a script begins that nobody has written yet.
pub const UNFILLED: &str = "-- unfilled";

/// The one spelling of a script: line ends are line feeds, and no white space stands around it.
pub(super) fn normalized(text: &str) -> Box<str> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).trim();
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

/// Whether a text is a stub: comments alone, of which the first says so.
#[must_use]
pub fn is_unfilled(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    lines.peek().is_some_and(|line| line.starts_with(UNFILLED)) && lines.all(|line| line.starts_with("--"))
}

/// The parts of a hook, `up` and `down`, that nobody has written yet for this dialect. A revision with such a hook can't
/// be applied.
#[must_use]
pub fn unfilled(hook: &Hook, dialect: &DialectName) -> Vec<&'static str> {
    if hook.only.as_ref().is_some_and(|only| only != dialect) {
        return Vec::new();
    }
    let is_unfilled = |script: &Script| match script {
        Script::Unfilled => true,
        Script::Nothing => false,
        Script::Text(ScriptText { sql, file: _ }) => is_unfilled(sql.get(dialect)),
    };
    let up = is_unfilled(&hook.up).then_some("up");
    let down = match &hook.down {
        Down::Script(script) => is_unfilled(script).then_some("down"),
        Down::Irreversible { reason: _ } => None,
    };
    up.into_iter().chain(down).collect()
}
