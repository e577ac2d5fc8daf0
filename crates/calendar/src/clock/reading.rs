//! Reads a clock: elapsed, remaining, due date and light as of one day.
//!
//! What a reader would get wrong: the due date is the day the budget runs out
//! *if nothing more is recorded*, so while a special procedure is going on it
//! supposes that the procedure uses its whole bound.

use std::fmt;

use jiff::civil::Date;

use super::facts::{Facts, Suspension};
use super::ledger::{Ledger, Phase, SpecialProcedure};
use super::span::{Pause, Span, bound_end};
use super::{Budget, Terms};
use crate::calendar::{Calendar, CalendarError};

/// The clocks that run over one ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Clock {
    /// 法定时限.
    Statutory,
    /// 承诺时限.
    Promised,
    /// From receipt until the matter is sent up (即来即转).
    Forwarding,
    /// From the decision until the applicant has it (送达).
    Delivery,
}

impl Clock {
    pub const ALL: [Self; 4] = [
        Self::Statutory,
        Self::Promised,
        Self::Forwarding,
        Self::Delivery,
    ];
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Statutory => "statutory",
            Self::Promised => "promised",
            Self::Forwarding => "forwarding",
            Self::Delivery => "delivery",
        })
    }
}

/// What a clock shows at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The budget with its extensions.
    pub budget: Budget,
    /// The day after which days count.
    pub started_on: Option<Date>,
    pub state: State,
    /// Counted days, in the unit of the budget.
    pub elapsed: u32,
    /// Days left; negative when more were used than given.
    pub remaining: i64,
    pub due: Due,
    pub light: Light,
}

impl Reading {
    /// Returns the due date, when the clock runs and the calendar reaches it.
    pub const fn due_on(&self) -> Option<Date> {
        match self.due {
            Due::On(date) => Some(date),
            Due::NotYet | Due::BeyondCalendar(_) => None,
        }
    }
}

/// The last day on which the act is in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// The clock has not started.
    NotYet,
    On(Date),
    /// It lies in a year that is not loaded; the error names the file.
    BeyondCalendar(CalendarError),
}

/// What a clock is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    NotStarted(Waiting),
    Running {
        /// A special procedure is still open past its bound, which ended on
        /// this day; time counts again since.
        overran: Option<Date>,
    },
    Suspended {
        since: Date,
        procedure: SpecialProcedure,
        /// The last day that is not counted; none when beyond the known years.
        until: Option<Date>,
    },
    Ended {
        on: Date,
    },
}

/// What a clock that has not started waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    Receipt,
    /// Unless a word is said by this day, the application counts as accepted
    /// when it was received; none when the day lies beyond the known years.
    Acceptance {
        silence_ends: Option<Date>,
    },
    Correction {
        since: Date,
    },
    Decision,
}

/// The signal of a clock, computed, never stored (亮灯).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Light {
    /// Not started.
    Off,
    Green,
    Yellow,
    Red,
    /// Time is not counted at the moment, and the limit has not been missed.
    Paused,
}

impl Ledger {
    /// Reads `clock` as it stood at the end of `as_of`; none when the terms have no such limit.
    pub fn read(
        &self,
        clock: Clock,
        terms: &Terms,
        calendar: &Calendar,
        as_of: Date,
    ) -> Result<Option<Reading>, CalendarError> {
        let facts = Facts::of(self.events(), as_of);
        let Some(budget) = budget_of(clock, terms) else {
            return Ok(None);
        };
        let budget = budget.extended_by(facts.extension_of(clock));
        let Some((start, end)) = run_of(clock, &facts, terms, calendar, as_of)? else {
            let state = match facts.forwarded {
                // Sent up from the counter: the limit for deciding never ran here.
                Some(on) if clock != Clock::Delivery => State::Ended { on },
                _ => State::NotStarted(waiting(clock, &facts, terms, calendar)?),
            };
            return Ok(Some(Reading::idle(budget, state)));
        };
        let suspensions = match clock {
            Clock::Statutory | Clock::Promised => facts.suspensions.as_slice(),
            Clock::Forwarding | Clock::Delivery => &[],
        };
        let span = Span {
            calendar,
            budget,
            start,
            pauses: suspensions.iter().map(|s| s.pause(calendar)).collect(),
        };
        let open = suspensions.last().filter(|s| s.resumed.is_none());
        let state = state(end, open, span.pauses.last(), as_of);
        Reading::of(&span, state, end.unwrap_or(as_of), terms.warn_when_left).map(Some)
    }
}

