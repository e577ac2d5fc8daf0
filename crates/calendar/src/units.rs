//! Lengths of time, one type per unit.
//!
//! What a reader would get wrong: "one day" is three different lengths. A
//! working day is not eight working hours and not twenty-four hours of the
//! clock, so there is no conversion between these types on purpose.

use std::fmt;

/// A number of working days (工作日).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkingDays(pub u32);

/// A number of days of the calendar, holidays included (自然日).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarDays(pub u32);

/// A length of office time, kept in minutes (工作小时).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkingHours {
    minutes: u32,
}

impl WorkingHours {
    pub const fn from_hours(hours: u16) -> Self {
        Self {
            minutes: hours as u32 * 60,
        }
    }

    pub const fn from_minutes(minutes: u32) -> Self {
        Self { minutes }
    }

    pub const fn minutes(self) -> u32 {
        self.minutes
    }
}

impl fmt::Display for WorkingDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} working days", self.0)
    }
}

impl fmt::Display for CalendarDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} calendar days", self.0)
    }
}

impl fmt::Display for WorkingHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} h {:02} min of office time",
            self.minutes / 60,
            self.minutes % 60
        )
    }
}
