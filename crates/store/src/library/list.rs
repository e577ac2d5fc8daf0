//! Lists of projects: filtered, sorted, paged, with totals.
//!
//! Two bases: the library as it stands today, and a period as its returns froze it. Dashboards
//! link into the second, so that a list always holds exactly the rows behind a figure.

use gangmu_domain::Period;
use gangmu_domain::metrics::{Band, Basis};
use gangmu_domain::organisation::{DepartmentSet, Scope, UnitPath};
use sea_orm::{FromQueryResult, Value};

use crate::conn::{fetch_all, fetch_one};
use crate::{Conn, StoreError};

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
    pub light: Option<(Basis, Band)>,
    /// Every word must occur in name, code or owner.
    pub text: String,
    /// Only the unit's own projects, not those of units below (本级).
    pub own_only: Option<UnitPath>,
    /// Only suspended ones.
    pub suspended_only: bool,
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
    let mut query = Query::new(basis);
    query.restrict(scope, filter);
    let place = query.place;
    let limit = query.bind(sort.limit.clamp(1, 100_000));
    let offset = query.bind(sort.offset.max(0));
    let sql = format!(
        "SELECT p.project_id, p.name, p.code, p.owner, {place}.unit_path, {place}.department_id, \
         {place}.industry, {place}.investor, {place}.stage, p.suspended, \
         {place}.total_investment, p.completeness, r.category, r.annual_plan, r.plan_to_date, \
         {COUNTED_MONTH} AS month_investment, r.year_to_date, r.since_start, r.status, r.awaiting, \
         r.gap_to_time, r.matters, r.matters_done \
         FROM {} WHERE {} ORDER BY {} LIMIT {limit} OFFSET {offset}",
        query.from(),
        query.conditions.join(" AND "),
        order(sort, place),
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
    let mut query = Query::new(basis);
    query.restrict(scope, filter);
    let place = query.place;
    let sql = format!(
        "SELECT {place}.project_id FROM {} WHERE {} ORDER BY {place}.project_id",
        query.from(),
        query.conditions.join(" AND "),
    );
    let rows: Vec<Id> = fetch_all(conn, "list projects", &sql, query.values).await?;
    Ok(rows.into_iter().map(|row| row.project_id).collect())
}

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
    let mut query = Query::new(basis);
    query.restrict(scope, filter);
    let place = query.place;
    let sum = |column: &str| format!("CAST(COALESCE(SUM({column}), 0) AS BIGINT)");
    let sql = format!(
        "SELECT COUNT(*) AS projects, {} AS total_investment, {} AS annual_plan, \
         {} AS month_investment, {} AS year_to_date FROM {} WHERE {}",
        sum(&format!("{place}.total_investment")),
        sum("r.annual_plan"),
        sum(COUNTED_MONTH),
        sum("r.year_to_date"),
        query.from(),
        query.conditions.join(" AND "),
    );
    let totals = fetch_one(conn, "sum up projects", &sql, query.values).await?;
    Ok(totals.unwrap_or_default())
}

/// The month's figure from the moment it counts: a draft's would not add up to the totals.
const COUNTED_MONTH: &str =
    "CASE WHEN r.status IN ('submitted', 'accepted') THEN r.month_investment END";

/// A query under construction. The returns are `r`, the projects `p`, the place is taken from one.
struct Query {
    basis: ListBasis,
    place: &'static str,
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Query {
    fn new(basis: ListBasis) -> Self {
        let (place, period) = match basis {
            ListBasis::Library(period) => ("p", period),
            ListBasis::Period(period) => ("r", period),
        };
        let conditions = match basis {
            ListBasis::Library(_) => Vec::new(),
            ListBasis::Period(_) => vec!["r.period = $1".to_owned()],
        };
        Self {
            basis,
            place,
            conditions,
            values: vec![Value::from(i64::from(period.number()))],
        }
    }

    fn from(&self) -> &'static str {
        match self.basis {
            ListBasis::Library(_) => {
                "project p LEFT JOIN monthly_return r \
                 ON r.project_id = p.project_id AND r.period = $1"
            }
            ListBasis::Period(_) => {
                "monthly_return r JOIN project p ON p.project_id = r.project_id"
            }
        }
    }

    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn restrict(&mut self, scope: &Scope, filter: &ListFilter) {
        let place = self.place;
        let from = self.bind(scope.unit.as_str());
        let to = self.bind(scope.unit.end());
        self.conditions.push(format!(
            "{place}.unit_path >= {from} AND {place}.unit_path < {to}"
        ));
        if let DepartmentSet::Only(ids) = &scope.departments {
            let ids = ids.iter().map(|id| id.0).collect::<Vec<_>>();
            self.one_of(&format!("{place}.department_id"), &ids);
        }
        if let Some(reporter) = scope.reporter {
            let bound = self.bind(reporter.0);
            self.conditions.push(format!("p.reporter_id = {bound}"));
        }
        self.filter_words(filter);
        self.filter_rest(filter);
    }

