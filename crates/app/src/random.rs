//! A small seeded generator for invented data: the same seed gives the same region for ever.
//!
//! Not for secrets. It is our own because the streams of generators in libraries change between
//! versions, and invented figures must not.

/// Draws numbers (SplitMix64).
#[derive(Clone, Debug)]
pub(crate) struct Draw(u64);

impl Draw {
    /// Starts at a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Draws from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low).saturating_add(1);
        let drawn = (u128::from(self.next()) * u128::from(span)) >> 64;
        low.saturating_add(i64::try_from(drawn).unwrap_or(0))
    }

    /// Says yes so many times in a thousand.
    pub(crate) fn chance(&mut self, per_mille: i64) -> bool {
        self.between(0, 999) < per_mille
    }

    /// Draws the place of one of several weights.
    pub(crate) fn weighted(&mut self, weights: &[i64]) -> usize {
        let mut left = self.between(0, weights.iter().sum::<i64>() - 1);
        for (at, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0 {
                return at;
            }
        }
        0
    }

    /// Draws one of several things; there must be one.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let last = i64::try_from(items.len()).unwrap_or(1) - 1;
        let at = self.between(0, last.max(0));
        &items[usize::try_from(at).unwrap_or(0)]
    }
}
