//! Dates as people write them, no more precise than they wrote them.
//!
//! `2010年7月` stays a month: nobody said it was the first.

use super::{Reading, is_placeholder};
use crate::{normalise::squeeze, problem::Code, workbook::Cell};
use jiff::civil::Date;

/// A year, a month or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DatePoint {
    pub year: i16,
    pub month: Option<i8>,
    pub day: Option<i8>,
}

/// How dates are written in text cells where two readings are possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateStyle {
    /// `2011-06-30`
    #[default]
    Iso,
    /// `6/30/2011`
    American,
    /// `30/6/2011`
    European,
}

impl DatePoint {
    /// A point that exists in the calendar.
    pub fn new(year: i16, month: Option<i8>, day: Option<i8>) -> Option<Self> {
        if !(1900..=2199).contains(&year) || (month.is_none() && day.is_some()) {
            return None;
        }
        Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?;
        Some(Self { year, month, day })
    }

    /// The first day that it covers.
    pub fn first_day(self) -> Date {
        Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
            .unwrap_or(Date::constant(self.year, 1, 1))
    }

    /// The last day that it covers.
    pub fn last_day(self) -> Date {
        match (self.month, self.day) {
            (_, Some(_)) => self.first_day(),
            (Some(_), None) => self.first_day().last_of_month(),
            (None, None) => self.first_day().last_of_year(),
        }
    }
}

impl From<Date> for DatePoint {
    fn from(date: Date) -> Self {
        Self {
            year: date.year(),
            month: Some(date.month()),
            day: Some(date.day()),
        }
    }
}

impl std::fmt::Display for DatePoint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(formatter, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(formatter, "-{day:02}")?;
        }
        Ok(())
    }
}

/// Reads a date, a month or a year.
pub fn read_date(cell: &Cell, style: DateStyle) -> Reading<DatePoint> {
    match cell {
        Cell::Empty => Reading::BLANK,
        Cell::Date(date) => Reading::plain((*date).into()),
        Cell::Number(number) => number_point(*number),
        Cell::Text(text) => {
            let text = trim_time(text);
            if is_placeholder(&text) {
                return Reading::BLANK;
            }
            text_point(&text, style)
        }
        Cell::Error(_) => Reading::unreadable(Code::CellError),
        Cell::Bool(_) => Reading::unreadable(Code::DateUnreadable),
    }
}

/// A number in a date column: a serial, a year, `2010.12`, `201012` or `20101231`.
pub(super) fn number_point(number: f64) -> Reading<DatePoint> {
    let point = if number.fract() == 0.0 && (0.0..1e9).contains(&number) {
        digits_point(number as u32)
    } else if (1900.0..2100.0).contains(&number) {
        let text = format!("{number}");
        return match text_point(&text, DateStyle::Iso) {
            // 2010.10 loses its zero on the way into a numeric cell.
            Reading {
                value: Some(point), ..
            } if text.ends_with(".1") => Reading::noted(point, Code::DateAmbiguousMonth),
            reading => reading,
        };
    } else if (20_000.0..80_000.0).contains(&number) {
        serial(number as u32)
    } else {
        None
    };
    point.map_or(Reading::unreadable(Code::DateUnreadable), Reading::plain)
}

fn digits_point(digits: u32) -> Option<DatePoint> {
    let part = |value: u32| i8::try_from(value).ok();
    let year = |value: u32| i16::try_from(value).ok();
    match digits {
        1900..=2199 => DatePoint::new(year(digits)?, None, None),
        20_000..=80_000 => serial(digits),
        190_001..=219_912 => DatePoint::new(year(digits / 100)?, Some(part(digits % 100)?), None),
        19_000_101..=21_991_231 => DatePoint::new(
            year(digits / 10_000)?,
            Some(part(digits / 100 % 100)?),
            Some(part(digits % 100)?),
        ),
        _ => None,
    }
}

/// The day of an Excel serial: 40377 is 2010-07-18.
fn serial(days: u32) -> Option<DatePoint> {
    let span = jiff::Span::new().try_days(i64::from(days)).ok()?;
    let date = Date::constant(1899, 12, 30).checked_add(span).ok()?;
    Some(date.into())
}

/// Drops a time of day, then all blanks.
fn trim_time(text: &str) -> String {
    let text = text.trim();
    let day = match text.split_once(['T', ' ']) {
        Some((day, time)) if time.contains(':') => day,
        _ => text,
    };
    squeeze(day)
}

