//! How far cases are (手续办结率), and the proof that what is copied for lists and totals is what the
//! acts say.

use std::collections::BTreeMap;

use gangmu_domain::Period;
use gangmu_domain::approvals::MatterGroup;
use gangmu_domain::dispatch::PeriodState;
use gangmu_domain::library::ProjectId;
use gangmu_domain::metrics::MatterCounts;
use gangmu_domain::organisation::Action;
use gangmu_domain::pipeline::OpenMatters;
use gangmu_store::approvals::{self, CaseRow, ItemRow};
use gangmu_store::dispatch;
use serde::Serialize;
use utoipa::ToSchema;

use super::dues::Sweep;
use super::make::tally;
use crate::change::audit;
use crate::doctor::Fault;
use crate::error::AppError;
use crate::{Actor, App};

/// How far the cases of a scope are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RatesView {
    /// Projects with a case that is not closed.
    pub cases: i64,
    /// Of these, with every matter before the start through (项目口径).
    pub through: i64,
    /// Matters before the start.
    pub items: i64,
    /// Of these, granted or not needed (手续口径).
    pub done: i64,
}

const PART: i64 = 2_000;

impl App {
    /// Counts how far the cases in the actor's scope are (手续办结率).
    ///
    /// # Errors
    /// When the actor may not read.
    pub async fn approval_rates(&self, actor: &Actor) -> Result<RatesView, AppError> {
        let grant = actor.grant(Action::Read)?;
        let tally = approvals::case_tally(&self.db, &grant.scope).await?;
        Ok(RatesView {
            cases: tally.cases,
            through: tally.through,
            items: tally.items,
            done: tally.done,
        })
    }

    /// Counts what a project's case still asks for; none when there is no case.
    pub(crate) async fn open_matters(
        &self,
        conn: &impl gangmu_store::Conn,
        project: ProjectId,
        on: jiff::civil::Date,
    ) -> Result<Option<OpenMatters>, AppError> {
        let Some(case) = approvals::case_get(conn, project).await? else {
            return Ok(None);
        };
        let catalogue = self.catalogue(conn, case.catalogue).await?;
        let mut open = OpenMatters::default();
        for row in approvals::item_list(conn, project).await? {
            let matter = catalogue.matter(&row.item);
            let Some(matter) = matter.filter(|_| !row.phase.is_done()) else {
                continue;
            };
            if matter.group != MatterGroup::Acceptance {
                open.all += 1;
                open.main += u32::from(matter.main_since.is_some_and(|since| since <= on.year()));
            }
        }
        Ok(Some(open))
    }

    /// Proves that the copies lists are ordered by are what the acts say.
    pub(crate) async fn check_approvals(&self) -> Result<Vec<Fault>, AppError> {
        let reference = self.reference().await?;
        let mut faults = Vec::new();
        let mut sweep = Sweep::through(false);
        while let Some(part) = self.sweep_on(&mut sweep, &reference).await? {
            let astray = part.iter().filter(|(row, computed)| row != computed);
            faults.extend(astray.map(|(row, computed)| fault(row, computed)));
        }
        faults.extend(self.check_counts().await?);
        Ok(faults)
    }

    /// Proves that what each case counts is what its matters say, and that the open months have it.
    async fn check_counts(&self) -> Result<Vec<Fault>, AppError> {
        let open: Vec<Period> = dispatch::period_list(&self.db)
            .await?
            .into_iter()
            .filter(|row| row.state == PeriodState::Open)
            .map(|row| row.period)
            .collect();
        let mut faults = Vec::new();
        let mut after = ProjectId(i64::MIN);
        loop {
            let cases = approvals::case_list_after(&self.db, after, PART).await?;
            let Some(last) = cases.last() else { break };
            after = last.project;
            let ids: Vec<ProjectId> = cases.iter().map(|case| case.project).collect();
            let mut items: BTreeMap<ProjectId, Vec<ItemRow>> = BTreeMap::new();
            for row in approvals::item_list_of(&self.db, &ids).await? {
                items.entry(row.project).or_default().push(row);
            }
            for case in &cases {
                let catalogue = self.catalogue(&self.db, case.catalogue).await?;
                let rows = items.remove(&case.project).unwrap_or_default();
                let computed = tally(&catalogue, &rows);
                if (case.total, case.done) != computed {
                    faults.push(Fault {
                        what: "case",
                        place: case.project.to_string(),
                        stored: format!("{}/{}", case.done, case.total),
                        computed: format!("{}/{}", computed.1, computed.0),
                    });
                }
            }
            for period in &open {
                faults.extend(self.check_counts_in(*period, &cases).await?);
            }
        }
        Ok(faults)
    }

    /// Brings how far every case is into the open months where they do not have it, and returns how
    /// many returns that changed. A database from before that was a measure lacks it until a case
    /// moves; doing it twice changes nothing.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor may keep cases.
    pub async fn matter_counts_mend(&self, actor: &Actor) -> Result<usize, AppError> {
        actor.grant(Action::ManageCase)?;
        let mut changed = 0;
        let mut after = ProjectId(i64::MIN);
        loop {
            let mut begun = self.begin(actor).await?;
            let mut work = begun.work();
            let part = approvals::case_list_after(work.tx, after, PART).await?;
            let Some(last) = part.last() else { break };
            after = last.project;
            let counts: Vec<(ProjectId, MatterCounts)> = part.iter().map(counts_of).collect();
            changed += work.recount(&counts).await?;
            begun.commit().await?;
        }
        if changed > 0 {
            let tx = self.db.begin().await?;
            let detail = serde_json::json!({ "returns": changed }).to_string();
            let now = self.now();
            audit(&tx, actor, now, "matter_counts_mend", "totals", &detail).await?;
            tx.commit().await?;
        }
        Ok(changed)
    }

    async fn check_counts_in(
        &self,
        period: Period,
        cases: &[CaseRow],
    ) -> Result<Vec<Fault>, AppError> {
        let by_project: BTreeMap<ProjectId, MatterCounts> = cases.iter().map(counts_of).collect();
        let ids: Vec<i64> = by_project.keys().map(|id| id.0).collect();
        let returns = dispatch::return_list_of(&self.db, &ids, period).await?;
        let astray = returns.into_iter().filter_map(|row| {
            let computed = *by_project.get(&row.project)?;
            let stored = row.position.entry.matters;
            (stored != computed).then(|| Fault {
                what: "matter_counts",
                place: format!("{period} {}", row.project),
                stored: format!("{}/{}", stored.done, stored.all),
                computed: format!("{}/{}", computed.done, computed.all),
            })
        });
        Ok(astray.collect())
    }
}

/// How far a case says it is.
fn counts_of(case: &CaseRow) -> (ProjectId, MatterCounts) {
    let counts = MatterCounts {
        all: case.total,
        done: case.done,
    };
    (case.project, counts)
}

fn fault(row: &ItemRow, computed: &ItemRow) -> Fault {
    let words = |row: &ItemRow| format!("{} {} {:?}", row.phase.word(), row.unit.as_str(), row.due);
    Fault {
        what: "matter",
        place: format!("{} {}", row.project, row.item),
        stored: words(row),
        computed: words(computed),
    }
}
