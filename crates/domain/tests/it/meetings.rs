//! When a series meets next, on the shipped calendar.

use gangmu_calendar::{Calendar, Holidays};
use gangmu_domain::meetings::Rhythm;
use jiff::civil::Date;

const HOLIDAYS: &str = include_str!("../../../../data/calendar/cn.csv");

fn calendar() -> Calendar {
    Calendar::new("cn", &Holidays::parse(HOLIDAYS).unwrap()).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn a_series_meets_in_its_rhythm_and_on_a_working_day() {
    for (rhythm, on, next) in [
        (Rhythm::Daily, "2025-01-06", "2025-01-07"),
        (Rhythm::Daily, "2025-01-10", "2025-01-13"),
        (Rhythm::Weekly, "2025-01-06", "2025-01-13"),
        // The Spring Festival of 2025 goes from 28 January to 4 February.
        (Rhythm::Weekly, "2025-01-22", "2025-02-05"),
        (Rhythm::TenDay, "2025-03-03", "2025-03-11"),
        (Rhythm::TenDay, "2025-03-11", "2025-03-21"),
        (Rhythm::TenDay, "2025-03-21", "2025-04-01"),
        (Rhythm::Monthly, "2025-02-28", "2025-03-28"),
        (Rhythm::Monthly, "2025-03-31", "2025-04-30"),
        (Rhythm::Quarterly, "2025-02-10", "2025-05-12"),
    ] {
        let after = day(on).tomorrow().unwrap();
        let found = rhythm.next(day(on), after, &calendar()).unwrap();
        assert_eq!(found.on.to_string(), next, "{rhythm:?} after {on}");
    }
}

#[test]
fn a_meeting_moved_by_a_weekend_does_not_move_those_after_it() {
    let calendar = calendar();
    let mut from = day("2025-02-05");
    let mut step = from;
    let mut met = Vec::new();
    for _ in 0..4 {
        let next = Rhythm::Monthly.next(step, from, &calendar).unwrap();
        met.push(next.on.to_string());
        (step, from) = (next.step, next.on.tomorrow().unwrap());
    }
    assert_eq!(
        met,
        ["2025-02-05", "2025-03-05", "2025-04-07", "2025-05-06"]
    );
    assert_eq!(step, day("2025-05-05"), "a holiday, and still the fifth");
}

#[test]
fn a_series_that_was_forgotten_goes_on_from_today_and_says_what_it_missed() {
    let calendar = calendar();
    let next = |rhythm: Rhythm, step, from| {
        let next = rhythm.next(day(step), day(from), &calendar).unwrap();
        (next.on.to_string(), next.missed)
    };
    let weekly = next(Rhythm::Weekly, "2025-03-03", "2025-03-19");
    assert_eq!(weekly, ("2025-03-24".to_owned(), 3));
    // The 7th is a Friday: the two days of the weekend have no meeting of their own.
    let daily = next(Rhythm::Daily, "2025-03-07", "2025-03-11");
    assert_eq!(daily, ("2025-03-11".to_owned(), 2));
    let today = next(Rhythm::Daily, "2025-03-07", "2025-03-07");
    assert_eq!(today, ("2025-03-07".to_owned(), 0));
    assert!(
        Rhythm::Weekly
            .next(day("2026-12-28"), day("2090-01-01"), &calendar)
            .is_err()
    );
}
