//! Steps as they are written: a kind, and what belongs to it as JSON.

use std::collections::BTreeMap;

use gangmu_domain::organisation::{DepartmentId, UnitPath, UserId};
use gangmu_domain::problems::{Act, ActKind, Event, Party, Seat};
use jiff::civil::Date;
use sea_orm::FromQueryResult;
use serde_json::{Value as Json, json};

use crate::conn::sealed::Raw as _;
use crate::conn::{execute, fetch_all, values};
use crate::library::{date, word};
use crate::{Conn, StoreError, Tx};

#[derive(FromQueryResult)]
struct Stored {
    problem_id: i64,
    seq: i64,
    on_date: String,
    at: i64,
    user_id: i64,
    act: String,
    body: String,
    due_on: Option<String>,
}

const COLUMNS: &str = "problem_id, seq, on_date, at, user_id, act, body, due_on";

impl Stored {
    fn read(self) -> Result<(i64, Event), StoreError> {
        let corrupt = || StoreError::Corrupt {
            what: "step",
            found: format!("{} {}", self.act, self.body),
        };
        let kind = word("step", &self.act, ActKind::from_word)?;
        let body: Json = serde_json::from_str(&self.body).map_err(|_| corrupt())?;
        let event = Event {
            seq: u32::try_from(self.seq).map_err(|_| corrupt())?,
            on: date(&self.on_date)?,
            at: self.at,
            user: UserId(self.user_id),
            act: act_from(kind, &body).ok_or_else(corrupt)?,
            due: self.due_on.as_deref().map(date).transpose()?,
        };
        Ok((self.problem_id, event))
    }
}

/// Adds a step. Two that were numbered alike cannot both be added.
///
/// # Errors
/// [`StoreError::Exists`] when the number is taken, or when the database fails.
pub async fn problem_event_insert(tx: &Tx, problem: i64, event: &Event) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO problem_event ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT DO NOTHING"
    );
    let values = values![
        problem,
        i64::from(event.seq),
        event.on.to_string(),
        event.at,
        event.user.0,
        event.act.kind().word(),
        act_body(&event.act).to_string(),
        event.due.map(|day| day.to_string()),
    ];
    match execute(tx, "add a step", &sql, values).await? {
        0 => Err(StoreError::Exists { what: "step" }),
        _ => Ok(()),
    }
}

/// Lists the steps of a problem in order.
///
/// # Errors
/// When the database fails.
pub async fn problem_event_list(conn: &impl Conn, problem: i64) -> Result<Vec<Event>, StoreError> {
    let mut found = problem_event_list_of(conn, &[problem]).await?;
    Ok(found.remove(&problem).unwrap_or_default())
}

