//! Approval cases, their matters and the acts done with them.
//!
//! Acts are only ever added. What a reader would get wrong: `state`, `leg` and their like are copies
//! for ordering and filtering lists, written by whoever adds an act; what people are shown is read
//! from the acts. A due date is no copy of a matter's own: see [`DueRow`].

mod act;
mod bulk;
mod due;
mod letter;
mod reminder;
mod shelf;
mod sitting;
mod work;

use std::collections::{BTreeMap, BTreeSet};

use gangmu_domain::approvals::{DecisionLevel, DueFor, Phase, Route, Standing};
use gangmu_domain::library::{Field, ProjectId};
use gangmu_domain::metrics::MatterCounts;
use gangmu_domain::organisation::{DepartmentId, UnitPath, UserId};
use jiff::civil::Date;
use sea_orm::FromQueryResult;

use crate::condition::one_of;
use crate::conn::sealed::Raw as _;
use crate::conn::{execute, fetch_all, fetch_one, values};
use crate::library::{date, word};
use crate::{Conn, StoreError, Tx};

pub use act::{
    Acts, event_insert, event_list, event_list_between, event_list_of_cases, item_event_list,
};
pub use bulk::{
    case_insert_all, case_put_all, event_insert_all, item_insert_all, item_put_all,
    material_insert_all, need_put_all,
};
pub use due::{
    DueMove, DueMoved, DueRow, basis_text, due_count, due_list, due_list_open, due_move_all,
    due_moves_of, item_basis_put_all,
};
pub use letter::{
    LetterRow, letter_count, letter_get, letter_insert, letter_last, letter_list, letter_list_to,
};
pub use reminder::{ReminderDue, ReminderRow, ReminderStep, reminder_claim, reminder_due_list};
pub use shelf::{
    MaterialRow, documents_saved, material_insert, material_list, material_list_of, need_list,
    need_put,
};
pub use sitting::{
    OpinionRow, SittingRow, opinion_list, opinion_put, sitting_get, sitting_insert, sitting_list,
    sitting_update,
};
pub use work::{
    CaseTally, OpenPart, OpenRow, WithActs, WorkFilter, WorkRow, case_open_count, case_tally,
    caseless_list, open_list_after, phase_list_of, work_count, work_list, work_list_all,
};

/// A case as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    /// The project.
    pub project: ProjectId,
    /// Counts the changes.
    pub version: i64,
    /// How the project is approved as a project.
    pub route: Route,
    /// The version of the catalogue it was made under.
    pub catalogue: i64,
    /// The unit of the project when the case was made.
    pub unit: UnitPath,
    /// When the project was to start.
    pub planned_start: Option<Date>,
    /// The day it was made.
    pub created_on: Date,
    /// Who made it.
    pub created_by: UserId,
    /// The day it was closed.
    pub closed_on: Option<Date>,
    /// How many matters before the start it has.
    pub total: i64,
    /// How many of them are through.
    pub done: i64,
}

/// A matter of a case as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// The project.
    pub project: ProjectId,
    /// The matter's code.
    pub item: String,
    /// Counts the changes; an act must name the version it was decided on.
    pub version: i64,
    /// Its place in the case.
    pub position: i64,
    /// Whether the project needed it when the case was made.
    pub standing: Standing,
    /// The facts that said so.
    pub because: BTreeSet<Field>,
    /// Who decides.
    pub level: DecisionLevel,
    /// Facts that could still change the level.
    pub level_unsure: BTreeSet<Field>,
    /// Which limits apply.
    pub variant: i64,
    /// The unit of the project, the first office.
    pub own: UnitPath,
    /// Which office has it, counted from zero.
    pub leg: i64,
    /// That office's unit.
    pub unit: UnitPath,
    /// The department that leads.
    pub department: DepartmentId,
    /// Where it stands.
    pub phase: Phase,
    /// Whether an office has something to do with it, letting the applicant know included.
    pub open: bool,
    /// The day of what must be done next, and what that is; it goes with the basis.
    pub due: Option<(Date, DueFor)>,
    /// What the due date follows from, as [`basis_text`] writes it.
    pub basis: Option<String>,
    /// The day it first came in.
    pub started_on: Option<Date>,
    /// The day it was decided.
    pub decided_on: Option<Date>,
}

#[derive(FromQueryResult)]
struct CatalogueStored {
    version: i64,
    body: String,
}

