//! Where the time of a decided matter went: on the clock, before it, in a special procedure, with
//! the applicant.
//!
//! What a reader would get wrong: everything is working days, also where the law counts calendar
//! days, so that matters can be compared; and the parts add up to the whole. The clock part is what
//! the clock itself counted (`gangmu_calendar::clock`), never a second rule.

use gangmu_calendar::clock::{Act, Budget, Clock, Event, Ledger, SpecialProcedure, State};
use gangmu_calendar::{Calendar, CalendarError};
use jiff::civil::Date;

use super::course::{Course, Setup};

/// How the working days from receipt to decision were spent, the last round only (办理用时).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// From the day it came in to the day it was decided.
    pub total: u32,
    /// Counted against the limits, at the office that decides.
    pub clock: u32,
    /// In offices' hands but not counted: looked at, sent up, on the way.
    pub waiting: u32,
    /// In special procedures, whose time is not counted.
    pub suspended: u32,
    /// With the applicant: mending papers, bringing those that were promised.
    pub applicant: u32,
}

impl Setup<'_> {
    /// Says how the time of a decided matter was spent; none while it is not decided, and where
    /// nothing came in before the decision.
    ///
    /// # Errors
    /// When the calendar does not know one of the years.
    pub fn spent(
        &self,
        course: &Course,
        calendar: &Calendar,
    ) -> Result<Option<Spent>, CalendarError> {
        let first = course.ledgers.iter().flatten().map(|event| event.on).min();
        let (Some(outcome), Some(came)) = (&course.outcome, first) else {
            return Ok(None);
        };
        let decided = outcome.on;
        let leg = course.leg();
        let events = course.ledgers.get(leg).map_or(&[][..], |one| one);
        let total = days(calendar, came, decided)?;
        let (clock, uncounted) = self.counted(leg, course, calendar, decided)?;
        let deferred = deferred(events, calendar, decided)?.min(uncounted);
        let mut correcting = 0;
        for ledger in &course.ledgers {
            correcting += corrections(ledger, calendar, decided)?;
        }
        let suspended = uncounted - deferred;
        let applicant = correcting + deferred;
        Ok(Some(Spent {
            total,
            clock,
            waiting: total.saturating_sub(clock + suspended + applicant),
            suspended,
            applicant,
        }))
    }

    /// Working days the clock of the deciding office counted until the decision, and those since
    /// its start that it did not.
    fn counted(
        &self,
        leg: usize,
        course: &Course,
        calendar: &Calendar,
        decided: Date,
    ) -> Result<(u32, u32), CalendarError> {
        let mut terms = self.terms(leg, course);
        // A limit of any length makes the clock count, also for a matter without one.
        terms.statutory = Some(Budget::working(0));
        let events = course.ledgers.get(leg).map_or(&[][..], |one| one);
        let ledger = Ledger::replay(events.iter().cloned()).unwrap_or_default();
        let reading = ledger.read(Clock::Statutory, &terms, calendar, decided)?;
        let Some(reading) = reading else {
            return Ok((0, 0));
        };
        let Some(start) = reading.started_on else {
            return Ok((0, 0));
        };
        let end = match reading.state {
            State::Ended { on } => on,
            _ => decided,
        };
        let span = days(calendar, start, end)?;
        Ok((reading.elapsed, span.saturating_sub(reading.elapsed)))
    }
}

/// Working days after a day, through another.
fn days(calendar: &Calendar, after: Date, through: Date) -> Result<u32, CalendarError> {
    if through <= after {
        return Ok(0);
    }
    // Half-open spans count the first day and not the last; these count the last.
    let next = |day: Date| day.tomorrow().unwrap_or(day);
    Ok(calendar
        .working_days_between(next(after), next(through))?
        .0)
}

/// Working days the applicant mended papers at one office.
fn corrections(
    events: &[Event],
    calendar: &Calendar,
    decided: Date,
) -> Result<u32, CalendarError> {
    between(events, calendar, decided, |act| {
        matches!(act, Act::CorrectionAsked).then_some(Act::Corrected)
    })
}

/// Working days papers that were promised were waited for.
fn deferred(events: &[Event], calendar: &Calendar, decided: Date) -> Result<u32, CalendarError> {
    between(events, calendar, decided, |act| match act {
        Act::Suspended {
            procedure: SpecialProcedure::DeferredDocuments,
            ..
        } => Some(Act::Resumed),
        _ => None,
    })
}

/// Working days from each act that opens something to the act that ends it, or to the decision.
fn between(
    events: &[Event],
    calendar: &Calendar,
    decided: Date,
    ends_with: impl Fn(&Act) -> Option<Act>,
) -> Result<u32, CalendarError> {
    let mut sum = 0;
    for (at, event) in events.iter().enumerate() {
        let Some(last) = ends_with(&event.act) else {
            continue;
        };
        let end = events[at..].iter().find(|one| one.act == last);
        sum += days(calendar, event.on, end.map_or(decided, |one| one.on))?;
    }
    Ok(sum)
}
