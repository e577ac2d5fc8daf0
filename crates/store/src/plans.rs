//! Plans, their versions, the tasks that charge an office, and values that were handed in.
//!
//! What a reader would get wrong: the content of a version stands as one text, so that what was
//! adopted can be read unchanged for ever; `plan_duty` is a copy of the version in force for
//! finding an office's tasks, written by whoever adopts one.

mod body;
mod files;

use std::collections::BTreeMap;

pub use files::{
    EvidenceRow, ImportRow, plan_import_adopt, plan_import_get, plan_import_insert,
    plan_import_list,
};

use gangmu_domain::organisation::{DepartmentId, Scope, UnitPath, UserId};
use gangmu_domain::plans::{Content, Office, PlanId, PlanKind, PlanState, Quantity};
use jiff::civil::Date;
use sea_orm::{FromQueryResult, Value};

use crate::condition::{bind, within};
use crate::conn::sealed::Raw as _;
use crate::conn::{execute, fetch_all, fetch_count, fetch_one, sequence_take, values};
use crate::library::{date, word};
use crate::{Conn, StoreError, Tx};

/// A plan as stored, without what its versions say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRow {
    /// Its number.
    pub id: PlanId,
    /// Counts the changes; a change must name the one it was made on.
    pub edit: i64,
    /// What kind of paper it is.
    pub kind: PlanKind,
    /// Whose it is.
    pub office: Office,
    /// The plan it hangs under.
    pub parent: Option<PlanId>,
    /// What it is called.
    pub title: String,
    /// The first day of its time.
    pub from: Date,
    /// The last day of its time.
    pub until: Date,
    /// Where it stands.
    pub state: PlanState,
    /// The version in force; zero before the first.
    pub version: u32,
    /// Whether the next version is being written.
    pub draft: bool,
}

/// A version of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    /// Counts the versions from 1.
    pub version: u32,
    /// The day it was adopted; `None` while it is written.
    pub adopted_on: Option<Date>,
    /// The number of the document it was issued with.
    pub document_no: String,
    /// Why it differs from the version before; empty for the first.
    pub reason: String,
    /// Who adopted it, or wrote in it last.
    pub user: UserId,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What it says.
    pub content: Content,
}

/// A task that charges an office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyRow {
    /// The plan.
    pub plan: PlanId,
    /// The task's key.
    pub task: u32,
    /// Whose.
    pub office: Office,
    /// Whether the office leads.
    pub leads: bool,
    /// By when.
    pub due: Date,
}

/// A value that somebody handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueRow {
    /// Counts the values of the indicator.
    pub seq: i64,
    /// The day it was true.
    pub on: Date,
    /// The value.
    pub quantity: Quantity,
    /// What proves it, in words.
    pub evidence: String,
    /// Files that prove it.
    pub files: Vec<EvidenceRow>,
    /// Who.
    pub user: UserId,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

#[derive(FromQueryResult)]
struct Stored {
    plan_id: i64,
    edit: i64,
    kind: String,
    unit_path: String,
    department_id: i64,
    parent_id: i64,
    title: String,
    from_on: String,
    until_on: String,
    state: String,
    version: i64,
    draft: i64,
}

const COLUMNS: &str = "plan_id, edit, kind, unit_path, department_id, parent_id, title, from_on, \
                       until_on, state, version, draft";

impl Stored {
    fn read(self) -> Result<PlanRow, StoreError> {
        Ok(PlanRow {
            id: PlanId(self.plan_id),
            edit: self.edit,
            kind: word("plan kind", &self.kind, PlanKind::from_word)?,
            office: office(self.unit_path, self.department_id),
            parent: (self.parent_id != 0).then_some(PlanId(self.parent_id)),
            title: self.title,
            from: date(&self.from_on)?,
            until: date(&self.until_on)?,
            state: word("plan state", &self.state, PlanState::from_word)?,
            version: key(self.version)?,
            draft: self.draft != 0,
        })
    }
}

pub(crate) fn office(unit: String, department: i64) -> Office {
    Office {
        unit: UnitPath::from_stored(unit),
        department: (department != 0).then_some(DepartmentId(department)),
    }
}

pub(crate) fn key(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::Corrupt {
        what: "key",
        found: number.to_string(),
    })
}

