//! Scripts cut into statements, and what a statement must not be where the caller owns the transaction and
//! the connection. Nothing is run and nothing is checked beyond that.

use super::compound::{Compound, KINDS};
use super::{Rules, Token, TokenKind, tokens};

/// Why a script has no end of its last statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} that opens at byte {at} is never closed")]
pub struct SplitError {
    /// What is left open.
    pub what: Unclosed,
    /// Where it opens, in bytes from the start of the script.
    pub at: usize,
}

/// What a script can leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unclosed {
    /// A string, whatever its quotes.
    #[error("a string")]
    String,
    /// A quoted identifier.
    #[error("a quoted name")]
    Quoted,
    /// A block comment.
    #[error("a comment")]
    Comment,
    /// A parenthesis.
    #[error("a parenthesis")]
    Parenthesis,
    /// The statements of a trigger or routine.
    #[error("a body")]
    Body,
}

/// Cuts a script at the semicolons between its statements. A statement keeps the comments inside it and in
/// front of it and loses white space around it and its semicolon; what holds only comments is left out.
///
/// # Errors
/// A string, quoted name, comment, parenthesis or body is never closed.
pub fn split<'a>(script: &'a str, rules: &Rules) -> Result<Vec<&'a str>, SplitError> {
    let mut statements = Vec::new();
    let mut rest = script;
    while !rest.is_empty() {
        let start = script.len() - rest.len();
        let (statement, behind) =
            first(rest, rules).map_err(|error| SplitError { at: start + error.at, ..error })?;
        statements.extend(statement);
        rest = behind;
    }
    Ok(statements)
}

/// The first statement of a script, unless it is empty, and what follows its semicolon.
///
/// # Errors
/// See [`split`].
pub fn first<'a>(script: &'a str, rules: &Rules) -> Result<(Option<&'a str>, &'a str), SplitError> {
    let mut statement = Statement::default();
    for token in tokens(script, rules) {
        closed(&token)?;
        if statement.ends_at(&token) {
            return Ok((statement.text(script), &script[token.span.end..]));
        }
        statement.take(&token, rules);
    }
    statement.complete()?;
    Ok((statement.text(script), ""))
}

/// The first statement of a script, unless it is empty, and what follows the mark that ends it, which stands in no string,
/// quoted name or comment. A semicolon before the mark is no part of the statement.
///
/// # Errors
/// A string, quoted name or comment is never closed.
pub fn first_until<'a>(
    script: &'a str,
    mark: &str,
    rules: &Rules,
) -> Result<(Option<&'a str>, &'a str), SplitError> {
    let mut is_empty = true;
    let (mut end, mut behind) = (script.len(), script.len());
    for token in tokens(script, rules) {
        let is_covered = matches!(token.kind, TokenKind::String | TokenKind::Quoted | TokenKind::Comment);
        let found = token.text.char_indices().map(|(at, _)| token.span.start + at);
        let found = found.filter(|_| !is_covered).find(|at| script[*at..].starts_with(mark));
        if let Some(at) = found {
            is_empty &= at == token.span.start || !token.is_significant();
            (end, behind) = (at, at + mark.len());
            break;
        }
        closed(&token)?;
        is_empty &= !token.is_significant();
    }
    let text = script[..end].trim().trim_end_matches(';').trim_end();
    Ok(((!is_empty).then_some(text), &script[behind..]))
}

fn closed(token: &Token<'_>) -> Result<(), SplitError> {
    if token.closed {
        return Ok(());
    }
    Err(SplitError { what: unclosed(token.kind), at: token.span.start })
}

/// The word with which a statement would begin or end a transaction or set or leave a savepoint, if it is such
/// a statement.
#[must_use]
pub fn transaction_control<'a>(statement: &'a str, rules: &Rules) -> Option<&'a str> {
    let mut words = tokens(statement, rules).filter(Token::is_significant);
    let first = words.next()?;
    let alone = ["BEGIN", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"];
    let with_transaction = ["START", "PREPARE"];
    let controls = alone.iter().any(|word| first.is_word(word))
        || (with_transaction.iter().any(|word| first.is_word(word))
            && words.next().is_some_and(|second| second.is_word("TRANSACTION")));
    controls.then_some(first.text)
}

