//! Orders the stands of each layer so that lines cross little.
//!
//! What a reader would get wrong: the order is the best of several sweeps down and up, each of
//! which puts a stand at the mean place of its neighbours; the first order stays when none is
//! better.

use super::layers::Layered;

/// Sweeps before we are content. Twice this many changed nothing on the maps we tried.
const SWEEPS: usize = 12;

/// The stands of every layer, from left to right.
pub(super) type Rows = Vec<Vec<usize>>;

/// Finds an order with few crossings.
pub(super) fn order(layered: &Layered) -> Rows {
    let mut rows: Rows = vec![Vec::new(); layered.n_layers];
    for (stand, layer) in layered.layer_of.iter().enumerate() {
        rows[*layer].push(stand);
    }
    let neighbours = Neighbours::of(layered);
    let mut best = rows.clone();
    let mut fewest = crossings(&best, &neighbours);
    for sweep in 0..SWEEPS {
        if fewest == 0 {
            break;
        }
        if sweep % 2 == 0 {
            for layer in 1..rows.len() {
                sort_row(&mut rows, layer, layer - 1, &neighbours.above);
            }
        } else {
            for layer in (0..rows.len().saturating_sub(1)).rev() {
                sort_row(&mut rows, layer, layer + 1, &neighbours.below);
            }
        }
        let found = crossings(&rows, &neighbours);
        if found < fewest {
            fewest = found;
            best.clone_from(&rows);
        }
    }
    best
}

/// The stands next to each stand, in the layer above and in the one below.
pub(super) struct Neighbours {
    pub(super) above: Vec<Vec<usize>>,
    pub(super) below: Vec<Vec<usize>>,
}

impl Neighbours {
    pub(super) fn of(layered: &Layered) -> Self {
        let mut above = vec![Vec::new(); layered.stands.len()];
        let mut below = vec![Vec::new(); layered.stands.len()];
        for pair in layered.chains.iter().flat_map(|chain| chain.windows(2)) {
            above[pair[1]].push(pair[0]);
            below[pair[0]].push(pair[1]);
        }
        Self { above, below }
    }
}

/// Puts every stand of a row at the mean place of its neighbours in the fixed row; one without
/// neighbours stays about where it is.
fn sort_row(rows: &mut Rows, layer: usize, fixed: usize, neighbours: &[Vec<usize>]) {
    let places = places(&rows[fixed], neighbours.len());
    let mut keyed: Vec<(usize, usize, usize)> = rows[layer]
        .iter()
        .enumerate()
        .map(|(at, stand)| {
            let near = &neighbours[*stand];
            let sum: usize = near.iter().map(|stand| places[*stand]).sum();
            // Thousandths, so that means are compared in whole numbers.
            let mean = (sum * 1000).checked_div(near.len()).unwrap_or(at * 1000);
            (mean, at, *stand)
        })
        .collect();
    keyed.sort_unstable();
    rows[layer] = keyed.into_iter().map(|(_, _, stand)| stand).collect();
}

fn places(row: &[usize], n_stands: usize) -> Vec<usize> {
    let mut places = vec![0; n_stands];
    for (at, stand) in row.iter().enumerate() {
        places[*stand] = at;
    }
    places
}

/// Counts how many pairs of lines cross between neighbouring layers.
pub(super) fn crossings(rows: &Rows, neighbours: &Neighbours) -> usize {
    rows.windows(2)
        .map(|pair| {
            let places = places(&pair[1], neighbours.below.len());
            // How many lines seen so far end at each place.
            let mut seen = vec![0_usize; pair[1].len()];
            let mut found = 0;
            for stand in &pair[0] {
                for below in &neighbours.below[*stand] {
                    found += seen[places[*below] + 1..].iter().sum::<usize>();
                }
                for below in &neighbours.below[*stand] {
                    seen[places[*below]] += 1;
                }
            }
            found
        })
        .sum()
}
