//! Lists of matters across cases: work-lists, forwarding board, ledgers.
//!
//! What a reader would get wrong: two scopes meet here. An officer's work-list goes by the office
//! that has the matter; a ledger goes by where the project stands and who may see it.

use std::collections::BTreeMap;

use gangmu_domain::approvals::{Event, Phase};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{DepartmentId, DepartmentSet, Scope};
use jiff::civil::Date;
use sea_orm::{FromQueryResult, Value};

use super::act::{PACKED, unpacked};
use super::due::KEPT;
use super::{ITEM_READ, ItemRow, ItemStored, WITH_DUE};
use crate::condition::{bind, in_scope, one_of, within};
use crate::conn::{fetch_all, fetch_count, fetch_one, values};
use crate::library::{date, word};
use crate::{Conn, StoreError};

/// Whose acts a list brings along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WithActs {
    /// Nobody's.
    #[default]
    None,
    /// Those of matters that are still needed and not granted.
    Unfinished,
    /// All matters'.
    All,
}

/// Which matters to list.
#[derive(Clone, Debug, Default)]
pub struct WorkFilter {
    /// By the office that has the matter: units at or below this, of these departments.
    pub office: Option<Scope>,
    /// Only this very unit, not those below.
    pub exact: bool,
    /// By the project: what the actor may see.
    pub projects: Option<Scope>,
    /// Only these phases; empty for all.
    pub phases: Vec<Phase>,
    /// Only what an office has something to do with, and of cases that are open.
    pub open: bool,
    /// Only of cases that are not closed.
    pub running: bool,
    /// Only of cases that are not through: a matter before the start is still to be decided.
    pub waiting: bool,
    /// Only those that have come in.
    pub came: bool,
    /// Only matters of these codes; empty for all.
    pub items: Vec<String>,
    /// Only those of this decision level, as a word.
    pub level: Option<String>,
    /// Only those whose next due date is before this day.
    pub due_before: Option<String>,
    /// Only what may be a problem on this day; whether it is one is read from its acts.
    pub problem_on: Option<String>,
    /// Only matters that pass through more than one office.
    pub sent_up: bool,
    /// Only those that first came in from this day on.
    pub started_from: Option<String>,
    /// Only those that first came in before this day.
    pub started_before: Option<String>,
    /// Only those that were not decided before this day: decided since, or not yet.
    pub not_decided_before: Option<String>,
    /// Only those led by this department.
    pub lead: Option<DepartmentId>,
    /// Only those not granted and needed.
    pub unfinished: bool,
    /// Whose acts to bring along.
    pub acts: WithActs,
    /// How many rows to pass over.
    pub offset: i64,
    /// How many rows at most.
    pub limit: i64,
}

/// A matter with what lists say of its project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkRow {
    /// The matter.
    pub item: ItemRow,
    /// The project's name.
    pub project_name: String,
    /// The project's code; empty when it has none yet.
    pub project_code: String,
    /// Its total investment in yuan.
    pub total_investment: i64,
    /// The catalogue of its case.
    pub catalogue: i64,
    /// When the project was to start.
    pub planned_start_on: Option<String>,
    /// The day its case was closed.
    pub closed_on: Option<Date>,
    /// Its acts in order, struck ones too, where the list was asked for them.
    pub acts: Vec<Event>,
}

#[derive(FromQueryResult)]
struct WorkStored {
    project_name: String,
    project_code: Option<String>,
    total_investment: i64,
    catalogue: i64,
    planned_start_on: Option<String>,
    closed_on: Option<String>,
    acts: Option<String>,
}

fn conditions(filter: &WorkFilter, values: &mut Vec<Value>) -> String {
    let mut text = "TRUE".to_owned();
    if filter.open {
        text = "i.open = 1".to_owned();
    }
    // On a closed case nobody can do anything any more.
    if filter.open
        || filter.running
        || filter.unfinished
        || filter.problem_on.is_some()
        || filter.office.is_some()
    {
        text += " AND c.closed_on IS NULL";
    }
    if let Some(office) = &filter.office {
        text += " AND ";
        text += &match filter.exact {
            true => format!("i.unit_path = {}", bind(values, office.unit.as_str())),
            false => within("i.unit_path", &office.unit, values),
        };
        if let DepartmentSet::Only(ids) = &office.departments {
            text += " AND ";
            text += &one_of("i.department_id", ids.iter().map(|id| id.0), values);
        }
    }
    if let Some(scope) = &filter.projects {
        text += " AND ";
        text += &in_scope("p", scope, values);
    }
    if !filter.phases.is_empty() {
        text += " AND ";
        text += &one_of(
            "i.state",
            filter.phases.iter().map(|one| one.word()),
            values,
        );
    }
    if !filter.items.is_empty() {
        text += " AND ";
        text += &one_of("i.item", filter.items.iter().map(String::as_str), values);
    }
    if let Some(level) = &filter.level {
        text += &format!(" AND i.level = {}", bind(values, level.as_str()));
    }
    if let Some(day) = &filter.due_before {
        text += &format!(" AND d.due_on < {}", bind(values, day.as_str()));
    }
    text + &progress(filter, values)
}

