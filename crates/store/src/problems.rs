//! Problems, the steps taken with them, and the projects and matters they hold up.
//!
//! Steps are only ever added. What a reader would get wrong: `state`, `due_on`, `coordinator` and
//! their like are copies for ordering and filtering lists, written by whoever adds a step; what
//! people are shown is read from the steps.

mod act;
mod list;

use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{DepartmentId, UnitPath, UserId};
use gangmu_domain::problems::{Origin, Party, Phase, Seat};
use jiff::civil::Date;
use sea_orm::FromQueryResult;

use crate::condition::{bind, one_of};
use crate::conn::sealed::Raw as _;
use crate::conn::{execute, fetch_all, fetch_one, sequence_take, values};
use crate::library::{date, word};
use crate::{Conn, StoreError, Tx};

pub use act::{problem_event_insert, problem_event_list, problem_event_list_of, problem_remind};
pub use list::{
    ProblemFilter, ProblemSpan, ProblemTally, block_list, block_list_of, problem_count,
    problem_list, problem_list_left, problem_pass_on, problem_span_list, problem_tally,
    problems_after,
};

/// A problem as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemRow {
    /// Its number.
    pub id: i64,
    /// Counts the changes; a step must name the version it was decided on.
    pub version: i64,
    /// The unit it was raised in.
    pub unit: UnitPath,
    /// What it is, in a line.
    pub title: String,
    /// What it is, at length.
    pub body: String,
    /// Where it came from.
    pub origin: Origin,
    /// The day it was raised.
    pub raised_on: Date,
    /// Who raised it.
    pub raised_by: UserId,
    /// What kind it is.
    pub kind: String,
    /// How grave it is; empty until it is accepted.
    pub grade: String,
    /// Who coordinates.
    pub seat: Seat,
    /// Who has to solve it.
    pub party: Option<Party>,
    /// Where it stands.
    pub phase: Phase,
    /// By when the next step is due.
    pub due: Option<Date>,
    /// The day it was struck off or declined.
    pub ended_on: Option<Date>,
}

/// What a problem holds up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block {
    /// The project.
    pub project: ProjectId,
    /// The matter of its approval case; empty for the project as a whole.
    pub item: String,
    /// Since when, where the project came to be held up by a split or a merger.
    pub since: Option<Date>,
}

#[derive(FromQueryResult)]
struct Stored {
    problem_id: i64,
    version: i64,
    unit_path: String,
    title: String,
    body: String,
    origin: String,
    origin_ref: String,
    raised_on: String,
    raised_by: i64,
    kind: String,
    grade: String,
    level: String,
    coordinator_path: String,
    party: String,
    party_path: String,
    party_department: i64,
    state: String,
    due_on: Option<String>,
    ended_on: Option<String>,
}

const COLUMNS: &str = "problem_id, version, unit_path, title, body, origin, origin_ref, \
                       raised_on, raised_by, kind, grade, level, coordinator_path, party, \
                       party_path, party_department, state, due_on, ended_on";

impl Stored {
    fn read(self) -> Result<ProblemRow, StoreError> {
        let origin = Origin::from_words(&self.origin, &self.origin_ref);
        Ok(ProblemRow {
            id: self.problem_id,
            version: self.version,
            unit: UnitPath::from_stored(self.unit_path),
            title: self.title,
            body: self.body,
            origin: origin.ok_or(StoreError::Corrupt {
                what: "origin",
                found: self.origin,
            })?,
            raised_on: date(&self.raised_on)?,
            raised_by: UserId(self.raised_by),
            kind: self.kind,
            grade: self.grade,
            seat: Seat {
                level: self.level,
                unit: UnitPath::from_stored(self.coordinator_path),
            },
            party: party_from(&self.party, self.party_path, self.party_department),
            phase: word("phase", &self.state, Phase::from_word)?,
            due: self.due_on.as_deref().map(date).transpose()?,
            ended_on: self.ended_on.as_deref().map(date).transpose()?,
        })
    }
}

/// Reads who has it; a word that is none means nobody.
fn party_from(word: &str, path: String, department: i64) -> Option<Party> {
    match word {
        "office" => Some(Party::Office {
            unit: UnitPath::from_stored(path),
            department: (department != 0).then_some(DepartmentId(department)),
        }),
        "owner" => Some(Party::ProjectOwner),
        _ => None,
    }
}

/// Writes who has it: a word, the unit and the department, zero for none.
fn party_columns(party: Option<&Party>) -> (&'static str, &str, i64) {
    match party {
        None => ("", "", 0),
        Some(Party::ProjectOwner) => ("owner", "", 0),
        Some(Party::Office { unit, department }) => {
            ("office", unit.as_str(), department.map_or(0, |one| one.0))
        }
    }
}

