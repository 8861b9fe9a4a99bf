//! `was=`: a rename that the schema tells to the next plan.

use insta::assert_snapshot;

use super::plan::shop;

#[test]
fn was_tells_a_rename() {
    let project = shop();
    project.replace("schema/shop.kdl", "column name text", "column full_name text was=name");
    project.replace("schema/shop.kdl", "table posts {", "table articles was=posts {");
    assert_snapshot!(project.run(&["plan"]), @"
    0002_rename_posts_and_2_more                            aef2f350 → 7a191eb0
      -> table        posts                          posts → articles
      -> column       users.name                     name → full_name
      -> primary key  articles.posts_pkey            posts_pkey → articles_pkey
      -> index        articles.posts_author_id_idx   posts_author_id_idx → articles_author_id_idx
      -> foreign key  articles.posts_author_id_fkey  posts_author_id_fkey → articles_author_id_fkey
    5 steps: 5 to rename · 1 transaction · undo: yes
    ----- stderr
           Wrote snapshots/s1-7a191eb0df167b7e.kdl
           Wrote revisions/0002_rename_posts_and_2_more.kdl
         Updated schema/shop.kdl: `was=` is taken out, the revision has the rename
    next: `schemactl apply`
    ");
    assert_eq!(
        project.run(&["plan"]).stderr,
        "nothing to plan: the schema is what the last revision leads to\n"
    );
}

#[test]
fn a_rename_that_the_schema_tells_is_told_once() {
    let project = shop();
    let swapped = "table users {
    column id bigint identity primary-key
    column email text nullable was=name   // they were in each other's place
    column name \"varchar(320)\" \\
        was=email
    unique name name=users_email_key
}";
    let schema = project.read("schema/shop.kdl");
    let (before, rest) = schema.split_once("table users {").unwrap();
    let after = rest.split_once('}').unwrap().1;
    project.write("schema/shop.kdl", format!("{before}{swapped}{after}"));
    assert_snapshot!(project.run(&["plan", "--dry-run"]), @"
    0002_rename_users                                       aef2f350 → 6410592a
      -> column  users.email      email → email_old
      -> column  users.name       name → email
      -> column  users.email_old  email_old → name
    3 steps: 3 to rename · 1 transaction · undo: yes
    ");
    assert!(project.read("schema/shop.kdl").contains("was="));
    assert_snapshot!(project.run(&["plan"]), @"
    0002_rename_users                                       aef2f350 → 6410592a
      -> column  users.email      email → email_old
      -> column  users.name       name → email
      -> column  users.email_old  email_old → name
    3 steps: 3 to rename · 1 transaction · undo: yes
    ----- stderr
           Wrote snapshots/s1-6410592aa8285e11.kdl
           Wrote revisions/0002_rename_users.kdl
         Updated schema/shop.kdl: `was=` is taken out, the revision has the rename
    next: `schemactl apply`
    ");
    assert_snapshot!(project.read("schema/shop.kdl"), @r#"
            enum status draft published archived
            table users {
        column id bigint identity primary-key
        column email text nullable   // they were in each other's place
        column name "varchar(320)"
        unique name name=users_email_key
    }
            table posts {
                column id bigint identity primary-key
                column author_id bigint references=users.id on-delete=cascade
                column title "varchar(80)"
                column status status default=draft
                index author_id
            }
    "#);
    assert_snapshot!(project.run(&["plan"]), @"
    ----- stderr
    nothing to plan: the schema is what the last revision leads to
    ");
    project.run(&["check"]).ok();
}
