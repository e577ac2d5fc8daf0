//! Fonts, borders, number formats and widths of our tables.

use super::spec::{CellFormat, CellValue, ColumnSpec, RowStyle, TableSpec};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// The formats that do not depend on a column.
pub struct Styles {
    pub title: Format,
    pub unit: Format,
    pub header: Format,
    pub note: Format,
}

impl Styles {
    pub fn new() -> Self {
        let base = Format::new().set_font_name("宋体").set_font_size(10.5);
        Self {
            title: Format::new()
                .set_font_name("黑体")
                .set_font_size(18)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            unit: base.clone().set_align(FormatAlign::Right),
            header: base
                .clone()
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
                .set_border(FormatBorder::Thin)
                .set_background_color(Color::RGB(0x00F2_F2F2)),
            note: base.set_text_wrap().set_align(FormatAlign::Top),
        }
    }
}

/// The format of the cells of a column in a kind of row.
pub fn cell(column: &ColumnSpec, style: RowStyle) -> Format {
    let mut format = Format::new()
        .set_font_name("宋体")
        .set_font_size(10.5)
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
        .set_num_format(number_format(column.format));
    format = match column.format {
        CellFormat::Text => format.set_text_wrap(),
        CellFormat::Centred | CellFormat::Date => {
            format.set_align(FormatAlign::Center).set_text_wrap()
        }
        _ => format.set_align(FormatAlign::Right),
    };
    if style != RowStyle::Detail {
        format = format.set_bold();
    }
    if style == RowStyle::Detail && column.input {
        format = format
            .set_unlocked()
            .set_background_color(Color::RGB(0x00FF_FBE6));
    }
    format
}

fn number_format(format: CellFormat) -> String {
    let with_decimals = |whole: &str, decimals: u8| match decimals {
        0 => whole.to_owned(),
        decimals => format!("{whole}.{}", "0".repeat(usize::from(decimals.min(8)))),
    };
    match format {
        CellFormat::Text | CellFormat::Centred => "General".into(),
        CellFormat::Integer => "#,##0".into(),
        CellFormat::Money { decimals, .. } => with_decimals("#,##0", decimals),
        CellFormat::Percent { decimals } => format!("{}%", with_decimals("0", decimals)),
        CellFormat::Date => "yyyy-mm-dd".into(),
    }
}

/// Characters across that A4 landscape still shows at a readable size.
pub const WIDE: f64 = 190.0;

/// Height in points of a row of wrapped text; Excel takes 409 at most.
pub fn height(lines: usize) -> f64 {
    let lines = u16::try_from(lines.max(1)).unwrap_or(u16::MAX);
    (f64::from(lines) * 14.0 + 4.0).min(409.0)
}

/// The widths of all columns.
pub fn widths(table: &TableSpec) -> Vec<f64> {
    let columns = table.columns.iter().enumerate();
    columns
        .map(|(index, column)| width(table, index, column))
        .collect()
}

/// How many lines a cell takes in a column so many characters wide.
pub fn cell_lines(cell: &CellValue, width: f64) -> usize {
    match cell {
        CellValue::Text(text) => wrapped_lines(text, width),
        _ => 1,
    }
}

/// The lines the lowest row of headers needs; a header over several rows has room above as well.
pub fn header_lines(columns: &[ColumnSpec], widths: &[f64]) -> usize {
    let depth = columns.iter().map(|c| c.path.len()).max().unwrap_or(1);
    let lines = columns.iter().zip(widths).map(|(column, width)| {
        let above = depth.saturating_sub(column.path.len());
        let name = column.path.last().map_or("", String::as_str);
        wrapped_lines(name, *width).saturating_sub(above)
    });
    lines.max().unwrap_or(1).max(1)
}

/// How many lines a text takes in a column so many characters wide.
pub fn wrapped_lines(text: &str, width: f64) -> usize {
    // A character's breadth stays free at the edges.
    let room = (width - 1.0).max(2.0) as usize;
    let lines = text
        .lines()
        .map(|line| shown_width(line).div_ceil(room).max(1));
    lines.sum::<usize>().max(1)
}

const NARROWEST: usize = 6;
const WIDEST: usize = 36;
const SAMPLE: usize = 500;

/// Width of a column by its content; a Chinese character is two wide.
fn width(table: &TableSpec, index: usize, column: &ColumnSpec) -> f64 {
    if let Some(width) = column.width {
        return width;
    }
    let header = column.path.last().map_or(0, |name| shown_width(name));
    // A long header wraps into two or three lines before it widens its column.
    let header = if header > 14 {
        header.div_ceil(2)
    } else {
        header
    };
    // A number that does not fit is not shown at all; text wraps.
    let sample = match column.format {
        CellFormat::Integer => usize::MAX,
        _ => SAMPLE,
    };
    let content = table
        .rows
        .iter()
        .take(sample)
        .filter_map(|row| row.cells.get(index))
        .map(|value| match value {
            CellValue::Empty => 0,
            CellValue::Text(text) => shown_width(text),
            CellValue::Integer(n) => grouped_width(*n),
            CellValue::Money(_) => 10,
            CellValue::Percent(_) => 8,
            CellValue::Date(_) => 11,
        })
        .max()
        .unwrap_or(0);
    let width = (header.max(content) + 2).clamp(NARROWEST, WIDEST);
    f64::from(u8::try_from(width).unwrap_or(u8::MAX))
}

/// The breadth of a number with a comma after every third digit.
fn grouped_width(n: i64) -> usize {
    let digits = n.unsigned_abs().to_string().len();
    digits + (digits - 1) / 3 + usize::from(n < 0)
}

fn shown_width(text: &str) -> usize {
    text.lines()
        .map(|line| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum())
        .max()
        .unwrap_or(0)
}
