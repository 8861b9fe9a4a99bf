//! How a revision's steps look: a line each with its sign, what it may cost under it, and what all of it comes to.

use std::collections::BTreeSet;
use std::fmt::Write;

use anstyle::Style;
use serde_json::{Value, json};

use super::cost::{Cost, each_once, hazards_of};
use super::output::{Printer, counted};
use super::style::{ADD, CHANGE, DIM, DROP, NAME, TITLE, paint};
use crate::change::{Down, Hook, Line, Loss, Op, Script, Sign, Step, losses, ops, risks, risks_of_undo};
use crate::hash::StateHash;
use crate::name::Name;
use crate::revision::{Replaced, Revision};

/// Reference rows of one table that are shown before the rest is counted.
const ROWS_MAX: usize = 5;
/// Where the title's hashes begin, in columns.
const TITLE_COLUMNS: usize = 56;

/// A plan that is shown before it is written or run.
pub(crate) struct View<'a> {
    /// What it does.
    pub(crate) name: &'a str,
    /// The state that it starts from.
    pub(crate) from: StateHash,
    /// The state that it leads to.
    pub(crate) to: StateHash,
    /// The steps in the order in which they run.
    pub(crate) steps: &'a [Step],
    /// What they cost, by their places in this order.
    pub(crate) costs: &'a [Cost],
    /// Whether the last line says what all of it comes to.
    pub(crate) is_summed: bool,
}

impl View<'_> {
    /// Shows the plan; where less is to be said, only what is lost; nothing where errors alone are wanted.
    pub(crate) fn print(&self, printer: &mut Printer) {
        let View { name, from, to, steps: list, costs, is_summed } = self;
        if printer.is_silent() {
            return;
        }
        if printer.is_quiet() {
            let lossy: Vec<Shown> = shown(list, costs).into_iter().filter(Shown::loses).collect();
            if !lossy.is_empty() {
                printer.lines(format_args!("{}{}", title(name, *from, *to), lines(&lossy)));
            }
            return;
        }
        printer.lines(format_args!("{}{}", title(name, *from, *to), steps(list, costs)));
        if *is_summed {
            printer.lines(summary(list, costs));
        }
    }
}

/// The first line: what the revision is called, and which states it lies between.
fn title(name: &str, from: StateHash, to: StateHash) -> String {
    let hashes = format!("{} → {}", from.0.short(8), to.0.short(8));
    let gap = TITLE_COLUMNS.saturating_sub(name.chars().count()).max(1);
    format!("{}{}{}\n", paint(TITLE, name), " ".repeat(gap), paint(DIM, hashes))
}

/// A whole revision: title, steps, summary.
pub(crate) fn revision(revision: &Revision, costs: &[Cost]) -> String {
    let Revision { name, from, to, steps: list, .. } = revision;
    format!("{}{}{}", title(name.as_str(), *from, *to), steps(list, costs), summary(list, costs))
}

/// A revision in one line: name, id, when it was written, its tags and labels.
pub(crate) fn line(revision: &Revision) -> String {
    line_on(revision, &revision.labels.iter().collect::<Vec<_>>())
}

/// The same with the labels of the branches that it is on.
pub(crate) fn line_on(revision: &Revision, labels: &[&Name]) -> String {
    let Revision { name, id, created, tags, .. } = revision;
    let tags: String = tags.iter().map(|tag| format!("  [{tag}]")).collect();
    let labels: String = labels.iter().map(|label| format!("  ({label})")).collect();
    let gap = TITLE_COLUMNS.saturating_sub(name.as_str().chars().count()).max(1);
    format!(
        "{}{}{}{}{}",
        paint(NAME, name),
        " ".repeat(gap),
        paint(DIM, format_args!("{id}  {created}")),
        paint(TITLE, tags),
        paint(TITLE, labels)
    )
}

/// What a revision says of itself, a line each.
pub(crate) fn details(revision: &Revision) -> String {
    let Revision {
        name: _,
        id,
        replaces,
        parents,
        depends_on,
        from: _,
        to: _,
        message,
        created,
        tags,
        labels,
        steps: _,
    } = revision;
    let parents: Vec<&str> = parents.iter().map(|parent| parent.name.as_str()).collect();
    let depends_on: Vec<&str> = depends_on.iter().map(|needed| needed.name.as_str()).collect();
    let words = |names: &[Name]| names.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
    let mut out = String::new();
    let rows = [
        ("message", message.to_string()),
        ("id", id.to_string()),
        ("parent", parents.join(", ")),
        ("depends on", depends_on.join(", ")),
        ("created", created.to_string()),
        ("tags", words(tags)),
        ("labels", words(labels)),
        ("replaces", replaced(replaces)),
    ];
    for (word, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(out, "{} {value}", paint(DIM, format_args!("{word:<8}")));
    }
    out.push('\n');
    out
}