fn progress(filter: &WorkFilter, values: &mut Vec<Value>) -> String {
    let mut text = String::new();
    if let Some(day) = &filter.problem_on {
        let day = bind(values, day.as_str());
        // What is late need not be what comes next: a clock that is not counted, or that ran out at
        // an office which has sent the matter up, is no due date of the list.
        text += &format!(
            " AND (i.state IN ('refused', 'to_clarify') OR i.open = 1 AND (d.due_on IS NULL \
             OR d.due_on < {day} OR i.state IN ('suspended', 'deferred', 'converting')))"
        );
    }
    if filter.waiting {
        text += " AND c.done_items < c.total_items";
    }
    if filter.came {
        text += " AND i.started_on IS NOT NULL";
    }
    if filter.sent_up {
        text += " AND (i.leg > 0 OR i.state = 'outside' OR d.due_for = 'forwarding')";
    }
    if let Some(day) = &filter.started_from {
        text += &format!(" AND i.started_on >= {}", bind(values, day.as_str()));
    }
    if let Some(day) = &filter.started_before {
        text += &format!(" AND i.started_on < {}", bind(values, day.as_str()));
    }
    if let Some(day) = &filter.not_decided_before {
        let day = bind(values, day.as_str());
        text += &format!(" AND (i.decided_on IS NULL OR i.decided_on >= {day})");
    }
    if let Some(lead) = filter.lead {
        text += &format!(" AND i.department_id = {}", bind(values, lead.0));
    }
    if filter.unfinished {
        text += &format!(" AND i.{UNFINISHED}");
    }
    text
}

const UNFINISHED: &str = "state NOT IN ('granted', 'not_needed')";

const FROM: &str = "FROM approval_item i \
                    JOIN project p ON p.project_id = i.project_id \
                    JOIN approval_case c ON c.project_id = i.project_id";

/// Lists matters, the most urgent first, with their acts where these are asked for: one statement
/// however many there are.
///
/// # Errors
/// When the database fails.
pub async fn work_list(conn: &impl Conn, filter: &WorkFilter) -> Result<Vec<WorkRow>, StoreError> {
    let mut values = Vec::new();
    let wanted = conditions(filter, &mut values);
    let limit = bind(&mut values, filter.limit);
    let offset = bind(&mut values, filter.offset);
    // Only the acts of what is on the page are read, so the page is found first.
    let sql = format!(
        "WITH listed AS (SELECT {ITEM_READ}, {OF_PROJECT} {FROM} {WITH_DUE} WHERE {wanted} \
         ORDER BY d.due_on NULLS LAST, i.project_id, i.position LIMIT {limit} OFFSET {offset}) \
         SELECT l.*, {} AS acts FROM listed l \
         ORDER BY l.due_on NULLS LAST, l.project_id, l.position",
        acts_wanted(filter.acts, "l"),
    );
    work_rows(conn, &sql, values).await
}

/// Lists all matters that a list would hold, by case and not by urgency, whatever part the filter
/// asks for: who goes through all of them should not wait until they are sorted.
///
/// # Errors
/// When the database fails.
pub async fn work_list_all(
    conn: &impl Conn,
    filter: &WorkFilter,
) -> Result<Vec<WorkRow>, StoreError> {
    let mut values = Vec::new();
    let wanted = conditions(filter, &mut values);
    let sql = format!(
        "SELECT {ITEM_READ}, {OF_PROJECT}, {} AS acts {FROM} {WITH_DUE} WHERE {wanted}",
        acts_wanted(filter.acts, "i"),
    );
    let mut rows = work_rows(conn, &sql, values).await?;
    rows.sort_unstable_by_key(|row| (row.item.project, row.item.position));
    Ok(rows)
}

