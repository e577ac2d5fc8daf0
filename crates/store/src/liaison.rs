//! Who answers for a project: assignments with their history, and who is loaded with how much.
//!
//! What a reader would get wrong: an assignment is never taken away. It ends, and who made it and
//! who ended it stay on record.

mod handover;
mod load;
mod resolution;
mod visit;

use std::collections::BTreeMap;

use gangmu_domain::liaison::{About, Assignment, Duty, Holder, Term};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{DepartmentId, UnitPath, UserId};
use jiff::civil::Date;
use sea_orm::FromQueryResult;

use crate::conn::{execute, fetch_all, sequence_take, values};
use crate::library::{date, word};
use crate::{Conn, StoreError, Tx};

pub use handover::{
    HandoverRow, assignment_list_handed, handover_get, handover_insert, handover_list,
    handover_report_insert, handover_report_list, handover_sign, reported_list,
};
pub use load::{LoadRow, leader_load};
pub use resolution::{
    MadeAt, ResolutionFilter, ResolutionRow, resolution_count, resolution_insert, resolution_list,
    resolution_lock, resolution_remind, resolution_update,
};
pub use visit::{
    Happened, HappenedFilter, VisitFilter, VisitRow, happened_since, happened_tally,
    liaison_seen_get, liaison_seen_put, visit_count, visit_get, visit_insert, visit_list,
};

/// An assignment as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentRow {
    /// What it is about.
    pub about: About,
    /// Its number.
    pub id: i64,
    /// What it says.
    pub says: Assignment,
    /// Why, or the document that says so; may be empty.
    pub reason: String,
    /// Who made it.
    pub set_by: UserId,
    /// When it was recorded, in milliseconds since 1970.
    pub at: i64,
    /// Who ended it, or set its end; zero while nobody has.
    pub ended_by: UserId,
    /// The hand-over it came from; zero for none.
    pub handover: i64,
}

impl AssignmentRow {
    /// Says whether somebody holds the same duty of the same unit when the new one begins, or later.
    #[must_use]
    pub fn in_the_way_of(&self, new: &Assignment) -> bool {
        let says = &self.says;
        says.duty == new.duty && says.unit == new.unit && says.term.overlaps(&new.term)
    }
}

#[derive(FromQueryResult)]
struct Stored {
    project_id: i64,
    subject: String,
    assignment_id: i64,
    duty: String,
    unit_path: String,
    holder: String,
    holder_user: i64,
    holder_path: String,
    holder_department: i64,
    holder_name: String,
    from_on: String,
    to_on: Option<String>,
    reason: String,
    set_by: i64,
    at: i64,
    ended_by: i64,
    handover_id: i64,
}

const COLUMNS: &str = "project_id, subject, assignment_id, duty, unit_path, holder, holder_user, \
                       holder_path, holder_department, holder_name, from_on, to_on, reason, \
                       set_by, at, ended_by, handover_id";

impl Stored {
    fn read(self) -> Result<AssignmentRow, StoreError> {
        let holder = holder_from(
            &self.holder,
            self.holder_user,
            self.holder_path,
            self.holder_department,
            self.holder_name,
        )?;
        Ok(AssignmentRow {
            about: match self.subject.as_str() {
                "" => About::Project(ProjectId(self.project_id)),
                text => About::from_text(text).ok_or(StoreError::Corrupt {
                    what: "subject",
                    found: text.to_owned(),
                })?,
            },
            id: self.assignment_id,
            says: Assignment {
                duty: word("duty", &self.duty, Duty::from_word)?,
                unit: UnitPath::from_stored(self.unit_path),
                holder,
                term: Term {
                    from: date(&self.from_on)?,
                    to: self.to_on.as_deref().map(date).transpose()?,
                },
            },
            reason: self.reason,
            set_by: UserId(self.set_by),
            at: self.at,
            ended_by: UserId(self.ended_by),
            handover: self.handover_id,
        })
    }
}

/// Reads who holds a duty.
fn holder_from(
    what: &str,
    user: i64,
    path: String,
    department: i64,
    name: String,
) -> Result<Holder, StoreError> {
    Ok(match what {
        "user" => Holder::User(UserId(user)),
        "office" => Holder::Office {
            unit: UnitPath::from_stored(path),
            department: (department != 0).then_some(DepartmentId(department)),
        },
        "named" => Holder::Named(name),
        other => {
            return Err(StoreError::Corrupt {
                what: "holder",
                found: other.to_owned(),
            });
        }
    })
}

/// Writes who holds a duty: the user, the unit's path, the department, the name.
fn holder_columns(holder: &Holder) -> (i64, &str, i64, &str) {
    match holder {
        Holder::User(user) => (user.0, "", 0, ""),
        Holder::Office { unit, department } => {
            (0, unit.as_str(), department.map_or(0, |one| one.0), "")
        }
        Holder::Named(name) => (0, "", 0, name),
    }
}

/// Writes what an assignment is about: the project, zero for none, and the text of anything else.
fn about_columns(about: &About) -> (i64, String) {
    match about {
        About::Project(id) => (id.0, String::new()),
        other => (0, other.text()),
    }
}

