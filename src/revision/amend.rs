//! Keeps hooks where they were when a revision's operations are planned again.

use super::errors::E437;
use crate::change::{Hook, Line, Op, Step};
use crate::diagnostic::Diagnostic;

/// Puts the hooks of `old` among the operations of `new`: each behind the operation that it followed, or else
/// before the one that it preceded, found by what they do or at least by what they are about. Where neither is
/// left, the hook goes to the nearest operation that is, and a warning says so. Hooks keep their order, and so do
/// operations.
#[must_use]
pub fn rebase_hooks(old: &[Step], new: Vec<Op>) -> (Vec<Step>, Vec<Diagnostic>) {
    let mut warnings = Vec::new();
    let mut placed: Vec<(usize, &Hook)> = Vec::new();
    let found: Vec<Option<usize>> = find(old, &new);
    for (at, step) in old.iter().enumerate() {
        let Step::Hook(hook) = step else { continue };
        let wanted = place(old, &found, at, new.len());
        let earliest = placed.last().map_or(0, |(place, _)| *place);
        let index = wanted.index.max(earliest);
        if !wanted.is_sure || index != wanted.index {
            warnings.push(lost(hook, index, &new));
        }
        placed.push((index, hook));
    }
    let mut steps = Vec::with_capacity(new.len() + placed.len());
    let mut hooks = placed.into_iter().peekable();
    for (index, op) in new.into_iter().enumerate() {
        while let Some((_, hook)) = hooks.next_if(|(place, _)| *place <= index) {
            steps.push(Step::Hook(hook.clone()));
        }
        steps.push(Step::Op(op));
    }
    steps.extend(hooks.map(|(_, hook)| Step::Hook(hook.clone())));
    (steps, warnings)
}

/// What an operation is about, in a few words: `+ column users.first_name`.
fn title(op: &Op) -> String {
    let Line { sign, kind, subject, detail: _ } = op.describe();
    format!("{sign} {kind} {subject}")
}

/// For each old step the index of the new operation that is the same, or about the same thing.
fn find(old: &[Step], new: &[Op]) -> Vec<Option<usize>> {
    let titles: Vec<String> = new.iter().map(title).collect();
    let index_of = |op: &Op| {
        let same = new.iter().position(|other| other == op);
        same.or_else(|| {
            let title = title(op);
            titles.iter().position(|other| *other == title)
        })
    };
    let step = |step: &Step| match step {
        Step::Op(op) => index_of(op),
        Step::Hook(_) => None,
    };
    old.iter().map(step).collect()
}

/// Where a hook goes: before the new operation of this index.
struct Place {
    index: usize,
    /// Whether one of the hook's own neighbours says so.
    is_sure: bool,
}

fn place(old: &[Step], found: &[Option<usize>], at: usize, end: usize) -> Place {
    let is_op = |index: &usize| matches!(old[*index], Step::Op(_));
    let before: Vec<usize> = (0..at).rev().filter(is_op).collect();
    let behind: Vec<usize> = (at + 1..old.len()).filter(is_op).collect();
    let followed = before.first().and_then(|index| found[*index]);
    let preceded = behind.first().and_then(|index| found[*index]);
    if let Some(index) = followed {
        // The operation behind the hook may now come before the one that the hook follows.
        return Place { index: index + 1, is_sure: preceded.is_none_or(|next| next > index) };
    }
    if let Some(index) = preceded {
        return Place { index, is_sure: true };
    }
    let earlier = before.iter().zip(1_usize..).find_map(|(index, way)| Some((way, found[*index]? + 1)));
    let later = behind.iter().zip(1_usize..).find_map(|(index, way)| Some((way, found[*index]?)));
    let index = match (earlier, later) {
        (Some((way, index)), Some((other, _))) if way <= other => index,
        (_, Some((_, index))) | (Some((_, index)), None) => index,
        (None, None) if before.is_empty() && !behind.is_empty() => 0,
        (None, None) => end,
    };
    // A revision of hooks alone says nothing of where they stand, and one without operations leaves no choice.
    Place { index, is_sure: end == 0 || (before.is_empty() && behind.is_empty()) }
}

fn lost(hook: &Hook, index: usize, new: &[Op]) -> Diagnostic {
    let neighbour = |at: Option<usize>, word: &str| {
        at.and_then(|at| new.get(at)).map(|op| format!("{word} `{}`", title(op)))
    };
    let place = neighbour(index.checked_sub(1), "behind")
        .or_else(|| neighbour(Some(index), "before"))
        .unwrap_or_else(|| "alone".to_owned());
    let message = format!(
        "the step that hook `{}` belonged to has moved or gone; the hook now stands {place}",
        hook.name
    );
    Diagnostic::warning(&E437, message).help("look at the revision, and move the hook to where its SQL fits")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revision::testing::{add, create, hook};

    /// A step by its name: hooks are those that begin with `»`.
    fn step(name: &str) -> Step {
        match name.strip_prefix('»') {
            Some(name) => hook(name),
            None => Step::Op(op(name)),
        }
    }

    fn op(name: &str) -> Op {
        match name.split_once('.') {
            Some((table, column)) => add(table, column),
            None => create(name),
        }
    }

    /// Where hooks go, and what is said about it.
    fn rebased(old: &str, new: &str) -> String {
        let old: Vec<Step> = old.split_whitespace().map(step).collect();
        let (steps, warnings) = rebase_hooks(&old, new.split_whitespace().map(op).collect());
        let names = steps.iter().map(|step| match step {
            Step::Op(op) => op.subject(),
            Step::Hook(hook) => format!("»{}", hook.name),
        });
        let names: Vec<String> = names.collect();
        let warnings: String = warnings.iter().map(|warning| format!("\n{}", warning.message)).collect();
        format!("{}{warnings}", names.join(" "))
    }

    #[test]
    fn hooks_stay_with_the_operations_beside_them() {
        assert_eq!(rebased("a.x »h a.y", "a.x a.y"), "a.x »h a.y");
        assert_eq!(rebased("a.x »h »i a.y", "b a.x c a.y"), "b a.x »h »i c a.y");
        assert_eq!(rebased("a.x »h a.y", "b a.y"), "b »h a.y");
        assert_eq!(rebased("»h a.x", "b a.x"), "b »h a.x");
        assert_eq!(rebased("a.x »h", "a.x b"), "a.x »h b");
        assert_eq!(rebased("»h", "b"), "b »h");
        assert_eq!(rebased("a.x »h", ""), "»h");
    }

    #[test]
    fn hooks_without_their_operations_stay_near_and_in_order() {
        insta::assert_snapshot!(rebased("a.x a.y »h a.z a.w", "b a.x a.w"), @r"
        b a.x »h a.w
        the step that hook `h` belonged to has moved or gone; the hook now stands behind `+ column a.x`
        ");
        insta::assert_snapshot!(rebased("»h a.x »i", "b"), @r"
        »h b »i
        the step that hook `h` belonged to has moved or gone; the hook now stands before `+ table b`
        the step that hook `i` belonged to has moved or gone; the hook now stands behind `+ table b`
        ");
        insta::assert_snapshot!(rebased("a.x »h a.y »i", "a.y a.x"), @r"
        a.y a.x »h »i
        the step that hook `h` belonged to has moved or gone; the hook now stands behind `+ column a.x`
        the step that hook `i` belonged to has moved or gone; the hook now stands behind `+ column a.x`
        ");
    }
}
