//! The shipped files are read whole; broken ones are refused with every line that is wrong.

use gangmu_calendar::{Calendar, Holidays};
use gangmu_domain::Period;
use gangmu_domain::library::InvestorType;
use gangmu_domain::metrics::{Light, Lit};
use gangmu_domain::organisation::{Action, UnitLevel, allows};
use gangmu_domain::pipeline::{Need, Stage};
use gangmu_domain::{Ratio, Yuan};
use proptest::prelude::*;

use super::*;

const GATES: &str = include_str!("../../../../data/policies/gates.toml");
const LIGHTS: &str = include_str!("../../../../data/policies/lights.toml");
const ADMISSION: &str = include_str!("../../../../data/policies/admission.toml");
const GROUPINGS: &str = include_str!("../../../../data/policies/groupings.toml");
const DISPATCH: &str = include_str!("../../../../data/policies/dispatch.toml");
const INDUSTRIES: &str = include_str!("../../../../data/industries.csv");
const HOLIDAYS: &str = include_str!("../../../../data/calendar/cn.csv");

fn listed(problems: &[PolicyProblem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn every_shipped_file_says_what_it_is_and_from_when() {
    for text in [GATES, LIGHTS, ADMISSION, GROUPINGS, DISPATCH] {
        let head = parse_head(text).unwrap();
        assert!(!head.name.is_empty() && !head.name_en.is_empty() && !head.source.is_empty());
        assert_eq!(head.valid_from.to_string(), "2024-01-01");
    }
}

#[test]
fn the_shipped_gates_guard_each_stage_and_name_each_condition() {
    let gates = parse_gates(GATES).unwrap();
    let texts = parse_gate_texts(GATES).unwrap();
    let mut printed = String::new();
    for gate in &gates {
        printed += &format!("{}:", gate.to.word());
        for condition in &gate.conditions {
            let text = &texts[&condition.code];
            printed += &format!(" {}({})", text.text, condition.who.word());
        }
        printed += "\n";
    }
    let guarded: Vec<Stage> = gates.iter().map(|gate| gate.to).collect();
    assert_eq!(guarded, Stage::ACTIVE);
    insta::assert_snapshot!(printed);
}

#[test]
fn whoever_a_condition_names_may_edit_the_field_it_asks_for() {
    for gate in parse_gates(GATES).unwrap() {
        for condition in gate.conditions {
            let action = match condition.need {
                Need::Case(_) => Action::ManageCase,
                Need::Matters(_) => Action::HandleMatter,
                Need::AnyOf(_) | Need::Threshold { .. } => Action::EditProject,
                Need::Reached(_) | Need::Attachments(..) => Action::Report,
            };
            assert!(
                allows(condition.who, UnitLevel::Banner, action),
                "{}",
                condition.code
            );
        }
    }
}

/// One light as a row: preset, value measured, colour.
fn progress(policy: &str, done: i64, plan: i64, to_date: i64, month: i64) -> Lit {
    let lights = parse_lights(LIGHTS).unwrap();
    let policy = lights.policies.iter().find(|p| p.code == policy).unwrap();
    let time = Ratio::new(month, 12);
    policy.progress(Yuan(done), Yuan(plan), Yuan(to_date), time)
}

#[test]
fn the_presets_light_progress_as_published_up_to_the_boundary() {
    use Light as L;
    // Half the year has passed; the plan is 10,000, so one yuan is a hundredth of a point.
    let rows = [
        ("yinchuan-2025", 1_999, L::Red),
        ("yinchuan-2025", 2_000, L::Yellow),
        ("yinchuan-2025", 4_000, L::Yellow),
        ("yinchuan-2025", 4_001, L::Undefined),
        ("yinchuan-2025", 4_999, L::Undefined),
        ("yinchuan-2025", 5_000, L::Green),
        ("wuhan", 2_999, L::Red),
        ("wuhan", 3_000, L::Yellow),
        ("wuhan", 3_999, L::Yellow),
        ("wuhan", 4_000, L::Green),
        ("sanya-2022", 2_499, L::Red),
        ("sanya-2022", 2_500, L::Yellow),
        ("sanya-2022", 4_999, L::Yellow),
        ("sanya-2022", 5_000, L::Green),
        ("nanning", 4_749, L::Red),
        ("nanning", 4_750, L::Green),
        ("nanning", 5_250, L::Green),
        ("nanning", 5_251, L::Ahead),
    ];
    for (policy, done, light) in rows {
        assert_eq!(
            progress(policy, done, 10_000, 5_000, 6).light,
            light,
            "{policy} with {done} done of 10000"
        );
    }
    // 南宁: without a plan there is nothing to compare with (无计划为其他).
    assert_eq!(progress("nanning", 1, 10_000, 0, 6).light, L::Undefined);
}

#[test]
fn months_running_light_the_start_and_the_target() {
    use Light as L;
    let lights = parse_lights(LIGHTS).unwrap();
    let find = |code: &str| lights.policies.iter().find(|p| p.code == code).unwrap();
    let colours = |light: &dyn Fn(i64) -> Lit| (0..5).map(|n| light(n).light).collect::<Vec<_>>();
    let (yinchuan, sanya) = (find("yinchuan-2025"), find("sanya-2022"));
    assert_eq!(
        colours(&|n| yinchuan.start(n)),
        [L::Green, L::Yellow, L::Yellow, L::Red, L::Red]
    );
    assert_eq!(
        colours(&|n| sanya.target(n)),
        [L::Undefined, L::Yellow, L::Red, L::Red, L::Red]
    );
    assert_eq!(find("wuhan").start(9).light, L::Undefined);
    assert_eq!(lights.active().unwrap().code, "yinchuan-2025");
}

#[test]
fn a_good_reason_lifts_a_light_only_where_the_rule_knows_it() {
    let red = progress("yinchuan-2025", 0, 10_000, 5_000, 6);
    assert_eq!(red.excused_if(true).light, Light::Undefined);
    assert!(red.excused_if(true).excused);
    assert_eq!(red.excused_if(true).band, red.band);
    assert_eq!(red.excused_if(false), red);
    let ahead = progress("yinchuan-2025", 9_000, 10_000, 5_000, 6);
    assert_eq!(ahead.excused_if(true), ahead);
    let strict = progress("wuhan", 0, 10_000, 5_000, 6);
    assert_eq!(strict.excused_if(true), strict);
}

#[test]
fn inner_mongolia_asks_fifty_million_of_government_and_a_hundred_of_enterprises() {
    let admission = parse_admission(ADMISSION).unwrap();
    let active = admission.active().unwrap();
    assert_eq!(
        active.need(),
        Some(Need::Threshold {
            government: Yuan(50_000_000),
            enterprise: Yuan(100_000_000),
        })
    );
    assert_eq!(active.least(InvestorType::Enterprise), Some(Yuan::yi(1)));
    let chosen: Vec<_> = admission
        .policies
        .iter()
        .map(AdmissionPolicy::need)
        .collect();
    assert_eq!(chosen[1..], [None, None], "武汉 and 河南 go by classes");
}

#[test]
fn every_division_stands_under_one_heading_of_each_grouping() {
    let groupings = parse_groupings(GROUPINGS).unwrap();
    let divisions: Vec<&str> = INDUSTRIES
        .lines()
        .filter(|line| line.contains(",division,"))
        .filter_map(|line| line.split(',').next())
        .collect();
    assert_eq!(divisions.len(), 97);
    for grouping in &groupings {
        for division in divisions.iter().chain(&[""]) {
            let placed = grouping.group_of(division).is_some();
            assert!(placed || grouping.chains, "{division}");
        }
        for group in &grouping.groups {
            for division in &group.divisions {
                assert!(divisions.contains(&division.as_str()), "{division}");
            }
        }
    }
    let names = |at: usize| -> Vec<&str> {
        groupings[at]
            .groups
            .iter()
            .map(|g| g.name.as_str())
            .collect()
    };
    assert_eq!(
        names(0).join("/"),
        "产业发展/城镇基础设施/农林水利/能源/交通/社会事业/生态环保/物流/其他"
    );
    assert_eq!(names(1).len(), 21, "twenty sections and what has none");
    assert_eq!(
        names(2).join("/"),
        "能源及配套/工业及信息化/基础设施/生态保护与发展/社会事业及服务业"
    );
    let name_of = |at: usize, division| groupings[at].group_of(division).unwrap().name.as_str();
    assert_eq!(name_of(0, "32"), "产业发展");
    assert_eq!(name_of(1, "32"), "制造业");
    assert_eq!(name_of(1, ""), "未分类");
}

#[test]
fn returns_are_due_on_the_fifth_working_day_of_the_next_month() {
    let dispatch = parse_dispatch(DISPATCH).unwrap();
    let calendar = Calendar::new("cn", &Holidays::parse(HOLIDAYS).unwrap()).unwrap();
    let check = |period: &str, due: &str, region: &str| {
        let period: Period = period.parse().unwrap();
        let days = (
            dispatch.due_on(period, &calendar).unwrap().to_string(),
            dispatch
                .review_by(UnitLevel::Region, period, &calendar)
                .unwrap()
                .to_string(),
        );
        assert_eq!(days, (due.to_owned(), region.to_owned()), "{period}");
    };
    check("2025-05", "2025-06-09", "2025-06-12");
    // 2025-10-01 to 08 was the National Day holiday; Saturday the 11th was worked.
    check("2025-09", "2025-10-14", "2025-10-17");
    // 2026-01-01 to 03 was a holiday; Sunday the 4th was worked.
    check("2025-12", "2026-01-08", "2026-01-13");
}

#[test]
fn an_unknown_key_is_refused_with_its_line() {
    let misspelt = DISPATCH.replace("working_day = 5", "working_day = 5\nworking_dya = 4");
    insta::assert_snapshot!(
        listed(&parse_dispatch(&misspelt).unwrap_err()),
        @"line 12: `working_dya` is not known here"
    );
}

#[test]
fn all_problems_are_listed_at_once() {
    let gates = r#"
name = ""
valid_from = 2024-13-01x
"#;
    assert_eq!(parse_gates(gates).unwrap_err()[0].line, 3, "not TOML");
    let gates = r#"name = ""
name_en = "Gates"
valid_from = 2024-01-01T00:00:00
colour = "blue"

[[gate]]
to = "merged"
source = "推断"

[[gate.condition]]
code = "a"
text = "甲"
text_en = "A"
any_of = ["nmae"]
reached = "name"
who = "nobody"
source = "推断"

[[gate.condition]]
code = "b"
text = "乙"
reached = "name"
who = "clerk"
source = "推断"
"#;
    insta::assert_snapshot!(listed(&parse_gates(gates).unwrap_err()));
}

#[test]
fn lights_refuse_what_cannot_be_meant() {
    let lights = LIGHTS
        .replacen("below = -30 }", "below = -30.005 }", 1)
        .replacen(
            "from = -30, to = -10",
            "from = -30, above = -40, to = -10",
            1,
        )
        .replacen("from = 60, below = 80", "from = 80, below = 60", 1)
        .replacen("active = \"yinchuan-2025\"", "active = \"yinchuan\"", 1)
        .replacen("code = \"nanning\"", "code = \"wuhan\"", 1)
        .replacen("light = \"ahead\"", "light = \"undefined\"", 1)
        .replacen("from = 50, below = 100", "from = 50, below = 101", 1)
        .replacen(
            "yellow\", from = 1, below = 2 }",
            "red\", from = 1, below = 2 }",
            1,
        );
    insta::assert_snapshot!(listed(&parse_lights(&lights).unwrap_err()));
}

#[test]
fn a_division_cannot_stand_in_two_groups_nor_reviews_end_backwards() {
    let groupings = GROUPINGS.replacen("[\"53-57\"]", "[\"53-58\", \"5\"]", 1);
    let twice = GROUPINGS.replacen("[\"53-57\"]", "[\"53-58\"]", 1);
    let backwards = DISPATCH.replacen("league = 7", "league = 9", 1);
    let all = [
        listed(&parse_groupings(&groupings).unwrap_err()),
        listed(&parse_groupings(&twice).unwrap_err()),
        listed(&parse_dispatch(&backwards).unwrap_err()),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_text_makes_a_reader_panic(
        cut in 0_usize..4_000, take in 0_usize..40, put in "[\\[\\]{}=\"a-z0-9.\n-]{0,12}"
    ) {
        for text in [GATES, LIGHTS, ADMISSION, GROUPINGS, DISPATCH] {
            let chars: Vec<char> = text.chars().collect();
            let at = cut.min(chars.len());
            let end = (at + take).min(chars.len());
            let broken: String = chars[..at]
                .iter()
                .copied()
                .chain(put.chars())
                .chain(chars[end..].iter().copied())
                .collect();
            let refused = [
                parse_gates(&broken).err(),
                parse_lights(&broken).err(),
                parse_admission(&broken).err(),
                parse_groupings(&broken).err(),
                parse_dispatch(&broken).err(),
            ];
            // A refusal always says why.
            prop_assert!(refused.iter().flatten().all(|problems| !problems.is_empty()));
        }
    }
}
