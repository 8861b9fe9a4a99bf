//! The codes of importing, each with the page that `schemactl explain` prints.

crate::codes! {
    /// `schemactl import` was told which tool wrote the folder, and found no file there that the tool would run. The
    /// message says what the tool's files are called.
    ///
    /// Name the folder that has the files themselves, not one above it, and the tool that wrote them.
    E901: "the folder has no steps of that tool";
    /// Two files of the folder are the same step: the tool would refuse them too, or run one of them only. Which of them
    /// the databases have seen nobody can know from here.
    ///
    /// Remove the one that has never run, or give it a number of its own.
    E902: "two steps with the same version";
    /// The steps are numbered one by one, and a number is missing between the first and the last. Perhaps a file was lost,
    /// and a chain without it would lead elsewhere.
    ///
    /// Put the file back. If it was left out on purpose, say `--allow-gaps`.
    E903: "a number is missing";
    /// There is a way down without a way up: the file that the step consists of is missing or has another name.
    E904: "half of a step is missing";
    /// A step is a program in Rust, Go, Java or another language. What it does to a database can't be read from its text,
    /// and it is not run.
    ///
    /// Let the tool run everything it has pending, then begin with what the database is: `schemactl init --from URL`.
    E905: "a step is a program";
    /// The SQL of a step has no end of its last statement, marks of the tool stand where they mean nothing, or there are
    /// placeholders that the tool would fill in. Statements are told apart by the rules of the database of `--url`, and of SQLite
    /// without it: what stands between `$$` in a function of PostgreSQL has semicolons that end statements of SQLite.
    ///
    /// Name a server of the kind that the files are for with `--url`, or mend the file.
    E906: "a step can't be read";
    /// A file of Alembic's versions says what it is by code: `revision = make_id()`, a name from elsewhere, an f-string.
    /// Files are read and never run, so only what is written out as text, `None`, a tuple or a list is known.
    ///
    /// Write the value out. It is the one that `alembic history` prints.
    E907: "a version of Alembic's computes what it is";
    /// A file of Alembic's versions names another as its parent or as something it depends on, and there is no such file,
    /// or the versions build on each other in a circle.
    ///
    /// Put the missing file back; if it stands in another folder, name that in `version_locations`.
    E908: "the versions of Alembic's don't hang together";
    /// The table in which a tool writes down what it has run says something that doesn't fit the folder: a step that isn't
    /// there, one that failed half-way, or a later one without an earlier one.
    ///
    /// Let the tool finish or mend its work first. What is written here has to be what the database went through.
    E909: "the tool's own books don't fit the folder";
    /// A statement of a step was refused when the steps were run one after the other on a scratch database. Nothing was
    /// written. The message has the file, the statement and the database's words.
    ///
    /// On a scratch database nothing is there but what the steps before made: roles, extensions that need a superuser and
    /// tables that somebody created by hand are missing. Name the kind of server that the steps were written for with
    /// `--url`; nothing in that database itself is changed by trying.
    E910: "a statement fails on a scratch database";
    /// There is no database whose schema could be taken over. Alembic's versions are programs, and what they make is known
    /// only from a database on which they have run.
    E911: "importing from Alembic needs a database";
    /// The database is not where the folder of versions ends, so its schema is not the one that the project goes on from.
    ///
    /// Run what is pending with Alembic, then import again.
    E912: "the database is not at Alembic's head";
    /// The revisions that were written for a step don't lead to what the step's own SQL leads to. Nothing was written. This
    /// is a fault of the program, found by the check that it makes before it writes files.
    E913: "a step can't be said as a revision";
    /// The words on the command line don't say which tool wrote which folder.
    E914: "which tool and which folder";
    /// Something that a step does is not part of a schema and can't be repeated by a revision: a privilege, an owner, a
    /// setting of the server. The chain is written without it, and a database that is made from it lacks it.
    E915: "a statement is not kept";
    /// The way back that a tool has for moved rows doesn't fit the operations around it here, so it was left out, and the
    /// revision says that its rows can't be brought back.
    E916: "a way back is not kept";
    /// The database differs from what the steps that its tool has run lead to: somebody changed it by other means.
    /// The project is written; the database is not stamped.
    ///
    /// `schemactl stamp NAME` shows the differences. Put them right, or record it all the same with `--force`.
    E917: "the database is not what its steps lead to";
}
