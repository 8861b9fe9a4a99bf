//! What a view or a raw object rests on: what it says itself, and for a view every relation that its query
//! mentions by name.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{RawObject, State, View};
use crate::name::{Name, ObjectName};
use crate::sql::{Rules, may_be_relations};

impl State {
    /// The tables and views that a view rests on, by `depends-on` or because a query of it mentions their
    /// name. It may name one too many (a column called like a table), never one too few.
    #[must_use]
    pub fn sources_of_view(&self, view: &View) -> BTreeSet<ObjectName> {
        let words: HashSet<String> = mentioned(view).collect();
        let named = |name: &&ObjectName| {
            words.contains(&name.name.as_str().to_lowercase()) && !self.is_declared_over(name, &view.name)
        };
        self.tables.keys().chain(self.views.keys()).filter(named).chain(&view.depends_on).cloned().collect()
    }

    /// The views that rest on any of these relations, directly or through other views; each comes after those
    /// that it rests on itself.
    #[must_use]
    pub fn views_over(&self, relations: &BTreeSet<ObjectName>) -> Vec<&View> {
        let sources = self.view_sources();
        let mut reached = relations.clone();
        let mut found: Vec<&View> = Vec::new();
        let mut left = self.views.sorted();
        loop {
            let rests = |view: &&View| {
                sources.get(&view.name).is_some_and(|of| of.iter().any(|name| reached.contains(name)))
            };
            let (next, others): (Vec<&View>, Vec<&View>) = left.into_iter().partition(rests);
            if next.is_empty() {
                break;
            }
            reached.extend(next.iter().map(|view| view.name.clone()));
            found.extend(next);
            left = others;
        }
        in_order(found, &sources)
    }

    /// The raw object that creates a table under its own name. Foreign keys can refer to such a table.
    #[must_use]
    pub fn table_as_object(&self, name: &ObjectName) -> Option<&RawObject> {
        let creates = |object: &&RawObject| {
            let is_table = object.kind().as_deref() == Some("table");
            is_table && object.created_name().as_deref() == Some(name.name.as_str())
        };
        self.objects.get(name).filter(creates)
    }

    /// Whether a view or raw object rests on another by what those between declare, or is that other itself: what is
    /// said outweighs what a word may mean.
    #[must_use]
    pub fn is_declared_over(&self, name: &ObjectName, other: &ObjectName) -> bool {
        let mut left = vec![name];
        let mut seen = BTreeSet::new();
        while let Some(next) = left.pop() {
            if next == other {
                return true;
            }
            if seen.insert(next) {
                left.extend(self.views.get(next).into_iter().flat_map(|view| &view.depends_on));
                left.extend(self.objects.get(next).into_iter().flat_map(|object| &object.depends_on));
            }
        }
        false
    }

    /// The columns whose type is an enum or an array of it, sorted.
    #[must_use]
    pub fn columns_of_enum(&self, of: &ObjectName) -> Vec<(ObjectName, Name)> {
        let mut columns: Vec<(ObjectName, Name)> = Vec::new();
        for table in &self.tables {
            let users =
                table.columns.iter().filter(|column| column.ty.values().any(|ty| ty.enum_name() == Some(of)));
            columns.extend(users.map(|column| (table.name.clone(), column.name.clone())));
        }
        columns.sort();
        columns
    }

    /// For each view what it rests on.
    fn view_sources(&self) -> HashMap<&ObjectName, BTreeSet<ObjectName>> {
        let mut by_word: HashMap<String, Vec<&ObjectName>> = HashMap::new();
        for name in self.tables.keys().chain(self.views.keys()) {
            by_word.entry(Name::as_str(&name.name).to_lowercase()).or_default().push(name);
        }
        let sources = |view: &View| -> BTreeSet<ObjectName> {
            let named = mentioned(view).filter_map(|word| by_word.get(&word)).flatten().copied();
            let named = named.filter(|name| !self.is_declared_over(name, &view.name));
            named.chain(&view.depends_on).cloned().collect()
        };
        self.views.iter().map(|view| (&view.name, sources(view))).collect()
    }
}

/// The names in a view's queries that may be a relation's, in lower case.
fn mentioned(view: &View) -> impl Iterator<Item = String> {
    view.query
        .values()
        .flat_map(|query| may_be_relations(query, &Rules::SHARED))
        .map(|name| name.to_lowercase())
}

/// Puts views behind those that they rest on.
fn in_order<'a>(views: Vec<&'a View>, sources: &HashMap<&ObjectName, BTreeSet<ObjectName>>) -> Vec<&'a View> {
    let mut left = views;
    let mut order: Vec<&View> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |view: &View| {
            let of = sources.get(&view.name);
            left.iter().any(|other| other.name != view.name && of.is_some_and(|of| of.contains(&other.name)))
        };
        let ready = left.iter().position(|view| !waits(view)).unwrap_or(0);
        order.push(left.remove(ready));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SqlText;

    fn name(text: &str) -> ObjectName {
        ObjectName::unqualified(Name::new(text).unwrap())
    }

    fn view(named: &str, query: &str) -> View {
        View {
            name: name(named),
            only: None,
            query: SqlText::from(query),
            depends_on: Vec::new(),
            comment: None,
        }
    }

    #[test]
    fn a_word_of_the_language_is_no_name_outside_of_quotes() {
        let views = [
            view("ones", "SELECT 1 AS one"),
            view("select", "SELECT count(*) AS n FROM ones"),
            view("quoted", "SELECT n FROM \"select\""),
            view("ticked", "SELECT n FROM `select`"),
        ];
        let state = State { views: views.iter().cloned().collect(), ..State::default() };
        let sources = views.map(|view| Vec::from_iter(state.sources_of_view(&view)));
        assert_eq!(sources, [vec![], vec![name("ones")], vec![name("select")], vec![name("select")]]);
    }

    #[test]
    fn an_alias_is_no_name_of_a_view_that_rests_on_this_one() {
        for query in [
            "SELECT b.id FROM t AS b",
            "select `b`.`id` AS `id` from `t` `b`",
            "SELECT b.id FROM t b JOIN u ON b.id = u.id",
            "SELECT id AS b FROM t",
            "SELECT b.id FROM (SELECT id FROM t) b",
        ] {
            let views = [view("b", "SELECT id FROM a"), view("a", query)];
            let state = State { views: views.into_iter().collect(), ..State::default() };
            let over = state.views_over(&BTreeSet::from([name("a")]));
            assert_eq!(Vec::from_iter(over.iter().map(|view| &view.name)), [&name("b")], "{query}");
            assert_eq!(
                state.sources_of_view(state.views.get(&name("a")).unwrap()),
                BTreeSet::new(),
                "{query}"
            );
        }
    }
}
