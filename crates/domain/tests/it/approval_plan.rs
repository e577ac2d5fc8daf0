//! Matters of a project and their plan, against a naive search for the longest way.

use std::collections::{BTreeMap, BTreeSet};

use gangmu_calendar::WorkingDays;
use gangmu_calendar::clock::{Budget, Starts};
use gangmu_domain::approvals::{
    Catalogue, CatalogueProblem, Choice, Condition, DecisionLevel, Dependency, DependencyKind,
    Edges, LegDuty, LevelRule, Limits, Matter, MatterGroup, Plan, Route, Service, Standing,
    Template, Test, legs,
};
use gangmu_domain::library::{Field, ProjectRecord, Value};
use gangmu_domain::organisation::{UnitLevel, UnitPath};
use proptest::prelude::*;

/// A matter of so many working days that comes after others, `~` marking a promise.
pub fn matter(code: &str, days: u32, after: &str) -> Matter {
    Matter {
        code: code.to_owned(),
        name: code.to_owned(),
        name_en: code.to_owned(),
        group: MatterGroup::Assessment,
        department: "water".to_owned(),
        consulted: Vec::new(),
        level: LevelRule::Choose {
            rules: Vec::new(),
            otherwise: DecisionLevel::Own,
        },
        applies: Condition::default(),
        depends: after
            .split_whitespace()
            .map(|on| Dependency {
                on: on.trim_start_matches('~').to_owned(),
                kind: match on.starts_with('~') {
                    true => DependencyKind::Promise,
                    false => DependencyKind::Finish,
                },
            })
            .collect(),
        limits: Limits {
            statutory: Some(Budget::working(days)),
            ..Limits::default()
        },
        variants: Vec::new(),
        starts: Starts::OnAcceptance,
        procedures: Vec::new(),
        materials: vec!["application".to_owned()],
        deferrable: Vec::new(),
        produces: None,
        main_since: None,
        source: "test".to_owned(),
    }
}

/// The rules the shipped catalogue has, but for who is told when.
pub fn service() -> Service {
    Service {
        forward_before_hour: 15,
        forward_within: WorkingDays(1),
        stepwise: false,
        silence: WorkingDays(5),
        consult_silence: WorkingDays(7),
        convert_within: WorkingDays(2),
        delivery: WorkingDays(10),
        max_extension: 10,
        warn_when_left: 3,
        default_limit: WorkingDays(20),
        starts: Vec::new(),
        rungs: Vec::new(),
    }
}

pub fn catalogue(matters: Vec<Matter>) -> Catalogue {
    Catalogue {
        templates: vec![Template {
            route: Route::Filing,
            name: "备案".to_owned(),
            name_en: "Filing".to_owned(),
            matters: matters.iter().map(|one| one.code.clone()).collect(),
        }],
        matters,
        materials: Vec::new(),
        service: service(),
    }
}

fn record(facts: &[(Field, Value)]) -> ProjectRecord {
    let mut record = ProjectRecord::default();
    for (field, value) in facts {
        record.set(*field, Some(value.clone())).unwrap();
    }
    record
}

#[test]
fn a_fact_nobody_has_filled_in_makes_a_matter_to_be_clarified_not_dropped() {
    let mut soil = matter("A07", 10, "");
    soil.applies = Condition(vec![
        Choice(vec![Test::AtLeast(Field::LandArea, 5_000)]),
        Choice(vec![Test::AtLeast(Field::EarthVolume, 1_000)]),
    ]);
    let catalogue = catalogue(vec![soil]);
    let land = |n| (Field::LandArea, Value::Number(n));
    let earth = |n| (Field::EarthVolume, Value::Number(n));
    for (facts, standing, because) in [
        (
            vec![],
            Standing::ToClarify,
            vec![Field::LandArea, Field::EarthVolume],
        ),
        (vec![land(5_000)], Standing::Needed, vec![]),
        // Too small an area settles nothing while the volume is not known.
        (
            vec![land(4_999)],
            Standing::ToClarify,
            vec![Field::EarthVolume],
        ),
        (
            vec![land(4_999), earth(999)],
            Standing::NotNeeded,
            vec![Field::LandArea, Field::EarthVolume],
        ),
        (vec![land(4_999), earth(1_000)], Standing::Needed, vec![]),
    ] {
        let found = catalogue.instantiate(Route::Filing, &record(&facts), UnitLevel::Banner);
        assert_eq!(found[0].standing, standing, "{facts:?}");
        assert_eq!(found[0].because, BTreeSet::from_iter(because), "{facts:?}");
    }
}

