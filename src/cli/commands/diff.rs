//! `schemactl diff`: the operations between two schemas, wherever they are.

use serde_json::{Value, json};

use crate::change::{Op, Step};
use crate::cli::context::Context;
use crate::cli::cost::Cost;
use crate::cli::database::block_on;
use crate::cli::dialects;
use crate::cli::drift_view::strange_json;
use crate::cli::errors::{E851, E854};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::operand::{self, Live, Side};
use crate::cli::unseen::refuse_blind;
use crate::cli::{plan_view, sql_view};
use crate::diagnostic::Diagnostic;
use crate::dialect::{self, Dialect, Inspection, Unmanaged, Version};
use crate::diff::diff;
use crate::model::{Rename, State};
use crate::plan::{Direction, Segment, lower};
use crate::revision;
use crate::runner::drift::{Strange, strange};
use crate::runner::expected::expected;

/// Show the operations that lead from one schema to another, wherever the two are
///
/// Each of them is `schema` (the files), a revision, a snapshot (`s1:…`), a folder of KDL files, `env:NAME`, a URL, or
/// `git:COMMIT`. A database is compared with a scratch database of the same server, which is made in the other state.
///
/// States are compared, not histories: what has another name is dropped and created. Between two revisions of which one
/// builds on the other, what the revisions rename is renamed here as well; to `schema`, what it says by `was=`.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  schemactl diff\n  schemactl diff git:main schema\n  schemactl diff env:prod head --sql\n  schemactl diff 3 5 --ops --exit-code"
)]
#[command(mut_arg("dialect", |arg| arg.value_parser(clap::builder::PossibleValuesParser::new(crate::dialect::products()))))]
pub(crate) struct Args {
    /// The schema to start from
    #[arg(default_value = "head")]
    from: String,

    /// The schema to get to
    #[arg(default_value = "schema")]
    to: String,

    /// Exit with 4 when there is a difference
    #[arg(long)]
    exit_code: bool,

    /// Show the operations as a revision has them
    #[arg(long, conflicts_with = "sql")]
    ops: bool,

    /// Show the SQL
    #[arg(long)]
    sql: bool,

    /// Show the SQL of this dialect; where a database is compared, its own is shown
    #[arg(long, value_name = "DIALECT", requires = "sql")]
    dialect: Option<String>,
}

/// Shows them.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let compared = block_on(async {
        let from = operand::read(&args.from, context).await?;
        let to = operand::read(&args.to, context).await?;
        let names = [from.shown(&args.from), to.shown(&args.to)];
        let compared = compare(from, to).await?;
        Ok::<_, Failure>((names, compared))
    });
    let (names, compared) = compared?;
    let different = !compared.ops.is_empty() || !compared.unmanaged.is_empty();
    show(context, &args, &names, compared)?;
    Ok(if different && args.exit_code { Exit::FINDINGS } else { Exit::DONE })
}