fn replaced(revisions: &[Replaced]) -> String {
    match revisions {
        [] => String::new(),
        [one] => one.name.to_string(),
        [first, .., last] => format!("{} revisions, {} to {}", revisions.len(), first.name, last.name),
    }
}

/// What a revision says of itself, as JSON.
pub(crate) fn revision_json(revision: &Revision) -> Value {
    let Revision {
        name,
        id,
        replaces,
        parents,
        depends_on,
        from,
        to,
        message,
        created,
        tags,
        labels,
        steps: _,
    } = revision;
    let mut value = json!({
        "name": name.as_str(),
        "id": id.to_string(),
        "parents": parents.iter().map(|parent| parent.name.as_str()).collect::<Vec<_>>(),
        "from": from.to_string(),
        "to": to.to_string(),
        "message": message,
        "created": created.to_string(),
        "tags": tags.iter().map(|tag| tag.as_str()).collect::<Vec<_>>(),
        "labels": labels.iter().map(|label| label.as_str()).collect::<Vec<_>>(),
    });
    if !depends_on.is_empty() {
        value["depends_on"] = depends_on.iter().map(|needed| needed.name.as_str()).collect();
    }
    if !replaces.is_empty() {
        value["replaces"] = replaces.iter().map(|part| part.name.as_str()).collect();
    }
    value
}

/// What a revision is for, told from its steps.
pub(crate) fn message(steps: &[Step]) -> String {
    let verb = |sign| match sign {
        Sign::Create => "add",
        Sign::Drop => "drop",
        Sign::Alter => "change",
        Sign::Rename => "rename",
    };
    let mut lines = ops(steps).map(Op::describe);
    match (lines.next(), lines.next()) {
        (None, _) => "empty".to_owned(),
        (Some(Line { sign, kind, subject, .. }), None) => format!("{} {kind} {subject}", verb(sign)),
        (Some(first), Some(_)) => {
            let signs: BTreeSet<&str> = ops(steps).map(|op| verb(op.describe().sign)).collect();
            let mut subjects: Vec<String> = Vec::new();
            for op in ops(steps) {
                let subject = op.table().map_or_else(|| op.subject(), ToString::to_string);
                if !subjects.contains(&subject) {
                    subjects.push(subject);
                }
            }
            let verb = if signs.len() == 1 { verb(first.sign) } else { "change" };
            match subjects.as_slice() {
                [one] => format!("{verb} {one}"),
                [one, two] => format!("{verb} {one} and {two}"),
                several => format!("{verb} {} and {} more", several[0], several.len() - 1),
            }
        }
    }
}

/// Whether a hook among the steps is not written yet.
pub(crate) fn unfilled(steps: &[Step]) -> bool {
    steps.iter().any(|step| matches!(step, Step::Hook(hook) if is_unfilled(hook)))
}

fn is_unfilled(Hook { up, down, .. }: &Hook) -> bool {
    *up == Script::Unfilled || *down == Down::Script(Script::Unfilled)
}

/// A step as it is shown.
struct Shown {
    style: Style,
    sign: &'static str,
    kind: String,
    subject: String,
    detail: String,
    /// What it may cost, and whether that is lost for sure.
    hazards: Vec<(String, bool)>,
}

impl Shown {
    /// Whether the step takes data away for good.
    fn loses(&self) -> bool {
        self.hazards.iter().any(|(_, is_loss)| *is_loss)
    }
}

/// The steps, a line each.
pub(crate) fn steps(steps: &[Step], costs: &[Cost]) -> String {
    lines(&shown(steps, costs))
}

fn lines(lines: &[Shown]) -> String {
    let width = |part: fn(&Shown) -> &str| lines.iter().map(|line| part(line).chars().count()).max();
    let kinds = width(|line| &line.kind).unwrap_or(0);
    let subjects = width(|line| &line.subject).unwrap_or(0).min(40);
    let mut out = String::new();
    for Shown { style, sign, kind, subject, detail, hazards } in lines {
        let text = format!("  {sign:<2} {kind:<kinds$}  {subject:<subjects$}  {detail}");
        let _ = writeln!(out, "{}", paint(*style, text.trim_end()));
        for (hazard, is_loss) in hazards {
            let style = if *is_loss { DROP } else { CHANGE };
            let _ = writeln!(out, "       {}", paint(style, format_args!("! {hazard}")));
        }
    }
    out
}

