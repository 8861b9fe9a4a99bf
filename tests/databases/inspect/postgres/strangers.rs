//! What no schema has words for, and who needs it.

use schemactl::dialect::find;
use schemactl::runner::connection::Target;
use schemactl::runner::errors::E707;
use schemactl::runner::expected::expected;

use crate::connection::block_on;
use crate::stage::Stage;
use crate::strategies::build::dialect;
use crate::support::sql;

const BASE_TYPE: &str = "CREATE TYPE base;
    CREATE FUNCTION base_in(cstring) RETURNS base LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
    CREATE FUNCTION base_out(base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
    CREATE TYPE base (INPUT = base_in, OUTPUT = base_out, LIKE = int4);
    CREATE TABLE t (b base);
    CREATE FUNCTION f(base) RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE TABLE other (a int)";

#[test]
fn what_is_not_managed_tells_who_needs_it() {
    let mut stage = Stage::postgres();
    sql::execute(stage.url(), BASE_TYPE);
    let found = stage.inspect();
    let unmanaged: Vec<String> =
        found.unmanaged.iter().map(|item| format!("{} {} {}", item.kind, item.name, item.reason)).collect();
    insta::assert_snapshot!(unmanaged.join("\n"), @r"
    base type base is made of functions that need the type before it exists; `f`, `t` need it, and can't be made where it isn't
    function base_in makes a type, which needs it before it exists
    function base_out makes a type, which needs it before it exists
    ");
    let postgres = find(&dialect("postgres")).unwrap();
    let target = Target::parse(stage.url()).unwrap();
    let problems = block_on(expected(&found.state, postgres, &target, "strangers")).unwrap_err();
    assert_eq!(problems[0].code, &E707);
    assert!(
        problems[0].message.ends_with("statement: CREATE TABLE \"t\" (\n    \"b\" base\n)"),
        "{}",
        problems[0]
    );
    assert!(problems[0].help.as_ref().is_some_and(|help| help.contains("inspect --strict")), "{problems:?}");
}
