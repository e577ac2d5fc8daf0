//! What was agreed at visits and meetings, and whether it was kept.
//!
//! What a reader would get wrong: one that is bound to a problem or a matter stays `open` here as
//! long as nobody drops it; whether it is kept is read from what it is bound to.

use gangmu_domain::liaison::{Bond, Kept};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{DepartmentId, DepartmentSet, Scope, UnitPath, UserId};
use gangmu_domain::problems::Party;
use jiff::civil::Date;
use sea_orm::{FromQueryResult, Value};

use crate::condition::{bind, in_scope, one_of, within};
use crate::conn::sealed::Raw as _;
use crate::conn::{execute, fetch_all, fetch_count, fetch_one, sequence_take, values};
use crate::library::{date, word};
use crate::{Conn, StoreError, Tx};

/// Where a resolution was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MadeAt {
    /// At a visit: its number.
    Visit(i64),
    /// In a meeting: its number.
    Meeting(i64),
}

impl MadeAt {
    /// Returns the stable word and the number.
    #[must_use]
    pub const fn parts(self) -> (&'static str, i64) {
        match self {
            Self::Visit(id) => ("visit", id),
            Self::Meeting(id) => ("meeting", id),
        }
    }
}

/// A resolution as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolutionRow {
    /// The project; none for one of a meeting that is about no project.
    pub project: Option<ProjectId>,
    /// Its number.
    pub id: i64,
    /// Counts the changes.
    pub version: i64,
    /// Where it was made.
    pub made_at: MadeAt,
    /// The unit in which it was made.
    pub unit: UnitPath,
    /// What is to be done.
    pub body: String,
    /// Who does it.
    pub party: Party,
    /// Until when.
    pub due: Date,
    /// What it became.
    pub bond: Bond,
    /// Where it stands, unless it is bound.
    pub stands: Kept,
    /// Who made it.
    pub made_by: UserId,
    /// The day it was made.
    pub made_on: Date,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who reported it as done, and the day.
    pub reported: Option<(UserId, Date)>,
    /// What was reported; what was wanting after it was sent back.
    pub report: String,
    /// Who confirmed or dropped it, and the day.
    pub ended: Option<(UserId, Date)>,
    /// What was remarked then.
    pub remark: String,
}

#[derive(FromQueryResult)]
struct Stored {
    project_id: i64,
    resolution_id: i64,
    version: i64,
    origin: String,
    origin_id: i64,
    unit_path: String,
    body: String,
    party: String,
    party_path: String,
    party_department: i64,
    due_on: String,
    problem_id: i64,
    item: String,
    state: String,
    made_by: i64,
    made_on: String,
    at: i64,
    reported_by: i64,
    reported_on: Option<String>,
    report: String,
    ended_by: i64,
    ended_on: Option<String>,
    remark: String,
}

const COLUMNS: &str = "project_id, resolution_id, version, origin, origin_id, unit_path, body, \
                       party, party_path, party_department, due_on, problem_id, item, state, \
                       made_by, made_on, at, reported_by, reported_on, report, ended_by, \
                       ended_on, remark";

impl Stored {
    fn read(self) -> Result<ResolutionRow, StoreError> {
        let corrupt = |what, found: &str| StoreError::Corrupt {
            what,
            found: found.to_owned(),
        };
        let day = |text: Option<&str>| text.map(date).transpose();
        let who = |user: i64, on: Option<Date>| on.map(|on| (UserId(user), on));
        Ok(ResolutionRow {
            project: (self.project_id != 0).then_some(ProjectId(self.project_id)),
            id: self.resolution_id,
            version: self.version,
            made_at: match self.origin.as_str() {
                "visit" => MadeAt::Visit(self.origin_id),
                "meeting" => MadeAt::Meeting(self.origin_id),
                other => return Err(corrupt("origin", other)),
            },
            unit: UnitPath::from_stored(self.unit_path),
            body: self.body,
            party: match self.party.as_str() {
                "owner" => Party::ProjectOwner,
                "office" => Party::Office {
                    unit: UnitPath::from_stored(self.party_path),
                    department: (self.party_department != 0)
                        .then_some(DepartmentId(self.party_department)),
                },
                other => return Err(corrupt("party", other)),
            },
            due: date(&self.due_on)?,
            bond: match (self.problem_id, self.item.as_str()) {
                (0, "") => Bond::Free,
                (0, item) => Bond::Matter(item.to_owned()),
                (problem, _) => Bond::Problem(problem),
            },
            stands: word("state", &self.state, Kept::from_word)?,
            made_by: UserId(self.made_by),
            made_on: date(&self.made_on)?,
            at: self.at,
            reported: who(self.reported_by, day(self.reported_on.as_deref())?),
            report: self.report,
            ended: who(self.ended_by, day(self.ended_on.as_deref())?),
            remark: self.remark,
        })
    }
}

