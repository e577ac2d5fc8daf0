//! Answers questions about working days in constant time.
//!
//! What a reader would get wrong: spans are half-open, `from <= day < to`, and
//! a limit of n working days that begins on day d ends on the n-th working day
//! *after* d, because the first day is not counted.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use jiff::civil::Date;

use crate::holidays::{Exception, Holidays, Kind, Overrides, is_weekend};
use crate::units::WorkingDays;

/// Every day of a run of whole years, each known to be worked or not (工作日历).
#[derive(Clone, Debug)]
pub struct Calendar {
    name: String,
    exceptions: BTreeMap<Date, Exception>,
    first: Date,
    last: Date,
    /// `before[i]` is the number of working days before the i-th day.
    before: Vec<u32>,
    /// All working days in order.
    working: Vec<Date>,
}

impl Calendar {
    /// Builds the calendar called `name` (`cn`: messages name the files after it).
    pub fn new(name: &str, holidays: &Holidays) -> Result<Self, CalendarError> {
        Self::build(name, &holidays.years, holidays.days.clone())
    }

    /// Returns the calendar with a region's own days laid on top.
    ///
    /// An override makes no year known; its rows in unknown years lie idle
    /// until the national file arrives, which is why the name stays the nation's.
    #[must_use]
    pub fn with_overrides(&self, overrides: &Overrides) -> Self {
        let mut exceptions = self.exceptions.clone();
        exceptions.extend(overrides.days.clone());
        Self::over(&self.name, self.first, self.last, exceptions)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the first and the last known day, both included.
    pub const fn span(&self) -> (Date, Date) {
        (self.first, self.last)
    }

    /// Tells what `date` is and which holiday made it so.
    pub fn day(&self, date: Date) -> Result<Day<'_>, CalendarError> {
        self.index(date)?;
        let exception = self.exceptions.get(&date);
        Ok(Day {
            date,
            kind: kind_of(date, exception),
            holiday: exception.map(|exception| exception.name.as_str()),
        })
    }

    pub fn is_working_day(&self, date: Date) -> Result<bool, CalendarError> {
        let index = self.index(date)?;
        Ok(self.rank(index + 1) > self.rank(index))
    }

