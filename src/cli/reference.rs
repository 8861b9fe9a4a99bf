//! The reference pages docs/commands.md and docs/environment.md, made of the definitions that the program runs on.

use std::fmt::Write;

use clap::Command;

use super::definition;
use super::exit::Exit;
use crate::project::variable;

/// What both pages open with.
const GENERATED: &str =
    "<!-- Made of the source by `SCHEMACTL_UPDATE_DOCS=1 cargo test --test it reference`. -->\n";

/// The page of all commands with their options.
#[must_use]
pub fn commands() -> String {
    let mut root = definition().term_width(100);
    root.build();
    let mut page = format!("{GENERATED}\n# Commands\n\n");
    page.push_str("Every command takes the global options, which are listed once, here.\n\n");
    section(&mut page, &mut root, "schemactl");
    let visible = root.get_subcommands().filter(|command| !command.is_hide_set());
    for mut command in visible.cloned().collect::<Vec<_>>() {
        let title = format!("schemactl {}", command.get_name());
        section(&mut page, &mut command, &title);
    }
    page.push_str("## Exit codes\n\n| code | meaning |\n| --- | --- |\n");
    for (exit, meaning) in Exit::ALL {
        let _ = writeln!(page, "| {} | {meaning} |", exit.code());
    }
    page
}

/// A command's own help; the global options are left to the page's beginning.
fn section(page: &mut String, command: &mut Command, title: &str) {
    let mut own = command.clone().color(clap::ColorChoice::Never);
    if title != "schemactl" {
        let globals: Vec<_> = own.get_arguments().filter(|arg| arg.is_global_set()).cloned().collect();
        for global in globals {
            own = own.mut_arg(global.get_id(), |arg| arg.hide(true));
        }
    }
    let help = own.render_long_help().to_string();
    let lines: String = help.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    let _ = write!(page, "## {title}\n\n```text\n{}\n```\n\n", lines.trim_end());
}

/// The page of all environment variables.
#[must_use]
pub fn environment() -> String {
    let mut page = format!("{GENERATED}\n# Environment variables\n\n");
    page.push_str(
        "An option has precedence over a variable, and a variable over `schemactl.kdl`. Variables that name \
         an environment or a URL may also stand in a file `.env` beside `schemactl.kdl`, which never overrides \
         the process's own.\n\n",
    );
    for variable in variable::ALL {
        let _ = writeln!(page, "- `{}`: {}", variable.name, variable.doc.trim());
    }
    page
}