pub(crate) fn department(office: &Office) -> i64 {
    office.department.map_or(0, |one| one.0)
}

/// Adds a plan, and returns its number.
///
/// # Errors
/// When the database fails.
pub async fn plan_insert(tx: &Tx, plan: &PlanRow, at: i64) -> Result<PlanId, StoreError> {
    let id = sequence_take(tx, "plan", 1).await?;
    let sql = format!(
        "INSERT INTO plan ({COLUMNS}, at) \
         VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    let values = values![
        id,
        plan.kind.word(),
        plan.office.unit.as_str(),
        department(&plan.office),
        plan.parent.map_or(0, |one| one.0),
        plan.title.as_str(),
        plan.from.to_string(),
        plan.until.to_string(),
        plan.state.word(),
        i64::from(plan.version),
        i64::from(plan.draft),
        at,
    ];
    execute(tx, "add a plan", &sql, values).await?;
    Ok(PlanId(id))
}

/// Saves a plan; returns whether it was still at its edit.
///
/// # Errors
/// When the database fails.
pub async fn plan_update(tx: &Tx, plan: &PlanRow) -> Result<bool, StoreError> {
    let sql = "UPDATE plan SET edit = edit + 1, parent_id = $3, title = $4, from_on = $5, \
               until_on = $6, state = $7, version = $8, draft = $9 \
               WHERE plan_id = $1 AND edit = $2";
    let values = values![
        plan.id.0,
        plan.edit,
        plan.parent.map_or(0, |one| one.0),
        plan.title.as_str(),
        plan.from.to_string(),
        plan.until.to_string(),
        plan.state.word(),
        i64::from(plan.version),
        i64::from(plan.draft),
    ];
    Ok(execute(tx, "save a plan", sql, values).await? == 1)
}

/// Removes a plan that was never adopted, with its draft.
///
/// # Errors
/// When the database fails.
pub async fn plan_remove(tx: &Tx, plan: PlanId) -> Result<(), StoreError> {
    let sql = "DELETE FROM plan_version WHERE plan_id = $1";
    execute(tx, "remove a draft", sql, values![plan.0]).await?;
    let sql = "DELETE FROM plan_import WHERE plan_id = $1";
    execute(tx, "remove the tables", sql, values![plan.0]).await?;
    let sql = "DELETE FROM plan WHERE plan_id = $1 AND version = 0";
    execute(tx, "remove a plan", sql, values![plan.0]).await?;
    Ok(())
}

/// Reads a plan.
///
/// # Errors
/// When the database fails.
pub async fn plan_get(conn: &impl Conn, plan: PlanId) -> Result<Option<PlanRow>, StoreError> {
    plan_read(conn, plan, "").await
}

/// Reads a plan and keeps it for this transaction alone.
///
/// # Errors
/// When the database fails.
pub async fn plan_lock(tx: &Tx, plan: PlanId) -> Result<Option<PlanRow>, StoreError> {
    plan_read(tx, plan, tx.engine().for_update()).await
}

async fn plan_read(
    conn: &impl Conn,
    plan: PlanId,
    lock: &str,
) -> Result<Option<PlanRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM plan WHERE plan_id = $1{lock}");
    let row: Option<Stored> = fetch_one(conn, "read a plan", &sql, values![plan.0]).await?;
    row.map(Stored::read).transpose()
}

/// Which plans.
#[derive(Clone, Debug, Default)]
pub struct PlanFilter {
    /// What may be seen: plans in force of units within the scope's unit and of those above it,
    /// and drafts of its own unit and departments.
    pub scope: Option<Scope>,
    /// Whose drafts may be seen besides: the offices a person writes plans for.
    pub writes: Option<Scope>,
    /// Only plans of this unit or below.
    pub unit: Option<UnitPath>,
    /// Only this kind.
    pub kind: Option<PlanKind>,
    /// Only this state.
    pub state: Option<PlanState>,
    /// Only those that hang under this plan.
    pub parent: Option<PlanId>,
    /// Only those under supervision.
    pub supervised: bool,
    /// Only titles that hold this.
    pub text: Option<String>,
    /// At most so many.
    pub limit: i64,
    /// After so many.
    pub offset: i64,
}

