//! Letters that were written (催办函、督办函): each a document of its day.
//!
//! What a reader would get wrong: a letter keeps what it listed. It is not read again from the
//! acts, because what was sent does not change when the matters do.

use std::collections::BTreeMap;

use gangmu_domain::organisation::{DepartmentId, UnitPath, UserId};
use jiff::civil::Date;
use sea_orm::FromQueryResult;

use crate::conn::{execute, fetch_all, fetch_count, fetch_one, values};
use crate::letters::number_take;
use crate::library::date;
use crate::{Conn, StoreError, Tx};

/// A letter as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterRow {
    /// The unit that writes.
    pub unit: UnitPath,
    /// The year of its number.
    pub year: i16,
    /// Its number within the unit's year; given by [`letter_insert`].
    pub seq: i64,
    /// What it is, a stable word.
    pub kind: String,
    /// The unit of the office it goes to.
    pub office: UnitPath,
    /// The department it goes to.
    pub department: DepartmentId,
    /// The day it was written.
    pub written_on: Date,
    /// By when an answer is asked for.
    pub reply_by: Date,
    /// What it lists, as text the caller reads back.
    pub body: String,
    /// Who wrote it.
    pub user: UserId,
}

#[derive(FromQueryResult)]
struct LetterStored {
    unit_path: String,
    year: i64,
    seq: i64,
    kind: String,
    office_path: String,
    department_id: i64,
    written_on: String,
    reply_by: String,
    body: String,
    user_id: i64,
}

impl LetterStored {
    fn read(self) -> Result<LetterRow, StoreError> {
        Ok(LetterRow {
            unit: UnitPath::from_stored(self.unit_path),
            year: i16::try_from(self.year).map_err(|_| StoreError::Corrupt {
                what: "year",
                found: self.year.to_string(),
            })?,
            seq: self.seq,
            kind: self.kind,
            office: UnitPath::from_stored(self.office_path),
            department: DepartmentId(self.department_id),
            written_on: date(&self.written_on)?,
            reply_by: date(&self.reply_by)?,
            body: self.body,
            user: UserId(self.user_id),
        })
    }
}

const COLUMNS: &str = "unit_path, year, seq, kind, office_path, department_id, written_on, \
                       reply_by, body, user_id";

/// Keeps a letter under the next number of its unit and year, and returns that number.
///
/// # Errors
/// When the database fails.
pub async fn letter_insert(tx: &Tx, letter: &LetterRow, at: i64) -> Result<i64, StoreError> {
    let seq = number_take(tx, "letter", (&letter.unit, letter.year)).await?;
    let sql = format!(
        "INSERT INTO approval_letter ({COLUMNS}, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let values = values![
        letter.unit.as_str(),
        i64::from(letter.year),
        seq,
        letter.kind.as_str(),
        letter.office.as_str(),
        letter.department.0,
        letter.written_on.to_string(),
        letter.reply_by.to_string(),
        letter.body.as_str(),
        letter.user.0,
        at,
    ];
    execute(tx, "keep a letter", &sql, values).await?;
    Ok(seq)
}

/// Reads a letter.
///
/// # Errors
/// When the database fails.
pub async fn letter_get(
    conn: &impl Conn,
    unit: &UnitPath,
    year: i16,
    seq: i64,
) -> Result<Option<LetterRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM approval_letter WHERE unit_path = $1 AND year = $2 AND seq = $3"
    );
    let values = values![unit.as_str(), i64::from(year), seq];
    let row: Option<LetterStored> = fetch_one(conn, "read a letter", &sql, values).await?;
    row.map(LetterStored::read).transpose()
}

/// The letters a unit and those below wrote or received: the unit's range is `$1` to `$2`.
const OF_UNIT: &str =
    "(unit_path >= $1 AND unit_path < $2 OR office_path >= $1 AND office_path < $2)";

/// Lists the letters a unit and those below wrote or received, newest first.
///
/// # Errors
/// When the database fails.
pub async fn letter_list(
    conn: &impl Conn,
    unit: &UnitPath,
    (limit, offset): (i64, i64),
) -> Result<Vec<LetterRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM approval_letter WHERE {OF_UNIT} \
         ORDER BY written_on DESC, at DESC, unit_path, seq DESC LIMIT $3 OFFSET $4"
    );
    let values = values![unit.as_str(), unit.end(), limit, offset];
    let rows: Vec<LetterStored> = fetch_all(conn, "list letters", &sql, values).await?;
    rows.into_iter().map(LetterStored::read).collect()
}

/// Counts the letters a unit and those below wrote or received.
///
/// # Errors
/// When the database fails.
pub async fn letter_count(conn: &impl Conn, unit: &UnitPath) -> Result<i64, StoreError> {
    let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM approval_letter WHERE {OF_UNIT}");
    let values = values![unit.as_str(), unit.end()];
    fetch_count(conn, "count letters", &sql, values).await
}

#[derive(FromQueryResult)]
struct Last {
    office_path: String,
    department_id: i64,
    last_on: String,
}

/// Says when each office was last written to by a unit, those below it, or anybody it received
/// letters from.
///
/// # Errors
/// When the database fails.
pub async fn letter_last(
    conn: &impl Conn,
    unit: &UnitPath,
) -> Result<BTreeMap<(UnitPath, DepartmentId), Date>, StoreError> {
    let sql = format!(
        "SELECT office_path, department_id, MAX(written_on) AS last_on FROM approval_letter \
         WHERE {OF_UNIT} GROUP BY office_path, department_id"
    );
    let values = values![unit.as_str(), unit.end()];
    let rows: Vec<Last> = fetch_all(conn, "read last letters", &sql, values).await?;
    let read = |row: Last| {
        let office = UnitPath::from_stored(row.office_path);
        Ok((
            (office, DepartmentId(row.department_id)),
            date(&row.last_on)?,
        ))
    };
    rows.into_iter().map(read).collect()
}

/// Lists the letters written to an office since a day, newest first.
///
/// # Errors
/// When the database fails.
pub async fn letter_list_to(
    conn: &impl Conn,
    office: &UnitPath,
    department: DepartmentId,
    since: Date,
) -> Result<Vec<LetterRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM approval_letter \
         WHERE office_path = $1 AND department_id = $2 AND written_on >= $3 \
         ORDER BY written_on DESC, unit_path, seq DESC"
    );
    let values = values![office.as_str(), department.0, since.to_string()];
    let rows: Vec<LetterStored> = fetch_all(conn, "list letters", &sql, values).await?;
    rows.into_iter().map(LetterStored::read).collect()
}
