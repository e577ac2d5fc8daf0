//! Where an indicator is going: simple, explained, in whole grains.

use super::Quantity;
use crate::Period;
use crate::words::words;

words! {
    /// How a forecast was made (预测方法).
    ForecastMethod {
        /// Grows as the year before did from this month to that one (按上年同期节奏).
        Season = "season",
        /// Goes on at the year's pace so far (按本年平均进度).
        Pace = "pace",
        /// Stays where it is (按当前水平).
        Level = "level",
        /// The month is over: it is what was reached (已到期).
        Reached = "reached",
    }
}

/// A value at the end of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The month.
    pub period: Period,
    /// The value.
    pub quantity: Quantity,
}

/// What an indicator will come to (预测值).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// The value.
    pub quantity: Quantity,
    /// How it was made.
    pub method: ForecastMethod,
}

/// Forecasts a value at the end of a month from its course.
///
/// `accumulates` says that it grows from nothing each January. Nothing is said of an accumulating
/// value in a year that has no figure yet, and of a course without points.
#[must_use]
pub fn forecast(course: &[Point], due: Period, accumulates: bool) -> Option<Forecast> {
    let last = course.iter().max_by_key(|point| point.period)?;
    let at = |period: Period| {
        let mut found = course.iter().filter(|point| point.period == period);
        found.next().map(|point| point.quantity)
    };
    let made = |quantity, method| Some(Forecast { quantity, method });
    if due <= last.period {
        let upto = course.iter().filter(|point| point.period <= due);
        let reached = upto.max_by_key(|point| point.period)?;
        return made(reached.quantity, ForecastMethod::Reached);
    }
    if !accumulates {
        return made(last.quantity, ForecastMethod::Level);
    }
    if due.year() != last.period.year() {
        return None;
    }
    let (then, end) = (at(last.period.year_before()), at(due.year_before()));
    if let (Some(then), Some(end)) = (then, end)
        && then.0 > 0
        && end >= then
    {
        return made(last.quantity.times(end.0, then.0)?, ForecastMethod::Season);
    }
    let (months, gone) = (i64::from(due.month()), i64::from(last.period.month()));
    made(last.quantity.times(months, gone)?, ForecastMethod::Pace)
}
