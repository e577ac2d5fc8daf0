//! Programmes, their entries and changes, and the moves between stages.

use std::collections::BTreeMap;

use gangmu_domain::library::ProjectId;
use gangmu_domain::metrics::Carried;
use gangmu_domain::organisation::{DepartmentSet, Scope, UserId};
use gangmu_domain::pipeline::{Category, ProgrammeChange, ProgrammeChangeKind, Stage, Tally};
use gangmu_domain::{Period, Yuan};
use jiff::civil::Date;
use sea_orm::{FromQueryResult, Value};

use crate::conn::{execute, fetch_all, fetch_one, values};
use crate::dispatch::period_from;
use crate::library::{Project, date, word};
use crate::{Conn, StoreError, Tx};

/// A year's list (年度计划).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programme {
    /// The year.
    pub year: i16,
    /// Its name.
    pub name: String,
    /// The day it was adopted.
    pub adopted_on: Date,
    /// The document that adopted it.
    pub document_no: String,
}

/// A project on a year's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What the year expects of it.
    pub category: Category,
    /// Annual plan.
    pub plan: Yuan,
    /// Total investment as the list counts it.
    pub total: Yuan,
    /// The project's own monthly plan, January to December.
    pub monthly_plan: Option<[Yuan; 12]>,
    /// What it took over this year by a split or a merger.
    pub carried: Carried,
    /// Whether it is still on the list.
    pub included: bool,
}

impl Entry {
    /// Returns what the entry adds to the list's tally.
    #[must_use]
    pub fn tally(&self) -> Tally {
        if self.included {
            Tally {
                projects: 1,
                total: self.total,
                plan: self.plan,
            }
        } else {
            Tally::default()
        }
    }
}

#[derive(FromQueryResult)]
struct ProgrammeRow {
    year: i64,
    name: String,
    adopted_on: String,
    document_no: String,
}

#[derive(FromQueryResult)]
pub(crate) struct EntryRow {
    project_id: i64,
    year: i64,
    category: String,
    annual_plan: i64,
    total_investment: i64,
    monthly_plan: Option<String>,
    carried_year: i64,
    carried_since: i64,
    carried_funds: i64,
    included: i64,
}

impl EntryRow {
    pub(crate) fn read(self) -> Result<(ProjectId, i16, Entry), StoreError> {
        let entry = Entry {
            category: word("category", &self.category, Category::from_word)?,
            plan: Yuan(self.annual_plan),
            total: Yuan(self.total_investment),
            monthly_plan: self
                .monthly_plan
                .map(|text| word("monthly plan", &text, months_from_text))
                .transpose()?,
            carried: Carried {
                year_to_date: Yuan(self.carried_year),
                since_start: Yuan(self.carried_since),
                funds_to_date: Yuan(self.carried_funds),
            },
            included: self.included != 0,
        };
        let year = i16::try_from(self.year).unwrap_or(0);
        Ok((ProjectId(self.project_id), year, entry))
    }
}

fn months_from_text(text: &str) -> Option<[Yuan; 12]> {
    let months: Vec<i64> = serde_json::from_str(text).ok()?;
    let months: [i64; 12] = months.try_into().ok()?;
    Some(months.map(Yuan))
}

/// Lists the programmes, newest first.
///
/// # Errors
/// When the database fails.
pub async fn programme_list(conn: &impl Conn) -> Result<Vec<Programme>, StoreError> {
    let sql = "SELECT year, name, adopted_on, document_no FROM programme ORDER BY year DESC";
    let rows: Vec<ProgrammeRow> = fetch_all(conn, "list programmes", sql, vec![]).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Programme {
                year: i16::try_from(row.year).unwrap_or(0),
                name: row.name,
                adopted_on: date(&row.adopted_on)?,
                document_no: row.document_no,
            })
        })
        .collect()
}

