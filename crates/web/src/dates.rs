//! Dates as people read them. Instants are shown in China Standard Time, which has no summer time
//! and holds for every user, whatever the machine's own zone.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use crate::i18n::Lang;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// "2025年12月31日" or "31 Dec 2025".
pub fn day(date: Date, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        Lang::En => format!("{} {} {}", date.day(), month_name(date), date.year()),
    }
}

/// "2025年12月" or "Dec 2025".
pub fn month(date: Date, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("{}年{}月", date.year(), date.month()),
        Lang::En => format!("{} {}", month_name(date), date.year()),
    }
}

/// The same of a month as programs write it, 2025-12; what is none stays as it is.
pub fn month_of(text: &str, lang: Lang) -> String {
    parse(text).map_or_else(|| text.to_owned(), |day| month(day, lang))
}

/// "2025-12-31 17:05", the same in both languages.
pub fn instant(at: Timestamp) -> String {
    at.to_zoned(TimeZone::fixed(Offset::constant(8)))
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

/// Reads `2025-12-31`, or `2025-12` as its first day.
pub fn parse(text: &str) -> Option<Date> {
    text.parse()
        .ok()
        .or_else(|| format!("{text}-01").parse().ok())
}

fn month_name(date: Date) -> &'static str {
    usize::try_from(date.month() - 1)
        .ok()
        .and_then(|index| MONTHS.get(index))
        .copied()
        .unwrap_or("?")
}
