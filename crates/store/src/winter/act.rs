//! Acts as they are written: a kind, and what belongs to it as JSON.

use std::collections::BTreeMap;

use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{UnitPath, UserId};
use gangmu_domain::winter::{Act, ActKind, Event, Plan};
use gangmu_domain::{Period, Yuan};
use jiff::civil::Date;
use sea_orm::FromQueryResult;
use serde_json::{Map, Value as Json, json};

use crate::condition::{bind, one_of};
use crate::conn::{execute, fetch_all, values};
use crate::library::{date, word};
use crate::{Conn, StoreError, Tx};

#[derive(FromQueryResult)]
struct Stored {
    seq: i64,
    on_date: String,
    at: i64,
    user_id: i64,
    act: String,
    body: String,
}

impl Stored {
    fn read(self) -> Result<Event, StoreError> {
        let corrupt = || StoreError::Corrupt {
            what: "act of a winter",
            found: format!("{} {}", self.act, self.body),
        };
        let kind = word("act of a winter", &self.act, ActKind::from_word)?;
        let body: Json = serde_json::from_str(&self.body).map_err(|_| corrupt())?;
        Ok(Event {
            seq: self.seq,
            on: date(&self.on_date)?,
            at: self.at,
            user: UserId(self.user_id),
            act: act_from(kind, &body).ok_or_else(corrupt)?,
        })
    }
}

/// An act with its project.
#[derive(FromQueryResult)]
struct StoredOf {
    project_id: i64,
    seq: i64,
    on_date: String,
    at: i64,
    user_id: i64,
    act: String,
    body: String,
}

impl StoredOf {
    fn stored(self) -> Stored {
        Stored {
            seq: self.seq,
            on_date: self.on_date,
            at: self.at,
            user_id: self.user_id,
            act: self.act,
            body: self.body,
        }
    }
}

/// Adds an act. Two that were numbered alike cannot both be added.
///
/// # Errors
/// [`StoreError::Exists`] when the number is taken, or when the database fails.
pub async fn winter_event_insert(
    tx: &Tx,
    project: ProjectId,
    season: i16,
    event: &Event,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO winter_event \
               (project_id, season, seq, on_date, at, user_id, act, body) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    let values = values![
        project.0,
        i64::from(season),
        event.seq,
        event.on.to_string(),
        event.at,
        event.user.0,
        event.act.kind().word(),
        act_body(&event.act).to_string(),
    ];
    match execute(tx, "add an act of a winter", sql, values).await? {
        0 => Err(StoreError::Exists {
            what: "act of a winter",
        }),
        _ => Ok(()),
    }
}

/// Lists the acts of a project's winter in order.
///
/// # Errors
/// When the database fails.
pub async fn winter_event_list(
    conn: &impl Conn,
    project: ProjectId,
    season: i16,
) -> Result<Vec<Event>, StoreError> {
    let sql = "SELECT seq, on_date, at, user_id, act, body FROM winter_event \
               WHERE project_id = $1 AND season = $2 ORDER BY seq";
    let values = values![project.0, i64::from(season)];
    let rows: Vec<Stored> = fetch_all(conn, "list the acts of a winter", sql, values).await?;
    rows.into_iter().map(Stored::read).collect()
}

/// Lists the acts of a winter of several projects, each project's in order.
///
/// # Errors
/// When the database fails.
pub async fn winter_event_list_of(
    conn: &impl Conn,
    season: i16,
    projects: &[ProjectId],
) -> Result<BTreeMap<ProjectId, Vec<Event>>, StoreError> {
    let mut found: BTreeMap<ProjectId, Vec<Event>> = BTreeMap::new();
    for part in projects.chunks(500) {
        let mut values = Vec::new();
        let season = bind(&mut values, i64::from(season));
        let of = one_of("project_id", part.iter().map(|id| id.0), &mut values);
        let sql = format!(
            "SELECT project_id, seq, on_date, at, user_id, act, body FROM winter_event \
             WHERE season = {season} AND {of} ORDER BY project_id, seq"
        );
        let rows: Vec<StoredOf> = fetch_all(conn, "list acts of winters", &sql, values).await?;
        for row in rows {
            let project = ProjectId(row.project_id);
            found.entry(project).or_default().push(row.stored().read()?);
        }
    }
    Ok(found)
}

