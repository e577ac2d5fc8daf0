//! Many cases, matters and acts at once: few statements however many there are.
//!
//! What a reader would get wrong: nothing here looks at versions a person saw. Whoever saves in
//! bulk holds the cases ([`super::case_lock_all`]) and has compared already; all that is asked of
//! a row that is saved is that its version has gone up.

use gangmu_domain::approvals::Event;
use gangmu_domain::library::ProjectId;
use sea_orm::Value;

use super::act::{COLUMNS as EVENT_COLUMNS, event_values};
use super::{CASE_COLUMNS, CaseRow, ITEM_COLUMNS, ItemRow, MaterialRow, due, item_values, text};
use crate::conn::sealed::Raw as _;
use crate::conn::{execute, values};
use crate::{StoreError, Tx};

/// The most values bound to one statement; PostgreSQL takes 65,535 and SQLite 32,766.
const MOST_VALUES: usize = 16_000;

/// Inserts rows, as many in one statement as it takes; returns how many were written.
async fn insert(
    tx: &Tx,
    attempted: &'static str,
    into: &str,
    rows: Vec<Vec<Value>>,
    conflict: &str,
) -> Result<usize, StoreError> {
    let width = rows.first().map_or(1, Vec::len);
    let most = (MOST_VALUES / width.max(1)).max(1);
    let mut written = 0;
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut values = Vec::with_capacity(most.min(64) * width);
        let mut count = 0;
        for row in rows.by_ref().take(most) {
            values.extend(row);
            count += 1;
        }
        let places = tx.engine().rows_of_places(count, width, "");
        let sql = format!("INSERT INTO {into} VALUES {places} ON CONFLICT {conflict}");
        let changed = execute(tx, attempted, &sql, values).await?;
        written += usize::try_from(changed).unwrap_or(0);
    }
    Ok(written)
}

fn all_or(what: &'static str, written: usize, wanted: usize) -> Result<(), StoreError> {
    match written == wanted {
        true => Ok(()),
        false => Err(StoreError::Exists { what }),
    }
}

/// Adds cases.
///
/// # Errors
/// [`StoreError::Exists`] when one of the projects has one, or when the database fails.
pub async fn case_insert_all(tx: &Tx, cases: &[CaseRow], at: i64) -> Result<(), StoreError> {
    let row = |case: &CaseRow| {
        let mut row = case_values(case);
        row.push(Value::from(at));
        row
    };
    let rows = cases.iter().map(row).collect();
    let into = format!("approval_case ({CASE_COLUMNS}, created_at)");
    let written = insert(tx, "add cases", &into, rows, "DO NOTHING").await?;
    all_or("case", written, cases.len())
}

/// Saves cases of this transaction, each with its new version; returns whether all were older.
///
/// # Errors
/// When the database fails.
pub async fn case_put_all(tx: &Tx, cases: &[CaseRow]) -> Result<bool, StoreError> {
    let row = |case: &CaseRow| {
        let mut row = case_values(case);
        row.push(Value::from(0_i64));
        row
    };
    let rows = cases.iter().map(row).collect();
    let into = format!("approval_case ({CASE_COLUMNS}, created_at)");
    let conflict = "(project_id) DO UPDATE SET version = excluded.version, \
                    catalogue = excluded.catalogue, route = excluded.route, \
                    planned_start_on = excluded.planned_start_on, \
                    closed_on = excluded.closed_on, total_items = excluded.total_items, \
                    done_items = excluded.done_items \
                    WHERE approval_case.version < excluded.version";
    let written = insert(tx, "save cases", &into, rows, conflict).await?;
    Ok(written == cases.len())
}

/// The values of a case, in the order of [`CASE_COLUMNS`].
fn case_values(case: &CaseRow) -> Vec<Value> {
    values![
        case.project.0,
        case.version,
        case.route.word(),
        case.catalogue,
        case.unit.as_str(),
        text(case.planned_start),
        case.created_on.to_string(),
        case.created_by.0,
        text(case.closed_on),
        case.total,
        case.done,
    ]
}

