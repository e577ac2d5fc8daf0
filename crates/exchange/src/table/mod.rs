//! Finds the table in a sheet: titles above, headers of one to three rows, then rows
//! that are details, groups, totals or notes.
//!
//! Totals and groups are never details: whoever sums a column sums details only.

mod header;
mod label;
mod rows;

pub(crate) use rows::is_column_numbers;

use crate::{
    normalise::{find_month_span, find_year, header_key, squeeze},
    value::MoneyUnit,
    workbook::Sheet,
};
use std::{ops::Range, sync::Arc};

/// A table as it lies in its sheet. All positions count from 0 in the sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub title: Option<String>,
    /// Unit of money from a note such as `单位：万元`.
    pub unit: Option<MoneyUnit>,
    pub period: TitlePeriod,
    pub header_rows: Range<usize>,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Texts above and below the table, with their rows.
    pub notes: Vec<(usize, String)>,
}

/// The months a title speaks of; each part may be missing or a placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TitlePeriod {
    pub year: Option<i16>,
    /// Last month of `1-7月`.
    pub to_month: Option<u8>,
}

/// One column with its headers from top to bottom.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub index: usize,
    /// Header texts from the outermost; empty when the header cell is missing.
    pub path: Vec<String>,
    /// The normalised path.
    pub keys: Vec<String>,
    /// Unit of money that the header names.
    pub unit: Option<MoneyUnit>,
    /// Another column has the same path.
    pub duplicate: bool,
    pub period: TitlePeriod,
}

impl Column {
    fn new(index: usize, path: Vec<String>) -> Self {
        let whole = path.concat();
        let mut keys: Vec<String> = path.iter().map(|name| header_key(name)).collect();
        keys.retain(|key| !key.is_empty());
        Self {
            index,
            keys,
            unit: path.iter().rev().find_map(|name| MoneyUnit::find(name)),
            duplicate: false,
            period: TitlePeriod::find(&whole),
            path,
        }
    }

    /// The headers in one line: `项目业主单位 ▸ 负责人`.
    pub fn label(&self) -> String {
        self.path.join(" ▸ ")
    }

    /// Whether it only numbers the rows.
    pub fn is_serial(&self) -> bool {
        self.keys
            .last()
            .is_some_and(|key| matches!(key.as_str(), "序号" | "编号" | "序" | "no" | "no." | "№"))
    }
}

/// A row of the table that is not empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub index: usize,
    pub kind: RowKind,
    /// Name of a group or total, without markers and counts.
    pub label: String,
    /// Column of the label.
    pub label_column: usize,
    /// How many projects the row says it stands for.
    pub claimed: Option<i64>,
    /// Groups that the row lies in, from the outermost.
    pub group: Arc<[String]>,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    Detail,
    /// Stands for all details.
    Total,
    /// Stands for the details since the last group or subtotal.
    Subtotal,
    /// Opens a group; outer groups have lower levels.
    Group {
        level: u8,
    },
    /// `其中：…`: a part of the total above, whose details lie anywhere.
    Breakdown,
}

impl TitlePeriod {
    /// Looks for `2010年` and `1-7月` in a text.
    pub fn find(text: &str) -> Self {
        let text = squeeze(text);
        Self {
            year: find_year(&text),
            to_month: find_month_span(&text)
                .and_then(|(_, month, _)| month)
                .filter(|month| (1..=12).contains(month)),
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            year: self.year.or(other.year),
            to_month: self.to_month.or(other.to_month),
        }
    }
}

/// Finds the table of a sheet. `header_row` says where the headers begin when known.
pub fn detect(sheet: &Sheet, header_row: Option<usize>) -> Option<Table> {
    let header_rows = header::find(sheet, header_row)?;
    let columns = header::columns(sheet, header_rows.clone());
    if columns.is_empty() {
        return None;
    }
    let mut table = Table {
        title: None,
        unit: None,
        period: TitlePeriod::default(),
        header_rows,
        columns,
        rows: Vec::new(),
        notes: Vec::new(),
    };
    read_above(sheet, &mut table);
    rows::classify(sheet, &mut table);
    Some(table)
}

/// Reads title, unit and period from the rows above the headers.
fn read_above(sheet: &Sheet, table: &mut Table) {
    let mut title: Option<&str> = None;
    for row in 0..table.header_rows.start {
        for cell in sheet.rows.get(row).into_iter().flatten() {
            let Some(text) = cell
                .as_text()
                .map(str::trim)
                .filter(|text| !text.is_empty())
            else {
                continue;
            };
            let plain = squeeze(text);
            if plain.contains("单位") && table.unit.is_none() {
                table.unit = MoneyUnit::find(text);
            }
            table.period = table.period.or(TitlePeriod::find(text));
            let is_note = plain.contains(':') || plain.starts_with("附");
            if !is_note && title.is_none_or(|title| title.len() < text.len()) {
                title = Some(text);
            } else {
                table.notes.push((row, text.to_owned()));
            }
        }
    }
    table.title = title.map(str::to_owned);
}
