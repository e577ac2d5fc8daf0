//! The shelf of a project's documents, reminders that fire once, and due dates that moved.

use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{Scope, UserId};
use jiff::civil::Date;
use sea_orm::FromQueryResult;

use crate::condition::{in_scope, one_of};
use crate::conn::{fetch_all, fetch_one, values};
use crate::library::date;
use crate::{Conn, StoreError, Tx};

/// A document on the shelf of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaterialRow {
    /// The project.
    pub project: ProjectId,
    /// What it is: a code of the catalogue.
    pub code: String,
    /// Counts the documents of this code from one.
    pub seq: i64,
    /// The matter it came with or was made by.
    pub item: String,
    /// The act it came with; when that is struck out, it is gone from the shelf.
    pub event_seq: i64,
    /// Whether a matter produced it; else it was handed in.
    pub produced: bool,
    /// The day.
    pub on: Date,
    /// Its number; may be empty.
    pub document_no: String,
    /// The attachment of the project that it is, where there is one.
    pub attachment: Option<i64>,
    /// Who put it there.
    pub user: UserId,
}

#[derive(FromQueryResult)]
struct MaterialStored {
    project_id: i64,
    code: String,
    seq: i64,
    item: String,
    event_seq: i64,
    origin: String,
    on_date: String,
    document_no: String,
    attachment: Option<i64>,
    user_id: i64,
}

const MATERIAL_COLUMNS: &str = "project_id, code, seq, item, event_seq, origin, on_date, \
                                document_no, attachment, user_id";

impl MaterialStored {
    fn read(self) -> Result<MaterialRow, StoreError> {
        Ok(MaterialRow {
            project: ProjectId(self.project_id),
            code: self.code,
            seq: self.seq,
            item: self.item,
            event_seq: self.event_seq,
            produced: self.origin == "produced",
            on: date(&self.on_date)?,
            document_no: self.document_no,
            attachment: self.attachment,
            user: UserId(self.user_id),
        })
    }
}

/// Puts a document on the shelf; its number among those of its code is given.
///
/// # Errors
/// When the number is taken, or the database fails.
pub async fn material_insert(tx: &Tx, material: &MaterialRow, at: i64) -> Result<(), StoreError> {
    super::material_insert_all(tx, std::slice::from_ref(material), at).await
}

/// Lists the documents on a project's shelf.
///
/// # Errors
/// When the database fails.
pub async fn material_list(
    conn: &impl Conn,
    project: ProjectId,
) -> Result<Vec<MaterialRow>, StoreError> {
    material_list_of(conn, &[project]).await
}

/// Lists the documents on the shelves of some projects.
///
/// # Errors
/// When the database fails.
pub async fn material_list_of(
    conn: &impl Conn,
    projects: &[ProjectId],
) -> Result<Vec<MaterialRow>, StoreError> {
    let mut materials = Vec::new();
    for part in super::parts(projects) {
        let mut values = Vec::new();
        let wanted = one_of("project_id", part.iter().map(|id| id.0), &mut values);
        let sql = format!(
            "SELECT {MATERIAL_COLUMNS} FROM approval_material WHERE {wanted} \
             ORDER BY project_id, code, seq"
        );
        let rows: Vec<MaterialStored> = fetch_all(conn, "list the documents", &sql, values).await?;
        for row in rows {
            materials.push(row.read()?);
        }
    }
    Ok(materials)
}

/// Notes that a matter needed a document, and whether the shelf had it already.
///
/// # Errors
/// When the database fails.
pub async fn need_put(
    tx: &Tx,
    project: ProjectId,
    item: &str,
    code: &str,
    reused: bool,
) -> Result<(), StoreError> {
    super::need_put_all(tx, &[(project, item.to_owned(), code.to_owned(), reused)]).await
}

#[derive(FromQueryResult)]
struct NeedStored {
    item: String,
    code: String,
    reused: i64,
}

/// Lists the documents the matters of a case needed, and whether the shelf had them.
///
/// # Errors
/// When the database fails.
pub async fn need_list(
    conn: &impl Conn,
    project: ProjectId,
) -> Result<Vec<(String, String, bool)>, StoreError> {
    let sql = "SELECT item, code, reused FROM approval_need WHERE project_id = $1 \
               ORDER BY item, code";
    let rows: Vec<NeedStored> =
        fetch_all(conn, "list the needed documents", sql, values![project.0]).await?;
    let read = |row: NeedStored| (row.item, row.code, row.reused != 0);
    Ok(rows.into_iter().map(read).collect())
}

#[derive(FromQueryResult)]
struct Saved {
    needed: i64,
    saved: i64,
}

/// Counts the documents that matters in a scope needed, and those nobody had to hand in again.
///
/// # Errors
/// When the database fails.
pub async fn documents_saved(conn: &impl Conn, scope: &Scope) -> Result<(i64, i64), StoreError> {
    let mut values = Vec::new();
    let within = in_scope("p", scope, &mut values);
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) AS needed, \
         CAST(COALESCE(SUM(n.reused), 0) AS BIGINT) AS saved \
         FROM approval_need n JOIN project p ON p.project_id = n.project_id WHERE {within}"
    );
    let row: Option<Saved> = fetch_one(conn, "count the documents saved", &sql, values).await?;
    Ok(row.map_or((0, 0), |row| (row.needed, row.saved)))
}
