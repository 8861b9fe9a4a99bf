//! What PostgreSQL refuses, as codes with their pages.

crate::codes! {
    /// The schema uses something that the server's version doesn't have yet. The message names the thing and
    /// the first version that has it.
    ///
    /// Either run on a newer server, or change the schema: a stored generated column instead of a virtual one
    /// (before 18), a partial unique index instead of `nulls-not-distinct` (before 15), a default or a trigger
    /// instead of a generated column (before 12).
    E530: "not in this version of PostgreSQL";
    /// A column's type changes and there is no cast from the old type to the new one, so PostgreSQL has no rule
    /// for what becomes of the values.
    ///
    /// `schemactl plan` asks about such a column and takes the rule: `--convert devices.code=SQL` for the values,
    /// `--convert-back devices.code=SQL` for the way back. So only a revision that was written or edited by hand gets
    /// here, or a `push`. If it is the last one and no database has it, `plan --amend` with these options plans it again.
    ///
    /// By hand it takes four steps: add a column of the new type, move the values in a hook, drop the old column, rename
    /// the new one. The hook's `down` does the same the other way.
    E531: "no cast between these types";
    /// A table has an option, written for `postgres`, that PostgreSQL doesn't know, or with a value that it can't
    /// have. Known are `unlogged`, `row-level-security` and the storage parameters such as `fillfactor` or
    /// `autovacuum_enabled`.
    E532: "unknown table option";
    /// A column has a type that PostgreSQL can't give it: `serial` and its kin are no types of their own (write an
    /// integer with `identity`), and lengths and digits have limits.
    E533: "impossible type";
    /// Two properties exclude each other: an identity needs an integer that is not null and has no default, a
    /// generated column has neither a default nor an identity, only a unique index can treat nulls as equal, a
    /// foreign key can't refer to a deferrable constraint, a table and an enum can't have the same name.
    E534: "contradicting properties";
    /// The SQL of a raw object can't be run: something in it is never closed, it begins or ends a transaction, or
    /// it is a command of a client program such as `\copy`.
    E535: "unusable SQL";
    /// The operations don't lead from the state where they start to the one where they should end. The revision
    /// was edited by hand or is damaged.
    ///
    /// `schemactl verify` shows which revision it is; `schemactl plan --amend` writes a head anew.
    E536: "operations don't fit the state";
    /// A row of PostgreSQL's catalog is not what its query gives: something changed in the middle of reading, or the
    /// catalog is damaged.
    ///
    /// Run it again. If it stays, check the server's logs, and report it together with the server's version.
    E537: "an unreadable catalog";
}
