//! Writing a draft: one task, one indicator, one answer to the plan above at a time.
//!
//! What a reader would get wrong: a draft may be wrong as a whole while it is written; it is each
//! single piece that must be readable. The whole is judged when it is adopted.

use gangmu_domain::plans::{
    Content, Flaw, Indicator, LeftOut, Office, PlanId, PlanState, Task, Wrong,
};
use gangmu_store::Tx;
use gangmu_store::plans::{self, PlanRow, VersionRow};
use serde_json::json;

use super::input::{IndicatorInput, Reading, TaskInput};
use super::{is_known, may_read, may_write};
use crate::actor::refused;
use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};
use crate::{Actor, App, Reference};
use gangmu_domain::organisation::Action;

/// The most tasks of a plan, and indicators of a task.
pub(super) const MOST_TASKS: usize = 500;
pub(super) const MOST_INDICATORS: usize = 50;

/// A draft while it is changed.
pub(super) struct Draft {
    pub plan: PlanRow,
    pub version: VersionRow,
    /// What the plan above says today.
    pub upper: Option<Content>,
}

/// Reads a plan for writing and keeps it for this transaction alone.
pub(super) async fn lock(
    tx: &Tx,
    actor: &Actor,
    id: PlanId,
    edit: Option<i64>,
) -> Result<PlanRow, AppError> {
    let plan = plans::plan_lock(tx, id).await?.or_not_found("plan")?;
    if !may_write(actor, &plan.office) {
        return match may_read(actor, &plan) {
            true => Err(refused(Action::ManagePlan)),
            false => Err(AppError::NotFound { what: "plan" }),
        };
    }
    if edit.is_some_and(|edit| edit != plan.edit) {
        return Err(AppError::Changed { what: "plan" });
    }
    Ok(plan)
}

/// What a plan says in its version in force.
pub(super) async fn in_force(
    conn: &impl gangmu_store::Conn,
    plan: Option<PlanId>,
) -> Result<Option<Content>, AppError> {
    let Some(plan) = plan else { return Ok(None) };
    let mut found = plans::plan_version_in_force(conn, &[plan]).await?;
    Ok(found.remove(&plan).map(|version| version.content))
}

impl Draft {
    pub(super) async fn load(
        tx: &Tx,
        actor: &Actor,
        id: PlanId,
        edit: Option<i64>,
    ) -> Result<Self, AppError> {
        let plan = lock(tx, actor, id, edit).await?;
        if plan.state == PlanState::Withdrawn {
            return Err(AppError::state("plans.withdrawn"));
        }
        if !plan.draft {
            return Err(AppError::state("plans.no_draft"));
        }
        let version = plans::plan_version_get(tx, id, plan.version + 1)
            .await?
            .or_not_found("plan")?;
        Ok(Self {
            upper: in_force(tx, plan.parent).await?,
            plan,
            version,
        })
    }

    /// Everything that stands against adopting it.
    pub(super) fn flaws(&self, reference: &Reference) -> Vec<Flaw> {
        flaws(
            reference,
            &self.plan.office,
            &self.version.content,
            self.upper.as_ref(),
        )
    }
}

pub(super) fn flaws(
    reference: &Reference,
    office: &Office,
    content: &Content,
    upper: Option<&Content>,
) -> Vec<Flaw> {
    content.flaws(office, upper, |link| is_known(reference, link))
}

/// The flaws of one piece as messages beside its fields.
fn of_piece(flaws: Vec<Flaw>, field: impl Fn(&Wrong) -> Option<&'static str>) -> Vec<Message> {
    flaws
        .into_iter()
        .filter_map(|flaw| {
            let field = field(&flaw.wrong)?;
            Some(Message::new(flaw.wrong.code(), field, flaw.wrong.params()))
        })
        .collect()
}

fn field_of_task(wrong: &Wrong) -> Option<&'static str> {
    match wrong {
        Wrong::UnknownTask(_) => Some("takes_over"),
        Wrong::Untitled => Some("title"),
        Wrong::OfficeTwice => Some("cooperating"),
        _ => None,
    }
}

