//! Networks against naive answers: longest paths by trying every path, what-if by really changing
//! the plans.

use gangmu_analysis::network::{Change, NetworkError, Plan, Plans, PlansBuilder, Step};
use proptest::prelude::*;

fn step(matter: u32, days: u32, after: &[usize]) -> Step {
    Step {
        matter,
        days,
        not_before: 0,
        after: after.to_vec(),
        not_done_before: Vec::new(),
    }
}

fn plans(plans: &[Plan]) -> Plans {
    let mut builder = PlansBuilder::default();
    for plan in plans {
        builder.add(plan).unwrap();
    }
    builder.finish()
}

fn plan(investment: i64, steps: Vec<Step>) -> Plan {
    Plan { investment, steps }
}

/// The approval of the 60-day plan in which five matters run in parallel before 核准, then the two
/// planning permits together (公开的核准制并联审批方案).
fn sixty_days() -> Plan {
    plan(
        500,
        vec![
            step(1, 20, &[]),
            step(2, 25, &[]),
            step(3, 25, &[]),
            step(4, 25, &[]),
            step(5, 15, &[0, 1, 2, 3]),
            step(6, 10, &[4]),
            step(7, 10, &[4]),
        ],
    )
}

#[test]
fn the_parallel_plan_of_the_approval_system_takes_fifty_days() {
    let plans = plans(&[sixty_days()]);
    let schedule = plans.schedule(0);
    assert_eq!(schedule.finish, Some(50));
    assert_eq!(schedule.critical, [1, 4, 5]);
    let slack: Vec<i64> = (0..7).map(|at| schedule.slack(at)).collect();
    assert_eq!(slack, [5, 0, 0, 0, 0, 0, 0]);
    assert_eq!(schedule.earliest_start, [0, 0, 0, 0, 25, 40, 40]);
}

#[test]
fn cutting_one_of_two_equally_long_matters_frees_nothing() {
    let plans = plans(&[
        sixty_days(),
        plan(70, vec![step(2, 9, &[]), step(5, 1, &[0])]),
    ]);
    let now = plans.finishes();
    let effect = |matter, days| {
        let effect = plans.effect(&now, Change::Cut { matter, days });
        (
            effect.n_with_it,
            effect.n_earlier,
            effect.days,
            effect.investment,
        )
    };
    assert_eq!(effect(2, 3), (2, 1, 3, 70));
    assert_eq!(effect(5, 2), (2, 2, 3, 570));
    assert_eq!(effect(1, 20), (1, 0, 0, 0));
    assert_eq!(effect(99, 1), (0, 0, 0, 0));
}

#[test]
fn the_ranking_puts_the_matter_first_that_frees_most_days_and_then_most_investment() {
    let short = |matter, investment| plan(investment, vec![step(matter, 5, &[])]);
    let plans = plans(&[short(1, 10), short(2, 900), short(3, 20), short(3, 20)]);
    let ranked = plans.rank_cuts(1);
    let matters: Vec<Change> = ranked.iter().map(|effect| effect.change).collect();
    let cut = |matter| Change::Cut { matter, days: 1 };
    assert_eq!(matters, [cut(3), cut(2), cut(1)]);
    assert_eq!(ranked[0].days, 2);
}

#[test]
fn two_steps_in_parallel_begin_together_and_what_follows_waits_for_both() {
    // 10, then 8, then 3: in parallel the first two take 10.
    let plans = plans(&[plan(
        1,
        vec![step(1, 10, &[]), step(2, 8, &[0]), step(3, 3, &[1])],
    )]);
    let change = Change::Parallel {
        first: 1,
        second: 2,
    };
    assert_eq!(plans.finishes(), [Some(21)]);
    assert_eq!(plans.finishes_after(change), [Some(13)]);
    assert_eq!(plans.rank_parallels()[0].change, change);
}

#[test]
fn steps_that_wait_for_each_other_are_named() {
    let mut builder = PlansBuilder::default();
    let circle = plan(
        0,
        vec![
            step(0, 1, &[]),
            step(1, 1, &[0, 3]),
            step(2, 1, &[1]),
            step(3, 1, &[2]),
        ],
    );
    let error = builder.add(&circle).unwrap_err();
    let NetworkError::Cycle { steps } = &error else {
        panic!("{error}");
    };
    let mut sorted = steps.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [1, 2, 3]);
    for (before, after) in steps.iter().zip(steps.iter().cycle().skip(1)) {
        assert!(circle.steps[*after].after.contains(before), "{steps:?}");
    }
    let missing = plan(0, vec![step(0, 1, &[7])]);
    let expected = NetworkError::NoSuchStep { step: 0, after: 7 };
    assert_eq!(builder.add(&missing), Err(expected));
    assert_eq!(builder.finish().n_plans(), 0);
}