fn conditions(filter: &PlanFilter, values: &mut Vec<Value>) -> String {
    let mut all = vec!["TRUE".to_owned()];
    if let Some(scope) = &filter.scope {
        let mut seen = vec![within("unit_path", &scope.unit, values)];
        let above: Vec<String> = scope
            .unit
            .ancestry()
            .map(|unit| bind(values, unit.as_str()))
            .collect();
        seen.push(format!("unit_path IN ({})", above.join(", ")));
        let mut visible = format!("version > 0 AND (({}))", seen.join(") OR ("));
        if let Some(writes) = &filter.writes {
            let unit = bind(values, writes.unit.as_str());
            let own = crate::pipeline::departments_condition(
                &writes.departments,
                "department_id",
                values,
            );
            visible = format!("({visible}) OR (unit_path = {unit}{own})");
        }
        all.push(format!("({visible})"));
    }
    if let Some(unit) = &filter.unit {
        all.push(within("unit_path", unit, values));
    }
    if let Some(kind) = filter.kind {
        all.push(format!("kind = {}", bind(values, kind.word())));
    }
    if let Some(state) = filter.state {
        all.push(format!("state = {}", bind(values, state.word())));
    }
    if let Some(parent) = filter.parent {
        all.push(format!("parent_id = {}", bind(values, parent.0)));
    }
    if filter.supervised {
        all.push("plan_id IN (SELECT plan_id FROM supervision)".to_owned());
    }
    if let Some(text) = &filter.text {
        let escaped = text.to_lowercase().replace(['\\', '%', '_'], " ");
        let like = bind(values, format!("%{escaped}%"));
        all.push(format!("lower(title) LIKE {like}"));
    }
    all.join(" AND ")
}

/// Lists plans: those that hang under none first, then by unit, department and number.
///
/// # Errors
/// When the database fails.
pub async fn plan_list(conn: &impl Conn, filter: &PlanFilter) -> Result<Vec<PlanRow>, StoreError> {
    let mut values = Vec::new();
    let wanted = conditions(filter, &mut values);
    let limit = bind(&mut values, filter.limit);
    let offset = bind(&mut values, filter.offset);
    let sql = format!(
        "SELECT {COLUMNS} FROM plan WHERE {wanted} \
         ORDER BY CASE WHEN parent_id = 0 THEN 0 ELSE 1 END, unit_path, department_id, plan_id \
         LIMIT {limit} OFFSET {offset}"
    );
    let rows: Vec<Stored> = fetch_all(conn, "list plans", &sql, values).await?;
    rows.into_iter().map(Stored::read).collect()
}

/// Counts the plans a list would hold.
///
/// # Errors
/// When the database fails.
pub async fn plan_count(conn: &impl Conn, filter: &PlanFilter) -> Result<i64, StoreError> {
    let mut values = Vec::new();
    let wanted = conditions(filter, &mut values);
    let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM plan WHERE {wanted}");
    fetch_count(conn, "count plans", &sql, values).await
}

#[derive(FromQueryResult)]
struct VersionStored {
    plan_id: i64,
    version: i64,
    adopted_on: Option<String>,
    document_no: String,
    reason: String,
    user_id: i64,
    at: i64,
    body: String,
}

const VERSION_COLUMNS: &str =
    "plan_id, version, adopted_on, document_no, reason, user_id, at, body";

impl VersionStored {
    fn read(self) -> Result<VersionRow, StoreError> {
        Ok(VersionRow {
            version: key(self.version)?,
            adopted_on: self.adopted_on.as_deref().map(date).transpose()?,
            document_no: self.document_no,
            reason: self.reason,
            user: UserId(self.user_id),
            at: self.at,
            content: body::content_from(&self.body)?,
        })
    }
}

/// Writes a version: a new one, or a draft once more. What was adopted is never written again.
///
/// # Errors
/// [`StoreError::Exists`] when that version was adopted, or when the database fails.
pub async fn plan_version_put(
    tx: &Tx,
    plan: PlanId,
    version: &VersionRow,
) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO plan_version ({VERSION_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (plan_id, version) DO UPDATE SET adopted_on = excluded.adopted_on, \
         document_no = excluded.document_no, reason = excluded.reason, \
         user_id = excluded.user_id, at = excluded.at, body = excluded.body \
         WHERE plan_version.adopted_on IS NULL"
    );
    let values = values![
        plan.0,
        i64::from(version.version),
        version.adopted_on.map(|day| day.to_string()),
        version.document_no.as_str(),
        version.reason.as_str(),
        version.user.0,
        version.at,
        body::content_text(&version.content),
    ];
    match execute(tx, "write a version", &sql, values).await? {
        0 => Err(StoreError::Exists { what: "version" }),
        _ => Ok(()),
    }
}

