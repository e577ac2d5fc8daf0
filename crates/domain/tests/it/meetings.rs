//! When a series meets next, on the shipped calendar.

use gangmu_calendar::{Calendar, Holidays};
use gangmu_domain::meetings::Rhythm;
use jiff::civil::Date;

const HOLIDAYS: &str = include_str!("../../../../data/calendar/cn.csv");

#[test]
fn a_series_meets_in_its_rhythm_and_on_a_working_day() {
    let calendar = Calendar::new("cn", &Holidays::parse(HOLIDAYS).unwrap()).unwrap();
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
        let on: Date = on.parse().unwrap();
        let found = rhythm.next(on, &calendar).unwrap();
        assert_eq!(found.to_string(), next, "{rhythm:?} after {on}");
    }
}
