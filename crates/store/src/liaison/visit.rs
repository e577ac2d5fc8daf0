//! Records of visits with their photos, and how far a person has looked at their projects.

use std::collections::BTreeMap;

use gangmu_domain::liaison::{Visit, VisitKind};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{Scope, UserId};
use jiff::civil::Date;
use sea_orm::{FromQueryResult, Value};

use crate::condition::{bind, in_scope, one_of};
use crate::conn::{execute, fetch_all, fetch_count, fetch_one, sequence_take, values};
use crate::library::{date, word};
use crate::{Conn, StoreError, Tx};

/// A visit as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitRow {
    /// The project.
    pub project: ProjectId,
    /// Its number.
    pub id: i64,
    /// What was recorded.
    pub says: Visit,
    /// Who recorded it.
    pub user: UserId,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// The numbers of its photos among the project's attachments.
    pub photos: Vec<i64>,
}

#[derive(FromQueryResult)]
struct Stored {
    project_id: i64,
    visit_id: i64,
    kind: String,
    on_date: String,
    place: String,
    longitude: Option<i64>,
    latitude: Option<i64>,
    attendees: String,
    body: String,
    user_id: i64,
    at: i64,
}

const COLUMNS: &str = "project_id, visit_id, kind, on_date, place, longitude, latitude, \
                       attendees, body, user_id, at";

impl Stored {
    fn read(self) -> Result<VisitRow, StoreError> {
        Ok(VisitRow {
            project: ProjectId(self.project_id),
            id: self.visit_id,
            says: Visit {
                kind: word("kind of visit", &self.kind, VisitKind::from_word)?,
                on: date(&self.on_date)?,
                place: self.place,
                position: self.longitude.zip(self.latitude),
                attendees: self.attendees,
                body: self.body,
            },
            user: UserId(self.user_id),
            at: self.at,
            photos: Vec::new(),
        })
    }
}

/// Adds a visit with its photos and returns its number; the one it names is ignored.
///
/// # Errors
/// When the database fails.
pub async fn visit_insert(tx: &Tx, row: &VisitRow) -> Result<i64, StoreError> {
    let id = sequence_take(tx, "visit", 1).await?;
    let sql = format!(
        "INSERT INTO visit ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let (longitude, latitude) = row.says.position.unzip();
    let values = values![
        row.project.0,
        id,
        row.says.kind.word(),
        row.says.on.to_string(),
        row.says.place.as_str(),
        longitude,
        latitude,
        row.says.attendees.as_str(),
        row.says.body.as_str(),
        row.user.0,
        row.at,
    ];
    execute(tx, "add a visit", &sql, values).await?;
    for seq in &row.photos {
        let sql = "INSERT INTO visit_photo (project_id, visit_id, seq) VALUES ($1, $2, $3)";
        let values = values![row.project.0, id, *seq];
        execute(tx, "add a photo of a visit", sql, values).await?;
    }
    Ok(id)
}

/// Reads a visit.
///
/// # Errors
/// When the database fails.
pub async fn visit_get(conn: &impl Conn, id: i64) -> Result<Option<VisitRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM visit WHERE visit_id = $1");
    let row: Option<Stored> = fetch_one(conn, "read a visit", &sql, values![id]).await?;
    let Some(mut row) = row.map(Stored::read).transpose()? else {
        return Ok(None);
    };
    let mut photos = photos(conn, &[row.project.0]).await?;
    row.photos = photos.remove(&row.id).unwrap_or_default();
    Ok(Some(row))
}

/// Which visits to list.
#[derive(Clone, Debug, Default)]
pub struct VisitFilter {
    /// What the person may see; all only for work that goes through everything.
    pub scope: Option<Scope>,
    /// Only those to this project.
    pub project: Option<ProjectId>,
    /// Only those on this day or later.
    pub from: Option<Date>,
    /// Only those on this day or earlier.
    pub until: Option<Date>,
    /// How many rows at most.
    pub limit: i64,
}