const OF_PROJECT: &str = "p.name AS project_name, p.code AS project_code, p.total_investment, \
                          c.catalogue, c.planned_start_on, c.closed_on";

fn acts_wanted(acts: WithActs, matter: &str) -> String {
    match acts {
        WithActs::None => "CAST(NULL AS TEXT)".to_owned(),
        WithActs::Unfinished => {
            let text = acts_of(matter);
            format!("CASE WHEN {matter}.{UNFINISHED} THEN {text} END")
        }
        WithActs::All => acts_of(matter),
    }
}

async fn work_rows(
    conn: &impl Conn,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<WorkRow>, StoreError> {
    let rows = crate::conn::fetch_rows(conn, "list matters", sql, values).await?;
    let failed = crate::conn::failed("list matters");
    rows.iter()
        .map(|row| {
            let item = ItemStored::from_query_result(row, "").map_err(&failed)?;
            let rest = WorkStored::from_query_result(row, "").map_err(&failed)?;
            Ok(WorkRow {
                item: item.read()?,
                project_name: rest.project_name,
                project_code: rest.project_code.unwrap_or_default(),
                total_investment: rest.total_investment,
                catalogue: rest.catalogue,
                planned_start_on: rest.planned_start_on,
                closed_on: rest.closed_on.as_deref().map(date).transpose()?,
                acts: unpacked(rest.acts.as_deref().unwrap_or_default())?,
            })
        })
        .collect()
}

/// All acts of a matter as one text: a row for each would cost several times as much as the acts.
fn acts_of(matter: &str) -> String {
    format!(
        "(SELECT {PACKED} FROM approval_event e \
         WHERE e.project_id = {matter}.project_id AND e.item = {matter}.item)"
    )
}

/// Counts the matters a list would hold.
///
/// # Errors
/// When the database fails.
pub async fn work_count(conn: &impl Conn, filter: &WorkFilter) -> Result<i64, StoreError> {
    let mut values = Vec::new();
    let wanted = conditions(filter, &mut values);
    let sql = format!("SELECT COUNT(*) AS n {FROM} {WITH_DUE} WHERE {wanted}");
    fetch_count(conn, "count matters", &sql, values).await
}

/// A part of the open matters, by key.
#[derive(Clone, Copy, Debug)]
pub struct OpenPart<'a> {
    /// After this one.
    pub after: (ProjectId, &'a str),
    /// Only what was due before due dates stood beside what they follow from.
    pub kept: bool,
    /// How many at most.
    pub limit: i64,
}

impl OpenPart<'_> {
    fn conditions(&self, values: &mut Vec<Value>) -> String {
        let project = bind(values, self.after.0.0);
        let item = bind(values, self.after.1);
        let mut text = format!("i.open = 1 AND (i.project_id, i.item) > ({project}, {item})");
        if self.kept {
            text += &format!(
                " AND i.due_id IN (SELECT due_id FROM approval_due WHERE basis LIKE '{KEPT}%')"
            );
        }
        text
    }
}

/// An open matter with what its clocks are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRow {
    /// The matter.
    pub item: ItemRow,
    /// The catalogue of its case.
    pub catalogue: i64,
    /// When the project was to start.
    pub planned_start: Option<Date>,
    /// Its acts in order, struck ones too.
    pub acts: Vec<Event>,
}

#[derive(FromQueryResult)]
struct OpenStored {
    catalogue: i64,
    planned_start_on: Option<String>,
    acts: Option<String>,
}

