//! docs/mysql.md, replayed as it stands there.

use crate::support::project::Project;
use crate::support::{mysql, transcript};

#[test]
fn the_page_on_mysql_and_mariadb_is_true() {
    // It shows the words and the algorithms of MariaDB; MySQL has others.
    if !mysql::is_mariadb() {
        return;
    }
    let database = mysql::database("page");
    let mut project = Project::empty();
    project.set("DATABASE_URL", &database.url);
    let mut shown: url::Url = database.url.parse().expect("the server's URL was used to connect");
    if shown.password().is_some() {
        shown.set_password(Some("***")).expect("it has a host");
    }
    project.hide(shown.as_str(), "mysql://shop@db.example.org/shop");
    transcript::replay_document(&project, "docs/mysql.md");
}