#[test]
fn a_plan_without_steps_has_no_finish() {
    let plans = plans(&[plan(5, vec![])]);
    assert_eq!(plans.finishes(), [None]);
    assert_eq!(plans.schedule(0).finish, None);
    assert!(plans.rank_cuts(1).is_empty());
}

/// Every path through the plan, tried one by one.
fn naive_finish(steps: &[Step], at: usize) -> i64 {
    let step = &steps[at];
    let waited = step.after.iter().map(|before| naive_finish(steps, *before));
    let done = waited.max().unwrap_or(i64::MIN).max(step.not_before) + i64::from(step.days);
    let beside = step.not_done_before.iter();
    let beside = beside.map(|beside| naive_finish(steps, *beside)).max();
    beside.map_or(done, |beside| beside.max(done))
}

fn naive(plan: &Plan) -> Option<i64> {
    (0..plan.steps.len())
        .map(|at| naive_finish(&plan.steps, at))
        .max()
}

/// The plan as it would be written anew: the second waits for what the first waits for, and what
/// waits for the second waits for the first too. Places are in an order that works.
fn in_parallel(plan: &Plan, first: u32, second: u32) -> Plan {
    let mut steps: Vec<Step> = Vec::new();
    // For every step: what those that come after it have to wait for.
    let mut stands_for: Vec<Vec<usize>> = Vec::new();
    for (place, step) in plan.steps.iter().enumerate() {
        let mut step = step.clone();
        let mut also = vec![place];
        let mut after = Vec::new();
        for before in &step.after {
            if step.matter == second && plan.steps[*before].matter == first {
                after.extend(steps[*before].after.clone());
                also.extend(stands_for[*before].clone());
            } else {
                after.extend(stands_for[*before].clone());
            }
        }
        step.after = after;
        steps.push(step);
        stands_for.push(also);
    }
    Plan {
        steps,
        ..plan.clone()
    }
}

prop_compose! {
    fn any_step(place: usize)(
        matter in 0_u32..5,
        days in 0_u32..9,
        not_before in -3_i64..12,
        after in prop::collection::vec(0..place.max(1), 0..=3),
    ) -> Step {
        let after = if place == 0 { Vec::new() } else { after };
        Step { matter, days, not_before, after, not_done_before: Vec::new() }
    }
}

/// A plan in which some steps run beside what they are not done before.
fn any_plan_with_promises() -> impl Strategy<Value = Plan> {
    let picks = prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 8);
    (any_plan(), picks).prop_map(|(mut plan, picks)| {
        for (place, (pick, promised)) in (1..plan.steps.len()).zip(picks) {
            if promised {
                plan.steps[place].not_done_before.push(pick.index(place));
            }
        }
        plan
    })
}

fn any_plan() -> impl Strategy<Value = Plan> {
    (0_usize..8, 1_i64..1000).prop_flat_map(|(count, investment)| {
        let steps: Vec<_> = (0..count).map(any_step).collect();
        steps.prop_map(move |steps| Plan { investment, steps })
    })
}

