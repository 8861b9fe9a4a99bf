//! Every kind of operation: there and back, with rows in the tables. A kind that no case is about fails the tests. What
//! becomes of each when a run is cut off is in `faults/alone/kind.rs`.

pub mod cases;

use std::collections::BTreeSet;

use schemactl::change::{Edit, Op, RowEdit, Step, TableEdit};
use schemactl::dialect::{Dialect, mysql::Mysql};
use schemactl::diff::diff;
use schemactl::plan::Direction;

use super::trial::{Rows, Trial, read};
use crate::stage::{Stage, differences, script};
use crate::support::sql;
use cases::{CASES, Case};

macro_rules! kinds {
    ($($words:literal: $pattern:pat,)*) => {
        /// Every kind of operation in words.
        const KINDS: &[&str] = &[$($words),*];

        /// The kind of an operation.
        fn kind(op: &Op) -> &'static str {
            match op {
                $($pattern => $words,)*
            }
        }
    };
}

kinds! {
    "namespace created": Op::Namespace(Edit::Create(_)),
    "namespace dropped": Op::Namespace(Edit::Drop(_)),
    "namespace altered": Op::Namespace(Edit::Alter { .. }),
    "namespace renamed": Op::Namespace(Edit::Rename { .. }),
    "enum created": Op::Enum(Edit::Create(_)),
    "enum dropped": Op::Enum(Edit::Drop(_)),
    "enum altered": Op::Enum(Edit::Alter { .. }),
    "enum renamed": Op::Enum(Edit::Rename { .. }),
    "enum value renamed": Op::EnumValue { .. },
    "table created": Op::Table(TableEdit::Create(_)),
    "table dropped": Op::Table(TableEdit::Drop(_)),
    "table altered": Op::Table(TableEdit::Alter { .. }),
    "table renamed": Op::Table(TableEdit::Rename { .. }),
    "column created": Op::Column { edit: Edit::Create(_), .. },
    "column dropped": Op::Column { edit: Edit::Drop(_), .. },
    "column altered": Op::Column { edit: Edit::Alter { .. }, .. },
    "column renamed": Op::Column { edit: Edit::Rename { .. }, .. },
    "primary key created": Op::PrimaryKey { edit: Edit::Create(_), .. },
    "primary key dropped": Op::PrimaryKey { edit: Edit::Drop(_), .. },
    "primary key altered": Op::PrimaryKey { edit: Edit::Alter { .. }, .. },
    "primary key renamed": Op::PrimaryKey { edit: Edit::Rename { .. }, .. },
    "unique created": Op::Unique { edit: Edit::Create(_), .. },
    "unique dropped": Op::Unique { edit: Edit::Drop(_), .. },
    "unique altered": Op::Unique { edit: Edit::Alter { .. }, .. },
    "unique renamed": Op::Unique { edit: Edit::Rename { .. }, .. },
    "foreign key created": Op::ForeignKey { edit: Edit::Create(_), .. },
    "foreign key dropped": Op::ForeignKey { edit: Edit::Drop(_), .. },
    "foreign key altered": Op::ForeignKey { edit: Edit::Alter { .. }, .. },
    "foreign key renamed": Op::ForeignKey { edit: Edit::Rename { .. }, .. },
    "check created": Op::Check { edit: Edit::Create(_), .. },
    "check dropped": Op::Check { edit: Edit::Drop(_), .. },
    "check altered": Op::Check { edit: Edit::Alter { .. }, .. },
    "check renamed": Op::Check { edit: Edit::Rename { .. }, .. },
    "index created": Op::Index { edit: Edit::Create(_), .. },
    "index dropped": Op::Index { edit: Edit::Drop(_), .. },
    "index altered": Op::Index { edit: Edit::Alter { .. }, .. },
    "index renamed": Op::Index { edit: Edit::Rename { .. }, .. },
    "view created": Op::View(Edit::Create(_)),
    "view dropped": Op::View(Edit::Drop(_)),
    "view altered": Op::View(Edit::Alter { .. }),
    "view renamed": Op::View(Edit::Rename { .. }),
    "object created": Op::Object(Edit::Create(_)),
    "object dropped": Op::Object(Edit::Drop(_)),
    "object altered": Op::Object(Edit::Alter { .. }),
    "object renamed": Op::Object(Edit::Rename { .. }),
    "row inserted": Op::Row { edit: RowEdit::Insert(_), .. },
    "row deleted": Op::Row { edit: RowEdit::Delete(_), .. },
    "row updated": Op::Row { edit: RowEdit::Update { .. }, .. },
}

/// What a case does, one way and the other.
fn kinds_of(case: &Case) -> BTreeSet<&'static str> {
    let (before, after) = (read(case.before), read(case.after));
    let ops = diff(&before.state, &after.state, &after.renames).unwrap();
    ops.iter().flat_map(|op| [kind(op), kind(&op.clone().inverse())]).collect()
}

