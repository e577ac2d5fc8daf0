//! A clock read the slow way, one day at a time.
//!
//! It knows nothing of prefix sums, spans or pauses as intervals: of each single
//! day it asks whether it counts. Of the kernel it uses only what a single day
//! is (`Calendar::day`) and the events themselves.

use gangmu_calendar::Calendar;
use gangmu_calendar::clock::{Act, Budget, Clock, Event, Ledger, Starts, Terms};
use jiff::civil::Date;

/// The reference. Every question is answered for one day at a time.
pub struct Naive<'a> {
    events: Vec<&'a Event>,
    terms: &'a Terms,
    calendar: &'a Calendar,
}

impl<'a> Naive<'a> {
    pub fn new(ledger: &'a Ledger, terms: &'a Terms, calendar: &'a Calendar, as_of: Date) -> Self {
        let events = ledger.events().iter().filter(|event| event.on <= as_of);
        Self {
            events: events.collect(),
            terms,
            calendar,
        }
    }

    fn first(&self, wanted: impl Fn(&Act) -> bool) -> Option<Date> {
        let mut found = self.events.iter().filter(|event| wanted(&event.act));
        found.next().map(|event| event.on)
    }

    /// None past the last day of the calendar.
    fn works(&self, date: Date) -> Option<bool> {
        self.calendar
            .day(date)
            .ok()
            .map(|day| day.kind.is_working())
    }

    fn is_unit(&self, unit: Budget, date: Date) -> Option<bool> {
        let works = self.works(date)?;
        Some(works || matches!(unit, Budget::Calendar(_)))
    }

    fn walk(&self, unit: Budget, from: Date, mut days: u32) -> Option<Date> {
        let mut date = from;
        while days > 0 {
            date = date.tomorrow().unwrap();
            days -= u32::from(self.is_unit(unit, date)?);
        }
        Some(date)
    }

    pub fn start(&self, clock: Clock, as_of: Date) -> Option<Date> {
        let received = self.first(|act| *act == Act::Received)?;
        let asked = self.first(|act| *act == Act::CorrectionAsked);
        let corrected = self.first(|act| *act == Act::Corrected);
        let complete = if asked.is_some() {
            corrected
        } else {
            Some(received)
        };
        if clock == Clock::Delivery {
            return self.first(|act| *act == Act::Decided);
        }
        if clock == Clock::Forwarding || self.terms.starts == Starts::OnReceipt {
            return complete;
        }
        if asked.is_some() {
            return corrected;
        }
        if let Some(accepted) = self.first(|act| *act == Act::Accepted) {
            return Some(accepted);
        }
        let rest = |act: &Act| *act != Act::Received;
        match self.events.iter().find(|event| rest(&event.act)) {
            Some(event) if event.act == Act::Forwarded => None,
            Some(_) => Some(received),
            None => {
                let limit = Budget::Working(self.terms.silence);
                let silence_ends = self.walk(limit, received, limit.days())?;
                (as_of > silence_ends).then_some(received)
            }
        }
    }

    pub fn end(&self, clock: Clock) -> Option<Date> {
        match clock {
            Clock::Delivery => self.first(|act| *act == Act::Delivered),
            _ => self.first(|act| matches!(act, Act::Forwarded | Act::Decided)),
        }
    }

    pub fn is_paused(&self, date: Date) -> bool {
        self.events.iter().enumerate().any(|(n, event)| {
            let Act::Suspended { bound, .. } = event.act else {
                return false;
            };
            let resumed = self.events[n..]
                .iter()
                .find(|event| event.act == Act::Resumed);
            let bounded = self.walk(bound, event.on, bound.days());
            event.on < date
                && resumed.is_none_or(|resumed| date <= resumed.on)
                && bounded.is_none_or(|bounded| date <= bounded)
        })
    }

    pub fn budget(&self, clock: Clock) -> Option<Budget> {
        let budget = match clock {
            Clock::Statutory => self.terms.statutory?,
            Clock::Promised => self.terms.promised?,
            Clock::Forwarding => Budget::Working(self.terms.forwarding?),
            Clock::Delivery => Budget::Working(self.terms.delivery?),
        };
        let more: u32 = self.events.iter().fold(0, |sum, event| match event.act {
            Act::Extended { limit, days, .. } if limit == clock => sum + days,
            _ => sum,
        });
        Some(match budget {
            Budget::Working(days) => Budget::working(days.0 + more),
            Budget::Calendar(days) => Budget::calendar(days.0 + more),
        })
    }

    fn counts(&self, clock: Clock, unit: Budget, date: Date) -> Option<bool> {
        let pausable = matches!(clock, Clock::Statutory | Clock::Promised);
        Some(self.is_unit(unit, date)? && !(pausable && self.is_paused(date)))
    }

    /// Days used by the end of `through`, and the due date if the calendar reaches it.
    pub fn read(&self, clock: Clock, start: Date, through: Date) -> (u32, Option<Date>) {
        let budget = self.budget(clock).unwrap();
        let (mut used, mut at_through) = (0, 0);
        let mut due = (budget.days() == 0).then_some(start);
        let mut date = start;
        let (_, last) = self.calendar.span();
        while date < last {
            date = date.tomorrow().unwrap();
            used += u32::from(self.counts(clock, budget, date) == Some(true));
            if date <= through {
                at_through = used;
            }
            if used == budget.days() && due.is_none() {
                due = Some(date);
            }
            if due.is_some() && date >= through {
                break;
            }
        }
        let moves = budget.days() == 0 || matches!(budget, Budget::Calendar(_));
        while moves && due.is_some_and(|due| self.works(due) == Some(false)) {
            due = due.and_then(|due| due.tomorrow().ok());
        }
        (at_through, due.filter(|due| self.works(*due).is_some()))
    }
}
