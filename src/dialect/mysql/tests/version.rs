//! What one version writes otherwise than another, and what it doesn't have.

use super::{MARIADB, MYSQL, read, refused, sql};
use crate::change::Earlier;
use crate::dialect::mysql::Mysql;
use crate::dialect::{Batch, Dialect, Product, Version};
use crate::diff::diff;
use crate::syntax::Parsed;

const OLDEST_MYSQL: Version = Product::MySql.version(8, 0, 16);
const OLDEST_MARIADB: Version = Product::MariaDb.version(10, 6, 0);

/// What keeps a schema from being created, a line each.
fn refusals(text: &str, version: Version) -> String {
    refusals_between("", text, version)
}

/// What keeps a schema from becoming another, a line each.
fn refusals_between(before: &str, after: &str, version: Version) -> String {
    let (before, Parsed { state: after, renames, .. }) = (read(before).state, read(after));
    let ops = diff(&before, &after, &renames).unwrap();
    let earlier = &Earlier::of(&ops);
    let batch = Batch { before: &before, ops: &ops, after: &after, earlier };
    let problems = Mysql.render(batch, version).err().unwrap_or_default();
    let line = |problem: &crate::diagnostic::Diagnostic| {
        format!("{} {}; {}", problem.code.id, problem.message, problem.help.as_deref().unwrap_or("-"))
    };
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_one_product_or_version_lacks_is_refused_for_it_alone() {
    let text = r#"
table t {
    column id int primary-key
    column v "varchar(20)"
    column place point { (mysql)options srid=4326; }
    column hidden int { (mysql)options invisible=#true; }
    column packed "varchar(20)" { (mysql)options compressed=#true; }
    column changed timestamp { (mysql)options on-update=(sql)"CURRENT_TIMESTAMP"; }
    column notes json
    check "id > 0" name=loose { (mysql)options enforced=#false; }
    check "json_length(notes) > 1" name=notes
    index name=low { on (sql)"lower(v)"; }
    index name=down { on v order=desc; }
}
"#;
    insta::assert_snapshot!(refusals(text, MYSQL), @"E569 column `t.packed` has the option `compressed`, which MySQL 9.7.0 doesn't have; remove the option; for MariaDB alone, write `servers mariadb` beside `dialects`");
    insta::assert_snapshot!(refusals(text, OLDEST_MYSQL), @"
    E569 column `t.hidden` is invisible, which MySQL 8.0.16 doesn't have; remove `invisible`; for MariaDB alone, write `servers mariadb` beside `dialects`
    E569 column `t.packed` has the option `compressed`, which MySQL 8.0.16 doesn't have; remove the option; for MariaDB alone, write `servers mariadb` beside `dialects`
    ");
    insta::assert_snapshot!(refusals(text, MARIADB), @r#"
    E569 column `t.place` has the option `srid`, which MariaDB 10.11.0 doesn't have; remove the option; for MySQL alone, write `servers mysql` beside `dialects`
    E569 column `t.hidden` is required and invisible and has no default, which MariaDB 10.11.0 doesn't have; add a default, or `nullable`; for MySQL alone, write `servers mysql` beside `dialects`
    E569 column `t.changed` is required, has `on-update` and no default, which MariaDB 10.11.0 doesn't have; add `default=(sql)"CURRENT_TIMESTAMP"`: MariaDB can't alter a table with a column like this; for MySQL alone, write `servers mysql` beside `dialects`
    E569 check `notes` of `t` has the name of a `json` column's own check, which MariaDB 10.11.0 doesn't have; give the check another name; for MySQL alone, write `servers mysql` beside `dialects`
    E569 index `low` of `t` is over an expression, which MariaDB 10.11.0 doesn't have; add a `virtual` column with the expression, and index that; for MySQL alone, write `servers mysql` beside `dialects`
    E569 check `loose` of `t` is not enforced, which MariaDB 10.11.0 doesn't have; remove `enforced=#false`; for MySQL alone, write `servers mysql` beside `dialects`
    "#);
    insta::assert_snapshot!(refusals(text, OLDEST_MARIADB), @r#"
    E569 column `t.place` has the option `srid`, which MariaDB 10.6.0 doesn't have; remove the option; for MySQL alone, write `servers mysql` beside `dialects`
    E569 column `t.hidden` is required and invisible and has no default, which MariaDB 10.6.0 doesn't have; add a default, or `nullable`; for MySQL alone, write `servers mysql` beside `dialects`
    E569 column `t.changed` is required, has `on-update` and no default, which MariaDB 10.6.0 doesn't have; add `default=(sql)"CURRENT_TIMESTAMP"`: MariaDB can't alter a table with a column like this; for MySQL alone, write `servers mysql` beside `dialects`
    E569 check `notes` of `t` has the name of a `json` column's own check, which MariaDB 10.6.0 doesn't have; give the check another name; for MySQL alone, write `servers mysql` beside `dialects`
    E569 index `low` of `t` is over an expression, which MariaDB 10.6.0 doesn't have; add a `virtual` column with the expression, and index that; for MySQL alone, write `servers mysql` beside `dialects`
    E569 index `down` of `t` has a descending key, which MariaDB 10.6.0 doesn't have; remove `order=desc`; for MySQL alone, write `servers mysql` beside `dialects`
    E569 check `loose` of `t` is not enforced, which MariaDB 10.6.0 doesn't have; remove `enforced=#false`; for MySQL alone, write `servers mysql` beside `dialects`
    "#);
    assert_eq!(refused(text), "", "the dialect as such has all of it");
}

#[test]
fn what_every_version_has_is_refused_by_none() {
    let text = r#"
table t {
    column id int identity primary-key
    column hidden int default=1 { (mysql)options invisible=#true; }
    column spare int nullable { (mysql)options invisible=#true; }
    column made int virtual nullable { generated (sql)"id + 1"; }
    column notes json
    check "id > 0" name=id
    check "id > 1" name=positive
    index hidden { (mysql)options invisible=#true; }
}
"#;
    for version in [Product::MySql.version(8, 0, 23), MYSQL, OLDEST_MARIADB, MARIADB] {
        assert_eq!(refusals(text, version), "", "{version}");
    }
}

#[test]
fn checks_have_names_of_their_own_in_the_database_on_mysql_and_in_their_table_on_mariadb() {
    let text = r#"
table goods { column id int primary-key; column price int; check "price > 0" name=price; check "id > 0" name=first; }
table offers { column id int primary-key; column price int; check "price > 1" name=price; }
table others { column id int primary-key; check "id > 1" name=First; }
"#;
    insta::assert_snapshot!(refusals(text, MYSQL), @"
    E566 check `price` of `offers` has the name of check `price` of `goods`; give the check another name; for MariaDB alone, write `servers mariadb` beside `dialects`
    E566 check `First` of `others` has the name of check `first` of `goods`; give the check another name; for MariaDB alone, write `servers mariadb` beside `dialects`
    ");
    assert_eq!(refusals(text, MARIADB), "");
    assert_eq!(refused(text), "", "the dialect as such has all of it");
    let (one, other) = (text.replace("First", "last"), text.replace("name=First", "was=last name=First"));
    insta::assert_snapshot!(refusals_between(&one, &other, MYSQL), @"
    E566 check `First` of `others` has the name of check `first` of `goods`; give the check another name; for MariaDB alone, write `servers mariadb` beside `dialects`
    ");
    assert_eq!(refusals_between(&one, &other, MARIADB), "");
}

#[test]
fn no_check_has_the_name_of_a_unique_key_on_mariadb_whichever_came_first() {
    let with = |more: &str| format!("table t {{ column id int; column other int; {more} }}");
    let check = "check \"id > 0\" name=K";
    let told = "E569 `k` of `t` is the name of a check and of a unique key, which MariaDB 10.11.0 doesn't have; give one \
        of them another name; for MySQL alone, write `servers mysql` beside `dialects`";
    for (before, after) in [
        ("".to_owned(), format!("unique id name=k; {check}")),
        (check.to_owned(), format!("index id unique name=k; {check}")),
        ("unique id name=k".to_owned(), format!("unique id name=k; {check}")),
        (format!("unique id name=j; {check}"), format!("unique id name=k was=j; {check}")),
    ] {
        let found = refusals_between(&with(&before), &with(&after), MARIADB);
        let first = found.lines().next().unwrap_or_default();
        assert_eq!(first.to_lowercase(), told.to_lowercase(), "{after}");
        assert_eq!(refusals_between(&with(&before), &with(&after), MYSQL), "", "{after}");
    }
    assert_eq!(refusals(&with(&format!("index id name=k; {check}")), MARIADB), "");
}

#[test]
fn no_check_has_the_name_of_a_json_column_on_mariadb_whichever_came_first() {
    let with = |more: &str| format!("table t {{ column id int primary-key; {more} }}");
    let check = "check \"id > 0\" name=Notes";
    let both = with(&format!("column notes json; {check}"));
    let told = "E569 check `Notes` of `t` has the name of a `json` column's own check, which MariaDB 10.11.0 doesn't have; \
        give the check another name; for MySQL alone, write `servers mysql` beside `dialects`";
    for before in ["", "column notes json", check, &format!("column notes text; {check}")] {
        assert_eq!(refusals_between(&with(before), &both, MARIADB), told, "{before}");
        assert_eq!(refusals_between(&with(before), &both, MYSQL), "", "{before}");
    }
    assert_eq!(refusals(&both, MARIADB), told);
    for (before, after) in [
        (format!("column old json; {check}"), format!("column notes json was=old; {check}")),
        (
            format!("column notes json; {}", check.replace("Notes", "old")),
            format!("column notes json; {check} was=old"),
        ),
    ] {
        assert_eq!(refusals_between(&with(&before), &with(&after), MARIADB), told, "{before}");
        assert_eq!(refusals_between(&with(&before), &with(&after), MYSQL), "", "{before}");
    }
}

#[test]
fn each_version_is_told_in_its_own_words() {
    let before = r#"
table t {
    column id int primary-key
    column token uuid
    column a int
    index a
    check "a > 0" name=positive
}
"#;
    let after = r#"
table t {
    column id int primary-key
    column token uuid
    column a int comment="count"
    index a { (mysql)options invisible=#true; }
}
"#;
    let mut said = String::new();
    for (name, version) in [
        ("MySQL 8.0.16", OLDEST_MYSQL),
        ("MySQL 8.0.19", Product::MySql.version(8, 0, 19)),
        ("MySQL 8.0.29", Product::MySql.version(8, 0, 29)),
        ("MySQL 8.4", Product::MySql.version(8, 4, 0)),
        ("MySQL 9.7", MYSQL),
        ("MariaDB 10.6", OLDEST_MARIADB),
        ("MariaDB 10.7", Product::MariaDb.version(10, 7, 0)),
        ("MariaDB 11.8", Product::MariaDb.version(11, 8, 0)),
    ] {
        let created = sql("", before, version);
        let token = created.lines().find(|line| line.contains("`token`")).unwrap_or_default().trim();
        let changed = sql(before, after, version);
        let changed: Vec<&str> = changed.lines().map(str::trim).collect();
        said += &format!("{name}: {token}\n{}\n", changed.join(" ").replace("; ", ";\n"));
    }
    insta::assert_snapshot!(said, @"
    MySQL 8.0.16: `token` char(36) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
    ALTER TABLE `t` DROP CHECK `positive`, LOCK=NONE;
    ALTER TABLE `t` ALTER INDEX `t_a_idx` INVISIBLE, ALGORITHM=INPLACE, LOCK=NONE;
    ALTER TABLE `t` MODIFY COLUMN `a` int NOT NULL COMMENT 'count', LOCK=NONE
    MySQL 8.0.19: `token` char(36) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
    ALTER TABLE `t` DROP CHECK `positive`, LOCK=NONE;
    ALTER TABLE `t` ALTER INDEX `t_a_idx` INVISIBLE, ALGORITHM=INPLACE, LOCK=NONE;
    ALTER TABLE `t` MODIFY COLUMN `a` int NOT NULL COMMENT 'count', LOCK=NONE
    MySQL 8.0.29: `token` char(36) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
    ALTER TABLE `t` DROP CHECK `positive`, ALGORITHM=INSTANT;
    ALTER TABLE `t` ALTER INDEX `t_a_idx` INVISIBLE, ALGORITHM=INPLACE, LOCK=NONE;
    ALTER TABLE `t` MODIFY COLUMN `a` int NOT NULL COMMENT 'count', ALGORITHM=INSTANT
    MySQL 8.4: `token` char(36) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
    ALTER TABLE `t` DROP CHECK `positive`, ALGORITHM=INSTANT;
    ALTER TABLE `t` ALTER INDEX `t_a_idx` INVISIBLE, ALGORITHM=INPLACE, LOCK=NONE;
    ALTER TABLE `t` MODIFY COLUMN `a` int NOT NULL COMMENT 'count', ALGORITHM=INSTANT
    MySQL 9.7: `token` char(36) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
    ALTER TABLE `t` DROP CHECK `positive`, ALGORITHM=INSTANT;
    ALTER TABLE `t` ALTER INDEX `t_a_idx` INVISIBLE, ALGORITHM=INPLACE, LOCK=NONE;
    ALTER TABLE `t` MODIFY COLUMN `a` int NOT NULL COMMENT 'count', ALGORITHM=INSTANT
    MariaDB 10.6: `token` char(36) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
    ALTER TABLE `t` DROP CONSTRAINT `positive`, ALTER INDEX `t_a_idx` IGNORED, MODIFY COLUMN `a` int NOT NULL COMMENT 'count', ALGORITHM=INSTANT
    MariaDB 10.7: `token` uuid NOT NULL,
    ALTER TABLE `t` DROP CONSTRAINT `positive`, ALTER INDEX `t_a_idx` IGNORED, MODIFY COLUMN `a` int NOT NULL COMMENT 'count', ALGORITHM=INSTANT
    MariaDB 11.8: `token` uuid NOT NULL,
    ALTER TABLE `t` DROP CONSTRAINT `positive`, ALTER INDEX `t_a_idx` IGNORED, MODIFY COLUMN `a` int NOT NULL COMMENT 'count', ALGORITHM=INSTANT
    ");
}

/// Which MySQL before 8.0.29 did in place was a matter of the order of the columns.
#[test]
fn columns_beside_virtual_ones_are_copied_by_older_versions() {
    let table = |columns: &str| {
        let known = "column id int primary-key; column v int virtual nullable { generated (sql)\"id + 1\"; }";
        format!("table t {{\n{columns}\n{known}\n}}")
    };
    let (with, without) = (table("column a int nullable"), table(""));
    for (before, after) in [(&with, &without), (&without, &with)] {
        let clauses = [(8, 0, 28), (8, 0, 29)].map(|(major, minor, patch)| {
            let statement = sql(before, after, Product::MySql.version(major, minor, patch));
            statement.lines().skip(2).map(str::trim).collect::<Vec<_>>().join(" ")
        });
        assert_eq!(clauses, ["ALGORITHM=COPY, LOCK=SHARED", "LOCK=NONE"]);
    }
}
