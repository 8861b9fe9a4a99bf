//! Answers that give rows a value.

use insta::assert_snapshot;

use super::plan::shop;

#[test]
fn a_default_is_a_value_of_kdl() {
    let project = shop();
    project.replace(
        "schema/shop.kdl",
        "column name text nullable",
        "column name text nullable\ncolumn motto text",
    );
    // KDL would take these quotes for a part of the text.
    assert_snapshot!(project.run(&["plan", "--default", "users.motto='none'"]), @r#"
    ----- stderr
    error[E811]: `'none'` is not a value
    help: write `0`, `#true`, `"text"` or `(sql)"now()"`
    explain: schemactl explain E811
    ----- exit 2
    "#);
    for (value, literal) in [("", "''"), ("\"\"", "''"), ("none", "'none'"), ("\"'none'\"", "'''none'''")] {
        let shown =
            project.run(&["plan", "--dry-run", "--sql", "--default", &format!("users.motto={value}")]).ok();
        assert!(shown.contains(&format!("SET motto = {literal}")), "{value}: {shown}");
    }
}

#[test]
fn a_value_that_the_column_cannot_hold_is_refused() {
    let project = shop();
    let before = project.files();
    project.replace(
        "schema/shop.kdl",
        "column name text nullable",
        "column age smallint\ncolumn rank status",
    );
    let answers = ["plan", "--default", "users.age=70000", "--default", "users.rank=gone"];
    assert_snapshot!(project.run(&answers), @"
    ----- stderr
    error[E811]: `users.age` can't get this value: `70000` is out of the range of `smallint`, -32768 to 32767
    help: write a smaller number, or make the type larger
    error[E811]: `users.rank` can't get this value: `gone` is not a value of the enum `status`
    help: write one of `draft`, `published`, `archived`
    explain: schemactl explain E811
    ----- exit 2
    ");
    assert_eq!(project.files(), before);
}
