//! References to objects and columns as dotted text: `users`, `billing.invoices.id`. A part that couldn't be told
//! from the dots stands in double quotes, in which a double quote is doubled: `"odd.name".id`.

use std::fmt::Write;

use crate::name::{Name, ObjectName};

/// Reads a reference to an object: `users` or `billing.invoices`.
pub(super) fn read_object(text: &str) -> Option<ObjectName> {
    let mut parts = parts(text)?;
    let name = parts.pop()?;
    let namespace = parts.pop();
    parts.is_empty().then_some(ObjectName { namespace, name })
}

/// Reads a reference to a column: `users.id` or `billing.invoices.id`.
pub(super) fn read_column(text: &str) -> Option<(ObjectName, Name)> {
    let mut parts = parts(text)?;
    let column = parts.pop()?;
    let name = parts.pop()?;
    let namespace = parts.pop();
    parts.is_empty().then_some((ObjectName { namespace, name }, column))
}

/// Writes a reference to an object.
#[must_use]
pub fn write_object(name: &ObjectName) -> String {
    let mut out = String::with_capacity(32);
    push_object(&mut out, name);
    out
}

/// Writes a reference to a column.
#[must_use]
pub fn write_column(table: &ObjectName, column: &Name) -> String {
    let mut out = write_object(table);
    out.push('.');
    push_part(&mut out, column);
    out
}

fn push_object(out: &mut String, name: &ObjectName) {
    if let Some(namespace) = &name.namespace {
        push_part(out, namespace);
        out.push('.');
    }
    push_part(out, &name.name);
}

fn push_part(out: &mut String, part: &Name) {
    let text = part.as_str();
    // Brackets are quoted since a type ends in `[]` when it is an array.
    if text.starts_with('"') || text.contains(['.', '[', ']']) {
        // Writing to a string never fails.
        let _ = write!(out, "\"{}\"", text.replace('"', "\"\""));
    } else {
        out.push_str(text);
    }
}

/// The parts of a reference; `None` if one is empty, too many quotes are open, or there are more than three.
fn parts(text: &str) -> Option<Vec<Name>> {
    let mut parts = Vec::with_capacity(3);
    let mut rest = text;
    loop {
        let (part, behind) = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let end = rest.find('.').unwrap_or(rest.len());
                (Name::new(&rest[..end]).ok()?, &rest[end..])
            }
        };
        parts.push(part);
        if behind.is_empty() {
            return (parts.len() <= 3).then_some(parts);
        }
        rest = behind.strip_prefix('.')?;
    }
}

/// Reads up to the closing quote. Returns the part and what is behind it.
fn unquote(text: &str) -> Option<(Name, &str)> {
    let mut part = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"')?;
        part.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                part.push('"');
                rest = more;
            }
            None => return Some((Name::new(part).ok()?, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_can_be_referred_to() {
        for part in ["a", "a.b", "\"", "a\"b", "\"a\".\"b\"", ".", "x[]", " ", "é🦀", "''", "\\"] {
            let name = Name::new(part).expect("the cases are names");
            let table = ObjectName { namespace: Some(name.clone()), name: name.clone() };
            assert_eq!(read_object(&write_object(&table)), Some(table.clone()), "{part}");
            assert_eq!(read_column(&write_column(&table, &name)), Some((table, name)), "{part}");
        }
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for text in ["", ".", "a.", ".a", "a..b", "\"a", "\"a\"b", "a.b.c.d", "\"\""] {
            assert_eq!(read_object(text), None, "{text}");
        }
        assert_eq!(read_column("users"), None);
        assert_eq!(read_object("a.b.c"), None);
    }
}
