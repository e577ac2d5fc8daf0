//! Due dates beside what they follow from, and how a changed calendar moves them.
//!
//! What a reader would get wrong: nothing here counts days. A row says which day follows from a
//! basis under the calendar it was last read with; who changes the calendar reads all of them again,
//! and the matters, of which there may be a million, follow because they only name the row.

use std::collections::{BTreeSet, HashMap};

use gangmu_calendar::WorkingDays;
use gangmu_calendar::clock::{self, Starts, Terms};
use gangmu_domain::approvals::{
    DueBasis, DueFor, clock_from_word, clock_word, procedure_from_word, procedure_word,
};
use gangmu_domain::library::ProjectId;
use jiff::civil::Date;
use sea_orm::FromQueryResult;
use serde_json::{Value as Json, json};

use super::ItemRow;
use super::act::{budget_from, budget_json};
use crate::bulk::insert_numbered;
use crate::condition::one_of;
use crate::conn::sealed::Raw as _;
use crate::conn::{execute, fetch_all, fetch_count, values};
use crate::library::{date, word};
use crate::{Conn, StoreError, Tx};

/// How many texts are asked for in one statement.
const PART: usize = 500;

/// A due date and what it follows from; matters name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRow {
    /// Its number.
    pub id: i64,
    /// What it follows from; none for a day that was kept from before this was known.
    pub basis: Option<DueBasis>,
    /// The day and what is due; none where nothing limits the matter or the calendar ends before.
    pub due: Option<(Date, DueFor)>,
}

/// A due date that moves although nobody acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueMove {
    /// The due date as it was read.
    pub was: DueRow,
    /// What it is now.
    pub to: Option<(Date, DueFor)>,
}

/// A move on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueMoved {
    /// The basis, as [`basis_text`] writes it.
    pub basis: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// The day it was.
    pub from: Option<Date>,
    /// The day it became.
    pub to: Option<Date>,
    /// Why.
    pub reason: String,
}

#[derive(FromQueryResult)]
struct DueStored {
    due_id: i64,
    basis: String,
    due_on: Option<String>,
    due_for: Option<String>,
}

impl DueStored {
    fn read(self) -> Result<DueRow, StoreError> {
        let due = match (self.due_on, self.due_for) {
            (Some(on), Some(what)) => Some((date(&on)?, word("due", &what, DueFor::from_word)?)),
            _ => None,
        };
        let basis = match self.basis.starts_with(KEPT) {
            true => None,
            false => Some(basis_from(&self.basis).ok_or(StoreError::Corrupt {
                what: "basis",
                found: self.basis,
            })?),
        };
        Ok(DueRow {
            id: self.due_id,
            basis,
            due,
        })
    }
}

/// How the basis of a day begins that was kept from before bases were known.
pub(super) const KEPT: &str = "kept ";

/// The numbers of some bases.
pub(super) struct Ids(HashMap<String, i64>);

impl Ids {
    /// The number of the basis of one of the matters they were asked for.
    pub(super) fn of(&self, item: &ItemRow) -> Option<i64> {
        self.0.get(item.basis.as_deref()?).copied()
    }
}

#[derive(FromQueryResult)]
struct IdStored {
    due_id: i64,
    basis: String,
}

