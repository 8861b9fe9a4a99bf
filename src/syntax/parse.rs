//! Files to a state: read, sort by kind, decode, settle names, validate. All problems of all files come at once.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::data::{DataDraft, draft_data, report_again, report_other_key};
use super::declarations::{Declarations, Declared};
use super::doubt::{Broken, Tables};
use super::object::{self, ObjectDraft};
use super::places::{Places, Spot};
use super::reading::{Dialects, Reading, Scope};
use super::settle::{self, Settled, report_twice};
use super::table::draft_table;
use crate::diagnostic::{Diagnostic, Severity, SourceId, Sources};
use crate::document::{self, Sink};
use crate::model::{Collection, DataSet, Named, Naming, Place, Problem, Rename, State, Table, validate};
use crate::name::{DialectName, Name, ObjectName};

/// What the files of a schema say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The state.
    pub state: State,
    /// What had another name before, in the order in which it is written.
    pub renames: Vec<Rename>,
    /// Where everything stands.
    pub places: Places,
}

/// Reads the files of a schema. There is a result exactly when no diagnostic is an error.
#[must_use]
pub fn parse(
    sources: &Sources,
    files: &[SourceId],
    dialects: &[DialectName],
) -> (Option<Parsed>, Vec<Diagnostic>) {
    parse_for(sources, files, dialects, Naming::Common)
}

/// As [`parse`], for databases that ask other things of names.
#[must_use]
pub fn parse_for(
    sources: &Sources,
    files: &[SourceId],
    dialects: &[DialectName],
    naming: Naming,
) -> (Option<Parsed>, Vec<Diagnostic>) {
    read(sources, files, Some((dialects, naming)))
}

/// Reads a state that [`print`](super::print) wrote: dialects needn't be declared, a type is an enum or native only
/// where it says so, nothing is checked that a state doesn't need in order to be one.
#[must_use]
pub fn parse_canonical(sources: &Sources, file: SourceId) -> (Option<State>, Vec<Diagnostic>) {
    let (parsed, diagnostics) = read(sources, &[file], None);
    (parsed.map(|parsed| parsed.state), diagnostics)
}

fn read(
    sources: &Sources,
    files: &[SourceId],
    known: Option<(&[DialectName], Naming)>,
) -> (Option<Parsed>, Vec<Diagnostic>) {
    let dialects = known.map(|(dialects, _)| dialects);
    let mut unreadable = Vec::new();
    let mut broken = HashSet::new();
    let mut documents = Vec::with_capacity(files.len());
    for file in files {
        let (document, diagnostics) = document::read(*file, &sources.get(*file).text);
        if diagnostics.iter().any(is_error) {
            broken.insert(*file);
        }
        unreadable.extend(diagnostics);
        documents.push(document);
    }
    let sink = Sink::default();
    let canonical = Reading::canonical(&sink);
    let mut declarations = Declarations::default();
    let named = dialects.map_or(Dialects::Any, Dialects::Declared);
    let no_enums = HashSet::new();
    let collecting = Reading { dialects: named, enums: dialects.map(|_| &no_enums), ..canonical };
    for document in &documents {
        declarations.add(document, &collecting);
    }
    let enums = declarations.enum_names();
    let cx = Reading { enums: dialects.map(|_| &enums), ..collecting };
    let is_broken = !broken.is_empty();
    let broken = Broken::new(broken, sources);
    let tables = Tables::of(&declarations.tables, &broken);
    let parsed = decode(declarations, &cx);
    let mut diagnostics = sink.into_diagnostics();
    if let Some((_, naming)) = known {
        let problems = validate(&parsed.state, naming);
        let problems = match is_broken || diagnostics.iter().any(is_error) {
            true => tables.certain(&problems, &parsed.state, &diagnostics),
            false => problems.iter().collect(),
        };
        diagnostics.extend(problems.into_iter().map(|problem| diagnose(problem, &parsed.places, sources)));
    }
    diagnostics.retain(|diagnostic| broken.allow(diagnostic));
    diagnostics.extend(unreadable);
    let failed = diagnostics.iter().any(is_error);
    (Some(parsed).filter(|_| !failed), ordered(diagnostics))
}

/// Points at what is wrong with a state.
fn diagnose(problem: &Problem, places: &Places, sources: &Sources) -> Diagnostic {
    let Problem { code, place, word, message, help } = problem;
    let span = match word {
        Some(word) => places.find(place, word, sources),
        None => places.get(place).map(|spot| spot.head),
    };
    let diagnostic = Diagnostic::error(code, message).help(help).shortened();
    match span {
        Some(span) => diagnostic.at(span, ""),
        None => diagnostic,
    }
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error
}

/// Diagnostics in the order of their places; what is said twice of a template is said once.
fn ordered(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let place = |diagnostic: &Diagnostic| diagnostic.labels.first().map(|label| label.span);
    diagnostics.sort_by_key(place);
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    for diagnostic in diagnostics {
        let here = kept.iter().rev().take_while(|other| place(other) == place(&diagnostic));
        if !here.into_iter().any(|other| *other == diagnostic) {
            kept.push(diagnostic);
        }
    }
    kept
}

