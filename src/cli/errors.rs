//! The codes of the command line, each with the page that `schemactl explain` prints.

crate::codes! {
    /// `schemactl explain` knows the codes that errors show in brackets, such as `E101`.
    ///
    /// Run `schemactl explain` without a code for the list of all.
    E801: "unknown code";

    /// `schemactl init` makes new files only: nothing that exists is changed or replaced.
    ///
    /// Move away what is in the way, or work on the project that is there already.
    E802: "something is in the way";

    /// What the command had to say couldn't be written whole: the disk is full, or the file is on a device that is gone.
    /// A reader that went away, as in `schemactl log | head -1`, is no error.
    ///
    /// Whatever the command was to do is done, although it exits with 1 when it would have exited with 0; `schemactl
    /// status` tells where a database stands.
    E804: "the output can't be written";

    /// An option or a line of an answers file can't be understood. Values are written as KDL writes them: `0`, `1.5`,
    /// `#true`, `"text"`, and SQL as `(sql)"now()"`.
    E811: "an answer can't be understood";

    /// An answer is about something that there is no question about: probably its name is misspelled, or the question
    /// was answered otherwise. Ignoring it could drop what it was meant to keep.
    ///
    /// Run `schemactl plan --dry-run` without answers to see the questions.
    E812: "an answer to no question";

    /// The schema can't be reached from the last revision: two renames get in each other's way, objects depend on each
    /// other in a circle that can't be cut, or a table would have to move to another database.
    ///
    /// Make the change in two revisions: the first one takes away what is in the way.
    E813: "no way from the last revision to the schema";

    /// The operations that were found do not lead from one state to the other. Nothing was written. This is a fault of
    /// the program, found by the proof that it makes before it writes a revision.
    E814: "a plan doesn't hold";

    /// Only one of the options applies: `--empty` plans a revision without operations, `--amend` writes the head again.
    /// There must be a head to amend, and it must not join branches.
    E815: "there is nothing to amend";

    /// A new revision goes on a head, and another one was named with `--parent`. Putting it there begins a branch.
    ///
    /// Say that a branch is meant with `--fork`, or name a head; `schemactl heads` lists them.
    E816: "the parent of a new revision is no head";

    /// A dependency is a revision of another branch that must have run before. This one is among those that the revision
    /// builds on, so it runs before in any case.
    E817: "a dependency that adds nothing";

    /// With several branches the schema's files say what all of them come to together. What changed in them since is
    /// about something that the branch of the new revision doesn't have.
    ///
    /// Put the revision on the branch that has it, with `--parent`; name that branch with `--depends-on`, which brings
    /// its revisions along; or join the branches with `schemactl merge`.
    E818: "a change that doesn't fit on the branch";

    /// The schema files say something else than the last revision leads to, so the next `apply` would leave the database
    /// behind the files.
    ///
    /// Run `schemactl plan` and commit the revision with the schema.
    E820: "the schema has changes that no revision makes";

    /// A hook was planned as a stub and its SQL isn't written yet. `apply` refuses the revision, and so does this check.
    ///
    /// Run `schemactl edit` and write `up`, and `down` if it can be undone; `nothing` says that there is nothing to do.
    E821: "a hook is not written yet";

    /// `schemactl edit` starts the editor that `VISUAL` or `EDITOR` names, and it didn't start or ended with an error.
    E822: "the editor failed";

    /// The command needs one revision, and the name that was given means none or several: `base` is the place before the
    /// first revision, `heads` may be more than one.
    E823: "not one revision";
    /// A tag or label stands for one revision, and another one has it. It is not taken away unless that is said.
    ///
    /// Move it with `--move`, or choose another name.
    E824: "another revision has the tag or label";
    /// `apply` only goes forward, and the revision that was named lies behind what the database has. To undo revisions,
    /// say so: `schemactl rollback REVISION`.
    E830: "the target lies behind the database";
    /// The run would take data away for good, and nobody agreed to that. The message says what would be lost; the help
    /// has the option that agrees to exactly that. Consent given for one thing doesn't cover another. What the same run
    /// makes and takes away again is no loss, so a new database needs no consent.
    E831: "data would be lost";
    /// The environment is marked `protect`, so every change is confirmed: by an answer on a terminal, or by `--yes`
    /// where there is none.
    E832: "a protected environment";
    /// A script is written for one dialect: that of `--dialect`, or of the environment's URL, or the project's only one.
    /// `plan`, `show` and `diff` have SQL for the databases that the project is for.
    E834: "no dialect for the script";
    /// A script leads from one place in the chain to another. `apply --sql` begins before the first revision and
    /// `rollback --sql` at the head, unless `--from` says otherwise; `apply` goes forward, `rollback` goes back.
    E835: "the script would go the other way";
    /// A run begins where the database is, so only its end can be named. A range is for a script, which can't look where the
    /// database is: with `--sql`, or `schemactl sql FROM..TO`.
    E836: "a range where one place is meant";

    /// A range is written `FROM..TO` and means the revisions behind `FROM`, up to and with `TO`. Here there are none:
    /// both are the same, or they stand the other way round. `base` alone is no revision either.
    E840: "no revisions are meant";

    /// Revisions are proven on a database of a kind that the project declares: in memory if that is SQLite, otherwise
    /// on a server that `--url` names.
    E841: "no database to prove on";
    /// Somebody has changed tables or other objects of the database since the last run, by hand or with another tool, and
    /// the revisions to run are about the same objects. What they were written for is not what is there, so nothing was
    /// run.
    ///
    /// `schemactl drift` shows the differences with the SQL that puts each back. If they are meant, take them into the
    /// schema, or say so with `--allow-drift`.
    E850: "changes by other hands are in the way";
    /// Two catalogs differ in a way that no order of operations leads from one to the other, such as views that use
    /// each other. Look at the objects that the message names.
    E851: "differences without an order";
    /// A folder that is named as a schema has no file that ends in `.kdl`, in itself or in the folders within.
    E852: "no schema in a folder";
    /// A snapshot is named by the hash of its state, as `from` and `to` of a revision have it: `s1:` and 64 digits. There
    /// is none for this hash in the folder of snapshots: those within the chain may have been removed.
    ///
    /// Name the revision instead, as in `schemactl diff 1 head`.
    E853: "no such snapshot";
    /// The catalogs of two kinds of databases can't be compared word by word: each has its own types and writes
    /// expressions in its own way. Compare each of the databases with the schema, or with a revision.
    E854: "two kinds of databases";

    /// A pattern of `--include` is about no table, view, enum or other object of the database. `*` stands for any
    /// characters and `?` for one. A pattern with a dot is held against the name with its schema, `billing.*`, any other
    /// against the name alone, in every schema. Where the database tells upper from lower case, so do patterns.
    E860: "nothing has such a name";

    /// What `--exclude` leaves out is needed by something that stays: a table that a foreign key refers to, the type of a
    /// column, what a view reads. Without it, the schema would be no schema.
    ///
    /// Exclude what needs it as well, or leave it in. What `--include` chooses brings what it needs along by itself.
    E861: "something that is left out is needed";

    /// The schema was written and read again, and is not the one that was inspected. Nothing was written. This is a fault
    /// of the program, found by the check that it makes before it writes files.
    E862: "the written schema says something else";

    /// `schemactl init --from` begins a project for a database that no project keeps yet. This one has a journal: a
    /// project has applied or stamped revisions on it.
    ///
    /// Work on that project. If it is lost, forget the journal by hand, `DROP TABLE schemactl_journal`, and begin again.
    E863: "the database belongs to a project";

    /// There is no table, view or anything else in the database that a schema could have: it is another database than
    /// was meant, or the tables are in a schema that the connection's role may not look into.
    E864: "nothing to begin with";

    /// The schema of a database is in the words of that database, so a project that begins with it must be for that
    /// kind of database, whatever others it is for as well.
    E865: "the database's own dialect is missing";

    /// A database's schema was to begin a project for other databases as well, which can't have all of it. The places that
    /// are shown are in the schema as it would have been written; nothing was written.
    ///
    /// Begin with the database's own dialect alone and without `--stamp`. Then name the others in `schemactl.kdl`, write the
    /// exceptions into the schema, plan the first revision again with `schemactl plan --amend`, and `schemactl stamp head`.
    E866: "exceptions are needed";
    /// `push` changes a database without a revision, which nobody can roll back or repeat elsewhere. An environment that
    /// is marked `protect` is changed by revisions only.
    E855: "a protected environment can't be pushed to";
    /// The schema of the database was pushed ahead of its revisions, and no revision leads to what it is now. Revisions
    /// that were written for another schema can't be run on it, forward or back.
    ///
    /// `schemactl plan` writes the revision that leads to the schema as it is, and `apply` sees that the database has it.
    /// If the schema was edited since, `schemactl push` first. To give the trial up, restore `schema/` to what the
    /// revisions lead to and push once more.
    E856: "the database was pushed to another schema";
    /// Something goes from the database and something like it comes. Whether it is the same thing under another name,
    /// whose rows are to be kept, nobody can know but you.
    E857: "a rename or not";
    /// `drift --pull` brings together what was changed in the files of the schema and in the database since the last
    /// revision. Where both changed the same attribute, nobody can know which of the two is meant, and nothing is written.
    ///
    /// Write into the schema what the database has, or put the schema back to what it was; then pull again.
    E858: "changed on both sides";
    /// The files of the schema couldn't be edited in such a way that they say what was changed in the database. This was
    /// found when the result was read again, before anything was written.
    ///
    /// Write the changes that the message names into the schema by hand, then `schemactl drift --accept`.
    E859: "an edit that misses";

    /// Two branches changed the same thing in different ways: an attribute to two values, or one dropped what the other
    /// changed. Nobody but you can say what is meant, so nothing was written.
    ///
    /// Decide for each: `--ours users.name` takes it from the first branch, `--theirs users.name` from the second
    /// (`--mine` and `--theirs` for `rebase`). A name decides for what is inside as well: `--ours users`. Or write what
    /// it should be into the schema's files and run `schemactl merge --schema`.
    ///
    /// Where one branch drops a column that SQL of the other one names, in a view for example, the branch that counts for the
    /// column decides on that too: it stays, or what names it is as on the branch that drops it.
    E870: "branches changed the same";

    /// What each branch changed is right by itself, and both together are not: one drops a table, for example, and the
    /// other refers to it.
    ///
    /// Take the change back on one of the branches with a new revision, then merge.
    E871: "branches don't fit together";

    /// A merge is written only if both branches were seen to lead to the same state in either order. They were not.
    ///
    /// Put one branch on top of the other with `schemactl rebase`, which needs no proof of two orders.
    E872: "a merge can't be proven";

    /// `merge` joins two heads of which neither builds on the other, and `rebase` puts one head on another one. With
    /// more heads, or with revisions that are not heads, it can't be known which are meant.
    ///
    /// `schemactl heads` lists the heads.
    E873: "it isn't clear what to join";

    /// Revisions that a database has, or on which others build, must stay as they are. A squashed revision can be moved,
    /// but stands in place of no others from then on: those don't lead to what it builds on now.
    ///
    /// `schemactl merge` joins branches and changes no revision.
    E874: "a revision that can't be moved";

    /// Git merged two branches that each have a revision with the same number and the same message, so their files have
    /// the same name. Theirs was written beside yours, under a name with its id; a revision is known by its id and its
    /// digest, so nothing else changes.
    ///
    /// `git add` both files, then join the branches with `schemactl merge` or `schemactl rebase`.
    E875: "two revisions of the same name";

    /// `--var NAME=VALUE` gives a variable that hooks use its value for this run, each variable once. The value is all behind
    /// the first `=`; it may be empty.
    E880: "`--var` can't be read";

    /// A script has to hold the values of the variables that its hooks use, and one of them is marked `secret`. Scripts are
    /// kept, sent and read by others, so a secret is written into one only on request.
    ///
    /// Agree with `--with-secrets`, or run the revision with `apply`, which shows the value to nobody.
    E881: "a script would hold a secret";

    /// A hook that says `only-env=dev` runs in the environment `dev` alone, and reference rows that say it are in its
    /// databases alone. With a name that `schemactl.kdl` doesn't have that would be nowhere.
    ///
    /// Correct the name, or declare the environment: `env dev { url … }`.
    E882: "something is for an environment that there isn't";

    /// Several projects can share a database: each has a journal of its own, sees what it has made, and leaves alone what
    /// the others have. What would be made has the name of something that another project's last run observed, or that its
    /// revisions make, so one of the two would get in the other's way. Nothing was changed.
    ///
    /// Give it another name in one of the schemas, or declare it in one of them only. If the other project doesn't have it
    /// any more, `schemactl drift --accept` there writes down what it has.
    E885: "a name that another project has";
}