/// The same plan told in the opposite order.
fn told_backwards(plan: &Plan) -> Plan {
    let last = plan.steps.len().saturating_sub(1);
    let mut steps = plan.steps.clone();
    for step in &mut steps {
        step.after
            .iter_mut()
            .for_each(|before| *before = last - *before);
    }
    steps.reverse();
    Plan {
        steps,
        ..plan.clone()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_finish_equals_the_longest_of_all_paths(plan in any_plan()) {
        let kernel = plans(&[plan.clone(), told_backwards(&plan)]);
        prop_assert_eq!(kernel.finishes(), [naive(&plan), naive(&plan)]);
        let schedule = kernel.schedule(0);
        prop_assert_eq!(schedule.finish, naive(&plan));
        for place in 0..plan.steps.len() {
            prop_assert_eq!(schedule.earliest_finish[place], naive_finish(&plan.steps, place));
        }
    }

    #[test]
    fn a_step_beside_another_is_not_done_before_it(plan in any_plan_with_promises(), matter in 0_u32..5, days in 0_u32..6) {
        let kernel = plans(std::slice::from_ref(&plan));
        prop_assert_eq!(kernel.finishes(), [naive(&plan)]);
        let schedule = kernel.schedule(0);
        for place in 0..plan.steps.len() {
            prop_assert_eq!(schedule.earliest_finish[place], naive_finish(&plan.steps, place));
            prop_assert!(schedule.slack(place) >= 0);
        }
        prop_assert!(schedule.critical.iter().all(|at| schedule.slack(*at) == 0));
        let mut cut = plan.clone();
        let steps = cut.steps.iter_mut().filter(|step| step.matter == matter);
        steps.for_each(|step| step.days = step.days.saturating_sub(days));
        prop_assert_eq!(kernel.finishes_after(Change::Cut { matter, days }), [naive(&cut)]);
    }

    /// Slack is what its name says: so many days later changes nothing, one more does.
    #[test]
    fn a_step_may_be_later_by_its_slack_and_by_no_more(plan in any_plan(), pick in any::<prop::sample::Index>()) {
        prop_assume!(!plan.steps.is_empty());
        let place = pick.index(plan.steps.len());
        let schedule = plans(std::slice::from_ref(&plan)).schedule(0);
        let slack = u32::try_from(schedule.slack(place)).unwrap();
        let mut later = plan.clone();
        later.steps[place].days += slack;
        prop_assert_eq!(naive(&later), schedule.finish);
        later.steps[place].days += 1;
        prop_assert_eq!(naive(&later), schedule.finish.map(|finish| finish + 1));
    }

    /// The critical path is a chain without gaps that ends with the plan.
    #[test]
    fn the_critical_path_explains_the_finish(plan in any_plan()) {
        let schedule = plans(std::slice::from_ref(&plan)).schedule(0);
        let Some(first) = schedule.critical.first() else {
            prop_assert!(plan.steps.is_empty());
            return Ok(());
        };
        let days: i64 = schedule.critical.iter().map(|at| i64::from(plan.steps[*at].days)).sum();
        prop_assert_eq!(schedule.earliest_start[*first] + days, schedule.finish.unwrap());
        prop_assert_eq!(schedule.earliest_start[*first], plan.steps[*first].not_before);
        for pair in schedule.critical.windows(2) {
            prop_assert!(plan.steps[pair[1]].after.contains(&pair[0]));
        }
        prop_assert!(schedule.critical.iter().all(|at| schedule.slack(*at) == 0));
    }

    #[test]
    fn a_cut_equals_the_plans_written_anew(all in prop::collection::vec(any_plan(), 1..5), matter in 0_u32..5, days in 0_u32..6) {
        let cut = |plan: &Plan| {
            let mut plan = plan.clone();
            let steps = plan.steps.iter_mut().filter(|step| step.matter == matter);
            steps.for_each(|step| step.days = step.days.saturating_sub(days));
            plan
        };
        let kernel = plans(&all);
        let change = Change::Cut { matter, days };
        let expected: Vec<_> = all.iter().map(|plan| naive(&cut(plan))).collect();
        prop_assert_eq!(kernel.finishes_after(change), expected);
        let freed = |plan: &Plan| naive(plan).unwrap_or(0) - naive(&cut(plan)).unwrap_or(0);
        let effect = kernel.effect(&kernel.finishes(), change);
        prop_assert_eq!(effect.days, all.iter().map(freed).sum::<i64>());
        let behind = all.iter().filter(|plan| freed(plan) > 0);
        prop_assert_eq!(effect.investment, behind.map(|plan| i128::from(plan.investment)).sum::<i128>());
    }

    #[test]
    fn running_in_parallel_equals_the_plans_written_anew(plan in any_plan(), first in 0_u32..5, second in 0_u32..5) {
        prop_assume!(first != second);
        let kernel = plans(std::slice::from_ref(&plan));
        let after = kernel.finishes_after(Change::Parallel { first, second });
        prop_assert_eq!(&after, &[naive(&in_parallel(&plan, first, second))]);
        prop_assert!(after <= kernel.finishes());
    }

    #[test]
    fn no_numbers_make_it_panic(days in any::<u32>(), not_before in any::<i64>(), cut in any::<u32>()) {
        let far = |after: &[usize]| Step { matter: u32::MAX, days, not_before, after: after.to_vec(), not_done_before: Vec::new() };
        let kernel = plans(&[plan(i64::MAX, vec![far(&[]), far(&[0]), far(&[1])])]);
        let schedule = kernel.schedule(0);
        prop_assert!((0..3).all(|at| schedule.slack(at) >= 0));
        prop_assert!(kernel.rank_cuts(cut)[0].days >= 0);
    }
}