/// Removes the draft of a version.
///
/// # Errors
/// When the database fails.
pub async fn plan_draft_remove(tx: &Tx, plan: PlanId) -> Result<(), StoreError> {
    let sql = "DELETE FROM plan_version WHERE plan_id = $1 AND adopted_on IS NULL";
    execute(tx, "remove a draft", sql, values![plan.0]).await?;
    Ok(())
}

/// Reads a version of a plan.
///
/// # Errors
/// When the database fails.
pub async fn plan_version_get(
    conn: &impl Conn,
    plan: PlanId,
    version: u32,
) -> Result<Option<VersionRow>, StoreError> {
    let sql =
        format!("SELECT {VERSION_COLUMNS} FROM plan_version WHERE plan_id = $1 AND version = $2");
    let values = values![plan.0, i64::from(version)];
    let row: Option<VersionStored> = fetch_one(conn, "read a version", &sql, values).await?;
    row.map(VersionStored::read).transpose()
}

/// Lists the versions of a plan, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn plan_version_list(
    conn: &impl Conn,
    plan: PlanId,
) -> Result<Vec<VersionRow>, StoreError> {
    let sql =
        format!("SELECT {VERSION_COLUMNS} FROM plan_version WHERE plan_id = $1 ORDER BY version");
    let rows: Vec<VersionStored> = fetch_all(conn, "list versions", &sql, values![plan.0]).await?;
    rows.into_iter().map(VersionStored::read).collect()
}

/// Reads the versions in force of several plans.
///
/// # Errors
/// When the database fails.
pub async fn plan_version_in_force(
    conn: &impl Conn,
    plans: &[PlanId],
) -> Result<BTreeMap<PlanId, VersionRow>, StoreError> {
    let mut found = BTreeMap::new();
    for part in plans.chunks(500) {
        let mut values = Vec::new();
        let places: Vec<String> = part.iter().map(|id| bind(&mut values, id.0)).collect();
        let columns: Vec<String> = VERSION_COLUMNS
            .split(", ")
            .map(|one| format!("v.{one}"))
            .collect();
        let sql = format!(
            "SELECT {} FROM plan_version v JOIN plan p ON p.plan_id = v.plan_id \
             AND p.version = v.version WHERE p.plan_id IN ({}) ORDER BY v.plan_id",
            columns.join(", "),
            places.join(", ")
        );
        let rows: Vec<VersionStored> = fetch_all(conn, "list versions", &sql, values).await?;
        for row in rows {
            found.insert(PlanId(row.plan_id), row.read()?);
        }
    }
    Ok(found)
}

