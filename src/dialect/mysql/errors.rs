//! What MySQL and MariaDB refuse, as codes with their pages.

crate::codes! {
    /// MySQL and MariaDB have no arrays and no type for a span of time, and their types have limits: 65 digits, 30 of
    /// them behind the point, 255 characters of `char`, 16383 of `varchar`, 6 digits of a second's fraction. `serial` is
    /// no type of its own. A value of a `set` has no comma, which is what stands between two of them.
    ///
    /// Say what they should store instead: `column tags "text[]" mysql=json`. Portable types work everywhere;
    /// docs/schema.md lists them with what each becomes.
    E560: "MySQL has no such type";
    /// A connection to MySQL or MariaDB works in one database, and so does schemactl: what SQL calls a schema is a
    /// database of its own there. Move the object out of its `schema` node, or take `mysql` out of the project's
    /// `dialects`.
    E561: "MySQL has no namespaces";
    /// An identity column becomes `AUTO_INCREMENT`: one per table, a whole number, not null, without a default, and
    /// first in the primary key, a unique constraint or an index. It takes the numbers that rows bring, and counts in
    /// steps that are the server's, not the column's.
    ///
    /// Make the column the primary key, and leave `always` and `identity-increment` away.
    E562: "MySQL can't number this column";
    /// A table, column, check or index has an option, written for `mysql`, that neither MySQL nor MariaDB knows, or
    /// with a value that it can't have. Known are, of tables: `engine`, `row-format`, `key-block-size`, `charset`,
    /// `collation`, `stats-persistent`, `stats-auto-recalc` and `stats-sample-pages`; of columns: `on-update`,
    /// `invisible`, `charset`, `srid` (MySQL) and `compressed` (MariaDB); of indexes: `invisible` and `parser`; of checks:
    /// `enforced` (MySQL); of primary keys: `comment`.
    E563: "MySQL has no such option";
    /// A constraint has something that MySQL and MariaDB don't have: they check every constraint at once, take two
    /// NULLs for different, and have no `set-default` for foreign keys. What can't be indexed whole, such as `text`, can't
    /// be a key.
    ///
    /// Limit the constraint to the dialects that have it: `(postgres)unique …`, or give the column a type that can
    /// be a key: `column name text mysql="varchar(200)"`.
    E564: "MySQL can't have this constraint";
    /// An index has something that MySQL and MariaDB don't have: a condition, stored columns, operator classes,
    /// another order of NULLs, a method other than `btree`, `fulltext` and `spatial`. Of `text` and `bytes` they index the
    /// beginning alone: give the key a `prefix`.
    ///
    /// Limit the index to the dialects that have it: `(postgres)index …`.
    E565: "MySQL can't have this index";
    /// In MySQL and MariaDB the case of letters in the names of columns, indexes and constraints never counts, tables
    /// and views share one set of names, foreign keys have names of their own in the whole database, and so have
    /// checks on MySQL. Two names that differ elsewhere meet there. Rename one of the two.
    E566: "MySQL can't tell these names apart";
    /// The SQL of an object can't be run: something in it is never closed, it begins or ends a transaction, or it is a
    /// command of a client program such as `DELIMITER`. Write the statements plainly: a body from `BEGIN` to
    /// `END` needs no `DELIMITER` here.
    ///
    /// What stands in `/*!50003 … */`, as dumps have it, would be run depending on the version of the server, and nothing
    /// can tell what it does. Write its SQL without the comment.
    E567: "unusable SQL";
    /// The operations don't lead from the state where they start to the one where they should end. The revision
    /// was edited by hand or is damaged.
    ///
    /// `schemactl verify` shows which revision it is; `schemactl plan --amend` writes a head anew.
    E568: "operations don't fit the state";
    /// The schema uses something that this product or this version of it doesn't have. The message names the thing
    /// and who has it.
    ///
    /// MariaDB has no indexes over expressions: index a generated column. It has no `srid`, checks all checks, wants a
    /// default for a required column that is invisible, and MySQL compresses no single columns.
    ///
    /// A project is for MySQL and MariaDB unless it says for which: `servers mysql` or `servers mariadb` beside
    /// `dialects` in `schemactl.kdl`.
    E569: "not on this server";
    /// The table's storage engine knows no transactions, so that a failure in the middle would leave half of the
    /// rows changed, and nothing could be undone. Only InnoDB is supported.
    ///
    /// Write `engine=InnoDB`, or leave it away.
    E570: "not a transactional engine";
    /// Properties of a column exclude each other: a generated column has neither a default nor an identity, a primary key
    /// has no nullable column, a collation is for text alone.
    E571: "contradicting properties";
    /// `||` joins texts in standard SQL, on SQLite and on PostgreSQL. MySQL and MariaDB read it as OR, so that the
    /// expression would quietly be 0 or 1.
    ///
    /// Write `concat(a, b)`, which all of them but old versions of SQLite have, or say it for MySQL alone:
    /// `generated (sql)"a || b" (mysql)"concat(a, b)"`. If OR is meant, write `OR`.
    E572: "`||` doesn't join texts in MySQL";
    /// The steps of a revision take the key away that a foreign key refers to, and bring the next one only behind a hook.
    /// The servers refuse to drop such a key as long as there is no other one, and the hook would run without it.
    ///
    /// Move the hook in front of the step that drops the key, or behind the one that adds the next. Steps between two
    /// hooks may stand in either order: the key stays until the next one is there.
    E573: "a foreign key without a key at a hook";
    /// A hook stands between a new column that numbers the rows and the key that begins with it. The servers have no such
    /// column without its key, and number the rows that are there only as the column comes.
    ///
    /// Move the hook in front of the column, or behind the key. Where `plan` itself wrote the hook, for rows with a value
    /// that an enum loses, plan the one and the other in two revisions.
    E574: "a column that numbers rows without its key at a hook";
    /// A row of the catalog of MySQL or MariaDB is not what its query gives: something changed in the middle of reading,
    /// or the catalog is damaged.
    ///
    /// Run it again. If it stays, check the server's logs, and report it together with the server's version.
    E580: "an unreadable catalog of MySQL";
}