fn conditions(filter: &VisitFilter, values: &mut Vec<Value>) -> String {
    let mut all = vec!["TRUE".to_owned()];
    if let Some(scope) = &filter.scope {
        let project = in_scope("p", scope, values);
        all.push(format!(
            "EXISTS (SELECT 1 FROM project p WHERE p.project_id = v.project_id AND {project})"
        ));
    }
    if let Some(project) = filter.project {
        all.push(format!("v.project_id = {}", bind(values, project.0)));
    }
    if let Some(day) = filter.from {
        all.push(format!("v.on_date >= {}", bind(values, day.to_string())));
    }
    if let Some(day) = filter.until {
        all.push(format!("v.on_date <= {}", bind(values, day.to_string())));
    }
    all.join(" AND ")
}

/// Lists visits, newest first.
///
/// # Errors
/// When the database fails.
pub async fn visit_list(
    conn: &impl Conn,
    filter: &VisitFilter,
) -> Result<Vec<VisitRow>, StoreError> {
    let mut values = Vec::new();
    let wanted = conditions(filter, &mut values);
    let limit = bind(&mut values, filter.limit);
    let sql = format!(
        "SELECT {COLUMNS} FROM visit v WHERE {wanted} \
         ORDER BY on_date DESC, visit_id DESC LIMIT {limit}"
    );
    let rows: Vec<Stored> = fetch_all(conn, "list visits", &sql, values).await?;
    let mut projects: Vec<i64> = rows.iter().map(|row| row.project_id).collect();
    projects.sort_unstable();
    projects.dedup();
    let mut photos = photos(conn, &projects).await?;
    let with_photos = |row: Stored| {
        let mut row = row.read()?;
        row.photos = photos.remove(&row.id).unwrap_or_default();
        Ok(row)
    };
    rows.into_iter().map(with_photos).collect()
}

/// Counts the visits a list would hold.
///
/// # Errors
/// When the database fails.
pub async fn visit_count(conn: &impl Conn, filter: &VisitFilter) -> Result<i64, StoreError> {
    let mut values = Vec::new();
    let wanted = conditions(filter, &mut values);
    let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM visit v WHERE {wanted}");
    fetch_count(conn, "count visits", &sql, values).await
}

async fn photos(conn: &impl Conn, projects: &[i64]) -> Result<BTreeMap<i64, Vec<i64>>, StoreError> {
    #[derive(FromQueryResult)]
    struct Photo {
        visit_id: i64,
        seq: i64,
    }
    let mut found: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for part in projects.chunks(500) {
        let mut values = Vec::new();
        let of = one_of("project_id", part.iter().copied(), &mut values);
        let sql =
            format!("SELECT visit_id, seq FROM visit_photo WHERE {of} ORDER BY visit_id, seq");
        let rows: Vec<Photo> = fetch_all(conn, "list photos of visits", &sql, values).await?;
        for row in rows {
            found.entry(row.visit_id).or_default().push(row.seq);
        }
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct Seen {
    at: i64,
}

/// Reads up to which instant a person has looked at what changed; zero for never.
///
/// # Errors
/// When the database fails.
pub async fn liaison_seen_get(conn: &impl Conn, user: UserId) -> Result<i64, StoreError> {
    let sql = "SELECT at FROM liaison_seen WHERE user_id = $1";
    let row: Option<Seen> = fetch_one(conn, "read what was seen", sql, values![user.0]).await?;
    Ok(row.map_or(0, |row| row.at))
}

/// Notes up to which instant a person has looked; an earlier one changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn liaison_seen_put(tx: &Tx, user: UserId, at: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO liaison_seen (user_id, at) VALUES ($1, $2) \
               ON CONFLICT (user_id) DO UPDATE SET at = excluded.at \
               WHERE liaison_seen.at < excluded.at";
    execute(tx, "note what was seen", sql, values![user.0, at]).await?;
    Ok(())
}

/// Something that happened in a project (动态).
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Happened {
    /// The project.
    pub project_id: i64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who did it.
    pub user_id: i64,
    /// event, return, problem, approval, visit, meeting.
    pub what: String,
    /// The kind of event, the step, the act: a stable word.
    pub word: String,
    /// The reason or title; may be empty.
    pub text: String,
    /// The number of the problem, visit or meeting, or the period; zero for none.
    pub reference: i64,
}

/// What others did in some projects after an instant.
#[derive(Clone, Copy, Debug)]
pub struct HappenedFilter<'a> {
    /// The projects.
    pub projects: &'a [i64],
    /// After this instant, in milliseconds since 1970.
    pub after: i64,
    /// Whoever looks: their own acts are not told.
    pub but: UserId,
}

