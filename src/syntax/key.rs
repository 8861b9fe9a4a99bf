//! Constraints of a table: primary key, unique, foreign key, check.

use super::derive::{self, Base};
use super::draft::{Draft, Naming};
use super::errors::E102;
use super::reading::Reading;
use super::{options, reference, value};
use crate::diagnostic::Diagnostic;
use crate::document::write::{Line, Writer};
use crate::document::{Cursor, Node, Text};
use crate::model::{Action, Check, Collection, Column, Deferrable, ForeignKey, PrimaryKey, Unique};
use crate::name::{DialectName, Name, ObjectName};

const ACTIONS: &[(&str, Action)] = &[
    ("no-action", Action::NoAction),
    ("restrict", Action::Restrict),
    ("cascade", Action::Cascade),
    ("set-null", Action::SetNull),
    ("set-default", Action::SetDefault),
];
const DEFERRABLE: &[(&str, Deferrable)] =
    &[("immediate", Deferrable::Immediate), ("deferred", Deferrable::Deferred)];

/// Reads `primary-key a b`.
pub fn read_primary_key<'d>(node: &'d Node<'_>, table: &ObjectName, cx: &Reading<'d>) -> Option<PrimaryKey> {
    draft_primary_key(node, table, cx).map(|draft| draft.item)
}

pub(super) fn draft_primary_key<'d>(
    node: &'d Node<'_>,
    table: &ObjectName,
    cx: &Reading<'d>,
) -> Option<Draft<PrimaryKey>> {
    let mut cursor = Cursor::new(node, cx.sink);
    let naming = Naming::take(&mut cursor, cx);
    let columns = columns(&mut cursor, cx);
    let options = options::children(&mut cursor, cx);
    cursor.finish();
    let name = naming.name(|| derive::primary_key(table));
    if columns.is_empty() { None } else { Some(naming.draft(PrimaryKey { name, columns, options })) }
}

/// Reads `unique a b nulls-not-distinct deferrable`.
pub fn read_unique<'d>(node: &'d Node<'_>, table: &ObjectName, cx: &Reading<'d>) -> Option<Unique> {
    draft_unique(node, table, cx).map(|draft| draft.item)
}

pub(super) fn draft_unique<'d>(
    node: &'d Node<'_>,
    table: &ObjectName,
    cx: &Reading<'d>,
) -> Option<Draft<Unique>> {
    let mut cursor = Cursor::new(node, cx.sink);
    let only = cx.only(&mut cursor);
    let nulls_not_distinct = cursor.flag("nulls-not-distinct");
    let deferrable = deferrable(&mut cursor, cx);
    let naming = Naming::take(&mut cursor, cx);
    let columns = columns(&mut cursor, cx);
    let options = options::children(&mut cursor, cx);
    cursor.finish();
    if columns.is_empty() {
        return None;
    }
    let name = naming.name(|| derive::unique(table, &columns));
    Some(naming.draft(Unique { name, only, columns, nulls_not_distinct, deferrable, options }))
}

/// Reads `foreign-key a references="t.x"` or `foreign-key a b { references t x y }`.
pub fn read_foreign_key<'d>(node: &'d Node<'_>, table: &ObjectName, cx: &Reading<'d>) -> Option<ForeignKey> {
    draft_foreign_key(node, table, cx).map(|draft| draft.item)
}

pub(super) fn draft_foreign_key<'d>(
    node: &'d Node<'_>,
    table: &ObjectName,
    cx: &Reading<'d>,
) -> Option<Draft<ForeignKey>> {
    let mut cursor = Cursor::new(node, cx.sink);
    let only = cx.only(&mut cursor);
    let Rules { on_delete, on_update, deferrable } = rules(&mut cursor, cx);
    let target = target(&mut cursor, cx);
    let naming = Naming::take(&mut cursor, cx);
    let columns = columns(&mut cursor, cx);
    cursor.finish();
    let name = naming.name(|| derive::foreign_key(table, &columns));
    let (table, references) = target.filter(|_| !columns.is_empty())?;
    Some(naming.draft(ForeignKey {
        name,
        only,
        columns,
        table,
        references,
        on_delete,
        on_update,
        deferrable,
    }))
}