/// Finds the numbers of what the due dates of matters follow from; what is new is added with its day.
pub(super) async fn ids(
    tx: &Tx,
    items: impl IntoIterator<Item = &ItemRow>,
) -> Result<Ids, StoreError> {
    let mut wanted: HashMap<&str, &ItemRow> = HashMap::new();
    for item in items {
        if let Some(basis) = &item.basis {
            wanted.insert(basis, item);
        }
    }
    let mut found = HashMap::with_capacity(wanted.len());
    find(tx, wanted.keys().copied(), &mut found).await?;
    let mut missing: Vec<&ItemRow> = wanted.values().copied().collect();
    missing.retain(|item| {
        item.basis
            .as_ref()
            .is_some_and(|one| !found.contains_key(one))
    });
    // In one order, so that two who add the same ones wait for each other and not in a ring.
    missing.sort_by(|a, b| a.basis.cmp(&b.basis));
    for part in missing.chunks(PART) {
        let row = |item: &&ItemRow| {
            values![
                item.basis.clone(),
                item.due.map(|(day, _)| day.to_string()),
                item.due.map(|(_, what)| what.word().to_owned()),
            ]
        };
        let values = part.iter().flat_map(row).collect();
        let places = tx.engine().rows_of_places(part.len(), 3, "");
        let sql = format!(
            "INSERT INTO approval_due (basis, due_on, due_for) VALUES {places} \
             ON CONFLICT (basis) DO NOTHING"
        );
        execute(tx, "add due dates", &sql, values).await?;
        let texts = part.iter().filter_map(|item| item.basis.as_deref());
        find(tx, texts, &mut found).await?;
    }
    Ok(Ids(found))
}

async fn find(
    tx: &Tx,
    texts: impl Iterator<Item = &str>,
    found: &mut HashMap<String, i64>,
) -> Result<(), StoreError> {
    let texts: Vec<&str> = texts.collect();
    for part in texts.chunks(PART) {
        let mut values = Vec::new();
        let wanted = one_of("basis", part.iter().copied(), &mut values);
        let sql = format!("SELECT due_id, basis FROM approval_due WHERE {wanted}");
        let rows: Vec<IdStored> = fetch_all(tx, "find due dates", &sql, values).await?;
        found.extend(rows.into_iter().map(|row| (row.basis, row.due_id)));
    }
    Ok(())
}

/// Lists the due dates from a day on, and those that have no day.
///
/// # Errors
/// When the database fails.
pub async fn due_list(conn: &impl Conn, from: Date) -> Result<Vec<DueRow>, StoreError> {
    let sql = "SELECT due_id, basis, due_on, due_for FROM approval_due \
               WHERE due_on >= $1 OR due_on IS NULL ORDER BY due_id";
    let rows: Vec<DueStored> =
        fetch_all(conn, "list due dates", sql, values![from.to_string()]).await?;
    rows.into_iter().map(DueStored::read).collect()
}

/// Lists the due dates before a day that open matters have.
///
/// # Errors
/// When the database fails.
pub async fn due_list_open(conn: &impl Conn, before: Date) -> Result<Vec<DueRow>, StoreError> {
    let sql = "SELECT d.due_id, d.basis, d.due_on, d.due_for FROM approval_due d \
               WHERE d.due_on < $1 AND EXISTS (SELECT 1 FROM approval_item i \
               WHERE i.open = 1 AND i.due_id = d.due_id) ORDER BY d.due_on, d.due_id";
    let rows: Vec<DueStored> =
        fetch_all(conn, "list due dates", sql, values![before.to_string()]).await?;
    rows.into_iter().map(DueStored::read).collect()
}

/// Counts the open matters that have one of some due dates.
///
/// # Errors
/// When the database fails.
pub async fn due_count(conn: &impl Conn, ids: &[i64]) -> Result<i64, StoreError> {
    let sql = format!(
        "SELECT COUNT(*) AS n FROM approval_item WHERE open = 1 AND {}",
        conn.engine().one_of("due_id", "$1"),
    );
    let ids = Json::from(ids).to_string();
    fetch_count(conn, "count due dates", &sql, values![ids]).await
}

