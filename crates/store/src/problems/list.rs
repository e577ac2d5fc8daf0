//! The ledger: which problems a person sees, and what they hold up.
//!
//! What a reader would get wrong: three roads lead to a problem. It holds up a project one sees; it
//! was handed to one's own office; one's own unit coordinates it.

use std::collections::BTreeMap;

use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{DepartmentSet, Scope, UnitPath, UserId};
use gangmu_domain::problems::Phase;
use jiff::civil::Date;
use sea_orm::{FromQueryResult, Value};

use super::{Block, COLUMNS, ProblemRow, Stored};
use crate::condition::{bind, in_scope, one_of, within};
use crate::conn::{execute, fetch_all, fetch_count, fetch_one, values};
use crate::library::{LEFT, date};
use crate::{Conn, StoreError, Tx};

/// Which problems to list.
#[derive(Clone, Debug, Default)]
pub struct ProblemFilter {
    /// What the person may see; all only for work that goes through everything.
    pub scope: Option<Scope>,
    /// Only those that hold up a project in this subtree.
    pub unit: Option<UnitPath>,
    /// Only those whose next step is this very office's.
    pub waits_for: Option<Scope>,
    /// Only those that hold up this project.
    pub project: Option<ProjectId>,
    /// Only those that hold up a project this person answers for on a day.
    pub answers_for: Option<(UserId, String)>,
    /// Only these phases; empty for all.
    pub phases: Vec<Phase>,
    /// Only those that still stand in the way.
    pub open: bool,
    /// Only those of this kind.
    pub kind: Option<String>,
    /// Only those coordinated on this level.
    pub level: Option<String>,
    /// Only those whose next step is due on this day or later.
    pub due_from: Option<String>,
    /// Only those whose next step is due before this day.
    pub due_before: Option<String>,
    /// Only those whose title holds this.
    pub text: Option<String>,
    /// Only those of exactly one of these titles; empty for all.
    pub titles: Vec<String>,
    /// How many rows to pass over.
    pub offset: i64,
    /// How many rows at most.
    pub limit: i64,
}

/// Writes `$1, $2, …` for so many values.
pub(super) fn places(n: usize) -> String {
    let all: Vec<String> = (1..=n).map(|at| format!("${at}")).collect();
    all.join(", ")
}

/// The office itself, not those below: a commission's problems are those without a department.
fn of_office(scope: &Scope, values: &mut Vec<Value>) -> String {
    let unit = bind(values, scope.unit.as_str());
    let department = match &scope.departments {
        DepartmentSet::All => "r.party_department = 0".to_owned(),
        DepartmentSet::Only(ids) => one_of("r.party_department", ids.iter().map(|id| id.0), values),
    };
    format!("(r.party = 'office' AND r.party_path = {unit} AND {department})")
}

fn holds_up(condition: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM problem_block b JOIN project p ON p.project_id = b.project_id \
         WHERE b.problem_id = r.problem_id AND {condition})"
    )
}

/// An answer is the office's that has the problem; everything else is the coordinator's.
fn waits_for(scope: &Scope, values: &mut Vec<Value>) -> String {
    if scope.reporter.is_some() {
        let held = holds_up(&in_scope("p", scope, values));
        return format!("(r.party = 'owner' AND r.state = 'handed_over' AND {held})");
    }
    let office = of_office(scope, values);
    let mut text = format!("({office} AND r.state = 'handed_over'");
    if scope.departments == DepartmentSet::All {
        let unit = bind(values, scope.unit.as_str());
        text += &format!(
            " OR r.coordinator_path = {unit} \
             AND r.state IN ('raised', 'accepted', 'answered', 'verified')"
        );
    }
    text + ")"
}

fn seen_by(scope: &Scope, values: &mut Vec<Value>) -> String {
    let held = holds_up(&in_scope("p", scope, values));
    if scope.reporter.is_some() {
        return held;
    }
    let office = of_office(scope, values);
    let mut roads = format!("({held} OR {office}");
    if scope.departments == DepartmentSet::All {
        roads += " OR ";
        roads += &within("r.coordinator_path", &scope.unit, values);
    }
    roads + ")"
}

