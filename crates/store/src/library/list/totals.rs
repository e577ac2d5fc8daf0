//! What all rows of a list come to.
//!
//! What one would get wrong: the cube has summed a month's list already wherever the filter is a
//! unit, departments and at most one cut. The library's list is the month's, but for the few
//! projects that stand elsewhere today than in the month: they are taken out where they stood and
//! put in where they stand. Everything else is added up from the rows, and all say the same
//! (invariant 10).

use gangmu_domain::Period;
use gangmu_domain::metrics::Cut;
use gangmu_domain::organisation::{DepartmentSet, Scope};
use sea_orm::{FromQueryResult, Value};

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
    match basis {
        ListBasis::Period(period) => sum_month(conn, scope, period, filter, extent).await,
        ListBasis::Library(period) => sum_library(conn, scope, period, filter, extent).await,
    }
}

async fn sum_month(
    conn: &impl Conn,
    scope: &Scope,
    period: Period,
    filter: &ListFilter,
    extent: Extent,
) -> Result<ListTotals, StoreError> {
    if let Some(cells) = Cells::of(scope, filter) {
        return cells.read(conn, scope, period).await;
    }
    let query = Query::new(ListBasis::Period(period), scope, filter);
    sum_rows(conn, query, Road::to_all(filter, extent)).await
}

async fn sum_library(
    conn: &impl Conn,
    scope: &Scope,
    period: Period,
    filter: &ListFilter,
    extent: Extent,
) -> Result<ListTotals, StoreError> {
    let month = Query::new(ListBasis::Period(period), scope, filter);
    let mut today = Query::new(ListBasis::Library(period), scope, filter);
    // What only a project knows, as its name, cannot be looked for in the month's sums.
    let few = if month.other {
        None
    } else {
        elsewhere(conn, period, extent).await?
    };
    let Some(few) = few else {
        today.other = true;
        return sum_rows(conn, today, Road::to_all(filter, extent)).await;
    };
    let mut totals = sum_month(conn, scope, period, filter, extent).await?;
    if few > 0 {
        let stood = sum_rows(conn, month, Road::Elsewhere).await?;
        let today = Query::new(ListBasis::Library(period), scope, filter);
        let stands = sum_rows(conn, today, Road::Elsewhere).await?;
        totals = totals.less(stood).plus(stands);
    }
    if !today.other {
        // The library holds projects without a return, too.
        let all = count(conn, today, Road::to_all(filter, extent)).await?;
        totals.projects = all.projects;
        totals.total_investment = all.total_investment;
    }
    Ok(totals)
}

/// Counts the projects that stand elsewhere today than in a month, or says nothing where they are
/// so many that adding up the rows of the scope is shorter.
async fn elsewhere(
    conn: &impl Conn,
    period: Period,
    extent: Extent,
) -> Result<Option<i64>, StoreError> {
    #[derive(FromQueryResult)]
    struct Found {
        n: i64,
    }
    let most = extent.in_scope / 2;
    let sql = "SELECT COUNT(*) AS n FROM (SELECT project_id FROM project \
               WHERE elsewhere_until > 0 AND elsewhere_until >= $1 LIMIT $2) k";
    let values = values![i64::from(period.number()), most + 1];
    let found: Option<Found> = fetch_one(conn, "count projects", sql, values).await?;
    let found = found.map_or(0, |found| found.n);
    Ok((found <= most).then_some(found))
}

/// Counts projects and their total investment, without a month's figures.
async fn count(conn: &impl Conn, mut query: Query, road: Road) -> Result<ListTotals, StoreError> {
    let source = query.source(conn.engine(), road);
    let sql = format!(
        "SELECT COUNT(*) AS projects, {} AS total_investment FROM {source} WHERE {}",
        sum("p.total_investment"),
        query.conditions.join(" AND "),
    );
    #[derive(FromQueryResult)]
    struct Counted {
        projects: i64,
        total_investment: i64,
    }
    let counted: Option<Counted> = fetch_one(conn, "count projects", &sql, query.values).await?;
    Ok(
        counted.map_or_else(ListTotals::default, |counted| ListTotals {
            projects: counted.projects,
            total_investment: counted.total_investment,
            ..ListTotals::default()
        }),
    )
}

async fn sum_rows(
    conn: &impl Conn,
    mut query: Query,
    road: Road,
) -> Result<ListTotals, StoreError> {
    let source = query.source(conn.engine(), road);
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

impl ListTotals {
    fn plus(self, other: Self) -> Self {
        Self {
            projects: self.projects + other.projects,
            total_investment: self.total_investment + other.total_investment,
            annual_plan: self.annual_plan + other.annual_plan,
            month_investment: self.month_investment + other.month_investment,
            year_to_date: self.year_to_date + other.year_to_date,
        }
    }

    fn less(self, other: Self) -> Self {
        self.plus(Self {
            projects: -other.projects,
            total_investment: -other.total_investment,
            annual_plan: -other.annual_plan,
            month_investment: -other.month_investment,
            year_to_date: -other.year_to_date,
        })
    }
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
            || filter.troubled_only
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
        period: Period,
    ) -> Result<ListTotals, StoreError> {
        let period = i64::from(period.number());
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
