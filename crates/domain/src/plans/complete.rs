//! How much of what it set out to do a task or a plan has done, its indicators weighed by points.
//!
//! What a reader would get wrong: an indicator does not count for more than its points, however far
//! beyond its target it is; one of which nothing is known yet counts as nothing done.

use super::{Direction, Indicator, Quantity};
use crate::money::div_round;

/// Points of weight reached out of those there are (加权完成度).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Reached, in ten-thousandths of a point.
    pub reached: i64,
    /// All there are, in ten-thousandths of a point.
    pub points: i64,
    /// Indicators that count: those with points.
    pub counted: usize,
    /// Of them, those of which nothing is known.
    pub unknown: usize,
}

impl Indicator {
    /// Returns how much of its target a value is, in ten-thousandths from 0 to 10,000.
    ///
    /// An indicator that should rise: the value over the target. One that should fall: how far it came
    /// down from its baseline, or without one the target over the value.
    #[must_use]
    pub fn completion(&self, value: Quantity) -> i64 {
        if self.reaches(value, self.target) {
            return Completion::WHOLE;
        }
        let (done, all) = match (self.direction, self.baseline) {
            (Direction::Up, _) => (i128::from(value.0), i128::from(self.target.0)),
            (Direction::Down, Some(from)) if from > self.target => {
                let way = |to: Quantity| i128::from(from.0) - i128::from(to.0);
                (way(value), way(self.target))
            }
            (Direction::Down, _) => (i128::from(self.target.0), i128::from(value.0)),
        };
        if done <= 0 || all <= 0 {
            return 0;
        }
        // What is not reached is never printed as the whole.
        let part = div_round(done * i128::from(Completion::WHOLE), all).unwrap_or(0);
        part.clamp(0, Completion::WHOLE - 1)
    }
}

impl Completion {
    /// The whole of an indicator, or a point, in ten-thousandths.
    pub const WHOLE: i64 = 10_000;

    /// Weighs indicators with what they stand at.
    #[must_use]
    pub fn of<'a>(all: impl IntoIterator<Item = (&'a Indicator, Option<Quantity>)>) -> Self {
        let mut sum = Self::default();
        for (one, value) in all {
            if one.weight == 0 {
                continue;
            }
            let weight = i64::from(one.weight);
            sum.counted += 1;
            sum.points = sum
                .points
                .saturating_add(weight.saturating_mul(Self::WHOLE));
            match value {
                None => sum.unknown += 1,
                Some(value) => {
                    let part = weight.saturating_mul(one.completion(value));
                    sum.reached = sum.reached.saturating_add(part);
                }
            }
        }
        sum
    }
}
