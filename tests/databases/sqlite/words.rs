//! The SQL that is written, as people read it.

use insta::assert_snapshot;

use super::Change;

#[test]
fn a_new_table_reads_well() {
    let change = Change::new(
        "",
        "SELECT 1",
        r#"
enum status draft published
table users {
    column id bigint identity primary-key
    column email "varchar(320)" unique collate=NOCASE
    column active bool default=#true
    column balance "decimal(10,2)" default=0
    column created_at timestamptz default=(sql)"CURRENT_TIMESTAMP"
    check "email LIKE '%@%'" name=users_email_has_at
}
table posts {
    column id uuid primary-key
    column author_id bigint references="users.id" on-delete=cascade
    column status status default=draft
    column slug text generated=(sql)"lower(id)"
    unique author_id slug
    index name=posts_recent { on author_id; on (sql)"lower(slug)" order=desc; where (sql)"status = 'draft'" }
}
"#,
    );
    assert_snapshot!(change.sql(), @r#"
    CREATE TABLE "users" (
        "id" integer NOT NULL CONSTRAINT "users_pkey" PRIMARY KEY AUTOINCREMENT,
        "email" varchar(320) COLLATE NOCASE NOT NULL CONSTRAINT "users_email_key" UNIQUE CONSTRAINT "users_email_has_at" CHECK (email LIKE '%@%'),
        "active" boolean NOT NULL DEFAULT TRUE,
        "balance" decimal(10,2) NOT NULL DEFAULT 0,
        "created_at" timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
    );
    CREATE TABLE "posts" (
        "id" text NOT NULL CONSTRAINT "posts_pkey" PRIMARY KEY,
        "author_id" bigint NOT NULL CONSTRAINT "posts_author_id_fkey" REFERENCES "users" ("id") ON DELETE CASCADE,
        "status" text NOT NULL DEFAULT 'draft' CONSTRAINT "status_enum" CHECK ("status" IN ('draft', 'published')),
        "slug" text NOT NULL GENERATED ALWAYS AS (lower(id)) STORED,
        CONSTRAINT "posts_author_id_slug_key" UNIQUE ("author_id", "slug")
    );
    CREATE INDEX "posts_recent" ON "posts" ("author_id", (lower(slug)) DESC) WHERE (status = 'draft');
    "#);
}

#[test]
fn what_becomes_of_a_row_that_breaks_a_rule_reads_well() {
    let change = Change::new(
        "table s { column id int primary-key; }",
        "SELECT 1",
        r#"
table s {
    column id int primary-key
    column n int default=0 { (sqlite)options on-conflict=replace; }
}
table t {
    column id bigint identity
    column a text { (sqlite)options on-conflict=ignore; }
    column b int
    primary-key id { (sqlite)options on-conflict=replace; }
    unique a { (sqlite)options on-conflict=fail collate=NOCASE; }
    unique b { (sqlite)options on-conflict=ignore; }
    unique a b { (sqlite)options on-conflict=rollback order="asc desc"; }
}
"#,
    );
    assert_snapshot!(change.sql(), @r#"
    CREATE TABLE "t" (
        "id" integer NOT NULL CONSTRAINT "t_pkey" PRIMARY KEY ON CONFLICT REPLACE AUTOINCREMENT,
        "a" text NOT NULL ON CONFLICT IGNORE,
        "b" integer NOT NULL CONSTRAINT "t_b_key" UNIQUE ON CONFLICT IGNORE,
        CONSTRAINT "t_a_key" UNIQUE ("a" COLLATE NOCASE) ON CONFLICT FAIL,
        CONSTRAINT "t_a_b_key" UNIQUE ("a", "b" DESC) ON CONFLICT ROLLBACK
    );
    ALTER TABLE "s" ADD COLUMN "n" integer NOT NULL ON CONFLICT REPLACE DEFAULT 0;
    "#);
}

#[test]
fn a_rebuild_reads_well() {
    let table = |ty: &str| {
        format!("table t {{\n column id bigint identity primary-key\n column a {ty}\n index a\n}}\n")
    };
    let change = Change::new(&table("bool"), "SELECT 1", &table("text"));
    assert_snapshot!(change.sql(), @r#"
    PRAGMA foreign_keys = OFF;
    BEGIN IMMEDIATE;
    CREATE TABLE "_schemactl_new_t" (
        "id" integer NOT NULL CONSTRAINT "t_pkey" PRIMARY KEY AUTOINCREMENT,
        "a" text NOT NULL
    );
    INSERT INTO "_schemactl_new_t" ("id", "a") SELECT "id", CASE "a" WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE "a" END FROM "t";
    DELETE FROM sqlite_sequence WHERE name = '_schemactl_new_t';
    INSERT INTO sqlite_sequence (name, seq) SELECT '_schemactl_new_t', seq FROM sqlite_sequence WHERE name = 't';
    DROP TABLE "t";
    PRAGMA legacy_alter_table = ON;
    ALTER TABLE "_schemactl_new_t" RENAME TO "t";
    PRAGMA legacy_alter_table = OFF;
    CREATE INDEX "t_a_idx" ON "t" ("a");
    PRAGMA foreign_key_check;
    COMMIT;
    PRAGMA foreign_keys = ON;
    "#);
}
