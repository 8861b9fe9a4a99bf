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
    use timestamps
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
        column created_at timestamptz default=(sql)"CURRENT_TIMESTAMP"
        column id bigint identity primary-key
        column slug text generated=(sql)"lower(title)"
        column status (enum)"post_status" default=draft
        column tags "text[]"
        column title "varchar(200)"
        column updated_at timestamptz nullable
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

#[test]
fn columns_with_everything() {
    assert_snapshot!(canonical(
        r##"
enum mood sad ok
table t {
    column a INTEGER identity=always identity-start=100 identity-increment=5 primary-key
    column b "Character Varying( 20 )" nullable collate=NOCASE comment="b\nc"
    column c "numeric(10, 2)" default=-01_0.50
    column d "double precision" default=#null nullable
    column e bool default=#true
    column f "timestamp(3) with time zone" { default (sql)"CURRENT_TIMESTAMP" (postgres)"now()" { none sqlite } }
    column g "mood[]" sqlite=text
    column h "geometry(Polygon,4326)" sqlite=bytes nullable
    column i text virtual { generated (sql)"lower(b)" (sqlite)"b" }
    column j text { collate C (sqlite)BINARY }
    (postgres)column k jsonb unique
    column l "text[][]"
    column m char
    column unique text { default x postgres=y }
}
"##
    ), @r#"
    enum mood sad ok

    table t {
        column a int identity=always identity-start=100 identity-increment=5 primary-key
        column b "varchar(20)" nullable collate=NOCASE comment="""
            b
            c
            """
        column c "decimal(10,2)" default=-10.50
        column d double nullable default=#null
        column e bool default=#true
        column f "timestamptz(3)" {
            default (sql)"CURRENT_TIMESTAMP" postgres=(sql)"now()" {
                none sqlite
            }
        }
        column g (enum)"mood[]" sqlite=text
        column h (native)"geometry(Polygon,4326)" sqlite=bytes nullable
        column i text virtual {
            generated (sql)"lower(b)" (sqlite)"b"
        }
        column j text {
            collate C sqlite=BINARY
        }
        (postgres)column k (native)"jsonb" unique
        column l "text[][]"
        column m "char(1)"
        column unique text {
            default x postgres=y
        }
    }
    "#);
}

#[test]
fn constraints_with_everything() {
    assert_snapshot!(canonical(
        r##"
table t {
    column a int references="t.b" on-delete=cascade on-update=restrict deferrable=deferred
    column b int unique
    column deferrable int
    primary-key b a name=t_key
    unique a b nulls-not-distinct deferrable
    (sqlite)unique b name=again
    unique { on a deferrable }
    foreign-key a b on-delete=no-action { references t b a }
    foreign-key b references="t.b" name=own
    check "a > 0"
    check "a > b" name=order
    check (sql)"b > 0" (sqlite)"b"
    check "b > 1"
}
"##
    ), @r#"
    table t {
        column a int references=t.b deferrable=deferred on-delete=cascade on-update=restrict
        column b int unique
        column deferrable int
        primary-key b a name=t_key
        (sqlite)unique b name=again
        unique a b nulls-not-distinct deferrable
        unique {
            on a deferrable
        }
        foreign-key b references=t.b name=own
        foreign-key a b {
            references t b a
        }
        check (sql)"a > b" name=order
        check (sql)"a > 0"
        check (sql)"b > 0" (sqlite)"b"
        check (sql)"b > 1" name=t_b_check1
    }
    "#);
}

#[test]
fn indexes_with_everything() {
    assert_snapshot!(canonical(
        r##"
table t {
    column a int
    column unique text
    index a unique nulls-not-distinct comment="why"
    index a { include unique; where "a > 0" (sqlite)"a" }
    index { on unique }
    index { on a order=desc nulls=last; on (sql)"lower(x)" (postgres)"lower(y)" operator-class=text_pattern_ops collate=C }
    (postgres)index a method=hash
    (sqlite)options strict=#true without-rowid=#true
}
"##
    ), @r#"
    table t {
        (sqlite)options strict=#true without-rowid=#true
        column a int
        column unique text
        index {
            on a order=desc nulls=last
            on (sql)"lower(x)" (postgres)"lower(y)" operator-class=text_pattern_ops collate=C
        }
        (postgres)index a method=hash
        index a unique nulls-not-distinct name=t_a_idx1 comment="why"
        index a {
            include unique
            where (sql)"a > 0" (sqlite)"a"
        }
        index {
            on unique
        }
    }
    "#);
}

#[test]
fn objects_of_all_kinds() {
    assert_snapshot!(canonical(
        r##"
schema billing comment="Money" {
    enum "a.b" { value x; value y }
    table "odd.name" comment=x { column id int primary-key; column s (enum)"billing.\"a.b\""; column p int references="people.id" }
    (postgres)view recent { as "SELECT 1"; depends-on "billing.\"odd.name\"" people }
    data "odd.name" { row id=1 s=x p=1; row id=2 s=(sql)"lower('X')" p=1 }
}
table people { column id int; column n int nullable; primary-key id }
object touch {
    create (sql)"CREATE FUNCTION touch() …" (sqlite)"SELECT 1"
    drop "DROP FUNCTION touch()"
    depends-on people
}
schema billing { table more { column id int; column n int; primary-key id n } ; data more { key id n; row id=1 n=2 } }
"##
    ), @r##"
    table people {
        column id int primary-key
        column n int nullable
    }

    object touch {
        depends-on people
        create (sql)"CREATE FUNCTION touch() …" (sqlite)"SELECT 1"
        drop (sql)"DROP FUNCTION touch()"
    }

    schema billing comment="Money" {
        enum a.b x y

        table more {
            column id int
            column n int
            primary-key id n
        }

        table odd.name comment="x" {
            column id int primary-key
            column p int references=people.id
            column s (enum)#"billing."a.b""#
        }

        (postgres)view recent {
            depends-on people #"billing."odd.name""#
            as (sql)"SELECT 1"
        }

        data more {
            key id n
            row id=1 n=2
        }

        data odd.name key=id {
            row id=1 p=1 s=x
            row id=2 p=1 s=(sql)"lower('X')"
        }
    }
    "##);
}

#[test]
fn reference_rows_of_some_environments() {
    let rows = r#"
data kinds only-env="test, dev" { row id=3 name=c; row id=1 name=a }
table kinds { column id int primary-key; column name text }
data kinds { row id=2 name=b }
data kinds only-env=dev { row id=4 name=d }
data words only-env=dev { key a b; row a=1 b=2 }
table words { column a int; column b int; primary-key a b }
data words only-env=test { }
"#;
    assert_snapshot!(canonical(rows), @"
    table kinds {
        column id int primary-key
        column name text
    }

    table words {
        column a int
        column b int
        primary-key a b
    }

    data kinds key=id {
        row id=2 name=b
    }

    data kinds key=id only-env=dev {
        row id=4 name=d
    }

    data kinds key=id only-env=dev,test {
        row id=1 name=a
        row id=3 name=c
    }

    data words only-env=dev {
        key a b
        row a=1 b=2
    }
    ");
}

#[test]
fn derived_names_that_collide_are_numbered_by_content() {
    let one = "table a { column b_c int; column x int; index b_c; index { on x }; index { on (sql)\"x+1\" }; index { on (sql)\"x\" } }";
    let two = "table a_b { column c int; index c }";
    let printed = canonical(&format!("{one}\n{two}"));
    assert_eq!(printed, canonical(&format!("{two}\n{one}")));
    assert_snapshot!(printed, @r#"
    table a {
        column b_c int
        column x int
        index b_c
        index {
            on (sql)"x"
        }
        index name=a_expr_idx1 {
            on (sql)"x+1"
        }
        index x
    }

    table a_b {
        column c int
        index c name=a_b_c_idx1
    }
    "#);
}