fn conditions(filter: &ProblemFilter, values: &mut Vec<Value>) -> String {
    let mut all = vec!["TRUE".to_owned()];
    if let Some(scope) = &filter.scope {
        all.push(seen_by(scope, values));
    }
    if let Some(unit) = &filter.unit {
        all.push(holds_up(&within("p.unit_path", unit, values)));
    }
    if let Some(office) = &filter.waits_for {
        all.push(waits_for(office, values));
    }
    if let Some(project) = filter.project {
        let project = bind(values, project.0);
        all.push(holds_up(&format!("p.project_id = {project}")));
    }
    if let Some((user, day)) = &filter.answers_for {
        let user = bind(values, user.0);
        let day = bind(values, day.as_str());
        all.push(holds_up(&format!(
            "p.project_id IN (SELECT a.project_id FROM assignment a WHERE a.holder_user = {user} \
             AND a.from_on <= {day} AND (a.to_on IS NULL OR a.to_on >= {day}))"
        )));
    }
    if !filter.phases.is_empty() {
        let words = filter.phases.iter().map(|one| one.word());
        all.push(one_of("r.state", words, values));
    }
    if !filter.titles.is_empty() {
        let titles = filter.titles.iter().map(String::as_str);
        all.push(one_of("r.title", titles, values));
    }
    if filter.open {
        all.push("r.open = 1".to_owned());
    }
    for (column, wanted) in [("r.kind", &filter.kind), ("r.level", &filter.level)] {
        if let Some(word) = wanted {
            all.push(format!("{column} = {}", bind(values, word.as_str())));
        }
    }
    if let Some(day) = &filter.due_before {
        all.push(format!(
            "r.open = 1 AND r.due_on < {}",
            bind(values, day.as_str())
        ));
    }
    if let Some(day) = &filter.due_from {
        all.push(format!("r.due_on >= {}", bind(values, day.as_str())));
    }
    if let Some(text) = &filter.text {
        let escaped = text.to_lowercase().replace(['\\', '%', '_'], " ");
        let like = bind(values, format!("%{escaped}%"));
        all.push(format!("lower(r.title) LIKE {like}"));
    }
    all.join(" AND ")
}

/// Lists problems: open ones first, the most urgent on top, then those struck off, newest first.
///
/// # Errors
/// When the database fails.
pub async fn problem_list(
    conn: &impl Conn,
    filter: &ProblemFilter,
) -> Result<Vec<ProblemRow>, StoreError> {
    let mut values = Vec::new();
    let wanted = conditions(filter, &mut values);
    let columns: Vec<String> = COLUMNS.split(", ").map(|one| format!("r.{one}")).collect();
    let limit = bind(&mut values, filter.limit);
    let offset = bind(&mut values, filter.offset);
    let sql = format!(
        "SELECT {} FROM problem r WHERE {wanted} ORDER BY r.open DESC, r.due_on NULLS LAST, \
         r.ended_on DESC NULLS LAST, r.problem_id LIMIT {limit} OFFSET {offset}",
        columns.join(", ")
    );
    let rows: Vec<Stored> = fetch_all(conn, "list problems", &sql, values).await?;
    rows.into_iter().map(Stored::read).collect()
}

/// Counts the problems a list would hold.
///
/// # Errors
/// When the database fails.
pub async fn problem_count(conn: &impl Conn, filter: &ProblemFilter) -> Result<i64, StoreError> {
    let mut values = Vec::new();
    let wanted = conditions(filter, &mut values);
    let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM problem r WHERE {wanted}");
    fetch_count(conn, "count problems", &sql, values).await
}

/// What the problems of a list hold up (受阻项目和投资).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct ProblemTally {
    /// Projects, each counted once however many problems it has.
    pub projects: i64,
    /// Their total investment in yuan.
    pub total_investment: i64,
}

