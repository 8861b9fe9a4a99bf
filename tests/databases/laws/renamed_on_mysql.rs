//! What the laws have found on MySQL and MariaDB where columns get other names and SQL speaks of them.

use super::found_on_mysql::holds;

#[test]
fn columns_of_documents_get_each_other_s_names() {
    holds(
        "table t { column a json; column b json; column c json }",
        "table t { column b json was=a; column c json was=b; column d json was=c }",
    );
    holds(
        "table t { column a json; column b json; column c int }",
        "table t { column b json was=a; column a json was=b; column d int was=c }",
    );
}

#[test]
fn the_source_of_a_computed_column_takes_its_name() {
    holds(
        "table t { column id int primary-key; column a int; column b int { generated (sql)\"a + 1\" } }",
        "table t { column id int primary-key; column b int was=a }",
    );
    holds(
        "table t { column id int primary-key; column a int; column b int { generated (sql)\"a + 1\" } }",
        "table t { column id int primary-key; column b int was=a; column c int { generated (sql)\"b + 2\" } }",
    );
    holds(
        "table t { column id int primary-key; column a int; column b int { generated (sql)\"a + 1\" } }",
        "table t { column id int primary-key; column b int was=a; column a int { generated (sql)\"b + 1\" } }",
    );
    holds(
        "table t { column id int primary-key; column a int; column b int virtual nullable { generated (sql)\"a + 1\" } }",
        "table t { column id int primary-key; column b int was=a; column a int virtual nullable { generated (sql)\"b + 1\" } }",
    );
}

#[test]
fn a_text_means_the_columns_that_have_its_names_at_the_end() {
    let table = |columns: &str| {
        format!(
            "table t {{ {columns}; check name=k \"b > 0\"
                 column g int {{ generated (sql)\"b + 1\" }} }}"
        )
    };
    let before = table("column a int; column b int; column c int");
    holds(&before, &table("column c int was=b; column a int was=c; column b int was=a"));
    holds(&before, &table("column a int was=b; column b int was=a; column c int"));
    holds(&before, &table("column a int; column d int was=b; column b int; column c int"));
    holds(&before, &table("column b int was=a; column c int"));
}

#[test]
fn names_go_round_while_a_text_over_one_of_them_goes() {
    holds(
        "table t { column a text; column b text nullable generated=(sql)\"lower(a)\"; column c text; column d text }",
        "table t { column a text was=b; column b text was=c; column c text was=d; column d text was=a }",
    );
    holds(
        "table t { column a text; column b text; column c text nullable generated=(sql)\"lower(a)\" }",
        "table t { column a text was=b; column b text was=a; column c text nullable generated=(sql)\"upper(a)\" }",
    );
    holds(
        "table t { column a text; column b int; column c text; check name=k \"b IS NULL OR b IS NOT NULL\" }",
        "table t { column a text; column b text was=c; column c int was=b
             check name=k2 was=k \"length(a) < 1000\" }",
    );
}

#[test]
fn names_are_exchanged_while_an_index_over_one_of_them_changes() {
    if crate::support::mysql::is_mariadb() {
        return;
    }
    holds(
        "table t { column a int; column b int; index name=i { on (sql)\"(a + 1)\" } }",
        "table t { column a int was=b; column b int was=a; index name=j was=i { on (sql)\"(a + 2)\" } }",
    );
}

#[test]
fn a_column_is_renamed_whatever_queries_have_called_its_table() {
    for text in [
        "column x int; check name=k \"x > 0\"",
        "column x int; column z int { generated (sql)\"x + 1\" }",
        "column x int; column z int default=(sql)\"x + 1\"",
    ] {
        let renamed = text.replace("x int", "y int was=x").replace("\"x ", "\"y ");
        holds(
            &format!("table b {{ column r int references=a.x }}; table a {{ {text}; unique x name=u }}"),
            &format!("table b {{ column r int }}; table a {{ {renamed} }}"),
        );
    }
}
