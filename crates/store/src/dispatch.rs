//! Periods, returns and their events.
//!
//! A return's row also carries the project's position: where it counted and what was derived.
//! While the period is open that follows the project; once closed it stays as it was.

use std::collections::BTreeMap;

use gangmu_domain::dispatch::{
    Figures, PeriodState, Return, ReturnEventKind, ReturnStatus, SiteStatus,
};
use gangmu_domain::library::ProjectId;
use gangmu_domain::metrics::{
    Carried, Coordinates, EntryFacts, MatterCounts, MonthFacts, Position,
};
use gangmu_domain::organisation::{DepartmentId, UnitLevel, UnitPath, UserId};
use gangmu_domain::pipeline::{Category, Stage};
use gangmu_domain::{Period, Ratio, Yuan};
use jiff::civil::Date;
use sea_orm::FromQueryResult;
use serde_json::{Value as Json, json};

use crate::conn::sealed::Raw as _;
use crate::conn::{execute, fetch_all, fetch_one, values};
use crate::library::{date, word};
use crate::{Conn, StoreError, Tx, wire};

/// A period as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodRow {
    /// The month.
    pub period: Period,
    /// Open or closed.
    pub state: PeriodState,
    /// The day returns are due.
    pub due_on: Date,
    /// When it was closed, in milliseconds since 1970.
    pub closed_at: Option<i64>,
}

/// A return with the position it gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnRow {
    /// The project.
    pub project: ProjectId,
    /// The month.
    pub period: Period,
    /// What was typed and where it stands.
    pub filed: Return,
    /// What is derived.
    pub position: Position,
    /// When it was handed in, in milliseconds since 1970.
    pub submitted_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct PeriodStored {
    period: i64,
    state: String,
    due_on: String,
    closed_at: Option<i64>,
}

impl PeriodStored {
    fn read(self) -> Result<PeriodRow, StoreError> {
        Ok(PeriodRow {
            period: period_from(self.period)?,
            state: word("period state", &self.state, PeriodState::from_word)?,
            due_on: date(&self.due_on)?,
            closed_at: self.closed_at,
        })
    }
}

pub(crate) fn period_from(number: i64) -> Result<Period, StoreError> {
    i32::try_from(number)
        .ok()
        .and_then(Period::from_number)
        .ok_or_else(|| StoreError::Corrupt {
            what: "period",
            found: number.to_string(),
        })
}

pub(crate) fn number(period: Period) -> i64 {
    i64::from(period.number())
}

/// Keeps months from being opened or closed until the transaction ends.
///
/// Whatever derives figures begins with it: a month that closed under it would change after it
/// was published, and one that opened would miss the change.
///
/// # Errors
/// When the database fails.
pub async fn periods_hold(tx: &Tx) -> Result<(), StoreError> {
    if let Some(sql) = tx.engine().hold_periods() {
        execute(tx, "hold the periods", sql, vec![]).await?;
    }
    Ok(())
}

/// Waits for the transactions that hold the months, and keeps others from it: the first step of
/// opening and closing.
///
/// # Errors
/// When the database fails.
pub async fn periods_change(tx: &Tx) -> Result<(), StoreError> {
    let sql = tx.engine().change_periods();
    execute(tx, "change the periods", sql, vec![]).await?;
    Ok(())
}

/// Lists the periods, newest first.
///
/// # Errors
/// When the database fails.
pub async fn period_list(conn: &impl Conn) -> Result<Vec<PeriodRow>, StoreError> {
    let sql = "SELECT period, state, due_on, closed_at FROM period ORDER BY period DESC";
    let rows: Vec<PeriodStored> = fetch_all(conn, "list periods", sql, vec![]).await?;
    rows.into_iter().map(PeriodStored::read).collect()
}

/// Reads a period. In a transaction nobody can close it until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn period_get(conn: &impl Conn, period: Period) -> Result<Option<PeriodRow>, StoreError> {
    let sql = format!(
        "SELECT period, state, due_on, closed_at FROM period WHERE period = $1{}",
        conn.engine().for_share()
    );
    let row: Option<PeriodStored> =
        fetch_one(conn, "read a period", &sql, values![number(period)]).await?;
    row.map(PeriodStored::read).transpose()
}

