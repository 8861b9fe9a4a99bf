//! `schemactl sql`: the way between two places in the chain, as a script for a database's own client.

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::offline::{self, Offline, ScriptArgs};
use crate::cli::variables::VariableArgs;
use crate::dialect;

/// Write the SQL from one revision to another as a script, and connect to nothing
///
/// The script runs with the database's own client, such as `psql` or `sqlite3`. It checks that the database is where the
/// script begins, uses the transactions of a run, and writes the rows of the journal. From a later revision to an
/// earlier one it undoes them.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  schemactl sql > all.sql\n  schemactl sql 0003..head\n  schemactl sql head..0003 > back.sql\n  schemactl sql --idempotent > anywhere.sql"
)]
pub(crate) struct Args {
    /// From where to where: `FROM..TO`; `base` and `head` can be left out, and so can `FROM..`
    #[arg(default_value = "base..head", allow_negative_numbers = true, value_name = "RANGE")]
    range: String,

    /// The dialect of the script; without it, that of the environment
    #[arg(long, value_name = "DIALECT")]
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(dialect::products()))]
    dialect: Option<String>,

    /// Write it for every place between the two: what has run is left out
    #[arg(long, conflicts_with = "single_transaction")]
    idempotent: bool,

    /// Put all revisions into one transaction
    #[arg(long)]
    single_transaction: bool,

    /// For a new database, write every revision, not the newest checkpoint in place of those before it
    #[arg(long)]
    no_checkpoint: bool,

    /// Write the values of secret variables into the script
    #[arg(long)]
    with_secrets: bool,

    #[command(flatten)]
    variables: VariableArgs,
}

/// Writes it.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { range, dialect, idempotent, single_transaction, no_checkpoint, with_secrets, variables } =
        args;
    context.variables = variables.by_name()?;
    let (from, to) = offline::range(&range);
    let script = ScriptArgs::always(dialect, idempotent);
    let begin = (!no_checkpoint).then_some(to);
    let mut offline = Offline::open(context, &script, from.unwrap_or("base"), begin)?;
    offline.with_secrets = with_secrets;
    let way = offline.either(to, single_transaction)?;
    offline.print(context, "sql", &way, single_transaction)?;
    Ok(Exit::DONE)
}
