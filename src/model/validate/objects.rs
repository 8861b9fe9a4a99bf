//! Enums, views, raw objects and reference rows: what they rest on exists, and there is an order to create them in.

use std::collections::{BTreeMap, BTreeSet};

use super::{Findings, Misfit, misfit, similar};
use crate::model::errors::{E205, E207, E211, E212, E214, E216, E217};
use crate::model::{DataSet, ForeignKey, Place, Row, State, Table, Type, Value, View};
use crate::name::{DialectName, Name, ObjectName};
use crate::sql::{Rules, Token, TokenKind, identifiers, tokens};

/// Checks what is not inside of a table.
pub(super) fn check(findings: &mut Findings<'_>) {
    let state = findings.state;
    for item in state.enums.iter().filter(|item| item.values.is_empty()) {
        let message = format!("the enum `{}` has no values", item.name);
        let help = "write its values behind the name";
        findings.report(&E207, Place::Enum(item.name.clone()), None, message, help);
    }
    for view in &state.views {
        let place = Place::View(view.name.clone());
        dependencies(&view.depends_on, view.only.as_ref(), &place, findings);
    }
    for item in &state.objects {
        let place = Place::Object(item.name.clone());
        dependencies(&item.depends_on, item.only.as_ref(), &place, findings);
    }
    cycles(findings);
    for data in &state.data {
        rows(data, findings);
    }
}

fn dependencies(on: &[ObjectName], user: Option<&DialectName>, place: &Place, findings: &mut Findings<'_>) {
    let state = findings.state;
    for name in on {
        let used = if let Some(table) = state.tables.get(name) {
            table.settings.only.as_ref()
        } else if let Some(view) = state.views.get(name) {
            view.only.as_ref()
        } else if let Some(object) = state.objects.get(name) {
            object.only.as_ref()
        } else if state.enums.contains(name) {
            None
        } else {
            let help = similar(name, &state.tables)
                .or_else(|| similar(name, &state.views))
                .or_else(|| similar(name, &state.objects))
                .unwrap_or_else(|| "declare it, or delete it from `depends-on`".to_owned());
            let message = format!("there is no object `{name}`");
            findings.report(&E205, place.clone(), Some(name.name.as_str()), message, help);
            continue;
        };
        findings.visible(user, used, &format!("`{name}`"), place);
    }
}

/// Reports each cycle of views and raw objects once, at its first member by name.
fn cycles(findings: &mut Findings<'_>) {
    let edges = edges(findings.state);
    let mut done: BTreeSet<&ObjectName> = BTreeSet::new();
    for start in edges.keys() {
        let mut path: Vec<&ObjectName> = vec![start];
        let mut ahead: Vec<Vec<&ObjectName>> = vec![edges[start].iter().collect()];
        while let Some(next) = ahead.last_mut().map(Vec::pop) {
            let Some(next) = next else {
                ahead.pop();
                done.extend(path.pop());
                continue;
            };
            if let Some(at) = path.iter().position(|name| *name == next) {
                report_cycle(&path[at..], findings);
            } else if !done.contains(next)
                && let Some((name, more)) = edges.get_key_value(next)
            {
                path.push(name);
                ahead.push(more.iter().collect());
            }
        }
    }
}

fn report_cycle(cycle: &[&ObjectName], findings: &mut Findings<'_>) {
    let Some(first) = cycle.first() else { return };
    let is_view = findings.state.views.contains(first);
    let place = if is_view { Place::View((*first).clone()) } else { Place::Object((*first).clone()) };
    let names: Vec<String> = cycle.iter().chain([first]).map(|name| format!("`{name}`")).collect();
    let message = format!("these need each other: {}", names.join(" → "));
    findings.report(&E212, place, None, message, "take one of these references away");
}

/// What each view and raw object needs: what it says itself, and for a view what it selects from.
fn edges(state: &State) -> BTreeMap<&ObjectName, BTreeSet<ObjectName>> {
    let views = state.views.iter().map(|view| {
        let mut needs: BTreeSet<ObjectName> = view.depends_on.iter().cloned().collect();
        needs.extend(selected(view, state));
        (&view.name, needs)
    });
    let objects =
        state.objects.iter().map(|object| (&object.name, object.depends_on.iter().cloned().collect()));
    views.chain(objects).collect()
}

/// The views that stand behind FROM or JOIN in a view's query.
fn selected(view: &View, state: &State) -> Vec<ObjectName> {
    let mut found = Vec::new();
    for query in view.query.values() {
        let tokens: Vec<Token<'_>> = tokens(query, &Rules::SHARED).filter(Token::is_significant).collect();
        for (at, token) in tokens.iter().enumerate() {
            if !(token.is_word("from") || token.is_word("join")) {
                continue;
            }
            let word = |at: usize| tokens.get(at).and_then(word);
            let dot = tokens.get(at + 2).is_some_and(|token| token.is_mark("."));
            let name = match (word(at + 1), word(at + 3)) {
                (Some(namespace), Some(name)) if dot => ObjectName::qualified(namespace, name),
                (Some(name), _) => ObjectName::unqualified(name),
                (None, _) => continue,
            };
            if state.views.contains(&name) {
                found.push(name);
            }
        }
    }
    found
}

