//! Reminders before, at and after a due date, and the ladder they climb (催办阶梯).
//!
//! What a reader would get wrong: several servers may run this at once, and any of them may stop
//! half-way. Each step is claimed by a row in the transaction that sends its notice, so it fires
//! exactly once; a due date that moves starts a ladder of its own.

use std::collections::HashMap;

use gangmu_calendar::{Calendar, WorkingDays};
use gangmu_domain::approvals::Catalogue;
use gangmu_domain::organisation::{Action, UnitPath};
use gangmu_store::accounts::Notice;
use gangmu_store::approvals::{self, ReminderRow, WithActs, WorkFilter, WorkRow};
use jiff::civil::Date;
use serde_json::json;

use super::queue::ReadRow;
use crate::error::AppError;
use crate::{Actor, App, Reference};

const PART: i64 = 500;

impl App {
    /// Sends the reminders that are due, each exactly once, and returns how many were sent.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor may chase.
    pub async fn approval_remind(&self, actor: &Actor) -> Result<usize, AppError> {
        let grant = actor.grant(Action::Chase)?;
        let reference = self.reference().await?;
        let (catalogue, _) = self.current_catalogue().await?;
        let Some(horizon) = horizon(&reference.calendar, &catalogue, self.today()) else {
            return Ok(0);
        };
        let mut filter = WorkFilter {
            projects: Some(grant.scope),
            open: true,
            due_before: Some(horizon.to_string()),
            acts: WithActs::All,
            limit: PART,
            ..WorkFilter::default()
        };
        let mut sent = 0;
        loop {
            let rows = approvals::work_list(&self.db, &filter).await?;
            let read = self.read_rows(&reference, &rows).await?;
            sent += self.remind(actor, &reference, &read).await?;
            if rows.len() < usize::try_from(PART).unwrap_or(usize::MAX) {
                return Ok(sent);
            }
            filter.offset += PART;
        }
    }

    /// Claims what fires today of some matters, and sends what was claimed.
    async fn remind(
        &self,
        actor: &Actor,
        reference: &Reference,
        read: &[ReadRow<'_>],
    ) -> Result<usize, AppError> {
        let today = self.today();
        let (mut claims, mut notices) = (Vec::new(), HashMap::new());
        for one in read {
            let Some((due, what)) = one.read.reading.due else {
                continue;
            };
            let row = one.row;
            let catalogue = self.catalogue(&self.db, row.catalogue).await?;
            for rung in &catalogue.service.rungs {
                if fires_on(&reference.calendar, due, rung.after).is_none_or(|day| day > today) {
                    continue;
                }
                let claim = ReminderRow {
                    project: row.item.project,
                    item: row.item.item.clone(),
                    due_on: due,
                    rung: rung.code.clone(),
                };
                let body = json!({
                    "due_on": due.to_string(), "what": what.word(), "matter": row.item.item,
                    "name": one.read.name, "rung": rung.code, "who": rung.who.word(),
                    "department": row.item.department.0,
                });
                notices.insert(claim.clone(), self.notice(actor, row, &body));
                claims.push(claim);
            }
        }
        let tx = self.db.begin().await?;
        let claimed = approvals::reminder_claim(&tx, &claims, self.now()).await?;
        let due: Vec<Notice> = claimed
            .iter()
            .filter_map(|claim| notices.remove(claim))
            .collect();
        for notice in &due {
            self.notify(&tx, notice).await?;
        }
        tx.commit().await?;
        Ok(due.len())
    }

    fn notice(&self, actor: &Actor, row: &WorkRow, body: &serde_json::Value) -> Notice {
        Notice {
            notice_id: 0,
            at: self.now(),
            from_user_id: actor.user.0,
            unit_path: office(row).as_str().to_owned(),
            project_id: Some(row.item.project.0),
            period: None,
            kind: "approval".to_owned(),
            body: body.to_string(),
        }
    }
}

/// A reminder goes to the office that has the matter.
fn office(row: &WorkRow) -> &UnitPath {
    &row.item.unit
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
