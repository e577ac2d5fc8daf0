//! Pieces that conditions are put together from. Each adds its values to those of the statement and
//! writes their places: `$1`, `$2`, …

use gangmu_domain::organisation::{DepartmentSet, Scope, UnitPath};
use sea_orm::Value;

/// Adds a value and writes its place.
pub(crate) fn bind(values: &mut Vec<Value>, value: impl Into<Value>) -> String {
    values.push(value.into());
    format!("${}", values.len())
}

/// A column is one of these; none of them when there are none.
pub(crate) fn one_of<T: Into<Value>>(
    column: &str,
    items: impl IntoIterator<Item = T>,
    values: &mut Vec<Value>,
) -> String {
    let places: Vec<String> = items.into_iter().map(|one| bind(values, one)).collect();
    match places.is_empty() {
        true => "FALSE".to_owned(),
        false => format!("{column} IN ({})", places.join(", ")),
    }
}

/// A column holds the path of a unit or of one below it.
pub(crate) fn within(column: &str, unit: &UnitPath, values: &mut Vec<Value>) -> String {
    let from = bind(values, unit.as_str());
    let to = bind(values, unit.end());
    format!("{column} >= {from} AND {column} < {to}")
}

/// A project of this table lies in a scope.
pub(crate) fn in_scope(table: &str, scope: &Scope, values: &mut Vec<Value>) -> String {
    let mut text = within(&format!("{table}.unit_path"), &scope.unit, values);
    if let DepartmentSet::Only(ids) = &scope.departments {
        text += " AND ";
        text += &one_of(
            &format!("{table}.department_id"),
            ids.iter().map(|id| id.0),
            values,
        );
    }
    if let Some(user) = scope.reporter {
        text += &format!(" AND {table}.reporter_id = {}", bind(values, user.0));
    }
    text
}
