//! An event log as columns: one number per event for the activity, one for the instant.
//!
//! What a reader would get wrong: an event belongs to the case that was begun last; cases are
//! ranges of the columns, and a case without events is a case.

use std::collections::HashMap;
use std::ops::Range;

/// A log of cases. Activities are numbers below [`Log::n_activities`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    names: Vec<String>,
    activities: Vec<u32>,
    times: Vec<i64>,
    case_starts: Vec<u32>,
}

impl Log {
    /// How many cases.
    #[must_use]
    pub fn n_cases(&self) -> usize {
        self.case_starts.len()
    }

    /// How many events.
    #[must_use]
    pub fn n_events(&self) -> usize {
        self.activities.len()
    }

    /// How many different activities.
    #[must_use]
    pub fn n_activities(&self) -> usize {
        self.names.len()
    }

    /// The name of an activity.
    #[must_use]
    pub fn name(&self, activity: u32) -> &str {
        &self.names[activity as usize]
    }

    /// The activities of a case in order.
    #[must_use]
    pub fn trace(&self, case: usize) -> &[u32] {
        &self.activities[self.range(case)]
    }

    /// The instants of a case's events, in milliseconds since 1970.
    #[must_use]
    pub fn times(&self, case: usize) -> &[i64] {
        &self.times[self.range(case)]
    }

    pub(super) fn traces(&self) -> impl Iterator<Item = (&[u32], &[i64])> {
        (0..self.n_cases()).map(|case| (self.trace(case), self.times(case)))
    }

    fn range(&self, case: usize) -> Range<usize> {
        let end = self.case_starts.get(case + 1);
        let end = end.map_or(self.activities.len(), |end| *end as usize);
        self.case_starts[case] as usize..end
    }
}

/// A log has at most 4,294,967,295 events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a log of more than {} events", u32::MAX)]
pub struct TooManyEvents;

/// Builds a [`Log`] case by case.
#[derive(Debug, Default)]
pub struct LogBuilder {
    log: Log,
    ids: HashMap<String, u32>,
}

impl LogBuilder {
    /// Makes room beforehand, so that nothing is moved while a log is read.
    #[must_use]
    pub fn with_capacity(cases: usize, events: usize) -> Self {
        let mut builder = Self::default();
        builder.log.case_starts.reserve(cases);
        builder.log.activities.reserve(events);
        builder.log.times.reserve(events);
        builder
    }

    /// Returns the number of an activity, a new one for a new name.
    pub fn activity(&mut self, name: &str) -> u32 {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        // An activity without an event never comes up, so there are no more than events.
        let id = u32::try_from(self.log.names.len()).unwrap_or(u32::MAX);
        self.ids.insert(name.to_owned(), id);
        self.log.names.push(name.to_owned());
        id
    }

    /// Begins a case.
    ///
    /// # Errors
    /// When the log is full.
    pub fn begin_case(&mut self) -> Result<(), TooManyEvents> {
        let start = u32::try_from(self.log.activities.len()).map_err(|_| TooManyEvents)?;
        self.log.case_starts.push(start);
        Ok(())
    }

    /// Adds an event to the case begun last; an event before the first case is nobody's and is
    /// dropped. `time` is in milliseconds since 1970.
    pub fn event(&mut self, activity: u32, time: i64) {
        if !self.log.case_starts.is_empty() && (activity as usize) < self.log.names.len() {
            self.log.activities.push(activity);
            self.log.times.push(time);
        }
    }

    /// Returns the log.
    #[must_use]
    pub fn finish(self) -> Log {
        self.log
    }
}

/// Builds a log from written traces: every case is a list of (activity, time).
#[cfg(test)]
pub(crate) fn log_of(cases: &[&[(&str, i64)]]) -> Log {
    let mut builder = LogBuilder::default();
    for case in cases {
        builder.begin_case().unwrap();
        for (name, time) in *case {
            let activity = builder.activity(name);
            builder.event(activity, *time);
        }
    }
    builder.finish()
}
