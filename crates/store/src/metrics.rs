//! The cube: totals kept up by deltas, so that a dashboard reads as many cells as it shows.

use std::collections::BTreeMap;

use gangmu_domain::Period;
use gangmu_domain::metrics::{CellKey, Cut, Edition, Measure, Measures};
use gangmu_domain::organisation::{DepartmentSet, UnitPath};
use sea_orm::{FromQueryResult, QueryResult, Value};

use crate::bulk::MOST_VALUES;
use crate::conn::sealed::Raw as _;
use crate::conn::{execute, failed, fetch_all, fetch_rows, values};
use crate::dispatch::number;
use crate::library::word;
use crate::pipeline::departments_condition;
use crate::{Conn, StoreError, Tx};

fn measure_columns(prefix: &str) -> String {
    Measure::ALL
        .iter()
        .map(|m| format!("{prefix}{}", m.word()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Adds differences to the current edition's cells.
///
/// Cells are written in key order, so that two transactions cannot wait for each other.
///
/// # Errors
/// When the database fails.
pub async fn cell_add(tx: &Tx, deltas: &BTreeMap<CellKey, Measures>) -> Result<(), StoreError> {
    let changed: Vec<_> = deltas.iter().filter(|(_, d)| !d.is_zero()).collect();
    let width = 5 + Measure::ALL.len();
    let updates: Vec<String> = Measure::ALL
        .iter()
        .map(|m| format!("{0} = cube_cell.{0} + excluded.{0}", m.word()))
        .collect();
    for chunk in changed.chunks(MOST_VALUES / width) {
        let rows = tx
            .engine()
            .rows_of_places(chunk.len(), width, "'current', ");
        let sql = format!(
            "INSERT INTO cube_cell (edition, period, cut, unit_path, department_id, member, {}) \
             VALUES {} \
             ON CONFLICT (edition, period, cut, unit_path, department_id, member) \
             DO UPDATE SET {}",
            measure_columns(""),
            rows,
            updates.join(", "),
        );
        let mut values: Vec<Value> = Vec::with_capacity(chunk.len() * width);
        for (key, delta) in chunk {
            values.extend(values![
                number(key.period),
                key.cut.word(),
                key.unit.as_str(),
                key.department,
                key.member.clone(),
            ]);
            values.extend(delta.numbers().iter().map(|n| Value::from(*n)));
        }
        execute(tx, "add to totals", &sql, values).await?;
    }
    Ok(())
}

/// Keeps a period's cells as they are now as its published edition.
///
/// # Errors
/// When the database fails.
pub async fn cell_publish(tx: &Tx, period: Period) -> Result<(), StoreError> {
    let columns = format!(
        "period, cut, unit_path, department_id, member, {}",
        measure_columns("")
    );
    let sql = format!(
        "INSERT INTO cube_cell (edition, {columns}) \
         SELECT 'published', {columns} FROM cube_cell \
         WHERE edition = 'current' AND period = $1 AND projects <> 0"
    );
    execute(tx, "publish totals", &sql, values![number(period)]).await?;
    Ok(())
}

/// Reads the cells of some units along a cut, summed over the scope's departments.
///
/// The answer is keyed by unit path and member.
///
/// # Errors
/// When the database fails.
pub async fn cell_read(
    conn: &impl Conn,
    edition: Edition,
    period: Period,
    cut: Cut,
    units: &[UnitPath],
    departments: &DepartmentSet,
) -> Result<BTreeMap<(String, String), Measures>, StoreError> {
    let mut values = values![edition.word(), number(period), cut.word()];
    let bound: Vec<String> = units
        .iter()
        .map(|unit| {
            values.push(Value::from(unit.as_str()));
            format!("${}", values.len())
        })
        .collect();
    if bound.is_empty() {
        return Ok(BTreeMap::new());
    }
    let departments = match departments {
        DepartmentSet::All => " AND department_id = 0".to_owned(),
        only => departments_condition(only, "department_id", &mut values),
    };
    let sql = format!(
        "SELECT unit_path, member, {} FROM cube_cell WHERE edition = $1 AND period = $2 \
         AND cut = $3 AND unit_path IN ({}){departments}",
        measure_columns(""),
        bound.join(", ")
    );
    let mut cells = BTreeMap::new();
    for row in fetch_rows(conn, "read totals", &sql, values).await? {
        let key = (text(&row, "unit_path")?, text(&row, "member")?);
        *cells.entry(key).or_insert_with(Measures::default) += measures(&row)?;
    }
    Ok(cells)
}

/// Reads one unit's totals by department.
///
/// Projects without a department are not among them; the caller finds them as the remainder.
///
/// # Errors
/// When the database fails.
pub async fn cell_by_department(
    conn: &impl Conn,
    edition: Edition,
    period: Period,
    unit: &UnitPath,
    departments: &DepartmentSet,
) -> Result<BTreeMap<i64, Measures>, StoreError> {
    let mut values = values![edition.word(), number(period), unit.as_str()];
    let limited = departments_condition(departments, "department_id", &mut values);
    let sql = format!(
        "SELECT department_id, {} FROM cube_cell WHERE edition = $1 AND period = $2 \
         AND cut = 'total' AND unit_path = $3 AND department_id <> 0{limited} \
         ORDER BY department_id",
        measure_columns("")
    );
    let mut cells = BTreeMap::new();
    for row in fetch_rows(conn, "read totals", &sql, values).await? {
        let id: i64 = row
            .try_get("", "department_id")
            .map_err(failed("read totals"))?;
        cells.insert(id, measures(&row)?);
    }
    Ok(cells)
}

/// Reads every cell of a period that is not zero.
///
/// # Errors
/// When the database fails.
pub async fn cell_dump(
    conn: &impl Conn,
    edition: Edition,
    period: Period,
) -> Result<BTreeMap<CellKey, Measures>, StoreError> {
    let sql = format!(
        "SELECT cut, unit_path, department_id, member, {} FROM cube_cell \
         WHERE edition = $1 AND period = $2",
        measure_columns("")
    );
    let values = values![edition.word(), number(period)];
    let mut cells = BTreeMap::new();
    for row in fetch_rows(conn, "read totals", &sql, values).await? {
        let key = CellKey {
            period,
            cut: word("cut", &text(&row, "cut")?, Cut::from_word)?,
            unit: UnitPath::from_stored(text(&row, "unit_path")?),
            department: row
                .try_get("", "department_id")
                .map_err(failed("read totals"))?,
            member: text(&row, "member")?,
        };
        let measures = measures(&row)?;
        if !measures.is_zero() {
            cells.insert(key, measures);
        }
    }
    Ok(cells)
}

/// Lists the periods that have cells in an edition, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn cell_periods(conn: &impl Conn, edition: Edition) -> Result<Vec<Period>, StoreError> {
    #[derive(FromQueryResult)]
    struct Found {
        period: i64,
    }
    let sql = "SELECT DISTINCT period FROM cube_cell WHERE edition = $1 ORDER BY period";
    let rows: Vec<Found> =
        fetch_all(conn, "list periods of totals", sql, values![edition.word()]).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Period::from_number(i32::try_from(row.period).ok()?))
        .collect())
}

fn text(row: &QueryResult, column: &str) -> Result<String, StoreError> {
    row.try_get("", column).map_err(failed("read totals"))
}

fn measures(row: &QueryResult) -> Result<Measures, StoreError> {
    let mut measures = Measures::default();
    for measure in Measure::ALL {
        let number = row
            .try_get("", measure.word())
            .map_err(failed("read totals"))?;
        measures.set(*measure, number);
    }
    Ok(measures)
}
