//! How often a series meets, and where one of its meetings stands.

use gangmu_calendar::{Calendar, CalendarError};
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
        /// It will not be held (已取消).
        Cancelled = "cancelled",
    }
}

/// The next meeting of a series (下次会议).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextMeeting {
    /// The day the rhythm names, worked or not: the rhythm goes on from here.
    pub step: Date,
    /// The day it meets: the step, or the first working day after it.
    pub on: Date,
    /// How many days of meeting have gone by since the series was last asked.
    pub missed: u32,
}

impl Rhythm {
    /// Returns the meeting of a series that stands at `step` which comes first from `day` on.
    ///
    /// # Errors
    /// When the calendar does not know the year.
    pub fn next(
        self,
        mut step: Date,
        day: Date,
        calendar: &Calendar,
    ) -> Result<NextMeeting, CalendarError> {
        let mut missed = 0;
        let mut on = calendar.working_day_from(step)?;
        while on < day {
            step = self.after(step);
            let then = calendar.working_day_from(step)?;
            // A daily series has one meeting for all the days of a weekend.
            missed += u32::from(then > on);
            on = then;
        }
        Ok(NextMeeting { step, on, missed })
    }

    /// The day after `step` that the rhythm names.
    fn after(self, step: Date) -> Date {
        let next = match self {
            Self::Daily => step.tomorrow(),
            Self::Weekly => step.checked_add(7.days()),
            Self::TenDay => match step.day() {
                1..=10 => step.with().day(11).build(),
                11..=20 => step.with().day(21).build(),
                _ => step.last_of_month().tomorrow(),
            },
            Self::Monthly => step.checked_add(1.month()),
            Self::Quarterly => step.checked_add(3.months()),
        };
        next.unwrap_or(Date::MAX)
    }
}