/// Adds a year's list; an existing one keeps its day of adoption.
///
/// # Errors
/// When the year has a list already, or the database fails.
pub async fn programme_insert(tx: &Tx, programme: &Programme) -> Result<(), StoreError> {
    let sql = "INSERT INTO programme (year, name, adopted_on, document_no) \
               VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let values = values![
        i64::from(programme.year),
        programme.name.clone(),
        programme.adopted_on.to_string(),
        programme.document_no.clone(),
    ];
    match execute(tx, "add a programme", sql, values).await? {
        0 => Err(StoreError::Exists {
            what: "a programme of this year",
        }),
        _ => Ok(()),
    }
}

/// Reads a project's entry on a year's list.
///
/// # Errors
/// When the database fails.
pub async fn entry_get(
    conn: &impl Conn,
    id: ProjectId,
    year: i16,
) -> Result<Option<Entry>, StoreError> {
    let sql =
        format!("SELECT {ENTRY_COLUMNS} FROM programme_entry WHERE project_id = $1 AND year = $2");
    let values = values![id.0, i64::from(year)];
    let row: Option<EntryRow> = fetch_one(conn, "read a programme entry", &sql, values).await?;
    Ok(row
        .map(EntryRow::read)
        .transpose()?
        .map(|(_, _, entry)| entry))
}

/// Lists a project's entries with their years, newest first.
///
/// # Errors
/// When the database fails.
pub async fn entry_list(conn: &impl Conn, id: ProjectId) -> Result<Vec<(i16, Entry)>, StoreError> {
    let sql = format!(
        "SELECT {ENTRY_COLUMNS} FROM programme_entry WHERE project_id = $1 ORDER BY year DESC"
    );
    let rows: Vec<EntryRow> =
        fetch_all(conn, "list programme entries", &sql, values![id.0]).await?;
    rows.into_iter()
        .map(|row| row.read().map(|(_, year, entry)| (year, entry)))
        .collect()
}

/// Saves a project's entry on a year's list.
///
/// # Errors
/// When the database fails.
pub async fn entry_put(tx: &Tx, id: ProjectId, year: i16, entry: &Entry) -> Result<(), StoreError> {
    crate::batch::entry_put_all(tx, year, &[(id, entry.clone())]).await
}

/// The columns of an entry, in the order of [`entry_values`].
pub(crate) const ENTRY_COLUMNS: &str = "project_id, year, category, annual_plan, \
    total_investment, monthly_plan, carried_year, carried_since, carried_funds, included";

pub(crate) fn entry_values(id: ProjectId, year: i16, entry: &Entry) -> Vec<sea_orm::Value> {
    let months = entry.monthly_plan.map(|months| {
        serde_json::Value::from(months.iter().map(|yuan| yuan.0).collect::<Vec<_>>()).to_string()
    });
    values![
        id.0,
        i64::from(year),
        entry.category.word(),
        entry.plan.0,
        entry.total.0,
        months,
        entry.carried.year_to_date.0,
        entry.carried.since_start.0,
        entry.carried.funds_to_date.0,
        i64::from(entry.included),
    ]
}

#[derive(FromQueryResult)]
pub(crate) struct CarriedRow {
    project_id: i64,
    period: i64,
    carried_year: i64,
    carried_since: i64,
    carried_funds: i64,
}

pub(crate) const CARRIED_COLUMNS: &str =
    "project_id, period, carried_year, carried_since, carried_funds";

impl CarriedRow {
    pub(crate) fn read(self) -> Result<(ProjectId, Period, Carried), StoreError> {
        let carried = Carried {
            year_to_date: Yuan(self.carried_year),
            since_start: Yuan(self.carried_since),
            funds_to_date: Yuan(self.carried_funds),
        };
        Ok((
            ProjectId(self.project_id),
            period_from(self.period)?,
            carried,
        ))
    }
}

/// Lists what a project had taken over by months of its own; other months go by its entry.
///
/// # Errors
/// When the database fails.
pub async fn carried_month_list(
    conn: &impl Conn,
    id: ProjectId,
) -> Result<BTreeMap<Period, Carried>, StoreError> {
    let months = crate::batch::carried_month_list_of(conn, &[id]).await?;
    Ok(months.into_values().next().unwrap_or_default())
}

