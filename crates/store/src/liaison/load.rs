//! How much each leader carries: projects, investment, red lights, open problems, chains and tasks
//! (包联负荷).

use gangmu_domain::Period;
use gangmu_domain::liaison::{Duty, Holder, IN_HAND};
use gangmu_domain::metrics::LitRange;
use gangmu_domain::organisation::{Scope, UnitPath};
use jiff::civil::Date;
use sea_orm::FromQueryResult;

use super::holder_from;
use crate::condition::{in_scope, within};
use crate::conn::fetch_all;
use crate::library::is_lit;
use crate::{Conn, StoreError};

/// What one holder carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadRow {
    /// Who.
    pub holder: Holder,
    /// On whose side.
    pub unit: UnitPath,
    /// How many projects.
    pub projects: i64,
    /// Their total investment in yuan.
    pub total_investment: i64,
    /// How many of them have a red light.
    pub red: i64,
    /// How many of them are held up by an open problem.
    pub troubled: i64,
    /// How many chains and tasks besides.
    pub charges: i64,
}

#[derive(FromQueryResult)]
struct Stored {
    holder: String,
    holder_user: i64,
    holder_path: String,
    holder_department: i64,
    holder_name: String,
    unit_path: String,
    projects: i64,
    total_investment: i64,
    red: i64,
    troubled: i64,
    charges: i64,
}

/// Adds up what each holder of a duty carries on a day: projects in hand and in the scope, chains and
/// tasks held on the side of its units. `red` is what the red light stands for, none where no rule
/// gives one.
///
/// # Errors
/// When the database fails.
pub async fn leader_load(
    conn: &impl Conn,
    scope: &Scope,
    duty: Duty,
    day: Date,
    period: Period,
    red: Option<LitRange>,
) -> Result<Vec<LoadRow>, StoreError> {
    let mut values: Vec<sea_orm::Value> = vec![
        i64::from(period.number()).into(),
        duty.word().into(),
        day.to_string().into(),
    ];
    let lit = red.map_or_else(
        || "FALSE".to_owned(),
        |range| is_lit(range, &mut values).join(" AND "),
    );
    let in_reach = in_scope("p", scope, &mut values);
    let side = within("a.unit_path", &scope.unit, &mut values);
    let stages = IN_HAND
        .map(|stage| format!("'{}'", stage.word()))
        .join(", ");
    let sql = format!(
        "SELECT a.holder, a.holder_user, a.holder_path, a.holder_department, a.holder_name, \
         a.unit_path, CAST(COUNT(p.project_id) AS BIGINT) AS projects, \
         CAST(COALESCE(SUM(p.total_investment), 0) AS BIGINT) AS total_investment, \
         CAST(COUNT(*) FILTER (WHERE {lit}) AS BIGINT) AS red, \
         CAST(COUNT(*) FILTER (WHERE EXISTS (SELECT 1 FROM problem_block b \
         JOIN problem q ON q.problem_id = b.problem_id \
         WHERE b.project_id = p.project_id AND q.open = 1)) AS BIGINT) AS troubled, \
         CAST(COUNT(*) FILTER (WHERE a.subject <> '') AS BIGINT) AS charges \
         FROM assignment a LEFT JOIN project p ON p.project_id = a.project_id \
         LEFT JOIN monthly_return r ON r.project_id = a.project_id AND r.period = $1 \
         WHERE a.duty = $2 AND a.from_on <= $3 AND (a.to_on IS NULL OR a.to_on >= $3) \
         AND ((p.stage IN ({stages}) AND {in_reach}) OR (a.subject <> '' AND {side})) \
         GROUP BY a.holder, a.holder_user, a.holder_path, a.holder_department, a.holder_name, \
         a.unit_path ORDER BY a.unit_path, projects DESC, a.holder_user, \
         a.holder_name, a.holder_path, a.holder_department"
    );
    let rows: Vec<Stored> = fetch_all(conn, "add up what is carried", &sql, values).await?;
    let read = |row: Stored| {
        Ok(LoadRow {
            holder: holder_from(
                &row.holder,
                row.holder_user,
                row.holder_path,
                row.holder_department,
                row.holder_name,
            )?,
            unit: UnitPath::from_stored(row.unit_path),
            projects: row.projects,
            total_investment: row.total_investment,
            red: row.red,
            troubled: row.troubled,
            charges: row.charges,
        })
    };
    rows.into_iter().map(read).collect()
}
