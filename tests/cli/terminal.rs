//! Questions to somebody at a terminal, and what becomes of the answers.

use super::plan::shop;
use crate::support::project::Project;
use crate::support::sql;
use crate::support::terminal::Terminal;

const DOWN: &str = "\x1b[B";
const ENTER: &str = "\r";
const CTRL_C: &str = "\x03";

/// A schema with a column that gets a type which SQLite has no cast for.
fn retyped() -> Project {
    let project = shop();
    let (before, after) = ("column status status default=draft", "column status smallint default=0");
    project.replace("schema/shop.kdl", before, after);
    project
}

#[test]
fn an_expression_is_asked_for_where_values_have_no_cast() {
    let project = retyped();
    let mut terminal = Terminal::start(&project, "plan -m numbers");
    terminal.reads("how do the values of `posts.status` get from").types(ENTER);
    terminal.reads("which SQL expression").types("length(status)").types(ENTER);
    terminal.reads("and on the way back?").types("'draft'").types(ENTER);
    let (screen, code) = terminal.ends();
    assert_eq!(code, Some(0), "{screen}");
    let revision = project.read("revisions/0002_numbers.kdl");
    assert!(revision.contains("UPDATE posts SET status_new = "), "{revision}");
    assert!(revision.contains("length(status)") && revision.contains("'draft'"), "{revision}");
    project.run(&["check"]).ok();
}

#[test]
fn a_way_back_need_not_be_said_and_a_hook_can_be_chosen() {
    let project = retyped();
    let mut terminal = Terminal::start(&project, "plan -m numbers");
    terminal.reads("how do the values of").types(ENTER);
    terminal.reads("which SQL expression").types("length(status)").types(ENTER);
    terminal.reads("and on the way back?").types(ENTER);
    assert_eq!(terminal.ends().1, Some(0));
    let revision = project.read("revisions/0002_numbers.kdl");
    assert!(revision.contains("nothing says how `smallint` becomes `status` again"), "{revision}");
    let project = retyped();
    let mut terminal = Terminal::start(&project, "plan -m numbers");
    terminal.reads("how do the values of").types(DOWN).types(ENTER);
    assert_eq!(terminal.ends().1, Some(0));
    assert!(project.read("revisions/0002_numbers.kdl").contains("-- unfilled"));
}

#[test]
fn who_leaves_a_question_leaves_everything_as_it_was() {
    let project = retyped();
    let before = project.files();
    let mut terminal = Terminal::start(&project, "plan -m numbers");
    terminal.reads("how do the values of").types(CTRL_C);
    let (screen, code) = terminal.ends();
    assert_eq!((code, project.files()), (Some(130), before), "{screen}");
}

#[test]
fn init_asks_whether_to_record_what_the_database_has() {
    for (key, rows) in [("y", ["1"]), ("n", ["0"])] {
        let project = Project::empty();
        let url = project.sqlite("old.db");
        sql::execute(&url, "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
        let mut terminal = Terminal::start(&project, &format!("init --from {url}"));
        terminal.reads("that it has this schema?").types(key);
        let (screen, code) = terminal.ends();
        assert_eq!(code, Some(0), "{screen}");
        assert!(project.files().iter().any(|file| file.starts_with("revisions/0001_")), "{screen}");
        let journals = "SELECT count(*) FROM sqlite_schema WHERE name = 'schemactl_journal'";
        assert_eq!(sql::rows(&url, journals), rows, "{screen}");
    }
}

#[test]
fn a_value_that_does_not_fit_is_asked_for_again() {
    let project = shop();
    project.replace(
        "schema/shop.kdl",
        "column name text nullable",
        "column name text nullable\ncolumn age smallint",
    );
    let mut terminal = Terminal::start(&project, "plan -m age");
    terminal.reads("what do the rows of `users` get").types(ENTER);
    terminal.reads("which value?").types("(").types(ENTER);
    terminal.reads("error[E811]: `(` is not a value").types("70000").types(ENTER);
    terminal
        .reads("error[E811]: `users.age` can't get this value: `70000` is out of the range of `smallint`");
    terminal.reads("write a smaller number").types("7").types(ENTER);
    let (screen, code) = terminal.ends();
    assert_eq!(code, Some(0), "{screen}");
    let revision = project.read("revisions/0002_age.kdl");
    assert!(revision.contains("= 7"), "{revision}");
}

#[test]
fn lines_end_between_words_where_the_terminal_is_narrow() {
    let mut project = shop();
    project.set("COLUMNS", "80");
    project.replace(
        "schema/shop.kdl",
        "    column name text nullable\n",
        "    column age int nullable\n    column size int nullable\n",
    );
    let arguments = "plan -m ages";
    let (screen, _) = Terminal::start(&project, arguments).ends();
    assert!(screen.contains("undo:"), "{screen}");
    for arguments in ["show head", "log", "log --graph", "heads"] {
        let (more, code) = Terminal::start(&project, arguments).ends();
        assert_eq!(code, Some(0), "{more}");
        for line in [&screen, &more].into_iter().flat_map(|screen| screen.lines()) {
            assert!(line.trim_end().chars().count() <= 80, "{line}");
        }
    }
    let printed = project.run(&["log"]).ok();
    assert!(printed.lines().all(|line| line.chars().count() > 80), "{printed}");
}
