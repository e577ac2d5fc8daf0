//! Projects, their events, links and attachments.

mod history;
mod list;

use std::collections::BTreeMap;

use gangmu_domain::Yuan;
use gangmu_domain::library::{Change, DuplicateKey, EventKind, Field, ProjectId, ProjectRecord};
use gangmu_domain::organisation::{DepartmentId, UnitPath, UserId};
use gangmu_domain::pipeline::{AttachmentKind, Stage};
use jiff::civil::Date;
use sea_orm::FromQueryResult;

use crate::conn::sealed::Raw as _;
use crate::conn::{execute, failed, fetch_all, fetch_one, fetch_rows, sequence_take, values};
use crate::wire;
use crate::{Conn, StoreError, Tx};

pub use history::{Moved, Place, PlaceEvent, place_history};
pub(crate) use list::is_lit;
pub use list::{
    DutyFilter, Facet, Held, ListBasis, ListFilter, ListRow, ListSort, ListTotals, SortBy,
    project_ids, project_list, project_page, project_totals,
};

/// The most values one question names; SQLite searches them all when it binds one.
const MOST_PLACES: usize = 500;

/// The stages of a project that has left the pipeline, as SQL lists them.
pub(crate) const LEFT: &str = "'cancelled', 'moved_out', 'merged', 'split'";

/// A project as stored: the record and what the pipeline knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its identity for life.
    pub id: ProjectId,
    /// Counts the changes; a save must name the version it was made from.
    pub version: i64,
    /// The record.
    pub record: ProjectRecord,
    /// The accountable unit.
    pub unit: UnitPath,
    /// The industry department.
    pub department: Option<DepartmentId>,
    /// The person who reports for it.
    pub reporter: Option<UserId>,
    /// The stage.
    pub stage: Stage,
    /// Since when it is in the stage.
    pub stage_since: Date,
    /// Whether it is suspended.
    pub suspended: bool,
}

impl Project {
    /// Returns the project's name, which every saved record has.
    #[must_use]
    pub fn name(&self) -> &str {
        self.record.text(Field::Name).unwrap_or_default()
    }

    /// Returns the total investment, zero while unknown.
    #[must_use]
    pub fn total(&self) -> Yuan {
        self.record
            .money(Field::TotalInvestment)
            .unwrap_or_default()
    }
}

/// Something that happened to a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Counts the events of the project from 1.
    pub seq: i64,
    /// When it was recorded, in milliseconds since 1970.
    pub at: i64,
    /// The day it counts from.
    pub on: Date,
    /// Who did it.
    pub user: UserId,
    /// What kind of thing happened.
    pub kind: EventKind,
    /// Why.
    pub reason: String,
    /// The document that says so; may be empty.
    pub document_no: String,
    /// The fields that changed.
    pub changes: Vec<Change>,
}

#[derive(FromQueryResult)]
pub(crate) struct ProjectRow {
    project_id: i64,
    version: i64,
    unit_path: String,
    department_id: Option<i64>,
    stage: String,
    stage_since: String,
    suspended: i64,
    reporter_id: Option<i64>,
    record: String,
}

pub(crate) const COLUMNS: &str = "project_id, version, unit_path, department_id, stage, stage_since, \
                       suspended, reporter_id, record";

impl ProjectRow {
    pub(crate) fn read(self) -> Result<Project, StoreError> {
        Ok(Project {
            id: ProjectId(self.project_id),
            version: self.version,
            record: wire::record_from_text(&self.record)?,
            unit: UnitPath::from_stored(self.unit_path),
            department: self.department_id.map(DepartmentId),
            reporter: self.reporter_id.map(UserId),
            stage: word("stage", &self.stage, Stage::from_word)?,
            stage_since: date(&self.stage_since)?,
            suspended: self.suspended != 0,
        })
    }
}

