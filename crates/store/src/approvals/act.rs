//! The acts of matters as rows: one word, one JSON object.

use std::collections::BTreeMap;

use gangmu_domain::approvals::{
    Act, ActKind, Budget, Event, clock_from_word, clock_word, procedure_from_word, procedure_word,
};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{DepartmentId, UserId};
use jiff::civil::Date;
use sea_orm::FromQueryResult;
use serde_json::{Value as Json, json};

use super::event_insert_all;
use crate::condition::one_of;
use crate::conn::{fetch_all, values};
use crate::library::{date, word};
use crate::{Conn, StoreError, Tx};

#[derive(FromQueryResult)]
pub(super) struct EventStored {
    project_id: i64,
    item: String,
    seq: i64,
    leg: i64,
    on_date: String,
    at: i64,
    user_id: i64,
    act: String,
    body: String,
}

impl EventStored {
    fn read(self) -> Result<(ProjectId, String, Event), StoreError> {
        let event = Stored {
            seq: self.seq,
            leg: self.leg,
            on: &self.on_date,
            at: self.at,
            user: self.user_id,
            act: &self.act,
            body: &self.body,
        };
        Ok((ProjectId(self.project_id), self.item, event.read()?))
    }
}

/// What stands in the columns of an act beside its key.
struct Stored<'t> {
    seq: i64,
    leg: i64,
    on: &'t str,
    at: i64,
    user: i64,
    act: &'t str,
    body: &'t str,
}

impl<'t> Stored<'t> {
    /// Takes a line of [`PACKED`] apart.
    fn unpack(line: &'t str) -> Option<Self> {
        let mut columns = line.splitn(7, '\t');
        let mut next = || columns.next();
        Some(Self {
            seq: next()?.parse().ok()?,
            leg: next()?.parse().ok()?,
            on: next()?,
            at: next()?.parse().ok()?,
            user: next()?.parse().ok()?,
            act: next()?,
            body: next()?,
        })
    }

    fn read(&self) -> Result<Event, StoreError> {
        let corrupt = || StoreError::Corrupt {
            what: "act",
            found: format!("{} {}", self.act, self.body),
        };
        let kind = word("act", self.act, ActKind::from_word)?;
        let body: Json = serde_json::from_str(self.body).map_err(|_| corrupt())?;
        Ok(Event {
            seq: u32::try_from(self.seq).map_err(|_| corrupt())?,
            leg: u32::try_from(self.leg).map_err(|_| corrupt())?,
            on: date(self.on)?,
            at: self.at,
            user: UserId(self.user),
            act: act_from(kind, &body).ok_or_else(corrupt)?,
        })
    }
}

/// The acts of a matter as one text, in order: a line each, a tab between two columns. A word or a
/// number has neither in it, and in JSON both are escaped.
pub(super) const PACKED: &str = "string_agg(e.seq || '\t' || e.leg || '\t' || e.on_date || '\t' || \
                                 e.at || '\t' || e.user_id || '\t' || e.act || '\t' || e.body, \
                                 '\n' ORDER BY e.seq)";

/// Reads what [`PACKED`] has put together.
pub(super) fn unpacked(text: &str) -> Result<Vec<Event>, StoreError> {
    let lines = text.lines();
    lines
        .map(|line| {
            let corrupt = || StoreError::Corrupt {
                what: "act",
                found: line.to_owned(),
            };
            Stored::unpack(line).ok_or_else(corrupt)?.read()
        })
        .collect()
}

pub(super) const COLUMNS: &str = "project_id, item, seq, leg, on_date, at, user_id, act, body";

/// The values of an act, in the order of [`COLUMNS`].
pub(super) fn event_values(project: ProjectId, item: &str, event: &Event) -> Vec<sea_orm::Value> {
    values![
        project.0,
        item,
        i64::from(event.seq),
        i64::from(event.leg),
        event.on.to_string(),
        event.at,
        event.user.0,
        event.act.kind().word(),
        act_body(&event.act).to_string(),
    ]
}