#[test]
fn every_kind_has_a_case() {
    let tried: BTreeSet<&str> = CASES.iter().flat_map(kinds_of).collect();
    let missing: Vec<&&str> = KINDS.iter().filter(|kind| !tried.contains(**kind)).collect();
    // A namespace is a database here, and the files that speak of one are refused.
    let namespaces = ["namespace created", "namespace dropped", "namespace altered", "namespace renamed"];
    assert_eq!(missing, namespaces.iter().collect::<Vec<_>>());
    let codes: Vec<_> =
        Mysql.check(&read("schema s { }").state).iter().map(|problem| problem.code.id).collect();
    assert_eq!(codes, ["E561"]);
}

#[test]
fn every_kind_goes_there_and_back_with_rows() {
    for case in CASES {
        Trial::new("kind").change(case.before, case.rows, case.after, Rows::Kept);
    }
}

/// The statements are the matter above; here it is what the journal's runner and inspection make of them.
#[test]
fn every_kind_is_inspected_as_what_was_created_anew() {
    let (mut stage, mut fresh) = (Stage::mysql(), Stage::mysql());
    for Case { name, before, rows, after } in CASES {
        let (before, after) = (read(before), read(after));
        let ops = diff(&before.state, &after.state, &after.renames).unwrap();
        let steps: Vec<Step> = ops.into_iter().map(Step::Op).collect();
        stage.create(&before.state).unwrap_or_else(|refused| panic!("{name}: {refused}"));
        sql::execute(stage.url(), rows);
        for (start, end, direction) in
            [(&before.state, &after.state, Direction::Up), (&after.state, &before.state, Direction::Down)]
        {
            let sql = script(&stage.lower(&steps, start, direction).unwrap());
            stage.run(&steps, start, direction).unwrap_or_else(|refused| panic!("{name}: {refused}"));
            fresh.create(end).unwrap_or_else(|refused| panic!("{name}: {refused}"));
            let (found, wanted) = (stage.inspect(), fresh.inspect());
            let ops = diff(&wanted.state, &found.state, &[]).unwrap();
            let ops: Vec<String> = ops.iter().map(|op| op.describe().to_string()).collect();
            assert!(ops.is_empty(), "{name} {direction:?}: {ops:#?}\nafter\n{sql}");
            assert_eq!(found.unmanaged.len(), wanted.unmanaged.len(), "{name} {direction:?}");
            let differences = differences(&fresh.catalog(), &stage.catalog());
            assert!(differences.is_empty(), "{name} {direction:?}:\n{differences}after\n{sql}");
        }
    }
}

#[test]
fn a_column_keeps_all_that_is_not_changed_of_it() {
    // MODIFY takes away what it does not say.
    let table = |ty: &str, default: i32| {
        format!(
            "table t {{\n column id bigint identity primary-key\n \
             column a \"{ty} unsigned\" default={default} comment=\"how many\" {{ (mysql)options invisible=#true; }}\n \
             column b \"varchar(20)\" default=x comment=\"b\" {{ (mysql)options charset=latin1; }}\n \
             column c \"timestamp(0)\" default=(sql)\"CURRENT_TIMESTAMP\" comment=\"when\" {{ (mysql)options on-update=(sql)\"CURRENT_TIMESTAMP\"; }}\n \
             column d int comment=\"twice\" {{ generated (sql)\"a * 2\"; }}\n}}\n"
        )
    };
    let sql = Trial::new("keeps").change(
        &table("int", 1),
        "INSERT INTO t (a, b, c) VALUES (4000000, 'x', '2026-01-02 03:04:05')",
        &table("bigint", 2)
            .replace("varchar(20)", "varchar(30)")
            .replace("comment=\"when\"", "comment=\"at\""),
        Rows::Kept,
    );
    for kept in
        ["unsigned", "NOT NULL", "COMMENT 'how many'", "INVISIBLE", "latin1", "ON UPDATE", "DEFAULT 2"]
    {
        assert!(sql.contains(kept), "{kept} in {sql}");
    }
}

#[test]
fn changes_of_a_table_share_a_statement_if_they_go_the_same_way() {
    let sql = Trial::new("ways").change(
        "table t {\n column id bigint identity primary-key\n column a int\n column b int\n column c \"varchar(20)\"\n}\n",
        "INSERT INTO t (a, b, c) VALUES (1, 2, 'x'), (3, 4, 'y')",
        "table t {\n column id bigint identity primary-key\n column a bigint\n column b bigint\n \
         column c \"varchar(20)\"\n column d int default=1\n column e int default=2\n index a\n index c\n}\n",
        Rows::Kept,
    );
    let statements: Vec<&str> = sql.split(";\n").filter(|sql| !sql.is_empty()).collect();
    let [instant, copy, beside] = statements.as_slice() else { panic!("{sql}") };
    assert!(instant.contains("`d`") && instant.contains("`e`") && instant.contains("LOCK=NONE"), "{instant}");
    assert!(copy.contains("`a` bigint") && copy.contains("`b` bigint"), "{copy}");
    assert!(copy.contains("ALGORITHM=COPY") && copy.contains("LOCK=SHARED"), "{copy}");
    assert!(beside.matches("ADD KEY").count() == 2 && beside.contains("LOCK=NONE"), "{beside}");
    assert_eq!(sql.matches("ALGORITHM=COPY").count(), 1, "{sql}");
}
