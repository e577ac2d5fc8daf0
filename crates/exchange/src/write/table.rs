//! Writes tables as the offices print them: title, unit, merged headers, groups and
//! totals, notes, print set-up, drop-down lists.

use super::{
    header::{self, narrow_column},
    spec::{CellFormat, CellValue, ColumnSpec, Down, Paper, RowStyle, TableSpec, WriteError},
    style::{self, Styles},
    text::{unit_of, would_execute},
};
use rust_xlsxwriter::{
    DataValidation, DataValidationRule, ExcelDateTime, Format, Formula, ProtectionOptions,
    Workbook, Worksheet, XlsxError,
};
use std::collections::HashMap;

const LAST_ROW: usize = 1_048_575;
const LAST_COLUMN: usize = 16_383;
const LONGEST_TEXT: usize = 32_767;
/// Excel keeps a list inside the cell only up to this many characters.
const LONGEST_INLINE_LIST: usize = 255;
const CHOICES_SHEET: &str = "选项";

/// Writes tables, one sheet each, as one workbook.
pub fn write_tables(tables: &[TableSpec]) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    let mut names = SheetNames::default();
    let mut choices = Choices::default();
    let styles = Styles::new();
    for table in tables {
        check_size(table)?;
        let mut sheet = Worksheet::new();
        sheet.set_name(names.unique(&table.sheet_name))?;
        write_sheet(&mut sheet, table, &styles, &mut choices)?;
        workbook.push_worksheet(sheet);
    }
    if let Some(sheet) = choices.sheet()? {
        workbook.push_worksheet(sheet);
    }
    Ok(workbook.save_to_buffer()?)
}

fn check_size(table: &TableSpec) -> Result<(), WriteError> {
    let rows = table.rows.len() + table.notes.len() + table.spare_rows as usize + 16;
    let too_large = |what, limit| WriteError::TooLarge {
        table: table.title.clone(),
        what,
        limit,
    };
    if rows > LAST_ROW {
        return Err(too_large("rows", LAST_ROW));
    }
    if table.columns.len() > LAST_COLUMN {
        return Err(too_large("columns", LAST_COLUMN));
    }
    Ok(())
}

fn write_sheet(
    sheet: &mut Worksheet,
    table: &TableSpec,
    styles: &Styles,
    choices: &mut Choices,
) -> Result<(), XlsxError> {
    let last = narrow_column(table.columns.len().saturating_sub(1));
    let mut row = 0;
    if !table.title.is_empty() {
        wide(sheet, row, last, &table.title, &styles.title)?;
        sheet.set_row_height(row, 32)?;
        row += 1;
    }
    if let Some(unit) = &table.unit_line {
        wide(sheet, row, last, unit, &styles.unit)?;
        row += 1;
    }
    let widths = style::widths(table);
    header::write(sheet, row, &table.columns, styles)?;
    let first_header = row;
    row += header::depth(&table.columns) as u32;
    let lines = style::header_lines(&table.columns, &widths);
    sheet.set_row_height(row.saturating_sub(1), style::height(lines))?;
    let first_row = row;
    let formats = Formats::new(&table.columns);
    let lines = lines_of_rows(table, &widths);
    for (spec, lines) in table.rows.iter().zip(lines) {
        write_row(sheet, row, table, spec.style, &spec.cells, &formats)?;
        // Not every program makes room for wrapped text by itself.
        if lines > 1 {
            sheet.set_row_height(row, style::height(lines))?;
        }
        row += 1;
    }
    for merge in &table.merges {
        merge_down(sheet, first_row, table, *merge, &formats)?;
    }
    for _ in 0..table.spare_rows {
        write_row(sheet, row, table, RowStyle::Detail, &[], &formats)?;
        row += 1;
    }
    if row > first_row {
        validate(sheet, table, first_row, row - 1, choices)?;
    }
    for note in &table.notes {
        wide(sheet, row, last, note, &styles.note)?;
        row += 1;
    }
    set_up(sheet, table, &widths, first_header, first_row)
}

/// How many lines each row needs. A cell over several rows takes what room they leave it, and its rows
/// share what it needs beyond.
fn lines_of_rows(table: &TableSpec, widths: &[f64]) -> Vec<usize> {
    let merged = |at: usize, column: usize| table.merges.iter().any(|one| one.holds(at, column));
    let rows = table.rows.iter().enumerate().map(|(at, row)| {
        let cells = row.cells.iter().zip(widths).enumerate();
        let own = cells.filter(|(column, _)| !merged(at, *column));
        let lines = own.map(|(_, (cell, width))| style::cell_lines(cell, *width));
        lines.max().unwrap_or(1)
    });
    let mut lines: Vec<usize> = rows.collect();
    for merge in &table.merges {
        let top = table.rows.get(merge.first);
        let cell = top.and_then(|row| row.cells.get(merge.column));
        let (Some(cell), Some(width)) = (cell, widths.get(merge.column)) else {
            continue;
        };
        let wanted = style::cell_lines(cell, *width);
        let rows = merge.last.saturating_sub(merge.first) + 1;
        let Some(block) = lines.get_mut(merge.first..=merge.last) else {
            continue;
        };
        let short = wanted.saturating_sub(block.iter().sum());
        for line in block {
            *line += short.div_ceil(rows);
        }
    }
    lines
}