/// The word with which a statement would end the open transaction, though it says nothing of one.
#[must_use]
pub fn implicit_commit<'a>(statement: &'a str, rules: &Rules) -> Option<&'a str> {
    let mut words = tokens(statement, rules).filter(Token::is_significant);
    let first = words.next().filter(|_| rules.schema_commits)?;
    let second = words.next();
    let is_second = |word: &str| second.as_ref().is_some_and(|second| second.is_word(word));
    let always = [
        "ALTER",
        "ANALYZE",
        "CACHE",
        "CHECK",
        "FLUSH",
        "GRANT",
        "INSTALL",
        "LOCK",
        "OPTIMIZE",
        "RENAME",
        "REPAIR",
        "RESET",
        "REVOKE",
        "TRUNCATE",
        "UNINSTALL",
        "UNLOCK",
        "XA",
    ];
    // What is temporary is the session's own.
    let commits = always.iter().any(|word| first.is_word(word))
        || (["CREATE", "DROP"].iter().any(|word| first.is_word(word)) && !is_second("TEMPORARY"))
        || (first.is_word("SET") && (is_second("PASSWORD") || is_second("AUTOCOMMIT")));
    commits.then_some(first.text)
}

/// The start of a statement that only a client program understands, or that would wait for data of a client:
/// `\connect`, `.read`, `DELIMITER`, `COPY … FROM STDIN`, `LOAD DATA LOCAL`.
#[must_use]
pub fn client_command<'a>(statement: &'a str, rules: &Rules) -> Option<&'a str> {
    let mut words = tokens(statement, rules).filter(Token::is_significant);
    let first = words.next()?;
    if first.is_mark("\\") || first.is_mark(".") {
        let end = words.next().map_or(first.span.end, |word| word.span.end);
        return statement.get(first.span.start..end);
    }
    if first.is_word("DELIMITER") {
        return Some(first.text);
    }
    let words: Vec<_> = words.collect();
    if first.is_word("LOAD") {
        let is_local = words.iter().take(3).any(|word| word.is_word("LOCAL"));
        return is_local.then_some(first.text);
    }
    if !first.is_word("COPY") {
        return None;
    }
    let streams = |pair: &[Token<'_>]| {
        matches!(pair, [way, end] if (way.is_word("FROM") && end.is_word("STDIN"))
            || (way.is_word("TO") && end.is_word("STDOUT")))
    };
    words.windows(2).any(streams).then_some(first.text)
}

/// The mark of a comment whose text would be run, and that is no statement to whoever reads the script: `/*!`, `/*M!`.
#[must_use]
pub fn executable_comment<'a>(script: &'a str, rules: &Rules) -> Option<&'a str> {
    let opens = |token: Token<'a>| {
        let mark = ["/*!", "/*M!"].into_iter().find(|mark| token.text.starts_with(mark))?;
        token.text.get(..mark.len()).filter(|_| token.kind == TokenKind::Comment)
    };
    tokens(script, rules).filter(|_| rules.executable_comments).find_map(opens)
}

fn unclosed(kind: TokenKind) -> Unclosed {
    match kind {
        TokenKind::Quoted => Unclosed::Quoted,
        TokenKind::Comment => Unclosed::Comment,
        TokenKind::String
        | TokenKind::Space
        | TokenKind::Word
        | TokenKind::Number
        | TokenKind::Operator
        | TokenKind::Mark => Unclosed::String,
    }
}

/// What has no body, where bodies hold statements.
const PLAIN: [&str; 12] = [
    "DATABASE", "FULLTEXT", "INDEX", "ROLE", "SCHEMA", "SEQUENCE", "SERVER", "SPATIAL", "TABLE", "UNIQUE",
    "USER", "VIEW",
];

/// What is known of the statement that is being read.
#[derive(Default)]
struct Statement {
    start: Option<usize>,
    end: usize,
    /// Whether it holds anything but comments.
    significant: bool,
    /// Where each open parenthesis stands.
    parentheses: Vec<usize>,
    head: Head,
    /// How many `BEGIN ATOMIC` and `CASE` are open, and where the first one stands.
    atomic: usize,
    atomic_start: usize,
    /// The blocks of a compound statement.
    compound: Option<Compound>,
    previous: Previous,
}

/// What the first words of a statement have said so far.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Head {
    #[default]
    Start,
    Create,
    Routine,
    Trigger(TriggerBody),
    Compound,
    Other,
}

/// How far a trigger whose body holds statements has been read: it ends at `; END`, and nowhere else.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TriggerBody {
    Open,
    AfterSemicolon,
    Closed,
}

/// What the last significant token says of a word behind it.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Previous {
    #[default]
    Plain,
    /// `BEGIN`, at this byte.
    Begin(usize),
    /// `.` or `AS`: the word is a name.
    Names,
}

