//! Reads .xlsx. The container is unpacked once, by us, under a limit, and handed to
//! calamine as a plain archive: whatever the directory of the original claims about
//! sizes, calamine never inflates anything.

use super::{Budget, Cell, Merge, Sheet, archive, damaged, guarded, hints::Hints};
use crate::{limits::Limits, refusal::Refusal};
use calamine::{
    DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError, open_workbook_from_rs,
};
use jiff::civil::Date;
use std::io::{Cursor, Write as _};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Reads all worksheets.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, Refusal> {
    let (plain, hints) = unpack(bytes, limits)?;
    guarded(|| {
        let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(plain)).map_err(refuse)?;
        let found: Vec<_> = workbook
            .sheets_metadata()
            .iter()
            .cloned()
            .enumerate()
            .filter(|(_, sheet)| sheet.typ == SheetType::WorkSheet)
            .collect();
        if found.len() > limits.sheets {
            return Err(Refusal::TooManySheets {
                found: found.len(),
                limit: limits.sheets,
            });
        }
        let mut budget = Budget::new(limits);
        let mut sheets = Vec::with_capacity(found.len());
        for (index, meta) in found {
            let mut sheet = Sheet {
                percent_columns: hints.columns(index),
                hidden: meta.visible != SheetVisible::Visible,
                name: meta.name,
                ..Sheet::default()
            };
            read_cells(&mut workbook, &mut sheet, &mut budget)?;
            match hints.merges(index) {
                Some(merges) if merges.found <= limits.merges => {
                    sheet.merges.clone_from(&merges.kept);
                }
                Some(merges) => return Err(too_many(&sheet.name, merges.found, limits)),
                None => read_merges(&mut workbook, &mut sheet, limits)?,
            }
            sheets.push(sheet);
        }
        Ok(sheets)
    })
}

/// Copies the XML parts into an uncompressed archive, stopping at the limits.
fn unpack(bytes: &[u8], limits: &Limits) -> Result<(Vec<u8>, Hints), Refusal> {
    let mut hints = Hints::default();
    let mut archive = archive::open(bytes)?;
    let mut plain = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len() * 4)));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut left = limits.unpacked_bytes;
    let mut is_workbook = false;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(archive::refuse)?;
        let name = part.name().map_err(archive::refuse)?.into_owned();
        if !(name.ends_with(".xml") || name.ends_with(".rels")) {
            continue;
        }
        is_workbook |= name.to_ascii_lowercase().ends_with("workbook.xml");
        let content = archive::take(part, &name, &mut left, limits)?;
        hints.notice(&name, &content, limits.merges);
        plain.start_file(name, options).map_err(archive::refuse)?;
        plain.write_all(&content).map_err(|error| damaged(&error))?;
    }
    if !is_workbook {
        return Err(Refusal::Unsupported { kind: "ZIP".into() });
    }
    let plain = plain.finish().map_err(archive::refuse)?.into_inner();
    Ok((plain, hints))
}

type Plain = Xlsx<Cursor<Vec<u8>>>;

fn read_cells(
    workbook: &mut Plain,
    sheet: &mut Sheet,
    budget: &mut Budget<'_>,
) -> Result<(), Refusal> {
    let name = sheet.name.clone();
    let mut reader = workbook.worksheet_cells_reader(&name).map_err(refuse)?;
    while let Some(found) = reader.next_cell().map_err(refuse)? {
        let (row, column) = found.get_position();
        let cell = match found.get_value() {
            DataRef::Empty => continue,
            DataRef::SharedString(text) => text_cell(text),
            DataRef::String(text) | DataRef::DurationIso(text) => text_cell(text),
            DataRef::DateTimeIso(text) => iso_cell(text),
            DataRef::Int(number) => Cell::Number(*number as f64),
            DataRef::Float(number) => Cell::Number(*number),
            DataRef::Bool(flag) => Cell::Bool(*flag),
            DataRef::DateTime(moment) => date_cell(moment),
            DataRef::Error(error) => Cell::Error(error.to_string().into()),
        };
        if cell != Cell::Empty {
            budget.put(sheet, row as usize, column as usize, cell)?;
        }
    }
    Ok(())
}

fn read_merges(workbook: &mut Plain, sheet: &mut Sheet, limits: &Limits) -> Result<(), Refusal> {
    let merges = workbook
        .merge_cells_by_sheet_name(&sheet.name)
        .map_err(refuse)?;
    sheet.merges = keep_merges(&sheet.name, &merges, limits)?;
    Ok(())
}

/// Takes over merged ranges, dropping inverted ones, refusing too many.
pub(super) fn keep_merges(
    sheet: &str,
    merges: &[calamine::Dimensions],
    limits: &Limits,
) -> Result<Vec<Merge>, Refusal> {
    if merges.len() > limits.merges {
        return Err(too_many(sheet, merges.len(), limits));
    }
    Ok(merges
        .iter()
        .map(|area| Merge {
            top: area.start.0,
            left: area.start.1,
            bottom: area.end.0,
            right: area.end.1,
        })
        .filter(|merge| merge.top <= merge.bottom && merge.left <= merge.right)
        .collect())
}

fn too_many(sheet: &str, found: usize, limits: &Limits) -> Refusal {
    Refusal::TooManyMerges {
        sheet: sheet.to_owned(),
        found,
        limit: limits.merges,
    }
}

pub(super) fn text_cell(text: &str) -> Cell {
    if text.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(text.into())
    }
}

fn iso_cell(text: &str) -> Cell {
    text.get(..10)
        .and_then(|day| day.parse::<Date>().ok())
        .map_or_else(|| text_cell(text), Cell::Date)
}

/// A formatted date; durations and times without a day stay numbers.
pub(super) fn date_cell(moment: &calamine::ExcelDateTime) -> Cell {
    if !moment.is_datetime() || moment.as_f64() < 1.0 || moment.as_f64() > 2_958_465.0 {
        return Cell::Number(moment.as_f64());
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let date = i16::try_from(year)
        .ok()
        .and_then(|year| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok());
    date.map_or(Cell::Number(moment.as_f64()), Cell::Date)
}

fn refuse(error: XlsxError) -> Refusal {
    match error {
        XlsxError::Password => Refusal::Password,
        error => damaged(&error),
    }
}
