//! Variants: cases that went through the same activities in the same order.
//!
//! What a reader would get wrong: a variant holds the number of one of its cases, not a copy of
//! the trace; ask the log for it.

use std::collections::HashMap;

use super::Log;
use crate::statistics::Summary;

/// Cases with the same trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The first case that went this way.
    pub case: usize,
    /// How many did.
    pub count: usize,
    /// Milliseconds from first to last event.
    pub duration: Summary,
}

/// Finds the variants of a log, the most frequent first, then in order of appearance.
#[must_use]
pub fn variants(log: &Log) -> Vec<Variant> {
    let mut ids: HashMap<&[u32], usize> = HashMap::new();
    let mut found: Vec<(usize, Vec<i64>)> = Vec::new();
    for (case, (trace, times)) in log.traces().enumerate() {
        let id = *ids.entry(trace).or_insert_with(|| {
            found.push((case, Vec::new()));
            found.len() - 1
        });
        found[id].1.push(duration(times));
    }
    let mut variants: Vec<Variant> = found
        .iter_mut()
        .filter_map(|(case, durations)| {
            Some(Variant {
                case: *case,
                count: durations.len(),
                duration: Summary::of(durations)?,
            })
        })
        .collect();
    variants.sort_unstable_by_key(|variant| (std::cmp::Reverse(variant.count), variant.case));
    variants
}

/// Milliseconds from the first to the last event of every case that has events.
#[must_use]
pub fn case_durations(log: &Log) -> Option<Summary> {
    let cases = log.traces().filter(|(trace, _)| !trace.is_empty());
    let mut durations: Vec<i64> = cases.map(|(_, times)| duration(times)).collect();
    Summary::of(&mut durations)
}

fn duration(times: &[i64]) -> i64 {
    let (Some(first), Some(last)) = (times.iter().min(), times.iter().max()) else {
        return 0;
    };
    last.saturating_sub(*first)
}

#[cfg(test)]
mod tests {
    use super::super::log::log_of;
    use super::*;

    #[test]
    fn cases_with_the_same_trace_are_one_variant_whatever_their_times() {
        let log = log_of(&[
            &[("a", 0), ("b", 10)],
            &[("b", 0), ("a", 10)],
            &[("a", 5), ("b", 35)],
            &[],
        ]);
        let found = variants(&log);
        let counts: Vec<(usize, usize)> = found.iter().map(|v| (v.case, v.count)).collect();
        assert_eq!(counts, [(0, 2), (1, 1), (3, 1)]);
        assert_eq!(found[0].duration.median, 20);
        assert_eq!(case_durations(&log).unwrap().count, 3);
    }
}
