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
}
