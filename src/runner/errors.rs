//! The codes of the runner's problems, each with the page that `explain` prints.

crate::codes! {
    /// The database URL can't be read. It is `sqlite://path/to/file.db`, `sqlite::memory:`, or
    /// `postgres://user:password@host:port/database?parameter=value`.
    ///
    /// A password or a database name with one of `@ : / ? # %` has to be percent-encoded: `%40`, `%3A`, `%2F`,
    /// `%3F`, `%23`, `%25`. The URL itself is never repeated in a message, because it may hold a password.
    E701: "the database URL is not valid";
    /// The part of the database URL in front of `:` names the kind of database. Either it is misspelled, or this
    /// program was built without support for that database.
    E702: "no such kind of database";
    /// No connection could be made. For a server: is it running, does it listen on that host and port, does a
    /// firewall stand between, does the database exist? For a file: does its folder exist, and may it be opened?
    E703: "the database can't be reached";
    /// The server knows the user and refuses to let it in: a wrong or missing password, or a rule of the server
    /// (`pg_hba.conf`) against this user, host or database.
    ///
    /// A password is taken from the URL, from `PGPASSWORD`, or from the password file `~/.pgpass`, in this order. The
    /// file is passed over where others than its owner may read it; `PGPASSFILE` names another one.
    E704: "the database refuses the login";
    /// The file of an SQLite database does not exist, and this command never creates one. `schemactl apply`
    /// creates it, except in an environment that is protected or says `create #false`: there a new file is rather a
    /// wrong path, and `create` says that it is meant. A relative path in `schemactl.kdl` is relative to the folder of
    /// that file.
    E705: "the database file doesn't exist";
    /// Another run works on this database, and did not finish within the time that `--lock-timeout` allows. Two
    /// runs at once could each apply half of a change, so the second one waits.
    ///
    /// The lock belongs to its holder's connection (or, for a file, to its process) and is gone with it: there is
    /// nothing to clean up after a crash. If the holder that the message names still works, wait for it, or give
    /// more time with `--lock-timeout 10m`.
    E706: "another run holds the lock";
    /// The database refused a statement. The message is the database's own; the place is in the statement that
    /// was sent.
    E707: "a statement failed";
    /// The user of the connection lacks a right on an object. Run as the owner of the objects, or grant the right.
    E708: "the database user lacks a right";
    /// Rows that are already in the database contradict a constraint that a statement adds or don't fit a type that it
    /// changes, or a statement writes rows that do. Correct the rows first, in a data hook of the same revision or by hand.
    E709: "rows contradict a constraint";
    /// Another connection holds a lock that a statement needs, and did not give it up in time. Nothing was changed.
    /// Look for long transactions (`pg_stat_activity` on PostgreSQL), or for another process that writes to the
    /// same SQLite file, and run the command again. MariaDB also keeps tables open under the aliases that queries give
    /// them, and renames no column meanwhile that a check, a default or a computed column speaks of.
    E710: "the database is busy";
    /// The database, its file or the folder of the file can't be written: a standby server, a read-only
    /// transaction by default, or permissions of the file system.
    E711: "the database is read-only";
    /// The disk of the database is full. What was under way has been rolled back.
    E712: "the database's disk is full";
    /// The run was interrupted. The transaction that was under way has been rolled back; what had been committed
    /// before stays, and the next run continues from there.
    E713: "interrupted";
    /// The connection broke while a statement was under way. The database rolls back the transaction that was
    /// open. If it broke during a commit, the journal tells at the next run whether the commit happened.
    E714: "the connection was lost";
    /// The rows of the journal contradict each other or can't be read: somebody changed or removed some, or a
    /// partial backup was restored. The message names the first such row. Nothing is run on such a database,
    /// because what it holds is not known for sure.
    ///
    /// Restore the table `schemactl_journal` from a backup, or, knowing what the database holds, write it anew
    /// with `schemactl stamp --purge REVISION`.
    E715: "the journal is damaged";
    /// The table `schemactl_journal` keeps what has run, and it could not be created: the user of the connection
    /// lacks the right to create tables there, or there is no schema to create it in.
    ///
    /// On PostgreSQL 15 and later only the owner of a database may create tables in `public`. Run once
    /// `GRANT CREATE, USAGE ON SCHEMA public TO the_user`, or connect as the owner.
    E716: "the journal can't be created";
    /// The journal has rows or columns that this version of the program does not know, so a newer version has
    /// written it. Use that version, or a newer one.
    E717: "the journal is of another version";
    /// A session that holds a lock was moved to another server connection in between: a connection pooler such as
    /// PgBouncer in transaction mode stands between. Locks and settings of a session do not work through it.
    /// Connect to the server directly, or through a pool in session mode.
    E718: "a connection pooler is in the way";
    /// What has no namespace in the schema is created in the first schema of the connection's search path that
    /// exists. None of them does, so there is no place for the tables, nor for the journal.
    ///
    /// The path is set for the role (`ALTER ROLE … SET search_path`), for the database, or in the URL. Create the
    /// schema, or name another one.
    E719: "no schema to work in";
    /// A hook says what must hold before or after it, and the database says otherwise. The transaction has been
    /// rolled back.
    ///
    /// Run the query of the expectation by hand to see what it counts, then mend the rows, the hook or the
    /// expectation.
    E720: "an expectation does not hold";
    /// `--single-transaction` asks for one transaction around all revisions, and one of them needs several, or a
    /// statement outside of any. Nothing was run.
    E721: "a revision can't share a transaction";
    /// The journal of the database names a revision that this project doesn't have: the database was brought forward
    /// by a newer checkout, or by another branch, or the file was removed. Nothing is run on such a database.
    ///
    /// Get the newest revisions from version control, or roll the revision back with the checkout that has it.
    E722: "the database has an unknown revision";
    /// The revision's content is not what was applied: its digest differs from the one in the journal. White space,
    /// comments and line ends don't count, so something in it means something else than before.
    ///
    /// Somebody edited the file, or planned the revision again with `plan --amend`, which is for revisions that no other
    /// database has.
    ///
    /// Restore the file from version control and write a new revision for the change: that suits every database. A database
    /// that may lose what the revision did can go back instead: `schemactl rollback` with the checkout that has the revision as
    /// it was applied, then `schemactl apply` with the new one. If both contents lead to the same database, `schemactl stamp`
    /// records the new digest.
    E723: "an applied revision was edited";
    /// The database has a revision but lacks one that it builds on: the journal was edited, or revisions were moved in
    /// the chain after they were applied. Find out what the database holds and stamp it.
    E724: "the database is off the chain";
    /// A statement that can't run in a transaction was begun, and the run ended before it could say how the statement
    /// ended. Where it changes an object of the schema the next `apply` finds out from the catalog; of this statement no
    /// catalog tells, and nothing is guessed.
    ///
    /// Look whether it happened. If it did, `schemactl stamp` the revision; if not, stamp the one before it and `apply`.
    E725: "a statement is in doubt";
    /// An earlier run in the other direction was interrupted between two of its transactions. It has to be finished
    /// before the database can go elsewhere.
    E726: "an earlier run is unfinished";
    /// A view, a constraint or another object uses what a revision changes or drops, and the schema does not know of
    /// it: somebody created it by hand. It is not dropped along, because nothing would bring it back. The message
    /// names it; everything was rolled back.
    ///
    /// Take it into the schema, as a `view` or as an `object` with its SQL: then it is dropped before the change and
    /// created again after it. Or drop it by hand and create it again when the revision has run.
    E727: "something unknown depends on it";
    /// The URL asks for an encrypted connection, and there is none to be had: the server doesn't offer TLS, or its
    /// certificate is not one that the URL accepts.
    ///
    /// Of PostgreSQL, `sslmode=prefer`, the default, encrypts where the server can; `require` refuses to go on without, and trusts any
    /// certificate; `verify-ca` wants one that an authority of the system, or of the file `sslrootcert=`, has signed;
    /// `verify-full` wants that it is issued for this host, too. For a certificate that the server has signed itself,
    /// name a copy of it with `sslrootcert=`; it must not be marked as an authority (`basicConstraints=CA:FALSE`).
    ///
    /// Of MySQL and MariaDB, `ssl-mode=preferred`, `required`, `verify_ca` and `verify_identity` say the same, and
    /// `ssl-ca=` names the file; who names one has it asked without saying so. `ssl-mode=disabled` does without.
    E728: "no secure connection";
    /// After each run the catalog of the database is read once, and what it says is kept in the table
    /// `schemactl_observed` beside the journal, so that changes by other hands can be told later. The run itself has
    /// ended well; only this could not be done, for the reason that the message gives.
    ///
    /// Until it is done, `drift` compares with what the revisions say. `schemactl drift --accept` does it.
    E729: "the database was not observed";
    /// SQLite has no ALTER for a change, so the table is made anew and its rows are copied. Before that, its columns
    /// and constraints are compared with those that the revisions made. They differ: somebody changed the table by hand,
    /// and going on would lose a column with its values or a constraint, or fail half-way. Nothing has been changed.
    ///
    /// Take the change into the schema, or undo it in the database.
    E731: "a table is not as the revisions left it";
    /// SQLite keeps a value of any type in any column and converts it when a row is written. Copying the rows of a
    /// table would have turned values into others (the text `007` into the number 7), or could not turn them into
    /// the new type. Nothing has been changed.
    ///
    /// Correct the values in a hook in front of the step, or choose another type for SQLite: `sqlite=text`.
    E732: "values would change with the type";
    /// After the rows of a table were copied there were more or fewer of them than before. Nothing has been changed:
    /// the transaction was rolled back. A trigger or an `ON CONFLICT` clause of the table may be the reason.
    E733: "rows were lost while a table was copied";
    /// Foreign keys are not enforced while a table is made anew or dropped, because SQLite would delete the rows that
    /// refer to it. So all of them are checked before and after, and rows refer to nothing that did not before.
    /// Nothing has been changed.
    ///
    /// In such a revision a hook that deletes rows has to delete those that refer to them as well: `ON DELETE CASCADE`
    /// does not act.
    E734: "rows refer to rows that are not there";
    /// An index, a view or a trigger that no revision created uses something that the new table no longer has. It
    /// would be lost or stop working, so nothing has been changed. Drop it, change it, or take it into the schema.
    E735: "an object that no revision created would break";
    /// A reference row goes: its insert is undone, or the schema's `data` has it no longer. It is deleted if it still is
    /// as the revisions wrote it, because then nothing is lost. Somebody has written other values to it since, so the run
    /// stopped; what it did has been rolled back.
    ///
    /// Put the values back, take them into the schema, or agree to lose them: `--allow-destructive` with the name of the
    /// row as the message has it.
    E736: "a reference row was changed";
    /// A reference row goes, and rows of another table refer to it through a foreign key that would delete or change
    /// them along with it (`on-delete=cascade`, `set-null` or `set-default`). No operation says that, so the run stopped;
    /// what it did has been rolled back.
    ///
    /// Let the rows refer to another one first, in a hook or by hand, or agree to lose them: `--allow-destructive` with
    /// the name of the reference row as the message has it.
    E737: "rows would go with a reference row";
    /// A statement that commits by itself was begun, and the run ended before it could say how the statement ended. So the
    /// catalog was asked: the objects that the statement touches are neither as they are before it nor as they are after
    /// it, so somebody else has changed them meanwhile. All three are shown; nothing has been run.
    ///
    /// Bring the objects to one of the two by hand. Then `schemactl apply` goes on, and `schemactl rollback` undoes what
    /// ran before. If the database has what the whole revision leads to, `schemactl stamp` records it.
    E738: "a statement left something else";
    /// A revision was begun and not ended, and parts of it have run. The journal keeps the digest of each part's SQL, and
    /// this run would have other SQL in its place: the program or the server is of another version, the part ran in
    /// another environment, or a script ran it that was written for another product. Counting on from there could leave
    /// statements out or repeat them, so nothing was run.
    ///
    /// Go on with the version of the program that began it, on the version of the server that it was, with the same `--env`.
    /// Where that can't be, bring the database by hand to what the revision leads to and `schemactl stamp` it, or to where it
    /// began and stamp the revision before.
    E739: "an unfinished revision runs as other statements";
    /// `prove` runs revisions on databases of its own, which it creates beside the one that the URL names and drops
    /// afterwards. The user of the connection may not create databases, or there is no room for one.
    ///
    /// On PostgreSQL `ALTER ROLE … CREATEDB` grants the right, on MySQL and MariaDB ``GRANT ALL ON `schemactl\_%`.* TO …``.
    /// A proof that was killed leaves databases named `schemactl_scratch_…`; they hold nothing but what it made and can be
    /// dropped.
    E740: "a scratch database can't be made";
    /// A revision failed on a scratch database: the statement that is shown was refused there, and would be on a real
    /// one.
    E741: "a revision fails";
    /// A database that a revision ran on does not look like one that was created at once in the state that the
    /// revision leads to. Later revisions rely on that state, so one of them would fail or miss something.
    ///
    /// The usual reason is SQL in a hook or an object that changes the schema without the state knowing it.
    E742: "a revision does not lead to its state";
    /// A database that a revision ran on, and was rolled back from, does not look as it did before. The usual reason is
    /// a hook or an object whose `down` does not take back what its `up` did.
    E743: "a rollback does not lead back";
    /// A state can't be created at once on an empty database, so there is nothing to compare with.
    E744: "a state can't be created";
    /// Rows that were in the database before a revision are different after its rollback, though no operation of the
    /// revision says that it loses data.
    E745: "rows are lost";
    /// To tell what a database has, its catalog is read: tables, types, functions and all else that it holds. Every user
    /// may read that unless rights were taken away, and what can't be seen would look as if it were missing.
    ///
    /// Let the user read what the message names, or connect as a role that may.
    E750: "part of the catalog can't be read";
    /// Servers that old lack statements that revisions need, and their catalogs lack what has to be known of a schema. Nothing
    /// is run on them, and nothing read.
    ///
    /// Bring the server to the version that the message names, or to a later one.
    E751: "the server is too old";
    /// Some products speak the protocol of MySQL and are something else: what they do with a statement, and what their
    /// catalogs say, is not known. Nothing is run on them.
    ///
    /// Connect to MySQL, or what is built from it, or to MariaDB.
    E752: "the server is another product";
    /// With `--idempotent` each part of a script runs only where it has not run. The clients of PostgreSQL, SQLite and
    /// MariaDB can do that with every statement; those of MySQL can't with routines, triggers and events, which the server
    /// doesn't prepare.
    ///
    /// Write the script for one place, `--from REVISION`.
    E753: "a part of a script can't run on a condition";
    /// With `explicit_defaults_for_timestamp` off, MariaDB gives a required `timestamp` that has no default one of its own: the
    /// first of a table sets itself whenever its row changes. Each session of ours turns it on, which no session can before
    /// MariaDB 10.6.9. Nothing is run there.
    ///
    /// Turn it on in the server's configuration, or update the server.
    E754: "the server gives columns what nobody wrote";
}
