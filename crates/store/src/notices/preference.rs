//! How people want to hear of notices, and the secret addresses of their calendars.

use gangmu_domain::organisation::UserId;
use sea_orm::FromQueryResult;

use crate::conn::{execute, fetch_all, fetch_one, values};
use crate::{Conn, StoreError, Tx};

/// How a person wants to hear of notices.
#[derive(Clone, PartialEq, Eq, FromQueryResult)]
pub struct PreferenceRow {
    /// Whose.
    pub user_id: i64,
    /// Counts the changes; a change must name the one it was made on.
    pub version: i64,
    /// Where mail goes; empty for nowhere.
    pub address: String,
    /// The ways of the kinds, as `chase=digest problem=inbox`.
    pub ways: String,
    /// The first quiet minute of the day.
    pub quiet_from: Option<i64>,
    /// The first minute after it.
    pub quiet_to: Option<i64>,
    /// The minute of the day a digest is sent.
    pub digest_at: i64,
}

impl std::fmt::Debug for PreferenceRow {
    /// Leaves the address out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PreferenceRow")
            .field("user_id", &self.user_id)
            .field("ways", &self.ways)
            .finish_non_exhaustive()
    }
}

/// Reads the preferences of some people; who has none stored is left out.
///
/// # Errors
/// When the database fails.
pub async fn preference_list_of(
    conn: &impl Conn,
    users: &[UserId],
) -> Result<Vec<PreferenceRow>, StoreError> {
    let sql = format!(
        "SELECT user_id, version, address, ways, quiet_from, quiet_to, digest_at \
         FROM notice_preference WHERE {} ORDER BY user_id",
        conn.engine().one_of("user_id", "$1")
    );
    let ids: Vec<String> = users.iter().map(|user| user.0.to_string()).collect();
    let list = format!("[{}]", ids.join(","));
    fetch_all(conn, "read preferences", &sql, values![list]).await
}

/// Saves preferences made on a version, zero for none before; says whether it still was the one.
///
/// # Errors
/// When the database fails.
pub async fn preference_put(tx: &Tx, row: &PreferenceRow) -> Result<bool, StoreError> {
    let sql = "INSERT INTO notice_preference \
               (user_id, version, address, ways, quiet_from, quiet_to, digest_at) \
               SELECT $1, $2 + 1, $3, $4, $5, $6, $7 \
               WHERE $2 = 0 OR EXISTS (SELECT 1 FROM notice_preference WHERE user_id = $1) \
               ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, \
               address = excluded.address, ways = excluded.ways, \
               quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, \
               digest_at = excluded.digest_at WHERE notice_preference.version = $2";
    let r = row.clone();
    let values = values![
        r.user_id,
        r.version,
        r.address,
        r.ways,
        r.quiet_from,
        r.quiet_to,
        r.digest_at
    ];
    Ok(execute(tx, "save preferences", sql, values).await? == 1)
}

/// Gives a person's calendar a new secret address, known by its digest; an older one is void.
///
/// # Errors
/// When the database fails.
pub async fn calendar_feed_put(
    tx: &Tx,
    user: UserId,
    digest: &str,
    at: i64,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO calendar_feed (digest, user_id, created_at) VALUES ($1, $2, $3) \
               ON CONFLICT (user_id) DO UPDATE SET digest = excluded.digest, \
               created_at = excluded.created_at";
    execute(tx, "open a calendar", sql, values![digest, user.0, at]).await?;
    Ok(())
}

/// Makes the secret address of a person's calendar void; says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn calendar_feed_delete(tx: &Tx, user: UserId) -> Result<bool, StoreError> {
    let sql = "DELETE FROM calendar_feed WHERE user_id = $1";
    Ok(execute(tx, "close a calendar", sql, values![user.0]).await? == 1)
}

#[derive(FromQueryResult)]
struct Feed {
    user_id: i64,
    created_at: i64,
}

/// Returns when a person's calendar got its address, in milliseconds since 1970.
///
/// # Errors
/// When the database fails.
pub async fn calendar_feed_get(conn: &impl Conn, user: UserId) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT user_id, created_at FROM calendar_feed WHERE user_id = $1";
    let row: Option<Feed> = fetch_one(conn, "look for a calendar", sql, values![user.0]).await?;
    Ok(row.map(|row| row.created_at))
}

/// Finds whose calendar an address opens, by its digest.
///
/// # Errors
/// When the database fails.
pub async fn calendar_feed_user(
    conn: &impl Conn,
    digest: &str,
) -> Result<Option<UserId>, StoreError> {
    let sql = "SELECT user_id, created_at FROM calendar_feed WHERE digest = $1";
    let row: Option<Feed> = fetch_one(conn, "find a calendar", sql, values![digest]).await?;
    Ok(row.map(|row| UserId(row.user_id)))
}