/// Says what a project had taken over by one month.
///
/// # Errors
/// When the database fails.
pub async fn carried_month_put(
    tx: &Tx,
    id: ProjectId,
    period: Period,
    carried: Carried,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO carried_month (project_id, period, carried_year, carried_since, \
               carried_funds) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (project_id, period) DO UPDATE SET \
               carried_year = excluded.carried_year, carried_since = excluded.carried_since, \
               carried_funds = excluded.carried_funds";
    let values = values![
        id.0,
        i64::from(period.number()),
        carried.year_to_date.0,
        carried.since_start.0,
        carried.funds_to_date.0,
    ];
    execute(tx, "save what was taken over", sql, values).await?;
    Ok(())
}

/// Records why a programme changed.
///
/// # Errors
/// When the database fails.
pub async fn change_insert(
    tx: &Tx,
    year: i16,
    change: &ProgrammeChange,
    user: UserId,
    at: i64,
) -> Result<(), StoreError> {
    crate::batch::change_insert_all(tx, year, std::slice::from_ref(change), user, at).await
}

/// A change's columns: on_date, at, user_id, kind, projects_delta, total_delta, plan_delta,
/// reason, document_no, category.
pub(crate) fn change_values(change: &ProgrammeChange, user: UserId, at: i64) -> Vec<Value> {
    values![
        change.on.to_string(),
        at,
        user.0,
        change.kind.word(),
        change.delta.projects,
        change.delta.total.0,
        change.delta.plan.0,
        change.reason.clone(),
        change.document_no.clone(),
        change.category.map(Category::word),
    ]
}

#[derive(FromQueryResult)]
struct ChangeRow {
    project_id: i64,
    year: i64,
    at: i64,
    on_date: String,
    kind: String,
    projects_delta: i64,
    total_delta: i64,
    plan_delta: i64,
    reason: String,
    document_no: String,
    category: Option<String>,
}

const CHANGE: &str = "c.project_id, c.year, c.at, c.on_date, c.kind, c.projects_delta, \
                      c.total_delta, c.plan_delta, c.reason, c.document_no, c.category";

impl ChangeRow {
    fn read(self) -> Result<ProgrammeChange, StoreError> {
        let kind = ProgrammeChangeKind::from_word;
        let category = self.category.as_deref();
        Ok(ProgrammeChange {
            project: ProjectId(self.project_id),
            on: date(&self.on_date)?,
            kind: word("programme change", &self.kind, kind)?,
            delta: Tally {
                projects: self.projects_delta,
                total: Yuan(self.total_delta),
                plan: Yuan(self.plan_delta),
            },
            category: category
                .map(|text| word("category", text, Category::from_word))
                .transpose()?,
            reason: self.reason,
            document_no: self.document_no,
        })
    }
}

/// A change of a project's place on a year's list, and when it was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryChange {
    /// The year of the list.
    pub year: i16,
    /// When it was entered, in milliseconds since 1970.
    pub at: i64,
    /// What changed.
    pub change: ProgrammeChange,
}

/// Lists what was changed of a project's places on years' lists, in the order it was entered.
///
/// # Errors
/// When the database fails.
pub async fn change_list_of(
    conn: &impl Conn,
    project: ProjectId,
) -> Result<Vec<EntryChange>, StoreError> {
    let sql = format!(
        "SELECT {CHANGE} FROM programme_change c WHERE c.project_id = $1 ORDER BY c.year, c.seq"
    );
    let values = values![project.0];
    let rows: Vec<ChangeRow> = fetch_all(conn, "list a project's changes", &sql, values).await?;
    rows.into_iter()
        .map(|row| {
            Ok(EntryChange {
                year: i16::try_from(row.year).unwrap_or(0),
                at: row.at,
                change: row.read()?,
            })
        })
        .collect()
}

