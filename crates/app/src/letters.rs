//! What letters of every kind have in common: their number and whom they address.
//!
//! Letters are official documents of the region and are written in Chinese, whatever language their
//! writer reads pages in.

use gangmu_domain::organisation::DepartmentId;
use gangmu_domain::organisation::UnitPath;
use gangmu_domain::supervision::LetterKind;

use crate::Reference;
use crate::library::UnitView;

/// The number as it is printed (发文字号), such as 科尔沁区联审催〔2026〕3号: the unit that writes, the
/// series, and what the letter does.
pub(crate) fn number(
    reference: &Reference,
    (unit, series): (&UnitPath, &str),
    kind: LetterKind,
    (year, seq): (i16, i64),
) -> String {
    let sign = match kind {
        LetterKind::Supervise => "督",
        LetterKind::Urge => "催",
    };
    let from = reference.unit_name(unit);
    format!("{from}{series}{sign}〔{year}〕{seq}号")
}

/// What a letter does, in its heading.
pub(crate) fn verb(kind: LetterKind) -> &'static str {
    match kind {
        LetterKind::Supervise => "督办",
        LetterKind::Urge => "催办",
    }
}

/// The full name of a unit.
pub(crate) fn unit(reference: &Reference, path: &UnitPath) -> String {
    let found = reference.unit(path);
    found.map_or_else(|| reference.unit_name(path), |one| one.name.clone())
}

/// An office as a letter addresses it: a unit's department, or the unit itself.
pub(crate) fn addressee(
    reference: &Reference,
    office: &UnitPath,
    department: Option<DepartmentId>,
) -> String {
    let unit = unit(reference, office);
    match department.and_then(|id| reference.department_at(office, id)) {
        Some(found) => format!("{unit}{}", found.name),
        None => unit,
    }
}

/// The commission of a unit, as it signs and is addressed: tables name units shortly, letters in full.
pub(crate) fn commission(reference: &Reference, unit: &UnitView) -> String {
    let found = reference.unit_by_code(&unit.code);
    let name = found.map_or(&unit.name, |one| &one.name);
    format!("{name}发展和改革委员会")
}
