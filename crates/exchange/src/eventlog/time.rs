//! Instants of event logs.
//!
//! What a reader would get wrong: an instant without an offset is taken as UTC, as the process
//! mining tools do; XES does not say. Fractions below a millisecond are cut off.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Reads `2011-10-11T13:42:22.688+02:00`, with a blank for the `T`, without an offset (UTC).
/// Returns milliseconds since 1970.
pub(super) fn read(text: &str) -> Option<i64> {
    let text = text.trim();
    if !is_like_one(text) {
        return None;
    }
    let instant = text.parse::<Timestamp>().ok().or_else(|| {
        let civil = text.parse::<DateTime>().ok()?;
        civil.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp())
    })?;
    Some(instant.as_millisecond())
}

/// Tells whether a text has the shape of an instant, before anything is spent on reading it.
pub(super) fn is_like_one(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes, [y, _, _, _, b'-', _, _, b'-', _, _, b'T' | b' ', ..] if y.is_ascii_digit())
        && (19..=40).contains(&bytes.len())
}

/// Writes `2011-10-11T11:42:22.688+00:00`. Instants outside the years −9999 to 9999 are written
/// as the nearest inside.
pub(super) fn write(at: i64, out: &mut String) {
    let nearest = if at < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    let instant = Timestamp::from_millisecond(at).unwrap_or(nearest);
    let civil = TimeZone::UTC.to_datetime(instant);
    let (date, time) = (civil.date(), civil.time());
    let text = format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}+00:00",
        date.year(),
        date.month(),
        date.day(),
        time.hour(),
        time.minute(),
        time.second(),
        time.millisecond()
    );
    out.push_str(&text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_with_any_offset_and_without_one_as_utc() {
        let at = 1_318_333_342_688;
        for text in [
            "2011-10-11T13:42:22.688+02:00",
            "2011-10-11 13:42:22.688000+02:00",
            " 2011-10-11T11:42:22.688Z",
            "2011-10-11T11:42:22.6889",
        ] {
            assert_eq!(read(text), Some(at), "{text}");
        }
        for text in [
            "",
            "2011-10-11",
            "2011-13-11T11:42:22Z",
            "yesterday",
            "1318333342688",
            "１２３４-01-01T00:00:00Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        let mut out = String::new();
        write(at, &mut out);
        assert_eq!(out, "2011-10-11T11:42:22.688+00:00");
        assert_eq!(read(&out), Some(at));
    }
}
