//! Reads delimited text. Encoding and delimiter are found out, unless a profile
//! names them; every cell stays text, because "007" must not become 7.

use super::{Budget, Cell, Sheet, sniff};
use crate::{limits::Limits, refusal::Refusal};
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// Reads delimited text whose encoding or delimiter is known beforehand.
pub fn read_delimited(
    file_name: &str,
    bytes: &[u8],
    encoding: Option<&str>,
    delimiter: Option<char>,
    limits: &Limits,
) -> Result<super::Workbook, Refusal> {
    if bytes.len() > limits.bytes {
        return Err(Refusal::TooLarge {
            found: bytes.len(),
            limit: limits.bytes,
        });
    }
    let sheet = read(file_name, bytes, encoding, delimiter, limits)?;
    Ok(super::Workbook {
        file_name: file_name.to_owned(),
        format: super::Format::Csv,
        misnamed: false,
        sheets: vec![sheet],
    })
}

pub(super) fn read(
    file_name: &str,
    bytes: &[u8],
    encoding: Option<&str>,
    delimiter: Option<char>,
    limits: &Limits,
) -> Result<Sheet, Refusal> {
    let text = decode(bytes, encoding)?;
    let delimiter = delimiter
        .and_then(|delimiter| u8::try_from(delimiter).ok())
        .unwrap_or_else(|| guess_delimiter(&text));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let mut sheet = Sheet {
        name: name.to_owned(),
        ..Sheet::default()
    };
    let mut budget = Budget::new(limits);
    let mut record = csv::StringRecord::new();
    let mut row = 0;
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                return Err(Refusal::Damaged {
                    detail: format!("line {line}: {error}"),
                });
            }
        }
        // The reader skips blank lines; a spreadsheet counts them as rows.
        let taken = usize::try_from(reader.position().line() - line).unwrap_or(1);
        let inside: usize = record.iter().map(|field| field.matches('\n').count()).sum();
        row += taken.saturating_sub(inside + 1);
        for (column, field) in record.iter().enumerate() {
            if !field.is_empty() {
                budget.put(&mut sheet, row, column, Cell::Text(unguarded(field).into()))?;
            }
        }
        row += 1;
    }
    Ok(sheet)
}

/// Takes off the apostrophe that keeps a spreadsheet from executing a text.
fn unguarded(field: &str) -> &str {
    match field.strip_prefix('\'') {
        Some(text) if crate::write::would_execute(text) => text,
        _ => field,
    }
}

pub(crate) fn decode<'a>(bytes: &'a [u8], encoding: Option<&str>) -> Result<Cow<'a, str>, Refusal> {
    if let Some(label) = encoding {
        let encoding = Encoding::for_label(label.as_bytes()).ok_or(Refusal::Encoding)?;
        return strict(bytes, encoding);
    }
    if sniff::is_utf16(bytes) {
        let encoding = if bytes.starts_with(&[0xFF, 0xFE]) {
            UTF_16LE
        } else {
            UTF_16BE
        };
        return strict(bytes, encoding);
    }
    strict(bytes, UTF_8).or_else(|_| strict(bytes, GB18030))
}

fn strict<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Result<Cow<'a, str>, Refusal> {
    let (text, _, malformed) = encoding.decode(bytes);
    if malformed {
        return Err(Refusal::Encoding);
    }
    Ok(text)
}

/// The candidate that splits the first lines into the same, largest number of fields.
pub(crate) fn guess_delimiter(text: &str) -> u8 {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(20)
        .collect();
    [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|delimiter| {
            let counts: Vec<usize> = lines
                .iter()
                .map(|line| count_outside_quotes(line, *delimiter))
                .filter(|count| *count > 0)
                .collect();
            let widest = counts.iter().copied().max().unwrap_or(0);
            let agreeing = counts.iter().filter(|count| **count == widest).count();
            // Ties go to the comma: `max_by_key` keeps the last, so rank it.
            (agreeing * widest, u8::from(*delimiter == b','))
        })
        .unwrap_or(b',')
}

fn count_outside_quotes(line: &str, delimiter: u8) -> usize {
    let mut quoted = false;
    line.bytes()
        .filter(|byte| {
            if *byte == b'"' {
                quoted = !quoted;
            }
            !quoted && *byte == delimiter
        })
        .count()
}
