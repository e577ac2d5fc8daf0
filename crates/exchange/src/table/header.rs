//! The header band: where it begins, how deep it is, which names a column has.
//!
//! Merged cells say it best. A CSV has lost them, so there the gaps speak: a name
//! reaches right over the empty cells beside it as long as names stand below those.

use super::{Column, rows::is_column_numbers};
use crate::{
    normalise::squeeze,
    value::is_numeric_text,
    workbook::{Cell, Sheet},
};
use std::{collections::HashMap, ops::Range};

/// How far down we look for headers, and how deep they may be.
const SEARCHED_ROWS: usize = 60;
const DEEPEST: usize = 4;
const LONGEST_NAME: usize = 80;

/// Finds the rows that hold the headers.
pub fn find(sheet: &Sheet, known: Option<usize>) -> Option<Range<usize>> {
    let start = match known {
        Some(row) => Some(row).filter(|row| sheet.rows.get(*row).is_some()),
        None => first_header_row(sheet),
    }?;
    let depth = depth_by_merges(sheet, start)
        .or_else(|| depth_by_gaps(sheet, start))
        .unwrap_or(1);
    Some(start..start + depth)
}

fn first_header_row(sheet: &Sheet) -> Option<usize> {
    let needed = if sheet.width <= 3 { 2 } else { 3 };
    (0..sheet.rows.len().min(SEARCHED_ROWS)).find(|row| {
        let cells = sheet.rows.get(*row).map_or(&[][..], Vec::as_slice);
        let filled = cells.iter().filter(|cell| !cell.is_blank()).count();
        let names = cells.iter().filter(|cell| is_name(cell)).count();
        names >= needed && names * 10 >= filled * 7
    })
}

/// Whether a cell could be a header: a short text that is no number and no note.
fn is_name(cell: &Cell) -> bool {
    cell.as_text().is_some_and(|text| {
        let text = text.trim();
        !text.is_empty()
            && text.chars().count() <= LONGEST_NAME
            && !text.contains(['：', '。'])
            && !is_numeric_text(text)
    })
}

fn depth_by_merges(sheet: &Sheet, start: usize) -> Option<usize> {
    let begins_here = sheet
        .merges
        .iter()
        .filter(|merge| merge.top as usize == start && (merge.left as usize) < sheet.width);
    let mut deepest = None;
    for merge in begins_here {
        let rows = (merge.bottom - merge.top) as usize + 1;
        // A name over several columns has names of its own below it.
        let below = usize::from(rows == 1 && merge.right > merge.left);
        deepest = deepest.max(Some(rows + below));
    }
    deepest.filter(|depth| (1..=DEEPEST).contains(depth))
}

fn depth_by_gaps(sheet: &Sheet, start: usize) -> Option<usize> {
    let first = sheet
        .rows
        .get(start)?
        .iter()
        .position(|cell| !cell.is_blank())?;
    let mut depth = 1;
    while depth < DEEPEST {
        let row = start + depth;
        let cells = sheet.rows.get(row)?;
        let fills_gap = cells.iter().enumerate().any(|(column, cell)| {
            column > first && is_name(cell) && sheet.cell(row - 1, column).is_blank()
        });
        let only_names = cells.iter().all(|cell| cell.is_blank() || is_name(cell));
        let keeps_left_free = cells.iter().take(first + 1).all(Cell::is_blank);
        if !(fills_gap && only_names && keeps_left_free) {
            break;
        }
        depth += 1;
    }
    Some(depth)
}

/// Names every column; trailing columns without name and content are dropped.
pub fn columns(sheet: &Sheet, header: Range<usize>) -> Vec<Column> {
    let origins = origins(sheet, &header);
    let mut columns = Vec::new();
    let mut inherited: Vec<Option<String>> = vec![None; header.len()];
    for index in 0..sheet.width {
        let path = if origins.is_empty() {
            path_by_gaps(sheet, &header, index, &mut inherited)
        } else {
            path_by_merges(sheet, &header, index, &origins)
        };
        if !path.is_empty() || has_content(sheet, header.end, index) {
            columns.push(Column::new(index, path));
        }
    }
    mark_duplicates(&mut columns);
    columns
}

type Origins = HashMap<(usize, usize), (usize, usize)>;

/// No band of honest headers has more merged cells; overlapping ranges might.
const MOST_MERGED_CELLS: usize = 50_000;

/// For every merged cell in the band the cell that holds its text.
fn origins(sheet: &Sheet, header: &Range<usize>) -> Origins {
    let mut origins = Origins::new();
    let mut left = MOST_MERGED_CELLS;
    for merge in &sheet.merges {
        let rows = (merge.top as usize).max(header.start)
            ..(merge.bottom as usize).saturating_add(1).min(header.end);
        let last = (merge.right as usize).saturating_add(1).min(sheet.width);
        for row in rows {
            for column in (merge.left as usize..last).take(left) {
                left -= 1;
                origins.insert((row, column), (merge.top as usize, merge.left as usize));
            }
        }
    }
    origins
}

fn path_by_merges(
    sheet: &Sheet,
    header: &Range<usize>,
    column: usize,
    origins: &Origins,
) -> Vec<String> {
    let mut path = Vec::new();
    let mut last = None;
    for row in header.clone() {
        let at = origins
            .get(&(row, column))
            .copied()
            .unwrap_or((row, column));
        if last == Some(at) {
            continue;
        }
        last = Some(at);
        path.extend(names_at(sheet, at.0, at.1));
    }
    path
}

fn path_by_gaps(
    sheet: &Sheet,
    header: &Range<usize>,
    column: usize,
    inherited: &mut [Option<String>],
) -> Vec<String> {
    let mut path = Vec::new();
    for (level, row) in header.clone().enumerate() {
        let name = name_at(sheet, row, column);
        let below = (row + 1..header.end).any(|row| name_at(sheet, row, column).is_some());
        if name.is_some() || !below {
            // A new name here ends what deeper levels inherited.
            inherited
                .iter_mut()
                .skip(level)
                .for_each(|name| *name = None);
        }
        if let Some(slot) = inherited.get_mut(level) {
            if name.is_some() {
                slot.clone_from(&name);
            }
            path.extend(slot.iter().flat_map(|name| split_levels(name)));
        }
    }
    path
}

fn name_at(sheet: &Sheet, row: usize, column: usize) -> Option<String> {
    let text = sheet.cell(row, column).display();
    let text: String = text
        .chars()
        .filter(|character| !matches!(character, '\n' | '\r'))
        .collect();
    (!squeeze(&text).is_empty()).then(|| text.trim().to_owned())
}

fn names_at(sheet: &Sheet, row: usize, column: usize) -> Vec<String> {
    name_at(sheet, row, column).map_or_else(Vec::new, |name| split_levels(&name))
}

/// Our own CSV files write all levels of a header into one cell.
fn split_levels(name: &str) -> Vec<String> {
    name.split('▸').map(|part| part.trim().to_owned()).collect()
}

fn has_content(sheet: &Sheet, from: usize, column: usize) -> bool {
    sheet
        .rows
        .iter()
        .skip(from)
        .filter(|cells| !is_column_numbers(cells))
        .any(|cells| cells.get(column).is_some_and(|cell| !cell.is_blank()))
}

fn mark_duplicates(columns: &mut [Column]) {
    let mut seen: HashMap<Vec<String>, usize> = HashMap::new();
    for column in columns.iter().filter(|column| !column.path.is_empty()) {
        *seen.entry(column.path.clone()).or_default() += 1;
    }
    for column in columns {
        column.duplicate = seen.get(&column.path).is_some_and(|count| *count > 1);
    }
}
