//! Amounts with the unit somebody named, as whole grains of it.

use std::cmp::Reverse;

use crate::money::{div_round, fixed};

/// An amount in grains of its unit: whole yuan for money, ten-thousandths of anything else (数量).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(pub i64);

/// The unit an indicator is counted in, as its plan names it (计量单位).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitOfMeasure(pub String);

/// The largest amount that is taken, in grains: sums of thousands of them stay in range.
const MOST: i64 = 900_000_000_000_000_000;

impl UnitOfMeasure {
    /// Says whether nothing was named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// Says whether it counts money.
    #[must_use]
    pub fn is_money(&self) -> bool {
        matches!(self.0.as_str(), "元" | "万元" | "亿元" | "万亿元")
    }

    /// Says whether it is a share, whose parts do not add up to the whole.
    #[must_use]
    pub fn is_share(&self) -> bool {
        matches!(self.0.as_str(), "%" | "％" | "‰" | "个百分点" | "百分点")
    }

    /// Returns how many decimals an amount may have: down to the yuan for money, else four.
    #[must_use]
    pub fn decimals(&self) -> u32 {
        match self.0.as_str() {
            "元" => 0,
            "亿元" => 8,
            "万亿元" => 12,
            _ => 4,
        }
    }

    /// Returns how many grains make one unit.
    #[must_use]
    pub fn grains(&self) -> i64 {
        10_i64.saturating_pow(self.decimals())
    }

    /// Reads what a person typed: digits with at most [`Self::decimals`] decimals, a sign and
    /// thousands separators allowed. `None` for anything else and for what is too large.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Quantity> {
        let plain: String = text
            .chars()
            .filter(|c| !matches!(c, ',' | '，' | ' '))
            .collect();
        let (sign, digits) = match plain.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, plain.as_str()),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let part = part.trim_end_matches('0');
        let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let width = usize::try_from(self.decimals()).ok()?;
        if whole.is_empty() || part.len() > width || !all_digits(whole) || !all_digits(part) {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let part: i64 = format!("0{part:0<width$}").parse().ok()?;
        let amount = whole.checked_mul(self.grains())?.checked_add(part)?;
        (amount <= MOST).then_some(Quantity(sign * amount))
    }

    /// Prints an amount in this unit without its name, exactly, without zeros that say nothing.
    #[must_use]
    pub fn print(&self, quantity: Quantity) -> String {
        let text = fixed(quantity.0, self.decimals());
        match text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => text,
        }
    }
}

/// Shares a total out in proportion to weights so that the parts add up to it (largest remainder).
///
/// `None` when there is no weight, one is negative, or the sum is out of range. The sign of the
/// total is that of every part; among equal remainders the earlier part gets the grain.
#[must_use]
pub fn apportion(total: i64, weights: &[i64]) -> Option<Vec<i64>> {
    if weights.iter().any(|weight| *weight < 0) {
        return None;
    }
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if sum == 0 {
        return None;
    }
    let amount = i128::from(total.unsigned_abs());
    let mut parts = Vec::with_capacity(weights.len());
    let mut rests = Vec::with_capacity(weights.len());
    for (at, weight) in weights.iter().enumerate() {
        let product = amount.checked_mul(i128::from(*weight))?;
        parts.push(i64::try_from(product / sum).ok()?);
        rests.push((Reverse(product % sum), at));
    }
    rests.sort_unstable();
    let given: i128 = parts.iter().map(|part| i128::from(*part)).sum();
    let missing = usize::try_from(amount - given).ok()?;
    for (_, at) in rests.into_iter().take(missing) {
        if let Some(part) = parts.get_mut(at) {
            *part += 1;
        }
    }
    let sign = if total < 0 { -1 } else { 1 };
    Some(parts.into_iter().map(|part| part * sign).collect())
}

impl Quantity {
    /// Sums amounts of one unit; `None` out of range.
    #[must_use]
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        all.into_iter()
            .try_fold(0_i64, |sum, one| sum.checked_add(one.0))
            .map(Self)
    }

    /// Returns this times `numerator / denominator`, rounded half away from zero.
    #[must_use]
    pub fn times(self, numerator: i64, denominator: i64) -> Option<Self> {
        let product = i128::from(self.0).checked_mul(i128::from(numerator))?;
        div_round(product, i128::from(denominator)).map(Self)
    }
}