/// Two schemas in the same words, and what lies between them.
struct Compared {
    from: State,
    ops: Vec<Op>,
    unmanaged: Vec<Strange>,
    /// The dialect and version of the databases, if there was one.
    server: Option<(&'static dyn Dialect, Version)>,
}

async fn compare(from: Side, to: Side) -> Result<Compared, Failure> {
    let run = format!("diff_{}", std::process::id());
    let as_on = async |state: &State, live: &Live| -> Result<Inspection, Vec<Diagnostic>> {
        refuse_blind(state, &live.inspection).map_err(|problem| vec![problem])?;
        let fresh = expected(state, live.server.dialect, &live.address, &run).await?;
        Ok(Inspection { unmanaged: live.inspection.unmanaged.clone(), ..fresh })
    };
    match (from, to) {
        (
            Side::Declared { state: from, place: begin, .. },
            Side::Declared { state: to, renames, place: end },
        ) => {
            let along = match (begin.as_deref(), end.as_deref()) {
                // What keeps a hook from running behind another branch is no matter of states.
                (Some((history, begin)), Some((_, end))) => history.renames(begin, end).unwrap_or_default(),
                _ => renames,
            };
            let ops = between(&from, &to, &along)?;
            Ok(Compared { from, ops, unmanaged: Vec::new(), server: None })
        }
        (Side::Declared { state, .. }, Side::Live(live)) => {
            let from = as_on(&state, &live).await?;
            inspected(from, live.inspection.clone(), &[], &live)
        }
        (Side::Live(live), Side::Declared { state, renames, .. }) => {
            let to = as_on(&state, &live).await?;
            inspected(live.inspection.clone(), to, &renames, &live)
        }
        (Side::Live(from), Side::Live(to)) => {
            let (one, two) = (from.server.dialect.name(), to.server.dialect.name());
            if one != two {
                let message = format!("a database of {one} and one of {two} have no words in common");
                return Err(Diagnostic::error(&E854, message)
                    .help("compare each of them with `schema` or a revision")
                    .into());
            }
            inspected(from.inspection.clone(), to.inspection, &[], &from)
        }
    }
}

fn inspected(from: Inspection, to: Inspection, renames: &[Rename], live: &Live) -> Result<Compared, Failure> {
    let ops = between(&from.state, &to.state, renames)?;
    let unmanaged = strange(&from.unmanaged, &to.unmanaged);
    let server = Some((live.server.dialect, live.server.version));
    Ok(Compared { from: from.state, ops, unmanaged, server })
}

/// The operations; hints about what is not there, or was renamed before, are of no use here.
fn between(from: &State, to: &State, renames: &[Rename]) -> Result<Vec<Op>, Diagnostic> {
    let ops = diff(from, to, renames).or_else(|_| diff(from, to, &[]));
    ops.map_err(|error| Diagnostic::error(&E851, format!("the differences can't be put in order: {error}")))
}

fn show(
    context: &mut Context,
    args: &Args,
    [from_name, to_name]: &[String; 2],
    compared: Compared,
) -> Result<(), Failure> {
    let Compared { from, ops, unmanaged, server } = compared;
    let steps: Vec<Step> = ops.into_iter().map(Step::Op).collect();
    let sql = if args.sql { scripts(context, args, &steps, &from, server)? } else { Vec::new() };
    let printer = &mut context.printer;
    if printer.is_json() {
        let costs: Vec<Cost> = sql.iter().map(|(name, segments)| Cost::of(name, segments)).collect();
        let scripts = sql
            .iter()
            .map(|(dialect, segments)| json!({ "dialect": dialect, "statements": sql_view::flat(segments) }));
        printer.json(json!({
            "from": from_name,
            "to": to_name,
            "steps": plan_view::json(&steps, &costs),
            "unmanaged": unmanaged.iter().map(strange_json).collect::<Value>(),
            "sql": args.sql.then(|| scripts.collect::<Vec<_>>()),
        }));
        return Ok(());
    }
    if steps.is_empty() && unmanaged.is_empty() {
        printer.note(format_args!("no difference between `{from_name}` and `{to_name}`"));
        return Ok(());
    }
    if args.ops {
        printer.data(revision::print_steps(&steps));
    } else if args.sql {
        for (dialect, segments) in &sql {
            if sql.len() > 1 {
                printer.line(format_args!("-- {dialect}"));
            }
            let offline = dialect::find_product(dialect).map(|(known, _)| known.offline());
            if let Some(offline) = offline {
                printer.data(sql_view::script(segments, offline));
            }
        }
    } else {
        printer.data(plan_view::steps(&steps, &[]));
        for different in &unmanaged {
            let (sign, Unmanaged { kind, name, .. }) = different.signed();
            printer.line(format_args!("  {sign} {kind} {name}  (not managed)"));
        }
    }
    Ok(())
}

/// What each dialect that is meant does for the steps.
fn scripts(
    context: &mut Context,
    args: &Args,
    steps: &[Step],
    from: &State,
    server: Option<(&'static dyn Dialect, Version)>,
) -> Result<Vec<(String, Vec<Segment>)>, Failure> {
    let (servers, product) = match (server, context.project()) {
        // A database has one of its own.
        (Some(server), _) => (vec![server], None),
        (None, Ok(project)) => (project.servers(), args.dialect.as_deref()),
        (None, Err(_)) => (dialect::servers(dialect::all()), args.dialect.as_deref()),
    };
    let is_asked = dialects::asked(&servers, product)?;
    let mut scripts = Vec::new();
    for (dialect, version) in servers {
        let name = version.product.word().to_owned();
        if is_asked(&name) {
            scripts.push((name, lower(steps, from, Direction::Up, dialect, version)?));
        }
    }
    Ok(scripts)
}
