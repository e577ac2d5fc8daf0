//! Text that stays text, and CSV.
//!
//! A spreadsheet executes what begins with `=`, `+`, `-` or `@`, also from a CSV. An
//! apostrophe in front stops it; our own reader takes it off again.

use super::spec::{CellFormat, CellValue, TableSpec, WriteError};
use crate::value::MoneyUnit;

/// Whether a spreadsheet program might execute this text.
pub fn would_execute(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// Writes the headers, rows and nothing else as UTF-8 with a byte order mark, which
/// Excel needs to read Chinese. All levels of a header go into one cell.
pub fn write_csv(table: &TableSpec) -> Result<Vec<u8>, WriteError> {
    let mut writer = csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
    let headers = table.columns.iter().map(|column| column.path.join(" ▸ "));
    writer.write_record(headers.map(|header| guarded(&header)))?;
    for row in &table.rows {
        let cells = table.columns.iter().enumerate().map(|(index, column)| {
            let value = row.cells.get(index).unwrap_or(&CellValue::Empty);
            plain(value, column.format)
        });
        writer.write_record(cells)?;
    }
    writer
        .into_inner()
        .map_err(|error| WriteError::Csv(error.into_error().into()))
}

fn guarded(text: &str) -> String {
    if would_execute(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn plain(value: &CellValue, format: CellFormat) -> String {
    match value {
        CellValue::Text(text) => guarded(text),
        other => printed(other, format),
    }
}

/// A value as text, in the unit of its column.
pub(crate) fn printed(value: &CellValue, format: CellFormat) -> String {
    match value {
        CellValue::Empty => String::new(),
        CellValue::Text(text) => text.clone(),
        CellValue::Integer(number) => number.to_string(),
        CellValue::Money(amount) => decimal(*amount, unit_of(format).factor()),
        CellValue::Percent(hundredths) => format!("{}%", decimal(*hundredths, 100)),
        CellValue::Date(date) => date.to_string(),
    }
}

/// The unit that a column shows money in.
pub(super) fn unit_of(format: CellFormat) -> MoneyUnit {
    match format {
        CellFormat::Money { unit, .. } => unit,
        _ => MoneyUnit::One,
    }
}

/// An integer divided by a power of ten, exactly.
fn decimal(number: i64, divisor: i64) -> String {
    let divisor = divisor.unsigned_abs().max(1);
    let (whole, rest) = (
        number.unsigned_abs() / divisor,
        number.unsigned_abs() % divisor,
    );
    let sign = if number < 0 { "-" } else { "" };
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let digits = divisor.ilog10() as usize;
    let fraction = format!("{rest:0digits$}");
    format!("{sign}{whole}.{}", fraction.trim_end_matches('0'))
}
