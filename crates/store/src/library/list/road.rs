//! Which way a page is found: along the places of a scope, or along an order until it is full.
//!
//! What one would get wrong: neither is always shorter. One banner has few rows in any order, and
//! a region has many rows in any place. SQLite is told which index to take; PostgreSQL knows how
//! its values are spread and decides by itself.

use gangmu_domain::Period;
use gangmu_domain::organisation::Scope;
use sea_orm::FromQueryResult;

use super::{ListBasis, ListFilter, ListSort, SortBy};
use crate::conn::{fetch_all, values};
use crate::{Conn, StoreError};

/// A way through the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Road {
    /// All rows of the scope.
    Place,
    /// Projects along an index, or in order of entry.
    Projects(Option<&'static str>),
    /// A month's returns along an index.
    Returns(&'static str),
    /// Projects that stand elsewhere today than in the month, with its returns.
    Elsewhere,
}

/// Rows of a list read from one index while one row is looked up elsewhere.
const READ_PER_LOOKUP: i64 = 16;

impl Road {
    /// Chooses the way to a page of a list that has so many rows.
    pub(super) fn to_page(
        basis: ListBasis,
        filter: &ListFilter,
        sort: ListSort,
        extent: Extent,
        matching: i64,
    ) -> Self {
        let along = match (basis, sort.by) {
            (_, SortBy::Entered) => Self::Projects(None),
            (_, SortBy::Name) => Self::Projects(Some("project_named")),
            (_, SortBy::YearToDate) => Self::Returns("monthly_return_by_done"),
            (_, SortBy::Gap) => Self::Returns("monthly_return_by_gap"),
            (ListBasis::Period(_), SortBy::Total) => Self::Returns("monthly_return_by_total"),
            _ => return Self::Place,
        };
        let wanted = sort.offset.saturating_add(sort.limit);
        let passed = wanted.saturating_mul(extent.everywhere) / matching.max(1);
        let lookups = if reads_records(filter) {
            extent.in_scope
        } else {
            extent.in_scope / READ_PER_LOOKUP
        };
        if passed <= lookups {
            along
        } else {
            Self::Place
        }
    }

    /// Chooses the way to all rows.
    pub(super) fn to_all(filter: &ListFilter, extent: Extent) -> Self {
        if reads_records(filter) && extent.in_scope > extent.everywhere / 4 {
            Self::Projects(None)
        } else {
            Self::Place
        }
    }
}

/// Says whether a filter looks into the records, which no index holds.
fn reads_records(filter: &ListFilter) -> bool {
    !filter.text.trim().is_empty()
}

/// How many projects are on the list of a month: an estimate of distances, nothing else.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extent {
    /// Below the scope's unit.
    pub(super) in_scope: i64,
    /// In all.
    everywhere: i64,
}

impl Extent {
    /// Reads it from the cube.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn read(
        conn: &impl Conn,
        scope: &Scope,
        period: Period,
    ) -> Result<Self, StoreError> {
        #[derive(FromQueryResult)]
        struct Cell {
            unit_path: String,
            projects: i64,
        }
        let Some(root) = scope.unit.ancestry().next() else {
            return Ok(Self::default());
        };
        let sql = "SELECT unit_path, projects FROM cube_cell WHERE edition = 'current' \
                   AND period = $1 AND cut = 'total' AND unit_path IN ($2, $3) \
                   AND department_id = 0 AND member = ''";
        let values = values![
            i64::from(period.number()),
            root.as_str(),
            scope.unit.as_str()
        ];
        let cells: Vec<Cell> = fetch_all(conn, "read totals", sql, values).await?;
        let of = |path: &str| {
            cells
                .iter()
                .find(|c| c.unit_path == path)
                .map_or(0, |c| c.projects)
        };
        Ok(Self {
            in_scope: of(scope.unit.as_str()),
            everywhere: of(root.as_str()),
        })
    }
}