/// The projects `q` that the person may see.
fn visible(filter: &ProblemFilter, values: &mut Vec<Value>) -> String {
    let scope = filter.scope.as_ref();
    scope.map_or_else(|| "TRUE".to_owned(), |scope| in_scope("q", scope, values))
}

/// Adds up what the problems of a list hold up, each project once; only projects in the scope, and
/// nobody holds up what has left the pipeline.
///
/// # Errors
/// When the database fails.
pub async fn problem_tally(
    conn: &impl Conn,
    filter: &ProblemFilter,
) -> Result<ProblemTally, StoreError> {
    let mut values = Vec::new();
    let wanted = conditions(filter, &mut values);
    let visible = visible(filter, &mut values);
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) AS projects, \
         CAST(COALESCE(SUM(q.total_investment), 0) AS BIGINT) AS total_investment \
         FROM project q WHERE {visible} AND q.project_id IN (SELECT k.project_id \
         FROM problem_block k JOIN problem r ON r.problem_id = k.problem_id WHERE {wanted} \
         AND (q.stage NOT IN ({LEFT}) OR r.ended_on <= q.stage_since \
         OR (r.open = 0 AND NOT EXISTS (SELECT 1 FROM problem_block h \
         WHERE h.problem_id = r.problem_id AND h.since <> '' AND h.project_id <> q.project_id))))"
    );
    let row = fetch_one(conn, "add up problems", &sql, values).await?;
    Ok(row.unwrap_or_default())
}

/// From when until when a problem held up a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemSpan {
    /// The project.
    pub project: ProjectId,
    /// The day the problem was raised, or the project came to be held up by it.
    pub raised_on: Date,
    /// The day it ended or the project left; `None` while it stands.
    pub ended_on: Option<Date>,
}

/// Lists from when until when the problems of a list held up projects in the scope, by project; what
/// was declined never did.
///
/// # Errors
/// When the database fails.
pub async fn problem_span_list(
    conn: &impl Conn,
    filter: &ProblemFilter,
) -> Result<Vec<ProblemSpan>, StoreError> {
    #[derive(FromQueryResult)]
    struct Found {
        project_id: i64,
        raised_on: String,
        ended_on: Option<String>,
    }
    let mut values = Vec::new();
    let wanted = conditions(filter, &mut values);
    let visible = visible(filter, &mut values);
    let sql = format!(
        "SELECT q.project_id, r.problem_id, \
         CASE WHEN k.since > r.raised_on THEN k.since ELSE r.raised_on END AS raised_on, \
         CASE WHEN q.stage IN ({LEFT}) AND (r.ended_on IS NULL OR r.ended_on > q.stage_since) \
         THEN q.stage_since ELSE r.ended_on END AS ended_on FROM problem_block k \
         JOIN problem r ON r.problem_id = k.problem_id \
         JOIN project q ON q.project_id = k.project_id \
         WHERE {wanted} AND {visible} AND r.state <> 'declined' \
         GROUP BY q.project_id, r.problem_id, k.since, r.raised_on, r.ended_on, q.stage, \
         q.stage_since ORDER BY q.project_id, 3, r.problem_id"
    );
    let rows: Vec<Found> = fetch_all(conn, "list what was held up", &sql, values).await?;
    let span = |row: Found| {
        Ok(ProblemSpan {
            project: ProjectId(row.project_id),
            raised_on: date(&row.raised_on)?,
            ended_on: row.ended_on.as_deref().map(date).transpose()?,
        })
    };
    rows.into_iter().map(span).collect()
}

