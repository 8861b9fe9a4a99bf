//! Which part of a schema is meant: what patterns choose, with what that can't be without.

use std::collections::{BTreeMap, BTreeSet};

use wildmatch::WildMatch;

use super::errors::{E860, E861};
use crate::change::needs;
use crate::diagnostic::Diagnostic;
use crate::dialect::Inspection;
use crate::model::{Collection, Named, State};
use crate::name::{Name, ObjectName};
use crate::sql::{Case, Rules};

/// Patterns for the names of tables, views, enums and other objects.
pub(crate) struct Selection {
    include: Vec<Pattern>,
    exclude: Vec<Pattern>,
    /// The namespace of names without one, as the database calls it.
    namespace: Option<Name>,
}

/// A pattern with `*` and `?`, which is about the name alone unless it has a dot.
struct Pattern {
    text: String,
    glob: WildMatch,
}

/// What was chosen.
pub(crate) struct Chosen {
    /// What comes along although no pattern says so, with what needs it.
    pub(crate) brought: BTreeMap<ObjectName, ObjectName>,
    /// Patterns for what is to be left out that are about nothing.
    pub(crate) idle: Vec<String>,
}

impl Selection {
    /// Reads patterns for a database with these rules, whose unqualified names are in this namespace.
    pub(crate) fn new(
        include: &[String],
        exclude: &[String],
        rules: &Rules,
        namespace: Option<&str>,
    ) -> Self {
        let pattern = |text: &String| {
            let glob = match rules.case {
                Case::FoldsToLower => WildMatch::new(text),
                Case::Ignored => WildMatch::new_case_insensitive(text),
            };
            Pattern { text: text.clone(), glob }
        };
        let namespace = namespace.and_then(|name| Name::new(name).ok());
        let patterns = |texts: &[String]| texts.iter().map(pattern).collect();
        Self { include: patterns(include), exclude: patterns(exclude), namespace }
    }

    /// Takes everything else out of what was inspected. What belongs to a table comes and goes with it; what the
    /// chosen things need comes along, unless a pattern says that it is to be left out.
    ///
    /// # Errors
    /// E860: a pattern chooses nothing. E861: something that is left out is needed.
    pub(crate) fn apply(&self, inspection: &mut Inspection) -> Result<Chosen, Vec<Diagnostic>> {
        let Inspection { state, unmanaged, unseen: _ } = inspection;
        if self.include.is_empty() && self.exclude.is_empty() {
            return Ok(Chosen { brought: BTreeMap::new(), idle: Vec::new() });
        }
        let names = names_of(state);
        let all: Vec<ObjectName> =
            names.iter().cloned().chain(unmanaged.iter().map(|one| parted(&one.name))).collect();
        self.refuse_empty(&all)?;
        let excluded: BTreeSet<ObjectName> =
            names.iter().filter(|name| self.is_excluded(name)).cloned().collect();
        let chosen = names.iter().filter(|name| self.is_included(name) && !excluded.contains(*name));
        let (kept, brought) = close(state, chosen.cloned().collect(), &excluded)?;
        retain(state, &kept);
        unmanaged.retain(|one| {
            let name = parted(&one.name);
            self.is_included(&name) && !self.is_excluded(&name)
        });
        let idle = self.exclude.iter().filter(|pattern| !all.iter().any(|name| self.is_about(pattern, name)));
        Ok(Chosen { brought, idle: idle.map(|pattern| pattern.text.clone()).collect() })
    }

    fn is_included(&self, name: &ObjectName) -> bool {
        self.include.is_empty() || self.include.iter().any(|pattern| self.is_about(pattern, name))
    }

    fn is_excluded(&self, name: &ObjectName) -> bool {
        self.exclude.iter().any(|pattern| self.is_about(pattern, name))
    }

