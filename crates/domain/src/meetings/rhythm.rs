//! How often a series meets, and where one of its meetings stands.

use gangmu_calendar::{Calendar, CalendarError, WorkingDays};
use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::words::words;

words! {
    /// How often a series meets (调度频次).
    Rhythm {
        /// Every working day (日调度).
        Daily = "daily",
        /// Every week (周调度).
        Weekly = "weekly",
        /// On the 1st, 11th and 21st (旬调度).
        TenDay = "ten_day",
        /// Every month (月调度).
        Monthly = "monthly",
        /// Every three months (季调度).
        Quarterly = "quarterly",
    }
}

words! {
    /// Where a meeting stands (会议状态).
    MeetingState {
        /// Its agenda is there; it has not been held (已筹备).
        Prepared = "prepared",
        /// It was held; its minutes stand (已召开).
        Held = "held",
    }
}

impl Rhythm {
    /// Returns the day of the meeting after one on `day`: a working day, moved on where it is none.
    ///
    /// # Errors
    /// When the calendar does not know the year.
    pub fn next(self, day: Date, calendar: &Calendar) -> Result<Date, CalendarError> {
        let plain = match self {
            Self::Daily => day.tomorrow(),
            Self::Weekly => day.checked_add(7.days()),
            Self::TenDay => match day.day() {
                1..=10 => day.with().day(11).build(),
                11..=20 => day.with().day(21).build(),
                _ => day.last_of_month().tomorrow(),
            },
            Self::Monthly => day.checked_add(1.month()),
            Self::Quarterly => day.checked_add(3.months()),
        };
        let eve = plain.unwrap_or(day).yesterday().unwrap_or(day);
        calendar.add_working_days(eve, WorkingDays(1))
    }
}
