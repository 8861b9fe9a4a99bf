//! What can be wrong with a plan before it meets a database.

crate::codes! {
    /// A hook's script holds a statement that begins, commits or rolls back a transaction. The runner keeps the
    /// hook, the operations around it and the journal's row in one transaction, so that a failure leaves the
    /// database as it was; a `COMMIT` in between would take that away.
    ///
    /// On MySQL and MariaDB a statement that changes the schema, or locks tables, commits by itself, so it can't stand in a
    /// hook either: what it makes belongs into the schema, if need be as an `object` with its SQL.
    ///
    /// Remove the statement. If the work is too large for one transaction, split it into several revisions.
    E501: "a hook controls transactions";
    /// A hook was planned but its SQL is not written yet. `apply` refuses to run a revision with such a hook,
    /// because the data that the following operations rely on would be missing.
    ///
    /// Open the revision with `schemactl edit` and write `up`, and `down` if it can be undone. When nothing is to
    /// be done, say so: `up nothing`.
    E502: "a hook is not written yet";
    /// The revision holds a hook whose author said that it can't be undone, or that has no `down`. `rollback`
    /// refuses before anything runs.
    ///
    /// Write a `down` for the hook while the revision is still a head, or restore a backup.
    E503: "a hook can't be rolled back";
    /// A hook's script can't be read as SQL: a quote, a comment or a block is not closed, or a line is a command
    /// of a database client and not SQL.
    ///
    /// On MySQL and MariaDB what stands in `/*! … */` is SQL that some versions run, and nothing can tell what it does: write
    /// it without the comment.
    E504: "a hook's script is not SQL";
    /// An operation of the revision does not fit the state that it is to run on. The revision was edited by hand,
    /// or a file of the chain is missing.
    ///
    /// Run `schemactl verify`: it names the first revision that does not lead to the state that it says.
    E505: "an operation does not fit";
    /// A hook's SQL has a placeholder `${name}`, and the project declares no variable of this name.
    ///
    /// Declare it in `schemactl.kdl`: `project shop { var name type=text default="…" }`. The types are `text`, `int`,
    /// `decimal` and `bool`.
    E506: "a hook uses a variable that isn't declared";
    /// A hook that is about to run, or to be written into a script, uses a variable that has no value. Nothing was run.
    ///
    /// A value comes from `--var NAME=VALUE`, else from the environment (`env dev { var NAME "…" }`), else from the
    /// `default=` of its declaration.
    E507: "a variable has no value";
    /// A value comes into a hook's SQL as a literal of its type, with its own quotes. So `${name}` stands where a literal
    /// could stand; in a string or a quoted name it would be nothing but text, and the hook would run with that text.
    ///
    /// Write `tenant = ${tenant}`, and `'tenant ' || ${tenant}` for a part of a text. In comments, and in strings with
    /// names that are not declared, `${` means nothing. Where a string has to hold the name of a variable in this
    /// form, split it (`'$' || '{tenant}'`).
    E508: "a placeholder can't be filled";
}
