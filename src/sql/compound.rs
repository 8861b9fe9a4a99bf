//! The compound statements of MySQL and MariaDB: which blocks of a trigger, routine or event are open. Whether a word opens
//! or closes one depends on where it stands: `IF` and `REPEAT` are functions too, `CASE` is an expression, `end` a name.

use super::Token;

/// What has a body that holds statements.
pub(super) const KINDS: [&str; 4] = ["EVENT", "FUNCTION", "PROCEDURE", "TRIGGER"];

/// Words that begin a statement without blocks of its own.
const SIMPLE: [&str; 24] = [
    "ALTER", "CALL", "CREATE", "DELETE", "DO", "DROP", "EXECUTE", "FLUSH", "GET", "GRANT", "INSERT", "KILL",
    "LOAD", "PREPARE", "RENAME", "REPLACE", "RESIGNAL", "RETURN", "SELECT", "SET", "SIGNAL", "TRUNCATE",
    "UPDATE", "WITH",
];

/// What is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    /// `BEGIN`, `IF` and `LOOP`, which end at a word in front of which a statement ended.
    Statements,
    /// `WHILE` and `FOR`, whose statements begin at `DO`.
    Counted,
    /// `CASE` with statements.
    Case,
    /// `REPEAT` in front of `UNTIL`.
    Repeat,
    /// The condition behind `UNTIL`.
    Until,
    /// `CASE` with expressions.
    Expression,
}

/// What the next word can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The name of what is created, or `IF NOT EXISTS` in front of it.
    Name,
    /// Something of the head, or the first word of the body.
    Head,
    /// The first word of a statement.
    Start,
    /// Something behind `HANDLER`, or the first word of its statement.
    Handler,
    /// Something within a statement.
    Within,
    /// What says again which block has ended.
    Ended,
}

/// A trigger, routine or event in the reading.
#[derive(Debug)]
pub(super) struct Compound {
    open: Vec<Block>,
    place: Place,
    /// The word behind which a body begins, where the head has words that begin statements elsewhere.
    mark: Option<&'static str>,
    declares: bool,
    is_name: bool,
    /// Whether `SET` would be part of a type: `RETURNS SET('a')`, `CHARACTER SET`.
    is_type: bool,
}

impl Compound {
    /// Behind the word for what it is.
    pub(super) fn of(kind: &Token<'_>) -> Self {
        let mark = match () {
            () if kind.is_word("TRIGGER") => Some("ROW"),
            () if kind.is_word("EVENT") => Some("DO"),
            () => None,
        };
        Self { open: Vec::new(), place: Place::Name, mark, declares: false, is_name: false, is_type: false }
    }

    /// Whether a block is open.
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Takes the next token; `depth` parentheses are open around it.
    pub(super) fn take(&mut self, token: &Token<'_>, depth: usize) {
        let is_name = std::mem::replace(&mut self.is_name, token.is_mark(".") || token.is_word("AS"));
        let is_type = ["CHAR", "CHARACTER", "RETURNS"].iter().any(|word| token.is_word(word));
        let is_type = std::mem::replace(&mut self.is_type, is_type);
        if let Some(mark) = self.mark {
            if depth == 0 && token.is_word(mark) && self.place == Place::Head {
                (self.mark, self.place) = (None, if mark == "ROW" { Place::Head } else { Place::Start });
            } else {
                self.place = Place::Head;
            }
            return;
        }
        self.place = match self.place {
            Place::Name => Place::Head,
            Place::Head | Place::Handler if depth > 0 => self.place,
            Place::Head if is_type && token.is_word("SET") => Place::Head,
            place if token.is_mark(";") => {
                self.declares = false;
                if place == Place::Head { place } else { Place::Start }
            }
            Place::Within | Place::Ended if is_name => Place::Within,
            place => self.follow(token, place),
        };
    }

    /// The place behind a word that is no name.
    fn follow(&mut self, token: &Token<'_>, place: Place) -> Place {
        let is = |words: &[&str]| words.iter().any(|word| token.is_word(word));
        let last = self.open.last().copied();
        if matches!(place, Place::Head | Place::Start | Place::Handler) {
            let opened = match () {
                () if is(&["BEGIN", "LOOP"]) => Some((Block::Statements, Place::Start)),
                () if is(&["IF"]) => Some((Block::Statements, Place::Within)),
                () if is(&["REPEAT"]) => Some((Block::Repeat, Place::Start)),
                () if is(&["CASE"]) => Some((Block::Case, Place::Within)),
                () if is(&["WHILE"]) || is(&["FOR"]) && place != Place::Handler => {
                    Some((Block::Counted, Place::Within))
                }
                () => None,
            };
            if let Some((block, next)) = opened {
                self.open.push(block);
                return next;
            }
        }
        match place {
            Place::Head | Place::Handler if is(&SIMPLE) => Place::Within,
            Place::Name | Place::Head | Place::Handler => place,
            Place::Start if is(&["END"]) => {
                self.open.pop();
                Place::Ended
            }
            Place::Start if is(&["UNTIL"]) && last == Some(Block::Repeat) => {
                self.open.pop();
                self.open.push(Block::Until);
                Place::Within
            }
            Place::Start if is(&["DECLARE"]) => {
                self.declares = true;
                Place::Within
            }
            // `BEGIN NOT ATOMIC`
            Place::Start if is(&["NOT", "ATOMIC"]) => Place::Start,
            Place::Start if is(&["ELSE"]) => Place::Start,
            Place::Start => Place::Within,
            Place::Ended => Place::Within,
            Place::Within => self.within(token, last),
        }
    }

    fn within(&mut self, token: &Token<'_>, last: Option<Block>) -> Place {
        let is = |words: &[&str]| words.iter().any(|word| token.is_word(word));
        let in_expression = matches!(last, Some(Block::Expression | Block::Until) | None);
        match () {
            () if is(&["CASE"]) => {
                self.open.push(Block::Expression);
                Place::Within
            }
            () if is(&["END"]) && matches!(last, Some(Block::Expression | Block::Until)) => {
                self.open.pop();
                if last == Some(Block::Until) { Place::Ended } else { Place::Within }
            }
            () if is(&["THEN", "ELSE"]) && !in_expression => Place::Start,
            () if is(&["DO"]) && last == Some(Block::Counted) => Place::Start,
            () if is(&["HANDLER"]) && self.declares => Place::Handler,
            // A label.
            () if token.text == ":" => Place::Start,
            () => Place::Within,
        }
    }
}
