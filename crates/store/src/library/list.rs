//! Lists of projects: filtered, sorted, paged, with totals.
//!
//! Two bases: the library as it stands today, and a period as its returns froze it. Dashboards
//! link into the second, so that a list always holds exactly the rows behind a figure.
//!
//! What one would get wrong: a page first finds its identities in one index and only then reads
//! the rows; and totals come from the cube where its cells say the same (`list/totals.rs`).

mod query;
mod road;
mod totals;

use gangmu_domain::Period;
use gangmu_domain::liaison::Duty;
use gangmu_domain::metrics::LitRange;
use gangmu_domain::organisation::{Scope, UnitPath, UserId};
use sea_orm::FromQueryResult;

use crate::conn::fetch_all;
use crate::{Conn, StoreError};
use query::{COUNTED_MONTH, Query};
use road::{Extent, Road};

pub(crate) use query::is_lit;
pub use totals::project_totals;

/// What a list ranges over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListBasis {
    /// Every project of the library, with the figures of a period beside it where there are any.
    Library(Period),
    /// The projects on the list in a period, placed as they were then.
    Period(Period),
}

/// A yes-or-no property of a return to filter by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    /// A new start that has started.
    Started,
    /// A new start that is due and has not started.
    StartOverdue,
    /// Carried on and at work again.
    AtWork,
    /// To be built this year and neither started nor at work again.
    NotAtWork,
    /// Completed this year.
    Completed,
    /// Nothing handed in for the period.
    NotReported,
    /// Handed in and waiting for somebody's review.
    AwaitingReview,
}

/// Which projects to list. Empty lists do not filter.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    /// Stage words.
    pub stages: Vec<String>,
    /// Category words.
    pub categories: Vec<String>,
    /// Industry division codes.
    pub industries: Vec<String>,
    /// Investor type words.
    pub investors: Vec<String>,
    /// Departments; `Some(0)` stands for none.
    pub departments: Vec<i64>,
    /// Return status words.
    pub statuses: Vec<String>,
    /// Properties that must all hold.
    pub facets: Vec<Facet>,
    /// A light's band on its basis.
    pub light: Option<LitRange>,
    /// Every word must occur in name, code or owner.
    pub text: String,
    /// Only the unit's own projects, not those of units below (本级).
    pub own_only: Option<UnitPath>,
    /// Only suspended ones.
    pub suspended_only: bool,
    /// Only those an open problem holds up.
    pub troubled_only: bool,
    /// Only those in which somebody or nobody holds a duty.
    pub duty: Option<DutyFilter>,
}

/// Who holds a duty on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyFilter {
    /// The day, as it is stored.
    pub day: String,
    /// The duty; any when absent.
    pub duty: Option<Duty>,
    /// Who.
    pub held: Held,
}

/// Whether a duty is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// By this person.
    By(UserId),
    /// By anybody.
    Somebody,
    /// By nobody.
    Nobody,
}

/// A column to sort by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// Order of entry.
    #[default]
    Entered,
    /// The name.
    Name,
    /// The unit.
    Unit,
    /// Total investment.
    Total,
    /// Annual plan.
    Plan,
    /// Investment from January to the period.
    YearToDate,
    /// Completion rate less time progress.
    Gap,
    /// Completeness of the record.
    Completeness,
}

/// How to sort and which page.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListSort {
    /// The column.
    pub by: SortBy,
    /// Largest first.
    pub descending: bool,
    /// Rows to leave out.
    pub offset: i64,
    /// Rows to return at most.
    pub limit: i64,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ListRow {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: Option<String>,
    /// Its owner.
    pub owner: String,
    /// Its unit.
    pub unit_path: String,
    /// Its department.
    pub department_id: Option<i64>,
    /// Its industry division.
    pub industry: String,
    /// Its investor type.
    pub investor: String,
    /// Its stage.
    pub stage: String,
    /// Whether it is suspended.
    pub suspended: i64,
    /// Total investment in yuan.
    pub total_investment: i64,
    /// Filled fields in percent.
    pub completeness: i64,
    /// The year's category, if it is on the list.
    pub category: Option<String>,
    /// Annual plan in yuan.
    pub annual_plan: Option<i64>,
    /// Plan from January to the period.
    pub plan_to_date: Option<i64>,
    /// Investment in the month, once it is handed in.
    pub month_investment: Option<i64>,
    /// Investment from January to the period.
    pub year_to_date: Option<i64>,
    /// Investment since the start of building.
    pub since_start: Option<i64>,
    /// The return's status.
    pub status: Option<String>,
    /// The level whose review is next.
    pub awaiting: Option<i64>,
    /// Completion rate less time progress, hundredths of a point.
    pub gap_to_time: Option<i64>,
    /// Approval matters before the start.
    pub matters: Option<i64>,
    /// Of these, not needed or granted.
    pub matters_done: Option<i64>,
}

