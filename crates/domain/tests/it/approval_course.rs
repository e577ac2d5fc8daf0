//! Random acts on one matter: what is refused changes nothing, what stands can be struck, and the
//! past stays as it was.

use gangmu_calendar::clock::{Clock, Ledger, SpecialProcedure};
use gangmu_calendar::{Calendar, Holidays};
use gangmu_domain::approvals::{
    Act, Budget, Course, DecisionLevel, Event, Phase, Procedure, Setup, Standing, legs,
};
use gangmu_domain::organisation::{UnitPath, UserId};
use jiff::civil::Date;
use proptest::prelude::*;

use crate::approval_plan::{matter, service};
use crate::day;

const HOLIDAYS: &str = include_str!("../../../../data/calendar/cn.csv");

fn calendar() -> &'static Calendar {
    static CALENDAR: std::sync::OnceLock<Calendar> = std::sync::OnceLock::new();
    CALENDAR.get_or_init(|| Calendar::new("cn", &Holidays::parse(HOLIDAYS).unwrap()).unwrap())
}

/// The same with some days that are no working days any more, and one that has become one.
fn changed() -> &'static Calendar {
    static CALENDAR: std::sync::OnceLock<Calendar> = std::sync::OnceLock::new();
    CALENDAR.get_or_init(|| {
        let days = "2026-01-07,off,a\n2026-01-14,off,b\n2026-01-15,off,c\n2026-01-17,work,d\n";
        let text = format!("{}\n{days}", HOLIDAYS.trim_end());
        Calendar::new("cn", &Holidays::parse(&text).unwrap()).unwrap()
    })
}

fn act() -> impl Strategy<Value = Act> {
    let text = || prop_oneof![4 => Just("说明".to_owned()), 1 => Just(" ".to_owned())];
    let paper = || prop_oneof![Just("licence".to_owned()), Just("drawing".to_owned())];
    let bound = || (1_u32..12).prop_map(Budget::working);
    prop_oneof![
        4 => any::<bool>().prop_map(|after_cut_off| Act::Receive { after_cut_off }),
        1 => text().prop_map(|one| Act::AskCorrection { defects: vec![one] }),
        1 => Just(Act::Correct),
        3 => Just(Act::Accept),
        2 => (paper(), 0_i32..40).prop_map(|(paper, days)| Act::AcceptDeferred {
            missing: vec![paper],
            promised_on: later(days),
            promise: "承诺书".to_owned(),
        }),
        2 => paper().prop_map(|material| Act::HandIn { material }),
        1 => bound().prop_map(|bound| Act::Suspend {
            procedure: SpecialProcedure::ExpertReview,
            bound,
        }),
        1 => Just(Act::Resume),
        1 => (1_u32..12, text()).prop_map(|(days, reason)| Act::Extend {
            limit: Clock::Statutory,
            days,
            approver: "分管负责人".to_owned(),
            reason,
        }),
        3 => any::<bool>().prop_map(|after_cut_off| Act::Forward { after_cut_off }),
        2 => Just(Act::Preliminary { document_no: "初1".to_owned() }),
        2 => Just(Act::Grant { document_no: "准1".to_owned() }),
        1 => text().prop_map(|ground| Act::Refuse { ground, document_no: "否1".to_owned() }),
        1 => Just(Act::Deliver),
        1 => text().prop_map(|reason| Act::VoidPreliminary { reason }),
        1 => text().prop_map(|reason| Act::Exempt { reason }),
        1 => text().prop_map(|reason| Act::Require { reason }),
        1 => (0_u32..6).prop_map(|seq| Act::Strike { seq, reason: "误登".to_owned() }),
    ]
}

fn later(days: i32) -> Date {
    day("2026-01-05").saturating_add(jiff::Span::new().days(days))
}

fn levels() -> impl Strategy<Value = DecisionLevel> {
    prop_oneof![
        Just(DecisionLevel::Banner),
        Just(DecisionLevel::Region),
        Just(DecisionLevel::Nation)
    ]
}

