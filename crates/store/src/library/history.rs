//! Where projects stood on past days, as far as lists and sums ask for it.
//!
//! What one would get wrong: only projects with which something happened since are read, and those
//! that have gone to another unit since are among those of the unit they left.

use gangmu_domain::Yuan;
use gangmu_domain::library::{Change, Field, ProjectId};
use gangmu_domain::organisation::{DepartmentId, UnitPath};
use gangmu_domain::pipeline::Stage;
use sea_orm::FromQueryResult;

use super::word;
use crate::conn::{fetch_all, values};
use crate::{Conn, StoreError, wire};

/// Where a project counts (项目归属).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The accountable unit.
    pub unit: UnitPath,
    /// The industry department.
    pub department: Option<DepartmentId>,
    /// The stage.
    pub stage: Stage,
    /// The industry division's code; empty while unknown.
    pub industry: String,
    /// The investor type's word; empty while unknown.
    pub investor: String,
    /// Total investment, zero while unknown.
    pub total: Yuan,
}

/// A project that stood elsewhere once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The project.
    pub id: ProjectId,
    /// Where it stands today.
    pub now: Place,
    /// What happened to its place, newest first.
    pub events: Vec<PlaceEvent>,
}

/// Something that happened to a project's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceEvent {
    /// When it was recorded, in milliseconds since 1970.
    pub at: i64,
    /// The fields before and after; `None` when the project was entered.
    pub changes: Option<Vec<Change>>,
}

/// The fields a place is made of.
const FIELDS: [Field; 6] = [
    Field::Unit,
    Field::Department,
    Field::Stage,
    Field::Industry,
    Field::InvestorType,
    Field::TotalInvestment,
];

#[derive(FromQueryResult)]
struct Row {
    project_id: i64,
    unit_path: String,
    department_id: Option<i64>,
    stage: String,
    industry: String,
    investor: String,
    total_investment: i64,
    seq: i64,
    at: i64,
    changes: String,
}

/// Lists the projects of a unit, today's and those of since `since` (milliseconds since 1970), whose
/// place changed from then on, in order of entry.
///
/// # Errors
/// When the database fails or holds what cannot be read.
pub async fn place_history(
    conn: &impl Conn,
    unit: &UnitPath,
    since: i64,
) -> Result<Vec<Moved>, StoreError> {
    let touches = |field: Field| format!("e.changes LIKE '%\"field\":\"{}\"%'", field.word());
    let placed: Vec<String> = FIELDS.into_iter().map(touches).collect();
    // A project's first event holds its whole record, of which nothing is needed here.
    let sql = format!(
        "SELECT e.project_id, p.unit_path, p.department_id, p.stage, p.industry, p.investor, \
         p.total_investment, e.seq, e.at, \
         CASE WHEN e.seq = 1 THEN '' ELSE e.changes END AS changes \
         FROM project_event e JOIN project p ON p.project_id = e.project_id \
         WHERE e.at >= $1 AND (e.seq = 1 OR {}) \
         AND (p.unit_path >= $2 AND p.unit_path < $3 OR e.project_id IN \
         (SELECT e.project_id FROM project_event e WHERE e.at >= $1 AND e.seq > 1 AND {})) \
         ORDER BY e.project_id, e.seq DESC",
        placed.join(" OR "),
        touches(Field::Unit),
    );
    let values = values![since, unit.as_str(), unit.end()];
    let rows: Vec<Row> = fetch_all(conn, "list what moved", &sql, values).await?;
    let mut all: Vec<Moved> = Vec::new();
    for row in rows {
        let event = PlaceEvent {
            at: row.at,
            changes: match row.seq {
                1 => None,
                _ => Some(wire::changes_from_text(&row.changes)?),
            },
        };
        match all.last_mut().filter(|one| one.id.0 == row.project_id) {
            Some(one) => one.events.push(event),
            None => all.push(Moved {
                id: ProjectId(row.project_id),
                now: row.place()?,
                events: vec![event],
            }),
        }
    }
    Ok(all)
}

impl Row {
    fn place(self) -> Result<Place, StoreError> {
        Ok(Place {
            unit: UnitPath::from_stored(self.unit_path),
            department: self.department_id.map(DepartmentId),
            stage: word("stage", &self.stage, Stage::from_word)?,
            industry: self.industry,
            investor: self.investor,
            total: Yuan(self.total_investment),
        })
    }
}
