//! The ledger of winters, and sums by unit.
//!
//! What a reader would get wrong: the ledger begins with the projects, not with the plans, so that
//! those nobody has said anything about are in it. Those are the projects being built, and any with a
//! plan that was finished since; a plan of a project that was suspended or has left the pipeline counts
//! nowhere, as long as that is so.

use gangmu_domain::Period;
use gangmu_domain::organisation::{Scope, UnitPath};
use gangmu_domain::winter::Phase;
use sea_orm::{FromQueryResult, Value};

use crate::condition::{bind, in_scope, one_of};
use crate::conn::{fetch_all, fetch_one};
use crate::{Conn, StoreError};

/// Which projects to list.
#[derive(Clone, Debug)]
pub struct WinterFilter {
    /// What the person may see.
    pub scope: Scope,
    /// The year the season begins in.
    pub season: i16,
    /// Only these; empty for all.
    pub phases: Vec<Phase>,
    /// Only those that rest for this reason; empty for all.
    pub reason: String,
    /// Only those whose name holds this; empty for all.
    pub text: String,
    /// Only those being built in these units that have neither a plan on file nor a reason to rest;
    /// `None` for all.
    pub unfiled_in: Option<Vec<UnitPath>>,
    /// How many rows to pass over.
    pub offset: i64,
    /// How many rows at most.
    pub limit: i64,
}

impl WinterFilter {
    /// Everything in a scope; no rows are passed over.
    #[must_use]
    pub fn all(scope: Scope, season: i16) -> Self {
        Self {
            scope,
            season,
            phases: Vec::new(),
            reason: String::new(),
            text: String::new(),
            unfiled_in: None,
            offset: 0,
            limit: i64::from(i32::MAX),
        }
    }
}

/// A project of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct WinterRow {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit_path: String,
    /// Its total investment in yuan.
    pub total_investment: i64,
    /// Where it stands, a word.
    pub state: String,
    /// Why it rests; empty when it does not.
    pub reason: String,
    /// The first day of building in winter.
    pub from_on: Option<String>,
    /// The last day.
    pub to_on: Option<String>,
    /// People on site.
    pub workers: i64,
    /// What is to be invested in winter, in yuan.
    pub planned: i64,
    /// What of it falls into the first quarter, in yuan.
    pub first_quarter: i64,
}

/// Holds for projects whose plan counts: `p`, being built or finished since.
const COUNTS: &str = "p.suspended = 0 AND p.stage IN ('implementation', 'completed')";

/// The projects of the ledger with their copies; `p` and `w`.
fn ledger(filter: &WinterFilter, values: &mut Vec<Value>) -> String {
    let season = bind(values, i64::from(filter.season));
    let seen = in_scope("p", &filter.scope, values);
    let mut text = format!(
        "FROM project p LEFT JOIN winter_plan w ON w.project_id = p.project_id \
         AND w.season = {season} WHERE {seen} AND {COUNTS} \
         AND (w.project_id IS NOT NULL OR p.stage = 'implementation')"
    );
    if !filter.phases.is_empty() {
        let words: Vec<String> = filter
            .phases
            .iter()
            .map(|phase| bind(values, phase.word()))
            .collect();
        text += &format!(
            " AND COALESCE(w.state, 'undecided') IN ({})",
            words.join(", ")
        );
    }
    if !filter.reason.is_empty() {
        let reason = bind(values, filter.reason.as_str());
        text += &format!(" AND w.reason = {reason}");
    }
    if let Some(units) = &filter.unfiled_in {
        text += " AND p.stage = 'implementation' AND ";
        text += &one_of("p.unit_path", units.iter().map(UnitPath::as_str), values);
        text += " AND COALESCE(w.state, 'undecided') NOT IN ('resting', 'filed', 'stopped')";
    }
    if !filter.text.is_empty() {
        let escaped = filter.text.to_lowercase().replace(['\\', '%', '_'], " ");
        let like = bind(values, format!("%{escaped}%"));
        text += &format!(" AND lower(p.name) LIKE {like}");
    }
    text
}

/// Lists a part of the ledger: by what is to be invested in winter, the most first.
///
/// # Errors
/// When the database fails.
pub async fn winter_list(
    conn: &impl Conn,
    filter: &WinterFilter,
) -> Result<Vec<WinterRow>, StoreError> {
    let mut values = Vec::new();
    let from = ledger(filter, &mut values);
    let first = i64::from(filter.season) * 100 + 101;
    let (first, last) = (bind(&mut values, first), bind(&mut values, first + 2));
    let limit = bind(&mut values, filter.limit);
    let offset = bind(&mut values, filter.offset);
    let sum = |wanted: &str| {
        format!(
            "CAST(COALESCE((SELECT SUM(m.investment) FROM winter_month m \
             WHERE m.project_id = w.project_id AND m.season = w.season{wanted}), 0) AS BIGINT)"
        )
    };
    let sql = format!(
        "SELECT p.project_id, p.name, p.unit_path, p.total_investment, \
         COALESCE(w.state, 'undecided') AS state, COALESCE(w.reason, '') AS reason, w.from_on, \
         w.to_on, COALESCE(w.workers, 0) AS workers, {} AS planned, {} AS first_quarter {from} \
         ORDER BY planned DESC, p.total_investment DESC, p.project_id \
         LIMIT {limit} OFFSET {offset}",
        sum(""),
        sum(&format!(" AND m.period BETWEEN {first} AND {last}")),
    );
    fetch_all(conn, "list winters", &sql, values).await
}

