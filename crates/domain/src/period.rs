//! The month a figure belongs to.
//!
//! A period is a label, not a span of open time: when it is due and whether it is closed is kept
//! with the dispatch, not here.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::Ratio;

/// A calendar month that figures are reported for (报告期).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    year: i16,
    month: i8,
}

/// A text or number that names no month between 2000-01 and 2199-12.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a period; write it as 2025-12")]
pub struct NotAPeriod(pub String);

impl Period {
    /// Makes a period; `None` unless the year is 2000–2199 and the month 1–12.
    #[must_use]
    pub fn new(year: i16, month: i8) -> Option<Self> {
        ((2000..2200).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// Returns the period `day` falls in, if it is in range.
    #[must_use]
    pub fn of(day: Date) -> Option<Self> {
        Self::new(day.year(), day.month())
    }

    /// Reads the stored form, `202512`.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        let year = i16::try_from(number / 100).ok()?;
        let month = i8::try_from(number % 100).ok()?;
        Self::new(year, month)
    }

    /// Returns the stored form, `202512`.
    #[must_use]
    pub fn number(self) -> i32 {
        i32::from(self.year) * 100 + i32::from(self.month)
    }

    /// Returns the year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.year
    }

    /// Returns the month, 1–12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.month
    }

    /// Returns the month after, or itself at the end of the range.
    #[must_use]
    pub fn next(self) -> Self {
        let (year, month) = if self.month == 12 {
            (self.year + 1, 1)
        } else {
            (self.year, self.month + 1)
        };
        Self::new(year, month).unwrap_or(self)
    }

    /// Returns the month before, or itself at the start of the range.
    #[must_use]
    pub fn previous(self) -> Self {
        let (year, month) = if self.month == 1 {
            (self.year - 1, 12)
        } else {
            (self.year, self.month - 1)
        };
        Self::new(year, month).unwrap_or(self)
    }

    /// Returns the same month one year before, with which 同比 compares.
    #[must_use]
    pub fn year_before(self) -> Self {
        Self::new(self.year - 1, self.month).unwrap_or(self)
    }

    /// Returns January of the same year.
    #[must_use]
    pub fn january(self) -> Self {
        Self {
            year: self.year,
            month: 1,
        }
    }

    /// Returns December of the same year.
    #[must_use]
    pub fn december(self) -> Self {
        Self {
            year: self.year,
            month: 12,
        }
    }

    /// Returns the first day of the month.
    #[must_use]
    pub fn first_day(self) -> Date {
        Date::constant(self.year, self.month, 1)
    }

    /// Returns the last day of the month.
    #[must_use]
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }

    /// Returns the share of the year that has passed at the end of the month, n/12 (序时进度).
    ///
    /// A straight line, as the published figures use it (`domain.md` §3.8).
    #[must_use]
    pub fn time_progress(self) -> Ratio {
        Ratio::new(i64::from(self.month), 12)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let parse = || {
            let (year, month) = text.split_once('-')?;
            // Digits only: a number may also be written `+1`, a period may not.
            let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
            if year.len() != 4 || month.len() != 2 || !digits(year) || !digits(month) {
                return None;
            }
            Self::new(year.parse().ok()?, month.parse().ok()?)
        };
        parse().ok_or_else(|| NotAPeriod(text.to_owned()))
    }
}
