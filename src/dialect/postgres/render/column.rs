//! Columns. A column whose expression changes is made anew where the server can't change it in place; one that
//! stops being generated keeps its values.

use crate::change::{Edit, Op};
use crate::diagnostic::Diagnostic;
use crate::dialect::Class;
use crate::model::{Column, Generated, SqlText, Storage, Value};
use crate::name::{Name, ObjectName};
use crate::sql::{Token, TokenKind, tokens};

use super::super::cast::{self, Rule};
use super::super::errors::E531;
use super::super::quote::{self, default, expression, ident, object};
use super::super::types::PgType;
use super::super::{RULES, version};
use super::Renderer;
use super::dependents::Touch;
use super::output::Pass;
use super::part::{Member, Part};
use super::renames::Renames;

impl Renderer<'_> {
    pub(super) fn column(
        &mut self,
        index: usize,
        table: &ObjectName,
        edit: &Edit<Column>,
    ) -> Result<(), Diagnostic> {
        match edit {
            Edit::Create(column) => {
                self.take_out_over(table, &column.name, Touch::Added);
                if column.generated.is_none() {
                    self.create_column(index, table, column);
                }
            }
            Edit::Drop(column) => self.drop_column(table, column),
            Edit::Alter { from, to } => return self.alter_column(index, table, from, to),
            Edit::Rename { from, to } => self.rename_column(table, from, to),
        }
        Ok(())
    }

    fn take_out_over(&mut self, table: &ObjectName, column: &Name, touch: Touch) {
        let parts = self.live.tables.get(table).map(|table| self.over_column(table, column, touch));
        self.take_out_all(parts.unwrap_or_default());
    }

    /// A required column without a default can be added where the batch's reference rows fill it.
    fn create_column(&mut self, index: usize, table: &ObjectName, column: &Column) {
        let empty = column.default.common.is_none() && column.identity.is_none();
        if column.nullable || !empty || !self.rows_follow(index, table) {
            return self.add_column(table, column);
        }
        self.add_column(table, &Column { nullable: true, ..column.clone() });
        self.not_null_later(table, &column.name);
    }

    fn rows_follow(&self, index: usize, table: &ObjectName) -> bool {
        self.ops.iter().skip(index).any(|op| matches!(op, Op::Row { table: other, .. } if other == table))
    }

    fn not_null_later(&mut self, table: &ObjectName, column: &Name) {
        let part = Part::Member(table.clone(), Member::NotNull(column.clone()));
        self.pending.add(part, &self.out.serving);
    }

    fn drop_column(&mut self, table: &ObjectName, column: &Column) {
        self.pending.remove(&Part::Member(table.clone(), Member::NotNull(column.name.clone())));
        if column.generated.is_some() {
            return self.remove(&Part::Member(table.clone(), Member::Generated(column.name.clone())));
        }
        self.take_out_over(table, &column.name, Touch::Gone);
        self.drop_column_clause(table, &column.name);
    }

    fn rename_column(&mut self, table: &ObjectName, from: &Name, to: &Name) {
        let member = |member| Part::Member(table.clone(), member);
        self.pending.rename(&member(Member::NotNull(from.clone())), member(Member::NotNull(to.clone())));
        let generated = (member(Member::Generated(from.clone())), member(Member::Generated(to.clone())));
        if !self.pending.rename(&generated.0, generated.1) {
            self.take_out_over(table, from, Touch::Renamed);
            self.rename_column_statement(table, from, to);
            self.rename_serial(table, from, to);
        }
        self.renames.column(table, from, to);
    }

    fn rename_column_statement(&mut self, table: &ObjectName, from: &Name, to: &Name) {
        let sql = format!("ALTER TABLE {} RENAME COLUMN {} TO {}", object(table), ident(from), ident(to));
        self.out.push(sql, Class::Metadata);
    }

    fn alter_column(
        &mut self,
        index: usize,
        table: &ObjectName,
        from: &Column,
        to: &Column,
    ) -> Result<(), Diagnostic> {
        let part = Part::Member(table.clone(), Member::Generated(to.name.clone()));
        match (&from.generated, &to.generated) {
            (None, None) => self.alter_plain(index, table, from, to),
            (_, Some(_)) if self.pending.contains(&part) => Ok(()),
            (None, Some(_)) => {
                self.take_out(&part);
                Ok(())
            }
            (Some(before), None) => {
                self.restore(&part);
                self.keep_values(table, from, before.storage);
                if from.ty != to.ty || from.collation != to.collation {
                    // Until its statement has run, the column counts as generated and takes no USING.
                    self.out.close();
                }
                self.alter_plain(index, table, &Column { generated: None, ..from.clone() }, to)
            }
            (Some(before), Some(after)) => self.alter_generated(index, table, (from, before), (to, after)),
        }
    }

    fn alter_generated(
        &mut self,
        index: usize,
        table: &ObjectName,
        (from, before): (&Column, &Generated),
        (to, after): (&Column, &Generated),
    ) -> Result<(), Diagnostic> {
        let retyped =
            PgType::of(&from.ty.common) != PgType::of(&to.ty.common) || from.collation != to.collation;
        let followed = self.renames.explain(Some(table), &before.expression, &after.expression)
            || self.renamed_later(index, table).explain(Some(table), &before.expression, &after.expression);
        let settable = version::sets_expressions(self.version)
            && (before.storage, after.storage) == (Storage::Stored, Storage::Stored)
            && !self.made_anew_later(index, table, [&before.expression, &after.expression]);
        if retyped || before.storage != after.storage || !(followed || settable) {
            self.take_out(&Part::Member(table.clone(), Member::Generated(to.name.clone())));
            return Ok(());
        }
        if !followed {
            let expression = expression(&after.expression.common);
            let sql = format!("ALTER COLUMN {} SET EXPRESSION AS {expression}", ident(&to.name));
            // The expression is set before columns are added that it may speak of.
            if self.out.adds_columns() {
                self.out.close();
            }
            self.clause(table, Pass::Type, &to.name, sql, Class::Rewrite);
        }
        self.alter_plain(index, table, from, to)
    }

    /// The renames of a table's columns that are still to come, as on the way back.
    fn renamed_later(&self, index: usize, table: &ObjectName) -> Renames {
        let mut renames = Renames::default();
        for op in self.ops.iter().skip(index + 1) {
            if let Op::Column { table: of, edit: Edit::Rename { from, to } } = op
                && of == table
            {
                renames.column(table, from, to);
            }
        }
        renames
    }

    /// Whether a later operation changes, renames or drops a column that an expression speaks of, for which a generated column
    /// has to go anyway.
    fn made_anew_later(&self, index: usize, table: &ObjectName, expressions: [&SqlText; 2]) -> bool {
        self.ops.iter().skip(index + 1).any(|op| {
            let column = match op {
                Op::Column { table: of, edit: Edit::Alter { from, to } } if of == table => {
                    (from.ty != to.ty || from.collation != to.collation).then_some(&from.name)
                }
                Op::Column { table: of, edit: Edit::Drop(column) } if of == table => Some(&column.name),
                // Until then the column has another name than the new expression says.
                Op::Column { table: of, edit: Edit::Rename { from, to: _ } } if of == table => Some(from),
                _ => None,
            };
            let spoken = |name: &Name| {
                expressions.iter().any(|text| self.texts.mention(text, &[name.as_str().to_owned()]))
            };
            column.is_some_and(spoken)
        })
    }

    /// Makes a generated column one that is written, with the values that it has.
    fn keep_values(&mut self, table: &ObjectName, column: &Column, storage: Storage) {
        let name = &column.name;
        if storage == Storage::Stored && version::drops_expressions(self.version) {
            let sql = format!("ALTER COLUMN {} DROP EXPRESSION", ident(name));
            return self.clause(table, Pass::Drop, name, sql, Class::Metadata);
        }
        let scratch = Name::derived(&[name.as_str(), "schemactl", "values"]);
        let plain = Column {
            name: scratch.clone(),
            generated: None,
            nullable: true,
            comment: None,
            ..column.clone()
        };
        self.add_column(table, &plain);
        let sql = format!("UPDATE {} SET {} = {}", object(table), ident(&scratch), ident(name));
        self.out.push(sql, self.cost(table, Class::Batch));
        let part = Part::Member(table.clone(), Member::Generated(name.clone()));
        self.remove(&part);
        self.rename_column_statement(table, &scratch, name);
        if !column.nullable {
            let sql = format!("ALTER COLUMN {} SET NOT NULL", ident(name));
            self.clause(table, Pass::Attribute, name, sql, Class::Validate);
        }
        if column.comment.is_some() {
            self.comment_column(table, name, column.comment.as_deref());
        }
    }

    /// Everything about a column but its expression: a default goes before the type changes and comes after.
    fn alter_plain(
        &mut self,
        index: usize,
        table: &ObjectName,
        from: &Column,
        to: &Column,
    ) -> Result<(), Diagnostic> {
        let name = &to.name;
        let column = ident(name);
        let types = (PgType::of(&from.ty.common), PgType::of(&to.ty.common));
        let retyped = types.0 != types.1 || from.collation != to.collation;
        if retyped {
            self.take_out_over(
                table,
                name,
                Touch::Retyped { comparable: cast::comparable(&types.0, &types.1) },
            );
        }
        let (before, after) = (&from.default.common, &to.default.common);
        if before.is_some() && (retyped || after.is_none()) {
            let sql = format!("ALTER COLUMN {column} DROP DEFAULT");
            self.clause(table, Pass::Drop, name, sql, Class::Metadata);
        }
        if from.identity.is_some() && to.identity.is_none() {
            self.drop_identity(table, from);
            if retyped {
                // The new type is checked against the identity that the statement takes away.
                self.out.close();
            }
        }
        if !from.nullable && to.nullable {
            let part = Part::Member(table.clone(), Member::NotNull(name.clone()));
            if self.pending.remove(&part).is_none() {
                let sql = format!("ALTER COLUMN {column} DROP NOT NULL");
                self.clause(table, Pass::Drop, name, sql, Class::Metadata);
            }
        }
        if retyped {
            self.retype(table, to, &types.0, &types.1)?;
        }
        if from.nullable && !to.nullable {
            if self.rows_follow(index, table) {
                self.not_null_later(table, name);
            } else {
                let sql = format!("ALTER COLUMN {column} SET NOT NULL");
                self.clause(table, Pass::Attribute, name, sql, Class::Validate);
            }
        }
        self.alter_identity(table, from, to);
        if let Some(value) = after.as_ref().filter(|_| retyped || before != after) {
            let sql = format!("ALTER COLUMN {column} SET DEFAULT {}", default(value));
            self.clause(table, Pass::Add, name, sql, Class::Metadata);
        }
        if from.comment != to.comment {
            self.comment_column(table, name, to.comment.as_deref());
        }
        Ok(())
    }

    fn retype(
        &mut self,
        table: &ObjectName,
        column: &Column,
        from: &PgType,
        to: &PgType,
    ) -> Result<(), Diagnostic> {
        let rule = if from == to { Rule::Assign } else { cast::rule(from, to) };
        if rule == Rule::None {
            let message = format!(
                "`{table}.{}` can't change from `{}` to `{}`: PostgreSQL has no cast between them",
                column.name,
                from.sql(),
                to.sql()
            );
            let name = format!("{table}.{}", column.name);
            return Err(Diagnostic::error(&E531, message).help(format!(
                "say how the values get there with `schemactl plan --convert {name}=SQL --convert-back {name}=SQL`, \
                 with `--amend` if this is the last revision"
            )));
        }
        let collation = column.collation.common.as_ref();
        let collation =
            collation.map(|name| format!(" COLLATE {}", quote::collation(name))).unwrap_or_default();
        let class = match (from == to, cast::keeps_rows(from, to) && rule == Rule::Assign) {
            (true, _) => Class::Validate,
            (false, true) => Class::Metadata,
            (false, false) => Class::Rewrite,
        };
        let using = rule.using(&column.name);
        let sql = format!("ALTER COLUMN {} TYPE {}{collation}{using}", ident(&column.name), to.sql());
        self.clause(table, Pass::Type, &column.name, sql, class);
        Ok(())
    }
}

