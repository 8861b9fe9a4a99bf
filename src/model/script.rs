//! What the SQL of a raw object creates, as far as its first words tell. No grammar, and no dialect.

use super::RawObject;
use crate::sql::{self, Rules, Token, TokenKind, identifiers, split, tokens};

pub(super) const RULES: Rules = Rules { dollar_quotes: true, escape_strings: true, ..Rules::SHARED };

/// How databases read the characters of a script, the usual way first. What one can't read, or reads as something else,
/// another one may: an object does not say whose SQL it is. Triggers have a body between BEGIN and END on one, and none
/// on another.
const READINGS: [Rules; 4] = [
    Rules { trigger_bodies: true, ..RULES },
    RULES,
    Rules { nested_comments: false, bracket_identifiers: true, trigger_bodies: true, ..RULES },
    Rules {
        nested_comments: false,
        backslash_escapes: true,
        hash_comments: true,
        dash_comments_need_space: true,
        double_quoted_strings: true,
        compound_bodies: true,
        ..RULES
    },
];

/// What can stand between CREATE and the kind of what it creates.
const MODIFIERS: [&str; 10] = [
    "or",
    "replace",
    "temp",
    "temporary",
    "unlogged",
    "virtual",
    "unique",
    "constraint",
    "recursive",
    "trusted",
];

/// Kinds of objects that hold no rows and no numbers, so that dropping and creating them anew loses nothing.
const WITHOUT_ROWS: [&str; 10] = [
    "aggregate",
    "function",
    "index",
    "materialized",
    "policy",
    "procedure",
    "rule",
    "statistics",
    "trigger",
    "view",
];

/// What can stand between the kind of what is created and its name.
const KIND_WORDS: [&str; 15] = [
    "class",
    "configuration",
    "data",
    "dictionary",
    "exists",
    "family",
    "if",
    "method",
    "not",
    "parser",
    "search",
    "table",
    "template",
    "view",
    "wrapper",
];

impl RawObject {
    /// What its SQL creates first, in the one word behind CREATE: `function`, `trigger`. `None` if it begins
    /// otherwise.
    #[must_use]
    pub fn kind(&self) -> Option<String> {
        created(statements(&self.create.common).first()?, &RULES)
    }

    /// What SQL calls the thing that it creates first, without a namespace: a name as it stands between quotes, the
    /// characters of an operator. `None` if its SQL begins otherwise.
    #[must_use]
    pub fn created_name(&self) -> Option<String> {
        let statements = statements(&self.create.common);
        let mut tokens = tokens(statements.first()?, &RULES).filter(Token::is_significant).peekable();
        tokens.next().filter(|token| token.is_word("create"))?;
        tokens.find(|token| !MODIFIERS.iter().any(|modifier| token.is_word(modifier)))?;
        let mut name = None;
        while let Some(token) = tokens.next() {
            let more = KIND_WORDS.iter().any(|word| token.is_word(word));
            if more && tokens.peek().is_some_and(|next| !next.is_mark("(") && !next.is_mark(".")) {
                continue;
            }
            name = match token.kind {
                TokenKind::Operator => Some(token.text.to_owned()),
                _ => identifiers(token.text, &RULES).next().map(|name| name.name.into_owned()),
            };
            if tokens.next_if(|next| next.is_mark(".")).is_none() {
                break;
            }
        }
        name
    }

    /// Whether dropping it and creating it anew loses nothing.
    #[must_use]
    pub fn holds_no_rows(&self) -> bool {
        let statements = statements(&self.create.common);
        let harmless = |statement: &str| match words(statement, &RULES).next().as_deref() {
            Some("create") => created(statement, &RULES).is_some_and(|kind| WITHOUT_ROWS.contains(&&*kind)),
            Some("comment" | "grant" | "revoke") => true,
            Some("alter") => !adds_column(statement),
            Some(_) | None => false,
        };
        !statements.is_empty() && statements.into_iter().all(harmless) && !self.holds_rows()
    }

    /// Whether it creates tables, whose rows go when it is dropped. It does if any database reads it so, and if none can
    /// read it and it speaks of tables.
    #[must_use]
    pub fn holds_rows(&self) -> bool {
        self.create.values().any(|script| {
            let mut readings = readings(script).peekable();
            if readings.peek().is_none() {
                return script.to_ascii_lowercase().contains("table");
            }
            readings.any(|(rules, statements)| {
                let lasts = |text: &&&str| !words(text, rules).take(2).any(|word| word.starts_with("temp"));
                let mut created = statements.iter().filter(lasts).filter_map(|text| created(text, rules));
                created.any(|kind| kind == "table")
            })
        })
    }

    /// Whether its SQL, as any database reads it, creates something of one of these kinds, in small letters.
    #[must_use]
    pub fn creates(&self, kinds: &[&str]) -> bool {
        self.create.values().flat_map(|script| readings(script)).any(|(rules, statements)| {
            let mut created = statements.iter().filter_map(|text| created(text, rules));
            created.any(|kind| kinds.contains(&kind.as_str()))
        })
    }
}

/// The statements of any dialect's script; none if it can't be read.
pub(super) fn statements(script: &str) -> Vec<&str> {
    readings(script).next().map_or_else(Vec::new, |(_, statements)| statements)
}

