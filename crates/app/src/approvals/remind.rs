//! Reminders before, at and after a due date, and the ladder they climb (催办阶梯).
//!
//! What a reader would get wrong: several servers may run this at once, and any of them may stop
//! half-way. Each step is claimed by a row in the transaction that sends its notice, so it fires
//! exactly once; a due date that moves starts a ladder of its own. What has come is asked of due dates,
//! which many matters share, and not of matters.

use std::collections::HashMap;
use std::sync::Arc;

use gangmu_calendar::{Calendar, WorkingDays};
use gangmu_domain::approvals::{Catalogue, DueFor};
use gangmu_domain::organisation::{Action, Role, Scope};
use gangmu_store::accounts::Notice;
use gangmu_store::approvals::{self, ReminderDue, ReminderStep};
use jiff::civil::Date;
use serde_json::json;

use super::load::calendar_error;
use crate::error::{AppError, OrNotFound};
use crate::{Actor, App, Reference};

/// Notices sent in one transaction.
const PART: i64 = 500;
/// Steps asked for at once.
const STEPS: usize = 200;

/// A step of a ladder that has come, and what its notice says of it.
struct Come {
    step: ReminderStep,
    what: DueFor,
    who: Role,
    catalogue: Arc<Catalogue>,
}

impl App {
    /// Sends the reminders that are due, each exactly once, and returns how many were sent.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor may chase.
    pub async fn approval_remind(&self, actor: &Actor) -> Result<usize, AppError> {
        let grant = actor.grant(Action::Chase)?;
        let reference = self.reference().await?;
        self.dues_adopt(&reference).await?;
        let come = self.steps_come(&reference).await?;
        let mut sent = 0;
        for part in come.chunks(STEPS) {
            loop {
                let n = self.remind(actor, &grant.scope, part).await?;
                sent += n.sent;
                if n.found < usize::try_from(PART).unwrap_or(usize::MAX) {
                    break;
                }
            }
        }
        Ok(sent)
    }

    /// Lists the steps that have come by today, for every due date open matters have.
    async fn steps_come(&self, reference: &Reference) -> Result<Vec<Come>, AppError> {
        let today = self.today();
        let mut ladders = Vec::new();
        for version in approvals::catalogue_list_running(&self.db).await? {
            ladders.push((version, self.catalogue(&self.db, version).await?));
        }
        let horizons = ladders
            .iter()
            .filter_map(|(_, catalogue)| horizon(&reference.calendar, catalogue, today));
        let Some(horizon) = horizons.max() else {
            return Ok(Vec::new());
        };
        let mut come = Vec::new();
        for row in approvals::due_list_open(&self.db, horizon).await? {
            let Some(basis) = &row.basis else { continue };
            // Silence may have accepted since, and then another day is next.
            let due = basis.on_day(today).due(&reference.calendar);
            let Some((due_on, what)) = due.map_err(calendar_error)? else {
                continue;
            };
            for (version, catalogue) in &ladders {
                for rung in &catalogue.service.rungs {
                    let day = fires_on(&reference.calendar, due_on, rung.after);
                    if day.is_none_or(|day| day > today) {
                        continue;
                    }
                    let step = ReminderStep {
                        due_id: row.id,
                        catalogue: *version,
                        due_on,
                        rung: rung.code.clone(),
                    };
                    come.push(Come {
                        step,
                        what,
                        who: rung.who,
                        catalogue: Arc::clone(catalogue),
                    });
                }
            }
        }
        Ok(come)
    }

    /// Claims what has not fired of some steps, as much as one transaction takes, and sends it.
    async fn remind(
        &self,
        actor: &Actor,
        scope: &Scope,
        come: &[Come],
    ) -> Result<Reminded, AppError> {
        let steps: Vec<ReminderStep> = come.iter().map(|one| one.step.clone()).collect();
        let due = approvals::reminder_due_list(&self.db, scope, &steps, PART).await?;
        let mut notices = HashMap::new();
        for one in &due {
            let notice = self.notice(actor, come, one)?;
            notices.insert(one.claim.clone(), notice);
        }
        let claims: Vec<_> = due.iter().map(|one| one.claim.clone()).collect();
        let tx = self.db.begin().await?;
        let claimed = approvals::reminder_claim(&tx, &claims, self.now()).await?;
        for notice in claimed.iter().filter_map(|claim| notices.get(claim)) {
            self.notify(&tx, notice).await?;
        }
        tx.commit().await?;
        Ok(Reminded {
            found: due.len(),
            sent: claimed.len(),
        })
    }

    /// The notice of a step, to the office that has the matter.
    fn notice(&self, actor: &Actor, come: &[Come], due: &ReminderDue) -> Result<Notice, AppError> {
        let one = come.get(due.step).or_not_found("matter")?;
        let matter = one
            .catalogue
            .matter(&due.claim.item)
            .or_not_found("matter")?;
        let body = json!({
            "due_on": due.claim.due_on.to_string(), "what": one.what.word(),
            "matter": due.claim.item, "name": matter.name, "rung": due.claim.rung,
            "who": one.who.word(), "department": due.department.0,
        });
        Ok(Notice {
            notice_id: 0,
            at: self.now(),
            from_user_id: actor.user.0,
            unit_path: due.unit.as_str().to_owned(),
            project_id: Some(due.claim.project.0),
            period: None,
            kind: "approval".to_owned(),
            body: body.to_string(),
        })
    }
}

/// What came of one part.
struct Reminded {
    /// Matters for which a step had come.
    found: usize,
    /// Notices sent: what another server claimed first is not sent.
    sent: usize,
}

/// The day after the last due date that any step can fire for today.
fn horizon(calendar: &Calendar, catalogue: &Catalogue, today: Date) -> Option<Date> {
    let ahead = catalogue
        .service
        .rungs
        .iter()
        .map(|rung| rung.after)
        .min()?;
    let days = WorkingDays(ahead.min(0).unsigned_abs());
    // Beyond the known years nothing is due that could be told.
    let last = calendar
        .add_working_days(today, days)
        .unwrap_or(calendar.span().1);
    last.tomorrow().ok()
}

/// The day a step of a ladder fires on: so many working days after the due date, negative before it.
pub(crate) fn fires_on(calendar: &Calendar, due: Date, after: i32) -> Option<Date> {
    match u32::try_from(after) {
        Ok(days) => calendar.add_working_days(due, WorkingDays(days)).ok(),
        Err(_) => {
            // The latest day from which so many working days lead to the due date.
            let days = after.unsigned_abs();
            let mut day = due;
            let mut left = days;
            while left > 0 {
                if calendar.is_working_day(day).ok()? {
                    left -= 1;
                }
                day = day.yesterday().ok()?;
            }
            Some(day)
        }
    }
}