    /// Counts the working days d with `from <= d < to`; zero when `to <= from`.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<WorkingDays, CalendarError> {
        let from = self.index(from)?;
        let to = self.index_of_end(to)?;
        Ok(WorkingDays(self.rank(to).saturating_sub(self.rank(from))))
    }

    /// Returns the `n`-th working day after `date`; `date` itself when `n` is zero.
    ///
    /// The first day is not counted. 行政许可法 art. 82: limits are working days,
    /// statutory holidays excluded (以工作日计算，不含法定节假日). 民法典 art. 201:
    /// the day a period begins is not counted, it runs from the next day
    /// (开始的当日不计入，自下一日开始计算).
    pub fn add_working_days(&self, date: Date, n: WorkingDays) -> Result<Date, CalendarError> {
        let index = self.index(date)?;
        let Some(steps) = n.0.checked_sub(1) else {
            return Ok(date);
        };
        let position = u64::from(self.rank(index + 1)) + u64::from(steps);
        usize::try_from(position)
            .ok()
            .and_then(|position| self.working.get(position).copied())
            .ok_or_else(|| self.missing(self.last.year().saturating_add(1)))
    }

    /// Returns `date` when it is worked, else the next working day.
    pub fn working_day_from(&self, date: Date) -> Result<Date, CalendarError> {
        let index = self.index(date)?;
        self.working
            .get(self.rank(index) as usize)
            .copied()
            .ok_or_else(|| self.missing(self.last.year().saturating_add(1)))
    }

    /// Returns the `n`-th working day of a month, counted from one.
    pub fn nth_working_day_of_month(
        &self,
        year: i16,
        month: i8,
        n: WorkingDays,
    ) -> Result<Date, CalendarError> {
        let absent = CalendarError::NoSuchWorkingDay { year, month, n };
        let Ok(first) = Date::new(year, month, 1) else {
            return Err(absent);
        };
        let start = self.rank(self.index(first)?) as usize;
        (n.0 as usize)
            .checked_sub(1)
            .and_then(|steps| self.working.get(start.checked_add(steps)?).copied())
            .filter(|day| day.year() == year && day.month() == month)
            .ok_or(absent)
    }

    /// Lists the days that `newer` treats differently, within the years both know.
    ///
    /// This is the reason on record when a change of calendar moves due dates.
    pub fn changes_to(&self, newer: &Self) -> Vec<DayChange> {
        let mut dates: Vec<Date> = self.exceptions.keys().copied().collect();
        dates.extend(newer.exceptions.keys());
        dates.sort_unstable();
        dates.dedup();
        dates
            .into_iter()
            .filter_map(|date| {
                let (was, is) = (self.day(date).ok()?, newer.day(date).ok()?);
                (was.kind.is_working() != is.kind.is_working()).then_some(DayChange {
                    date,
                    was: was.kind,
                    is: is.kind,
                })
            })
            .collect()
    }

    fn build(
        name: &str,
        years: &BTreeSet<i16>,
        exceptions: BTreeMap<Date, Exception>,
    ) -> Result<Self, CalendarError> {
        let (Some(&from), Some(&to)) = (years.first(), years.last()) else {
            return Err(CalendarError::Empty { name: name.into() });
        };
        if let Some(year) = (from..=to).find(|year| !years.contains(year)) {
            let name = name.into();
            return Err(CalendarError::MissingYear { name, year });
        }
        let (Ok(first), Ok(last)) = (Date::new(from, 1, 1), Date::new(to, 12, 31)) else {
            return Err(CalendarError::Empty { name: name.into() });
        };
        Ok(Self::over(name, first, last, exceptions))
    }

    fn over(name: &str, first: Date, last: Date, exceptions: BTreeMap<Date, Exception>) -> Self {
        let mut before = vec![0];
        let mut working: Vec<Date> = Vec::new();
        let mut listed = exceptions.range(first..=last).peekable();
        let days = std::iter::successors(Some(first), |date| date.tomorrow().ok());
        for date in days.take_while(|date| *date <= last) {
            let exception = listed.next_if(|(day, _)| **day == date);
            if kind_of(date, exception.map(|(_, exception)| exception)).is_working() {
                working.push(date);
            }
            before.push(u32::try_from(working.len()).unwrap_or(u32::MAX));
        }
        Self {
            name: name.into(),
            exceptions,
            first,
            last,
            before,
            working,
        }
    }

    fn index(&self, date: Date) -> Result<usize, CalendarError> {
        if date < self.first || date > self.last {
            return Err(self.missing(date.year()));
        }
        Ok(days_from(self.first, date))
    }

    /// The end of a half-open span may be the day after the last known one.
    fn index_of_end(&self, date: Date) -> Result<usize, CalendarError> {
        if self.last.tomorrow().is_ok_and(|end| end == date) {
            return Ok(self.before.len() - 1);
        }
        self.index(date)
    }

    fn rank(&self, index: usize) -> u32 {
        let total = self.before.last().copied().unwrap_or(0);
        self.before.get(index).copied().unwrap_or(total)
    }

    fn missing(&self, year: i16) -> CalendarError {
        CalendarError::MissingYear {
            name: self.name.clone(),
            year,
        }
    }
}

/// What one day is (工作日、休息日).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day<'a> {
    pub date: Date,
    pub kind: DayKind,
    /// The holiday for which the day is off, or for which it is worked.
    pub holiday: Option<&'a str>,
}

/// The four kinds of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    Working,
    /// A Saturday or Sunday that is worked to make up for a holiday (调休).
    ShiftedWorkday,
    Weekend,
    Holiday,
}

impl DayKind {
    pub const fn is_working(self) -> bool {
        matches!(self, Self::Working | Self::ShiftedWorkday)
    }
}

/// A day that a newer calendar treats differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayChange {
    pub date: Date,
    pub was: DayKind,
    pub is: DayKind,
}

/// Why a question about days has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    #[error(
        "calendar {name} has no data for {year}: load the file {name}-{year}.csv \
         (format: data/calendar/README.md)"
    )]
    MissingYear { name: String, year: i16 },
    #[error("calendar {name} has no year at all: load the file {name}.csv")]
    Empty { name: String },
    #[error("{year}-{month:02} has no working day number {}", n.0)]
    NoSuchWorkingDay {
        year: i16,
        month: i8,
        n: WorkingDays,
    },
}

fn kind_of(date: Date, exception: Option<&Exception>) -> DayKind {
    match (exception.map(|exception| exception.kind), is_weekend(date)) {
        (Some(Kind::Off), _) => DayKind::Holiday,
        (Some(Kind::Work), true) => DayKind::ShiftedWorkday,
        (None, true) => DayKind::Weekend,
        (Some(Kind::Work) | None, false) => DayKind::Working,
    }
}

/// Whole days from `first` to `date`; zero when `date` is earlier.
fn days_from(first: Date, date: Date) -> usize {
    let days = date.duration_since(first).as_secs() / SECONDS_PER_DAY;
    usize::try_from(days).unwrap_or(0)
}

const SECONDS_PER_DAY: i64 = SignedDuration::from_hours(24).as_secs();