/// Writes a cell once more, over the rows it stands for.
fn merge_down(
    sheet: &mut Worksheet,
    first_row: u32,
    table: &TableSpec,
    merge: Down,
    formats: &Formats,
) -> Result<(), XlsxError> {
    if merge.last <= merge.first || merge.last >= table.rows.len() {
        return Ok(());
    }
    let (Some(top), Some(column)) = (table.rows.get(merge.first), table.columns.get(merge.column))
    else {
        return Ok(());
    };
    let Some(format) = formats.get(merge.column, top.style) else {
        return Ok(());
    };
    let row = |at: usize| first_row.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
    let at = narrow_column(merge.column);
    sheet.merge_range(row(merge.first), at, row(merge.last), at, "", format)?;
    // The range is written blank; its first cell says what it said before.
    let value = top.cells.get(merge.column).unwrap_or(&CellValue::Empty);
    write_cell(sheet, row(merge.first), at, value, column.format, format)
}

/// A text over the whole width of the table.
fn wide(
    sheet: &mut Worksheet,
    row: u32,
    last: u16,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if last == 0 {
        sheet.write_string_with_format(row, 0, clip(text), format)?;
    } else {
        sheet.merge_range(row, 0, row, last, clip(text), format)?;
    }
    Ok(())
}

/// The formats of all columns, by kind of row.
struct Formats(Vec<[Format; 3]>);

impl Formats {
    fn new(columns: &[ColumnSpec]) -> Self {
        let styles = [RowStyle::Detail, RowStyle::Group, RowStyle::Total];
        Self(
            columns
                .iter()
                .map(|column| styles.map(|style| style::cell(column, style)))
                .collect(),
        )
    }

    fn get(&self, column: usize, style: RowStyle) -> Option<&Format> {
        let [detail, group, total] = self.0.get(column)?;
        Some(match style {
            RowStyle::Detail => detail,
            RowStyle::Group => group,
            RowStyle::Total => total,
        })
    }
}

fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    table: &TableSpec,
    style: RowStyle,
    cells: &[CellValue],
    formats: &Formats,
) -> Result<(), XlsxError> {
    for (index, column) in table.columns.iter().enumerate() {
        let Some(format) = formats.get(index, style) else {
            continue;
        };
        let at = narrow_column(index);
        let value = cells.get(index).unwrap_or(&CellValue::Empty);
        write_cell(sheet, row, at, value, column.format, format)?;
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &CellValue,
    shown: CellFormat,
    format: &Format,
) -> Result<(), XlsxError> {
    let mut number = |number: f64| {
        sheet
            .write_number_with_format(row, column, number, format)
            .map(|_| ())
    };
    match value {
        CellValue::Integer(integer) => number(*integer as f64),
        CellValue::Money(amount) => number(*amount as f64 / unit_of(shown).factor() as f64),
        CellValue::Percent(hundredths) => number(*hundredths as f64 / 10_000.0),
        CellValue::Empty => sheet.write_blank(row, column, format).map(|_| ()),
        CellValue::Text(text) => write_text(sheet, row, column, text, format),
        CellValue::Date(date) => {
            let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
            match ExcelDateTime::from_ymd(date.year().unsigned_abs(), month, day) {
                Ok(moment) => sheet
                    .write_datetime_with_format(row, column, &moment, format)
                    .map(|_| ()),
                // Spreadsheets know no day before 1900.
                Err(_) => write_text(sheet, row, column, &date.to_string(), format),
            }
        }
    }
}

/// Writes text as text; what might execute when edited carries a quote prefix.
pub(super) fn write_text(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if text.is_empty() {
        sheet.write_blank(row, column, format)?;
    } else if would_execute(text) {
        let quoted = format.clone().set_quote_prefix();
        sheet.write_string_with_format(row, column, clip(text), &quoted)?;
    } else {
        sheet.write_string_with_format(row, column, clip(text), format)?;
    }
    Ok(())
}

/// The longest beginning of a text that fits a cell.
pub(super) fn clip(text: &str) -> &str {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => text.get(..end).unwrap_or_default(),
        None => text,
    }
}