fn field_of_indicator(wrong: &Wrong) -> Option<&'static str> {
    Some(match wrong {
        Wrong::Unnamed => "name",
        Wrong::NoUnit => "unit",
        Wrong::UnknownIndicator(_) | Wrong::OtherUnit { .. } => "carries",
        Wrong::UnknownMetric(_) | Wrong::MetricUnit(_) => "metric",
        Wrong::UnknownPlace(_) => "member",
        Wrong::BadFormula | Wrong::FormulaUnknown(_) | Wrong::FormulaCycle => "formula",
        // Parts are typed elsewhere: a changed target may leave them behind for a while.
        _ => return None,
    })
}

impl App {
    /// Changes a draft within one transaction and returns what the change made.
    pub(super) async fn draft_change<T>(
        &self,
        actor: &Actor,
        id: PlanId,
        edit: Option<i64>,
        what: &str,
        change: impl AsyncFnOnce(&Tx, &Reference, &mut Draft) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let reference = self.reference().await?;
        let tx = self.db.begin().await?;
        let mut draft = Draft::load(&tx, actor, id, edit).await?;
        let made = change(&tx, &reference, &mut draft).await?;
        self.draft_save(&tx, actor, &mut draft, what).await?;
        tx.commit().await?;
        Ok(made)
    }

    pub(super) async fn draft_save(
        &self,
        tx: &Tx,
        actor: &Actor,
        draft: &mut Draft,
        what: &str,
    ) -> Result<(), AppError> {
        draft.version.user = actor.user;
        draft.version.at = self.now();
        plans::plan_version_put(tx, draft.plan.id, &draft.version).await?;
        if !plans::plan_update(tx, &draft.plan).await? {
            return Err(AppError::Changed { what: "plan" });
        }
        let detail = json!({ "what": what, "version": draft.version.version });
        let subject = format!("plan:{}", draft.plan.id.0);
        audit(
            tx,
            actor,
            self.now(),
            "plan_draft",
            &subject,
            &detail.to_string(),
        )
        .await
    }

    /// Writes a task of a draft, a new one without `key`; returns its key.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with what is wrong with the form; [`AppError::Changed`] when somebody
    /// else wrote meanwhile; [`AppError::State`] where nothing is being written.
    pub async fn plan_task_put(
        &self,
        actor: &Actor,
        id: PlanId,
        edit: Option<i64>,
        key: Option<u32>,
        input: &TaskInput,
    ) -> Result<u32, AppError> {
        self.draft_change(actor, id, edit, "task", async |_, reference, draft| {
            let content = &mut draft.version.content;
            let mut reading = Reading::new(reference);
            let mut task = {
                let read = reading.task(key.unwrap_or_default(), input);
                reading.done(read)?
            };
            match key {
                Some(key) => {
                    let old = content.tasks.iter_mut().find(|one| one.key == key);
                    let old = old.or_not_found("task")?;
                    task.indicators = std::mem::take(&mut old.indicators);
                    *old = task;
                    Self::refuse_piece(reference, draft, key, 0)?;
                    Ok(key)
                }
                None if content.tasks.len() >= MOST_TASKS => {
                    Err(AppError::state("plans.too_many_tasks"))
                }
                None => {
                    task.key = content.take_key();
                    let key = task.key;
                    content.tasks.push(task);
                    Self::refuse_piece(reference, draft, key, 0)?;
                    Ok(key)
                }
            }
        })
        .await
    }

    /// Refuses a piece that cannot stand as it is.
    fn refuse_piece(
        reference: &Reference,
        draft: &Draft,
        task: u32,
        indicator: u32,
    ) -> Result<(), AppError> {
        let mut flaws = draft.flaws(reference);
        flaws.retain(|flaw| flaw.task == task && flaw.indicator == indicator);
        let messages = match indicator {
            0 => of_piece(flaws, field_of_task),
            _ => of_piece(flaws, field_of_indicator),
        };
        match messages.is_empty() {
            true => Ok(()),
            false => Err(AppError::Invalid { messages }),
        }
    }

    /// Takes a task out of a draft, with its indicators.
    ///
    /// # Errors
    /// As [`App::plan_task_put`].
    pub async fn plan_task_remove(
        &self,
        actor: &Actor,
        id: PlanId,
        edit: Option<i64>,
        key: u32,
    ) -> Result<(), AppError> {
        self.draft_change(actor, id, edit, "task_removed", async |_, _, draft| {
            let tasks = &mut draft.version.content.tasks;
            let before = tasks.len();
            tasks.retain(|task| task.key != key);
            (tasks.len() < before).then_some(()).or_not_found("task")
        })
        .await
    }

