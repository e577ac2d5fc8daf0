//! Dispatch meetings: series, meetings, the projects on an agenda.
//!
//! What a reader would get wrong: a project dropped from an agenda stays in the table, so that it
//! is known that somebody dropped it.

use gangmu_domain::library::ProjectId;
use gangmu_domain::meetings::{AgendaItem, Ground, MeetingState, Rhythm, SeriesAbout};
use gangmu_domain::organisation::{Scope, UnitPath, UserId};
use jiff::civil::Date;
use sea_orm::FromQueryResult;

use crate::condition::in_scope;
use crate::conn::sealed::Raw as _;
use crate::conn::{execute, fetch_all, fetch_one, sequence_take, values};
use crate::library::{date, word};
use crate::{Conn, StoreError, Tx};

/// A series as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesRow {
    /// Its number.
    pub id: i64,
    /// Counts the changes.
    pub version: i64,
    /// What it is called.
    pub title: String,
    /// Whose meeting it is.
    pub unit: UnitPath,
    /// Which of the projects there and below it is about.
    pub about: SeriesAbout,
    /// How often it meets.
    pub rhythm: Rhythm,
    /// The day of the rhythm that comes next, worked or not.
    pub next_on: Date,
    /// Whether it meets no more.
    pub ended: bool,
}

#[derive(FromQueryResult)]
struct SeriesStored {
    series_id: i64,
    version: i64,
    title: String,
    unit_path: String,
    about: String,
    rhythm: String,
    next_on: String,
    ended: i64,
}

const SERIES: &str = "series_id, version, title, unit_path, about, rhythm, next_on, ended";

impl SeriesStored {
    fn read(self) -> Result<SeriesRow, StoreError> {
        Ok(SeriesRow {
            id: self.series_id,
            version: self.version,
            title: self.title,
            unit: UnitPath::from_stored(self.unit_path),
            about: word("series", &self.about, SeriesAbout::from_text)?,
            rhythm: word("rhythm", &self.rhythm, Rhythm::from_word)?,
            next_on: date(&self.next_on)?,
            ended: self.ended != 0,
        })
    }
}

/// Adds a series and returns its number; the one it names is ignored.
///
/// # Errors
/// When the database fails.
pub async fn series_insert(tx: &Tx, row: &SeriesRow) -> Result<i64, StoreError> {
    let id = sequence_take(tx, "meeting_series", 1).await?;
    let sql =
        format!("INSERT INTO meeting_series ({SERIES}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    let values = values![
        id,
        1_i64,
        row.title.as_str(),
        row.unit.as_str(),
        row.about.to_text(),
        row.rhythm.word(),
        row.next_on.to_string(),
        i64::from(row.ended),
    ];
    execute(tx, "add a series of meetings", &sql, values).await?;
    Ok(id)
}

/// Reads a series and keeps it for this transaction alone.
///
/// # Errors
/// When the database fails.
pub async fn series_lock(tx: &Tx, id: i64) -> Result<Option<SeriesRow>, StoreError> {
    let lock = tx.engine().for_update();
    let sql = format!("SELECT {SERIES} FROM meeting_series WHERE series_id = $1{lock}");
    let row: Option<SeriesStored> = fetch_one(tx, "lock a series", &sql, values![id]).await?;
    row.map(SeriesStored::read).transpose()
}

/// Saves when a series meets next and whether it has ended; returns whether it was at its version.
///
/// # Errors
/// When the database fails.
pub async fn series_update(tx: &Tx, row: &SeriesRow) -> Result<bool, StoreError> {
    let sql = "UPDATE meeting_series SET version = version + 1, next_on = $3, ended = $4 \
               WHERE series_id = $1 AND version = $2";
    let values = values![
        row.id,
        row.version,
        row.next_on.to_string(),
        i64::from(row.ended),
    ];
    Ok(execute(tx, "save a series", sql, values).await? == 1)
}

/// Lists the series of a unit and those below, the next to meet first, ended ones last.
///
/// # Errors
/// When the database fails.
pub async fn series_list(conn: &impl Conn, unit: &UnitPath) -> Result<Vec<SeriesRow>, StoreError> {
    let sql = format!(
        "SELECT {SERIES} FROM meeting_series WHERE unit_path >= $1 AND unit_path < $2 \
         ORDER BY ended, next_on, series_id"
    );
    let values = values![unit.as_str(), unit.end()];
    let rows: Vec<SeriesStored> = fetch_all(conn, "list series", &sql, values).await?;
    rows.into_iter().map(SeriesStored::read).collect()
}

