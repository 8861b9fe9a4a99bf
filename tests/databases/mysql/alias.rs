//! Tables that an application names by aliases all the time, while a column of them gets another name: MariaDB keeps them open
//! under the aliases.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::project::{Output, Project};
use crate::support::{mysql, sql};

#[test]
fn a_column_gets_another_name_while_queries_use_aliases() {
    let (project, database) = (Project::empty(), mysql::database("alias"));
    project.write("schemactl.kdl", "project shop { dialects mysql }\n");
    let schema =
        "table items { column id int primary-key; column price int; check name=fair \"price >= 0\" }\n";
    project.write("schema/shop.kdl", schema);
    project.run(&["plan", "-q", "-m", "first"]).ok();
    project.run(&["apply", "-q", "--url", &database.url]).ok();
    sql::execute(&database.url, "INSERT INTO items VALUES (1, 1), (2, 2); FLUSH TABLES items");
    project.write(
        "schema/shop.kdl",
        schema.replace("column price int", "column cost int was=price").replace("\"price", "\"cost"),
    );
    project.run(&["plan", "-q", "-m", "second"]).ok();
    let is_done = AtomicBool::new(false);
    let asks = || {
        let mut session = sql::Session::open(&database.url);
        while !is_done.load(Ordering::Relaxed) {
            session.rows("SELECT i.id FROM items AS i WHERE i.id > 0");
        }
    };
    // Each time is one of many at which a query can come in between.
    let runs = std::thread::scope(|threads| {
        (0..4).for_each(|_| drop(threads.spawn(asks)));
        let to_and_fro = ["apply", "rollback"].into_iter().cycle().take(19);
        let runs: Vec<Output> =
            to_and_fro.map(|command| project.run(&[command, "-q", "--url", &database.url])).collect();
        is_done.store(true, Ordering::Relaxed);
        runs
    });
    runs.into_iter().for_each(|run| drop(run.ok()));
    assert_eq!(sql::rows(&database.url, "SELECT cost FROM items ORDER BY id"), ["1", "2"]);
}
