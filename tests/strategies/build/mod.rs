//! Turns any spec into a valid state: choices are taken modulo what there is, and what a profile can't have is
//! left out. The rules of the databases that make this long stand where they are needed.

mod column;
mod data;
mod member;
mod object;
mod reference;

use std::collections::BTreeMap;

use schemactl::model::{EnumType, Namespace, Options, SqlText, State, Type, Value};
use schemactl::name::{DialectName, Name, ObjectName};

use super::Profile;
use super::names::{Scope, TEXTS, is_wide};
use super::spec;
use super::types;

/// A state, and the names that the spec's things got in it.
#[derive(Debug, Clone)]
pub struct Built {
    pub state: State,
    pub names: Vec<(u32, Named)>,
}

/// What got which name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    Namespace(Name),
    Enum(ObjectName),
    EnumValue(ObjectName, Box<str>),
    Table(ObjectName),
    Member(ObjectName, schemactl::model::Member, Name),
    View(ObjectName),
    Object(ObjectName),
}

/// The work in progress.
struct Builder {
    profile: Profile,
    state: State,
    /// Taken names by namespace: relations, types, indexes and constraints share one, as in PostgreSQL.
    scopes: BTreeMap<Option<Name>, Scope>,
    names: Vec<(u32, Named)>,
}

pub fn build(spec: &spec::Schema, profile: Profile) -> Built {
    let mut builder =
        Builder { profile, state: State::default(), scopes: BTreeMap::new(), names: Vec::new() };
    builder.namespaces(&spec.namespaces);
    builder.enums(&spec.enums);
    let tables = builder.tables(&spec.tables);
    builder.foreign_keys(&spec.tables, &tables);
    builder.checks_and_indexes(&spec.tables, &tables);
    builder.views(&spec.views);
    builder.objects(&spec.objects);
    builder.data(&spec.tables, &tables);
    Built { state: builder.state, names: builder.names }
}

impl Builder {
    fn namespaces(&mut self, specs: &[spec::Namespace]) {
        if matches!(self.profile, Profile::Sqlite | Profile::Mysql) {
            return;
        }
        let mut scope = Scope::new(self.profile);
        for spec in specs {
            let name = scope.pick(spec.id.name);
            self.names.push((spec.id.key, Named::Namespace(name.clone())));
            self.state.namespaces.replace(Namespace { name, comment: self.comment(spec.comment) });
        }
    }

    fn enums(&mut self, specs: &[spec::Enum]) {
        for spec in specs {
            let name = self.object_name(spec.namespace, spec.id);
            self.names.push((spec.id.key, Named::Enum(name.clone())));
            let mut values: Vec<Box<str>> = Vec::new();
            for value in &spec.values {
                let text: Box<str> = self.text(chosen(TEXTS, u32::from(value.id.name))).into();
                if !values.contains(&text) {
                    self.names.push((value.id.key, Named::EnumValue(name.clone(), text.clone())));
                    values.push(text);
                }
            }
            self.state.enums.replace(EnumType { name, values, comment: self.comment(spec.comment) });
        }
    }

    /// A new name in the chosen namespace: none, or one of the state's.
    fn object_name(&mut self, namespace: u8, id: spec::Id) -> ObjectName {
        let known: Vec<Name> = self.state.namespaces.keys().cloned().collect();
        let namespace = usize::from(namespace).checked_sub(1).and_then(|index| known.get(index)).cloned();
        let name = self.scope(namespace.as_ref()).pick(id.name);
        ObjectName { namespace, name }
    }

    fn scope(&mut self, namespace: Option<&Name>) -> &mut Scope {
        let profile = self.profile;
        self.scopes.entry(namespace.cloned()).or_insert_with(|| Scope::new(profile))
    }

    /// The name of a constraint or an index: its own, or the one that follows from what it is about.
    fn member_name(&mut self, table: &ObjectName, id: spec::Id, parts: &[&str]) -> Name {
        let scope = self.scope(table.namespace.as_ref());
        if id.name > 0 {
            return scope.pick(id.name);
        }
        let derived = Name::derived(&[&[table.name.as_str()], parts].concat());
        scope.take(derived.as_str())
    }

    fn comment(&self, choice: u8) -> Option<Box<str>> {
        let index = usize::from(choice).checked_sub(1)?;
        // PostgreSQL and MySQL take an empty comment for none.
        TEXTS.get(index).filter(|text| !text.is_empty()).map(|text| self.text(text).into())
    }

    /// A text as its database keeps it: what MySQL says of itself has no characters of four bytes, and the values of an
    /// enum have no spaces at their end.
    fn text(&self, text: &str) -> String {
        if self.profile == Profile::Mysql {
            text.replace(is_wide, "_").trim_end().to_owned()
        } else {
            text.to_owned()
        }
    }

    /// A name as it stands in SQL.
    fn quoted(&self, name: &Name) -> String {
        quoted_for(self.profile, name)
    }

    /// A qualified name as it stands in SQL.
    fn quoted_object(&self, name: &ObjectName) -> String {
        if self.profile == Profile::Mysql { self.quoted(&name.name) } else { quoted_object(name) }
    }

    /// Options of the database itself, or of one that the schema isn't made for.
    fn options(&self, word: &str, value: Value) -> Options {
        let of = match self.profile {
            Profile::Any | Profile::Sqlite => "postgres",
            Profile::Postgres => "sqlite",
            Profile::Mysql => "mysql",
        };
        Options::from([(dialect(of), BTreeMap::from([(word.into(), value)]))])
    }

    fn sample(&self, ty: &Type, n: u16) -> Value {
        types::sample(ty, n, self.profile, |name| self.state.enums.get(name))
    }
}

/// The limit to a dialect.
fn only(choice: u8) -> Option<DialectName> {
    match choice {
        0 => None,
        1 => Some(dialect("sqlite")),
        _ => Some(dialect("postgres")),
    }
}

/// A dialect by name.
pub fn dialect(name: &str) -> DialectName {
    DialectName::new(Name::new(name).expect("a dialect has a name"))
}

/// The element that a number chooses.
fn chosen<T: Copy>(from: &[T], choice: u32) -> T {
    from[choice as usize % from.len()]
}

/// A name as it stands in the SQL of a profile.
fn quoted_for(profile: Profile, name: &Name) -> String {
    if profile == Profile::Mysql { format!("`{}`", name.as_str().replace('`', "``")) } else { quoted(name) }
}

/// A name as it stands in SQL.
pub fn quoted(name: &Name) -> String {
    format!("\"{}\"", name.as_str().replace('"', "\"\""))
}

/// A qualified name as it stands in SQL.
pub fn quoted_object(name: &ObjectName) -> String {
    match &name.namespace {
        Some(namespace) => format!("{}.{}", quoted(namespace), quoted(&name.name)),
        None => quoted(&name.name),
    }
}

/// The same SQL everywhere, or one that says the same in other words for a dialect.
fn sql(text: String, overrides: u8) -> SqlText {
    let mut sql = SqlText::same(text.clone().into());
    if let Some(dialect) = only(overrides) {
        sql.overrides.insert(dialect, format!("({text})").into());
    }
    sql
}