fn shown(steps: &[Step], costs: &[Cost]) -> Vec<Shown> {
    let mut lines = Vec::new();
    let mut rows: Vec<&Op> = Vec::new();
    for (place, (step, risk)) in steps.iter().zip(risks(steps)).enumerate() {
        match step {
            Step::Op(op @ Op::Row { table, .. }) => {
                if matches!(rows.first(), Some(Op::Row { table: other, .. }) if other != table) {
                    flush(&mut rows, &mut lines);
                }
                rows.push(op);
            }
            Step::Op(op) => {
                flush(&mut rows, &mut lines);
                let mut line = shown_op(op, risk);
                line.hazards.extend(hazards_of(costs, place).into_iter().map(|words| (words, false)));
                lines.push(line);
            }
            Step::Hook(hook) => {
                flush(&mut rows, &mut lines);
                lines.push(shown_hook(hook, risk));
            }
        }
    }
    flush(&mut rows, &mut lines);
    lines
}

/// Shows the first rows of a table and counts the rest.
fn flush(rows: &mut Vec<&Op>, lines: &mut Vec<Shown>) {
    lines.extend(rows.iter().take(ROWS_MAX).map(|op| shown_op(op, op.loss())));
    let (more, loses) = match rows.split_at_checked(ROWS_MAX) {
        Some((_, [])) | None => {
            rows.clear();
            return;
        }
        Some((first, rest)) => {
            let table = match first.first() {
                Some(Op::Row { table, .. }) => table.to_string(),
                _ => String::new(),
            };
            let lost = rest.iter().filter(|op| matches!(op.loss(), Loss::Loses(_))).count();
            ((rest.len(), table), lost)
        }
    };
    lines.push(Shown {
        style: Style::new(),
        sign: "…",
        kind: "rows".to_owned(),
        subject: more.1,
        detail: format!("and {} more", more.0),
        hazards: (loses > 0).then(|| (format!("loses {loses} of these rows"), true)).into_iter().collect(),
    });
    rows.clear();
}

fn shown_op(op: &Op, risk: Loss) -> Shown {
    let Line { sign, kind, subject, detail } = op.describe();
    let (style, sign) = match sign {
        Sign::Create => (ADD, "+"),
        Sign::Drop => (DROP, "-"),
        Sign::Alter => (CHANGE, "~"),
        Sign::Rename => (NAME, "->"),
    };
    let hazards = match risk {
        Loss::Nothing => Vec::new(),
        Loss::Loses(what) => vec![(format!("loses {what}"), true)],
        Loss::MayFail(what) => vec![(what, false)],
    };
    Shown { style, sign, kind: kind.to_owned(), subject, detail, hazards }
}

fn shown_hook(hook: &Hook, risk: Loss) -> Shown {
    let mut detail = Vec::new();
    if is_unfilled(hook) {
        detail.push("not written yet".to_owned());
    }
    if let Down::Irreversible { reason } = &hook.down {
        detail.push(format!("irreversible: {reason}"));
    }
    detail.extend(hook.only.iter().map(|only| format!("only {only}")));
    if !hook.only_env.is_empty() {
        let names: Vec<&str> = hook.only_env.iter().map(Name::as_str).collect();
        detail.push(format!("only in {}", names.join(", ")));
    }
    Shown {
        style: NAME,
        sign: "»",
        kind: "data".to_owned(),
        subject: hook.name.to_string(),
        detail: detail.join(", "),
        hazards: match risk {
            Loss::Loses(what) => vec![(format!("forgets {what}"), true)],
            Loss::MayFail(what) => vec![(what, false)],
            Loss::Nothing => Vec::new(),
        },
    }
}

/// The last line: how many steps of which kind, in how many transactions, and what an undo brings back.
fn summary(steps: &[Step], costs: &[Cost]) -> String {
    let mut parts = vec![counts(steps)];
    parts.extend(commits(costs));
    parts.push(undo(steps));
    format!("{}\n", paint(TITLE, parts.join(" · ")))
}

