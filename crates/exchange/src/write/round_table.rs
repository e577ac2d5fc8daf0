//! Rounds a money column of a table so that total, groups and details agree on paper.
//!
//! From the top down: the total is rounded, its groups share it, their details share
//! theirs. Amounts of groups and totals are taken from the details, never from the
//! rows themselves.

use super::{
    rounding::{round_half_up, share_out},
    spec::{CellValue, RowSpec, RowStyle},
};

/// Rounds one column to a unit in place. None, and nothing changed, when an amount is
/// out of range.
#[must_use]
pub fn round_column(rows: &mut [RowSpec], column: usize, unit: i64) -> Option<()> {
    let nodes: Vec<Node> = rows.iter().map(|row| Node::of(row, column)).collect();
    let total = round_half_up(sum(&nodes)?, unit)?;
    let mut rounded = vec![None; nodes.len()];
    share(&nodes, 0, total, unit, &mut rounded)?;
    for (node, slot) in nodes.iter().zip(&mut rounded) {
        if node.style == RowStyle::Total {
            *slot = Some(total);
        }
    }
    for (row, units) in rows.iter_mut().zip(rounded) {
        let amount = units.and_then(|units: i64| units.checked_mul(unit));
        if let (Some(CellValue::Money(cell)), Some(amount)) = (row.cells.get_mut(column), amount) {
            *cell = amount;
        }
    }
    Some(())
}

struct Node {
    style: RowStyle,
    level: u8,
    amount: Option<i64>,
}

impl Node {
    fn of(row: &RowSpec, column: usize) -> Self {
        let amount = match row.cells.get(column) {
            Some(CellValue::Money(amount)) => Some(*amount),
            _ => None,
        };
        Self {
            style: row.style,
            level: row.level,
            amount,
        }
    }
}

/// The sum of the details.
fn sum(nodes: &[Node]) -> Option<i64> {
    nodes
        .iter()
        .filter(|node| node.style == RowStyle::Detail)
        .try_fold(0_i64, |sum, node| sum.checked_add(node.amount.unwrap_or(0)))
}

/// Shares a rounded amount among the children in a span of rows. `offset` is where the
/// span begins in `rounded`.
fn share(
    nodes: &[Node],
    offset: usize,
    total: i64,
    unit: i64,
    rounded: &mut [Option<i64>],
) -> Option<()> {
    let children = children(nodes);
    let amounts: Option<Vec<i64>> = children
        .iter()
        .map(|(from, to)| sum(nodes.get(*from..*to)?))
        .collect();
    let shares = share_out(&amounts?, unit, total)?;
    for ((from, to), units) in children.into_iter().zip(shares) {
        if let Some(slot) = rounded.get_mut(offset + from) {
            *slot = Some(units);
        }
        let is_group = nodes
            .get(from)
            .is_some_and(|node| node.style == RowStyle::Group);
        if is_group {
            let inside = nodes.get(from + 1..to)?;
            share(inside, offset + from + 1, units, unit, rounded)?;
        }
    }
    Some(())
}

/// The spans of the outermost groups, and of details that lie in none.
fn children(nodes: &[Node]) -> Vec<(usize, usize)> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut open: Option<u8> = None;
    for (index, node) in nodes.iter().enumerate() {
        match (node.style, open) {
            (RowStyle::Total, _) => {}
            (RowStyle::Group, None) => {
                open = Some(node.level);
                spans.push((index, index + 1));
            }
            (RowStyle::Group, Some(level)) if node.level <= level => {
                open = Some(node.level);
                spans.push((index, index + 1));
            }
            (RowStyle::Detail, None) => spans.push((index, index + 1)),
            (_, Some(_)) => {
                if let Some((_, end)) = spans.last_mut() {
                    *end = index + 1;
                }
            }
        }
    }
    spans
}