#[test]
fn what_is_not_needed_is_not_waited_for_but_the_order_around_it_holds() {
    let catalogue = catalogue(vec![
        matter("A05", 10, ""),
        matter("A12", 20, "A05"),
        matter("A18", 5, "A12"),
        matter("A21", 7, "~A12"),
    ]);
    let live = BTreeSet::from(["A05", "A18", "A21"]);
    let edges = catalogue.edges(&live, &BTreeSet::from(["A05", "A12", "A18", "A21"]));
    assert_eq!(edges["A18"], [("A05".to_owned(), DependencyKind::Finish)]);
    assert_eq!(edges["A21"], [("A05".to_owned(), DependencyKind::Promise)]);
    // A matter of another route hands on nothing.
    let edges = catalogue.edges(&live, &live);
    assert_eq!(edges["A18"], []);
}

/// 核准制, 60 working days (`domain.md` §3.12): 25 in parallel, then verification 15, then land and
/// works permits together, 10 each; the sum of the printed steps is 50, the rest is not itemised.
#[test]
fn the_published_verification_plan_comes_out() {
    let catalogue = catalogue(vec![
        matter("site", 20, ""),
        matter("land", 25, ""),
        matter("environment", 25, ""),
        matter("soil", 25, ""),
        matter("forest", 25, ""),
        matter("verification", 15, "site land environment soil forest"),
        matter("land_permit", 10, "verification"),
        matter("works_permit", 10, "verification"),
    ]);
    let plan = plan_of(&catalogue);
    assert_eq!(plan.length, 50);
    assert_eq!(plan.slot("site").unwrap().slack, 5);
    let critical: Vec<&str> = plan.critical().map(|slot| slot.code.as_str()).collect();
    assert_eq!(
        critical,
        [
            "environment",
            "forest",
            "land",
            "soil",
            "verification",
            "land_permit",
            "works_permit"
        ]
    );
}

#[test]
fn a_promise_lets_a_matter_start_but_not_be_decided_first() {
    let catalogue = catalogue(vec![
        matter("drawings", 12, ""),
        matter("fire", 7, "~drawings"),
        matter("permit", 5, "fire"),
    ]);
    let plan = plan_of(&catalogue);
    let fire = plan.slot("fire").unwrap();
    assert_eq!((fire.start, fire.finish, fire.slack), (0, 12, 0));
    assert_eq!(plan.length, 17);
}

#[test]
fn circles_are_named_the_way_work_flows() {
    let catalogue = catalogue(vec![
        matter("A01", 1, ""),
        matter("A02", 1, "A01 A04"),
        matter("A03", 1, "A02"),
        matter("A04", 1, "A03"),
    ]);
    let problems = catalogue.problems(&BTreeSet::from(["water"]), &BTreeSet::new());
    let circle: Vec<&CatalogueProblem> = problems
        .iter()
        .filter(|one| matches!(one, CatalogueProblem::Circle(_)))
        .collect();
    assert_eq!(circle.len(), 1);
    assert_eq!(
        circle[0].to_string(),
        "matters wait for each other: A02 → A03 → A04 → A02"
    );
}

#[test]
fn a_matter_passes_from_the_project_s_unit_to_the_level_that_decides() {
    let region = UnitPath::root("150000").unwrap();
    let league = region.child("150500").unwrap();
    let banner = league.child("150502").unwrap();
    let way = |own: &UnitPath, level, stepwise| -> Vec<String> {
        let legs = legs(own, level, stepwise);
        let last = |leg: &UnitPath| leg.codes().last().unwrap_or_default().to_owned();
        legs.iter()
            .map(|leg| format!("{} {}", last(&leg.unit), leg.duty.word()))
            .collect()
    };
    use DecisionLevel as L;
    assert_eq!(way(&banner, L::Banner, false), ["150502 decides"]);
    assert_eq!(
        way(&banner, L::Region, false),
        ["150502 forwards", "150000 decides"]
    );
    assert_eq!(
        way(&banner, L::Region, true),
        ["150502 forwards", "150500 forwards", "150000 decides"]
    );
    assert_eq!(
        way(&league, L::Nation, false),
        ["150500 forwards", "150000 forwards_outside"]
    );
    assert_eq!(way(&region, L::Nation, false), ["150000 forwards_outside"]);
    // Nobody decides below the unit of the project.
    assert_eq!(way(&region, L::League, false), ["150000 decides"]);
    assert_eq!(LegDuty::ALL.len(), 3);
}