/// The statements of a script, in each of the ways in which it can be read.
fn readings(script: &str) -> impl Iterator<Item = (&'static Rules, Vec<&str>)> {
    READINGS.iter().filter_map(move |rules| Some((rules, split(script, rules).ok()?)))
}

/// Whether an ALTER statement may add a column, which has values.
fn adds_column(statement: &str) -> bool {
    let words: Vec<String> = words(statement, &RULES).collect();
    words.windows(2).any(|pair| pair[0] == "add" && pair[1] != "constraint")
}

/// What a CREATE statement creates.
fn created(statement: &str, rules: &Rules) -> Option<String> {
    let mut words = words(statement, rules);
    words.next().filter(|word| word == "create")?;
    let kind = words.find(|word| !MODIFIERS.contains(&word.as_str()))?;
    // What says who made it, or how, is of any length.
    let is_head = ["algorithm", "definer", "sql"].contains(&kind.as_str());
    if is_head { sql::created(statement, rules).map(|(kind, _)| kind) } else { Some(kind) }
}

fn words(statement: &str, rules: &Rules) -> impl Iterator<Item = String> {
    let words = tokens(statement, rules).filter(Token::is_significant);
    words.map(|token| token.text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SqlText;
    use crate::name::{Name, ObjectName};

    #[test]
    fn what_a_script_creates_is_known_by_its_words() {
        for (script, kind, without_rows, rows) in [
            ("CREATE OR REPLACE FUNCTION f() RETURNS int AS $$ SELECT 1; $$", "function", true, false),
            (
                "CREATE TRIGGER a UPDATE ON t BEGIN SELECT 1; END; COMMENT ON TRIGGER a ON t IS ''",
                "trigger",
                true,
                false,
            ),
            ("CREATE TRIGGER a UPDATE ON t EXECUTE FUNCTION f()", "trigger", true, false),
            ("CREATE TEMP VIEW v AS SELECT 1", "view", true, false),
            (
                "CREATE OR REPLACE DEFINER=`a`@`b` TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET @a = 1",
                "trigger",
                true,
                false,
            ),
            ("SET @a = 1; CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW v AS SELECT 1", "", false, false),
            ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID", "", true, false),
            ("ALTER TABLE t ALTER COLUMN a SET STATISTICS 100, ADD COLUMN b int", "", false, false),
            (
                "CREATE TRIGGER a UPDATE ON t EXECUTE FUNCTION f(); ALTER TABLE t DISABLE TRIGGER a",
                "trigger",
                true,
                false,
            ),
            ("CREATE DOMAIN d AS int", "domain", false, false),
            ("CREATE SEQUENCE s", "sequence", false, false),
            ("CREATE UNLOGGED TABLE t (a int)", "table", false, true),
            ("CREATE VIRTUAL TABLE t USING fts5(a)", "table", false, true),
            (
                "CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$; CREATE TABLE t (a int)",
                "function",
                false,
                true,
            ),
            (
                "CREATE PROCEDURE p() BEGIN CREATE TEMPORARY TABLE t (a int); SELECT 1; CREATE TEMPORARY TABLE u (a int); END",
                "procedure",
                false,
                false,
            ),
            ("INSERT INTO t VALUES (1)", "", false, false),
            ("CREATE TABLE q ([it's] text)", "table", false, true),
            ("CREATE VIEW [it's] AS SELECT 1; CREATE TABLE q ([it's] text)", "view", false, true),
            ("CREATE TABLE `it's` (a text)", "table", false, true),
            (r"CREATE TABLE t (a text DEFAULT ('it\'s'))", "table", false, true),
            (r"CREATE TABLE t (a text DEFAULT (E'it\'s'))", "table", false, true),
            ("CREATE TABLE t (a int # it's one\n)", "table", false, true),
            ("CREATE TABLE t (a text DEFAULT 'x", "", false, true),
            ("SELECT 'x", "", false, false),
        ] {
            let name = ObjectName::unqualified(Name::new("x").unwrap());
            let (create, drop) = (SqlText::from(script), SqlText::from(""));
            let object = RawObject { name, only: None, create, drop, depends_on: Vec::new() };
            assert_eq!(object.kind().unwrap_or_default(), kind, "{script}");
            assert_eq!((object.holds_no_rows(), object.holds_rows()), (without_rows, rows), "{script}");
        }
    }

    #[test]
    fn what_is_created_has_a_name() {
        for (script, name) in [
            ("CREATE OR REPLACE FUNCTION public.\"F x\"() RETURNS int AS $$ SELECT 1; $$", "F x"),
            ("CREATE OPERATOR CLASS a.\"my ops\" FOR TYPE text USING btree AS STORAGE text", "my ops"),
            ("CREATE OPERATOR a.=== (FUNCTION = f)", "==="),
            ("CREATE TEXT SEARCH CONFIGURATION Plain (PARSER = p)", "plain"),
            ("CREATE TABLE IF NOT EXISTS \"if\" (a int)", "if"),
            ("CREATE FUNCTION data(int) RETURNS int AS ''", "data"),
            ("ALTER TABLE t ADD CONSTRAINT c CHECK (true)", ""),
        ] {
            let name_ = ObjectName::unqualified(Name::new("x").unwrap());
            let (create, drop) = (SqlText::from(script), SqlText::from(""));
            let object = RawObject { name: name_, only: None, create, drop, depends_on: Vec::new() };
            assert_eq!(object.created_name().unwrap_or_default(), name, "{script}");
        }
    }
}
