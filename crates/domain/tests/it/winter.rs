//! Winters by place, and the life of a winter plan.

use std::collections::BTreeSet;

use gangmu_domain::organisation::{UnitPath, UserId};
use gangmu_domain::winter::{
    Act, Choice, Course, Event, Measure, Phase, Plan, Refused, Rules, Season, SeasonRule, Unmet,
    season_of,
};
use gangmu_domain::{Period, Yuan};

use crate::{day, period};

fn choice(code: &str) -> Choice {
    Choice {
        code: code.to_owned(),
        text: code.to_owned(),
        text_en: code.to_owned(),
    }
}

fn measure(code: &str, required: bool) -> Measure {
    Measure {
        code: code.to_owned(),
        group: "technique".to_owned(),
        text: code.to_owned(),
        text_en: code.to_owned(),
        threshold: String::new(),
        threshold_en: String::new(),
        required,
    }
}

fn rules() -> Rules {
    let season = |unit: &str, from, to| SeasonRule {
        unit: unit.to_owned(),
        from,
        to,
        file_by: (11, 15),
        source: String::new(),
    };
    Rules {
        seasons: vec![
            season("150000", (10, 15), (4, 15)),
            season("150700", (10, 1), (4, 30)),
        ],
        reasons: vec![choice("funds"), choice("other")],
        measures: vec![measure("safety", true), measure("quality", false)],
        causes: vec![choice("cold"), choice("other")],
    }
}

fn unit(codes: &str) -> UnitPath {
    UnitPath::from_stored(format!("/150000/{codes}"))
}

fn season() -> Season {
    rules().season(&unit("150500/150502/"), 2025).unwrap()
}

#[test]
fn a_winter_is_that_of_the_nearest_place_and_named_by_the_year_it_begins_in() {
    let rules = rules();
    let found = |codes: &str| {
        let season = rules.season(&unit(codes), 2025).unwrap();
        (season.from.to_string(), season.to.to_string())
    };
    let usual = ("2025-10-15".to_owned(), "2026-04-15".to_owned());
    assert_eq!(found("150500/150502/"), usual);
    assert_eq!(
        found("150700/150702/"),
        ("2025-10-01".into(), "2026-04-30".into())
    );
    assert_eq!(
        rules.season(&UnitPath::from_stored("/110000/".into()), 2025),
        None
    );
    let months: Vec<String> = season().months().iter().map(Period::to_string).collect();
    let expected = [
        "2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04",
    ];
    assert_eq!(months, expected);
    let quarter = season()
        .first_quarter()
        .map(|month| month.unwrap().to_string());
    assert_eq!(quarter, ["2026-01", "2026-02", "2026-03"]);
    for (on, year) in [
        ("2025-12-31", 2025),
        ("2026-01-01", 2025),
        ("2026-05-31", 2025),
        ("2026-06-01", 2026),
    ] {
        assert_eq!(season_of(day(on)), year, "{on}");
    }
}

fn whole() -> Plan {
    Plan {
        from: Some(day("2025-11-01")),
        to: Some(day("2026-03-20")),
        parts: "主厂房基础：混凝土1200立方米".to_owned(),
        investment: [(period("2026-01"), Yuan::wan(300))].into(),
        workers: Some(40),
        measures: BTreeSet::from(["safety".to_owned()]),
        further: String::new(),
        prepared_on: Some(day("2025-10-20")),
        supervised_on: Some(day("2025-10-22")),
        attachment: None,
    }
}

/// Does acts one after another and says where the plan stands, or why one was refused.
fn walk(acts: &[(&str, i64, Act)]) -> Result<Course, Refused> {
    let mut events: Vec<Event> = Vec::new();
    for ((on, user, act), seq) in acts.iter().zip(1..) {
        let course = Course::of(&events);
        let (on, user) = (day(on), UserId(*user));
        rules().judge(season(), &course, act, user, (on, day("2026-02-01")))?;
        events.push(Event {
            seq,
            on,
            at: seq,
            user,
            act: act.clone(),
        });
    }
    Ok(Course::of(&events))
}

fn stop(cause: &str) -> Act {
    Act::Stop {
        cause: cause.to_owned(),
        note: String::new(),
    }
}

#[test]
fn a_plan_is_written_handed_in_filed_by_another_and_work_may_stop_and_go_on() {
    let filed = [
        ("2025-10-25", 1, Act::Plan(whole())),
        ("2025-10-25", 1, Act::Submit),
        ("2025-10-28", 2, Act::File),
    ];
    let course = walk(&filed).unwrap();
    assert_eq!(
        (course.phase, course.filed_on),
        (Phase::Filed, Some(day("2025-10-28")))
    );
    let mut acts = filed.to_vec();
    acts.extend([
        (
            "2025-12-01",
            2,
            Act::Inspect {
                sound: false,
                findings: "测温记录缺两天".into(),
                files: vec![3],
            },
        ),
        ("2025-12-20", 1, stop("cold")),
        (
            "2026-01-04",
            1,
            Act::Resume {
                note: "气温回升".into(),
            },
        ),
        ("2026-01-20", 1, stop("cold")),
    ]);
    let course = walk(&acts).unwrap();
    assert_eq!((course.phase, course.inspections), (Phase::Stopped, (1, 1)));
    let days: Vec<i64> = course
        .spells
        .iter()
        .map(|one| one.days_until(day("2026-02-01")))
        .collect();
    assert_eq!(days, [15, 12]);
    assert_eq!(
        course.spells[0].days_until(day("2025-12-25")),
        5,
        "as of a day between"
    );
    // A filed plan that is changed has to be filed again.
    let mut changed = filed.to_vec();
    changed.push(("2025-11-10", 1, Act::Plan(whole())));
    let course = walk(&changed).unwrap();
    assert_eq!((course.phase, course.filed_on), (Phase::Draft, None));
}

