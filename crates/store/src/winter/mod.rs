//! Winter plans: acts, the copies that lists are made of, and sums by unit.
//!
//! What a reader would get wrong: acts are only ever added; `winter_plan` and `winter_month` are
//! copies, written by whoever adds an act.

mod act;
mod list;

use std::collections::BTreeMap;

use gangmu_domain::library::ProjectId;
use gangmu_domain::winter::Phase;
use gangmu_domain::{Period, Yuan};
use jiff::civil::Date;
use sea_orm::FromQueryResult;

use crate::conn::sealed::Raw as _;
use crate::conn::{execute, fetch_all, fetch_one, values};
use crate::dispatch::period_from;
use crate::library::{date, word};
use crate::{Conn, StoreError, Tx};

pub use act::{winter_event_insert, winter_event_list, winter_event_list_of, winter_remind};
pub use list::{
    PlannedSum, WinterCount, WinterFilter, WinterRow, WinterSum, winter_actual_sum, winter_count,
    winter_list, winter_month_sum, winter_total,
};

/// What lists and sums are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WinterCopy {
    /// The project.
    pub project: ProjectId,
    /// The year the season begins in.
    pub season: i16,
    /// Counts the acts; an act must name the version it was decided on.
    pub version: i64,
    /// Where it stands.
    pub phase: Phase,
    /// Why it rests; empty when it does not.
    pub reason: String,
    /// The first day of building in winter.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
    /// People on site; zero for nobody has said.
    pub workers: i64,
    /// What is to be invested by building in winter, by month, as far as it counts.
    pub months: BTreeMap<Period, Yuan>,
}

#[derive(FromQueryResult)]
struct Stored {
    project_id: i64,
    season: i64,
    version: i64,
    state: String,
    reason: String,
    from_on: Option<String>,
    to_on: Option<String>,
    workers: i64,
}

#[derive(FromQueryResult)]
struct Month {
    period: i64,
    investment: i64,
}

impl Stored {
    fn read(self, months: Vec<Month>) -> Result<WinterCopy, StoreError> {
        let month = |one: Month| Ok((period_from(one.period)?, Yuan(one.investment)));
        Ok(WinterCopy {
            project: ProjectId(self.project_id),
            season: i16::try_from(self.season).map_err(|_| StoreError::Corrupt {
                what: "season",
                found: self.season.to_string(),
            })?,
            version: self.version,
            phase: word("state of a winter", &self.state, Phase::from_word)?,
            reason: self.reason,
            from: self.from_on.as_deref().map(date).transpose()?,
            to: self.to_on.as_deref().map(date).transpose()?,
            workers: self.workers,
            months: months
                .into_iter()
                .map(month)
                .collect::<Result<_, StoreError>>()?,
        })
    }
}

const COLUMNS: &str = "project_id, season, version, state, reason, from_on, to_on, workers";

async fn with_months(conn: &impl Conn, row: Stored) -> Result<WinterCopy, StoreError> {
    let sql = "SELECT period, investment FROM winter_month WHERE project_id = $1 AND season = $2 \
               ORDER BY period";
    let values = values![row.project_id, row.season];
    let months = fetch_all(conn, "read a winter's months", sql, values).await?;
    row.read(months)
}

/// Reads the copies of a project's winter and keeps them for this transaction alone.
///
/// # Errors
/// When the database fails.
pub async fn winter_lock(
    tx: &Tx,
    project: ProjectId,
    season: i16,
) -> Result<Option<WinterCopy>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM winter_plan WHERE project_id = $1 AND season = $2{}",
        tx.engine().for_update()
    );
    let values = values![project.0, i64::from(season)];
    match fetch_one(tx, "hold a winter", &sql, values).await? {
        Some(row) => Ok(Some(with_months(tx, row).await?)),
        None => Ok(None),
    }
}

/// Lists the copies after a project and season, for work that goes through all of them in parts.
///
/// # Errors
/// When the database fails.
pub async fn winter_after(
    conn: &impl Conn,
    after: (ProjectId, i16),
    limit: i64,
) -> Result<Vec<WinterCopy>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM winter_plan WHERE (project_id, season) > ($1, $2) \
         ORDER BY project_id, season LIMIT $3"
    );
    let values = values![after.0.0, i64::from(after.1), limit];
    let rows: Vec<Stored> = fetch_all(conn, "list winters", &sql, values).await?;
    let mut copies = Vec::with_capacity(rows.len());
    for row in rows {
        copies.push(with_months(conn, row).await?);
    }
    Ok(copies)
}

/// Saves the copies with the next version; says whether the version still was the one named.
///
/// # Errors
/// When the database fails.
pub async fn winter_put(tx: &Tx, copy: &WinterCopy) -> Result<bool, StoreError> {
    let sql = "INSERT INTO winter_plan \
               (project_id, season, version, state, reason, from_on, to_on, workers) \
               VALUES ($1, $2, $3 + 1, $4, $5, $6, $7, $8) \
               ON CONFLICT (project_id, season) DO UPDATE SET version = excluded.version, \
               state = excluded.state, reason = excluded.reason, from_on = excluded.from_on, \
               to_on = excluded.to_on, workers = excluded.workers WHERE winter_plan.version = $3";
    let c = copy.clone();
    let (project, season) = (c.project.0, i64::from(c.season));
    let day = |on: Option<Date>| on.map(|day| day.to_string());
    let values = values![
        project,
        season,
        c.version,
        c.phase.word(),
        c.reason,
        day(c.from),
        day(c.to),
        c.workers
    ];
    if execute(tx, "save a winter", sql, values).await? != 1 {
        return Ok(false);
    }
    let sql = "DELETE FROM winter_month WHERE project_id = $1 AND season = $2";
    execute(
        tx,
        "forget a winter's months",
        sql,
        values![project, season],
    )
    .await?;
    let rows = c
        .months
        .iter()
        .map(|(month, yuan)| values![project, season, i64::from(month.number()), yuan.0]);
    let into = "winter_month (project_id, season, period, investment)";
    crate::bulk::insert(tx, "save a winter's months", into, "", rows).await?;
    Ok(true)
}