/// What adding the column costs: nothing but the catalog if every row gets the same constant.
pub(super) fn cost_of_adding(column: &Column) -> Class {
    let stored = column.generated.as_ref().is_some_and(|generated| generated.storage == Storage::Stored);
    let computed = matches!(&column.default.common, Some(Value::Sql(text)) if !is_stable(text));
    if stored || column.identity.is_some() || computed { Class::Rewrite } else { Class::Metadata }
}

/// Whether an expression has one value for all rows of a statement, as far as its functions are known.
fn is_stable(text: &str) -> bool {
    const STABLE: [&str; 12] = [
        "NOW",
        "CURRENT_TIMESTAMP",
        "CURRENT_DATE",
        "CURRENT_TIME",
        "LOCALTIMESTAMP",
        "LOCALTIME",
        "CURRENT_USER",
        "SESSION_USER",
        "TRANSACTION_TIMESTAMP",
        "STATEMENT_TIMESTAMP",
        "TRUE",
        "FALSE",
    ];
    let words: Vec<_> = tokens(text, &RULES).filter(Token::is_significant).collect();
    words.iter().enumerate().all(|(at, token)| {
        let calls = words.get(at + 1).is_some_and(|next| next.is_mark("("));
        let names = matches!(token.kind, TokenKind::Word | TokenKind::Quoted);
        !(names && calls) || STABLE.iter().any(|word| token.is_word(word))
    })
}
