//! Views over whatever changes beneath them.

use super::trial::{Rows, Trial};
use crate::connection::Fresh;
use crate::support::project::Project;
use crate::support::sql;

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

/// What a view has beside its definition.
const GIVEN: &str = "
    SELECT c.relacl::text, c.reloptions::text, obj_description(c.oid), pg_get_userbyid(c.relowner) FROM pg_class AS c
        WHERE c.relname IN ('titles', 'named')
    UNION ALL SELECT a.attname, a.attacl::text, col_description(a.attrelid, a.attnum),
        pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON adrelid = attrelid AND adnum = attnum
        WHERE a.attrelid IN (SELECT oid FROM pg_class WHERE relname IN ('titles', 'named')) AND a.attnum > 0
    UNION ALL SELECT tgname, replace(pg_get_triggerdef(oid), 'titles', 'named'), NULL, NULL FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT rulename, replace(pg_get_ruledef(oid), 'titles', 'named'), NULL, NULL FROM pg_rewrite
        WHERE rulename = 'quiet'";

#[test]
fn a_view_that_comes_back_has_what_it_was_given() {
    let fresh = Fresh::postgres();
    let project = Project::empty();
    let write = |title: &str, view: &str| {
        let schema = format!(
            "table posts {{ column id int primary-key; column title \"{title}\" }}\n\
             view {view} {{ as (sql)\"SELECT id, title FROM posts\" }}\n"
        );
        project.write("schema/t.kdl", schema);
    };
    project.write("schemactl.kdl", "project shop { dialects postgres }\n");
    let apply = || project.run(&["apply", "--url", &fresh.url, "--allow-drift"]).ok();
    write("varchar(80)", "titles");
    project.run(&["plan", "-m", "one"]).ok();
    apply();
    let role = format!("test_viewer_{}", std::process::id());
    sql::execute(&fresh.url, &format!("CREATE ROLE \"{role}\""));
    sql::execute(
        &fresh.url,
        &format!(
            "GRANT SELECT ON titles TO pg_monitor WITH GRANT OPTION; GRANT INSERT ON titles TO PUBLIC;
             GRANT UPDATE (title) ON titles TO pg_monitor; ALTER VIEW titles SET (security_barrier = true);
             COMMENT ON VIEW titles IS 'it''s ours'; COMMENT ON COLUMN titles.title IS '50%';
             ALTER VIEW titles ALTER COLUMN title SET DEFAULT 'none';
             CREATE RULE quiet AS ON DELETE TO titles DO INSTEAD NOTHING;
             CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
             CREATE TRIGGER t INSTEAD OF INSERT ON titles FOR EACH ROW EXECUTE FUNCTION f();
             GRANT CREATE ON SCHEMA public TO \"{role}\"; ALTER VIEW titles OWNER TO \"{role}\""
        ),
    );
    let given = sql::rows(&fresh.url, GIVEN);
    write("varchar(90)", "titles");
    project.run(&["plan", "-m", "two"]).ok();
    apply();
    let after = sql::rows(&fresh.url, GIVEN);
    write("varchar(100)", "named was=titles");
    project.run(&["plan", "-m", "three"]).ok();
    apply();
    let renamed = sql::rows(&fresh.url, GIVEN);
    let definition = sql::rows(&fresh.url, "SELECT pg_get_viewdef('named'::regclass)");
    drop(fresh);
    sql::execute(crate::support::postgres::server(), &format!("DROP ROLE \"{role}\""));
    assert_eq!(after, given);
    assert_eq!(renamed, given, "{definition:?}");
    assert!(given.len() >= 5 && given[0].contains(&role), "{given:?}");
}

#[test]
fn nothing_goes_along_with_what_is_dropped() {
    let start = "schema area { table inner { column id int primary-key } }\nenum mood low high\n\
                 table posts { column id int primary-key }\nview ids { as (sql)\"SELECT id FROM posts\" }\n";
    for (by_hand, end, named) in [
        (
            "CREATE VIEW mine AS SELECT id FROM posts",
            &["table posts", "view ids"][..],
            "view mine depends on table posts",
        ),
        ("CREATE VIEW mine AS SELECT id FROM ids", &["view ids"], "view mine depends on view ids"),
        ("CREATE TABLE mine (m mood)", &["enum mood"], "column m of table mine depends on type mood"),
        ("CREATE TABLE area.mine (id int)", &["schema area"], "table area.mine depends on schema area"),
    ] {
        let fresh = Fresh::postgres();
        let project = Project::empty();
        project.write("schemactl.kdl", "project shop { dialects postgres }\n").write("schema/t.kdl", start);
        project.run(&["plan", "-m", "one"]).ok();
        project.run(&["apply", "--url", &fresh.url]).ok();
        sql::execute(&fresh.url, by_hand);
        let kept: Vec<&str> =
            start.lines().filter(|line| !end.iter().any(|gone| line.starts_with(gone))).collect();
        project.write("schema/t.kdl", kept.join("\n"));
        project.run(&["plan", "-m", "two"]).ok();
        let drop = ["apply", "--url", &fresh.url, "--allow-destructive", "all", "--allow-drift"];
        let words = project.run(&drop).fails(1);
        assert!(words.contains("error[E727]") && words.contains(named), "{words}");
        assert!(words.contains("everything was rolled back"), "{words}");
    }
}