/// Reads a stable word back.
pub(crate) fn word<T>(
    what: &'static str,
    found: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<T, StoreError> {
    read(found).ok_or_else(|| StoreError::Corrupt {
        what,
        found: found.to_owned(),
    })
}

/// Reads a date back.
pub(crate) fn date(found: &str) -> Result<Date, StoreError> {
    word("date", found, |text| text.parse().ok())
}

/// Takes numbers for `n` new projects and returns the first.
///
/// # Errors
/// When the database fails.
pub async fn project_new_ids(tx: &Tx, n: i64) -> Result<ProjectId, StoreError> {
    sequence_take(tx, "project", n).await.map(ProjectId)
}

/// Reads one project.
///
/// # Errors
/// When the database fails.
pub async fn project_get(conn: &impl Conn, id: ProjectId) -> Result<Option<Project>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM project WHERE project_id = $1");
    let row: Option<ProjectRow> = fetch_one(conn, "read a project", &sql, values![id.0]).await?;
    row.map(ProjectRow::read).transpose()
}

/// Reads several projects, in order of entry.
///
/// # Errors
/// When the database fails.
pub async fn project_list_of(conn: &impl Conn, ids: &[i64]) -> Result<Vec<Project>, StoreError> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    let mut projects = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(MOST_PLACES) {
        let values: Vec<sea_orm::Value> = chunk.iter().map(|id| (*id).into()).collect();
        let places = conn.engine().rows_of_places(1, chunk.len(), "");
        let sql = format!(
            "SELECT {COLUMNS} FROM project WHERE project_id IN {places} ORDER BY project_id"
        );
        let rows: Vec<ProjectRow> = fetch_all(conn, "read projects", &sql, values).await?;
        for row in rows {
            projects.push(row.read()?);
        }
    }
    Ok(projects)
}

/// Keeps everybody else from changing a project until the transaction ends, and reads it.
///
/// # Errors
/// When the database fails.
pub async fn project_lock(tx: &Tx, id: ProjectId) -> Result<Option<Project>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM project WHERE project_id = $1{}",
        tx.engine().for_update()
    );
    let row: Option<ProjectRow> = fetch_one(tx, "lock a project", &sql, values![id.0]).await?;
    row.map(ProjectRow::read).transpose()
}

/// Finds a project by its code.
///
/// # Errors
/// When the database fails.
pub async fn project_by_code(
    conn: &impl Conn,
    code: &str,
) -> Result<Option<ProjectId>, StoreError> {
    #[derive(FromQueryResult)]
    struct Found {
        project_id: i64,
    }
    let sql = "SELECT project_id FROM project_code WHERE code = $1";
    let row: Option<Found> = fetch_one(conn, "find a code", sql, values![code]).await?;
    Ok(row.map(|row| ProjectId(row.project_id)))
}

/// Reads every project that has one of these codes or normalised names, in order of entry.
///
/// # Errors
/// When the database fails.
pub async fn project_match(
    conn: &impl Conn,
    codes: &[String],
    name_keys: &[String],
) -> Result<Vec<Project>, StoreError> {
    let mut ids: Vec<i64> = Vec::new();
    let wanted = [
        ("SELECT project_id FROM project_code WHERE code IN", codes),
        (
            "SELECT project_id FROM project WHERE name_key IN",
            name_keys,
        ),
    ];
    for (select, texts) in wanted {
        for chunk in texts.chunks(MOST_PLACES) {
            let places = conn.engine().rows_of_places(1, chunk.len(), "");
            let values = chunk.iter().map(|text| text.clone().into()).collect();
            let sql = format!("{select} {places}");
            for row in fetch_rows(conn, "find projects", &sql, values).await? {
                ids.push(
                    row.try_get("", "project_id")
                        .map_err(failed("find projects"))?,
                );
            }
        }
    }
    ids.sort_unstable();
    ids.dedup();
    project_list_of(conn, &ids).await
}

/// A project that looks like another one.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Twin {
    /// Its identity.
    pub project_id: i64,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: Option<String>,
    /// Its owner.
    pub owner: String,
    /// Its unit.
    pub unit_path: String,
    /// Its stage.
    pub stage: String,
}

/// Lists projects with the same code, or the same normalised name.
///
/// # Errors
/// When the database fails.
pub async fn project_twins(
    conn: &impl Conn,
    code: Option<&str>,
    key: &DuplicateKey,
) -> Result<Vec<Twin>, StoreError> {
    let sql = "SELECT project_id, name, code, owner, unit_path, stage FROM project \
               WHERE name_key = $1 \
               UNION \
               SELECT p.project_id, p.name, p.code, p.owner, p.unit_path, p.stage \
               FROM project_code c JOIN project p ON p.project_id = c.project_id \
               WHERE c.code = $2 \
               ORDER BY 1 LIMIT 20";
    let values = values![key.name.clone(), code.unwrap_or_default()];
    fetch_all(conn, "look for twins", sql, values).await
}