/// Lists the changes of a year's list within a scope, by date.
///
/// # Errors
/// When the database fails.
pub async fn change_list(
    conn: &impl Conn,
    scope: &Scope,
    year: i16,
) -> Result<Vec<ProgrammeChange>, StoreError> {
    let mut values = values![i64::from(year), scope.unit.as_str(), scope.unit.end()];
    let narrowed = narrowed(scope, "p", &mut values);
    let sql = format!(
        "SELECT {CHANGE} FROM programme_change c \
         JOIN project p ON p.project_id = c.project_id \
         WHERE c.year = $1 AND p.unit_path >= $2 AND p.unit_path < $3{narrowed} \
         ORDER BY c.on_date, c.project_id, c.seq"
    );
    let rows: Vec<ChangeRow> = fetch_all(conn, "list programme changes", &sql, values).await?;
    rows.into_iter().map(ChangeRow::read).collect()
}

/// Sums up a year's list as its entries stand.
///
/// # Errors
/// When the database fails.
pub async fn entry_tally(conn: &impl Conn, scope: &Scope, year: i16) -> Result<Tally, StoreError> {
    #[derive(FromQueryResult)]
    struct Sums {
        projects: i64,
        total: i64,
        plan: i64,
    }
    let mut values = values![i64::from(year), scope.unit.as_str(), scope.unit.end()];
    let narrowed = narrowed(scope, "p", &mut values);
    let sql = format!(
        "SELECT COUNT(*) AS projects, \
         CAST(COALESCE(SUM(e.total_investment), 0) AS BIGINT) AS total, \
         CAST(COALESCE(SUM(e.annual_plan), 0) AS BIGINT) AS plan \
         FROM programme_entry e JOIN project p ON p.project_id = e.project_id \
         WHERE e.year = $1 AND e.included = 1 AND p.unit_path >= $2 AND p.unit_path < $3\
         {narrowed}"
    );
    let sums: Option<Sums> = fetch_one(conn, "sum up a programme", &sql, values).await?;
    Ok(sums.map_or_else(Tally::default, |s| Tally {
        projects: s.projects,
        total: Yuan(s.total),
        plan: Yuan(s.plan),
    }))
}

/// Adds what a scope says besides its unit: departments, and the reporter of the project.
pub(crate) fn narrowed(scope: &Scope, table: &str, values: &mut Vec<Value>) -> String {
    let column = format!("{table}.department_id");
    let mut conditions = departments_condition(&scope.departments, &column, values);
    if let Some(reporter) = scope.reporter {
        values.push(Value::from(reporter.0));
        conditions += &format!(
            " AND {table}.project_id IN \
             (SELECT project_id FROM project WHERE reporter_id = ${})",
            values.len()
        );
    }
    conditions
}

/// Adds ` AND column IN (…)` for a limited set of departments.
pub(crate) fn departments_condition(
    departments: &DepartmentSet,
    column: &str,
    values: &mut Vec<Value>,
) -> String {
    match departments {
        DepartmentSet::All => String::new(),
        DepartmentSet::Only(ids) if ids.is_empty() => " AND 1 = 0".to_owned(),
        DepartmentSet::Only(ids) => {
            let bound: Vec<String> = ids
                .iter()
                .map(|id| {
                    values.push(Value::from(id.0));
                    format!("${}", values.len())
                })
                .collect();
            format!(" AND {column} IN ({})", bound.join(", "))
        }
    }
}

/// A project's move between stages, for flow and ageing.
///
/// # Errors
/// When the database fails.
pub async fn stage_move_insert(
    tx: &Tx,
    project: &Project,
    from: Option<Stage>,
    on: Date,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO stage_move (project_id, seq, on_date, from_stage, to_stage, unit_path, \
               department_id, total_investment) \
               SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5, $6, $7 \
               FROM stage_move WHERE project_id = $1";
    let values = values![
        project.id.0,
        on.to_string(),
        from.map_or("", Stage::word),
        project.stage.word(),
        project.unit.as_str(),
        project.department.map(|id| id.0),
        project.total().0,
    ];
    execute(tx, "record a stage move", sql, values).await?;
    Ok(())
}