fn plan_of(catalogue: &Catalogue) -> Plan {
    let live = catalogue
        .matters
        .iter()
        .map(|one| one.code.as_str())
        .collect();
    let lengths = catalogue
        .matters
        .iter()
        .map(|one| {
            (
                one.code.clone(),
                one.limits.statutory.map_or(0, Budget::days),
            )
        })
        .collect();
    Plan::new(&lengths, &catalogue.edges(&live, &live))
}

/// The day a matter is decided: by asking what comes before, again and again.
fn naive_finish(code: &str, lengths: &BTreeMap<String, u32>, edges: &Edges) -> u32 {
    let (mut start, mut not_before) = (0, 0);
    for (before, kind) in edges.get(code).into_iter().flatten() {
        let end = naive_finish(before, lengths, edges);
        match kind {
            DependencyKind::Finish => start = start.max(end),
            DependencyKind::Promise => not_before = not_before.max(end),
        }
    }
    not_before.max(start + lengths[code])
}

fn naive_length(lengths: &BTreeMap<String, u32>, edges: &Edges) -> u32 {
    let ends = lengths
        .keys()
        .map(|code| naive_finish(code, lengths, edges));
    ends.max().unwrap_or(0)
}

/// Matters whose edges lead to earlier ones only, some of them not needed.
fn cases() -> impl Strategy<Value = (Vec<Matter>, Vec<bool>)> {
    let edge = proptest::option::weighted(0.3, any::<bool>());
    let row = (0_u32..30, proptest::collection::vec(edge, 9), any::<bool>());
    proptest::collection::vec(row, 1..10).prop_map(|rows| {
        let mut needed = Vec::new();
        let matters = rows.iter().enumerate().map(|(at, (days, edges, need))| {
            needed.push(*need);
            let after: Vec<String> = edges
                .iter()
                .enumerate()
                .take(at)
                .filter_map(|(before, edge)| edge.map(|promise| (before, promise)))
                .map(|(before, promise)| format!("{}M{before}", if promise { "~" } else { "" }))
                .collect();
            matter(&format!("M{at}"), *days, &after.join(" "))
        });
        (matters.collect(), needed)
    })
}

proptest! {
    #[test]
    fn the_plan_is_the_longest_way_and_its_slack_is_what_can_be_lost((matters, needed) in cases()) {
        let catalogue = catalogue(matters);
        let live: BTreeSet<&str> = catalogue
            .matters
            .iter()
            .zip(&needed)
            .filter(|(_, needed)| **needed)
            .map(|(one, _)| one.code.as_str())
            .collect();
        let all = catalogue.matters.iter().map(|one| one.code.as_str()).collect();
        let edges = catalogue.edges(&live, &all);
        let lengths: BTreeMap<String, u32> = catalogue
            .matters
            .iter()
            .filter(|one| live.contains(one.code.as_str()))
            .map(|one| (one.code.clone(), one.limits.statutory.map_or(0, Budget::days)))
            .collect();
        let plan = Plan::new(&lengths, &edges);
        prop_assert_eq!(plan.length, naive_length(&lengths, &edges));
        prop_assert_eq!(plan.slots.len(), lengths.len());
        for slot in &plan.slots {
            prop_assert_eq!(slot.finish, naive_finish(&slot.code, &lengths, &edges));
            // Held up by its slack, the end stays; by one day more, it moves.
            let stretched = |by: u32| {
                let mut edges = edges.clone();
                let mut lengths = lengths.clone();
                // A matter of its own that is decided that late and lets it be decided no sooner.
                lengths.insert("wait".to_owned(), slot.finish + by);
                edges.entry(slot.code.clone()).or_default().push(("wait".to_owned(), DependencyKind::Promise));
                naive_length(&lengths, &edges)
            };
            prop_assert_eq!(stretched(slot.slack), plan.length);
            prop_assert_eq!(stretched(slot.slack + 1), plan.length + 1);
        }
    }
}
