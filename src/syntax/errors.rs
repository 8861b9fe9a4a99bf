//! The codes of the schema language, each with the page that `schemactl explain` prints.

crate::codes! {
    /// A word in parentheses in front of a node or a value says for which database it is meant: `(postgres)index …`,
    /// `default 0 (postgres)"random()"`. Only databases that `schemactl.kdl` declares can be named, so that a
    /// misspelled one doesn't take an object out of sight.
    ///
    /// Correct the word, or add the database to `dialects` in `schemactl.kdl`.
    E101: "an unknown dialect";

    /// A reference names an object from the top: `users` is in the default namespace, `billing.invoices` in the
    /// namespace `billing`, also when it is written inside of `schema billing { … }`. A reference to a column has
    /// the column behind that: `users.id`, `billing.invoices.id`.
    ///
    /// A part that holds a dot stands in quotes of its own, and quotes inside of those are doubled:
    /// `references="\"odd.name\".id"` is the column `id` of the table `odd.name`.
    E102: "not a reference";

    /// Types are the portable ones (`bool smallint int bigint real double decimal(p,s) char(n) varchar(n) text bytes
    /// date time timestamp timestamptz interval uuid json`), arrays of them (`"text[]"`), enums by name, and
    /// native types of a database in that database's spelling. A type with parentheses or brackets stands in quotes.
    ///
    /// A word that is almost a portable type or an enum is taken for a slip. If the database really has a type of
    /// that name, say so: `(native)"vachar(20)"`.
    E103: "not a type";

    /// A name can be any text, in quotes where it holds more than letters, digits and signs. It can't be empty, and it
    /// can't hold the character U+0000, which no database stores.
    E104: "not a name";

    /// The attribute takes one of a few words. The help lists them.
    E105: "not one of the possible words";

    /// `use` names a template of which there is no `template` node in any of the schema's files, or a template uses
    /// itself, directly or by way of another.
    E106: "a template that can't be used";

    /// The same thing is declared twice, or two constraints of a table have the same name. Nothing is merged
    /// silently, apart from `schema` blocks, which may be spread over files.
    ///
    /// Delete one of the two, or give one another name.
    E107: "declared twice";

    /// The attribute only means something beside another one: `virtual` beside `generated`, `identity-start` beside
    /// `identity`, `on-delete` and `deferrable` beside `references`.
    E108: "an attribute without the one it belongs to";

    /// SQL text is written once for all databases, `(sql)"…"`, with exceptions behind it where one needs other words:
    /// `where (sql)"active" (sqlite)"active = 1"`. Each database has at most one exception.
    E109: "SQL text is missing or given twice";

    /// Numbers are written to the database digit by digit, so that nothing is rounded. Infinity and NaN have no such
    /// form; use SQL instead: `(sql)"'Infinity'"`.
    E110: "a number without digits";

    /// Reference rows are found again by the columns that `key` names, so each row has a value in each of these
    /// columns, and no two rows have the same ones.
    E111: "a row can't be told from others";

    /// A table has at most one primary key. `primary-key` behind a column makes that column the whole key; a key of
    /// several columns is a node of its own: `primary-key order_id line`.
    E112: "a second primary key";

    /// `drift --pull` writes into the schema what was changed in a database. Here only one table changed, but what it has
    /// there comes from a template that other tables use as well; the template can't change for one of them.
    ///
    /// Write the template's nodes into the block of that table in place of `use`, and pull again.
    E113: "a template that would change for one table alone";

    /// `only-env` names the environments whose databases have these rows, one or several with commas between:
    /// `data users only-env="dev,test" { … }`. An environment is one that `schemactl.kdl` declares.
    E114: "not a list of environments";
}