/// The name that a token stands for.
fn word(token: &Token<'_>) -> Option<Name> {
    match token.kind {
        TokenKind::Word => Name::new(token.text.to_ascii_lowercase()).ok(),
        TokenKind::Quoted => {
            identifiers(token.text, &Rules::SHARED).next().and_then(|word| Name::new(word.name).ok())
        }
        TokenKind::Space
        | TokenKind::Comment
        | TokenKind::String
        | TokenKind::Number
        | TokenKind::Operator
        | TokenKind::Mark => None,
    }
}

fn rows(data: &DataSet, findings: &mut Findings<'_>) {
    let place = Place::Data(data.name.clone());
    let Some(table) = findings.table(&data.name, &place) else { return };
    findings.columns(table, &data.key, &place);
    let mut unknown: BTreeSet<&Name> = BTreeSet::new();
    for (key, row) in &data.rows {
        let place = Place::Row(data.name.clone(), key.clone());
        // A column that is missing in every row is said once.
        let missing: Vec<&Name> = row.cells.keys().filter(|name| !table.columns.contains(name)).collect();
        for name in missing {
            if unknown.insert(name) && !data.key.contains(name) {
                findings.columns(table, std::slice::from_ref(name), &place);
            }
        }
        row_of(table, row, &place, findings);
    }
    for key in &table.foreign_keys {
        referred_rows(data, key, findings);
    }
}

fn names(names: &[Name]) -> Vec<&str> {
    names.iter().map(Name::as_str).collect()
}

/// A reference row that refers to another one is for none but the environments of that.
fn referred_rows(data: &DataSet, key: &ForeignKey, findings: &mut Findings<'_>) {
    let Some(target) = findings.state.data.get(&key.table) else { return };
    let limited = target.rows.values().filter(|row| !row.only_env.is_empty());
    let limited: BTreeMap<Vec<Value>, &Row> =
        limited.filter_map(|row| Some((row.key(&key.references)?, row))).collect();
    for (place, row) in &data.rows {
        let referred = row.key(&key.columns).and_then(|cells| limited.get(&cells).copied());
        let Some(referred) = referred.filter(|referred| !referred.is_wherever(row)) else { continue };
        let message = match names(&row.only_env).as_slice() {
            [] => "the row is for every environment".to_owned(),
            some => format!("the row is for `{}`", some.join("`, `")),
        };
        let others = names(&referred.only_env);
        let (name, other) = (&data.name, &key.table);
        let message = format!(
            "{message}, and the row of `{other}` that it refers to for `{}` alone",
            others.join("`, `")
        );
        let help = format!(
            "write it under `data {name} only-env=\"{}\"`, or the other one for more",
            others.join(",")
        );
        findings.report(&E217, Place::Row(name.clone(), place.clone()), None, message, help);
    }
}

fn row_of(table: &Table, Row { cells, only_env: _ }: &Row, place: &Place, findings: &mut Findings<'_>) {
    for column in &table.columns {
        let name = &column.name;
        // A column that not all databases have is left to those that do.
        let is_required = (column.only.is_none() || column.only == table.settings.only)
            && !column.nullable
            && column.generated.is_none()
            && column.identity.is_none()
            && column.default.values().any(Option::is_none);
        match cells.get(name) {
            Some(_) if column.generated.is_some() => {
                let message = format!("`{name}` is computed and takes no value");
                findings.report(
                    &E214,
                    place.clone(),
                    Some(name.as_str()),
                    message,
                    format!("delete `{name}=`"),
                );
            }
            Some(Value::Null) if !column.nullable => {
                let message = format!("`{name}` takes no NULL");
                let help = format!("write a value, or `nullable` behind the type of `{name}`");
                findings.report(&E214, place.clone(), Some(name.as_str()), message, help);
            }
            Some(value) => {
                if let Some(Misfit { message, help }) = misfit(value, column, findings.state) {
                    let is_enum = column.ty.values().any(|ty| matches!(ty, Type::Enum(_)));
                    let code = if is_enum { &E211 } else { &E216 };
                    findings.report(code, place.clone(), Some(name.as_str()), message, help);
                }
            }
            None if is_required => {
                let message = format!("the row has no value for `{name}`, which needs one");
                findings.report(
                    &E214,
                    place.clone(),
                    None,
                    message,
                    format!("write `{name}=` and the value"),
                );
            }
            None => {}
        }
    }
}
