//! Imports that were previewed or adopted, and saved mappings.

use sea_orm::FromQueryResult;

use crate::conn::{execute, fetch_all, fetch_one, sequence_take, values};
use crate::{Conn, StoreError, Tx};

/// A workbook that was handed in for import.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ImportBatch {
    /// Its number.
    pub import_id: i64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who.
    pub user_id: i64,
    /// The name of the file.
    pub file_name: String,
    /// The digest under which the object store keeps it.
    pub sha256: String,
    /// `previewed` or `adopted`.
    pub state: String,
    /// What it came to, as JSON.
    pub summary: String,
    /// The options it is read with, as JSON.
    pub options: String,
}

/// Adds an import; its number is the next, whatever it says.
///
/// # Errors
/// When the database fails.
pub async fn import_insert(tx: &Tx, batch: &ImportBatch) -> Result<i64, StoreError> {
    let id = sequence_take(tx, "import", 1).await?;
    let sql = "INSERT INTO import_batch \
               (import_id, at, user_id, file_name, sha256, state, summary, options) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let b = batch.clone();
    let values = values![
        id,
        b.at,
        b.user_id,
        b.file_name,
        b.sha256,
        b.state,
        b.summary,
        b.options
    ];
    execute(tx, "record an import", sql, values).await?;
    Ok(id)
}

/// Changes an import's state and summary; says whether it was in the state expected.
///
/// # Errors
/// When the database fails.
pub async fn import_update(
    tx: &Tx,
    id: i64,
    expected: &str,
    state: &str,
    summary: &str,
) -> Result<bool, StoreError> {
    let sql = "UPDATE import_batch SET state = $3, summary = $4 \
               WHERE import_id = $1 AND state = $2";
    let values = values![id, expected, state, summary];
    Ok(execute(tx, "save an import", sql, values).await? == 1)
}

const COLUMNS: &str = "import_id, at, user_id, file_name, sha256, state, summary, options";

/// Reads an import.
///
/// # Errors
/// When the database fails.
pub async fn import_get(conn: &impl Conn, id: i64) -> Result<Option<ImportBatch>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM import_batch WHERE import_id = $1");
    fetch_one(conn, "read an import", &sql, values![id]).await
}

/// Lists a user's newest imports: those into the library, or those of a ledger, whose options say so
/// first.
///
/// # Errors
/// When the database fails.
pub async fn import_list(
    conn: &impl Conn,
    user: i64,
    ledger: &str,
    limit: i64,
) -> Result<Vec<ImportBatch>, StoreError> {
    let (not, wanted) = match ledger {
        "" => ("NOT ", "{\"ledger\":%".to_owned()),
        word => ("", format!("{{\"ledger\":\"{word}\"%")),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM import_batch WHERE user_id = $1 AND options {not}LIKE $2 \
         ORDER BY import_id DESC LIMIT $3"
    );
    fetch_all(conn, "list imports", &sql, values![user, wanted, limit]).await
}

/// A saved mapping.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The TOML text.
    pub body: String,
}

/// Lists saved mappings by name.
///
/// # Errors
/// When the database fails.
pub async fn profile_list(conn: &impl Conn) -> Result<Vec<Profile>, StoreError> {
    let sql = "SELECT name, body FROM import_profile ORDER BY name";
    fetch_all(conn, "list import profiles", sql, vec![]).await
}

/// Saves a mapping in place of the one of this name.
///
/// # Errors
/// When the database fails.
pub async fn profile_put(tx: &Tx, profile: &Profile, user: i64, at: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO import_profile (name, body, at, user_id) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (name) DO UPDATE SET body = excluded.body, at = excluded.at, \
               user_id = excluded.user_id";
    let values = values![profile.name.clone(), profile.body.clone(), at, user];
    execute(tx, "save an import profile", sql, values).await?;
    Ok(())
}
