//! The codes of the project layer, each with the page that `schemactl explain` prints.

crate::codes! {
    /// Commands work on a project: a folder with a file `schemactl.kdl`. It is looked for in the current folder and
    /// above, up to the root of the repository.
    ///
    /// Change into the project, name it with `--project DIR` or `SCHEMACTL_PROJECT`, or begin one with `schemactl init`.
    E601: "no project found";

    /// The system refused to read or write a file or folder of the project. Nothing was changed.
    ///
    /// Check that it exists and that you may read and write it. The folders' places are set in `schemactl.kdl`:
    /// `schema`, `revisions` and `snapshots`, below `project`.
    E602: "a file can't be read or written";

    /// A dialect in the configuration isn't one that this program knows, or isn't part of this build.
    ///
    /// List the databases that the schema is for: `project bookshop { dialects sqlite postgres }`. Each revision is
    /// checked against all of them when it is planned.
    ///
    /// `mysql` is for MySQL and MariaDB, and each revision must run on both. `servers mysql` or `servers mariadb` beside
    /// `dialects` is for the one alone.
    E603: "unknown dialect";

    /// `schemactl.kdl` holds a `project NAME { … }` node for each project and one `env NAME { … }` node for each environment,
    /// in the project that it belongs to or beside them, where it is for all of them. Names are unique, and at most one
    /// environment and one project are marked `default=#true`.
    E604: "the configuration contradicts itself";

    /// A duration is a whole number with a unit: `500ms`, `10s`, `5min`, `1h`.
    E605: "not a duration";

    /// No environment of this name is declared in `schemactl.kdl`.
    ///
    /// The name comes from `--env` or from the variable `SCHEMACTL_ENV`, which may stand in `.env`.
    E606: "unknown environment";

    /// The command needs a database and none was named. What counts is, in this order: `--url`, `--env`, the variable
    /// `SCHEMACTL_ENV`, and the environment marked `default=#true` in `schemactl.kdl`.
    E607: "no environment chosen";

    /// The environment takes its URL from a variable or a file, and there is none. Variables are taken from the
    /// process, then from the file `.env` beside `schemactl.kdl`; an empty one counts as not set.
    ///
    /// The variable `DATABASE_URL` is read only by environments that say `url (env)"DATABASE_URL"`.
    E608: "the environment's URL is not set";

    /// The file `.env` beside `schemactl.kdl` holds lines `NAME=value`; values with spaces or signs are quoted. What the
    /// line says isn't shown, as it may be secret.
    E609: "a line of `.env` can't be read";

    /// `diff git:COMMIT` reads the schema as it is in a commit of the repository that the project lies in, by asking the
    /// `git` program. It isn't there, the project lies in no repository, or the repository has no such commit.
    E610: "a commit can't be read";

    /// `init --git` tells git how to merge the project's files, and git could not be asked: the program isn't there, or
    /// the folder lies in no repository. Or git could not merge a file by text.
    ///
    /// Run `git init` first, or leave `--git` out; everything works without it.
    E611: "git can't be set up";

    /// Hooks may use variables that `schemactl.kdl` declares: `project shop { var batch type=int default=500 }`. The types
    /// are `text`, `int` (64 bits), `decimal` and `bool`; a value is written like one of its type, and texts in quotes. In
    /// environments, values stand alone: `env dev { var batch 50 }`.
    ///
    /// A variable that is marked `secret` takes its values from `--var`, from environment variables (`(env)"NAME"`) or from
    /// files (`(file)"PATH"`), never from the configuration.
    E612: "a variable's type or value";

    /// An environment or `--var` gives a value to a variable that the project doesn't declare; it would be used nowhere.
    ///
    /// Correct the name, or declare it: `project shop { var NAME type=text }`.
    E613: "an unknown variable";

    /// `schemactl.kdl` holds several projects, and the command works on one. What counts is, in this order: `--name`, the
    /// variable `SCHEMACTL_NAME`, the project in whose folders the current folder lies, and the project marked
    /// `default=#true`.
    E614: "no project chosen";

    /// No project of this name is declared in `schemactl.kdl`.
    ///
    /// The name comes from `--name` or from the variable `SCHEMACTL_NAME`, which may stand in `.env`.
    E615: "unknown project";

    /// Each project of `schemactl.kdl` has its own folders: what lies in a folder belongs to one of them. The folders are
    /// `schema`, `revisions` and `snapshots` unless a project names others.
    ///
    /// Write `schema "billing/schema"`, `revisions "billing/revisions"` and `snapshots "billing/snapshots"` into one of them.
    E616: "two projects share a folder";

    /// A journal is a table in a database that says which revisions of a project have run on it. Two projects on one
    /// database need two of them, or each would find revisions there that it doesn't know.
    ///
    /// Write `journal schemactl_journal_billing` into the project that has not run anywhere yet: the journal of one that
    /// has would not be found any more.
    E617: "two projects with one journal";

    /// The table of a journal is called `schemactl_journal`, or that with `_` and a word behind it, in small letters and
    /// digits: by this name it is known for what it is, and never taken for a table of the schema.
    E618: "a name no journal can have";

    /// `dialects` in `schemactl.kdl` doesn't name the kind of this database, or `servers` beside it limits the project to
    /// another of the products that speak its dialect. Revisions are planned and checked for what stands there alone, so
    /// they may hold what this database doesn't have. Nothing was run.
    ///
    /// Look at the URL. If the project is for this database as well, add it to `dialects`, or correct `servers`, and run
    /// `schemactl check`: it tells what one of them can't have.
    E619: "a server that the project is not for";
}
