//! Cumulative figures follow from the months, and a correction moves exactly what it should.

use gangmu_domain::metrics::{EntryFacts, Measure, MonthFacts, Position};
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
    }
}

/// The positions of consecutive months from January 2024 on.
fn run(months: &[(i64, bool, bool)]) -> Vec<(Period, Position)> {
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
        let next = Position::after(previous, entry(Category::NewStart, None), facts, at);
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
