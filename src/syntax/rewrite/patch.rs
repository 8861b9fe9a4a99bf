//! A node as somebody wrote it, changed as its printed form changes: entries that say the same stay as they are.

use super::lines::{Edit, indentation, indented};
use crate::document::{Entry, Node, Text};

/// A node with the text that it was read from.
#[derive(Clone, Copy)]
pub(super) struct Written<'t, 'a> {
    pub(super) text: &'t str,
    pub(super) node: &'t Node<'a>,
}

impl<'t> Written<'t, '_> {
    fn slice(self, entry: &Entry<'_>) -> &'t str {
        &self.text[entry.span.range()]
    }
}

/// Changes a node in the way that leads from `before` to `after`; `None` if it is written in another way than these.
/// Blocks of `flat` nodes are left alone.
pub(super) fn patch(
    actual: Written<'_, '_>,
    before: Written<'_, '_>,
    after: Written<'_, '_>,
    flat: bool,
) -> Option<Vec<Edit>> {
    if !same_text(before.node.annotation.as_ref(), after.node.annotation.as_ref()) {
        return None;
    }
    let indent = indentation(actual.text, actual.node.span.range().start).unwrap_or_default();
    let mut edits = arguments(actual, before, after, indent)?;
    properties(actual, before, after, indent, &mut edits)?;
    if !flat && !same_children(before.node.children(), after.node.children()) {
        children(actual, before, after, &mut edits)?;
    }
    Some(edits)
}

fn arguments(
    actual: Written<'_, '_>,
    before: Written<'_, '_>,
    after: Written<'_, '_>,
    indent: &str,
) -> Option<Vec<Edit>> {
    let of = |node: Written<'_, '_>| -> Vec<usize> {
        (0..node.node.entries.len()).filter(|at| node.node.entries[*at].name.is_none()).collect()
    };
    let entry = |node: Written<'_, '_>, list: &[usize], at: usize| {
        list.get(at).map(|at| node.slice(&node.node.entries[*at]).to_owned())
    };
    let (here, old, new) = (of(actual), of(before), of(after));
    let same = |a: usize, b: usize| same_entry(&before.node.entries[old[a]], &after.node.entries[new[b]]);
    let front = (0..old.len().min(new.len())).take_while(|at| same(*at, *at)).count();
    let most = old.len().min(new.len()) - front;
    let back = (0..most).take_while(|at| same(old.len() - 1 - at, new.len() - 1 - at)).count();
    let (old_mid, new_mid) = (front..old.len() - back, front..new.len() - back);
    if old_mid.is_empty() && new_mid.is_empty() {
        return Some(Vec::new());
    }
    // The same arguments in the same places, or else found by what they say.
    let place = |at: usize| {
        let wanted = &before.node.entries[old[at]];
        let says = |other: &usize| actual.node.entries[*other].value == wanted.value;
        let straight = here.get(at).copied().filter(says);
        straight.or_else(|| here.iter().copied().find(says)).or_else(|| here.get(at).copied())
    };
    let mut edits = Vec::new();
    if old_mid.len() == new_mid.len() {
        for at in old_mid {
            let span = actual.node.entries[place(at)?].span;
            edits.push(Edit::replace(span, indented(&entry(after, &new, at)?, indent)));
        }
        return Some(edits);
    }
    for at in old_mid.clone() {
        edits.push(without(actual, &actual.node.entries[place(at)?]));
    }
    let anchor = match front.checked_sub(1) {
        Some(last) => actual.node.entries[place(last)?].span,
        None => actual.node.name.span,
    };
    let mut added = String::new();
    for at in new_mid {
        added.push(' ');
        added.push_str(&indented(&entry(after, &new, at)?, indent));
    }
    if !added.is_empty() {
        edits.push(Edit::insert(anchor.source, anchor.range().end, added));
    }
    Some(edits)
}

fn properties(
    actual: Written<'_, '_>,
    before: Written<'_, '_>,
    after: Written<'_, '_>,
    indent: &str,
    edits: &mut Vec<Edit>,
) -> Option<()> {
    for old in before.node.entries.iter().filter(|entry| entry.name.is_some()) {
        let here = property(actual.node, old.name.as_ref()?.as_str());
        match property(after.node, old.name.as_ref()?.as_str()) {
            Some(new) if same_entry(old, new) => {}
            Some(new) => edits.push(Edit::replace(here?.span, indented(after.slice(new), indent))),
            None => edits.push(without(actual, here?)),
        }
    }
    let end = actual.node.entries.last().map_or(actual.node.name.span, |entry| entry.span);
    for new in after.node.entries.iter() {
        let Some(name) = &new.name else { continue };
        if property(before.node, name.as_str()).is_some() {
            continue;
        }
        if property(actual.node, name.as_str()).is_some() {
            return None;
        }
        let text = format!(" {}", indented(after.slice(new), indent));
        edits.push(Edit::insert(end.source, end.range().end, text));
    }
    Some(())
}

fn children(
    actual: Written<'_, '_>,
    before: Written<'_, '_>,
    after: Written<'_, '_>,
    edits: &mut Vec<Edit>,
) -> Option<()> {
    if before.node.children().len() != after.node.children().len() {
        return None;
    }
    for (old, new) in before.node.children().iter().zip(after.node.children()) {
        if old.name.text != new.name.text {
            return None;
        }
        if same_node(old, new) {
            continue;
        }
        let mut found = actual.node.children().iter().filter(|node| node.name.text == old.name.text);
        let (Some(here), None) = (found.next(), found.next()) else { return None };
        let (actual, before, after) = (
            Written { node: here, ..actual },
            Written { node: old, ..before },
            Written { node: new, ..after },
        );
        edits.extend(patch(actual, before, after, false)?);
    }
    Some(())
}

/// An entry goes, with the white space in front of it.
fn without(of: Written<'_, '_>, entry: &Entry<'_>) -> Edit {
    let range = entry.span.range();
    let start = of.text[..range.start].trim_end_matches([' ', '\t']).len();
    Edit { source: entry.span.source, start, end: range.end, text: String::new() }
}

fn property<'n, 'a>(node: &'n Node<'a>, name: &str) -> Option<&'n Entry<'a>> {
    node.entries.iter().find(|entry| entry.name.as_ref().is_some_and(|own| own.as_str() == name))
}

fn same_text(a: Option<&Text<'_>>, b: Option<&Text<'_>>) -> bool {
    a.map(Text::as_str) == b.map(Text::as_str)
}

fn same_entry(a: &Entry<'_>, b: &Entry<'_>) -> bool {
    same_text(a.name.as_ref(), b.name.as_ref())
        && same_text(a.annotation.as_ref(), b.annotation.as_ref())
        && a.value == b.value
}

fn same_children(a: &[Node<'_>], b: &[Node<'_>]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_node(a, b))
}

/// Whether two nodes say the same.
pub(super) fn same_node(a: &Node<'_>, b: &Node<'_>) -> bool {
    a.name.text == b.name.text
        && same_text(a.annotation.as_ref(), b.annotation.as_ref())
        && a.entries.len() == b.entries.len()
        && a.entries.iter().zip(&b.entries).all(|(a, b)| same_entry(a, b))
        && same_children(a.children(), b.children())
}
