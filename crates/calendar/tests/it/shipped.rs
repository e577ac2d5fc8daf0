//! The shipped days of mainland China against published figures.
//!
//! The day-by-day comparison with two independent packages is
//! `make check-calendar`; these rows hold without a network.

use gangmu_calendar::{CalendarError, DayKind, WorkingDays};
use jiff::civil::Date;

use crate::{china, day};

#[track_caller]
fn check_year(year: i16, working_days: u32, off: &str, worked: &str) {
    let calendar = china();
    let (first, next) = (
        Date::new(year, 1, 1).unwrap(),
        Date::new(year + 1, 1, 1).unwrap(),
    );
    assert_eq!(
        calendar.working_days_between(first, next),
        Ok(WorkingDays(working_days))
    );
    let listed = |kind: DayKind| {
        let days = first.series(jiff::Span::new().days(1));
        days.take_while(|date| *date < next)
            .filter(|date| calendar.day(*date).unwrap().kind == kind)
            .collect::<Vec<_>>()
    };
    assert_eq!(listed(DayKind::Holiday), spans(year, off));
    assert_eq!(listed(DayKind::ShiftedWorkday), spans(year, worked));
}

/// Reads `1/28-2/4` and `10/1` as the notices print them.
fn spans(year: i16, text: &str) -> Vec<Date> {
    let parse = |text: &str| {
        let (month, day) = text.split_once('/').unwrap();
        Date::new(year, month.parse().unwrap(), day.parse().unwrap()).unwrap()
    };
    text.split_whitespace()
        .flat_map(|span| {
            let (from, to) = span.split_once('-').unwrap_or((span, span));
            let (from, to) = (parse(from), parse(to));
            from.series(jiff::Span::new().days(1))
                .take_while(move |date| *date <= to)
        })
        .collect()
}

#[test]
fn the_year_2024_is_as_the_notice_says() {
    // New Year's Eve (02-09) was not a day off in the notice, hence a workday.
    check_year(
        2024,
        251,
        "1/1 2/10-2/17 4/4-4/6 5/1-5/5 6/10 9/15-9/17 10/1-10/7",
        "2/4 2/18 4/7 4/28 5/11 9/14 9/29 10/12",
    );
    assert_eq!(china().is_working_day(day("2024-02-09")), Ok(true));
}

#[test]
fn the_year_2025_is_as_the_notice_says() {
    check_year(
        2025,
        248,
        "1/1 1/28-2/4 4/4-4/6 5/1-5/5 5/31-6/2 10/1-10/8",
        "1/26 2/8 4/27 9/28 10/11",
    );
    let calendar = china();
    let autumn = calendar.day(day("2025-10-06")).unwrap();
    assert_eq!(autumn.holiday, Some("中秋节"));
}

#[test]
fn the_year_2026_is_as_the_notice_says() {
    check_year(
        2026,
        248,
        "1/1-1/3 2/15-2/23 4/4-4/6 5/1-5/5 6/19-6/21 9/25-9/27 10/1-10/7",
        "1/4 2/14 2/28 5/9 9/20 10/10",
    );
}

#[test]
fn the_file_knows_every_day_of_2004_to_2026() {
    let (first, last) = china().span();
    assert_eq!((first, last), (day("2004-01-01"), day("2026-12-31")));
    assert_eq!(first.until(last).unwrap().get_days() + 1, 8_401);
}

#[test]
fn the_last_saturday_of_2005_was_worked() {
    // 国办发明电〔2005〕35号: 12月31日（星期六）上班.
    let calendar = china();
    let saturday = calendar.day(day("2005-12-31")).unwrap();
    assert_eq!(saturday.kind, DayKind::ShiftedWorkday);
    assert_eq!(saturday.holiday, Some("元旦"));
}

#[test]
fn a_year_without_data_is_refused_by_name() {
    let calendar = china();
    let refused = |year| {
        let name = "cn".into();
        Err::<(), _>(CalendarError::MissingYear { name, year })
    };
    assert_eq!(
        calendar.is_working_day(day("2027-01-04")).map(drop),
        refused(2027)
    );
    assert_eq!(
        calendar.is_working_day(day("2003-12-31")).map(drop),
        refused(2003)
    );
    let late = calendar.add_working_days(day("2026-12-30"), WorkingDays(5));
    assert_eq!(late.clone().map(drop), refused(2027));
    insta::assert_snapshot!(late.unwrap_err(), @"calendar cn has no data for 2027: load the file cn-2027.csv (format: data/calendar/README.md)");
}

#[test]
fn spring_festival_shift_days_count_as_working_days() {
    // Accepted on Friday 02-13: Saturday 02-14 (shifted) is day 1, 02-24 day 2.
    #[track_caller]
    fn check_limit(from: &str, n: u32, due: &str) {
        let found = china().add_working_days(day(from), WorkingDays(n));
        assert_eq!(found, Ok(day(due)));
    }
    check_limit("2026-02-13", 0, "2026-02-13");
    check_limit("2026-02-13", 1, "2026-02-14");
    check_limit("2026-02-13", 2, "2026-02-24");
    check_limit("2026-02-13", 5, "2026-02-27");
    check_limit("2026-02-13", 6, "2026-02-28");
    check_limit("2026-02-13", 7, "2026-03-02");
    // From a day off the count is the same as from the working day before it.
    check_limit("2026-02-15", 1, "2026-02-24");
    check_limit("2026-02-23", 1, "2026-02-24");
    check_limit("2026-12-30", 1, "2026-12-31");
}

#[test]
fn the_nth_working_day_of_a_month_is_found_or_refused() {
    #[track_caller]
    fn check(month: i8, n: u32, expected: &str) {
        let found = china().nth_working_day_of_month(2026, month, WorkingDays(n));
        let found = found.map_or_else(|error| error.to_string(), |date| date.to_string());
        assert_eq!(found, expected);
    }
    check(1, 1, "2026-01-04");
    check(2, 5, "2026-02-06");
    check(10, 1, "2026-10-08");
    check(12, 23, "2026-12-31");
    check(12, 24, "2026-12 has no working day number 24");
    check(2, 0, "2026-02 has no working day number 0");
    check(13, 1, "2026-13 has no working day number 1");
    check(
        i8::MIN,
        u32::MAX,
        "2026--128 has no working day number 4294967295",
    );
}
