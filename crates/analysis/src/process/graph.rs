//! The directly-follows graph: which activity came right after which, how often, after how long.
//!
//! What a reader would get wrong: a step is counted within a case only; the last event of one case
//! and the first of the next never make one.

use std::collections::HashMap;

use super::Log;
use crate::statistics::Summary;

/// One activity right after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The earlier activity.
    pub from: u32,
    /// The later activity; the same one when it was done again at once.
    pub to: u32,
    /// The milliseconds between the two; its count is the number of times it happened.
    pub gap: Summary,
}

/// What followed what in a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectlyFollows {
    /// The steps, the most frequent first, then by activity.
    pub steps: Vec<Step>,
    /// Activities that begin cases, with how many, the most frequent first.
    pub starts: Vec<(u32, usize)>,
    /// Activities that end cases, with how many, the most frequent first.
    pub ends: Vec<(u32, usize)>,
    /// Steps whose later event bears an earlier time; their gap counts as zero.
    pub n_backward: usize,
}

/// Finds the directly-follows graph of a log.
#[must_use]
pub fn directly_follows(log: &Log) -> DirectlyFollows {
    let mut pairs = Pairs::new(log.n_activities());
    let mut starts = vec![0; log.n_activities()];
    let mut ends = vec![0; log.n_activities()];
    let mut ids = Vec::with_capacity(log.n_events());
    let mut gaps = Vec::with_capacity(log.n_events());
    let mut n_backward = 0;
    for (trace, times) in log.traces() {
        if let (Some(first), Some(last)) = (trace.first(), trace.last()) {
            starts[*first as usize] += 1;
            ends[*last as usize] += 1;
        }
        for (pair, time) in trace.windows(2).zip(times.windows(2)) {
            let gap = time[1].saturating_sub(time[0]);
            n_backward += usize::from(gap < 0);
            ids.push(pairs.id(pair[0], pair[1]));
            gaps.push(gap.max(0));
        }
    }
    DirectlyFollows {
        steps: summarise(&pairs.found, &ids, &gaps),
        starts: ranked(&starts),
        ends: ranked(&ends),
        n_backward,
    }
}

/// Sorts the gaps by the step they belong to, in one array, and summarises each stretch.
fn summarise(found: &[(u32, u32)], ids: &[u32], gaps: &[i64]) -> Vec<Step> {
    let mut ends = vec![0_usize; found.len() + 1];
    for id in ids {
        ends[*id as usize + 1] += 1;
    }
    for at in 1..ends.len() {
        ends[at] += ends[at - 1];
    }
    // From here `ends[id]` is where the next gap of the step goes; at last, where its stretch ends.
    let mut sorted = vec![0; gaps.len()];
    for (id, gap) in ids.iter().zip(gaps) {
        let place = &mut ends[*id as usize];
        sorted[*place] = *gap;
        *place += 1;
    }
    let mut start = 0;
    let mut steps: Vec<Step> = Vec::with_capacity(found.len());
    for ((from, to), end) in found.iter().zip(&ends) {
        let gap = Summary::of(&mut sorted[start..*end]);
        start = *end;
        steps.extend(gap.map(|gap| Step {
            from: *from,
            to: *to,
            gap,
        }));
    }
    steps.sort_unstable_by_key(|step| (std::cmp::Reverse(step.gap.count), step.from, step.to));
    steps
}

/// Activities that have a count, the most frequent first, then by number.
pub(super) fn ranked(counts: &[usize]) -> Vec<(u32, usize)> {
    let mut ranked: Vec<(u32, usize)> = (0..)
        .zip(counts.iter().copied())
        .filter(|(_, count)| *count > 0)
        .collect();
    ranked.sort_unstable_by_key(|(activity, count)| (std::cmp::Reverse(*count), *activity));
    ranked
}

/// Numbers pairs of activities as they come: a table while it is small, a map beyond.
struct Pairs {
    n_activities: usize,
    table: Vec<u32>,
    map: HashMap<(u32, u32), u32>,
    found: Vec<(u32, u32)>,
}

/// Two thousand activities squared: 16 MB. Above, activities are more likely to be identifiers.
const LARGEST_TABLE: usize = 4_000_000;
const NONE: u32 = u32::MAX;

impl Pairs {
    fn new(n_activities: usize) -> Self {
        let size = n_activities.saturating_mul(n_activities);
        let table = if size <= LARGEST_TABLE { size } else { 0 };
        Self {
            n_activities,
            table: vec![NONE; table],
            map: HashMap::new(),
            found: Vec::new(),
        }
    }

    fn id(&mut self, from: u32, to: u32) -> u32 {
        let next = u32::try_from(self.found.len()).unwrap_or(NONE);
        let id = if self.table.is_empty() {
            *self.map.entry((from, to)).or_insert(next)
        } else {
            let place = &mut self.table[from as usize * self.n_activities + to as usize];
            if *place == NONE {
                *place = next;
            }
            *place
        };
        if id == next {
            self.found.push((from, to));
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::super::log::log_of;
    use super::*;

    fn named(log: &Log, graph: &DirectlyFollows) -> Vec<(String, usize, i64)> {
        graph
            .steps
            .iter()
            .map(|step| {
                let name = format!("{}>{}", log.name(step.from), log.name(step.to));
                (name, step.gap.count, step.gap.median)
            })
            .collect()
    }

    #[test]
    fn steps_are_counted_within_a_case_and_the_most_frequent_comes_first() {
        let log = log_of(&[
            &[("a", 0), ("b", 10), ("c", 30)],
            &[("a", 0), ("b", 20)],
            &[],
            &[("b", 5)],
        ]);
        let graph = directly_follows(&log);
        let expected = vec![("a>b".to_owned(), 2, 15), ("b>c".to_owned(), 1, 20)];
        assert_eq!(named(&log, &graph), expected);
        assert_eq!(graph.starts, [(0, 2), (1, 1)]);
        assert_eq!(graph.ends, [(1, 2), (2, 1)]);
    }

    #[test]
    fn a_gap_that_runs_backwards_counts_as_zero_and_is_told() {
        let log = log_of(&[&[("a", 10), ("b", 4), ("b", 9)]]);
        let graph = directly_follows(&log);
        assert_eq!(graph.n_backward, 1);
        let expected = vec![("a>b".to_owned(), 1, 0), ("b>b".to_owned(), 1, 5)];
        assert_eq!(named(&log, &graph), expected);
    }

    #[test]
    fn a_log_whose_activities_are_identifiers_needs_no_square_of_them() {
        let mut builder = super::super::LogBuilder::default();
        builder.begin_case().unwrap();
        for at in 0..5000 {
            let activity = builder.activity(&at.to_string());
            builder.event(activity, at);
        }
        let graph = directly_follows(&builder.finish());
        assert_eq!(graph.steps.len(), 4999);
        assert!(graph.steps.iter().all(|step| step.to == step.from + 1));
    }
}