impl Reading {
    fn idle(budget: Budget, state: State) -> Self {
        Self {
            budget,
            started_on: None,
            state,
            elapsed: 0,
            remaining: budget.days().into(),
            due: Due::NotYet,
            light: Light::Off,
        }
    }

    fn of(
        span: &Span<'_>,
        state: State,
        through: Date,
        warn_when_left: u32,
    ) -> Result<Self, CalendarError> {
        let elapsed = span.elapsed(through)?;
        let remaining = i64::from(span.budget.days()) - i64::from(elapsed);
        let due = match span.due_on() {
            Ok(date) => Due::On(date),
            Err(error) => Due::BeyondCalendar(error),
        };
        let late = matches!(due, Due::On(date) if through > date);
        let light = match state {
            _ if late => Light::Red,
            State::NotStarted(_) => Light::Off,
            State::Suspended { .. } => Light::Paused,
            State::Running { .. } if remaining <= warn_when_left.into() => Light::Yellow,
            State::Running { .. } | State::Ended { .. } => Light::Green,
        };
        Ok(Self {
            budget: span.budget,
            started_on: Some(span.start),
            state,
            elapsed,
            remaining,
            due,
            light,
        })
    }
}

impl Suspension {
    /// The time beyond the bound counts again: "not counted" has its own limit.
    fn pause(&self, calendar: &Calendar) -> Pause {
        let bound = bound_end(calendar, self.bound, self.since);
        let through = match (bound, self.resumed) {
            (Ok(bound), Some(resumed)) => Ok(bound.min(resumed)),
            (Err(_), Some(resumed)) => Ok(resumed),
            (bound, None) => bound,
        };
        let after = self.since;
        Pause { after, through }
    }
}

fn budget_of(clock: Clock, terms: &Terms) -> Option<Budget> {
    match clock {
        Clock::Statutory => terms.statutory,
        Clock::Promised => terms.promised,
        Clock::Forwarding => terms.forwarding.map(Budget::Working),
        Clock::Delivery => terms.delivery.map(Budget::Working),
    }
}

/// The start of the clock and, when it has ended, its end.
fn run_of(
    clock: Clock,
    facts: &Facts,
    terms: &Terms,
    calendar: &Calendar,
    as_of: Date,
) -> Result<Option<(Date, Option<Date>)>, CalendarError> {
    let handled = facts.forwarded.or(facts.decided);
    let (start, end) = match clock {
        Clock::Delivery => (facts.decided, facts.delivered),
        Clock::Forwarding => (facts.complete(), handled),
        Clock::Statutory | Clock::Promised => {
            let start = match facts.start(terms.starts) {
                Some(start) => Some(start),
                None => accepted_by_silence(facts, terms, calendar, as_of)?,
            };
            (start, handled)
        }
    };
    Ok(start.map(|start| (start, end)))
}

/// 行政许可法 art. 32: who says nothing in time has accepted on the day of receipt.
fn accepted_by_silence(
    facts: &Facts,
    terms: &Terms,
    calendar: &Calendar,
    as_of: Date,
) -> Result<Option<Date>, CalendarError> {
    let (Phase::InReview, Some(received)) = (facts.phase(), facts.received) else {
        return Ok(None);
    };
    match calendar.add_working_days(received, terms.silence) {
        Ok(silence_ends) => Ok((as_of > silence_ends).then_some(received)),
        // The limit lies beyond the known years, and `as_of` is a day within them.
        Err(_) if calendar.day(as_of).is_ok() && calendar.day(received).is_ok() => Ok(None),
        Err(error) => Err(error),
    }
}

fn waiting(
    clock: Clock,
    facts: &Facts,
    terms: &Terms,
    calendar: &Calendar,
) -> Result<Waiting, CalendarError> {
    Ok(match (clock, facts.received, facts.asked) {
        (Clock::Delivery, _, _) => Waiting::Decision,
        (_, None, _) => Waiting::Receipt,
        (_, Some(_), Some(since)) => Waiting::Correction { since },
        (_, Some(received), None) => {
            calendar.day(received)?;
            let silence_ends = calendar.add_working_days(received, terms.silence).ok();
            Waiting::Acceptance { silence_ends }
        }
    })
}

fn state(end: Option<Date>, open: Option<&Suspension>, pause: Option<&Pause>, on: Date) -> State {
    if let Some(on) = end {
        return State::Ended { on };
    }
    let (Some(open), Some(pause)) = (open, pause) else {
        return State::Running { overran: None };
    };
    match pause.through {
        Ok(bound) if on > bound => State::Running {
            overran: Some(bound),
        },
        _ => State::Suspended {
            since: open.since,
            procedure: open.procedure,
            until: pause.through.as_ref().ok().copied(),
        },
    }
}
