//! The process kernel against the plainest way to count the same.

use std::collections::{BTreeMap, BTreeSet};

use gangmu_analysis::process::{
    Log, LogBuilder, activity_figures, case_durations, directly_follows, variants,
};
use proptest::prelude::*;

type Trace = Vec<(u8, i64)>;

fn log_of(traces: &[Trace]) -> Log {
    let mut builder = LogBuilder::default();
    for trace in traces {
        builder.begin_case().unwrap();
        for (name, time) in trace {
            let activity = builder.activity(&name.to_string());
            builder.event(activity, *time);
        }
    }
    builder.finish()
}

fn any_traces() -> impl Strategy<Value = Vec<Trace>> {
    let event = (0_u8..5, -20_i64..200);
    prop::collection::vec(prop::collection::vec(event, 0..9), 0..12)
}

fn median(mut values: Vec<i64>) -> i64 {
    values.sort_unstable();
    values[(values.len() - 1) / 2].midpoint(values[values.len() / 2])
}

proptest! {
    #[test]
    fn steps_their_counts_and_times_equal_a_plain_count(traces in any_traces()) {
        let log = log_of(&traces);
        let mut plain: BTreeMap<(String, String), Vec<i64>> = BTreeMap::new();
        let mut backward = 0;
        for pair in traces.iter().flat_map(|trace| trace.windows(2)) {
            let key = (pair[0].0.to_string(), pair[1].0.to_string());
            plain.entry(key).or_default().push((pair[1].1 - pair[0].1).max(0));
            backward += usize::from(pair[1].1 < pair[0].1);
        }
        let graph = directly_follows(&log);
        prop_assert_eq!(graph.n_backward, backward);
        prop_assert_eq!(graph.steps.len(), plain.len());
        for step in &graph.steps {
            let gaps = &plain[&(log.name(step.from).to_owned(), log.name(step.to).to_owned())];
            prop_assert_eq!(step.gap.count, gaps.len());
            prop_assert_eq!(step.gap.median, median(gaps.clone()));
            prop_assert_eq!(step.gap.total, gaps.iter().map(|gap| i128::from(*gap)).sum::<i128>());
        }
        prop_assert!(graph.steps.windows(2).all(|pair| pair[0].gap.count >= pair[1].gap.count));
        let begun = traces.iter().filter(|trace| !trace.is_empty()).count();
        prop_assert_eq!(graph.starts.iter().map(|(_, count)| count).sum::<usize>(), begun);
        prop_assert_eq!(graph.ends.iter().map(|(_, count)| count).sum::<usize>(), begun);
        prop_assert_eq!(case_durations(&log).map_or(0, |lengths| lengths.count), begun);
    }

    #[test]
    fn variants_are_the_different_traces_with_all_cases_in_them(traces in any_traces()) {
        let log = log_of(&traces);
        let names = |trace: &Trace| trace.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let different: BTreeSet<Vec<u8>> = traces.iter().map(names).collect();
        let found = variants(&log);
        prop_assert_eq!(found.len(), different.len());
        for variant in &found {
            let same = traces.iter().filter(|trace| names(trace) == names(&traces[variant.case]));
            prop_assert_eq!(variant.count, same.count());
        }
    }

    #[test]
    fn rework_is_what_occurs_again_in_its_case(traces in any_traces()) {
        let log = log_of(&traces);
        for figures in activity_figures(&log) {
            let name: u8 = log.name(figures.activity).parse().unwrap();
            let times = |trace: &Trace| trace.iter().filter(|(other, _)| *other == name).count();
            let again: Vec<usize> = traces.iter().map(times).filter(|times| *times > 1).collect();
            prop_assert_eq!(figures.n_rework_cases, again.len());
            prop_assert_eq!(figures.n_repeats, again.iter().map(|times| times - 1).sum::<usize>());
            prop_assert_eq!(figures.n_cases, traces.iter().filter(|trace| times(trace) > 0).count());
            prop_assert_eq!(figures.n_events, traces.iter().map(times).sum::<usize>());
            let firsts = traces.iter().filter(|trace| trace.first().is_some_and(|(first, _)| *first == name));
            prop_assert_eq!(figures.n_starts, firsts.count());
            prop_assert_eq!(figures.wait.map_or(0, |wait| wait.count), figures.n_events - figures.n_starts);
        }
    }
}