proptest! {
    #[test]
    fn acts_in_any_order_keep_the_record_sound(
        acts in proptest::collection::vec((act(), -1_i32..4), 1..25),
        level in levels(),
        stepwise in any::<bool>(),
    ) {
        let mut matter = matter("A05", 20, "");
        matter.deferrable = vec!["licence".to_owned()];
        matter.procedures = vec![Procedure {
            kind: SpecialProcedure::ExpertReview,
            bound: Budget::working(10),
        }];
        let service = service();
        let own = UnitPath::root("150000").unwrap();
        let own = own.child("150500").unwrap().child("150502").unwrap();
        let setup = Setup {
            matter: &matter,
            service: &service,
            legs: legs(&own, level, stepwise),
            variant: 0,
            standing: Standing::Needed,
            promised: Some(Budget::working(10)),
            planned_start: None,
        };
        let mut events: Vec<Event> = Vec::new();
        let mut today = day("2026-01-05");
        let mut history: Vec<(usize, Date)> = Vec::new();
        for (act, step) in acts {
            let on = today.saturating_add(jiff::Span::new().days(step));
            today = today.max(on);
            let before = Course::of(&setup, &events);
            let Ok(leg) = setup.judge(&events, &[], on, &act, calendar(), today) else {
                continue;
            };
            let struck = matches!(act, Act::Strike { .. });
            let seq = u32::try_from(events.len()).unwrap() + 1;
            events.push(Event { seq, leg, on, at: 0, user: UserId(1), act });
            let after = Course::of(&setup, &events);
            // Every office's clock ledger replays, so every clock can be read on any day.
            for ledger in &after.ledgers {
                prop_assert!(Ledger::replay(ledger.iter().cloned()).is_ok(), "{events:?}");
            }
            for as_of in [on, today, later(400)] {
                let reading = setup.read(&after, calendar(), as_of);
                prop_assert!(reading.is_ok() || as_of.year() > 2026, "{reading:?}");
            }
            prop_assert!(after.leg() < setup.legs.len());
            // What a due date follows from tells it as the acts do, on later days and after the
            // calendar has changed.
            let basis = setup.due_basis(&after);
            for calendar in [calendar(), changed()] {
                for as_of in [after.last_on.unwrap_or(on), today, later(60)] {
                    let as_of = after.last_on.map_or(as_of, |last| as_of.max(last));
                    let Ok(reading) = setup.read(&after, calendar, as_of) else { continue };
                    let told = basis.as_ref().map_or(Ok(None), |one| one.on_day(as_of).due(calendar));
                    prop_assert_eq!(told, Ok(reading.due), "{:?} on {}", basis, as_of);
                }
            }
            // Striking it out leads back to where the matter stood.
            if !struck {
                let mut again = events.clone();
                let reason = "误登".to_owned();
                let act = Act::Strike { seq, reason };
                prop_assert_eq!(setup.judge(&again, &[], on, &act, calendar(), today), Ok(u32::try_from(after.leg()).unwrap()));
                again.push(Event { seq: seq + 1, leg, on, at: 0, user: UserId(1), act });
                prop_assert_eq!(Course::of(&setup, &again), before);
            }
            history.push((events.len(), on));
        }
        // A question about an earlier day gets that day's answer, whatever has happened since. Acts
        // entered late belong to the day they count from, so the days must have come in order.
        let in_order = events.windows(2).all(|pair| pair[0].on <= pair[1].on);
        for (known, on) in history.into_iter().filter(|_| in_order) {
            let last_of_day = events.get(known).is_none_or(|next| next.on > on);
            if last_of_day {
                let then = Course::of(&setup, &events[..known]);
                prop_assert_eq!(Course::as_of(&setup, &events, on), then);
            }
        }
    }
}

#[test]
fn the_offers_of_a_phase_are_acts_of_that_phase() {
    let matter = matter("A05", 20, "");
    let service = service();
    let own = UnitPath::root("150000").unwrap();
    let setup = Setup {
        matter: &matter,
        service: &service,
        legs: legs(&own, DecisionLevel::Region, false),
        variant: 0,
        standing: Standing::Needed,
        promised: None,
        planned_start: None,
    };
    let course = Course::of(&setup, &[]);
    assert_eq!(course.phase(), Phase::NotReceived);
    let offers: Vec<&str> = setup.offers(&course).iter().map(|one| one.word()).collect();
    assert_eq!(offers, ["receive", "exempt", "adjust"]);
}
