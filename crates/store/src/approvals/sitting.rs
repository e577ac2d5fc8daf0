//! Joint sittings and the opinions of departments.
//!
//! An opinion is asked by a row and answered in it. Who has said nothing past the time for it
//! agrees; that is read from the day it was asked on and never stored.

use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{DepartmentId, UnitPath, UserId};
use jiff::civil::Date;
use sea_orm::FromQueryResult;

use crate::conn::{execute, fetch_all, fetch_one, sequence_take, values};
use crate::library::date;
use crate::{Conn, StoreError, Tx};

/// A joint sitting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SittingRow {
    /// Its number.
    pub id: i64,
    /// Counts the changes.
    pub version: i64,
    /// The unit that holds it.
    pub unit: UnitPath,
    /// What it is called.
    pub title: String,
    /// The day opinions were asked for.
    pub called_on: Date,
    /// The day it was held.
    pub held_on: Option<Date>,
    /// The day its decisions were taken over.
    pub closed_on: Option<Date>,
    /// Who called it.
    pub user: UserId,
}

/// What a department says of a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpinionRow {
    /// The sitting.
    pub sitting: i64,
    /// The project.
    pub project: ProjectId,
    /// The matter.
    pub item: String,
    /// The department.
    pub department: DepartmentId,
    /// The day it was asked.
    pub asked_on: Date,
    /// The day it answered.
    pub answered_on: Option<Date>,
    /// A word: `asked`, `agree`, `object`, `conditional`.
    pub stance: String,
    /// The opinion.
    pub body: String,
    /// Who wrote it.
    pub user: UserId,
    /// Whether whoever holds the sitting recorded it for the department.
    pub on_behalf: bool,
}

#[derive(FromQueryResult)]
struct SittingStored {
    sitting_id: i64,
    version: i64,
    unit_path: String,
    title: String,
    called_on: String,
    held_on: Option<String>,
    closed_on: Option<String>,
    user_id: i64,
}

impl SittingStored {
    fn read(self) -> Result<SittingRow, StoreError> {
        Ok(SittingRow {
            id: self.sitting_id,
            version: self.version,
            unit: UnitPath::from_stored(self.unit_path),
            title: self.title,
            called_on: date(&self.called_on)?,
            held_on: self.held_on.as_deref().map(date).transpose()?,
            closed_on: self.closed_on.as_deref().map(date).transpose()?,
            user: UserId(self.user_id),
        })
    }
}

const COLUMNS: &str =
    "sitting_id, version, unit_path, title, called_on, held_on, closed_on, user_id";

/// Adds a sitting and returns its number.
///
/// # Errors
/// When the database fails.
pub async fn sitting_insert(tx: &Tx, sitting: &SittingRow, at: i64) -> Result<i64, StoreError> {
    let id = sequence_take(tx, "approval_sitting", 1).await?;
    let sql = format!(
        "INSERT INTO approval_sitting ({COLUMNS}, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    let values = values![
        id,
        1_i64,
        sitting.unit.as_str(),
        sitting.title.as_str(),
        sitting.called_on.to_string(),
        sitting.held_on.map(|day| day.to_string()),
        sitting.closed_on.map(|day| day.to_string()),
        sitting.user.0,
        at,
    ];
    execute(tx, "add a sitting", &sql, values).await?;
    Ok(id)
}

/// Reads a sitting.
///
/// # Errors
/// When the database fails.
pub async fn sitting_get(conn: &impl Conn, id: i64) -> Result<Option<SittingRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM approval_sitting WHERE sitting_id = $1");
    let row: Option<SittingStored> = fetch_one(conn, "read a sitting", &sql, values![id]).await?;
    row.map(SittingStored::read).transpose()
}

/// Lists the sittings of a unit and those below, newest first.
///
/// # Errors
/// When the database fails.
pub async fn sitting_list(
    conn: &impl Conn,
    unit: &UnitPath,
    limit: i64,
) -> Result<Vec<SittingRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM approval_sitting WHERE unit_path >= $1 AND unit_path < $2 \
         ORDER BY called_on DESC, sitting_id DESC LIMIT $3"
    );
    let values = values![unit.as_str(), unit.end(), limit];
    let rows: Vec<SittingStored> = fetch_all(conn, "list sittings", &sql, values).await?;
    rows.into_iter().map(SittingStored::read).collect()
}

/// Saves a sitting; returns whether it was still at its version.
///
/// # Errors
/// When the database fails.
pub async fn sitting_update(tx: &Tx, sitting: &SittingRow) -> Result<bool, StoreError> {
    let sql = "UPDATE approval_sitting SET version = version + 1, title = $3, held_on = $4, \
               closed_on = $5 WHERE sitting_id = $1 AND version = $2";
    let values = values![
        sitting.id,
        sitting.version,
        sitting.title.as_str(),
        sitting.held_on.map(|day| day.to_string()),
        sitting.closed_on.map(|day| day.to_string()),
    ];
    Ok(execute(tx, "save a sitting", sql, values).await? == 1)
}

/// Asks for an opinion, or records it.
///
/// # Errors
/// When the database fails.
pub async fn opinion_put(tx: &Tx, opinion: &OpinionRow, at: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO approval_opinion (project_id, item, sitting_id, department_id, \
               asked_on, answered_on, stance, body, user_id, on_behalf, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
               ON CONFLICT (project_id, item, sitting_id, department_id) DO UPDATE \
               SET answered_on = excluded.answered_on, stance = excluded.stance, \
               body = excluded.body, user_id = excluded.user_id, on_behalf = excluded.on_behalf, \
               at = excluded.at";
    let values = values![
        opinion.project.0,
        opinion.item.as_str(),
        opinion.sitting,
        opinion.department.0,
        opinion.asked_on.to_string(),
        opinion.answered_on.map(|day| day.to_string()),
        opinion.stance.as_str(),
        opinion.body.as_str(),
        opinion.user.0,
        i64::from(opinion.on_behalf),
        at,
    ];
    execute(tx, "record an opinion", sql, values).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct OpinionStored {
    project_id: i64,
    item: String,
    sitting_id: i64,
    department_id: i64,
    asked_on: String,
    answered_on: Option<String>,
    stance: String,
    body: String,
    user_id: i64,
    on_behalf: i64,
}

/// Lists the opinions of a sitting by project, matter and department.
///
/// # Errors
/// When the database fails.
pub async fn opinion_list(conn: &impl Conn, sitting: i64) -> Result<Vec<OpinionRow>, StoreError> {
    let sql = "SELECT project_id, item, sitting_id, department_id, asked_on, answered_on, stance, \
               body, user_id, on_behalf FROM approval_opinion WHERE sitting_id = $1 \
               ORDER BY project_id, item, department_id";
    let rows: Vec<OpinionStored> = fetch_all(conn, "list opinions", sql, values![sitting]).await?;
    rows.into_iter()
        .map(|row| {
            Ok(OpinionRow {
                sitting: row.sitting_id,
                project: ProjectId(row.project_id),
                item: row.item,
                department: DepartmentId(row.department_id),
                asked_on: date(&row.asked_on)?,
                answered_on: row.answered_on.as_deref().map(date).transpose()?,
                stance: row.stance,
                body: row.body,
                user: UserId(row.user_id),
                on_behalf: row.on_behalf == 1,
            })
        })
        .collect()
}
