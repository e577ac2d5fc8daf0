//! Policy tables and reference texts, versioned.
//!
//! The body is the plain file an administrator loaded; what it means is parsed in `app`.

use gangmu_domain::organisation::UserId;
use jiff::civil::Date;
use sea_orm::FromQueryResult;

use crate::conn::{execute, fetch_all, fetch_one, sequence_take, values};
use crate::{Conn, StoreError, Tx};

/// One version of a policy.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Policy {
    /// What it governs: `gates`, `lights`, `dispatch`, `groupings`.
    pub kind: String,
    /// Counts the versions of the kind.
    pub version: i64,
    /// The day it applies from.
    pub valid_from: String,
    /// The file.
    pub body: String,
    /// When it was loaded, in milliseconds since 1970.
    pub at: i64,
    /// Who loaded it.
    pub user_id: i64,
}

/// Reads the version of a policy that applies on a day.
///
/// # Errors
/// When the database fails.
pub async fn policy_on(
    conn: &impl Conn,
    kind: &str,
    day: Date,
) -> Result<Option<Policy>, StoreError> {
    let sql = "SELECT kind, version, valid_from, body, at, user_id FROM policy \
               WHERE kind = $1 AND valid_from <= $2 \
               ORDER BY valid_from DESC, version DESC LIMIT 1";
    fetch_one(conn, "read a policy", sql, values![kind, day.to_string()]).await
}

/// Lists all versions of all policies, newest first.
///
/// # Errors
/// When the database fails.
pub async fn policy_list(conn: &impl Conn) -> Result<Vec<Policy>, StoreError> {
    let sql = "SELECT kind, version, valid_from, body, at, user_id FROM policy \
               ORDER BY kind, version DESC";
    fetch_all(conn, "list policies", sql, vec![]).await
}

/// Adds a version of a policy; old ones stay.
///
/// # Errors
/// When the database fails.
pub async fn policy_insert(
    tx: &Tx,
    kind: &str,
    valid_from: Date,
    body: &str,
    user: UserId,
    at: i64,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO policy (kind, version, valid_from, body, at, user_id) \
               SELECT $1, COALESCE(MAX(version), 0) + 1, $2, $3, $4, $5 \
               FROM policy WHERE kind = $1";
    let values = values![kind, valid_from.to_string(), body, at, user.0];
    execute(tx, "add a policy", sql, values).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Body {
    body: String,
}

/// The sequence that counts the changes of reference data and policies.
const VERSION: &str = "reference_version";

/// Notes that reference data or policies have changed, so that every process reads them again.
///
/// # Errors
/// When the database fails.
pub async fn reference_changed(tx: &Tx) -> Result<(), StoreError> {
    sequence_take(tx, VERSION, 1).await.map(|_| ())
}

/// Returns a number that another one follows whenever reference data or policies change.
///
/// # Errors
/// When the database fails.
pub async fn reference_version(conn: &impl Conn) -> Result<i64, StoreError> {
    #[derive(FromQueryResult)]
    struct Version {
        next: i64,
    }
    let sql = "SELECT next FROM sequence WHERE name = $1";
    let row: Option<Version> =
        fetch_one(conn, "read the reference version", sql, values![VERSION]).await?;
    Ok(row.map_or(0, |row| row.next))
}

/// Reads a reference text, such as a calendar file.
///
/// # Errors
/// When the database fails.
pub async fn reference_get(
    conn: &impl Conn,
    kind: &str,
    name: &str,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT body FROM reference_text WHERE kind = $1 AND name = $2";
    let row: Option<Body> =
        fetch_one(conn, "read a reference text", sql, values![kind, name]).await?;
    Ok(row.map(|row| row.body))
}

/// Saves a reference text in place of the one there was.
///
/// # Errors
/// When the database fails.
pub async fn reference_put(
    tx: &Tx,
    kind: &str,
    name: &str,
    body: &str,
    at: i64,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO reference_text (kind, name, body, loaded_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body, \
               loaded_at = excluded.loaded_at";
    execute(
        tx,
        "save a reference text",
        sql,
        values![kind, name, body, at],
    )
    .await?;
    Ok(())
}
