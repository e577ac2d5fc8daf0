//! Reads .xls (BIFF in an OLE container) through calamine.
//!
//! calamine builds a dense grid per sheet before we see a cell, so the records are
//! measured first ([`super::ole`]): one stray cell in the last corner of many sheets
//! would otherwise cost gigabytes.

use super::{Budget, Cell, Sheet, damaged, guarded, ole, xlsx};
use crate::{limits::Limits, refusal::Refusal};
use calamine::{Data, Reader as _, SheetVisible, Xls, XlsError, open_workbook_from_rs};
use std::io::Cursor;

/// Reads all worksheets.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, Refusal> {
    ole::measure(bytes, limits)?;
    guarded(|| {
        let mut workbook: Xls<_> = open_workbook_from_rs(Cursor::new(bytes)).map_err(refuse)?;
        let mut budget = Budget::new(limits);
        let mut sheets = Vec::new();
        for meta in workbook.sheets_metadata().to_vec() {
            let mut sheet = Sheet {
                hidden: meta.visible != SheetVisible::Visible,
                name: meta.name,
                ..Sheet::default()
            };
            // A chart or macro sheet has no range: nothing to import.
            let Ok(range) = workbook.worksheet_range(&sheet.name) else {
                continue;
            };
            let (top, left) = range.start().unwrap_or((0, 0));
            for (row, column, value) in range.used_cells() {
                let cell = convert(value);
                if cell != Cell::Empty {
                    let (row, column) = (row + top as usize, column + left as usize);
                    budget.put(&mut sheet, row, column, cell)?;
                }
            }
            let merges = workbook
                .merge_cells_by_sheet_name(&sheet.name)
                .map_err(refuse)?;
            sheet.merges = xlsx::keep_merges(&sheet.name, &merges, limits)?;
            sheets.push(sheet);
        }
        Ok(sheets)
    })
}

fn convert(value: &Data) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            xlsx::text_cell(text)
        }
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => Cell::Number(*number),
        Data::Bool(flag) => Cell::Bool(*flag),
        Data::DateTime(moment) => xlsx::date_cell(moment),
        Data::Error(error) => Cell::Error(error.to_string().into()),
    }
}

fn refuse(error: XlsError) -> Refusal {
    match error {
        XlsError::Password => Refusal::Password,
        error => damaged(&error),
    }
}
