//! A state as several files for people: which declaration goes where, and names for the files that every file system
//! takes. Nothing is written here.

use std::collections::{BTreeMap, HashSet};

use super::readable::{Piece, Pieces};
use crate::model::{RawObject, State, Wholes};
use crate::name::{Name, ObjectName};

/// The longest name of a file without its ending, in bytes: room for an ending and a number is left everywhere.
const STEM_BYTES_MAX: usize = 100;

/// Names that some systems keep for devices, whatever ending they have.
const DEVICES: [&str; 4] = ["aux", "con", "nul", "prn"];

/// How a state is spread over files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// One file.
    One,
    /// A file for each table with what is part of it; views, enums and the rest have one each.
    PerTable,
    /// A file for each namespace.
    PerSchema,
}

/// Writes a state for people as files: their paths, with `/` between the parts, and their texts. Read together they
/// are the same state. An empty state is one empty file.
#[must_use]
pub fn print_files(state: &State, split: Split) -> BTreeMap<String, String> {
    let pieces = Pieces::of(state);
    // The place of a file by what it is for; places are made into names once all are known.
    let mut files: BTreeMap<Place<'_>, Vec<usize>> = BTreeMap::new();
    let wholes = state.wholes();
    for (at, piece) in pieces.list.iter().enumerate() {
        if split == Split::PerTable && pieces.is_said_elsewhere(piece) {
            continue;
        }
        let place = match split {
            Split::One => Place { folder: None, kind: Kind::Fixed("schema") },
            Split::PerSchema => Place {
                folder: None,
                kind: piece.namespace().map_or(Kind::Fixed("schema"), |name| Kind::Own(name.as_str())),
            },
            Split::PerTable => Place::per_table(state, &wholes, piece),
        };
        files.entry(place).or_default().push(at);
    }
    if files.is_empty() {
        files.insert(Place { folder: None, kind: Kind::Fixed("schema") }, Vec::new());
    }
    let mut names = Names::default();
    files.into_iter().map(|(place, chosen)| (names.path(place), pieces.write(&chosen))).collect()
}

/// What a file is for. Those with fixed names come first, so that they have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place<'s> {
    kind: Kind<'s>,
    folder: Option<&'s Name>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind<'s> {
    /// A name of ours.
    Fixed(&'static str),
    /// The name of a table or a namespace.
    Own(&'s str),
}

impl<'s> Place<'s> {
    fn per_table(state: &'s State, wholes: &Wholes<'s>, piece: &Piece<'s>) -> Self {
        let own = |name: &'s ObjectName| Self {
            folder: name.namespace.as_ref(),
            kind: Kind::Own(name.name.as_str()),
        };
        let fixed = |word| Self { folder: piece.namespace(), kind: Kind::Fixed(word) };
        match piece {
            Piece::Namespace(_) => Self { folder: None, kind: Kind::Fixed("schemas") },
            Piece::Enum(_) => fixed("enums"),
            Piece::Table(table) => own(&table.name),
            Piece::View(_) => fixed("views"),
            Piece::Object(object) => match whole_of(wholes, object) {
                Some(whole) if state.tables.contains(whole) => own(whole),
                Some(_) => fixed("views"),
                None => fixed("objects"),
            },
            Piece::Data(data) => own(&data.name),
        }
    }
}

/// The table or view that an object is a part of, if both are in the same namespace.
fn whole_of<'s>(wholes: &Wholes<'s>, object: &RawObject) -> Option<&'s ObjectName> {
    wholes.of(object).filter(|whole| whole.namespace == object.name.namespace)
}

/// The names that are given, compared as the least particular file system does.
#[derive(Default)]
struct Names {
    taken: HashSet<String>,
    folders: BTreeMap<Name, String>,
}

