//! The renames that the texts of one table follow: of the table and of its columns, in their order.

use std::collections::BTreeSet;

use super::{Edit, Op, Step, TableEdit, ops};
use crate::model::SqlText;
use crate::name::{Name, ObjectName};
use crate::sql::{Rules, rename_column, rename_table, same_tokens};

/// What a table and its columns were called, one name after the other.
#[derive(Debug)]
pub struct Renames<'o>(Vec<Renamed<'o>>);

#[derive(Debug)]
enum Renamed<'o> {
    Table(&'o Name, &'o Name),
    Column(&'o ObjectName, &'o Name, &'o Name),
}

impl<'o> Renames<'o> {
    /// The renames of a table among all of a revision's, by the name that it has before them.
    #[must_use]
    pub fn since(first: &ObjectName, renames: &'o [Op]) -> Self {
        let mut name = first.clone();
        let mut history = Vec::new();
        for op in renames {
            match op {
                Op::Table(TableEdit::Rename { from, to }) if *from == name => {
                    history.push(Renamed::Table(&from.name, &to.name));
                    name = to.clone();
                }
                Op::Namespace(Edit::Rename { from, to }) if name.namespace.as_ref() == Some(from) => {
                    name.namespace = Some(to.clone());
                }
                Op::Column { table, edit: Edit::Rename { from, to } } if *table == name => {
                    history.push(Renamed::Column(table, from, to));
                }
                _ => {}
            }
        }
        Self(history)
    }

    /// The renames of a table by any of its names. They may come before the text that follows them, as on the way up,
    /// or behind it, as on the way back.
    #[must_use]
    pub fn around(table: &'o ObjectName, steps: &'o [Step]) -> Self {
        let mut names = BTreeSet::from([table]);
        for op in ops(steps).chain(ops(steps).rev()) {
            if let Op::Table(TableEdit::Rename { from, to }) = op
                && (names.contains(from) || names.contains(to))
            {
                names.extend([from, to]);
            }
        }
        let renamed = |op: &'o Op| match op {
            Op::Table(TableEdit::Rename { from, to }) if names.contains(from) => {
                Some(Renamed::Table(&from.name, &to.name))
            }
            Op::Column { table, edit: Edit::Rename { from, to } } if names.contains(table) => {
                Some(Renamed::Column(table, from, to))
            }
            _ => None,
        };
        Self(ops(steps).filter_map(renamed).collect())
    }

    /// Whether nothing was renamed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A text of the table with the new names in it.
    #[must_use]
    pub fn follow(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, renamed| match renamed {
            Renamed::Table(from, to) => rename_table(&text, from.as_str(), to.as_str(), &Rules::SHARED),
            Renamed::Column(table, from, to) => {
                rename_column(&text, table.name.as_str(), from.as_str(), to.as_str(), &Rules::SHARED)
            }
        })
    }

    /// Whether a text differs from another by the new names alone, in every dialect.
    #[must_use]
    pub fn explain(&self, from: &SqlText, to: &SqlText) -> bool {
        let says = |from: &str, to: &str| same_tokens(&self.follow(from), to, &Rules::SHARED);
        from.overrides.len() == to.overrides.len()
            && says(&from.common, &to.common)
            && from
                .overrides
                .iter()
                .all(|(dialect, from)| to.overrides.get(dialect).is_some_and(|to| says(from, to)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_followed_whatever_quotes_it_has() {
        let name = |text: &str| Name::new(text).unwrap();
        let (table, odd) = (ObjectName::unqualified(name("a")), name("b c"));
        let renames =
            Renames(vec![Renamed::Table(&table.name, &odd), Renamed::Column(&table, &table.name, &odd)]);
        for (text, followed) in [
            ("SELECT `/*` FROM `a`", "SELECT `/*` FROM `b c`"),
            ("SELECT \"--\" FROM \"a\"", "SELECT \"--\" FROM \"b c\""),
            ("SELECT 'a' FROM a", "SELECT 'a' FROM \"b c\""),
        ] {
            assert_eq!(renames.follow(text), followed);
        }
    }
}