/// Opens a period.
///
/// # Errors
/// When it exists already, or the database fails.
pub async fn period_insert(
    tx: &Tx,
    period: Period,
    due_on: Date,
    at: i64,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO period (period, state, due_on, opened_at) VALUES ($1, 'open', $2, $3) \
               ON CONFLICT DO NOTHING";
    let values = values![number(period), due_on.to_string(), at];
    match execute(tx, "open a period", sql, values).await? {
        0 => Err(StoreError::Exists {
            what: "this period",
        }),
        _ => Ok(()),
    }
}

/// Closes a period; says whether it was open. Waits for returns being saved.
///
/// # Errors
/// When the database fails.
pub async fn period_close(
    tx: &Tx,
    period: Period,
    user: UserId,
    at: i64,
) -> Result<bool, StoreError> {
    let sql = "UPDATE period SET state = 'closed', closed_at = $2, closed_by = $3 \
               WHERE period = $1 AND state = 'open'";
    let touched = execute(
        tx,
        "close a period",
        sql,
        values![number(period), at, user.0],
    )
    .await?;
    if touched == 1 {
        let missing = "UPDATE monthly_return SET status = 'missing', version = version + 1 \
                       WHERE period = $1 AND status IN ('due', 'draft', 'sent_back')";
        execute(tx, "mark what is missing", missing, values![number(period)]).await?;
    }
    Ok(touched == 1)
}

/// Records that a unit has closed a period for itself and all units below.
///
/// # Errors
/// When the database fails.
pub async fn unit_closing_insert(
    tx: &Tx,
    period: Period,
    unit: &UnitPath,
    user: UserId,
    at: i64,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO unit_closing (period, unit_path, at, user_id) VALUES ($1, $2, $3, $4) \
               ON CONFLICT DO NOTHING";
    let values = values![number(period), unit.as_str(), at, user.0];
    Ok(execute(tx, "close a unit's month", sql, values).await? == 1)
}

/// Takes a unit's closing of a period back; says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn unit_closing_delete(
    tx: &Tx,
    period: Period,
    unit: &UnitPath,
) -> Result<bool, StoreError> {
    let sql = "DELETE FROM unit_closing WHERE period = $1 AND unit_path = $2";
    let values = values![number(period), unit.as_str()];
    Ok(execute(tx, "reopen a unit's month", sql, values).await? == 1)
}

/// Lists the units that have closed a period.
///
/// # Errors
/// When the database fails.
pub async fn unit_closing_list(
    conn: &impl Conn,
    period: Period,
) -> Result<Vec<UnitPath>, StoreError> {
    #[derive(FromQueryResult)]
    struct Closed {
        unit_path: String,
    }
    let sql = "SELECT unit_path FROM unit_closing WHERE period = $1 ORDER BY unit_path";
    let rows: Vec<Closed> = fetch_all(conn, "list closings", sql, values![number(period)]).await?;
    Ok(rows
        .into_iter()
        .map(|row| UnitPath::from_stored(row.unit_path))
        .collect())
}

#[derive(FromQueryResult)]
pub(crate) struct ReturnStored {
    project_id: i64,
    period: i64,
    version: i64,
    status: String,
    awaiting: Option<i64>,
    month_investment: Option<i64>,
    site_status: Option<String>,
    typed: String,
    unit_path: String,
    department_id: Option<i64>,
    industry: String,
    category: String,
    investor: String,
    stage: String,
    total_investment: i64,
    annual_plan: i64,
    plan_to_date: i64,
    start_due: Option<i64>,
    invested_before: i64,
    carried_year: i64,
    carried_since: i64,
    carried_funds: i64,
    year_to_date: i64,
    since_start: i64,
    funds_to_date: i64,
    at_work: i64,
    completed: i64,
    submitted_at: Option<i64>,
    matters: i64,
    matters_done: i64,
}

