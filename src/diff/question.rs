//! What a plan can't know by itself: whether a drop and a create are a rename, and what existing rows get in a
//! new required column. Asked of a person or answered by a flag, never assumed.

use std::mem::discriminant;

use super::{DiffError, rename};
use crate::change::is_required;
use crate::model::{Collection, Column, EnumType, Member, Named, Rename, State, Table, Type};
use crate::name::{Name, ObjectName};

/// Something to decide before a plan can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Something goes and others like it come: was one of these it?
    Renamed {
        /// What it would be for each candidate, likeliest first.
        candidates: Vec<Rename>,
    },
    /// A new column of an existing table is required, and nothing says what its rows get.
    Required {
        /// The table.
        table: ObjectName,
        /// The column.
        column: Name,
    },
    /// An enum loses values that rows may have.
    RemovedValues {
        /// The enum.
        of: ObjectName,
        /// The values.
        values: Vec<Box<str>>,
        /// The columns that may hold them.
        columns: Vec<(ObjectName, Name)>,
    },
}

/// The questions that remain between two states after these renames, in a fixed order.
///
/// # Errors
/// A rename that can't be.
pub fn questions(from: &State, to: &State, renames: &[Rename]) -> Result<Vec<Question>, DiffError> {
    let (_, middle) = rename::settle(from, to, renames)?;
    let mut questions = Vec::new();
    let tables = candidates(&middle.tables, &to.tables, alike_tables);
    questions.extend(asked(tables, |from, to| Rename::Table { from, to }));
    let enums = candidates(&middle.enums, &to.enums, alike_enums);
    questions.extend(asked(enums, |from, to| Rename::Enum { from, to }));
    let views = candidates(&middle.views, &to.views, |before, after| u32::from(before.query == after.query));
    questions.extend(asked(views, |from, to| Rename::View { from, to }));
    for after in to.tables.sorted() {
        if let Some(before) = middle.tables.get(&after.name)
            && before.columns != after.columns
        {
            let columns = candidates(&before.columns, &after.columns, alike_columns);
            questions.extend(asked(columns, |from, to| Rename::Member {
                of: after.name.clone(),
                member: Member::Column,
                from,
                to,
            }));
            let new = after.columns.iter().filter(|column| !before.columns.contains(&column.name));
            let required = new.filter(|column| is_required(column));
            questions.extend(
                required.map(|column| Question::Required {
                    table: after.name.clone(),
                    column: column.name.clone(),
                }),
            );
        }
    }
    for after in to.enums.sorted() {
        questions.extend(middle.enums.get(&after.name).and_then(|before| removed(&middle, before, after)));
    }
    Ok(questions)
}

/// How many candidates a question names: more than that nobody reads, and where a whole schema gets other names each
/// thing looks like every other.
const CANDIDATES_MAX: usize = 8;

type Candidates<K> = Vec<Vec<(K, K)>>;

fn asked<K>(candidates: Candidates<K>, rename: impl Fn(K, K) -> Rename) -> Vec<Question> {
    let question = |pairs: Vec<(K, K)>| Question::Renamed {
        candidates: pairs.into_iter().map(|(from, to)| rename(from, to)).collect(),
    };
    candidates.into_iter().map(question).collect()
}

/// For each thing that goes, those that come and look like it, likeliest first.
fn candidates<T: Named>(
    from: &Collection<T>,
    to: &Collection<T>,
    alike: impl Fn(&T, &T) -> u32,
) -> Candidates<T::Key> {
    let new: Vec<&T> = to.sorted().into_iter().filter(|item| !from.contains(item.key())).collect();
    let gone = from.sorted().into_iter().filter(|item| !to.contains(item.key()));
    gone.filter_map(|before| {
        let mut likely: Vec<(u32, &T)> =
            new.iter().map(|after| (alike(before, after), *after)).filter(|(score, _)| *score > 0).collect();
        likely.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.key().cmp(y.key())));
        likely.truncate(CANDIDATES_MAX);
        let pairs: Vec<_> =
            likely.into_iter().map(|(_, after)| (before.key().clone(), after.key().clone())).collect();
        (!pairs.is_empty()).then_some(pairs)
    })
    .collect()
}

/// Columns of the same type, or of one that differs in its length or digits alone, or with similar names, may be one;
/// a generated column holds nothing to keep.
fn alike_columns(before: &Column, after: &Column) -> u32 {
    if before.generated.is_some() != after.generated.is_some() {
        return 0;
    }
    let name = similarity(before.name.as_str(), after.name.as_str());
    match before.ty == after.ty {
        true => 100 + name,
        false if name >= 60 || is_of_kind(&before.ty.common, &after.ty.common) => name.max(1),
        false => 0,
    }
}

/// Whether two types differ at most in their length or digits.
fn is_of_kind(one: &Type, other: &Type) -> bool {
    match (one, other) {
        (Type::Portable(one), Type::Portable(other)) => discriminant(one) == discriminant(other),
        (Type::Native(one), Type::Native(other)) => one.split('(').next() == other.split('(').next(),
        (Type::Array(one), Type::Array(other)) => is_of_kind(one, other),
        (Type::Enum(one), Type::Enum(other)) => one == other,
        _ => false,
    }
}

/// Tables that share at least half of their columns by name and type may be one.
fn alike_tables(before: &Table, after: &Table) -> u32 {
    let same = |column: &&Column| after.columns.get(&column.name).is_some_and(|other| other.ty == column.ty);
    let shared = before.columns.iter().filter(same).count();
    let most = before.columns.len().max(after.columns.len()).max(1);
    if shared * 2 < most {
        return 0;
    }
    100 * u32::try_from(shared).unwrap_or(u32::MAX / 200) / u32::try_from(most).unwrap_or(u32::MAX)
        + similarity(before.name.name.as_str(), after.name.name.as_str())
}

fn alike_enums(before: &EnumType, after: &EnumType) -> u32 {
    let shared = before.values.iter().filter(|value| after.values.contains(value)).count();
    let most = before.values.len().max(after.values.len()).max(1);
    if shared * 2 < most { 0 } else { 1 + similarity(before.name.name.as_str(), after.name.name.as_str()) }
}

/// How similar two names are, in percent.
fn similarity(a: &str, b: &str) -> u32 {
    // A percentage of a ratio between 0 and 1 fits.
    (strsim::normalized_damerau_levenshtein(a, b) * 100.0) as u32
}

fn removed(state: &State, before: &EnumType, after: &EnumType) -> Option<Question> {
    let values: Vec<Box<str>> =
        before.values.iter().filter(|value| !after.values.contains(value)).cloned().collect();
    if values.is_empty() {
        return None;
    }
    let columns = state.columns_of_enum(&before.name);
    Some(Question::RemovedValues { of: after.name.clone(), values, columns })
}