/// Reads a point from squeezed text.
pub(super) fn text_point(text: &str, style: DateStyle) -> Reading<DatePoint> {
    let unreadable = Reading::unreadable(Code::DateUnreadable);
    let trimmed = text.trim_end_matches(['日', '号', '月', '年']);
    let parts: Vec<&str> = trimmed.split(['年', '月', '.', '-', '/', '、']).collect();
    if parts
        .iter()
        .any(|part| part.is_empty() || part.len() > 8 || !part.bytes().all(|b| b.is_ascii_digit()))
    {
        return unreadable;
    }
    let number = |part: &str| part.parse::<u32>().ok();
    let (year, month, day) = match (parts.as_slice(), style) {
        ([only], _) => {
            return match number(only) {
                Some(digits) if only.len() >= 4 => {
                    digits_point(digits).map_or(unreadable, Reading::plain)
                }
                Some(_) if only.len() == 2 && text.ends_with('年') => point(only, None, None),
                _ => unreadable,
            };
        }
        ([year, month], _) => (*year, Some(*month), None),
        ([month, day, year], DateStyle::American) if year.len() == 4 => {
            (*year, Some(*month), Some(*day))
        }
        ([day, month, year], DateStyle::European) if year.len() == 4 => {
            (*year, Some(*month), Some(*day))
        }
        ([year, month, day], _) => (*year, Some(*month), Some(*day)),
        _ => return unreadable,
    };
    point(year, month, day)
}

fn point(year: &str, month: Option<&str>, day: Option<&str>) -> Reading<DatePoint> {
    let unreadable = Reading::unreadable(Code::DateUnreadable);
    let short = match year.len() {
        4 => false,
        2 => true,
        _ => return unreadable,
    };
    let small = |part: Option<&str>| match part {
        None => Some(None),
        Some(text) if text.len() <= 2 => text.parse::<i8>().ok().map(Some),
        Some(_) => None,
    };
    let (Ok(year), Some(month), Some(day)) = (year.parse::<i16>(), small(month), small(day)) else {
        return unreadable;
    };
    let year = match (short, year) {
        (true, 0..50) => 2000 + year,
        (true, _) => 1900 + year,
        (false, _) => year,
    };
    match (DatePoint::new(year, month, day), short) {
        (None, _) => unreadable,
        (Some(point), true) => Reading::noted(point, Code::DateTwoDigitYear),
        (Some(point), false) => Reading::plain(point),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_keep_the_precision_they_were_written_with() {
        let read = |cell: Cell| {
            read_date(&cell, DateStyle::Iso)
                .value
                .map(|point| point.to_string())
        };
        for (text, date) in [
            ("2010-07-18", Some("2010-07-18")),
            ("2010.12", Some("2010-12")),
            ("2010年7月", Some("2010-07")),
            ("2010年7月18日", Some("2010-07-18")),
            ("２０１０／７／１", Some("2010-07-01")),
            ("2010年", Some("2010")),
            ("09.10", Some("2009-10")),
            ("98年3月", Some("1998-03")),
            ("20100718", Some("2010-07-18")),
            ("40377", Some("2010-07-18")),
            ("2005-06-30T00:00:00Z", Some("2005-06-30")),
            ("2010.13", None),
            ("2010-02-30", None),
            ("年底", None),
            ("/", None),
        ] {
            assert_eq!(read(Cell::Text(text.into())).as_deref(), date, "{text}");
        }
        for (number, date) in [
            (40377.0, Some("2010-07-18")),
            (40377.5, Some("2010-07-18")),
            (2010.0, Some("2010")),
            (2010.12, Some("2010-12")),
            (201012.0, Some("2010-12")),
            (-3.0, None),
            (f64::NAN, None),
        ] {
            assert_eq!(read(Cell::Number(number)).as_deref(), date, "{number}");
        }
        let us = Cell::Text("6/30/2011 12:00:00 AM".into());
        let read = read_date(&us, DateStyle::American).value;
        assert_eq!(
            read.map(|point| point.to_string()).as_deref(),
            Some("2011-06-30")
        );
    }

    #[test]
    fn january_and_october_are_not_confused_silently() {
        let reading = read_date(&Cell::Number(2010.1), DateStyle::Iso);
        assert_eq!(reading.note, Some(Code::DateAmbiguousMonth));
    }
}
