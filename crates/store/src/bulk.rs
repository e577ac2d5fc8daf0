//! Many rows at once, for taking a whole library over: nothing here can replace a row.
//!
//! What one would get wrong: these functions write entries, not totals. Whoever uses them writes
//! the cells too, or `doctor` finds the difference.

use gangmu_domain::library::{Field, ProjectId};
use gangmu_domain::pipeline::ProgrammeChangeKind;
use jiff::civil::Date;
use sea_orm::{FromQueryResult, Value};

use crate::accounts::AuditRow;
use crate::conn::sealed::Raw as _;
use crate::conn::{execute, fetch_all, values};
use crate::dispatch::{RETURN_COLUMNS, ReturnRow, return_values};
use crate::library::{Event, Project, project_values};
use crate::pipeline::{Entry, entry_values};
use crate::{StoreError, Tx, wire};

/// The most values bound to one statement; PostgreSQL takes 65,535 and SQLite 32,766.
pub(crate) const MOST_VALUES: usize = 16_000;

/// Inserts rows, as many in one statement as it takes; `ending` says what to do where one exists.
pub(crate) async fn insert(
    tx: &Tx,
    attempted: &'static str,
    into: &str,
    ending: &str,
    rows: impl Iterator<Item = Vec<Value>>,
) -> Result<(), StoreError> {
    // Collected: a lazy row borrowed over an await is more than the compiler can prove to be Send.
    let rows: Vec<Vec<Value>> = rows.collect();
    in_parts(tx, attempted, rows, |places, _| {
        format!("INSERT INTO {into} VALUES {places}{ending}")
    })
    .await
}

/// Inserts a row for each of many things. The rows of the next statement are made while the engine
/// works on the one before: of a whole library either takes as long as the other.
async fn insert_each<T: Sync>(
    tx: &Tx,
    attempted: &'static str,
    into: &str,
    things: &[T],
    row: impl Fn(&T) -> Vec<Value> + Sync,
) -> Result<(), StoreError> {
    let width = things.first().map_or(1, |thing| row(thing).len());
    let statement = |part: &[T]| {
        let values: Vec<Value> = part.iter().flat_map(&row).collect();
        let places = tx.engine().rows_of_places(part.len(), width, "");
        (format!("INSERT INTO {into} VALUES {places}"), values)
    };
    let mut parts = things.chunks((MOST_VALUES / width).max(1));
    let mut next = parts.next().map(&statement);
    while let Some((sql, values)) = next {
        let (done, following) = tokio::join!(execute(tx, attempted, &sql, values), async {
            parts.next().map(&statement)
        });
        done?;
        next = following;
    }
    Ok(())
}

/// Inserts rows that count up by a key: the first values of a row are its key, and `seq`, the
/// number after the last stored one, goes in between.
pub(crate) async fn insert_numbered(
    tx: &Tx,
    attempted: &'static str,
    table: &str,
    key: &[&str],
    columns: &str,
    rows: impl Iterator<Item = Vec<Value>>,
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = rows.collect();
    let names = |from: usize, to: usize| {
        let names: Vec<String> = (from..=to).map(|at| format!("v.column{at}")).collect();
        names.join(", ")
    };
    let same: Vec<String> = (1..)
        .zip(key)
        .map(|(at, name)| format!("t.{name} = v.column{at}"))
        .collect();
    in_parts(tx, attempted, rows, |places, width| {
        format!(
            "INSERT INTO {table} ({}, seq, {columns}) SELECT {}, \
             (SELECT COALESCE(MAX(t.seq), 0) + 1 FROM {table} t WHERE {}), {} \
             FROM (VALUES {places}) AS v",
            key.join(", "),
            names(1, key.len()),
            same.join(" AND "),
            names(key.len() + 1, width),
        )
    })
    .await
}

/// Runs a statement over rows of places, as many rows at a time as one takes.
async fn in_parts(
    tx: &Tx,
    attempted: &'static str,
    rows: Vec<Vec<Value>>,
    sql: impl Fn(&str, usize) -> String,
) -> Result<(), StoreError> {
    let mut rows = rows.into_iter().peekable();
    while let Some(width) = rows.peek().map(Vec::len) {
        let most = (MOST_VALUES / width.max(1)).max(1);
        let mut values = Vec::with_capacity(most.min(rows.len()) * width);
        let mut count = 0;
        for row in rows.by_ref().take(most) {
            values.extend(row);
            count += 1;
        }
        let places = tx.engine().rows_of_places(count, width, "");
        execute(tx, attempted, &sql(&places, width), values).await?;
    }
    Ok(())
}

