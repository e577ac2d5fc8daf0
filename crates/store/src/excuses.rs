//! Proper reasons for being late.

use gangmu_domain::Period;
use gangmu_domain::library::ProjectId;
use gangmu_domain::metrics::{Excuse, ExcuseKind, ExcuseSaid, TakenBack};
use gangmu_domain::organisation::{Scope, UserId};
use sea_orm::FromQueryResult;

use crate::condition::{one_of, within};
use crate::conn::{execute, fetch_all, values};
use crate::dispatch::{number, period_from};
use crate::library::word;
use crate::pipeline::narrowed;
use crate::{Conn, StoreError, Tx};

const COLUMNS: &str = "x.project_id, x.seq, x.from_period, x.to_period, x.kind, x.reason, \
                       x.document_no, x.at, x.user_id, x.back_at, x.back_by, x.back_reason";

/// Writes that nothing excuses the project of a month's return `r` as things stand.
pub(crate) const NOT_EXCUSED: &str = "NOT EXISTS (SELECT 1 FROM excuse x \
     WHERE x.project_id = r.project_id AND x.from_period <= r.period \
     AND x.to_period >= r.period AND x.back_at IS NULL)";

#[derive(FromQueryResult)]
struct Stored {
    project_id: i64,
    seq: i64,
    from_period: i64,
    to_period: i64,
    kind: String,
    reason: String,
    document_no: String,
    at: i64,
    user_id: i64,
    back_at: Option<i64>,
    back_by: Option<i64>,
    back_reason: Option<String>,
}

impl Stored {
    fn read(self) -> Result<(ProjectId, Excuse), StoreError> {
        let taken_back = self.back_at.map(|at| TakenBack {
            at,
            user: UserId(self.back_by.unwrap_or_default()),
            reason: self.back_reason.unwrap_or_default(),
        });
        let excuse = Excuse {
            seq: self.seq,
            said: ExcuseSaid {
                kind: word("kind of an excuse", &self.kind, ExcuseKind::from_word)?,
                reason: self.reason,
                document_no: self.document_no,
                from: period_from(self.from_period)?,
                to: period_from(self.to_period)?,
            },
            at: self.at,
            user: UserId(self.user_id),
            taken_back,
        };
        Ok((ProjectId(self.project_id), excuse))
    }
}

/// Adds an excuse under its number.
///
/// # Errors
/// When the number is taken, or the database fails.
pub async fn excuse_insert(tx: &Tx, project: ProjectId, excuse: &Excuse) -> Result<(), StoreError> {
    let sql = "INSERT INTO excuse (project_id, seq, from_period, to_period, kind, reason, \
               document_no, at, user_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let said = &excuse.said;
    let values = values![
        project.0,
        excuse.seq,
        number(said.from),
        number(said.to),
        said.kind.word(),
        said.reason.clone(),
        said.document_no.clone(),
        excuse.at,
        excuse.user.0,
    ];
    execute(tx, "add an excuse", sql, values).await?;
    Ok(())
}

/// Ends an excuse; says whether it stood until then.
///
/// # Errors
/// When the database fails.
pub async fn excuse_take_back(
    tx: &Tx,
    project: ProjectId,
    seq: i64,
    end: &TakenBack,
) -> Result<bool, StoreError> {
    let sql = "UPDATE excuse SET back_at = $1, back_by = $2, back_reason = $3 \
               WHERE project_id = $4 AND seq = $5 AND back_at IS NULL";
    let values = values![end.at, end.user.0, end.reason.clone(), project.0, seq];
    Ok(execute(tx, "take an excuse back", sql, values).await? > 0)
}

/// Lists a project's excuses, oldest first, those taken back among them.
///
/// # Errors
/// When the database fails.
pub async fn excuse_list(conn: &impl Conn, project: ProjectId) -> Result<Vec<Excuse>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM excuse x WHERE x.project_id = $1 ORDER BY x.seq");
    let rows: Vec<Stored> = fetch_all(conn, "list excuses", &sql, values![project.0]).await?;
    rows.into_iter()
        .map(|row| row.read().map(|(_, excuse)| excuse))
        .collect()
}

/// Lists the excuses of some projects that name a month, those taken back among them.
///
/// # Errors
/// When the database fails.
pub async fn excuse_list_of(
    conn: &impl Conn,
    projects: &[i64],
    period: Period,
) -> Result<Vec<(ProjectId, Excuse)>, StoreError> {
    if projects.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = values![number(period)];
    let of = one_of("x.project_id", projects.iter().copied(), &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM excuse x WHERE x.to_period >= $1 AND x.from_period <= $1 \
         AND {of} ORDER BY x.project_id, x.seq"
    );
    let rows: Vec<Stored> = fetch_all(conn, "list excuses of a month", &sql, values).await?;
    rows.into_iter().map(Stored::read).collect()
}

/// Lists the excuses that name a month, of projects that were in a scope in it, those taken back
/// among them.
///
/// # Errors
/// When the database fails.
pub async fn excuse_list_in(
    conn: &impl Conn,
    scope: &Scope,
    period: Period,
) -> Result<Vec<(ProjectId, Excuse)>, StoreError> {
    let mut values = values![number(period)];
    let place = within("r.unit_path", &scope.unit, &mut values);
    let narrowed = narrowed(scope, "r", &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM excuse x WHERE x.to_period >= $1 AND x.from_period <= $1 \
         AND EXISTS (SELECT 1 FROM monthly_return r \
         WHERE r.project_id = x.project_id AND r.period = $1 AND {place}{narrowed}) \
         ORDER BY x.project_id, x.seq"
    );
    let rows: Vec<Stored> = fetch_all(conn, "list excuses in a scope", &sql, values).await?;
    rows.into_iter().map(Stored::read).collect()
}
