//! A subtree is a half-open range of text, which is what the database is asked for.

use gangmu_domain::organisation::{
    DepartmentId, DepartmentSet, Scope, UnitPath, UserId, department_name,
};
use proptest::prelude::*;

fn path(codes: &[String]) -> UnitPath {
    let mut codes = codes.iter();
    let root = UnitPath::root(codes.next().unwrap()).unwrap();
    codes.fold(root, |path, code| path.child(code).unwrap())
}

/// Codes of few letters, so that one is often the beginning of another.
fn paths() -> impl Strategy<Value = UnitPath> {
    prop::collection::vec("[0159aZ._-]{1,3}", 1..4).prop_map(|codes| path(&codes))
}

proptest! {
    #[test]
    fn a_subtree_is_exactly_a_range(top in paths(), other in paths()) {
        let in_range = other.as_str() >= top.as_str() && other.as_str() < top.end().as_str();
        prop_assert_eq!(top.contains(&other), in_range);
        let above: Vec<UnitPath> = other.ancestry().collect();
        prop_assert_eq!(top.contains(&other), above.contains(&top));
    }

    #[test]
    fn a_path_contains_its_children_and_no_sibling(codes in prop::collection::vec("[a-z]{1,4}", 1..4)) {
        let parent = path(&codes);
        let (a, b) = (parent.child("150").unwrap(), parent.child("150-1").unwrap());
        prop_assert!(parent.contains(&a) && parent.contains(&b));
        prop_assert!(!a.contains(&b) && !b.contains(&a) && !a.contains(&parent));
        prop_assert_eq!(a.depth(), parent.depth() + 1);
        prop_assert_eq!(a.codes().last(), Some("150"));
    }

    #[test]
    fn narrowing_a_scope_only_takes_away(top in paths(), to in paths(), place in paths(), id in 0_i64..3) {
        let scope = Scope {
            unit: top,
            departments: DepartmentSet::Only(vec![DepartmentId(1)]),
            reporter: Some(UserId(1)),
        };
        if let Some(narrow) = scope.within(&to) {
            let (department, reporter) = (Some(DepartmentId(id)), Some(UserId(id)));
            let inside = narrow.covers(&place, department, reporter);
            prop_assert!(!inside || scope.covers(&place, department, reporter));
        }
    }
}

#[test]
fn a_code_with_a_slash_or_a_blank_cannot_stand_in_the_tree() {
    for code in ["", "/", "15/0", "15 0", "通辽", &"1".repeat(25)] {
        assert!(UnitPath::root(code).is_err(), "{code}");
    }
}

#[test]
fn below_the_region_departments_are_bureaus() {
    let region = path(&["150000".to_owned()]);
    let league = region.child("150500").unwrap();
    let banner = league.child("150502").unwrap();
    let names = |name: &str| {
        [&region, &league, &banner].map(|unit| department_name(unit, name).into_owned())
    };
    assert_eq!(names("商务厅"), ["商务厅", "商务局", "商务局"]);
    assert_eq!(names("工信厅"), ["工信厅", "工信局", "工信局"]);
    assert_eq!(names("能源局"), ["能源局"; 3]);
    assert_eq!(names("发改委"), ["发改委"; 3]);
    assert_eq!(department_name(&UnitPath::top(), "商务厅"), "商务厅");
}
