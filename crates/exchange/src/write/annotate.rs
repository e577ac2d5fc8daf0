//! The user's own workbook back, with a comment and a colour on every bad cell and a
//! list of all problems on a sheet of its own.
//!
//! Contents and merged cells are kept; fonts and widths of the original are not, since
//! the reader never sees them. The list is skipped when the file is imported again.

use super::{
    header::narrow_column,
    spec::WriteError,
    style,
    table::{SheetNames, clip, write_text},
};
use crate::{
    problem::{Problem, Severity},
    text::Language,
    workbook::{Cell, Sheet, Workbook, cell_name},
};
use rust_xlsxwriter::{
    Color, ExcelDateTime, Format, Note, Url, Workbook as Writer, Worksheet, XlsxError,
};
use std::collections::HashMap;

/// Name of the sheet that lists problems in an annotated workbook; import skips it.
pub const SUMMARY_SHEET: &str = "导入问题";

/// Comments are drawings; far more of them than this make a workbook unusable.
const MOST_COMMENTS: usize = 5_000;
const MOST_MERGED_CELLS: usize = 200_000;
const MOST_LINKS: usize = 5_000;

/// Writes the workbook again with its problems marked.
pub fn annotate(
    workbook: &Workbook,
    problems: &[Problem],
    language: Language,
) -> Result<Vec<u8>, WriteError> {
    let mut writer = Writer::new();
    let mut names = SheetNames::default();
    let mut written: HashMap<&str, String> = HashMap::new();
    let summary = names.unique(SUMMARY_SHEET);
    let mut comments = 0;
    for sheet in &workbook.sheets {
        if sheet.name == SUMMARY_SHEET {
            continue;
        }
        let mut marks: HashMap<&str, Vec<&Problem>> = HashMap::new();
        for problem in problems {
            if problem.sheet == sheet.name && !problem.cell.is_empty() {
                marks.entry(&problem.cell).or_default().push(problem);
            }
        }
        let name = names.unique(&sheet.name);
        let mut page = Worksheet::new();
        page.set_name(&name)?;
        // The first sheet is the one that opens, so it has to show.
        page.set_hidden(sheet.hidden && !written.is_empty());
        copy(&mut page, sheet, &marks, language, &mut comments)?;
        written.insert(&sheet.name, name);
        writer.push_worksheet(page);
    }
    let mut page = Worksheet::new();
    page.set_name(summary)?;
    list(&mut page, problems, language, &written)?;
    writer.push_worksheet(page);
    Ok(writer.save_to_buffer()?)
}

type Marks<'a> = HashMap<&'a str, Vec<&'a Problem>>;

fn copy(
    page: &mut Worksheet,
    sheet: &Sheet,
    marks: &Marks<'_>,
    language: Language,
    comments: &mut usize,
) -> Result<(), XlsxError> {
    let plain = Format::new();
    let mut left = MOST_MERGED_CELLS;
    for merge in &sheet.merges {
        // Each cell of a merged range is written; a range over the whole sheet is none
        // that anybody would miss.
        let rows = (merge.bottom - merge.top) as usize + 1;
        let columns = (merge.right - merge.left) as usize + 1;
        let Some(rest) = left.checked_sub(rows.saturating_mul(columns)) else {
            continue;
        };
        left = rest;
        // Overlapping ranges of a careless original are left unmerged.
        let _ = page.merge_range(
            merge.top,
            narrow_column(merge.left as usize),
            merge.bottom,
            narrow_column(merge.right as usize),
            "",
            &plain,
        );
    }
    for (row, cells) in sheet.rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            if *cell != Cell::Empty {
                write(page, row, column, cell, &plain)?;
            }
        }
    }
    for (place, found) in marks {
        let Some((row, column)) = position(place) else {
            continue;
        };
        let worst = found.iter().map(|problem| problem.severity).max();
        let format = Format::new().set_background_color(colour(worst.unwrap_or(Severity::Info)));
        write(page, row, column, sheet.cell(row, column), &format)?;
        *comments += 1;
        if *comments > MOST_COMMENTS {
            continue;
        }
        let text: Vec<String> = found
            .iter()
            .map(|problem| match language {
                Language::Chinese => {
                    let (expected, mend) = (problem.expected(language), problem.mend(language));
                    format!("应为{expected}。{mend}")
                }
                Language::English => {
                    let (expected, mend) = (problem.expected(language), problem.mend(language));
                    format!("Expected {expected}. {mend}")
                }
            })
            .collect();
        let text: String = text.join("\n").chars().take(2_000).collect();
        let note = Note::new(text).add_author_prefix(false).set_width(240);
        page.insert_note(narrow_row(row), narrow_column(column), &note)?;
    }
    Ok(())
}

