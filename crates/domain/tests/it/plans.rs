//! Plans: what is wrong with one, what covers what, versions side by side, amounts, formulas,
//! forecasts.

use gangmu_domain::organisation::{DepartmentId, UnitPath};
use gangmu_domain::plans::{
    Axis, ChangeKind, Completion, Content, Cover, Direction, ForecastMethod, Formula, FormulaFault,
    Fraction, Group, Growth, Hung, Indicator, LeftOut, Link, Metric, Office, PlanId, Point,
    Quantity, Rules, Said, Share, Source, Step, Task, UnitOfMeasure, Wrong, apportion, compare,
    cover_indicators, cover_tasks, forecast, offices_without_plan,
};
use proptest::prelude::*;

use super::{day, period};

fn office(code: &str, department: i64) -> Office {
    let region = UnitPath::root("150000").unwrap();
    Office {
        unit: match code {
            "" => region,
            code => region.child(code).unwrap(),
        },
        department: (department != 0).then_some(DepartmentId(department)),
    }
}

fn task(key: u32, title: &str) -> Task {
    Task {
        key,
        group: String::new(),
        title: title.to_owned(),
        body: String::new(),
        outcome: String::new(),
        lead: office("", 0),
        cooperating: Vec::new(),
        due: day("2025-12-31"),
        takes_over: Vec::new(),
        indicators: Vec::new(),
    }
}

fn indicator(key: u32, target: i64) -> Indicator {
    Indicator {
        key,
        name: format!("指标{key}"),
        unit: UnitOfMeasure("亿元".to_owned()),
        baseline: None,
        target: Quantity(target * 100_000_000),
        due: day("2025-12-31"),
        direction: Direction::Up,
        weight: 10,
        source: Source::Reported,
        takes_over: None,
        shares: Vec::new(),
        steps: Vec::new(),
    }
}

fn content(tasks: Vec<Task>) -> Content {
    Content {
        tasks,
        left_out: Vec::new(),
        next_key: 100,
    }
}

fn with(mut task: Task, indicators: Vec<Indicator>) -> Task {
    task.indicators = indicators;
    task
}

fn derived(key: u32, formula: &str) -> Indicator {
    Indicator {
        source: Source::Derived(formula.to_owned()),
        ..indicator(key, 1)
    }
}

fn wrongs(content: &Content, upper: Option<&Content>) -> Vec<Wrong> {
    let flaws = content.flaws(&office("150500", 0), upper, |link| link.member != "gone");
    flaws.into_iter().map(|flaw| flaw.wrong).collect()
}

#[test]
fn a_formula_that_comes_back_to_itself_is_told_and_a_straight_one_is_not() {
    let all = vec![
        derived(1, "#2 + 1"),
        derived(2, "#3 * 2"),
        derived(3, "#1"),
        derived(4, "#5 / 2"),
        indicator(5, 3),
        derived(6, "#9"),
        derived(7, "1 +"),
    ];
    let plan = content(vec![with(task(10, "甲"), all)]);
    assert_eq!(
        wrongs(&plan, None),
        [
            Wrong::FormulaCycle,
            Wrong::FormulaCycle,
            Wrong::FormulaCycle,
            Wrong::FormulaUnknown(9),
            Wrong::BadFormula
        ]
    );
}

#[test]
fn a_target_without_unit_and_a_metric_that_is_gone_are_told() {
    let link = |metric: &str, member: &str| {
        Source::Linked(Link {
            metric: metric.to_owned(),
            unit: office("", 0).unit,
            department: None,
            cut: String::new(),
            member: member.to_owned(),
        })
    };
    let mut bare = indicator(1, 5);
    bare.unit = UnitOfMeasure(" ".to_owned());
    let mut gone = indicator(2, 5);
    gone.source = link("happiness", "");
    let mut place = indicator(3, 5);
    place.source = link("year_to_date", "gone");
    let mut other = indicator(4, 5);
    other.source = link("projects", "");
    let mut fits = indicator(5, 5);
    fits.source = link("year_to_date", "");
    let plan = content(vec![with(
        task(10, "甲"),
        vec![bare, gone, place, other, fits],
    )]);
    assert_eq!(
        wrongs(&plan, None),
        [
            Wrong::NoUnit,
            Wrong::UnknownMetric("happiness".to_owned()),
            Wrong::UnknownPlace("gone".to_owned()),
            Wrong::MetricUnit("projects".to_owned()),
        ]
    );
}