/// Keeps the text of a catalogue and returns its version; the same text has one version.
///
/// # Errors
/// When the database fails.
pub async fn catalogue_keep(tx: &Tx, sha256: &str, body: &str, at: i64) -> Result<i64, StoreError> {
    let sql = "INSERT INTO approval_catalogue (version, sha256, body, at) \
               SELECT COALESCE(MAX(version), 0) + 1, $1, $2, $3 FROM approval_catalogue \
               WHERE TRUE ON CONFLICT (sha256) DO NOTHING";
    execute(tx, "keep a catalogue", sql, values![sha256, body, at]).await?;
    let sql = "SELECT version, body FROM approval_catalogue WHERE sha256 = $1";
    let row: Option<CatalogueStored> =
        fetch_one(tx, "keep a catalogue", sql, values![sha256]).await?;
    row.map(|row| row.version).ok_or(StoreError::Corrupt {
        what: "catalogue",
        found: sha256.to_owned(),
    })
}

/// Lists the versions of the catalogues that cases run under which are not closed.
///
/// # Errors
/// When the database fails.
pub async fn catalogue_list_running(conn: &impl Conn) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT version, '' AS body FROM approval_catalogue v WHERE EXISTS \
               (SELECT 1 FROM approval_case c WHERE c.catalogue = v.version \
               AND c.closed_on IS NULL) ORDER BY version";
    let rows: Vec<CatalogueStored> = fetch_all(conn, "list catalogues", sql, Vec::new()).await?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

/// Reads the text of a catalogue.
///
/// # Errors
/// When the database fails.
pub async fn catalogue_get(conn: &impl Conn, version: i64) -> Result<Option<String>, StoreError> {
    let sql = "SELECT version, body FROM approval_catalogue WHERE version = $1";
    let row: Option<CatalogueStored> =
        fetch_one(conn, "read a catalogue", sql, values![version]).await?;
    Ok(row.map(|row| row.body))
}

#[derive(FromQueryResult)]
struct CaseStored {
    project_id: i64,
    version: i64,
    route: String,
    catalogue: i64,
    unit_path: String,
    planned_start_on: Option<String>,
    created_on: String,
    created_by: i64,
    closed_on: Option<String>,
    total_items: i64,
    done_items: i64,
}

impl CaseStored {
    fn read(self) -> Result<CaseRow, StoreError> {
        Ok(CaseRow {
            project: ProjectId(self.project_id),
            version: self.version,
            route: word("route", &self.route, Route::from_word)?,
            catalogue: self.catalogue,
            unit: UnitPath::from_stored(self.unit_path),
            planned_start: self.planned_start_on.as_deref().map(date).transpose()?,
            created_on: date(&self.created_on)?,
            created_by: UserId(self.created_by),
            closed_on: self.closed_on.as_deref().map(date).transpose()?,
            total: self.total_items,
            done: self.done_items,
        })
    }
}

const CASE_COLUMNS: &str = "project_id, version, route, catalogue, unit_path, planned_start_on, \
                            created_on, created_by, closed_on, total_items, done_items";

fn text(day: Option<Date>) -> Option<String> {
    day.map(|day| day.to_string())
}

/// Adds a case.
///
/// # Errors
/// [`StoreError::Exists`] when the project has one, or when the database fails.
pub async fn case_insert(tx: &Tx, case: &CaseRow, at: i64) -> Result<(), StoreError> {
    case_insert_all(tx, std::slice::from_ref(case), at).await
}

/// Reads a case.
///
/// # Errors
/// When the database fails.
pub async fn case_get(conn: &impl Conn, project: ProjectId) -> Result<Option<CaseRow>, StoreError> {
    case_read(conn, project, "").await
}

/// Reads a case and keeps it for this transaction alone: acts of a case come one after the other.
///
/// # Errors
/// When the database fails.
pub async fn case_lock(tx: &Tx, project: ProjectId) -> Result<Option<CaseRow>, StoreError> {
    case_read(tx, project, tx.engine().for_update()).await
}

/// Reads some cases by project number, and keeps them for this transaction alone.
///
/// They are locked in the order of their numbers, so that two transactions cannot wait for each
/// other.
///
/// # Errors
/// When the database fails.
pub async fn case_lock_all(tx: &Tx, projects: &[ProjectId]) -> Result<Vec<CaseRow>, StoreError> {
    cases_read(tx, projects, tx.engine().for_update()).await
}

/// Reads some cases, in the order of their projects' numbers.
///
/// # Errors
/// When the database fails.
pub async fn case_list_of(
    conn: &impl Conn,
    projects: &[ProjectId],
) -> Result<Vec<CaseRow>, StoreError> {
    cases_read(conn, projects, "").await
}

/// Lists cases by project number after one, for work that goes through all of them in parts.
///
/// # Errors
/// When the database fails.
pub async fn case_list_after(
    conn: &impl Conn,
    after: ProjectId,
    limit: i64,
) -> Result<Vec<CaseRow>, StoreError> {
    let sql = format!(
        "SELECT {CASE_COLUMNS} FROM approval_case WHERE project_id > $1 \
         ORDER BY project_id LIMIT $2"
    );
    let rows: Vec<CaseStored> =
        fetch_all(conn, "list cases", &sql, values![after.0, limit]).await?;
    rows.into_iter().map(CaseStored::read).collect()
}