/// The table and the columns that a foreign key refers to.
fn target<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> Option<(ObjectName, Vec<Name>)> {
    let short = cursor.text_prop("references");
    let Some(node) = cursor.child("references") else {
        if let Some(text) = short {
            return cx.column(&text).map(|(table, column)| (table, vec![column]));
        }
        let help = "write `references=\"users.id\"`, or `{ references users id }` for several columns";
        cursor.report_missing("`foreign-key` needs `references`", help);
        return None;
    };
    if let Some(text) = short {
        let diagnostic = Diagnostic::error(&E102, "`references` is given twice").at(text.span, "here");
        cx.report(diagnostic.at(node.name.span, "and here").help("delete one of them"));
    }
    let mut references = Cursor::new(node, cx.sink);
    let table = references.text("table").and_then(|text| cx.object(&text));
    let texts = references.texts();
    if texts.is_empty() {
        references.report_missing("`references` needs columns", "write the columns behind the table");
    }
    references.finish();
    Some((table?, cx.names(&texts)))
}

/// Reads `check "price > 0"`. Without a name it gets that of a check which mentions none or several columns.
pub fn read_check<'d>(node: &'d Node<'_>, table: &ObjectName, cx: &Reading<'d>) -> Option<Check> {
    draft_check(node, table, &Collection::new(), cx).map(|draft| draft.item)
}

pub(super) fn draft_check<'d>(
    node: &'d Node<'_>,
    table: &ObjectName,
    columns: &Collection<Column>,
    cx: &Reading<'d>,
) -> Option<Draft<Check>> {
    let mut cursor = Cursor::new(node, cx.sink);
    let only = cx.only(&mut cursor);
    let naming = Naming::take(&mut cursor, cx);
    let expression = value::sql_args(&mut cursor, cx);
    let options = options::children(&mut cursor, cx);
    cursor.finish();
    let expression = expression?;
    let name = naming.name(|| derive::check(table, &expression.common, columns));
    Some(naming.draft(Check { name, only, expression, options }))
}

/// What a foreign key does when the other side changes, and when it is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Rules {
    pub(super) on_delete: Action,
    pub(super) on_update: Action,
    pub(super) deferrable: Deferrable,
}

/// Takes `on-delete=`, `on-update=` and `deferrable`.
pub(super) fn rules<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> Rules {
    Rules {
        on_delete: cx.word_prop(cursor, "on-delete", ACTIONS).unwrap_or_default(),
        on_update: cx.word_prop(cursor, "on-update", ACTIONS).unwrap_or_default(),
        deferrable: deferrable(cursor, cx),
    }
}

/// Takes `deferrable` or `deferrable=deferred`.
fn deferrable<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> Deferrable {
    let word = cx.word_prop(cursor, "deferrable", DEFERRABLE);
    match (word, cursor.flag("deferrable")) {
        (Some(deferrable), _) => deferrable,
        (None, true) => Deferrable::Immediate,
        (None, false) => Deferrable::No,
    }
}

/// Takes the columns: all arguments that are left, and those of `on`. Reports if there are none.
fn columns<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> Vec<Name> {
    let mut texts: Vec<Text<'d>> = cursor.texts();
    if let Some(on) = cursor.child("on") {
        let mut on = Cursor::new(on, cx.sink);
        texts.extend(on.texts());
        on.finish();
    }
    if texts.is_empty() {
        let message = format!("`{}` needs columns", cursor.name());
        cursor.report_missing(&message, "write the names of its columns behind it");
    }
    cx.names(&texts)
}

/// Writes a primary key; its name is left out where it is the derived one.
pub fn write_primary_key(w: &mut Writer, table: &ObjectName, key: &PrimaryKey) {
    let PrimaryKey { name, columns, options } = key;
    let mut line = w.node("primary-key");
    line.args(columns).prop_if("name", unless_derived(name, &derive::primary_key(table)));
    line.children(|w| options::write(w, options));
}