    /// Moves a task of a draft to a place, counted from 1.
    ///
    /// # Errors
    /// As [`App::plan_task_put`].
    pub async fn plan_task_move(
        &self,
        actor: &Actor,
        id: PlanId,
        edit: Option<i64>,
        key: u32,
        place: usize,
    ) -> Result<(), AppError> {
        self.draft_change(actor, id, edit, "task_moved", async |_, _, draft| {
            let tasks = &mut draft.version.content.tasks;
            let at = tasks.iter().position(|task| task.key == key);
            let task = tasks.remove(at.or_not_found("task")?);
            let to = place.saturating_sub(1).min(tasks.len());
            tasks.insert(to, task);
            Ok(())
        })
        .await
    }

    /// Writes an indicator of a task, a new one without `key`; returns its key.
    ///
    /// # Errors
    /// As [`App::plan_task_put`].
    pub async fn plan_indicator_put(
        &self,
        actor: &Actor,
        id: PlanId,
        edit: Option<i64>,
        task: u32,
        key: Option<u32>,
        input: &IndicatorInput,
    ) -> Result<u32, AppError> {
        self.draft_change(actor, id, edit, "indicator", async |_, reference, draft| {
            let office = draft.plan.office.clone();
            let content = &mut draft.version.content;
            let due = content.task(task).or_not_found("task")?.due;
            let mut reading = Reading::new(reference);
            let mut one = {
                let read = reading.indicator(0, due, &office, input);
                reading.done(read)?
            };
            let given = match key {
                Some(key) => key,
                None => content.take_key(),
            };
            one.key = given;
            let owner = content.tasks.iter_mut().find(|one| one.key == task);
            place_indicator(owner.or_not_found("task")?, one, key.is_some())?;
            Self::refuse_piece(reference, draft, task, given)?;
            Ok(given)
        })
        .await
    }

    /// Takes an indicator out of a draft.
    ///
    /// # Errors
    /// As [`App::plan_task_put`].
    pub async fn plan_indicator_remove(
        &self,
        actor: &Actor,
        id: PlanId,
        edit: Option<i64>,
        key: u32,
    ) -> Result<(), AppError> {
        self.draft_change(actor, id, edit, "indicator_removed", async |_, _, draft| {
            let content = &mut draft.version.content;
            content.indicator(key).or_not_found("indicator")?;
            for task in &mut content.tasks {
                task.indicators.retain(|one| one.key != key);
            }
            Ok(())
        })
        .await
    }

    /// Says that a task of the plan above is not taken over, and why; an empty reason takes it back.
    ///
    /// # Errors
    /// As [`App::plan_task_put`].
    pub async fn plan_leave_out(
        &self,
        actor: &Actor,
        id: PlanId,
        edit: Option<i64>,
        task: u32,
        reason: &str,
    ) -> Result<(), AppError> {
        self.draft_change(actor, id, edit, "left_out", async |_, reference, draft| {
            let upper = draft.upper.as_ref();
            let known = upper.and_then(|upper| upper.task(task));
            known.or_not_found("task")?;
            let mut reading = Reading::new(reference);
            let reason = reading.text(reason, "reason", false, 500);
            let reason = reading.done(Some(reason))?;
            let content = &mut draft.version.content;
            content.left_out.retain(|one| one.task != task);
            if !reason.is_empty() {
                content.left_out.push(LeftOut { task, reason });
                content.left_out.sort_by_key(|one| one.task);
            }
            Ok(())
        })
        .await
    }
}

/// Puts an indicator where its key stands, keeping its parts, or at the end.
fn place_indicator(task: &mut Task, mut one: Indicator, is_old: bool) -> Result<(), AppError> {
    let many = task.indicators.len() >= MOST_INDICATORS;
    match task.indicators.iter_mut().find(|old| old.key == one.key) {
        Some(old) => {
            // Parts in another unit would mean something else.
            if old.unit == one.unit {
                one.shares = std::mem::take(&mut old.shares);
                one.steps = std::mem::take(&mut old.steps);
            }
            *old = one;
        }
        None if is_old => return Err(AppError::NotFound { what: "indicator" }),
        None if many => {
            return Err(AppError::state("plans.too_many_indicators"));
        }
        None => task.indicators.push(one),
    }
    Ok(())
}