/// Projects that went from one stage to another in a span.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Flow {
    /// The stage they left; empty when they were entered.
    pub from_stage: String,
    /// The stage they went to.
    pub to_stage: String,
    /// How many.
    pub projects: i64,
    /// Their total investment in yuan.
    pub total_investment: i64,
}

/// Counts the moves between stages from the day after `from` to `to`.
///
/// # Errors
/// When the database fails.
pub async fn stage_flow(
    conn: &impl Conn,
    scope: &Scope,
    from: Date,
    to: Date,
) -> Result<Vec<Flow>, StoreError> {
    let mut values = values![
        scope.unit.as_str(),
        scope.unit.end(),
        from.to_string(),
        to.to_string()
    ];
    let narrowed = narrowed(scope, "stage_move", &mut values);
    let sql = format!(
        "SELECT from_stage, to_stage, COUNT(*) AS projects, \
         CAST(SUM(total_investment) AS BIGINT) AS total_investment FROM stage_move \
         WHERE unit_path >= $1 AND unit_path < $2 AND on_date > $3 AND on_date <= $4{narrowed} \
         GROUP BY from_stage, to_stage ORDER BY from_stage, to_stage"
    );
    fetch_all(conn, "count stage moves", &sql, values).await
}

/// How many projects stand in a stage, since how long, with what money.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct StageCount {
    /// The stage.
    pub stage: String,
    /// 1 for the suspended ones among them.
    pub suspended: i64,
    /// How many.
    pub projects: i64,
    /// Their total investment in yuan.
    pub total_investment: i64,
    /// Of these, in the stage since before the first date asked for.
    pub older: i64,
    /// Of these, in the stage since before the second date asked for.
    pub oldest: i64,
}

/// Counts the projects of a scope by stage; `half` and `full` part them by age in stage.
///
/// # Errors
/// When the database fails.
pub async fn stage_counts(
    conn: &impl Conn,
    scope: &Scope,
    half: Date,
    full: Date,
) -> Result<Vec<StageCount>, StoreError> {
    let mut values = values![
        scope.unit.as_str(),
        scope.unit.end(),
        half.to_string(),
        full.to_string()
    ];
    let narrowed = narrowed(scope, "project", &mut values);
    let sql = format!(
        "SELECT stage, suspended, COUNT(*) AS projects, \
         CAST(SUM(total_investment) AS BIGINT) AS total_investment, \
         COUNT(*) FILTER (WHERE stage_since < $3) AS older, \
         COUNT(*) FILTER (WHERE stage_since < $4) AS oldest \
         FROM project WHERE unit_path >= $1 AND unit_path < $2{narrowed} \
         GROUP BY stage, suspended ORDER BY stage, suspended"
    );
    fetch_all(conn, "count projects by stage", &sql, values).await
}

/// A project that should start in a span and has not.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ToStart {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit_path: String,
    /// Its stage.
    pub stage: String,
    /// Total investment in yuan.
    pub total_investment: i64,
    /// The day it should start.
    pub planned_start_on: String,
}

/// Lists projects not yet being built whose planned start falls on or before `until`.
///
/// # Errors
/// When the database fails.
pub async fn to_start_list(
    conn: &impl Conn,
    scope: &Scope,
    until: Date,
    limit: i64,
) -> Result<Vec<ToStart>, StoreError> {
    let mut values = values![
        scope.unit.as_str(),
        scope.unit.end(),
        until.to_string(),
        limit
    ];
    let narrowed = narrowed(scope, "project", &mut values);
    let sql = format!(
        "SELECT project_id, name, unit_path, stage, total_investment, planned_start_on \
         FROM project WHERE unit_path >= $1 AND unit_path < $2 \
         AND stage IN ('concept', 'reserve', 'preparation') AND suspended = 0 \
         AND planned_start_on IS NOT NULL AND planned_start_on <= $3{narrowed} \
         ORDER BY planned_start_on, total_investment DESC, project_id LIMIT $4"
    );
    fetch_all(conn, "list projects to start", &sql, values).await
}

