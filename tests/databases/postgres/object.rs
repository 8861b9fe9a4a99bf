//! Raw objects: functions, triggers, policies.

use super::trial::{Rows, Trial};

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