#[test]
fn parts_that_do_not_add_up_are_told_with_both_numbers() {
    let mut one = indicator(1, 100);
    let share = |code: &str, yi: i64| Share {
        office: office(code, 0),
        quantity: Quantity(yi * 100_000_000),
    };
    one.shares = vec![share("150500", 60), share("150200", 39)];
    one.steps = vec![Step {
        period: period("2025-12"),
        quantity: Quantity(99),
    }];
    assert_eq!(
        one.parts_flaws(),
        [
            Wrong::DoesNotAddUp {
                axis: Axis::Units,
                sum: "99".to_owned(),
                target: "100".to_owned()
            },
            Wrong::StepsEnd {
                last: "0.00000099".to_owned(),
                target: "100".to_owned()
            }
        ]
    );
    one.shares = vec![share("150500", 60), share("150200", 40)];
    one.steps = Vec::new();
    assert_eq!(one.parts_flaws(), []);
    let of_department = |yi: i64| Share {
        office: office("", 7),
        quantity: Quantity(yi * 100_000_000),
    };
    one.shares.push(of_department(100));
    assert_eq!(one.parts_flaws(), [], "departments carry the whole, too");
    one.shares.pop();
    one.shares.push(of_department(99));
    assert_eq!(
        one.parts_flaws(),
        [Wrong::DoesNotAddUp {
            axis: Axis::Departments,
            sum: "99".to_owned(),
            target: "100".to_owned()
        }]
    );
    one.shares.pop();
    one.shares.push(share("150500", 0));
    assert_eq!(one.parts_flaws(), [Wrong::ShareTwice]);
    one.unit = UnitOfMeasure("%".to_owned());
    one.shares = vec![share("150500", 60)];
    assert_eq!(one.parts_flaws(), [], "shares of a share need not add up");
}

#[test]
fn a_task_of_the_plan_above_is_taken_over_or_explicitly_not() {
    let mut charged = task(1, "谋划储备");
    charged.cooperating = vec![office("150500", 0)];
    let mut also = task(2, "要素保障");
    also.lead = office("150500", 0);
    let upper = content(vec![charged, also, task(3, "督导")]);
    let mut own = task(1, "建库");
    let mut plan = content(vec![own.clone()]);
    let not = |title: &str| Wrong::NotAnswered {
        title: title.to_owned(),
    };
    assert_eq!(
        wrongs(&plan, Some(&upper)),
        [not("谋划储备"), not("要素保障")]
    );
    own.takes_over = vec![1, 9];
    plan.tasks = vec![own.clone()];
    plan.left_out = vec![LeftOut {
        task: 2,
        reason: "由自治区本级统筹".to_owned(),
    }];
    assert_eq!(wrongs(&plan, Some(&upper)), [Wrong::UnknownTask(9)]);
    own.takes_over = vec![1, 2];
    plan.tasks = vec![own];
    assert_eq!(
        wrongs(&plan, Some(&upper)),
        [Wrong::TakenAndLeft {
            title: "要素保障".to_owned()
        }]
    );
    assert_eq!(wrongs(&content(Vec::new()), None), [Wrong::Empty]);
}

