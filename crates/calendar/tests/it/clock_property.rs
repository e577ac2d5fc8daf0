//! Random cases read by the kernel and by a naive reference that walks day by day.
//!
//! The reference is in `naive`. `GANGMU_CLOCK_CASES` sets how many cases are
//! tried (2,000 unless told; 1,000,000 before a release).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use gangmu_calendar::clock::{
    Act, Budget, CalendarChange, Clock, Due, Event, Ledger, Light, SpecialProcedure, Starts, State,
    Terms,
};
use gangmu_calendar::{Calendar, Holidays, Overrides, WorkingDays};
use jiff::civil::Date;
use proptest::prelude::*;

use crate::SHIPPED;
use crate::naive::Naive;

fn cases() -> u32 {
    let told = std::env::var("GANGMU_CLOCK_CASES").ok();
    told.and_then(|cases| cases.parse().ok()).unwrap_or(2_000)
}

/// Calendars of three years each: short enough that limits run off the end too.
static WINDOWS: LazyLock<Vec<Calendar>> = LazyLock::new(|| {
    (2004..=2024)
        .map(|year| {
            let known = |line: &&str| {
                let of_line = line.get(..4).and_then(|text| text.parse::<i32>().ok());
                of_line.is_none_or(|of_line| (year..year + 3).contains(&of_line))
            };
            let text: Vec<&str> = SHIPPED.lines().filter(known).collect();
            Calendar::new("cn", &Holidays::parse(&text.join("\n")).unwrap()).unwrap()
        })
        .collect()
});

/// What happens in one case: acts tried in turn, some days apart.
#[derive(Clone, Debug)]
struct Case {
    calendar: usize,
    start: i32,
    terms: Terms,
    steps: Vec<(usize, i32, u32)>,
    edits: BTreeMap<i32, bool>,
    as_of: i32,
}

fn any_budget(longest: u32) -> impl Strategy<Value = Budget> {
    let days = 0..longest;
    (days, prop::bool::weighted(0.7)).prop_map(|(days, working)| match working {
        true => Budget::working(days),
        false => Budget::calendar(days),
    })
}

prop_compose! {
    fn any_terms()(
        statutory in any_budget(70),
        promised in prop::option::of(any_budget(30)),
        on_receipt in prop::bool::weighted(0.2),
        forwarding in prop::option::of(0u32..4),
        delivery in prop::option::of(0u32..12),
        silence in 0u32..8,
        max_extension in 1u32..20,
        warn_when_left in 0u32..5,
    ) -> Terms {
        Terms {
            statutory: Some(statutory),
            promised,
            starts: if on_receipt { Starts::OnReceipt } else { Starts::OnAcceptance },
            forwarding: forwarding.map(WorkingDays),
            delivery: delivery.map(WorkingDays),
            silence: WorkingDays(silence),
            max_extension,
            warn_when_left,
        }
    }
}

prop_compose! {
    fn any_case()(
        calendar in 0usize..21,
        start in 0i32..1_090,
        terms in any_terms(),
        steps in prop::collection::vec((0usize..10, 0i32..15, 0u32..20), 1..10),
        edits in prop::collection::btree_map(0i32..160, prop::bool::ANY, 0..5),
        as_of in -3i32..170,
    ) -> Case {
        Case { calendar, start, terms, steps, edits, as_of }
    }
}

impl Case {
    fn calendar(&self) -> &'static Calendar {
        &WINDOWS[self.calendar]
    }

    fn day(&self, offset: i32) -> Date {
        let (first, _) = self.calendar().span();
        first
            .checked_add(jiff::Span::new().days(self.start + offset))
            .unwrap()
    }

    fn edited_calendar(&self) -> Calendar {
        let row = |(offset, off): (&i32, &bool)| {
            let kind = if *off { "off" } else { "work" };
            format!("{},{kind},地方\n", self.day(*offset))
        };
        let rows: String = self.edits.iter().map(row).collect();
        let overrides = Overrides::parse(&format!("date,kind,name\n{rows}")).unwrap();
        self.calendar().with_overrides(&overrides)
    }

    /// Records, per step, the first of the acts after the drawn one that is allowed.
    fn ledger(&self) -> Ledger {
        let mut ledger = Ledger::default();
        let mut offset = 0;
        for (choice, gap, number) in &self.steps {
            let on = self.day(offset);
            let done = (0..10).any(|turn| {
                let event = Event::new(on, act((choice + turn) % 10, *number));
                ledger
                    .record(event, &self.terms, self.calendar(), Date::MAX)
                    .is_ok()
            });
            if done {
                offset += gap;
            }
        }
        ledger
    }
}