/// Adds a resolution and returns its number; the one it names is ignored.
///
/// # Errors
/// When the database fails.
pub async fn resolution_insert(tx: &Tx, row: &ResolutionRow) -> Result<i64, StoreError> {
    let id = sequence_take(tx, "resolution", 1).await?;
    let sql = format!(
        "INSERT INTO resolution ({COLUMNS}, open) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
         $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)"
    );
    let (origin, origin_id) = row.made_at.parts();
    let (party, path, department) = match &row.party {
        Party::ProjectOwner => ("owner", "", 0),
        Party::Office { unit, department } => {
            ("office", unit.as_str(), department.map_or(0, |one| one.0))
        }
    };
    let (problem, item) = match &row.bond {
        Bond::Free => (0, ""),
        Bond::Problem(id) => (*id, ""),
        Bond::Matter(item) => (0, item.as_str()),
    };
    let day = |who: Option<(UserId, Date)>| who.map(|(_, on)| on.to_string());
    let user = |who: Option<(UserId, Date)>| who.map_or(0, |(user, _)| user.0);
    let values = values![
        row.project.map_or(0, |one| one.0),
        id,
        1_i64,
        origin,
        origin_id,
        row.unit.as_str(),
        row.body.as_str(),
        party,
        path,
        department,
        row.due.to_string(),
        problem,
        item,
        row.stands.word(),
        row.made_by.0,
        row.made_on.to_string(),
        row.at,
        user(row.reported),
        day(row.reported),
        row.report.as_str(),
        user(row.ended),
        day(row.ended),
        row.remark.as_str(),
        i64::from(row.stands.is_open()),
    ];
    execute(tx, "add a resolution", &sql, values).await?;
    Ok(id)
}

/// Reads a resolution and keeps it for this transaction alone.
///
/// # Errors
/// When the database fails.
pub async fn resolution_lock(tx: &Tx, id: i64) -> Result<Option<ResolutionRow>, StoreError> {
    let lock = tx.engine().for_update();
    let sql = format!("SELECT {COLUMNS} FROM resolution WHERE resolution_id = $1{lock}");
    let row: Option<Stored> = fetch_one(tx, "lock a resolution", &sql, values![id]).await?;
    row.map(Stored::read).transpose()
}

/// Saves where a resolution stands; returns whether it was still at its version.
///
/// # Errors
/// When the database fails.
pub async fn resolution_update(tx: &Tx, row: &ResolutionRow) -> Result<bool, StoreError> {
    let sql = "UPDATE resolution SET version = version + 1, state = $3, open = $4, \
               reported_by = $5, reported_on = $6, report = $7, ended_by = $8, ended_on = $9, \
               remark = $10 WHERE resolution_id = $1 AND version = $2";
    let day = |who: Option<(UserId, Date)>| who.map(|(_, on)| on.to_string());
    let user = |who: Option<(UserId, Date)>| who.map_or(0, |(user, _)| user.0);
    let values = values![
        row.id,
        row.version,
        row.stands.word(),
        i64::from(row.stands.is_open()),
        user(row.reported),
        day(row.reported),
        row.report.as_str(),
        user(row.ended),
        day(row.ended),
        row.remark.as_str(),
    ];
    Ok(execute(tx, "save a resolution", sql, values).await? == 1)
}

/// Which resolutions to list.
#[derive(Clone, Debug, Default)]
pub struct ResolutionFilter {
    /// What the person may see; all only for work that goes through everything.
    pub scope: Option<Scope>,
    /// Only what this very office has to do.
    pub party: Option<Scope>,
    /// Only those of these visits and meetings.
    pub made_at: Option<Vec<MadeAt>>,
    /// Only those about one of these projects.
    pub projects: Option<Vec<i64>>,
    /// Only what is not ended, problems and matters that are through left out.
    pub open: bool,
    /// Only what was due before this day.
    pub due_before: Option<String>,
    /// Only what was reported and waits for somebody to look.
    pub reported: bool,
    /// Only this one.
    pub id: Option<i64>,
    /// How many rows to pass over.
    pub offset: i64,
    /// How many rows at most.
    pub limit: i64,
}

/// What is bound to something that is through is not open any more, whatever the row says.
const STILL_OPEN: &str = "r.open = 1 AND NOT EXISTS (SELECT 1 FROM problem q \
     WHERE r.problem_id > 0 AND q.problem_id = r.problem_id AND q.open = 0) \
     AND NOT EXISTS (SELECT 1 FROM approval_item i WHERE r.item <> '' \
     AND i.project_id = r.project_id AND i.item = r.item \
     AND i.state IN ('granted', 'refused', 'not_needed'))";

fn conditions(filter: &ResolutionFilter, values: &mut Vec<Value>) -> String {
    let mut all = vec!["TRUE".to_owned()];
    if let Some(scope) = &filter.scope {
        all.push(seen_by(scope, values));
    }
    if let Some(office) = &filter.party {
        all.push(of_office(office, values));
    }
    if let Some(made_at) = &filter.made_at {
        all.push(made(made_at, values));
    }
    if let Some(projects) = &filter.projects {
        all.push(one_of("r.project_id", projects.iter().copied(), values));
    }
    if filter.open {
        all.push(STILL_OPEN.to_owned());
    }
    if let Some(day) = &filter.due_before {
        let day = bind(values, day.as_str());
        all.push(format!("{STILL_OPEN} AND r.due_on < {day}"));
    }
    if filter.reported {
        all.push("r.state = 'reported'".to_owned());
    }
    if let Some(id) = filter.id {
        all.push(format!("r.resolution_id = {}", bind(values, id)));
    }
    all.join(" AND ")
}

