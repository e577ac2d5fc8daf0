//! Ledgers and readings, as tables of days counted by hand.
//!
//! February 2026: 14 (Sat) is worked, 15 to 23 are off, 28 (Sat) is worked.
//! March and April 2026: ordinary weeks but for 4 to 6 April, off.

use gangmu_calendar::clock::{
    Act, Budget, CalendarChange, Clock, Due, Event, Ledger, Light, Reading, SpecialProcedure,
    Starts, State, Terms,
};
use gangmu_calendar::{Calendar, CalendarError, WorkingDays};
use jiff::civil::Date;

use crate::{china, china_with, day};

/// Twenty working days by law, ten promised, the usual rules of 行政许可法.
pub fn terms() -> Terms {
    Terms {
        statutory: Some(Budget::working(20)),
        promised: Some(Budget::working(10)),
        starts: Starts::OnAcceptance,
        forwarding: None,
        delivery: Some(WorkingDays(10)),
        silence: WorkingDays(5),
        max_extension: 10,
        warn_when_left: 3,
    }
}

pub fn suspended(procedure: SpecialProcedure, bound: Budget) -> Act {
    Act::Suspended { procedure, bound }
}

pub fn review(bound: u32) -> Act {
    suspended(SpecialProcedure::ExpertReview, Budget::working(bound))
}

pub fn extended(limit: Clock, days: u32) -> Act {
    let (approver, reason) = ("局长".into(), "需补充论证".into());
    Act::Extended {
        limit,
        days,
        approver,
        reason,
    }
}

/// Records acts one after the other; the first refusal is the result.
pub fn try_ledger(terms: &Terms, acts: &[(&str, Act)]) -> Result<Ledger, String> {
    let mut ledger = Ledger::default();
    for (on, act) in acts {
        let event = Event::new(day(on), act.clone());
        ledger
            .record(event, terms, china(), day("2026-12-31"))
            .map_err(|refused| refused.to_string())?;
    }
    Ok(ledger)
}

pub fn ledger(acts: &[(&str, Act)]) -> Ledger {
    try_ledger(&terms(), acts).unwrap()
}

pub fn read(ledger: &Ledger, clock: Clock, terms: &Terms, cal: &Calendar, on: &str) -> Reading {
    let reading = ledger.read(clock, terms, cal, day(on)).unwrap();
    reading.unwrap()
}

pub fn statutory(ledger: &Ledger, on: &str) -> Reading {
    read(ledger, Clock::Statutory, &terms(), china(), on)
}