/// Moves due dates and records why, `at` in milliseconds since 1970; returns the numbers of those
/// that still stood as they were read: another may have moved them already.
///
/// # Errors
/// When the database fails.
pub async fn due_move_all(
    tx: &Tx,
    moves: &[DueMove],
    reason: &str,
    at: i64,
) -> Result<Vec<i64>, StoreError> {
    let mut moved = BTreeSet::new();
    for part in moves.chunks(PART) {
        let day = |due: Option<(Date, DueFor)>| due.map(|(day, _)| day.to_string());
        let row = |one: &DueMove| {
            values![
                one.was.id,
                day(one.was.due).unwrap_or_default(),
                day(one.to),
                one.to.map(|(_, what)| what.word().to_owned()),
            ]
        };
        let values = part.iter().flat_map(row).collect();
        let places = tx.engine().rows_of_places(part.len(), 4, "");
        let sql = format!(
            "WITH found (due_id, from_on, due_on, due_for) AS (VALUES {places}) \
             UPDATE approval_due SET due_on = found.due_on, due_for = found.due_for FROM found \
             WHERE approval_due.due_id = found.due_id \
             AND COALESCE(approval_due.due_on, '') = found.from_on \
             RETURNING approval_due.due_id AS due_id, approval_due.basis AS basis"
        );
        let rows: Vec<IdStored> = fetch_all(tx, "move due dates", &sql, values).await?;
        moved.extend(rows.into_iter().map(|row| row.due_id));
    }
    let still = moves.iter().filter(|one| moved.contains(&one.was.id));
    let rows = still.map(|one| {
        values![
            one.was.id,
            at,
            one.was.due.map(|(day, _)| day.to_string()),
            one.to.map(|(day, _)| day.to_string()),
            reason,
        ]
    });
    let columns = "at, from_on, to_on, reason";
    let table = "approval_due_move";
    insert_numbered(
        tx,
        "record moved due dates",
        table,
        &["due_id"],
        columns,
        rows,
    )
    .await?;
    Ok(moved.into_iter().collect())
}

#[derive(FromQueryResult)]
struct MovedStored {
    basis: String,
    at: i64,
    from_on: Option<String>,
    to_on: Option<String>,
    reason: String,
}

/// Lists how due dates that follow from some bases have moved, each oldest first.
///
/// # Errors
/// When the database fails.
pub async fn due_moves_of(
    conn: &impl Conn,
    bases: &BTreeSet<String>,
) -> Result<Vec<DueMoved>, StoreError> {
    let bases: Vec<&String> = bases.iter().collect();
    let mut moves = Vec::new();
    for part in bases.chunks(PART) {
        let mut values = Vec::new();
        let wanted = one_of("d.basis", part.iter().map(|one| one.as_str()), &mut values);
        let sql = format!(
            "SELECT d.basis, m.at, m.from_on, m.to_on, m.reason FROM approval_due d \
             JOIN approval_due_move m ON m.due_id = d.due_id WHERE {wanted} \
             ORDER BY d.due_id, m.seq"
        );
        let rows: Vec<MovedStored> = fetch_all(conn, "list moved due dates", &sql, values).await?;
        for row in rows {
            moves.push(DueMoved {
                basis: row.basis,
                at: row.at,
                from: row.from_on.as_deref().map(date).transpose()?,
                to: row.to_on.as_deref().map(date).transpose()?,
                reason: row.reason,
            });
        }
    }
    Ok(moves)
}

#[derive(FromQueryResult)]
struct Put {
    project_id: i64,
    item: String,
}

/// Lets matters name what their due dates follow from, and returns those that were still at their
/// version. Versions stay, for no person decided anything.
///
/// # Errors
/// When the database fails.
pub async fn item_basis_put_all(
    tx: &Tx,
    items: &[&ItemRow],
) -> Result<Vec<(ProjectId, String)>, StoreError> {
    let ids = ids(tx, items.iter().copied()).await?;
    let mut put = Vec::with_capacity(items.len());
    for part in items.chunks(PART) {
        let row = |item: &&ItemRow| {
            values![
                item.project.0,
                item.item.as_str(),
                item.version,
                ids.of(item),
            ]
        };
        let values = part.iter().flat_map(row).collect();
        let places = tx.engine().rows_of_places(part.len(), 4, "");
        let sql = format!(
            "WITH found (project_id, item, version, due_id) AS (VALUES {places}) \
             UPDATE approval_item SET due_id = found.due_id FROM found \
             WHERE approval_item.project_id = found.project_id \
             AND approval_item.item = found.item AND approval_item.version = found.version \
             RETURNING approval_item.project_id AS project_id, approval_item.item AS item"
        );
        let rows: Vec<Put> = fetch_all(tx, "name due dates", &sql, values).await?;
        put.extend(
            rows.into_iter()
                .map(|row| (ProjectId(row.project_id), row.item)),
        );
    }
    Ok(put)
}

