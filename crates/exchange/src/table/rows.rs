//! Tells details from groups, totals and notes.
//!
//! Only the first few cells of a row are looked at: labels stand there, and a long
//! table is read once, not twice.

use super::{Row, RowKind, Table, label};
use crate::{
    normalise::squeeze,
    value::is_numeric_text,
    workbook::{Cell, Sheet},
};
use std::sync::Arc;

/// Labels stand in one of the first cells of a row.
const LABEL_CELLS: usize = 3;
const NOTE_WORDS: [&str; 14] = [
    "注:",
    "注1",
    "备注:",
    "说明:",
    "填报人",
    "填表",
    "制表",
    "审核人",
    "审核:",
    "单位负责人",
    "统计负责人",
    "联系人:",
    "填报单位",
    "注、",
];
/// Groups have a name, a count and figures; details have an owner, a place, a leader.
const MOST_TEXTS_OF_A_GROUP: usize = 3;
const LONGEST_HEADING: usize = 30;

/// Fills `rows` and `notes` of a table whose columns are known.
pub fn classify(sheet: &Sheet, table: &mut Table) {
    let serial = table
        .columns
        .iter()
        .find(|column| column.is_serial())
        .map(|column| column.index);
    let mut found: Vec<(Row, bool)> = Vec::new();
    let start = table.header_rows.end;
    for (index, cells) in sheet.rows.iter().enumerate().skip(start) {
        if index < start + 2 && is_column_numbers(cells) {
            continue;
        }
        match read_row(index, cells, serial, found.last().map(|(row, _)| row.kind)) {
            Found::Nothing => {}
            Found::Note(text) => table.notes.push((index, text)),
            Found::Heading(row) => found.push((row, true)),
            Found::Row(row) => found.push((row, false)),
        }
    }
    // A lone text below the last row is a footnote, not the heading of a group.
    while let Some((row, true)) = found.last() {
        table.notes.push((row.index, row.label.clone()));
        found.pop();
    }
    table.notes.sort_by_key(|(row, _)| *row);
    table.rows = found.into_iter().map(|(row, _)| row).collect();
    nest(&mut table.rows);
}

enum Found {
    Nothing,
    Note(String),
    /// A lone text that names a group if details follow.
    Heading(Row),
    Row(Row),
}

fn read_row(
    index: usize,
    cells: &[Cell],
    serial: Option<usize>,
    previous: Option<RowKind>,
) -> Found {
    let mut filled = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.is_blank())
        .take(LABEL_CELLS + 1);
    let lead: Vec<(usize, &Cell)> = filled.by_ref().take(LABEL_CELLS).collect();
    let more = filled.next().is_some();
    let Some((first_column, first)) = lead.first().copied() else {
        return Found::Nothing;
    };
    let lone = lead.len() == 1;
    // A row that was numbered in advance and never filled in.
    if lone && first.as_text().is_none_or(is_numeric_text) {
        return Found::Nothing;
    }
    let row = |kind, label, label_column, claimed| Row {
        index,
        kind,
        label,
        label_column,
        claimed,
        group: Arc::from([]),
    };
    if let Some(text) = note(first, lone, more) {
        return Found::Note(text);
    }
    let numbered = serial.is_some_and(|serial| cells.get(serial).is_some_and(is_number));
    let texts = count_texts(cells);
    for (column, cell) in &lead {
        let Some(text) = cell.as_text().filter(|text| text.len() < 120) else {
            continue;
        };
        let text = squeeze(text);
        let understood = label::understand(&text).filter(|label| match label.kind {
            RowKind::Total | RowKind::Subtotal => true,
            // A project may be called 一、二期工程; its number or its particulars tell.
            _ => !numbered && texts <= MOST_TEXTS_OF_A_GROUP,
        });
        if let Some(label) = understood {
            let claimed = label.claimed.or_else(|| bare_count(cells, *column));
            return Found::Row(row(label.kind, label.name, *column, claimed));
        }
        if Some(*column) == serial {
            if let Some(level) = label::numeral_level(&text) {
                return Found::Row(numbered_group(index, level, cells, &lead));
            }
            continue;
        }
        let bare = !numbered && texts <= 1;
        if bare && let Some(kind) = counted_group(&text, serial, cells, previous) {
            let (name, claimed) = label::split_count(&text);
            return Found::Row(row(kind, label::tidy(name), *column, claimed));
        }
        break;
    }
    let text = first.display();
    if lone && text.chars().count() <= LONGEST_HEADING {
        let name = label::tidy(&squeeze(&text));
        return Found::Heading(row(RowKind::Group { level: 0 }, name, first_column, None));
    }
    if lone {
        return Found::Note(text.trim().to_owned());
    }
    Found::Row(row(RowKind::Detail, String::new(), first_column, None))
}

