//! Letters of supervisors (催办函、督办函): each a document of its day, with what came of it.
//!
//! What a reader would get wrong: what a letter lists and first asked for stays as it was written;
//! version, state and due day are copies of what the acts on it come to.

use std::collections::BTreeMap;

use gangmu_domain::Period;
use gangmu_domain::organisation::{DepartmentSet, Scope, UnitPath, UserId};
use gangmu_domain::plans::{Office, PlanId};
use gangmu_domain::supervision::{LetterAct, LetterActKind, LetterEvent, LetterKind, LetterState};
use jiff::civil::Date;
use sea_orm::{FromQueryResult, Value};
use serde_json::{Value as Json, json};

use crate::condition::{bind, one_of, within};
use crate::conn::sealed::Raw as _;
use crate::conn::{execute, fetch_all, fetch_count, fetch_one, values};
use crate::dispatch::period_from;
use crate::letters::number_take;
use crate::library::{date, word};
use crate::plans::{department, office};
use crate::{Conn, StoreError, Tx};

/// What a letter is called by: the unit that wrote it, the year and its number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LetterKey {
    /// The unit that writes.
    pub unit: UnitPath,
    /// The year of its number.
    pub year: i16,
    /// Its number within the unit's year.
    pub seq: i64,
}

/// A letter as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterRow {
    /// What it is called by; the number is given by [`supervision_letter_insert`].
    pub key: LetterKey,
    /// What it does.
    pub kind: LetterKind,
    /// The plan it is about.
    pub plan: PlanId,
    /// The month of the round it is about.
    pub period: Period,
    /// The office it goes to.
    pub office: Office,
    /// The day it was written.
    pub written_on: Date,
    /// By when an answer was first asked for.
    pub reply_by: Date,
    /// What it lists, as text the caller reads back.
    pub body: String,
    /// Who wrote it.
    pub user: UserId,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Counts the acts on it; an act must name the version it was decided on.
    pub version: i64,
    /// Where it stands.
    pub state: LetterState,
    /// By when an answer is asked for now.
    pub due: Date,
}

#[derive(FromQueryResult)]
struct Stored {
    unit_path: String,
    year: i64,
    seq: i64,
    kind: String,
    plan_id: i64,
    period: i64,
    office_path: String,
    department_id: i64,
    written_on: String,
    reply_by: String,
    body: String,
    user_id: i64,
    at: i64,
    version: i64,
    state: String,
    due_on: String,
}

const COLUMNS: &str = "unit_path, year, seq, kind, plan_id, period, office_path, department_id, \
                       written_on, reply_by, body, user_id, at, version, state, due_on";

fn year(number: i64) -> Result<i16, StoreError> {
    i16::try_from(number).map_err(|_| StoreError::Corrupt {
        what: "year",
        found: number.to_string(),
    })
}

impl Stored {
    fn read(self) -> Result<LetterRow, StoreError> {
        Ok(LetterRow {
            key: LetterKey {
                unit: UnitPath::from_stored(self.unit_path),
                year: year(self.year)?,
                seq: self.seq,
            },
            kind: word("kind of letter", &self.kind, LetterKind::from_word)?,
            plan: PlanId(self.plan_id),
            period: period_from(self.period)?,
            office: office(self.office_path, self.department_id),
            written_on: date(&self.written_on)?,
            reply_by: date(&self.reply_by)?,
            body: self.body,
            user: UserId(self.user_id),
            at: self.at,
            version: self.version,
            state: word("state of a letter", &self.state, LetterState::from_word)?,
            due: date(&self.due_on)?,
        })
    }
}

/// Keeps a letter under the next number of its unit and year, and returns that number.
///
/// # Errors
/// When the database fails.
pub async fn supervision_letter_insert(tx: &Tx, letter: &LetterRow) -> Result<i64, StoreError> {
    let key = &letter.key;
    let seq = number_take(tx, "supervision_letter", (&key.unit, key.year)).await?;
    let sql = format!(
        "INSERT INTO supervision_letter ({COLUMNS}) VALUES \
         ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    );
    let values = values![
        key.unit.as_str(),
        i64::from(key.year),
        seq,
        letter.kind.word(),
        letter.plan.0,
        i64::from(letter.period.number()),
        letter.office.unit.as_str(),
        department(&letter.office),
        letter.written_on.to_string(),
        letter.reply_by.to_string(),
        letter.body.as_str(),
        letter.user.0,
        letter.at,
        letter.version,
        letter.state.word(),
        letter.due.to_string(),
    ];
    execute(tx, "keep a letter", &sql, values).await?;
    Ok(seq)
}

async fn read(
    conn: &impl Conn,
    key: &LetterKey,
    lock: &str,
) -> Result<Option<LetterRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM supervision_letter \
         WHERE unit_path = $1 AND year = $2 AND seq = $3{lock}"
    );
    let values = values![key.unit.as_str(), i64::from(key.year), key.seq];
    let row: Option<Stored> = fetch_one(conn, "read a letter", &sql, values).await?;
    row.map(Stored::read).transpose()
}