impl Statement {
    fn ends_at(&self, token: &Token<'_>) -> bool {
        token.is_mark(";") && self.parentheses.is_empty() && self.open_body().is_none()
    }

    /// Where the body that is not closed yet opens.
    fn open_body(&self) -> Option<usize> {
        match self.head {
            Head::Trigger(TriggerBody::Open | TriggerBody::AfterSemicolon) => self.start,
            Head::Routine if self.atomic > 0 => Some(self.atomic_start),
            Head::Compound if self.compound.as_ref().is_some_and(Compound::is_open) => self.start,
            Head::Start
            | Head::Create
            | Head::Routine
            | Head::Trigger(TriggerBody::Closed)
            | Head::Compound
            | Head::Other => None,
        }
    }

    fn take(&mut self, token: &Token<'_>, rules: &Rules) {
        if token.kind == TokenKind::Space {
            return;
        }
        self.start.get_or_insert(token.span.start);
        self.end = token.span.end;
        if !token.is_significant() {
            return;
        }
        self.significant = true;
        if token.is_mark("(") {
            self.parentheses.push(token.span.start);
        } else if token.is_mark(")") {
            self.parentheses.pop();
        }
        match self.head {
            Head::Routine => self.follow_atomic(token),
            Head::Compound => {
                let depth = self.parentheses.len();
                self.compound.iter_mut().for_each(|compound| compound.take(token, depth));
            }
            Head::Start | Head::Create | Head::Trigger(_) | Head::Other => {}
        }
        let head = self.head.after(token, rules);
        if head == Head::Compound && self.head != head {
            self.compound = Some(Compound::of(token));
        }
        self.head = head;
        self.previous = if token.is_word("BEGIN") {
            Previous::Begin(token.span.start)
        } else if token.is_mark(".") || token.is_word("AS") {
            Previous::Names
        } else {
            Previous::Plain
        };
    }

    fn follow_atomic(&mut self, token: &Token<'_>) {
        match self.previous {
            Previous::Begin(at) if token.is_word("ATOMIC") => {
                if self.atomic == 0 {
                    self.atomic_start = at;
                }
                self.atomic += 1;
            }
            Previous::Names => {}
            Previous::Plain | Previous::Begin(_) if self.atomic == 0 => {}
            Previous::Plain | Previous::Begin(_) if token.is_word("CASE") => self.atomic += 1,
            Previous::Plain | Previous::Begin(_) if token.is_word("END") => self.atomic -= 1,
            Previous::Plain | Previous::Begin(_) => {}
        }
    }

    fn complete(&self) -> Result<(), SplitError> {
        if let Some(at) = self.open_body() {
            return Err(SplitError { what: Unclosed::Body, at });
        }
        match self.parentheses.last() {
            Some(at) => Err(SplitError { what: Unclosed::Parenthesis, at: *at }),
            None => Ok(()),
        }
    }

    fn text<'a>(&self, script: &'a str) -> Option<&'a str> {
        let start = self.start.filter(|_| self.significant)?;
        script.get(start..self.end)
    }
}

impl Head {
    fn after(self, token: &Token<'_>, rules: &Rules) -> Self {
        let is = |words: &[&str]| words.iter().any(|word| token.is_word(word));
        match self {
            Self::Start if is(&["CREATE"]) => Self::Create,
            Self::Create if is(&["OR", "REPLACE", "TEMP", "TEMPORARY"]) => Self::Create,
            Self::Create if rules.compound_bodies && is(&KINDS) => Self::Compound,
            // What stands between: who defines it, whether it replaces another one.
            Self::Create if rules.compound_bodies && !is(&PLAIN) => Self::Create,
            Self::Create if rules.trigger_bodies && is(&["TRIGGER"]) => Self::Trigger(TriggerBody::Open),
            Self::Create if rules.atomic_bodies && is(&["FUNCTION", "PROCEDURE"]) => Self::Routine,
            Self::Start | Self::Create | Self::Other => Self::Other,
            Self::Routine => Self::Routine,
            Self::Compound => Self::Compound,
            Self::Trigger(_) if token.is_mark(";") => Self::Trigger(TriggerBody::AfterSemicolon),
            Self::Trigger(TriggerBody::AfterSemicolon) if is(&["END"]) => Self::Trigger(TriggerBody::Closed),
            Self::Trigger(_) => Self::Trigger(TriggerBody::Open),
        }
    }
}