fn colour(severity: Severity) -> Color {
    Color::RGB(match severity {
        Severity::Error => 0x00FF_C7CE,
        Severity::Warning => 0x00FF_EB9C,
        Severity::Info => 0x00DD_EBF7,
    })
}

fn write(
    page: &mut Worksheet,
    row: usize,
    column: usize,
    cell: &Cell,
    format: &Format,
) -> Result<(), XlsxError> {
    let (row, column) = (narrow_row(row), narrow_column(column));
    match cell {
        Cell::Empty => page.write_blank(row, column, format)?,
        Cell::Number(number) if number.is_finite() => {
            page.write_number_with_format(row, column, *number, format)?
        }
        Cell::Bool(flag) => page.write_boolean_with_format(row, column, *flag, format)?,
        Cell::Date(date) => {
            let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
            let format = format.clone().set_num_format("yyyy-mm-dd");
            match ExcelDateTime::from_ymd(date.year().unsigned_abs(), month, day) {
                Ok(moment) => page.write_datetime_with_format(row, column, &moment, &format)?,
                Err(_) => page.write_string_with_format(row, column, date.to_string(), &format)?,
            }
        }
        other => return write_text(page, row, column, &other.display(), format),
    };
    Ok(())
}

/// Row and column of a name such as `B7`.
fn position(name: &str) -> Option<(usize, usize)> {
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let row: usize = name.get(letters.len()..)?.parse().ok()?;
    let column = letters.bytes().try_fold(0_usize, |column, letter| {
        let digit = letter.checked_sub(b'A')?;
        column.checked_mul(26)?.checked_add(usize::from(digit) + 1)
    })?;
    let (row, column) = (row.checked_sub(1)?, column.checked_sub(1)?);
    (cell_name(row, column) == name && row < 1_048_576 && column < 16_384).then_some((row, column))
}

/// The widths of the list's columns, in characters.
const WIDTHS: [u32; 7] = [16, 10, 8, 30, 40, 50, 6];

/// The list of all problems, each linked to its cell.
fn list(
    page: &mut Worksheet,
    problems: &[Problem],
    language: Language,
    sheets: &HashMap<&str, String>,
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let wrapped = Format::new().set_text_wrap();
    let headers = match language {
        Language::Chinese => ["工作表", "单元格", "程度", "发现", "应为", "处理", "处数"],
        Language::English => [
            "Sheet", "Cell", "Severity", "Found", "Expected", "Mend", "Cells",
        ],
    };
    for (column, (header, width)) in headers.into_iter().zip(WIDTHS).enumerate() {
        let column = narrow_column(column);
        page.write_string_with_format(0, column, header, &bold)?;
        page.set_column_width(column, width)?;
    }
    page.set_freeze_panes(1, 0)?;
    let mut sorted: Vec<&Problem> = problems.iter().collect();
    sorted.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
    for (index, problem) in sorted.into_iter().enumerate() {
        let row = narrow_row(index + 1);
        let severity = Format::new().set_background_color(colour(problem.severity));
        write_text(page, row, 0, &problem.sheet, &wrapped)?;
        match sheets.get(problem.sheet.as_str()) {
            Some(name) if !problem.cell.is_empty() && index < MOST_LINKS => {
                let url = Url::new(format!("internal:'{name}'!{}", problem.cell));
                page.write_url_with_text(row, 1, url, problem.cell.as_str())?;
            }
            _ => write_text(page, row, 1, &problem.cell, &wrapped)?,
        }
        let word = match (language, problem.severity) {
            (Language::English, severity) => severity.as_str(),
            (_, Severity::Error) => "错误",
            (_, Severity::Warning) => "提醒",
            (_, Severity::Info) => "说明",
        };
        page.write_string_with_format(row, 2, word, &severity)?;
        let (expected, mend) = (problem.expected(language), problem.mend(language));
        let texts = [clip(&problem.found), &expected, &mend];
        write_text(page, row, 3, texts[0], &wrapped)?;
        write_text(page, row, 4, &expected, &wrapped)?;
        write_text(page, row, 5, &mend, &wrapped)?;
        // Not every program makes a row as high as its wrapped text.
        let columns = texts.iter().zip(&WIDTHS[3..]);
        let lines = columns.map(|(text, width)| style::wrapped_lines(text, f64::from(*width)));
        page.set_row_height(row, style::height(lines.max().unwrap_or(1)))?;
        page.write_number(row, 6, problem.count as f64)?;
    }
    Ok(())
}

fn narrow_row(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}
