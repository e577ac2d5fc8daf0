//! What all rows of a list come to.
//!
//! What one would get wrong: the cube has summed a month's list already wherever the filter is a
//! unit, departments and at most one cut. Everything else is added up from the rows, and both say
//! the same (invariant 10).

use gangmu_domain::metrics::Cut;
use gangmu_domain::organisation::{DepartmentSet, Scope};
use sea_orm::Value;

use super::query::{COUNTED_MONTH, Query};
use super::road::{Extent, Road};
use super::{ListBasis, ListFilter, ListTotals};
use crate::conn::{fetch_one, values};
use crate::{Conn, StoreError};

/// Sums up all rows of a list.
///
/// # Errors
/// When the database fails.
pub async fn project_totals(
    conn: &impl Conn,
    scope: &Scope,
    basis: ListBasis,
    filter: &ListFilter,
) -> Result<ListTotals, StoreError> {
    let extent = Extent::read(conn, scope, basis.period()).await?;
    sum_up(conn, scope, basis, filter, extent).await
}

pub(super) async fn sum_up(
    conn: &impl Conn,
    scope: &Scope,
    basis: ListBasis,
    filter: &ListFilter,
    extent: Extent,
) -> Result<ListTotals, StoreError> {
    if let (ListBasis::Period(_), Some(cells)) = (basis, Cells::of(scope, filter)) {
        return cells.read(conn, scope, basis).await;
    }
    let mut query = Query::new(basis, scope, filter);
    query.need_figures();
    let source = query.source(conn.engine(), Road::to_all(filter, extent));
    let sql = format!(
        "SELECT COUNT(*) AS projects, {} AS total_investment, {} AS annual_plan, \
         {} AS month_investment, {} AS year_to_date FROM {source} WHERE {}",
        sum(&format!("{}.total_investment", query.place)),
        sum("r.annual_plan"),
        sum(COUNTED_MONTH),
        sum("r.year_to_date"),
        query.conditions.join(" AND "),
    );
    let totals = fetch_one(conn, "sum up projects", &sql, query.values).await?;
    Ok(totals.unwrap_or_default())
}

fn sum(column: &str) -> String {
    format!("CAST(COALESCE(SUM({column}), 0) AS BIGINT)")
}

/// Cells of one unit that add up to exactly the rows of a list.
struct Cells {
    cut: Cut,
    members: Vec<String>,
    departments: Vec<i64>,
}

impl Cells {
    /// Says which they are; none where the cube is not cut that way.
    fn of(scope: &Scope, filter: &ListFilter) -> Option<Self> {
        let rows_decide = scope.reporter.is_some()
            || filter.own_only.is_some()
            || filter.suspended_only
            || filter.duty.is_some()
            || filter.light.is_some()
            || !filter.facets.is_empty()
            || !filter.statuses.is_empty()
            || !filter.text.trim().is_empty();
        if rows_decide {
            return None;
        }
        let cuts = [
            (Cut::Stage, &filter.stages),
            (Cut::Category, &filter.categories),
            (Cut::Industry, &filter.industries),
            (Cut::Investor, &filter.investors),
        ];
        let mut wanted = cuts.into_iter().filter(|(_, members)| !members.is_empty());
        let whole = (Cut::Total, vec![String::new()]);
        let (cut, members) = wanted.next().map_or(whole, |(cut, m)| (cut, m.clone()));
        let departments = departments(&scope.departments, &filter.departments)?;
        wanted.next().is_none().then_some(Self {
            cut,
            members,
            departments,
        })
    }

    async fn read(
        &self,
        conn: &impl Conn,
        scope: &Scope,
        basis: ListBasis,
    ) -> Result<ListTotals, StoreError> {
        let period = i64::from(basis.period().number());
        let mut values = values![period, self.cut.word(), scope.unit.as_str()];
        let members = places(&self.members, &mut values);
        let departments = places(&self.departments, &mut values);
        let sql = format!(
            "SELECT {} AS projects, {} AS total_investment, {} AS annual_plan, \
             {} AS month_investment, {} AS year_to_date FROM cube_cell \
             WHERE edition = 'current' AND period = $1 AND cut = $2 AND unit_path = $3 \
             AND member IN ({members}) AND department_id IN ({departments})",
            sum("projects"),
            sum("total_investment"),
            sum("annual_plan"),
            sum("month_investment"),
            sum("year_to_date"),
        );
        let totals = fetch_one(conn, "sum up projects", &sql, values).await?;
        Ok(totals.unwrap_or_default())
    }
}

/// Names the departments whose cells are added; zero stands for all. Projects without one have no
/// cell of their own.
fn departments(scope: &DepartmentSet, filter: &[i64]) -> Option<Vec<i64>> {
    let within = match scope {
        DepartmentSet::All if filter.is_empty() => return Some(vec![0]),
        DepartmentSet::All => filter.to_vec(),
        DepartmentSet::Only(ids) => {
            let wanted = |id: &i64| filter.is_empty() || filter.contains(id);
            ids.iter().map(|id| id.0).filter(wanted).collect()
        }
    };
    (!within.is_empty() && !within.contains(&0)).then_some(within)
}

fn places<T: Clone + Into<Value>>(given: &[T], values: &mut Vec<Value>) -> String {
    let mut names = Vec::with_capacity(given.len());
    for value in given {
        values.push(value.clone().into());
        names.push(format!("${}", values.len()));
    }
    names.join(", ")
}