/// Claims a step of reminding a unit of the plans of a winter; says whether nobody had.
///
/// # Errors
/// When the database fails.
pub async fn winter_remind(
    tx: &Tx,
    unit: &UnitPath,
    season: i16,
    step: &str,
    at: i64,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO winter_reminder (unit_path, season, step, at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT DO NOTHING";
    let values = values![unit.as_str(), i64::from(season), step, at];
    Ok(execute(tx, "claim a reminder", sql, values).await? == 1)
}

fn act_body(act: &Act) -> Json {
    match act {
        Act::Rest { reason, note } => json!({ "reason": reason, "note": note }),
        Act::Plan(plan) => plan_json(plan),
        Act::Submit | Act::File => json!({}),
        Act::SendBack { reason } => json!({ "reason": reason }),
        Act::Inspect {
            sound,
            findings,
            files,
        } => json!({ "sound": sound, "findings": findings, "files": files }),
        Act::Stop { cause, note } => json!({ "cause": cause, "note": note }),
        Act::Resume { note } => json!({ "note": note }),
    }
}

fn act_from(kind: ActKind, body: &Json) -> Option<Act> {
    let text = |name: &str| Some(body.get(name)?.as_str()?.to_owned());
    Some(match kind {
        ActKind::Rest => Act::Rest {
            reason: text("reason")?,
            note: text("note")?,
        },
        ActKind::Plan => Act::Plan(plan_from(body)?),
        ActKind::Submit => Act::Submit,
        ActKind::File => Act::File,
        ActKind::SendBack => Act::SendBack {
            reason: text("reason")?,
        },
        ActKind::Inspect => Act::Inspect {
            sound: body.get("sound")?.as_bool()?,
            findings: text("findings")?,
            // Inspections of earlier releases carry none.
            files: match body.get("files") {
                None => Vec::new(),
                Some(list) => {
                    let list = list.as_array()?.iter().map(Json::as_i64);
                    list.collect::<Option<_>>()?
                }
            },
        },
        ActKind::Stop => Act::Stop {
            cause: text("cause")?,
            note: text("note")?,
        },
        ActKind::Resume => Act::Resume {
            note: text("note")?,
        },
    })
}

fn plan_json(plan: &Plan) -> Json {
    let day = |on: Option<Date>| on.map(|day| day.to_string());
    let months: Map<String, Json> = plan
        .investment
        .iter()
        .map(|(month, yuan)| (month.to_string(), json!(yuan.0)))
        .collect();
    json!({
        "from": day(plan.from), "to": day(plan.to), "parts": plan.parts, "investment": months,
        "workers": plan.workers, "measures": plan.measures, "further": plan.further,
        "prepared_on": day(plan.prepared_on), "supervised_on": day(plan.supervised_on),
        "attachment": plan.attachment,
    })
}

fn plan_from(body: &Json) -> Option<Plan> {
    let text = |name: &str| Some(body.get(name)?.as_str()?.to_owned());
    // Nothing said is `Some(None)`; what cannot be read is `None`.
    let day = |name: &str| match body.get(name)? {
        Json::Null => Some(None),
        found => Some(Some(found.as_str()?.parse().ok()?)),
    };
    let number = |name: &str| match body.get(name)? {
        Json::Null => Some(None),
        found => Some(Some(found.as_i64()?)),
    };
    let months = body.get("investment")?.as_object()?;
    let month = |(name, yuan): (&String, &Json)| {
        let period: Period = name.parse().ok()?;
        Some((period, Yuan(yuan.as_i64()?)))
    };
    let workers = match number("workers")? {
        Some(n) => Some(u32::try_from(n).ok()?),
        None => None,
    };
    let words = body.get("measures")?.as_array()?;
    Some(Plan {
        from: day("from")?,
        to: day("to")?,
        parts: text("parts")?,
        investment: months.iter().map(month).collect::<Option<_>>()?,
        workers,
        measures: words
            .iter()
            .map(|word| word.as_str().map(str::to_owned))
            .collect::<Option<_>>()?,
        further: text("further")?,
        prepared_on: day("prepared_on")?,
        supervised_on: day("supervised_on")?,
        attachment: number("attachment")?,
    })
}
