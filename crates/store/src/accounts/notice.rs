//! Notices to units, and how far each person has read their inbox. What one would get wrong: a
//! notice is written once, to a unit; whose inbox it stands in is in [`crate::notices`], and "read"
//! is kept as the newest number a person has seen.

use gangmu_domain::organisation::{UnitPath, UserId};
use sea_orm::FromQueryResult;

use crate::conn::{execute, fetch_all, fetch_one, values};
use crate::{Conn, StoreError, Tx};

/// A message to everybody of a unit, such as a chase letter (催报).
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Notice {
    /// Its number; a later one is greater.
    pub notice_id: i64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who sent it.
    pub from_user_id: i64,
    /// The unit it goes to.
    pub unit_path: String,
    /// The project it is about, if it is about one.
    pub project_id: Option<i64>,
    /// The period it is about, if it is about one.
    pub period: Option<i64>,
    /// What it is, a stable word.
    pub kind: String,
    /// Its text.
    pub body: String,
}

#[derive(FromQueryResult)]
struct Number {
    n: i64,
}

/// Whose notices are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeReach {
    /// Those to the unit itself.
    Unit(UnitPath),
    /// Those to the unit and all below it.
    Subtree(UnitPath),
}

impl NoticeReach {
    /// The half-open range of the paths meant.
    fn range(&self) -> (&str, String) {
        match self {
            // No code begins below '-', so nothing below the unit sorts before its path and '!'.
            Self::Unit(unit) => (unit.as_str(), format!("{}!", unit.as_str())),
            Self::Subtree(unit) => (unit.as_str(), unit.end()),
        }
    }
}

/// Writes a notice and returns its number, the next, whatever it says.
///
/// # Errors
/// When the database fails.
pub async fn notice_insert(tx: &Tx, notice: &Notice) -> Result<i64, StoreError> {
    let sql = "INSERT INTO notice (at, from_user_id, unit_path, project_id, period, kind, body) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING notice_id AS n";
    let n = notice.clone();
    let values = values![
        n.at,
        n.from_user_id,
        n.unit_path,
        n.project_id,
        n.period,
        n.kind,
        n.body
    ];
    let row: Option<Number> = fetch_one(tx, "write a notice", sql, values).await?;
    Ok(row.map_or(0, |row| row.n))
}

/// Lists notices, newest first.
///
/// # Errors
/// When the database fails.
pub async fn notice_list(
    conn: &impl Conn,
    reach: &NoticeReach,
    offset: i64,
    limit: i64,
) -> Result<Vec<Notice>, StoreError> {
    let sql = "SELECT notice_id, at, from_user_id, unit_path, project_id, period, kind, body \
               FROM notice WHERE unit_path >= $1 AND unit_path < $2 \
               ORDER BY notice_id DESC LIMIT $3 OFFSET $4";
    let (from, end) = reach.range();
    fetch_all(conn, "list notices", sql, values![from, end, limit, offset]).await
}

/// Lists the notices in a person's inbox, newest first.
///
/// # Errors
/// When the database fails.
pub async fn notice_list_inbox(
    conn: &impl Conn,
    reader: UserId,
    offset: i64,
    limit: i64,
) -> Result<Vec<Notice>, StoreError> {
    let sql = "SELECT n.notice_id, n.at, n.from_user_id, n.unit_path, n.project_id, n.period, \
               n.kind, n.body FROM inbox i JOIN notice n ON n.notice_id = i.notice_id \
               WHERE i.user_id = $1 ORDER BY i.notice_id DESC LIMIT $2 OFFSET $3";
    fetch_all(conn, "read an inbox", sql, values![reader.0, limit, offset]).await
}

/// Counts the notices in a person's inbox after the newest they have seen.
///
/// # Errors
/// When the database fails.
pub async fn notice_count_unread(conn: &impl Conn, reader: UserId) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM inbox WHERE user_id = $1 \
               AND notice_id > COALESCE((SELECT notice_id FROM notice_seen WHERE user_id = $1), 0)";
    let row: Option<Number> =
        fetch_one(conn, "count unread notices", sql, values![reader.0]).await?;
    Ok(row.map_or(0, |row| row.n))
}

/// Returns the newest notice a person has seen; zero for none.
///
/// # Errors
/// When the database fails.
pub async fn notice_seen_get(conn: &impl Conn, reader: UserId) -> Result<i64, StoreError> {
    let sql = "SELECT notice_id AS n FROM notice_seen WHERE user_id = $1";
    let row: Option<Number> = fetch_one(conn, "read what was seen", sql, values![reader.0]).await?;
    Ok(row.map_or(0, |row| row.n))
}

/// Notes the newest notice a person has seen; an older one changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn notice_seen_put(tx: &Tx, reader: UserId, newest: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO notice_seen (user_id, notice_id) VALUES ($1, $2) \
               ON CONFLICT (user_id) DO UPDATE SET notice_id = excluded.notice_id \
               WHERE notice_seen.notice_id < excluded.notice_id";
    execute(tx, "note what was seen", sql, values![reader.0, newest]).await?;
    Ok(())
}