    fn is_about(&self, pattern: &Pattern, name: &ObjectName) -> bool {
        let own = name.name.as_str();
        let has_dot = pattern.text.contains('.');
        let namespace = name.namespace.as_ref().or(self.namespace.as_ref());
        let qualified = namespace.map(|namespace| format!("{namespace}.{own}"));
        (pattern.glob.matches(own) && (!has_dot || own.contains('.')))
            || (has_dot && qualified.is_some_and(|text| pattern.glob.matches(&text)))
    }

    fn refuse_empty(&self, names: &[ObjectName]) -> Result<(), Vec<Diagnostic>> {
        let empty = |pattern: &&Pattern| !names.iter().any(|name| self.is_about(pattern, name));
        let problems: Vec<Diagnostic> = self
            .include
            .iter()
            .filter(empty)
            .map(|pattern| {
                let near =
                    crate::diagnostic::near(&pattern.text, names.iter().map(|name| name.name.as_str()));
                let help = near.map_or_else(
                    || "run the command without `--include` to see what there is".to_owned(),
                    |near| format!("write `--include {near}`"),
                );
                Diagnostic::error(&E860, format!("nothing is called `{}`", pattern.text)).help(help)
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// A name as it is shown, taken apart at its first dot.
fn parted(text: &str) -> ObjectName {
    let name = |text: &str| Name::new(text).ok();
    let qualified = text
        .split_once('.')
        .and_then(|(namespace, own)| Some(ObjectName::qualified(name(namespace)?, name(own)?)));
    qualified
        .unwrap_or_else(|| ObjectName::unqualified(name(text).unwrap_or_else(|| Name::derived(&["unnamed"]))))
}

fn names_of(state: &State) -> BTreeSet<ObjectName> {
    let State { namespaces: _, enums, tables, views, objects, data: _ } = state;
    enums.keys().chain(tables.keys()).chain(views.keys()).chain(objects.keys()).cloned().collect()
}

/// Names of what is kept; those that came along, with what needs them.
type Kept = (BTreeSet<ObjectName>, BTreeMap<ObjectName, ObjectName>);

/// What is kept: the chosen with their parts and needs, and why what wasn't chosen is there.
fn close(
    state: &State,
    chosen: BTreeSet<ObjectName>,
    excluded: &BTreeSet<ObjectName>,
) -> Result<Kept, Vec<Diagnostic>> {
    let (needs, names) = (needs(state), names_of(state));
    let mut parts: BTreeMap<&ObjectName, Vec<&ObjectName>> = BTreeMap::new();
    let wholes = state.wholes();
    // What is part of something that goes, goes with it.
    let mut gone = excluded.clone();
    for object in &state.objects {
        if let Some(whole) = wholes.of(object) {
            parts.entry(whole).or_default().push(&object.name);
            if excluded.contains(whole) {
                gone.insert(object.name.clone());
            }
        }
    }
    let mut kept = BTreeSet::new();
    let mut brought = BTreeMap::new();
    let mut problems = BTreeSet::new();
    let mut left: Vec<ObjectName> = chosen.iter().filter(|name| !gone.contains(*name)).cloned().collect();
    while let Some(name) = left.pop() {
        if !kept.insert(name.clone()) {
            continue;
        }
        let own = parts.get(&name).into_iter().flatten().filter(|part| !gone.contains(**part));
        left.extend(own.map(|part| (*part).clone()));
        for need in needs.get(&name).into_iter().flatten().filter(|need| names.contains(*need)) {
            if gone.contains(need) {
                problems.insert((name.clone(), need.clone()));
            } else if !kept.contains(need) {
                if !chosen.contains(need) {
                    brought.entry(need.clone()).or_insert_with(|| name.clone());
                }
                left.push(need.clone());
            }
        }
    }
    if problems.is_empty() {
        return Ok((kept, brought));
    }
    let problem = |(name, need): (ObjectName, ObjectName)| {
        Diagnostic::error(&E861, format!("`{name}` needs `{need}`, which is excluded"))
            .help(format!("exclude it as well: `--exclude '{name}'`, or leave `{need}` in"))
    };
    Err(problems.into_iter().map(problem).collect())
}

/// Takes out what isn't kept, and namespaces that nothing is left in.
fn retain(state: &mut State, kept: &BTreeSet<ObjectName>) {
    fn only<T: Named<Key = ObjectName>>(
        items: &mut Collection<T>,
        kept: &BTreeSet<ObjectName>,
    ) -> BTreeSet<Name> {
        let gone: Vec<ObjectName> = items.keys().filter(|name| !kept.contains(*name)).cloned().collect();
        gone.iter().for_each(|name| drop(items.remove(name)));
        gone.into_iter().filter_map(|name| name.namespace).collect()
    }
    let State { namespaces, enums, tables, views, objects, data } = state;
    let mut touched = only(enums, kept);
    touched.extend(only(tables, kept));
    touched.extend(only(views, kept));
    touched.extend(only(objects, kept));
    touched.extend(only(data, kept));
    for namespace in touched {
        if !kept.iter().any(|name| name.namespace.as_ref() == Some(&namespace)) {
            namespaces.remove(&namespace);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;
    use crate::syntax::parse_canonical;

    const SCHEMA: &str = r#"
        enum status open closed
        table customers { column id bigint primary-key }
        table orders {
            column id bigint primary-key
            column customer_id bigint references="customers.id"
            column status (enum)status
        }
        view open_orders { as (sql)"SELECT id FROM orders" }
        object touch { create (sql)"CREATE FUNCTION touch() RETURNS trigger AS $$ $$"; drop (sql)"DROP FUNCTION touch" }
        object orders_touch {
            depends-on orders touch
            create (sql)"CREATE TRIGGER orders_touch AFTER UPDATE ON orders EXECUTE FUNCTION touch()"
            drop (sql)"DROP TRIGGER orders_touch ON orders"
        }
        schema audit { table orders { column id bigint primary-key } }
    "#;

    /// What is left, with what came along behind a `+`, or what is wrong.
    fn select(include: &[&str], exclude: &[&str]) -> String {
        let mut sources = Sources::default();
        let file = sources.add("schema.kdl", SCHEMA);
        let (state, problems) = parse_canonical(&sources, file);
        let mut inspection = Inspection {
            state: state.unwrap_or_else(|| panic!("{problems:?}")),
            unmanaged: Vec::new(),
            unseen: Vec::new(),
        };
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let selection = Selection::new(&texts(include), &texts(exclude), &Rules::STANDARD, Some("public"));
        match selection.apply(&mut inspection) {
            Ok(Chosen { brought, idle }) => {
                let shown = |name: &ObjectName| {
                    format!("{}{name}", if brought.contains_key(name) { "+" } else { "" })
                };
                let mut shown: Vec<String> = names_of(&inspection.state).iter().map(shown).collect();
                shown.extend(idle.iter().map(|text| format!("?{text}")));
                shown.join(" ")
            }
            Err(problems) => {
                problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("; ")
            }
        }
    }

    #[test]
    fn what_is_chosen_brings_what_it_needs() {
        let cases: [(&[&str], &[&str], &str); 12] = [
            (&[], &[], "customers open_orders orders orders_touch status touch audit.orders"),
            (&["customers"], &[], "customers"),
            (&["public.orders"], &[], "+customers orders orders_touch +status +touch"),
            (&["orders"], &[], "+customers orders orders_touch +status +touch audit.orders"),
            (&["audit.*"], &[], "audit.orders"),
            (&["open*", "c?stomers"], &[], "customers open_orders +orders orders_touch +status +touch"),
            (&[], &["audit.*"], "customers open_orders orders orders_touch status touch"),
            (&[], &["public.o*", "touch"], "customers status audit.orders"),
            (&["orders"], &["touch"], "`orders_touch` needs `touch`, which is excluded"),
            (&[], &["customers"], "`orders` needs `customers`, which is excluded"),
            (&["ordrs"], &[], "nothing is called `ordrs`"),
            (&["customers"], &["none_*"], "customers ?none_*"),
        ];
        for (include, exclude, expected) in cases {
            assert_eq!(select(include, exclude), expected, "{include:?} {exclude:?}");
        }
    }
}
