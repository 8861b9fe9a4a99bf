//! The rows of a catalog query, cell by cell. A cell that the query always fills and that is empty nevertheless is a
//! diagnostic: the catalog changed while it was read, or is damaged.

use super::{CatalogRow, CatalogRows};
use crate::diagnostic::{Code, Diagnostic};
use crate::name::Name;

/// A row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells<'a> {
    kind: &'static str,
    row: &'a CatalogRow,
    /// What is said of a row that is not as its query gives it.
    code: &'static Code,
}

impl<'a> Cells<'a> {
    /// The rows of the query of this kind.
    pub(super) fn of(
        rows: &'a CatalogRows,
        kind: &'static str,
        code: &'static Code,
    ) -> impl Iterator<Item = Self> {
        rows.of(kind).iter().map(move |row| Self { kind, row, code })
    }

    /// A text that may be NULL.
    pub(super) fn optional(self, at: usize) -> Result<Option<&'a str>, Diagnostic> {
        self.row.get(at).map(Option::as_deref).ok_or_else(|| self.damaged(at, "is missing"))
    }

    /// A text that is always there.
    pub(super) fn text(self, at: usize) -> Result<&'a str, Diagnostic> {
        self.optional(at)?.ok_or_else(|| self.damaged(at, "is NULL"))
    }

    /// A text that may be NULL, to be kept.
    pub(super) fn kept(self, at: usize) -> Result<Option<Box<str>>, Diagnostic> {
        Ok(self.optional(at)?.map(Box::from))
    }

    /// A truth value, as PostgreSQL prints it; NULL is false.
    #[cfg(feature = "postgres")]
    pub(super) fn is(self, at: usize) -> Result<bool, Diagnostic> {
        Ok(self.optional(at)? == Some("t"))
    }

    /// A whole number that may be NULL.
    pub(super) fn number(self, at: usize) -> Result<Option<i64>, Diagnostic> {
        let number = self.optional(at)?.map(str::parse).transpose();
        number.map_err(|_| self.damaged(at, "is no number"))
    }

    /// A name.
    pub(super) fn name(self, at: usize) -> Result<Name, Diagnostic> {
        Name::new(self.text(at)?).map_err(|error| self.damaged(at, &error.to_string()))
    }

    /// The texts of a JSON array; none where it is NULL.
    #[cfg(feature = "postgres")]
    pub(super) fn list<T: serde::de::DeserializeOwned>(self, at: usize) -> Result<Vec<T>, Diagnostic> {
        let Some(text) = self.optional(at)? else { return Ok(Vec::new()) };
        serde_json::from_str(text).map_err(|_| self.damaged(at, "is no list"))
    }

    /// The names of a JSON array; none where it is NULL.
    #[cfg(feature = "postgres")]
    pub(super) fn names(self, at: usize) -> Result<Vec<Name>, Diagnostic> {
        let texts: Vec<String> = self.list(at)?;
        let names: Result<Vec<Name>, _> = texts.into_iter().map(Name::new).collect();
        names.map_err(|error| self.damaged(at, &error.to_string()))
    }

    /// What is said of a row that is not as its query gives it.
    pub(super) fn damaged(self, at: usize, what: &str) -> Diagnostic {
        let subject: Vec<&str> = self.row.iter().take(3).flatten().map(String::as_str).collect();
        let (kind, subject) = (self.kind, subject.join("."));
        let message = format!("the catalog can't be understood: cell {at} of {kind} `{subject}` {what}");
        Diagnostic::error(self.code, message)
            .help("run it again; if it stays, report it with the server's version")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static CODE: Code = Code { id: "E000", title: "", page: "" };

    #[test]
    fn a_row_that_lacks_a_cell_is_named() {
        let mut rows = CatalogRows::default();
        rows.push("column", vec![vec![Some("public".to_owned()), Some("t".to_owned()), None]]);
        let cells = Cells::of(&rows, "column", &CODE).next().unwrap();
        assert_eq!(cells.text(1).unwrap(), "t");
        assert_eq!(cells.optional(2).unwrap(), None);
        let messages = [cells.text(2), cells.text(3)].map(|cell| cell.unwrap_err().message);
        insta::assert_snapshot!(messages.join("\n"), @r"
        the catalog can't be understood: cell 2 of column `public.t` is NULL
        the catalog can't be understood: cell 3 of column `public.t` is missing
        ");
    }
}
