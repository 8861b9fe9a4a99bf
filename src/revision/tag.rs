//! Tags: further names for revisions. They are no part of a revision's content, so one that is in use can get one; its
//! file keeps all else that people wrote in it.

use super::chain::{History, Link};
use super::codec;
use super::errors::{E415, E435, E438};
use super::target::tag_fault;
use crate::diagnostic::{Diagnostic, Sources, near};
use crate::document::write::Writer;
use crate::document::{self, format};
use crate::name::Name;
use crate::snapshot::Files;

/// Checks that a text can be a tag.
///
/// # Errors
/// `E415` when it can't.
pub fn tag_name(text: &str) -> Result<Name, Diagnostic> {
    let fault = match Name::new(text) {
        Ok(name) => match tag_fault(text) {
            None => return Ok(name),
            Some(fault) => fault.to_owned(),
        },
        Err(error) => error.to_string(),
    };
    Err(Diagnostic::error(&E415, format!("`{text}` can't be a tag: {fault}"))
        .help("use another word, for example `v1.2`"))
}

impl History {
    /// The revision that has this tag.
    #[must_use]
    pub fn tagged(&self, tag: &Name) -> Option<&Link> {
        self.links().iter().find(|link| link.revision.tags.contains(tag))
    }

    /// The revision that has this tag.
    ///
    /// # Errors
    /// `E438` when none has it.
    pub fn with_tag(&self, tag: &Name) -> Result<&Link, Diagnostic> {
        self.tagged(tag).ok_or_else(|| {
            let tags = || self.links().iter().flat_map(|link| link.revision.tags.iter().map(AsRef::as_ref));
            let help = match near(tag.as_str(), tags()) {
                Some(near) => format!("write `{near}` if that is meant; `schemactl tag` lists all"),
                None => "run `schemactl tag` for a list of tags".to_owned(),
            };
            Diagnostic::error(&E438, format!("no revision has the tag `{tag}`")).help(help)
        })
    }
}

/// Gives a revision a tag, in its file.
///
/// # Errors
/// `E435` when the file can't be written.
pub fn add_tag(files: &dyn Files, sources: &Sources, link: &Link, tag: &Name) -> Result<(), Diagnostic> {
    let text = &sources.get(link.source).text;
    let written = {
        let mut writer = Writer::new();
        writer.node("tags").arg(tag);
        writer.finish()
    };
    let written = written.trim_end();
    let new = match link.places.tags.last() {
        Some(last) => {
            let value = written.trim_start_matches("tags");
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

/// Takes a tag away from a revision, in its file.
///
/// # Errors
/// `E435` when the file can't be written.
pub fn remove_tag(files: &dyn Files, sources: &Sources, link: &Link, tag: &Name) -> Result<(), Diagnostic> {
    let text = &sources.get(link.source).text;
    let mut tags = link.revision.tags.iter().zip(&link.places.tags);
    let Some((_, span)) = tags.find(|(known, _)| *known == tag) else { return Ok(()) };
    let new = match link.revision.tags.len() {
        1 => {
            // The word before it goes as well, and with it the line that it stood on.
            let start = text.get(..span.range().start).and_then(|text| text.rfind("tags"));
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
fn replace(files: &dyn Files, link: &Link, text: &str) -> Result<(), Diagnostic> {
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

    fn added(text: &str, tag: &str) -> String {
        changed(text, |files, sources, link| add_tag(files, sources, link, &tag_name(tag).unwrap()).unwrap())
    }

    fn removed(text: &str, tag: &str) -> String {
        changed(text, |files, sources, link| {
            remove_tag(files, sources, link, &tag_name(tag).unwrap()).unwrap()
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
    }

    #[test]
    fn not_every_word_is_a_tag() {
        for text in ["head", "3", "b7c1f0e2a9d4", "0001_a", "-x", "a b", "", "a.kdl"] {
            assert_eq!(tag_name(text).unwrap_err().code, &E415, "{text}");
        }
    }
}