/// Lists open matters by key after one, for work that goes through all of them in parts: one
/// statement a part.
///
/// # Errors
/// When the database fails.
pub async fn open_list_after(
    conn: &impl Conn,
    part: OpenPart<'_>,
) -> Result<Vec<OpenRow>, StoreError> {
    let mut values = Vec::new();
    let wanted = part.conditions(&mut values);
    let limit = bind(&mut values, part.limit);
    // The few that were kept are found by their due dates, all others in the order of their key.
    let index = match part.kept {
        true => "approval_item_due",
        false => "approval_item_open",
    };
    let sql = format!(
        "WITH part AS (SELECT {ITEM_READ} FROM approval_item i{} {WITH_DUE} WHERE {wanted} \
         ORDER BY i.project_id, i.item LIMIT {limit}) \
         SELECT l.*, c.catalogue, c.planned_start_on, {} AS acts \
         FROM part l JOIN approval_case c ON c.project_id = l.project_id \
         ORDER BY l.project_id, l.item",
        conn.engine().by_index(index),
        acts_of("l"),
    );
    let rows = crate::conn::fetch_rows(conn, "list open matters", &sql, values).await?;
    let failed = crate::conn::failed("list open matters");
    rows.iter()
        .map(|row| {
            let item = ItemStored::from_query_result(row, "").map_err(&failed)?;
            let rest = OpenStored::from_query_result(row, "").map_err(&failed)?;
            Ok(OpenRow {
                item: item.read()?,
                catalogue: rest.catalogue,
                planned_start: rest.planned_start_on.as_deref().map(date).transpose()?,
                acts: unpacked(rest.acts.as_deref().unwrap_or_default())?,
            })
        })
        .collect()
}

#[derive(FromQueryResult)]
struct PhaseStored {
    project_id: i64,
    item: String,
    state: String,
}

/// Lists where the matters of some cases stand.
///
/// # Errors
/// When the database fails.
pub async fn phase_list_of(
    conn: &impl Conn,
    projects: &[ProjectId],
) -> Result<BTreeMap<ProjectId, Vec<(String, Phase)>>, StoreError> {
    let mut found: BTreeMap<ProjectId, Vec<(String, Phase)>> = BTreeMap::new();
    for part in projects.chunks(500) {
        let mut values = Vec::new();
        let wanted = one_of("project_id", part.iter().map(|id| id.0), &mut values);
        let sql = format!(
            "SELECT project_id, item, state FROM approval_item WHERE {wanted} \
             ORDER BY project_id, position"
        );
        let rows: Vec<PhaseStored> = fetch_all(conn, "list phases", &sql, values).await?;
        for row in rows {
            let phase = word("phase", &row.state, Phase::from_word)?;
            let of = found.entry(ProjectId(row.project_id)).or_default();
            of.push((row.item, phase));
        }
    }
    Ok(found)
}

/// How many cases, and how far they are (手续办结率).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct CaseTally {
    /// Cases.
    pub cases: i64,
    /// Of these, with every matter before the start through.
    pub through: i64,
    /// Matters before the start.
    pub items: i64,
    /// Of these, granted or not needed.
    pub done: i64,
}

/// Counts the cases that are not closed, and their matters, of the projects in a scope.
///
/// # Errors
/// When the database fails.
pub async fn case_tally(conn: &impl Conn, scope: &Scope) -> Result<CaseTally, StoreError> {
    let mut values = Vec::new();
    let within = in_scope("p", scope, &mut values);
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) AS cases, \
         CAST(COUNT(*) FILTER (WHERE c.done_items = c.total_items) AS BIGINT) AS through, \
         CAST(COALESCE(SUM(c.total_items), 0) AS BIGINT) AS items, \
         CAST(COALESCE(SUM(c.done_items), 0) AS BIGINT) AS done \
         FROM approval_case c JOIN project p ON p.project_id = c.project_id \
         WHERE c.closed_on IS NULL AND {within}"
    );
    let row = fetch_one(conn, "count cases", &sql, values).await?;
    Ok(row.unwrap_or_default())
}

/// Lists projects before implementation that have no case, by number.
///
/// # Errors
/// When the database fails.
pub async fn caseless_list(conn: &impl Conn, limit: i64) -> Result<Vec<i64>, StoreError> {
    #[derive(FromQueryResult)]
    struct Caseless {
        project_id: i64,
    }
    let sql = "SELECT p.project_id FROM project p \
               LEFT JOIN approval_case c ON c.project_id = p.project_id \
               WHERE c.project_id IS NULL AND p.stage IN ('concept', 'reserve', 'preparation') \
               ORDER BY p.project_id LIMIT $1";
    let rows: Vec<Caseless> =
        fetch_all(conn, "list projects without a case", sql, values![limit]).await?;
    Ok(rows.into_iter().map(|row| row.project_id).collect())
}

/// Counts the cases that are open and not through.
///
/// # Errors
/// When the database fails.
pub async fn case_open_count(conn: &impl Conn) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM approval_case \
               WHERE closed_on IS NULL AND done_items < total_items";
    fetch_count(conn, "count open cases", sql, Vec::new()).await
}
