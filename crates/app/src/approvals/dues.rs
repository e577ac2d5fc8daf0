//! Due dates after a calendar change: read again from the acts, moved together, each with the reason.
//!
//! What a reader would get wrong: a due date hangs only on the days between its start and itself, so
//! a changed day moves nothing that is due before it. The calendar the stored dates stand under is
//! kept until all have followed; several servers may do this at once, and twice changes nothing.

use std::sync::Arc;

use gangmu_domain::approvals::Course;
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::Action;
use gangmu_store::approvals::{self, ItemRow, MoveRow, OpenPart, OpenRow};
use gangmu_store::{Tx, policies};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::load::{project_row, setup_of};
use crate::change::audit;
use crate::error::AppError;
use crate::reference::parse_calendar;
use crate::{Actor, App, Reference};

/// Open matters read and written at once.
const PART: i64 = 5_000;
/// What is due so many days before a changed day may still hang on it: whether silence has accepted
/// is asked some days after a short limit has ended.
const BEFORE: i64 = 31;
/// The text of the calendar that stored due dates stand under, while they have not all followed.
const KEPT: (&str, &str) = ("calendar", "dues");

/// How far open matters have been gone through.
pub(super) struct Sweep {
    after: (ProjectId, String),
    due_from: Option<Date>,
}

impl Default for Sweep {
    fn default() -> Self {
        Self {
            after: (ProjectId(i64::MIN), String::new()),
            due_from: None,
        }
    }
}

impl Sweep {
    /// Only what a changed day can move: what is due from about that day on, or has no due date yet.
    fn from(day: Date) -> Self {
        Self {
            due_from: Some(day.checked_sub(BEFORE.days()).unwrap_or(day)),
            ..Self::default()
        }
    }
}

impl App {
    /// Keeps the calendar that due dates stand under, before another takes its place.
    pub(crate) async fn keep_calendar(&self, tx: &Tx) -> Result<(), AppError> {
        if policies::reference_get(tx, KEPT.0, KEPT.1).await?.is_none() {
            let text = self.reference_text("calendar", "cn").await?;
            policies::reference_put(tx, KEPT.0, KEPT.1, &text, self.now()).await?;
        }
        Ok(())
    }

    /// Reads the due dates again that a changed calendar can have moved, notes those that moved with
    /// the reason, and returns how many did. Running it twice is harmless.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor may load calendars.
    pub async fn approval_dues_move(&self, actor: &Actor, reason: &str) -> Result<usize, AppError> {
        actor.grant(Action::ManageReference)?;
        let reference = self.reference().await?;
        let Some(mut sweep) = self.changed_since(&reference).await? else {
            return Ok(0);
        };
        let mut moved = 0;
        // While one part is written the next is read, beside it and not in turn with it.
        let mut part = self.sweep_on(&mut sweep, &reference).await?;
        while let Some(read) = part {
            let (app, under) = (self.clone(), Arc::clone(&reference));
            let ahead = tokio::spawn(async move {
                let next = app.sweep_on(&mut sweep, &under).await;
                (next, sweep)
            });
            let written = self.move_part(&read, reason).await;
            let (next, left) = ahead.await.map_err(|_| AppError::state("internal"))?;
            moved += written?;
            (part, sweep) = (next?, left);
        }
        if moved > 0 {
            let tx = self.db.begin().await?;
            let detail = serde_json::json!({ "moved": moved, "reason": reason }).to_string();
            let now = self.now();
            audit(&tx, actor, now, "approval_dues_move", "calendar", &detail).await?;
            tx.commit().await?;
        }
        Ok(moved)
    }

    /// Moves due dates as the round of the day: when all have followed, the calendar they stand
    /// under is today's. What was entered meanwhile by a server that had not heard of the new one is
    /// caught by this last time.
    pub(crate) async fn approval_dues_follow(
        &self,
        actor: &Actor,
        reason: &str,
    ) -> Result<usize, AppError> {
        let moved = self.approval_dues_move(actor, reason).await?;
        let text = self.reference_text("calendar", "cn").await?;
        let tx = self.db.begin().await?;
        policies::reference_put(&tx, KEPT.0, KEPT.1, &text, self.now()).await?;
        tx.commit().await?;
        Ok(moved)
    }

    /// What has to be gone through; nothing while no day has changed.
    async fn changed_since(&self, reference: &Reference) -> Result<Option<Sweep>, AppError> {
        let kept = policies::reference_get(&self.db, KEPT.0, KEPT.1).await?;
        let Some(text) = kept else { return Ok(None) };
        let was = parse_calendar(&text)?;
        let is = &reference.calendar;
        let first = was.changes_to(is).iter().map(|day| day.date).min();
        // Of a year that was not known nothing could be told: what is due in it has no due date yet.
        let grown = was.span() != is.span();
        let from = first.or_else(|| grown.then_some(was.span().1));
        Ok(from.map(Sweep::from))
    }

    /// Reads the next part of the open matters, each with what its acts say now; none at the end.
    pub(super) async fn sweep_on(
        &self,
        sweep: &mut Sweep,
        reference: &Reference,
    ) -> Result<Option<Vec<(ItemRow, ItemRow)>>, AppError> {
        let asked = OpenPart {
            after: (sweep.after.0, &sweep.after.1),
            due_from: sweep.due_from,
            limit: PART,
        };
        let part = approvals::open_list_after(&self.db, asked).await?;
        let Some(last) = part.last() else {
            return Ok(None);
        };
        sweep.after = (last.item.project, last.item.item.clone());
        let mut read = Vec::with_capacity(part.len());
        for OpenRow {
            item,
            catalogue,
            planned_start,
            acts,
        } in part
        {
            let catalogue = self.catalogue(&self.db, catalogue).await?;
            let setup = setup_of(&catalogue, &item, planned_start)?;
            let course = Course::of(&setup, &acts);
            let mut fresh = item.clone();
            project_row(&mut fresh, &setup, &course, reference)?;
            read.push((item, fresh));
        }
        Ok(Some(read))
    }

    async fn move_part(
        &self,
        part: &[(ItemRow, ItemRow)],
        reason: &str,
    ) -> Result<usize, AppError> {
        let differs = part.iter().filter(|(row, fresh)| row.due != fresh.due);
        let differs: Vec<&(ItemRow, ItemRow)> = differs.collect();
        if differs.is_empty() {
            return Ok(0);
        }
        let tx = self.db.begin().await?;
        let fresh: Vec<&ItemRow> = differs.iter().map(|(_, fresh)| fresh).collect();
        let moved = approvals::item_due_put_all(&tx, &fresh).await?;
        let moved: std::collections::HashSet<(ProjectId, String)> = moved.into_iter().collect();
        let still = |row: &ItemRow| moved.contains(&(row.project, row.item.clone()));
        let noted: Vec<MoveRow> = differs
            .iter()
            .filter(|(row, _)| still(row))
            .map(|(row, fresh)| MoveRow {
                project: row.project,
                item: row.item.clone(),
                from: row.due.map(|(day, _)| day),
                to: fresh.due.map(|(day, _)| day),
                reason: reason.to_owned(),
                at: self.now(),
            })
            .collect();
        approvals::move_insert_all(&tx, &noted).await?;
        tx.commit().await?;
        Ok(noted.len())
    }
}