const COLUMNS: &str = "project_id, period, version, status, awaiting, month_investment, \
    site_status, typed, unit_path, department_id, industry, category, investor, stage, \
    total_investment, annual_plan, plan_to_date, start_due, invested_before, carried_year, \
    carried_since, carried_funds, year_to_date, since_start, funds_to_date, at_work, completed, submitted_at, \
    matters, matters_done";

/// The columns of [`ReturnStored`], of a table under another name.
pub(crate) fn stored_columns(table: &str) -> String {
    let named: Vec<String> = COLUMNS
        .split(", ")
        .map(|column| format!("{table}.{column}"))
        .collect();
    named.join(", ")
}

impl ReturnStored {
    pub(crate) fn read(self) -> Result<ReturnRow, StoreError> {
        let status = word("return status", &self.status, ReturnStatus::from_word)?;
        let mut figures = word("return", &self.typed, typed_from_text)?;
        figures.month = self.month_investment.map(Yuan);
        figures.site_status = self
            .site_status
            .map(|text| word("site status", &text, SiteStatus::from_word))
            .transpose()?;
        let awaiting = self
            .awaiting
            .and_then(|n| i16::try_from(n).ok())
            .and_then(UnitLevel::from_number);
        let filed = Return {
            version: self.version,
            status,
            awaiting,
            figures,
        };
        let entry = EntryFacts {
            coordinates: Coordinates {
                unit: UnitPath::from_stored(self.unit_path),
                department: self.department_id.map(DepartmentId),
                industry: self.industry,
                category: word("category", &self.category, Category::from_word)?,
                investor: self.investor,
                stage: word("stage", &self.stage, Stage::from_word)?,
            },
            total: Yuan(self.total_investment),
            plan: Yuan(self.annual_plan),
            plan_to_date: Yuan(self.plan_to_date),
            start_due: self.start_due.map(period_from).transpose()?,
            invested_before: Yuan(self.invested_before),
            carried: Carried {
                year_to_date: Yuan(self.carried_year),
                since_start: Yuan(self.carried_since),
                funds_to_date: Yuan(self.carried_funds),
            },
            matters: MatterCounts {
                all: self.matters,
                done: self.matters_done,
            },
        };
        let counts = filed.counts();
        let month = MonthFacts {
            investment: filed.figures.month.filter(|_| counts).unwrap_or_default(),
            funds: if counts {
                filed.figures.funds_total()
            } else {
                Yuan::ZERO
            },
            at_work: self.at_work != 0,
            completed: self.completed != 0,
            reported: counts,
            accepted: status == ReturnStatus::Accepted,
        };
        Ok(ReturnRow {
            project: ProjectId(self.project_id),
            period: period_from(self.period)?,
            filed,
            position: Position {
                entry,
                month,
                year_to_date: Yuan(self.year_to_date),
                since_start: Yuan(self.since_start),
                funds_to_date: Yuan(self.funds_to_date),
            },
            submitted_at: self.submitted_at,
        })
    }
}

/// Lists a project's returns from a period on, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn return_list_from(
    conn: &impl Conn,
    id: ProjectId,
    from: Period,
) -> Result<Vec<ReturnRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM monthly_return \
         WHERE project_id = $1 AND period >= $2 ORDER BY period"
    );
    let values = values![id.0, number(from)];
    let rows: Vec<ReturnStored> = fetch_all(conn, "list returns", &sql, values).await?;
    rows.into_iter().map(ReturnStored::read).collect()
}

/// Lists a project's last returns before a period, newest first.
///
/// # Errors
/// When the database fails.
pub async fn return_list_before(
    conn: &impl Conn,
    id: ProjectId,
    before: Period,
    limit: i64,
) -> Result<Vec<ReturnRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM monthly_return \
         WHERE project_id = $1 AND period < $2 ORDER BY period DESC LIMIT $3"
    );
    let values = values![id.0, number(before), limit];
    let rows: Vec<ReturnStored> = fetch_all(conn, "list returns", &sql, values).await?;
    rows.into_iter().map(ReturnStored::read).collect()
}

/// What a closed month said of a project when it was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// Investment from January to the month.
    pub year_to_date: Yuan,
    /// It had started, or was at work.
    pub at_work: bool,
}

