//! A workbook as plain grids: what calamine or the CSV reader found, and no more.
//!
//! Rows are ragged: a row ends at its last filled cell. Always go through
//! [`Sheet::cell`], which answers `Cell::Empty` for everything outside.

mod archive;
mod delimited;
mod docx;
mod hints;
mod ole;
mod sniff;
mod xls;
mod xlsx;

use crate::{limits::Limits, profile::Profile, refusal::Refusal};
use jiff::civil::Date;
use std::collections::BTreeSet;

pub use delimited::read_delimited;
pub(crate) use delimited::{decode, guess_delimiter};
pub use sniff::Format;

/// Everything that was read from one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Workbook {
    /// Name of the file as the user gave it.
    pub file_name: String,
    /// What the file is, by its content.
    pub format: Format,
    /// The ending of the file name does not fit the content, which was read anyway.
    pub misnamed: bool,
    pub sheets: Vec<Sheet>,
}

/// One grid.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    pub name: String,
    /// Rows from the top, each ending at its last filled cell.
    pub rows: Vec<Vec<Cell>>,
    pub merges: Vec<Merge>,
    /// Number of columns of the widest row.
    pub width: usize,
    /// Columns whose numbers are shown as percentages, where the file tells.
    pub percent_columns: BTreeSet<usize>,
    /// Whether the user has hidden the sheet.
    pub hidden: bool,
}

/// A merged range, both ends included, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    pub top: u32,
    pub left: u32,
    pub bottom: u32,
    pub right: u32,
}

/// The content of a cell; a formula shows as the value it last had.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    #[default]
    Empty,
    Text(Box<str>),
    Number(f64),
    /// A number formatted as a date; the time of day is dropped.
    Date(Date),
    Bool(bool),
    /// An error such as `#REF!`.
    Error(Box<str>),
}

static EMPTY: Cell = Cell::Empty;

impl Sheet {
    /// The cell at a position counted from 0.
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        self.rows
            .get(row)
            .and_then(|cells| cells.get(column))
            .unwrap_or(&EMPTY)
    }

    fn put(&mut self, row: usize, column: usize, cell: Cell) {
        if self.rows.len() <= row {
            self.rows.resize_with(row + 1, Vec::new);
        }
        if let Some(cells) = self.rows.get_mut(row) {
            if cells.len() < column {
                cells.resize(column, Cell::Empty);
            }
            if cells.len() == column {
                cells.push(cell);
            } else if let Some(slot) = cells.get_mut(column) {
                *slot = cell;
            }
        }
        self.width = self.width.max(column + 1);
    }
}

impl Cell {
    /// Whether there is nothing to see: no content, or blanks only.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The text of a text cell.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What a person sees in the cell, roughly.
    pub fn display(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Error(text) => text.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Date(date) => date.to_string(),
            Self::Bool(true) => "TRUE".into(),
            Self::Bool(false) => "FALSE".into(),
        }
    }
}

/// The name of a cell as spreadsheets show it: row 6, column 1 is `B7`.
pub fn cell_name(row: usize, column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{}", row + 1)
}

/// Reads a file by its content; its name only helps the messages.
pub fn read_workbook(file_name: &str, bytes: &[u8], limits: &Limits) -> Result<Workbook, Refusal> {
    small_enough(bytes, limits)?;
    read_as(sniff::sniff(bytes)?, file_name, bytes, limits)
}

/// Reads a file that may also be a document (.docx): each of its tables is a sheet then.
pub fn read_tables(file_name: &str, bytes: &[u8], limits: &Limits) -> Result<Workbook, Refusal> {
    small_enough(bytes, limits)?;
    let format = match docx::is_document(bytes) {
        true => Format::Docx,
        false => sniff::sniff(bytes)?,
    };
    read_as(format, file_name, bytes, limits)
}

fn small_enough(bytes: &[u8], limits: &Limits) -> Result<(), Refusal> {
    match bytes.len() <= limits.bytes {
        true => Ok(()),
        false => Err(Refusal::TooLarge {
            found: bytes.len(),
            limit: limits.bytes,
        }),
    }
}

fn read_as(
    format: Format,
    file_name: &str,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Workbook, Refusal> {
    let sheets = match format {
        Format::Xlsx => xlsx::read(bytes, limits)?,
        Format::Xls => xls::read(bytes, limits)?,
        Format::Csv => vec![delimited::read(file_name, bytes, None, None, limits)?],
        Format::Docx => docx::read(bytes, limits)?,
    };
    if sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        return Err(Refusal::Empty);
    }
    Ok(Workbook {
        file_name: file_name.to_owned(),
        format,
        misnamed: !format.fits(file_name),
        sheets,
    })
}

/// Reads a file as its profile says: encoding and delimiter are not guessed then.
pub fn read_by_profile(
    file_name: &str,
    bytes: &[u8],
    profile: Option<&Profile>,
    limits: &Limits,
) -> Result<Workbook, Refusal> {
    let known = profile.filter(|profile| {
        let says = profile.encoding.is_some() || profile.delimiter.is_some();
        says && sniff::sniff(bytes) == Ok(Format::Csv)
    });
    match known {
        None => read_workbook(file_name, bytes, limits),
        Some(profile) => {
            let encoding = profile.encoding.as_deref();
            read_delimited(file_name, bytes, encoding, profile.delimiter, limits)
        }
    }
}

/// Counts cells over all sheets of a workbook and stops at a limit.
struct Budget<'a> {
    limits: &'a Limits,
    cells: usize,
}

impl<'a> Budget<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self { limits, cells: 0 }
    }

    /// Puts a cell into the sheet if the limits allow it.
    fn put(
        &mut self,
        sheet: &mut Sheet,
        row: usize,
        column: usize,
        cell: Cell,
    ) -> Result<(), Refusal> {
        if row >= self.limits.rows {
            return Err(Refusal::TooManyRows {
                sheet: sheet.name.clone(),
                limit: self.limits.rows,
            });
        }
        if column >= self.limits.columns {
            return Err(Refusal::TooManyColumns {
                sheet: sheet.name.clone(),
                limit: self.limits.columns,
            });
        }
        let before = sheet.rows.get(row).map_or(0, Vec::len);
        self.cells += (column + 1).saturating_sub(before);
        if self.cells > self.limits.cells {
            return Err(Refusal::TooManyCells {
                limit: self.limits.cells,
            });
        }
        sheet.put(row, column, cell);
        Ok(())
    }
}

/// Runs a third-party parser so that a panic in it on a hostile file becomes a refusal.
fn guarded<T>(parse: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(parse)).unwrap_or_else(|_| {
        Err(Refusal::Damaged {
            detail: "parser".into(),
        })
    })
}

fn damaged(error: &dyn std::error::Error) -> Refusal {
    Refusal::Damaged {
        detail: error.to_string(),
    }
}