fn act(choice: usize, number: u32) -> Act {
    let extended = |limit| Act::Extended {
        limit,
        days: number,
        approver: "局长".into(),
        reason: "情况复杂".into(),
    };
    match choice {
        0 => Act::Received,
        1 => Act::CorrectionAsked,
        2 => Act::Corrected,
        3 => Act::Accepted,
        4 => Act::Suspended {
            procedure: SpecialProcedure::PublicNotice,
            bound: match number % 2 {
                0 => Budget::working(number),
                _ => Budget::calendar(number),
            },
        },
        5 => Act::Resumed,
        6 if number.is_multiple_of(2) => extended(Clock::Promised),
        6 => extended(Clock::Statutory),
        7 if number.is_multiple_of(4) => Act::Forwarded,
        8 if number.is_multiple_of(3) => Act::Decided,
        9 => Act::Delivered,
        _ => Act::Resumed,
    }
}

fn check(
    case: &Case,
    calendar: &Calendar,
    ledger: &Ledger,
    as_of: Date,
) -> Result<(), TestCaseError> {
    let naive = Naive::new(ledger, &case.terms, calendar, as_of);
    for clock in Clock::ALL {
        let found = ledger.read(clock, &case.terms, calendar, as_of);
        if calendar.day(as_of).is_err() && naive.end(clock).is_none() {
            // A day nobody knows: an answer would be a guess, unless nothing ran.
            let silent =
                matches!(&found, Ok(None)) || matches!(&found, Ok(Some(r)) if r.elapsed == 0);
            prop_assert!(found.is_err() || silent);
            continue;
        }
        let Some(budget) = naive.budget(clock) else {
            prop_assert_eq!(found, Ok(None));
            continue;
        };
        let found = found.unwrap().unwrap();
        prop_assert_eq!(found.budget, budget);
        let Some(start) = naive.start(clock, as_of) else {
            prop_assert_eq!(&found.due, &Due::NotYet);
            prop_assert_eq!((found.started_on, found.elapsed), (None, 0));
            continue;
        };
        let through = naive.end(clock).unwrap_or(as_of);
        let (elapsed, due) = naive.read(clock, start, through);
        prop_assert_eq!(found.started_on, Some(start));
        prop_assert_eq!(found.elapsed, elapsed, "{:?}", clock);
        prop_assert_eq!(found.due_on(), due, "{:?}", clock);
        prop_assert_eq!(
            found.remaining,
            i64::from(budget.days()) - i64::from(elapsed)
        );
        prop_assert_eq!(
            found.light == Light::Red,
            due.is_some_and(|due| through > due)
        );
        let tomorrow = as_of.tomorrow().unwrap();
        if let State::Suspended { until, .. } = found.state {
            let ends_today = until == Some(as_of);
            prop_assert!(naive.is_paused(tomorrow) || ends_today);
        }
    }
    Ok(())
}

fn check_moves(
    case: &Case,
    edited: &Calendar,
    ledger: &Ledger,
    as_of: Date,
) -> Result<(), TestCaseError> {
    let change = CalendarChange::between(case.calendar(), edited);
    let due = |calendar, clock| {
        let reading = ledger.read(clock, &case.terms, calendar, as_of).unwrap();
        reading.and_then(|reading| reading.due_on())
    };
    for clock in Clock::ALL {
        let moved = change.moved(ledger, clock, &case.terms, as_of).unwrap();
        let Some(moved) = moved else {
            let ended = Naive::new(ledger, &case.terms, edited, as_of).end(clock);
            let (was, is) = (due(case.calendar(), clock), due(edited, clock));
            prop_assert!(ended.is_some() || was.is_none() || is.is_none() || was == is);
            continue;
        };
        prop_assert_eq!(Some(moved.from), due(case.calendar(), clock));
        prop_assert_eq!(Some(moved.to), due(edited, clock));
        prop_assert!(!moved.because.is_empty());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn every_reading_equals_a_walk_day_by_day(case in any_case()) {
        let ledger = case.ledger();
        let as_of = case.day(case.as_of);
        let replayed = Ledger::replay(ledger.events().to_vec());
        prop_assert_eq!(replayed.as_ref(), Ok(&ledger));
        check(&case, case.calendar(), &ledger, as_of)?;
        let edited = case.edited_calendar();
        check(&case, &edited, &ledger, as_of)?;
        if edited.day(as_of).is_ok() {
            check_moves(&case, &edited, &ledger, as_of)?;
        }
    }
}

#[test]
fn the_random_cases_reach_every_phase_and_every_light() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    use std::collections::HashSet;

    let mut runner = TestRunner::deterministic();
    let (mut phases, mut lights) = (HashSet::new(), HashSet::new());
    for _ in 0..2_000 {
        let case = any_case().new_tree(&mut runner).unwrap().current();
        let (ledger, as_of) = (case.ledger(), case.day(case.as_of));
        phases.insert(ledger.phase(as_of));
        if let Ok(Some(reading)) =
            ledger.read(Clock::Statutory, &case.terms, case.calendar(), as_of)
        {
            lights.insert(reading.light);
        }
    }
    assert_eq!(
        (phases.len(), lights.len()),
        (8, 5),
        "{phases:?} {lights:?}"
    );
}