/// Writes a unique constraint; its name is left out where it is the derived one.
pub fn write_unique(w: &mut Writer, table: &ObjectName, unique: &Unique) {
    let Unique { name, only, columns, nulls_not_distinct, deferrable, options } = unique;
    let mut line = start(w, only.as_ref(), "unique");
    let arguments = !columns.iter().any(is_flag);
    if arguments {
        line.args(columns);
    }
    line.flag_if("nulls-not-distinct", *nulls_not_distinct);
    write_deferrable(&mut line, *deferrable);
    line.prop_if("name", unless_derived(name, &derive::unique(table, columns)));
    line.children(|w| {
        if !arguments {
            w.node("on").args(columns);
        }
        options::write(w, options);
    });
}

/// Writes a foreign key; its name is left out where it is the derived one.
pub fn write_foreign_key(w: &mut Writer, table: &ObjectName, key: &ForeignKey) {
    let ForeignKey { name, only, columns, table: to, references, on_delete, on_update, deferrable } = key;
    let mut line = start(w, only.as_ref(), "foreign-key");
    let arguments = !columns.iter().any(is_flag);
    if arguments {
        line.args(columns);
    }
    if let [column] = &**references {
        line.prop("references", &reference::write_column(to, column));
    }
    let rules = Rules { on_delete: *on_delete, on_update: *on_update, deferrable: *deferrable };
    write_rules(&mut line, rules);
    line.prop_if("name", unless_derived(name, &derive::foreign_key(table, columns)));
    line.children(|w| {
        if !arguments {
            w.node("on").args(columns);
        }
        if references.len() != 1 {
            w.node("references").arg(&reference::write_object(to)).args(references);
        }
    });
}

/// Writes a check with its name, which depends on more than the check.
pub fn write_check(w: &mut Writer, check: &Check) {
    write_check_named(w, check, Some(&check.name));
}

/// Writes a check with a name or without.
pub(super) fn write_check_named(w: &mut Writer, check: &Check, name: Option<&Name>) {
    let Check { name: _, only, expression, options } = check;
    let mut line = start(w, only.as_ref(), "check");
    value::write_sql(&mut line, expression);
    line.prop_if("name", name);
    line.children(|w| options::write(w, options));
}

/// Begins a node, limited to a dialect or not.
pub(super) fn start<'w>(w: &'w mut Writer, only: Option<&DialectName>, word: &str) -> Line<'w> {
    match only {
        Some(dialect) => w.annotated(dialect.as_str(), word),
        None => w.node(word),
    }
}

/// The name, if it isn't the derived one.
pub(super) fn unless_derived<'n>(name: &'n Name, derived: &Base<'_>) -> Option<&'n Name> {
    (!derived.is(name)).then_some(name)
}

/// Adds `on-delete=`, `on-update=` and `deferrable`.
pub(super) fn write_rules(line: &mut Line<'_>, rules: Rules) {
    let Rules { on_delete, on_update, deferrable } = rules;
    write_deferrable(line, deferrable);
    for (prop, action) in [("on-delete", on_delete), ("on-update", on_update)] {
        match action {
            Action::NoAction => {}
            Action::Restrict => {
                line.prop(prop, "restrict");
            }
            Action::Cascade => {
                line.prop(prop, "cascade");
            }
            Action::SetNull => {
                line.prop(prop, "set-null");
            }
            Action::SetDefault => {
                line.prop(prop, "set-default");
            }
        }
    }
}

fn write_deferrable(line: &mut Line<'_>, deferrable: Deferrable) {
    match deferrable {
        Deferrable::No => {}
        Deferrable::Immediate => {
            line.flag("deferrable");
        }
        Deferrable::Deferred => {
            line.prop("deferrable", "deferred");
        }
    }
}

/// Whether a column among arguments would be read as a flag of a constraint.
fn is_flag(column: &Name) -> bool {
    matches!(column.as_str(), "nulls-not-distinct" | "deferrable")
}
