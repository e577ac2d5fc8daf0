//! Median, 80th percentile and shares of whole numbers.
//!
//! What a reader would get wrong: the functions reorder what they are given, because they select
//! instead of sorting. The 80th percentile is by nearest rank: the smallest value that at least 80
//! of 100 do not exceed, so it is always a value that occurred.

/// What a list of lengths comes to. The unit is that of the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How many values.
    pub count: usize,
    /// The smallest.
    pub least: i64,
    /// The middle one; of an even number, the middle between the two, rounded towards zero.
    pub median: i64,
    /// The smallest value that 80 of 100 do not exceed.
    pub p80: i64,
    /// The largest.
    pub most: i64,
    /// All of them together.
    pub total: i128,
}

impl Summary {
    /// Summarises values, which are reordered. None of no values.
    pub fn of(values: &mut [i64]) -> Option<Self> {
        let median = median(values)?;
        Some(Self {
            count: values.len(),
            least: *values.iter().min()?,
            median,
            p80: percentile(values, 80)?,
            most: *values.iter().max()?,
            total: values.iter().map(|value| i128::from(*value)).sum(),
        })
    }

    /// The mean, rounded towards zero.
    #[must_use]
    pub fn mean(&self) -> i64 {
        let count = i128::try_from(self.count.max(1)).unwrap_or(1);
        i64::try_from(self.total / count).unwrap_or(self.median)
    }
}

/// Returns the middle value; of an even number, the middle between the two, rounded towards zero.
pub fn median(values: &mut [i64]) -> Option<i64> {
    let middle = values.len() / 2;
    let is_even = values.len().is_multiple_of(2);
    if values.is_empty() {
        return None;
    }
    let (below, upper, _) = values.select_nth_unstable(middle);
    if !is_even {
        return Some(*upper);
    }
    let lower = *below.iter().max()?;
    Some(lower.midpoint(*upper))
}

/// Returns the smallest value that `per_cent` of 100 values do not exceed (nearest rank).
/// `per_cent` above 100 counts as 100, 0 gives the smallest.
pub fn percentile(values: &mut [i64], per_cent: usize) -> Option<i64> {
    if values.is_empty() {
        return None;
    }
    let rank = (values.len() * per_cent.min(100)).div_ceil(100).max(1);
    let (_, value, _) = values.select_nth_unstable(rank - 1);
    Some(*value)
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many of them.
    pub part: usize,
    /// How many there are.
    pub whole: usize,
}

impl Share {
    /// Counts one more, in or out.
    pub fn count(&mut self, is_in: bool) {
        self.part += usize::from(is_in);
        self.whole += 1;
    }

    /// Tenths of a per cent, rounded half up: 716 is 71.6 %. None of nothing.
    #[must_use]
    pub fn per_mille(&self) -> Option<usize> {
        (self.whole > 0).then(|| (self.part * 2000 + self.whole) / (self.whole * 2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        assert_eq!(median(&mut [7, 1, 3, 4]), Some(3));
        assert_eq!(median(&mut [9, 1, 5]), Some(5));
        assert_eq!(median(&mut [i64::MAX, i64::MAX]), Some(i64::MAX));
        assert_eq!(median(&mut []), None);
    }

    #[test]
    fn the_80th_percentile_is_a_value_that_occurred() {
        assert_eq!(percentile(&mut [10, 20, 30, 40, 50], 80), Some(40));
        assert_eq!(percentile(&mut [10, 20, 30, 40], 80), Some(40));
        assert_eq!(percentile(&mut [10], 80), Some(10));
    }

    #[test]
    fn a_share_rounds_half_up_and_nothing_has_none() {
        let share = |part, whole| Share { part, whole }.per_mille();
        assert_eq!(share(952, 1329), Some(716));
        assert_eq!(share(1, 2000), Some(1));
        assert_eq!(share(0, 0), None);
    }

    proptest! {
        #[test]
        fn selecting_equals_sorting(mut values in prop::collection::vec(any::<i64>(), 1..60), per_cent in 0_usize..=100) {
            let mut sorted = values.clone();
            sorted.sort_unstable();
            let at = (sorted.len() * per_cent).div_ceil(100).max(1) - 1;
            prop_assert_eq!(percentile(&mut values, per_cent), Some(sorted[at]));
            let summary = Summary::of(&mut values).unwrap();
            prop_assert_eq!(summary.least, sorted[0]);
            prop_assert_eq!(summary.most, sorted[sorted.len() - 1]);
            let (low, high) = (sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]);
            prop_assert_eq!(summary.median, low.midpoint(high));
        }
    }
}
