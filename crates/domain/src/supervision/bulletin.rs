//! The figures of a bulletin (督查通报).

use std::cmp::Ordering;

use super::State;
use crate::money::div_round;
use crate::plans::apportion;

/// How many items stand so, and their share as printed (状态占比).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The state.
    pub state: State,
    /// How many.
    pub count: i64,
    /// Tenths of a percent; all of a bulletin add up to 1000.
    pub tenths: i64,
    /// Whether it is not the nearest tenth, so that all add up.
    pub fitted: bool,
}

/// Shares of the five states in the order of the table, which add up to 100.0 % as printed (largest
/// remainder); all zero when there are no items.
#[must_use]
pub fn shares(states: impl IntoIterator<Item = State>) -> Vec<Share> {
    let mut counts = vec![0_i64; State::ALL.len()];
    for state in states {
        let at = State::ALL.iter().position(|one| *one == state);
        if let Some(count) = at.and_then(|at| counts.get_mut(at)) {
            *count += 1;
        }
    }
    let all: i64 = counts.iter().sum();
    let tenths = apportion(1_000, &counts).unwrap_or_else(|| vec![0; counts.len()]);
    let rows = State::ALL.iter().zip(counts).zip(tenths);
    rows.map(|((state, count), tenths)| Share {
        state: *state,
        count,
        tenths,
        fitted: div_round(i128::from(count) * 1_000, i128::from(all))
            .is_some_and(|nearest| nearest != tenths),
    })
    .collect()
}

/// Ranks offices by the share of their items that are where they should be, then by how few reports
/// are missing; those who are alike share a rank, and the next one is passed over.
///
/// Each is items as they should be, all items, missing reports.
#[must_use]
pub fn ranks(offices: &[(i64, i64, i64)]) -> Vec<usize> {
    let better = |one: &(i64, i64, i64), other: &(i64, i64, i64)| {
        let (a, b) = (
            i128::from(one.0) * i128::from(other.1),
            i128::from(other.0) * i128::from(one.1),
        );
        b.cmp(&a).then(one.2.cmp(&other.2)) == Ordering::Less
    };
    offices
        .iter()
        .map(|own| 1 + offices.iter().filter(|other| better(other, own)).count())
        .collect()
}
