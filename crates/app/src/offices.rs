//! Offices as tables name them: 市工信局、各旗县市区、通辽市发展和改革委员会.
//!
//! What a reader would get wrong: a name is taken only when one office can be meant. Anything else is
//! refused with the offices it is most like.

use std::collections::BTreeSet;

use gangmu_domain::organisation::{DepartmentId, UnitPath};
use gangmu_domain::plans::Office;

use crate::{Reference, likeness};

/// The code of the department that is the commission itself.
const COMMISSION: &str = "development_reform";
/// Words that stand for a unit's name before an office: the nearest unit of that kind is meant.
const KINDS: [&str; 8] = ["自治区", "全区", "本级", "市", "盟", "旗", "县", "区"];
/// Endings of one and the same kind of office.
const ENDINGS: [&str; 9] = [
    "委员会",
    "办公室",
    "管理局",
    "厅",
    "局",
    "委",
    "办",
    "处",
    "部",
];
/// Endings of a unit's government.
const GOVERNMENTS: [&str; 7] = [
    "人民政府",
    "行政公署",
    "管委会",
    "管理委员会",
    "政府",
    "行署",
    "公署",
];

/// Splits a cell into the names it holds.
pub(crate) fn split(text: &str) -> Vec<&str> {
    text.split(['、', '，', ',', '；', ';', '\n', '/', '|'])
        .map(|name| {
            let name = name.trim().trim_end_matches(['。', '等']);
            let name = name.rsplit_once(['：', ':']).map_or(name, |(_, name)| name);
            name.trim()
        })
        .filter(|name| !name.is_empty())
        .collect()
}

/// The department an office works under: none for a commission, whose own department is itself.
pub(crate) fn below_commission(
    reference: &Reference,
    department: Option<DepartmentId>,
) -> Option<DepartmentId> {
    let is_commission = |id: &DepartmentId| {
        let found = reference.department(*id);
        found.is_some_and(|department| department.code == COMMISSION)
    };
    department.filter(|id| !is_commission(id))
}

/// Finds the offices a name means for the plan of an office; `None` when it can mean several or none.
pub(crate) fn find(reference: &Reference, own: &Office, name: &str) -> Option<Vec<Office>> {
    let of = |unit: &UnitPath, department: Option<i64>| Office {
        unit: unit.clone(),
        department: department.map(DepartmentId),
    };
    if let Some(unit) = unit(reference, own, name) {
        return Some(vec![of(&unit, None)]);
    }
    if name.starts_with('各') && !name.ends_with(['局', '厅', '委', '门']) {
        let below = reference.children(&own.unit);
        let all: Vec<Office> = below.iter().map(|unit| of(&unit.path, None)).collect();
        return (!all.is_empty()).then_some(all);
    }
    if let Some(id) = department(reference, name) {
        return Some(vec![of(&own.unit, Some(id))]);
    }
    // 通辽市发展和改革委员会: a unit and its department in one word.
    let mut found = BTreeSet::new();
    for unit in &reference.units {
        for prefix in [&unit.name, &unit.short_name] {
            let rest = name
                .strip_prefix(prefix.as_str())
                .filter(|_| !prefix.is_empty());
            found.extend(
                rest.and_then(|rest| department(reference, rest))
                    .map(|id| of(&unit.path, Some(id))),
            );
        }
    }
    if !found.is_empty() {
        let mut found = found.into_iter();
        return found
            .next()
            .filter(|_| found.next().is_none())
            .map(|one| vec![one]);
    }
    // 市发改委: whose it is said by a kind of unit only.
    let (kind, id) = KINDS.iter().find_map(|kind| {
        let rest = name.strip_prefix(kind)?;
        Some((*kind, department(reference, rest)?))
    })?;
    Some(vec![of(&nearest(reference, &own.unit, kind), Some(id))])
}

/// The unit itself or the nearest above it whose name ends in a word; the unit itself without one.
fn nearest(reference: &Reference, own: &UnitPath, kind: &str) -> UnitPath {
    let mut line: Vec<UnitPath> = own.ancestry().collect();
    line.sort_by_key(|unit| std::cmp::Reverse(unit.depth()));
    let ends = |path: &&UnitPath| {
        let unit = reference.unit(path);
        unit.is_some_and(|unit| unit.name.ends_with(kind))
    };
    let found = line.iter().find(ends).cloned();
    found.unwrap_or_else(|| own.clone())
}

fn unit(reference: &Reference, own: &Office, name: &str) -> Option<UnitPath> {
    let bare = GOVERNMENTS.iter().find_map(|end| name.strip_suffix(end));
    let bare = bare.filter(|bare| !bare.is_empty()).unwrap_or(name);
    if bare != name && KINDS.contains(&bare) {
        return Some(nearest(reference, &own.unit, bare));
    }
    // Of two of one name the one below the plan's own unit is meant.
    let mut below = reference
        .units
        .iter()
        .filter(|unit| own.unit.contains(&unit.path))
        .filter(|unit| unit.name == bare || unit.short_name == bare);
    let near = below.next().filter(|_| below.next().is_none());
    let found = near.or_else(|| reference.unit_by_any_name(bare));
    found.map(|unit| unit.path.clone())
}

fn department(reference: &Reference, name: &str) -> Option<i64> {
    if let Some(found) = reference.department_by_any_name(name) {
        return Some(found.department_id);
    }
    let wanted = stem(name)?;
    let mut fits = reference.departments.iter().filter(|one| {
        [&one.name, &one.short_name]
            .into_iter()
            .any(|own| stem(own).is_some_and(|own| own == wanted))
    });
    let first = fits.next()?;
    fits.next().is_none().then_some(first.department_id)
}

/// The part of a name that tells offices apart: 发展改革委 and 发展和改革委员会 have the same.
fn stem(name: &str) -> Option<String> {
    let name = name.trim();
    let name = ENDINGS
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(name);
    let stem: String = name.chars().filter(|c| !matches!(c, '和' | '与')).collect();
    (stem.chars().count() >= 2).then_some(stem)
}

/// The offices a name is most like, best first.
pub(crate) fn likely(reference: &Reference, own: &Office, name: &str) -> Vec<String> {
    let units = reference
        .units
        .iter()
        .filter(|unit| own.unit.contains(&unit.path) || unit.path.contains(&own.unit))
        .map(|unit| unit.name.clone());
    let departments = reference
        .departments_at(&own.unit)
        .into_iter()
        .map(|one| one.name);
    let all: Vec<String> = units.chain(departments).collect();
    let nearest = likeness::nearest(name, all.iter().map(String::as_str));
    nearest.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{split, stem};

    #[test]
    fn names_are_split_and_compared() {
        let cell = "牵头：市发改委；配合：市工信局、各旗县市区\n市财政局等。";
        assert_eq!(
            split(cell),
            ["市发改委", "市工信局", "各旗县市区", "市财政局"]
        );
        let of = |name: &str| stem(name).unwrap_or_default();
        assert_eq!(of("发展改革委"), of("发展和改革委员会"));
        assert_eq!(of("工信局"), of("工信厅"));
        assert_ne!(of("工信局"), of("商务局"));
    }
}
