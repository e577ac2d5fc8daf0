//! By when, as plans say it: `9月底前`, `三季度`, `2025年12月31日`, `年底前`, `长期坚持`.

use crate::{
    normalise::squeeze,
    value::{DateStyle, read_date},
    workbook::Cell,
};
use jiff::civil::Date;

/// Reads a deadline within the time of a plan; what names no year lies in the plan's time.
/// `None` for what is none.
#[must_use]
pub fn read_deadline(text: &str, from: Date, until: Date) -> Option<Date> {
    let text = squeeze(text);
    // Of a span the end counts: 3月-9月, 2025年1月至12月.
    let last = text.rsplit(['至', '到', '~']).next().unwrap_or_default();
    let plain = last
        .trim_end_matches("完成")
        .trim_end_matches(['前', '。'])
        .trim_end_matches("之");
    // 2025年9月前 ends before the month begins, which the reader of dates does not know.
    if !last.ends_with("月前")
        && let Some(date) = read_date(&Cell::Text(plain.into()), DateStyle::Iso).value
    {
        return Some(date.last_day());
    }
    let last = last.rsplit('-').next().unwrap_or_default();
    if ALWAYS.iter().any(|word| last.contains(word)) {
        return Some(until);
    }
    let (year, rest) = match last.split_once('年') {
        Some((digits, rest)) if digits.len() == 4 => (Some(digits.parse().ok()?), rest),
        _ => (None, last),
    };
    let (month, day) = match rest.starts_with(['底', '末', '内']) {
        true => (12, None),
        false => place_in_year(rest)?,
    };
    let on = |year: i16| {
        let first = Date::new(year, month, 1).ok()?;
        Some(match day {
            Some(day) => Date::new(year, month, day).ok()?,
            None => first.last_of_month(),
        })
    };
    match year {
        Some(year) => on(year),
        None => {
            let mut years = from.year()..=until.year();
            let fits = years.find_map(|year| on(year).filter(|day| (from..=until).contains(day)));
            fits.or_else(|| on(until.year()))
        }
    }
}

/// Words for "until the plan ends".
const ALWAYS: [&str; 7] = ["长期", "持续", "常态", "全年", "年内", "贯穿", "每月"];

/// The month, and the day where one is named.
fn place_in_year(text: &str) -> Option<(i8, Option<i8>)> {
    let before = text.ends_with("月前");
    let text = text
        .trim_end_matches("完成")
        .trim_end_matches(['前', '。', '内'])
        .trim_end_matches(['底', '末', '之', '以']);
    let named = match text {
        "年" => Some(12),
        "上半年" | "半年" => Some(6),
        "下半年" => Some(12),
        "一季度" | "1季度" | "第一季度" => Some(3),
        "二季度" | "2季度" | "第二季度" => Some(6),
        "三季度" | "3季度" | "第三季度" => Some(9),
        "四季度" | "4季度" | "第四季度" => Some(12),
        _ => None,
    };
    if let Some(month) = named {
        return Some((month, None));
    }
    let (month, rest) = text.split_once('月')?;
    let month: i8 = month
        .parse()
        .ok()
        .filter(|month| (1..=12).contains(month))?;
    // 9月前 is before the month begins.
    if before && rest.is_empty() {
        return (month > 1).then_some((month - 1, None));
    }
    let day = match rest.trim_end_matches(['份', '底', '末']) {
        "" => None,
        "上旬" => Some(10),
        "中旬" => Some(20),
        "下旬" => None,
        day => Some(day.trim_end_matches(['日', '号']).parse().ok()?),
    };
    Some((month, day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn deadlines_are_read_within_the_time_of_the_plan() {
        let read = |text: &str| {
            let found = read_deadline(text, date(2025, 3, 1), date(2026, 6, 30));
            found.map_or_else(|| "-".to_owned(), |day| day.to_string())
        };
        for (text, day) in [
            ("2025-12-31", "2025-12-31"),
            ("2025年12月31日", "2025-12-31"),
            ("2025年12月31日前完成", "2025-12-31"),
            ("2025年9月", "2025-09-30"),
            ("2025年9月底前", "2025-09-30"),
            ("9月底前", "2025-09-30"),
            ("9月前", "2025-08-31"),
            ("2月底前", "2026-02-28"),
            ("8月中旬", "2025-08-20"),
            ("4月15日", "2025-04-15"),
            ("三季度", "2025-09-30"),
            ("第二季度末", "2025-06-30"),
            ("上半年", "2025-06-30"),
            ("年底前", "2025-12-31"),
            ("2025年底", "2025-12-31"),
            ("2026年上半年", "2026-06-30"),
            ("3月至11月", "2025-11-30"),
            ("2025年3月-11月", "2025-11-30"),
            ("长期坚持", "2026-06-30"),
            ("持续推进", "2026-06-30"),
            ("尽快", "-"),
            ("13月", "-"),
            ("2月30日", "-"),
            ("", "-"),
        ] {
            assert_eq!(read(text), day, "{text}");
        }
    }
}
