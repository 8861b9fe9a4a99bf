//! What the catalog of a database in a state looks like, as that very database prints it: the state is created on a
//! scratch database beside it and read back, so that nothing depends on how expressions are spelled.

use super::catalog;
use super::connection::Target;
use super::errors::E740;
use super::scratch::Scratches;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, Inspection};
use crate::model::{Collection, State};

/// The inspection of a database of the same server, freshly created in this state, without reference rows. `run` is a
/// plain word that keeps the scratch database's name apart from those of other runs.
///
/// # Errors
/// E740: no scratch database may be made. Otherwise why the state can't be created on it.
pub async fn expected(
    state: &State,
    dialect: &dyn Dialect,
    target: &Target,
    run: &str,
) -> Result<Inspection, Vec<Diagnostic>> {
    let state = State { data: Collection::new(), ..state.clone() };
    let mut scratches = Scratches::open(target, run).await.map_err(|problem| vec![problem])?;
    let inspected = match scratches.created(&state, dialect).await {
        Ok(mut scratch) => {
            let read = catalog::inspect(&mut scratch.connection, dialect).await;
            scratches.discard(scratch).await;
            read.map_err(|problem| vec![problem])
        }
        Err(problems) => Err(problems.into_iter().map(on_scratch).collect()),
    };
    let closed = scratches.close().await;
    let inspection = inspected?;
    closed.map(|()| inspection)
}

/// Says where it happened, since nothing has happened on the user's own database.
fn on_scratch(problem: Diagnostic) -> Diagnostic {
    if problem.code == &E740 {
        return problem;
    }
    let message =
        format!("to compare with it, the state was created on a scratch database: {}", problem.message);
    Diagnostic { message, ..problem }
}