/// 21 tasks become 27: six are taken over by two tasks each, the rest by one.
#[test]
fn twenty_one_tasks_become_twenty_seven() {
    let upper = content(
        (1..=21)
            .map(|key| {
                let mut one = task(key, &format!("任务{key}"));
                one.cooperating = vec![office("150600", 0), office("150700", 0)];
                one
            })
            .collect(),
    );
    let lower = content(
        (1..=27)
            .map(|key| {
                let mut one = task(key, &format!("承接{key}"));
                one.takes_over = vec![if key <= 21 { key } else { key - 21 }];
                one
            })
            .collect(),
    );
    let banner = office("150600", 0);
    let hung = [Hung {
        plan: PlanId(7),
        office: &banner,
        content: &lower,
    }];
    let covers = cover_tasks(&upper, &office("", 0), &hung);
    let below: usize = covers
        .iter()
        .map(gangmu_domain::plans::TaskCover::tasks_below)
        .sum();
    assert_eq!((covers.len(), below), (21, 27));
    assert_eq!(covers[0].answers[0].cover, Cover::Taken(vec![1, 22]));
    assert_eq!(covers[20].answers[0].cover, Cover::Taken(vec![21]));
    assert_eq!(covers[0].without_plan, [office("150700", 0)]);
    assert!(!covers[0].is_answered());
    let mut led = task(1, "牵头");
    led.lead = office("150700", 0);
    led.cooperating = vec![office("150600", 0)];
    let covers = cover_tasks(&content(vec![led]), &office("", 0), &hung);
    assert_eq!(
        covers[0].without_plan,
        [office("150700", 0)],
        "who leads has to answer, too"
    );
    let without = offices_without_plan(&upper, &office("", 0), &hung);
    assert_eq!(without, [office("150700", 0)]);
}

#[test]
fn units_and_departments_each_carry_the_whole_and_what_is_carried_twice_counts_once() {
    let mut target = indicator(5, 100);
    target.shares = vec![
        Share {
            office: office("150500", 0),
            quantity: Quantity(60 * 100_000_000),
        },
        Share {
            office: office("150900", 0),
            quantity: Quantity(40 * 100_000_000),
        },
    ];
    let upper = content(vec![with(task(1, "投资"), vec![target])]);
    let carries = |yi: i64| {
        let mut own = indicator(3, yi);
        own.takes_over = Some(5);
        content(vec![with(task(2, "落实"), vec![own])])
    };
    let (league, again, energy) = (carries(60), carries(15), carries(100));
    let (tongliao, banner, office_of) = (
        office("150500", 0),
        Office {
            unit: office("150500", 0).unit.child("150502").unwrap(),
            department: None,
        },
        office("", 7),
    );
    let hung = |plan, office, content| Hung {
        plan: PlanId(plan),
        office,
        content,
    };
    let below = [
        hung(1, &tongliao, &league),
        hung(2, &banner, &again),
        hung(3, &office_of, &energy),
    ];
    let covers = cover_indicators(&upper, &below);
    let [units, departments] = &covers[0].axes[..] else {
        panic!("two lines: {covers:?}");
    };
    assert_eq!(
        (units.axis, departments.axis),
        (Axis::Units, Axis::Departments)
    );
    let yi = |quantity: Quantity| quantity.0 / 100_000_000;
    assert_eq!(
        (yi(units.assigned), yi(units.claimed), yi(units.missing)),
        (100, 60, 40),
        "the banner's part lies within its league's"
    );
    let twice: Vec<bool> = units.claims.iter().map(|claim| claim.twice).collect();
    assert_eq!(twice, [true, true]);
    assert_eq!(units.silent, [office("150900", 0)]);
    assert_eq!((yi(departments.claimed), yi(departments.missing)), (100, 0));
}

