//! What became of a statement that was cut off, told by the catalog: the objects that it touches are compared with what
//! they are before and after it, all three as the database itself prints them. Nothing is guessed.

use super::catalog;
use super::connection::{Connection, Target};
use super::errors::{E707, E740};
use super::scratch::Scratches;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, Effect};
use crate::diff::changes;
use crate::model::{Collection, RawObject, State, View};
use crate::name::ObjectName;
use crate::plan::errors::E505;
use crate::plan::touched::{cut, leave, put, with_sources};
use crate::sql::{Rules, created};

/// What became of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// All of it happened.
    Done,
    /// Nothing of it happened.
    Open,
    /// What is there is neither what was before it nor what should be after it.
    Other(Box<Views>),
}

/// The objects that a statement touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Views {
    /// As they should be before it.
    pub before: State,
    /// As they are.
    pub live: State,
    /// As they should be after it.
    pub after: State,
}

/// What objects that are like this say of a statement between those two states.
#[must_use]
pub fn decide(Views { before, live, after }: Views) -> Became {
    match (is_same(&live, &before), is_same(&live, &after)) {
        // What leaves no trace can be done again; if it can't, the database says so.
        (true, _) => Became::Open,
        (false, true) => Became::Done,
        (false, false) => Became::Other(Box::new(Views { before, live, after })),
    }
}

/// Whether two states are the same, but for the order of columns.
fn is_same(one: &State, two: &State) -> bool {
    changes(one, two).is_ok_and(|ops| ops.is_empty())
}

/// Looks what became of a statement. `around` is the state of the whole schema before it.
///
/// # Errors
/// The catalog can't be read, or what should be there can't be created to be looked at.
pub async fn settle(
    connection: &mut Connection,
    dialect: &dyn Dialect,
    target: &Target,
    around: &State,
    effect: &Effect,
) -> Result<Became, Vec<Diagnostic>> {
    let live = catalog::inspect(connection, dialect).await.map_err(|problem| vec![problem])?.state;
    let [mut found, mut left] = [around.clone(), around.clone()];
    put(&mut found, &effect.before, &effect.before);
    leave(&mut left, effect);
    let run = format!("settle_{}", std::process::id());
    let views = match printed((&found, &left), effect, dialect, (target, &run)).await {
        Ok((Some(before), Some(after))) => {
            let live = cut(&live, &[&before, &after]);
            Views { before, live, after }
        }
        Ok((None, Some(after))) => {
            let done = is_same(&cut(&live, &[&effect.before, &after]), &after);
            return Ok(if done { Became::Done } else { Became::Open });
        }
        Ok((_, None)) => return Ok(by_name(&live.views, effect)),
        // By rules of spelling where the server can't be asked.
        Err(problems) if problems.iter().any(|problem| problem.code == &E740) => {
            let (mut before, mut after) = (dialect.normal(&effect.before), dialect.normal(&effect.after));
            let mut live = dialect.normal(&live);
            live.objects = as_declared(&live.objects, [&before, &after], dialect.rules());
            let live = cut(&live, &[&before, &after]);
            if is_same(&before, &after) && !is_same(&effect.before, &effect.after) {
                // The rules don't tell the one from the other.
                return Ok(Became::Other(Box::new(Views { before, live, after })));
            }
            trust_names(&mut before, &live, &mut after);
            Views { before, live, after }
        }
        Err(problems) => return Err(problems),
    };
    Ok(decide(views))
}

/// The objects of a catalog under the names that a schema has for them: what an object is called there is not what its SQL
/// calls it.
fn as_declared(live: &Collection<RawObject>, parts: [&State; 2], rules: &Rules) -> Collection<RawObject> {
    let mut found = Collection::new();
    for object in parts.into_iter().flat_map(|part| &part.objects) {
        let same = |other: &&RawObject| match created(&object.create.common, rules) {
            Some(created_here) => created(&other.create.common, rules) == Some(created_here),
            None => other.name == object.name,
        };
        if let Some(one) = live.iter().find(same) {
            found.replace(RawObject { name: object.name.clone(), ..one.clone() });
        }
    }
    found
}

/// Takes a view or an object that is there before a statement or after it, but not both, for the one that has its name: no
/// rule says how a server writes what it says.
fn trust_names(before: &mut State, live: &State, after: &mut State) {
    for view in &live.views {
        let one = match (before.views.get_mut(&view.name), after.views.get_mut(&view.name)) {
            (Some(one), None) | (None, Some(one)) => one,
            (Some(_), Some(_)) | (None, None) => continue,
        };
        one.query.clone_from(&view.query);
        one.depends_on.clone_from(&view.depends_on);
    }
    for object in &live.objects {
        match (before.objects.get_mut(&object.name), after.objects.get_mut(&object.name)) {
            (Some(one), None) | (None, Some(one)) => one.clone_from(object),
            (Some(_), Some(_)) | (None, None) => {}
        }
    }
}