/// Adds projects, each with its code, the first event of its timeline and its first stage.
///
/// The events' numbers are given here.
///
/// # Errors
/// When a number or code is taken, or the database fails.
pub async fn project_insert_all(
    tx: &Tx,
    projects: &[(Project, Event)],
    at: i64,
) -> Result<(), StoreError> {
    let row = |(project, _): &(Project, Event)| {
        let mut row = project_values(project, 1);
        row.extend(values![at, at, project.id.0]);
        row
    };
    let into = "project (version, name, name_key, search_text, code, unit_path, department_id, \
                industry, investor, owner, stage, stage_since, suspended, total_investment, \
                invested_before, planned_start_on, reporter_id, completeness, record, \
                created_at, updated_at, project_id)";
    insert_each(tx, "add projects", into, projects, row).await?;
    let codes: Vec<_> = projects
        .iter()
        .filter_map(|(project, _)| Some((project.record.text(Field::Code)?, project.id)))
        .collect();
    let rows = codes.iter().map(|(code, id)| values![*code, id.0]);
    insert(
        tx,
        "claim codes",
        "project_code (code, project_id)",
        "",
        rows,
    )
    .await?;
    let row = |(project, event): &(Project, Event)| {
        values![
            project.id.0,
            1_i64,
            event.at,
            event.on.to_string(),
            event.user.0,
            event.kind.word(),
            event.reason.clone(),
            event.document_no.clone(),
            wire::changes_to_text(&event.changes),
        ]
    };
    let into = "project_event (project_id, seq, at, on_date, user_id, kind, reason, document_no, \
                changes)";
    insert_each(tx, "record events", into, projects, row).await?;
    let row = |(project, event): &(Project, Event)| {
        values![
            project.id.0,
            1_i64,
            event.on.to_string(),
            "",
            project.stage.word(),
            project.unit.as_str(),
            project.department.map(|id| id.0),
            project.total().0
        ]
    };
    let into = "stage_move (project_id, seq, on_date, from_stage, to_stage, unit_path, \
                department_id, total_investment)";
    insert_each(tx, "record stages", into, projects, row).await
}

/// Writes many rows of the audit trail.
///
/// # Errors
/// When the database fails.
pub async fn audit_insert_all(tx: &Tx, rows: &[AuditRow]) -> Result<(), StoreError> {
    let rows = rows.iter().map(|row| {
        let (action, subject) = (row.action.clone(), row.subject.clone());
        values![row.at, row.user_id, action, subject, row.detail.clone()]
    });
    let into = "audit (at, user_id, action, subject, detail)";
    insert(tx, "write the audit trail", into, "", rows).await
}

/// Puts projects on a year's list, each with its line of the bridge.
///
/// # Errors
/// When one is on it already, or the database fails.
pub async fn entry_insert_all(
    tx: &Tx,
    year: i16,
    entries: &[(ProjectId, Entry)],
    on: Date,
    at: i64,
) -> Result<(), StoreError> {
    let rows = entries
        .iter()
        .map(|(id, entry)| entry_values(*id, year, entry));
    let into = "programme_entry (project_id, year, category, annual_plan, total_investment, \
                monthly_plan, carried_year, carried_since, carried_funds, included)";
    insert(tx, "fill a list", into, "", rows).await?;
    let rows = entries.iter().map(|(id, entry)| {
        let kind = ProgrammeChangeKind::Adopted.word();
        let (year, day) = (i64::from(year), on.to_string());
        values![
            id.0,
            year,
            1_i64,
            day,
            at,
            0_i64,
            kind,
            1_i64,
            entry.total.0,
            entry.plan.0,
            "",
            "",
            entry.category.word(),
        ]
    });
    let into = "programme_change (project_id, year, seq, on_date, at, user_id, kind, \
                projects_delta, total_delta, plan_delta, reason, document_no, category)";
    insert(tx, "record a list", into, "", rows).await
}

/// Adds returns with their positions.
///
/// # Errors
/// When one exists already, or the database fails.
pub async fn return_insert_all(tx: &Tx, rows: &[ReturnRow]) -> Result<(), StoreError> {
    let into = format!("monthly_return ({RETURN_COLUMNS})");
    insert(tx, "add returns", &into, "", rows.iter().map(return_values)).await
}

/// The tables whose indexes a large load is better made without.
const LOADED: [&str; 2] = ["project", "monthly_return"];

/// Indexes that a load set aside, to be made again with [`make_indexes`].
#[must_use = "a database without its indexes answers slowly"]
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SetAside(Vec<String>);

#[derive(FromQueryResult)]
struct Index {
    name: String,
    made_by: String,
}

/// Drops the indexes of projects and returns before a whole region is loaded. A row that goes into
/// them alone lands on another page in each; made at the end they are sorted once.
///
/// # Errors
/// When the database fails.
pub async fn set_indexes_aside(tx: &Tx) -> Result<SetAside, StoreError> {
    let mut statements = Vec::new();
    for table in LOADED {
        let sql = tx.engine().indexes();
        let indexes: Vec<Index> = fetch_all(tx, "read indexes", sql, values![table]).await?;
        for index in indexes {
            let drop = format!("DROP INDEX {}", index.name);
            execute(tx, "set an index aside", &drop, values![]).await?;
            statements.push(index.made_by);
        }
    }
    Ok(SetAside(statements))
}

/// Makes the indexes again that [`set_indexes_aside`] dropped.
///
/// # Errors
/// When rows break one that admits a key once only, or the database fails.
pub async fn make_indexes(tx: &Tx, aside: SetAside) -> Result<(), StoreError> {
    for statement in aside.0 {
        execute(tx, "make an index", &statement, values![]).await?;
    }
    Ok(())
}