/// Adds an act. Two that were numbered alike cannot both be added.
///
/// # Errors
/// [`StoreError::Exists`] when the number is taken, or when the database fails.
pub async fn event_insert(
    tx: &Tx,
    project: ProjectId,
    item: &str,
    event: &Event,
) -> Result<(), StoreError> {
    event_insert_all(tx, &[(project, item.to_owned(), event.clone())]).await
}

/// Lists the acts of a case by matter, each in order.
///
/// # Errors
/// When the database fails.
pub async fn event_list(
    conn: &impl Conn,
    project: ProjectId,
) -> Result<BTreeMap<String, Vec<Event>>, StoreError> {
    let events = event_list_between(conn, project, project).await?;
    Ok(events
        .into_iter()
        .map(|((_, item), events)| (item, events))
        .collect())
}

/// Lists the acts of one matter in order.
///
/// # Errors
/// When the database fails.
pub async fn item_event_list(
    conn: &impl Conn,
    project: ProjectId,
    item: &str,
) -> Result<Vec<Event>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM approval_event WHERE project_id = $1 AND item = $2 ORDER BY seq"
    );
    let rows: Vec<EventStored> =
        fetch_all(conn, "list the acts", &sql, values![project.0, item]).await?;
    rows.into_iter()
        .map(|row| row.read().map(|(_, _, event)| event))
        .collect()
}

/// The acts of many cases by project and matter, each in order.
pub type Acts = BTreeMap<(ProjectId, String), Vec<Event>>;

/// Lists the acts of all cases from one project number to another, both included.
///
/// # Errors
/// When the database fails.
pub async fn event_list_between(
    conn: &impl Conn,
    first: ProjectId,
    last: ProjectId,
) -> Result<Acts, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM approval_event WHERE project_id >= $1 AND project_id <= $2 \
         ORDER BY project_id, item, seq"
    );
    let rows: Vec<EventStored> =
        fetch_all(conn, "list the acts", &sql, values![first.0, last.0]).await?;
    gathered(rows)
}

/// Puts acts, which come in order, under their matters.
pub(super) fn gathered(rows: Vec<EventStored>) -> Result<Acts, StoreError> {
    let mut acts = Acts::new();
    for row in rows {
        let (project, item, event) = row.read()?;
        acts.entry((project, item)).or_default().push(event);
    }
    Ok(acts)
}

/// Lists the acts of some cases by project and matter, each in order.
///
/// # Errors
/// When the database fails.
pub async fn event_list_of_cases(
    conn: &impl Conn,
    projects: &[ProjectId],
) -> Result<Acts, StoreError> {
    let mut acts = Acts::new();
    for part in super::parts(projects) {
        let mut values = Vec::new();
        let ids = part.iter().map(|id| id.0);
        let wanted = one_of("project_id", ids, &mut values);
        let sql = format!(
            "SELECT {COLUMNS} FROM approval_event WHERE {wanted} \
             ORDER BY project_id, item, seq"
        );
        let rows: Vec<EventStored> = fetch_all(conn, "list the acts", &sql, values).await?;
        for row in rows {
            let (project, item, event) = row.read()?;
            acts.entry((project, item)).or_default().push(event);
        }
    }
    Ok(acts)
}

