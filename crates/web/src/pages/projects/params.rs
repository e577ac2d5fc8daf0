//! The address of a list as a question to the app: one reader for the page and for its export, so
//! that both hold the same rows. Words nobody knows are refused, never ignored: a filter that
//! silently does not apply shows wrong figures.

use gangmu_app::library::{ListQuery, facet_from_word, sort_from_word};
use gangmu_app::metrics::{department_number, light_from_word};
use gangmu_app::{AppError, Reference};

use crate::pages::common;
use crate::view::Query;

/// Stages to filter by.
pub const STAGES: &[&str] = &[
    "concept",
    "reserve",
    "preparation",
    "implementation",
    "completed",
    "cancelled",
    "moved_out",
    "merged",
    "split",
];
/// The year's categories.
pub const CATEGORIES: &[&str] = &["new_start", "continuing", "preparation", "completion"];
/// Investor types.
pub const INVESTORS: &[&str] = &["government", "enterprise", "none"];
/// Lights that a rule may give.
pub const LIGHTS: &[&str] = &["red", "yellow", "green", "ahead"];
/// States of a return.
pub const STATUSES: &[&str] = &[
    "due",
    "draft",
    "submitted",
    "sent_back",
    "accepted",
    "missing",
];
/// Properties of a return.
pub const FACETS: &[&str] = &[
    "started",
    "start_overdue",
    "at_work",
    "not_at_work",
    "completed",
    "not_reported",
    "awaiting_review",
];
const PER_PAGE: i64 = 50;

/// Reads what a list's address asks for.
///
/// # Errors
/// [`AppError::NotFound`] naming the parameter that says something unknown.
pub fn list_query(reference: &Reference, query: &Query) -> Result<ListQuery, AppError> {
    let mut list = ListQuery {
        period: common::period(query)?,
        on_list: query.get("on_list").is_some(),
        unit: query.get("unit").map(ToOwned::to_owned),
        page: query.get("page").and_then(|n| n.parse().ok()).unwrap_or(1),
        per_page: PER_PAGE,
        ..ListQuery::default()
    };
    let filter = &mut list.filter;
    filter.stages = known(query, "stage", STAGES)?;
    filter.categories = known(query, "category", CATEGORIES)?;
    filter.investors = known(query, "investor", INVESTORS)?;
    filter.statuses = known(query, "status", STATUSES)?;
    if let Some(code) = query.get("industry") {
        filter.industries = divisions(reference, code)?;
    }
    if let Some(code) = query.get("department") {
        let code = if code == "none" { "" } else { code };
        let number = department_number(reference, code).ok_or(unknown("department"))?;
        filter.departments = vec![number];
    }
    for word in words(query, "facet") {
        filter
            .facets
            .push(facet_from_word(word).ok_or(unknown("filter"))?);
    }
    if query.get("own").is_some() {
        let unit = match query.get("unit") {
            Some(code) => reference.unit_by_code(code),
            None => Some(reference.root()?),
        };
        filter.own_only = Some(unit.ok_or(unknown("unit"))?.path.clone());
    }
    filter.suspended_only = query.get("suspended").is_some();
    query
        .get("q")
        .unwrap_or_default()
        .clone_into(&mut filter.text);
    if let Some(word) = query.get("light") {
        list.light = Some(light_from_word(word).ok_or(unknown("light"))?);
    }
    if let Some(word) = query.get("sort") {
        let (column, descending) = match word.strip_prefix('-') {
            Some(rest) => (rest, true),
            None => (word, false),
        };
        list.sort = sort_from_word(column).ok_or(unknown("column"))?;
        list.descending = descending;
    }
    Ok(list)
}

fn unknown(what: &'static str) -> AppError {
    AppError::NotFound { what }
}

/// The words of one parameter; several stand apart by commas.
fn words<'a>(query: &'a Query, name: &str) -> impl Iterator<Item = &'a str> {
    query
        .get(name)
        .unwrap_or_default()
        .split(',')
        .filter(|word| !word.is_empty())
}

fn known(query: &Query, name: &'static str, list: &[&str]) -> Result<Vec<String>, AppError> {
    words(query, name)
        .map(|word| {
            if !list.contains(&word) {
                return Err(unknown("filter"));
            }
            // "none" asks for those without the mark.
            Ok(if word == "none" { "" } else { word }.to_owned())
        })
        .collect()
}

/// A division alone; a section with all its divisions.
fn divisions(reference: &Reference, code: &str) -> Result<Vec<String>, AppError> {
    if code == "none" {
        return Ok(vec![String::new()]);
    }
    let industry = reference.industry(code).ok_or(unknown("industry"))?;
    let mut codes = vec![industry.code.clone()];
    codes.extend(
        reference
            .industries
            .iter()
            .filter(|one| one.parent_code == industry.code)
            .map(|one| one.code.clone()),
    );
    Ok(codes)
}
