//! Reference rows.

use super::trial::{Rows, Trial};

#[test]
fn rows_come_change_and_go() {
    let mut trial = Trial::new("rows");
    trial.change(
        r#"
table kinds { column id bigint identity=always primary-key; column name text nullable }
data kinds key=id { row id=1 name=note; row id=2 name="it's"; row id=9 name=#null }
"#,
        "",
        r#"
table kinds {
    column id bigint identity=always primary-key
    column name text nullable
    column weight int
    column at date nullable
}
data kinds key=id {
    row id=1 name="back\\slash" weight=1
    row id=3 name=new weight=2 at="2020-01-02"
    row id=9 weight=3 at=(sql)"CURRENT_DATE"
    row id=40 name=x weight=4
}
"#,
        Rows::Kept,
    );
    assert_eq!(
        trial.query("SELECT id, name, weight FROM kinds ORDER BY id"),
        ["1|back\\slash|1", "3|new|2", "9|NULL|3", "40|x|4"]
    );
    trial.query("INSERT INTO kinds (name, weight) VALUES ('mine', 0)");
    assert_eq!(trial.query("SELECT id FROM kinds WHERE name = 'mine'"), ["41"]);
}
