//! What a batch of projects needs, read and written in as many statements as a single one.
//!
//! What one would get wrong: rows that count up by themselves (events, lines of the bridge) take
//! their numbers from what was stored before the call, so one call takes at most one of each
//! project. The caller holds the projects' locks.

use std::collections::BTreeMap;

use gangmu_domain::Period;
use gangmu_domain::library::ProjectId;
use gangmu_domain::metrics::Carried;
use gangmu_domain::organisation::UserId;
use gangmu_domain::pipeline::ProgrammeChange;
use sea_orm::Value;

use crate::bulk::{insert, insert_numbered};
use crate::conn::sealed::Raw as _;
use crate::conn::{execute, fetch_all, values};
use crate::dispatch::{
    RETURN_COLUMNS, ReturnEvent, ReturnRow, ReturnStored, event_values, number, return_values,
    stored_columns,
};
use crate::library::{COLUMNS, Event, Project, ProjectRow, project_event_values};
use crate::pipeline::{
    CARRIED_COLUMNS, CarriedRow, ENTRY_COLUMNS, Entry, EntryRow, change_values, entry_values,
};
use crate::{Conn, StoreError, Tx};

/// Writes project numbers as [`crate::Engine::one_of`] reads them.
fn list(ids: &[ProjectId]) -> String {
    let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
    serde_json::Value::from(numbers).to_string()
}

/// Keeps everybody else from changing some projects until the transaction ends, and reads them.
///
/// They are locked and come in order of entry, whatever order they are named in, so that two
/// batches cannot wait for each other.
///
/// # Errors
/// When the database fails.
pub async fn project_lock_all(tx: &Tx, ids: &[ProjectId]) -> Result<Vec<Project>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM project WHERE {} ORDER BY project_id{}",
        tx.engine().one_of("project_id", "$1"),
        tx.engine().for_update(),
    );
    let rows: Vec<ProjectRow> = fetch_all(tx, "lock projects", &sql, values![list(ids)]).await?;
    rows.into_iter().map(ProjectRow::read).collect()
}

/// Lists the returns of some projects: the last `n_before`, at least one, before a period and all
/// from it on, by project, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn return_list_around(
    conn: &impl Conn,
    ids: &[ProjectId],
    from: Period,
    n_before: i64,
) -> Result<Vec<ReturnRow>, StoreError> {
    let sql = format!(
        "SELECT {} FROM project p JOIN monthly_return r ON r.project_id = p.project_id \
         AND r.period >= COALESCE((SELECT e.period FROM monthly_return e \
         WHERE e.project_id = p.project_id AND e.period < $2 \
         ORDER BY e.period DESC LIMIT 1 OFFSET $3), 0) \
         WHERE {} ORDER BY r.project_id, r.period",
        stored_columns("r"),
        conn.engine().one_of("p.project_id", "$1"),
    );
    let values = values![list(ids), number(from), n_before - 1];
    let rows: Vec<ReturnStored> = fetch_all(conn, "list returns", &sql, values).await?;
    rows.into_iter().map(ReturnStored::read).collect()
}

/// Reads the entries of some projects on the lists from a year on.
///
/// # Errors
/// When the database fails.
pub async fn entry_list_of(
    conn: &impl Conn,
    ids: &[ProjectId],
    from_year: i16,
) -> Result<BTreeMap<ProjectId, BTreeMap<i16, Entry>>, StoreError> {
    let sql = format!(
        "SELECT {ENTRY_COLUMNS} FROM programme_entry WHERE {} AND year >= $2 \
         ORDER BY project_id, year",
        conn.engine().one_of("project_id", "$1"),
    );
    let values = values![list(ids), i64::from(from_year)];
    let rows: Vec<EntryRow> = fetch_all(conn, "read programme entries", &sql, values).await?;
    let mut entries: BTreeMap<ProjectId, BTreeMap<i16, Entry>> = BTreeMap::new();
    for row in rows {
        let (id, year, entry) = row.read()?;
        entries.entry(id).or_default().insert(year, entry);
    }
    Ok(entries)
}

/// Lists what some projects had taken over by months of their own; see
/// [`crate::pipeline::carried_month_list`].
///
/// # Errors
/// When the database fails.
pub async fn carried_month_list_of(
    conn: &impl Conn,
    ids: &[ProjectId],
) -> Result<BTreeMap<ProjectId, BTreeMap<Period, Carried>>, StoreError> {
    let sql = format!(
        "SELECT {CARRIED_COLUMNS} FROM carried_month WHERE {} ORDER BY project_id, period",
        conn.engine().one_of("project_id", "$1"),
    );
    let rows: Vec<CarriedRow> =
        fetch_all(conn, "list what was taken over", &sql, values![list(ids)]).await?;
    let mut taken: BTreeMap<ProjectId, BTreeMap<Period, Carried>> = BTreeMap::new();
    for row in rows {
        let (id, period, carried) = row.read()?;
        taken.entry(id).or_default().insert(period, carried);
    }
    Ok(taken)
}

