//! The shipped rules of problems are read whole; broken ones are refused line by line.

use std::collections::BTreeSet;

use gangmu_domain::organisation::UnitPath;

use super::parse_problems;

const SHIPPED: &str = include_str!("../../../../data/policies/problems.toml");
const DEPARTMENTS: &str = include_str!("../../../../data/departments.csv");

#[test]
fn the_kinds_of_the_shipped_rules_name_departments_there_are() {
    let rules = parse_problems(SHIPPED).unwrap();
    let known: BTreeSet<&str> = DEPARTMENTS
        .lines()
        .filter_map(|line| line.split(',').next())
        .collect();
    for kind in &rules.kinds {
        let named = kind.department.as_str();
        assert!(named.is_empty() || known.contains(named), "{}", kind.code);
    }
}

#[test]
fn the_words_of_a_return_tell_the_kind_and_the_last_kind_takes_the_rest() {
    let rules = parse_problems(SHIPPED).unwrap();
    for (text, kind) in [
        ("110 千伏外部供电线路尚未核准。", "utilities"),
        ("征地补偿款未到位，两户未搬迁", "demolition"),
        ("专项债资金尚未拨付", "funds"),
        ("涉及草原征占用，林地手续未批", "forest"),
        ("天气寒冷", "other"),
    ] {
        assert_eq!(rules.kind_of(text).unwrap().code, kind, "{text}");
    }
}

#[test]
fn each_rung_of_the_ladder_stands_in_its_unit() {
    let rules = parse_problems(SHIPPED).unwrap();
    let banner = ["150500", "150502"]
        .iter()
        .fold(UnitPath::root("150000").unwrap(), |path, code| {
            path.child(code).unwrap()
        });
    let seat = rules.first_seat(&banner).unwrap();
    assert_eq!((seat.level.as_str(), &seat.unit), ("unit", &banner));
}

#[test]
fn a_misspelt_key_and_a_ladder_that_goes_down_are_refused() {
    let wrong = SHIPPED
        .replace("up = 2", "up = 0")
        .replace("after = 5", "afer = 5");
    let problems = parse_problems(&wrong).unwrap_err();
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let lines = lines.join("\n");
    for part in ["`afer` is not known", "`after` is missing", "stands below"] {
        assert!(lines.contains(part), "{lines}");
    }
}
