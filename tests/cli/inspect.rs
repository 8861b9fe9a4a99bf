//! `schemactl inspect` and `schemactl init --from`, on databases that are files.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;

use crate::support::project::Project;
use crate::support::sql;

/// A folder with the database of the page about adopting one.
fn shop() -> Project {
    let project = Project::empty();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/adopt/shop.sql");
    sql::execute(&project.sqlite("shop.db"), &fs::read_to_string(script).unwrap());
    project
}

#[test]
fn a_database_is_printed_without_a_project() {
    let project = shop();
    assert_snapshot!(project.run(&["inspect", "--url", "sqlite://shop.db", "--include", "orders"]), @r#"
    table customers {
        (sqlite)options autoincrement=#false
        column id bigint identity primary-key
        column email "varchar(320)" unique
        column name text nullable
        column created_at text default=(sql)"CURRENT_TIMESTAMP"
    }

    table orders {
        (sqlite)options autoincrement=#false
        column id bigint identity primary-key
        column customer_id int references=customers.id on-delete=cascade
        column status text default=new
        column placed_at text default=(sql)"CURRENT_TIMESTAMP"
        check (sql)"status IN ('new', 'paid', 'sent')"
        index placed_at name=open_orders {
            where (sql)"status <> 'sent'"
        }
        index customer_id
    }
    ----- stderr
    `customers` comes along, because `orders` needs it
    "#);
    assert_snapshot!(project.run(&["inspect", "--url", "sqlite://shop.db", "--include", "orders", "--format", "sql"]), @r#"
    CREATE TABLE "customers" (
        "id" integer NOT NULL CONSTRAINT "customers_pkey" PRIMARY KEY,
        "email" varchar(320) NOT NULL CONSTRAINT "customers_email_key" UNIQUE,
        "name" text,
        "created_at" text NOT NULL DEFAULT CURRENT_TIMESTAMP
    );
    CREATE TABLE "orders" (
        "id" integer NOT NULL CONSTRAINT "orders_pkey" PRIMARY KEY,
        "customer_id" integer NOT NULL CONSTRAINT "orders_customer_id_fkey" REFERENCES "customers" ("id") ON DELETE CASCADE,
        "status" text NOT NULL DEFAULT 'new' CONSTRAINT "orders_status_check" CHECK (status IN ('new', 'paid', 'sent')),
        "placed_at" text NOT NULL DEFAULT CURRENT_TIMESTAMP
    );
    CREATE INDEX "open_orders" ON "orders" ("placed_at") WHERE (status <> 'sent');
    CREATE INDEX "orders_customer_id_idx" ON "orders" ("customer_id");
    ----- stderr
    `customers` comes along, because `orders` needs it
    "#);
    assert_eq!(project.files(), ["shop.db"]);
}

#[test]
fn what_is_not_part_of_the_schema_is_named_whatever_is_asked_for() {
    let project = shop();
    for format in ["human", "json", "kdl", "sql"] {
        let output = project.run(&["inspect", "--url", "sqlite://shop.db", "-qq", "--format", format]);
        assert!(output.stderr.contains("alembic_version: keeps what Alembic has run"), "{format}: {output}");
        assert_eq!(output.code, Some(0));
    }
    let strict = project.run(&["inspect", "--url", "sqlite://shop.db", "--strict", "--quiet"]);
    assert_eq!(strict.code, Some(4));
    assert!(!strict.stdout.is_empty());
}

#[test]
fn a_database_is_told_as_json() {
    let script = "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT DEFAULT 'x', size INT DEFAULT 0 CHECK (size >= 0)); \
                  CREATE INDEX notes_body_idx ON notes (lower(body) DESC) WHERE size > 1; \
                  CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)";
    let project = Project::empty();
    sql::execute(&project.sqlite("notes.db"), script);
    let told = project.run(&["inspect", "--url", "sqlite://notes.db", "--format", "json"]).stdout;
    let version: serde_json::Value = serde_json::from_str(&told).unwrap();
    let told = told.replace(version["version"].as_str().unwrap(), "[VERSION]");
    assert_snapshot!(told, @r#"
    {
      "brought": [],
      "dialect": "sqlite",
      "format": 1,
      "namespace": null,
      "schema": {
        "data": [],
        "enums": [],
        "namespaces": [],
        "objects": [],
        "tables": [
          {
            "checks": [
              {
                "expression": "size >= 0",
                "name": "notes_size_check",
                "options": {}
              }
            ],
            "columns": [
              {
                "collation": null,
                "comment": null,
                "default": null,
                "generated": null,
                "identity": {
                  "increment": null,
                  "mode": "by-default",
                  "start": null
                },
                "name": "id",
                "nullable": false,
                "options": {},
                "type": "bigint"
              },
              {
                "collation": null,
                "comment": null,
                "default": {
                  "literal": "x"
                },
                "generated": null,
                "identity": null,
                "name": "body",
                "nullable": true,
                "options": {},
                "type": "text"
              },
              {
                "collation": null,
                "comment": null,
                "default": {
                  "number": "0"
                },
                "generated": null,
                "identity": null,
                "name": "size",
                "nullable": true,
                "options": {},
                "type": "int"
              }
            ],
            "comment": null,
            "foreign_keys": [],
            "indexes": [
              {
                "comment": null,
                "include": [],
                "keys": [
                  {
                    "collation": null,
                    "expression": "lower(body)",
                    "nulls": null,
                    "operator_class": null,
                    "order": "desc",
                    "prefix": null
                  }
                ],
                "method": null,
                "name": "notes_body_idx",
                "nulls_not_distinct": false,
                "options": {},
                "unique": false,
                "where": "size > 1"
              }
            ],
            "name": "notes",
            "namespace": null,
            "options": {
              "sqlite": {
                "autoincrement": {
                  "literal": false
                }
              }
            },
            "primary_key": {
              "columns": [
                "id"
              ],
              "name": "notes_pkey",
              "options": {}
            },
            "uniques": []
          }
        ],
        "views": []
      },
      "state": "s1:1d619df6b2cf0ea22f12e122bcfa4d99cd449394e5328783741dd95b23b65a16",
      "tools": [
        {
          "catch_up": "alembic upgrade head",
          "table": "alembic_version",
          "tool": "Alembic"
        }
      ],
      "unmanaged": [
        {
          "definition": "table alembic_version {\n    column version_num \"varchar(32)\" primary-key\n}\n",
          "kind": "table",
          "name": "alembic_version",
          "reason": "keeps what Alembic has run"
        }
      ],
      "unseen": [],
      "version": "[VERSION]",
      "written": null
    }
    "#);
}

#[test]
fn the_schema_is_written_into_files() {
    let project = shop();
    assert_snapshot!(project.run(&["inspect", "--url", "sqlite://shop.db", "--out", "a/b", "--split", "per-table"]), @"
    ----- stderr
           Wrote a/b/customers.kdl
           Wrote a/b/order_lines.kdl
           Wrote a/b/orders.kdl
           Wrote a/b/products.kdl
           Wrote a/b/views.kdl
    1 thing in the database is not part of the schema:
      table  alembic_version: keeps what Alembic has run
    ");
    assert_snapshot!(project.run(&["inspect", "--url", "sqlite://shop.db", "--out", "a/b"]), @"
    ----- stderr
    error[E802]: `a/b` exists and is no empty folder
    help: name another folder with `--out`, or move away what is there
    explain: schemactl explain E802
    ----- exit 2
    ");
    project.run(&["inspect", "--url", "sqlite://shop.db", "--out", "one"]).ok();
    let printed = project.run(&["inspect", "--url", "sqlite://shop.db"]).ok();
    assert_eq!(project.read("one/schema.kdl"), printed);
    assert_eq!(project.files().iter().filter(|file| file.starts_with("a/b/")).count(), 5);
}

#[test]
fn what_can_not_be_read_is_told_once() {
    let project = Project::empty();
    project
        .write("broken.db", "this is no database, and long enough to be seen as one if it were: ".repeat(40));
    assert_snapshot!(project.run(&["inspect", "--url", "sqlite://nothing.db"]), @"
    ----- stderr
    error[E705]: the database `nothing.db` doesn't exist
    help: correct the URL: a database that is only looked at is not made
    explain: schemactl explain E705
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["inspect", "--url", "sqlite://broken.db", "--out", "x"]), @r"
    ----- stderr
    error[E703]: can't connect to `sqlite://broken.db`: file is not a database
    help: name a file that SQLite has made
    explain: schemactl explain E703
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["init", "--from", "sqlite://broken.db"]), @r"
    ----- stderr
    error[E703]: can't connect to `sqlite://broken.db`: file is not a database
    help: name a file that SQLite has made
    explain: schemactl explain E703
    ----- exit 1
    ");
    sql::execute(&project.sqlite("torn.db"), "CREATE TABLE t (a int); CREATE TABLE u (a int)");
    let mut bytes = std::fs::read(project.path("torn.db")).unwrap();
    bytes[100..1000].fill(0xff);
    std::fs::write(project.path("torn.db"), bytes).unwrap();
    assert_snapshot!(project.run(&["init", "--from", "sqlite://torn.db"]), @r"
    ----- stderr
    error[E703]: can't connect to `sqlite://torn.db`: database disk image is malformed
    help: restore the file from a backup, or save what can be read: `sqlite3 FILE .recover`
    explain: schemactl explain E703
    ----- exit 1
    ");
    std::fs::remove_file(project.path("torn.db")).unwrap();
    assert_snapshot!(project.run(&["inspect"]), @"
    ----- stderr
    error[E601]: no `schemactl.kdl` in `[PROJECT]` or above
    help: run `schemactl init` to begin a project here, or name one with `--project DIR`
    explain: schemactl explain E601
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["inspect", "--url", "sqlite://broken.db", "--split", "one"]), @"
    ----- stderr
    error: the following required arguments were not provided:
      --out <DIR>

    Usage: schemactl inspect --out <DIR> --url <URL> --split <HOW>

    For more information, try '--help'.
    ----- exit 2
    ");
    assert_eq!(project.files(), ["broken.db"]);
}

#[test]
fn a_format_that_a_command_has_not_is_refused_before_anything_is_done() {
    let project = Project::empty();
    assert_snapshot!(project.run(&["init", "--format", "kdl"]), @"
    ----- stderr
    error: `init` has no format `kdl`, only `human` and `json`

    Usage: schemactl [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ----- exit 2
    ");
    assert_eq!(project.files(), [""; 0]);
}

#[test]
fn a_project_begins_with_a_database() {
    let project = shop();
    assert_snapshot!(project.run(&["init", "--from", "sqlite://shop.db", "--stamp", "--split", "per-table"]), @r"
    ----- stderr
         Created schemactl.kdl
         Created schema/customers.kdl
         Created schema/order_lines.kdl
         Created schema/orders.kdl
         Created schema/products.kdl
         Created schema/views.kdl
         Created revisions/0001_baseline.kdl
         Created snapshots/s1-638f714ac252eee1.kdl
         Created .gitattributes
         Stamped 0001_baseline
    1 thing in the database is not part of the schema:
      table  alembic_version: keeps what Alembic has run
    `alembic_version` was left alone: Alembic keeps there what it has run
      if Alembic has something pending, run it (`alembic upgrade head`) and begin again
      from here on, let schemactl alone change the schema, and drop such tables by hand once nobody needs them
    next: `schemactl status`, then edit the schema and `schemactl plan`
    ");
    assert_snapshot!(project.run(&["plan"]), @"
    ----- stderr
    nothing to plan: the schema is what the last revision leads to
    ");
    assert_snapshot!(project.run(&["status"]), @"
    database   sqlite://shop.db (dev)
    at         0001_baseline
    applied    1
    pending    0
    ");
    for command in ["check", "verify", "drift", "prove"] {
        assert_eq!(project.run(&[command]).code, Some(0), "{command}");
    }
    project.run(&["fmt", "--check"]).ok();
    let rows = sql::rows(&project.sqlite("shop.db"), "SELECT stock FROM products ORDER BY id");
    assert_eq!(rows, ["118", "890"]);
    assert_snapshot!(project.run(&["init", "--from", "sqlite://shop.db", "--project", "again"]), @"
    ----- stderr
    error[E863]: `sqlite://shop.db` belongs to a project already: its journal ends with `0001_baseline`
    help: work on that project; its schema without a project is what `schemactl inspect --url` prints
    explain: schemactl explain E863
    ----- exit 1
    ");
    assert!(!project.path("again").exists());
}

#[test]
fn a_project_elsewhere_finds_its_database() {
    let project = shop();
    project.run(&["init", "--from", "sqlite://shop.db", "--project", "schemas/shop", "--env", "local"]).ok();
    let config = project.read("schemas/shop/schemactl.kdl");
    assert!(config.contains("env local default=#true {\n    url \"sqlite://../../shop.db\"\n"), "{config}");
    // Nobody could be asked, so it isn't stamped; the stamp looks before it is made.
    assert!(project.run(&["status", "--project", "schemas/shop"]).ok().contains("at         base"));
    project.run(&["stamp", "head", "--project", "schemas/shop"]).ok();
    assert!(project.run(&["status", "--project", "schemas/shop"]).ok().contains("at         0001_baseline"));
}

#[test]
fn nothing_is_written_over_what_is_there() {
    let project = shop();
    project.write("schema/mine.kdl", "table mine { column id int primary-key }\n");
    assert_snapshot!(project.run(&["init", "--from", "sqlite://shop.db"]), @"
    ----- stderr
    error[E802]: `schema` exists
    help: move it away, or begin the project elsewhere with `--project DIR`
    explain: schemactl explain E802
    ----- exit 2
    ");
    assert_eq!(project.files(), ["schema/mine.kdl", "shop.db"]);
}

#[test]
fn what_another_dialect_has_not_keeps_the_project_from_beginning() {
    let project = Project::empty();
    let script = |ty: &str| {
        format!(
            "CREATE TABLE t (code {ty} PRIMARY KEY); \
             CREATE TRIGGER u AFTER INSERT ON t BEGIN SELECT 1; END"
        )
    };
    sql::execute(&project.sqlite("a.db"), &script("TEXT"));
    assert_snapshot!(project.run(&["init", "--from", "sqlite://a.db", "--dialects", "sqlite,postgres"]), @r"
    ----- stderr
    error[E534]: `t.code` is nullable and part of the primary key
       ╭─[schema.kdl, not written:2:12]
     1 │ table t {
     2 │     column code text nullable primary-key
       ·            ────
     3 │ }
       ╰────
    help: remove `nullable`
    error[E866]: the schema of the database needs exceptions for postgres, so nothing was written
    help: begin with `--dialects sqlite`, then add postgres to `dialects`, make the exceptions in the schema, and run `schemactl plan --amend` before the revision is stamped
    explain: schemactl explain E534 E866
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["init", "--from", "sqlite://a.db", "--dialects", "postgres"]), @"
    ----- stderr
    error[E865]: the database speaks `sqlite`, which `--dialects` leaves out
    help: add it: `--dialects sqlite,postgres`
    explain: schemactl explain E865
    ----- exit 2
    ");
    assert_eq!(project.files(), ["a.db"]);
    sql::execute(&project.sqlite("b.db"), &script("TEXT NOT NULL"));
    project.run(&["init", "--from", "sqlite://b.db", "--dialects", "sqlite,postgres", "--stamp"]).ok();
    assert!(project.read("schema/schema.kdl").contains("(sqlite)object"));
    for command in ["check", "drift", "prove"] {
        assert_eq!(project.run(&[command]).code, Some(0), "{command}");
    }
}

#[test]
fn a_database_that_is_not_stamped_is_to_be_stamped() {
    let project = shop();
    sql::execute(&project.sqlite("shop.db"), "CREATE TABLE notes (title text, body text)");
    project.run(&["init", "--from", "sqlite://shop.db", "-q"]).ok();
    let apply = project.run(&["apply"]).fails(1);
    assert!(apply.contains("record that it has it: `schemactl stamp 0001_baseline`"), "{apply}");
    let drift = project.run(&["drift"]).fails(4);
    let next = "next: `schemactl stamp head`, if the database was there before its first revision";
    assert!(drift.contains(next), "{drift}");
    project.run(&["stamp", "head"]).ok();
    project.run(&["drift"]).ok();
    // A table that goes is put back as it was, with its columns in their order.
    sql::execute(&project.sqlite("shop.db"), "DROP TABLE notes");
    let drift = project.run(&["drift"]).to_string();
    let place = |text: &str| drift.find(text).unwrap_or_else(|| panic!("{text}: {drift}"));
    assert!(place("\"title\" text") < place("\"body\" text"), "{drift}");
    sql::execute(&project.sqlite("shop.db"), "CREATE TABLE tags (id integer PRIMARY KEY)");
    project.write("schema/tags.kdl", "table tags { column id int primary-key; }");
    project.run(&["plan", "-q", "-m", "tags"]).ok();
    let apply = project.run(&["apply", "--allow-drift"]).fails(1);
    assert!(apply.contains("has besides its revisions: `schemactl drift`"), "{apply}");
}