/// Adds a project. Its version becomes 1.
///
/// # Errors
/// When the code belongs to another project, or the database fails.
pub async fn project_insert(tx: &Tx, project: &Project, at: i64) -> Result<(), StoreError> {
    if let Some(code) = project.record.text(Field::Code) {
        code_put(tx, code, project.id).await?;
    }
    let sql = "INSERT INTO project (version, name, name_key, search_text, code, unit_path, \
               department_id, industry, investor, owner, stage, stage_since, suspended, \
               total_investment, invested_before, planned_start_on, reporter_id, completeness, \
               record, created_at, updated_at, project_id) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
               $17, $18, $19, $20, $20, $21)";
    let mut values = project_values(project, 1);
    values.extend(values![at, project.id.0]);
    execute(tx, "add a project", sql, values).await?;
    Ok(())
}

/// Saves a project if nobody has changed it since it was read; says whether it was saved.
///
/// Where its place or total changes, closed months keep the old one: the last of them is noted.
///
/// # Errors
/// When the code belongs to another project, or the database fails.
pub async fn project_update(
    tx: &Tx,
    before: &Project,
    after: &Project,
    at: i64,
) -> Result<bool, StoreError> {
    let sql = "UPDATE project SET version = $1, name = $2, name_key = $3, search_text = $4, \
               code = $5, unit_path = $6, department_id = $7, industry = $8, investor = $9, \
               owner = $10, stage = $11, stage_since = $12, suspended = $13, \
               total_investment = $14, invested_before = $15, planned_start_on = $16, \
               reporter_id = $17, completeness = $18, record = $19, updated_at = $20, \
               elsewhere_until = CASE WHEN $23 = 0 THEN elsewhere_until ELSE \
               (SELECT COALESCE(MAX(period), 0) FROM period WHERE state = 'closed') END \
               WHERE project_id = $21 AND version = $22";
    let mut values = project_values(after, before.version + 1);
    let moved = i64::from(!stands_alike(before, after));
    values.extend(values![at, after.id.0, before.version, moved]);
    if execute(tx, "save a project", sql, values).await? == 0 {
        return Ok(false);
    }
    let old = before.record.text(Field::Code);
    let new = after.record.text(Field::Code);
    if old != new {
        if let Some(old) = old {
            let sql = "DELETE FROM project_code WHERE code = $1 AND project_id = $2";
            execute(tx, "release a code", sql, values![old, after.id.0]).await?;
        }
        if let Some(new) = new {
            code_put(tx, new, after.id).await?;
        }
    }
    Ok(true)
}

/// Says whether a month's sums hold two projects alike: in the same places, with the same total.
fn stands_alike(a: &Project, b: &Project) -> bool {
    let fields = [Field::Industry, Field::InvestorType];
    a.unit == b.unit
        && a.department == b.department
        && a.stage == b.stage
        && a.total() == b.total()
        && fields
            .iter()
            .all(|f| a.record.text(*f) == b.record.text(*f))
}

/// A return that shows another place or total than its project has, without a note of it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Unnoted {
    /// The project.
    pub project_id: i64,
    /// The return's period, 202512.
    pub period: i64,
    /// The month until which the project is noted to have stood elsewhere; zero for none.
    pub elsewhere_until: i64,
}

/// Lists returns that stand elsewhere than their project without a note of it, at most so many;
/// there are none while the notes are true.
///
/// # Errors
/// When the database fails.
pub async fn elsewhere_unnoted(conn: &impl Conn, most: i64) -> Result<Vec<Unnoted>, StoreError> {
    let sql = "SELECT p.project_id, r.period, p.elsewhere_until \
               FROM project p JOIN monthly_return r ON r.project_id = p.project_id \
               WHERE r.period > p.elsewhere_until AND (r.unit_path <> p.unit_path \
               OR COALESCE(r.department_id, 0) <> COALESCE(p.department_id, 0) \
               OR r.industry <> p.industry OR r.investor <> p.investor \
               OR r.stage <> p.stage OR r.total_investment <> p.total_investment) \
               ORDER BY p.project_id, r.period LIMIT $1";
    fetch_all(conn, "compare places", sql, values![most]).await
}

