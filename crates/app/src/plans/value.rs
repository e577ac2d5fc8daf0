//! Values that are handed in for reported indicators, each with what proves it: words, files, or both.
//!
//! What a reader would get wrong: a value is added, never changed; a later one of the same day
//! stands in its place, and both stay on record.

use bytes::Bytes;
use gangmu_domain::organisation::Action;
use gangmu_domain::plans::{PlanId, PlanState, Source};
use gangmu_store::StoreError;
use gangmu_store::plans::{self, EvidenceRow, ValueRow};
use jiff::civil::Date;
use serde_json::json;

use super::draft::lock;
use super::input::Reading;
use super::may_write;
use crate::actor::refused;
use crate::error::{AppError, Message, OrNotFound};
use crate::library::Upload;
use crate::{Actor, App};

/// A value as a person hands it in.
#[derive(Clone, Debug, Default)]
pub struct ValueInput {
    /// The day it was true; today when absent.
    pub on: Option<Date>,
    /// The value in the indicator's unit.
    pub value: String,
    /// What proves it: a document, a table, where it was published. Needed where no file is.
    pub evidence: String,
    /// Files that prove it.
    pub files: Vec<Upload>,
}

/// The most files of one value.
const MOST_FILES: usize = 4;

impl App {
    /// Hands a value in for a reported indicator of a plan in force; returns its number.
    ///
    /// # Errors
    /// [`AppError::State`] `plans.not_reported` for an indicator that is computed: its value is
    /// never typed; [`AppError::Invalid`] with what is wrong with the form.
    pub async fn plan_value_put(
        &self,
        actor: &Actor,
        id: PlanId,
        indicator: u32,
        input: ValueInput,
    ) -> Result<i64, AppError> {
        let reference = self.reference().await?;
        self.may_hand_in(actor, id).await?;
        if input.files.len() > MOST_FILES {
            return Err(AppError::Invalid {
                messages: vec![Message::new(
                    "plans.too_many_files",
                    "file",
                    [MOST_FILES.to_string()],
                )],
            });
        }
        let mut files = Vec::with_capacity(input.files.len());
        for upload in input.files {
            let kept = self.attachment_prepare(actor, upload).await?;
            files.push(EvidenceRow {
                seq: 0,
                file_name: kept.file_name,
                sha256: kept.sha256,
                media_type: kept.media_type,
                size: kept.size,
            });
        }
        let tx = self.db.begin().await?;
        let plan = lock(&tx, actor, id, None).await?;
        if plan.state != PlanState::Adopted {
            return Err(AppError::state("plans.not_in_force"));
        }
        let version = plans::plan_version_get(&tx, id, plan.version).await?;
        let content = version.or_not_found("plan")?.content;
        let (_, one) = content.indicator(indicator).or_not_found("indicator")?;
        if one.source != Source::Reported {
            return Err(AppError::state("plans.not_reported"));
        }
        let on = input.on.unwrap_or(self.today());
        let mut reading = Reading::new(&reference);
        if on > self.today() {
            reading.told("plans.value_later", "on", &[]);
        }
        let evidence = reading.text(&input.evidence, "evidence", files.is_empty(), 500);
        let quantity = reading.quantity(&one.unit, &input.value, "value");
        let value = reading.done(quantity.map(|quantity| ValueRow {
            seq: 0,
            on,
            quantity,
            evidence,
            files,
            user: actor.user,
            at: self.now(),
        }))?;
        let seq = match plans::plan_value_insert(&tx, id, indicator, &value).await {
            Err(StoreError::Exists { .. }) => return Err(AppError::Changed { what: "plan" }),
            other => other?,
        };
        let detail = json!({
            "indicator": indicator,
            "on": on.to_string(),
            "files": value.files.len(),
        });
        self.plan_audit(&tx, actor, "plan_value", id, detail)
            .await?;
        tx.commit().await?;
        Ok(seq)
    }

    /// Sees that somebody may hand values in before files of theirs are kept.
    async fn may_hand_in(&self, actor: &Actor, id: PlanId) -> Result<(), AppError> {
        let plan = self.plan_seen(actor, id).await?;
        match may_write(actor, &plan.office) {
            true => Ok(()),
            false => Err(refused(Action::ManagePlan)),
        }
    }

    /// Reads a file that proves a value, for whoever may read the plan.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or the plan may not be seen.
    pub async fn plan_evidence_read(
        &self,
        actor: &Actor,
        id: PlanId,
        (indicator, value, file): (u32, i64, i64),
    ) -> Result<(EvidenceRow, Bytes), AppError> {
        self.plan_seen(actor, id).await?;
        let mut values = plans::plan_value_list(&self.db, id).await?;
        let values = values.remove(&indicator).unwrap_or_default();
        let value = values.into_iter().find(|one| one.seq == value);
        let mut files = value.or_not_found("value")?.files.into_iter();
        let row = files.find(|one| one.seq == file).or_not_found("evidence")?;
        let bytes = self.file_get(&row.sha256).await?;
        Ok((row, bytes))
    }
}
