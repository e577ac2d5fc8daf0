//! Reminders: which steps of the ladders have fired.
//!
//! What a reader would get wrong: a step is claimed matter by matter, but what is left to claim is found
//! for all matters of a due date at once, so that a round costs what it sends and not what is overdue.

use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{DepartmentId, Scope, UnitPath};
use jiff::civil::Date;
use sea_orm::FromQueryResult;

use crate::condition::{bind, in_scope};
use crate::conn::sealed::Raw as _;
use crate::conn::{fetch_all, values};
use crate::library::date;
use crate::{Conn, StoreError, Tx};

/// One step of the ladder of reminders for one due date of a matter (催办阶梯).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReminderRow {
    /// The project.
    pub project: ProjectId,
    /// The matter.
    pub item: String,
    /// The due date whose ladder it is.
    pub due_on: Date,
    /// The step.
    pub rung: String,
}

#[derive(FromQueryResult)]
struct ReminderStored {
    project_id: i64,
    item: String,
    due_on: String,
    rung: String,
}

/// Claims steps of the ladder and returns those that had not fired, whichever server asked before;
/// `at` is in milliseconds since 1970.
///
/// # Errors
/// When the database fails.
pub async fn reminder_claim(
    tx: &Tx,
    reminders: &[ReminderRow],
    at: i64,
) -> Result<Vec<ReminderRow>, StoreError> {
    let mut claimed = Vec::new();
    for part in reminders.chunks(1_000) {
        let mut values = Vec::with_capacity(part.len() * 5);
        for one in part {
            values.extend(values![
                one.project.0,
                one.item.as_str(),
                one.due_on.to_string(),
                one.rung.as_str(),
                at,
            ]);
        }
        let places = tx.engine().rows_of_places(part.len(), 5, "");
        let sql = format!(
            "INSERT INTO approval_reminder (project_id, item, due_on, rung, at) VALUES {places} \
             ON CONFLICT DO NOTHING RETURNING project_id, item, due_on, rung"
        );
        let rows: Vec<ReminderStored> = fetch_all(tx, "claim reminders", &sql, values).await?;
        for row in rows {
            claimed.push(ReminderRow {
                project: ProjectId(row.project_id),
                item: row.item,
                due_on: date(&row.due_on)?,
                rung: row.rung,
            });
        }
    }
    Ok(claimed)
}

/// A step that has come for all matters of a due date under one catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReminderStep {
    /// The due date, as [`super::DueRow`] numbers it.
    pub due_id: i64,
    /// The catalogue whose ladder it is.
    pub catalogue: i64,
    /// The day the ladder hangs on.
    pub due_on: Date,
    /// The step.
    pub rung: String,
}

/// A matter for which a step has come and has not fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReminderDue {
    /// What is to be claimed.
    pub claim: ReminderRow,
    /// Which of the steps asked for, counted from zero.
    pub step: usize,
    /// The unit of the office that has the matter.
    pub unit: UnitPath,
    /// Its department.
    pub department: DepartmentId,
}

#[derive(FromQueryResult)]
struct ReminderDueStored {
    project_id: i64,
    item: String,
    unit_path: String,
    department_id: i64,
    step: i64,
}

/// Lists matters of projects in a scope for which one of some steps has come and has not fired.
///
/// # Errors
/// When the database fails.
pub async fn reminder_due_list(
    conn: &impl Conn,
    scope: &Scope,
    steps: &[ReminderStep],
    limit: i64,
) -> Result<Vec<ReminderDue>, StoreError> {
    let mut values = Vec::new();
    let place = |at: usize, one: &ReminderStep, values: &mut Vec<sea_orm::Value>| {
        let step = i64::try_from(at).unwrap_or(i64::MAX);
        format!(
            "({}, {}, {}, {}, {})",
            bind(values, step),
            bind(values, one.due_id),
            bind(values, one.catalogue),
            bind(values, one.due_on.to_string()),
            bind(values, one.rung.as_str()),
        )
    };
    let places: Vec<String> = steps
        .iter()
        .enumerate()
        .map(|(at, one)| place(at, one, &mut values))
        .collect();
    let within = in_scope("p", scope, &mut values);
    let limit = bind(&mut values, limit);
    let sql = format!(
        "WITH wanted (step, due_id, catalogue, due_on, rung) AS (VALUES {}) \
         SELECT i.project_id, i.item, i.unit_path, i.department_id, w.step \
         FROM wanted w JOIN approval_item i ON i.open = 1 AND i.due_id = w.due_id \
         JOIN approval_case c ON c.project_id = i.project_id AND c.closed_on IS NULL \
         AND c.catalogue = w.catalogue \
         JOIN project p ON p.project_id = i.project_id \
         WHERE {within} AND NOT EXISTS (SELECT 1 FROM approval_reminder r \
         WHERE r.project_id = i.project_id AND r.item = i.item AND r.due_on = w.due_on \
         AND r.rung = w.rung) LIMIT {limit}",
        places.join(", "),
    );
    let rows: Vec<ReminderDueStored> = fetch_all(conn, "list reminders", &sql, values).await?;
    rows.into_iter()
        .map(|row| {
            let corrupt = || StoreError::Corrupt {
                what: "step",
                found: row.step.to_string(),
            };
            let at = usize::try_from(row.step).map_err(|_| corrupt())?;
            let step = steps.get(at).ok_or_else(corrupt)?;
            Ok(ReminderDue {
                claim: ReminderRow {
                    project: ProjectId(row.project_id),
                    item: row.item,
                    due_on: step.due_on,
                    rung: step.rung.clone(),
                },
                step: at,
                unit: UnitPath::from_stored(row.unit_path),
                department: DepartmentId(row.department_id),
            })
        })
        .collect()
}
