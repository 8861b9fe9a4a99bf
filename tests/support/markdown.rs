//! The fenced blocks of a Markdown page.

/// A fenced block.
pub struct Block<'p> {
    /// What stands behind the fence.
    pub info: &'p str,
    /// The line of the fence.
    pub line: usize,
    /// What stands between the fences, without their indentation.
    pub text: String,
}

/// The fenced blocks of a page.
pub fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut lines = (1..).zip(page.lines());
    while let Some((line, text)) = lines.next() {
        let Some(info) = text.trim_start().strip_prefix("```") else { continue };
        let indent = text.len() - text.trim_start().len();
        let inner = lines.by_ref().map(|(_, text)| text).take_while(|text| text.trim() != "```");
        let inner = inner.fold(String::new(), |all, line| all + line.get(indent..).unwrap_or("") + "\n");
        found.push(Block { info: info.trim(), line, text: inner });
    }
    found
}
