//! The chain as a drawing: each revision behind a mark in its column, newest first, with lines to what it builds on.

use crate::revision::History;

/// A line of the drawing.
pub(super) struct Row {
    /// Marks and lines.
    pub(super) lines: String,
    /// The index of the revision that the line is of; `None` for a line between two.
    pub(super) of: Option<usize>,
}

/// What stands in a column of a line.
#[derive(Clone, Copy, PartialEq)]
enum Cell {
    Nothing,
    Way,
    Mark,
    /// Where a way begins that leads to another column, and where it ends.
    Branch,
    /// A way that goes to the column of another, from below or from above.
    Joins,
    Leaves,
}

/// Draws a chain; `mark` is the sign of each revision, `None` of one that is left out.
pub(super) fn draw(history: &History, mark: impl Fn(usize) -> Option<char>) -> Vec<Row> {
    let links = history.links();
    let index_of = |id| links.iter().position(|link| link.revision.id == id);
    let mut columns: Vec<Option<usize>> = Vec::new();
    let mut rows = Vec::new();
    for (index, link) in links.iter().enumerate().rev() {
        let Some(sign) = mark(index) else { continue };
        let mut waiting = (0..columns.len()).filter(|column| columns[*column] == Some(index));
        let own = waiting.next();
        let others: Vec<usize> = waiting.collect();
        let own = own.unwrap_or_else(|| free(&mut columns, 0));
        columns[own] = Some(index);
        for other in others {
            rows.push(Row { lines: between(&columns, own, other, Cell::Joins), of: None });
            columns[other] = None;
        }
        let cells = columns.iter().enumerate().map(|(column, of)| match of {
            _ if column == own => Cell::Mark,
            Some(_) => Cell::Way,
            None => Cell::Nothing,
        });
        rows.push(Row { lines: text(cells, own, own, sign), of: Some(index) });
        let parents = history.parents(link.revision.id).filter_map(|parent| index_of(parent.revision.id));
        let mut parents = parents.filter(|parent| mark(*parent).is_some());
        columns[own] = parents.next();
        for parent in parents {
            let other = free(&mut columns, own + 1);
            columns[other] = Some(parent);
            rows.push(Row { lines: between(&columns, own, other, Cell::Leaves), of: None });
        }
        while columns.last() == Some(&None) {
            columns.pop();
        }
    }
    rows
}

/// A column that nothing goes through.
fn free(columns: &mut Vec<Option<usize>>, from: usize) -> usize {
    let found = (from..columns.len()).find(|column| columns[*column].is_none());
    found.unwrap_or_else(|| {
        columns.push(None);
        columns.len() - 1
    })
}

/// The line between two revisions on which a way goes from one column to another.
fn between(columns: &[Option<usize>], own: usize, other: usize, end: Cell) -> String {
    let cells = columns.iter().enumerate().map(|(column, of)| match of {
        _ if column == own => Cell::Branch,
        _ if column == other => end,
        Some(_) => Cell::Way,
        None => Cell::Nothing,
    });
    text(cells, own, other, ' ')
}

/// Writes the cells of a line; between two columns a way leads.
fn text(cells: impl Iterator<Item = Cell>, from: usize, to: usize, mark: char) -> String {
    let mut line = String::new();
    for (column, cell) in cells.enumerate() {
        let on_way = from < column && column < to;
        line.push(match cell {
            Cell::Nothing if on_way => '─',
            Cell::Nothing => ' ',
            Cell::Way if on_way => '┼',
            Cell::Way => '│',
            Cell::Mark => mark,
            Cell::Branch => '├',
            Cell::Joins => '╯',
            Cell::Leaves => '╮',
        });
        line.push(if from <= column && column < to { '─' } else { ' ' });
    }
    line.trim_end().to_owned()
}
