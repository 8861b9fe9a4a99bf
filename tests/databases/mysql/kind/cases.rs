//! A schema before and after for every kind of operation, with rows that survive the way there and back.

/// One change.
pub struct Case {
    pub name: &'static str,
    pub before: &'static str,
    pub rows: &'static str,
    pub after: &'static str,
}

const N: &str = "INSERT INTO n (v, w) VALUES (1, 'one'), (2, NULL), (3, 'three')";

/// A case about the table `n`: what is there on both sides, what of the table is there before, and what after.
macro_rules! of_n {
    ($name:literal, $before:literal, $after:literal) => {
        of_n!($name, "", $before, "", $after, "")
    };
    ($name:literal, $one:literal, $before:literal, $two:literal, $after:literal, $rows:literal) => {
        Case {
            name: $name,
            before: concat!(
                $one,
                "\ntable n {\n column id bigint identity primary-key\n column v int\n",
                " column w \"varchar(40)\" nullable\n",
                $before,
                "\n}\n"
            ),
            rows: if $rows.is_empty() { N } else { $rows },
            after: concat!(
                $two,
                "\ntable n {\n column id bigint identity primary-key\n column v int\n",
                " column w \"varchar(40)\" nullable\n",
                $after,
                "\n}\n"
            ),
        }
    };
}

/// A case about something beside the table `n`.
macro_rules! beside_n {
    ($name:literal, $before:literal, $after:literal) => {
        of_n!($name, $before, "", $after, "", "")
    };
}

