//! Tables of facts about the lexer and what stands on it, for two sets of rules that differ in most features.

use proptest::prelude::*;

use super::*;

/// Dollar quotes, escape strings, nested comments, atomic bodies; quoted names keep their case.
const DOLLARS: Rules =
    Rules { dollar_quotes: true, escape_strings: true, return_ends_comment: true, ..Rules::STANDARD };
/// Brackets, backticks, flat comments, triggers with bodies; case never matters.
const BRACKETS: Rules = Rules {
    nested_comments: false,
    bracket_identifiers: true,
    backtick_identifiers: true,
    atomic_bodies: false,
    trigger_bodies: true,
    case: Case::Ignored,
    ..Rules::STANDARD
};
/// Backslashes, `#` comments, strings in double quotes, compound statements.
const BACKSLASHES: Rules = Rules {
    backslash_escapes: true,
    nested_comments: false,
    hash_comments: true,
    dash_comments_need_space: true,
    backtick_identifiers: true,
    double_quoted_strings: true,
    atomic_bodies: false,
    compound_bodies: true,
    case: Case::Ignored,
    ..Rules::STANDARD
};

#[test]
fn scripts_split_where_the_database_would() {
    let cases: &[(&Rules, &str, &[&str])] = &[
        (&DOLLARS, "", &[]),
        (&DOLLARS, " ; ;; -- nothing\n; /* nor here */", &[]),
        (&DOLLARS, "SELECT 1", &["SELECT 1"]),
        (&DOLLARS, "SELECT ';' ; SELECT \";\"", &["SELECT ';'", "SELECT \";\""]),
        (&DOLLARS, "SELECT 'it''s;'; b", &["SELECT 'it''s;'", "b"]),
        (&DOLLARS, "SELECT '\\'; b", &["SELECT '\\'", "b"]),
        (&DOLLARS, r"SELECT E'\';'; b", &[r"SELECT E'\';'", "b"]),
        (&DOLLARS, "SELECT E'a'\n  '\\';'; b", &["SELECT E'a'\n  '\\';'", "b"]),
        (&DOLLARS, "SELECT $$;$$; b", &["SELECT $$;$$", "b"]),
        (&DOLLARS, "DO $a$ ; $b$ ; $$ $a$; b", &["DO $a$ ; $b$ ; $$ $a$", "b"]),
        (&DOLLARS, "SELECT $1; SELECT a$b$; c", &["SELECT $1", "SELECT a$b$", "c"]),
        (&DOLLARS, "/* ; /* ; */ ; */ a; b", &["/* ; /* ; */ ; */ a", "b"]),
        (&BRACKETS, "/* ; /* ; */ a; b", &["/* ; /* ; */ a", "b"]),
        (&DOLLARS, "-- ;\na -- ;\n; b", &["-- ;\na -- ;", "b"]),
        (&DOLLARS, "a -- x\rb; c", &["a -- x\rb", "c"]),
        (&BACKSLASHES, "a # ;\n; b", &["a # ;", "b"]),
        (&BACKSLASHES, "SELECT 1--2; b", &["SELECT 1--2", "b"]),
        (&BACKSLASHES, r#"SELECT "\";", '\';'; b"#, &[r#"SELECT "\";", '\';'"#, "b"]),
        (
            &BACKSLASHES,
            "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1; c",
            &["CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1", "c"],
        ),
        (
            &BACKSLASHES,
            "CREATE DEFINER=`u`@`h` PROCEDURE p() l: BEGIN IF a THEN BEGIN b; END; END IF; SELECT CASE c WHEN 1 THEN 2 END; CASE d WHEN 1 THEN e; END CASE; END l; f",
            &[
                "CREATE DEFINER=`u`@`h` PROCEDURE p() l: BEGIN IF a THEN BEGIN b; END; END IF; SELECT CASE c WHEN 1 THEN 2 END; CASE d WHEN 1 THEN e; END CASE; END l",
                "f",
            ],
        ),
        (
            &BACKSLASHES,
            "CREATE TABLE `function` (a int); CREATE SQL SECURITY INVOKER VIEW v AS SELECT 1; b",
            &["CREATE TABLE `function` (a int)", "CREATE SQL SECURITY INVOKER VIEW v AS SELECT 1", "b"],
        ),
        (
            &BACKSLASHES,
            "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW FOLLOWS b IF NEW.a > IF(1, 2, 3) THEN SET NEW.b = 1; \
             ELSEIF (a) THEN SET c = CASE WHEN d THEN IF(e, 1, 2) ELSE REPEAT('x', 3) END; ELSE SET f = 1; END IF; g",
            &[
                "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW FOLLOWS b IF NEW.a > IF(1, 2, 3) THEN SET NEW.b = 1; \
                 ELSEIF (a) THEN SET c = CASE WHEN d THEN IF(e, 1, 2) ELSE REPEAT('x', 3) END; ELSE SET f = 1; END IF",
                "g",
            ],
        ),
        (
            &BACKSLASHES,
            "CREATE PROCEDURE IF NOT EXISTS p(a int) COMMENT 'x' READS SQL DATA l: LOOP SET a = a + 1; IF a > 3 THEN LEAVE l; END IF; END LOOP l; \
             CREATE PROCEDURE q() WHILE a < (SELECT IF(b, 1, 2)) DO SELECT 1; DO IF(a, b, c); END WHILE; \
             CREATE PROCEDURE r() REPEAT SET a = 1; SELECT REPEAT('a', 2), end FROM t; UNTIL CASE a WHEN 1 THEN b END END REPEAT; c",
            &[
                "CREATE PROCEDURE IF NOT EXISTS p(a int) COMMENT 'x' READS SQL DATA l: LOOP SET a = a + 1; IF a > 3 THEN LEAVE l; END IF; END LOOP l",
                "CREATE PROCEDURE q() WHILE a < (SELECT IF(b, 1, 2)) DO SELECT 1; DO IF(a, b, c); END WHILE",
                "CREATE PROCEDURE r() REPEAT SET a = 1; SELECT REPEAT('a', 2), end FROM t; UNTIL CASE a WHEN 1 THEN b END END REPEAT",
                "c",
            ],
        ),
        (
            &BACKSLASHES,
            "CREATE PROCEDURE p() CASE a WHEN 1 THEN SELECT 1; ELSE BEGIN END; END CASE; b; \
             CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN IF(a, CASE WHEN b THEN 1 END, 2); c; \
             CREATE PROCEDURE x() BEGIN NOT ATOMIC FOR i IN 1..3 DO SELECT i; END FOR; END; d; \
             CREATE EVENT e ON SCHEDULE EVERY IF(a, 1, 2) DAY DO IF a THEN SELECT 1; END IF; e",
            &[
                "CREATE PROCEDURE p() CASE a WHEN 1 THEN SELECT 1; ELSE BEGIN END; END CASE",
                "b",
                "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN IF(a, CASE WHEN b THEN 1 END, 2)",
                "c",
                "CREATE PROCEDURE x() BEGIN NOT ATOMIC FOR i IN 1..3 DO SELECT i; END FOR; END",
                "d",
                "CREATE EVENT e ON SCHEDULE EVERY IF(a, 1, 2) DAY DO IF a THEN SELECT 1; END IF",
                "e",
            ],
        ),
        (
            &BACKSLASHES,
            "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLSTATE '23000' BEGIN ROLLBACK; END; \
             DECLARE CONTINUE HANDLER FOR NOT FOUND SET a = IF(b, 1, 2); DECLARE CONTINUE HANDLER FOR 1 IF a THEN SET b = 1; END IF; \
             UPDATE t SET end = begin, begin = 1 WHERE t.end > 1; x: BEGIN END x; END; b",
            &[
                "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLSTATE '23000' BEGIN ROLLBACK; END; \
                 DECLARE CONTINUE HANDLER FOR NOT FOUND SET a = IF(b, 1, 2); DECLARE CONTINUE HANDLER FOR 1 IF a THEN SET b = 1; END IF; \
                 UPDATE t SET end = begin, begin = 1 WHERE t.end > 1; x: BEGIN END x; END",
                "b",
            ],
        ),
        (
            &BACKSLASHES,
            "CREATE FUNCTION f(a varchar(9) CHARACTER SET utf8mb4) RETURNS varchar(9) CHARACTER SET utf8mb4 BEGIN \
             SET a = 1; RETURN a; END; b; CREATE FUNCTION g() RETURNS SET('a') BEGIN RETURN 'a'; END; c; \
             CREATE PROCEDURE p() SET @a = 1; d",
            &[
                "CREATE FUNCTION f(a varchar(9) CHARACTER SET utf8mb4) RETURNS varchar(9) CHARACTER SET utf8mb4 BEGIN \
                 SET a = 1; RETURN a; END",
                "b",
                "CREATE FUNCTION g() RETURNS SET('a') BEGIN RETURN 'a'; END",
                "c",
                "CREATE PROCEDURE p() SET @a = 1",
                "d",
            ],
        ),
        (&BRACKETS, "SELECT [a;b], `c;d`; e", &["SELECT [a;b], `c;d`", "e"]),
        (
            &DOLLARS,
            "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM u; DELETE FROM v); b",
            &["CREATE RULE r AS ON INSERT TO t DO (DELETE FROM u; DELETE FROM v)", "b"],
        ),
        (
            &DOLLARS,
            "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; \
             SELECT b.end AS end; END; c",
            &[
                "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; \
                 SELECT b.end AS end; END",
                "c",
            ],
        ),
        (&DOLLARS, "BEGIN; COMMIT; END;", &["BEGIN", "COMMIT", "END"]),
        (
            &BRACKETS,
            "CREATE TEMP TRIGGER t AFTER UPDATE ON a WHEN CASE 1 WHEN 1 THEN 1 END BEGIN \
             UPDATE b SET [end] = CASE WHEN 1 THEN new.end END; SELECT 1; END; c",
            &[
                "CREATE TEMP TRIGGER t AFTER UPDATE ON a WHEN CASE 1 WHEN 1 THEN 1 END BEGIN \
                 UPDATE b SET [end] = CASE WHEN 1 THEN new.end END; SELECT 1; END",
                "c",
            ],
        ),
        (&BRACKETS, "CREATE TRIGGER t BEGIN a; end -- x\n", &["CREATE TRIGGER t BEGIN a; end -- x"]),
        (
            &DOLLARS,
            "CREATE TRIGGER t EXECUTE FUNCTION f(); b",
            &["CREATE TRIGGER t EXECUTE FUNCTION f()", "b"],
        ),
    ];
    for (rules, script, expected) in cases {
        assert_eq!(split(script, rules).as_deref(), Ok(*expected), "{script}");
    }
}

#[test]
fn what_is_never_closed_is_named_with_its_place() {
    let cases = [
        (&DOLLARS, "a; 'b", Unclosed::String, 3),
        (&DOLLARS, "a; $x$ $y$", Unclosed::String, 3),
        (&DOLLARS, "\"b", Unclosed::Quoted, 0),
        (&DOLLARS, "/* /* */", Unclosed::Comment, 0),
        (&DOLLARS, "f(1; b", Unclosed::Parenthesis, 1),
        (&DOLLARS, "x; CREATE FUNCTION f() BEGIN ATOMIC a; b", Unclosed::Body, 23),
        (&BRACKETS, "x; CREATE TRIGGER t BEGIN a; b;", Unclosed::Body, 3),
    ];
    for (rules, script, what, at) in cases {
        assert_eq!(split(script, rules), Err(SplitError { what, at }), "{script}");
    }
}

#[test]
fn transaction_control_is_found_at_the_start_of_a_statement() {
    for (statement, expected) in [
        ("COMMIT", Some("COMMIT")),
        ("/* x */ rollback to a", Some("rollback")),
        ("-- x\nBegin immediate", Some("Begin")),
        ("SAVEPOINT a", Some("SAVEPOINT")),
        ("start transaction", Some("start")),
        ("PREPARE TRANSACTION 'a'", Some("PREPARE")),
        ("PREPARE a AS SELECT 1", None),
        ("UPDATE a SET commit = 1", None),
        ("DO $$ BEGIN COMMIT; END $$", None),
        ("", None),
    ] {
        assert_eq!(transaction_control(statement, &DOLLARS), expected, "{statement}");
    }
}

#[test]
fn what_a_comment_would_run_is_found() {
    let rules = Rules { executable_comments: true, nested_comments: false, ..Rules::STANDARD };
    for (script, expected) in [
        ("/*!50003 CREATE*/ /*!50003 TRIGGER x */;", Some("/*!")),
        ("SELECT 1; /*M!100301 COMMIT */", Some("/*M!")),
        ("SELECT /*+ NO_INDEX(a) */ '/*! 1 */' -- /*! 2 */", None),
        ("/* ! */ SELECT 1", None),
    ] {
        assert_eq!(executable_comment(script, &rules), expected, "{script}");
        assert_eq!(executable_comment(script, &Rules::STANDARD), None, "{script}");
    }
}

#[test]
fn what_commits_without_a_word_of_it_is_found() {
    let rules = Rules { schema_commits: true, ..Rules::STANDARD };
    for (statement, expected) in [
        ("create table a (b int)", Some("create")),
        ("CREATE TEMPORARY TABLE a (b int)", None),
        ("DROP TEMPORARY TABLE a", None),
        ("/* x */ DROP TABLE a", Some("DROP")),
        ("TRUNCATE a", Some("TRUNCATE")),
        ("SET autocommit = 0", Some("SET")),
        ("SET @a = 1", None),
        ("UPDATE a SET b = 'drop'", None),
        ("", None),
    ] {
        assert_eq!(implicit_commit(statement, &rules), expected, "{statement}");
        assert_eq!(implicit_commit(statement, &Rules::STANDARD), None, "{statement}");
    }
}

#[test]
fn commands_of_client_programs_are_found() {
    for (statement, expected) in [
        ("\\connect a", Some("\\connect")),
        (".read a.sql", Some(".read")),
        ("COPY a (b) FROM stdin WITH CSV", Some("COPY")),
        ("copy a to STDOUT", Some("copy")),
        ("COPY a FROM '/tmp/stdin'", None),
        ("SELECT 1", None),
        ("DELIMITER //", Some("DELIMITER")),
        ("LOAD DATA LOCAL INFILE 'a' INTO TABLE t", Some("LOAD")),
        ("LOAD XML LOW_PRIORITY LOCAL INFILE 'a' INTO TABLE t", Some("LOAD")),
        ("LOAD DATA INFILE 'local' INTO TABLE local", None),
        ("SELECT delimiter FROM local", None),
    ] {
        assert_eq!(client_command(statement, &DOLLARS), expected, "{statement}");
    }
}

#[test]
fn identifiers_are_unquoted_and_folded() {
    let names = |text: &str, rules: &Rules| {
        identifiers(text, rules).map(|found| found.name.into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(r#"A."B""c" /* d */ 'e' $$f$$ é1"#, &DOLLARS), ["a", "B\"c", "é1"]);
    assert_eq!(names("[A b].`c``d` \"e", &BRACKETS), ["A b", "c`d", "e"]);
    assert!(identifiers("Users", &DOLLARS).all(|found| found.is("users", &DOLLARS)));
    assert!(identifiers("[users]", &BRACKETS).all(|found| found.is("USERS", &BRACKETS)));
}

#[test]
fn same_tokens_ignores_spelling_and_nothing_else() {
    for (a, b, same) in [
        ("select A from B", "SELECT a\n  FROM b -- x", true),
        ("a>=1", "a >= 1", true),
        ("a=-1", "a = -1", true),
        ("'a'", "'A'", false),
        ("a > = 1", "a >= 1", false),
        ("\"users\".id", "users.id", true),
        ("\"Users\".id", "users.id", false),
        ("a", "a b", false),
        ("1.5e-3", "1.5e - 3", false),
    ] {
        assert_eq!(same_tokens(a, b, &DOLLARS), same, "{a} | {b}");
    }
    assert!(same_tokens("[Users]", "users", &BRACKETS));
}

#[test]
fn an_identifier_is_renamed_but_not_in_strings_comments_and_calls() {
    let rename = |text: &str, to: &str| rename_identifier(text, "lower", to, &DOLLARS);
    assert_eq!(rename("lower(lower) = 'lower' -- lower", "l"), "lower(l) = 'lower' -- lower");
    assert_eq!(rename("\"lower\" + LOWER + \"Lower\"", "l"), "\"l\" + l + \"Lower\"");
    assert_eq!(rename("lower", "order"), "\"order\"");
    assert_eq!(rename("lower", "Ab"), "\"Ab\"");
    assert_eq!(rename_identifier("[a b] a", "a b", "c]d", &BRACKETS), "\"c]d\" a");
    assert_eq!(rename_identifier("[a b]", "A B", "c d", &BRACKETS), "[c d]");
    assert_eq!(rename_identifier("a", "a", "b c", &BACKSLASHES), "`b c`");
}

#[test]
fn a_table_is_renamed_where_it_is_a_table() {
    for (text, expected) in [
        ("SELECT a.b, a FROM a", "SELECT z.b, a FROM z"),
        ("SELECT 1 FROM b, a JOIN a AS x ON a.c = x.a", "SELECT 1 FROM b, z JOIN z AS x ON z.c = x.a"),
        ("SELECT a.c FROM b AS a", "SELECT a.c FROM b AS a"),
        ("SELECT 1 FROM (SELECT a FROM a) AS q, a", "SELECT 1 FROM (SELECT a FROM z) AS q, z"),
        ("SELECT extract(year FROM a) FROM n.a", "SELECT extract(year FROM a) FROM n.z"),
        ("SELECT a IS DISTINCT FROM a FROM b", "SELECT a IS DISTINCT FROM a FROM b"),
        ("SELECT n.a.a FROM n.a WHERE a > 1", "SELECT n.z.a FROM n.z WHERE a > 1"),
        ("SELECT 1 FROM a(1)", "SELECT 1 FROM a(1)"),
        (
            "INSERT INTO a (a) SELECT a FROM b ORDER BY a, a",
            "INSERT INTO z (a) SELECT a FROM b ORDER BY a, a",
        ),
        ("CREATE INDEX i ON a (a)", "CREATE INDEX i ON z (a)"),
        (
            "CREATE TRIGGER a AFTER UPDATE OF a ON a BEGIN UPDATE a SET a = 1; END",
            "CREATE TRIGGER a AFTER UPDATE OF a ON z BEGIN UPDATE z SET a = 1; END",
        ),
    ] {
        assert_eq!(rename_table(text, "a", "z", &DOLLARS), expected);
    }
}

#[test]
fn a_column_is_renamed_where_it_is_the_tables() {
    for (text, expected) in [
        ("c > 0 AND t.c < 9 AND u.c = 1", "z > 0 AND t.z < 9 AND u.c = 1"),
        (
            "SELECT x.c AS c, y.c FROM t AS x JOIN u y ON y.c = x.c",
            "SELECT x.z AS c, y.c FROM t AS x JOIN u y ON y.c = x.z",
        ),
        ("SELECT c, c(c) FROM c", "SELECT z, c(z) FROM c"),
        ("INSERT INTO t (c) VALUES ('c')", "INSERT INTO t (z) VALUES ('c')"),
        (
            "CREATE TRIGGER g AFTER UPDATE ON t BEGIN UPDATE u SET d = NEW.c; END",
            "CREATE TRIGGER g AFTER UPDATE ON t BEGIN UPDATE u SET d = NEW.z; END",
        ),
        ("SELECT new.c FROM t, new", "SELECT new.c FROM t, new"),
        ("c::c > c '1' OR c = '1'", "z::c > c '1' OR z = '1'"),
    ] {
        assert_eq!(rename_column(text, "t", "c", "z", &BRACKETS), expected);
    }
    let of_keyword = rename_column("null IS NULL OR \"NULL\" > [null]", "t", "null", "z", &BRACKETS);
    assert_eq!(of_keyword, "null IS NULL OR \"z\" > [z]");
}

fn any_rules() -> impl Strategy<Value = Rules> {
    prop::sample::select(vec![DOLLARS, BRACKETS, BACKSLASHES, Rules::STANDARD])
}

/// Texts of the pieces that the lexer treats specially, so that they meet in every order.
fn any_script() -> impl Strategy<Value = String> {
    let pieces = vec![
        "'",
        "\"",
        "`",
        "[",
        "]",
        "$",
        "$$",
        "$a$",
        "E'",
        "\\",
        "--",
        "#",
        "/*",
        "*/",
        "\n",
        "\r",
        " ",
        ";",
        "(",
        ")",
        "CREATE ",
        "TRIGGER ",
        "FUNCTION ",
        "BEGIN ",
        "ATOMIC ",
        "CASE ",
        "END",
        "a",
        "é",
        "1",
        "e-",
        ".",
        ",",
        "=",
        "-",
        ":",
        "\u{0}",
        "🙂",
        "AS ",
        "FROM ",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn tokens_cover_the_text(script in any_script(), rules in any_rules()) {
        let covered: String = tokens(&script, &rules).map(|token| token.text).collect();
        prop_assert_eq!(covered, script);
    }

    #[test]
    fn what_lies_between_statements_is_only_separators(script in any_script(), rules in any_rules()) {
        let Ok(statements) = split(&script, &rules) else { return Ok(()) };
        let mut end = 0;
        let mut gaps = Vec::new();
        for statement in statements {
            let start = statement.as_ptr() as usize - script.as_ptr() as usize;
            gaps.push(&script[end..start]);
            end = start + statement.len();
        }
        gaps.push(&script[end..]);
        for token in gaps.into_iter().flat_map(|gap| tokens(gap, &rules)) {
            prop_assert!(!token.is_significant() || token.is_mark(";"), "{:?}", token);
        }
    }

    #[test]
    fn a_rename_there_and_back_changes_nothing(script in any_script(), rules in any_rules()) {
        prop_assume!(!script.contains("zz"));
        let there = rename_identifier(&script, "a", "zz", &rules);
        prop_assert!(same_tokens(&rename_identifier(&there, "zz", "a", &rules), &script, &rules));
        let _ = (rename_table(&script, "a", "zz", &rules), rename_column(&script, "a", "é", "zz", &rules));
    }
}
