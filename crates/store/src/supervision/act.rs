//! Acts on items as they are written: a kind, and what belongs to it as JSON.

use gangmu_domain::Period;
use gangmu_domain::organisation::UserId;
use gangmu_domain::plans::PlanId;
use gangmu_domain::supervision::{Act, ActKind, Event, Ground, Item, Proposal, State};
use sea_orm::FromQueryResult;
use serde_json::{Value as Json, json};

use crate::condition::{bind, one_of};
use crate::conn::{execute, fetch_all, values};
use crate::dispatch::period_from;
use crate::library::{date, word};
use crate::plans::key;
use crate::{Conn, StoreError, Tx};

/// An act with the item and the round it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// The plan.
    pub plan: PlanId,
    /// The month of the round.
    pub period: Period,
    /// The item.
    pub item: Item,
    /// The act.
    pub event: Event,
}

#[derive(FromQueryResult)]
struct Stored {
    plan_id: i64,
    period: i64,
    task: i64,
    indicator: i64,
    seq: i64,
    on_date: String,
    at: i64,
    user_id: i64,
    act: String,
    body: String,
}

impl Stored {
    fn read(self) -> Result<EventRow, StoreError> {
        let corrupt = || StoreError::Corrupt {
            what: "act of supervision",
            found: format!("{} {}", self.act, self.body),
        };
        let kind = word("act of supervision", &self.act, ActKind::from_word)?;
        let body: Json = serde_json::from_str(&self.body).map_err(|_| corrupt())?;
        Ok(EventRow {
            plan: PlanId(self.plan_id),
            period: period_from(self.period)?,
            item: Item {
                task: key(self.task)?,
                indicator: key(self.indicator)?,
            },
            event: Event {
                seq: self.seq,
                on: date(&self.on_date)?,
                at: self.at,
                user: UserId(self.user_id),
                act: act_from(kind, &body).ok_or_else(corrupt)?,
            },
        })
    }
}

/// Adds an act. Two that were numbered alike cannot both be added.
///
/// # Errors
/// [`StoreError::Exists`] when the number is taken, or when the database fails.
pub async fn supervision_event_insert(tx: &Tx, row: &EventRow) -> Result<(), StoreError> {
    let sql = "INSERT INTO supervision_event \
               (plan_id, period, task, indicator, seq, on_date, at, user_id, act, body) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
    let event = &row.event;
    let values = values![
        row.plan.0,
        i64::from(row.period.number()),
        i64::from(row.item.task),
        i64::from(row.item.indicator),
        event.seq,
        event.on.to_string(),
        event.at,
        event.user.0,
        event.act.kind().word(),
        act_body(&event.act).to_string(),
    ];
    match execute(tx, "add an act of supervision", sql, values).await? {
        0 => Err(StoreError::Exists {
            what: "act of supervision",
        }),
        _ => Ok(()),
    }
}

/// Lists the acts on the items of plans up to a month, by plan, month, item and as they came.
///
/// # Errors
/// When the database fails.
pub async fn supervision_event_list(
    conn: &impl Conn,
    plans: &[PlanId],
    until: Period,
) -> Result<Vec<EventRow>, StoreError> {
    let mut values = Vec::new();
    let wanted = one_of("plan_id", plans.iter().map(|one| one.0), &mut values);
    let until = bind(&mut values, i64::from(until.number()));
    let sql = format!(
        "SELECT plan_id, period, task, indicator, seq, on_date, at, user_id, act, body \
         FROM supervision_event WHERE {wanted} AND period <= {until} \
         ORDER BY plan_id, period, task, indicator, seq"
    );
    let rows: Vec<Stored> = fetch_all(conn, "list the acts of supervision", &sql, values).await?;
    rows.into_iter().map(Stored::read).collect()
}

fn act_body(act: &Act) -> Json {
    match act {
        Act::Report {
            state,
            proposed,
            value,
            expected,
            text,
            reason,
        } => json!({
            "state": state.word(), "value": value, "expected": expected, "text": text,
            "reason": reason,
            "proposed": proposed.map(|one| json!({
                "state": one.state.word(), "ground": one.ground.word(),
            })),
        }),
        Act::Verify {
            state,
            note,
            reason,
        } => json!({ "state": state.word(), "note": note, "reason": reason }),
        Act::SpotCheck { sound, findings } => json!({ "sound": sound, "findings": findings }),
    }
}

fn act_from(kind: ActKind, body: &Json) -> Option<Act> {
    let text = |name: &str| Some(body.get(name)?.as_str()?.to_owned());
    let state = |of: &Json| State::from_word(of.get("state")?.as_str()?);
    Some(match kind {
        ActKind::Report => Act::Report {
            state: state(body)?,
            proposed: match body.get("proposed")? {
                Json::Null => None,
                found => Some(Proposal {
                    state: state(found)?,
                    ground: Ground::from_word(found.get("ground")?.as_str()?)?,
                }),
            },
            value: text("value")?,
            expected: text("expected")?,
            text: text("text")?,
            reason: text("reason")?,
        },
        ActKind::Verify => Act::Verify {
            state: state(body)?,
            note: text("note")?,
            reason: text("reason")?,
        },
        ActKind::SpotCheck => Act::SpotCheck {
            sound: body.get("sound")?.as_bool()?,
            findings: text("findings")?,
        },
    })
}
