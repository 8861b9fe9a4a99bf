//! Whole changes of a schema, both ways, with rows.

use super::trial::{Rows, Trial};

#[test]
fn tables_of_every_kind_come_change_and_go() {
    Trial::new("tables").change(
        r#"
enum mood sad ok happy
table authors comment="who writes" {
    column id bigint identity primary-key
    column email "varchar(200)"
    column name text
    column mood mood default=ok
    column karma int default=0
    column born date nullable
    column balance "decimal(12,2)" default=0
    column active bool default=#true
    column created timestamptz default=(sql)"CURRENT_TIMESTAMP"
    column meta json nullable
    column token uuid nullable
    column bio text default="none"
    column twice int virtual nullable { generated (sql)"karma * 2"; }
    unique email
    check (sql)"karma >= 0" name=karma_ok
}
table posts {
    column id bigint identity primary-key
    column author_id bigint
    column title "varchar(100)" comment="the \"title\" it's"
    column body text
    column n int nullable
    foreign-key author_id references=authors.id on-delete=cascade
    index title
    (mysql)index body method=fulltext name=body_ft
}
view active_authors {
    as (sql)"SELECT id, name FROM authors WHERE active"
}
data authors key=id {
    row id=1 email="a@x" name="A"
    row id=2 email="b@x" name="B" mood=happy
}
"#,
        "SELECT 1",
        r#"
enum mood sad ok happy angry
table authors comment="who writes well" {
    column id bigint identity primary-key
    column mail "varchar(250)"
    column name "varchar(100)"
    column mood mood default=happy
    column points int default=1
    column born date nullable
    column balance "decimal(14,2)" default=0
    column active bool default=#false
    column created timestamptz default=(sql)"CURRENT_TIMESTAMP"
    column meta json nullable
    column bio text nullable default="none"
    column twice int virtual nullable { generated (sql)"points * 3"; }
    check (sql)"points >= 0" name=karma_ok
}
table articles {
    column id bigint identity primary-key
    column author_id bigint
    column title "varchar(100)" comment="t"
    column body text
    column n int default=4
    foreign-key author_id references=authors.id on-delete=restrict
    index author_id n
}
view active_authors {
    as (sql)"SELECT id, name, points FROM authors WHERE active"
}
"#,
        Rows::Changed,
    );
}

#[test]
fn types_change_under_keys_and_names_under_expressions() {
    Trial::new("types").change(
        r#"
table parent {
    column id int identity primary-key
    column code "varchar(20)" unique
    column num int nullable
}
table child {
    column id int identity primary-key
    column parent_id int nullable
    column code "varchar(20)" nullable
    column a int default=1
    column b int default=2
    column total int { generated (sql)"a + b"; }
    column vtotal int virtual nullable { generated (sql)"a * b"; }
    column price double default=0
    column label text nullable
    foreign-key parent_id references=parent.id on-delete=set-null
    foreign-key code references=parent.code on-update=cascade
    check "a > 0" name=a_positive
    index a b name=ab
}
data parent key=id { 
   row id=1 code=x 
   row id=2 code=y 
}
data child key=id {
   row id=1 parent_id=1 code=x label=hello
   row id=2 parent_id=2 a=5
}
"#,
        "SELECT 1",
        r#"
table parent {
    column id bigint identity primary-key
    column code "varchar(40)" unique
    column num smallint nullable
}
table child {
    column id bigint identity primary-key
    column parent_id bigint nullable
    column code "varchar(40)" nullable
    column aa int default=1 was=a
    column b bigint default=2
    column total int { generated (sql)"aa + b + 1"; }
    column vtotal int nullable
    column price "decimal(10,2)" default=0
    column label "varchar(50)" nullable
    foreign-key parent_id references=parent.id on-delete=set-null
    foreign-key code references=parent.code on-update=cascade
    check "aa > 0" name=a_positive
    index aa b name=ab2 was=ab
    index parent_id aa
}
data parent key=id { 
   row id=1 code=x 
   row id=2 code=y2 
   row id=3 code=z 
}
data child key=id {
   row id=1 parent_id=1 code=x label=hello2
   row id=3 parent_id=3 aa=7 b=1
}
"#,
        Rows::Changed,
    );
}

/// MariaDB refuses to change such a table in place, depending on the order of the columns.
#[test]
fn columns_come_and_go_beside_an_indexed_virtual_one() {
    let table = |columns: &str| {
        format!(
            "table t {{ {columns}; column d int virtual nullable {{ generated (sql)\"a + 1\"; }}; index d }}\n\
             table u {{ column d int virtual nullable {{ generated (sql)\"a + 1\"; }}; {columns}; index d }}"
        )
    };
    Trial::new("indexed_virtual").change(
        &table("column a int primary-key; column b text nullable; column c int"),
        "INSERT INTO t (a, b, c) VALUES (1, 'x', 2)",
        &table("column a int primary-key; column c int nullable; column e text nullable"),
        Rows::Changed,
    );
}

