//! How a new name is written in place of an old one inside SQL that people wrote: bare where it can stand so,
//! in the quotes of what it replaces where not. SQL that the tool writes itself is quoted by its dialect.

use super::{Case, Rules, Token, TokenKind};

/// The name as the replaced token was spelled: in the same quotes, or bare if it can stand so.
pub(super) fn spell(name: &str, replaced: &Token<'_>, rules: &Rules) -> String {
    let quote = replaced.text.chars().next().filter(|_| replaced.kind == TokenKind::Quoted);
    match quote {
        None if is_bare(name, rules) => name.to_owned(),
        Some('[') if !name.contains(']') => format!("[{name}]"),
        Some('`') => format!("`{}`", name.replace('`', "``")),
        None if rules.double_quoted_strings => format!("`{}`", name.replace('`', "``")),
        Some(_) | None => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// Whether a name can stand without quotes everywhere: lower case or where case is ignored, and no keyword.
fn is_bare(name: &str, rules: &Rules) -> bool {
    let letter = |byte: u8| match rules.case {
        Case::FoldsToLower => byte.is_ascii_lowercase() || byte == b'_',
        Case::Ignored => byte.is_ascii_alphabetic() || byte == b'_',
    };
    let begins = name.bytes().next().is_some_and(letter);
    begins
        && name.bytes().all(|byte| letter(byte) || byte.is_ascii_digit())
        && !RESERVED.split_ascii_whitespace().any(|word| name.eq_ignore_ascii_case(word))
}

/// Words that some database here doesn't take as a bare name of a table or column.
const RESERVED: &str = "
    abort action add after all alter always analyse analyze and any array as asc asymmetric attach
    authorization autoincrement before begin between binary both by cascade case cast check collate
    collation column commit concurrently conflict constraint create cross current current_catalog
    current_date current_role current_schema current_time current_timestamp current_user database default
    deferrable deferred delete desc detach distinct do drop each else end escape except exclude exclusive
    exists explain fail false fetch filter first following for foreign freeze from full glob grant group
    groups having if ignore ilike immediate in index indexed initially inner insert instead intersect into
    is isnull join key last lateral leading left like limit localtime localtimestamp match materialized
    natural no not nothing notnull null nulls of offset on only or order others outer over overlaps
    partition placing plan pragma preceding primary query raise range recursive references regexp reindex
    release rename replace restrict returning right rollback row rows savepoint select session_user set
    similar some symmetric system_user table tablesample temp temporary then ties to trailing transaction
    trigger true unbounded union unique update user using vacuum values variadic verbose view virtual when
    where window with without
";
