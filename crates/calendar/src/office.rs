//! Office hours, for limits shorter than a day and for the hour of receipt.
//!
//! What a reader would get wrong: a hold takes from the time used only what of
//! it lies inside office hours, so a hold from closing to opening takes nothing,
//! and a case that arrives at night has used nothing until the doors open.

use jiff::civil::{Date, DateTime, Time};

use crate::calendar::{Calendar, CalendarError};
use crate::units::{WorkingDays, WorkingHours};

/// When the doors are open on a working day (办公时间).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeHours {
    /// Minutes of the day, in order, apart from each other, none empty.
    spans: Vec<(u32, u32)>,
    per_day: u32,
}

/// Why a list of times is no office day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfficeHoursError {
    #[error("office hours need at least one span")]
    Empty,
    #[error("office hours from {from} to {to} are empty or begin before the span above ends")]
    OutOfOrder { from: Time, to: Time },
}

impl OfficeHours {
    /// Takes spans such as 08:30 to 12:00 and 14:30 to 17:30, in order.
    pub fn new(spans: &[(Time, Time)]) -> Result<Self, OfficeHoursError> {
        let mut checked: Vec<(u32, u32)> = Vec::new();
        for (from, to) in spans.iter().copied() {
            let (opens, closes) = (minute_of(from), minute_of(to));
            let after = checked.last().map_or(0, |(_, closes)| *closes);
            if opens >= closes || opens < after {
                return Err(OfficeHoursError::OutOfOrder { from, to });
            }
            checked.push((opens, closes));
        }
        let per_day = checked.iter().map(|(opens, closes)| closes - opens).sum();
        if checked.is_empty() {
            return Err(OfficeHoursError::Empty);
        }
        Ok(Self {
            spans: checked,
            per_day,
        })
    }

    /// Returns the office time between two instants, less what holds overlap of it.
    ///
    /// Holds may come in any order and overlap; none is subtracted twice.
    pub fn elapsed(
        &self,
        from: DateTime,
        to: DateTime,
        holds: &[(DateTime, DateTime)],
        calendar: &Calendar,
    ) -> Result<WorkingHours, CalendarError> {
        let mut holds = holds.to_vec();
        holds.sort_unstable();
        let mut minutes = self.between(from, to, calendar)?;
        let mut counted_to = from;
        for (begin, end) in holds {
            let (begin, end) = (begin.max(counted_to), end.min(to));
            if begin < end {
                minutes = minutes.saturating_sub(self.between(begin, end, calendar)?);
                counted_to = end;
            }
        }
        Ok(WorkingHours::from_minutes(minutes))
    }

    /// Returns the instant at which `budget` of office time after `from` is used up.
    pub fn due(
        &self,
        from: DateTime,
        budget: WorkingHours,
        calendar: &Calendar,
    ) -> Result<DateTime, CalendarError> {
        let first = calendar.working_day_from(from.date())?;
        let used = match first == from.date() {
            true => self.open_before(minute_of(from.time())),
            false => 0,
        };
        let minutes = u64::from(used) + u64::from(budget.minutes());
        // The end of a day, not the start of the next one.
        let days = minutes.saturating_sub(1) / u64::from(self.per_day);
        let rest = minutes - days * u64::from(self.per_day);
        let days = WorkingDays(u32::try_from(days).unwrap_or(u32::MAX));
        let date = calendar.add_working_days(first, days)?;
        Ok(date.to_datetime(self.time_at(u32::try_from(rest).unwrap_or(self.per_day))))
    }

    fn between(
        &self,
        from: DateTime,
        to: DateTime,
        calendar: &Calendar,
    ) -> Result<u32, CalendarError> {
        let on = |at: DateTime| match calendar.is_working_day(at.date()) {
            Ok(true) => Ok(self.open_before(minute_of(at.time()))),
            Ok(false) => Ok(0),
            Err(error) => Err(error),
        };
        let (before, after) = (on(from)?, on(to)?);
        if to <= from {
            return Ok(0);
        }
        let days = calendar.working_days_between(from.date(), to.date())?.0;
        let minutes = days.saturating_mul(self.per_day).saturating_add(after);
        Ok(minutes.saturating_sub(before))
    }

    /// Open minutes of a day before the given minute.
    fn open_before(&self, minute: u32) -> u32 {
        let parts = self.spans.iter();
        parts
            .map(|(opens, closes)| minute.clamp(*opens, *closes) - opens)
            .sum()
    }

    /// The first time of day before which `open` minutes lie.
    fn time_at(&self, open: u32) -> Time {
        let mut left = open;
        let mut minute = 0;
        for (opens, closes) in &self.spans {
            minute = opens + left.min(closes - opens);
            if left <= closes - opens {
                break;
            }
            left -= closes - opens;
        }
        time_of(minute)
    }
}

/// Returns the day on which what arrived at `at` counts as received.
///
/// A day off counts as the next working day, and so does an arrival at or after
/// `cut_off` (当日17:00后收件算次日). Both are local policy, hence parameters of
/// the caller, who may pass no cut-off.
pub fn day_of_receipt(
    at: DateTime,
    cut_off: Option<Time>,
    calendar: &Calendar,
) -> Result<Date, CalendarError> {
    let day = calendar.working_day_from(at.date())?;
    match cut_off {
        Some(cut_off) if day == at.date() && at.time() >= cut_off => {
            calendar.add_working_days(day, WorkingDays(1))
        }
        _ => Ok(day),
    }
}

fn minute_of(time: Time) -> u32 {
    u32::from(time.hour().unsigned_abs()) * 60 + u32::from(time.minute().unsigned_abs())
}

fn time_of(minute: u32) -> Time {
    let part = |value: u32| i8::try_from(value).unwrap_or(0);
    Time::new(part(minute / 60), part(minute % 60), 0, 0).unwrap_or(Time::MAX)
}