#[test]
fn enums_options_and_indexes_change() {
    Trial::new("options").change(
        r#"
enum color red green blue
table t {
    column a int primary-key
    column b int
    column c color default=green
    column d "varchar(10)" default=abc
    column e date default=(sql)"CURRENT_DATE"
    column f "timestamp(3)" default=(sql)"CURRENT_TIMESTAMP" { (mysql)options on-update=(sql)"CURRENT_TIMESTAMP" ; }
    column g bool default=#false
    column h bytes nullable
    column i "int unsigned" default=5
    column j "set('x','y')" nullable
    column k "point" 
    column l "mediumtext" nullable
    column m text
    unique b name=t_b
    (mysql)index k method=spatial name=k_sp
    (mysql)index m method=fulltext name=m_ft
    (mysql)index name=l_pre { on l prefix=20; }
    (mysql)options row-format=dynamic charset=utf8mb4 collation=utf8mb4_general_ci
}
"#,
        "INSERT INTO t (a, b, c, k, m) VALUES (1, 2, 'green', ST_GeomFromText('POINT(1 1)'), 'x'), (2, 1, 'red', ST_GeomFromText('POINT(2 2)'), 'y')",
        r#"
enum color {
 value red
 value lime was=green
 value blue
 value black
}
table t2 was=t comment="renamed" {
    column a int 
    column b int primary-key
    column c color default=blue
    column d "varchar(10)" default=abcd comment="x" { (mysql)options invisible=#true; }
    column e date nullable
    column f "timestamp(6)" default=(sql)"CURRENT_TIMESTAMP"
    column g int default=1
    column h bytes nullable
    column i "bigint unsigned" default=5
    column j "set('x','y','z')" nullable
    column k "point" nullable
    column l "mediumtext" nullable
    column m text nullable
    column n int default=(sql)"1 + 1"
    unique a name=t_a
    (mysql)index m method=fulltext name=m_ft2
    (mysql)index name=l_pre { on l prefix=30; }
    (mysql)options row-format=compressed charset=utf8mb4 collation=utf8mb4_bin
}
"#,
        Rows::Kept,
    );
}

#[test]
fn views_and_routines_follow() {
    Trial::new("routines").change(
        r#"
table n {
    column id int primary-key
    column v int
}
object trg {
    create "CREATE TRIGGER trg BEFORE INSERT ON n FOR EACH ROW BEGIN SET NEW.v = NEW.v + 1; SET NEW.v = NEW.v * 2; END"
    drop "DROP TRIGGER trg"
    depends-on n
}
object fn {
    create "CREATE FUNCTION fn(a INT) RETURNS INT DETERMINISTIC RETURN a + 1"
    drop "DROP FUNCTION fn"
}
view v1 {
   as (sql)"SELECT id, v FROM n"
}
view v2 {
   as (sql)"SELECT id, fn(v) AS w FROM v1"
   depends-on v1 fn
}
"#,
        "INSERT INTO n VALUES (1, 2), (2, 3)",
        r#"
table n {
    column id int identity primary-key
    column w int was=v
}
object trg {
    create "CREATE TRIGGER trg BEFORE INSERT ON n FOR EACH ROW BEGIN SET NEW.w = NEW.w + 2; END"
    drop "DROP TRIGGER trg"
    depends-on n
}
object fn {
    create "CREATE FUNCTION fn(a INT) RETURNS INT DETERMINISTIC RETURN a + 2"
    drop "DROP FUNCTION fn"
}
view v1 {
   as (sql)"SELECT id, w FROM n"
}
view v3 was=v2 {
   as (sql)"SELECT id, fn(w) AS w FROM v1"
   depends-on v1 fn
}
"#,
        Rows::Kept,
    );
}

#[test]
fn keys_and_foreign_keys_are_exchanged() {
    Trial::new("keys").change(
        r#"
table n {
    column id int
    column v int
    column w int nullable
    primary-key id
    unique w
}
table x {
    column a int primary-key
    column b int nullable
    foreign-key b references=x.a name=self_fk
    foreign-key b references=y.a name=other_fk
}
table y {
    column a int primary-key
    column x_id int nullable
    foreign-key x_id references=x.a name=y_x
    index x_id name=y_x_idx
}
"#,
        "SELECT 1",
        r#"
table n {
    column serial bigint identity
    column v int
    column id int
    column w int nullable
    column u uuid nullable
    column j json default="{}"
    column c "decimal" default="1.5"
    column ts timestamp nullable
    column tz timestamptz nullable
    column tm time nullable
    primary-key serial
    unique id v
    check "v > 0"
}
table x {
    column a int primary-key
    column b int nullable
    foreign-key b references=x.a name=self_fk on-delete=cascade
}
table y {
    column a int primary-key
    column x_id int nullable
    foreign-key x_id references=x.a name=y_x on-delete=cascade
}
"#,
        Rows::Changed,
    );
}