/// All of the projects that should start in a span and have not.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct ToStartTotal {
    /// How many.
    pub projects: i64,
    /// Their total investment in yuan.
    pub total_investment: i64,
    /// Of these, past the day they should have started.
    pub overdue: i64,
}

/// Counts what [`to_start_list`] lists, however long that is.
///
/// # Errors
/// When the database fails.
pub async fn to_start_total(
    conn: &impl Conn,
    scope: &Scope,
    until: Date,
    today: Date,
) -> Result<ToStartTotal, StoreError> {
    let mut values = values![
        scope.unit.as_str(),
        scope.unit.end(),
        until.to_string(),
        today.to_string()
    ];
    let narrowed = narrowed(scope, "project", &mut values);
    let sql = format!(
        "SELECT COUNT(*) AS projects, \
         CAST(COALESCE(SUM(total_investment), 0) AS BIGINT) AS total_investment, \
         COUNT(*) FILTER (WHERE planned_start_on < $4) AS overdue \
         FROM project WHERE unit_path >= $1 AND unit_path < $2 \
         AND stage IN ('concept', 'reserve', 'preparation') AND suspended = 0 \
         AND planned_start_on IS NOT NULL AND planned_start_on <= $3{narrowed}"
    );
    let total = fetch_one(conn, "count projects to start", &sql, values).await?;
    Ok(total.unwrap_or_default())
}

/// What a year's list asks to have started by a day (应开工), and how far that is.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct StartTarget {
    /// New starts due by the day.
    pub due: i64,
    /// Of these, not being built yet: what must start to reach the target.
    pub missing: i64,
    /// The annual plan of the missing ones in yuan.
    pub missing_plan: i64,
    /// The total investment of the missing ones in yuan.
    pub missing_total: i64,
}

/// Reads what a year's list asks to have started by a day of that year.
///
/// A new start without a planned day is due in December, as everywhere.
///
/// # Errors
/// When the database fails.
pub async fn start_target(
    conn: &impl Conn,
    scope: &Scope,
    until: Date,
) -> Result<StartTarget, StoreError> {
    let undated_from = Date::constant(until.year(), 12, 1).to_string();
    let mut values = values![
        i64::from(until.year()),
        scope.unit.as_str(),
        scope.unit.end(),
        until.to_string(),
        undated_from
    ];
    let narrowed = narrowed(scope, "p", &mut values);
    let missing = "p.stage IN ('concept', 'reserve', 'preparation')";
    let sum = |column: &str| {
        format!("CAST(COALESCE(SUM({column}) FILTER (WHERE {missing}), 0) AS BIGINT)")
    };
    let sql = format!(
        "SELECT COUNT(*) AS due, COUNT(*) FILTER (WHERE {missing}) AS missing, \
         {} AS missing_plan, {} AS missing_total \
         FROM programme_entry e JOIN project p ON p.project_id = e.project_id \
         WHERE e.year = $1 AND e.included = 1 AND e.category = 'new_start' \
         AND p.unit_path >= $2 AND p.unit_path < $3 \
         AND COALESCE(p.planned_start_on, $5) <= $4{narrowed}",
        sum("e.annual_plan"),
        sum("e.total_investment"),
    );
    let target = fetch_one(conn, "read the target of starts", &sql, values).await?;
    Ok(target.unwrap_or_default())
}

/// Lists the projects on a year's list, in order of entry.
///
/// # Errors
/// When the database fails.
pub async fn entry_projects(conn: &impl Conn, year: i16) -> Result<Vec<ProjectId>, StoreError> {
    #[derive(FromQueryResult)]
    struct Id {
        project_id: i64,
    }
    let sql = "SELECT project_id FROM programme_entry \
               WHERE year = $1 AND included = 1 ORDER BY project_id";
    let rows: Vec<Id> = fetch_all(conn, "list a programme", sql, values![i64::from(year)]).await?;
    Ok(rows
        .into_iter()
        .map(|row| ProjectId(row.project_id))
        .collect())
}
