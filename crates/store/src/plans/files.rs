//! Files of plans: tables handed in for a draft, and what proves a value. The store keeps their
//! digests; the content lies elsewhere.

use std::collections::BTreeMap;

use gangmu_domain::organisation::UserId;
use gangmu_domain::plans::PlanId;
use sea_orm::FromQueryResult;

use super::key;
use crate::conn::{execute, fetch_all, fetch_one, values};
use crate::{Conn, StoreError, Tx};

/// A table that was handed in for a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRow {
    /// Counts the tables of the plan.
    pub seq: i64,
    /// The name it came with.
    pub file_name: String,
    /// The digest of its content.
    pub sha256: String,
    /// Who handed it in.
    pub user: UserId,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Whether it was written into a draft.
    pub is_adopted: bool,
}

/// A file that proves a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRow {
    /// Counts the files of the value.
    pub seq: i64,
    /// The name it came with.
    pub file_name: String,
    /// The digest of its content.
    pub sha256: String,
    /// What it is.
    pub media_type: String,
    /// In bytes.
    pub size: i64,
}

#[derive(FromQueryResult)]
struct ImportStored {
    seq: i64,
    file_name: String,
    sha256: String,
    user_id: i64,
    at: i64,
    adopted: i64,
}

impl ImportStored {
    fn read(self) -> ImportRow {
        ImportRow {
            seq: self.seq,
            file_name: self.file_name,
            sha256: self.sha256,
            user: UserId(self.user_id),
            at: self.at,
            is_adopted: self.adopted != 0,
        }
    }
}

#[derive(FromQueryResult)]
struct Last {
    seq: i64,
}

/// Adds a table to a plan that is locked and returns its number; the one it names is ignored.
///
/// # Errors
/// When the database fails.
pub async fn plan_import_insert(tx: &Tx, plan: PlanId, row: &ImportRow) -> Result<i64, StoreError> {
    let sql = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) AS seq FROM plan_import \
               WHERE plan_id = $1";
    let last: Option<Last> = fetch_one(tx, "count the tables", sql, values![plan.0]).await?;
    let seq = last.map_or(0, |last| last.seq) + 1;
    let sql = "INSERT INTO plan_import (plan_id, seq, file_name, sha256, user_id, at, adopted) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = values![
        plan.0,
        seq,
        row.file_name.as_str(),
        row.sha256.as_str(),
        row.user.0,
        row.at,
        i64::from(row.is_adopted),
    ];
    execute(tx, "add a table", sql, values).await?;
    Ok(seq)
}

/// Notes that a table was written into the draft; `false` when it was already.
///
/// # Errors
/// When the database fails.
pub async fn plan_import_adopt(tx: &Tx, plan: PlanId, seq: i64) -> Result<bool, StoreError> {
    let sql = "UPDATE plan_import SET adopted = 1 WHERE plan_id = $1 AND seq = $2 AND adopted = 0";
    Ok(execute(tx, "note a table", sql, values![plan.0, seq]).await? == 1)
}

const IMPORT_COLUMNS: &str = "seq, file_name, sha256, user_id, at, adopted";

/// Reads a table of a plan.
///
/// # Errors
/// When the database fails.
pub async fn plan_import_get(
    conn: &impl Conn,
    plan: PlanId,
    seq: i64,
) -> Result<Option<ImportRow>, StoreError> {
    let sql = format!("SELECT {IMPORT_COLUMNS} FROM plan_import WHERE plan_id = $1 AND seq = $2");
    let row: Option<ImportStored> =
        fetch_one(conn, "read a table", &sql, values![plan.0, seq]).await?;
    Ok(row.map(ImportStored::read))
}

/// Lists the tables of a plan, newest first.
///
/// # Errors
/// When the database fails.
pub async fn plan_import_list(
    conn: &impl Conn,
    plan: PlanId,
    limit: i64,
) -> Result<Vec<ImportRow>, StoreError> {
    let sql = format!(
        "SELECT {IMPORT_COLUMNS} FROM plan_import WHERE plan_id = $1 ORDER BY seq DESC LIMIT $2"
    );
    let rows: Vec<ImportStored> =
        fetch_all(conn, "list tables", &sql, values![plan.0, limit]).await?;
    Ok(rows.into_iter().map(ImportStored::read).collect())
}

/// Adds the files that prove a value.
///
/// # Errors
/// When the database fails.
pub(super) async fn evidence_insert(
    tx: &Tx,
    (plan, indicator, value): (PlanId, u32, i64),
    files: &[EvidenceRow],
) -> Result<(), StoreError> {
    for (file, seq) in files.iter().zip(1_i64..) {
        let sql = "INSERT INTO plan_evidence (plan_id, indicator, value_seq, seq, file_name, \
                   sha256, media_type, size) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = values![
            plan.0,
            i64::from(indicator),
            value,
            seq,
            file.file_name.as_str(),
            file.sha256.as_str(),
            file.media_type.as_str(),
            file.size,
        ];
        execute(tx, "add evidence", sql, values).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct EvidenceStored {
    indicator: i64,
    value_seq: i64,
    seq: i64,
    file_name: String,
    sha256: String,
    media_type: String,
    size: i64,
}

/// Reads the files of all values of a plan, by indicator and number of the value.
pub(super) async fn evidence_of(
    conn: &impl Conn,
    plan: PlanId,
) -> Result<BTreeMap<(u32, i64), Vec<EvidenceRow>>, StoreError> {
    let sql = "SELECT indicator, value_seq, seq, file_name, sha256, media_type, size \
               FROM plan_evidence WHERE plan_id = $1 ORDER BY indicator, value_seq, seq";
    let rows: Vec<EvidenceStored> = fetch_all(conn, "list evidence", sql, values![plan.0]).await?;
    let mut found: BTreeMap<(u32, i64), Vec<EvidenceRow>> = BTreeMap::new();
    for row in rows {
        found
            .entry((key(row.indicator)?, row.value_seq))
            .or_default()
            .push(EvidenceRow {
                seq: row.seq,
                file_name: row.file_name,
                sha256: row.sha256,
                media_type: row.media_type,
                size: row.size,
            });
    }
    Ok(found)
}
