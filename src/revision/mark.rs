//! Marks: tags, which are further names for revisions, and labels, which name the branch that begins with one. They are
//! no part of a revision's content, so one that is in use can get them; its file keeps all else that people wrote in it.

use super::chain::{History, Link};
use super::codec;
use super::errors::{E415, E435, E438, E444};
use super::target::mark_fault;
use crate::diagnostic::{Code, Diagnostic, Sources, Span, near};
use crate::document::write::Writer;
use crate::document::{self, format};
use crate::name::Name;
use crate::snapshot::Files;

/// What a word in the head of a revision's file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It names the revision.
    Tag,
    /// It names the branch that begins with it.
    Label,
}

impl Mark {
    /// What people call it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Label => "label",
        }
    }

    /// The node that holds such words.
    #[must_use]
    pub fn node(self) -> &'static str {
        match self {
            Self::Tag => "tags",
            Self::Label => "labels",
        }
    }

    pub(super) fn example(self) -> &'static str {
        match self {
            Self::Tag => "v1.2",
            Self::Label => "billing",
        }
    }

    pub(super) fn code(self) -> &'static Code {
        match self {
            Self::Tag => &E415,
            Self::Label => &E444,
        }
    }

    /// The words of this kind that a revision has, and where they stand, to be changed.
    pub(super) fn parts_of(self, link: &mut Link) -> (&mut Vec<Name>, &mut Vec<Span>) {
        match self {
            Self::Tag => (&mut link.revision.tags, &mut link.places.tags),
            Self::Label => (&mut link.revision.labels, &mut link.places.labels),
        }
    }

    /// The words of this kind that a revision has.
    #[must_use]
    pub fn of(self, link: &Link) -> &[Name] {
        match self {
            Self::Tag => &link.revision.tags,
            Self::Label => &link.revision.labels,
        }
    }

    /// Where they stand in its file.
    pub(super) fn places(self, link: &Link) -> &[Span] {
        match self {
            Self::Tag => &link.places.tags,
            Self::Label => &link.places.labels,
        }
    }
}

/// Checks that a text can be such a word.
///
/// # Errors
/// `E415` or `E444` when it can't.
pub fn mark_name(mark: Mark, text: &str) -> Result<Name, Diagnostic> {
    let fault = match Name::new(text) {
        Ok(name) => match mark_fault(text) {
            None => return Ok(name),
            Some(fault) => fault.to_owned(),
        },
        Err(error) => error.to_string(),
    };
    Err(Diagnostic::error(mark.code(), format!("`{text}` can't be a {}: {fault}", mark.word()))
        .help(format!("use another word, for example `{}`", mark.example())))
}

impl History {
    /// The revision that has this tag or label.
    #[must_use]
    pub fn marked(&self, mark: Mark, name: &Name) -> Option<&Link> {
        self.links().iter().find(|link| mark.of(link).contains(name))
    }

    /// The revision that has this tag or label.
    ///
    /// # Errors
    /// `E438` when none has it.
    pub fn with_mark(&self, mark: Mark, name: &Name) -> Result<&Link, Diagnostic> {
        self.marked(mark, name).ok_or_else(|| {
            let names = || self.links().iter().flat_map(|link| mark.of(link).iter().map(AsRef::as_ref));
            let word = mark.word();
            let help = match near(name.as_str(), names()) {
                Some(near) => format!("write `{near}` if that is meant; `schemactl {word}` lists all"),
                None => format!("run `schemactl {word}` for a list of {word}s"),
            };
            Diagnostic::error(&E438, format!("no revision has the {word} `{name}`")).help(help)
        })
    }
}

/// Gives a revision a tag or label, in its file.
///
/// # Errors
/// `E435` when the file can't be written.
pub fn add_mark(
    files: &dyn Files,
    sources: &Sources,
    link: &Link,
    mark: Mark,
    name: &Name,
) -> Result<(), Diagnostic> {
    let text = &sources.get(link.source).text;
    let written = {
        let mut writer = Writer::new();
        writer.node(mark.node()).arg(name);
        writer.finish()
    };
    let written = written.trim_end();
    let new = match mark.places(link).last() {
        Some(last) => {
            let value = written.trim_start_matches(mark.node());
            insert(text, last.range().end, value)
        }
        None => {
            let end = last_of_head(link, text);
            let rest = text.get(end..).unwrap_or_default().lines().next().unwrap_or_default().trim_start();
            match rest.is_empty() || rest.starts_with("//") {
                true => {
                    let line =
                        text.get(end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| end + at);
                    let line = if text.get(..line).is_some_and(|text| text.ends_with('\r')) {
                        line - 1
                    } else {
                        line
                    };
                    insert(text, line, &format!("\n    {written}"))
                }
                // All stands on one line.
                false => insert(text, end, &format!("; {written}")),
            }
        }
    };
    replace(files, link, &new)
}

