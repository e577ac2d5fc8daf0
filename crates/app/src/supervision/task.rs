//! A task's rounds, for the page of the plan it stands in.

use std::collections::{BTreeMap, BTreeSet};

use gangmu_domain::Period;
use gangmu_domain::plans::PlanId;
use gangmu_domain::supervision::{Item, State};
use gangmu_store::plans::PlanRow;
use gangmu_store::supervision;
use serde::Serialize;
use utoipa::ToSchema;

use super::load::{Suggested, load_all};
use super::may_supervise;
use super::round::ItemRowView;
use crate::error::{AppError, OrNotFound};
use crate::{Actor, App, Reference};

/// How a task is supervised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SupervisionTask)]
pub struct TaskSupervisionView {
    /// The edit, which the next change names.
    pub edit: i64,
    /// How often it is reported on: monthly or quarterly.
    pub rhythm: &'static str,
    /// Whether that is its own, or that of the whole plan.
    pub own: bool,
    /// Whether the person may change it.
    pub may_supervise: bool,
    /// The last rounds, newest first.
    pub rounds: Vec<TaskRoundView>,
}

/// A round of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SupervisionTaskRound)]
pub struct TaskRoundView {
    /// The month, 2026-01.
    pub period: String,
    /// The day the bulletin was issued; none while the round is open.
    pub closed_on: Option<String>,
    /// The task's items.
    pub items: Vec<ItemRowView>,
}

/// So many rounds of a task are shown.
const SHOWN: usize = 12;

impl App {
    /// Says whether a plan is under supervision.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the plan may not be seen.
    pub async fn supervision_is(&self, actor: &Actor, id: PlanId) -> Result<bool, AppError> {
        self.plan_seen(actor, id).await?;
        let found = supervision::supervision_list(&self.db, &[id]).await?;
        Ok(!found.is_empty())
    }

    /// Says of plans under supervision which of their tasks are completed: every item of theirs, as
    /// the last report or check says. Plans nobody supervises are not there.
    pub(crate) async fn supervision_completed(
        &self,
        reference: &Reference,
        rows: Vec<PlanRow>,
    ) -> Result<BTreeMap<PlanId, BTreeSet<u32>>, AppError> {
        let today = self.today();
        let next = Period::of(today).or_not_found("period")?.next().next();
        let mut found = BTreeMap::new();
        for loaded in load_all(&self.db, reference, today, rows).await? {
            let mut tasks: BTreeSet<u32> = BTreeSet::new();
            let mut open: BTreeSet<u32> = BTreeSet::new();
            for item in Item::all_of(loaded.content()) {
                match loaded.before(next, item) {
                    Some(State::Completed) => tasks.insert(item.task),
                    _ => open.insert(item.task),
                };
            }
            found.insert(loaded.plan.id, &tasks - &open);
        }
        Ok(found)
    }

    /// Shows how a task is supervised, with its last rounds; none where its plan is not supervised.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the plan may not be seen.
    pub async fn supervision_of_task(
        &self,
        actor: &Actor,
        id: PlanId,
        task: u32,
    ) -> Result<Option<TaskSupervisionView>, AppError> {
        let plan = self.plan_seen(actor, id).await?;
        let (reference, today) = (self.reference().await?, self.today());
        let loaded = load_all(&self.db, &reference, today, vec![plan]).await?;
        let Some(loaded) = loaded.into_iter().next() else {
            return Ok(None);
        };
        let now = Period::of(today).or_not_found("period")?;
        let mut rounds = Vec::new();
        for round in loaded.rounds.iter().rev() {
            let mut lines = loaded.lines(&reference, *round, today)?;
            lines.retain(|line| line.task == task);
            if lines.is_empty() {
                continue;
            }
            let view = |line| ItemRowView::new(&reference, actor, line, Suggested::default());
            let closed = loaded.closed.get(&round.period);
            rounds.push(TaskRoundView {
                period: round.period.to_string(),
                closed_on: closed.map(|one| one.on.to_string()),
                items: lines.iter().map(view).collect(),
            });
            if rounds.len() == SHOWN {
                break;
            }
        }
        Ok(Some(TaskSupervisionView {
            edit: loaded.row.edit,
            rhythm: loaded.row.rhythms.of(task, now).word(),
            own: loaded.row.rhythms.own_of(task, now).is_some(),
            may_supervise: may_supervise(actor, &loaded.plan),
            rounds,
        }))
    }
}