#[derive(FromQueryResult)]
struct Total {
    n: i64,
}

/// Counts the projects a list would hold.
///
/// # Errors
/// When the database fails.
pub async fn winter_total(conn: &impl Conn, filter: &WinterFilter) -> Result<i64, StoreError> {
    let mut values = Vec::new();
    let from = ledger(filter, &mut values);
    let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) AS n {from}");
    let row: Option<Total> = fetch_one(conn, "count winters", &sql, values).await?;
    Ok(row.map_or(0, |row| row.n))
}

/// How many projects of a unit stand where.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct WinterCount {
    /// The unit.
    pub unit_path: String,
    /// Where they stand, a word.
    pub state: String,
    /// How many.
    pub projects: i64,
    /// People on site.
    pub workers: i64,
}

/// Counts the projects of the ledger by unit and where they stand.
///
/// # Errors
/// When the database fails.
pub async fn winter_count(
    conn: &impl Conn,
    filter: &WinterFilter,
) -> Result<Vec<WinterCount>, StoreError> {
    let mut values = Vec::new();
    let from = ledger(filter, &mut values);
    let sql = format!(
        "SELECT p.unit_path, COALESCE(w.state, 'undecided') AS state, \
         CAST(COUNT(*) AS BIGINT) AS projects, \
         CAST(COALESCE(SUM(w.workers), 0) AS BIGINT) AS workers {from} \
         GROUP BY p.unit_path, COALESCE(w.state, 'undecided') \
         ORDER BY p.unit_path, state"
    );
    fetch_all(conn, "count winters by unit", &sql, values).await
}

/// An amount of a unit in a month.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct WinterSum {
    /// The unit.
    pub unit_path: String,
    /// The month, 202601.
    pub period: i64,
    /// Yuan.
    pub amount: i64,
}

/// An amount that plans of one state invest in a month.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PlannedSum {
    /// The unit.
    pub unit_path: String,
    /// The month as a number.
    pub period: i64,
    /// Where the plans stand, a word.
    pub state: String,
    /// Yuan.
    pub amount: i64,
}

/// Adds up what is to be invested in winter, by unit, month and where the plans stand.
///
/// # Errors
/// When the database fails.
pub async fn winter_month_sum(
    conn: &impl Conn,
    scope: &Scope,
    season: i16,
) -> Result<Vec<PlannedSum>, StoreError> {
    let mut values = Vec::new();
    let season = bind(&mut values, i64::from(season));
    let seen = in_scope("p", scope, &mut values);
    let sql = format!(
        "SELECT p.unit_path, m.period, w.state, CAST(SUM(m.investment) AS BIGINT) AS amount \
         FROM winter_month m JOIN project p ON p.project_id = m.project_id \
         JOIN winter_plan w ON w.project_id = m.project_id AND w.season = m.season \
         WHERE m.season = {season} AND {seen} AND {COUNTS} \
         GROUP BY p.unit_path, m.period, w.state \
         ORDER BY p.unit_path, m.period, w.state"
    );
    fetch_all(conn, "add up winter plans", &sql, values).await
}

/// Adds up what projects that build through a winter really invested in some months, by unit and
/// month.
///
/// # Errors
/// When the database fails.
pub async fn winter_actual_sum(
    conn: &impl Conn,
    scope: &Scope,
    season: i16,
    (first, last): (Period, Period),
) -> Result<Vec<WinterSum>, StoreError> {
    let mut values = Vec::new();
    let season = bind(&mut values, i64::from(season));
    let from = bind(&mut values, i64::from(first.number()));
    let to = bind(&mut values, i64::from(last.number()));
    let seen = in_scope("p", scope, &mut values);
    let sql = format!(
        "SELECT p.unit_path, r.period, \
         CAST(SUM(COALESCE(r.month_investment, 0)) AS BIGINT) AS amount \
         FROM winter_plan w JOIN project p ON p.project_id = w.project_id \
         JOIN monthly_return r ON r.project_id = w.project_id AND r.period BETWEEN {from} AND {to} \
         WHERE w.season = {season} AND w.state NOT IN ('undecided', 'resting') AND {seen} \
         AND {COUNTS} \
         GROUP BY p.unit_path, r.period ORDER BY p.unit_path, r.period"
    );
    fetch_all(conn, "add up what winters brought", &sql, values).await
}
