//! Who rests on what, as far as PostgreSQL would refuse a change because of it or follow it differently from a
//! database that is made anew. Found in structure where there is structure, and by name in SQL texts; there
//! it may find one too many, which costs a drop and a create, but not one too few.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::model::{ForeignKey, Index, KeyPart, RawObject, SqlText, Table, View};
use crate::name::{Name, ObjectName};
use crate::sql::{Token, identifiers, tokens};

use super::super::RULES;
use super::Renderer;
use super::part::{Member, Part};

/// What happens to a column.
#[derive(Clone, Copy)]
pub(super) enum Touch {
    /// It comes to be: a `*` then means more than before.
    Added,
    /// It gets another name, and the columns of views over it keep the old one.
    Renamed,
    /// It gets another type.
    Retyped {
        /// Whether its values still compare with those of the old type.
        comparable: bool,
    },
    /// It goes, for good or to be made anew.
    Gone,
}

/// The words of a text, read once.
struct Words {
    names: HashSet<String>,
    /// Whether columns may be meant that are not named.
    star: bool,
}

/// The texts that have been read.
#[derive(Default)]
pub(super) struct Texts(RefCell<HashMap<Box<str>, Rc<Words>>>);

impl Texts {
    fn words(&self, text: &str) -> Rc<Words> {
        if let Some(words) = self.0.borrow().get(text) {
            return Rc::clone(words);
        }
        let names = identifiers(text, &RULES).map(|identifier| identifier.name.into_owned()).collect();
        let words = Rc::new(Words { names, star: has_star(text) });
        self.0.borrow_mut().insert(text.into(), Rc::clone(&words));
        words
    }

    /// Whether a text mentions one of the names.
    pub(super) fn mention(&self, text: &SqlText, names: &[String]) -> bool {
        let words = self.words(&text.common);
        names.iter().any(|name| words.names.contains(name))
    }
}

/// Whether a query selects `*`, or joins by whatever columns have the same name.
fn has_star(text: &str) -> bool {
    let tokens: Vec<_> = tokens(text, &RULES).filter(Token::is_significant).collect();
    let counts = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        before.is_some_and(|token| token.is_mark("("))
            && tokens.get(at + 1).is_some_and(|token| token.is_mark(")"))
    };
    tokens
        .iter()
        .enumerate()
        .any(|(at, token)| token.is_word("NATURAL") || (token.text == "*" && !counts(at)))
}