/// What became of views, where they can't be made to be looked at: whether they came and went. What replaces one can run
/// again.
fn by_name(live: &Collection<View>, Effect { before, after }: &Effect) -> Became {
    let is_live = |name: &ObjectName| {
        let spelled = name.to_string().to_lowercase();
        live.keys().any(|live| live.to_string().to_lowercase() == spelled)
    };
    let mut gone = before.views.keys().filter(|name| !after.views.contains(*name)).peekable();
    let mut come = after.views.keys().filter(|name| !before.views.contains(*name)).peekable();
    let replaces = gone.peek().is_none() && come.peek().is_none();
    let done = !replaces && gone.all(|name| !is_live(name)) && come.all(is_live);
    if done { Became::Done } else { Became::Open }
}

/// What a statement touches, before and after it, as the server prints it. Views may rest on what isn't there at the moment: then
/// they can't be made again to be looked at.
async fn printed(
    (before, after): (&State, &State),
    effect: &Effect,
    dialect: &dyn Dialect,
    (target, run): (&Target, &str),
) -> Result<(Option<State>, Option<State>), Vec<Diagnostic>> {
    let mut scratches = Scratches::open(target, run).await.map_err(|problem| vec![problem])?;
    let printed: Result<_, Vec<Diagnostic>> = async {
        let possible = |printed: Result<State, Vec<Diagnostic>>| match printed {
            Ok(printed) => Ok(Some(printed)),
            Err(problems) if is_of_views(effect) && problems.iter().all(is_of_sources) => Ok(None),
            Err(problems) => Err(problems),
        };
        let before = possible(one(&mut scratches, before, &effect.before, dialect).await)?;
        let after = possible(one(&mut scratches, after, &effect.after, dialect).await)?;
        Ok((before, after))
    }
    .await;
    let closed = scratches.close().await;
    let printed = printed?;
    closed.map(|()| printed)
}

/// Whether it tells that something isn't there which a view reads: by its query, or by what it says to rest on.
fn is_of_sources(problem: &Diagnostic) -> bool {
    [&E707, &E505].contains(&problem.code)
}

/// Whether a statement is about views alone, which are there as a whole or not at all.
fn is_of_views(Effect { before, after }: &Effect) -> bool {
    let all = |part: &State| *part == State { views: part.views.clone(), ..State::default() };
    all(before) && all(after)
}

/// A part of a state as the server prints it, created with all that it rests on.
async fn one(
    scratches: &mut Scratches,
    state: &State,
    part: &State,
    dialect: &dyn Dialect,
) -> Result<State, Vec<Diagnostic>> {
    let whole = with_sources(state, part);
    let mut printed = seen(scratches, &whole, dialect).await?;
    let mut shown = cut(&printed, &[part]);
    if !part.objects.is_empty() {
        // What an object is called in a schema is not what its SQL calls it: it is what is there more with it.
        let mut around = whole;
        part.objects.keys().for_each(|name| drop(around.objects.remove(name)));
        let around = seen(scratches, &around, dialect).await?;
        around.objects.keys().for_each(|name| drop(printed.objects.remove(name)));
        shown.objects = printed.objects;
    }
    Ok(shown)
}

/// A state as the server prints it.
async fn seen(
    scratches: &mut Scratches,
    state: &State,
    dialect: &dyn Dialect,
) -> Result<State, Vec<Diagnostic>> {
    let mut scratch = scratches.created(state, dialect).await?;
    let read = catalog::inspect(&mut scratch.connection, dialect).await;
    scratches.discard(scratch).await;
    read.map(|inspection| inspection.state).map_err(|problem| vec![problem])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, Portable, Table, Type};
    use crate::name::Name;

    fn state(columns: &[&str]) -> State {
        let name = |text: &str| Name::new(text).unwrap();
        let column = |text: &&str| Column::new(name(text), Type::Portable(Portable::Int));
        let table = Table {
            columns: columns.iter().map(column).collect(),
            ..Table::new(ObjectName::unqualified(name("t")))
        };
        State { tables: [table].into_iter().collect(), ..State::default() }
    }

    #[test]
    fn the_catalog_decides() {
        let said = |before: &[&str], live: &[&str], after: &[&str]| {
            let of = |columns: &[&str]| if columns.is_empty() { State::default() } else { state(columns) };
            match decide(Views { before: of(before), live: of(live), after: of(after) }) {
                Became::Done => "done",
                Became::Open => "open",
                Became::Other(_) => "other",
            }
        };
        for (before, live, after, expected) in [
            (&["a"][..], &["a"][..], &["a", "b"][..], "open"),
            (&["a"], &["a", "b"], &["a", "b"], "done"),
            // A new column comes last, wherever it is declared.
            (&["a"], &["a", "b"], &["b", "a"], "done"),
            (&["a"], &["a", "c"], &["a", "b"], "other"),
            (&["a"], &[], &["a", "b"], "other"),
            (&[], &[], &["a"], "open"),
            (&[], &["a"], &["a"], "done"),
            (&["a"], &[], &[], "done"),
            (&["a"], &["a"], &["a"], "open"),
        ] {
            assert_eq!(said(before, live, after), expected, "{before:?} {live:?} {after:?}");
        }
    }
}