fn counts(steps: &[Step]) -> String {
    let of = |wanted| ops(steps).filter(|op| op.describe().sign == wanted).count();
    let hooks = steps.iter().filter(|step| matches!(step, Step::Hook(_))).count();
    let kinds = [
        (of(Sign::Create), "to add"),
        (of(Sign::Alter), "to change"),
        (of(Sign::Rename), "to rename"),
        (of(Sign::Drop), "to drop"),
        (hooks, "to move data"),
    ];
    let words: Vec<String> =
        kinds.iter().filter(|(n, _)| *n > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if words.is_empty() {
        return "no steps".to_owned();
    }
    format!("{}: {}", counted(steps.len(), "step"), words.join(", "))
}

fn commits(costs: &[Cost]) -> Option<String> {
    let word = |cost: &Cost| match (cost.commits, cost.alone) {
        (0, _) => "nothing".to_owned(),
        (1, 0) => "1 transaction".to_owned(),
        (1, 1) => "1 statement".to_owned(),
        (count, 0 | 1) => format!("{count} segments"),
        (_, alone) => format!("{} one by one", counted(alone, "statement")),
    };
    if costs.iter().all(|cost| cost.commits == 0) {
        return None;
    }
    let said = each_once(costs, |cost| Some(word(cost)));
    if let [(words, _)] = said.as_slice() {
        return Some(words.clone());
    }
    let each = said.iter().map(|(words, dialects)| format!("{words} on {dialects}"));
    Some(each.collect::<Vec<_>>().join(", "))
}

fn undo(steps: &[Step]) -> String {
    let final_hook = steps.iter().find_map(|step| match step {
        Step::Hook(Hook { name, down: Down::Irreversible { .. }, .. }) => Some(name),
        Step::Hook(_) | Step::Op(_) => None,
    });
    if let Some(name) = final_hook {
        return format!("undo: no, `{name}` is irreversible");
    }
    let forgotten = steps.iter().zip(risks(steps)).filter_map(|(step, risk)| match (step, risk) {
        (Step::Hook(_), Loss::Loses(what)) => Some(what),
        (Step::Hook(_) | Step::Op(_), _) => None,
    });
    let lost = losses(ops(steps)).into_iter().map(|(_, what)| what);
    let lost: Vec<String> = lost.chain(forgotten).collect();
    let undo = match lost.as_slice() {
        [] => "undo: yes".to_owned(),
        [one] => format!("undo: structure yes, {one} no"),
        several => format!("undo: structure yes, data of {} steps no", several.len()),
    };
    let (mut conditions, mut lost) = (Vec::new(), Vec::new());
    for risk in risks_of_undo(steps) {
        match risk {
            Loss::Nothing => {}
            Loss::MayFail(what) => conditions.push(what),
            Loss::Loses(what) => lost.push(what),
        }
    }
    let conditions = match conditions.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        several => Some(format!("the rows must fit {} steps", several.len())),
    };
    let lost = match lost.as_slice() {
        [] => None,
        [one] => Some(format!("it loses {one}")),
        several => Some(format!("it loses values in {} steps", several.len())),
    };
    let but: Vec<String> = conditions.into_iter().chain(lost).collect();
    if but.is_empty() { undo } else { format!("{undo}, but {}", but.join(", and ")) }
}

/// The steps as JSON: `sign`, `kind`, `subject`, `detail`, `loses` or `needs` where data is at stake, and `hazards` where
/// others wait.
pub(crate) fn json(steps: &[Step], costs: &[Cost]) -> Value {
    let step = |(place, (step, risk)): (usize, (&Step, Loss))| {
        let mut value = match step {
            Step::Op(op) => {
                let Line { sign, kind, subject, detail } = op.describe();
                json!({ "sign": sign.to_string(), "kind": kind, "subject": subject, "detail": detail })
            }
            Step::Hook(hook) => {
                let Shown { sign, kind, subject, detail, .. } = shown_hook(hook, Loss::Nothing);
                json!({ "sign": sign, "kind": kind, "subject": subject, "detail": detail })
            }
        };
        match risk {
            Loss::Nothing => {}
            Loss::MayFail(what) => value["needs"] = what.into(),
            Loss::Loses(what) => value["loses"] = what.into(),
        }
        let hazards = hazards_of(costs, place);
        if !hazards.is_empty() {
            value["hazards"] = hazards.into();
        }
        value
    };
    steps.iter().zip(risks(steps)).enumerate().map(step).collect()
}
