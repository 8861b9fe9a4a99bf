//! The codes for what SQLite can't have, each with the page that `explain` prints.

crate::codes! {
    /// SQLite stores every value as one of five kinds and has no arrays, ranges or geometric types. The type of
    /// this column has no form there, or the table is `strict` and allows fewer types still.
    ///
    /// Say what SQLite should store instead: `column tags "text[]" sqlite=text`. Portable types (`int`, `text`,
    /// `timestamptz`, `json` and the like) work everywhere; docs/schema.md lists them with what each becomes.
    E510: "SQLite has no such type";
    /// SQLite has one namespace per file, so an object in a named namespace has no place there. Move the object
    /// out of its `schema` node, or take `sqlite` out of the project's `dialects`: a project that needs namespaces
    /// can't be for SQLite as well.
    E511: "SQLite has no namespaces";
    /// SQLite numbers rows by itself only in a table whose primary key is that one integer column, counts from 1
    /// in steps of 1, and not in a table `without-rowid`.
    ///
    /// Make the column the whole primary key, or leave `identity` away and let the application give numbers.
    E512: "SQLite can't number this column";
    /// SQLite knows three options of a table: `strict`, which enforces types, `without-rowid`, which stores the rows
    /// in the order of the primary key, and `autoincrement`, which is on unless it is turned off: without it an identity
    /// column may get the number of a deleted row again. All are on or off.
    ///
    /// A column, a primary key and a unique constraint can say `on-conflict`: what becomes of a row that breaks the
    /// rule. It is `ignore`, `replace`, `fail` or `rollback`; without it the statement is aborted. Of a column it is
    /// about NULL, so a nullable one has none. Keys can say `order` and `collate`, with a word for each column:
    /// `order="asc desc"`, `collate="NOCASE -"`. Checks and indexes have no options: SQLite reads `ON CONFLICT` at a
    /// check, and aborts whatever it says.
    E513: "SQLite has no such option";
    /// The collations that every SQLite has are `BINARY`, `NOCASE` and `RTRIM`; others live in the application
    /// and are not there when the schema changes. Say which one SQLite should use: `sqlite=NOCASE`.
    E514: "SQLite has no such collation";
    /// SQLite checks unique constraints at once and always takes two NULLs for different, and stores computed
    /// columns neither as a key nor with a default. The one key that is the row's number holds no NULL, nor does that
    /// of a table that is `strict` or `without-rowid`. Two keys of the same columns are one, with one `on-conflict`.
    /// A foreign key needs a key that compares in the collations of its columns.
    /// What the schema asks for would silently mean something else,
    /// so it is refused. Limit the constraint to the dialects that have it: `(postgres)unique …`.
    E515: "SQLite can't have this constraint";
    /// SQLite's indexes are B-trees over columns and expressions, sorted with NULLs before everything else. They
    /// know no other method, no operator classes and no included columns. Limit the index to the dialects that
    /// have it: `(postgres)index …`.
    E516: "SQLite can't have this index";
    /// In SQLite the case of letters in a name never counts, tables, views and indexes share one set of names,
    /// and names that begin with `sqlite_` belong to the library. Two names that differ elsewhere meet there, or
    /// a name is not allowed. Rename one of the two.
    E517: "SQLite can't tell these names apart";
    /// The SQL of an object could not be cut into statements, because a quote, a comment, a parenthesis or a
    /// `BEGIN … END` in it never ends. Correct the text in the schema.
    E518: "the SQL of an object is not complete";
    /// The operations were asked for on a state that they can't run on. A revision's operations are checked when
    /// it is loaded, so this is a defect of the program: please report it with the revision.
    E519: "the operations don't fit the state";
    /// SQLite keeps the statement that created each table, index, view and trigger, and one of them is missing: the
    /// file is damaged, or was written to while it was read.
    ///
    /// Look at it with `PRAGMA integrity_check`, and restore it from a backup if that finds something.
    E520: "the catalog is damaged";
}
