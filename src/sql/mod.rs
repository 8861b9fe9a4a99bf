//! SQL read as tokens, never as a grammar: one lexer that a small [`Rules`] value fits to a database. It splits
//! scripts, finds identifiers and renames them. It knows no database by name and understands no statement.

mod compare;
mod compound;
mod created;
mod identifiers;
mod lexer;
mod placeholder;
mod quote;
mod relation;
mod rename;
mod spelling;
mod split;

pub use compare::same_tokens;
pub use created::{concerned, created};
pub use identifiers::{Identifier, identifiers};
pub use lexer::{Token, TokenKind, tokens};
pub use placeholder::{Placeholder, fill, placeholders};
pub use relation::may_be_relations;
pub use rename::{Mention, mention_of_column, rename_column, rename_identifier, rename_table};
pub use split::{
    SplitError, Unclosed, client_command, executable_comment, first, first_until, implicit_commit, split,
    transaction_control,
};

/// How a database reads the characters of SQL. Features, so that the reader needs no list of databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// `$tag$ … $tag$` is a string.
    pub dollar_quotes: bool,
    /// `E'…'` is a string with backslash escapes.
    pub escape_strings: bool,
    /// A backslash escapes the next character in every string.
    pub backslash_escapes: bool,
    /// A block comment may hold block comments.
    pub nested_comments: bool,
    /// `#` opens a comment that ends with the line.
    pub hash_comments: bool,
    /// What stands in `/*! … */` and `/*M! … */` is run, though other databases take it for a comment.
    pub executable_comments: bool,
    /// `--` opens a comment only where white space or the end follows.
    pub dash_comments_need_space: bool,
    /// A carriage return alone ends a line comment.
    pub return_ends_comment: bool,
    /// `[name]` is an identifier.
    pub bracket_identifiers: bool,
    /// `` `name` `` is an identifier.
    pub backtick_identifiers: bool,
    /// `"…"` is a string and not an identifier.
    pub double_quoted_strings: bool,
    /// `BEGIN ATOMIC … END` holds statements.
    pub atomic_bodies: bool,
    /// `CREATE TRIGGER … BEGIN … END` holds statements.
    pub trigger_bodies: bool,
    /// `CREATE PROCEDURE … BEGIN … END` holds statements, and so do functions, triggers and events, with or without BEGIN.
    pub compound_bodies: bool,
    /// A statement that changes the schema, or locks tables, ends the transaction that is open.
    pub schema_commits: bool,
    /// How two spellings of a name compare.
    pub case: Case,
    /// Words that are no names, in lower case: outside of quotes, unless a dot stands before them.
    pub reserved: &'static [&'static str],
}

/// How two spellings of a name compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// Unquoted names are read in lower case; quoted ones as they are.
    FoldsToLower,
    /// The case of ASCII letters never matters, quoted or not.
    Ignored,
}

/// Words that are no name to any database, unless they stand in quotes.
const RESERVED: [&str; 22] = [
    "and", "as", "case", "check", "create", "default", "else", "from", "group", "having", "in", "into", "is",
    "not", "null", "on", "or", "order", "select", "then", "when", "where",
];

impl Rules {
    /// What the SQL standard says, as the base of struct updates: quotes doubled, comments nested.
    pub const STANDARD: Self = Self {
        dollar_quotes: false,
        escape_strings: false,
        backslash_escapes: false,
        nested_comments: true,
        hash_comments: false,
        executable_comments: false,
        dash_comments_need_space: false,
        return_ends_comment: false,
        bracket_identifiers: false,
        backtick_identifiers: false,
        double_quoted_strings: false,
        atomic_bodies: true,
        trigger_bodies: false,
        compound_bodies: false,
        schema_commits: false,
        case: Case::FoldsToLower,
        reserved: &RESERVED,
    };

    /// A text of the schema that may be for any database, and quotes names as that one does.
    pub const SHARED: Self = Self { backtick_identifiers: true, ..Self::STANDARD };
}

#[cfg(test)]
mod tests;