/// Made at one of these visits and meetings.
fn made(made_at: &[MadeAt], values: &mut Vec<Value>) -> String {
    let mut roads = Vec::new();
    for origin in ["visit", "meeting"] {
        let own = made_at.iter().map(|one| one.parts());
        let mut own = own.filter(|(word, _)| *word == origin).peekable();
        if own.peek().is_some() {
            let ids = one_of("r.origin_id", own.map(|(_, id)| id), values);
            roads.push(format!("r.origin = '{origin}' AND {ids}"));
        }
    }
    match roads.is_empty() {
        true => "FALSE".to_owned(),
        false => format!("({})", roads.join(" OR ")),
    }
}

/// Three roads, as to a problem: the project, the office that does it, the unit it was made in.
fn seen_by(scope: &Scope, values: &mut Vec<Value>) -> String {
    let project = in_scope("p", scope, values);
    let held =
        format!("EXISTS (SELECT 1 FROM project p WHERE p.project_id = r.project_id AND {project})");
    if scope.reporter.is_some() {
        return held;
    }
    let office = of_office(scope, values);
    let mut roads = format!("({held} OR {office}");
    if scope.departments == DepartmentSet::All {
        roads += &format!(" OR ({})", within("r.unit_path", &scope.unit, values));
    }
    roads + ")"
}

/// The office itself: a commission's are those without a department, an owner's those of its
/// projects.
fn of_office(scope: &Scope, values: &mut Vec<Value>) -> String {
    if scope.reporter.is_some() {
        let project = in_scope("p", scope, values);
        return format!(
            "(r.party = 'owner' AND EXISTS (SELECT 1 FROM project p \
             WHERE p.project_id = r.project_id AND {project}))"
        );
    }
    let unit = bind(values, scope.unit.as_str());
    let department = match &scope.departments {
        DepartmentSet::All => "r.party_department = 0".to_owned(),
        DepartmentSet::Only(ids) => one_of("r.party_department", ids.iter().map(|id| id.0), values),
    };
    format!("(r.party = 'office' AND r.party_path = {unit} AND {department})")
}

/// Lists resolutions: those still to be done first, the most urgent on top.
///
/// # Errors
/// When the database fails.
pub async fn resolution_list(
    conn: &impl Conn,
    filter: &ResolutionFilter,
) -> Result<Vec<ResolutionRow>, StoreError> {
    let mut values = Vec::new();
    let wanted = conditions(filter, &mut values);
    let columns: Vec<String> = COLUMNS.split(", ").map(|one| format!("r.{one}")).collect();
    let limit = bind(&mut values, filter.limit);
    let offset = bind(&mut values, filter.offset);
    let sql = format!(
        "SELECT {} FROM resolution r WHERE {wanted} \
         ORDER BY r.open DESC, r.due_on, r.resolution_id LIMIT {limit} OFFSET {offset}",
        columns.join(", ")
    );
    let rows: Vec<Stored> = fetch_all(conn, "list resolutions", &sql, values).await?;
    rows.into_iter().map(Stored::read).collect()
}

/// Counts the resolutions a list would hold.
///
/// # Errors
/// When the database fails.
pub async fn resolution_count(
    conn: &impl Conn,
    filter: &ResolutionFilter,
) -> Result<i64, StoreError> {
    let mut values = Vec::new();
    let wanted = conditions(filter, &mut values);
    let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM resolution r WHERE {wanted}");
    fetch_count(conn, "count resolutions", &sql, values).await
}

#[derive(FromQueryResult)]
struct Reminded {
    resolution_id: i64,
}

/// Claims a step of reminding for resolutions, once each, and returns those that nobody had claimed.
///
/// # Errors
/// When the database fails.
pub async fn resolution_remind(
    tx: &Tx,
    step: &str,
    ids: &[i64],
    at: i64,
) -> Result<Vec<i64>, StoreError> {
    let mut claimed = Vec::new();
    for part in ids.chunks(1_000) {
        let values: Vec<Value> = part.iter().flat_map(|id| values![*id, step, at]).collect();
        let places = tx.engine().rows_of_places(part.len(), 3, "");
        let sql = format!(
            "INSERT INTO resolution_reminder (resolution_id, step, at) VALUES {places} \
             ON CONFLICT DO NOTHING RETURNING resolution_id"
        );
        let rows: Vec<Reminded> = fetch_all(tx, "claim reminders", &sql, values).await?;
        claimed.extend(rows.into_iter().map(|row| row.resolution_id));
    }
    Ok(claimed)
}
