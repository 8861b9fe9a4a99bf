//! The generator under test: its schemas are various enough to be worth anything.

use std::collections::{BTreeMap, BTreeSet};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use schemactl::diff::diff;

use crate::strategies::{Pair, Profile, cases, pair, state};

fn samples<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::new(cases(1));
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("nothing is filtered out").current()).collect()
}

/// Every attribute of the model takes a value that isn't its plainest one.
#[test]
fn states_are_various() {
    let text = format!("{:?}", samples(&state(Profile::Any), 300));
    let attributes = [
        "namespace: Some(",
        "EnumType {",
        "only: Some(",
        "comment: Some(",
        "options: {DialectName(",
        "nullable: true",
        "Native(",
        "Array(",
        "Enum(",
        "overrides: {DialectName(",
        "common: Some(Null)",
        "Some(Bool(",
        "Some(Number(",
        "Some(Text(",
        "Some(Sql(",
        "storage: Stored",
        "storage: Virtual",
        "mode: Always",
        "mode: ByDefault",
        "start: Some(",
        "increment: Some(",
        "collation: PerDialect { common: Some(",
        "primary_key: Some(",
        "nulls_not_distinct: true",
        "deferrable: Immediate",
        "deferrable: Deferred",
        "on_delete: Cascade",
        "on_delete: SetNull",
        "on_update: SetDefault",
        "on_update: Restrict",
        "Check {",
        "Expression(",
        "order: Descending",
        "nulls: Some(First)",
        "nulls: Some(Last)",
        "operator_class: Some(",
        "unique: true",
        "predicate: Some(",
        "include: [\"",
        "method: Some(",
        "View {",
        "RawObject {",
        "DataSet {",
    ];
    let missing: Vec<&str> = attributes.into_iter().filter(|attribute| !text.contains(attribute)).collect();
    assert_eq!(missing, [""; 0]);
}

/// Every kind of operation comes up, in each of its forms.
#[test]
fn edits_are_various() {
    let mut found: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for Pair { from, to, renames } in samples(&pair(Profile::Any), 600) {
        for op in diff(&from, &to, &renames).expect("every pair has operations") {
            let text = format!("{op:?}");
            let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
            let kind = words.next().unwrap_or_default().to_owned();
            let forms = ["Create", "Drop", "Alter", "Rename", "Insert", "Delete", "Update"];
            let form = words.find_map(|word| forms.into_iter().find(|form| *form == word));
            found.entry(kind).or_default().extend(form);
        }
    }
    let lines: Vec<String> = found.iter().map(|(kind, forms)| format!("{kind}: {forms:?}\n")).collect();
    insta::assert_snapshot!(lines.concat(), @r#"
    Check: {"Alter", "Create", "Drop", "Rename"}
    Column: {"Alter", "Create", "Drop", "Rename"}
    Enum: {"Alter", "Create", "Drop", "Rename"}
    EnumValue: {}
    ForeignKey: {"Alter", "Create", "Drop", "Rename"}
    Index: {"Alter", "Create", "Drop", "Rename"}
    Namespace: {"Alter", "Create", "Drop", "Rename"}
    Object: {"Alter", "Create", "Drop", "Rename"}
    PrimaryKey: {"Alter", "Create", "Drop", "Rename"}
    Row: {"Delete", "Insert", "Update"}
    Table: {"Alter", "Create", "Drop", "Rename"}
    Unique: {"Alter", "Create", "Drop", "Rename"}
    View: {"Alter", "Create", "Drop", "Rename"}
    "#);
}
