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
        /// A later year goes as this one does (按本年同月).
        Repeat = "repeat",
        /// Goes on changing as in the last twelve months (按近十二个月平均变化).
        Trend = "trend",
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

/// How a value goes on from month to month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// From nothing in January to its full amount in December (当年累计).
    Yearly,
    /// It comes and goes, and what is there stays: what the library holds (存量).
    Stock,
    /// It says how a month stands: a rate, a list of the year (当期水平).
    Level,
}

/// How many months back a trend looks.
const TREND: i64 = 12;
/// How many months a trend needs at least: less says little.
const TREND_LEAST: i64 = 3;

/// Forecasts a value at the end of a month from its course.
///
/// A year after the one the course ends in is taken to go as that one does. Nothing is said of a
/// course without points.
#[must_use]
pub fn forecast(course: &[Point], due: Period, growth: Growth) -> Option<Forecast> {
    let last = course.iter().max_by_key(|point| point.period)?;
    if due <= last.period {
        let upto = course.iter().filter(|point| point.period <= due);
        let reached = upto.max_by_key(|point| point.period)?;
        return made(reached.quantity, ForecastMethod::Reached);
    }
    match growth {
        Growth::Level => made(last.quantity, ForecastMethod::Level),
        Growth::Stock => trend(course, last, due),
        Growth::Yearly => within_year(course, last, due),
    }
}

fn made(quantity: Quantity, method: ForecastMethod) -> Option<Forecast> {
    Some(Forecast { quantity, method })
}

/// Goes on by what it changed in a month on the average, but never below nothing where it is not
/// there already.
fn trend(course: &[Point], last: &Point, due: Period) -> Option<Forecast> {
    let back = |point: &Point| months_between(point.period, last.period);
    let first = course.iter().filter(|point| back(point) <= TREND);
    let first = first.min_by_key(|point| point.period)?;
    let span = back(first);
    if span < TREND_LEAST {
        return made(last.quantity, ForecastMethod::Level);
    }
    let changed = Quantity(last.quantity.0.checked_sub(first.quantity.0)?);
    let to_come = changed.times(months_between(last.period, due), span)?;
    let comes_to = last.quantity.0.checked_add(to_come.0)?;
    let least = last.quantity.0.min(0);
    made(Quantity(comes_to.max(least)), ForecastMethod::Trend)
}

fn within_year(course: &[Point], last: &Point, due: Period) -> Option<Forecast> {
    let at = |period: Period| {
        let mut found = course.iter().filter(|point| point.period == period);
        found.next().map(|point| point.quantity)
    };
    if due.year() > last.period.year() {
        let same = Period::new(last.period.year(), due.month())?;
        // What that month came to this year, or will come to.
        let this_year = match at(same) {
            Some(reached) => Some(reached),
            None if same > last.period => within_year(course, last, same).map(|one| one.quantity),
            None => None,
        };
        return made(this_year?, ForecastMethod::Repeat);
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

fn months_between(from: Period, to: Period) -> i64 {
    let count = |period: Period| i64::from(period.year()) * 12 + i64::from(period.month());
    count(to) - count(from)
}
