//! What somebody created by hand: nothing of it is dropped along, and it is named.

use super::Shop;

const BEFORE: &str = r#"
enum mood sad glad
table users { column id int primary-key; column name text; column mood mood; column age int default=0 }
"#;

/// Applies a change over an object that the schema doesn't know; it is refused, and everything is as it was.
fn refused(name: &str, by_hand: &str, (after, answers): (&str, &[&str]), named: &[&str]) {
    let shop = Shop::new(name, BEFORE);
    shop.plan(BEFORE, &[]).apply();
    shop.session().execute("INSERT INTO users VALUES (1, 'a', 'sad')");
    shop.session().execute(by_hand);
    shop.plan(after, answers);
    let output = shop.run(&["apply", "--allow-destructive", "all", "--allow-drift"]);
    assert!(output.stderr.contains("error[E727]"), "{output}");
    assert!(output.stderr.contains("the database is as it was"), "{output}");
    assert!(!output.stderr.contains("CASCADE"), "{output}");
    for part in named {
        assert!(output.stderr.contains(part), "{part}: {output}");
    }
    assert_eq!(output.code, Some(1), "{output}");
    assert_eq!(shop.session().rows("SELECT id, name, mood, age FROM users"), ["1|a|sad|0"]);
}

#[test]
fn a_view_over_a_column_that_goes() {
    let after = BEFORE.replace("column name text; ", "");
    refused(
        "by_hand_drop",
        "CREATE VIEW names AS SELECT name FROM users",
        (&after, &[]),
        &["view names", "column name"],
    );
}

#[test]
fn a_view_over_a_column_that_gets_another_type() {
    let after = BEFORE.replace("age int", "age bigint");
    refused(
        "by_hand_type",
        "CREATE VIEW ages AS SELECT age FROM users",
        (&after, &[]),
        &["view ages", "column \"age\""],
    );
}

#[test]
fn a_table_over_a_table_that_goes() {
    let by_hand = "CREATE TABLE notes (user_id int CONSTRAINT notes_user REFERENCES users)";
    refused("by_hand_table", by_hand, ("enum mood sad glad", &[]), &["constraint notes_user on table notes"]);
}

#[test]
fn a_column_of_an_enum_that_loses_a_value() {
    let after = BEFORE.replace("sad glad", "sad");
    refused(
        "by_hand_enum",
        "CREATE TABLE log (mood mood)",
        (&after, &["--assume-unused", "mood.glad"]),
        &["column mood of table log"],
    );
}

/// PostgreSQL drops these along with the column, and would not say so.
#[test]
fn an_index_a_check_and_statistics_over_a_column_that_goes() {
    let after = BEFORE.replace("column name text; ", "");
    let by_hand = "CREATE INDEX by_hand ON users (age, name); \
                   ALTER TABLE users ADD CONSTRAINT named CHECK (name <> ''); \
                   CREATE STATISTICS counted ON age, name FROM users";
    let named = ["index by_hand", "constraint named on table users", "statistics object counted"];
    refused("by_hand_index", by_hand, (&after, &[]), &named);
}

/// What changed on the table itself since the last run is told before the database is asked, with a look at it.
#[test]
fn what_was_added_to_a_table_that_changes_is_in_the_way() {
    let shop = Shop::new("by_hand_guard", BEFORE);
    shop.plan(BEFORE, &[]).apply();
    shop.session().execute("CREATE INDEX by_hand ON users (age, name)");
    shop.plan(&BEFORE.replace("column name text; ", ""), &[]);
    let words = shop.run(&["apply", "--allow-destructive", "all"]).fails(4);
    assert!(words.contains("error[E850]") && words.contains("by_hand"), "{words}");
    assert!(words.contains("`schemactl drift --url URL`") && words.contains("--allow-drift"), "{words}");
}

#[test]
fn what_revisions_created_goes_with_its_column() {
    let before = r#"
table parents { column id int primary-key }
table t {
    column id int primary-key
    column gone int identity unique
    column parent int references=parents.id
    column doubled int generated=(sql)"gone * 2"
    check "gone > 0"
    index gone id
    index doubled
}
object by_hand {
    create (sql)"CREATE INDEX raw ON t (gone)"
    drop (sql)"DROP INDEX raw"
    depends-on t
}
"#;
    let after = "table parents { column id int primary-key }\ntable t { column id int primary-key }";
    let shop = Shop::new("known", before);
    shop.plan(before, &[]).apply().plan(after, &["--no-renames"]).apply();
    shop.run(&["rollback", "--allow-destructive", "all"]).ok();
    shop.apply();
}

#[test]
fn tables_in_a_schema_that_goes() {
    let before = "schema billing { table invoices { column id int primary-key } }";
    let shop = Shop::new("by_hand_schema", before);
    shop.plan(before, &[]).apply();
    shop.session().execute("CREATE TABLE billing.notes AS SELECT 1 AS a");
    let output = shop.run(&["rollback", "--allow-destructive", "all"]);
    assert!(output.stderr.contains("table billing.notes depends on schema billing"), "{output}");
    assert_eq!(shop.session().rows("SELECT a FROM billing.notes"), ["1"]);
    assert_eq!(output.code, Some(1), "{output}");
}