/// One line per day asked: what a person would see.
fn table(ledger: &Ledger, clock: Clock, terms: &Terms, days: &[&str]) -> String {
    let line = |on: &&str| {
        let r = read(ledger, clock, terms, china(), on);
        let due = r.due_on().map_or("-".into(), |due| due.to_string());
        let (elapsed, left, light) = (r.elapsed, r.remaining, r.light);
        format!(
            "{on} used {elapsed} left {left} due {due} {light:?} {:?}",
            r.state
        )
    };
    days.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_day_of_acceptance_is_not_counted() {
    let ledger = ledger(&[("2026-02-13", Act::Received), ("2026-02-13", Act::Accepted)]);
    let five_days = Terms {
        statutory: Some(Budget::working(5)),
        ..terms()
    };
    let days = [
        "2026-02-12",
        "2026-02-13",
        "2026-02-14",
        "2026-02-20",
        "2026-02-24",
        "2026-02-27",
        "2026-02-28",
    ];
    insta::assert_snapshot!(table(&ledger, Clock::Statutory, &five_days, &days), @"
    2026-02-12 used 0 left 5 due - Off NotStarted(Receipt)
    2026-02-13 used 0 left 5 due 2026-02-27 Green Running { overran: None }
    2026-02-14 used 1 left 4 due 2026-02-27 Green Running { overran: None }
    2026-02-20 used 1 left 4 due 2026-02-27 Green Running { overran: None }
    2026-02-24 used 2 left 3 due 2026-02-27 Yellow Running { overran: None }
    2026-02-27 used 5 left 0 due 2026-02-27 Yellow Running { overran: None }
    2026-02-28 used 6 left -1 due 2026-02-27 Red Running { overran: None }
    ");
}

#[test]
fn a_case_with_correction_suspension_and_extension_equals_the_hand_count() {
    let ledger = ledger(&[
        ("2026-03-02", Act::Received),
        ("2026-03-09", Act::CorrectionAsked),
        ("2026-03-16", Act::Corrected),
        ("2026-03-17", Act::Accepted),
        ("2026-03-20", review(5)),
        ("2026-03-25", Act::Resumed),
        ("2026-04-10", extended(Clock::Statutory, 10)),
        ("2026-04-30", Act::Decided),
        ("2026-05-11", Act::Delivered),
    ]);
    let days = [
        "2026-03-01",
        "2026-03-06",
        "2026-03-10",
        "2026-03-16",
        "2026-03-19",
        "2026-03-20",
        "2026-03-24",
        "2026-03-25",
        "2026-03-26",
        "2026-04-03",
        "2026-04-09",
        "2026-04-10",
        "2026-04-29",
        "2026-04-30",
        "2026-12-31",
    ];
    insta::assert_snapshot!(table(&ledger, Clock::Statutory, &terms(), &days), @"
    2026-03-01 used 0 left 20 due - Off NotStarted(Receipt)
    2026-03-06 used 0 left 20 due - Off NotStarted(Acceptance { silence_ends: Some(2026-03-09) })
    2026-03-10 used 0 left 20 due - Off NotStarted(Correction { since: 2026-03-09 })
    2026-03-16 used 0 left 20 due 2026-04-14 Green Running { overran: None }
    2026-03-19 used 3 left 17 due 2026-04-14 Green Running { overran: None }
    2026-03-20 used 4 left 16 due 2026-04-21 Paused Suspended { since: 2026-03-20, procedure: ExpertReview, until: Some(2026-03-27) }
    2026-03-24 used 4 left 16 due 2026-04-21 Paused Suspended { since: 2026-03-20, procedure: ExpertReview, until: Some(2026-03-27) }
    2026-03-25 used 4 left 16 due 2026-04-17 Green Running { overran: None }
    2026-03-26 used 5 left 15 due 2026-04-17 Green Running { overran: None }
    2026-04-03 used 11 left 9 due 2026-04-17 Green Running { overran: None }
    2026-04-09 used 14 left 6 due 2026-04-17 Green Running { overran: None }
    2026-04-10 used 15 left 15 due 2026-05-06 Green Running { overran: None }
    2026-04-29 used 28 left 2 due 2026-05-06 Yellow Running { overran: None }
    2026-04-30 used 29 left 1 due 2026-05-06 Green Ended { on: 2026-04-30 }
    2026-12-31 used 29 left 1 due 2026-05-06 Green Ended { on: 2026-04-30 }
    ");
    let days = ["2026-04-02", "2026-04-03", "2026-04-07", "2026-04-30"];
    insta::assert_snapshot!(table(&ledger, Clock::Promised, &terms(), &days), @"
    2026-04-02 used 10 left 0 due 2026-04-02 Yellow Running { overran: None }
    2026-04-03 used 11 left -1 due 2026-04-02 Red Running { overran: None }
    2026-04-07 used 12 left -2 due 2026-04-02 Red Running { overran: None }
    2026-04-30 used 29 left -19 due 2026-04-02 Red Ended { on: 2026-04-30 }
    ");
    let days = ["2026-04-29", "2026-05-09", "2026-05-11", "2026-06-30"];
    insta::assert_snapshot!(table(&ledger, Clock::Delivery, &terms(), &days), @"
    2026-04-29 used 0 left 10 due - Off NotStarted(Decision)
    2026-05-09 used 4 left 6 due 2026-05-18 Green Running { overran: None }
    2026-05-11 used 5 left 5 due 2026-05-18 Green Ended { on: 2026-05-11 }
    2026-06-30 used 5 left 5 due 2026-05-18 Green Ended { on: 2026-05-11 }
    ");
}

#[test]
fn silence_for_five_working_days_counts_as_acceptance_on_the_day_of_receipt() {
    let ledger = ledger(&[("2026-02-11", Act::Received)]);
    let days = ["2026-02-11", "2026-02-25", "2026-02-26", "2026-03-20"];
    insta::assert_snapshot!(table(&ledger, Clock::Statutory, &terms(), &days), @"
    2026-02-11 used 0 left 20 due - Off NotStarted(Acceptance { silence_ends: Some(2026-02-25) })
    2026-02-25 used 0 left 20 due - Off NotStarted(Acceptance { silence_ends: Some(2026-02-25) })
    2026-02-26 used 6 left 14 due 2026-03-17 Green Running { overran: None }
    2026-03-20 used 23 left -3 due 2026-03-17 Red Running { overran: None }
    ");
}

#[test]
fn a_limit_in_calendar_days_ends_on_a_working_day() {
    #[track_caller]
    fn check(received: &str, days: u32, due: &str) {
        let terms = Terms {
            statutory: Some(Budget::calendar(days)),
            starts: Starts::OnReceipt,
            ..terms()
        };
        let ledger = try_ledger(&terms, &[(received, Act::Received)]).unwrap();
        let reading = read(&ledger, Clock::Statutory, &terms, china(), received);
        assert_eq!(reading.due, Due::On(day(due)));
    }
    check("2026-03-02", 30, "2026-04-01");
    // 2026-04-04 is a holiday, the next working day is the 7th.
    check("2026-03-05", 30, "2026-04-07");
    // 2026-02-14 is a Saturday that is worked.
    check("2026-01-15", 30, "2026-02-14");
    check("2026-03-02", 60, "2026-05-06");
    // Handled on the day, and a day off has no office.
    check("2026-03-02", 0, "2026-03-02");
    check("2026-02-17", 0, "2026-02-24");
}

#[test]
fn time_beyond_the_bound_of_a_procedure_counts_again() {
    let ledger = ledger(&[
        ("2026-03-02", Act::Received),
        ("2026-03-02", Act::Accepted),
        ("2026-03-04", review(3)),
        ("2026-03-16", Act::Resumed),
    ]);
    let days = ["2026-03-04", "2026-03-09", "2026-03-10", "2026-03-16"];
    insta::assert_snapshot!(table(&ledger, Clock::Statutory, &terms(), &days), @"
    2026-03-04 used 2 left 18 due 2026-04-02 Paused Suspended { since: 2026-03-04, procedure: ExpertReview, until: Some(2026-03-09) }
    2026-03-09 used 2 left 18 due 2026-04-02 Paused Suspended { since: 2026-03-04, procedure: ExpertReview, until: Some(2026-03-09) }
    2026-03-10 used 3 left 17 due 2026-04-02 Green Running { overran: Some(2026-03-09) }
    2026-03-16 used 7 left 13 due 2026-04-02 Green Running { overran: None }
    ");
}

#[test]
fn a_matter_decided_above_is_forwarded_within_its_own_limit() {
    #[track_caller]
    fn check(limit: u32, forwarded: &str, expected: (&str, Light)) {
        let terms = Terms {
            forwarding: Some(WorkingDays(limit)),
            ..terms()
        };
        let acts = [("2026-02-14", Act::Received), (forwarded, Act::Forwarded)];
        let ledger = try_ledger(&terms, &acts).unwrap();
        let forwarding = read(&ledger, Clock::Forwarding, &terms, china(), "2026-03-31");
        let on = day(forwarded);
        assert_eq!(forwarding.state, State::Ended { on });
        assert_eq!(
            (forwarding.due, forwarding.light),
            (Due::On(day(expected.0)), expected.1)
        );
        let decision = read(&ledger, Clock::Statutory, &terms, china(), "2026-03-31");
        assert_eq!(decision.state, State::Ended { on });
    }
    check(0, "2026-02-14", ("2026-02-14", Light::Green));
    check(0, "2026-02-15", ("2026-02-14", Light::Red));
    check(1, "2026-02-24", ("2026-02-24", Light::Green));
    check(1, "2026-02-25", ("2026-02-24", Light::Red));
}

#[test]
fn yesterday_is_answered_as_it_was_known_yesterday() {
    let long = ledger(&[
        ("2026-03-02", Act::Received),
        ("2026-03-02", Act::Accepted),
        ("2026-03-20", review(5)),
        ("2026-03-24", Act::Resumed),
        ("2026-04-08", Act::Decided),
    ]);
    for (n, event) in long.events().iter().enumerate().skip(1) {
        let short = Ledger::replay(long.events().iter().take(n).cloned()).unwrap();
        let eve = event.on.yesterday().unwrap().to_string();
        let short_then = short.read(Clock::Statutory, &terms(), china(), day(&eve));
        let long_then = long.read(Clock::Statutory, &terms(), china(), day(&eve));
        assert_eq!(long_then, short_then, "{eve}");
    }
}

#[test]
fn a_due_date_beyond_the_calendar_is_named_and_the_rest_is_still_read() {
    let acts = [("2026-12-21", Act::Received), ("2026-12-21", Act::Accepted)];
    let reading = statutory(&ledger(&acts), "2026-12-31");
    assert_eq!((reading.elapsed, reading.remaining), (8, 12));
    let Due::BeyondCalendar(error) = reading.due else {
        panic!("{:?}", reading.due);
    };
    insta::assert_snapshot!(error, @"calendar cn has no data for 2027: load the file cn-2027.csv (format: data/calendar/README.md)");
    let beyond = ledger(&acts).read(Clock::Statutory, &terms(), china(), day("2027-01-01"));
    assert!(matches!(
        beyond,
        Err(CalendarError::MissingYear { year: 2027, .. })
    ));
}

#[test]
fn a_calendar_change_names_each_due_date_it_moves_and_the_days_that_did() {
    let ledger = ledger(&[("2026-03-02", Act::Received), ("2026-03-02", Act::Accepted)]);
    let edited = china_with(&[
        "2026-02-09,off",
        "2026-03-12,off",
        "2026-03-21,work",
        "2026-05-20,off",
    ]);
    let change = CalendarChange::between(china(), &edited);
    let moved = |clock, as_of: &str| change.moved(&ledger, clock, &terms(), day(as_of)).unwrap();
    assert_eq!(
        moved(Clock::Statutory, "2026-03-10"),
        None,
        "one day lost, one won"
    );
    insta::assert_debug_snapshot!(moved(Clock::Promised, "2026-03-10"), @"
    Some(
        Moved {
            clock: Promised,
            from: 2026-03-16,
            to: 2026-03-17,
            because: [
                DayChange {
                    date: 2026-03-12,
                    was: Working,
                    is: Holiday,
                },
            ],
        },
    )
    ");
    // The due date itself and the day after it are off: both are the reason.
    let closed = china_with(&["2026-03-16,off", "2026-03-17,off"]);
    let change = CalendarChange::between(china(), &closed);
    let both = change.moved(&ledger, Clock::Promised, &terms(), day("2026-03-10"));
    let both = both.unwrap().unwrap();
    assert_eq!((both.to, both.because.len()), (day("2026-03-18"), 2));
    assert_eq!(moved(Clock::Promised, "2026-03-01"), None, "not started");
    assert_eq!(moved(Clock::Delivery, "2026-03-10"), None, "not started");
}

#[test]
fn no_as_of_makes_a_reading_panic() {
    let ledger = ledger(&[("2026-03-02", Act::Received), ("2026-03-02", Act::Accepted)]);
    for as_of in [Date::MIN, Date::MAX, day("2003-12-31"), day("2027-01-01")] {
        for clock in Clock::ALL {
            let _ = ledger.read(clock, &terms(), china(), as_of);
        }
    }
    let endless = Terms {
        statutory: Some(Budget::calendar(u32::MAX)),
        promised: Some(Budget::working(u32::MAX)),
        silence: WorkingDays(u32::MAX),
        max_extension: u32::MAX,
        ..terms()
    };
    let bound = Budget::calendar(u32::MAX);
    let acts = [
        ("2026-03-02", Act::Received),
        ("2026-03-02", Act::Accepted),
        ("2026-03-02", extended(Clock::Statutory, u32::MAX)),
        ("2026-03-03", suspended(SpecialProcedure::Hearing, bound)),
    ];
    let ledger = try_ledger(&endless, &acts).unwrap();
    let reading = read(&ledger, Clock::Statutory, &endless, china(), "2026-04-01");
    assert_eq!(reading.elapsed, 1);
    assert!(matches!(reading.due, Due::BeyondCalendar(_)));
}
