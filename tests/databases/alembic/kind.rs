//! Kinds of objects that autogenerate knows in part or not at all.

use super::Bench;

#[test]
fn an_enum_comes_changes_goes_and_comes_again() {
    // The type is not created by `add_column`, stays behind after `drop_table`, and is in the way the next time.
    let tables = |values: &str, columns: &str| {
        let list = if values.is_empty() { String::new() } else { format!("enum mood {values}\n") };
        format!("{list}table t {{ column id int primary-key; {columns} }}")
    };
    for bench in Bench::each() {
        bench.reach(&tables("", ""), &[]);
        bench.execute("INSERT INTO t VALUES (1)");
        bench.there_and_back(&tables("sad ok", "column mood mood default=ok"), &[]);
        bench.there_and_back(&tables("sad ok happy", "column mood mood default=ok"), &[]);
        bench.execute("INSERT INTO t VALUES (2, 'happy')");
        bench.there_and_back(
            &tables("happy ok", "column mood mood default=ok"),
            &["--assume-unused", "mood.sad"],
        );
        bench.refuses("INSERT INTO t VALUES (3, 'sad')");
        assert_eq!(bench.rows("SELECT id, mood FROM t ORDER BY id"), ["1|ok", "2|happy"]);
        bench.there_and_back(&tables("", ""), &[]);
        if bench.is("postgres") {
            assert_eq!(bench.rows("SELECT count(*) FROM pg_type WHERE typname = 'mood'"), ["0"]);
        }
        bench.run(&["rollback", "base", "--allow-destructive", "all"]).ok();
        bench.run(&["apply", "--allow-destructive", "all"]).ok();
    }
}

#[test]
fn a_new_value_can_be_the_default_in_the_same_revision() {
    // A value that was added in a transaction can't be used in it.
    let schema = |values: &str, default: &str| {
        format!(
            "enum mood {values}\ntable t {{ column id int primary-key; column mood mood default={default} }}"
        )
    };
    for bench in Bench::each() {
        bench.reach(&schema("sad ok", "ok"), &[]);
        bench.execute("INSERT INTO t (id) VALUES (1)");
        bench.there_and_back(&schema("sad ok happy", "happy"), &[]);
        bench.execute("INSERT INTO t (id) VALUES (2)");
        assert_eq!(bench.rows("SELECT id, mood FROM t ORDER BY id"), ["1|ok", "2|happy"]);
    }
}

#[test]
fn a_view_and_a_trigger_come_and_go_with_what_they_rest_on() {
    // Neither is known; a view in the way ends the run.
    for bench in Bench::each() {
        let schema = |column: &str| {
            let body = if bench.is("sqlite") {
                "create \"CREATE TRIGGER touch AFTER INSERT ON t BEGIN UPDATE t SET seen = 1; END\"
                 drop \"DROP TRIGGER touch\""
            } else {
                "create \"CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.seen := 1; RETURN NEW; END'; \
                 CREATE TRIGGER touch BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION touch()\"
                 drop \"DROP TRIGGER touch ON t; DROP FUNCTION touch()\""
            };
            format!(
                "table t {{ column a {column}; column seen int default=0 }}
                 view v {{ as \"SELECT a FROM t\" }}
                 object touch {{ depends-on t; {body} }}"
            )
        };
        bench.reach(&schema("int"), &[]);
        bench.execute("INSERT INTO t (a) VALUES (1)");
        bench.there_and_back(&schema("bigint"), &[]);
        bench.execute("INSERT INTO t (a) VALUES (5000000000)");
        assert_eq!(bench.rows("SELECT a FROM v ORDER BY a"), ["1", "5000000000"]);
        assert_eq!(bench.rows("SELECT DISTINCT seen FROM t"), ["1"]);
    }
}

#[test]
#[cfg(feature = "postgres")]
fn an_identity_changes_comes_and_goes() {
    // The statements for its options and for dropping it fail.
    let bench = Bench::postgres();
    let schema = |identity: &str| format!("table t {{ column id int {identity}; column a int }}");
    let step = "SELECT identity_generation, identity_increment FROM information_schema.columns \
                WHERE table_name = 't' AND column_name = 'id'";
    bench.reach(&schema("identity"), &[]);
    bench.execute("INSERT INTO t (a) VALUES (1), (2)");
    bench.there_and_back(&schema("identity=always identity-increment=10"), &[]);
    assert_eq!(bench.rows(step), ["ALWAYS|10"]);
    bench.there_and_back(&schema(""), &[]);
    assert_eq!(bench.rows(step), ["NULL|NULL"]);
    bench.there_and_back(&schema("identity"), &[]);
    bench.execute("INSERT INTO t (a) VALUES (3)");
    assert_eq!(bench.rows("SELECT count(DISTINCT id) FROM t"), ["3"]);
}

#[test]
fn a_type_changes_with_the_default_it_has() {
    // The new type comes before the old default is gone, and a conversion that has to be named isn't.
    for bench in Bench::each() {
        bench.reach("table t { column id int primary-key; column a text default=\"0\" }", &[]);
        bench.execute("INSERT INTO t VALUES (1, '42')");
        bench.there_and_back("table t { column id int primary-key; column a int default=0 }", &[]);
        bench.execute("INSERT INTO t (id) VALUES (2)");
        assert_eq!(bench.rows("SELECT id, a + 1 FROM t ORDER BY id"), ["1|43", "2|1"]);
    }
}

#[test]
fn a_comment_changes_and_leaves_the_column_alone() {
    // On some databases a changed comment drops what else the column had.
    for bench in Bench::each() {
        let schema = |comment: &str| {
            format!(
                "table t {{ column id int primary-key; column a \"varchar(9)\" default=x comment=\"{comment}\" }}"
            )
        };
        bench.reach(&schema("one"), &[]);
        bench.there_and_back(&schema("two"), &[]);
        bench.execute("INSERT INTO t (id) VALUES (1)");
        assert_eq!(bench.rows("SELECT a FROM t"), ["x"]);
        bench.refuses("INSERT INTO t VALUES (2, NULL)");
        if bench.is("postgres") {
            assert_eq!(bench.rows("SELECT col_description('t'::regclass, 2)"), ["two"]);
        }
    }
}
