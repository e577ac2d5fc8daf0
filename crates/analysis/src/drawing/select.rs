//! What of a large log is drawn: the most frequent activities and steps.
//!
//! What a reader would get wrong: a step that is left out is not gone from the figures, only from
//! the drawing. Every activity that is drawn keeps its most frequent way in and out.

use std::collections::BTreeSet;

use super::Map;
use crate::process::DirectlyFollows;

/// How much is drawn at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Most {
    /// How many activities.
    pub nodes: usize,
    /// How many steps, besides those that keep an activity connected.
    pub steps: usize,
}

/// Picks the most frequent activities and steps. Returns the map and, for each of its boxes, the
/// number of its activity.
#[must_use]
pub fn most_frequent(graph: &DirectlyFollows, counts: &[usize], most: Most) -> (Map, Vec<u32>) {
    let mut activities: Vec<u32> = (0..).take(counts.len()).collect();
    activities.sort_by_key(|activity| std::cmp::Reverse(counts[*activity as usize]));
    activities.truncate(most.nodes);
    let mut node = vec![None; counts.len()];
    for (at, activity) in activities.iter().enumerate() {
        node[*activity as usize] = Some(at);
    }
    let inside = |activity: u32| node.get(activity as usize).copied().flatten();
    let steps: Vec<(usize, usize, usize)> = graph
        .steps
        .iter()
        .filter_map(|step| Some((inside(step.from)?, inside(step.to)?, step.gap.count)))
        .collect();
    let kept = |ends: &[(u32, usize)]| {
        let ends = ends.iter();
        ends.filter_map(|(activity, count)| Some((inside(*activity)?, *count)))
            .collect()
    };
    let map = Map {
        n_nodes: activities.len(),
        steps: keep(&steps, most.steps),
        starts: kept(&graph.starts),
        ends: kept(&graph.ends),
    };
    (map, activities)
}

/// Keeps the first steps, and of the others those that are the first in or out of their box.
/// The steps come in with the most frequent first.
fn keep(steps: &[(usize, usize, usize)], most: usize) -> Vec<(usize, usize, usize)> {
    let (mut into, mut out_of) = (BTreeSet::new(), BTreeSet::new());
    let mut kept = Vec::new();
    for (at, (from, to, count)) in steps.iter().enumerate() {
        let connects = from != to && (!into.contains(to) || !out_of.contains(from));
        if at < most || connects {
            kept.push((*from, *to, *count));
            if from != to {
                into.insert(*to);
                out_of.insert(*from);
            }
        }
    }
    kept
}