async fn cases_read(
    conn: &impl Conn,
    projects: &[ProjectId],
    lock: &str,
) -> Result<Vec<CaseRow>, StoreError> {
    let mut cases = Vec::with_capacity(projects.len());
    for part in parts(projects) {
        let mut values = Vec::new();
        let wanted = one_of("project_id", part.iter().map(|id| id.0), &mut values);
        let sql = format!(
            "SELECT {CASE_COLUMNS} FROM approval_case WHERE {wanted} ORDER BY project_id{lock}"
        );
        let rows: Vec<CaseStored> = fetch_all(conn, "read cases", &sql, values).await?;
        for row in rows {
            cases.push(row.read()?);
        }
    }
    Ok(cases)
}

/// Project numbers in order, each once, in parts that either engine binds to one statement.
fn parts(projects: &[ProjectId]) -> Vec<Vec<ProjectId>> {
    let mut sorted = projects.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.chunks(500).map(<[ProjectId]>::to_vec).collect()
}

/// How far the matters before the start of some projects are; a project without a case is missing.
///
/// # Errors
/// When the database fails.
pub async fn counts_of(
    conn: &impl Conn,
    projects: &[ProjectId],
) -> Result<BTreeMap<ProjectId, MatterCounts>, StoreError> {
    #[derive(FromQueryResult)]
    struct Found {
        project_id: i64,
        total_items: i64,
        done_items: i64,
    }
    let mut counts = BTreeMap::new();
    for part in parts(projects) {
        let mut values = Vec::new();
        let wanted = one_of("project_id", part.iter().map(|id| id.0), &mut values);
        let sql =
            format!("SELECT project_id, total_items, done_items FROM approval_case WHERE {wanted}");
        let rows: Vec<Found> = fetch_all(conn, "count matters", &sql, values).await?;
        counts.extend(rows.into_iter().map(|row| {
            let found = MatterCounts {
                all: row.total_items,
                done: row.done_items,
            };
            (ProjectId(row.project_id), found)
        }));
    }
    Ok(counts)
}

async fn case_read(
    conn: &impl Conn,
    project: ProjectId,
    lock: &str,
) -> Result<Option<CaseRow>, StoreError> {
    let sql = format!("SELECT {CASE_COLUMNS} FROM approval_case WHERE project_id = $1{lock}");
    let row: Option<CaseStored> = fetch_one(conn, "read a case", &sql, values![project.0]).await?;
    row.map(CaseStored::read).transpose()
}

/// Saves what changed of a case; returns whether it was still at its version.
///
/// # Errors
/// When the database fails.
pub async fn case_update(tx: &Tx, case: &CaseRow) -> Result<bool, StoreError> {
    let sql = "UPDATE approval_case SET version = version + 1, catalogue = $3, route = $4, \
               planned_start_on = $5, closed_on = $6, total_items = $7, done_items = $8 \
               WHERE project_id = $1 AND version = $2";
    let values = values![
        case.project.0,
        case.version,
        case.catalogue,
        case.route.word(),
        text(case.planned_start),
        text(case.closed_on),
        case.total,
        case.done,
    ];
    Ok(execute(tx, "save a case", sql, values).await? == 1)
}

