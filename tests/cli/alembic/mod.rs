//! What people who come from Alembic know, tried by the words that they know: commands, options, names of places,
//! messages, and how a run behaves. On SQLite files, without a server.

mod behaviours;
mod commands;
mod messages;
mod options;
mod targets;

use std::fs;

use crate::support::project::Project;

const USERS: &str = "table users {\n    column id bigint primary-key\n}\n";

/// The table of users, with further columns that may be empty.
fn users(columns: &[&str]) -> String {
    let columns = columns.iter().map(|name| format!("    column {name} text nullable\n"));
    USERS.replace("}\n", &(columns.collect::<String>() + "}\n"))
}

/// A project with a revision for each of these columns behind the one that makes the table; nothing has run.
fn chain(columns: &[&str]) -> Project {
    let project = Project::empty();
    project.write(
        "schemactl.kdl",
        "project shop { dialects sqlite }\nenv dev default=#true { url \"sqlite://shop.db\" }\n",
    );
    for count in 0..=columns.len() {
        project.write("schema/shop.kdl", users(&columns[..count]));
        let message = if count == 0 { "users" } else { columns[count - 1] };
        project.run(&["revision", "--autogenerate", "-m", message, "-q"]).ok();
    }
    project
}

/// Three revisions, of which the last two were planned beside each other.
fn forked() -> Project {
    let project = chain(&["mine"]);
    let mine = project.read("revisions/0002_mine.kdl");
    fs::remove_file(project.path("revisions/0002_mine.kdl")).unwrap();
    project.write("schema/shop.kdl", users(&["theirs"]));
    project.run(&["revision", "--autogenerate", "-m", "theirs", "-q"]).ok();
    project.write("revisions/0002_mine.kdl", mine);
    project
}

/// What commands say, each below its line; of a diagnostic without the excerpts from files.
fn told(project: &Project, lines: &[&str]) -> String {
    let mut all = String::new();
    for line in lines {
        let output = project.shell(&format!("schemactl {line}")).to_string();
        let words = output.lines().filter(|line| !line.starts_with("explain: ") && !is_excerpt(line));
        all += &format!("$ schemactl {line}\n{}\n", words.collect::<Vec<_>>().join("\n"));
    }
    all
}

fn is_excerpt(line: &str) -> bool {
    let start = line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit());
    line.starts_with(' ') && start.starts_with(['╭', '│', '·', '╰'])
}

/// Where the database is.
fn at(project: &Project) -> String {
    let status = project.run(&["current"]).ok();
    let line = status.lines().find_map(|line| line.strip_prefix("at")).expect("it says where");
    line.trim().to_owned()
}