/// Waits until nobody else sets what is about no project; of two who do at once the second reads
/// what the first wrote. A project has its own lock.
///
/// # Errors
/// When the database fails.
pub async fn assignment_turn(tx: &Tx) -> Result<(), StoreError> {
    sequence_take(tx, "assignment", 0).await?;
    Ok(())
}

/// Adds an assignment and returns its number; the one it names is ignored.
///
/// # Errors
/// When the database fails.
pub async fn assignment_insert(tx: &Tx, row: &AssignmentRow) -> Result<i64, StoreError> {
    let id = sequence_take(tx, "assignment", 1).await?;
    let sql = format!(
        "INSERT INTO assignment ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
         $11, $12, $13, $14, $15, $16, $17)"
    );
    let (project, subject) = about_columns(&row.about);
    let (user, path, department, name) = holder_columns(&row.says.holder);
    let values = values![
        project,
        subject,
        id,
        row.says.duty.word(),
        row.says.unit.as_str(),
        row.says.holder.word(),
        user,
        path,
        department,
        name,
        row.says.term.from.to_string(),
        row.says.term.to.map(|day| day.to_string()),
        row.reason.as_str(),
        row.set_by.0,
        row.at,
        row.ended_by.0,
        row.handover,
    ];
    execute(tx, "add an assignment", &sql, values).await?;
    Ok(id)
}

/// Sets the last day of an assignment; returns whether it was there.
///
/// # Errors
/// When the database fails.
pub async fn assignment_end(
    tx: &Tx,
    about: &About,
    id: i64,
    to: Date,
    by: UserId,
) -> Result<bool, StoreError> {
    let sql = "UPDATE assignment SET to_on = $3, ended_by = $4 \
               WHERE project_id = $1 AND assignment_id = $2 AND subject = $5";
    let (project, subject) = about_columns(about);
    let values = values![project, id, to.to_string(), by.0, subject];
    Ok(execute(tx, "end an assignment", sql, values).await? == 1)
}

/// Lists the assignments of a project, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn assignment_list(
    conn: &impl Conn,
    project: ProjectId,
) -> Result<Vec<AssignmentRow>, StoreError> {
    let mut found = assignment_list_of(conn, &[project.0]).await?;
    Ok(found.remove(&project).unwrap_or_default())
}

/// Lists the assignments of several projects, the newest of each first.
///
/// # Errors
/// When the database fails.
pub async fn assignment_list_of(
    conn: &impl Conn,
    projects: &[i64],
) -> Result<BTreeMap<ProjectId, Vec<AssignmentRow>>, StoreError> {
    let mut found: BTreeMap<ProjectId, Vec<AssignmentRow>> = BTreeMap::new();
    for part in projects.chunks(500) {
        let values: Vec<sea_orm::Value> = part.iter().map(|id| (*id).into()).collect();
        let places = conn.engine().rows_of_places(1, part.len(), "");
        let sql = format!(
            "SELECT {COLUMNS} FROM assignment WHERE project_id IN {places} \
             ORDER BY project_id, from_on DESC, assignment_id DESC"
        );
        let rows: Vec<Stored> = fetch_all(conn, "list assignments", &sql, values).await?;
        for row in rows {
            let row = row.read()?;
            if let Some(project) = row.about.project() {
                found.entry(project).or_default().push(row);
            }
        }
    }
    Ok(found)
}

/// Lists the assignments about some chains or tasks, the newest of each first.
///
/// # Errors
/// When the database fails.
pub async fn assignment_list_about(
    conn: &impl Conn,
    about: &[About],
) -> Result<Vec<AssignmentRow>, StoreError> {
    let mut found = Vec::new();
    for part in about.chunks(500) {
        let values: Vec<sea_orm::Value> = part.iter().map(|one| one.text().into()).collect();
        let places = conn.engine().rows_of_places(1, part.len(), "");
        let sql = format!(
            "SELECT {COLUMNS} FROM assignment WHERE subject IN {places} \
             ORDER BY subject, from_on DESC, assignment_id DESC"
        );
        let rows: Vec<Stored> = fetch_all(conn, "list assignments", &sql, values).await?;
        for row in rows {
            found.push(row.read()?);
        }
    }
    Ok(found)
}

/// Lists what a person holds on a day or later, on one unit's side or on any.
///
/// # Errors
/// When the database fails.
pub async fn assignment_list_held(
    conn: &impl Conn,
    user: UserId,
    unit: Option<&UnitPath>,
    day: Date,
) -> Result<Vec<AssignmentRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM assignment WHERE holder_user = $1 AND holder = 'user' \
         AND (to_on IS NULL OR to_on >= $2) AND ($3 = '' OR unit_path = $3) \
         ORDER BY project_id, assignment_id"
    );
    let unit = unit.map_or("", UnitPath::as_str);
    let values = values![user.0, day.to_string(), unit];
    let rows: Vec<Stored> = fetch_all(conn, "list what is held", &sql, values).await?;
    rows.into_iter().map(Stored::read).collect()
}