impl Names {
    fn path(&mut self, Place { kind, folder }: Place<'_>) -> String {
        let folder = folder.map(|folder| self.folder(folder));
        let stem = match kind {
            Kind::Fixed(word) => word.to_owned(),
            Kind::Own(name) => stem(name),
        };
        let inside = folder.map_or_else(String::new, |folder| format!("{folder}/"));
        self.free(|suffix| format!("{inside}{stem}{suffix}.kdl"))
    }

    fn folder(&mut self, name: &Name) -> String {
        if let Some(known) = self.folders.get(name) {
            return known.clone();
        }
        let stem = stem(name.as_str());
        let folder = self.free(|suffix| format!("{stem}{suffix}"));
        self.folders.insert(name.clone(), folder.clone());
        folder
    }

    /// The first of a text with `_2`, `_3` and so on that isn't taken.
    fn free(&mut self, text: impl Fn(&str) -> String) -> String {
        let mut path = text("");
        for number in 2.. {
            if self.taken.insert(path.to_lowercase()) {
                break;
            }
            path = text(&format!("_{number}"));
        }
        path
    }
}

/// A name as the stem of a file: without what a file system takes for something else, what hides a file, and what
/// is spelled differently on another system.
pub(super) fn stem(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '_' };
    let mut stem: String = name.chars().map(|c| if c.is_ascii() { plain(c) } else { letter(c) }).collect();
    let mut cut = stem.len().min(STEM_BYTES_MAX);
    while !stem.is_char_boundary(cut) {
        cut -= 1;
    }
    stem.truncate(cut);
    if stem.starts_with('.') {
        stem.replace_range(..1, "_");
    }
    if stem.ends_with('.') {
        stem.pop();
        stem.push('_');
    }
    let word = stem.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |device: &str| word.strip_prefix(device).is_some_and(|rest| rest.len() == 1);
    if DEVICES.contains(&word.as_str()) || numbered("com") || numbered("lpt") {
        stem.insert(0, '_');
    }
    stem
}

/// A letter stays, if it has one spelling; anything else becomes `_`.
fn letter(c: char) -> char {
    use unicode_normalization::UnicodeNormalization;
    let composed = c.nfc().eq([c]) && c.nfd().eq([c]);
    if c.is_alphanumeric() && composed { c } else { '_' }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Namespace, Table};

    #[test]
    fn every_name_makes_a_file_that_every_system_takes() {
        let cases = [
            ("users", "users"),
            ("Order Items", "Order_Items"),
            ("a/b\\c:d", "a_b_c_d"),
            ("../../etc", "_._.._etc"),
            (".hidden", "_hidden"),
            ("ends.", "ends_"),
            ("CON", "_CON"),
            ("com1.x", "_com1.x"),
            ("lpt9", "_lpt9"),
            ("common", "common"),
            ("naïve", "na_ve"),
            ("таблица", "таблица"),
            ("\u{1}\u{7f}*?\"<>|", "________"),
        ];
        for (name, expected) in cases {
            assert_eq!(stem(name), expected, "{name}");
        }
        assert!(stem(&"ж".repeat(200)).len() <= STEM_BYTES_MAX);
    }

    #[test]
    fn no_two_files_differ_by_case_alone() {
        let names = ["Users", "users", "USERS_2", "views", "Views", "con"];
        let name = |text: &str| ObjectName::unqualified(Name::new(text).unwrap());
        let mut state = State {
            tables: names.map(|text| Table::new(name(text))).into_iter().collect(),
            ..State::default()
        };
        let namespace = Name::new("Users").unwrap();
        state.namespaces.replace(Namespace { name: namespace.clone(), comment: None });
        state.tables.replace(Table::new(ObjectName::qualified(namespace, Name::new("users").unwrap())));
        let files: Vec<String> = print_files(&state, Split::PerTable).into_keys().collect();
        let expected = [
            "USERS_2.kdl",
            "Users.kdl",
            "Users/users.kdl",
            "Views.kdl",
            "_con.kdl",
            "users_3.kdl",
            "views_2.kdl",
        ];
        assert_eq!(files, expected);
    }
}
