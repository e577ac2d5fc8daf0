//! Faults that other systems' clocks had, one test per fault, each showing it absent.
//!
//! The numbers are those of the list "What went wrong elsewhere" in the
//! project's domain notes, items 1 to 12.

use gangmu_calendar::clock::{
    Act, Budget, CalendarChange, Clock, Due, Event, Ledger, Light, SpecialProcedure, State, Terms,
    Why,
};
use gangmu_calendar::{CalendarError, WorkingDays, WorkingHours};

use crate::clock::{ledger, read, review, statutory, suspended, terms};
use crate::office::{at, office};
use crate::{china, china_with, day};

fn accepted_on(date: &str) -> Ledger {
    ledger(&[(date, Act::Received), (date, Act::Accepted)])
}

/// 1: the holiday calendar was accepted as an argument and silently ignored.
#[test]
fn fault_01_a_calendar_that_is_passed_is_used() {
    let ledger = accepted_on("2026-03-02");
    let edited = china_with(&["2026-03-05,off"]);
    let due = |calendar| read(&ledger, Clock::Promised, &terms(), calendar, "2026-03-03").due;
    assert_eq!(due(china()), Due::On(day("2026-03-16")));
    assert_eq!(due(&edited), Due::On(day("2026-03-17")));
}

/// 2: a hold from 17:00 to 09:00 pushed an eight-hour deadline by a whole day.
#[test]
fn fault_02_a_hold_takes_only_its_overlap_with_working_time() {
    let (from, to) = (at("2026-03-05T08:30"), at("2026-03-06T10:00"));
    let over_night = (at("2026-03-05T17:30"), at("2026-03-06T08:30"));
    let with_hold = office().elapsed(from, to, &[over_night], china());
    assert_eq!(with_hold, office().elapsed(from, to, &[], china()));
    assert_eq!(with_hold, Ok(WorkingHours::from_hours(8)));
    // In days: a suspension over a weekend, and one over the Spring Festival.
    for (accepted, since, until) in [
        ("2026-03-02", "2026-03-06", "2026-03-08"),
        ("2026-02-10", "2026-02-14", "2026-02-23"),
    ] {
        let acts = [
            (accepted, Act::Received),
            (accepted, Act::Accepted),
            (since, review(5)),
            (until, Act::Resumed),
        ];
        let expected = statutory(&accepted_on(accepted), "2026-03-09").due;
        assert_eq!(statutory(&ledger(&acts), "2026-03-09").due, expected);
    }
}

/// 3: "Paused" was shown while the clock ran, and the end was not computed again.
#[test]
fn fault_03_a_clock_shown_as_paused_does_not_count_and_one_that_counts_is_not_shown_as_paused() {
    let ledger = ledger(&[
        ("2026-03-02", Act::Received),
        ("2026-03-02", Act::Accepted),
        ("2026-03-04", review(3)),
        ("2026-03-18", Act::Resumed),
    ]);
    let mut date = day("2026-03-03");
    while date < day("2026-03-31") {
        let eve = statutory(&ledger, &date.yesterday().unwrap().to_string());
        let now = statutory(&ledger, &date.to_string());
        let paused =
            matches!(eve.state, State::Suspended { until: Some(until), .. } if date <= until);
        let working = china().is_working_day(date).unwrap();
        assert_eq!(now.elapsed > eve.elapsed, working && !paused, "{date}");
        date = date.tomorrow().unwrap();
    }
    // The procedure may take three days: the due date moved by three, not by ten.
    assert_eq!(
        statutory(&ledger, "2026-03-31").due,
        Due::On(day("2026-04-02"))
    );
}

/// 4: changing the limit forgot accumulated pauses and restarted from the opening date.
#[test]
fn fault_04_a_changed_limit_keeps_the_start_and_the_pauses() {
    let ledger = ledger(&[
        ("2026-03-02", Act::Received),
        ("2026-03-04", Act::Accepted),
        ("2026-03-05", review(5)),
        ("2026-03-10", Act::Resumed),
    ]);
    let shorter = Terms {
        statutory: Some(Budget::working(15)),
        ..terms()
    };
    let before = statutory(&ledger, "2026-03-20");
    let after = read(&ledger, Clock::Statutory, &shorter, china(), "2026-03-20");
    assert_eq!(after.started_on, before.started_on);
    assert_eq!(after.elapsed, before.elapsed);
    assert_eq!(after.remaining, before.remaining - 5);
    assert_eq!(after.due, Due::On(day("2026-03-30")));
}

/// 5: a case opened outside working hours got a resolution time of zero.
#[test]
fn fault_05_a_case_opened_outside_working_hours_has_a_full_limit() {
    let (from, to) = (at("2026-03-07T22:00"), at("2026-03-09T10:30"));
    let elapsed = office().elapsed(from, to, &[], china());
    assert_eq!(elapsed, Ok(WorkingHours::from_hours(2)));
    let due = office().due(from, WorkingHours::from_hours(4), china());
    assert_eq!(due, Ok(at("2026-03-09T15:00")));
    // Accepted on a Saturday: the whole budget is left and ends like Friday's.
    let saturday = statutory(&accepted_on("2026-03-07"), "2026-03-08");
    assert_eq!((saturday.elapsed, saturday.remaining), (0, 20));
    assert_eq!(
        saturday.due,
        statutory(&accepted_on("2026-03-06"), "2026-03-08").due
    );
}

