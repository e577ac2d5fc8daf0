//! What of a large log is drawn: the most frequent activities and steps.
//!
//! What a reader would get wrong: a step that is left out is not gone from the figures, only from
//! the drawing. Every activity that is drawn keeps its most frequent way in and out; cases that
//! begin or end there are drawn when they are one in a hundred, or its only way.

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
    /// Rarer steps are left out, but for those that keep an activity connected.
    pub rarest: usize,
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
    let steps = keep(&steps, most);
    let leads_in = |node| steps.iter().any(|(from, to, _)| *to == node && from != to);
    let leads_out = |node| {
        steps
            .iter()
            .any(|(from, to, _)| *from == node && from != to)
    };
    let kept = |ends: &[(u32, usize)], is_connected: &dyn Fn(usize) -> bool| {
        let all: usize = ends.iter().map(|(_, count)| count).sum();
        let drawn = ends
            .iter()
            .filter_map(|(activity, count)| Some((inside(*activity)?, *count)));
        let is_kept = |(node, count): &(usize, usize)| {
            count.saturating_mul(100) >= all || !is_connected(*node)
        };
        drawn.filter(is_kept).collect()
    };
    let map = Map {
        n_nodes: activities.len(),
        starts: kept(&graph.starts, &leads_in),
        ends: kept(&graph.ends, &leads_out),
        steps,
    };
    (map, activities)
}

/// Keeps the first steps that are not too rare, and of the others those that are the first in or out of their box.
/// The steps come in with the most frequent first.
fn keep(steps: &[(usize, usize, usize)], most: Most) -> Vec<(usize, usize, usize)> {
    let (mut into, mut out_of) = (BTreeSet::new(), BTreeSet::new());
    let mut kept = Vec::new();
    for (at, (from, to, count)) in steps.iter().enumerate() {
        let connects = from != to && (!into.contains(to) || !out_of.contains(from));
        if (at < most.steps && *count >= most.rarest) || connects {
            kept.push((*from, *to, *count));
            if from != to {
                into.insert(*to);
                out_of.insert(*from);
            }
        }
    }
    kept
}