/// Takes a tag or label away from a revision, in its file.
///
/// # Errors
/// `E435` when the file can't be written.
pub fn remove_mark(
    files: &dyn Files,
    sources: &Sources,
    link: &Link,
    mark: Mark,
    name: &Name,
) -> Result<(), Diagnostic> {
    let text = &sources.get(link.source).text;
    let mut names = mark.of(link).iter().zip(mark.places(link));
    let Some((_, span)) = names.find(|(known, _)| *known == name) else { return Ok(()) };
    let new = match mark.of(link).len() {
        1 => {
            // The word before it goes as well, and with it the line that it stood on.
            let start = text.get(..span.range().start).and_then(|text| text.rfind(mark.node()));
            let start = start.unwrap_or(span.range().start);
            let indent = text.get(..start).map_or(start, |text| text.trim_end_matches([' ', '\t']).len());
            let mut end = span.range().end;
            let rest = text.get(end..).unwrap_or_default();
            let is_alone = text.get(..indent).is_some_and(|text| text.ends_with('\n'));
            let line_end = ["\r\n", "\n"].into_iter().find(|mark| rest.starts_with(mark));
            let start = match (is_alone, line_end) {
                (true, Some(mark)) => {
                    end += mark.len();
                    indent
                }
                _ => start,
            };
            format!("{}{}", text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default())
        }
        _ => format::remove_entries(text, &[*span]),
    };
    replace(files, link, &new)
}

/// Where the last value ends of those that every revision's head has.
fn last_of_head(link: &Link, text: &str) -> usize {
    let (document, _) = document::read(link.source, text);
    let head = document.nodes.iter().find(|node| node.name.as_str() == "revision");
    let children = head.map(document::Node::children).unwrap_or_default().iter();
    let ends = children.filter(|node| node.block.is_none()).map(|node| node.span.range().end);
    ends.max().unwrap_or(link.places.to.range().end)
}

fn insert(text: &str, at: usize, what: &str) -> String {
    let (before, behind) = text.split_at_checked(at).unwrap_or((text, ""));
    format!("{before}{what}{behind}")
}

/// Writes the file of a revision anew, of which the content is the same.
pub(super) fn replace(files: &dyn Files, link: &Link, text: &str) -> Result<(), Diagnostic> {
    let unwritten = |why: String| {
        Diagnostic::error(&E435, format!("`{}` can't be written: {why}", link.path)).help("edit it by hand")
    };
    let folder = link.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let load = |file: &str| files.read(&format!("{folder}/{file}"));
    match codec::read(link.source, text, &link.revision.name, &load) {
        Ok((revision, _)) if codec::digest(&revision) == link.digest => {}
        Ok(_) | Err(_) => return Err(unwritten("its layout is unusual".to_owned())),
    }
    files.replace(&link.path, text.as_bytes()).map_err(|error| unwritten(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Memory;

    const STATE: &str = "s1:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";

    fn file(head: &str) -> String {
        format!("revision \"0001_a\" {{ {head} }}\nops\n")
    }

    fn head(tags: &str) -> String {
        format!(
            "\n    id b7c1f0e2a9d4\n    from \"{STATE}\"\n    to \"{STATE}\"\n    message \"a\" // why\n    \
             created \"2026-11-21T10:00:00Z\" // when\n{tags}"
        )
    }

    /// The text behind the time of the file, after a change of its tags.
    fn changed(text: &str, change: impl Fn(&Memory, &Sources, &Link)) -> String {
        let files = Memory::default();
        files.replace("revisions/0001_a.kdl", text.as_bytes()).unwrap();
        let mut sources = Sources::default();
        let history =
            History::load(&files, "revisions", &mut sources).unwrap_or_else(|why| panic!("{why:?}"));
        change(&files, &sources, &history.links()[0]);
        let text = String::from_utf8(files.read("revisions/0001_a.kdl").unwrap()).unwrap();
        text.split_once("10:00:00Z\"").unwrap().1.trim_end_matches("\nops\n").to_owned()
    }

    fn marked(text: &str, mark: Mark, word: &str) -> String {
        changed(text, |files, sources, link| {
            let name = mark_name(mark, word).unwrap();
            add_mark(files, sources, link, mark, &name).unwrap()
        })
    }

    fn added(text: &str, tag: &str) -> String {
        marked(text, Mark::Tag, tag)
    }

    fn removed(text: &str, tag: &str) -> String {
        changed(text, |files, sources, link| {
            let name = mark_name(Mark::Tag, tag).unwrap();
            remove_mark(files, sources, link, Mark::Tag, &name).unwrap()
        })
    }

    #[test]
    fn a_tag_comes_and_goes_and_all_else_stays() {
        assert_eq!(added(&file(&head("")), "v1.0"), " // when\n    tags v1.0\n }");
        assert_eq!(
            added(&file(&head("    tags v1 // mine\n")), "1.0"),
            " // when\n    tags v1 \"1.0\" // mine\n }"
        );
        let line = head("").replace(" // why", "").replace(" // when", "").trim().replace("\n    ", "; ");
        assert_eq!(added(&file(&line), "v1"), "; tags v1 }");
        assert_eq!(removed(&file(&head("    tags v1\n")), "v1"), " // when\n }");
        assert_eq!(removed(&file(&head("    tags v1 \"2.0\" v3\n")), "2.0"), " // when\n    tags v1 v3\n }");
        assert_eq!(removed(&file(&format!("{line}; tags v1")), "v1"), ";  }");
        assert_eq!(
            added(&file(&head("")).replace('\n', "\r\n"), "v1"),
            " // when\n    tags v1\r\n }\r\nops\r\n"
        );
        assert_eq!(
            marked(&file(&head("    tags v1\n")), Mark::Label, "billing"),
            " // when\n    tags v1\n    labels billing\n }"
        );
    }

    #[test]
    fn not_every_word_is_a_tag_or_a_label() {
        for text in ["head", "3", "b7c1f0e2a9d4", "0001_a", "-x", "a b", "", "a.kdl"] {
            assert_eq!(mark_name(Mark::Tag, text).unwrap_err().code, &E415, "{text}");
            assert_eq!(mark_name(Mark::Label, text).unwrap_err().code, &E444, "{text}");
        }
    }
}