/// A meeting as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingRow {
    /// Its number.
    pub id: i64,
    /// Its series.
    pub series: i64,
    /// Counts the changes.
    pub version: i64,
    /// Whose meeting it is.
    pub unit: UnitPath,
    /// What it is called.
    pub title: String,
    /// The day.
    pub on: Date,
    /// Where it stands.
    pub state: MeetingState,
    /// Who was there, by their posts.
    pub attendees: String,
    /// What was said, in words for the minutes; why it was cancelled.
    pub summary: String,
    /// What its minutes list besides, as it stood when it was held; empty before.
    pub minutes: String,
    /// How many projects something spoke for and the agenda had no room for.
    pub left_off: i64,
    /// Who prepared it.
    pub user: UserId,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

#[derive(FromQueryResult)]
struct MeetingStored {
    meeting_id: i64,
    series_id: i64,
    version: i64,
    unit_path: String,
    title: String,
    on_date: String,
    state: String,
    attendees: String,
    summary: String,
    minutes: String,
    left_off: i64,
    user_id: i64,
    at: i64,
}

const MEETING: &str = "meeting_id, series_id, version, unit_path, title, on_date, state, \
                       attendees, summary, minutes, left_off, user_id, at";

impl MeetingStored {
    fn read(self) -> Result<MeetingRow, StoreError> {
        Ok(MeetingRow {
            id: self.meeting_id,
            series: self.series_id,
            version: self.version,
            unit: UnitPath::from_stored(self.unit_path),
            title: self.title,
            on: date(&self.on_date)?,
            state: word("state", &self.state, MeetingState::from_word)?,
            attendees: self.attendees,
            summary: self.summary,
            minutes: self.minutes,
            left_off: self.left_off,
            user: UserId(self.user_id),
            at: self.at,
        })
    }
}

/// Adds a meeting and returns its number; the one it names is ignored.
///
/// # Errors
/// When the database fails.
pub async fn meeting_insert(tx: &Tx, row: &MeetingRow) -> Result<i64, StoreError> {
    let id = sequence_take(tx, "meeting", 1).await?;
    let sql = format!(
        "INSERT INTO meeting ({MEETING}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    );
    let values = values![
        id,
        row.series,
        1_i64,
        row.unit.as_str(),
        row.title.as_str(),
        row.on.to_string(),
        row.state.word(),
        row.attendees.as_str(),
        row.summary.as_str(),
        row.minutes.as_str(),
        row.left_off,
        row.user.0,
        row.at,
    ];
    execute(tx, "add a meeting", &sql, values).await?;
    Ok(id)
}

/// Reads a meeting.
///
/// # Errors
/// When the database fails.
pub async fn meeting_get(conn: &impl Conn, id: i64) -> Result<Option<MeetingRow>, StoreError> {
    let sql = format!("SELECT {MEETING} FROM meeting WHERE meeting_id = $1");
    let row: Option<MeetingStored> = fetch_one(conn, "read a meeting", &sql, values![id]).await?;
    row.map(MeetingStored::read).transpose()
}

/// Reads a meeting and keeps it for this transaction alone.
///
/// # Errors
/// When the database fails.
pub async fn meeting_lock(tx: &Tx, id: i64) -> Result<Option<MeetingRow>, StoreError> {
    let lock = tx.engine().for_update();
    let sql = format!("SELECT {MEETING} FROM meeting WHERE meeting_id = $1{lock}");
    let row: Option<MeetingStored> = fetch_one(tx, "lock a meeting", &sql, values![id]).await?;
    row.map(MeetingStored::read).transpose()
}

/// Saves when a meeting is, where it stands and its minutes; returns whether it was at its version.
///
/// # Errors
/// When the database fails.
pub async fn meeting_update(tx: &Tx, row: &MeetingRow) -> Result<bool, StoreError> {
    let sql = "UPDATE meeting SET version = version + 1, on_date = $3, state = $4, \
               attendees = $5, summary = $6, title = $7, minutes = $8, left_off = $9 \
               WHERE meeting_id = $1 AND version = $2";
    let values = values![
        row.id,
        row.version,
        row.on.to_string(),
        row.state.word(),
        row.attendees.as_str(),
        row.summary.as_str(),
        row.title.as_str(),
        row.minutes.as_str(),
        row.left_off,
    ];
    Ok(execute(tx, "save a meeting", sql, values).await? == 1)
}

/// Lists the meetings of a unit and those below, or of one series, newest first.
///
/// # Errors
/// When the database fails.
pub async fn meeting_list(
    conn: &impl Conn,
    unit: &UnitPath,
    series: Option<i64>,
    limit: i64,
) -> Result<Vec<MeetingRow>, StoreError> {
    let sql = format!(
        "SELECT {MEETING} FROM meeting WHERE unit_path >= $1 AND unit_path < $2 \
         AND ($3 = 0 OR series_id = $3) ORDER BY on_date DESC, meeting_id DESC LIMIT $4"
    );
    let values = values![unit.as_str(), unit.end(), series.unwrap_or(0), limit];
    let rows: Vec<MeetingStored> = fetch_all(conn, "list meetings", &sql, values).await?;
    rows.into_iter().map(MeetingStored::read).collect()
}

/// A project on an agenda as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaRow {
    /// Its place, from 1.
    pub position: i64,
    /// The project and the grounds.
    pub item: AgendaItem,
    /// Whether somebody dropped it.
    pub dropped: bool,
}

