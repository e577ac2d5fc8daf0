//! Cumulative figures follow from the months, and a correction moves exactly what it should.

use gangmu_domain::metrics::{Carried, EntryFacts, MatterCounts, Measure, MonthFacts, Position};
use gangmu_domain::pipeline::{Category, monthly_share};
use gangmu_domain::{Period, Yuan};
use proptest::prelude::*;

use crate::{coordinates, period};

fn entry(category: Category, start_due: Option<Period>) -> EntryFacts {
    EntryFacts {
        coordinates: coordinates(category),
        total: Yuan(100_000_000),
        plan: Yuan(12_000_000),
        plan_to_date: Yuan(1_000_000),
        start_due,
        invested_before: Yuan(7),
        carried: Carried::default(),
        matters: MatterCounts::default(),
    }
}

/// The positions of consecutive months from January 2024 on.
fn run(months: &[(i64, bool, bool)]) -> Vec<(Period, Position)> {
    run_carrying(months, |_| Carried::default())
}

/// The same, with what the list says was taken over, month by month.
fn run_carrying(
    months: &[(i64, bool, bool)],
    carried: impl Fn(Period) -> Carried,
) -> Vec<(Period, Position)> {
    let mut positions: Vec<(Period, Position)> = Vec::new();
    let mut at = period("2024-01");
    for (investment, at_work, completed) in months {
        let facts = MonthFacts {
            investment: Yuan(*investment),
            funds: Yuan(*investment / 2),
            at_work: *at_work,
            completed: *completed,
            ..MonthFacts::default()
        };
        let previous = positions
            .last()
            .map(|(period, position)| (*period, position));
        let entry = EntryFacts {
            carried: carried(at),
            ..entry(Category::NewStart, None)
        };
        let next = Position::after(previous, entry, facts, at);
        positions.push((at, next));
        at = at.next();
    }
    positions
}

fn months() -> impl Strategy<Value = Vec<(i64, bool, bool)>> {
    let month = (
        -1_000_000_i64..10_000_000,
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.05),
    );
    prop::collection::vec(month, 1..30)
}

proptest! {
    #[test]
    fn the_year_restarts_in_january_and_the_total_goes_on(months in months()) {
        let positions = run(&months);
        for (at, (period, position)) in positions.iter().enumerate() {
            let first = at - usize::try_from(period.month() - 1).unwrap();
            let sum = |from: usize| months[from..=at].iter().map(|m| m.0).sum::<i64>();
            prop_assert_eq!(position.year_to_date, Yuan(sum(first)));
            prop_assert_eq!(position.since_start, Yuan(7 + sum(0)));
            let funds: i64 = months[first..=at].iter().map(|m| m.0 / 2).sum();
            prop_assert_eq!(position.funds_to_date, Yuan(funds));
            // What began this year stays begun, and is asked anew in January.
            prop_assert_eq!(position.month.at_work, months[first..=at].iter().any(|m| m.1));
            prop_assert_eq!(position.month.completed, months[first..=at].iter().any(|m| m.2));
        }
    }

    #[test]
    fn a_correction_shifts_later_months_by_exactly_itself(
        months in months(), which in any::<prop::sample::Index>(), delta in -500_000_i64..500_000
    ) {
        let which = which.index(months.len());
        let mut corrected = months.clone();
        corrected[which].0 += delta;
        let (before, after) = (run(&months), run(&corrected));
        let year = before[which].0.year();
        for (at, ((period, old), (_, new))) in before.iter().zip(&after).enumerate() {
            let moved = if at >= which { delta } else { 0 };
            let in_year = if period.year() == year { moved } else { 0 };
            prop_assert_eq!(new.since_start - old.since_start, Yuan(moved));
            prop_assert_eq!(new.year_to_date - old.year_to_date, Yuan(in_year));
            // The measures differ by the same, so that totals can be kept by differences.
            let change = new.measures(*period) - old.measures(*period);
            prop_assert_eq!(change.get(Measure::YearToDate), in_year);
            prop_assert_eq!(change.get(Measure::SinceStart), moved);
            prop_assert_eq!(change.get(Measure::Projects), 0);
        }
    }

    #[test]
    fn what_was_taken_over_counts_once_in_its_year_and_for_good_since_the_start(
        months in months(), month in 1_i8..=12, amount in -1_000_000_i64..1_000_000
    ) {
        let from = Period::new(2024, month).unwrap();
        let over = Carried {
            year_to_date: Yuan(amount),
            since_start: Yuan(amount * 2),
            funds_to_date: Yuan(amount / 2),
        };
        let plain = run(&months);
        let moved = run_carrying(&months, |period| {
            let counts = period >= from && period.year() == 2024;
            if counts { over } else { Carried::default() }
        });
        for ((period, old), (_, new)) in plain.iter().zip(&moved) {
            let in_year = *period >= from && period.year() == 2024;
            let expected = if in_year { over } else { Carried::default() };
            prop_assert_eq!(new.year_to_date - old.year_to_date, expected.year_to_date);
            prop_assert_eq!(new.funds_to_date - old.funds_to_date, expected.funds_to_date);
            let ever = if *period >= from { over } else { Carried::default() };
            prop_assert_eq!(new.since_start - old.since_start, ever.since_start);
        }
    }

    #[test]
    fn due_less_overdue_plus_early_is_started(
        category in prop::sample::select(Category::ALL),
        due in prop::option::of(1_i8..=12), at in 1_i8..=12, working: bool, completed: bool
    ) {
        let start_due = due.and_then(|month| Period::new(2025, month));
        let month = MonthFacts { at_work: working, completed, ..MonthFacts::default() };
        let period = Period::new(2025, at).unwrap();
        let m = Position::after(None, entry(category, start_due), month, period).measures(period);
        use Measure as M;
        prop_assert_eq!(
            m.get(M::DueToStart) - m.get(M::StartOverdue) + m.get(M::StartedEarly),
            m.get(M::Started)
        );
        prop_assert!(m.get(M::Started) <= m.get(M::NewStarts));
        prop_assert!(m.get(M::AtWork) <= m.get(M::Continuing));
        prop_assert!(m.get(M::Completions) <= m.get(M::Continuing));
    }

    #[test]
    fn an_even_plan_reaches_the_annual_plan_in_december(annual in 0_i64..10_i64.pow(15)) {
        let shares: Vec<Yuan> = (1..=12)
            .map(|n| monthly_share(Yuan(annual), None, Period::new(2025, n).unwrap()))
            .collect();
        prop_assert!(shares.is_sorted());
        prop_assert_eq!(shares[11], Yuan(annual));
    }
}

#[test]
fn a_start_without_a_month_is_due_in_december() {
    let at = |month: &str| {
        let entry = entry(Category::NewStart, None);
        let position = Position::after(None, entry, MonthFacts::default(), period(month));
        position.measures(period(month)).get(Measure::StartOverdue)
    };
    assert_eq!((at("2025-11"), at("2025-12")), (0, 1));
}