fn decode<'d>(declarations: Declarations<'d, '_>, cx: &Reading<'d>) -> Parsed {
    let Declarations { namespaces, namespace_spots, renames, templates, enums, tables, views, objects, data } =
        declarations;
    let mut parsed = Gathering::new(namespaces, renames, tables.len(), cx);
    for (name, spot) in namespace_spots {
        parsed.places.insert(Place::Namespace(name), spot);
    }
    for (namespace, node) in &enums {
        let Some((draft, values)) = object::draft_enum(node, Scope::In(namespace.as_ref()), cx) else {
            continue;
        };
        let of = draft.item.name.clone();
        let values = values.into_iter().map(|(from, to)| Rename::EnumValue { of: of.clone(), from, to });
        parsed.renames.extend(values);
        parsed.add(
            "enum",
            draft,
            |state| &mut state.enums,
            Place::Enum,
            |from, to| Rename::Enum { from, to },
        );
    }
    templates.check(cx);
    let views = drafts(&views, |node, scope| object::draft_view(node, scope, cx));
    let mut tables = drafts(&tables, |node, scope| draft_table(node, scope, &templates, cx));
    let others: Vec<ObjectName> = views.iter().map(|draft| draft.item.name.clone()).collect();
    settle::number(&mut tables, &others, cx);
    for draft in tables {
        parsed.add_table(settle::settle(draft, cx));
    }
    for draft in views {
        parsed.add(
            "view",
            draft,
            |state| &mut state.views,
            Place::View,
            |from, to| Rename::View { from, to },
        );
    }
    for draft in drafts(&objects, |node, scope| object::draft_object(node, scope, cx)) {
        parsed.add(
            "object",
            draft,
            |state| &mut state.objects,
            Place::Object,
            |from, to| Rename::Object { from, to },
        );
    }
    for (namespace, node) in &data {
        let tables = &parsed.state.tables;
        let key = |name: &ObjectName| {
            let key = |table: &Table| table.primary_key.as_ref().map(|key| key.columns.clone());
            tables.get(name).map(key)
        };
        if let Some(draft) = draft_data(node, Scope::In(namespace.as_ref()), key, cx) {
            parsed.add_data(draft);
        }
    }
    let Gathering { state, renames, places, blocks: _, cx: _ } = parsed;
    Parsed { state, renames, places }
}

fn drafts<'d, 'a, T>(
    nodes: &[Declared<'d, 'a>],
    draft: impl Fn(&'d document::Node<'a>, Scope<'_>) -> Option<T>,
) -> Vec<T> {
    nodes.iter().filter_map(|(namespace, node)| draft(node, Scope::In(namespace.as_ref()))).collect()
}

/// A result in the making.
struct Gathering<'c, 'd> {
    state: State,
    renames: Vec<Rename>,
    places: Places,
    /// The blocks of reference rows, by table and environments.
    blocks: HashMap<(ObjectName, Vec<Name>), Spot>,
    cx: &'c Reading<'d>,
}

impl<'c, 'd> Gathering<'c, 'd> {
    fn new(
        namespaces: Collection<crate::model::Namespace>,
        renames: Vec<Rename>,
        tables: usize,
        cx: &'c Reading<'d>,
    ) -> Self {
        // A table has about this many members.
        let places = Places::with_capacity(tables * 16);
        Self { state: State { namespaces, ..State::default() }, renames, places, blocks: HashMap::new(), cx }
    }

    /// Adds an object, or reports that there is one of its name.
    fn add<T: Named<Key = ObjectName>>(
        &mut self,
        kind: &str,
        draft: ObjectDraft<T>,
        list: impl FnOnce(&mut State) -> &mut Collection<T>,
        place: impl FnOnce(ObjectName) -> Place,
        rename: impl FnOnce(ObjectName, ObjectName) -> Rename,
    ) {
        let ObjectDraft { item, was, spot } = draft;
        let name = item.key().clone();
        let place = place(name.clone());
        if list(&mut self.state).insert(item).is_err() {
            let first = self.places.get(&place).map(|spot| spot.head);
            return report_twice(self.cx, &format!("the {kind} `{name}`"), spot.head, first);
        }
        self.places.insert(place, spot);
        self.renames.extend(was.map(|from| rename(from, name)));
    }

    fn add_table(&mut self, settled: Settled) {
        let Settled { table, was, spot, members, renames } = settled;
        let name = table.name.clone();
        if self.state.tables.contains(&name) {
            let first = self.places.get(&Place::Table(name.clone())).map(|spot| spot.head);
            return report_twice(self.cx, &format!("the table `{name}`"), spot.head, first);
        }
        self.state.tables.replace(table);
        for (member, of, spot) in members {
            self.places.insert(Place::Member(name.clone(), member, of), spot);
        }
        self.places.insert(Place::Table(name.clone()), spot);
        self.renames.extend(was.map(|from| Rename::Table { from, to: name }));
        self.renames.extend(renames);
    }

    /// Adds the reference rows of a block; a table has one for each choice of environments.
    fn add_data(&mut self, draft: DataDraft) {
        let DataDraft { item, spot, only_env, rows } = draft;
        let DataSet { name, key, rows: own } = item;
        let block = (name.clone(), only_env);
        if let Some(first) = self.blocks.get(&block) {
            return report_twice(self.cx, &format!("`data {name}`"), spot.head, Some(first.head));
        }
        self.blocks.insert(block, spot);
        if !self.state.data.contains(&name) {
            self.state.data.replace(DataSet { name: name.clone(), key: key.clone(), rows: BTreeMap::new() });
            self.places.insert(Place::Data(name.clone()), spot);
        }
        let Some(data) = self.state.data.get_mut(&name) else { return };
        if data.key != key {
            let first = self.places.get(&Place::Data(name.clone())).map(|spot| spot.head);
            return report_other_key(self.cx, (&name, &data.key, &key), spot.head, first);
        }
        for (key, spot) in rows {
            let place = Place::Row(name.clone(), key.clone());
            if data.rows.contains_key(&key) {
                let first = self.places.get(&place).map(|spot| spot.head);
                report_again(self.cx, data, spot.head, first);
                continue;
            }
            data.rows.extend(own.get(&key).map(|row| (key, row.clone())));
            self.places.insert(place, spot);
        }
    }
}