/// Writes which tasks of the version in force charge which office, in place of what stood there.
///
/// # Errors
/// When the database fails.
pub async fn plan_duty_put(tx: &Tx, plan: PlanId, duties: &[DutyRow]) -> Result<(), StoreError> {
    let sql = "DELETE FROM plan_duty WHERE plan_id = $1";
    execute(tx, "remove duties", sql, values![plan.0]).await?;
    for duty in duties {
        let sql = "INSERT INTO plan_duty (unit_path, department_id, plan_id, task, leads, due_on) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
        let values = values![
            duty.office.unit.as_str(),
            department(&duty.office),
            plan.0,
            i64::from(duty.task),
            i64::from(duty.leads),
            duty.due.to_string(),
        ];
        execute(tx, "add a duty", sql, values).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct DutyStored {
    unit_path: String,
    department_id: i64,
    plan_id: i64,
    task: i64,
    leads: i64,
    due_on: String,
}

impl DutyStored {
    fn read(self) -> Result<DutyRow, StoreError> {
        Ok(DutyRow {
            plan: PlanId(self.plan_id),
            task: key(self.task)?,
            office: office(self.unit_path, self.department_id),
            leads: self.leads != 0,
            due: date(&self.due_on)?,
        })
    }
}

/// Lists the tasks in force that charge offices of a unit, the most urgent first.
///
/// # Errors
/// When the database fails.
pub async fn plan_duty_list(conn: &impl Conn, scope: &Scope) -> Result<Vec<DutyRow>, StoreError> {
    let mut values = values![scope.unit.as_str()];
    let own =
        crate::pipeline::departments_condition(&scope.departments, "department_id", &mut values);
    let sql = format!(
        "SELECT unit_path, department_id, plan_id, task, leads, due_on FROM plan_duty \
         WHERE unit_path = $1{own} ORDER BY due_on, plan_id, task, department_id"
    );
    let rows: Vec<DutyStored> = fetch_all(conn, "list duties", &sql, values).await?;
    rows.into_iter().map(DutyStored::read).collect()
}

/// Lists which offices the tasks of a plan charge.
///
/// # Errors
/// When the database fails.
pub async fn plan_duty_of(conn: &impl Conn, plan: PlanId) -> Result<Vec<DutyRow>, StoreError> {
    let sql = "SELECT unit_path, department_id, plan_id, task, leads, due_on FROM plan_duty \
               WHERE plan_id = $1 ORDER BY task, leads DESC, unit_path, department_id";
    let rows: Vec<DutyStored> = fetch_all(conn, "list duties", sql, values![plan.0]).await?;
    rows.into_iter().map(DutyStored::read).collect()
}

#[derive(FromQueryResult)]
struct LastValue {
    seq: i64,
}

/// Adds a value that was handed in, with its files, and returns its number; the one it names is
/// ignored.
///
/// # Errors
/// [`StoreError::Exists`] when another was added meanwhile, or when the database fails.
pub async fn plan_value_insert(
    tx: &Tx,
    plan: PlanId,
    indicator: u32,
    value: &ValueRow,
) -> Result<i64, StoreError> {
    let sql = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) AS seq FROM plan_value \
               WHERE plan_id = $1 AND indicator = $2";
    let values = values![plan.0, i64::from(indicator)];
    let last: Option<LastValue> = fetch_one(tx, "count the values", sql, values).await?;
    let seq = last.map_or(0, |last| last.seq) + 1;
    let sql = "INSERT INTO plan_value (plan_id, indicator, seq, on_date, quantity, evidence, \
               user_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    let values = values![
        plan.0,
        i64::from(indicator),
        seq,
        value.on.to_string(),
        value.quantity.0,
        value.evidence.as_str(),
        value.user.0,
        value.at,
    ];
    if execute(tx, "add a value", sql, values).await? == 0 {
        return Err(StoreError::Exists { what: "value" });
    }
    files::evidence_insert(tx, (plan, indicator, seq), &value.files).await?;
    Ok(seq)
}

#[derive(FromQueryResult)]
struct ValueStored {
    indicator: i64,
    seq: i64,
    on_date: String,
    quantity: i64,
    evidence: String,
    user_id: i64,
    at: i64,
}

/// Lists the values handed in for a plan's indicators, by day and then as they came.
///
/// # Errors
/// When the database fails.
pub async fn plan_value_list(
    conn: &impl Conn,
    plan: PlanId,
) -> Result<BTreeMap<u32, Vec<ValueRow>>, StoreError> {
    let sql = "SELECT indicator, seq, on_date, quantity, evidence, user_id, at FROM plan_value \
               WHERE plan_id = $1 ORDER BY indicator, on_date, seq";
    let rows: Vec<ValueStored> = fetch_all(conn, "list values", sql, values![plan.0]).await?;
    let mut files = files::evidence_of(conn, plan).await?;
    let mut found: BTreeMap<u32, Vec<ValueRow>> = BTreeMap::new();
    for row in rows {
        let indicator = key(row.indicator)?;
        found.entry(indicator).or_default().push(ValueRow {
            seq: row.seq,
            files: files.remove(&(indicator, row.seq)).unwrap_or_default(),
            on: date(&row.on_date)?,
            quantity: Quantity(row.quantity),
            evidence: row.evidence,
            user: UserId(row.user_id),
            at: row.at,
        });
    }
    Ok(found)
}