#[test]
fn completion_weighs_indicators_by_their_points_and_never_passes_the_whole() {
    let of = |direction, baseline: Option<i64>, target: i64, value: i64| {
        let mut one = indicator(1, 0);
        one.direction = direction;
        one.baseline = baseline.map(Quantity);
        one.target = Quantity(target);
        one.completion(Quantity(value))
    };
    let (up, down) = (Direction::Up, Direction::Down);
    for (direction, baseline, target, value, wanted) in [
        (up, None, 400, 318, 7_950),
        (up, None, 400, 500, 10_000),
        (up, None, 400, -5, 0),
        (up, None, 0, -5, 0),
        (up, None, 1_000_000, 999_999, 9_999),
        (down, None, 2, 1, 10_000),
        (down, None, 2, 4, 5_000),
        (down, None, 0, 4, 0),
        (down, Some(10), 2, 4, 7_500),
        (down, Some(10), 2, 12, 0),
    ] {
        let found = of(direction, baseline, target, value);
        assert_eq!(found, wanted, "{direction:?} {baseline:?} {target} {value}");
    }
    let mut all: Vec<Indicator> = (1..=4).map(|key| indicator(key, 100)).collect();
    for (one, weight) in all.iter_mut().zip([30, 10, 60, 0]) {
        one.weight = weight;
    }
    let yi = |yi: i64| Some(Quantity(yi * 100_000_000));
    let values = [yi(50), yi(200), None, yi(0)];
    let found = Completion::of(all.iter().zip(values));
    let wanted = Completion {
        reached: 25 * Completion::WHOLE,
        points: 100 * Completion::WHOLE,
        counted: 3,
        unknown: 1,
    };
    assert_eq!(found, wanted, "15 of 30 points, all of 10, none of 60");
    assert_eq!(Completion::of([]), Completion::default());
}

#[test]
fn versions_are_compared_field_by_field() {
    let before = content(vec![
        with(task(1, "谋划"), vec![indicator(2, 100), indicator(3, 1)]),
        task(4, "旧任务"),
    ]);
    let mut changed = indicator(2, 120);
    changed.due = day("2025-11-30");
    let mut first = with(task(1, "谋划储备"), vec![changed]);
    first.cooperating = vec![office("150500", 0)];
    let mut after = content(vec![first, task(5, "新任务")]);
    after.left_out = vec![LeftOut {
        task: 8,
        reason: "无此职能".to_owned(),
    }];
    let told: Vec<_> = compare(&before, &after)
        .into_iter()
        .map(|one| (one.kind, one.title, one.indicator, one.field))
        .collect();
    let row = |kind, title: &str, indicator, field| (kind, title.to_owned(), indicator, field);
    assert_eq!(
        told,
        [
            row(ChangeKind::Changed, "谋划储备", 0, "title"),
            row(ChangeKind::Changed, "谋划储备", 0, "cooperating"),
            row(ChangeKind::Changed, "谋划储备", 2, "target"),
            row(ChangeKind::Changed, "谋划储备", 2, "due"),
            row(ChangeKind::Removed, "谋划储备", 3, ""),
            row(ChangeKind::Added, "新任务", 0, ""),
            row(ChangeKind::Removed, "旧任务", 0, ""),
            row(ChangeKind::Changed, "", 8, "left_out"),
        ]
    );
    let target = &compare(&before, &after)[2];
    let yi = UnitOfMeasure("亿元".to_owned());
    assert_eq!(
        target.before,
        Said::Amount(Quantity(10_000_000_000), yi.clone())
    );
    assert_eq!(target.after, Said::Amount(Quantity(12_000_000_000), yi));
    assert_eq!(compare(&after, &after), []);
}

#[test]
fn amounts_are_read_and_printed_in_their_own_unit() {
    let unit = |text: &str| UnitOfMeasure(text.to_owned());
    for (of, typed, grains, printed) in [
        ("亿元", "10,000", 1_000_000_000_000, "10000"),
        ("亿元", "0.00000001", 1, "0.00000001"),
        ("万元", "12.5", 125_000, "12.5"),
        ("元", "7", 7, "7"),
        ("%", "72.30", 723_000, "72.3"),
        ("个", "-3", -30_000, "-3"),
        ("万亿元", "6", 6_000_000_000_000, "6"),
    ] {
        assert_eq!(unit(of).read(typed), Some(Quantity(grains)), "{typed} {of}");
        assert_eq!(unit(of).print(Quantity(grains)), printed);
    }
    for (of, typed) in [
        ("元", "7.5"),
        ("万元", "1.23456"),
        ("个", "三"),
        ("个", ""),
        ("个", "1e9"),
        ("个", "99999999999999999999"),
        ("个", "."),
    ] {
        assert_eq!(unit(of).read(typed), None, "{typed} {of}");
    }
}

