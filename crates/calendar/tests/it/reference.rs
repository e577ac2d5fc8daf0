//! The prefix sums against a reference that walks day by day.
//!
//! The reference asks only `day()`, which looks a single date up in the file
//! and shares no arithmetic with the answers under test.

use gangmu_calendar::{Calendar, CalendarError, Overrides, WorkingDays};
use jiff::civil::Date;
use proptest::prelude::*;

use crate::china;

pub fn works(calendar: &Calendar, date: Date) -> Option<bool> {
    calendar.day(date).ok().map(|day| day.kind.is_working())
}

fn count_between(calendar: &Calendar, from: Date, to: Date) -> u32 {
    let mut count = 0;
    let mut date = from;
    while date < to {
        count += u32::from(works(calendar, date) == Some(true));
        date = date.tomorrow().unwrap();
    }
    count
}

fn walk(calendar: &Calendar, from: Date, n: u32) -> Option<Date> {
    let (mut date, mut left) = (from, n);
    while left > 0 {
        date = date.tomorrow().ok()?;
        left -= u32::from(works(calendar, date)?);
    }
    Some(date)
}

prop_compose! {
    pub fn any_known_day()(offset in 0i32..8_401) -> Date {
        Date::constant(2004, 1, 1).checked_add(jiff::Span::new().days(offset)).unwrap()
    }
}

prop_compose! {
    fn any_date()(year in -9999i16..=9999, month in 1i8..=12, day in 1i8..=28) -> Date {
        Date::new(year, month, day).unwrap()
    }
}

prop_compose! {
    /// The shipped calendar with a few days edited by a region.
    pub fn any_calendar()(edits in prop::collection::btree_map(any_known_day(), prop::bool::ANY, 0..6)) -> Calendar {
        let rows = edits.iter().map(|(date, off)| {
            format!("{date},{},地方\n", if *off { "off" } else { "work" })
        });
        let text = format!("date,kind,name\n{}", rows.collect::<String>());
        china().with_overrides(&Overrides::parse(&text).unwrap())
    }
}

proptest! {
    // Each case builds a calendar of 23 years.
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn counting_equals_walking(calendar in any_calendar(), from in any_known_day(), to in any_known_day()) {
        let found = calendar.working_days_between(from, to).unwrap();
        prop_assert_eq!(found.0, count_between(&calendar, from, to));
    }

    #[test]
    fn adding_equals_walking(calendar in any_calendar(), from in any_known_day(), n in 0u32..400) {
        let found = calendar.add_working_days(from, WorkingDays(n)).ok();
        prop_assert_eq!(found, walk(&calendar, from, n));
        if let Some(due) = found && n > 0 {
            let counted = calendar.working_days_between(from.tomorrow().unwrap(), due.tomorrow().unwrap());
            prop_assert_eq!(counted, Ok(WorkingDays(n)));
        }
    }

    #[test]
    fn the_next_working_day_is_the_first_one_walked_to(from in any_known_day()) {
        let calendar = china();
        let expected = from.series(jiff::Span::new().days(1)).map_while(|date| Some((date, works(calendar, date)?)));
        let expected = expected.into_iter().find(|(_, works)| *works).map(|(date, _)| date);
        prop_assert_eq!(calendar.working_day_from(from).ok(), expected);
    }

    #[test]
    fn the_nth_of_a_month_equals_walking(calendar in any_calendar(), year in 2004i16..=2026, month in 1i8..=12, n in 0u32..30) {
        let days = Date::new(year, month, 1).unwrap().series(jiff::Span::new().days(1));
        let mut worked = days.take_while(|date| date.month() == month).filter(|date| works(&calendar, *date) == Some(true));
        let expected = n.checked_sub(1).and_then(|skip| worked.nth(skip as usize));
        prop_assert_eq!(calendar.nth_working_day_of_month(year, month, WorkingDays(n)).ok(), expected);
    }

    #[test]
    fn no_date_and_no_number_panics(from in any_date(), to in any_date(), n: u32, year: i16, month: i8) {
        let calendar = china();
        let known = |date: Date| (2004..=2026).contains(&date.year());
        prop_assert_eq!(calendar.is_working_day(from).is_ok(), known(from));
        let _ = calendar.working_days_between(from, to);
        let _ = calendar.add_working_days(from, WorkingDays(n));
        let _ = calendar.working_day_from(to);
        let _ = calendar.nth_working_day_of_month(year, month, WorkingDays(n));
    }
}

#[test]
fn the_ends_of_all_dates_are_refused_not_wrapped() {
    let calendar = china();
    for date in [Date::MIN, Date::MAX] {
        let refused = CalendarError::MissingYear {
            name: "cn".into(),
            year: date.year(),
        };
        assert_eq!(calendar.is_working_day(date), Err(refused.clone()));
        assert_eq!(
            calendar.add_working_days(date, WorkingDays(u32::MAX)),
            Err(refused)
        );
    }
}
