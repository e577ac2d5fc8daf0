//! Due dates after a calendar change: what they follow from is read again, and they move together.
//!
//! What a reader would get wrong: matters are not gone through. A due date stands beside what it
//! follows from, once for the many matters that share it, so a changed day costs as much as there are
//! limits and days, not matters. The calendar the stored dates stand under is kept until all have
//! followed; several servers may do this at once, and twice changes nothing.

use gangmu_domain::approvals::Course;
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::Action;
use gangmu_store::approvals::{self, DueMove, ItemRow, OpenPart, OpenRow};
use gangmu_store::{Tx, policies};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::load::{calendar_error, project_row, setup_of};
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
    kept: bool,
}

impl Sweep {
    /// Through all open matters, or only those whose due date names nothing it follows from.
    pub(super) const fn through(kept: bool) -> Self {
        Self {
            after: (ProjectId(i64::MIN), String::new()),
            kept,
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
    /// the reason, and returns how many open matters they are of. Running it twice is harmless.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor may load calendars.
    pub async fn approval_dues_move(&self, actor: &Actor, reason: &str) -> Result<usize, AppError> {
        actor.grant(Action::ManageReference)?;
        let reference = self.reference().await?;
        self.dues_adopt(&reference).await?;
        let Some(from) = self.changed_since(&reference).await? else {
            return Ok(0);
        };
        let mut moves = Vec::new();
        for was in approvals::due_list(&self.db, from).await? {
            let Some(basis) = &was.basis else { continue };
            let to = basis.due(&reference.calendar).map_err(calendar_error)?;
            if to != was.due {
                moves.push(DueMove { was, to });
            }
        }
        if moves.is_empty() {
            return Ok(0);
        }
        let tx = self.db.begin().await?;
        let ids = approvals::due_move_all(&tx, &moves, reason, self.now()).await?;
        let moved = approvals::due_count(&tx, &ids).await?;
        if moved > 0 {
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
        }
        tx.commit().await?;
        Ok(usize::try_from(moved).unwrap_or(0))
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

    /// From which due date on they have to be read again; none while no day has changed.
    async fn changed_since(&self, reference: &Reference) -> Result<Option<Date>, AppError> {
        let kept = policies::reference_get(&self.db, KEPT.0, KEPT.1).await?;
        let Some(text) = kept else { return Ok(None) };
        let was = parse_calendar(&text)?;
        let is = &reference.calendar;
        let first = was.changes_to(is).iter().map(|day| day.date).min();
        // Of a year that was not known nothing could be told: what is due in it has no due date yet.
        let grown = was.span() != is.span();
        let from = first.or_else(|| grown.then_some(was.span().1));
        Ok(from.map(|day| day.checked_sub(BEFORE.days()).unwrap_or(day)))
    }

    /// Reads from the acts what the due dates follow from that were kept from before that was known.
    pub(super) async fn dues_adopt(&self, reference: &Reference) -> Result<(), AppError> {
        let mut sweep = Sweep::through(true);
        while let Some(part) = self.sweep_on(&mut sweep, reference).await? {
            let fresh: Vec<&ItemRow> = part.iter().map(|(_, fresh)| fresh).collect();
            let tx = self.db.begin().await?;
            approvals::item_basis_put_all(&tx, &fresh).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Reads the next part of the open matters, each with what its acts say now; none at the end.
    pub(super) async fn sweep_on(
        &self,
        sweep: &mut Sweep,
        reference: &Reference,
    ) -> Result<Option<Vec<(ItemRow, ItemRow)>>, AppError> {
        let asked = OpenPart {
            after: (sweep.after.0, &sweep.after.1),
            kept: sweep.kept,
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
}
