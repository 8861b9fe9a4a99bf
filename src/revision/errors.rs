//! The codes of revisions and their chain, each with the page that `schemactl explain` prints.

crate::codes! {
    /// The files in the folder of revisions are named `NNNN_slug.kdl`: four digits or more that say how deep in the
    /// chain the revision stands, then letters, digits, `_` or `-`. SQL that belongs to a hook stands beside them
    /// as `*.sql`. The name that the file gives itself, `revision "0003_split_name"`, is that of the file.
    ///
    /// Rename the file, or correct the name inside it. Children name their parents too.
    E410: "not a revision's name";

    /// A revision's file has two parts, in this order: `revision "0003_split_name" { … }` with where it comes from and
    /// where it leads to, and `ops { … }` with the steps. The second part may be empty, but not be left out.
    E411: "a revision lacks a part or has too many";

    /// One of the values in the head of a revision can't be read: the id is twelve hexadecimal digits, `from` and `to`
    /// are hashes of states (`s1:` and 64 hexadecimal digits), a parent's digest begins with `r1:`, and `created` is
    /// a time in UTC as in `2026-11-21T10:00:00Z`.
    ///
    /// Nobody needs to write these by hand: `schemactl new` and `schemactl plan` do. Restore the file from version
    /// control if it was damaged.
    E412: "an invalid value in the head of a revision";

    /// A hook has `up` and `down`, once each. Each of them is SQL, `(sql)"UPDATE …"`, which may differ by dialect with
    /// `(postgres)"…"` behind it; or `file="NAME.sql"`; or the word `nothing` when there is nothing to do. `down` may
    /// also be `irreversible reason="…"`. Checks are `before`, `expect` and `after`: a query with one value, and the
    /// value that it must have as `is=`.
    ///
    /// A hook that is not written yet keeps the text `-- unfilled` or lacks `up` or `down`; such a revision can't be
    /// applied.
    E413: "an invalid hook";

    /// A hook keeps its SQL in a file beside the revision, and that file is missing, can't be read, or is not UTF-8.
    /// The name must be that of a file in the same folder.
    ///
    /// Restore the file from version control, or write the SQL into the revision.
    E414: "a hook's file can't be read";

    /// A tag is a further name for a revision, so it must not look like something else: not `head`, `heads`, `base` or
    /// `current`, not a number or an id, not beginning with `+` or `-`, without spaces and slashes. No two revisions
    /// have the same tag.
    E415: "an invalid tag";

    /// Reference rows in a revision stand in `rows TABLE key=COLUMN { … }`, and each of them has a value for every
    /// column of the key. An `update` has the row as it was and as it becomes, with the same key in both.
    E416: "an invalid reference row";

    /// The kind of step is known, but not all of it is there: a `create-…`, `add-…` or `drop-…` holds the
    /// definition of what it creates or removes, an `alter-…` holds it as it was (`from`) and as it becomes (`to`), a
    /// `rename-…` holds both names.
    ///
    /// Steps carry all that they need in both directions. `schemactl plan --amend` writes them again from the schema.
    E417: "an incomplete step";

    /// The folder of revisions, or a file in it, can't be read.
    E419: "a revision can't be read";

    /// A revision names a parent that is not in the folder. Usually its file was deleted or renamed, or a branch was
    /// merged in part.
    ///
    /// Restore the file from version control. If the parent was renamed, write its new name into the child.
    E420: "a parent is missing";

    /// Two revisions have the same id. That happens when a file is copied, and when `plan --amend` or `rebase` is cut off
    /// between writing a revision in its new place and removing it from the old one: then the two are an old and a new
    /// version of one revision.
    ///
    /// Of two versions, remove the older one, or take the attempt back with version control and make it again. Of a copy,
    /// remove the copy: `schemactl new` and `schemactl plan` write revisions with ids of their own.
    E421: "two revisions have the same id";

    /// Following the parents of these revisions, and what they depend on, leads back to them, so none of them can be the
    /// first to run.
    E422: "revisions build on each other in a circle";

    /// More than one revision has no child, so there is no single state that the chain leads to. Two people have
    /// planned at the same time, on two branches.
    ///
    /// `schemactl merge` writes a revision that joins them; `schemactl rebase` puts one on top of the other. Name a
    /// revision instead of saying `head` where only one of them is meant, or say `heads` for all.
    E423: "the chain has several heads";

    /// A revision was changed after another one had been written on top of it. The child pins what its parent was, so
    /// that nobody applies something else than was reviewed and tested.
    ///
    /// Restore the file from version control (`git checkout -- FILE`), and put the change into a new revision. White space,
    /// comments and tags don't count; ops, hooks and the head of the file do.
    E424: "a revision was changed after another had built on it";

    /// The number in a revision's name is its depth in the chain: 1 for the first, one more than its deepest
    /// parent's for every other.
    ///
    /// Rename the file, its name inside, and the `parent` in its children.
    E425: "a revision's number is not its depth";

    /// A revision starts from another state than the one that its parent leads to, so running both in a row would not
    /// do what each of them says. The first revision starts from the empty state.
    ///
    /// Restore the files from version control. A head can be written again with `schemactl plan --amend`.
    E426: "a revision does not start where its parent ends";

    /// The steps of a revision are tried on the state that it starts from, and one of them doesn't fit: it would create
    /// what is there, or change what isn't as it says.
    ///
    /// Restore the file from version control. A head can be written again with `schemactl plan --amend`.
    E427: "a step does not fit the state before it";

    /// The steps of a revision fit, but lead to another state than its `to` says.
    ///
    /// Restore the file from version control. A head can be written again with `schemactl plan --amend`.
    E428: "the steps lead to another state than the revision says";

    /// Two branches changed the same thing in different ways, so there is no one state in which both are applied, and
    /// nothing in the chain says whose word counts.
    ///
    /// `schemactl merge` shows what they changed and takes a decision for each; `schemactl rebase` puts one branch on
    /// top of the other.
    E433: "branches that contradict each other";

    /// A hook's SQL uses a name that a revision on another branch has changed. Where both are applied the SQL would not
    /// find what it is about, and nobody but its author can say it in other words.
    ///
    /// Put the hook's revision on top of the other branch with `schemactl rebase`, and write the new name into the hook.
    E434: "a hook uses a name that another branch has changed";

    /// No revision goes by this name. Revisions are named by file (`0003_split_name`), number (`3`), id or a unique
    /// beginning of either (`b7c1`), tag, or by place: `head`, `base`, `+2` and `-1` from where the database is, `REV+1`
    /// and `REV-1` from another revision.
    ///
    /// `schemactl log` lists them.
    E430: "an unknown revision";

    /// Several revisions go by this name or stand at this place.
    ///
    /// Give more of the name, or the id.
    E431: "an ambiguous revision";

    /// Counting so many revisions leads beyond the end or the beginning of the chain.
    E432: "a place outside of the chain";

    /// The file of a new revision can't be written, or a file of this name exists already.
    E435: "a revision can't be written";

    /// Only a head can be written again: what a child has pinned stays as it is.
    ///
    /// Put the change into a new revision.
    E436: "a revision that others build on can't be amended";

    /// The revision was planned again, and the step that this hook stood behind or before is gone. The hook is kept
    /// at the nearest place that keeps the hooks in their order.
    ///
    /// Look at the revision, and move the hook to where its SQL fits.
    E437: "a hook lost its place";

    /// Tags and labels are further names for revisions and for branches, written into the revisions' files. None of them
    /// has this one.
    ///
    /// `schemactl tag` and `schemactl label` list all; `schemactl tag NAME REVISION` makes one.
    E438: "no such tag or label";

    /// Revisions become one where nothing leads into them but at their beginning, and nothing out of them but at their end:
    /// branches within the range part behind its beginning and are joined before its end.
    ///
    /// Name a range that has its branches whole, or lies within one: `schemactl squash FROM..TO`. Heads are joined with
    /// `schemactl merge` before.
    E440: "a branch leads into the range or out of it";

    /// A hook that was to be left out is not in the range: probably its name is misspelled. Hooks are named as they are
    /// in their revision, or with it, `0003_split_name/fill`; `all` is all of them.
    E441: "no such hook";

    /// The steps that many revisions come to were tried on the state that they start from, and do not lead where the
    /// many lead. Nothing was written. Either a revision is damaged, which `schemactl verify` tells, or this is a fault of
    /// the program.
    E442: "a squashed revision doesn't hold";

    /// A checkpoint makes at once what the revisions up to one of them make. This one is of a revision that was changed since,
    /// or its own steps were. New databases run the revisions instead; one that began with it needs it as it was.
    ///
    /// Write it again with `schemactl checkpoint`, or restore the file from version control.
    E443: "a checkpoint doesn't fit the chain";

    /// A label names the branch that begins with a revision, `billing@head` is where that branch has come to. So it must
    /// not look like something else: not `head`, `heads`, `base` or `current`, not a number, an id or a revision's name,
    /// without spaces, slashes and `@`; and nothing else may go by it: no tag, no other label, no other revision's slug.
    ///
    /// `schemactl label` lists the labels; `schemactl label NAME REVISION` gives one, `--delete NAME` takes one away.
    E444: "an invalid label";

    /// A revision depends on another one, which must have run before it, and that is not in the folder. Usually its file
    /// was deleted, or a branch was merged in part. A dependency is known by its id, whatever its file is called by now.
    ///
    /// Restore the file from version control, or take `depends-on` out of the revision if no database has it.
    E445: "a dependency is missing";

    /// A squashed revision stands in place of others, and one of those is still in the folder, so the chain would have it
    /// twice. Either `squash` was cut off while it removed the old files, or a merge of branches brought one of them back.
    ///
    /// `squash` puts copies of the old revisions into `revisions/replaced` before it writes the new one. If they are there,
    /// remove the old files. To take the squash back instead, remove the file of the new revision.
    E446: "a revision and another in its place are both there";

    /// `squash` looks at the chain that it would leave before it writes anything, and this one would not hold: its name is
    /// taken, something builds on a revision in a way that the new one can't stand in for, or a tag names a place that would
    /// be none any more. A tag of the last revision in the range goes over to the new one.
    ///
    /// The message says what is in the way. Choose another message with `-m`, or another range; move a tag with
    /// `schemactl tag NAME REVISION --move`, or delete it.
    E447: "a squashed revision doesn't fit the chain";
}