/// What all rows of a list come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct ListTotals {
    /// Rows.
    pub projects: i64,
    /// Total investment in yuan.
    pub total_investment: i64,
    /// Annual plan in yuan.
    pub annual_plan: i64,
    /// Investment in the month.
    pub month_investment: i64,
    /// Investment from January to the period.
    pub year_to_date: i64,
}

impl ListBasis {
    fn period(self) -> Period {
        match self {
            Self::Library(period) | Self::Period(period) => period,
        }
    }
}

/// Lists projects within a scope.
///
/// # Errors
/// When the database fails.
pub async fn project_list(
    conn: &impl Conn,
    scope: &Scope,
    basis: ListBasis,
    filter: &ListFilter,
    sort: ListSort,
) -> Result<Vec<ListRow>, StoreError> {
    rows(conn, scope, basis, filter, sort, Road::Place).await
}

/// Reads one page of a list with the totals of all its pages. What is listed is what
/// [`project_list`] lists; the totals say which road to it is short.
///
/// # Errors
/// When the database fails.
pub async fn project_page(
    conn: &impl Conn,
    scope: &Scope,
    basis: ListBasis,
    filter: &ListFilter,
    sort: ListSort,
) -> Result<(Vec<ListRow>, ListTotals), StoreError> {
    let extent = Extent::read(conn, scope, basis.period()).await?;
    let totals = totals::sum_up(conn, scope, basis, filter, extent).await?;
    let due = sort.limit.min(totals.projects - sort.offset);
    if due <= 0 {
        return Ok((Vec::new(), totals));
    }
    let road = Road::to_page(basis, filter, sort, extent, totals.projects);
    let mut page = rows(conn, scope, basis, filter, sort, road).await?;
    // A road along figures does not pass the rows without one, which come last.
    if road != Road::Place && i64::try_from(page.len()).unwrap_or(i64::MAX) < due {
        page = rows(conn, scope, basis, filter, sort, Road::Place).await?;
    }
    Ok((page, totals))
}

async fn rows(
    conn: &impl Conn,
    scope: &Scope,
    basis: ListBasis,
    filter: &ListFilter,
    sort: ListSort,
    road: Road,
) -> Result<Vec<ListRow>, StoreError> {
    let mut query = Query::new(basis, scope, filter);
    query.need_for(sort.by);
    let source = query.source(conn.engine(), road);
    let place = query.place;
    let limit = query.bind(sort.limit.clamp(1, 100_000));
    let offset = query.bind(sort.offset.max(0));
    let along = match road {
        Road::Place => order(sort, place, " NULLS LAST"),
        Road::Projects(_) | Road::Returns(_) | Road::Elsewhere => {
            query.present(sort.by);
            order(sort, place, "")
        }
    };
    let sql = format!(
        "SELECT p.project_id, p.name, p.code, p.owner, {place}.unit_path, {place}.department_id, \
         {place}.industry, {place}.investor, {place}.stage, p.suspended, \
         {place}.total_investment, p.completeness, r.category, r.annual_plan, r.plan_to_date, \
         {COUNTED_MONTH} AS month_investment, r.year_to_date, r.since_start, r.status, r.awaiting, \
         r.gap_to_time, r.matters, r.matters_done \
         FROM (SELECT {place}.project_id FROM {source} WHERE {} \
         ORDER BY {along} LIMIT {limit} OFFSET {offset}) k \
         JOIN project p ON p.project_id = k.project_id \
         LEFT JOIN monthly_return r ON r.project_id = k.project_id AND r.period = $1 \
         ORDER BY {}",
        query.conditions.join(" AND "),
        order(sort, place, " NULLS LAST"),
    );
    fetch_all(conn, "list projects", &sql, query.values).await
}

/// Lists the identities of all projects of a list, in order of entry.
///
/// # Errors
/// When the database fails.
pub async fn project_ids(
    conn: &impl Conn,
    scope: &Scope,
    basis: ListBasis,
    filter: &ListFilter,
) -> Result<Vec<i64>, StoreError> {
    #[derive(FromQueryResult)]
    struct Id {
        project_id: i64,
    }
    let mut query = Query::new(basis, scope, filter);
    let source = query.source(conn.engine(), Road::Place);
    let place = query.place;
    let sql = format!(
        "SELECT {place}.project_id FROM {source} WHERE {} ORDER BY {place}.project_id",
        query.conditions.join(" AND "),
    );
    let rows: Vec<Id> = fetch_all(conn, "list projects", &sql, query.values).await?;
    Ok(rows.into_iter().map(|row| row.project_id).collect())
}

/// Writes an order that leaves nothing open: equals stand in order of entry, and the other way
/// round where the column is turned round, so that an index gives the order in both directions.
fn order(sort: ListSort, place: &str, nulls: &str) -> String {
    let direction = if sort.descending { "DESC" } else { "ASC" };
    let entered = format!("{place}.project_id {direction}");
    match query::column(sort.by, place) {
        Some(column) => format!("{column} {direction}{nulls}, {entered}"),
        None => entered,
    }
}