/// Closes the case of a project that leaves the pipeline, where it has one that is open.
///
/// # Errors
/// When the database fails.
pub async fn case_close(tx: &Tx, project: ProjectId, on: Date) -> Result<(), StoreError> {
    let sql = "UPDATE approval_case SET version = version + 1, closed_on = $2 \
               WHERE project_id = $1 AND closed_on IS NULL";
    execute(tx, "close a case", sql, values![project.0, on.to_string()]).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct ItemStored {
    project_id: i64,
    item: String,
    version: i64,
    position: i64,
    standing: String,
    because: String,
    level: String,
    level_unsure: String,
    variant: i64,
    own_path: String,
    leg: i64,
    unit_path: String,
    department_id: i64,
    state: String,
    open: i64,
    due_on: Option<String>,
    due_for: Option<String>,
    basis: Option<String>,
    started_on: Option<String>,
    decided_on: Option<String>,
}

/// What a matter is written in.
const ITEM_COLUMNS: &str = "project_id, item, version, position, standing, because, level, \
                            level_unsure, variant, own_path, leg, unit_path, department_id, \
                            state, open, due_id, started_on, decided_on";
/// What a matter is read from: `i` with its due date `d`.
const ITEM_READ: &str = "i.project_id, i.item, i.version, i.position, i.standing, i.because, \
                         i.level, i.level_unsure, i.variant, i.own_path, i.leg, i.unit_path, \
                         i.department_id, i.state, i.open, d.due_on, d.due_for, d.basis, \
                         i.started_on, i.decided_on";
/// Lays its due date beside a matter `i`.
const WITH_DUE: &str = "LEFT JOIN approval_due d ON d.due_id = i.due_id";

impl ItemStored {
    fn read(self) -> Result<ItemRow, StoreError> {
        let due = match (self.due_on, self.due_for) {
            (Some(on), Some(what)) => Some((date(&on)?, word("due", &what, DueFor::from_word)?)),
            _ => None,
        };
        Ok(ItemRow {
            project: ProjectId(self.project_id),
            item: self.item,
            version: self.version,
            position: self.position,
            standing: word("standing", &self.standing, Standing::from_word)?,
            because: fields(&self.because)?,
            level: word("level", &self.level, DecisionLevel::from_word)?,
            level_unsure: fields(&self.level_unsure)?,
            variant: self.variant,
            own: UnitPath::from_stored(self.own_path),
            leg: self.leg,
            unit: UnitPath::from_stored(self.unit_path),
            department: DepartmentId(self.department_id),
            phase: word("phase", &self.state, Phase::from_word)?,
            open: self.open != 0,
            due,
            basis: self.basis,
            started_on: self.started_on.as_deref().map(date).transpose()?,
            decided_on: self.decided_on.as_deref().map(date).transpose()?,
        })
    }
}

fn fields(found: &str) -> Result<BTreeSet<Field>, StoreError> {
    let words = found.split(' ').filter(|one| !one.is_empty());
    words
        .map(|one| word("field", one, Field::from_word))
        .collect()
}

fn joined(fields: &BTreeSet<Field>) -> String {
    let words: Vec<&str> = fields.iter().map(|one| one.word()).collect();
    words.join(" ")
}

/// The values of a matter, in the order of [`ITEM_COLUMNS`]; `due_id` is that of its basis.
fn item_values(item: &ItemRow, due_id: Option<i64>) -> Vec<sea_orm::Value> {
    values![
        item.project.0,
        item.item.as_str(),
        item.version,
        item.position,
        item.standing.word(),
        joined(&item.because),
        item.level.word(),
        joined(&item.level_unsure),
        item.variant,
        item.own.as_str(),
        item.leg,
        item.unit.as_str(),
        item.department.0,
        item.phase.word(),
        i64::from(item.open),
        due_id,
        text(item.started_on),
        text(item.decided_on),
    ]
}

/// Adds a matter to a case.
///
/// # Errors
/// [`StoreError::Exists`] when the case has it, or when the database fails.
pub async fn item_insert(tx: &Tx, item: &ItemRow) -> Result<(), StoreError> {
    item_insert_all(tx, std::slice::from_ref(item)).await
}

/// Lists the matters of a case in its order.
///
/// # Errors
/// When the database fails.
pub async fn item_list(conn: &impl Conn, project: ProjectId) -> Result<Vec<ItemRow>, StoreError> {
    let sql = format!(
        "SELECT {ITEM_READ} FROM approval_item i {WITH_DUE} WHERE i.project_id = $1 \
         ORDER BY i.position, i.item"
    );
    let rows: Vec<ItemStored> =
        fetch_all(conn, "list the matters", &sql, values![project.0]).await?;
    rows.into_iter().map(ItemStored::read).collect()
}

/// Lists the matters of some cases, case by case in order.
///
/// # Errors
/// When the database fails.
pub async fn item_list_of(
    conn: &impl Conn,
    projects: &[ProjectId],
) -> Result<Vec<ItemRow>, StoreError> {
    let mut items = Vec::new();
    for part in parts(projects) {
        let mut values = Vec::new();
        let wanted = one_of("i.project_id", part.iter().map(|id| id.0), &mut values);
        let sql = format!(
            "SELECT {ITEM_READ} FROM approval_item i {WITH_DUE} WHERE {wanted} \
             ORDER BY i.project_id, i.position, i.item"
        );
        let rows: Vec<ItemStored> = fetch_all(conn, "list the matters", &sql, values).await?;
        for row in rows {
            items.push(row.read()?);
        }
    }
    Ok(items)
}

/// Saves a matter; returns whether it was still at its version.
///
/// # Errors
/// When the database fails.
pub async fn item_update(tx: &Tx, item: &ItemRow) -> Result<bool, StoreError> {
    let sql = "UPDATE approval_item SET version = version + 1, position = $4, standing = $5, \
               because = $6, level = $7, level_unsure = $8, variant = $9, own_path = $10, \
               leg = $11, unit_path = $12, department_id = $13, state = $14, open = $15, \
               due_id = $16, started_on = $17, decided_on = $18 \
               WHERE project_id = $1 AND item = $2 AND version = $3";
    let due_id = due::ids(tx, [item]).await?.of(item);
    let values = item_values(item, due_id);
    Ok(execute(tx, "save a matter", sql, values).await? == 1)
}
