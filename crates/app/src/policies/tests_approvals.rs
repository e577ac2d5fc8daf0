//! The shipped catalogue of approval matters, and what is refused in one that is broken.

use std::collections::BTreeSet;

use gangmu_domain::approvals::{Plan, Route, Standing, planned_length};
use gangmu_domain::library::{Field, ProjectRecord, Value};
use gangmu_domain::organisation::UnitLevel;

use super::*;

const APPROVALS: &str = include_str!("../../../../data/policies/approvals.toml");
const DEPARTMENTS: &str = include_str!("../../../../data/departments.csv");
const REGIONS: &str = include_str!("../../../../data/regions/150000.csv");

fn codes(table: &str) -> BTreeSet<&str> {
    let rows = table.lines().skip(1);
    rows.filter_map(|line| line.split(',').next()).collect()
}

fn facts(facts: &[(Field, Value)]) -> ProjectRecord {
    let mut record = ProjectRecord::default();
    for (field, value) in facts {
        record.set(*field, Some(value.clone())).unwrap();
    }
    record
}

fn word(text: &str) -> Value {
    Value::Code(text.to_owned())
}

#[test]
fn the_shipped_catalogue_has_all_matters_and_leads_nowhere_else() {
    let catalogue = parse_approvals(APPROVALS).unwrap();
    let listed: Vec<&str> = catalogue
        .matters
        .iter()
        .map(|one| one.code.as_str())
        .collect();
    let wanted: Vec<String> = (1..=26).map(|n| format!("A{n:02}")).collect();
    assert_eq!(listed, wanted);
    let problems = catalogue.problems(&codes(DEPARTMENTS), &codes(REGIONS));
    assert_eq!(problems, vec![]);
    for route in Route::ALL {
        assert!(catalogue.template(*route).is_some(), "{route:?}");
    }
    // Every material is asked for or produced, and every product has a name.
    for material in &catalogue.materials {
        let used = catalogue.matters.iter().any(|matter| {
            matter.materials.contains(&material.code)
                || matter.produces.as_ref() == Some(&material.code)
        });
        assert!(used, "{} is of no use", material.code);
    }
}

