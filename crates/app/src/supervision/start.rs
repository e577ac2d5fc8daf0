//! Putting a plan under supervision (列入督查), and how often its offices report.

use std::collections::BTreeMap;

use gangmu_domain::Period;
use gangmu_domain::organisation::Action;
use gangmu_domain::plans::{Content, PlanId, PlanState};
use gangmu_domain::supervision::{Rhythm, Rhythms};
use gangmu_store::Tx;
use gangmu_store::plans::{self, PlanRow};
use gangmu_store::supervision::{self, SupervisionRow};
use serde_json::json;

use super::may_supervise;
use crate::actor::refused;
use crate::error::{AppError, Message, OrNotFound};
use crate::plans::may_read;
use crate::{Actor, App};

/// How a plan is supervised, as a person says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupervisionInput {
    /// The edit the person saw, zero for a plan that was not supervised; `None` for a program that
    /// has looked just now.
    pub edit: Option<i64>,
    /// How often offices report.
    pub rhythm: Rhythm,
    /// The first month with a round.
    pub since: Period,
    /// The last one; the last month of the plan when absent.
    pub until: Option<Period>,
}

impl App {
    /// Puts a plan in force under supervision, or changes how it is supervised.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor supervises the plan's unit; [`AppError::State`]
    /// `plans.not_in_force`; [`AppError::Invalid`] when the months are none of the plan's, or a round
    /// whose bulletin is out would be left out; [`AppError::Changed`] when somebody else was first.
    pub async fn supervision_put(
        &self,
        actor: &Actor,
        id: PlanId,
        input: SupervisionInput,
    ) -> Result<(), AppError> {
        let tx = self.db.begin().await?;
        let (plan, now) = self.supervision_seen(&tx, actor, id, input.edit).await?;
        let first = Period::of(plan.from).or_not_found("period")?;
        let last = Period::of(plan.until).or_not_found("period")?;
        let until = input.until.unwrap_or(last);
        let mut messages = Vec::new();
        let span = || [first.to_string(), last.to_string()];
        if input.since < first || input.since > last {
            messages.push(Message::new("supervision.outside_plan", "since", span()));
        }
        if until < input.since || until > last {
            messages.push(Message::new("supervision.outside_plan", "until", span()));
        }
        let own = now.as_ref().map(|row| row.rhythms.own.clone());
        let row = SupervisionRow {
            plan: id,
            edit: now.map_or(0, |row| row.edit),
            rhythms: Rhythms {
                usual: input.rhythm,
                own: own.unwrap_or_default(),
            },
            since: input.since,
            until,
            user: actor.user,
            at: self.now(),
        };
        messages.extend(rounds_left_out(&tx, &row).await?);
        if !messages.is_empty() {
            return Err(AppError::Invalid { messages });
        }
        self.supervision_save(&tx, actor, &row).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Says how often one task is reported on from this month on; as often as the plan's others when
    /// `rhythm` is none. What was asked for before stays asked for, and what was reported on in a
    /// round stays in it.
    ///
    /// # Errors
    /// As [`Self::supervision_put`]; [`AppError::NotFound`] when the plan is not supervised or has no
    /// such task.
    pub async fn supervision_task_rhythm_put(
        &self,
        actor: &Actor,
        id: PlanId,
        task: u32,
        edit: Option<i64>,
        rhythm: Option<Rhythm>,
    ) -> Result<(), AppError> {
        let tx = self.db.begin().await?;
        let (_, now) = self.supervision_seen(&tx, actor, id, edit).await?;
        let now = now.or_not_found("supervision")?;
        let content = content_in_force(&tx, id).await?;
        content.task(task).or_not_found("task")?;
        let mut row = SupervisionRow {
            user: actor.user,
            at: self.now(),
            ..now
        };
        let from = Period::of(self.today()).or_not_found("period")?;
        row.rhythms.set(task, from.max(row.since), rhythm);
        self.supervision_save(&tx, actor, &row).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Locks a plan the actor supervises, and reads how it is supervised.
    async fn supervision_seen(
        &self,
        tx: &Tx,
        actor: &Actor,
        id: PlanId,
        edit: Option<i64>,
    ) -> Result<(PlanRow, Option<SupervisionRow>), AppError> {
        let plan = plans::plan_lock(tx, id).await?;
        let plan = plan.filter(|plan| may_read(actor, plan));
        let plan = plan.or_not_found("plan")?;
        if !may_supervise(actor, &plan) {
            return Err(refused(Action::Supervise));
        }
        if plan.state != PlanState::Adopted {
            return Err(AppError::state("plans.not_in_force"));
        }
        let now = supervision::supervision_list(tx, &[id]).await?.remove(&id);
        let seen = now.as_ref().map_or(0, |row| row.edit);
        match edit.is_some_and(|edit| edit != seen) {
            true => Err(changed()),
            false => Ok((plan, now)),
        }
    }

    async fn supervision_save(
        &self,
        tx: &Tx,
        actor: &Actor,
        row: &SupervisionRow,
    ) -> Result<(), AppError> {
        if !supervision::supervision_put(tx, row).await? {
            return Err(changed());
        }
        let now = Period::of(self.today()).or_not_found("period")?;
        let tasks = row.rhythms.own.keys();
        let own: BTreeMap<u32, &str> = tasks
            .filter_map(|task| Some((*task, row.rhythms.own_of(*task, now)?.word())))
            .collect();
        let detail = json!({
            "rhythm": row.rhythms.usual.word(), "own": own, "since": row.since.to_string(),
            "until": row.until.to_string(),
        });
        self.plan_audit(tx, actor, "supervision_put", row.plan, detail)
            .await
    }
}

fn changed() -> AppError {
    AppError::Changed {
        what: "supervision",
    }
}

async fn content_in_force(tx: &Tx, id: PlanId) -> Result<Content, AppError> {
    let version = plans::plan_version_in_force(tx, &[id]).await?.remove(&id);
    Ok(version.or_not_found("plan")?.content)
}

/// Names a round whose bulletin is out and that would lie outside the months.
async fn rounds_left_out(tx: &Tx, row: &SupervisionRow) -> Result<Option<Message>, AppError> {
    let closed = supervision::supervision_closed_list(tx, &[row.plan]).await?;
    let mut rounds = closed.keys();
    let dropped = rounds.find(|(_, period)| *period < row.since || *period > row.until);
    let named = |(_, period): &(PlanId, Period)| {
        Message::new("supervision.round_is_out", "since", [period.to_string()])
    };
    Ok(dropped.map(named))
}
