//! Reference rows of every type: what was written is recognised, and what somebody changed as well.

use crate::support::mysql::{self, TestDatabase};
use crate::support::project::Project;
use crate::support::sql;

const TABLE: &str = r#"
enum mood sad ok
table everything {
    column id int primary-key
    column flag bool
    column small "tinyint unsigned"
    column amount "decimal(8,2)"
    column ratio real
    column wide double
    column fixed "char(8)"
    column word "varchar(20)"
    column body text
    column old "varchar(20)" { (mysql)options charset=latin1 ; }
    column mood mood
    column some "set('x','y','z')"
    column day date
    column hour "time(0)"
    column moment "timestamp(0)"
    column instant timestamptz
    column token uuid
    column extra json
    column raw "varbinary(8)"
    column padded "binary(4)"
    column made int nullable { generated (sql)"id * 2"; }
    column up int nullable references=everything.id
}
"#;

const ROWS: &str = r#"
data everything key=id {
    row id=1 flag=#true small=7 amount=1.5 ratio=0.1 wide=0.30000000000000004 fixed="a  " word="Straße " \
        body="it's\\a 🙂" old="é" mood=ok some="z,x" day="2024-02-29" hour="12:30:00.6" \
        moment="2024-02-29 12:30:00.6" instant="2024-02-29 12:30:00.123456" \
        token="6ccd780c-baba-1026-9564-5b8c656024db" extra="{\"b\": 1, \"a\": [1, 2]}" raw=abc padded=ab
    row id=2 flag=#false small=0 amount=-1 ratio=-3 wide="1e3" fixed="" word="" body="" old="" mood=sad some="" \
        day="2024-01-01" hour="-12:00:00" moment="2024-01-01" instant="2024-01-01 00:00:00" \
        token="6ccd780c-baba-1026-9564-5b8c656024db" extra="[]" raw="" padded="" up=1
}
"#;

fn project() -> (Project, TestDatabase) {
    let mut project = Project::empty();
    let database = mysql::database("rows");
    project.hide(&database.url, "[URL]");
    let config =
        format!("project rows {{ dialects mysql }}\nenv dev default=#true {{ url \"{}\" }}\n", database.url);
    project.write("schemactl.kdl", config);
    project.write("schema/t.kdl", TABLE);
    project.run(&["plan", "-q", "-m", "tables"]).ok();
    project.write("schema/t.kdl", format!("{TABLE}{ROWS}"));
    project.run(&["plan", "-q", "-m", "rows"]).ok();
    project.run(&["apply", "-q"]).ok();
    (project, database)
}

#[test]
fn rows_of_every_type_are_as_they_were_written() {
    let (project, database) = project();
    project.run(&["rollback", "-q"]).ok();
    assert_eq!(sql::rows(&database.url, "SELECT count(*) FROM everything"), ["0"]);
}

#[test]
fn a_change_of_any_type_is_seen() {
    let (project, database) = project();
    for (column, value) in [
        ("flag", "0"),
        ("small", "8"),
        ("amount", "1.52"),
        ("ratio", "0.1000001"),
        ("wide", "0.3"),
        ("fixed", "'A'"),
        ("word", "'straße '"),
        ("word", "'Straße'"),
        ("body", "'it''s'"),
        ("old", "'e'"),
        ("mood", "'sad'"),
        ("some", "'x'"),
        ("day", "'2024-03-01'"),
        ("hour", "'12:30:02'"),
        ("moment", "'2024-02-29 12:30:02'"),
        ("instant", "'2024-02-29 12:30:00.123457'"),
        ("token", "'6ccd780c-baba-1026-9564-5b8c656024dc'"),
        ("extra", "'{\"a\": [2, 1], \"b\": 1}'"),
        ("raw", "'abC'"),
        ("padded", "'aB'"),
        ("up", "1"),
    ] {
        let url = &database.url;
        sql::execute(url, "CREATE TABLE kept AS SELECT * FROM everything WHERE id = 1");
        sql::execute(url, &format!("UPDATE everything SET `{column}` = {value} WHERE id = 1"));
        let output = project.run(&["rollback"]);
        assert_eq!(output.code, Some(3), "{column} is {value}: {output}");
        let words = output.stderr;
        assert!(words.contains("E736"), "{column}: {words}");
        let told = if column == "ratio" { "it differs in digits" } else { &format!("`{column}` is ") };
        assert!(words.contains(&format!("`everything[id=1]`: {told}")), "{column}: {words}");
        let back = format!(
            "UPDATE everything SET `{column}` = (SELECT `{column}` FROM kept) WHERE id = 1; DROP TABLE kept"
        );
        sql::execute(url, &back);
    }
    project.run(&["rollback", "-q"]).ok();
}

#[test]
fn rows_that_go_along_by_a_key_that_somebody_added_are_counted() {
    let (project, database) = project();
    let url = &database.url;
    for (rule, told) in [("CASCADE", "would be deleted"), ("SET NULL", "would get NULL"), ("NO ACTION", "")] {
        sql::execute(
            url,
            &format!(
                "CREATE TABLE `b``y 'hand'` (n int, `o``f` int, \
                 FOREIGN KEY (`o``f`) REFERENCES everything (id) ON DELETE {rule}); \
                 INSERT INTO `b``y 'hand'` VALUES (1, 1), (2, 1), (3, NULL)"
            ),
        );
        let output = project.run(&["rollback"]);
        if told.is_empty() {
            assert!(output.stderr.contains("error[E709]"), "{output}");
        } else {
            let words = output.fails(3);
            assert!(words.contains("error[E737]"), "{rule}: {words}");
            assert!(words.contains(&format!("`everything[id=1]`: 2 rows of `b`y 'hand'` {told}")), "{words}");
        }
        sql::execute(url, "DROP TABLE `b``y 'hand'`");
    }
    project.run(&["rollback", "-q"]).ok();
}
