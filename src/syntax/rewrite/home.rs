//! Where new objects go: into the file in which others of their kind are, behind them; into a file of their own where
//! each table has one.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::{self, Edit};
use super::object::opens;
use super::{Rewriter, Rewritten};
use crate::diagnostic::SourceId;
use crate::document::Document;
use crate::model::{Place, State};
use crate::name::Name;
use crate::syntax::files::stem;
use crate::syntax::readable::{Piece, Pieces};

const INDENT: &str = "    ";

/// The file that a new object goes into.
enum Home {
    There(SourceId),
    /// A new one, by what its name begins with.
    New(String),
}

impl Rewriter<'_> {
    /// Adds what the files don't declare.
    pub(super) fn add_new(&mut self, documents: &[(SourceId, Document<'_>)], rewritten: &mut Rewritten) {
        let pieces = Pieces::of(self.wanted);
        let mut there: BTreeMap<SourceId, Vec<usize>> = BTreeMap::new();
        let mut new: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut namespaces: BTreeSet<&Name> = BTreeSet::new();
        let fresh: Vec<usize> = (0..pieces.list.len()).filter(|at| self.is_new(&pieces.list[*at])).collect();
        for at in fresh {
            let piece = &pieces.list[at];
            if matches!(piece, Piece::Namespace(_)) && pieces.is_said_elsewhere(piece) {
                continue;
            }
            namespaces.extend(piece.namespace());
            match self.home(piece) {
                Home::There(file) => there.entry(file).or_default().push(at),
                Home::New(name) => new.entry(name).or_default().push(at),
            }
        }
        for (file, chosen) in there {
            let document = documents.iter().find(|(id, _)| *id == file).map(|(_, document)| document);
            let groups = chosen.chunk_by(|a, b| pieces.list[*a].namespace() == pieces.list[*b].namespace());
            for group in groups {
                let namespace = group.first().and_then(|at| pieces.list[*at].namespace());
                self.add_at_end(file, document, namespace, &pieces, group);
            }
        }
        let mut taken: BTreeSet<String> =
            self.sources.iter().map(|(_, source)| file_name(&source.path)).collect();
        for (name, chosen) in new {
            let path = (1..).map(|number| match number {
                1 => format!("{name}.kdl"),
                number => format!("{name}_{number}.kdl"),
            });
            let free = path.into_iter().find(|path| taken.insert(path.to_lowercase()));
            rewritten.added.extend(free.map(|path| (path, pieces.write(&chosen))));
        }
    }

    fn add_at_end(
        &mut self,
        file: SourceId,
        document: Option<&Document<'_>>,
        namespace: Option<&Name>,
        pieces: &Pieces<'_>,
        group: &[usize],
    ) {
        let text = self.text(file);
        let block = namespace.and_then(|namespace| {
            let nodes = document?.nodes.iter().rev();
            nodes.into_iter().filter(|node| opens(node, namespace)).find_map(|node| node.block.as_ref())
        });
        let Some(block) = block else {
            let printed = pieces.write(group);
            let gap = match text {
                "" => "",
                text if text.ends_with("\n\n") => "",
                text if text.ends_with('\n') => "\n",
                _ => "\n\n",
            };
            return self.edits.push(Edit::insert(file, text.len(), format!("{gap}{printed}")));
        };
        let close = block.span.range().end - 1;
        let start = lines::line_start(text, close);
        let outer = lines::indentation(text, close).unwrap_or_default().to_owned();
        let indent = format!("{outer}{INDENT}");
        let mut printed = String::new();
        for (at, piece) in group.iter().enumerate() {
            if at > 0 || !block.nodes.is_empty() {
                printed.push('\n');
            }
            let bare = pieces.write_bare(*piece);
            printed.push_str(&format!("{indent}{}\n", lines::indented(&bare, &indent)));
        }
        // The brace may stand behind something on its line.
        let edit = match lines::indentation(text, close) {
            Some(_) => Edit::insert(file, start, printed),
            None => Edit::insert(file, close, format!("\n{printed}{outer}")),
        };
        self.edits.push(edit);
    }

    fn is_new(&self, piece: &Piece<'_>) -> bool {
        let State { namespaces, enums, tables, views, objects, data } = &self.parsed.state;
        !match piece {
            Piece::Namespace(item) => namespaces.contains(&item.name),
            Piece::Enum(item) => enums.contains(&item.name),
            Piece::Table(item) => tables.contains(&item.name),
            Piece::View(item) => views.contains(&item.name),
            Piece::Object(item) => objects.contains(&item.name),
            Piece::Data(item) => data.contains(&item.name),
        }
    }

    fn home(&self, piece: &Piece<'_>) -> Home {
        if let Piece::Object(object) = piece
            && let Some(whole) = self.wanted.wholes().of(object)
            && let Some(spot) =
                self.spot(&Place::Table(whole.clone())).or_else(|| self.spot(&Place::View(whole.clone())))
        {
            return Home::There(spot);
        }
        let files = self.neighbours(piece, true);
        let files = if files.is_empty() { self.neighbours(piece, false) } else { files };
        let one_each = files.len() > 1 && files.values().all(|count| *count == 1);
        let fullest = files.iter().max_by_key(|(file, count)| (**count, std::cmp::Reverse(**file)));
        match (piece, fullest) {
            (Piece::Table(table), _) if one_each => Home::New(stem(table.name.name.as_str())),
            (_, Some((file, _))) => Home::There(*file),
            (_, None) => self.only_file().map_or_else(|| Home::New(word(piece)), Home::There),
        }
    }

    /// The files with objects of the same kind, and how many each has.
    fn neighbours(&self, piece: &Piece<'_>, same_namespace: bool) -> BTreeMap<SourceId, usize> {
        let State { namespaces, enums, tables, views, objects, data } = &self.parsed.state;
        let places: Vec<(Option<&Name>, Place)> = match piece {
            Piece::Namespace(_) => {
                namespaces.iter().map(|item| (None, Place::Namespace(item.name.clone()))).collect()
            }
            Piece::Enum(_) => enums
                .iter()
                .map(|item| (item.name.namespace.as_ref(), Place::Enum(item.name.clone())))
                .collect(),
            Piece::Table(_) => tables
                .iter()
                .map(|item| (item.name.namespace.as_ref(), Place::Table(item.name.clone())))
                .collect(),
            Piece::View(_) => views
                .iter()
                .map(|item| (item.name.namespace.as_ref(), Place::View(item.name.clone())))
                .collect(),
            Piece::Object(_) => objects
                .iter()
                .map(|item| (item.name.namespace.as_ref(), Place::Object(item.name.clone())))
                .collect(),
            Piece::Data(_) => data
                .iter()
                .map(|item| (item.name.namespace.as_ref(), Place::Data(item.name.clone())))
                .collect(),
        };
        let mut files = BTreeMap::new();
        for (namespace, place) in places {
            if same_namespace && namespace != piece.namespace() {
                continue;
            }
            if let Some(file) = self.spot(&place) {
                *files.entry(file).or_default() += 1;
            }
        }
        files
    }

    fn spot(&self, place: &Place) -> Option<SourceId> {
        self.parsed.places.get(place).map(|spot| spot.whole.source)
    }

    fn only_file(&self) -> Option<SourceId> {
        match self.files {
            [only] => Some(*only),
            _ => None,
        }
    }
}

fn word(piece: &Piece<'_>) -> String {
    match piece {
        Piece::Namespace(_) => "schemas".to_owned(),
        Piece::Enum(_) => "enums".to_owned(),
        Piece::Table(table) => stem(table.name.name.as_str()),
        Piece::View(_) => "views".to_owned(),
        Piece::Object(_) => "objects".to_owned(),
        Piece::Data(data) => stem(data.name.name.as_str()),
    }
}

fn file_name(path: &std::path::Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default()
}
