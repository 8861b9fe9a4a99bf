//! The SQL of operations for both products, and what neither can have.

use super::Mysql;
use crate::change::Earlier;
use crate::diagnostic::Sources;
use crate::dialect::{Action, Batch, Dialect, Product, Transaction, Version};
use crate::diff::diff;
use crate::model::State;
use crate::syntax::{Parsed, parse};

mod version;

const MYSQL: Version = Product::MySql.version(9, 7, 0);
const MARIADB: Version = Product::MariaDb.version(10, 11, 0);

fn read(text: &str) -> Parsed {
    let mut sources = Sources::default();
    let file = sources.add("schema.kdl", text);
    let (parsed, problems) = parse(&sources, &[file], &[Mysql.name()]);
    let parsed = parsed.unwrap_or_else(|| panic!("{problems:#?}"));
    Parsed { state: parsed.state.for_dialect(&Mysql.name()), ..parsed }
}

/// The statements from one schema to another; those that share a transaction have a mark.
fn sql(before: &str, after: &str, version: Version) -> String {
    let (before, after) = (read(before), read(after));
    let ops = diff(&before.state, &after.state, &after.renames).unwrap();
    let earlier = &Earlier::of(&ops);
    let batch = Batch { before: &before.state, ops: &ops, after: &after.state, earlier };
    let actions = Mysql.render(batch, version).unwrap();
    let statement = |action| match action {
        Action::Statement(statement) if statement.transaction == Transaction::Outside => {
            assert!(statement.effect.is_some(), "{} has no effect", statement.sql);
            statement.sql
        }
        Action::Statement(statement) => format!("-- in a transaction\n{}", statement.sql),
        Action::Rebuild(_) => panic!("no table is made anew"),
    };
    actions.into_iter().map(statement).collect::<Vec<_>>().join(";\n")
}

fn refused(text: &str) -> String {
    let problems = Mysql.check(&read(text).state);
    let lines = problems.iter().map(|problem| format!("{} {}", problem.code.id, problem.message));
    lines.collect::<Vec<_>>().join("\n")
}

const TABLE: &str = r#"
table t {
    column id int primary-key
    column a int nullable
    column b "varchar(20)" default=x comment="it's"
}
"#;

