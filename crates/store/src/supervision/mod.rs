//! Supervision: which plans, acts on items, bulletins as issued, letters, steps of the ladder.
//!
//! What a reader would get wrong: acts are only ever added, and a bulletin that was issued is never
//! written again; only a letter's version, state and due day are copies, written by whoever adds an act.

mod act;
mod letter;

use std::collections::BTreeMap;

use gangmu_domain::Period;
use gangmu_domain::organisation::UserId;
use gangmu_domain::plans::PlanId;
use gangmu_domain::supervision::{Item, Rhythm, Rhythms};
use jiff::civil::Date;
use sea_orm::{FromQueryResult, Value};
use serde_json::json;

use crate::condition::{bind, one_of};
use crate::conn::{execute, fetch_all, values};
use crate::dispatch::period_from;
use crate::library::{date, word};
use crate::{Conn, StoreError, Tx};

pub use act::{EventRow, supervision_event_insert, supervision_event_list};
pub use letter::{
    LetterFilter, LetterKey, LetterRow, supervision_letter_count, supervision_letter_event_insert,
    supervision_letter_event_list, supervision_letter_get, supervision_letter_insert,
    supervision_letter_list, supervision_letter_lock, supervision_letter_update,
};

/// A plan under supervision as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupervisionRow {
    /// The plan.
    pub plan: PlanId,
    /// Counts the changes; zero before the first. A change must name the one it was made on.
    pub edit: i64,
    /// How often its offices report.
    pub rhythms: Rhythms,
    /// The first month with a round.
    pub since: Period,
    /// The last one.
    pub until: Period,
    /// Who put it under supervision, or changed that last.
    pub user: UserId,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

#[derive(FromQueryResult)]
struct Stored {
    plan_id: i64,
    edit: i64,
    rhythm: String,
    own_rhythms: String,
    since: i64,
    until: i64,
    user_id: i64,
    at: i64,
}

impl Stored {
    fn read(self) -> Result<SupervisionRow, StoreError> {
        Ok(SupervisionRow {
            plan: PlanId(self.plan_id),
            edit: self.edit,
            rhythms: Rhythms {
                usual: word("rhythm", &self.rhythm, Rhythm::from_word)?,
                own: own_rhythms(&self.own_rhythms)?,
            },
            since: period_from(self.since)?,
            until: period_from(self.until)?,
            user: UserId(self.user_id),
            at: self.at,
        })
    }
}

type OwnRhythms = BTreeMap<u32, Vec<(Period, Option<Rhythm>)>>;

fn own_rhythms(text: &str) -> Result<OwnRhythms, StoreError> {
    type Words = BTreeMap<u32, Vec<(i64, Option<String>)>>;
    let words: Words = word("rhythms", text, |text| serde_json::from_str(text).ok())?;
    let change = |(from, one): (i64, Option<String>)| {
        let one = one.map(|one| word("rhythm", &one, Rhythm::from_word));
        Ok((period_from(from)?, one.transpose()?))
    };
    words
        .into_iter()
        .map(|(task, all)| Ok((task, all.into_iter().map(change).collect::<Result<_, _>>()?)))
        .collect()
}

/// Puts a plan under supervision, or changes how; returns whether it was still at its edit.
///
/// # Errors
/// When the database fails.
pub async fn supervision_put(tx: &Tx, row: &SupervisionRow) -> Result<bool, StoreError> {
    let sql = "INSERT INTO supervision (plan_id, edit, rhythm, own_rhythms, since, until, user_id, \
               at) VALUES ($1, CAST($2 AS BIGINT) + 1, $3, $4, $5, $6, $7, $8) \
               ON CONFLICT (plan_id) DO UPDATE SET edit = excluded.edit, rhythm = excluded.rhythm, \
               own_rhythms = excluded.own_rhythms, since = excluded.since, until = excluded.until, user_id = excluded.user_id, \
               at = excluded.at WHERE supervision.edit = excluded.edit - 1";
    let change = |(from, one): &(Period, Option<Rhythm>)| (from.number(), one.map(Rhythm::word));
    let own = row.rhythms.own.iter();
    let own: BTreeMap<u32, Vec<(i32, Option<&str>)>> = own
        .map(|(task, all)| (*task, all.iter().map(change).collect()))
        .collect();
    let values = values![
        row.plan.0,
        row.edit,
        row.rhythms.usual.word(),
        json!(own).to_string(),
        i64::from(row.since.number()),
        i64::from(row.until.number()),
        row.user.0,
        row.at,
    ];
    Ok(execute(tx, "put a plan under supervision", sql, values).await? == 1)
}

