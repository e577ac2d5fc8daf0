//! Reads the files that say which days differ from the ordinary week.
//!
//! What a reader would get wrong: a national file (`Holidays`) decides which
//! years are known, a regional one (`Overrides`) never does. A year is known
//! when its 1 January is listed, which every annual notice does; so rows of a
//! stray December cannot make half a year look complete.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::{Date, Weekday};

/// The exceptions of whole years: days off and make-up working days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays {
    pub(crate) days: BTreeMap<Date, Exception>,
    pub(crate) years: BTreeSet<i16>,
}

impl Holidays {
    /// Reads `date,kind,name` lines; on failure returns every problem of the file.
    ///
    /// `kind` is `off` (a holiday, also when it falls on a weekend) or `work`
    /// (a Saturday or Sunday that is worked). Empty lines and lines that begin
    /// with `#` are skipped.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let mut rows = Rows::read(text);
        for (date, (line, exception)) in &rows.days {
            if exception.kind == Kind::Work && !is_weekend(*date) {
                rows.problems.push(Problem {
                    line: *line,
                    found: format!("{date} ({:?})", date.weekday()),
                    expected: Expected::WeekendDay,
                });
            }
        }
        let days = rows.finish()?;
        let years: BTreeSet<i16> = days
            .keys()
            .filter(|date| date.month() == 1 && date.day() == 1)
            .map(|date| date.year())
            .collect();
        if years.is_empty() {
            return Err(vec![Problem {
                line: 1,
                found: "no 1 January".into(),
                expected: Expected::WholeYear,
            }]);
        }
        Ok(Self { days, years })
    }

    /// Returns these holidays with a later file added.
    ///
    /// A year that `later` knows replaces the same year here, so a re-issued
    /// notice is loaded like a new one. Other rows of `later` (a December day
    /// that next year's notice moves) are added.
    #[must_use]
    pub fn extended_by(&self, later: &Self) -> Self {
        let mut days = self.days.clone();
        days.retain(|date, _| !later.years.contains(&date.year()));
        days.extend(later.days.clone());
        Self {
            days,
            years: &self.years | &later.years,
        }
    }

    /// Returns the years whose every day is known, in order.
    pub fn years(&self) -> impl Iterator<Item = i16> {
        self.years.iter().copied()
    }
}

/// Single days that a region or an office treats differently from the nation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    pub(crate) days: BTreeMap<Date, Exception>,
}

impl Overrides {
    /// Reads the same lines as [`Holidays::parse`]; here any day may be worked or off.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        Ok(Self {
            days: Rows::read(text).finish()?,
        })
    }
}

/// One thing wrong in a file, with where it is and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: found {found}, expected {expected}")]
pub struct Problem {
    /// Counted from 1, as an editor shows it.
    pub line: u32,
    pub found: String,
    pub expected: Expected,
}

/// What a line should have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    Header,
    ThreeFields,
    Date,
    /// Years outside this span are typing errors, not plans.
    YearInRange,
    Kind,
    Name,
    WeekendDay,
    /// The same date stands on `first_line` already.
    OncePerDate {
        first_line: u32,
    },
    WholeYear,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header => f.write_str("the header `date,kind,name`"),
            Self::ThreeFields => f.write_str("three fields `date,kind,name`"),
            Self::Date => f.write_str("a date written 2026-10-01"),
            Self::YearInRange => write!(f, "a year from {FIRST_YEAR} to {LAST_YEAR}"),
            Self::Kind => f.write_str("`off` or `work`"),
            Self::Name => f.write_str("the name of the holiday"),
            Self::WeekendDay => f.write_str("a Saturday or Sunday for `work`"),
            Self::OncePerDate { first_line } => {
                write!(f, "each date once (it is on line {first_line} already)")
            }
            Self::WholeYear => {
                f.write_str("the rows of at least one whole year, its 1 January among them")
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exception {
    pub kind: Kind,
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Off,
    Work,
}

pub(crate) fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

const HEADER: &str = "date,kind,name";
const FIRST_YEAR: i16 = 1949;
const LAST_YEAR: i16 = 2199;
/// A hostile file must not turn into a report as large as itself.
const MAX_FOUND: usize = 60;

#[derive(Default)]
struct Rows {
    days: BTreeMap<Date, (u32, Exception)>,
    problems: Vec<Problem>,
}

impl Rows {
    fn read(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut rows = Self::default();
        let mut lines = (1u32..)
            .zip(text.lines())
            .map(|(number, line)| (number, line.trim()))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        match lines.next() {
            Some((_, HEADER)) => {}
            Some((line, found)) => rows.note(line, found, Expected::Header),
            None => rows.note(1, "nothing", Expected::Header),
        }
        for (number, line) in lines {
            rows.read_line(number, line);
        }
        rows
    }

    fn read_line(&mut self, number: u32, line: &str) {
        let fields: Vec<&str> = line.splitn(4, ',').map(str::trim).collect();
        let [date_text, kind_text, name] = fields[..] else {
            return self.note(number, line, Expected::ThreeFields);
        };
        let date = self.read_date(number, date_text);
        let kind = match kind_text {
            "off" => Some(Kind::Off),
            "work" => Some(Kind::Work),
            _ => {
                self.note(number, kind_text, Expected::Kind);
                None
            }
        };
        if name.is_empty() {
            self.note(number, "an empty name", Expected::Name);
        }
        let (Some(date), Some(kind)) = (date, kind) else {
            return;
        };
        if let Some((first_line, _)) = self.days.get(&date) {
            let first_line = *first_line;
            return self.note(number, date_text, Expected::OncePerDate { first_line });
        }
        let name = name.to_owned();
        self.days.insert(date, (number, Exception { kind, name }));
    }

    fn read_date(&mut self, number: u32, text: &str) -> Option<Date> {
        // jiff reads more forms than people should write; ten characters are the plain one.
        let date = match text.parse::<Date>() {
            Ok(date) if text.len() == 10 => date,
            _ => {
                self.note(number, text, Expected::Date);
                return None;
            }
        };
        if !(FIRST_YEAR..=LAST_YEAR).contains(&date.year()) {
            self.note(number, text, Expected::YearInRange);
            return None;
        }
        Some(date)
    }

    fn note(&mut self, line: u32, found: &str, expected: Expected) {
        let found = found.chars().take(MAX_FOUND).collect();
        self.problems.push(Problem {
            line,
            found,
            expected,
        });
    }

    fn finish(mut self) -> Result<BTreeMap<Date, Exception>, Vec<Problem>> {
        if self.problems.is_empty() {
            let days = self.days.into_iter().map(|(date, (_, e))| (date, e));
            return Ok(days.collect());
        }
        self.problems.sort_by_key(|problem| problem.line);
        Err(self.problems)
    }
}
