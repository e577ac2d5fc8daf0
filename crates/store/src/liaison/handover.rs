//! Hand-overs of what a person holds on one unit's side (交接).

use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{UnitPath, UserId};
use gangmu_domain::pipeline::Stage;
use jiff::civil::Date;
use sea_orm::{FromQueryResult, Value};

use super::{AssignmentRow, COLUMNS, Stored as StoredAssignment};
use crate::condition::{one_of, within};
use crate::conn::{execute, fetch_all, fetch_one, sequence_take, values};
use crate::library::date;
use crate::{Conn, StoreError, Tx};

/// A hand-over as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoverRow {
    /// Its number.
    pub id: i64,
    /// Who hands over.
    pub from: UserId,
    /// Who takes over.
    pub to: UserId,
    /// On whose side.
    pub unit: UnitPath,
    /// The first day of whoever takes over.
    pub on: Date,
    /// Why.
    pub reason: String,
    /// Who arranged it.
    pub by: UserId,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// When whoever hands over signed; zero while they have not.
    pub given_at: i64,
    /// When whoever takes over signed; zero while they have not.
    pub taken_at: i64,
}

#[derive(FromQueryResult)]
struct Stored {
    handover_id: i64,
    from_user: i64,
    to_user: i64,
    unit_path: String,
    on_date: String,
    reason: String,
    by_user: i64,
    at: i64,
    given_at: i64,
    taken_at: i64,
}

const FIELDS: &str =
    "handover_id, from_user, to_user, unit_path, on_date, reason, by_user, at, given_at, taken_at";

impl Stored {
    fn read(self) -> Result<HandoverRow, StoreError> {
        Ok(HandoverRow {
            id: self.handover_id,
            from: UserId(self.from_user),
            to: UserId(self.to_user),
            unit: UnitPath::from_stored(self.unit_path),
            on: date(&self.on_date)?,
            reason: self.reason,
            by: UserId(self.by_user),
            at: self.at,
            given_at: self.given_at,
            taken_at: self.taken_at,
        })
    }
}

/// Adds a hand-over and returns its number; the one it names is ignored.
///
/// # Errors
/// When the database fails.
pub async fn handover_insert(tx: &Tx, row: &HandoverRow) -> Result<i64, StoreError> {
    let id = sequence_take(tx, "handover", 1).await?;
    let sql =
        format!("INSERT INTO handover ({FIELDS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    let values = values![
        id,
        row.from.0,
        row.to.0,
        row.unit.as_str(),
        row.on.to_string(),
        row.reason.as_str(),
        row.by.0,
        row.at,
        row.given_at,
        row.taken_at,
    ];
    execute(tx, "add a hand-over", &sql, values).await?;
    Ok(id)
}

/// Lists the projects in the pipeline that a person reports for, of a unit and those below or of any.
///
/// # Errors
/// When the database fails.
pub async fn reported_list(
    conn: &impl Conn,
    user: UserId,
    unit: Option<&UnitPath>,
) -> Result<Vec<ProjectId>, StoreError> {
    let mut values: Vec<Value> = vec![user.0.into()];
    let within = unit.map_or_else(
        || "TRUE".to_owned(),
        |unit| within("unit_path", unit, &mut values),
    );
    let stages = one_of("stage", Stage::ACTIVE.map(Stage::word), &mut values);
    let sql = format!(
        "SELECT project_id FROM project WHERE reporter_id = $1 AND {within} AND {stages} \
         ORDER BY project_id"
    );
    let rows: Vec<OfProject> = fetch_all(conn, "list reported projects", &sql, values).await?;
    Ok(rows.into_iter().map(OfProject::id).collect())
}

/// Writes down that a hand-over moved the reporting of a project.
///
/// # Errors
/// When the database fails.
pub async fn handover_report_insert(
    tx: &Tx,
    handover: i64,
    project: ProjectId,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO handover_report (handover_id, project_id) VALUES ($1, $2)";
    let values = values![handover, project.0];
    execute(tx, "note a project handed over", sql, values).await?;
    Ok(())
}

/// Lists the projects whose reporting a hand-over moved.
///
/// # Errors
/// When the database fails.
pub async fn handover_report_list(
    conn: &impl Conn,
    handover: i64,
) -> Result<Vec<ProjectId>, StoreError> {
    let sql = "SELECT project_id FROM handover_report WHERE handover_id = $1 ORDER BY project_id";
    let values = values![handover];
    let rows: Vec<OfProject> = fetch_all(conn, "list reporting handed over", sql, values).await?;
    Ok(rows.into_iter().map(OfProject::id).collect())
}

#[derive(FromQueryResult)]
struct OfProject {
    project_id: i64,
}

impl OfProject {
    fn id(self) -> ProjectId {
        ProjectId(self.project_id)
    }
}

/// Reads a hand-over.
///
/// # Errors
/// When the database fails.
pub async fn handover_get(conn: &impl Conn, id: i64) -> Result<Option<HandoverRow>, StoreError> {
    let sql = format!("SELECT {FIELDS} FROM handover WHERE handover_id = $1");
    let row: Option<Stored> = fetch_one(conn, "read a hand-over", &sql, values![id]).await?;
    row.map(Stored::read).transpose()
}

/// Lists the hand-overs in a subtree of units, and a person's own, newest first.
///
/// # Errors
/// When the database fails.
pub async fn handover_list(
    conn: &impl Conn,
    unit: Option<&UnitPath>,
    user: UserId,
    limit: i64,
) -> Result<Vec<HandoverRow>, StoreError> {
    let sql = format!(
        "SELECT {FIELDS} FROM handover WHERE (unit_path >= $1 AND unit_path < $2) \
         OR from_user = $3 OR to_user = $3 ORDER BY handover_id DESC LIMIT $4"
    );
    let (from, end) = unit.map_or_else(
        || (String::new(), String::new()),
        |unit| (unit.as_str().to_owned(), unit.end()),
    );
    let values = values![from, end, user.0, limit];
    let rows: Vec<Stored> = fetch_all(conn, "list hand-overs", &sql, values).await?;
    rows.into_iter().map(Stored::read).collect()
}

/// Notes that a person signed, on the side that is theirs; one who has signed keeps the instant.
///
/// # Errors
/// When the database fails.
pub async fn handover_sign(tx: &Tx, id: i64, user: UserId, at: i64) -> Result<(), StoreError> {
    let sql = "UPDATE handover SET \
               given_at = CASE WHEN from_user = $2 AND given_at = 0 THEN $3 ELSE given_at END, \
               taken_at = CASE WHEN to_user = $2 AND taken_at = 0 THEN $3 ELSE taken_at END \
               WHERE handover_id = $1";
    execute(tx, "sign a hand-over", sql, values![id, user.0, at]).await?;
    Ok(())
}

/// Lists the assignments that a hand-over made.
///
/// # Errors
/// When the database fails.
pub async fn assignment_list_handed(
    conn: &impl Conn,
    handover: i64,
) -> Result<Vec<AssignmentRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM assignment WHERE handover_id = $1 AND handover_id > 0 \
         ORDER BY project_id, assignment_id"
    );
    let values = values![handover];
    let rows: Vec<StoredAssignment> =
        fetch_all(conn, "list what was handed over", &sql, values).await?;
    rows.into_iter().map(StoredAssignment::read).collect()
}
