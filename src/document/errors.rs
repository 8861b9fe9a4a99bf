//! The codes of the document layer, each with the page that `schemactl explain` prints.

crate::codes! {
    /// A KDL text is read within fixed bounds, so that a damaged or hostile file ends in this error and not in a
    /// crash: 64 MiB of text, blocks nested 128 deep, four million nodes and values, a hundred problems.
    ///
    /// Split the file. Every `*.kdl` file under the schema folder is read, so one file per table or per area works.
    E001: "the text is larger than the reader's bounds";

    /// KDL files are UTF-8. The label shows the first byte that is not.
    ///
    /// Save the file as UTF-8; `iconv -f WINDOWS-1252 -t UTF-8 FILE` converts one that came from elsewhere.
    E002: "the file is not UTF-8";

    /// Some characters can't be seen and change how a text looks or ends: control characters, the marks that
    /// switch the direction of writing, a byte order mark in the middle. KDL allows none of them literally,
    /// not even in comments.
    ///
    /// Delete the character, or write it as an escape inside a quoted string: `"\u{200E}"`.
    E003: "a character that KDL doesn't allow";

    /// Something stands where KDL expects a node, a value or the end of a node.
    ///
    /// A node is `name value key=value { children }`. Words may hold letters, digits and most signs, but none of
    /// ``( ) { } [ ] / \ " # ; =``; a word that holds one is written in quotes: `"varchar(320)"`, `"text[]"`.
    /// Values are separated by spaces, nodes by line ends or `;`.
    E004: "unexpected text";

    /// Each `{` needs its `}`. Where the indentation shows which block was left open, the label points at it.
    E005: "braces don't match";

    /// A string, comment or type annotation was begun and not ended. A string in plain quotes ends on its line;
    /// text of several lines stands between lines of three quotes:
    ///
    /// ```kdl
    /// up (sql)"""
    ///     UPDATE users
    ///     SET active = TRUE
    ///     """
    /// ```
    E006: "something is opened and never closed";

    /// In quoted strings, `\` begins an escape: `\n \r \t \\ \" \b \f \s`, `\u{…}` with one to six hex digits, or `\`
    /// before white space, which drops that white space.
    ///
    /// Write `\\` for a backslash, or use a raw string, where nothing is escaped: `#"C:\data"#`.
    E007: "an unknown escape";

    /// A multi-line string begins with `"""` at the end of a line, and ends with `"""` on a line of its own. The white
    /// space before the closing quotes is taken off every line, so every line that is not blank must begin with it.
    E008: "a multi-line string is laid out wrongly";

    /// Words that begin with a digit are numbers: `10`, `-1.5`, `1e9`, `0xFF`, `0o17`, `0b101`, with `_` between
    /// digits where it helps. A digit stands on both sides of the point.
    ///
    /// Quote the word if it is not meant as a number: `"3d"`.
    E009: "not a number";

    /// The text is written in version 1 of KDL. In version 2, `true`, `false` and `null` are written `#true`, `#false` and
    /// `#null`, so that no word changes its meaning, and raw strings are written `#"…"#`.
    E010: "version 1 of KDL";

    /// The same property is given twice on one node, so one of the two values would be lost silently.
    E011: "a property is given twice";

    /// `/-` removes what follows it: a node, a value, a property or a block. `(type)` says of what type the node or value
    /// behind it is. Here nothing follows.
    E012: "a prefix with nothing behind it";

    /// The node has no such flag, property or child. Names are compared exactly; the help shows the one that
    /// was probably meant.
    E013: "an unknown word";

    /// The node lacks an argument, a property or a child that it can't do without. The help says what to add, and
    /// the reference of the schema language shows the node in full.
    E014: "something is missing";

    /// The value is of another kind than is expected here, for example a number in place of a name.
    E015: "the wrong kind of value";

    /// The flag, property or child may stand once on its node, since a second one could only contradict the first.
    /// Remove one of them.
    E016: "something is given twice";

    /// A merge by text left both sides of a conflict in the file, between lines that begin with `<<<<<<<`, `=======` and
    /// `>>>>>>>`. The file is not read from the first of these lines on. Lines in a multi-line string are text, whatever
    /// they look like.
    ///
    /// Write what the file is to say in place of both sides, and delete the three lines. In the files of the schema, take
    /// either side instead (`git checkout --ours schema`), and let `schemactl merge` write what both branches of
    /// the chain say.
    E017: "a conflict of git is not solved";
}
