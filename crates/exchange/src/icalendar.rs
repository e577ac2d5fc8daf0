//! Writes calendars that calendar programs subscribe to (iCalendar, RFC 5545; 日历订阅).
//!
//! What a reader would get wrong: lines are folded at 75 octets, not characters, and never inside
//! one; and a deadline is a whole day, which has no time zone and is the same day everywhere.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// A calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// What programs call it.
    pub name: String,
    /// When it was written down.
    pub at: Timestamp,
    /// The deadlines.
    pub deadlines: Vec<Deadline>,
}

/// Something that is due on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The same for ever, also when the day moves; unique in the world.
    pub uid: String,
    /// The day.
    pub on: Date,
    /// What it is, in a line.
    pub summary: String,
    /// More of it; empty for nothing.
    pub description: String,
    /// Where the work is; empty for nowhere.
    pub url: String,
}

/// The longest line, in octets without its end.
const LONGEST: usize = 75;

/// Writes a calendar.
#[must_use]
pub fn write_calendar(calendar: &Calendar) -> String {
    let mut out = String::new();
    for line in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Gangmu//Gangmu//ZH",
    ] {
        put(&mut out, line);
    }
    put(&mut out, "CALSCALE:GREGORIAN");
    put(&mut out, "METHOD:PUBLISH");
    put(&mut out, &format!("X-WR-CALNAME:{}", text(&calendar.name)));
    // Nothing here depends on it; programs show the subscription under it.
    put(&mut out, "X-WR-TIMEZONE:Asia/Shanghai");
    for deadline in &calendar.deadlines {
        event(&mut out, deadline, calendar.at);
    }
    put(&mut out, "END:VCALENDAR");
    out
}

fn event(out: &mut String, deadline: &Deadline, at: Timestamp) {
    put(out, "BEGIN:VEVENT");
    put(out, &format!("UID:{}", text(&deadline.uid)));
    put(out, &format!("DTSTAMP:{}", instant(at)));
    put(out, &format!("DTSTART;VALUE=DATE:{}", day(deadline.on)));
    // The end is the first day after it; the last day of the calendar has none, nor needs one.
    if let Ok(next) = deadline.on.tomorrow() {
        put(out, &format!("DTEND;VALUE=DATE:{}", day(next)));
    }
    put(out, &format!("SUMMARY:{}", text(&deadline.summary)));
    if !deadline.description.is_empty() {
        put(out, &format!("DESCRIPTION:{}", text(&deadline.description)));
    }
    if !deadline.url.is_empty() {
        put(out, &format!("URL:{}", one_line(&deadline.url)));
    }
    // A deadline takes none of anybody's time.
    put(out, "TRANSP:TRANSPARENT");
    put(out, "END:VEVENT");
}

fn day(on: Date) -> String {
    format!("{:04}{:02}{:02}", on.year(), on.month(), on.day())
}

fn instant(at: Timestamp) -> String {
    let utc = Offset::UTC.to_datetime(at);
    format!(
        "{}T{:02}{:02}{:02}Z",
        day(utc.date()),
        utc.hour(),
        utc.minute(),
        utc.second()
    )
}

/// Escapes a text; other control characters have no place in one.
fn text(of: &str) -> String {
    let mut out = String::with_capacity(of.len());
    for c in of.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' | '\r' => out.push_str("\\n"),
            c if c.is_control() && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}

/// An address has no escapes; what would end the line is left out.
fn one_line(of: &str) -> String {
    of.chars().filter(|c| !c.is_control()).collect()
}

/// Adds a line, folded: what follows stands on lines that begin with a space.
fn put(out: &mut String, line: &str) {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > LONGEST {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}