#[derive(FromQueryResult)]
struct AgendaStored {
    project_id: i64,
    position: i64,
    grounds: String,
    dropped: i64,
}

/// Puts a project on an agenda, or saves its grounds and whether it was dropped.
///
/// # Errors
/// When the database fails.
pub async fn agenda_put(tx: &Tx, meeting: i64, row: &AgendaRow) -> Result<(), StoreError> {
    let grounds: Vec<(&str, &str)> = row
        .item
        .grounds
        .iter()
        .map(|(ground, about)| (ground.word(), about.as_str()))
        .collect();
    let sql = "INSERT INTO meeting_item (meeting_id, project_id, position, grounds, dropped) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (meeting_id, project_id) DO UPDATE SET \
               grounds = excluded.grounds, dropped = excluded.dropped";
    let values = values![
        meeting,
        row.item.project.0,
        row.position,
        serde_json::json!(grounds).to_string(),
        i64::from(row.dropped),
    ];
    execute(tx, "put a project on an agenda", sql, values).await?;
    Ok(())
}

/// Takes every project off an agenda, to be put there anew.
///
/// # Errors
/// When the database fails.
pub async fn agenda_clear(tx: &Tx, meeting: i64) -> Result<(), StoreError> {
    let sql = "DELETE FROM meeting_item WHERE meeting_id = $1";
    execute(tx, "clear an agenda", sql, values![meeting]).await?;
    Ok(())
}

/// Lists the projects on an agenda in order, those dropped too.
///
/// # Errors
/// When the database fails.
pub async fn agenda_list(conn: &impl Conn, meeting: i64) -> Result<Vec<AgendaRow>, StoreError> {
    let sql = "SELECT project_id, position, grounds, dropped FROM meeting_item \
               WHERE meeting_id = $1 ORDER BY position, project_id";
    let rows: Vec<AgendaStored> = fetch_all(conn, "list an agenda", sql, values![meeting]).await?;
    rows.into_iter()
        .map(|row| {
            let corrupt = |found: &str| StoreError::Corrupt {
                what: "grounds",
                found: found.to_owned(),
            };
            let read: Vec<(String, String)> =
                serde_json::from_str(&row.grounds).map_err(|_| corrupt(&row.grounds))?;
            let grounds: Result<Vec<_>, StoreError> = read
                .into_iter()
                .map(|(found, about)| Ok((word("ground", &found, Ground::from_word)?, about)))
                .collect();
            Ok(AgendaRow {
                position: row.position,
                item: AgendaItem {
                    project: ProjectId(row.project_id),
                    grounds: grounds?,
                },
                dropped: row.dropped != 0,
            })
        })
        .collect()
}

#[derive(FromQueryResult)]
struct Starts {
    project_id: i64,
    planned_start_on: String,
}

/// Lists the projects in a scope that are in preparation and were or are to start up to a day,
/// counted, with the day.
///
/// # Errors
/// When the database fails.
pub async fn starts_due(
    conn: &impl Conn,
    scope: &Scope,
    to: Date,
) -> Result<Vec<(ProjectId, Date)>, StoreError> {
    let mut values: Vec<sea_orm::Value> = vec![to.to_string().into()];
    let within = in_scope("p", scope, &mut values);
    let sql = format!(
        "SELECT p.project_id, p.planned_start_on FROM project p \
         WHERE p.planned_start_on <= $1 \
         AND p.stage = 'preparation' AND p.suspended = 0 AND {within} \
         ORDER BY p.planned_start_on, p.project_id LIMIT 500"
    );
    let rows: Vec<Starts> = fetch_all(conn, "list starts that are due", &sql, values).await?;
    rows.into_iter()
        .map(|row| Ok((ProjectId(row.project_id), date(&row.planned_start_on)?)))
        .collect()
}