#[derive(FromQueryResult)]
struct Kept {
    project_id: i64,
    period: i64,
    year_to_date: i64,
    at_work: i64,
}

impl Kept {
    fn read(&self) -> Published {
        Published {
            year_to_date: Yuan(self.year_to_date),
            at_work: self.at_work != 0,
        }
    }
}

/// Reads what the closed months of a project said before they were corrected; months that were
/// never corrected are not among them.
///
/// # Errors
/// When the database fails.
pub async fn return_published_list(
    conn: &impl Conn,
    id: ProjectId,
) -> Result<BTreeMap<Period, Published>, StoreError> {
    let sql = "SELECT project_id, period, year_to_date, at_work FROM return_published \
               WHERE project_id = $1 ORDER BY period";
    let rows: Vec<Kept> = fetch_all(conn, "read what was published", sql, values![id.0]).await?;
    rows.into_iter()
        .map(|row| Ok((period_from(row.period)?, row.read())))
        .collect()
}

/// Reads what a closed month said of some projects before they were corrected; those that were never
/// corrected are not among them.
///
/// # Errors
/// When the database fails.
pub async fn return_published_of(
    conn: &impl Conn,
    ids: &[i64],
    period: Period,
) -> Result<BTreeMap<ProjectId, Published>, StoreError> {
    let sql = format!(
        "SELECT project_id, period, year_to_date, at_work FROM return_published \
         WHERE period = $1 AND {}",
        conn.engine().one_of("project_id", "$2"),
    );
    let ids = serde_json::Value::from(ids).to_string();
    let values = values![number(period), ids];
    let rows: Vec<Kept> = fetch_all(conn, "read what was published", &sql, values).await?;
    let kept = |row: Kept| (ProjectId(row.project_id), row.read());
    Ok(rows.into_iter().map(kept).collect())
}

/// Reads one return.
///
/// # Errors
/// When the database fails.
pub async fn return_get(
    conn: &impl Conn,
    id: ProjectId,
    period: Period,
) -> Result<Option<ReturnRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM monthly_return WHERE project_id = $1 AND period = $2");
    let values = values![id.0, number(period)];
    let row: Option<ReturnStored> = fetch_one(conn, "read a return", &sql, values).await?;
    row.map(ReturnStored::read).transpose()
}

/// Reads the returns of several projects for one period.
///
/// # Errors
/// When the database fails.
pub async fn return_list_of(
    conn: &impl Conn,
    ids: &[i64],
    period: Period,
) -> Result<Vec<ReturnRow>, StoreError> {
    let mut returns = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let mut values = values![number(period)];
        let bound: Vec<String> = chunk
            .iter()
            .map(|id| {
                values.push(sea_orm::Value::from(*id));
                format!("${}", values.len())
            })
            .collect();
        let sql = format!(
            "SELECT {COLUMNS} FROM monthly_return \
             WHERE period = $1 AND project_id IN ({}) ORDER BY project_id",
            bound.join(", ")
        );
        let rows: Vec<ReturnStored> = fetch_all(conn, "read returns", &sql, values).await?;
        for row in rows {
            returns.push(row.read()?);
        }
    }
    Ok(returns)
}

/// Lists all returns of a period after a project number, for recomputing totals piecemeal.
///
/// # Errors
/// When the database fails.
pub async fn return_page(
    conn: &impl Conn,
    period: Period,
    after: ProjectId,
    limit: i64,
) -> Result<Vec<ReturnRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM monthly_return \
         WHERE period = $1 AND project_id > $2 ORDER BY project_id LIMIT $3"
    );
    let values = values![number(period), after.0, limit];
    let rows: Vec<ReturnStored> = fetch_all(conn, "page through returns", &sql, values).await?;
    rows.into_iter().map(ReturnStored::read).collect()
}

/// The columns of a return, in the order of [`return_values`].
pub(crate) const RETURN_COLUMNS: &str = "project_id, period, version, status, awaiting, \
    month_investment, month_funds, site_status, typed, unit_path, department_id, industry, \
    category, investor, stage, total_investment, annual_plan, plan_to_date, start_due, \
    invested_before, carried_year, carried_since, carried_funds, year_to_date, since_start, \
    funds_to_date, at_work, completed, gap_to_time, ratio_to_time, ratio_to_plan, submitted_at, \
    matters, matters_done";

