//! What is wrong, where, and what to do about it.

use insta::assert_snapshot;

use super::problems;

#[test]
fn words_of_the_language() {
    assert_snapshot!(problems(
        r##"
tabel x { column a int }
schema s { schema t { }; template u { } }
table t comment=1 {
    colum a int
    column b nullable
    column c
    column d text on-delete=cascade
    column e text virtual identity-start=1
    column f text default=(x)1 nulable
    column g text default=1 { default 2 }
    column h text default=#inf
    column a int identity=sometimes
    index
    unique
    primary-key name=""
    foreign-key a
    foreign-key a references=users
    foreign-key a references="t.a" on-delete=explode { references t }
    check (sqlite)"x"
    check "a" "b"
    check price (sql)"price > 0"
    options strict=#true
    (sqlit)index a
    (oracle)index a
    use nothing
}
view v { }
object o { create "x" }
data t { row a=1 }
data t key=a { row b=1; row a=1; row a=1 }
"##
    ), @r#"
    E013 `tabel`: unknown node `tabel`
         write `table`
    E013 `schema`: `schema` has no child `schema`
         use one of `data`, `enum`, `object`, `table`, `view`
    E013 `template`: `schema` has no child `template`
         use one of `data`, `enum`, `object`, `table`, `view`
    E015 `comment=1`: `table` takes a name or text as `comment`, not a number
         write `"1"` if a text is meant
    E013 `colum`: `table` has no child `colum`
         write `column`
    E014 `column`: `column` needs a type
         write the type behind the name: `column id bigint`
    E014 `column`: `column` needs a type
         write the type behind it
    E108 `on-delete=cascade`: `on-delete` means nothing without `references`
         add `references`, or delete `on-delete`
    E108 `virtual`: `virtual` means nothing without `generated`
         add `generated`, or delete `virtual`
    E108 `identity-start=1`: `identity-start` means nothing without `identity`
         add `identity`, or delete `identity-start`
    E015 `default=(x)1`: `column` takes a value or `(sql)"…"` as `default`, not a value marked `(x)`
         write a value or `(sql)"…"`
    E013 `nulable`: `column` has no flag `nulable`
         write `nullable`
    E107 `default`: `default` is given twice
         delete one of them
    E110 `#inf`: `#inf` can't be written as digits
         write it in decimal digits, or as SQL: `(sql)"'Infinity'"`
    E105 `sometimes`: `identity` can't be `sometimes`
         write one of `by-default`, `always`, `serial`
    E014 `index`: `index` needs something to index
         write the columns behind it, or `on` with a column or an expression in braces
    E014 `unique`: `unique` needs columns
         write the names of its columns behind it
    E014 `primary-key`: `primary-key` needs columns
         write the names of its columns behind it
    E104 `""`: a name can't be empty
         write a name of at least one character
    E014 `foreign-key`: `foreign-key` needs `references`
         write `references="users.id"`, or `{ references users id }` for several columns
    E102 `users`: `users` does not refer to a column
         write the column, too, for example `"users.id"`
    E102 `"t.a"`: `references` is given twice
         delete one of them
    E105 `explode`: `on-delete` can't be `explode`
         write one of `no-action`, `restrict`, `cascade`, `set-null`, `set-default`
    E014 `references`: `references` needs columns
         write the columns behind the table
    E109 `check`: `check` needs SQL that holds for every database
         write `(sql)"…"`, and behind it what one database needs instead
    E109 `"b"`: the SQL for all databases is given twice
         delete one of them
    E109 `(sql)"price > 0"`: the SQL for all databases is given twice
         delete one of them, or write `name=price` if that is a name
    E014 `options`: `options` needs a dialect
         write the name of the database in parentheses in front of it
    E101 `(sqlit)`: `sqlit` is not a dialect of this project
         write `sqlite`
    E101 `(oracle)`: `oracle` is not a dialect of this project
         use `postgres` or `sqlite`, or declare it in `schemactl.kdl`
    E107 `index`: this index of `t` is declared twice
         delete one of them, or give it another name
    E106 `nothing`: there is no template `nothing`
         declare it: `template nothing { … }`
    E109 `view`: `view` needs `as`
         write `as (sql)"…"` in its braces
    E109 `object`: `object` needs `drop`
         write `drop (sql)"…"` in its braces
    E014 `data`: `data` needs a key, since its table has none
         write `key=id`, or `{ key a b }` for several columns
    E111 `row`: the row has no value for `a`, which is in its key
         write `a=` and the value
    E111 `row a=1`: two rows of `t` have the same `a`
         delete one of them, or give it another key
    "#);
}

#[test]
fn types() {
    assert_snapshot!(problems(
        r##"
enum post_status draft
table t {
    column a "vachar(20)"
    column b varchar
    column c "varchar(0)"
    column d "decimal(2,3)"
    column e string
    column f serial
    column g post_statu
    column h "int(11)"
    column i (enum)""
    column j (what)x
    column k ""
    column l "timestamp(9)"
    column m inet
    column n (native)"vachar(20)"
    column o citext sqlite=txt
}
"##
    ), @r#"
    E103 `"vachar(20)"`: unknown type `vachar(20)`
         write `"varchar(20)"`, or `(native)"vachar(20)"` if the database has such a type
    E103 `varchar`: `varchar` needs a length
         write the greatest length, `"varchar(200)"`, or `text` for any
    E103 `"varchar(0)"`: `varchar(0)` is not a type
         write a length from 1 to 10485760
    E103 `"decimal(2,3)"`: `decimal(2,3)` is not a type
         write up to 1000 digits, and how many of them stand behind the point: `"decimal(10,2)"`
    E103 `string`: unknown type `string`
         write `text`, or `(native)"string"` if the database has such a type
    E103 `serial`: unknown type `serial`
         write `int identity`, or `(native)"serial"` if the database has such a type
    E103 `post_statu`: unknown type `post_statu`
         write `post_status`, or `(native)"post_statu"` if the database has such a type
    E103 `"int(11)"`: `int(11)` is not a type
         write `int`
    E103 `""`: `` is not the name of an enum
         write its name, or its namespace and its name: `billing.status`
    E015 `(what)x`: `column` takes a type, with no mark but `(enum)` or `(native)`, not a value marked `(what)`
         write a type, with no mark but `(enum)` or `(native)`
    E103 `""`: a type can't be empty
         write a type, such as `text` or `"varchar(20)"`
    E103 `"timestamp(9)"`: `timestamp(9)` is not a type
         write 0 to 6 digits of a second's fraction
    E103 `txt`: unknown type `txt`
         write `text`, or `(native)"txt"` if the database has such a type
    "#);
}

#[test]
fn a_template_stands_in_a_table_once() {
    let doubled = (1..30).map(|at| format!("template t{at} {{ use t{0} t{0} }}\n", at - 1));
    let found = problems(&format!("template t0 {{ column x int }}\n{}", doubled.collect::<String>()));
    assert_eq!(found.matches("is used twice").count(), 29, "{found}");
    assert!(
        problems("template a { }\ntemplate b { use a }\ntable t { use a; use b }").starts_with("E106 `a`")
    );
}

#[test]
fn templates() {
    assert_snapshot!(problems(
        "template a { use b }
         template b { use a; column x what nulable }
         template c { }
         template c { }
         template unused { colum y int }
         table t { use a; use tempalte }
         table u { use b }"
    ), @r#"
    E106 `b`: the template `b` uses itself
         delete this `use`
    E106 `a`: the template `a` uses itself
         delete this `use`
    E103 `what`: unknown type `what`
         write `char`, or `(native)"what"` if the database has such a type
    E013 `nulable`: `column` has no flag `nulable`
         write `nullable`
    E107 `c`: the template `c` is declared twice
         delete one of them, or give it another name
    E013 `colum`: `table` has no child `colum`
         write `column`
    E106 `tempalte`: there is no template `tempalte`
         declare it: `template tempalte { … }`
    "#);
}

#[test]
fn things_declared_twice() {
    assert_snapshot!(problems(
        "table t { column a int; column a text; index a name=x; index b name=x; primary-key a; index a; index a }
         table t { column b int primary-key; column c int primary-key }
         enum e a a
         enum e b
         view v { as \"1\" }
         view v { as \"2\" }"
    ), @r#"
    E107 `a`: the column `a` of `t` is declared twice
         delete one of them, or give it another name
    E107 `index`: the index `x` of `t` is declared twice
         delete one of them, or give it another name
    E107 `index`: this index of `t` is declared twice
         delete one of them, or give it another name
    E107 `t`: the table `t` is declared twice
         delete one of them, or give it another name
    E112 `primary-key`: `t` has two primary keys
         for one key of both write `primary-key b c`
    E107 `a`: the value `a` of `e` is declared twice
         delete one of them
    E107 `e`: the enum `e` is declared twice
         delete one of them, or give it another name
    E107 `v`: the view `v` is declared twice
         delete one of them, or give it another name
    "#);
}

#[test]
fn reference_rows_of_some_environments() {
    assert_snapshot!(problems(
        "table a { column id int primary-key; column n int nullable; unique n }
         table b { column a int references=a.id primary-key; column n int nullable references=a.n }
         data a only-env=\"dev,,test\" { row id=1 }
         data a only-env=\"dev,test\" { row id=2 n=2; row id=3 }
         data a only-env=dev { row id=3; row id=4 n=4 }
         data a only-env=\"test,dev\" { row id=5 }
         data a key=n only-env=stage { row id=6 n=6 }"
    ), @r#"
    E114 `"dev,,test"`: `dev,,test` is no list of environments
         write their names with commas between: `only-env="dev,test"`
    E111 `row`: two rows of `a` have the same `id`
         delete one of them, or give it another key
    E107 `a`: `data a` is declared twice
         delete one of them, or give it another name
    E111 `a`: the rows of `a` are told apart by `id` and by `n`
         write the same `key` in both
    "#);
    assert_snapshot!(problems(
        "table a { column id int primary-key; column n int nullable; unique n }
         table b { column a int references=a.id primary-key; column n int nullable references=a.n }
         data a { row id=1 n=1 }
         data a only-env=\"dev,test\" { row id=2 n=2 }
         data a only-env=dev { row id=3 n=3 }
         data b { row a=1 n=1; row a=2 }
         data b only-env=test { row a=3; row a=4 n=2 }
         data b only-env=dev { row a=5 n=3; row a=6 n=2 }
         data b only-env=\"dev,stage\" { row a=7 n=2 }"
    ), @r#"
    E217 `row`: the row is for every environment, and the row of `a` that it refers to for `dev`, `test` alone
         write it under `data b only-env="dev,test"`, or the other one for more
    E217 `row`: the row is for `test`, and the row of `a` that it refers to for `dev` alone
         write it under `data b only-env="dev"`, or the other one for more
    E217 `row`: the row is for `dev`, `stage`, and the row of `a` that it refers to for `dev`, `test` alone
         write it under `data b only-env="dev,test"`, or the other one for more
    "#);
}

#[test]
fn states_that_contradict_themselves() {
    assert_snapshot!(problems(
        r##"
enum status on off
enum empty
enum users x
table nothing { }
table users {
    column id bigint identity primary-key
    column name text
    column s status default=onn
    (postgres)column p text
    column bad text identity default=1
    column gen text generated="x" default=2
    column an_extraordinarily_long_name_that_goes_on_and_on_and_on_until_it_ends int
    unique p
    index nam
    index name desc
    index name name
    index name name=users
}
table posts {
    column author text references="users.id"
    column reader bigint references="users.id" on-delete=set-null
    column editor bigint references="user.id"
    column other text references="users.name"
    column state (enum)stats
    foreign-key author reader { references users id }
    check "1" name=c
    foreign-key reader references="users.id" name=c
}
view a { as "SELECT * FROM b" }
view b { as "SELECT * FROM c"; depends-on usrs }
view c { as "SELECT 1"; depends-on a }
schema s { table deep { column id int references="deep.id" primary-key } }
data users key=id { row id=1 nme=x; row id=2 name=#null s=onn }
data nobody key=id { row id=1 }
"##
    ), @r#"
    E207 `empty`: the enum `empty` has no values
         write its values behind the name
    E213 `users`: the name `users` is taken by the table `users`
         give one of them another name
    E207 `nothing`: the table `nothing` has no columns
         give it a column: `column id bigint primary-key`
    E211 `s`: `onn` is not a value of the enum `status`
         write one of `on`, `off`
    E210 `identity`: `bad` is numbered by the database and is no whole number
         make it a `smallint`, an `int` or a `bigint`
    E210 `default`: `bad` is numbered by the database and has a default
         delete `identity` or `default`
    E210 `default`: `gen` is computed and has a default
         delete `generated` or `default`
    E201 `an_extraordinarily_long_name_that_goes_on_and_on_and_on_until_it_ends`: the name `an_extraordinarily_long_name_that_goes_on_and_on_and_on_until_it_ends` has 69 bytes, and 63 are possible
         shorten the name
    E206 `unique`: the column `p` exists on postgres alone
         write `(postgres)` in front of what uses it
    E202 `nam`: `users` has no column `nam`
         write `name`
    E202 `desc`: `users` has no column `desc`
         write an index's order in braces: `{ on COLUMN order=desc }`
    E213 `users`: the name `users` is taken by the enum `users`
         give one of them another name
    E208 `author`: `author` is `text` and refers to `id`, which is `bigint`
         make `author` of the type `bigint`, too
    E203 `user`: there is no table `user`
         write `users`
    E209 `"users.name"`: nothing makes `name` of `users` unique
         add `unique name` to `users`, or refer to its primary key
    E204 `stats`: there is no enum `stats`
         write `status`
    E208 `foreign-key`: the foreign key has 2 columns and refers to 1
         name as many columns on both sides
    E213 `c`: `posts` has a foreign key and a check named `c`
         give one of them another name
    E212 `a`: these need each other: `a` → `b` → `c` → `a`
         take one of these references away
    E205 `usrs`: there is no object `usrs`
         write `users`
    E203 `deep`: there is no table `deep`
         write `s.deep`: references go from the top
    E214 `row`: the row has no value for `name`, which needs one
         write `name=` and the value
    E214 `row`: the row has no value for `an_extraordinarily_long_name_that_goes_on_and_on_and_on_until_it_ends`, which needs one
         write `an_extraordinarily_long_name_that_goes_on_and_on_and_on_until_it_ends=` and the value
    E202 `nme`: `users` has no column `nme`
         write `name`
    E214 `row`: the row has no value for `an_extraordinarily_long_name_that_goes_on_and_on_and_on_until_it_ends`, which needs one
         write `an_extraordinarily_long_name_that_goes_on_and_on_and_on_until_it_ends=` and the value
    E214 `name`: `name` takes no NULL
         write a value, or `nullable` behind the type of `name`
    E211 `s`: `onn` is not a value of the enum `status`
         write one of `on`, `off`
    E203 `nobody`: there is no table `nobody`
         declare it: `table nobody { … }`
    "#);
}

#[test]
fn files_that_are_broken_hide_nothing_of_the_others() {
    use crate::diagnostic::Sources;
    use crate::syntax::parse;

    let mut sources = Sources::default();
    let files = [sources.add("a.kdl", "table t {"), sources.add("b.kdl", "tabel u { column t unknwon=1 }")];
    let (parsed, diagnostics) = parse(&sources, &files, &super::dialects());
    assert!(parsed.is_none());
    let codes: Vec<&str> = diagnostics.iter().map(|problem| problem.code.id).collect();
    assert_eq!(codes, ["E005", "E013"]);

    let broken = "enum mood \"sad glad\ntable teams { column id bigint primary-key }\ntemplate stamped { column at timestamp }";
    let whole = r#"
table users {
    column id bigin primary-key
    column mood mood default=glad
    column team_id bigint references=teams.id
    column boss_id bigint references=bosses.id
}
table posts {
    column id bigint primary-key
    column author bigint references=users.idd
    column place bigint references=places.title
    index nam
    index id name=twice
    index author name=twice
}
table places { column id bigint primary-key; column title text; index nam; column state (enum)mood default=glad }
table logs { use stamped; index at }
data teams { row id=1 }
data bosses { row id=1 }
"#;
    let mut sources = Sources::default();
    let files = [sources.add("a.kdl", broken), sources.add("b.kdl", whole)];
    let (_, diagnostics) = parse(&sources, &files, &super::dialects());
    let shown: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    assert_snapshot!(shown.join("\n"), @r#"
    E006: the string is never closed
    E103: unknown type `bigin`
    E203: there is no table `bosses`
    E107: the index `twice` of `posts` is declared twice
    E202: `places` has no column `nam`
    E203: there is no table `bosses`
    "#);
}

#[test]
fn what_is_wrong_in_any_case_is_said_beside_what_cant_be_read() {
    assert_snapshot!(problems(
        r#"
table users {
    column id vachar
    column team_id bigint references=teems.id
    column boss_id bigint references=users.idd
}
table teams {
    column id bigint primary-key
    index nam
    foreign-key id references=users.nope
}
"#
    ), @r#"
    E103 `vachar`: unknown type `vachar`
         write `varchar`, or `(native)"vachar"` if the database has such a type
    E203 `teems`: there is no table `teems`
         write `teams`
    E202 `nam`: `teams` has no column `nam`
         add it to `teams`: `column nam text`
    "#);
    assert_snapshot!(problems(
        r#"
template tracked { column at timestmp }
table users { use tracked; index at; column team_id bigint references=teams.id }
"#
    ), @r#"
    E103 `timestmp`: unknown type `timestmp`
         write `timestamp`, or `(native)"timestmp"` if the database has such a type
    E203 `teams`: there is no table `teams`
         declare it: `table teams { … }`
    "#);
}

#[test]
fn a_parenthesis_without_its_other_half() {
    assert_snapshot!(problems(r#"table t { column a "decimal(8,"; column b "geometry(Point" }"#), @r#"
    E103 `"decimal(8,"`: the parentheses of the type `decimal(8,` don't match
         write as many `)` as `(`
    E103 `"geometry(Point"`: the parentheses of the type `geometry(Point` don't match
         write as many `)` as `(`
    "#);
}
