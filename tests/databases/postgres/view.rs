//! Views over whatever changes beneath them.

use super::trial::{Rows, Trial};

#[test]
fn views_follow_renames_drops_and_stars() {
    Trial::new("views").change(
        r#"
table posts { column id int primary-key; column title text; column gone text nullable }
view titles comment=c { as (sql)"SELECT id, title, gone FROM posts" }
view all_posts { as (sql)"SELECT * FROM posts" }
view counts { as (sql)"SELECT count(*) AS n FROM titles" }
view over { as (sql)"SELECT n FROM counts" }
"#,
        "INSERT INTO posts VALUES (1, 'a', 'b')",
        r#"
table articles was=posts { column id int primary-key; column headline text was=title; column more int default=1 }
view titles comment=d { as (sql)"SELECT id, headline FROM articles" }
view all_posts { as (sql)"SELECT * FROM articles" }
view counting was=counts { as (sql)"SELECT count(*) AS n FROM titles" }
view over { as (sql)"SELECT n FROM counting" }
"#,
        Rows::Changed,
    );
}

#[test]
fn a_view_over_a_renamed_table_goes_before_and_comes_back_behind() {
    let sql = Trial::new("follows").change(
        "table posts { column id int primary-key }\nview v { as (sql)\"SELECT posts.id FROM posts\" }",
        "",
        "table articles was=posts { column id int primary-key }\nview v { as (sql)\"SELECT articles.id FROM articles\" }",
        Rows::Kept,
    );
    let place = |text: &str| sql.find(text).unwrap_or_else(|| panic!("{text} in {sql}"));
    assert!(place("DROP VIEW") < place("RENAME TO"), "{sql}");
    assert!(place("RENAME TO") < place("CREATE VIEW"), "{sql}");
}
