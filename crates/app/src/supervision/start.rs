//! Putting a plan under supervision (列入督查), and how often its offices report.

use gangmu_domain::Period;
use gangmu_domain::organisation::Action;
use gangmu_domain::plans::{PlanId, PlanState};
use gangmu_domain::supervision::Rhythm;
use gangmu_store::plans;
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
        let plan = plans::plan_lock(&tx, id).await?;
        let plan = plan.filter(|plan| may_read(actor, plan));
        let plan = plan.or_not_found("plan")?;
        if !may_supervise(actor, &plan) {
            return Err(refused(Action::Supervise));
        }
        if plan.state != PlanState::Adopted {
            return Err(AppError::state("plans.not_in_force"));
        }
        let now = supervision::supervision_list(&tx, &[id]).await?;
        let seen = now.get(&id).map_or(0, |row| row.edit);
        if input.edit.is_some_and(|edit| edit != seen) {
            return Err(AppError::Changed {
                what: "supervision",
            });
        }
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
        let closed = supervision::supervision_closed_list(&tx, &[id]).await?;
        let dropped = closed.keys().find(|(_, period)| {
            *period < input.since || *period > until || !input.rhythm.has(*period)
        });
        if let Some((_, period)) = dropped {
            let period = [period.to_string()];
            messages.push(Message::new("supervision.round_is_out", "since", period));
        }
        if !messages.is_empty() {
            return Err(AppError::Invalid { messages });
        }
        let row = SupervisionRow {
            plan: id,
            edit: seen,
            rhythm: input.rhythm,
            since: input.since,
            until,
            user: actor.user,
            at: self.now(),
        };
        if !supervision::supervision_put(&tx, &row).await? {
            return Err(AppError::Changed {
                what: "supervision",
            });
        }
        let detail = json!({
            "rhythm": row.rhythm.word(), "since": row.since.to_string(),
            "until": row.until.to_string(),
        });
        self.plan_audit(&tx, actor, "supervision_put", id, detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}
