//! Copies of a whole database, and whether one is still blank.
//!
//! A copy is made by the engine in one read transaction, so people may go on working meanwhile;
//! copying the file itself would miss what still stands in the write-ahead log.

use std::path::Path;

use sea_orm::{ConnectionTrait as _, FromQueryResult};

use crate::conn::sealed::Raw as _;
use crate::conn::{failed, fetch_one, values};
use crate::{Conn, Db, Engine, StoreError};

/// Writes a copy of an SQLite database to a file that does not exist yet.
///
/// # Errors
/// On PostgreSQL, whose own tool is `pg_dump`; when the file exists or cannot be written.
pub async fn backup_write(db: &Db, to: &Path) -> Result<(), StoreError> {
    if db.engine() == Engine::Postgres {
        return Err(StoreError::OtherTool { tool: "pg_dump" });
    }
    let sql = "VACUUM INTO $1";
    let path = to.display().to_string();
    let statement =
        sea_orm::Statement::from_sql_and_values(db.engine().backend(), sql, values![path]);
    db.raw()
        .execute_raw(statement)
        .await
        .map_err(failed("write a backup"))?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Entered {
    n: i64,
}

/// Says whether nothing has been entered: no users, no projects, no periods.
///
/// # Errors
/// When the database fails.
pub async fn database_is_blank(conn: &impl Conn) -> Result<bool, StoreError> {
    let sql = "SELECT (SELECT COUNT(*) FROM app_user) + (SELECT COUNT(*) FROM project) \
               + (SELECT COUNT(*) FROM period) AS n";
    let row: Option<Entered> = fetch_one(conn, "look for entries", sql, vec![]).await?;
    Ok(row.is_none_or(|row| row.n == 0))
}