/// Drop-down lists, and numbers only where numbers belong.
fn validate(
    sheet: &mut Worksheet,
    table: &TableSpec,
    first: u32,
    last: u32,
    choices: &mut Choices,
) -> Result<(), XlsxError> {
    for (index, column) in table.columns.iter().enumerate() {
        let rule = if !column.choices.is_empty() {
            choices.rule(&column.choices)?
        } else if column.input && !matches!(column.format, CellFormat::Text | CellFormat::Centred) {
            match column.format {
                CellFormat::Date => continue,
                _ => DataValidation::new()
                    .allow_decimal_number(DataValidationRule::Between(-1e15, 1e15))
                    .set_error_title("请填写数字")?
                    .set_error_message("此列只能填写数字，单位见表头。")?,
            }
        } else {
            continue;
        };
        let at = narrow_column(index);
        sheet.add_data_validation(first, at, last, at, &rule)?;
    }
    Ok(())
}

fn set_up(
    sheet: &mut Worksheet,
    table: &TableSpec,
    widths: &[f64],
    first_header: u32,
    first_row: u32,
) -> Result<(), XlsxError> {
    for (index, column) in table.columns.iter().enumerate() {
        let at = narrow_column(index);
        sheet.set_column_width(at, widths.get(index).copied().unwrap_or(8.0))?;
        if column.hidden {
            sheet.set_column_hidden(at)?;
        }
    }
    sheet.set_freeze_panes(first_row, table.frozen_columns)?;
    sheet.set_repeat_rows(first_header, first_row.saturating_sub(1))?;
    let shown: f64 = table
        .columns
        .iter()
        .zip(widths)
        .filter(|(column, _)| !column.hidden)
        .map(|(_, width)| width)
        .sum();
    // What A4 would shrink beyond reading goes on A3, as the offices print it.
    let paper = match table.paper {
        Paper::A4Landscape if shown > style::WIDE => Paper::A3Landscape,
        paper => paper,
    };
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    match paper {
        Paper::A4Portrait => sheet.set_paper_size(9).set_portrait(),
        Paper::A4Landscape => sheet.set_paper_size(9).set_landscape(),
        Paper::A3Landscape => sheet.set_paper_size(8).set_landscape(),
    };
    // All columns on one page; as many pages down as it takes.
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C第 &P 页 共 &N 页");
    if table.columns.iter().any(|column| column.input) {
        sheet.protect_with_options(&ProtectionOptions {
            format_columns: true,
            format_rows: true,
            ..ProtectionOptions::default()
        });
    }
    Ok(())
}

/// Lists that are too long for a cell live on a hidden sheet.
#[derive(Default)]
struct Choices {
    lists: Vec<Vec<String>>,
    known: HashMap<Vec<String>, usize>,
}

impl Choices {
    fn rule(&mut self, choices: &[String]) -> Result<DataValidation, XlsxError> {
        let length: usize = choices
            .iter()
            .map(|choice| choice.chars().count() + 1)
            .sum();
        let inline = length <= LONGEST_INLINE_LIST
            && choices.iter().all(|choice| !choice.contains([',', '"']));
        if inline {
            return DataValidation::new().allow_list_strings(choices);
        }
        let index = *self.known.entry(choices.to_vec()).or_insert_with(|| {
            self.lists.push(choices.to_vec());
            self.lists.len() - 1
        });
        let end = crate::workbook::cell_name(choices.len() - 1, index);
        let column: String = end.chars().filter(char::is_ascii_alphabetic).collect();
        let rows = choices.len();
        let area = format!("='{CHOICES_SHEET}'!${column}$1:${column}${rows}");
        Ok(DataValidation::new().allow_list_formula(Formula::new(area)))
    }

    fn sheet(&self) -> Result<Option<Worksheet>, XlsxError> {
        if self.lists.is_empty() {
            return Ok(None);
        }
        let mut sheet = Worksheet::new();
        sheet.set_name(CHOICES_SHEET)?;
        sheet.set_hidden(true);
        for (index, list) in self.lists.iter().enumerate() {
            for (row, choice) in list.iter().enumerate() {
                let row = u32::try_from(row).unwrap_or(u32::MAX);
                sheet.write_string(row, narrow_column(index), clip(choice))?;
            }
        }
        Ok(Some(sheet))
    }
}

/// Sheet names as Excel allows them: short, unique, without certain characters.
#[derive(Default)]
pub(super) struct SheetNames(Vec<String>);

impl SheetNames {
    pub fn unique(&mut self, wanted: &str) -> String {
        let allowed: String = wanted
            .chars()
            .filter(|c| !c.is_control() && !"[]:*?/\\'".contains(*c))
            .take(25)
            .collect();
        let base = match allowed.trim() {
            "" | CHOICES_SHEET => "表",
            name => name,
        };
        let taken = |name: &str, names: &[String]| {
            names
                .iter()
                .any(|other| other.to_lowercase() == name.to_lowercase())
        };
        let mut name = base.to_owned();
        let mut number = 2;
        while taken(&name, &self.0) {
            name = format!("{base}({number})");
            number += 1;
        }
        self.0.push(name.clone());
        name
    }
}