/// Writes `ON CONFLICT (key) DO UPDATE SET` for all other columns of a list.
fn replacing(key: &str, columns: &str) -> String {
    let keys: Vec<&str> = key.split(", ").collect();
    let set: Vec<String> = columns
        .split(", ")
        .map(str::trim)
        .filter(|column| !keys.contains(column))
        .map(|column| format!("{column} = excluded.{column}"))
        .collect();
    format!(" ON CONFLICT ({key}) DO UPDATE SET {}", set.join(", "))
}

/// Saves returns with their positions.
///
/// # Errors
/// When the database fails.
pub async fn return_put_all(tx: &Tx, rows: &[ReturnRow]) -> Result<(), StoreError> {
    let into = format!("monthly_return ({RETURN_COLUMNS})");
    let replacing = replacing("project_id, period", RETURN_COLUMNS);
    let rows = rows.iter().map(return_values);
    insert(tx, "save returns", &into, &replacing, rows).await
}

/// Keeps what closed months said of projects before they are corrected; what is kept already stays,
/// for only the first correction replaces what was published.
///
/// # Errors
/// When the database fails.
pub async fn return_published_keep(tx: &Tx, rows: &[&ReturnRow]) -> Result<(), StoreError> {
    let into = "return_published (project_id, period, year_to_date, at_work)";
    let rows = rows.iter().map(|row| {
        let position = &row.position;
        let at_work = i64::from(position.month.at_work);
        values![
            row.project.0,
            number(row.period),
            position.year_to_date.0,
            at_work
        ]
    });
    let kept = " ON CONFLICT (project_id, period) DO NOTHING";
    insert(tx, "keep what was published", into, kept, rows).await
}

/// Removes the returns of projects that left the list while their periods were open.
///
/// # Errors
/// When the database fails.
pub async fn return_delete_all(tx: &Tx, gone: &[(ProjectId, Period)]) -> Result<(), StoreError> {
    let mut by_period: BTreeMap<Period, Vec<ProjectId>> = BTreeMap::new();
    for (id, period) in gone {
        by_period.entry(*period).or_default().push(*id);
    }
    let sql = format!(
        "DELETE FROM monthly_return WHERE {} AND period = $2",
        tx.engine().one_of("project_id", "$1"),
    );
    for (period, ids) in by_period {
        let values = values![list(&ids), number(period)];
        execute(tx, "drop returns", &sql, values).await?;
    }
    Ok(())
}

/// Records things done to returns; their numbers are the next, whatever `seq` says.
///
/// # Errors
/// When a return is named twice, or the database fails.
pub async fn return_event_insert_all(
    tx: &Tx,
    events: &[(ProjectId, Period, ReturnEvent)],
) -> Result<(), StoreError> {
    let columns = "at, user_id, kind, level, reason, typed_before, typed_after, month_before, \
                   month_after";
    let rows = events.iter().map(|(id, period, event)| {
        let mut row = values![id.0, number(*period)];
        row.extend(event_values(event));
        row
    });
    let key = ["project_id", "period"];
    insert_numbered(
        tx,
        "record return events",
        "return_event",
        &key,
        columns,
        rows,
    )
    .await
}

/// Puts events on the timelines of projects; their numbers are the next, whatever `seq` says.
///
/// # Errors
/// When a project is named twice, or the database fails.
pub async fn event_insert_all(tx: &Tx, events: &[(ProjectId, Event)]) -> Result<(), StoreError> {
    let columns = "at, on_date, user_id, kind, reason, document_no, changes";
    let rows = events.iter().map(|(id, event)| {
        let mut row = values![id.0];
        row.extend(project_event_values(event));
        row
    });
    let key = ["project_id"];
    insert_numbered(tx, "record events", "project_event", &key, columns, rows).await
}

/// Saves the entries of projects on a year's list.
///
/// # Errors
/// When the database fails.
pub async fn entry_put_all(
    tx: &Tx,
    year: i16,
    entries: &[(ProjectId, Entry)],
) -> Result<(), StoreError> {
    let into = format!("programme_entry ({ENTRY_COLUMNS})");
    let replacing = replacing("project_id, year", ENTRY_COLUMNS);
    let rows = entries
        .iter()
        .map(|(id, entry)| entry_values(*id, year, entry));
    insert(tx, "save programme entries", &into, &replacing, rows).await
}

/// Records why a year's list changed.
///
/// # Errors
/// When a project is named twice, or the database fails.
pub async fn change_insert_all(
    tx: &Tx,
    year: i16,
    changes: &[ProgrammeChange],
    user: UserId,
    at: i64,
) -> Result<(), StoreError> {
    let columns = "on_date, at, user_id, kind, projects_delta, total_delta, plan_delta, reason, \
                   document_no, category";
    let rows = changes.iter().map(|change| {
        let mut row: Vec<Value> = values![change.project.0, i64::from(year)];
        row.extend(change_values(change, user, at));
        row
    });
    let key = ["project_id", "year"];
    insert_numbered(
        tx,
        "record programme changes",
        "programme_change",
        &key,
        columns,
        rows,
    )
    .await
}