async fn code_put(tx: &Tx, code: &str, id: ProjectId) -> Result<(), StoreError> {
    let sql = "INSERT INTO project_code (code, project_id) VALUES ($1, $2) \
               ON CONFLICT (code) DO UPDATE SET code = excluded.code \
               WHERE project_code.project_id = excluded.project_id";
    if execute(tx, "claim a code", sql, values![code, id.0]).await? == 0 {
        return Err(StoreError::Exists {
            what: "a project with this code",
        });
    }
    Ok(())
}

pub(crate) fn project_values(project: &Project, version: i64) -> Vec<sea_orm::Value> {
    let record = &project.record;
    let text = |field| record.text(field).unwrap_or_default().to_owned();
    let key = DuplicateKey::of(record);
    let search = [text(Field::Name), text(Field::Code), text(Field::Owner)]
        .join(" ")
        .to_lowercase();
    let completeness = record.completeness().scaled(100).unwrap_or(0);
    values![
        version,
        text(Field::Name),
        key.name,
        search,
        record.text(Field::Code).map(str::to_owned),
        project.unit.as_str(),
        project.department.map(|id| id.0),
        text(Field::Industry),
        text(Field::InvestorType),
        text(Field::Owner),
        project.stage.word(),
        project.stage_since.to_string(),
        i64::from(project.suspended),
        project.total().0,
        record.money(Field::InvestedBefore).unwrap_or_default().0,
        record
            .date(Field::PlannedStart)
            .map(|date| date.to_string()),
        project.reporter.map(|id| id.0),
        completeness,
        wire::record_to_text(record),
    ]
}

#[derive(FromQueryResult)]
struct EventRow {
    seq: i64,
    at: i64,
    on_date: String,
    user_id: i64,
    kind: String,
    reason: String,
    document_no: String,
    changes: String,
}

impl EventRow {
    fn read(self) -> Result<Event, StoreError> {
        Ok(Event {
            seq: self.seq,
            at: self.at,
            on: date(&self.on_date)?,
            user: UserId(self.user_id),
            kind: word("event kind", &self.kind, EventKind::from_word)?,
            reason: self.reason,
            document_no: self.document_no,
            changes: wire::changes_from_text(&self.changes)?,
        })
    }
}

/// Adds an event; its number is the next of the project, whatever `seq` says.
///
/// # Errors
/// When the database fails.
pub async fn event_insert(tx: &Tx, id: ProjectId, event: &Event) -> Result<(), StoreError> {
    let sql = "INSERT INTO project_event \
               (project_id, seq, at, on_date, user_id, kind, reason, document_no, changes) \
               SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5, $6, $7, $8 \
               FROM project_event WHERE project_id = $1";
    let mut values = values![id.0];
    values.extend(project_event_values(event));
    execute(tx, "record an event", sql, values).await?;
    Ok(())
}

/// An event's columns: at, on_date, user_id, kind, reason, document_no, changes.
pub(crate) fn project_event_values(event: &Event) -> Vec<sea_orm::Value> {
    values![
        event.at,
        event.on.to_string(),
        event.user.0,
        event.kind.word(),
        event.reason.clone(),
        event.document_no.clone(),
        wire::changes_to_text(&event.changes),
    ]
}

/// Lists a project's events, newest first.
///
/// # Errors
/// When the database fails.
pub async fn event_list(conn: &impl Conn, id: ProjectId) -> Result<Vec<Event>, StoreError> {
    let sql = "SELECT seq, at, on_date, user_id, kind, reason, document_no, changes \
               FROM project_event WHERE project_id = $1 ORDER BY seq DESC";
    let rows: Vec<EventRow> = fetch_all(conn, "list events", sql, values![id.0]).await?;
    rows.into_iter().map(EventRow::read).collect()
}