pub(crate) fn return_values(row: &ReturnRow) -> Vec<sea_orm::Value> {
    let filed = &row.filed;
    let position = &row.position;
    let entry = &position.entry;
    let place = &entry.coordinates;
    let completion = Ratio::of(position.year_to_date, entry.plan);
    let time = row.period.time_progress();
    let to_time = gangmu_domain::money::div_round(
        i128::from(position.year_to_date.0) * i128::from(time.denominator) * 10_000,
        i128::from(entry.plan.0) * i128::from(time.numerator),
    );
    values![
        row.project.0,
        number(row.period),
        filed.version,
        filed.status.word(),
        filed.awaiting.map(|level| i64::from(level.number())),
        filed.figures.month.map(|yuan| yuan.0),
        filed.figures.funds_total().0,
        filed.figures.site_status.map(SiteStatus::word),
        typed_to_text(&filed.figures),
        place.unit.as_str(),
        place.department.map(|id| id.0),
        place.industry.clone(),
        place.category.word(),
        place.investor.clone(),
        place.stage.word(),
        entry.total.0,
        entry.plan.0,
        entry.plan_to_date.0,
        entry.start_due.map(number),
        entry.invested_before.0,
        entry.carried.year_to_date.0,
        entry.carried.since_start.0,
        entry.carried.funds_to_date.0,
        position.year_to_date.0,
        position.since_start.0,
        position.funds_to_date.0,
        i64::from(position.month.at_work),
        i64::from(position.month.completed),
        completion.minus_scaled(time, 10_000),
        to_time,
        Ratio::of(position.year_to_date, entry.plan_to_date).scaled(10_000),
        row.submitted_at,
        entry.matters.all,
        entry.matters.done,
    ]
}

/// Notes how far the matters of some projects are with their returns of a period; a project without
/// one is passed over.
///
/// # Errors
/// When the database fails.
pub async fn return_matters_put(
    tx: &Tx,
    period: Period,
    counts: &[(ProjectId, MatterCounts)],
) -> Result<(), StoreError> {
    for part in counts.chunks(500) {
        let mut values = Vec::with_capacity(part.len() * 3 + 1);
        for (project, found) in part {
            values.extend(values![project.0, found.all, found.done]);
        }
        let places = tx.engine().rows_of_places(part.len(), 3, "");
        values.push(sea_orm::Value::from(number(period)));
        let sql = format!(
            "WITH found (project_id, matters, done) AS (VALUES {places}) \
             UPDATE monthly_return SET matters = found.matters, matters_done = found.done \
             FROM found WHERE monthly_return.project_id = found.project_id \
             AND monthly_return.period = ${}",
            values.len()
        );
        execute(tx, "note matters with returns", &sql, values).await?;
    }
    Ok(())
}

/// Something done to a return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnEvent {
    /// Counts the events of the return.
    pub seq: i64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who.
    pub user: UserId,
    /// What.
    pub kind: ReturnEventKind,
    /// The level that did it, for reviews.
    pub level: Option<UnitLevel>,
    /// Why.
    pub reason: String,
    /// The figures before.
    pub before: Figures,
    /// The figures after.
    pub after: Figures,
}

/// An event's columns: at, user_id, kind, level, reason, typed_before, typed_after, month_before,
/// month_after.
pub(crate) fn event_values(event: &ReturnEvent) -> Vec<sea_orm::Value> {
    values![
        event.at,
        event.user.0,
        event.kind.word(),
        event.level.map(|level| i64::from(level.number())),
        event.reason.clone(),
        typed_to_text(&event.before),
        typed_to_text(&event.after),
        event.before.month.map(|yuan| yuan.0),
        event.after.month.map(|yuan| yuan.0),
    ]
}

