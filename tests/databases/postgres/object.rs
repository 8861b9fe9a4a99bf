//! Raw objects: functions, triggers, policies.

use super::trial::{Rows, Trial};
use crate::connection::Fresh;
use crate::support::project::Project;
use crate::support::sql;

fn schema(ty: &str, column: &str, body: &str) -> String {
    format!(
        r##"
table t {{ column id int primary-key; column {column} {ty}; (postgres)options row-level-security=#true }}
object touch {{
    create (sql)#"CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NEW; END $$"#
    drop (sql)"DROP FUNCTION touch()"
}}
object touching {{
    create (sql)"CREATE TRIGGER touching BEFORE UPDATE OF v ON t FOR EACH ROW EXECUTE FUNCTION touch()"
    drop (sql)"DROP TRIGGER touching ON t"
    depends-on touch t
}}
object visible {{
    create (sql)"CREATE POLICY visible ON t USING (v > 0)"
    drop (sql)"DROP POLICY visible ON t"
    depends-on t
}}
"##
    )
}

#[test]
fn functions_triggers_and_policies_are_carried_along() {
    Trial::new("objects").change(
        &schema("int", "v", ""),
        "INSERT INTO t VALUES (1, 2)",
        &schema("bigint", "v", "NEW.v := 3;"),
        Rows::Kept,
    );
    Trial::new("objects_come").change("", "", &schema("int", "v", ""), Rows::Kept);
}

/// Everything that people gave by hand, without what differs from one object to its successor.
const GIVEN: &str = "
    SELECT proname, proacl::text, pg_get_userbyid(proowner), obj_description(oid, 'pg_proc') FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT relname, relacl::text, pg_get_userbyid(relowner), obj_description(oid, 'pg_class') FROM pg_class
        WHERE relkind IN ('S', 'm') AND relnamespace = 'public'::regnamespace
    UNION ALL SELECT typname, typacl::text, pg_get_userbyid(typowner), obj_description(oid, 'pg_type') FROM pg_type
        WHERE typtype = 'd' AND typnamespace = 'public'::regnamespace
    UNION ALL SELECT indexname, indexdef, NULL, NULL FROM pg_indexes WHERE indexname = 'by_hand'
    ORDER BY 1, 2";

#[test]
fn an_object_that_comes_back_has_what_it_was_given() {
    let fresh = Fresh::postgres();
    let project = Project::empty();
    let write = |one: &str, arguments: &str| {
        project.write(
            "schema/t.kdl",
            format!(
                r##"
object half {{
    create (sql)#"CREATE FUNCTION "half of"({arguments}) RETURNS int LANGUAGE sql AS 'SELECT $1 / {one}'"#
    drop (sql)#"DROP FUNCTION "half of"({arguments})"#
}}
object told {{
    create (sql)"CREATE FUNCTION told() RETURNS int LANGUAGE sql AS 'SELECT {one}'; COMMENT ON FUNCTION told() IS 'by the schema, {one}'"
    drop (sql)"DROP FUNCTION IF EXISTS told()"
}}
object work {{
    create (sql)"CREATE PROCEDURE work(a int) LANGUAGE sql AS 'SELECT {one}'"
    drop (sql)"DROP PROCEDURE work"
}}
object share {{ create (sql)"CREATE DOMAIN share AS int CHECK (VALUE > {one})"; drop (sql)"DROP DOMAIN share" }}
object counter {{ create (sql)"CREATE SEQUENCE counter INCREMENT {one}"; drop (sql)"DROP SEQUENCE counter" }}
object sums {{
    create (sql)"CREATE MATERIALIZED VIEW sums AS SELECT {one} AS one"
    drop (sql)"DROP MATERIALIZED VIEW public.sums"
}}
"##
            ),
        );
    };
    project.write("schemactl.kdl", "project shop { dialects postgres }\n");
    let apply = || project.run(&["apply", "--url", &fresh.url, "--allow-drift"]).ok();
    write("1", "int");
    project.run(&["plan", "-m", "one"]).ok();
    apply();
    let role = format!("test_owner_{}", std::process::id());
    sql::execute(&fresh.url, &format!("CREATE ROLE \"{role}\""));
    sql::execute(
        &fresh.url,
        &format!(
            "GRANT CREATE ON SCHEMA public TO \"{role}\";
             REVOKE ALL ON FUNCTION \"half of\"(int) FROM PUBLIC;
             GRANT EXECUTE ON FUNCTION \"half of\"(int) TO pg_monitor WITH GRANT OPTION;
             COMMENT ON FUNCTION \"half of\"(int) IS 'it''s 50%'; ALTER FUNCTION \"half of\"(int) OWNER TO \"{role}\";
             GRANT EXECUTE ON FUNCTION told() TO pg_monitor;
             GRANT EXECUTE ON PROCEDURE work(int) TO pg_monitor; COMMENT ON PROCEDURE work(int) IS 'works';
             REVOKE ALL ON DOMAIN share FROM PUBLIC; GRANT USAGE ON DOMAIN share TO pg_monitor;
             COMMENT ON DOMAIN share IS 'a share';
             GRANT USAGE, SELECT ON SEQUENCE counter TO pg_monitor; COMMENT ON SEQUENCE counter IS 'counts';
             GRANT SELECT ON sums TO pg_monitor; COMMENT ON MATERIALIZED VIEW sums IS 'sums'; CREATE INDEX by_hand ON sums (one);
             ALTER MATERIALIZED VIEW sums OWNER TO \"{role}\""
        ),
    );
    let given = sql::rows(&fresh.url, GIVEN);
    assert_eq!(given.len(), 7, "{given:#?}");
    write("2", "bigint");
    project.run(&["plan", "-m", "two"]).ok();
    apply();
    let told: Vec<String> =
        given.iter().map(|row| row.replace("by the schema, 1", "by the schema, 2")).collect();
    assert_eq!(sql::rows(&fresh.url, GIVEN), told);
    assert_eq!(sql::rows(&fresh.url, "SELECT \"half of\"(8::bigint)"), ["4"]);
    project.run(&["rollback", "--url", &fresh.url, "--allow-drift"]).ok();
    assert_eq!(sql::rows(&fresh.url, GIVEN), given);
    // One that goes for good saves nothing, and one of another kind gets nothing.
    project.write("schema/t.kdl", "");
    project.run(&["plan", "-m", "nothing", "--no-renames"]).ok();
    apply();
    sql::execute(&fresh.url, &format!("DROP OWNED BY \"{role}\"; DROP ROLE \"{role}\""));
}