/// Records what a project came from or went into.
///
/// # Errors
/// When the database fails.
pub async fn link_insert(
    tx: &Tx,
    id: ProjectId,
    other: ProjectId,
    kind: EventKind,
    at: i64,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO project_link (project_id, other_id, kind, at) \
               VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    execute(
        tx,
        "link projects",
        sql,
        values![id.0, other.0, kind.word(), at],
    )
    .await?;
    Ok(())
}

/// What a project came from or went into.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Link {
    /// The other project.
    pub other_id: i64,
    /// Its name.
    pub name: String,
    /// How they hang together, an [`EventKind`] word.
    pub kind: String,
    /// Since when, in milliseconds since 1970; zero of the oldest, where nobody kept it.
    pub at: i64,
}

/// Lists what a project came from and went into.
///
/// # Errors
/// When the database fails.
pub async fn link_list(conn: &impl Conn, id: ProjectId) -> Result<Vec<Link>, StoreError> {
    let sql = "SELECT l.other_id, p.name, l.kind, l.at FROM project_link l \
               JOIN project p ON p.project_id = l.other_id \
               WHERE l.project_id = $1 ORDER BY l.kind, l.other_id";
    fetch_all(conn, "list links", sql, values![id.0]).await
}

/// A document or photo; its bytes lie in the object store under the digest.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Attachment {
    /// Counts the attachments of the project.
    pub seq: i64,
    /// An [`AttachmentKind`] word.
    pub kind: String,
    /// SHA-256 of the content, in hexadecimal.
    pub sha256: String,
    /// The name it was uploaded under.
    pub file_name: String,
    /// The media type found by looking at the content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Who added it.
    pub user_id: i64,
    /// When, in milliseconds since 1970.
    pub added_at: i64,
}

/// Adds an attachment and returns its number.
///
/// # Errors
/// When the database fails.
pub async fn attachment_insert(
    tx: &Tx,
    id: ProjectId,
    attachment: &Attachment,
) -> Result<i64, StoreError> {
    #[derive(FromQueryResult)]
    struct Numbered {
        seq: i64,
    }
    let sql = "INSERT INTO attachment (project_id, seq, kind, sha256, file_name, media_type, \
               size, user_id, added_at, removed_at) \
               SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5, $6, $7, $8, NULL \
               FROM attachment WHERE project_id = $1 RETURNING seq";
    let a = attachment.clone();
    let values = values![
        id.0,
        a.kind,
        a.sha256,
        a.file_name,
        a.media_type,
        a.size,
        a.user_id,
        a.added_at
    ];
    let row: Option<Numbered> = fetch_one(tx, "add an attachment", sql, values).await?;
    Ok(row.map_or(0, |row| row.seq))
}

/// Marks an attachment removed; says whether it was there.
///
/// # Errors
/// When the database fails.
pub async fn attachment_remove(
    tx: &Tx,
    id: ProjectId,
    seq: i64,
    at: i64,
) -> Result<bool, StoreError> {
    let sql = "UPDATE attachment SET removed_at = $3 \
               WHERE project_id = $1 AND seq = $2 AND removed_at IS NULL";
    Ok(execute(tx, "remove an attachment", sql, values![id.0, seq, at]).await? == 1)
}

/// Lists a project's attachments that are not removed.
///
/// # Errors
/// When the database fails.
pub async fn attachment_list(
    conn: &impl Conn,
    id: ProjectId,
) -> Result<Vec<Attachment>, StoreError> {
    let sql = "SELECT seq, kind, sha256, file_name, media_type, size, user_id, added_at \
               FROM attachment WHERE project_id = $1 AND removed_at IS NULL ORDER BY seq";
    fetch_all(conn, "list attachments", sql, values![id.0]).await
}

/// Counts attachments by kind.
///
/// # Errors
/// When the database fails.
pub async fn attachment_counts(
    conn: &impl Conn,
    id: ProjectId,
) -> Result<BTreeMap<AttachmentKind, u32>, StoreError> {
    let mut counts = BTreeMap::new();
    for attachment in attachment_list(conn, id).await? {
        let kind = word(
            "attachment kind",
            &attachment.kind,
            AttachmentKind::from_word,
        )?;
        *counts.entry(kind).or_insert(0) += 1;
    }
    Ok(counts)
}