/// Lists what others did, newest first. A visit stands in a table of its own, so its line on the
/// timeline is left out.
///
/// # Errors
/// When the database fails.
pub async fn happened_since(
    conn: &impl Conn,
    filter: HappenedFilter<'_>,
    (offset, limit): (i64, i64),
) -> Result<Vec<Happened>, StoreError> {
    let (all, mut values) = happened(conn, filter);
    values.extend([limit.into(), offset.into()]);
    let sql = format!("{all} ORDER BY 2 DESC, 1, 4, 5, 7 LIMIT $4 OFFSET $5");
    fetch_all(conn, "list what happened", &sql, values).await
}

#[derive(FromQueryResult)]
struct Tally {
    project_id: i64,
    n: i64,
}

/// Counts what others did, by project.
///
/// # Errors
/// When the database fails.
pub async fn happened_tally(
    conn: &impl Conn,
    filter: HappenedFilter<'_>,
) -> Result<BTreeMap<i64, i64>, StoreError> {
    let (all, values) = happened(conn, filter);
    let sql = format!(
        "SELECT project_id, CAST(COUNT(*) AS BIGINT) AS n FROM ({all}) AS happened \
         GROUP BY project_id"
    );
    let rows: Vec<Tally> = fetch_all(conn, "count what happened", &sql, values).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.project_id, row.n))
        .collect())
}

/// The statement of what happened, with its first three values.
fn happened(conn: &impl Conn, filter: HappenedFilter<'_>) -> (String, Vec<Value>) {
    // One text names the projects; each part of the statement reads it again.
    let ids: Vec<String> = filter.projects.iter().map(ToString::to_string).collect();
    let ids = format!("[{}]", ids.join(","));
    let of = |column: &str| conn.engine().one_of(column, "$1");
    let all = format!(
        "SELECT project_id, at, user_id, 'event' AS what, kind AS word, reason AS text, \
         CAST(0 AS BIGINT) AS reference FROM project_event \
         WHERE {} AND at > $2 AND user_id <> $3 AND kind NOT IN ('visited', 'problem') \
         UNION ALL SELECT project_id, at, user_id, 'return', kind, reason, period \
         FROM return_event WHERE {} AND at > $2 AND user_id <> $3 \
         UNION ALL SELECT b.project_id, e.at, e.user_id, 'problem', e.act, p.title, p.problem_id \
         FROM problem_block b JOIN problem p ON p.problem_id = b.problem_id \
         JOIN problem_event e ON e.problem_id = b.problem_id \
         WHERE {} AND e.at > $2 AND e.user_id <> $3 \
         UNION ALL SELECT project_id, at, user_id, 'approval', act, item, CAST(0 AS BIGINT) \
         FROM approval_event WHERE {} AND at > $2 AND user_id <> $3 \
         UNION ALL SELECT project_id, at, user_id, 'visit', kind, body, visit_id \
         FROM visit WHERE {} AND at > $2 AND user_id <> $3 \
         UNION ALL SELECT i.project_id, m.at, m.user_id, 'meeting', 'agenda', m.title, \
         m.meeting_id FROM meeting_item i JOIN meeting m ON m.meeting_id = i.meeting_id \
         WHERE {} AND i.dropped = 0 AND m.at > $2 AND m.user_id <> $3",
        of("project_id"),
        of("project_id"),
        of("b.project_id"),
        of("project_id"),
        of("project_id"),
        of("i.project_id"),
    );
    (all, values![ids, filter.after, filter.but.0])
}
