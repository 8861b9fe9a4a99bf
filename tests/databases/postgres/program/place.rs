//! Where unqualified names live: search paths that name no schema, an odd one, or one that comes to be on the way.

use super::Shop;

const SCHEMA: &str = "schema billing { table invoices { column id int primary-key } }\n\
                      table users { column id int primary-key }\n\
                      table orders { column id int primary-key }";

fn namespaces(shop: &Shop) -> Vec<String> {
    shop.session().rows(
        "SELECT n.nspname || '.' || c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace \
         WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
         AND c.relname <> 'schemactl_observed' ORDER BY 1",
    )
}

#[test]
fn a_schema_of_the_path_that_a_revision_creates_changes_nothing() {
    let shop = Shop::new("place_new", SCHEMA);
    let url = shop.with("options=-csearch_path%3Dbilling,public");
    shop.plan(SCHEMA, &[]);
    shop.run_at(&url, &["apply"]).ok();
    let expected =
        ["billing.invoices", "public.orders", "public.schemactl_journal", "public.users"].map(str::to_owned);
    assert_eq!(namespaces(&shop), expected);
    // The next run finds the schema at the front of the path, and the journal behind it.
    let more = format!("{SCHEMA}\ntable more {{ column id int primary-key }}");
    shop.plan(&more, &[]);
    shop.run_at(&url, &["apply"]).ok();
    let after = namespaces(&shop);
    assert!(after.contains(&"public.more".to_owned()), "{after:?}");
    shop.run_at(&url, &["rollback", "base", "--allow-destructive", "all"]).ok();
    assert_eq!(namespaces(&shop), ["public.schemactl_journal"]);
}

#[test]
fn a_path_without_a_schema_is_refused_and_an_odd_one_is_used() {
    let shop = Shop::new("place_odd", SCHEMA);
    shop.plan(SCHEMA, &[]);
    for path in ["nowhere", ""] {
        let url = shop.with(&format!("options=-csearch_path%3D{path}"));
        let words = shop.run_at(&url, &["apply"]).fails(1);
        assert!(words.contains("E719") && words.contains("names no schema that exists"), "{words}");
    }
    shop.session().execute(r#"CREATE SCHEMA "select ""x"" é""#);
    let url = shop.with("options=-csearch_path%3D%22select%5C%20%22%22x%22%22%5C%20%C3%A9%22");
    shop.run_at(&url, &["apply"]).ok();
    assert!(namespaces(&shop).contains(&r#"select "x" é.users"#.to_owned()));
    shop.run_at(&url, &["rollback", "base", "--allow-destructive", "all"]).ok();
    assert_eq!(namespaces(&shop), [r#"select "x" é.schemactl_journal"#]);
}

#[test]
fn two_schemas_have_tables_of_the_same_names() {
    let body = "table users { column id int primary-key; column name text unique; index name id }";
    let schema = format!(
        "schema \"select\" {{ {body} }}\nschema \"Table\" {{ {body} }}\n{body}\n\
         schema \"Table\" {{ table posts {{ column id int primary-key; column user_id int references=\"select.users.id\" }} }}"
    );
    let shop = Shop::new("place_two", &schema);
    shop.plan(&schema, &[]).apply();
    let changed = schema.replacen("name text unique", "label \"varchar(50)\" unique was=name", 1).replacen(
        "index name id",
        "index label id",
        1,
    );
    shop.plan(&changed, &[]).apply();
    let columns = "SELECT n.nspname || '.' || a.attname FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid \
                   JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relname = 'users' AND a.attnum = 2 ORDER BY 1";
    assert_eq!(shop.session().rows(columns), ["Table.name", "public.name", "select.label"]);
    shop.run(&["rollback", "base", "--allow-destructive", "all"]).ok();
    assert_eq!(namespaces(&shop), ["public.schemactl_journal"]);
}
