//! Figures of each activity: how often, in how many cases, after what wait, and how often again.
//!
//! What a reader would get wrong: rework is counted in occurrences beyond the first in the same
//! case, whether they follow at once or after other activities; `n_at_once` counts the former.

use super::Log;
use crate::statistics::Summary;

/// What a log says about one activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityFigures {
    /// Which.
    pub activity: u32,
    /// How many events.
    pub n_events: usize,
    /// In how many cases it occurs.
    pub n_cases: usize,
    /// How many cases begin with it.
    pub n_starts: usize,
    /// How many cases end with it.
    pub n_ends: usize,
    /// Milliseconds since the event before it in the case; none when it always comes first.
    pub wait: Option<Summary>,
    /// In how many cases it occurs more than once: rework.
    pub n_rework_cases: usize,
    /// Occurrences beyond the first of their case.
    pub n_repeats: usize,
    /// Repeats that follow the same activity at once.
    pub n_at_once: usize,
    /// Milliseconds from the first to the last occurrence, over the cases with rework.
    pub rework: Option<Summary>,
}

#[derive(Clone, Default)]
struct Tally {
    n_starts: usize,
    n_ends: usize,
    n_cases: usize,
    n_rework_cases: usize,
    n_at_once: usize,
    waits: Vec<i64>,
    reworks: Vec<i64>,
    n_events: usize,
    /// The case it was last seen in, plus one; 0 before the first.
    seen_in: usize,
    seen_first_at: i64,
    seen_last_at: i64,
    n_seen: usize,
}

impl Tally {
    fn see(&mut self, case: usize, time: i64) {
        self.n_events += 1;
        if self.seen_in == case + 1 {
            self.n_seen += 1;
            self.seen_last_at = time;
            return;
        }
        self.settle();
        self.seen_in = case + 1;
        self.n_cases += 1;
        self.n_seen = 1;
        (self.seen_first_at, self.seen_last_at) = (time, time);
    }

    /// Closes the case it was last seen in.
    fn settle(&mut self) {
        if self.n_seen > 1 {
            self.n_rework_cases += 1;
            let length = self.seen_last_at.saturating_sub(self.seen_first_at);
            self.reworks.push(length.max(0));
        }
        self.n_seen = 0;
    }

    fn figures(mut self, activity: u32) -> ActivityFigures {
        self.settle();
        ActivityFigures {
            activity,
            n_events: self.n_events,
            n_cases: self.n_cases,
            n_starts: self.n_starts,
            n_ends: self.n_ends,
            wait: Summary::of(&mut self.waits),
            n_rework_cases: self.n_rework_cases,
            n_repeats: self.n_events - self.n_cases,
            n_at_once: self.n_at_once,
            rework: Summary::of(&mut self.reworks),
        }
    }
}

/// Counts every activity of a log, the most frequent first, then by number.
#[must_use]
pub fn activity_figures(log: &Log) -> Vec<ActivityFigures> {
    let mut tallies = vec![Tally::default(); log.n_activities()];
    for (case, (trace, times)) in log.traces().enumerate() {
        if let (Some(first), Some(last)) = (trace.first(), trace.last()) {
            tallies[*first as usize].n_starts += 1;
            tallies[*last as usize].n_ends += 1;
        }
        for (at, (activity, time)) in trace.iter().zip(times).enumerate() {
            let tally = &mut tallies[*activity as usize];
            tally.see(case, *time);
            if let Some(before) = at.checked_sub(1) {
                tally.waits.push(time.saturating_sub(times[before]).max(0));
                tally.n_at_once += usize::from(trace[before] == *activity);
            }
        }
    }
    let mut figures: Vec<ActivityFigures> = (0..)
        .zip(tallies)
        .map(|(activity, tally)| tally.figures(activity))
        .collect();
    figures.sort_by_key(|f| (std::cmp::Reverse(f.n_events), f.activity));
    figures
}

#[cfg(test)]
mod tests {
    use super::super::log::log_of;
    use super::*;

    #[test]
    fn an_activity_done_again_in_its_case_is_rework_with_its_length() {
        let log = log_of(&[
            &[("check", 0), ("adjust", 10), ("check", 30), ("check", 35)],
            &[("check", 100), ("adjust", 101)],
        ]);
        let figures = activity_figures(&log);
        let check = &figures[0];
        assert_eq!((check.n_events, check.n_cases, check.n_starts), (4, 2, 2));
        assert_eq!(
            (check.n_rework_cases, check.n_repeats, check.n_at_once),
            (1, 2, 1)
        );
        assert_eq!(check.rework.unwrap().median, 35);
        assert_eq!(check.wait.unwrap().total, 25);
        let adjust = &figures[1];
        assert_eq!((adjust.n_repeats, adjust.rework), (0, None));
        assert_eq!(adjust.n_ends, 1);
    }
}
