//! The canonical text of a state is the state, and the same whatever order things were declared in.

use proptest::prelude::*;
use schemactl::diagnostic::{SourceId, Sources};
use schemactl::dialect::find;
use schemactl::document;
use schemactl::hash::StateHash;
use schemactl::model::{Collection, Named, Naming, State, validate};
use schemactl::name::{DialectName, Name};
use schemactl::syntax::{Printer, Split, parse, parse_canonical, print, print_files};

use crate::strategies::{Pair, Profile, cases, pair, state};

fn backwards<T: Named + Clone>(items: &Collection<T>) -> Collection<T> {
    items.iter().rev().cloned().collect()
}

/// The state with everything declared the other way round.
fn turned(state: &State) -> State {
    let State { namespaces, enums, tables, views, objects, data } = state;
    let mut turned = State {
        namespaces: backwards(namespaces),
        enums: backwards(enums),
        tables: backwards(tables),
        views: backwards(views),
        objects: backwards(objects),
        data: backwards(data),
    };
    for table in turned.tables.iter_mut() {
        table.columns = backwards(&table.columns);
        table.uniques = backwards(&table.uniques);
        table.foreign_keys = backwards(&table.foreign_keys);
        table.checks = backwards(&table.checks);
        table.indexes = backwards(&table.indexes);
    }
    turned
}

/// What the dialect says against a state that was generated for it.
fn refusals(state: &State, name: &str) -> Vec<String> {
    let name = DialectName::new(Name::new(name).expect("a dialect has a name"));
    let dialect = find(&name).expect("all dialects are built for tests");
    dialect.check(&state.for_dialect(&name)).iter().map(ToString::to_string).collect()
}

/// Every dialect that a generated state names.
fn dialects() -> [DialectName; 3] {
    ["mysql", "postgres", "sqlite"].map(|name| DialectName::new(Name::new(name).unwrap()))
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn what_is_printed_is_read_as_the_same_state(state in state(Profile::Any)) {
        let text = print(&state);
        let mut sources = Sources::default();
        let file = sources.add("state.kdl", text.as_str());
        let (read, problems) = parse_canonical(&sources, file);
        prop_assert_eq!(read.as_ref(), Some(&state), "{:?}\n{}", problems, text);
    }

    #[test]
    fn a_state_is_printed_alike_whatever_was_printed_before(Pair { from, to, .. } in pair(Profile::Any)) {
        let mut printer = Printer::default();
        for state in [&from, &to, &from, &State::default(), &to] {
            prop_assert_eq!(printer.print(state), print(state));
        }
    }

    #[test]
    fn what_is_printed_can_be_a_schema(state in state(Profile::Any)) {
        // A generated row may lack what its table needs, which a schema can't.
        let problems = validate(&state, Naming::Common);
        prop_assert!(problems.iter().all(|problem| problem.code.id == "E214"), "{:#?}", problems);
        let state = if problems.is_empty() { state } else { State { data: Collection::new(), ..state } };
        let text = print(&state);
        let mut sources = Sources::default();
        let file = sources.add("schema.kdl", text.as_str());
        let (parsed, problems) = parse(&sources, &[file], &dialects());
        prop_assert_eq!(parsed.as_ref().map(|parsed| &parsed.state), Some(&state), "{:?}\n{}", problems, text);
    }

    #[test]
    fn what_is_written_for_people_is_the_same_schema(state in state(Profile::Any)) {
        let state = if validate(&state, Naming::Common).is_empty() { state } else { State { data: Collection::new(), ..state } };
        for split in [Split::One, Split::PerTable, Split::PerSchema] {
            let mut sources = Sources::default();
            let files: Vec<SourceId> = print_files(&state, split)
                .into_iter()
                .map(|(path, text)| sources.add(path, text))
                .collect();
            for file in &files {
                let text = &sources.get(*file).text;
                let laid_out = document::format::fmt(*file, text);
                prop_assert_eq!(laid_out.as_deref(), Ok(&**text));
            }
            let (parsed, problems) = parse(&sources, &files, &dialects());
            let read = parsed.map(|parsed| parsed.state);
            let texts = || files.iter().map(|file| &*sources.get(*file).text).collect::<Vec<_>>().join("----\n");
            prop_assert_eq!(read.as_ref(), Some(&state), "{:?}\n{}", problems, texts());
            for (name, table) in read.iter().flat_map(|state| &state.tables).map(|table| (&table.name, table)) {
                let columns = state.tables.get(name).map(|table| table.columns.keys().collect::<Vec<_>>());
                prop_assert_eq!(Some(table.columns.keys().collect::<Vec<_>>()), columns);
            }
        }
    }

    #[test]
    fn layout_comments_and_files_change_nothing(state in state(Profile::Any), turn in any::<prop::sample::Index>()) {
        let state = if validate(&state, Naming::Common).is_empty() { state } else { State { data: Collection::new(), ..state } };
        let text = print(&state);
        let (document, problems) = document::read(SourceId(0), &text);
        prop_assert!(problems.is_empty(), "{:?}", problems);
        let mut nodes: Vec<&str> = document.nodes.iter().map(|node| &text[node.span.range()]).collect();
        if !nodes.is_empty() {
            let middle = turn.index(nodes.len());
            nodes.rotate_left(middle);
        }
        let mut files = [String::new(), String::new()];
        for (at, node) in nodes.iter().enumerate() {
            files[at % 2] += &format!("\r\n// why\n\n\n  {node} // and so on\n/-nothing {{ at all }}\n");
        }
        let mut sources = Sources::default();
        let ids = files.map(|file| sources.add("part.kdl", file));
        let (parsed, problems) = parse(&sources, &ids, &dialects());
        let read = parsed.map(|parsed| print(&parsed.state));
        prop_assert_eq!(read.as_deref().map(StateHash::of), Some(StateHash::of(&text)), "{:?}\n{}", problems, text);
    }

    #[test]
    fn the_order_of_declarations_changes_nothing(state in state(Profile::Any)) {
        let (text, turned) = (print(&state), print(&turned(&state)));
        prop_assert_eq!(StateHash::of(&text), StateHash::of(&turned), "{}\n{}", text, turned);
    }

    #[test]
    fn sqlite_can_have_what_is_generated_for_it(state in state(Profile::Sqlite)) {
        prop_assert_eq!(refusals(&state, "sqlite"), Vec::<String>::new());
    }

    #[test]
    fn postgres_can_have_what_is_generated_for_it(state in state(Profile::Postgres)) {
        prop_assert_eq!(refusals(&state, "postgres"), Vec::<String>::new());
    }
}