    fn filter_words(&mut self, filter: &ListFilter) {
        let place = self.place;
        let columns = [
            (format!("{place}.stage"), &filter.stages),
            ("r.category".to_owned(), &filter.categories),
            (format!("{place}.industry"), &filter.industries),
            (format!("{place}.investor"), &filter.investors),
            ("r.status".to_owned(), &filter.statuses),
        ];
        for (column, words) in columns {
            if !words.is_empty() {
                self.one_of(&column, words);
            }
        }
        if !filter.departments.is_empty() {
            self.one_of(
                &format!("COALESCE({place}.department_id, 0)"),
                &filter.departments,
            );
        }
    }

    fn filter_rest(&mut self, filter: &ListFilter) {
        for facet in &filter.facets {
            self.conditions.push(facet_condition(*facet).to_owned());
        }
        if let Some((basis, band)) = filter.light {
            let column = match basis {
                Basis::GapToTime => "r.gap_to_time",
                Basis::RatioToTime => "r.ratio_to_time",
                Basis::RatioToPlan => "r.ratio_to_plan",
                Basis::MonthsLate => MONTHS_LATE,
            };
            self.conditions.push(format!("{column} IS NOT NULL"));
            if let Some(from) = band.from {
                let bound = self.bind(from);
                self.conditions.push(format!("{column} >= {bound}"));
            }
            if let Some(below) = band.below {
                let bound = self.bind(below);
                self.conditions.push(format!("{column} < {bound}"));
            }
        }
        let text = filter.text.to_lowercase();
        let blank = |c: char| c.is_whitespace() || c.is_control();
        for word in text.split(blank).filter(|w| !w.is_empty()).take(8) {
            let word: String = word.chars().take(LONGEST_WORD).collect();
            let escaped = word
                .replace('\\', "\\\\")
                .replace('%', "\\%")
                .replace('_', "\\_");
            let bound = self.bind(format!("%{escaped}%"));
            self.conditions
                .push(format!("p.search_text LIKE {bound} ESCAPE '\\'"));
        }
        if let Some(unit) = &filter.own_only {
            let bound = self.bind(unit.as_str());
            self.conditions
                .push(format!("{}.unit_path = {bound}", self.place));
        }
        if filter.suspended_only {
            self.conditions.push("p.suspended = 1".to_owned());
        }
    }

    fn one_of<T: Clone + Into<Value>>(&mut self, column: &str, values: &[T]) {
        // An empty list admits nothing: a department officer without departments sees no project.
        if values.is_empty() {
            self.conditions.push("1 = 0".to_owned());
            return;
        }
        let bound: Vec<String> = values.iter().map(|v| self.bind(v.clone())).collect();
        self.conditions
            .push(format!("{column} IN ({})", bound.join(", ")));
    }
}

/// Characters of a searched word that are looked at: more than any name has, and few enough for
/// SQLite, which refuses long patterns.
const LONGEST_WORD: usize = 1_000;

/// What `metrics::months_late` says of a new start; nothing of other projects.
const MONTHS_LATE: &str = "CASE WHEN r.category <> 'new_start' THEN NULL \
     WHEN r.at_work = 1 OR COALESCE(r.start_due, r.period / 100 * 100 + 12) > r.period THEN 0 \
     ELSE (r.period / 100 - COALESCE(r.start_due, r.period) / 100) * 12 \
     + r.period % 100 - COALESCE(r.start_due, r.period) % 100 + 1 END";

fn facet_condition(facet: Facet) -> &'static str {
    match facet {
        Facet::Started => "r.category = 'new_start' AND r.at_work = 1",
        Facet::StartOverdue => {
            "r.category = 'new_start' AND r.at_work = 0 \
             AND COALESCE(r.start_due, r.period / 100 * 100 + 12) <= r.period"
        }
        Facet::AtWork => "r.category IN ('continuing', 'completion') AND r.at_work = 1",
        Facet::NotAtWork => "r.category <> 'preparation' AND r.at_work = 0",
        Facet::Completed => "r.completed = 1",
        Facet::NotReported => "r.status IN ('due', 'draft', 'sent_back', 'missing')",
        Facet::AwaitingReview => "r.status = 'submitted'",
    }
}

fn order(sort: ListSort, place: &str) -> String {
    let column = match sort.by {
        SortBy::Entered => format!("{place}.project_id"),
        SortBy::Name => "p.name".to_owned(),
        SortBy::Unit => format!("{place}.unit_path"),
        SortBy::Total => format!("{place}.total_investment"),
        SortBy::Plan => "r.annual_plan".to_owned(),
        SortBy::YearToDate => "r.year_to_date".to_owned(),
        SortBy::Gap => "r.gap_to_time".to_owned(),
        SortBy::Completeness => "p.completeness".to_owned(),
    };
    let direction = if sort.descending { "DESC" } else { "ASC" };
    format!("{column} {direction} NULLS LAST, {place}.project_id")
}
