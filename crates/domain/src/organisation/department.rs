//! What a department is called at a unit. The table of departments has the region's names; a
//! league or banner has the same departments under the name of a bureau.

use std::borrow::Cow;

use super::UnitPath;

/// The end of a department's name at the region's level.
const OF_THE_REGION: char = '厅';

/// The end of the same department's name at every level below.
const BELOW: char = '局';

/// Returns what a department of a unit is called there (部门称谓).
///
/// 商务厅 of the region is 商务局 at every level below. Commissions (委) and bureaus (局) keep their
/// names.
#[must_use]
pub fn department_name<'a>(unit: &UnitPath, name: &'a str) -> Cow<'a, str> {
    match unit.depth() {
        0 => Cow::Borrowed(name),
        _ => department_name_below(name),
    }
}

/// Returns what a department is called at every unit below the region.
#[must_use]
pub fn department_name_below(name: &str) -> Cow<'_, str> {
    match name.strip_suffix(OF_THE_REGION) {
        Some(stem) => Cow::Owned(format!("{stem}{BELOW}")),
        None => Cow::Borrowed(name),
    }
}