impl Renderer<'_> {
    /// The views and raw objects that rest on a table, a view or an object.
    pub(super) fn over(&self, name: &ObjectName) -> Vec<Part> {
        self.over_any(name, &self.renames.of_relation(name))
    }

    /// The views and raw objects that rest on something with these names, the first of which it has now, and that can
    /// be made anew.
    pub(super) fn over_any(&self, name: &ObjectName, names: &[String]) -> Vec<Part> {
        let views = self.live.views.iter().filter(|view| self.is_view_over(view, name, names));
        let objects = self.live.objects.iter();
        let objects =
            objects.filter(|object| object.holds_no_rows() && self.is_object_over(object, name, names));
        let views = views.map(|view| Part::View(view.name.clone()));
        views.chain(objects.map(|object| Part::Object(object.name.clone()))).collect()
    }

    /// Whether a view or raw object rests on a table, a view or an object.
    pub(super) fn is_over(&self, part: &Part, name: &ObjectName) -> bool {
        let names = self.renames.of_relation(name);
        let live = &self.live;
        match part {
            Part::View(of) => live.views.get(of).is_some_and(|view| self.is_view_over(view, name, &names)),
            Part::Object(of) => {
                live.objects.get(of).is_some_and(|object| self.is_object_over(object, name, &names))
            }
            Part::Member(..) => false,
        }
    }

    fn is_view_over(&self, view: &View, name: &ObjectName, names: &[String]) -> bool {
        view.depends_on.contains(name)
            || (self.texts.mention(&view.query, names) && !self.live.is_declared_over(name, &view.name))
    }

    fn is_object_over(&self, object: &RawObject, name: &ObjectName, names: &[String]) -> bool {
        let rests = object.depends_on.contains(name)
            || (self.texts.mention(&object.create, names) && !self.live.is_declared_over(name, &object.name));
        object.name != *name && rests
    }

    /// What rests on a column in such a way that the change concerns it.
    pub(super) fn over_column(&self, table: &Table, column: &Name, touch: Touch) -> Vec<Part> {
        let names = self.renames.of_column(&table.name, column);
        let mut parts = Vec::new();
        for part in self.over(&table.name) {
            let concerned = match (&part, touch) {
                (Part::View(name), _) => self.live.views.get(name).is_some_and(|view| {
                    let named = !matches!(touch, Touch::Added) && self.texts.mention(&view.query, &names);
                    named || self.texts.words(&view.query.common).star
                }),
                (Part::Object(_) | Part::Member(..), Touch::Added | Touch::Renamed) => false,
                (Part::Object(name), Touch::Retyped { .. } | Touch::Gone) => {
                    let object = self.live.objects.get(name);
                    object.is_some_and(|object| self.texts.mention(&object.create, &names))
                }
                (Part::Member(..), Touch::Retyped { .. } | Touch::Gone) => false,
            };
            if concerned {
                parts.push(part);
            }
        }
        match touch {
            Touch::Added | Touch::Renamed => {}
            Touch::Retyped { comparable } => {
                parts.extend(self.mentioning(table, &names));
                parts.extend(indexes(table, |index| {
                    index.keys.iter().any(|key| {
                        let chosen = key.operator_class.is_some() || key.collation.is_some();
                        chosen && matches!(&key.on, KeyPart::Column(name) if name == column)
                    })
                }));
                if !comparable {
                    parts.extend(self.foreign_keys_at(&table.name, column));
                }
            }
            Touch::Gone => parts.extend(self.mentioning(table, &names)),
        }
        parts.retain(|part| *part != Part::Member(table.name.clone(), Member::Generated(column.clone())));
        parts
    }

    /// What has the column in its structure: keys, foreign keys and indexes.
    pub(super) fn built_on(&self, table: &Table, column: &Name) -> Vec<Part> {
        let member = |member| Part::Member(table.name.clone(), member);
        let mut parts = self.foreign_keys_at(&table.name, column);
        let key = table.primary_key.iter().filter(|key| key.columns.contains(column));
        parts.extend(key.map(|_| member(Member::PrimaryKey)));
        let uniques = table.uniques.iter().filter(|unique| unique.columns.contains(column));
        parts.extend(uniques.map(|unique| member(Member::Unique(unique.name.clone()))));
        parts.extend(indexes(table, |index| {
            let key = |part: &KeyPart| matches!(part, KeyPart::Column(name) if name == column);
            index.include.contains(column) || index.keys.iter().any(|part| key(&part.on))
        }));
        parts
    }

    /// The parts of a table whose SQL mentions one of the names.
    pub(super) fn mentioning(&self, table: &Table, names: &[String]) -> Vec<Part> {
        let mentioned = |text: &SqlText| self.texts.mention(text, names);
        let member = |member| Part::Member(table.name.clone(), member);
        let checks = table.checks.iter().filter(|check| mentioned(&check.expression));
        let mut parts: Vec<Part> = checks.map(|check| member(Member::Check(check.name.clone()))).collect();
        parts.extend(indexes(table, |index| {
            let key = |part: &KeyPart| matches!(part, KeyPart::Expression(text) if mentioned(text));
            index.predicate.as_ref().is_some_and(mentioned) || index.keys.iter().any(|part| key(&part.on))
        }));
        let generated = table.columns.iter().filter(|column| {
            column.generated.as_ref().is_some_and(|generated| mentioned(&generated.expression))
        });
        parts.extend(generated.map(|column| member(Member::Generated(column.name.clone()))));
        parts
    }

    /// The foreign keys from or to a column.
    fn foreign_keys_at(&self, table: &ObjectName, column: &Name) -> Vec<Part> {
        self.foreign_keys(|owner, key| {
            (owner == table && key.columns.contains(column))
                || (key.table == *table && key.references.contains(column))
        })
    }

    /// The foreign keys that rest on these columns being unique.
    pub(super) fn referring<'a>(
        &self,
        table: &ObjectName,
        columns: impl IntoIterator<Item = &'a Name>,
    ) -> Vec<Part> {
        let columns: HashSet<&Name> = columns.into_iter().collect();
        self.foreign_keys(|_, key| {
            key.table == *table && key.references.iter().collect::<HashSet<_>>() == columns
        })
    }

    fn foreign_keys(&self, chosen: impl Fn(&ObjectName, &ForeignKey) -> bool) -> Vec<Part> {
        let tables = self.live.tables.iter();
        let keys = tables.flat_map(|table| table.foreign_keys.iter().map(move |key| (&table.name, key)));
        keys.filter(|(table, key)| chosen(table, key))
            .map(|(table, key)| Part::Member(table.clone(), Member::ForeignKey(key.name.clone())))
            .collect()
    }

    /// What PostgreSQL would not let a part go for.
    pub(super) fn over_part(&self, part: &Part) -> Vec<Part> {
        let (name, member) = match part {
            Part::View(name) => return self.over(name),
            Part::Object(name) => {
                let mut parts = self.over(name);
                let names = self.renames.of_relation(name);
                parts.extend(self.live.tables.iter().flat_map(|table| self.mentioning(table, &names)));
                return parts;
            }
            Part::Member(table, member) => (table, member),
        };
        let Some(table) = self.live.tables.get(name) else { return Vec::new() };
        match member {
            Member::Generated(column) => {
                let mut parts = self.over_column(table, column, Touch::Gone);
                parts.extend(self.built_on(table, column));
                parts
            }
            Member::PrimaryKey => self.referring(name, table.primary_key.iter().flat_map(|key| &key.columns)),
            Member::Unique(unique) => {
                self.referring(name, table.uniques.get(unique).iter().flat_map(|unique| &unique.columns))
            }
            Member::Index(index) => match table.indexes.get(index) {
                Some(index) if index.unique => self.referring(
                    name,
                    index.keys.iter().filter_map(|key| match &key.on {
                        KeyPart::Column(column) => Some(column),
                        KeyPart::Expression(_) => None,
                    }),
                ),
                Some(_) | None => Vec::new(),
            },
            Member::NotNull(_) | Member::Check(_) | Member::ForeignKey(_) => Vec::new(),
        }
    }
}

fn indexes(table: &Table, chosen: impl Fn(&Index) -> bool) -> Vec<Part> {
    let chosen = table.indexes.iter().filter(|index| chosen(index));
    chosen.map(|index| Part::Member(table.name.clone(), Member::Index(index.name.clone()))).collect()
}
