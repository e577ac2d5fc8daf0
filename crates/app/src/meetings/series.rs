//! Series of meetings: how often, whose; ending one.

use gangmu_domain::meetings::{Rhythm, SeriesAbout};
use gangmu_domain::organisation::{DepartmentId, UnitPath};
use gangmu_store::accounts;
use gangmu_store::meetings::{self as rows, SeriesRow};
use jiff::civil::Date;
use serde_json::json;

use super::{holds, sees};
use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};
use crate::{Actor, App, Reference};

const MOST_TITLE: usize = 60;

/// A series as it is asked for.
#[derive(Clone, Debug)]
pub struct SeriesInput {
    /// What it is called.
    pub title: String,
    /// Whose meeting it is: a unit's code.
    pub unit: String,
    /// Which of the projects there and below it is about: `department:` with a code, `chain:` with a
    /// code, `holder:` with a person's number; all when empty.
    pub about: String,
    /// How often it meets.
    pub rhythm: Rhythm,
    /// The day of the first meeting; today when absent.
    pub first: Option<Date>,
}

impl App {
    /// Adds a series of meetings and returns its number.
    ///
    /// # Errors
    /// [`AppError::Refused`] for a unit beyond the actor's; [`AppError::Invalid`] with what is wrong.
    pub async fn series_add(&self, actor: &Actor, input: &SeriesInput) -> Result<i64, AppError> {
        let reference = self.reference().await?;
        let unit = reference
            .unit_by_code(&input.unit)
            .ok_or_else(|| AppError::invalid("field.unknown_unit", "unit"))?;
        holds(actor, &unit.path)?;
        let mut messages = Vec::new();
        if input.title.trim().is_empty() {
            messages.push(Message::new("field.missing", "title", []));
        }
        if input.title.chars().count() > MOST_TITLE {
            let most = [MOST_TITLE.to_string()];
            messages.push(Message::new("field.too_long", "title", most));
        }
        if input.first.is_some_and(|first| first < self.today()) {
            messages.push(Message::new("meetings.refused.in_past", "first", []));
        }
        let about = self
            .series_about(&reference, &unit.path, &input.about)
            .await?;
        let Some(about) = about.filter(|_| messages.is_empty()) else {
            if messages.is_empty() {
                messages.push(Message::new("meetings.unknown_about", "about", []));
            }
            return Err(AppError::Invalid { messages });
        };
        let row = SeriesRow {
            id: 0,
            version: 1,
            title: input.title.trim().to_owned(),
            unit: unit.path.clone(),
            about,
            rhythm: input.rhythm,
            next_on: input.first.unwrap_or(self.today()),
            ended: false,
        };
        let tx = self.db.begin().await?;
        let id = rows::series_insert(&tx, &row).await?;
        let subject = format!("meeting_series:{id}");
        let about = row.about.to_text();
        let detail = json!({ "rhythm": row.rhythm.word(), "about": about }).to_string();
        audit(&tx, actor, self.now(), "series_add", &subject, &detail).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Reads what a series is narrowed to; `None` when there is no such thing.
    async fn series_about(
        &self,
        reference: &Reference,
        of: &UnitPath,
        text: &str,
    ) -> Result<Option<SeriesAbout>, AppError> {
        let text = text.trim();
        if let Some(code) = text.strip_prefix("department:") {
            let found = reference.departments.iter().find(|one| one.code == code);
            let id = found.map(|one| DepartmentId(one.department_id));
            return Ok(id.map(SeriesAbout::Department));
        }
        let Some(about) = SeriesAbout::from_text(text) else {
            return Ok(None);
        };
        let known = match &about {
            SeriesAbout::Whole | SeriesAbout::Department(_) => true,
            SeriesAbout::Chain(code) => reference.chain(code).is_some(),
            // Somebody of the unit, of one below or of one above: nobody else answers for its projects.
            SeriesAbout::Holder(user) => {
                let posts = accounts::post_list(&self.db, Some(*user)).await?;
                let near = |unit: &UnitPath| of.contains(unit) || unit.contains(of);
                posts.iter().any(|post| near(&post.unit))
            }
        };
        Ok(known.then_some(about))
    }

    /// Ends a series: no further meeting is prepared.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Refused`].
    pub async fn series_end(&self, actor: &Actor, id: i64) -> Result<(), AppError> {
        let tx = self.db.begin().await?;
        let mut row = rows::series_lock(&tx, id).await?.or_not_found("series")?;
        if !sees(actor, &row.unit) {
            return Err(AppError::NotFound { what: "series" });
        }
        holds(actor, &row.unit)?;
        row.ended = true;
        rows::series_update(&tx, &row).await?;
        let subject = format!("meeting_series:{id}");
        audit(&tx, actor, self.now(), "series_end", &subject, "{}").await?;
        Ok(tx.commit().await?)
    }
}
