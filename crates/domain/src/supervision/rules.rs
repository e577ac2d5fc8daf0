//! When rounds are due, what is far enough, and who hears when nothing comes.

use std::collections::BTreeMap;

use gangmu_calendar::{Calendar, CalendarError};
use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::Period;
use crate::organisation::Role;
use crate::plans::Content;
use crate::words::words;

words! {
    /// How often an office reports (报送频次).
    Rhythm {
        /// Every month (月报).
        Monthly = "monthly",
        /// In the last month of every quarter (季报).
        Quarterly = "quarterly",
    }
}

words! {
    /// Where a day goes that nobody works on (遇非工作日).
    Moved {
        /// To the working day before (提前).
        Before = "before",
        /// To the working day after (顺延).
        After = "after",
    }
}

words! {
    /// What a rung counts its days from (督办阶梯).
    Ladder {
        /// The day a report is due.
        Report = "report",
        /// The day a letter is to be answered by.
        Letter = "letter",
    }
}

words! {
    /// Whose people a rung tells.
    Place {
        /// The office that answers for the item.
        Lead = "lead",
        /// The unit whose plan it is.
        Plan = "plan",
    }
}

/// A step of the ladder (督办层级).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// Its code.
    pub code: String,
    /// What its days are counted from.
    pub of: Ladder,
    /// So many working days after the due day; negative before it.
    pub after: i32,
    /// Who is told: everybody of the office, or this role.
    pub who: Option<Role>,
    /// Whose people.
    pub at: Place,
    /// What people read.
    pub text: String,
    /// The same in English.
    pub text_en: String,
}

/// How supervision works (督查规则).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The day of the month a report is due, 1–28.
    pub day: i8,
    /// Where it goes when nobody works then.
    pub moved: Moved,
    /// A round takes reports from so many days before it is due.
    pub opens: u32,
    /// From so many percent of what should be reached an item is ahead.
    pub ahead_above: i64,
    /// Below so many percent of what should be reached an item is behind.
    pub behind_below: i64,
    /// A letter usually asks for an answer within so many working days.
    pub reply_within: u32,
    /// Who hears when.
    pub rungs: Vec<Rung>,
}

/// A time in which offices report (督查周期).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    /// Its month; of a quarter the last one.
    pub period: Period,
    /// The first day reports are taken.
    pub opens_on: Date,
    /// The day they are due.
    pub due_on: Date,
}

impl Rhythm {
    /// Says whether a round belongs to a month.
    #[must_use]
    pub fn has(self, period: Period) -> bool {
        match self {
            Self::Monthly => true,
            Self::Quarterly => period.month() % 3 == 0,
        }
    }
}

/// How often the tasks of a plan are reported on (各任务报送频次).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rhythms {
    /// Of all tasks that have none of their own.
    pub usual: Rhythm,
    /// Of single tasks, by their keys: from which month which, oldest first; none for as often as
    /// the others. What was asked for before a change stays asked for.
    pub own: BTreeMap<u32, Vec<(Period, Option<Rhythm>)>>,
}

impl Rhythms {
    /// All tasks report alike.
    #[must_use]
    pub const fn all(usual: Rhythm) -> Self {
        Self {
            usual,
            own: BTreeMap::new(),
        }
    }

    /// Returns the rhythm a task has of its own in a month.
    #[must_use]
    pub fn own_of(&self, task: u32, period: Period) -> Option<Rhythm> {
        let changes = self.own.get(&task)?;
        changes.iter().rfind(|(from, _)| *from <= period)?.1
    }

    /// Returns the rhythm of a task in a month.
    #[must_use]
    pub fn of(&self, task: u32, period: Period) -> Rhythm {
        self.own_of(task, period).unwrap_or(self.usual)
    }

    /// Sets the rhythm of a task from a month on.
    pub fn set(&mut self, task: u32, from: Period, rhythm: Option<Rhythm>) {
        let changes = self.own.entry(task).or_default();
        changes.retain(|(other, _)| *other < from);
        changes.push((from, rhythm));
    }

    /// Says whether any task is reported on in a month.
    #[must_use]
    pub fn has(&self, content: &Content, period: Period) -> bool {
        let mut tasks = content.tasks.iter();
        tasks.any(|task| self.of(task.key, period).has(period))
    }
}

impl Rules {
    /// Returns the round of a month.
    ///
    /// # Errors
    /// When the calendar does not know the month.
    pub fn round(&self, calendar: &Calendar, period: Period) -> Result<Round, CalendarError> {
        let first = period.first_day();
        let wanted = first
            .checked_add(i32::from(self.day - 1).days())
            .unwrap_or(first);
        let due_on = match self.moved {
            Moved::After => calendar.working_day_from(wanted)?,
            Moved::Before => {
                let mut day = wanted;
                while !calendar.is_working_day(day)? {
                    day = day.yesterday().unwrap_or(day);
                }
                day
            }
        };
        let opens_on = due_on.checked_sub(i64::from(self.opens).days());
        Ok(Round {
            period,
            opens_on: opens_on.unwrap_or(due_on),
            due_on,
        })
    }

    /// Lists the rounds that take reports or took them by a day, oldest first; `has` says which
    /// months have one.
    ///
    /// # Errors
    /// When the calendar does not know a month.
    pub fn rounds(
        &self,
        calendar: &Calendar,
        has: impl Fn(Period) -> bool,
        (since, until): (Period, Period),
        today: Date,
    ) -> Result<Vec<Round>, CalendarError> {
        let mut rounds = Vec::new();
        let mut period = since;
        while period <= until {
            if has(period) {
                // A month that begins later than a round can open is not asked of the calendar.
                if period
                    .first_day()
                    .checked_sub(31.days())
                    .is_ok_and(|day| day > today)
                {
                    break;
                }
                let round = self.round(calendar, period)?;
                if round.opens_on > today {
                    break;
                }
                rounds.push(round);
            }
            period = period.next();
        }
        Ok(rounds)
    }
}
