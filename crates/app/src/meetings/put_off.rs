//! A meeting that is being prepared moves to another day, or is not held at all.

use gangmu_domain::library::ProjectId;
use gangmu_domain::meetings::MeetingState;
use gangmu_store::Tx;
use gangmu_store::liaison::{self, MadeAt, ResolutionFilter};
use gangmu_store::meetings as rows;
use jiff::civil::Date;
use serde_json::json;

use super::agenda::retitled;
use super::prepared;
use super::tell::Told;
use crate::change::audit;
use crate::error::{AppError, Message};
use crate::{Actor, App};

const MOST_REASON: usize = 200;

impl App {
    /// Moves a meeting that is being prepared to another day, today or later.
    ///
    /// # Errors
    /// [`AppError::Changed`] when somebody else changed it; [`AppError::Invalid`] for a day that is
    /// past; [`AppError::State`] once it was held or cancelled.
    pub async fn meeting_move(
        &self,
        actor: &Actor,
        meeting: i64,
        version: i64,
        on: Date,
    ) -> Result<(), AppError> {
        let tx = self.db.begin().await?;
        let mut row = prepared(&tx, actor, meeting).await?;
        if on < self.today() {
            return Err(AppError::invalid("meetings.refused.day_past", "moved_on"));
        }
        row.version = version;
        row.title = retitled(&row, on);
        row.on = on;
        if !rows::meeting_update(&tx, &row).await? {
            return Err(AppError::Changed { what: "meeting" });
        }
        let about = on_agenda(&tx, meeting).await?;
        self.meeting_told(&tx, actor, &row, Told::Moved, &about)
            .await?;
        let subject = format!("meeting:{meeting}");
        let detail = json!({ "on": on.to_string() }).to_string();
        audit(&tx, actor, self.now(), "meeting_move", &subject, &detail).await?;
        Ok(tx.commit().await?)
    }

    /// Cancels a meeting that is being prepared, for a reason; its series can prepare another.
    ///
    /// # Errors
    /// [`AppError::Changed`] when somebody else changed it; [`AppError::Invalid`] without a reason;
    /// [`AppError::State`] `meetings.refused.has_resolutions` when something was agreed already.
    pub async fn meeting_cancel(
        &self,
        actor: &Actor,
        meeting: i64,
        version: i64,
        reason: &str,
    ) -> Result<(), AppError> {
        let tx = self.db.begin().await?;
        let mut row = prepared(&tx, actor, meeting).await?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(AppError::invalid("field.missing", "why"));
        }
        if reason.chars().count() > MOST_REASON {
            let told = Message::new("field.too_long", "why", [MOST_REASON.to_string()]);
            return Err(AppError::Invalid {
                messages: vec![told],
            });
        }
        let agreed = ResolutionFilter {
            made_at: Some(vec![MadeAt::Meeting(meeting)]),
            limit: 1,
            ..ResolutionFilter::default()
        };
        if !liaison::resolution_list(&tx, &agreed).await?.is_empty() {
            return Err(AppError::state("meetings.refused.has_resolutions"));
        }
        row.version = version;
        row.state = MeetingState::Cancelled;
        row.summary = reason.to_owned();
        if !rows::meeting_update(&tx, &row).await? {
            return Err(AppError::Changed { what: "meeting" });
        }
        let about = on_agenda(&tx, meeting).await?;
        self.meeting_told(&tx, actor, &row, Told::Cancelled, &about)
            .await?;
        let subject = format!("meeting:{meeting}");
        let detail = json!({ "reason": reason }).to_string();
        audit(&tx, actor, self.now(), "meeting_cancel", &subject, &detail).await?;
        Ok(tx.commit().await?)
    }
}

/// The projects on an agenda, but for what was dropped.
async fn on_agenda(tx: &Tx, meeting: i64) -> Result<Vec<Option<ProjectId>>, AppError> {
    let agenda = rows::agenda_list(tx, meeting).await?;
    let kept = agenda.iter().filter(|one| !one.dropped);
    Ok(kept.map(|one| Some(one.item.project)).collect())
}
