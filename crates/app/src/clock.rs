//! Where the time comes from: one seam, so that tests and demo data can stand at any day.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use jiff::civil::{Date, DateTime};
use jiff::tz::{self, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

/// Tells the instant.
pub trait Clock: Send + Sync {
    /// Returns the instant.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine for the time"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is set.
#[derive(Debug)]
pub struct FixedClock(std::sync::Mutex<Timestamp>);

impl FixedClock {
    /// Stands at noon of a day.
    #[must_use]
    pub fn at(day: Date) -> Self {
        Self(std::sync::Mutex::new(noon(day)))
    }

    /// Moves to noon of a day.
    pub fn set(&self, day: Date) {
        if let Ok(mut now) = self.0.lock() {
            *now = noon(day);
        }
    }

    /// Moves on by so many seconds.
    pub fn advance(&self, seconds: i64) {
        if let Ok(mut now) = self.0.lock() {
            *now = now.saturating_add(seconds.seconds()).unwrap_or(*now);
        }
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0.lock().map_or(Timestamp::UNIX_EPOCH, |now| *now)
    }
}

/// The clock of an application: another one, set off by whole days where a demonstration goes on
/// from the last day of its story (演示日期).
///
/// Days only: the time of day stays, so that whatever lasts hours (a session, a lock after failed
/// log-ins) lasts as long as ever.
#[derive(Clone)]
pub(crate) struct StoryClock {
    inner: Arc<dyn Clock>,
    days: Arc<AtomicI32>,
}

impl StoryClock {
    pub(crate) fn new(inner: Arc<dyn Clock>) -> Self {
        Self {
            inner,
            days: Arc::default(),
        }
    }

    /// Returns the instant of the clock underneath.
    pub(crate) fn real(&self) -> Timestamp {
        self.inner.now()
    }

    /// Goes on from a story: its last day was told at an instant of the clock underneath.
    pub(crate) fn go_on_from(&self, last: Date, told: Timestamp) {
        let days = last.duration_since(civil_date(told)).as_hours() / 24;
        self.days
            .store(i32::try_from(days).unwrap_or(0), Ordering::Relaxed);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        let now = self.inner.now();
        let days = self.days.load(Ordering::Relaxed);
        let off = SignedDuration::from_hours(24 * i64::from(days));
        now.checked_add(off).unwrap_or(now)
    }
}

/// China keeps one time, eight hours ahead, without summer time since 1992.
fn zone() -> TimeZone {
    TimeZone::fixed(tz::offset(8))
}

/// Returns the civil date of an instant where the region lies.
pub(crate) fn civil_date(instant: Timestamp) -> Date {
    instant.to_zoned(zone()).date()
}

/// Returns the civil time of day of an instant in milliseconds since 1970.
pub(crate) fn civil_time(at: i64) -> jiff::civil::Time {
    let instant = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    instant.to_zoned(zone()).time()
}

/// Returns the civil date and time of an instant in milliseconds since 1970.
pub(crate) fn civil_of(at: i64) -> DateTime {
    let instant = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    instant.to_zoned(zone()).datetime()
}

/// Returns the instant of a civil date and time, in milliseconds since 1970.
pub(crate) fn instant_of(civil: DateTime) -> i64 {
    civil
        .to_zoned(zone())
        .map_or(0, |zoned| zoned.timestamp().as_millisecond())
}

fn noon(day: Date) -> Timestamp {
    day.at(12, 0, 0, 0)
        .to_zoned(zone())
        .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

/// Returns the civil date of an instant in milliseconds since 1970.
pub(crate) fn day_of(at: i64) -> Date {
    civil_date(Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH))
}
