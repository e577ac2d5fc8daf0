//! What happens to matters without anybody acting: reminders, due dates after a calendar change,
//! and the proof that the copies for lists are what the acts say. And the rates (手续办结率).
//!
//! What a reader would get wrong: several servers may run these at once. A reminder is claimed by
//! a row before it is sent, and fitting a due date twice changes nothing.

use gangmu_calendar::{Calendar, WorkingDays};
use gangmu_domain::approvals::{Course, Rung};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::Action;
use gangmu_store::approvals::{self, ItemRow, MoveRow};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::load::{Loaded, project_row};
use crate::change::audit;
use crate::doctor::Fault;
use crate::error::AppError;
use crate::{Actor, App, Reference};

/// How far the cases of a scope are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RatesView {
    /// Projects with a case.
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

    /// Reads every due date again under today's calendar, notes those that moved with the reason,
    /// and returns how many did. Run it after a calendar was loaded; running it twice is harmless.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor may load calendars.
    pub async fn approval_dues_move(&self, actor: &Actor, reason: &str) -> Result<usize, AppError> {
        actor.grant(Action::ManageReference)?;
        let reference = self.reference().await?;
        let mut moved = 0;
        let mut after = (ProjectId(i64::MIN), String::new());
        loop {
            let part = approvals::items_open_after(&self.db, (after.0, &after.1), PART).await?;
            let Some(last) = part.last() else { break };
            after = (last.project, last.item.clone());
            moved += self.move_part(&reference, &part, reason).await?;
        }
        let tx = self.db.begin().await?;
        let detail = serde_json::json!({ "moved": moved, "reason": reason }).to_string();
        audit(
            &tx,
            actor,
            self.now(),
            "approval_dues_move",
            "calendar",
            &detail,
        )
        .await?;
        tx.commit().await?;
        Ok(moved)
    }

    async fn move_part(
        &self,
        reference: &Reference,
        part: &[ItemRow],
        reason: &str,
    ) -> Result<usize, AppError> {
        let keys: Vec<(ProjectId, &str)> = part
            .iter()
            .map(|row| (row.project, row.item.as_str()))
            .collect();
        let acts = approvals::event_list_of(&self.db, &keys).await?;
        let tx = self.db.begin().await?;
        let mut moved = 0;
        let mut case: Option<Loaded> = None;
        for row in part {
            if case
                .as_ref()
                .is_none_or(|one| one.case.project != row.project)
            {
                case = Some(self.load_head(row.project).await?);
            }
            let Some(loaded) = &case else { continue };
            let setup = loaded.setup(&loaded.catalogue, row)?;
            let events = acts.get(&(row.project, row.item.clone()));
            let course = Course::of(&setup, events.map_or(&[][..], |one| one));
            let mut fresh = row.clone();
            project_row(&mut fresh, &setup, &course, reference)?;
            if fresh.due == row.due {
                continue;
            }
            moved += 1;
            approvals::item_due_put(&tx, row.project, &row.item, fresh.due).await?;
            let noted = MoveRow {
                project: row.project,
                item: row.item.clone(),
                from: row.due.map(|(day, _)| day),
                to: fresh.due.map(|(day, _)| day),
                reason: reason.to_owned(),
                at: self.now(),
            };
            approvals::move_insert(&tx, &noted).await?;
        }
        tx.commit().await?;
        Ok(moved)
    }

    /// Reads a case without its matters and acts.
    async fn load_head(&self, project: ProjectId) -> Result<Loaded, AppError> {
        use crate::error::OrNotFound as _;
        let case = approvals::case_get(&self.db, project)
            .await?
            .or_not_found("case")?;
        Ok(Loaded {
            catalogue: self.catalogue(&self.db, case.catalogue).await?,
            items: Vec::new(),
            events: std::collections::BTreeMap::new(),
            case,
        })
    }

    /// Proves that the copies lists are ordered by are what the acts say.
    pub(crate) async fn check_approvals(&self) -> Result<Vec<Fault>, AppError> {
        let reference = self.reference().await?;
        let mut faults = Vec::new();
        let mut after = (ProjectId(i64::MIN), String::new());
        loop {
            let part = approvals::items_open_after(&self.db, (after.0, &after.1), PART).await?;
            let Some(last) = part.last() else { break };
            after = (last.project, last.item.clone());
            for row in &part {
                faults.extend(self.check_item(&reference, row).await?);
            }
        }
        Ok(faults)
    }

    async fn check_item(
        &self,
        reference: &Reference,
        row: &ItemRow,
    ) -> Result<Option<Fault>, AppError> {
        let loaded = self.load_head(row.project).await?;
        let setup = loaded.setup(&loaded.catalogue, row)?;
        let events = approvals::item_event_list(&self.db, row.project, &row.item).await?;
        let mut computed = row.clone();
        project_row(
            &mut computed,
            &setup,
            &Course::of(&setup, &events),
            reference,
        )?;
        let words =
            |row: &ItemRow| format!("{} {} {:?}", row.phase.word(), row.unit.as_str(), row.due);
        Ok((computed != *row).then(|| Fault {
            what: "matter",
            place: format!("{} {}", row.project, row.item),
            stored: words(row),
            computed: words(&computed),
        }))
    }
}

/// The day a step of the ladder fires on, so many working days from the due date.
pub(super) fn fires_on(calendar: &Calendar, due: Date, rung: &Rung) -> Option<Date> {
    match u32::try_from(rung.after) {
        Ok(days) => calendar.add_working_days(due, WorkingDays(days)).ok(),
        Err(_) => {
            // The latest day from which so many working days lead to the due date.
            let days = rung.after.unsigned_abs();
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