#[test]
fn what_may_not_be_done_is_refused_with_the_reason() {
    let plan = || ("2025-10-25", 1, Act::Plan(whole()));
    let handed = || ("2025-10-25", 1, Act::Submit);
    let rest = |reason: &str, note: &str| Act::Rest {
        reason: reason.into(),
        note: note.into(),
    };
    let check = |acts: Vec<(&str, i64, Act)>, refused: Refused| {
        assert_eq!(walk(&acts).unwrap_err(), refused, "{acts:?}");
    };
    check(
        vec![("2025-10-25", 1, Act::Submit)],
        Refused::NotNow(Phase::Undecided),
    );
    check(
        vec![plan(), ("2025-10-26", 2, Act::File)],
        Refused::NotNow(Phase::Draft),
    );
    check(
        vec![plan(), handed(), ("2025-10-26", 1, Act::File)],
        Refused::OwnPlan,
    );
    check(
        vec![plan(), handed(), plan()],
        Refused::NotNow(Phase::Submitted),
    );
    check(vec![plan(), ("2025-10-24", 1, Act::Submit)], Refused::Day);
    check(vec![("2026-02-02", 1, Act::Plan(whole()))], Refused::Day);
    check(
        vec![("2025-10-25", 1, rest("lazy", ""))],
        Refused::Missing("reason"),
    );
    check(
        vec![("2025-10-25", 1, rest("other", " "))],
        Refused::Missing("note"),
    );
    check(
        vec![plan(), ("2025-10-25", 1, stop("cold"))],
        Refused::NotNow(Phase::Draft),
    );
    check(
        vec![
            plan(),
            handed(),
            ("2025-10-26", 2, Act::File),
            ("2025-12-20", 1, stop("cold")),
            ("2026-01-04", 1, Act::Resume { note: " ".into() }),
        ],
        Refused::Missing("note"),
    );
    let empty = Plan::default();
    check(
        vec![("2025-10-25", 1, Act::Plan(empty)), handed()],
        Refused::Unmet(
            [
                "from",
                "to",
                "parts",
                "investment",
                "workers",
                "prepared_on",
                "supervised_on",
            ]
            .map(Unmet::Missing)
            .into_iter()
            .chain([Unmet::Measure("safety".into())])
            .collect(),
        ),
    );
    let wrong = Plan {
        from: Some(day("2025-10-14")),
        to: Some(day("2025-10-01")),
        investment: [(period("2026-05"), Yuan(-1))].into(),
        measures: BTreeSet::from(["magic".to_owned()]),
        prepared_on: Some(day("2026-03-01")),
        supervised_on: Some(day("2025-10-01")),
        ..whole()
    };
    check(
        vec![("2025-10-25", 1, Act::Plan(wrong))],
        Refused::Unmet(vec![
            Unmet::EndsFirst,
            Unmet::OutOfSeason,
            Unmet::Month(period("2026-05")),
            Unmet::Amount,
            Unmet::UnknownMeasure("magic".into()),
            Unmet::Day("prepared_on"),
            Unmet::Day("supervised_on"),
        ]),
    );
    let much = Plan {
        investment: [
            (period("2026-01"), Yuan(i64::MAX)),
            (period("2026-02"), Yuan(1)),
        ]
        .into(),
        ..whole()
    };
    check(
        vec![("2025-10-25", 1, Act::Plan(much))],
        Refused::Unmet(vec![Unmet::Amount]),
    );
}

#[test]
fn a_resting_project_counts_nothing_and_may_change_its_mind() {
    let rest = Act::Rest {
        reason: "funds".into(),
        note: String::new(),
    };
    let course = walk(&[
        ("2025-10-25", 1, Act::Plan(whole())),
        ("2025-11-01", 1, rest),
    ])
    .unwrap();
    assert_eq!(
        (course.phase, course.reason.as_str()),
        (Phase::Resting, "funds")
    );
    assert_eq!(course.counted(), None);
    let mut acts = vec![(
        "2025-10-25",
        1,
        Act::Rest {
            reason: "funds".into(),
            note: String::new(),
        },
    )];
    acts.push(("2025-11-01", 1, Act::Plan(whole())));
    let course = walk(&acts).unwrap();
    assert_eq!((course.phase, course.reason.as_str()), (Phase::Draft, ""));
    assert_eq!(course.counted().and_then(Plan::total), Some(Yuan::wan(300)));
}
