//! Reading a reference table: every row with its line, and everything wrong with each.
//!
//! A row that is wrong stays among the rows, so that later checks speak of it too; nobody gets the
//! rows out before all of them are right.

use std::collections::{BTreeMap, HashSet};

use serde::de::DeserializeOwned;

use crate::error::{AppError, Message};

/// A table as it was read: the rows with their lines, and everything wrong with them.
pub(super) struct File<T> {
    pub rows: Vec<(u64, T)>,
    problems: BTreeMap<u64, Vec<Message>>,
}

impl<T: DeserializeOwned> File<T> {
    pub(super) fn read(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers = reader.headers().cloned().unwrap_or_default();
        let mut file = Self {
            rows: Vec::new(),
            problems: BTreeMap::new(),
        };
        for record in reader.records() {
            let at = |position: Option<&csv::Position>| position.map_or(0, csv::Position::line);
            match record {
                Ok(record) => match record.deserialize(Some(&headers)) {
                    Ok(row) => file.rows.push((at(record.position()), row)),
                    Err(bad) => file.say(at(record.position()), "reference.bad_line", bad),
                },
                Err(bad) => file.say(at(bad.position()), "reference.bad_line", bad),
            }
        }
        if file.rows.is_empty() && file.problems.is_empty() {
            file.say(1, "reference.empty", "");
        }
        file
    }

    /// Every row has a code of its own and a name.
    pub(super) fn check_each(&mut self, parts: impl Fn(&T) -> (&String, &String)) {
        let mut seen = HashSet::new();
        self.check(|row| {
            let (code, name) = parts(row);
            if code.trim().is_empty() || name.trim().is_empty() {
                Some(("reference.nameless", code.clone()))
            } else {
                let first = seen.insert(code.clone());
                (!first).then(|| ("reference.repeated_code", code.clone()))
            }
        });
    }

    /// Notes what a check says of each row, in order.
    pub(super) fn check(&mut self, mut check: impl FnMut(&T) -> Option<(&'static str, String)>) {
        let found: Vec<_> = self
            .rows
            .iter()
            .filter_map(|(line, row)| Some((*line, check(row)?)))
            .collect();
        for (line, (code, value)) in found {
            self.say(line, code, value);
        }
    }

    fn say(&mut self, line: u64, code: &str, value: impl ToString) {
        let message = Message::new(code, line.to_string(), [value.to_string()]);
        self.problems.entry(line).or_default().push(message);
    }

    /// Returns the rows if there is nothing wrong with any.
    pub(super) fn rows(self) -> Result<Vec<(u64, T)>, AppError> {
        if self.problems.is_empty() {
            return Ok(self.rows);
        }
        Err(AppError::Invalid {
            messages: self.problems.into_values().flatten().collect(),
        })
    }
}
