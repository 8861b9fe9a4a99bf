//! An operation as one dialect sees it.

use super::{Edit, Op, RowEdit, TableEdit};
use crate::model::{Collection, ForDialect, Named, State};
use crate::name::{DialectName, ObjectName};

impl Op {
    /// The operation as a dialect sees it, on the state that the dialect sees before it (see
    /// [`State::for_dialect`]); `None` when there is nothing to do there. What becomes of reference rows along with a
    /// column is not part of it.
    pub(super) fn for_dialect(&self, before: &State, dialect: &DialectName) -> Option<Self> {
        let known = |name: &ObjectName| before.tables.get(name);
        match self {
            Self::Namespace(edit) => edit.for_dialect(dialect).map(Self::Namespace),
            Self::Enum(edit) => edit.for_dialect(dialect).map(Self::Enum),
            Self::EnumValue { .. } => Some(self.clone()),
            Self::Table(edit) => edit.for_dialect(before, dialect).map(Self::Table),
            Self::Column { table, edit } => {
                let edit = member(edit, &known(table)?.columns, dialect)?;
                Some(Self::Column { table: table.clone(), edit })
            }
            Self::PrimaryKey { table, edit } => {
                known(table)?;
                Some(Self::PrimaryKey { table: table.clone(), edit: edit.for_dialect(dialect)? })
            }
            Self::Unique { table, edit } => {
                let edit = member(edit, &known(table)?.uniques, dialect)?;
                Some(Self::Unique { table: table.clone(), edit })
            }
            Self::ForeignKey { table, edit } => {
                let edit = member(edit, &known(table)?.foreign_keys, dialect)?;
                Some(Self::ForeignKey { table: table.clone(), edit })
            }
            Self::Check { table, edit } => {
                let edit = member(edit, &known(table)?.checks, dialect)?;
                Some(Self::Check { table: table.clone(), edit })
            }
            Self::Index { table, edit } => {
                let edit = member(edit, &known(table)?.indexes, dialect)?;
                Some(Self::Index { table: table.clone(), edit })
            }
            Self::View(edit) => member(edit, &before.views, dialect).map(Self::View),
            Self::Object(edit) => member(edit, &before.objects, dialect).map(Self::Object),
            Self::Row { table, key, edit } => {
                let known = known(table)?;
                if !key.iter().all(|column| known.columns.contains(column)) {
                    return None;
                }
                let edit = match edit {
                    RowEdit::Insert(row) => RowEdit::Insert(row.within(known)),
                    RowEdit::Delete(row) => RowEdit::Delete(row.within(known)),
                    RowEdit::Update { from, to } => {
                        let (from, to) = (from.within(known), to.within(known));
                        if from == to {
                            return None;
                        }
                        RowEdit::Update { from, to }
                    }
                };
                Some(Self::Row { table: table.clone(), key: key.clone(), edit })
            }
        }
    }
}

/// An edit of something that may be limited to another dialect: its rename counts where it exists.
fn member<T: Named + ForDialect + PartialEq>(
    edit: &Edit<T>,
    items: &Collection<T>,
    dialect: &DialectName,
) -> Option<Edit<T>> {
    match edit {
        Edit::Rename { from, .. } if !items.contains(from) => None,
        _ => edit.for_dialect(dialect),
    }
}

impl TableEdit {
    fn for_dialect(&self, before: &State, dialect: &DialectName) -> Option<Self> {
        match self {
            Self::Create(table) => table.for_dialect(dialect).map(|table| Self::Create(Box::new(table))),
            Self::Drop(table) => table.for_dialect(dialect).map(|table| Self::Drop(Box::new(table))),
            Self::Alter { table, from, to } => {
                before.tables.get(table)?;
                let (from, to) = (from.for_dialect(dialect)?, to.for_dialect(dialect)?);
                let (from, to) = (Box::new(from), Box::new(to));
                (from != to).then(|| Self::Alter { table: table.clone(), from, to })
            }
            Self::Rename { from, to } => {
                before.tables.get(from)?;
                Some(Self::Rename { from: from.clone(), to: to.clone() })
            }
        }
    }
}