/// Every kind of operation is in one of them, forth or back.
pub const CASES: &[Case] = &[
    beside_n!(
        "enums and tables come",
        "",
        "enum mood sad ok\ntable m {\n column id bigint identity primary-key\n column mood mood default=ok\n \
         column n_id bigint nullable references=n.id\n}"
    ),
    of_n!(
        "an enum gets values",
        "enum mood sad ok",
        "column mood mood default=ok",
        "enum mood angry sad ok happy",
        "column mood mood default=ok",
        "INSERT INTO n (v, mood) VALUES (1, 'sad'), (2, 'ok')"
    ),
    of_n!(
        "an enum gets another name",
        "enum mood sad ok",
        "column mood mood default=ok",
        "enum temper sad ok was=mood",
        "column mood temper default=ok",
        "INSERT INTO n (v, mood) VALUES (1, 'sad'), (2, 'ok')"
    ),
    of_n!(
        "a value gets another name",
        "enum mood sad ok",
        "column mood mood default=ok",
        "enum mood sad { value great was=ok }",
        "column mood mood default=great",
        "INSERT INTO n (v, mood) VALUES (1, 'sad'), (2, 'ok')"
    ),
    Case {
        name: "a second foreign key shares the index of the first",
        before: "table u {\n column id int primary-key\n}\ntable w {\n column id int primary-key\n}\n\
                 table t {\n column id int primary-key\n column a int\n foreign-key a references=u.id name=zz\n}\n",
        rows: "INSERT INTO u VALUES (1); INSERT INTO w VALUES (1); INSERT INTO t VALUES (1, 1)",
        after: "table u {\n column id int primary-key\n}\ntable w {\n column id int primary-key\n}\n\
                table t {\n column id int primary-key\n column a int\n foreign-key a references=w.id name=aa\n \
                foreign-key a references=u.id name=zz\n}\n",
    },
    of_n!("settings of a table change", "", "(mysql)options row-format=compact stats-persistent=#true"),
    Case {
        name: "a table gets another name",
        before: "table p {\n column id bigint identity primary-key\n column name text\n}\n\
                 table c {\n column id bigint identity primary-key\n column p_id bigint references=p.id\n}",
        rows: "INSERT INTO p (name) VALUES ('a'), ('b'); INSERT INTO c (p_id) VALUES (1), (2), (2)",
        after: "table parents was=p {\n column id bigint identity primary-key\n column name text\n}\n\
                table c {\n column id bigint identity primary-key\n \
                column p_id bigint references=parents.id\n}",
    },
    of_n!(
        "columns come",
        "",
        "column a int default=7\n column b \"varchar(10)\" nullable\n column c int { generated (sql)\"v * 2\"; }\n \
         column d int virtual nullable { generated (sql)\"v + 1\"; }\n column e text default=\"none\"\n \
         column f int default=1 { (mysql)options invisible=#true; }"
    ),
    of_n!(
        "columns change",
        "",
        "column a \"int unsigned\" default=1\n column b \"varchar(10)\" comment=\"short\"\n column c \"varchar(20)\" nullable",
        "",
        "column a \"bigint unsigned\" default=2 comment=\"large\"\n column b \"varchar(300)\" comment=\"long\"\n \
         column c \"varchar(30)\" default=\"x\" nullable { (mysql)options charset=utf8mb4 invisible=#true; }",
        "INSERT INTO n (v, a, b, c) VALUES (1, 4000000000, 'b', NULL), (2, 2, '', 'c')"
    ),
    of_n!(
        "a column gets another name",
        "",
        "column a int default=1\n column b int { generated (sql)\"a * 2\"; }\n index a\n check \"a > 0\" name=a_ok",
        "",
        "column z int default=1 was=a\n column b int { generated (sql)\"z * 2\"; }\n index z name=n_a_idx\n check \"z > 0\" name=a_ok",
        "INSERT INTO n (v, a) VALUES (1, 10), (2, 20)"
    ),
    Case {
        name: "a column of a foreign key gets another name",
        before: "table p {\n column a int unique\n column b int { generated (sql)\"a + 1\"; }\n check \"a > 0\" name=ok\n}\n\
                 table c {\n column id int primary-key\n column x int references=p.a\n check \"x < 9\" name=few\n}",
        rows: "INSERT INTO p (a) VALUES (1), (2); INSERT INTO c VALUES (1, 1), (2, 1)",
        after: "table p {\n column z int was=a\n unique z name=p_a_key\n column b int { generated (sql)\"z + 1\"; }\n \
                check \"z > 0\" name=ok\n}\n\
                table c {\n column id int primary-key\n column y int was=x\n foreign-key y references=p.z name=c_x_fkey\n \
                check \"y < 9\" name=few\n}",
    },
    Case {
        name: "a primary key comes",
        before: "table k {\n column a int\n column b int\n}",
        rows: "INSERT INTO k VALUES (1, 1), (2, 1)",
        after: "table k {\n column a int\n column b int\n primary-key a\n}",
    },
    Case {
        name: "a primary key changes",
        before: "table k {\n column a int\n column b int\n primary-key a\n}",
        rows: "INSERT INTO k VALUES (1, 1), (2, 1)",
        after: "table k {\n column a int\n column b int\n primary-key b a\n}",
    },
    Case {
        name: "a primary key gets another name",
        before: "table k {\n column a int\n column b int\n primary-key a name=one\n}",
        rows: "INSERT INTO k VALUES (1, 1), (2, 1)",
        after: "table k {\n column a int\n column b int\n primary-key a name=two was=one\n}",
    },
    of_n!("a unique constraint comes", "", "unique v"),
    of_n!("a unique constraint changes", "unique v name=n_u", "unique v w name=n_u"),
    of_n!("a unique constraint gets another name", "unique v name=one", "unique v name=two was=one"),
    of_n!(
        "a foreign key comes",
        "column other bigint nullable",
        "column other bigint nullable\n foreign-key other references=n.id"
    ),
    of_n!(
        "a foreign key changes",
        "column other bigint nullable\n foreign-key other references=n.id name=n_f",
        "column other bigint nullable\n foreign-key other references=n.id name=n_f on-delete=cascade"
    ),
    of_n!(
        "a foreign key gets another name",
        "column other bigint nullable\n foreign-key other references=n.id name=one",
        "column other bigint nullable\n foreign-key other references=n.id name=two was=one"
    ),
    of_n!("a check comes", "", "check \"v > 0\" name=v_ok"),
    of_n!("a check changes", "check \"v > 0\" name=v_ok", "check \"v >= 0\" name=v_ok"),
    of_n!("a check gets another name", "check \"v > 0\" name=one", "check \"v > 0\" name=two was=one"),
    of_n!("an index comes", "", "index v w name=n_i\n (mysql)index w method=fulltext name=n_f"),
    of_n!("an index changes", "index v name=n_i", "index name=n_i { on w order=desc prefix=5; }"),
    of_n!("an index gets another name", "index v name=one", "index v name=two was=one"),
    beside_n!("a view comes", "", "view big { as (sql)\"SELECT id, v FROM n WHERE v > 1\"; }"),
    beside_n!(
        "a view changes",
        "view big { as (sql)\"SELECT id, v FROM n WHERE v > 1\"; }",
        "view big { as (sql)\"SELECT id, w FROM n WHERE v > 2\"; }"
    ),
    beside_n!(
        "a view gets another name",
        "view big { as (sql)\"SELECT id, v FROM n WHERE v > 1\"; }",
        "view large was=big { as (sql)\"SELECT id, v FROM n WHERE v > 1\"; }"
    ),
    beside_n!(
        "an object comes",
        "",
        "object f {\n create \"CREATE FUNCTION f(a INT) RETURNS INT DETERMINISTIC RETURN a + 1\"\n \
         drop \"DROP FUNCTION f\"\n}"
    ),
    beside_n!(
        "an object changes",
        "object t {\n create \"CREATE TRIGGER t BEFORE INSERT ON n FOR EACH ROW SET NEW.v = NEW.v + 1\"\n \
         drop \"DROP TRIGGER t\"\n depends-on n\n}",
        "object t {\n create \"CREATE TRIGGER t BEFORE INSERT ON n FOR EACH ROW SET NEW.v = NEW.v + 2\"\n \
         drop \"DROP TRIGGER t\"\n depends-on n\n}"
    ),
    beside_n!(
        "an object gets another name",
        "object f {\n create \"CREATE PROCEDURE f() BEGIN END\"\n drop \"DROP PROCEDURE f\"\n}",
        "object g was=f {\n create \"CREATE PROCEDURE g() BEGIN END\"\n drop \"DROP PROCEDURE g\"\n}"
    ),
    of_n!(
        "rows come, change and go",
        "data n key=id { row id=1 v=1 w=a; row id=2 v=2; }",
        "",
        "data n key=id { row id=2 v=3 w=b; row id=100 v=4; }",
        "",
        ""
    ),
];
