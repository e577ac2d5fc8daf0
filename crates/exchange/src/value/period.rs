//! First and last month of construction, in all the ways that people write them.
//!
//! An open end (`2010-`) is a value: the work goes on. It is not a missing one.

use super::{
    Reading,
    date::{DatePoint, DateStyle, number_point, text_point},
    is_placeholder,
};
use crate::{normalise::squeeze, problem::Code, workbook::Cell};

/// A span of time whose ends may be open (建设起止年限).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PeriodRange {
    pub from: Option<DatePoint>,
    pub to: Option<DatePoint>,
}

impl std::fmt::Display for PeriodRange {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = |point: Option<DatePoint>| point.map(|point| point.to_string());
        write!(
            formatter,
            "{}/{}",
            end(self.from).unwrap_or_else(|| "..".into()),
            end(self.to).unwrap_or_else(|| "..".into())
        )
    }
}

/// Reads a span; a single year or month is a span of its own length.
pub fn read_period_range(cell: &Cell) -> Reading<PeriodRange> {
    match cell {
        Cell::Empty => Reading::BLANK,
        Cell::Date(date) => Reading::plain(single((*date).into())),
        Cell::Number(number) => relabel(number_point(*number).map(single)),
        Cell::Text(text) => {
            let text = plain_dashes(&squeeze(text));
            if is_placeholder(&text) {
                Reading::BLANK
            } else {
                relabel(text_range(&text))
            }
        }
        Cell::Error(_) => Reading::unreadable(Code::CellError),
        Cell::Bool(_) => Reading::unreadable(Code::PeriodUnreadable),
    }
}

fn single(point: DatePoint) -> PeriodRange {
    PeriodRange {
        from: Some(point),
        to: Some(point),
    }
}

fn relabel(reading: Reading<PeriodRange>) -> Reading<PeriodRange> {
    match reading.note {
        Some(Code::DateUnreadable) => Reading::unreadable(Code::PeriodUnreadable),
        _ => reading,
    }
}

/// Dashes that can only part two dates become `~`; the hyphen stays ambiguous.
fn plain_dashes(text: &str) -> String {
    text.replace("--", "~")
        .replace("——", "~")
        .replace(['—', '―', '─', '至', '到', '→'], "~")
        .replace("~~", "~")
}

fn text_range(text: &str) -> Reading<PeriodRange> {
    if let Some((left, right)) = text.split_once('~') {
        return join(left, right);
    }
    let hyphens: Vec<usize> = text.match_indices('-').map(|(at, _)| at).collect();
    match hyphens.as_slice() {
        [] => point(text).map(single),
        [.., last] if text.ends_with('-') => cut(text, *last),
        [at] => one_hyphen(text, *at),
        // 2010-07-18
        [_, _] => point(text).map(single),
        // 2010-03-2011-05 and 2010-07-18-2011-08-01
        [_, middle, _] | [_, _, middle, _, _] => cut(text, *middle),
        _ => Reading::unreadable(Code::PeriodUnreadable),
    }
}

fn cut(text: &str, at: usize) -> Reading<PeriodRange> {
    let (left, right) = text.split_at(at);
    join(left, right.trim_start_matches('-'))
}

/// `2009-2011`, `09.10-11.3`, `2010-`; but `2010-07` is a month and `2009-11` unclear.
fn one_hyphen(text: &str, at: usize) -> Reading<PeriodRange> {
    let (left, right) = text.split_at(at);
    let right = right.trim_start_matches('-');
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let bare_year = left.len() == 4 && digits(left);
    let short_right = right.len() <= 2 && !right.is_empty() && digits(right);
    if bare_year && short_right {
        let year: u32 = left
            .get(2..)
            .and_then(|year| year.parse().ok())
            .unwrap_or(0);
        let number: u32 = right.parse().unwrap_or(0);
        return match (number > year, number <= 12) {
            (true, true) if right.len() == 2 => Reading::unreadable(Code::PeriodAmbiguous),
            (true, false) => join(left, &format!("20{right}")),
            _ => point(text).map(single),
        };
    }
    join(left, right)
}

fn join(left: &str, right: &str) -> Reading<PeriodRange> {
    if left.is_empty() && right.is_empty() {
        return Reading::unreadable(Code::PeriodUnreadable);
    }
    let from = end(left);
    let to = match from.value {
        Some(start) => end(&complete(right, left, start)),
        None => end(right),
    };
    let unreadable =
        |reading: &Reading<DatePoint>| reading.value.is_none() && reading.note.is_some();
    if unreadable(&from) || unreadable(&to) {
        return Reading::unreadable(Code::PeriodUnreadable);
    }
    if let (Some(from), Some(to)) = (from.value, to.value)
        && to.last_day() < from.first_day()
    {
        return Reading::unreadable(Code::PeriodReversed);
    }
    Reading {
        value: Some(PeriodRange {
            from: from.value,
            to: to.value,
        }),
        note: from.note.or(to.note),
    }
}

/// In `2010年3-12月` the right side takes its year from the left.
fn complete(right: &str, left: &str, start: DatePoint) -> String {
    let month = right.strip_suffix('月').unwrap_or_default();
    let bare = !month.is_empty() && month.len() <= 2 && month.bytes().all(|b| b.is_ascii_digit());
    if bare && left.contains('年') {
        format!("{}年{right}", start.year)
    } else {
        right.to_owned()
    }
}

fn end(text: &str) -> Reading<DatePoint> {
    if text.is_empty() || matches!(text, "今" | "长期" | "今后") {
        Reading::BLANK
    } else {
        point(text)
    }
}

fn point(text: &str) -> Reading<DatePoint> {
    // A bare two-digit number is a year here: 09-11 means 2009 to 2011.
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text_point(&format!("{text}年"), DateStyle::Iso);
    }
    text_point(text, DateStyle::Iso)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_in_every_style_of_the_papers() {
        for (text, range) in [
            ("2007.10-2010.12", "2007-10/2010-12"),
            ("2011.01-2012.12", "2011-01/2012-12"),
            ("2010-", "2010/.."),
            ("09.10-11.3", "2009-10/2011-03"),
            ("2009-2011", "2009/2011"),
            ("２００９－２０１１", "2009/2011"),
            ("2009～2011", "2009/2011"),
            ("2009—2011", "2009/2011"),
            ("2009——2011年", "2009/2011"),
            ("2009年3月至2011年5月", "2009-03/2011-05"),
            ("2009 至 2011", "2009/2011"),
            ("2010年3-12月", "2010-03/2010-12"),
            ("2010-07", "2010-07/2010-07"),
            ("2010-07-18", "2010-07-18/2010-07-18"),
            ("2010-03-2011-05", "2010-03/2011-05"),
            ("2010-07-18至2011-08-01", "2010-07-18/2011-08-01"),
            ("2009-15", "2009/2015"),
            ("-2012", "../2012"),
            ("2010", "2010/2010"),
            ("2010.5至今", "2010-05/.."),
            ("2009-11", "PeriodAmbiguous"),
            ("2012-2009", "PeriodReversed"),
            ("十二五期间", "PeriodUnreadable"),
            ("-", "blank"),
        ] {
            let reading = read_period_range(&Cell::Text(text.into()));
            let read = match (reading.value, reading.note) {
                (Some(range), _) => range.to_string(),
                (None, Some(code)) => format!("{code:?}"),
                (None, None) => "blank".into(),
            };
            assert_eq!(read, range, "{text}");
        }
    }
}
