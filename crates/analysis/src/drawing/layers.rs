//! Gives every box a layer: below everything that comes before it.
//!
//! What a reader would get wrong: which steps count as backwards is decided first by how a box is
//! come to from the start, along the most frequent steps, then by frequency: a step that would
//! close a circle with those taken before is drawn against the direction. So a correction stands
//! below the check that asked for it, even where it leads back to the check more often.

use std::cmp::Reverse;

use super::{Course, End, Map};

/// A line of the map, before it has a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) count: usize,
    pub(super) course: Course,
}

/// The map with start and finish as boxes of their own, and the course of every line.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) n_nodes: usize,
    pub(super) ends: Vec<End>,
    /// The most frequent first.
    pub(super) edges: Vec<Edge>,
}

impl Graph {
    pub(super) fn of(map: &Map) -> Self {
        if map.n_nodes == 0 {
            return Self::default();
        }
        let (start, finish) = (map.n_nodes, map.n_nodes + 1);
        let inside = |node: usize| node < map.n_nodes;
        let steps = map.steps.iter().copied();
        let steps = steps.filter(|(from, to, _)| inside(*from) && inside(*to));
        let starts = map.starts.iter().filter(|(node, _)| inside(*node));
        let ends = map.ends.iter().filter(|(node, _)| inside(*node));
        let mut all: Vec<(usize, usize, usize)> = steps
            .chain(starts.map(|(node, count)| (start, *node, *count)))
            .chain(ends.map(|(node, count)| (*node, finish, *count)))
            .collect();
        all.sort_by_key(|(from, to, count)| (Reverse(*count), *from, *to));
        let mut seen = std::collections::BTreeSet::new();
        all.retain(|(from, to, _)| seen.insert((*from, *to)));
        let nodes = (0..map.n_nodes).map(End::Node);
        Self {
            n_nodes: map.n_nodes + 2,
            ends: nodes.chain([End::Start, End::Finish]).collect(),
            edges: with_courses(map.n_nodes + 2, &all),
        }
    }

    /// The lines that decide layers and order, downwards.
    pub(super) fn downwards(&self) -> impl Iterator<Item = (usize, usize, &Edge)> {
        self.edges.iter().filter_map(|edge| match edge.course {
            Course::Forward => Some((edge.from, edge.to, edge)),
            Course::Back => Some((edge.to, edge.from, edge)),
            Course::Loop => None,
        })
    }
}

/// Decides the course of every line, given the most frequent first.
fn with_courses(n_nodes: usize, all: &[(usize, usize, usize)]) -> Vec<Edge> {
    let mut forward: Vec<Vec<usize>> = vec![Vec::new(); n_nodes];
    let mut is_first = vec![false; all.len()];
    for at in first_ways(n_nodes, all) {
        let (from, to, _) = all[at];
        is_first[at] = true;
        forward[from].push(to);
    }
    let mut edges = Vec::with_capacity(all.len());
    for (at, (from, to, count)) in all.iter().copied().enumerate() {
        let course = if is_first[at] {
            Course::Forward
        } else if from == to {
            Course::Loop
        } else if reaches(&forward, to, from) {
            Course::Back
        } else {
            forward[from].push(to);
            Course::Forward
        };
        edges.push(Edge {
            from,
            to,
            count,
            course,
        });
    }
    edges
}

/// The lines along which boxes are first come to: always the most frequent that leads from a box
/// come to already to one not yet come to. They are a tree, so they make no circle.
fn first_ways(n_nodes: usize, all: &[(usize, usize, usize)]) -> Vec<usize> {
    let mut is_reached = vec![false; n_nodes];
    is_reached[n_nodes - 2] = true;
    let mut found = Vec::new();
    loop {
        let leads_on =
            |(from, to, _): &(usize, usize, usize)| is_reached[*from] && !is_reached[*to];
        let Some(at) = all.iter().position(leads_on) else {
            return found;
        };
        is_reached[all[at].1] = true;
        found.push(at);
    }
}

/// Whether one box leads to another along the lines taken so far.
fn reaches(forward: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen = vec![false; forward.len()];
    let mut open = vec![from];
    while let Some(node) = open.pop() {
        if node == to {
            return true;
        }
        for next in &forward[node] {
            if !std::mem::replace(&mut seen[*next], true) {
                open.push(*next);
            }
        }
    }
    false
}

/// A box, or the place where a line passes a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    Node(usize),
    Lane,
}

/// Boxes in layers, and lines as chains of stands, one in each layer they pass.
#[derive(Debug)]
pub(super) struct Layered {
    pub(super) stands: Vec<Stand>,
    /// The layer of each stand.
    pub(super) layer_of: Vec<usize>,
    pub(super) n_layers: usize,
    /// For every line of the graph, the stands it passes, from the upper box to the lower; empty
    /// for loops.
    pub(super) chains: Vec<Vec<usize>>,
}

/// Finds the layers by the longest way from the start.
pub(super) fn layer(graph: &Graph) -> Layered {
    let mut layer_of = longest_ways(graph);
    let n_layers = layer_of.iter().max().map_or(0, |last| last + 1);
    let mut stands: Vec<Stand> = (0..graph.n_nodes).map(Stand::Node).collect();
    let mut chains = Vec::with_capacity(graph.edges.len());
    for edge in &graph.edges {
        let (upper, lower) = match edge.course {
            Course::Forward => (edge.from, edge.to),
            Course::Back => (edge.to, edge.from),
            Course::Loop => {
                chains.push(Vec::new());
                continue;
            }
        };
        let mut chain = vec![upper];
        for between in layer_of[upper] + 1..layer_of[lower] {
            chain.push(stands.len());
            stands.push(Stand::Lane);
            layer_of.push(between);
        }
        chain.push(lower);
        chains.push(chain);
    }
    Layered {
        stands,
        layer_of,
        n_layers,
        chains,
    }
}

/// The layer of every box. The start is alone above, the finish alone below.
fn longest_ways(graph: &Graph) -> Vec<usize> {
    let (start, finish) = (graph.n_nodes - 2, graph.n_nodes - 1);
    let mut waiting = vec![0_usize; graph.n_nodes];
    let mut below = vec![Vec::new(); graph.n_nodes];
    for (upper, lower, _) in graph.downwards() {
        below[upper].push(lower);
        waiting[lower] += 1;
    }
    let mut layer = vec![1_usize; graph.n_nodes];
    layer[start] = 0;
    let mut ready: Vec<usize> = (0..graph.n_nodes)
        .filter(|node| waiting[*node] == 0)
        .collect();
    while let Some(node) = ready.pop() {
        for next in std::mem::take(&mut below[node]) {
            layer[next] = layer[next].max(layer[node] + 1);
            waiting[next] -= 1;
            if waiting[next] == 0 {
                ready.push(next);
            }
        }
    }
    let deepest = (0..graph.n_nodes)
        .filter(|node| *node != finish)
        .map(|node| layer[node])
        .max();
    layer[finish] = deepest.map_or(1, |deepest| deepest + 1);
    layer
}
