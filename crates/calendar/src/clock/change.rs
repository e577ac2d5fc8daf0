//! What a changed calendar does to a clock that is running.
//!
//! What a reader would get wrong: nothing has to be "updated". Readings follow
//! the new calendar by themselves; this only finds out which due dates moved,
//! so that the move and its reason can be put on record and told to people.

use jiff::civil::Date;

use super::Terms;
use super::ledger::Ledger;
use super::reading::{Clock, State};
use crate::calendar::{Calendar, CalendarError, DayChange};

/// Two calendars and the days they treat differently, compared once for many clocks.
pub struct CalendarChange<'a> {
    was: &'a Calendar,
    is: &'a Calendar,
    days: Vec<DayChange>,
}

/// A due date that moved, and the days that moved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub clock: Clock,
    pub from: Date,
    pub to: Date,
    /// The changed days between the start of the clock and the later due date.
    pub because: Vec<DayChange>,
}

impl<'a> CalendarChange<'a> {
    pub fn between(was: &'a Calendar, is: &'a Calendar) -> Self {
        let days = was.changes_to(is);
        Self { was, is, days }
    }

    /// Returns how `clock` moves; none when it has ended, has no due date or stays.
    ///
    /// A due date that only the new calendar can tell is no move: it was never told.
    pub fn moved(
        &self,
        ledger: &Ledger,
        clock: Clock,
        terms: &Terms,
        as_of: Date,
    ) -> Result<Option<Moved>, CalendarError> {
        let Some(is) = ledger.read(clock, terms, self.is, as_of)? else {
            return Ok(None);
        };
        let Ok(Some(was)) = ledger.read(clock, terms, self.was, as_of) else {
            return Ok(None);
        };
        let (Some(from), Some(to)) = (was.due_on(), is.due_on()) else {
            return Ok(None);
        };
        if from == to || matches!(is.state, State::Ended { .. }) {
            return Ok(None);
        }
        let between =
            |day: &&DayChange| Some(day.date) >= is.started_on && day.date <= from.max(to);
        Ok(Some(Moved {
            clock,
            from,
            to,
            because: self.days.iter().filter(between).copied().collect(),
        }))
    }
}
