//! Every node and attribute, as text and as canonical text.

use insta::assert_snapshot;

use super::canonical;

#[test]
fn the_sample_of_the_design() {
    assert_snapshot!(canonical(
        r##"
enum post_status draft published archived

template timestamps {
    column created_at timestamptz default=(sql)"CURRENT_TIMESTAMP"
    column updated_at timestamptz nullable
}

table users comment="People who can sign in" {
    column id bigint identity primary-key
    column email "varchar(320)" unique
    column display_name text nullable
    use timestamps
    check "email LIKE '%@%'" name=users_email_has_at
    check "email <> display_name"
    check "length(email) > 3"
}

table posts {
    column id bigint identity primary-key
    column author_id bigint references="users.id" on-delete=cascade
    column title "varchar(200)"
    column status post_status default=draft
    column tags "text[]"
    column body text was=content          // a rename, told to the next plan
    column slug text generated=(sql)"lower(title)"
    unique author_id slug
    index author_id created_at
    index name=posts_title_ci { on (sql)"lower(title)" order=desc; where (sql)"status = 'published'" }
    (postgres)index method=gin { on tags }
}

table post_kinds { column id int primary-key; column name text }
data post_kinds key=id {                  // reference rows, part of the desired state
    row id=1 name=note
    row id=2 name=article
}
"##
    ), @r#"
    enum post_status draft published archived

    table post_kinds {
        column id int primary-key
        column name text
    }

    table posts {
        column author_id bigint references=users.id on-delete=cascade
        column body text
        column id bigint identity primary-key
        column slug text generated=(sql)"lower(title)"
        column status (enum)"post_status" default=draft
        column tags "text[]"
        column title "varchar(200)"
        unique author_id slug
        index author_id created_at
        (postgres)index tags method=gin
        index name=posts_title_ci {
            on (sql)"lower(title)" order=desc
            where (sql)"status = 'published'"
        }
    }

    table users comment="People who can sign in" {
        column created_at timestamptz default=(sql)"CURRENT_TIMESTAMP"
        column display_name text nullable
        column email "varchar(320)" unique
        column id bigint identity primary-key
        column updated_at timestamptz nullable
        check (sql)"email <> display_name"
        check (sql)"length(email) > 3"
        check (sql)"email LIKE '%@%'" name=users_email_has_at
    }

    data post_kinds key=id {
        row id=1 name=note
        row id=2 name=article
    }
    "#);
}
