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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{ScriptText, Step};
    use crate::model::SqlText;
    use crate::revision::testing::{hook, name};

    #[test]
    fn a_stub_is_not_yet_a_script() {
        for (text, expected) in [
            ("-- unfilled", true),
            ("\n  -- unfilled: write this\n  -- and that\n", true),
            ("-- unfilled\nSELECT 1", false),
            ("-- nothing to do", false),
            ("", false),
        ] {
            assert_eq!(is_unfilled(text), expected, "{text}");
        }
    }

    #[test]
    fn a_hook_can_be_written_for_one_dialect_and_not_for_another() {
        let Step::Hook(mut hook) = hook("h") else { panic!("it is a hook") };
        let [one, other] = ["one", "other"].map(|dialect| DialectName::new(name(dialect)));
        let mut sql = SqlText::from(UNFILLED);
        sql.overrides.insert(one.clone(), "SELECT 1".into());
        hook.up = Script::Text(ScriptText { sql, file: None });
        assert!(unfilled(&hook, &one).is_empty());
        assert_eq!(unfilled(&hook, &other), ["up"]);
        hook.down = Down::Script(Script::Unfilled);
        assert_eq!(unfilled(&hook, &other), ["up", "down"]);
        hook.only = Some(one);
        assert!(unfilled(&hook, &other).is_empty());
    }
}
