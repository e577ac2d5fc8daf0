//! What a person or a group wants to hear of, and when.

use std::collections::BTreeMap;

use jiff::civil::{DateTime, Time};

use super::{NoticeKind, Way};

/// Hours in which nothing is sent, as minutes since midnight; they may go past midnight (免打扰时段).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// The first minute of quiet, 0 to 1439.
    pub from: u16,
    /// The first minute after it, 0 to 1439.
    pub to: u16,
}

impl Quiet {
    /// Says whether a minute of the day is within; equal ends mean no quiet at all.
    #[must_use]
    pub fn holds(self, minute: u16) -> bool {
        match self.from <= self.to {
            true => (self.from..self.to).contains(&minute),
            false => minute >= self.from || minute < self.to,
        }
    }
}

/// How notices are sent on (通知设置).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preference {
    /// The way of each kind; a kind that is not named goes at once.
    pub ways: BTreeMap<NoticeKind, Way>,
    /// When nothing is sent.
    pub quiet: Option<Quiet>,
    /// The minute of the day at which what was gathered is sent, 0 to 1439.
    pub digest_at: u16,
}

impl Default for Preference {
    /// At once, at any hour; a digest, where one is chosen, at half past eight.
    fn default() -> Self {
        Self {
            ways: BTreeMap::new(),
            quiet: None,
            digest_at: 8 * 60 + 30,
        }
    }
}

impl Preference {
    /// Returns the way of a kind.
    #[must_use]
    pub fn way(&self, kind: NoticeKind) -> Way {
        self.ways.get(&kind).copied().unwrap_or(Way::AtOnce)
    }

    /// Returns the instant from which a notice of a kind may be sent on; `None` when it stays in
    /// the inbox.
    ///
    /// Quiet hours hold for a digest too: it comes when they end.
    #[must_use]
    pub fn send_from(&self, kind: NoticeKind, now: DateTime) -> Option<DateTime> {
        let wanted = match self.way(kind) {
            Way::Inbox => return None,
            Way::AtOnce => now,
            Way::Digest => next(now, self.digest_at),
        };
        Some(self.quiet_until(wanted).unwrap_or(wanted))
    }

    /// Returns when the quiet hours end that an instant falls into; `None` when it falls into none.
    #[must_use]
    pub fn quiet_until(&self, now: DateTime) -> Option<DateTime> {
        let quiet = self.quiet.filter(|quiet| quiet.holds(minute_of(now)))?;
        Some(next(now, quiet.to))
    }
}

/// Reads a time of day such as `08:30`, as minutes since midnight.
#[must_use]
pub fn minute_from_text(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits =
        |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// Writes minutes since midnight as `08:30`.
#[must_use]
pub fn minute_text(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn minute_of(at: DateTime) -> u16 {
    u16::try_from(i32::from(at.hour()) * 60 + i32::from(at.minute())).unwrap_or(0)
}

/// The next instant at which the day is so many minutes old; a minute that runs now is over.
fn next(after: DateTime, minute: u16) -> DateTime {
    let time = Time::new(
        i8::try_from(minute / 60).unwrap_or(0),
        i8::try_from(minute % 60).unwrap_or(0),
        0,
        0,
    )
    .unwrap_or(Time::midnight());
    let today = after.date().to_datetime(time);
    match today > after {
        true => today,
        // The last day of the calendar has no next; nobody will see it.
        false => after
            .date()
            .tomorrow()
            .map_or(after, |day| day.to_datetime(time)),
    }
}