#[test]
fn a_change_goes_the_way_that_the_server_surely_takes() {
    let after = r#"
table t comment="T" {
    column id int primary-key
    column a bigint default=0
    column b "varchar(20)" default=y comment="it's"
    column c text nullable
    index b
}
"#;
    insta::assert_snapshot!(sql(TABLE, after, MYSQL), @r#"
    ALTER TABLE `t`
        ADD COLUMN `c` longtext,
        LOCK=NONE;
    ALTER TABLE `t`
        MODIFY COLUMN `b` varchar(20) NOT NULL DEFAULT 'y' COMMENT 'it''s',
        ALGORITHM=INSTANT;
    ALTER TABLE `t`
        MODIFY COLUMN `a` bigint NOT NULL DEFAULT 0,
        ALGORITHM=COPY,
        LOCK=SHARED;
    ALTER TABLE `t`
        ADD KEY `t_b_idx` (`b`),
        ALGORITHM=INPLACE,
        LOCK=NONE;
    ALTER TABLE `t`
        COMMENT='T',
        ALGORITHM=INPLACE,
        LOCK=NONE
    "#);
    insta::assert_snapshot!(sql(TABLE, after, MARIADB), @r#"
    ALTER TABLE `t`
        ADD COLUMN `c` longtext,
        ALGORITHM=INPLACE,
        LOCK=NONE;
    ALTER TABLE `t`
        MODIFY COLUMN `b` varchar(20) NOT NULL DEFAULT 'y' COMMENT 'it''s',
        ALGORITHM=INSTANT;
    ALTER TABLE `t`
        MODIFY COLUMN `a` bigint NOT NULL DEFAULT 0,
        ALGORITHM=COPY,
        LOCK=SHARED;
    ALTER TABLE `t`
        ADD KEY `t_b_idx` (`b`),
        ALGORITHM=NOCOPY,
        LOCK=NONE;
    ALTER TABLE `t`
        COMMENT='T',
        ALGORITHM=INSTANT
    "#);
}

#[test]
fn a_required_column_is_empty_first_so_that_the_server_fills_in_nothing() {
    let after = TABLE.replace("primary-key", "primary-key\n    column c int");
    insta::assert_snapshot!(sql(TABLE, &after, MARIADB), @r#"
    ALTER TABLE `t`
        ADD COLUMN `c` int,
        ALGORITHM=INPLACE,
        LOCK=NONE;
    ALTER TABLE `t`
        MODIFY COLUMN `c` int NOT NULL,
        ALGORITHM=INPLACE,
        LOCK=NONE
    "#);
}

#[test]
fn mysql_is_told_what_speaks_of_a_renamed_column() {
    let before = r#"
table t {
    column id int primary-key
    column a int
    column twice int virtual nullable { generated (sql)"a * 2" }
    check "a > 0" name=positive
}
"#;
    let after = r#"
table t {
    column id int primary-key
    column n int was=a
    column twice int virtual nullable { generated (sql)"n * 2" }
    check "n > 0" name=positive
}
"#;
    insta::assert_snapshot!(sql(before, after, MYSQL), @r#"
    ALTER TABLE `t`
        RENAME COLUMN `a` TO `n`,
        MODIFY COLUMN `twice` int GENERATED ALWAYS AS (n * 2) VIRTUAL,
        DROP CHECK `positive`,
        ADD CONSTRAINT `positive` CHECK (n > 0),
        ALGORITHM=COPY,
        LOCK=SHARED
    "#);
    insta::assert_snapshot!(sql(before, after, MARIADB), @r#"
    ALTER TABLE `t` ENABLE KEYS;
    ALTER TABLE `t`
        RENAME COLUMN `a` TO `n`,
        ALGORITHM=INSTANT
    "#);
}

#[test]
fn a_value_of_an_enum_gets_another_name_under_its_rows() {
    let before = "enum e a b\ntable t { column id int primary-key; column v e default=a }";
    let after =
        "enum e { value c was=a; value b }\ntable t { column id int primary-key; column v e default=c }";
    insta::assert_snapshot!(sql(before, after, MYSQL), @r#"
    ALTER TABLE `t`
        MODIFY COLUMN `v` enum('a','b','c') NOT NULL DEFAULT 'a',
        ALGORITHM=INSTANT;
    -- in a transaction
    UPDATE `t` SET `v` = 'c' WHERE `v` = 'a';
    ALTER TABLE `t`
        MODIFY COLUMN `v` enum('c','b') NOT NULL DEFAULT 'c',
        ALGORITHM=COPY,
        LOCK=SHARED
    "#);
}

#[test]
fn an_index_of_a_foreign_key_gives_way_to_a_declared_one() {
    let before = "table p { column id int primary-key }\n\
                  table c { column id int primary-key; column p int references=p.id; column n int }";
    let after = format!("{} ", before.replace("column n int }", "column n int; index p n }"));
    insta::assert_snapshot!(sql(before, &after, MYSQL), @r#"
    ALTER TABLE `c`
        ADD KEY `c_p_n_idx` (`p`, `n`),
        DROP KEY `c_p_fkey`,
        ALGORITHM=INPLACE,
        LOCK=NONE
    "#);
    insta::assert_snapshot!(sql(&after, before, MARIADB), @r#"
    ALTER TABLE `c`
        ADD KEY `c_p_fkey` (`p`),
        DROP KEY `c_p_n_idx`,
        ALGORITHM=NOCOPY,
        LOCK=NONE
    "#);
}

#[test]
fn a_column_says_where_its_numbers_start() {
    let table = |column: &str| format!("table t {{ column a int; {column} }}");
    let numbered = |start: &str| table(&format!("column id bigint identity {start} primary-key"));
    let starts = |before: &str, after: &str| sql(before, after, MYSQL).matches("AUTO_INCREMENT=7").count();
    let seven = numbered("identity-start=7");
    assert_eq!(starts("", &seven), 1);
    assert_eq!(starts(&table(""), &seven), 1);
    assert_eq!(starts(&numbered(""), &seven), 1);
    assert_eq!(starts(&table("column id bigint primary-key"), &seven), 1);
    assert_eq!(starts(&table("column id int primary-key"), &seven), 1);
    assert_eq!(starts(&seven, &seven.replace("column a int", "column a bigint")), 0);
}

#[test]
fn a_text_is_as_long_as_its_characters_let_it_be() {
    let told = |ty: &str, charset: &str| refused(&format!("table t {{ column a \"{ty}\" {{ {charset} }} }}"));
    let [latin1, utf8] = ["latin1", "utf8mb3"].map(|name| format!("(mysql)options charset={name}"));
    assert_eq!(
        told("varchar(16383)", "") + &told("varchar(20000)", &latin1) + &told("varchar(21844)", &utf8),
        ""
    );
    assert_eq!(told("varchar(16384)", ""), "E560 `t.a` has a length of 16384");
    assert_eq!(told("varchar(65534)", &latin1), "E560 `t.a` has a length of 65534");
}

#[test]
fn what_neither_can_have_is_refused() {
    insta::assert_snapshot!(refused(r#"
schema billing { }
enum e a A
table t {
    column id bigint identity=always primary-key
    column tags "text[]"
    column span interval
    column marks "set('a','b,c')"
    column name text unique
    column both text nullable { generated (sql)"name ||-1" }
    index id method=hash
    index name=part { on id; where (sql)"id > 1" }
    check "id > 0" name=same
    (mysql)options engine=MyISAM colour=red comment=new
}
table u {
    column id bigint primary-key
    column t bigint
    foreign-key t references=t.id on-delete=set-default
    check "id > 0" name=same
}
"#), @r#"
    E561 `billing` is a namespace, and MySQL has none
    E560 the values `a` and `A` of enum `e` are one in MySQL
    E563 table `t` has an option `colour`, which MySQL doesn't know
    E563 table `t` has an option `comment`, which MySQL doesn't know
    E570 table `t` has the engine `MyISAM`, which can't undo what failed
    E560 `t.tags` is an array, which MySQL does not have
    E560 `t.span` is an `interval`, which MySQL does not have
    E560 `t.marks` has a comma within the value `b,c` of its set
    E562 `t.id` always numbers itself, and MySQL takes given numbers
    E564 `t_name_key` of `t` is over `name`, which is too long for a key
    E565 index `t_id_idx` of `t` is a hash, and InnoDB keeps trees alone
    E565 index `part` of `t` has a condition
    E564 `u_t_fkey` of `u` sets a default, which InnoDB can't
    E572 column `both` of `t` holds `||`, which means OR in MySQL
    "#);
}

#[test]
fn a_state_is_reached_or_the_operations_are_refused() {
    let earlier = &Earlier::default();
    let batch = Batch { before: &State::default(), ops: &[], after: &read(TABLE).state, earlier };
    let problems = Mysql.render(batch, MYSQL).unwrap_err();
    assert_eq!(problems[0].code.id, "E568");
}

#[test]
fn a_word_of_the_language_is_no_column_of_that_name() {
    let before = "table t { column \"null\" int; check name=k (sql)\"`null` IS NULL OR t.null > 0\" }";
    let after = "table t { column n int was=\"null\"; check name=k (sql)\"`n` IS NULL OR t.`n` > 0\" }";
    insta::assert_snapshot!(sql(before, after, MYSQL), @"
    ALTER TABLE `t`
        RENAME COLUMN `null` TO `n`,
        DROP CHECK `k`,
        ADD CONSTRAINT `k` CHECK (`n` IS NULL OR t.n > 0),
        ALGORITHM=COPY,
        LOCK=SHARED
    ");
    let without = "table t { column b int nullable; check name=k \"b IS NULL\" }";
    let with = "table t { column b int nullable; column \"null\" int nullable; check name=k \"b IS NULL\" }";
    insta::assert_snapshot!(sql(with, without, MARIADB), @"
    ALTER TABLE `t`
        DROP COLUMN `null`,
        ALGORITHM=INPLACE,
        LOCK=NONE
    ");
}

#[test]
fn a_key_that_orders_the_rows_is_not_exchanged_in_place() {
    let before = "table t { column a int nullable; column b int; index name=k a; unique name=u b }";
    let nullable = "table t { column a int nullable; column b int; index name=k a; unique name=u a }";
    let dropped = "table t { column a int nullable; column b int nullable; index name=k a; unique name=u b }";
    insta::assert_snapshot!(sql(before, nullable, MARIADB), @"
    ALTER TABLE `t`
        DROP KEY `u`,
        ADD UNIQUE KEY `u` (`a`),
        ALGORITHM=COPY,
        LOCK=SHARED
    ");
    insta::assert_snapshot!(sql(nullable, before, MARIADB), @"
    ALTER TABLE `t`
        DROP KEY `u`,
        ADD UNIQUE KEY `u` (`b`),
        ALGORITHM=INPLACE,
        LOCK=NONE
    ");
    insta::assert_snapshot!(sql(before, dropped, MYSQL), @"
    ALTER TABLE `t`
        MODIFY COLUMN `b` int,
        ALGORITHM=COPY,
        LOCK=SHARED
    ");
}

#[test]
fn what_copies_a_table_unexpectedly_is_said_to_copy() {
    let moment = "table t { column a int nullable; column m timestamptz nullable }";
    let required = "table t { column a int nullable; column m timestamptz }";
    insta::assert_snapshot!(sql(moment, required, MARIADB), @"
    ALTER TABLE `t`
        MODIFY COLUMN `m` timestamp(6) NOT NULL,
        ALGORITHM=COPY,
        LOCK=SHARED
    ");
    let stored =
        "table t { column a int nullable; column b int; column g int nullable generated=(sql)\"b + 1\" }";
    insta::assert_snapshot!(sql(stored, &stored.replace("a int nullable", "a int"), MARIADB), @"
    ALTER TABLE `t`
        MODIFY COLUMN `a` int NOT NULL,
        ALGORITHM=COPY,
        LOCK=SHARED
    ");
    let checked = "table t { column a int; column d date; check name=k \"d > '2000-01-01'\" }";
    insta::assert_snapshot!(sql(checked, &checked.replace("a int", "a int comment=x"), MYSQL), @"
    ALTER TABLE `t`
        MODIFY COLUMN `a` int NOT NULL COMMENT 'x',
        ALGORITHM=COPY,
        LOCK=SHARED
    ");
    let renamed = checked.replace("a int", "b int was=a");
    insta::assert_snapshot!(sql(checked, &renamed, MYSQL), @"
    ALTER TABLE `t`
        RENAME COLUMN `a` TO `b`,
        ALGORITHM=COPY,
        LOCK=SHARED
    ");
}

#[test]
fn an_index_waits_for_the_type_that_it_is_possible_over() {
    let before = "table a { column x int; index name=i x }\ntable b { column y text }";
    let after = "table a { column x text; index name=i { on x prefix=10 } }\ntable b { column y int; check name=k \"y > 0\" }";
    insta::assert_snapshot!(sql(before, after, MYSQL), @"
    ALTER TABLE `a`
        DROP KEY `i`,
        ALGORITHM=INPLACE,
        LOCK=NONE;
    ALTER TABLE `a`
        MODIFY COLUMN `x` longtext NOT NULL,
        ALGORITHM=COPY,
        LOCK=SHARED;
    ALTER TABLE `b`
        MODIFY COLUMN `y` int NOT NULL,
        ADD CONSTRAINT `k` CHECK (y > 0),
        ALGORITHM=COPY,
        LOCK=SHARED;
    ALTER TABLE `a`
        ADD KEY `i` (`x`(10)),
        ALGORITHM=INPLACE,
        LOCK=NONE
    ");
    insta::assert_snapshot!(sql(after, before, MYSQL), @"
    ALTER TABLE `b`
        DROP CHECK `k`,
        ALGORITHM=INSTANT;
    ALTER TABLE `a`
        DROP KEY `i`,
        ALGORITHM=INPLACE,
        LOCK=NONE;
    ALTER TABLE `a`
        MODIFY COLUMN `x` int NOT NULL,
        ALGORITHM=COPY,
        LOCK=SHARED;
    ALTER TABLE `b`
        MODIFY COLUMN `y` longtext NOT NULL,
        ALGORITHM=COPY,
        LOCK=SHARED;
    ALTER TABLE `a`
        ADD KEY `i` (`x`),
        ALGORITHM=INPLACE,
        LOCK=NONE
    ");
}

#[test]
fn a_key_is_free_when_no_foreign_key_of_its_table_needs_it() {
    let before = "table t { column id int primary-key; column b int nullable unique; column p int nullable references=t.b }";
    let after = "table t { column id int primary-key; column b int nullable; column p int nullable }";
    insta::assert_snapshot!(sql(before, after, MYSQL), @"
    ALTER TABLE `t`
        DROP FOREIGN KEY `t_p_fkey`,
        DROP KEY `t_p_fkey`,
        ALGORITHM=INPLACE,
        LOCK=NONE;
    ALTER TABLE `t`
        DROP KEY `t_b_key`,
        ALGORITHM=INPLACE,
        LOCK=NONE
    ");
}

#[test]
fn a_column_leaves_the_primary_key_as_it_may_be_null() {
    let before = "table t { column a int primary-key; column b int }";
    let after = "table t { column a int nullable; column b int primary-key }";
    insta::assert_snapshot!(sql(before, after, MARIADB), @"
    ALTER TABLE `t`
        MODIFY COLUMN `a` int,
        DROP PRIMARY KEY,
        ADD PRIMARY KEY (`b`),
        ALGORITHM=INPLACE,
        LOCK=NONE
    ");
}

#[test]
fn each_statement_of_an_object_has_what_the_object_comes_to() {
    let before = "";
    let after = r#"
object pair {
    create "SET sql_mode = 'ANSI'; CREATE TABLE one (id int); INSERT INTO one VALUES (1); CREATE TABLE two (id int);"
    drop "DROP TABLE two; DROP TABLE one -- both"
}
"#;
    let (before, after) = (read(before).state, read(after).state);
    let statements = |before: &State, after: &State| {
        let ops = diff(before, after, &[]).unwrap();
        let earlier = &Earlier::of(&ops);
        let actions = Mysql.render(Batch { before, ops: &ops, after, earlier }, MYSQL).unwrap();
        let of = |state: &State| {
            let object = state.objects.iter().next();
            object.map_or_else(|| "nothing".to_owned(), |object| object.create.common.replace('\n', " "))
        };
        let line = |action: &Action| match action {
            Action::Statement(statement) => match &statement.effect {
                Some(effect) => {
                    format!(
                        "{}\n  {}\n  → {}",
                        statement.sql.replace('\n', " "),
                        of(&effect.before),
                        of(&effect.after)
                    )
                }
                None => format!("{}\n  in a transaction", statement.sql.replace('\n', " ")),
            },
            Action::Rebuild(_) => panic!("no table is made anew"),
        };
        actions.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(statements(&before, &after), @"
    SET sql_mode = 'ANSI'; CREATE TABLE one (id int)
      nothing
      → SET sql_mode = 'ANSI'; CREATE TABLE one (id int)
    SET sql_mode = 'ANSI'; INSERT INTO one VALUES (1)
      in a transaction
    SET sql_mode = 'ANSI'; CREATE TABLE two (id int)
      SET sql_mode = 'ANSI'; CREATE TABLE one (id int); INSERT INTO one VALUES (1)
      → SET sql_mode = 'ANSI'; CREATE TABLE one (id int); INSERT INTO one VALUES (1); CREATE TABLE two (id int);
    ");
    insta::assert_snapshot!(statements(&after, &before), @"
    DROP TABLE two
      SET sql_mode = 'ANSI'; CREATE TABLE one (id int); INSERT INTO one VALUES (1); CREATE TABLE two (id int);
      → SET sql_mode = 'ANSI'; CREATE TABLE one (id int); INSERT INTO one VALUES (1); CREATE TABLE two (id int) ; DROP TABLE two
    DROP TABLE one -- both
      SET sql_mode = 'ANSI'; CREATE TABLE one (id int); INSERT INTO one VALUES (1); CREATE TABLE two (id int) ; DROP TABLE two
      → nothing
    ");
}
