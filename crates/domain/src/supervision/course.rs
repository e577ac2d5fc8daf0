//! What the acts on an item in a round come to.

use jiff::civil::Date;

use super::{Act, Event, State};
use crate::words::words;

words! {
    /// How it is known where an item stands (报送情况).
    Reporting {
        /// Its report is not due yet (未到期).
        Open = "open",
        /// Its report is due and did not come (未报).
        Missing = "missing",
        /// It was reported (已报).
        Reported = "reported",
        /// A supervisor looked (已核查).
        Verified = "verified",
        /// It was completed in an earlier round and needs no report any more (已完成结转).
        Carried = "carried",
    }
}

/// The acts on an item in a round, oldest first (督查过程).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// The acts.
    pub events: Vec<Event>,
}

impl Course {
    /// Takes acts over, oldest first.
    #[must_use]
    pub fn of(events: Vec<Event>) -> Self {
        Self { events }
    }

    /// Counts the acts; an act names the version it was decided on.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.events.last().map_or(0, |event| event.seq)
    }

    /// Returns the last report with what it says.
    #[must_use]
    pub fn report(&self) -> Option<(&Event, State)> {
        self.last(|act| matches!(act, Act::Report { .. }))
    }

    /// Returns the last verification with what it says.
    #[must_use]
    pub fn verdict(&self) -> Option<(&Event, State)> {
        self.last(|act| matches!(act, Act::Verify { .. }))
    }

    fn last(&self, wanted: impl Fn(&Act) -> bool) -> Option<(&Event, State)> {
        let found = self.events.iter().rev().find(|event| wanted(&event.act))?;
        Some((found, found.act.state()?))
    }

    /// Returns where the item stands: as verified, else as reported; `None` when nobody reported.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        let said = self.verdict().or_else(|| self.report());
        said.map(|(_, state)| state)
    }

    /// Returns the day it was first reported on.
    #[must_use]
    pub fn reported_on(&self) -> Option<Date> {
        let mut reports = self.events.iter();
        let first = reports.find(|event| matches!(event.act, Act::Report { .. }));
        first.map(|event| event.on)
    }

    /// Says whether a supervisor found something else than what was reported.
    #[must_use]
    pub fn overruled(&self) -> bool {
        let said = self.report().map(|(_, state)| state);
        let found = self.verdict().map(|(_, state)| state);
        found.is_some() && found != said
    }

    /// Says whether the last check on the spot found that not all was as reported (抽查不实).
    #[must_use]
    pub fn unsound(&self) -> bool {
        let mut checks = self.events.iter().rev().map(|event| &event.act);
        let last = checks.find_map(|act| match act {
            Act::SpotCheck { sound, .. } => Some(*sound),
            _ => None,
        });
        last == Some(false)
    }

    /// Returns where the item stands and how that is known.
    ///
    /// `before` is what the last round said that said anything; `due_passed` whether a report that
    /// is not there is missing. What nobody reported is other.
    #[must_use]
    pub fn standing(&self, before: Option<State>, due_passed: bool) -> (State, Reporting) {
        match (self.verdict(), self.report(), before) {
            (Some((_, state)), ..) => (state, Reporting::Verified),
            (None, Some((_, state)), _) => (state, Reporting::Reported),
            (None, None, Some(State::Completed)) => (State::Completed, Reporting::Carried),
            _ if due_passed => (State::Other, Reporting::Missing),
            _ => (State::Other, Reporting::Open),
        }
    }
}