/// Adds matters to cases.
///
/// # Errors
/// [`StoreError::Exists`] when a case has one of them, or when the database fails.
pub async fn item_insert_all(tx: &Tx, items: &[ItemRow]) -> Result<(), StoreError> {
    let ids = due::ids(tx, items).await?;
    let row = |item: &ItemRow| item_values(item, ids.of(item));
    let rows = items.iter().map(row).collect();
    let into = format!("approval_item ({ITEM_COLUMNS})");
    let written = insert(tx, "add matters", &into, rows, "DO NOTHING").await?;
    all_or("matter", written, items.len())
}

/// Saves matters of this transaction, each with its new version; returns whether all were older.
///
/// # Errors
/// When the database fails.
pub async fn item_put_all(tx: &Tx, items: &[ItemRow]) -> Result<bool, StoreError> {
    let ids = due::ids(tx, items).await?;
    let row = |item: &ItemRow| item_values(item, ids.of(item));
    let rows = items.iter().map(row).collect();
    let into = format!("approval_item ({ITEM_COLUMNS})");
    let set: Vec<String> = ITEM_COLUMNS
        .split(", ")
        .filter(|column| !matches!(*column, "project_id" | "item"))
        .map(|column| format!("{column} = excluded.{column}"))
        .collect();
    let conflict = format!(
        "(project_id, item) DO UPDATE SET {} WHERE approval_item.version < excluded.version",
        set.join(", ")
    );
    let written = insert(tx, "save matters", &into, rows, &conflict).await?;
    Ok(written == items.len())
}

/// Adds acts of matters. Two that were numbered alike cannot both be added.
///
/// # Errors
/// [`StoreError::Exists`] when a number is taken, or when the database fails.
pub async fn event_insert_all(
    tx: &Tx,
    events: &[(ProjectId, String, Event)],
) -> Result<(), StoreError> {
    let rows = events
        .iter()
        .map(|(project, item, event)| event_values(*project, item, event))
        .collect();
    let into = format!("approval_event ({EVENT_COLUMNS})");
    let written = insert(tx, "add acts", &into, rows, "DO NOTHING").await?;
    all_or("act", written, events.len())
}

/// Puts documents on shelves; their numbers among those of their code are given.
///
/// # Errors
/// [`StoreError::Exists`] when a number is taken, or when the database fails.
pub async fn material_insert_all(
    tx: &Tx,
    materials: &[MaterialRow],
    at: i64,
) -> Result<(), StoreError> {
    let row = |material: &MaterialRow| {
        let origin = match material.produced {
            true => "produced",
            false => "handed_in",
        };
        values![
            material.project.0,
            material.code.as_str(),
            material.seq,
            material.item.as_str(),
            material.event_seq,
            origin,
            material.on.to_string(),
            material.document_no.as_str(),
            material.attachment,
            material.user.0,
            at,
        ]
    };
    let rows = materials.iter().map(row).collect();
    let into = "approval_material (project_id, code, seq, item, event_seq, origin, on_date, \
                document_no, attachment, user_id, at)";
    let written = insert(tx, "put documents on shelves", into, rows, "DO NOTHING").await?;
    all_or("document", written, materials.len())
}

/// Notes that matters needed documents, and whether the shelf had them already; each pair of a
/// matter and a document once.
///
/// # Errors
/// When the database fails.
pub async fn need_put_all(
    tx: &Tx,
    needs: &[(ProjectId, String, String, bool)],
) -> Result<(), StoreError> {
    let row = |(project, item, code, reused): &(ProjectId, String, String, bool)| {
        values![project.0, item.as_str(), code.as_str(), i64::from(*reused)]
    };
    let rows = needs.iter().map(row).collect();
    let into = "approval_need (project_id, item, code, reused)";
    let conflict = "(project_id, item, code) DO UPDATE SET reused = excluded.reused";
    insert(tx, "note needed documents", into, rows, conflict).await?;
    Ok(())
}
