//! Counts the days of one clock and finds the day its budget runs out.
//!
//! What a reader would get wrong: only the overlap of a pause with counted days
//! is subtracted; a pause over a weekend takes nothing from a clock of working
//! days. Every interval here is open at its start and closed at its end.

use jiff::civil::Date;

use super::Budget;
use crate::calendar::{Calendar, CalendarError};
use crate::units::WorkingDays;

/// The days after `start`, without those of the pauses.
pub(super) struct Span<'a> {
    pub calendar: &'a Calendar,
    pub budget: Budget,
    pub start: Date,
    /// In order and apart from each other.
    pub pauses: Vec<Pause>,
}

/// The days d with `after < d <= through` do not count.
pub(super) struct Pause {
    pub after: Date,
    /// An error when the pause ends, by its bound, beyond the known years.
    pub through: Result<Date, CalendarError>,
}

impl Span<'_> {
    pub fn elapsed(&self, through: Date) -> Result<u32, CalendarError> {
        let mut days = self.count(self.start, through)?;
        for pause in &self.pauses {
            let end = match pause.through {
                Ok(end) => end.min(through),
                Err(_) => through,
            };
            let paused = self.count(pause.after.max(self.start), end)?;
            days = days.saturating_sub(paused);
        }
        Ok(days)
    }

    /// The last day on which the act is in time, if nothing more is recorded.
    pub fn due_on(&self) -> Result<Date, CalendarError> {
        let mut left = self.budget.days();
        if left == 0 {
            return self.calendar.working_day_from(self.start);
        }
        let mut from = self.start;
        for pause in &self.pauses {
            let run = self.count(from, pause.after)?;
            if left <= run {
                break;
            }
            left -= run;
            from = from.max(pause.through.clone()?);
        }
        self.advance(from, left)
    }

    fn count(&self, after: Date, through: Date) -> Result<u32, CalendarError> {
        count(self.calendar, self.budget, after, through)
    }

    fn advance(&self, after: Date, days: u32) -> Result<Date, CalendarError> {
        let date = end_of(self.calendar, self.budget, after, days)?;
        match self.budget {
            Budget::Working(_) => Ok(date),
            Budget::Calendar(_) => self.calendar.working_day_from(date),
        }
    }
}

/// The last day of a bound that began on `after`, not moved off a day off.
pub(super) fn bound_end(
    calendar: &Calendar,
    bound: Budget,
    after: Date,
) -> Result<Date, CalendarError> {
    end_of(calendar, bound, after, bound.days())
}

fn count(
    calendar: &Calendar,
    unit: Budget,
    after: Date,
    through: Date,
) -> Result<u32, CalendarError> {
    if through <= after {
        return Ok(0);
    }
    calendar.day(after)?;
    let end = calendar.day(through)?.date;
    let (Ok(from), Ok(to)) = (after.tomorrow(), end.tomorrow()) else {
        return Ok(0);
    };
    match unit {
        Budget::Working(_) => Ok(calendar.working_days_between(from, to)?.0),
        Budget::Calendar(_) => {
            let days = to.duration_since(from).as_hours() / 24;
            Ok(u32::try_from(days).unwrap_or(u32::MAX))
        }
    }
}

fn end_of(
    calendar: &Calendar,
    unit: Budget,
    after: Date,
    days: u32,
) -> Result<Date, CalendarError> {
    match unit {
        Budget::Working(_) => calendar.add_working_days(after, WorkingDays(days)),
        Budget::Calendar(_) => {
            let length = jiff::SignedDuration::from_hours(24 * i64::from(days));
            let date = after.checked_add(length).unwrap_or(Date::MAX);
            Ok(calendar.day(date)?.date)
        }
    }
}