/// Reads how plans are supervised; those that are not are not there.
///
/// # Errors
/// When the database fails.
pub async fn supervision_list(
    conn: &impl Conn,
    plans: &[PlanId],
) -> Result<BTreeMap<PlanId, SupervisionRow>, StoreError> {
    let mut values = Vec::new();
    let wanted = one_of("plan_id", plans.iter().map(|one| one.0), &mut values);
    let sql = format!(
        "SELECT plan_id, edit, rhythm, own_rhythms, since, until, user_id, at FROM supervision \
         WHERE {wanted} ORDER BY plan_id"
    );
    let rows: Vec<Stored> = fetch_all(conn, "list plans under supervision", &sql, values).await?;
    let read = |row: Stored| row.read().map(|row| (row.plan, row));
    rows.into_iter().map(read).collect()
}

/// A bulletin as it was issued, which closed its round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedRow {
    /// The plan.
    pub plan: PlanId,
    /// The month of the round.
    pub period: Period,
    /// The day it was issued.
    pub on: Date,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who issued it.
    pub user: UserId,
    /// What it says, as text the caller reads back.
    pub body: String,
}

#[derive(FromQueryResult)]
struct ClosedStored {
    plan_id: i64,
    period: i64,
    closed_on: String,
    at: i64,
    user_id: i64,
    body: String,
}

/// Keeps a bulletin, which closes its round.
///
/// # Errors
/// [`StoreError::Exists`] when it was issued already, or when the database fails.
pub async fn supervision_close(tx: &Tx, row: &ClosedRow) -> Result<(), StoreError> {
    let sql = "INSERT INTO supervision_round (plan_id, period, closed_on, at, user_id, body) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    let values = values![
        row.plan.0,
        i64::from(row.period.number()),
        row.on.to_string(),
        row.at,
        row.user.0,
        row.body.as_str(),
    ];
    match execute(tx, "close a round", sql, values).await? {
        0 => Err(StoreError::Exists { what: "bulletin" }),
        _ => Ok(()),
    }
}

/// Lists the bulletins of plans, by plan and month.
///
/// # Errors
/// When the database fails.
pub async fn supervision_closed_list(
    conn: &impl Conn,
    plans: &[PlanId],
) -> Result<BTreeMap<(PlanId, Period), ClosedRow>, StoreError> {
    let mut values = Vec::new();
    let wanted = one_of("plan_id", plans.iter().map(|one| one.0), &mut values);
    let sql = format!(
        "SELECT plan_id, period, closed_on, at, user_id, body FROM supervision_round \
         WHERE {wanted} ORDER BY plan_id, period"
    );
    let rows: Vec<ClosedStored> = fetch_all(conn, "list bulletins", &sql, values).await?;
    let read = |row: ClosedStored| {
        let closed = ClosedRow {
            plan: PlanId(row.plan_id),
            period: period_from(row.period)?,
            on: date(&row.closed_on)?,
            at: row.at,
            user: UserId(row.user_id),
            body: row.body,
        };
        Ok(((closed.plan, closed.period), closed))
    };
    rows.into_iter().map(read).collect()
}

/// A file that came with an act on an item or on a letter.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct FileRow {
    /// The act it came with.
    pub seq: i64,
    /// Its number among the files of the act, from 1.
    pub number: i64,
    /// The digest its content is kept under.
    pub sha256: String,
    /// What it is called.
    pub file_name: String,
    /// What it is, by its content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
}

/// The columns of a file after its key.
const FILE_COLUMNS: &str = "seq, number, sha256, file_name, media_type, size";

/// A key, and after it what stands in [`FILE_COLUMNS`].
fn file_values(key: Vec<Value>, file: &FileRow) -> Vec<Value> {
    let mut row = key;
    row.extend(values![
        file.seq,
        file.number,
        file.sha256.as_str(),
        file.file_name.as_str(),
        file.media_type.as_str(),
        file.size,
    ]);
    row
}