/// Lists the steps of several problems, each in order.
///
/// # Errors
/// When the database fails.
pub async fn problem_event_list_of(
    conn: &impl Conn,
    problems: &[i64],
) -> Result<BTreeMap<i64, Vec<Event>>, StoreError> {
    let mut found: BTreeMap<i64, Vec<Event>> = BTreeMap::new();
    for part in problems.chunks(500) {
        let values: Vec<sea_orm::Value> = part.iter().map(|id| (*id).into()).collect();
        let places = super::list::places(part.len());
        let sql = format!(
            "SELECT {COLUMNS} FROM problem_event WHERE problem_id IN ({places}) \
             ORDER BY problem_id, seq"
        );
        let rows: Vec<Stored> = fetch_all(conn, "list the steps", &sql, values).await?;
        for row in rows {
            let (problem, event) = row.read()?;
            found.entry(problem).or_default().push(event);
        }
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct Reminded {
    problem_id: i64,
}

/// Claims a step of reminding for the next steps of problems, each with its date, once each; returns
/// the problems nobody had claimed.
///
/// # Errors
/// When the database fails.
pub async fn problem_remind(
    tx: &Tx,
    step: &str,
    dues: &[(i64, Date)],
    at: i64,
) -> Result<Vec<i64>, StoreError> {
    let mut claimed = Vec::new();
    for part in dues.chunks(1_000) {
        let row = |(id, due): &(i64, Date)| values![*id, due.to_string(), step, at];
        let values: Vec<sea_orm::Value> = part.iter().flat_map(row).collect();
        let places = tx.engine().rows_of_places(part.len(), 4, "");
        let sql = format!(
            "INSERT INTO problem_reminder (problem_id, due_on, step, at) VALUES {places} \
             ON CONFLICT DO NOTHING RETURNING problem_id"
        );
        let rows: Vec<Reminded> = fetch_all(tx, "claim reminders", &sql, values).await?;
        claimed.extend(rows.into_iter().map(|row| row.problem_id));
    }
    Ok(claimed)
}

fn day(on: Option<Date>) -> Option<String> {
    on.map(|day| day.to_string())
}

fn party_json(party: &Party) -> Json {
    match party {
        Party::ProjectOwner => json!("owner"),
        Party::Office { unit, department } => {
            json!({ "unit": unit.as_str(), "department": department.map(|one| one.0) })
        }
    }
}

fn party_from(json: &Json) -> Option<Party> {
    if json.as_str() == Some("owner") {
        return Some(Party::ProjectOwner);
    }
    Some(Party::Office {
        unit: UnitPath::from_stored(json.get("unit")?.as_str()?.to_owned()),
        department: json.get("department")?.as_i64().map(DepartmentId),
    })
}

fn seat_json(seat: Option<&Seat>) -> Json {
    seat.map_or(
        Json::Null,
        |seat| json!({ "level": seat.level, "unit": seat.unit.as_str() }),
    )
}

fn seat_from(json: &Json) -> Option<Seat> {
    Some(Seat {
        level: json.get("level")?.as_str()?.to_owned(),
        unit: UnitPath::from_stored(json.get("unit")?.as_str()?.to_owned()),
    })
}

fn act_body(act: &Act) -> Json {
    match act {
        Act::Raise { kind, to } => json!({ "kind": kind, "to": seat_json(to.as_ref()) }),
        Act::Accept { kind, grade } => json!({ "kind": kind, "grade": grade }),
        Act::Decline { reason } => json!({ "reason": reason }),
        Act::HandOver {
            to,
            assisting,
            due_on,
            demand,
        } => json!({
            "to": party_json(to),
            "assisting": assisting.iter().map(party_json).collect::<Vec<_>>(),
            "due_on": day(*due_on), "demand": demand,
        }),
        Act::Progress { text } => json!({ "text": text }),
        Act::Answer { measures, result } => json!({ "measures": measures, "result": result }),
        Act::SendBack { reason, due_on } => json!({ "reason": reason, "due_on": day(*due_on) }),
        Act::Verify { finding } => json!({ "finding": finding }),
        Act::StrikeOff { remark } => json!({ "remark": remark }),
        Act::Extend {
            due_on,
            approver,
            reason,
        } => json!({ "due_on": due_on.to_string(), "approver": approver, "reason": reason }),
        Act::Escalate { reason, due_on, to } => {
            json!({ "reason": reason, "due_on": day(*due_on), "to": seat_json(to.as_ref()) })
        }
        Act::AskExtension { due_on, reason } => {
            json!({ "due_on": due_on.to_string(), "reason": reason })
        }
        Act::RefuseExtension { reason } | Act::Close { reason } => json!({ "reason": reason }),
        Act::Wait { policy } => json!({ "policy": policy }),
        Act::Resume { due_on } => json!({ "due_on": day(*due_on) }),
    }
}

fn act_from(kind: ActKind, body: &Json) -> Option<Act> {
    use ActKind as K;
    let text = |key: &str| body.get(key)?.as_str().map(str::to_owned);
    let day = || match body.get("due_on")? {
        Json::Null => Some(None),
        found => found.as_str()?.parse::<Date>().ok().map(Some),
    };
    Some(match kind {
        K::Raise => Act::Raise {
            kind: text("kind")?,
            to: body.get("to").and_then(seat_from),
        },
        K::Accept => Act::Accept {
            kind: text("kind")?,
            grade: text("grade")?,
        },
        K::Decline => Act::Decline {
            reason: text("reason")?,
        },
        K::HandOver => Act::HandOver {
            to: party_from(body.get("to")?)?,
            assisting: body
                .get("assisting")?
                .as_array()?
                .iter()
                .map(party_from)
                .collect::<Option<_>>()?,
            due_on: day()?,
            demand: text("demand")?,
        },
        K::Progress => Act::Progress {
            text: text("text")?,
        },
        K::Answer => Act::Answer {
            measures: text("measures")?,
            result: text("result")?,
        },
        K::SendBack => Act::SendBack {
            reason: text("reason")?,
            due_on: day()?,
        },
        K::Verify => Act::Verify {
            finding: text("finding")?,
        },
        K::StrikeOff => Act::StrikeOff {
            remark: text("remark")?,
        },
        K::Extend => Act::Extend {
            due_on: day()??,
            approver: text("approver")?,
            reason: text("reason")?,
        },
        K::AskExtension => Act::AskExtension {
            due_on: day()??,
            reason: text("reason")?,
        },
        K::RefuseExtension => Act::RefuseExtension {
            reason: text("reason")?,
        },
        K::Close => Act::Close {
            reason: text("reason")?,
        },
        K::Escalate => Act::Escalate {
            reason: text("reason")?,
            due_on: day()?,
            to: body.get("to").and_then(seat_from),
        },
        K::Wait => Act::Wait {
            policy: text("policy")?,
        },
        K::Resume => Act::Resume { due_on: day()? },
    })
}
