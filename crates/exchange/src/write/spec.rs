//! What a table to be written consists of.
//!
//! Values are in base units (yuan, hundredths of a percent); the column says how they
//! are shown. Amounts are written exactly: round them first ([`super::rounding`]) when
//! the shown figures must add up.

use crate::value::MoneyUnit;
use jiff::civil::Date;

/// One table on one sheet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableSpec {
    pub sheet_name: String,
    pub title: String,
    /// Such as `单位：万元`, at the right above the headers.
    pub unit_line: Option<String>,
    pub columns: Vec<ColumnSpec>,
    pub rows: Vec<RowSpec>,
    /// Cells that stand over several rows; what their rows say below the first is not written.
    pub merges: Vec<Down>,
    /// Footnotes below the table.
    pub notes: Vec<String>,
    pub paper: Paper,
    /// How many columns stay in view when scrolling sideways.
    pub frozen_columns: u16,
    /// Empty rows at the end that may be filled in.
    pub spare_rows: u32,
}

/// A cell over several rows of the table's body, both counted from 0 (纵向合并).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Down {
    pub column: usize,
    pub first: usize,
    pub last: usize,
}

impl Down {
    /// Whether it stands for the cell of a row and column.
    pub fn holds(&self, row: usize, column: usize) -> bool {
        self.column == column && (self.first..=self.last).contains(&row)
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ColumnSpec {
    /// Headers from the outermost; equal neighbours are merged.
    pub path: Vec<String>,
    pub format: CellFormat,
    /// Width in characters; by content when none.
    pub width: Option<f64>,
    /// What may be chosen from a list.
    pub choices: Vec<String>,
    /// To be filled in: its cells are not locked. A table with such a column is
    /// protected everywhere else.
    pub input: bool,
    /// Help that shows at the header.
    pub comment: Option<String>,
    pub hidden: bool,
}

impl ColumnSpec {
    /// A column with headers parted by `▸`.
    pub fn new(header: &str, format: CellFormat) -> Self {
        Self {
            path: header
                .split('▸')
                .map(|name| name.trim().to_owned())
                .collect(),
            format,
            ..Self::default()
        }
    }
}

/// How the values of a column are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CellFormat {
    #[default]
    Text,
    /// Short text in the middle: serial numbers, categories.
    Centred,
    Integer,
    Money {
        unit: MoneyUnit,
        decimals: u8,
    },
    Percent {
        decimals: u8,
    },
    Date,
}

/// One row below the headers. A group stands above its rows, a total for all of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RowSpec {
    pub style: RowStyle,
    /// Rank of a group row: 0 for the outermost.
    pub level: u8,
    pub cells: Vec<CellValue>,
}

/// What a row looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum RowStyle {
    #[default]
    Detail,
    Group,
    Total,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum CellValue {
    #[default]
    Empty,
    Text(String),
    Integer(i64),
    /// Yuan.
    Money(i64),
    /// Hundredths of a percent.
    Percent(i64),
    Date(Date),
}

/// Paper to print on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    A4Portrait,
    #[default]
    A4Landscape,
    A3Landscape,
}

/// Why a workbook could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("writing workbook")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    #[error("writing CSV")]
    Csv(#[from] csv::Error),
    #[error("table {table} has more than {limit} {what}")]
    TooLarge {
        table: String,
        what: &'static str,
        limit: usize,
    },
}
