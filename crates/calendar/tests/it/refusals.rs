//! Acts that cannot go on a ledger, and what a refusal says.

use gangmu_calendar::clock::{Act, Clock, Event, Ledger, Phase, State, Waiting};

use crate::clock::{extended, ledger, read, review, terms, try_ledger};
use crate::{china, china_with, day};

#[test]
fn an_act_that_cannot_be_is_refused_with_its_reason() {
    fn refusal(acts: &[(&str, Act)]) -> String {
        try_ledger(&terms(), acts).unwrap_err()
    }
    let received = ("2026-03-02", Act::Received);
    let accepted = ("2026-03-03", Act::Accepted);
    let cases: Vec<Vec<(&str, Act)>> = vec![
        vec![accepted.clone()],
        vec![received.clone(), ("2026-03-01", Act::Accepted)],
        vec![received.clone(), received.clone()],
        vec![received.clone(), accepted.clone(), accepted.clone()],
        vec![received.clone(), ("2026-03-04", Act::Decided)],
        vec![received.clone(), ("2026-03-04", review(5))],
        vec![received.clone(), ("2026-03-10", Act::CorrectionAsked)],
        vec![received.clone(), ("2026-03-10", Act::Accepted)],
        vec![
            received.clone(),
            accepted.clone(),
            ("2026-03-04", Act::CorrectionAsked),
        ],
        vec![
            received.clone(),
            ("2026-03-04", Act::CorrectionAsked),
            ("2026-03-05", Act::Accepted),
        ],
        vec![
            received.clone(),
            ("2026-03-04", Act::CorrectionAsked),
            ("2026-03-05", Act::Corrected),
            ("2026-03-06", Act::CorrectionAsked),
        ],
        vec![
            received.clone(),
            accepted.clone(),
            ("2026-03-04", Act::Resumed),
        ],
        vec![
            received.clone(),
            accepted.clone(),
            ("2026-03-04", review(5)),
            ("2026-03-05", Act::Decided),
        ],
        vec![
            received.clone(),
            accepted.clone(),
            ("2026-03-04", review(5)),
            ("2026-03-05", review(5)),
        ],
        vec![
            received.clone(),
            accepted.clone(),
            ("2026-04-01", extended(Clock::Statutory, 11)),
        ],
        vec![
            received.clone(),
            accepted.clone(),
            ("2026-04-02", extended(Clock::Statutory, 10)),
        ],
        vec![
            received.clone(),
            accepted.clone(),
            ("2026-03-04", extended(Clock::Delivery, 1)),
        ],
        vec![
            received.clone(),
            accepted.clone(),
            ("2026-03-04", extended(Clock::Statutory, 5)),
            ("2026-03-05", extended(Clock::Statutory, 5)),
        ],
        vec![
            received.clone(),
            accepted.clone(),
            (
                "2026-03-04",
                Act::Extended {
                    limit: Clock::Statutory,
                    days: 5,
                    approver: " ".into(),
                    reason: "需补充论证".into(),
                },
            ),
        ],
        vec![
            received.clone(),
            accepted.clone(),
            ("2026-03-04", Act::Delivered),
        ],
        vec![
            received.clone(),
            ("2026-03-02", Act::Forwarded),
            ("2026-03-03", Act::Accepted),
        ],
        vec![
            received.clone(),
            accepted.clone(),
            ("2026-03-04", Act::Decided),
            ("2026-03-05", Act::Delivered),
            ("2026-03-06", review(5)),
        ],
        vec![("2027-01-04", Act::Received)],
        vec![("2003-12-31", Act::Received)],
    ];
    let refusals: Vec<String> = cases.iter().map(|acts| refusal(acts)).collect();
    insta::assert_snapshot!(refusals.join("\n"), @"
    acceptance on 2026-03-03 refused: nothing has been received
    acceptance on 2026-03-01 refused: the receipt of 2026-03-02 is later; acts are recorded in order
    receipt on 2026-03-02 refused: it was done on 2026-03-02 already and can be done once
    acceptance on 2026-03-03 refused: it was done on 2026-03-03 already and can be done once
    decision on 2026-03-04 refused: the application has not been accepted yet
    suspension on 2026-03-04 refused: the application has not been accepted yet
    request for correction on 2026-03-10 refused: nothing was said until 2026-03-09, so the application counts as accepted on 2026-03-02, the day it was received (行政许可法 art. 32)
    acceptance on 2026-03-10 refused: nothing was said until 2026-03-09, so the application counts as accepted on 2026-03-02, the day it was received (行政许可法 art. 32)
    request for correction on 2026-03-04 refused: the application has been accepted and the clock is running
    acceptance on 2026-03-05 refused: the applicant has been asked for corrections
    request for correction on 2026-03-06 refused: it was done on 2026-03-04 already and can be done once
    resumption on 2026-03-04 refused: the application has been accepted and the clock is running
    decision on 2026-03-05 refused: a special procedure is going on; resume first
    suspension on 2026-03-05 refused: a special procedure is going on; resume first
    extension on 2026-04-01 refused: an extension is 1 to 10 days long
    extension on 2026-04-02 refused: the limit ended on 2026-03-31; it can be extended only before (行政许可法 art. 42)
    extension on 2026-03-04 refused: the delivery limit cannot be extended here
    extension on 2026-03-05 refused: it was done on 2026-03-04 already and can be done once
    extension on 2026-03-04 refused: an extension names who approved it and why
    delivery on 2026-03-04 refused: the application has been accepted and the clock is running
    acceptance on 2026-03-03 refused: the matter has been sent up and is decided there
    suspension on 2026-03-06 refused: the decision has been delivered and the matter is closed
    receipt on 2027-01-04 refused: it is 2026-12-31 today; what has not happened cannot be recorded
    receipt on 2003-12-31 refused: calendar cn has no data for 2003: load the file cn-2003.csv (format: data/calendar/README.md)
    ");
}

#[test]
fn a_refused_act_leaves_the_ledger_as_it_was() {
    let mut ledger = ledger(&[("2026-03-02", Act::Received)]);
    let before = ledger.clone();
    let event = Event::new(day("2026-03-03"), Act::Delivered);
    let refused = ledger.record(event, &terms(), china(), day("2026-12-31"));
    assert!(refused.is_err());
    assert_eq!(ledger, before);
}

#[test]
fn what_is_on_record_is_replayed_though_a_new_calendar_would_judge_otherwise() {
    // Asked on the fifth working day; a sixth under a calendar with a Saturday worked.
    let ledger = ledger(&[
        ("2026-03-02", Act::Received),
        ("2026-03-09", Act::CorrectionAsked),
    ]);
    let edited = china_with(&["2026-03-07,work"]);
    let replayed = Ledger::replay(ledger.events().to_vec()).unwrap();
    let reading = read(&replayed, Clock::Statutory, &terms(), &edited, "2026-03-31");
    let since = day("2026-03-09");
    assert_eq!(
        reading.state,
        State::NotStarted(Waiting::Correction { since })
    );
    assert_eq!(replayed.phase(day("2026-03-05")), Phase::InReview);
    // Stored events out of order are refused, not sorted.
    let mut events = ledger.events().to_vec();
    events.reverse();
    insta::assert_snapshot!(Ledger::replay(events).unwrap_err(), @"request for correction on 2026-03-09 refused: nothing has been received");
}
