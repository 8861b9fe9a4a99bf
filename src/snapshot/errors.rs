//! The codes of snapshots, each with the page that `schemactl explain` prints.

crate::codes! {
    /// A snapshot's file is named by the hash of its content, so a file that was edited, cut short or merged by hand no
    /// longer is what its name says. Nothing is lost: the revisions lead to every state, so a snapshot can be made
    /// anew at any time.
    ///
    /// Delete the file; nothing else needs it. `schemactl verify` writes that of a head again. Change the schema in the
    /// schema's own files.
    E401: "a snapshot is not what its name says";

    /// The file is what its name says, but this version of schemactl can't understand it: it was written by another
    /// one.
    ///
    /// Update schemactl, or delete the file; nothing else needs it. `schemactl verify` writes that of a head again.
    E402: "a snapshot can't be understood";

    /// The folder of snapshots or a file in it can't be read or written.
    E403: "a snapshot can't be read or written";

    /// The folder of snapshots holds a KDL file that isn't named `s1-` and sixteen hexadecimal digits.
    ///
    /// Move it to where it belongs. Schemas that people write live in the folder of the schema.
    E404: "not a snapshot's name";

    /// The state that the head of the chain leads to has no snapshot. `plan` writes one along with the revision, so it was
    /// not committed, or was deleted. Nothing is lost: the revisions lead to every state, and what needs the state replays
    /// them.
    ///
    /// Run `schemactl verify`, which writes it, and commit the file.
    E405: "a snapshot is missing";
}
