//! Options of tables and columns that are said, and said no more: then they are what the table or the database gives.

use crate::support::mysql;
use crate::support::project::Project;
use crate::support::sql;

/// A table whose options the next revision takes away.
fn table(options: &str, of_column: &str) -> String {
    format!(
        "table t {{\n    column id int primary-key\n    column a \"varchar(20)\" {of_column}\n    column b text nullable\n    \
         column n int default=1\n    column c \"varchar(5)\" nullable {{ (mysql)options charset=ascii; }}\n    \
         {options}\n}}\n"
    )
}

fn created(url: &str) -> String {
    let text = sql::rows(url, "SHOW CREATE TABLE t").remove(0);
    // MariaDB also prints it behind the keys that there were, where InnoDB takes no notice.
    text.replace("PRIMARY KEY (`id`) KEY_BLOCK_SIZE=8", "PRIMARY KEY (`id`)")
}

#[test]
fn what_is_no_longer_said_of_a_table_is_what_its_database_gives() {
    for (options, of_column) in [
        ("(mysql)options charset=utf8mb4 collation=utf8mb4_unicode_ci", ""),
        ("(mysql)options charset=utf8mb4", ""),
        ("(mysql)options collation=utf8mb4_bin", ""),
        ("(mysql)options row-format=compressed key-block-size=8", ""),
        (
            "(mysql)options engine=InnoDB stats-persistent=#true stats-auto-recalc=#false stats-sample-pages=9",
            "",
        ),
        ("", "{ (mysql)options charset=utf8mb4; }"),
        ("", "collate=utf8mb4_bin"),
    ] {
        let mut project = Project::empty();
        let database = mysql::database("options");
        let url = &database.url;
        let name = &database.name;
        sql::execute(url, &format!("ALTER DATABASE `{name}` CHARACTER SET latin1 COLLATE latin1_german1_ci"));
        project.hide(url, "[URL]");
        let config = format!("project t {{ dialects mysql }}\nenv dev default=#true {{ url \"{url}\" }}\n");
        project.write("schemactl.kdl", config);
        let plan = |schema: &str| {
            project.write("schema/t.kdl", schema);
            project.run(&["plan", "-q", "-m", "next"]).ok();
        };
        plan(&table("", ""));
        project.run(&["apply", "-q"]).ok();
        let plain = created(url);
        sql::execute(url, "INSERT INTO t (id, a, b, c) VALUES (1, 'Straße', 'é', 'c')");
        plan(&table(options, of_column));
        project.run(&["apply", "-q"]).ok();
        let with = created(url);
        plan(&table("", ""));
        project.run(&["apply", "-q"]).ok();
        assert_eq!(created(url), plain, "{options} {of_column}: {with}");
        project.run(&["drift"]).ok();
        project.run(&["rollback", "-q"]).ok();
        assert_eq!(created(url), with, "{options} {of_column}");
        project.run(&["rollback", "-q"]).ok();
        assert_eq!(created(url), plain, "{options} {of_column}");
        project.run(&["drift"]).ok();
        assert_eq!(sql::rows(url, "SELECT a, b, c FROM t"), ["Straße|é|c"]);
    }
}