/// Lists the open problems that hold up a project and no other that is still in the pipeline.
///
/// # Errors
/// When the database fails.
pub async fn problem_list_left(
    conn: &impl Conn,
    project: ProjectId,
) -> Result<Vec<i64>, StoreError> {
    #[derive(FromQueryResult)]
    struct Found {
        problem_id: i64,
    }
    let sql = format!(
        "SELECT DISTINCT r.problem_id FROM problem r \
         JOIN problem_block k ON k.problem_id = r.problem_id \
         WHERE k.project_id = $1 AND r.open = 1 AND NOT EXISTS (SELECT 1 \
         FROM problem_block o JOIN project q ON q.project_id = o.project_id \
         WHERE o.problem_id = r.problem_id AND q.project_id <> $1 AND q.stage NOT IN ({LEFT})) \
         ORDER BY r.problem_id"
    );
    let rows: Vec<Found> = fetch_all(conn, "list left problems", &sql, values![project.0]).await?;
    Ok(rows.into_iter().map(|row| row.problem_id).collect())
}

/// Lets the open problems that hold up a project hold up another, too, from a day on, and returns
/// them by number and title; those that did already stay as they are.
///
/// # Errors
/// When the database fails.
pub async fn problem_pass_on(
    tx: &Tx,
    from: ProjectId,
    heir: ProjectId,
    since: Date,
) -> Result<Vec<(i64, String)>, StoreError> {
    #[derive(FromQueryResult)]
    struct Found {
        problem_id: i64,
        title: String,
    }
    let sql = "SELECT DISTINCT r.problem_id, r.title FROM problem r \
               JOIN problem_block k ON k.problem_id = r.problem_id \
               WHERE k.project_id = $1 AND r.open = 1 AND NOT EXISTS (SELECT 1 \
               FROM problem_block o WHERE o.problem_id = r.problem_id AND o.project_id = $2) \
               ORDER BY r.problem_id";
    let rows: Vec<Found> =
        fetch_all(tx, "list open problems", sql, values![from.0, heir.0]).await?;
    for row in &rows {
        let sql = "INSERT INTO problem_block (project_id, problem_id, item, since) \
                   VALUES ($1, $2, '', $3)";
        let values = values![heir.0, row.problem_id, since.to_string()];
        execute(tx, "pass a problem on", sql, values).await?;
    }
    let pair = |row: Found| (row.problem_id, row.title);
    Ok(rows.into_iter().map(pair).collect())
}

/// Lists problems by number after one, for work that goes through all of them in parts.
///
/// # Errors
/// When the database fails.
pub async fn problems_after(
    conn: &impl Conn,
    after: i64,
    limit: i64,
) -> Result<Vec<ProblemRow>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM problem WHERE problem_id > $1 ORDER BY problem_id LIMIT $2");
    let rows: Vec<Stored> = fetch_all(conn, "list problems", &sql, values![after, limit]).await?;
    rows.into_iter().map(Stored::read).collect()
}

#[derive(FromQueryResult)]
struct BlockStored {
    problem_id: i64,
    project_id: i64,
    item: String,
    since: String,
}

/// Lists what a problem holds up.
///
/// # Errors
/// When the database fails.
pub async fn block_list(conn: &impl Conn, problem: i64) -> Result<Vec<Block>, StoreError> {
    let mut found = block_list_of(conn, &[problem]).await?;
    Ok(found.remove(&problem).unwrap_or_default())
}

/// Lists what several problems hold up.
///
/// # Errors
/// When the database fails.
pub async fn block_list_of(
    conn: &impl Conn,
    problems: &[i64],
) -> Result<BTreeMap<i64, Vec<Block>>, StoreError> {
    let mut found: BTreeMap<i64, Vec<Block>> = BTreeMap::new();
    for part in problems.chunks(500) {
        let values: Vec<Value> = part.iter().map(|id| (*id).into()).collect();
        let sql = format!(
            "SELECT problem_id, project_id, item, since FROM problem_block \
             WHERE problem_id IN ({}) ORDER BY problem_id, project_id, item",
            places(part.len())
        );
        let rows: Vec<BlockStored> = fetch_all(conn, "list what is held up", &sql, values).await?;
        for row in rows {
            found.entry(row.problem_id).or_default().push(Block {
                project: ProjectId(row.project_id),
                item: row.item,
                since: match row.since.as_str() {
                    "" => None,
                    day => Some(date(day)?),
                },
            });
        }
    }
    Ok(found)
}