#[test]
fn formulas_are_worked_out_exactly() {
    let yi = UnitOfMeasure("亿元".to_owned());
    let percent = UnitOfMeasure("%".to_owned());
    let value = |key: u32| match key {
        1 => Fraction::of(Quantity(191_800_000_000), &yi),
        2 => Fraction::of(Quantity(915_800_000_000), &yi),
        _ => None,
    };
    let worked = |text: &str| {
        let formula = Formula::parse(text).ok()?;
        formula.value(&value)?.quantity(&percent)
    };
    assert_eq!(
        worked("#1 / #2 * 100"),
        Some(Quantity(209_434)),
        "20.9434 %"
    );
    assert_eq!(worked("（＃1 ＋ #1）÷ 2 × 0.1"), Some(Quantity(1_918_000)));
    assert_eq!(worked("-(2 - 5) * 2"), Some(Quantity(60_000)));
    assert_eq!(worked("#1 / (#2 - #2)"), None, "nothing over nothing");
    assert_eq!(worked("#3 + 1"), None, "a value that is missing");
    assert_eq!(
        worked("999999999999999999 * 999999999999999999 * 999999999999999999"),
        None
    );
    for (text, at) in [
        ("1 + ", 5),
        ("#", 1),
        ("(1", 3),
        ("1 2", 3),
        ("2 ** 3", 4),
        ("1.", 1),
    ] {
        assert_eq!(Formula::parse(text), Err(FormulaFault::At(at)), "{text}");
    }
    let deep = "(".repeat(100);
    assert_eq!(Formula::parse(&deep), Err(FormulaFault::TooLong));
    assert_eq!(Formula::parse(&"-".repeat(200)), Err(FormulaFault::TooLong));
}

#[test]
fn a_forecast_goes_by_last_years_season_then_by_pace_then_by_level() {
    let point = |text: &str, n: i64| Point {
        period: period(text),
        quantity: Quantity(n),
    };
    let told = |course: &[Point], due: &str, growth| {
        forecast(course, period(due), growth).map(|one| (one.quantity.0, one.method))
    };
    let course = [
        point("2024-03", 100),
        point("2024-12", 1_000),
        point("2025-03", 120),
    ];
    let (yearly, level) = (Growth::Yearly, Growth::Level);
    assert_eq!(
        told(&course, "2025-12", yearly),
        Some((1_200, ForecastMethod::Season))
    );
    assert_eq!(
        told(&course, "2025-06", yearly),
        Some((240, ForecastMethod::Pace))
    );
    assert_eq!(
        told(&course, "2025-12", level),
        Some((120, ForecastMethod::Level))
    );
    assert_eq!(
        told(&course, "2024-06", yearly),
        Some((100, ForecastMethod::Reached))
    );
    assert_eq!(told(&[], "2025-12", yearly), None);
}

#[test]
fn a_later_year_is_taken_to_go_as_this_one() {
    let point = |text: &str, n: i64| Point {
        period: period(text),
        quantity: Quantity(n),
    };
    let told = |course: &[Point], due: &str| {
        forecast(course, period(due), Growth::Yearly).map(|one| (one.quantity.0, one.method))
    };
    let course = [
        point("2024-03", 100),
        point("2024-12", 1_000),
        point("2025-02", 90),
        point("2025-03", 120),
    ];
    assert_eq!(
        told(&course, "2026-12"),
        Some((1_200, ForecastMethod::Repeat)),
        "what December comes to by last year's season"
    );
    assert_eq!(
        told(&course, "2027-02"),
        Some((90, ForecastMethod::Repeat)),
        "what February came to"
    );
    assert_eq!(
        told(&course, "2026-01"),
        None,
        "of January nothing is known"
    );
}

