//! The options that tables, columns, indexes and checks can have for MySQL and MariaDB: which there are, what values
//! they take, and how they are written.

use super::errors::{E563, E570};
use super::quote::ident;
use crate::diagnostic::{Diagnostic, near};
use crate::model::{Column, Options, TableSettings, Value};

pub(super) const ENGINE: &str = "engine";
pub(super) const CHARSET: &str = "charset";
pub(super) const COLLATION: &str = "collation";
pub(super) const ROW_FORMAT: &str = "row-format";
pub(super) const KEY_BLOCK_SIZE: &str = "key-block-size";
pub(super) const STATS_PERSISTENT: &str = "stats-persistent";
pub(super) const STATS_AUTO_RECALC: &str = "stats-auto-recalc";
pub(super) const STATS_SAMPLE_PAGES: &str = "stats-sample-pages";
pub(super) const ON_UPDATE: &str = "on-update";
pub(super) const INVISIBLE: &str = "invisible";
pub(super) const SRID: &str = "srid";
pub(super) const COMPRESSED: &str = "compressed";
pub(super) const PARSER: &str = "parser";
pub(super) const COMMENT: &str = "comment";
pub(super) const ENFORCED: &str = "enforced";

/// What an option's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// True or false.
    Switch,
    /// A whole number.
    Number,
    /// A word of letters, digits and underscores.
    Word,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// An expression.
    Expression,
    /// Any text.
    Text,
}

const ROW_FORMATS: &[&str] = &["default", "dynamic", "compact", "redundant", "compressed"];

/// What can have options, as its word in messages, with those that it can have.
type Known = (&'static str, &'static [(&'static str, Form)]);

const TABLE: Known = (
    "table",
    &[
        (ENGINE, Form::Word),
        (ROW_FORMAT, Form::OneOf(ROW_FORMATS)),
        (KEY_BLOCK_SIZE, Form::Number),
        (CHARSET, Form::Word),
        (COLLATION, Form::Word),
        (STATS_PERSISTENT, Form::Switch),
        (STATS_AUTO_RECALC, Form::Switch),
        (STATS_SAMPLE_PAGES, Form::Number),
    ],
);
const COLUMN: Known = (
    "column",
    &[
        (ON_UPDATE, Form::Expression),
        (INVISIBLE, Form::Switch),
        (CHARSET, Form::Word),
        (SRID, Form::Number),
        (COMPRESSED, Form::Switch),
    ],
);
const INDEX: Known = ("index", &[(INVISIBLE, Form::Switch), (PARSER, Form::Word)]);
const PRIMARY_KEY: Known = ("primary key", &[(COMMENT, Form::Text)]);
const UNIQUE: Known = ("unique constraint", &[]);
const CHECK: Known = ("check", &[(ENFORCED, Form::Switch)]);

/// The value of an option of a projected thing.
pub(super) fn get<'o>(options: &'o Options, word: &str) -> Option<&'o Value> {
    options.values().find_map(|set| set.get(word))
}

/// The word that an option has as its value.
pub(super) fn word<'o>(options: &'o Options, word: &str) -> Option<&'o str> {
    match get(options, word) {
        Some(Value::Text(text) | Value::Number(text) | Value::Sql(text)) => Some(text),
        Some(Value::Null | Value::Bool(_)) | None => None,
    }
}

/// How many bytes a character of a column's texts may take, as far as that is told.
pub(super) fn widths(column: &Column, settings: &TableSettings) -> &'static [u32] {
    let charset = word(&column.options, CHARSET)
        .or(column.collation.common.as_deref())
        .or_else(|| word(&settings.options, CHARSET))
        .or_else(|| word(&settings.options, COLLATION));
    match charset.and_then(|name| name.split('_').next()) {
        Some("utf8mb4") => &[4],
        Some("utf8mb3" | "utf8") => &[3],
        Some("latin1" | "ascii") => &[1],
        Some(_) | None => &[1, 2, 3, 4],
    }
}

/// Whether a switch is on; `otherwise` where nothing is said.
pub(super) fn switch(options: &Options, word: &str, otherwise: bool) -> bool {
    match get(options, word) {
        Some(Value::Bool(on)) => *on,
        Some(Value::Null | Value::Number(_) | Value::Text(_) | Value::Sql(_)) | None => otherwise,
    }
}

/// The options of a table as they stand behind CREATE TABLE.
pub(super) fn table(settings: &TableSettings) -> Vec<String> {
    TABLE.1.iter().filter_map(|(word, _)| clause(word, get(&settings.options, word)?)).collect()
}

fn clause(word: &str, value: &Value) -> Option<String> {
    let text = match value {
        Value::Bool(on) => u8::from(*on).to_string(),
        Value::Number(text) | Value::Text(text) | Value::Sql(text) => text.to_string(),
        Value::Null => return None,
    };
    Some(match word {
        CHARSET => format!("DEFAULT CHARSET={text}"),
        COLLATION => format!("COLLATE={text}"),
        ENGINE => format!("ENGINE={text}"),
        word => format!("{}={}", word.replace('-', "_").to_ascii_uppercase(), text.to_ascii_uppercase()),
    })
}

/// What leads from one set of a table's options to another.
#[derive(Debug, Clone, Default)]
pub(super) struct Changes {
    /// The clauses of ALTER TABLE.
    pub(super) clauses: Vec<String>,
    /// Whether the rows are written anew.
    pub(super) rewrites: bool,
    /// Whether the table's character set and collation are those of the database from now on.
    pub(super) inherits: bool,
}

