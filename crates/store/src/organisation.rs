//! Reporting units, departments and industries: small tables, read whole.

use gangmu_domain::organisation::{UnitLevel, UnitPath};
use sea_orm::FromQueryResult;

use crate::conn::{execute, fetch_all, fetch_one, values};
use crate::{Conn, StoreError, Tx};

/// A reporting unit (填报单位).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its code, unique in the tree.
    pub code: String,
    /// Its place in the tree.
    pub path: UnitPath,
    /// The level it works on.
    pub level: UnitLevel,
    /// `division` or `zone`.
    pub kind: String,
    /// The full name.
    pub name: String,
    /// The name tables print.
    pub short_name: String,
    /// The English name; empty when there is none.
    pub name_en: String,
}

/// A department or an industry: a code with names, in an official order.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Department {
    /// The number that stands in other tables.
    pub department_id: i64,
    /// The stable word.
    pub code: String,
    /// The full name.
    pub name: String,
    /// The name tables print.
    pub short_name: String,
    /// The English name.
    pub name_en: String,
}

/// A section or division of GB/T 4754 (行业).
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Industry {
    /// A letter for a section, two digits for a division.
    pub code: String,
    /// The section of a division; empty for a section.
    pub parent_code: String,
    /// The name.
    pub name: String,
    /// The English name; empty when there is none.
    pub name_en: String,
}

#[derive(FromQueryResult)]
struct UnitRow {
    code: String,
    path: String,
    level: i64,
    kind: String,
    name: String,
    short_name: String,
    name_en: String,
}

impl UnitRow {
    fn read(self) -> Result<Unit, StoreError> {
        let level = i16::try_from(self.level)
            .ok()
            .and_then(UnitLevel::from_number)
            .ok_or_else(|| StoreError::Corrupt {
                what: "unit level",
                found: self.level.to_string(),
            })?;
        Ok(Unit {
            code: self.code,
            path: UnitPath::from_stored(self.path),
            level,
            kind: self.kind,
            name: self.name,
            short_name: self.short_name,
            name_en: self.name_en,
        })
    }
}

/// Lists all units in official order.
///
/// # Errors
/// When the database fails.
pub async fn unit_list(conn: &impl Conn) -> Result<Vec<Unit>, StoreError> {
    let sql = "SELECT code, path, level, kind, name, short_name, name_en \
               FROM unit ORDER BY position, code";
    let rows: Vec<UnitRow> = fetch_all(conn, "list the units", sql, vec![]).await?;
    rows.into_iter().map(UnitRow::read).collect()
}

/// Adds a unit, or renames the one with this code. A unit never moves in the tree.
///
/// # Errors
/// When the database fails, or the code stands elsewhere in the tree.
pub async fn unit_put(tx: &Tx, unit: &Unit, position: i64) -> Result<(), StoreError> {
    let parent = unit
        .path
        .ancestry()
        .nth(unit.path.depth().wrapping_sub(1))
        .filter(|parent| *parent != unit.path)
        .map_or(String::new(), |parent| parent.as_str().to_owned());
    let sql = "INSERT INTO unit \
               (unit_id, code, path, parent_path, level, kind, name, short_name, name_en, position) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $1) \
               ON CONFLICT (code) DO UPDATE SET kind = excluded.kind, name = excluded.name, \
               short_name = excluded.short_name, name_en = excluded.name_en \
               WHERE unit.path = excluded.path";
    let touched = execute(
        tx,
        "save a unit",
        sql,
        values![
            position,
            unit.code.clone(),
            unit.path.as_str(),
            parent,
            i64::from(unit.level.number()),
            unit.kind.clone(),
            unit.name.clone(),
            unit.short_name.clone(),
            unit.name_en.clone(),
        ],
    )
    .await?;
    if touched == 0 {
        return Err(StoreError::Exists {
            what: "a unit with this code elsewhere in the tree",
        });
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Position {
    position: Option<i64>,
}

/// Removes all units while no project and no post hangs on them; says whether it did.
///
/// # Errors
/// When the database fails.
pub async fn unit_clear(tx: &Tx) -> Result<bool, StoreError> {
    let sql = "DELETE FROM unit WHERE NOT EXISTS (SELECT 1 FROM project) \
               AND NOT EXISTS (SELECT 1 FROM post)";
    Ok(execute(tx, "clear the units", sql, values![]).await? > 0)
}

/// Returns the first free position after the units that exist.
///
/// # Errors
/// When the database fails.
pub async fn unit_next_position(conn: &impl Conn) -> Result<i64, StoreError> {
    let sql = "SELECT MAX(position) AS position FROM unit";
    let row: Option<Position> = fetch_one(conn, "count the units", sql, vec![]).await?;
    Ok(row.and_then(|row| row.position).unwrap_or(0) + 1)
}

/// Lists all departments in official order.
///
/// # Errors
/// When the database fails.
pub async fn department_list(conn: &impl Conn) -> Result<Vec<Department>, StoreError> {
    let sql = "SELECT department_id, code, name, short_name, name_en \
               FROM department ORDER BY position, code";
    fetch_all(conn, "list the departments", sql, vec![]).await
}

/// Adds a department, or renames the one with this code.
///
/// # Errors
/// When the database fails.
pub async fn department_put(
    tx: &Tx,
    department: &Department,
    position: i64,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO department (department_id, code, name, short_name, name_en, position) \
               VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (code) DO UPDATE SET name = excluded.name, \
               short_name = excluded.short_name, name_en = excluded.name_en, \
               position = excluded.position";
    let d = department.clone();
    let values = values![
        d.department_id,
        d.code,
        d.name,
        d.short_name,
        d.name_en,
        position
    ];
    execute(tx, "save a department", sql, values).await?;
    Ok(())
}

/// Lists all industries in official order, sections before their divisions.
///
/// # Errors
/// When the database fails.
pub async fn industry_list(conn: &impl Conn) -> Result<Vec<Industry>, StoreError> {
    let sql = "SELECT code, parent_code, name, name_en FROM industry ORDER BY position, code";
    fetch_all(conn, "list the industries", sql, vec![]).await
}

/// Adds an industry, or renames the one with this code.
///
/// # Errors
/// When the database fails.
pub async fn industry_put(tx: &Tx, industry: &Industry, position: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO industry (code, parent_code, name, name_en, position) \
               VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (code) DO UPDATE SET parent_code = excluded.parent_code, \
               name = excluded.name, name_en = excluded.name_en, position = excluded.position";
    let i = industry.clone();
    execute(
        tx,
        "save an industry",
        sql,
        values![i.code, i.parent_code, i.name, i.name_en, position],
    )
    .await?;
    Ok(())
}