/// Reads a letter.
///
/// # Errors
/// When the database fails.
pub async fn supervision_letter_get(
    conn: &impl Conn,
    key: &LetterKey,
) -> Result<Option<LetterRow>, StoreError> {
    read(conn, key, "").await
}

/// Reads a letter and keeps it for this transaction alone.
///
/// # Errors
/// When the database fails.
pub async fn supervision_letter_lock(
    tx: &Tx,
    key: &LetterKey,
) -> Result<Option<LetterRow>, StoreError> {
    read(tx, key, tx.engine().for_update()).await
}

/// Writes the copies of a letter; returns whether it was still at the version before.
///
/// # Errors
/// When the database fails.
pub async fn supervision_letter_update(tx: &Tx, letter: &LetterRow) -> Result<bool, StoreError> {
    let sql = "UPDATE supervision_letter SET version = $4, state = $5, due_on = $6 \
               WHERE unit_path = $1 AND year = $2 AND seq = $3 AND version = CAST($4 AS BIGINT) - 1";
    let key = &letter.key;
    let values = values![
        key.unit.as_str(),
        i64::from(key.year),
        key.seq,
        letter.version,
        letter.state.word(),
        letter.due.to_string(),
    ];
    Ok(execute(tx, "write a letter's copies", sql, values).await? == 1)
}

/// Which letters.
#[derive(Clone, Debug, Default)]
pub struct LetterFilter {
    /// Those a unit of this scope wrote, or that went to an office of it.
    pub scope: Option<Scope>,
    /// Only to an office of this very unit.
    pub to: Option<UnitPath>,
    /// Only about this plan.
    pub plan: Option<PlanId>,
    /// Only about a round of this month.
    pub period: Option<Period>,
    /// Only where they stand so.
    pub state: Option<LetterState>,
    /// At most so many.
    pub limit: i64,
    /// After so many.
    pub offset: i64,
}

/// Lists letters, newest first.
///
/// # Errors
/// When the database fails.
pub async fn supervision_letter_list(
    conn: &impl Conn,
    filter: &LetterFilter,
) -> Result<Vec<LetterRow>, StoreError> {
    let mut values: Vec<Value> = Vec::new();
    let wanted = conditions(filter, &mut values);
    let limit = bind(&mut values, filter.limit);
    let offset = bind(&mut values, filter.offset);
    let sql = format!(
        "SELECT {COLUMNS} FROM supervision_letter WHERE {wanted} \
         ORDER BY written_on DESC, at DESC, unit_path, seq DESC LIMIT {limit} OFFSET {offset}"
    );
    let rows: Vec<Stored> = fetch_all(conn, "list letters", &sql, values).await?;
    rows.into_iter().map(Stored::read).collect()
}

/// Counts the letters a list would hold.
///
/// # Errors
/// When the database fails.
pub async fn supervision_letter_count(
    conn: &impl Conn,
    filter: &LetterFilter,
) -> Result<i64, StoreError> {
    let mut values: Vec<Value> = Vec::new();
    let wanted = conditions(filter, &mut values);
    let sql =
        format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM supervision_letter WHERE {wanted}");
    fetch_count(conn, "count letters", &sql, values).await
}

fn conditions(filter: &LetterFilter, values: &mut Vec<Value>) -> String {
    let mut all = vec!["TRUE".to_owned()];
    if let Some(scope) = &filter.scope {
        let wrote = within("unit_path", &scope.unit, values);
        let mut got = within("office_path", &scope.unit, values);
        if let DepartmentSet::Only(ids) = &scope.departments {
            let ids = ids.iter().map(|id| id.0).chain([0]);
            got += &format!(" AND {}", one_of("department_id", ids, values));
        }
        all.push(format!("(({wrote}) OR ({got}))"));
    }
    if let Some(unit) = &filter.to {
        all.push(format!("office_path = {}", bind(values, unit.as_str())));
    }
    if let Some(plan) = filter.plan {
        all.push(format!("plan_id = {}", bind(values, plan.0)));
    }
    if let Some(period) = filter.period {
        let number = bind(values, i64::from(period.number()));
        all.push(format!("period = {number}"));
    }
    if let Some(state) = filter.state {
        all.push(format!("state = {}", bind(values, state.word())));
    }
    all.join(" AND ")
}

