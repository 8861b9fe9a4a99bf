//! What can be said of a schema of which parts couldn't be read: only what is wrong whatever those parts were meant to
//! say. The rest waits until they can be read.

use std::collections::HashSet;

use super::declarations::Declared;
use super::errors::{E103, E106};
use crate::diagnostic::{Code, Diagnostic, SourceId, Sources, Span};
use crate::model::errors::{E201, E202, E203, E207, E208, E209, E210, E213, E215};
use crate::model::{Member, Place, Problem, State};
use crate::name::{Name, ObjectName};

/// What tables that can be read have wrong, whatever else there is in other files.
const OF_TABLES_ALONE: [&Code; 8] = [&E201, &E202, &E207, &E208, &E209, &E210, &E213, &E215];
/// What may only seem to be missing while a file can't be read.
const MISSING: [&Code; 3] = [&E103, &E106, &E203];

/// The files that are no KDL. What they seem to say is no ground for complaints, and what they may say is not missed.
pub(super) struct Broken<'s> {
    files: HashSet<SourceId>,
    /// The words of these files, whatever they mean there.
    words: HashSet<&'s str>,
    sources: &'s Sources,
}

impl<'s> Broken<'s> {
    pub(super) fn new(files: HashSet<SourceId>, sources: &'s Sources) -> Self {
        let texts = files.iter().map(|file| sources.get(*file).text.as_ref());
        let words = texts.flat_map(|text: &str| text.split(|character| !is_of_word(character))).collect();
        Self { files, words, sources }
    }

    /// Whether the problem is one whatever these files are meant to say.
    pub(super) fn allow(&self, problem: &Diagnostic) -> bool {
        let is_outside = problem.labels.iter().all(|label| !self.files.contains(&label.span.source));
        let said = || problem.labels.first().map(|label| self.text(label.span).trim_matches('"'));
        is_outside && !(MISSING.contains(&problem.code) && said().is_some_and(|text| self.mention(text)))
    }

    /// Whether these files may speak of what is named: the last part of a name with dots, the first of a type with
    /// parameters. What is no single word can't be looked for.
    fn mention(&self, text: &str) -> bool {
        let text = text.split('(').next().unwrap_or(text);
        let word = text.rsplit('.').next().unwrap_or(text);
        !self.files.is_empty() && (!word.chars().all(is_of_word) || self.words.contains(word))
    }

    fn text(&self, span: Span) -> &str {
        self.sources.get(span.source).text.get(span.range()).unwrap_or_default()
    }
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The tables of all files, as far as their names can be read, with their places in ascending order.
pub(super) struct Tables<'s> {
    places: Vec<(Span, ObjectName)>,
    /// Those that get members from templates.
    templated: HashSet<ObjectName>,
    broken: &'s Broken<'s>,
}

impl<'s> Tables<'s> {
    pub(super) fn of(declared: &[Declared<'_, '_>], broken: &'s Broken<'s>) -> Self {
        let mut tables = Self { places: Vec::new(), templated: HashSet::new(), broken };
        for (namespace, node) in declared {
            let first = node.entries.iter().find(|entry| entry.name.is_none());
            let Some(Ok(name)) = first.and_then(|first| first.as_str()).map(Name::new) else { continue };
            let name = ObjectName { namespace: namespace.clone(), name };
            if node.children().iter().any(|child| child.name.as_str() == "use") {
                tables.templated.insert(name.clone());
            }
            tables.places.push((node.span, name));
        }
        tables.places.sort();
        tables
    }

    /// The problems of the readable rest that are problems whatever is meant by what `errors` point at.
    pub(super) fn certain<'p>(
        &self,
        problems: &'p [Problem],
        state: &State,
        errors: &[Diagnostic],
    ) -> Vec<&'p Problem> {
        let broken = &self.broken.files;
        // Rows of a table that isn't there are a part of no other.
        let labels = errors
            .iter()
            .filter(|error| error.code != &E203)
            .flat_map(|error| &error.labels)
            .map(|label| label.span);
        let readable = labels.filter(|span| !broken.contains(&span.source));
        let unread: Vec<Option<&ObjectName>> = readable.map(|span| self.around(span)).collect();
        // What is wrong in a template or an enum can be a part of any table.
        let is_confined = unread.iter().all(Option::is_some);
        let mut doubtful: HashSet<&ObjectName> = unread.into_iter().flatten().collect();
        let hidden = self.places.iter().filter(|(span, _)| broken.contains(&span.source));
        doubtful.extend(hidden.map(|(_, name)| name));
        if self.broken.mention("template") {
            doubtful.extend(&self.templated);
        }
        let declared: HashSet<&ObjectName> = self.places.iter().map(|(_, name)| name).collect();
        let is_read = |name: &ObjectName| is_confined && !doubtful.contains(name);
        let is_certain = |problem: &&Problem| {
            let Place::Member(name, member, of) = &problem.place else { return false };
            if !broken.is_empty() && !OF_TABLES_ALONE.contains(&problem.code) && problem.code != &E203 {
                return false;
            }
            let key = state.tables.get(name).and_then(|table| table.foreign_keys.get(of));
            match key.filter(|_| *member == Member::ForeignKey).map(|key| &key.table) {
                Some(target) if problem.code == &E203 => {
                    !declared.contains(target) && !self.broken.mention(target.name.as_str())
                }
                Some(target) => is_read(name) && is_read(target),
                None => is_read(name),
            }
        };
        problems.iter().filter(is_certain).collect()
    }

    /// The table that a place is in.
    fn around(&self, place: Span) -> Option<&ObjectName> {
        let after =
            self.places.partition_point(|(span, _)| (span.source, span.start) <= (place.source, place.start));
        let (span, name) = self.places.get(after.checked_sub(1)?)?;
        (span.source == place.source && place.end <= span.end).then_some(name)
    }
}