/// 6: pausing did not follow from the status, and holidays were not counted out.
#[test]
fn fault_06_pausing_follows_from_the_state_and_holidays_do_not_count() {
    // Waiting for the applicant's correction, the clock has not started.
    let waiting = ledger(&[
        ("2026-03-02", Act::Received),
        ("2026-03-04", Act::CorrectionAsked),
    ]);
    let reading = statutory(&waiting, "2026-06-30");
    assert_eq!((reading.elapsed, reading.light), (0, Light::Off));
    // Over the National Day holiday nothing is used.
    let ledger = accepted_on("2026-09-30");
    assert_eq!(statutory(&ledger, "2026-10-07").elapsed, 0);
    assert_eq!(statutory(&ledger, "2026-10-10").elapsed, 3);
}

/// 7: one day on a business calendar became 24 business hours, about three days.
#[test]
fn fault_07_a_working_day_is_not_a_number_of_hours() {
    let one_day = Terms {
        statutory: Some(Budget::working(1)),
        ..terms()
    };
    let ledger = accepted_on("2026-03-05");
    let due = read(&ledger, Clock::Statutory, &one_day, china(), "2026-03-05").due;
    assert_eq!(due, Due::On(day("2026-03-06")));
    let due = office().due(
        at("2026-03-05T08:30"),
        WorkingHours::from_hours(24),
        china(),
    );
    assert_eq!(due, Ok(at("2026-03-10T15:30")));
}

/// 8: wrong when a timer started before or after office hours; holidays ignored.
#[test]
fn fault_08_the_hour_of_the_start_and_holidays_are_heeded() {
    #[track_caller]
    fn check(from: &str, hours: u16, due: &str) {
        let found = office().due(at(from), WorkingHours::from_hours(hours), china());
        assert_eq!(found, Ok(at(due)));
    }
    check("2026-03-05T06:00", 1, "2026-03-05T09:30");
    check("2026-03-05T08:30", 1, "2026-03-05T09:30");
    check("2026-03-05T13:00", 1, "2026-03-05T15:30");
    check("2026-03-05T17:30", 1, "2026-03-06T09:30");
    check("2026-03-05T23:00", 1, "2026-03-06T09:30");
    check("2026-02-14T17:00", 1, "2026-02-24T09:00");
}

/// 9: no calendar at all; a case of Friday 17:00 was due on Friday 21:00.
#[test]
fn fault_09_a_case_of_friday_evening_is_due_on_monday() {
    let due = office().due(at("2026-03-06T17:00"), WorkingHours::from_hours(4), china());
    assert_eq!(due, Ok(at("2026-03-09T12:00")));
    let one_day = Terms {
        statutory: Some(Budget::working(1)),
        ..terms()
    };
    let reading = read(
        &accepted_on("2026-03-06"),
        Clock::Statutory,
        &one_day,
        china(),
        "2026-03-08",
    );
    assert_eq!(reading.due, Due::On(day("2026-03-09")));
    assert_ne!(reading.light, Light::Red);
}

/// 10: evidence that can be rewritten, and a calendar of listed dates that runs out unseen.
#[test]
fn fault_10_evidence_is_only_appended_and_a_calendar_that_ran_out_says_so() {
    let mut ledger = accepted_on("2026-03-02");
    let earlier = Event::new(day("2026-03-01"), review(5));
    let refused = ledger
        .record(earlier, &terms(), china(), day("2026-03-02"))
        .unwrap_err();
    assert!(matches!(refused.why, Why::BeforeLast { .. }));
    let early = Event::new(day("2026-03-04"), review(5));
    let refused = ledger
        .record(early, &terms(), china(), day("2026-03-03"))
        .unwrap_err();
    assert!(matches!(refused.why, Why::InFuture { .. }));
    let ran_out = china().add_working_days(day("2026-12-31"), WorkingDays(1));
    assert!(matches!(
        ran_out,
        Err(CalendarError::MissingYear { year: 2027, .. })
    ));
}

/// 11: adding a closure day moved nobody's deadline.
#[test]
fn fault_11_an_added_closure_day_moves_the_deadline_and_is_named_as_the_reason() {
    let ledger = accepted_on("2026-03-02");
    let edited = china_with(&["2026-03-09,off"]);
    let change = CalendarChange::between(china(), &edited);
    let moved = change.moved(&ledger, Clock::Statutory, &terms(), day("2026-03-05"));
    let moved = moved.unwrap().unwrap();
    assert_eq!(
        (moved.from, moved.to),
        (day("2026-03-30"), day("2026-03-31"))
    );
    let because: Vec<_> = moved.because.iter().map(|change| change.date).collect();
    assert_eq!(because, [day("2026-03-09")]);
}

/// 12: a single weekend day could not be made a working day.
#[test]
fn fault_12_a_single_weekend_day_can_be_made_a_working_day() {
    let ledger = accepted_on("2026-03-02");
    let edited = china_with(&["2026-03-14,work"]);
    let due = |calendar| read(&ledger, Clock::Statutory, &terms(), calendar, "2026-03-05").due;
    assert_eq!(due(china()), Due::On(day("2026-03-30")));
    assert_eq!(due(&edited), Due::On(day("2026-03-27")));
    assert_eq!(edited.is_working_day(day("2026-03-15")), Ok(false));
    // The suspension's own bound follows the same calendar.
    let acts = [
        ("2026-03-02", Act::Received),
        ("2026-03-02", Act::Accepted),
        (
            "2026-03-12",
            suspended(SpecialProcedure::PublicNotice, Budget::working(2)),
        ),
    ];
    let ledger = crate::clock::ledger(&acts);
    let state = read(&ledger, Clock::Statutory, &terms(), &edited, "2026-03-12").state;
    assert!(
        matches!(state, State::Suspended { until: Some(until), .. } if until == day("2026-03-14"))
    );
}
