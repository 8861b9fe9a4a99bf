//! `schemactl show`: a revision's steps, and what they are in SQL.

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::database::position_for;
use crate::cli::dialects;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::{chain, plan_view, sql_view};

/// Show a revision: its steps, and with `--sql` what they are on each database
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  schemactl show\n  schemactl show 3 --sql")]
#[command(mut_arg("dialect", |arg| arg.value_parser(clap::builder::PossibleValuesParser::new(crate::dialect::products()))))]
pub(crate) struct Args {
    /// The revision: number, name, id, tag, `head`, `head-1`, or the beginning of a name or id; `current` asks the database
    #[arg(value_name = "REVISION", default_value = "head", allow_negative_numbers = true)]
    revision: String,

    /// Show the SQL of both directions as well
    #[arg(long)]
    sql: bool,

    /// Show the SQL for this database only
    #[arg(long, value_name = "DIALECT", requires = "sql")]
    dialect: Option<String>,
}

/// Shows it.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { revision, sql, dialect } = args;
    let project = context.project()?;
    let history = project.read_history(&mut context.sources)?;
    let position = position_for(&revision, "show", context)?;
    let link = chain::find_at(&history, &revision, &position)?;
    let (from, to) = chain::states(&history, link)?;
    let steps = &link.revision.steps;
    let servers = project.servers();
    let is_asked = dialects::asked(&servers, dialect.as_deref())?;
    let mut lowered = Vec::new();
    for of in servers {
        lowered.push(sql_view::render(steps, &from, &to, of)?);
    }
    let costs = dialects::costs(&lowered);
    lowered.retain(|lowered| sql && is_asked(&lowered.dialect));
    if context.printer.is_json() {
        let sql = sql.then(|| lowered.iter().map(sql_view::json).collect::<Vec<_>>());
        context.printer.json(json!({
            "revision": plan_view::revision_json(&link.revision),
            "digest": link.digest.to_string(),
            "steps": plan_view::json(steps, &costs),
            "sql": sql,
        }));
        return Ok(Exit::DONE);
    }
    context.printer.data(plan_view::details(&link.revision));
    context.printer.lines(plan_view::revision(&link.revision, &costs));
    for lowered in &lowered {
        context.printer.line("");
        context.printer.data(sql_view::text(lowered));
    }
    Ok(Exit::DONE)
}