#[derive(FromQueryResult)]
struct ReturnEventRow {
    period: i64,
    seq: i64,
    at: i64,
    user_id: i64,
    kind: String,
    level: Option<i64>,
    reason: String,
    typed_before: String,
    typed_after: String,
    month_before: Option<i64>,
    month_after: Option<i64>,
}

impl ReturnEventRow {
    fn read(self) -> Result<(Period, ReturnEvent), StoreError> {
        let mut before = word("return", &self.typed_before, typed_from_text)?;
        let mut after = word("return", &self.typed_after, typed_from_text)?;
        before.month = self.month_before.map(Yuan);
        after.month = self.month_after.map(Yuan);
        let event = ReturnEvent {
            seq: self.seq,
            at: self.at,
            user: UserId(self.user_id),
            kind: word("return event", &self.kind, ReturnEventKind::from_word)?,
            level: self
                .level
                .and_then(|n| i16::try_from(n).ok())
                .and_then(UnitLevel::from_number),
            reason: self.reason,
            before,
            after,
        };
        Ok((period_from(self.period)?, event))
    }
}

const EVENT_COLUMNS: &str = "period, seq, at, user_id, kind, level, reason, typed_before, \
    typed_after, month_before, month_after";

/// Lists what was done to a return, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn return_event_list(
    conn: &impl Conn,
    id: ProjectId,
    period: Period,
) -> Result<Vec<ReturnEvent>, StoreError> {
    let sql = format!(
        "SELECT {EVENT_COLUMNS} FROM return_event WHERE project_id = $1 AND period = $2 \
         ORDER BY seq"
    );
    let values = values![id.0, number(period)];
    let rows: Vec<ReturnEventRow> = fetch_all(conn, "list return events", &sql, values).await?;
    rows.into_iter()
        .map(|row| row.read().map(|(_, event)| event))
        .collect()
}

/// Lists what was done to all returns of a project, month by month, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn return_event_list_of(
    conn: &impl Conn,
    id: ProjectId,
) -> Result<Vec<(Period, ReturnEvent)>, StoreError> {
    let sql = format!(
        "SELECT {EVENT_COLUMNS} FROM return_event WHERE project_id = $1 ORDER BY period, seq"
    );
    let rows: Vec<ReturnEventRow> =
        fetch_all(conn, "list return events", &sql, values![id.0]).await?;
    rows.into_iter().map(ReturnEventRow::read).collect()
}

fn typed_to_text(figures: &Figures) -> String {
    let mut typed = serde_json::Map::new();
    if !figures.funds.is_empty() {
        typed.insert("funds".to_owned(), wire::funding_to_json(&figures.funds));
    }
    let texts = [
        ("image_progress", &figures.image_progress),
        ("problems", &figures.problems),
        ("correction_reason", &figures.correction_reason),
    ];
    for (key, text) in texts {
        if !text.is_empty() {
            typed.insert(key.to_owned(), json!(text));
        }
    }
    for (key, day) in [
        ("started_on", figures.started_on),
        ("finished_on", figures.finished_on),
    ] {
        if let Some(day) = day {
            typed.insert(key.to_owned(), json!(day.to_string()));
        }
    }
    if !figures.explanations.is_empty() {
        typed.insert("explanations".to_owned(), json!(figures.explanations));
    }
    Json::Object(typed).to_string()
}

fn typed_from_text(text: &str) -> Option<Figures> {
    let json: Json = serde_json::from_str(text).ok()?;
    let string = |key: &str| {
        json.get(key)
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let day = |key: &str| match json.get(key).and_then(Json::as_str) {
        None => Some(None),
        Some(text) => text.parse().ok().map(Some),
    };
    let explanations: BTreeMap<String, String> = match json.get("explanations") {
        None => BTreeMap::new(),
        Some(json) => serde_json::from_value(json.clone()).ok()?,
    };
    Some(Figures {
        month: None,
        funds: match json.get("funds") {
            None => BTreeMap::new(),
            Some(json) => wire::funding_from_json(json)?,
        },
        site_status: None,
        started_on: day("started_on")?,
        finished_on: day("finished_on")?,
        image_progress: string("image_progress"),
        problems: string("problems"),
        correction_reason: string("correction_reason"),
        explanations,
    })
}
