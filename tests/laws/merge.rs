//! Two changed copies of a state become one, whichever comes first.

use proptest::prelude::*;
use schemactl::diagnostic::Sources;
use schemactl::diff::merge::{carry, merge};
use schemactl::syntax::{Care, parse, print_readable, rewrite};

use crate::strategies::build::dialect;
use crate::strategies::{Pair, Profile, cases, pair, state};

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn what_one_side_changed_is_taken(Pair { from, to, renames: _ } in pair(Profile::Any)) {
        prop_assert_eq!(merge(&from, &to, &from), Ok(to.clone()));
        prop_assert_eq!(merge(&from, &from, &to), Ok(to.clone()));
        prop_assert_eq!(merge(&from, &to, &to), Ok(to.clone()));
    }

    #[test]
    fn sides_can_be_swapped(
        Pair { from, to, renames: _ } in pair(Profile::Any),
        other in state(Profile::Any),
    ) {
        match (merge(&from, &to, &other), merge(&from, &other, &to)) {
            (Ok(one), Ok(two)) => prop_assert_eq!(one, two),
            (Err(one), Err(two)) => prop_assert_eq!(one.len(), two.len()),
            (one, two) => prop_assert!(false, "{one:?}\n{two:?}"),
        }
    }

    /// Files that declare one state are edited so that they declare another one.
    #[test]
    fn files_are_edited_to_another_state(Pair { from, to, renames: _ } in pair(Profile::Any)) {
        let dialects = ["postgres", "sqlite"].map(dialect);
        let read = |text: &str| {
            let mut sources = Sources::default();
            let file = sources.add("schema.kdl", text);
            let (parsed, said) = parse(&sources, &[file], &dialects);
            (sources, file, parsed, said)
        };
        let (sources, file, parsed, _) = read(&print_readable(&from));
        let Some(parsed) = parsed else { return Ok(()) };
        let mut last = String::new();
        for care in [Care::Entries, Care::Nodes] {
            let edited = rewrite(&sources, &[file], &parsed, &to, care).unwrap();
            let text = edited.edited.get(&file).cloned().unwrap_or_else(|| print_readable(&from));
            let added: String = edited.added.into_values().collect();
            let (_, _, parsed, said) = read(&(text.clone() + &added));
            if parsed.is_some_and(|parsed| parsed.state == to) {
                return Ok(());
            }
            last = format!("{care:?}\n{text}{added}\n{said:#?}");
        }
        prop_assert!(false, "{}\nbecame\n{last}\nnot\n{}", print_readable(&from), print_readable(&to));
    }

    /// A database that is in the words of the schema: what happens to it happens to the schema.
    #[test]
    fn what_happened_is_carried_over(Pair { from, to, renames: _ } in pair(Profile::Postgres)) {
        let dialect = dialect("postgres");
        let (before, mut after) = (from.for_dialect(&dialect), to.for_dialect(&dialect));
        // Rows are no part of what is read from a database.
        after.data = before.data.clone();
        let mut carried = carry(&before, &after, &before, &dialect, std::slice::from_ref(&dialect));
        carried.data = after.data.clone();
        prop_assert_eq!(carried, after);
    }
}