#[derive(FromQueryResult)]
struct EventStored {
    unit_path: String,
    year: i64,
    letter: i64,
    seq: i64,
    on_date: String,
    at: i64,
    user_id: i64,
    act: String,
    body: String,
}

impl EventStored {
    fn read(self) -> Result<(LetterKey, LetterEvent), StoreError> {
        let corrupt = || StoreError::Corrupt {
            what: "act on a letter",
            found: format!("{} {}", self.act, self.body),
        };
        let kind = word("act on a letter", &self.act, LetterActKind::from_word)?;
        let body: Json = serde_json::from_str(&self.body).map_err(|_| corrupt())?;
        let event = LetterEvent {
            seq: self.seq,
            on: date(&self.on_date)?,
            at: self.at,
            user: UserId(self.user_id),
            act: act_from(kind, &body).ok_or_else(corrupt)?,
        };
        let key = LetterKey {
            unit: UnitPath::from_stored(self.unit_path),
            year: year(self.year)?,
            seq: self.letter,
        };
        Ok((key, event))
    }
}

/// Adds an act on a letter. Two that were numbered alike cannot both be added.
///
/// # Errors
/// [`StoreError::Exists`] when the number is taken, or when the database fails.
pub async fn supervision_letter_event_insert(
    tx: &Tx,
    key: &LetterKey,
    event: &LetterEvent,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO supervision_letter_event \
               (unit_path, year, letter, seq, on_date, at, user_id, act, body) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
    let values = values![
        key.unit.as_str(),
        i64::from(key.year),
        key.seq,
        event.seq,
        event.on.to_string(),
        event.at,
        event.user.0,
        event.act.kind().word(),
        act_body(&event.act).to_string(),
    ];
    match execute(tx, "add an act on a letter", sql, values).await? {
        0 => Err(StoreError::Exists {
            what: "act on a letter",
        }),
        _ => Ok(()),
    }
}

/// Lists the acts on letters, by letter and as they came.
///
/// # Errors
/// When the database fails.
pub async fn supervision_letter_event_list(
    conn: &impl Conn,
    keys: &[LetterKey],
) -> Result<BTreeMap<LetterKey, Vec<LetterEvent>>, StoreError> {
    let mut found: BTreeMap<LetterKey, Vec<LetterEvent>> = BTreeMap::new();
    for part in keys.chunks(100) {
        let mut values = Vec::new();
        let wanted: Vec<String> = part
            .iter()
            .map(|key| {
                let unit = bind(&mut values, key.unit.as_str());
                let year = bind(&mut values, i64::from(key.year));
                let seq = bind(&mut values, key.seq);
                format!("unit_path = {unit} AND year = {year} AND letter = {seq}")
            })
            .collect();
        let sql = format!(
            "SELECT unit_path, year, letter, seq, on_date, at, user_id, act, body \
             FROM supervision_letter_event WHERE ({}) ORDER BY unit_path, year, letter, seq",
            wanted.join(") OR (")
        );
        let rows: Vec<EventStored> = fetch_all(conn, "list acts on letters", &sql, values).await?;
        for row in rows {
            let (key, event) = row.read()?;
            found.entry(key).or_default().push(event);
        }
    }
    Ok(found)
}

fn act_body(act: &LetterAct) -> Json {
    match act {
        LetterAct::Reply { text } => json!({ "text": text }),
        LetterAct::Recheck {
            settled,
            note,
            reply_by,
        } => json!({
            "settled": settled, "note": note, "reply_by": reply_by.map(|day| day.to_string()),
        }),
    }
}

fn act_from(kind: LetterActKind, body: &Json) -> Option<LetterAct> {
    let text = |name: &str| Some(body.get(name)?.as_str()?.to_owned());
    Some(match kind {
        LetterActKind::Reply => LetterAct::Reply {
            text: text("text")?,
        },
        LetterActKind::Recheck => LetterAct::Recheck {
            settled: body.get("settled")?.as_bool()?,
            note: text("note")?,
            reply_by: match body.get("reply_by")? {
                Json::Null => None,
                found => Some(found.as_str()?.parse().ok()?),
            },
        },
    })
}