fn act_body(act: &Act) -> Json {
    match act {
        Act::Receive { after_cut_off } | Act::Forward { after_cut_off } => {
            json!({ "late": after_cut_off })
        }
        Act::AskCorrection { defects } => json!({ "defects": defects }),
        Act::Correct | Act::Accept | Act::Resume | Act::Deliver => json!({}),
        Act::AcceptDeferred {
            missing,
            promised_on,
            promise,
        } => json!({ "missing": missing, "on": promised_on.to_string(), "promise": promise }),
        Act::HandIn { material } => json!({ "material": material }),
        Act::Suspend { procedure, bound } => {
            json!({ "procedure": procedure_word(*procedure), "bound": budget_json(*bound) })
        }
        Act::Extend {
            limit,
            days,
            approver,
            reason,
        } => json!({
            "limit": clock_word(*limit), "days": days, "approver": approver, "reason": reason,
        }),
        Act::Preliminary { document_no } | Act::Grant { document_no } => {
            json!({ "no": document_no })
        }
        Act::Refuse {
            ground,
            document_no,
        } => json!({ "ground": ground, "no": document_no }),
        Act::VoidPreliminary { reason } | Act::Exempt { reason } | Act::Require { reason } => {
            json!({ "reason": reason })
        }
        Act::Adjust {
            department,
            promised,
            reason,
        } => json!({
            "department": department.map(|one| one.0),
            "promised": promised.map(budget_json),
            "reason": reason,
        }),
        Act::Strike { seq, reason } => json!({ "seq": seq, "reason": reason }),
    }
}

fn act_from(kind: ActKind, body: &Json) -> Option<Act> {
    use ActKind as K;
    let text = |key: &str| body.get(key)?.as_str().map(str::to_owned);
    let texts = |key: &str| -> Option<Vec<String>> {
        let items = body.get(key)?.as_array()?.iter();
        items.map(|one| one.as_str().map(str::to_owned)).collect()
    };
    let number = |key: &str| u32::try_from(body.get(key)?.as_u64()?).ok();
    let late = || body.get("late")?.as_bool();
    Some(match kind {
        K::Receive => Act::Receive {
            after_cut_off: late()?,
        },
        K::Forward => Act::Forward {
            after_cut_off: late()?,
        },
        K::AskCorrection => Act::AskCorrection {
            defects: texts("defects")?,
        },
        K::Correct => Act::Correct,
        K::Accept => Act::Accept,
        K::Resume => Act::Resume,
        K::Deliver => Act::Deliver,
        K::AcceptDeferred => Act::AcceptDeferred {
            missing: texts("missing")?,
            promised_on: text("on")?.parse::<Date>().ok()?,
            promise: text("promise")?,
        },
        K::HandIn => Act::HandIn {
            material: text("material")?,
        },
        K::Suspend => Act::Suspend {
            procedure: procedure_from_word(&text("procedure")?)?,
            bound: budget_from(body.get("bound")?)?,
        },
        K::Extend => Act::Extend {
            limit: clock_from_word(&text("limit")?)?,
            days: number("days")?,
            approver: text("approver")?,
            reason: text("reason")?,
        },
        K::Preliminary => Act::Preliminary {
            document_no: text("no")?,
        },
        K::Grant => Act::Grant {
            document_no: text("no")?,
        },
        K::Refuse => Act::Refuse {
            ground: text("ground")?,
            document_no: text("no")?,
        },
        K::VoidPreliminary => Act::VoidPreliminary {
            reason: text("reason")?,
        },
        K::Exempt => Act::Exempt {
            reason: text("reason")?,
        },
        K::Require => Act::Require {
            reason: text("reason")?,
        },
        K::Adjust => Act::Adjust {
            department: body.get("department")?.as_i64().map(DepartmentId),
            promised: match body.get("promised")? {
                Json::Null => None,
                budget => Some(budget_from(budget)?),
            },
            reason: text("reason")?,
        },
        K::Strike => Act::Strike {
            seq: number("seq")?,
            reason: text("reason")?,
        },
    })
}

pub(super) fn budget_json(budget: Budget) -> Json {
    match budget {
        Budget::Working(days) => json!({ "working": days.0 }),
        Budget::Calendar(days) => json!({ "calendar": days.0 }),
    }
}

pub(super) fn budget_from(json: &Json) -> Option<Budget> {
    let days = |key: &str| u32::try_from(json.get(key)?.as_u64()?).ok();
    days("working")
        .map(Budget::working)
        .or_else(|| days("calendar").map(Budget::calendar))
}
