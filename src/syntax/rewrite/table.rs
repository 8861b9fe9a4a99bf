//! Tables that stay: their settings and the nodes of their blocks.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::Rewriter;
use super::lines::{self, Edit};
use super::part::{self, Key, Part};
use crate::diagnostic::Span;
use crate::document::Node;
use crate::document::write::Writer;
use crate::model::{Options, Place, Table, TableSettings};
use crate::name::ObjectName;
use crate::syntax::options;
use crate::syntax::reading::Scope;
use crate::syntax::table::{ColumnOrder, Style, write_in};

/// The words of a table's block in the order in which they are written.
const ORDER: &[&str] =
    &["options", "use", "column", "primary-key", "unique", "foreign-key", "check", "index"];

impl<'r> Rewriter<'r> {
    pub(super) fn tables(&mut self) {
        let parsed = self.parsed;
        for table in &parsed.state.tables {
            for (_, span) in part::declared(table, &parsed.places) {
                self.users.add(&table.name, span);
            }
        }
        for table in &parsed.state.tables {
            match self.wanted.tables.get(&table.name) {
                Some(wanted) if wanted != table => self.table(table, wanted),
                Some(_) | None => {}
            }
        }
    }

    fn table(&mut self, table: &'r Table, wanted: &'r Table) {
        let spot = self.parsed.places.get(&Place::Table(table.name.clone()));
        let Some(node) = spot.and_then(|spot| self.nodes.get(spot.whole)) else { return };
        let mut gone: HashSet<Span> = HashSet::new();
        self.settings(node, table, wanted, &mut gone);
        let now = part::declared(table, &self.parsed.places);
        let columns: HashSet<Span> =
            now.iter().filter(|(part, _)| part.word() == "column").map(|(_, span)| *span).collect();
        let own: HashSet<Key<'_>> =
            now.iter().filter(|(_, span)| !columns.contains(span)).map(|(part, _)| part.key()).collect();
        let mut later: HashMap<Key<'_>, Part<'_>> = HashMap::new();
        let later_in_order = part::wanted(wanted, &own);
        later.extend(later_in_order.iter().map(|part| (part.key(), *part)));
        let mut known: HashSet<Key<'_>> = HashSet::new();
        for (before, span) in now {
            known.insert(before.key());
            let Some(of) = self.nodes.get(span) else { continue };
            let edits = match later.get(&before.key()) {
                None => {
                    gone.insert(span);
                    vec![self.removed(of)]
                }
                Some(after) => {
                    let (old, new) = (before.print(table, self.marks), after.print(wanted, self.marks));
                    if old == new { continue } else { self.changed(of, &old, &new, false) }
                }
            };
            self.at(node, &table.name, before, span, edits);
        }
        for part in later_in_order.into_iter().filter(|part| !known.contains(&part.key())) {
            let printed = part.print(wanted, self.marks);
            self.put(node, part.word(), &printed, &gone);
        }
    }

    /// Keeps the edits of a table's node, or of the template's that it comes from.
    fn at(&mut self, node: &Node<'_>, table: &ObjectName, part: Part<'_>, span: Span, edits: Vec<Edit>) {
        let inside =
            span.source == node.span.source && node.span.start <= span.start && span.end <= node.span.end;
        if inside {
            return self.edits.extend(edits);
        }
        let (member, name) = part.key();
        let what = match name {
            Some(name) => format!("the {} `{name}`", member.word()),
            None => format!("the {}", member.word()),
        };
        self.shared.entry(span).or_default().push((table.clone(), what, edits));
    }

    /// Puts a node into a block behind the last of its kind.
    pub(super) fn put(&mut self, parent: &Node<'_>, word: &str, printed: &str, gone: &HashSet<Span>) {
        let rank = |word: &str| ORDER.iter().position(|known| known.contains(word));
        let stays = || parent.children().iter().filter(|child| !gone.contains(&child.span));
        let same = stays().rfind(|child| child.name.as_str() == word);
        let anchor = same.or_else(|| stays().rfind(|child| rank(child.name.as_str()) <= rank(word)));
        let text = self.text(parent.span.source);
        let edit = match (anchor, &parent.block) {
            (Some(anchor), Some(block)) => lines::behind(text, anchor, block.span.range().start, printed),
            (_, _) => lines::first_in(text, parent, printed),
        };
        self.edits.push(edit);
    }

    fn settings(&mut self, node: &Node<'_>, table: &Table, wanted: &Table, gone: &mut HashSet<Span>) {
        let TableSettings { only: _, comment: _, options } = &table.settings;
        let head = |of: &Table| {
            let settings = TableSettings { options: Options::new(), ..of.settings.clone() };
            self.print_settings(of, settings)
        };
        let (old, new) = (head(table), head(wanted));
        if old != new {
            self.edits.extend(self.changed_head(node, &old, &new));
        }
        let dialects: BTreeSet<_> = options.keys().chain(wanted.settings.options.keys()).collect();
        for dialect in dialects {
            let line = |of: &Table| {
                let options = of.settings.options.get(dialect)?;
                let mut w = Writer::new();
                options::write(&mut w, &Options::from([(dialect.clone(), options.clone())]));
                Some(w.finish())
            };
            let is_own = |child: &&Node<'_>| {
                child.name.as_str() == "options"
                    && child.annotation.as_ref().is_some_and(|word| word.as_str() == dialect.as_str())
            };
            let here = node.children().iter().find(is_own);
            match (here, line(table), line(wanted)) {
                (_, old, new) if old == new => {}
                (Some(here), Some(old), Some(new)) => {
                    let edits = self.changed(here, &old, &new, false);
                    self.edits.extend(edits);
                }
                (Some(here), _, None) => {
                    gone.insert(here.span);
                    let edit = self.removed(here);
                    self.edits.push(edit);
                }
                (None, _, Some(new)) => self.put(node, "options", &new, gone),
                (_, _, _) => {}
            }
        }
    }

    fn print_settings(&self, of: &Table, settings: TableSettings) -> String {
        let bare = Table { settings, ..Table::new(of.name.clone()) };
        let scope = Scope::In(of.name.namespace.as_ref());
        let mut w = Writer::new();
        write_in(&mut w, "table", &bare, Style { order: ColumnOrder::Declared, scope, marks: self.marks });
        w.finish()
    }

    /// The edits of a node's line, whose block stays.
    pub(super) fn changed_head(&self, node: &Node<'_>, before: &str, after: &str) -> Vec<Edit> {
        let head = Node { block: None, span: Span { end: head_end(node), ..node.span }, ..node.clone() };
        self.changed(&head, before, after, true)
    }
}

/// Where the entries of a node end.
fn head_end(node: &Node<'_>) -> u32 {
    node.entries.last().map_or(node.name.span.end, |entry| entry.span.end)
}