fn item_key(plan: PlanId, period: Period, item: Item) -> Vec<Value> {
    values![
        plan.0,
        i64::from(period.number()),
        i64::from(item.task),
        i64::from(item.indicator),
    ]
}

fn letter_key(key: &LetterKey) -> Vec<Value> {
    values![key.unit.as_str(), i64::from(key.year), key.seq]
}

/// Adds a file to an act on an item.
///
/// # Errors
/// When the database fails.
pub async fn supervision_file_insert(
    tx: &Tx,
    plan: PlanId,
    (period, item): (Period, Item),
    file: &FileRow,
) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO supervision_file (plan_id, period, task, indicator, {FILE_COLUMNS}) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    let values = file_values(item_key(plan, period, item), file);
    execute(tx, "add a file to a report", &sql, values).await?;
    Ok(())
}

/// Lists the files of an item in a round.
///
/// # Errors
/// When the database fails.
pub async fn supervision_file_list(
    conn: &impl Conn,
    plan: PlanId,
    (period, item): (Period, Item),
) -> Result<Vec<FileRow>, StoreError> {
    let sql = format!(
        "SELECT {FILE_COLUMNS} FROM supervision_file \
         WHERE plan_id = $1 AND period = $2 AND task = $3 AND indicator = $4 \
         ORDER BY seq, number"
    );
    let key = item_key(plan, period, item);
    fetch_all(conn, "list the files of a report", &sql, key).await
}

/// Adds a file to an act on a letter.
///
/// # Errors
/// When the database fails.
pub async fn supervision_letter_file_insert(
    tx: &Tx,
    key: &LetterKey,
    file: &FileRow,
) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO supervision_letter_file (unit_path, year, letter, {FILE_COLUMNS}) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    let values = file_values(letter_key(key), file);
    execute(tx, "add a file to an act on a letter", &sql, values).await?;
    Ok(())
}

/// Lists the files of a letter, by act.
///
/// # Errors
/// When the database fails.
pub async fn supervision_letter_file_list(
    conn: &impl Conn,
    key: &LetterKey,
) -> Result<Vec<FileRow>, StoreError> {
    let sql = format!(
        "SELECT {FILE_COLUMNS} FROM supervision_letter_file \
         WHERE unit_path = $1 AND year = $2 AND letter = $3 ORDER BY seq, number"
    );
    fetch_all(conn, "list the files of a letter", &sql, letter_key(key)).await
}

#[derive(FromQueryResult)]
struct Fired {
    reason: String,
}

/// Claims steps of the ladder; returns those that nobody had claimed before.
///
/// # Errors
/// When the database fails.
pub async fn supervision_fire(
    tx: &Tx,
    reasons: &[String],
    at: i64,
) -> Result<Vec<String>, StoreError> {
    let mut claimed = Vec::new();
    for part in reasons.chunks(200) {
        let mut values = Vec::new();
        let rows: Vec<String> = part
            .iter()
            .map(|reason| {
                let reason = bind(&mut values, reason.as_str());
                format!("({reason}, {})", bind(&mut values, at))
            })
            .collect();
        let sql = format!(
            "INSERT INTO supervision_fired (reason, at) VALUES {} ON CONFLICT DO NOTHING \
             RETURNING reason",
            rows.join(", ")
        );
        let rows: Vec<Fired> = fetch_all(tx, "claim steps of the ladder", &sql, values).await?;
        claimed.extend(rows.into_iter().map(|row| row.reason));
    }
    Ok(claimed)
}

/// A step of the ladder that was claimed.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct FiredRow {
    /// Its reason.
    pub reason: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

/// Lists which of some steps of the ladder were claimed, as they were.
///
/// # Errors
/// When the database fails.
pub async fn supervision_fired_list(
    conn: &impl Conn,
    reasons: &[String],
) -> Result<Vec<FiredRow>, StoreError> {
    let mut fired = Vec::new();
    for part in reasons.chunks(200) {
        let mut values = Vec::new();
        let wanted = one_of("reason", part.iter().map(String::as_str), &mut values);
        let sql =
            format!("SELECT reason, at FROM supervision_fired WHERE {wanted} ORDER BY at, reason");
        let rows: Vec<FiredRow> = fetch_all(conn, "list steps of the ladder", &sql, values).await?;
        fired.extend(rows);
    }
    Ok(fired)
}