#[test]
fn what_is_held_goes_on_as_in_the_last_twelve_months() {
    let point = |text: &str, n: i64| Point {
        period: period(text),
        quantity: Quantity(n),
    };
    let told = |course: &[Point], due: &str| {
        forecast(course, period(due), Growth::Stock).map(|one| (one.quantity.0, one.method))
    };
    let course = [
        point("2023-12", 9_000),
        point("2024-06", 100),
        point("2024-12", 180),
        point("2025-06", 220),
    ];
    assert_eq!(
        told(&course, "2025-12"),
        Some((280, ForecastMethod::Trend)),
        "120 in twelve months, 60 in six; what was before does not count"
    );
    let falling = [point("2025-03", 100), point("2025-06", 10)];
    assert_eq!(
        told(&falling, "2025-12"),
        Some((0, ForecastMethod::Trend)),
        "there are never fewer than none"
    );
    let short = [point("2025-05", 100), point("2025-06", 400)];
    assert_eq!(
        told(&short, "2025-12"),
        Some((400, ForecastMethod::Level)),
        "one month is no trend"
    );
    assert_eq!(
        told(&course, "2024-12"),
        Some((180, ForecastMethod::Reached))
    );
}

#[test]
fn what_should_be_reached_follows_the_steps_or_a_straight_line() {
    let mut one = indicator(1, 100);
    one.unit = UnitOfMeasure("个".to_owned());
    one.target = Quantity(1_000_000);
    let at = |one: &Indicator, text: &str| one.expected(day("2025-01-01"), day(text));
    assert_eq!(at(&one, "2025-12-31"), Some(Quantity(1_000_000)));
    assert_eq!(at(&one, "2025-01-01"), Some(Quantity(0)));
    assert_eq!(
        at(&one, "2025-07-02"),
        Some(Quantity(500_000)),
        "182 of 364 days"
    );
    one.steps = vec![
        Step {
            period: period("2025-03"),
            quantity: Quantity(100_000),
        },
        Step {
            period: period("2025-12"),
            quantity: Quantity(1_000_000),
        },
    ];
    assert_eq!(
        at(&one, "2025-03-30"),
        Some(Quantity(0)),
        "the month is not over"
    );
    assert_eq!(at(&one, "2025-03-31"), Some(Quantity(100_000)));
    assert_eq!(at(&one, "2025-11-30"), Some(Quantity(100_000)));
    one.direction = Direction::Down;
    assert!(one.reaches(Quantity(5), Quantity(6)) && !one.reaches(Quantity(7), Quantity(6)));
}

#[test]
fn every_metric_is_found_by_its_word() {
    for metric in Metric::all() {
        assert_eq!(Metric::from_word(metric.word()), Some(metric));
    }
    assert_eq!(Metric::from_word("happiness"), None);
}

proptest! {
    /// However the weights are, the parts add up, none is off by a grain, none has no weight.
    #[test]
    fn parts_in_proportion_always_add_up(
        total in -1_000_000_000_000_i64..1_000_000_000_000,
        weights in prop::collection::vec(0_i64..1_000_000_000, 1..40),
    ) {
        let sum: i128 = weights.iter().map(|one| i128::from(*one)).sum();
        match apportion(total, &weights) {
            None => prop_assert_eq!(sum, 0),
            Some(parts) => {
                prop_assert_eq!(parts.iter().sum::<i64>(), total);
                for (part, weight) in parts.iter().zip(&weights) {
                    let exact = i128::from(total) * i128::from(*weight);
                    let off = i128::from(*part) * sum - exact;
                    prop_assert!(off.abs() < sum, "{part} of {weight}");
                }
            }
        }
    }
}

#[test]
fn a_group_lies_within_those_it_belongs_to() {
    let group = |code: &str, parent: &str| Group {
        code: code.to_owned(),
        parent: parent.to_owned(),
        text: code.to_owned(),
        text_en: String::new(),
    };
    let rules = Rules {
        groups: vec![
            group("1571", ""),
            group("1571-7", "1571"),
            group("a", "1571-7"),
        ],
    };
    for (code, outer, within) in [
        ("1571-7", "1571", true),
        ("a", "1571", true),
        ("1571", "1571", true),
        ("1571", "a", false),
        ("gone", "1571", false),
        ("", "1571", false),
        ("", "", false),
    ] {
        assert_eq!(rules.is_within(code, outer), within, "{code} in {outer}");
    }
}
