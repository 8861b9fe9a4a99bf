//! Columns whose values a database of the project can't convert by itself: what the answers make of them, and which are
//! still to be asked about.

use super::answers::{Answers, Kind};
use super::expand::Readers;
use crate::change::{Down, Hook, Op, Script, ScriptText, Step};
use crate::cli::wording::{self, Dialects, object};
use crate::dialect::Dialect;
use crate::diff::{self, DiffError, Fate, Replacement, Retyped};
use crate::model::{Column, PerDialect, Rename, State, Type};
use crate::name::{Name, ObjectName};
use crate::sql::rename_column;

/// What is done about columns of another type before anything else.
pub(super) struct Prepared {
    replacement: Replacement,
    hooks: Vec<Hook>,
    /// The columns that nothing is decided about.
    pub(super) open: Vec<Open>,
}

/// A column that nothing is decided about, and the database that has no cast for it.
pub(super) struct Open {
    pub(super) column: Retyped,
    pub(super) dialect: String,
}

/// Decides about every column that gets another type.
///
/// # Errors
/// A rename that can't be, or a column that can't be replaced.
pub(super) fn prepare(
    from: &State,
    to: &State,
    renames: &[Rename],
    answers: &Answers,
    dialects: &Dialects,
) -> Result<Prepared, DiffError> {
    let (mut open, mut hooks) = (Vec::new(), Vec::new());
    let mut chosen: Vec<(Retyped, Fate)> = Vec::new();
    for column in diff::retyped(from, to, renames)? {
        let name = name(&column);
        if let Some(up) = answers.converted.get(&name) {
            answers.using(Kind::Convert, &name);
            answers.using(Kind::ConvertBack, &name);
            let spares = diff::has_cells(from, &column.table, &column.from.name);
            let told = Told { up: up.as_deref(), down: answers.converted_back.get(&name), spares };
            hooks.push(hook(from, &column, &told, dialects));
            chosen.push((column, Fate::Computed));
        } else if answers.dropped.contains(&name) {
            answers.using(Kind::Drop, &name);
            chosen.push((column, Fate::Dropped));
        } else if let Some(dialect) = dialects.iter().find(|dialect| !converts(**dialect, &column)) {
            open.push(Open { column, dialect: dialect.name().to_string() });
        }
    }
    let columns: Vec<(&Retyped, Fate)> = chosen.iter().map(|(column, fate)| (column, *fate)).collect();
    let replacement = diff::replace(from, to, renames, &columns)?;
    Ok(Prepared { replacement, hooks, open })
}

impl Prepared {
    /// The state that everything else starts from.
    pub(super) fn state(&self) -> &State {
        &self.replacement.state
    }

    /// The steps; a revision that is planned again has its hooks already.
    pub(super) fn steps(&self, hooks: bool) -> Vec<Step> {
        let Replacement { before, behind, state: _ } = &self.replacement;
        let op = |op: &Op| Step::Op(op.clone());
        let hooks = self.hooks.iter().filter(|_| hooks).cloned().map(Step::Hook);
        before.iter().map(op).chain(hooks).chain(behind.iter().map(op)).collect()
    }
}

/// What a column is called in answers.
pub(super) fn name(column: &Retyped) -> String {
    format!("{}.{}", column.table_after, column.to.name)
}

/// Whether a database takes the column's values over, on the way up and on the way back.
fn converts(dialect: &dyn Dialect, column: &Retyped) -> bool {
    let name = dialect.name();
    if [&column.from, &column.to].iter().any(|column| column.only.as_ref().is_some_and(|only| *only != name))
    {
        return true;
    }
    let (from, to) = (column.from.ty.get(&name), column.to.ty.get(&name));
    dialect.converts(from, to) && dialect.converts(to, from)
}

/// The hook that computes the new values, and the old ones on the way back, if it is told how.
fn hook(state: &State, column: &Retyped, told: &Told<'_>, dialects: &Dialects) -> Hook {
    let Retyped { table, from, table_after: _, to, scratch } = column;
    let Told { up, down, spares } = *told;
    let readers = Readers::of(state, table, from, dialects);
    let update = |column: &Name, ty, text: &dyn Fn(&dyn Dialect) -> String| {
        Update { table, column, spares }.script(text, ty, &readers.dialects)
    };
    let missing = |of: &Column, name: &Name| {
        (!of.nullable).then(|| readers.none_missing(table, name)).into_iter().collect()
    };
    // The new values stand in the column that is on its way out then.
    let (of, name, scratched) = (table.name.as_str(), from.name.as_str(), scratch.as_str());
    let back = down.map(|text| {
        update(&from.name, &from.ty, &|dialect| rename_column(text, of, name, scratched, dialect.rules()))
    });
    let down = match (up, back) {
        (_, Some(script)) => Down::Script(script),
        (None, None) => Down::Script(Script::Unfilled),
        (Some(_), None) => {
            let reason = format!("nothing says how `{}` becomes `{}` again", to.ty.common, from.ty.common);
            Down::Irreversible { reason: reason.into() }
        }
    };
    Hook {
        name: Hook::named(&["convert", table.name.as_str(), from.name.as_str()]),
        only: readers.only.clone(),
        only_env: Vec::new(),
        up: up.map_or(Script::Unfilled, |text| update(scratch, &to.ty, &|_| text.to_owned())),
        after: match &down {
            Down::Script(_) => missing(from, &from.name),
            Down::Irreversible { .. } => Vec::new(),
        },
        down,
        before: Vec::new(),
        expect: missing(to, scratch),
    }
}

/// What is known of the hook of a column.
struct Told<'a> {
    up: Option<&'a str>,
    down: Option<&'a String>,
    /// Whether reference rows have their values from the schema.
    spares: bool,
}

/// A statement that fills a column.
struct Update<'a> {
    table: &'a ObjectName,
    column: &'a Name,
    /// Whether it leaves rows alone that have a value.
    spares: bool,
}

impl Update<'_> {
    /// The statement in the words of each database.
    fn script(
        &self,
        expression: &dyn Fn(&dyn Dialect) -> String,
        ty: &PerDialect<Type>,
        dialects: &Dialects,
    ) -> Script {
        let sql = wording::text(dialects, |dialect| {
            let rules = dialect.rules();
            let (table, column) = (object(self.table, rules), rules.named(self.column.as_str()));
            let value = dialect.cast(&expression(dialect), ty.get(&dialect.name()));
            let rest = if self.spares { format!(" WHERE {column} IS NULL") } else { String::new() };
            format!("UPDATE {table} SET {column} = {value}{rest}")
        });
        Script::Text(ScriptText { sql, file: None })
    }
}