/// 土地、能评、环评、取水、水土保持、林草征占、施工许可 and 立项 are the eight of 2022; 文物、
/// 用地规划许可、工程规划许可 joined in 2025 (`domain.md` §3.12).
#[test]
fn the_main_matters_are_those_the_region_named() {
    let catalogue = parse_approvals(APPROVALS).unwrap();
    let since = |year: i16| {
        let such = catalogue
            .matters
            .iter()
            .filter(|one| one.main_since == Some(year));
        such.map(|one| one.code.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(since(2022), "A01 A02 A03 A06 A07 A08 A09 A10 A11 A12 A24");
    assert_eq!(since(2025), "A15 A18 A19");
}

#[test]
fn every_choice_of_the_shipped_catalogue_can_turn_both_ways() {
    let catalogue = parse_approvals(APPROVALS).unwrap();
    let nothing = ProjectRecord::default();
    for route in Route::ALL {
        for instance in catalogue.instantiate(*route, &nothing, UnitLevel::Banner) {
            let matter = catalogue.matter(&instance.code).unwrap();
            let wanted = match matter.applies.0.is_empty() {
                true => Standing::Needed,
                false => Standing::ToClarify,
            };
            assert_eq!(instance.standing, wanted, "{}", instance.code);
        }
    }
}

#[test]
fn a_filed_plant_gets_its_matters_its_levels_and_its_plan() {
    let catalogue = parse_approvals(APPROVALS).unwrap();
    let record = facts(&[
        (Field::LandArea, Value::Number(200_000)),
        (Field::EarthVolume, Value::Number(80_000)),
        (Field::EnergyUse, Value::Number(12_000_000)),
        (Field::WaterIntake, Value::Number(0)),
        (Field::ForestLand, Value::Number(0)),
        (Field::Grassland, Value::Number(900_000)),
        (Field::NewConstructionLand, word("yes")),
        (Field::EnvironmentalDocument, word("form")),
        (Field::OverMinerals, word("no")),
        (Field::NearRiver, word("no")),
        (Field::CulturalRelics, word("no")),
        (Field::HazardArea, word("no")),
        (Field::BuildingWorks, word("yes")),
        (Field::CivilDefence, word("no")),
        (Field::MustTender, word("no")),
        (Field::AffectsHighway, word("no")),
        (Field::Level, word("league")),
    ]);
    let instances = catalogue.instantiate(Route::Filing, &record, UnitLevel::Banner);
    let lines: Vec<String> = instances
        .iter()
        .map(|one| {
            let because: Vec<&str> = one.because.iter().map(|field| field.word()).collect();
            let line = format!(
                "{} {} {} {}",
                one.code,
                one.standing.word(),
                one.level.word(),
                because.join(",")
            );
            line.trim_end().to_owned()
        })
        .collect();
    insta::assert_snapshot!("filed_plant", lines.join("\n"));
    let live: BTreeSet<&str> = instances
        .iter()
        .filter(|one| one.standing != Standing::NotNeeded && one.code != "A26")
        .map(|one| one.code.as_str())
        .collect();
    let all = instances.iter().map(|one| one.code.as_str()).collect();
    let edges = catalogue.edges(&live, &all);
    let lengths = instances
        .iter()
        .filter(|one| live.contains(one.code.as_str()))
        .map(|one| {
            let matter = catalogue.matter(&one.code).unwrap();
            let limits = matter.limits_of(one.variant);
            let promised = limits.promised_in(["150000", "150500", "150502"]);
            let promised = promised.map(|one| one.limit);
            (
                one.code.clone(),
                planned_length(limits, promised, &catalogue.service),
            )
        })
        .collect();
    let plan = Plan::new(&lengths, &edges);
    let lines: Vec<String> = plan
        .slots
        .iter()
        .map(|slot| {
            format!(
                "{} {}-{} slack {}",
                slot.code, slot.start, slot.finish, slot.slack
            )
        })
        .collect();
    insta::assert_snapshot!(
        "filed_plant_plan",
        format!("{} days\n{}", plan.length, lines.join("\n"))
    );
}

#[test]
fn a_circle_is_refused_and_named() {
    let broken = APPROVALS.replace(
        "group = \"land_planning\"\ndepartment = \"natural_resources\"\nconsulted = [\"forestry\", \"ecology\"]",
        "group = \"land_planning\"\ndepartment = \"natural_resources\"\nafter = [\"A18\"]",
    );
    assert_ne!(broken, APPROVALS);
    let problems = parse_approvals(&broken).unwrap_err();
    let text = problems.iter().map(ToString::to_string).collect::<String>();
    let circle = "matters wait for each other: A02 → A18 → A05 → A02";
    assert!(text.contains(circle), "{text}");
}

#[test]
fn a_matter_that_names_what_is_not_there_is_refused_with_all_it_names() {
    let broken = APPROVALS
        .replacen("department = \"ecology\"", "department = \"astronomy\"", 1)
        .replacen("after = [\"A19\"]", "after = [\"A99\"]", 1)
        .replacen(
            "materials = [\"application\", \"soil_plan\"]",
            "materials = [\"soil_paln\"]",
            1,
        )
        .replacen("unit = \"150500\"", "unit = \"159900\"", 1);
    let catalogue = parse_approvals(&broken).unwrap();
    let problems = catalogue.problems(&codes(DEPARTMENTS), &codes(REGIONS));
    let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        text,
        [
            "A06 names the department `astronomy`, which is not known",
            "A07 names the material `soil_paln`, which is not known",
            "A20 names the matter `A99`, which is not known",
            "A26 names the unit `159900`, which is not known",
        ]
    );
}

#[test]
fn impossible_limits_are_refused_with_their_lines() {
    for (from, to, said) in [
        (
            "statutory = { working = 7 }",
            "statutory = { working = 0 }",
            "a whole number from 1 to 1000",
        ),
        (
            "statutory = { working = 7 }",
            "statutory = { working = 7, calendar = 7 }",
            "either `working` or `calendar`",
        ),
        (
            "statutory = { working = 7 }",
            "statutory = { hours = 7 }",
            "either `working` or `calendar`",
        ),
        (
            "{ unit = \"150000\", working = 10,",
            "{ unit = \"150000\", working = 30,",
            "longer than the law's",
        ),
        (
            "applies = [{ water_intake = { at_least = 1 } }]",
            "applies = [{ water_intake = {} }]",
            "`at_least` or `below`",
        ),
        (
            "applies = [{ over_minerals = [\"yes\"] }]",
            "applies = [{ over_minerals = [\"maybe\"] }]",
            "words of yes, no",
        ),
        (
            "applies = [{ over_minerals = [\"yes\"] }]",
            "applies = [{ over_minerlas = [\"yes\"] }]",
            "`over_minerlas` is not known here",
        ),
        (
            "month = 3\nday = 31",
            "month = 2\nday = 30",
            "there is no day 2-30",
        ),
    ] {
        assert!(APPROVALS.contains(from), "{from}");
        let problems = parse_approvals(&APPROVALS.replacen(from, to, 1)).unwrap_err();
        assert!(
            listed(&problems).contains(said),
            "{to}: {}",
            listed(&problems)
        );
    }
}

fn listed(problems: &[PolicyProblem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}
