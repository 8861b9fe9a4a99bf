//! Where `was=` stands in a schema file. A hint is for one plan: once a revision has the rename, it says nothing more,
//! and in a circle of names it would say something wrong.

use crate::diagnostic::{SourceId, Span};
use crate::document::{self, Node};

/// The places of every `was=` in a file that was read without an error: whole properties.
#[must_use]
pub fn rename_hints(source: SourceId, text: &str) -> Vec<Span> {
    let (document, _) = document::read(source, text);
    let mut found = Vec::new();
    document.nodes.iter().for_each(|node| find(node, &mut found));
    found
}

fn find(node: &Node<'_>, found: &mut Vec<Span>) {
    let hint = |entry: &&document::Entry<'_>| entry.name.as_ref().is_some_and(|name| name.text == "was");
    found.extend(node.entries.iter().filter(hint).map(|entry| entry.span));
    // In rows, `was` is the name of a column.
    if node.name.as_str() != "data" {
        node.children().iter().for_each(|child| find(child, found));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_may_have_a_column_of_that_name() {
        let text = "table t was=s { column a int was=b // was=c\n /- column x int was=y\n}\n\
                    schema n was=m { enum e { value x was=y } }\ndata t key=id { row id=1 was=2 }\n";
        let found = rename_hints(SourceId(0), text);
        let texts: Vec<&str> = found.iter().map(|span| &text[span.range()]).collect();
        assert_eq!(texts, ["was=s", "was=b", "was=m", "was=y"]);
    }
}
