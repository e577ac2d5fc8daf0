//! Reads an event log from CSV: one row per event, the attributes of its case in columns that
//! begin with `case:`.
//!
//! What a reader would get wrong: rows may come in any order. Cases stand in the order of their
//! first rows, the events of a case by their time, equal times in the order of the rows. A case's
//! attributes are those of its first row.

use std::collections::HashMap;

use csv::StringRecord;

use super::log::{Attribute, EventLogBuilder, LogFull, Value};
use super::{LogFile, LogNotes, LogRefusal, NAME, TIME, time};
use crate::limits::Limits;
use crate::workbook::{decode, guess_delimiter};

const CASE: &str = "case:";

/// Reads a CSV log in UTF-8, UTF-16 or GB18030, with comma, semicolon or tab.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<LogFile, LogRefusal> {
    let text = decode(bytes, None).map_err(|_| LogRefusal::Encoding)?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(guess_delimiter(text))
        .flexible(true)
        .from_reader(text.as_bytes());
    let columns = Columns::find(reader.headers().map_err(|error| damaged(&error))?, limits)?;
    let mut table = Table::default();
    let mut record = StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|error| damaged(&error))?
    {
        table.take(&columns, &record)?;
    }
    table.build(&columns)
}

fn damaged(error: &csv::Error) -> LogRefusal {
    LogRefusal::Damaged {
        at: error.position().map_or(0, csv::Position::byte),
        detail: error.to_string(),
    }
}

fn full(_: LogFull) -> LogRefusal {
    LogRefusal::TooMany
}

/// What each column is.
struct Columns {
    names: Vec<String>,
    case: usize,
    time: usize,
}

impl Columns {
    fn find(header: &StringRecord, limits: &Limits) -> Result<Self, LogRefusal> {
        let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        if names.len() > limits.columns {
            return Err(LogRefusal::TooMany);
        }
        let found = |column: &str| {
            names.iter().position(|name| name == column).ok_or_else(|| {
                let shown: Vec<&str> = names.iter().map(String::as_str).take(20).collect();
                let shown = shown.join(", ").chars().take(400).collect();
                LogRefusal::MissingColumn {
                    column: column.to_owned(),
                    found: shown,
                }
            })
        };
        found(NAME)?;
        Ok(Self {
            case: found(&format!("{CASE}{NAME}"))?,
            time: found(TIME)?,
            names,
        })
    }
}

/// One row, before its place is known.
struct Row {
    case: usize,
    time: Option<i64>,
    start: usize,
    end: usize,
}

#[derive(Default)]
struct Table {
    build: EventLogBuilder,
    notes: LogNotes,
    cases: HashMap<String, usize>,
    case_attributes: Vec<Vec<Attribute>>,
    rows: Vec<Row>,
    attributes: Vec<Attribute>,
}

impl Table {
    fn take(&mut self, columns: &Columns, record: &StringRecord) -> Result<(), LogRefusal> {
        let name = record.get(columns.case).unwrap_or_default();
        let number = self.rows.len() + 1;
        if name.is_empty() {
            self.notes
                .add((0, number), &columns.names[columns.case], "", "string");
            return Ok(());
        }
        let case = self.cases.get(name).copied();
        let is_first = case.is_none();
        let case = case.unwrap_or_else(|| {
            self.cases
                .insert(name.to_owned(), self.case_attributes.len());
            self.case_attributes.push(Vec::new());
            self.case_attributes.len() - 1
        });
        let start = self.attributes.len();
        let mut at = None;
        for (column, (name, cell)) in columns.names.iter().zip(record).enumerate() {
            if cell.is_empty() {
                continue;
            }
            let value = self.value(cell)?;
            match (name.strip_prefix(CASE), value) {
                (Some(_), _) if !is_first => {}
                (Some(name), value) => {
                    let key = self.build.name(name).map_err(full)?;
                    self.case_attributes[case].push(Attribute { key, value });
                }
                (None, Value::Time(instant)) if column == columns.time => at = Some(instant),
                (None, _) if column == columns.time => {
                    self.notes.add((case + 1, number), name, cell, "date");
                }
                (None, value) => {
                    let key = self.build.name(name).map_err(full)?;
                    self.attributes.push(Attribute { key, value });
                }
            }
        }
        let end = self.attributes.len();
        self.rows.push(Row {
            case,
            time: at,
            start,
            end,
        });
        Ok(())
    }

    /// An instant is one by its shape; everything else stays the text it is.
    fn value(&mut self, cell: &str) -> Result<Value, LogRefusal> {
        match time::read(cell) {
            Some(at) => Ok(Value::Time(at)),
            None => Ok(Value::Text(self.build.name(cell).map_err(full)?)),
        }
    }

    fn build(mut self, columns: &Columns) -> Result<LogFile, LogRefusal> {
        self.rows.sort_by_key(|row| (row.case, row.time));
        let time_key = self
            .build
            .name(&columns.names[columns.time])
            .map_err(full)?;
        let mut rows = self.rows.iter().peekable();
        for (case, attributes) in self.case_attributes.iter().enumerate() {
            self.build.begin_case().map_err(full)?;
            attributes
                .iter()
                .for_each(|attribute| self.build.add(*attribute));
            while let Some(row) = rows.next_if(|row| row.case == case) {
                self.build.begin_event().map_err(full)?;
                let attributes = &self.attributes[row.start..row.end];
                attributes
                    .iter()
                    .for_each(|attribute| self.build.add(*attribute));
                if let Some(at) = row.time {
                    let value = Value::Time(at);
                    self.build.add(Attribute {
                        key: time_key,
                        value,
                    });
                }
            }
        }
        Ok(LogFile {
            log: self.build.finish(),
            notes: self.notes,
        })
    }
}
