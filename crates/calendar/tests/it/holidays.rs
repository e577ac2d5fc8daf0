//! Reading the day files: what is refused, how later years and regions are laid on.

use gangmu_calendar::{Calendar, CalendarError, DayKind, Holidays, Overrides};
use proptest::prelude::*;

use crate::{SHIPPED, china, day};

fn problems(text: &str) -> String {
    let problems = Holidays::parse(text).unwrap_err();
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn all_problems_of_a_file_are_reported_at_once() {
    insta::assert_snapshot!(problems(
        "date,kind,name\n\
         2027-01-01,off,元旦\n\
         \n\
         # a note\n\
         2027-02-30,off,春节\n\
         20270206,off,春节\n\
         2027-02-06,holiday,\n\
         2027-02-08,work,春节\n\
         2027-01-01,off,元旦\n\
         0227-01-01,off,元旦\n\
         2027-05-01,off\n\
         2027-05-02,off,劳动节,三天\n"
    ), @"
    line 5: found 2027-02-30, expected a date written 2026-10-01
    line 6: found 20270206, expected a date written 2026-10-01
    line 7: found holiday, expected `off` or `work`
    line 7: found an empty name, expected the name of the holiday
    line 8: found 2027-02-08 (Monday), expected a Saturday or Sunday for `work`
    line 9: found 2027-01-01, expected each date once (it is on line 2 already)
    line 10: found 0227-01-01, expected a year from 1949 to 2199
    line 11: found 2027-05-01,off, expected three fields `date,kind,name`
    line 12: found 2027-05-02,off,劳动节,三天, expected three fields `date,kind,name`
    ");
}

#[test]
fn a_file_that_is_no_calendar_is_refused() {
    insta::assert_snapshot!(problems(""), @"line 1: found nothing, expected the header `date,kind,name`");
    insta::assert_snapshot!(problems("日期,类型,名称\n2027-01-01,off,元旦"), @"line 1: found 日期,类型,名称, expected the header `date,kind,name`");
    insta::assert_snapshot!(problems("date,kind,name\n2027-10-01,off,国庆节"), @"line 1: found no 1 January, expected the rows of at least one whole year, its 1 January among them");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_no_problem() {
    let text = "\u{feff}date,kind,name\r\n2027-01-01,off,元旦\r\n2027-01-02, work ,元旦\r\n";
    let calendar = Calendar::new("cn", &Holidays::parse(text).unwrap()).unwrap();
    assert_eq!(calendar.is_working_day(day("2027-01-01")), Ok(false));
    assert_eq!(calendar.is_working_day(day("2027-01-02")), Ok(true));
}

#[test]
fn a_later_year_is_added_and_may_move_a_december_day() {
    let base = Holidays::parse(SHIPPED).unwrap();
    let text = "date,kind,name\n2026-12-27,work,元旦\n2027-01-01,off,元旦\n";
    let both = base.extended_by(&Holidays::parse(text).unwrap());
    let calendar = Calendar::new("cn", &both).unwrap();
    assert_eq!(calendar.span().1, day("2027-12-31"));
    assert_eq!(calendar.is_working_day(day("2026-12-27")), Ok(true));
    assert_eq!(calendar.is_working_day(day("2026-10-01")), Ok(false));
}

#[test]
fn a_reissued_year_replaces_the_old_one() {
    let base = Holidays::parse(SHIPPED).unwrap();
    let text = "date,kind,name\n2026-01-01,off,元旦\n";
    let both = base.extended_by(&Holidays::parse(text).unwrap());
    let calendar = Calendar::new("cn", &both).unwrap();
    assert_eq!(calendar.is_working_day(day("2026-02-17")), Ok(true));
    assert_eq!(calendar.is_working_day(day("2025-10-01")), Ok(false));
}

#[test]
fn a_gap_between_years_is_refused_by_name() {
    let base = Holidays::parse(SHIPPED).unwrap();
    let text = "date,kind,name\n2028-01-01,off,元旦\n";
    let gap = base.extended_by(&Holidays::parse(text).unwrap());
    let name = "cn".to_owned();
    assert_eq!(
        Calendar::new("cn", &gap).unwrap_err(),
        CalendarError::MissingYear { name, year: 2027 }
    );
    assert_eq!(
        Calendar::new("cn", &Holidays::default()).unwrap_err(),
        CalendarError::Empty { name: "cn".into() }
    );
}

#[test]
fn a_region_lays_its_own_days_on_top() {
    let national = china();
    let text = "date,kind,name\n\
                2026-07-06,off,那达慕\n\
                2026-07-11,work,那达慕\n\
                2026-10-05,work,国庆节\n\
                2031-07-07,off,那达慕\n";
    let regional = national.with_overrides(&Overrides::parse(text).unwrap());
    let kind = |date: &str| regional.day(day(date)).unwrap().kind;
    assert_eq!(kind("2026-07-06"), DayKind::Holiday);
    assert_eq!(kind("2026-07-11"), DayKind::ShiftedWorkday);
    assert_eq!(kind("2026-10-05"), DayKind::Working);
    assert_eq!(
        regional.day(day("2026-07-06")).unwrap().holiday,
        Some("那达慕")
    );
    let changes: Vec<String> = national
        .changes_to(&regional)
        .iter()
        .map(|change| format!("{} {:?} -> {:?}", change.date, change.was, change.is))
        .collect();
    insta::assert_snapshot!(changes.join("\n"), @"
    2026-07-06 Working -> Holiday
    2026-07-11 Weekend -> ShiftedWorkday
    2026-10-05 Holiday -> Working
    ");
    let error = regional.day(day("2031-07-07")).unwrap_err();
    insta::assert_snapshot!(error, @"calendar cn has no data for 2031: load the file cn-2031.csv (format: data/calendar/README.md)");
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in ".*") {
        let _ = Holidays::parse(&text);
        let _ = Overrides::parse(&text);
    }

    #[test]
    fn no_row_makes_the_reader_panic(rows in prop::collection::vec("[0-9]{1,5}-[0-9]{2}-[0-9]{2},(off|work|),[a-z元旦]{0,3}", 0..20)) {
        let text = format!("date,kind,name\n{}", rows.join("\n"));
        if let Ok(holidays) = Holidays::parse(&text) {
            let _ = Calendar::new("x", &holidays);
        }
    }
}
