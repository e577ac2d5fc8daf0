//! Office time against a reference that walks minute by minute.

use gangmu_calendar::{OfficeHours, OfficeHoursError, WorkingHours, day_of_receipt};
use jiff::civil::{DateTime, Time, time};
use proptest::prelude::*;

use crate::{china, day};

pub fn office() -> OfficeHours {
    let morning = (time(8, 30, 0, 0), time(12, 0, 0, 0));
    let afternoon = (time(14, 30, 0, 0), time(17, 30, 0, 0));
    OfficeHours::new(&[morning, afternoon]).unwrap()
}

pub fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn is_open(at: DateTime) -> bool {
    let minute = i32::from(at.hour()) * 60 + i32::from(at.minute());
    china().is_working_day(at.date()).unwrap()
        && ((510..720).contains(&minute) || (870..1050).contains(&minute))
}

prop_compose! {
    fn any_instant()(minute in 0i64..14 * 1440) -> DateTime {
        at("2026-02-12T00:00").checked_add(jiff::SignedDuration::from_mins(minute)).unwrap()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn office_time_equals_the_open_minutes_outside_all_holds(
        from in any_instant(),
        to in any_instant(),
        holds in prop::collection::vec((any_instant(), any_instant()), 0..3),
    ) {
        let mut minutes = 0;
        let mut now = from;
        while now < to {
            let held = holds.iter().any(|(begin, end)| *begin <= now && now < *end);
            minutes += u32::from(is_open(now) && !held);
            now = now.checked_add(jiff::SignedDuration::from_mins(1)).unwrap();
        }
        let found = office().elapsed(from, to, &holds, china());
        prop_assert_eq!(found, Ok(WorkingHours::from_minutes(minutes)));
    }

    #[test]
    fn a_limit_in_hours_is_used_up_exactly_when_it_is_due(from in any_instant(), minutes in 1u32..3_000) {
        let budget = WorkingHours::from_minutes(minutes);
        let due = office().due(from, budget, china()).unwrap();
        prop_assert_eq!(office().elapsed(from, due, &[], china()), Ok(budget));
        let before = due.checked_sub(jiff::SignedDuration::from_mins(1)).unwrap();
        prop_assert!(office().elapsed(from, before, &[], china()).unwrap() < budget);
    }
}

#[test]
fn the_hour_of_receipt_decides_the_day_of_receipt() {
    #[track_caller]
    fn check(received: &str, cut_off: Option<Time>, expected: &str) {
        assert_eq!(
            day_of_receipt(at(received), cut_off, china()),
            Ok(day(expected))
        );
    }
    let five = Some(time(17, 0, 0, 0));
    check("2026-03-05T16:59", five, "2026-03-05");
    check("2026-03-05T17:00", five, "2026-03-06");
    check("2026-03-05T23:59", None, "2026-03-05");
    check("2026-03-06T17:00", five, "2026-03-09");
    check("2026-03-07T09:00", five, "2026-03-09");
    check("2026-03-07T18:00", five, "2026-03-09");
    // A Saturday that is worked.
    check("2026-02-14T09:00", five, "2026-02-14");
    check("2026-02-14T18:00", five, "2026-02-24");
}

#[test]
fn office_hours_that_make_no_sense_are_refused() {
    let (nine, noon) = (time(9, 0, 0, 0), time(12, 0, 0, 0));
    assert_eq!(OfficeHours::new(&[]), Err(OfficeHoursError::Empty));
    for spans in [
        vec![(noon, nine)],
        vec![(nine, nine)],
        vec![(nine, noon), (nine, noon)],
    ] {
        let refused = OfficeHours::new(&spans).unwrap_err();
        assert!(matches!(refused, OfficeHoursError::OutOfOrder { .. }));
    }
}