impl Changes {
    /// Whether there is nothing to do.
    pub(super) fn is_empty(&self) -> bool {
        self.clauses.is_empty() && !self.inherits
    }
}

/// What leads from one set of options to another. What isn't said any more becomes what it is in a new table.
pub(super) fn changes(from: &TableSettings, to: &TableSettings) -> Changes {
    let differs = |word: &str| get(&from.options, word) != get(&to.options, word);
    let recoded = [CHARSET, COLLATION].into_iter().any(differs);
    let mut changes = Changes::default();
    for (word, _) in TABLE.1 {
        // A character set brings its own collation along, so that both are said.
        let is_charset = [CHARSET, COLLATION].contains(word);
        if !(differs(word) || is_charset && recoded) {
            continue;
        }
        let clause = match get(&to.options, word) {
            Some(value) => clause(word, value),
            None => reset(word).map(str::to_owned),
        };
        if let Some(clause) = clause {
            changes.rewrites |= matches!(*word, ENGINE | ROW_FORMAT | KEY_BLOCK_SIZE);
            changes.clauses.push(clause);
        }
    }
    let said = [CHARSET, COLLATION].into_iter().any(|word| get(&to.options, word).is_some());
    changes.inherits = recoded && !said;
    changes
}

fn reset(word: &str) -> Option<&'static str> {
    match word {
        ROW_FORMAT => Some("ROW_FORMAT=DEFAULT"),
        KEY_BLOCK_SIZE => Some("KEY_BLOCK_SIZE=0"),
        STATS_PERSISTENT => Some("STATS_PERSISTENT=DEFAULT"),
        STATS_AUTO_RECALC => Some("STATS_AUTO_RECALC=DEFAULT"),
        STATS_SAMPLE_PAGES => Some("STATS_SAMPLE_PAGES=DEFAULT"),
        _ => None,
    }
}

/// What an index's parser is written as.
pub(super) fn parser(options: &Options) -> String {
    word(options, PARSER).map(|parser| format!(" WITH PARSER {}", ident(parser))).unwrap_or_default()
}

/// What is wrong with a table's options.
pub(super) fn check_table(name: &str, settings: &TableSettings) -> Vec<Diagnostic> {
    let mut problems = check(TABLE, name, &settings.options);
    if let Some(engine) = word(&settings.options, ENGINE)
        && !engine.eq_ignore_ascii_case("innodb")
    {
        let message = format!("table `{name}` has the engine `{engine}`, which can't undo what failed");
        problems.push(Diagnostic::error(&E570, message).help("write `engine=InnoDB`, or leave it away"));
    }
    problems
}

/// What is wrong with a column's options.
pub(super) fn check_column(name: &str, options: &Options) -> Vec<Diagnostic> {
    check(COLUMN, name, options)
}

/// What is wrong with an index's options.
pub(super) fn check_index(name: &str, options: &Options) -> Vec<Diagnostic> {
    check(INDEX, name, options)
}

/// What is wrong with the options of a primary key.
pub(super) fn check_primary_key(name: &str, options: &Options) -> Vec<Diagnostic> {
    check(PRIMARY_KEY, name, options)
}

/// What is wrong with the options of a unique constraint.
pub(super) fn check_unique(name: &str, options: &Options) -> Vec<Diagnostic> {
    check(UNIQUE, name, options)
}

/// What is wrong with a check's options.
pub(super) fn check_check(name: &str, options: &Options) -> Vec<Diagnostic> {
    check(CHECK, name, options)
}

fn check((kind, known): Known, name: &str, options: &Options) -> Vec<Diagnostic> {
    let set = options.values().flatten().map(|(word, value)| (&**word, value));
    let problem = |(word, value): (&str, &Value)| {
        let Some((_, form)) = known.iter().find(|(known, _)| *known == word) else {
            let message = format!("{kind} `{name}` has an option `{word}`, which MySQL doesn't know");
            let help = match near(word, known.iter().map(|(known, _)| *known)) {
                Some(known) => format!("write `{known}`"),
                None if word == "comment" => "write it behind the name, outside of `options`".to_owned(),
                None => "remove it, or set it in a raw `object`".to_owned(),
            };
            return Some(Diagnostic::error(&E563, message).help(help));
        };
        let expected = form.refusal(value)?;
        let message = format!("option `{word}` of {kind} `{name}` can't have this value");
        Some(Diagnostic::error(&E563, message).help(format!("give it {expected}")))
    };
    set.filter_map(problem).collect()
}

impl Form {
    /// What is expected where this value doesn't fit.
    fn refusal(self, value: &Value) -> Option<String> {
        let is_word =
            |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        match (self, value) {
            (Self::Switch, Value::Bool(_)) => None,
            (Self::Switch, _) => Some("`#true` or `#false`".to_owned()),
            (Self::Number, Value::Number(text)) if text.bytes().all(|byte| byte.is_ascii_digit()) => None,
            (Self::Number, _) => Some("a whole number".to_owned()),
            (Self::Word, Value::Text(text)) if is_word(text) => None,
            (Self::Word, _) => Some("a word".to_owned()),
            (Self::OneOf(words), Value::Text(text))
                if words.iter().any(|known| known.eq_ignore_ascii_case(text)) =>
            {
                None
            }
            (Self::OneOf(words), _) => Some(format!("one of `{}`", words.join("`, `"))),
            (Self::Text, Value::Text(_)) => None,
            (Self::Text, _) => Some("a text".to_owned()),
            (Self::Expression, Value::Sql(_)) => None,
            (Self::Expression, _) => Some("`(sql)\"CURRENT_TIMESTAMP\"`".to_owned()),
        }
    }
}