/// Adds a problem with what it holds up, and returns its number.
///
/// # Errors
/// When the database fails.
pub async fn problem_insert(
    tx: &Tx,
    problem: &ProblemRow,
    blocks: &[Block],
    at: i64,
) -> Result<i64, StoreError> {
    let id = sequence_take(tx, "problem", 1).await?;
    let sql = format!(
        "INSERT INTO problem ({COLUMNS}, open, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
         $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
    );
    let (party, path, department) = party_columns(problem.party.as_ref());
    let values = values![
        id,
        1_i64,
        problem.unit.as_str(),
        problem.title.as_str(),
        problem.body.as_str(),
        problem.origin.word(),
        problem.origin.reference(),
        problem.raised_on.to_string(),
        problem.raised_by.0,
        problem.kind.as_str(),
        problem.grade.as_str(),
        problem.seat.level.as_str(),
        problem.seat.unit.as_str(),
        party,
        path,
        department,
        problem.phase.word(),
        problem.due.map(|day| day.to_string()),
        problem.ended_on.map(|day| day.to_string()),
        i64::from(problem.phase.is_open()),
        at,
    ];
    execute(tx, "add a problem", &sql, values).await?;
    for block in blocks {
        let sql = "INSERT INTO problem_block (project_id, problem_id, item) VALUES ($1, $2, $3) \
                   ON CONFLICT DO NOTHING";
        let values = values![block.project.0, id, block.item.as_str()];
        execute(tx, "add what a problem holds up", sql, values).await?;
    }
    Ok(id)
}

/// Reads a problem.
///
/// # Errors
/// When the database fails.
pub async fn problem_get(conn: &impl Conn, id: i64) -> Result<Option<ProblemRow>, StoreError> {
    problem_read(conn, id, "").await
}

/// Reads a problem and keeps it for this transaction alone: its steps come one after the other.
///
/// # Errors
/// When the database fails.
pub async fn problem_lock(tx: &Tx, id: i64) -> Result<Option<ProblemRow>, StoreError> {
    problem_read(tx, id, tx.engine().for_update()).await
}

async fn problem_read(
    conn: &impl Conn,
    id: i64,
    lock: &str,
) -> Result<Option<ProblemRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM problem WHERE problem_id = $1{lock}");
    let row: Option<Stored> = fetch_one(conn, "read a problem", &sql, values![id]).await?;
    row.map(Stored::read).transpose()
}

/// Finds the problem that came from somewhere in a project, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn problem_by_origin(
    conn: &impl Conn,
    project: ProjectId,
    origin: &Origin,
) -> Result<Option<i64>, StoreError> {
    #[derive(FromQueryResult)]
    struct Found {
        problem_id: i64,
    }
    let sql = "SELECT p.problem_id FROM problem p \
               JOIN problem_block b ON b.problem_id = p.problem_id \
               WHERE b.project_id = $1 AND p.origin = $2 AND p.origin_ref = $3 \
               ORDER BY p.problem_id LIMIT 1";
    let values = values![project.0, origin.word(), origin.reference()];
    let row: Option<Found> = fetch_one(conn, "find a problem", sql, values).await?;
    Ok(row.map(|row| row.problem_id))
}

/// Lists the problems that came from one of these visits, meetings and the like, in order.
///
/// # Errors
/// When the database fails.
pub async fn problem_list_from(
    conn: &impl Conn,
    origins: &[Origin],
) -> Result<Vec<ProblemRow>, StoreError> {
    let (mut values, mut roads) = (Vec::new(), Vec::new());
    for word in Origin::WORDS {
        let own = origins.iter().filter(|one| one.word() == word);
        let mut own = own.map(Origin::reference).peekable();
        if own.peek().is_some() {
            let origin = bind(&mut values, word);
            let references = one_of("origin_ref", own, &mut values);
            roads.push(format!("origin = {origin} AND {references}"));
        }
    }
    if roads.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM problem WHERE {} ORDER BY problem_id",
        roads.join(" OR ")
    );
    let rows: Vec<Stored> = fetch_all(conn, "list problems", &sql, values).await?;
    rows.into_iter().map(Stored::read).collect()
}

/// Saves what the steps of a problem come to; returns whether it was still at its version.
///
/// # Errors
/// When the database fails.
pub async fn problem_update(tx: &Tx, problem: &ProblemRow) -> Result<bool, StoreError> {
    let sql = "UPDATE problem SET version = version + 1, kind = $3, grade = $4, level = $5, \
               coordinator_path = $6, party = $7, party_path = $8, party_department = $9, \
               state = $10, open = $11, due_on = $12, ended_on = $13 \
               WHERE problem_id = $1 AND version = $2";
    let (party, path, department) = party_columns(problem.party.as_ref());
    let values = values![
        problem.id,
        problem.version,
        problem.kind.as_str(),
        problem.grade.as_str(),
        problem.seat.level.as_str(),
        problem.seat.unit.as_str(),
        party,
        path,
        department,
        problem.phase.word(),
        i64::from(problem.phase.is_open()),
        problem.due.map(|day| day.to_string()),
        problem.ended_on.map(|day| day.to_string()),
    ];
    Ok(execute(tx, "save a problem", sql, values).await? == 1)
}
