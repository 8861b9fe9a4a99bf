//! The harness itself: databases are fresh, independent of each other, and gone afterwards.

use crate::support::{mysql, postgres, sql};

#[test]
fn each_test_has_a_database_of_its_own() {
    let one = postgres::database("one");
    let two = postgres::database("two");
    sql::execute(&one.url, "CREATE TABLE t (a int); INSERT INTO t VALUES (7)");
    assert_eq!(sql::rows(&one.url, "SELECT a, NULL FROM t"), ["7|NULL"]);
    assert_eq!(sql::rows(&two.url, "SELECT to_regclass('t')"), ["NULL"]);
}

#[test]
fn a_database_is_dropped_even_when_someone_is_connected() {
    let other = postgres::database("observer");
    let gone = postgres::database("gone");
    let name = sql::rows(&gone.url, "SELECT current_database()").remove(0);
    let mut open = sql::Session::open(&gone.url);
    drop(gone);
    let found = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'");
    assert_eq!(sql::rows(&other.url, &found), ["0"]);
    assert!(open.try_rows("SELECT 1").is_err(), "the connection was ended by the server");
}

#[test]
fn a_database_of_mysql_is_dropped_even_when_someone_is_connected() {
    let (one, two) = (mysql::database("one"), mysql::database("two"));
    sql::execute(&one.url, "CREATE TABLE t (a int); INSERT INTO t VALUES (7)");
    assert_eq!(sql::rows(&one.url, "SELECT a, NULL FROM t"), ["7|NULL"]);
    assert_eq!(sql::rows(&two.url, "SHOW TABLES"), Vec::<String>::new());
    let mut open = sql::Session::open(&one.url);
    open.execute("START TRANSACTION; SELECT * FROM t");
    let found = format!("SHOW DATABASES LIKE '{}'", one.name);
    drop(one);
    assert_eq!(sql::rows(&two.url, &found), Vec::<String>::new());
    assert!(open.try_rows("SELECT 1").is_err(), "the connection was ended by the server");
}

#[test]
fn a_database_works_inside_of_an_async_test() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let database = postgres::database("async");
        assert_eq!(sql::rows(&database.url, "SELECT 1 + 1"), ["2"]);
    });
}

#[test]
fn sqlite_answers_in_the_same_words() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("a b.db").display());
    sql::execute(&url, "CREATE TABLE t (a, b); INSERT INTO t VALUES (7, NULL), (1.5, 'x')");
    assert_eq!(sql::rows(&url, "SELECT a, b FROM t"), ["7|NULL", "1.5|x"]);
}