/// Writes a basis as text; the same basis is always the same text.
#[must_use]
pub fn basis_text(basis: &DueBasis) -> String {
    match basis {
        DueBasis::Clocks { terms, acts, on } => json!({
            "on": on.to_string(),
            "statutory": terms.statutory.map(budget_json),
            "promised": terms.promised.map(budget_json),
            "from_receipt": terms.starts == Starts::OnReceipt,
            "forwarding": terms.forwarding.map(|days| days.0),
            "silence": terms.silence.0,
            "acts": acts.iter().map(act_json).collect::<Vec<Json>>(),
        }),
        DueBasis::Within { what, days, of } => {
            json!({ "what": what.word(), "days": days.0, "of": of.to_string() })
        }
        DueBasis::Papers { on } => json!({ "papers": on.to_string() }),
    }
    .to_string()
}

fn basis_from(text: &str) -> Option<DueBasis> {
    let json: Json = serde_json::from_str(text).ok()?;
    let day = |key: &str| json.get(key)?.as_str()?.parse::<Date>().ok();
    let number = |key: &str| u32::try_from(json.get(key)?.as_u64()?).ok();
    if let Some(on) = day("papers") {
        return Some(DueBasis::Papers { on });
    }
    if let Some(of) = day("of") {
        return Some(DueBasis::Within {
            what: DueFor::from_word(json.get("what")?.as_str()?)?,
            days: WorkingDays(number("days")?),
            of,
        });
    }
    let budget = |key: &str| match json.get(key)? {
        Json::Null => Some(None),
        budget => budget_from(budget).map(Some),
    };
    Some(DueBasis::Clocks {
        terms: Terms {
            statutory: budget("statutory")?,
            promised: budget("promised")?,
            starts: match json.get("from_receipt")?.as_bool()? {
                true => Starts::OnReceipt,
                false => Starts::OnAcceptance,
            },
            forwarding: number("forwarding").map(WorkingDays),
            delivery: None,
            silence: WorkingDays(number("silence")?),
            max_extension: 0,
            warn_when_left: 0,
        },
        acts: json
            .get("acts")?
            .as_array()?
            .iter()
            .map(act_from)
            .collect::<Option<Vec<_>>>()?,
        on: day("on")?,
    })
}

fn act_json(event: &clock::Event) -> Json {
    use clock::Act as A;
    let on = event.on.to_string();
    match &event.act {
        A::Received => json!(["received", on]),
        A::CorrectionAsked => json!(["asked", on]),
        A::Corrected => json!(["corrected", on]),
        A::Accepted => json!(["accepted", on]),
        A::Suspended { procedure, bound } => {
            json!([
                "suspended",
                on,
                procedure_word(*procedure),
                budget_json(*bound)
            ])
        }
        A::Resumed => json!(["resumed", on]),
        A::Extended { limit, days, .. } => json!(["extended", on, clock_word(*limit), days]),
        A::Forwarded => json!(["forwarded", on]),
        A::Decided => json!(["decided", on]),
        A::Delivered => json!(["delivered", on]),
    }
}

fn act_from(json: &Json) -> Option<clock::Event> {
    use clock::Act as A;
    let text = |at: usize| json.get(at)?.as_str();
    let act = match text(0)? {
        "received" => A::Received,
        "asked" => A::CorrectionAsked,
        "corrected" => A::Corrected,
        "accepted" => A::Accepted,
        "suspended" => A::Suspended {
            procedure: procedure_from_word(text(2)?)?,
            bound: budget_from(json.get(3)?)?,
        },
        "resumed" => A::Resumed,
        "extended" => {
            let days = u32::try_from(json.get(3)?.as_u64()?).ok()?;
            DueBasis::extended(clock_from_word(text(2)?)?, days)
        }
        "forwarded" => A::Forwarded,
        "decided" => A::Decided,
        "delivered" => A::Delivered,
        _ => return None,
    };
    Some(clock::Event::new(text(1)?.parse().ok()?, act))
}