fn is_number(cell: &Cell) -> bool {
    match cell {
        Cell::Number(_) => true,
        Cell::Text(text) => is_numeric_text(text),
        _ => false,
    }
}

/// How many cells hold a text that is neither blank nor a figure.
fn count_texts(cells: &[Cell]) -> usize {
    cells
        .iter()
        .filter(|cell| {
            cell.as_text().is_some_and(|text| {
                let text = squeeze(text);
                !text.is_empty() && !is_numeric_text(&text) && !label::is_bare_count(&text)
            })
        })
        .count()
}

fn note(first: &Cell, lone: bool, more: bool) -> Option<String> {
    let text = first.as_text()?.trim();
    let plain = squeeze(text);
    let begins = NOTE_WORDS.iter().any(|word| plain.starts_with(word));
    let bracketed = lone && plain.starts_with("(注");
    ((begins && !more) || bracketed || (lone && plain.starts_with(['注', '*', '※'])))
        .then(|| text.to_owned())
}

/// `一 | 工业 | …`: the numeral stands in the serial column, the name beside it.
fn numbered_group(index: usize, level: u8, cells: &[Cell], lead: &[(usize, &Cell)]) -> Row {
    let named = lead.iter().skip(1).find_map(|(column, cell)| {
        let text = squeeze(cell.as_text()?);
        let (name, claimed) = label::split_count(&text);
        (!name.is_empty()).then(|| (*column, label::tidy(name), claimed))
    });
    let first = lead.first().map_or(0, |(column, _)| *column);
    let (label_column, label, claimed) = named.unwrap_or((first, String::new(), None));
    Row {
        index,
        kind: RowKind::Group { level },
        label,
        label_column,
        claimed: claimed.or_else(|| bare_count(cells, label_column)),
        group: Arc::from([]),
    }
}

/// `工业项目82个` without a marker names a group only where a serial number is missing.
fn counted_group(
    text: &str,
    serial: Option<usize>,
    cells: &[Cell],
    previous: Option<RowKind>,
) -> Option<RowKind> {
    let serial = serial?;
    let unnumbered = cells.get(serial).is_none_or(Cell::is_blank);
    let (name, claimed) = label::split_count(text);
    if !unnumbered || claimed.is_none() || name.is_empty() {
        return None;
    }
    Some(match previous {
        Some(RowKind::Breakdown) => RowKind::Breakdown,
        _ => RowKind::Group { level: 3 },
    })
}

/// A cell beside the label that is a count and nothing else: `13个`.
fn bare_count(cells: &[Cell], label_column: usize) -> Option<i64> {
    cells
        .iter()
        .skip(label_column + 1)
        .take(3)
        .find_map(|cell| {
            let text = squeeze(cell.as_text()?);
            label::is_bare_count(&text)
                .then(|| label::split_count(&text).1)
                .flatten()
        })
}

/// Whether a row only numbers the columns: `1 2 3 4` or `甲 乙 1 2`.
pub(crate) fn is_column_numbers(cells: &[Cell]) -> bool {
    let mut expected = None;
    let mut numbers = 0;
    for cell in cells.iter().filter(|cell| !cell.is_blank()) {
        let text = squeeze(&cell.display());
        if matches!(text.as_str(), "甲" | "乙" | "丙" | "丁") && expected.is_none() {
            continue;
        }
        let Ok(number) = text.parse::<i64>() else {
            return false;
        };
        if expected.is_some_and(|expected| expected != number) {
            return false;
        }
        expected = number.checked_add(1);
        numbers += 1;
    }
    numbers >= 3
}

/// Gives every row the names of the groups it lies in.
fn nest(rows: &mut [Row]) {
    let mut open: Vec<(u8, String)> = Vec::new();
    let mut path: Arc<[String]> = Arc::from([]);
    for row in rows {
        if let RowKind::Group { level } = row.kind {
            open.retain(|(outer, _)| *outer < level);
            row.group = open.iter().map(|(_, name)| name.clone()).collect();
            open.push((level, row.label.clone()));
            path = open.iter().map(|(_, name)| name.clone()).collect();
        } else {
            row.group = Arc::clone(&path);
        }
    }
}
