//! Rounding such that what is printed adds up (largest remainder).
//!
//! Integers only. No part moves by a whole unit, and the total is the rounded true
//! total, not the sum of roundings.

/// A total with its parts, in units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rounded {
    pub total: i64,
    pub parts: Vec<i64>,
}

/// Rounds amounts to a unit so that they add up to their rounded total. None when the
/// sum is out of range.
pub fn round_parts(parts: &[i64], unit: i64) -> Option<Rounded> {
    let sum = checked_sum(parts)?;
    let total = round_half_up(sum, unit)?;
    let parts = share_out(parts, unit, total)?;
    Some(Rounded { total, parts })
}

/// Rounds amounts to a unit so that they add up to a total that is already rounded,
/// as the groups of a table under its total. None when no such rounding moves every
/// part by less than a unit.
pub fn share_out(parts: &[i64], unit: i64, total: i64) -> Option<Vec<i64>> {
    if unit <= 0 {
        return None;
    }
    let floors: Vec<i64> = parts.iter().map(|part| part.div_euclid(unit)).collect();
    let missing = usize::try_from(total.checked_sub(checked_sum(&floors)?)?).ok()?;
    let mut order: Vec<usize> = (0..parts.len())
        .filter(|index| remainder(parts, *index, unit) > 0)
        .collect();
    if missing > order.len() {
        return None;
    }
    // Largest remainder first; among equals the earlier row, so that runs agree.
    order.sort_by_key(|index| (std::cmp::Reverse(remainder(parts, *index, unit)), *index));
    let mut rounded = floors;
    for index in order.into_iter().take(missing) {
        if let Some(part) = rounded.get_mut(index) {
            *part += 1;
        }
    }
    Some(rounded)
}

/// Rounds half away from zero.
pub fn round_half_up(amount: i64, unit: i64) -> Option<i64> {
    if unit <= 0 {
        return None;
    }
    let (whole, rest) = (amount / unit, (amount % unit).unsigned_abs());
    let up = rest >= unit.unsigned_abs().div_ceil(2);
    Some(whole + if up { amount.signum() } else { 0 })
}

fn remainder(parts: &[i64], index: usize, unit: i64) -> i64 {
    parts.get(index).map_or(0, |part| part.rem_euclid(unit))
}

fn checked_sum(parts: &[i64]) -> Option<i64> {
    parts
        .iter()
        .try_fold(0_i64, |sum, part| sum.checked_add(*part))
}
