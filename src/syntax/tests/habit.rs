//! Words that people bring along from other languages.

use insta::assert_snapshot;

use super::problems;

#[test]
fn habits_of_other_languages() {
    assert_snapshot!(problems(
        r##"
table t {
    column a int not-null
    column b int auto-increment pk
    column c int generated="a" stored
    column required text
    column d int check="d > 0" nullable=#false unique=#true index foreign-key
    e int
}
enum e { a }
data nobody { row id=1 }
"##
    ), @r#"
    E013 `not-null`: `column` has no flag `not-null`
         delete it: a column takes no NULL unless it says `nullable`
    E013 `auto-increment`: `column` has no flag `auto-increment`
         write `identity`
    E013 `pk`: `column` has no flag `pk`
         write `primary-key`
    E013 `stored`: `column` has no flag `stored`
         delete it: what is `generated` is stored unless it says `virtual`
    E013 `check`: `column` has no property `check`
         write it into the table: `check (sql)"…"`
    E013 `nullable`: `column` has no property `nullable`
         delete it: without the word it is off
    E013 `unique`: `column` has no property `unique`
         write `unique` without a value
    E013 `index`: `column` has no flag `index`
         write it into the table: `index COLUMN`
    E013 `foreign-key`: `column` has no flag `foreign-key`
         write `references=TABLE.COLUMN`
    E013 `e`: `table` has no child `e`
         write `column e …` if it is a column, otherwise use one of `options`, `column`, `primary-key`, `unique`, `foreign-key`, `check`, `index`, `use`
    E013 `a`: `enum` has no child `a`
         use `value`
    E203 `nobody`: there is no table `nobody`
         declare it: `table nobody { … }`, or correct the name
    "#);
}
