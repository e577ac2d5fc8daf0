//! Tables, annotated workbooks and CSV going out.
//!
//! Whatever a text begins with, it is written as text: nothing we export executes.

mod annotate;
mod header;
mod round_table;
pub mod rounding;
mod spec;
mod style;
mod table;
mod text;

pub use annotate::{SUMMARY_SHEET, annotate};
pub use round_table::round_column;
pub use spec::{
    CellFormat, CellValue, ColumnSpec, Down, Paper, RowSpec, RowStyle, TableSpec, WriteError,
};
pub(crate) use style::widths as column_widths;
pub use table::write_tables;
pub(crate) use text::printed;
pub use text::{would_execute, write_csv};

/// Writes one table as a workbook.
pub fn write_table(table: &TableSpec) -> Result<Vec<u8>, WriteError> {
    write_tables(std::slice::from_ref(table))
}
