//! Money as whole yuan, and exact ratios of two integers.
//!
//! A figure is never a float: 万元 and 亿元 are ways of printing, not of storing. Rounding happens
//! once, when a figure is printed, and half away from zero.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// An amount of money in whole yuan (元). Range: that of `i64`; sums saturate rather than wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Yuan(pub i64);

impl Yuan {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// Returns `n` times 10,000 yuan (万元).
    #[must_use]
    pub const fn wan(n: i64) -> Self {
        Self(n.saturating_mul(10_000))
    }

    /// Returns `n` times 100,000,000 yuan (亿元).
    #[must_use]
    pub const fn yi(n: i64) -> Self {
        Self(n.saturating_mul(100_000_000))
    }

    /// Says whether the amount is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl Add for Yuan {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Yuan {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Yuan {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl AddAssign for Yuan {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Yuan {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Yuan {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// An exact ratio of two integers, kept apart so that every rate can show what it was made from.
///
/// A denominator of zero is allowed: it means "nothing to compare with", and prints as no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// What was reached.
    pub numerator: i64,
    /// What was planned, or all there is.
    pub denominator: i64,
}

impl Ratio {
    /// Makes the ratio `numerator / denominator`.
    #[must_use]
    pub const fn new(numerator: i64, denominator: i64) -> Self {
        Self {
            numerator,
            denominator,
        }
    }

    /// Makes the ratio of two amounts of money.
    #[must_use]
    pub const fn of(part: Yuan, whole: Yuan) -> Self {
        Self::new(part.0, whole.0)
    }

    /// Returns the ratio times `factor`, rounded half away from zero; `None` over zero.
    ///
    /// `scaled(100)` is whole percent, `scaled(1_000)` tenths of a percent, `scaled(10_000)`
    /// hundredths of a percentage point.
    #[must_use]
    pub fn scaled(self, factor: i64) -> Option<i64> {
        div_round(
            i128::from(self.numerator) * i128::from(factor),
            i128::from(self.denominator),
        )
    }

    /// Returns `self − other` times `factor`, rounded once; `None` when either has no value.
    #[must_use]
    pub fn minus_scaled(self, other: Self, factor: i64) -> Option<i64> {
        let (a, b) = (i128::from(self.numerator), i128::from(self.denominator));
        let (c, d) = (i128::from(other.numerator), i128::from(other.denominator));
        // Periods and counts are small, so b·d stays far inside i128 even for money over money.
        let top = a.checked_mul(d)?.checked_sub(c.checked_mul(b)?)?;
        div_round(top.checked_mul(i128::from(factor))?, b.checked_mul(d)?)
    }

    /// Returns the change `self` is of its denominator: `(numerator − denominator) / denominator`.
    #[must_use]
    pub const fn growth(self) -> Self {
        Self::new(
            self.numerator.saturating_sub(self.denominator),
            self.denominator,
        )
    }

    /// Says whether there is anything to divide by.
    #[must_use]
    pub const fn has_value(self) -> bool {
        self.denominator != 0
    }

    /// Prints the ratio as percent with `decimals` decimals, or `None` over zero.
    #[must_use]
    pub fn percent(self, decimals: u32) -> Option<String> {
        let unit = 10_i64.checked_pow(decimals)?;
        self.scaled(unit.checked_mul(100)?)
            .map(|tenths| fixed(tenths, decimals))
    }
}

/// Divides and rounds half away from zero; `None` over zero or out of range.
#[must_use]
pub fn div_round(numerator: i128, denominator: i128) -> Option<i64> {
    let quotient = numerator.checked_div(denominator)?;
    let rest = numerator.checked_rem(denominator)?.unsigned_abs();
    // At least half of the denominator is left, said without doubling it: that could overflow.
    let away = i128::from(rest >= denominator.unsigned_abs() - rest);
    let sign = if (numerator < 0) == (denominator < 0) {
        1
    } else {
        -1
    };
    i64::try_from(quotient.checked_add(sign * away)?).ok()
}

/// Prints an integer that counts units of `10^-decimals`.
#[must_use]
pub fn fixed(value: i64, decimals: u32) -> String {
    let Some(unit) = 10_u64.checked_pow(decimals).filter(|_| decimals > 0) else {
        return value.to_string();
    };
    let sign = if value < 0 { "-" } else { "" };
    let magnitude = value.unsigned_abs();
    format!(
        "{sign}{}.{:0width$}",
        magnitude / unit,
        magnitude % unit,
        width = decimals as usize
    )
}

impl fmt::Display for Yuan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
